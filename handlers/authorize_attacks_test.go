package handlers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// fullRequest is a request with every parameter that is carried on.
func fullRequest() url.Values {
	return request(clientLedgerly, "resource", "https://api.example/v1", "prompt", "consent")
}

// tampers are other values of each parameter: what somebody might like to be decided in place of what was shown.
func tampers(f *fixture) map[string][]string {
	return map[string][]string{
		"client_id":             {seedClients()[clientWarehouse], seedClients()["L\u0435dg\u0435rly"], agentAddress},
		"redirect_uri":          {"https://evil.example/callback", "https://warehouse.example/callback", "http://127.0.0.1/callback", "https://ledgerly.example/callback?x=1"},
		"scope":                 {"openid email offline_access", "openid", "full_access", "email openid", ""},
		"state":                 {"another", ""},
		"nonce":                 {"another", ""},
		"code_challenge":        {strings.Repeat("A", 43), ""},
		"code_challenge_method": {"plain", ""},
		"resource":              {"https://evil.example/", ""},
		"prompt":                {"none", "login", ""},
		"organization":          {f.organization("acme"), missingOrganization},
		"max_age":               {"0", "10000"},
		"unknown":               {"x"},
	}
}

// TestTamperedRequestsDecideNothing sends the decision of one question with every parameter of the address changed, one at a time and in
// pairs, and with fields in the form for each of them: the upstream gets exactly what was shown, or nothing.
func TestTamperedRequestsDecideNothing(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk").enter("acme")
	given := fullRequest()
	address := paths.Authorize + "?" + given.Encode()
	_, form := b.question(address)
	changes := tampers(f.fixture)
	names := slices.Sorted(maps.Keys(changes))
	one, two := 0, 0
	try := func(q url.Values) {
		t.Helper()
		if q.Encode() == given.Encode() {
			return
		}
		for _, decision := range []string{views.DecisionAllow, views.DecisionDeny} {
			a := b.post(paths.Authorize+"?"+q.Encode(), says(form, decision))
			if a.status < 400 || a.goesTo() != "" {
				t.Errorf("%s of %v: status %d, goes to %q", decision, q, a.status, a.goesTo())
			}
		}
	}
	change := func(q url.Values, name, value string) url.Values {
		out := maps.Clone(q)
		if out.Set(name, value); value == "" {
			out.Del(name)
		}
		return out
	}
	for i, first := range names {
		for _, value := range changes[first] {
			changed := change(given, first, value)
			try(changed)
			one++
			for _, second := range names[i+1:] {
				try(change(changed, second, changes[second][0]))
				two++
			}
		}
		// The same parameter twice, the true one first and last.
		if given.Has(first) {
			for _, both := range [][]string{{given.Get(first), changes[first][0]}, {changes[first][0], given.Get(first)}} {
				twice := maps.Clone(given)
				twice[first] = both
				try(twice)
				one++
			}
		}
	}
	// What is the same to a parser is not the same bytes.
	for _, q := range []string{address + "&", address + "&organization=&x", strings.Replace(address, "scope", "%73cope", 1)} {
		if a := b.allow(q, form); a.status < 400 {
			t.Errorf("%s: status %d", q, a.status)
		}
		one++
	}
	if n := len(f.decisions()); n != 0 {
		t.Errorf("%d decisions were sent: %v", n, f.decisions())
	}
	// The fields of the form count for nothing.
	fields := says(form, views.DecisionAllow)
	maps.Copy(fields, changes)
	for _, name := range slices.Concat(foreignFields, []string{"scopes", "consent_granted", "resources", "prompt", "response_type"}) {
		fields.Set(name, "evil-marker")
	}
	b.post(address, fields).tellsCode(clientLedgerly)
	want := map[string]any{
		"client_id": given.Get("client_id"), "redirect_uri": given.Get("redirect_uri"), "response_type": "code", "scopes": []any{"openid", "email"},
		"prompt": "consent", "consent_granted": true, "state": goodState, "nonce": goodNonce, "code_challenge": goodChallenge, "resources": []any{"https://api.example/v1"},
	}
	sent := f.decisions()
	if len(sent) != 1 {
		t.Fatalf("%d decisions", len(sent))
	}
	delete(sent[0], "session_token")
	if fmt.Sprint(sent[0]) != fmt.Sprint(want) {
		t.Errorf("sent %v, want %v", sent[0], want)
	}
	t.Logf("%d requests with one parameter changed, %d with two, twice each; %d fields in the form", one, two, len(fields)-2)
}

// TestDecisionsAreNotReplayed: within a minute the same form gets the same page; later, and from everybody else, it gets no code.
func TestDecisionsAreNotReplayed(t *testing.T) {
	t.Parallel()
	address, attempts := asks(clientLedgerly, "prompt", "consent"), 0
	never := func(f *asking, name string, b *browser, at string, form url.Values) {
		t.Helper()
		before := len(f.decisions())
		for _, decision := range []string{views.DecisionAllow, views.DecisionDeny} {
			attempts++
			if a := b.post(at, says(form, decision)); a.status < 400 || a.goesTo() != "" || len(f.decisions()) != before {
				t.Errorf("%s: %s is status %d, %d decisions", name, decision, a.status, len(f.decisions())-before)
			}
		}
	}
	for decision, decide := range map[string]func(*browser, string, url.Values) *answer{"allow": (*browser).allow, "deny": (*browser).deny} {
		f := newAsking(t)
		b := f.signIn(ada, "support-desk")
		_, form := b.question(address)
		first := decide(b, address, form).want(http.StatusOK)
		sent := len(f.decisions())
		if want := map[string]int{"allow": 1}[decision]; sent != want {
			t.Errorf("%s: %d decisions", decision, sent)
		}
		again := decide(b, address, form).want(http.StatusOK)
		if again.body != first.body || again.header.Get("Content-Security-Policy") != bareCSP || len(f.decisions()) != sent {
			t.Errorf("%s: the second arrival is another page, or was sent again", decision)
		}
		// The other word comes too late: it gets what the first one came to.
		if late := b.post(address, says(form, map[string]string{"allow": "deny", "deny": "allow"}[decision])); late.body != first.body || len(f.decisions()) != sent {
			t.Errorf("%s: the other word changes it", decision)
		}
		f.ahead.Add(int64(61 * time.Second))
		never(f, decision+", later", b, address, form)
	}

	f := newAsking(t)
	b := f.signIn(ada, "support-desk").enter("acme")
	_, form := b.question(address)
	acme := paths.Authorization(paths.Authorize, strings.TrimPrefix(address, paths.Authorize+"?"), f.organization("acme"))
	_, ofAcme := b.question(acme)
	never(f, "in another organization", b, acme, form)
	never(f, "of another organization", b, address, ofAcme)
	never(f, "from another browser of the same person", f.signIn(ada, "support-desk"), address, form)
	never(f, "by another member", f.signIn(sam, "support-desk"), address, form)
	never(f, "by a stranger", f.browser(), address, form)
	_, elsewhere := b.question(asks(clientLedgerly, "prompt", "consent", "state", "other"))
	never(f, "of another request", b, address, elsewhere)
	who := formFields(b.get(paths.AuthorizeWho + strings.TrimPrefix(address, paths.Authorize)).want(http.StatusOK).formTo(paths.AuthorizeAccount))
	never(f, "of the page that changes who is asked", b, address, who)
	for name, ticket := range map[string]string{
		"none": "", "of a page": f.sessions.Ticket(ada, paths.Authorize), "of the address": f.sessions.Ticket(ada, address),
		"cut": form.Get("ticket")[:len(form.Get("ticket"))-1], "longer": form.Get("ticket") + "A", "other case": strings.ToUpper(form.Get("ticket")),
	} {
		never(f, "a ticket that is "+name, b, address, values("ticket", ticket))
	}
	// It is good all the same, until ten minutes are over.
	f.advance(10*time.Minute - 5*time.Second)
	b.clone().deny(address, form).tellsError(clientLedgerly, "access_denied")
	f = newAsking(t)
	b = f.signIn(ada, "support-desk")
	_, form = b.question(address)
	f.advance(10*time.Minute + time.Second)
	never(f, "after ten minutes", b, address, form)
	_, form = b.question(address)
	cookies := b.clone()
	signOut(b)
	never(f, "after signing out", b, address, form)
	never(f, "after signing out, with the old cookie", cookies, address, form)
	b.beside()
	never(f, "after signing in again", b, address, form)
	t.Logf("%d attempts, no code", attempts)
}

// TestAnOrganizationThatWasLeft: the question of an organization is not answered in another one.
func TestAnOrganizationThatWasLeft(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk").enter("acme")
	at := asksAt(paths.Authorize, "acme", clientLedgerly)(f.fixture)
	page, form := b.question(at)
	page.says("Acme Corporation")
	b.post(paths.Leave(f.organization("acme")), url.Values{}).want(http.StatusSeeOther)
	b.allow(at, form).want(http.StatusConflict)
	// What goes straight on goes nowhere from an organization that was not meant, and asks nothing of whoever must not be asked.
	own := asksAt(paths.Authorize, "acme", clientWarehouse)(f.fixture)
	b.get(own).want(http.StatusOK).says("Support").formTo(paths.Authorize)
	b.get(own+"&prompt=none").tellsError(clientWarehouse, "consent_required")
	if n := len(f.decisions()); n != 0 {
		t.Errorf("%d decisions", n)
	}
}

// TestParallelAllows: however often a decision arrives at once, the upstream hears of it once, and every arrival gets the same page.
func TestParallelAllows(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	address := asks(clientLedgerly)
	var form url.Values
	for range 5 { // a page that is loaded again makes no ticket worthless
		_, next := b.clone().question(address)
		if form == nil {
			form = next
		}
	}
	var mu sync.Mutex
	bodies := map[string]int{}
	var wg sync.WaitGroup
	for range 200 {
		one := b.clone()
		wg.Go(func() {
			a := one.allow(address, form)
			mu.Lock()
			defer mu.Unlock()
			bodies[a.body]++
		})
	}
	wg.Wait()
	if n := len(f.decisions()); n != 1 || len(bodies) != 1 {
		t.Errorf("%d decisions, %d different pages", n, len(bodies))
	}
	for body := range bodies {
		if !strings.Contains(body, "https://ledgerly.example/callback?code=") {
			t.Errorf("the page leads elsewhere: %.300s", body)
		}
	}
	t.Logf("200 arrivals of one form, %d decision", len(f.decisions()))
}

// TestOnlyVisitsAreAnswered: what is no person who opens the page causes nothing upstream.
func TestOnlyVisitsAreAnswered(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	in := f.signIn(ada, "support-desk")
	ways := [][]string{
		{"Sec-Purpose", "prefetch"},
		{"Sec-Purpose", "prefetch;prerender"},
		{"Purpose", "prefetch"},
		{"HX-Request", "true"},
		{"Sec-Fetch-Dest", "iframe"},
		{"Sec-Fetch-Dest", "frame"},
		{"Sec-Fetch-Dest", "image"},
		{"Sec-Fetch-Dest", "empty"},
		{"Sec-Fetch-Dest", "script"},
		{"Sec-Fetch-Dest", "object"},
		{"Sec-Fetch-Dest", "embed"},
		{"Sec-Fetch-Dest", "style"},
		{"Sec-Fetch-Dest", "video"},
		{"Sec-Fetch-Dest", "worker"},
	}
	n := 0
	for _, b := range []*browser{f.browser(), in} {
		for _, client := range []string{clientLedgerly, clientWarehouse} {
			for _, prompt := range []string{"", "none"} {
				address := asks(client, "prompt", prompt)
				for _, way := range ways {
					n++
					a := b.clone().get(address, append([]string{"Sec-Fetch-Site", "cross-site"}, way...)...)
					if a.status != http.StatusBadRequest && a.header.Get("HX-Redirect") == "" || a.goesTo() != "" || len(a.calls()) > 0 || len(a.header.Values("Set-Cookie")) > 0 {
						t.Errorf("%v: status %d, calls %v, cookies %v", way, a.status, a.operations(), a.header.Values("Set-Cookie"))
					}
				}
				n++
				a := b.clone().do(http.MethodHead, address, nil)
				if a.status != http.StatusOK || len(a.calls()) > 0 || len(a.header.Values("Set-Cookie")) > 0 {
					t.Errorf("HEAD: status %d, calls %v", a.status, a.operations())
				}
			}
		}
	}
	in.get(asks(clientWarehouse), "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate").tellsCode(clientWarehouse)
	t.Logf("%d requests that are no visits, and one that is", n)
}

// TestNothingOfARequestLeaks goes through whole flows, good and bad ones, and looks for codes, states, nonces and tickets where they do
// not belong: the log, titles, Location, cookies in the clear.
func TestNothingOfARequestLeaks(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.browser()
	var answers []*answer
	private := []string{goodState, goodNonce, goodChallenge}
	note := func(a *answer) *answer { answers = append(answers, a); return a }
	code := func(a *answer) {
		u, err := url.Parse(note(a).goesTo())
		if err != nil {
			t.Fatal(err)
		}
		private = append(private, u.Query().Get("code"))
	}
	address := asks(clientLedgerly, "prompt", "consent")
	note(b.get(address)).leads(paths.Login)
	note(b.proves(ada))
	for range 20 {
		page, form := b.question(address)
		note(page)
		private = append(private, form.Get("ticket"))
		code(b.allow(address, form))
		code(b.get(asks(clientWarehouse)))
	}
	_, form := b.question(address)
	note(b.deny(address, form))
	note(b.get(asks(clientLedgerly, "response_type", "token")))
	note(b.get(asks(clientLedgerly, "prompt", "none")))
	note(b.post(address, says(values("ticket", "stale"), "allow")))
	f.fault(faultOf(stytch.Authorize, 500))
	_, form = b.question(address)
	note(b.allow(address, form))
	f.sandbox.ClearFaults()
	private = slices.DeleteFunc(private, func(s string) bool { return s == "" })
	if len(private) < 60 {
		t.Fatalf("only %d private words", len(private))
	}
	log := f.log.String()
	requests, err := json.Marshal(f.sandbox.Requests())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log, "/oauth/authorize") {
		t.Error("the log has no line about it")
	}
	for _, word := range private {
		if strings.Contains(log, word) || strings.Contains(string(requests), word) {
			t.Errorf("a log holds %q", word)
		}
		for _, a := range answers {
			// The address to come back to after signing in is the console's own, and holds the request as the browser has it already.
			if to := a.header.Get("Location"); strings.Contains(to, word) && !strings.HasPrefix(to, paths.Authorize+"?") {
				t.Errorf("Location holds %q", word)
			}
			if strings.Contains(strings.Join(a.header.Values("Set-Cookie"), "\n"), word) || strings.Contains(a.text("title"), word) {
				t.Errorf("a cookie or the title of %q holds %q", a.h1(), word)
			}
			if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q: %v", a.h1(), a.header)
			}
		}
	}
	t.Logf("%d private words, %d answers, %d bytes of log", len(private), len(answers), len(log))
}
