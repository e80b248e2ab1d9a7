package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

func faultOf(op stytch.Operation, status int) sandbox.Fault {
	return sandbox.Fault{Operation: op.String(), Kind: sandbox.FaultStatus, Status: status}
}

// TestErrorsOfRequests: what is wrong with a request goes back to the client once its address is known to be its own, with the state; what
// is wrong with the client or the address is told to the person alone.
func TestErrorsOfRequests(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	in := f.signIn(ada, "support-desk")
	for _, one := range []struct {
		name    string
		change  func(url.Values)
		error   string // "" for a page of our own
		heading string
	}{
		{"client missing", func(q url.Values) { q.Del("client_id") }, "", "This request cannot be read"},
		{"client empty", func(q url.Values) { q.Set("client_id", "") }, "", "This request cannot be read"},
		{"client twice", func(q url.Values) { q.Add("client_id", q.Get("client_id")) }, "", "This request cannot be read"},
		{"client unknown", func(q url.Values) { q.Set("client_id", missingClient) }, "", "This app is not known here"},
		{"client no id", func(q url.Values) { q.Set("client_id", "../organizations") }, "", "This app is not known here"},
		{"client of a machine", func(q url.Values) { q.Set("client_id", "legacy-sync") }, "", "This app is not known here"},
		{"address missing", func(q url.Values) { q.Del("redirect_uri") }, "", "This request cannot be read"},
		{"address twice", func(q url.Values) { q.Add("redirect_uri", q.Get("redirect_uri")) }, "", "This request cannot be read"},
		{"address of another", func(q url.Values) { q.Set("redirect_uri", "https://warehouse.example/callback") }, "", "The answer would go to an address that is not this app’s"},
		{"type", func(q url.Values) { q.Set("response_type", "token") }, "unsupported_response_type", ""},
		{"type, both", func(q url.Values) { q.Set("response_type", "code id_token") }, "unsupported_response_type", ""},
		{"type twice", func(q url.Values) { q.Add("response_type", "code") }, "invalid_request", ""},
		{"mode", func(q url.Values) { q.Set("response_mode", "form_post") }, "invalid_request", ""},
		{"mode fragment", func(q url.Values) { q.Set("response_mode", "fragment") }, "invalid_request", ""},
		{"request object", func(q url.Values) { q.Set("request", "e30.e30.") }, "request_not_supported", ""},
		{"request address", func(q url.Values) { q.Set("request_uri", "https://ledgerly.example/r") }, "request_uri_not_supported", ""},
		{"scope twice", func(q url.Values) { q.Add("scope", "openid") }, "invalid_request", ""},
		{"scope with a quote", func(q url.Values) { q.Set("scope", `openid "x`) }, "invalid_scope", ""},
		{"scope with letters", func(q url.Values) { q.Set("scope", "openid é") }, "invalid_scope", ""},
		{"nonce twice", func(q url.Values) { q.Add("nonce", "x") }, "invalid_request", ""},
		{"prompt twice", func(q url.Values) { q["prompt"] = []string{"login", "consent"} }, "invalid_request", ""},
		{"prompt none and more", func(q url.Values) { q.Set("prompt", "none consent") }, "invalid_request", ""},
		{"prompt login and none", func(q url.Values) { q.Set("prompt", "login none") }, "invalid_request", ""},
		{"age", func(q url.Values) { q.Set("max_age", "-1") }, "invalid_request", ""},
		{"age in words", func(q url.Values) { q.Set("max_age", "an hour") }, "invalid_request", ""},
		{"challenge plain", func(q url.Values) { q.Set("code_challenge_method", "plain") }, "invalid_request", ""},
		{"challenge without method", func(q url.Values) { q.Del("code_challenge_method") }, "invalid_request", ""},
		{"method without challenge", func(q url.Values) { q.Del("code_challenge") }, "invalid_request", ""},
		{"challenge short", func(q url.Values) { q.Set("code_challenge", "short") }, "invalid_request", ""},
		{"challenge twice", func(q url.Values) { q.Add("code_challenge", goodChallenge) }, "invalid_request", ""},
		{"resource relative", func(q url.Values) { q.Set("resource", "/v1") }, "invalid_target", ""},
		{"resource with fragment", func(q url.Values) { q.Set("resource", "https://api.example/#x") }, "invalid_target", ""},
		{"control characters", func(q url.Values) { q.Set("nonce", "a\nb") }, "invalid_request", ""},
		{"no text", func(q url.Values) { q.Set("scope", "\xff") }, "invalid_request", ""},
	} {
		for name, b := range map[string]*browser{"signed out": f.browser(), "signed in": in.clone()} {
			q := request(clientLedgerly)
			one.change(q)
			a := b.get(paths.Authorize + "?" + q.Encode()).want(map[bool]int{true: 200, false: 400}[one.error != ""])
			if one.error != "" {
				a.tellsError(clientLedgerly, one.error)
				continue
			}
			if a.h1() != one.heading || a.goesTo() != "" {
				t.Errorf("%s, %s: %q, goes to %q", one.name, name, a.h1(), a.goesTo())
			}
		}
	}
	for _, path := range []string{paths.Authorize + "?%zz", paths.Authorize + "?a=1;b=2&" + request(clientLedgerly).Encode()} {
		in.get(path).want(http.StatusBadRequest)
	}
	// A state that is there twice is nobody's, and unknown parameters are ignored.
	q := request(clientLedgerly)
	q.Add("state", "second")
	if told := in.get(paths.Authorize + "?" + q.Encode()).tells(redirectOf[clientLedgerly]); told.Get("error") != "invalid_request" || told.Has("state") {
		t.Errorf("two states: the client is told %v", told)
	}
	q = request(clientLedgerly, "audience", "x", "login_hint", "<b>", "id_token_hint", "y", "claims", "{}")
	q.Add("audience", "z")
	in.get(paths.Authorize + "?" + q.Encode()).want(http.StatusOK).formTo(paths.Authorize)
	// Without a scope it is the three of OpenID Connect; without a type it is a code.
	in.get(asks(clientLedgerly, "scope", "", "response_type", "")).want(http.StatusOK).says("See your name and picture").says("See your e-mail address")
	if n := len(f.decisions()); n != 0 {
		t.Errorf("%d decisions", n)
	}
}

// TestPKCE: a public client without a challenge gets no code, and neither does one that would show its verifier.
func TestPKCE(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	for _, client := range []string{clientMobile, clientNotebook, clientNotes} {
		b.get(asks(client, "code_challenge", "", "code_challenge_method", "")).tellsError(client, "invalid_request")
		b.get(asks(client, "code_challenge_method", "plain")).tellsError(client, "invalid_request")
		b.get(asks(client)).want(http.StatusOK).formTo(paths.Authorize)
	}
	b.get(asks(clientWarehouse, "code_challenge", "", "code_challenge_method", "")).tellsCode(clientWarehouse)
}

// TestIssuer: who answers is said where the operator says it, and then exactly that.
func TestIssuer(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	address := asks(clientLedgerly, "prompt", "none")
	if q := f.browser().get(address).tells(redirectOf[clientLedgerly]); q.Has("iss") {
		t.Errorf("told %v", q)
	}
	const issuer = "https://stytch.com/project-test-1/?a=b&c"
	f.consoleWith(func(o *handlers.Options) { o.Issuer = issuer })
	b := f.signIn(ada, "support-desk")
	_, form := b.question(asks(clientLedgerly))
	for _, a := range []*answer{f.browser().get(address), b.get(address), b.get(asks(clientLedgerly, "response_type", "x")), b.deny(asks(clientLedgerly), form)} {
		if q := a.tells(redirectOf[clientLedgerly]); len(q["iss"]) != 1 || q.Get("iss") != issuer || len(q["error"]) != 1 {
			t.Errorf("told %v", q)
		}
	}
}

// TestConsentClientIsReadSeldom: once a minute for each client, also one that does not exist; and so many for each address.
func TestConsentClientIsReadSeldom(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	reads := func() int { return f.called(stytch.ConsentClientGet) }
	for _, id := range []string{seedClients()[clientLedgerly], missingClient} {
		before := reads()
		for range 20 {
			f.browser().get(asks(clientLedgerly, "client_id", id))
		}
		if n := reads() - before; n != 1 {
			t.Errorf("%s: %d reads of the same minute", id, n)
		}
		f.ahead.Add(int64(61 * time.Second))
		if f.browser().get(asks(clientLedgerly, "client_id", id)); reads()-before != 2 {
			t.Errorf("%s: %d reads in two minutes", id, reads()-before)
		}
	}
	for _, id := range []string{"x", "..", "connected-app-test-", agentAddress, strings.Repeat("a", 500)} {
		before := reads()
		if f.browser().get(asks(clientLedgerly, "client_id", id)); reads() != before {
			t.Errorf("%.40s: is read", id)
		}
	}
	b, before := f.browser(), reads()
	last := 0
	for i := range 200 {
		id := missingClient[:len(missingClient)-3] + string(rune('a'+i%6)) + string(rune('0'+i/6%10)) + string(rune('0'+i/60))
		last = b.get(asks(clientLedgerly, "client_id", id)).status
	}
	if n := reads() - before; n != 120 || last != http.StatusTooManyRequests {
		t.Errorf("%d clients were read for one address, and then status %d", n, last)
	}
	t.Logf("%d reads for one address of 200 asked", reads()-before)
}

// TestMetadataClients are named by their own address: it is the upstream that knows them, for people who are signed in.
func TestMetadataClients(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	address := func(pairs ...string) string {
		return asks(clientAgent, append([]string{"client_id", agentAddress}, pairs...)...)
	}
	f.browser().get(address("prompt", "none")).want(http.StatusBadRequest)
	b := f.browser()
	b.get(address()).leads(paths.Login)
	b.proves(ada).leads(address())
	page, form := b.question(address())
	page.says("It describes itself at agent.example")
	b.allow(address(), form).tellsCode(clientAgent)
	if sent := f.decisions(); len(sent) != 1 || sent[0]["client_id"] != agentAddress {
		t.Errorf("sent %v", sent)
	}
	b.get(address("prompt", "none")).tellsError(clientAgent, "consent_required")
	b.get(address("code_challenge", "", "code_challenge_method", "")).tellsError(clientAgent, "invalid_request")
	b.get(address("redirect_uri", "https://evil.example/")).want(http.StatusBadRequest)
}

// TestSwitching: a member of several organizations answers as the one that the page names, and another account comes back to the request.
func TestSwitching(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	w := &visitor{b: b}
	address := asks(clientLedgerly)
	w.open(address).says("Support").click("Switch").want(http.StatusOK)
	if held := w.doc().Find("main ul li").First().Text(); !strings.Contains(held, "Now") {
		t.Errorf("the first one is %q", held)
	}
	w.press("Enter Acme Corporation first")
	w.want(http.StatusOK).says("Acme Corporation")
	acme := f.organization("acme")
	if w.at != paths.Authorization(paths.Authorize, strings.TrimPrefix(address, paths.Authorize+"?"), acme) {
		t.Errorf("led to %s", w.at)
	}
	w.press("Allow")
	w.tellsCode(clientLedgerly)
	if made := f.calledIn(stytch.Authorize); !slices.Equal(made, []string{acme}) {
		t.Errorf("decided in %v", made)
	}
	w.open(address).click("Switch").press("Use another account")
	if w.at != paths.LoginNotice("account") || b.person() != nil {
		t.Fatalf("at %s, signed in %t", w.at, b.person() != nil)
	}
	b.proves(sam).leads(address)
	b.get(address).want(http.StatusOK).says(sam)
}

// calledIn are the organizations whose sessions an operation was called with, in order.
func (f *fixture) calledIn(op stytch.Operation) []string {
	var in []string
	for _, r := range f.sandbox.Requests() {
		if r.Operation == op.String() {
			in = append(in, r.OrganizationID)
		}
	}
	return in
}
