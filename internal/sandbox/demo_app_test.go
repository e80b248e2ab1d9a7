package sandbox_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/sandbox"
)

const demoApp = "/sandbox/demo-app"

// page reads a page of the sandbox.
func (a answer) page() *goquery.Document {
	a.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(string(a.raw)))
	if err != nil {
		a.t.Fatal(err)
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'; frame-ancestors 'none'") {
		a.t.Errorf("the policy is %q", policy)
	}
	if document.Find("script, style, [style]").Length() > 0 || document.Find("h1").Length() != 1 {
		a.t.Error("the page is not plain")
	}
	return document
}

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// follow clicks the link of that name, and gives the authorization request.
func (w *world) follow(name string) *url.URL {
	w.t.Helper()
	link := w.bare(http.MethodGet, demoApp, "").page().Find("main a").FilterFunction(func(_ int, a *goquery.Selection) bool { return words(a) == name })
	gone := w.bare(http.MethodGet, link.AttrOr("href", "/no-such-link"), "")
	if gone.status != http.StatusSeeOther {
		w.t.Fatalf("the link %q gets %d", name, gone.status)
	}
	request, err := url.Parse(gone.header.Get("Location"))
	if err != nil {
		w.t.Fatal(err)
	}
	return request
}

// back comes back to the demo app with an answer, and gives the address and the page it ends at.
func (w *world) back(answer url.Values) (string, *goquery.Document) {
	w.t.Helper()
	called := w.bare(http.MethodGet, demoApp+"/callback?"+answer.Encode(), "")
	at := called.header.Get("Location")
	if called.status != http.StatusSeeOther || !strings.HasPrefix(at, demoApp+"/result/") || strings.Contains(at, "?") {
		w.t.Fatalf("the callback gets %d, %s", called.status, at)
	}
	return at, w.bare(http.MethodGet, at, "").page()
}

// press presses a button of a result.
func (w *world) press(at string, act string) *goquery.Document {
	w.t.Helper()
	pressed := w.bare(http.MethodPost, at, "act="+act, "Content-Type", "application/x-www-form-urlencoded")
	if pressed.status != http.StatusSeeOther || pressed.header.Get("Location") != at {
		w.t.Fatalf("the button gets %d", pressed.status)
	}
	return w.bare(http.MethodGet, at, "").page()
}

// newestStep is what the demo app did last.
func newestStep(page *goquery.Document) string { return words(page.Find("ol li").First()) }

var (
	wholeToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8}|[A-Za-z0-9_-]{44}`)
	memberID   = regexp.MustCompile(`member-test-[0-9a-f-]{36}`)
)

// hidesTokens fails when more than the beginning of a token is on a page.
func hidesTokens(t *testing.T, page *goquery.Document) {
	t.Helper()
	main := page.Find("main").Clone()
	main.Find("form").RemoveAttr("action") // the result's own address
	text, _ := main.Html()
	text = memberID.ReplaceAllString(text, "")
	if found := wholeToken.FindString(text); found != "" {
		t.Errorf("the page shows %.12s...", found)
	}
}

// Somebody clicks through the demo app, from the first link to the end of the tokens.
func TestDemoApp(t *testing.T) {
	t.Parallel()
	w := domain(t)
	session := w.session("acme", ada)
	request := w.follow("Stay signed in")
	asked := request.Query()
	if request.Scheme+"://"+request.Host+request.Path != authorizationURL || asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != w.checked+demoApp+"/callback" {
		t.Errorf("it asks %v", request)
	}
	at, page := w.back(w.approve(session, request.String()))
	hidesTokens(t, page)
	if who := words(page.Find("[aria-labelledby=who]")); !strings.Contains(who, ada) || !strings.Contains(who, "acme") {
		t.Errorf("who signed in: %s", who)
	}
	if may := words(page.Find("[aria-labelledby=may]")); !strings.Contains(may, "openid email offline_access") {
		t.Errorf("what it may do: %s", may)
	}
	if tokens := words(page.Find("[aria-labelledby=tokens]")); !strings.Contains(tokens, "good for 60 minutes") || !strings.Contains(tokens, "365 days") || !strings.Contains(tokens, "nonce were checked") {
		t.Errorf("the tokens: %s", tokens)
	}
	if step := newestStep(w.press(at, "refresh")); !strings.HasPrefix(step, "There are new tokens") {
		t.Errorf("after a refresh: %s", step)
	}
	page = w.press(at, "userinfo")
	hidesTokens(t, page)
	if step := newestStep(page); !strings.Contains(step, "Userinfo says") || !strings.Contains(step, ada) {
		t.Errorf("userinfo: %s", step)
	}
	if step := newestStep(w.press(at, "revoke")); !strings.HasPrefix(step, "The tokens were revoked") {
		t.Errorf("after revoking: %s", step)
	}
	for _, act := range []string{"refresh", "userinfo"} {
		page = w.press(at, act)
		if step := newestStep(page); !strings.HasPrefix(step, "Refused:") || !strings.Contains(step, "not_found") {
			t.Errorf("%s after revoking: %s", act, step)
		}
	}
	hidesTokens(t, page)
	w.Advance(time.Hour)
	if gone := w.bare(http.MethodGet, at, ""); gone.status != http.StatusNotFound {
		t.Errorf("an hour later the result gets %d", gone.status)
	}
}

// Each link asks for what it says.
func TestDemoAppRequests(t *testing.T) {
	t.Parallel()
	w := domain(t)
	plain := w.follow("Sign in").Query()
	for name, want := range map[string][2]string{
		"Stay signed in": {"scope", "openid email offline_access"}, "Read documents": {"scope", "openid read:documents"},
		"Full access": {"scope", "openid full_access"}, "Ask again": {"prompt", "consent"}, "Sign in afresh": {"prompt", "login"},
		"Without any page": {"prompt", "none"}, "Another redirect": {"redirect_uri", w.checked + demoApp + "/elsewhere"},
		"Sign in with a phone number": {"scope", "openid email profile phone"},
	} {
		asked := w.follow(name).Query()
		if asked.Get(want[0]) != want[1] || asked.Get("client_id") != plain.Get("client_id") {
			t.Errorf("%s asks %v", name, asked)
		}
		for _, fresh := range []string{"state", "nonce", "code_challenge"} {
			if asked.Get(fresh) == "" || asked.Get(fresh) == plain.Get(fresh) {
				t.Errorf("%s has the %s %q", name, fresh, asked.Get(fresh))
			}
		}
	}
	if unknown := w.follow("Unknown client").Query().Get("client_id"); unknown == "" || unknown == plain.Get("client_id") {
		t.Errorf("the unknown client is %q", unknown)
	}
	if got := w.bare(http.MethodGet, demoApp+"/start/no-such-case", ""); got.status != http.StatusNotFound {
		t.Errorf("an unknown case gets %d", got.status)
	}
	without := start(t, sandbox.Options{})
	page := without.bare(http.MethodGet, demoApp, "").page()
	if alert := words(page.Find("[role=alert]")); !strings.Contains(alert, "No console is attached") || page.Find("ul a").Length() > 0 {
		t.Errorf("without a console it says %q", alert)
	}
	if got := without.bare(http.MethodGet, demoApp+"/start/sign-in", ""); got.status != http.StatusNotFound {
		t.Errorf("without a console a link gets %d", got.status)
	}
}

// The demo app takes only answers to its own requests, each once, and says in words what is wrong.
func TestDemoAppChecksAnswers(t *testing.T) {
	t.Parallel()
	w := domain(t)
	session := w.session("acme", ada)
	good := func() url.Values { return w.approve(session, w.follow("Sign in").String()) }
	fresh := func() string { return w.follow("Sign in").Query().Get("state") }
	used := good()
	w.back(used)
	// A code of another request of the same app: the verifier is not its.
	swapped := good()
	swapped.Set("state", fresh())
	late := good()
	for _, tt := range []struct {
		name   string
		answer url.Values
		want   string
	}{
		{"no state", url.Values{"code": {"x"}}, "state is not one"},
		{"unknown state", url.Values{"code": {"x"}, "state": {"x"}}, "state is not one"},
		{"state comes again", used, "state is not one"},
		{"code of another request", swapped, "could not be exchanged"},
		{"no code", url.Values{"state": {fresh()}}, "could not be exchanged"},
		{"another issuer", url.Values{"state": {fresh()}, "code": {"x"}, "iss": {"https://evil.example"}}, "another issuer"},
		{"no issuer", url.Values{"state": {fresh()}, "code": {"x"}, "iss": {""}}, "another issuer"},
		{"two codes", url.Values{"state": {fresh()}, "code": {"x", "y"}}, "more than once"},
		{"refused", url.Values{"state": {fresh()}, "error": {"access_denied"}, "error_description": {"<script>alert(1)</script>"}}, "request was refused"},
	} {
		_, page := w.back(tt.answer)
		if alert := words(page.Find("[role=alert]")); !strings.Contains(alert, tt.want) {
			t.Errorf("%s: %q", tt.name, alert)
		}
		if page.Find("button").Length() > 0 || page.Find("[aria-labelledby=who]").Length() > 0 {
			t.Errorf("%s: there are tokens, or somebody is signed in", tt.name)
		}
	}
	mine := good()
	mine.Set("iss", w.checked)
	if _, page := w.back(mine); page.Find("[role=alert]").Length() > 0 {
		t.Errorf("its own issuer: %s", words(page.Find("[role=alert]")))
	}
	w.Advance(15 * time.Minute)
	if _, page := w.back(late); !strings.Contains(words(page.Find("[role=alert]")), "state is not one") {
		t.Error("an answer after 15 minutes is taken")
	}
}

func TestDemoAppIsGuarded(t *testing.T) {
	t.Parallel()
	w := domain(t)
	answer := w.approve(w.session("acme", ada), w.follow("Sign in").String())
	// Asking for the headers uses nothing up.
	if got := w.bare(http.MethodHead, demoApp+"/callback?"+answer.Encode(), ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD gets %d", got.status)
	}
	at, page := w.back(answer)
	if got := w.bare(http.MethodGet, at, ""); !strings.Contains(got.header.Get("Content-Security-Policy"), "form-action 'self'") || got.header.Get("Cache-Control") != "no-store" || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the headers are %v", got.header)
	}
	buttons := page.Find("button").Map(func(_ int, b *goquery.Selection) string { return words(b) })
	if !slices.Equal(buttons, []string{"Ask userinfo", "Revoke"}) {
		t.Errorf("without offline_access the buttons are %q", buttons)
	}
	for _, tt := range []struct {
		path, body string
		want       int
	}{
		{at, "act=explode", http.StatusBadRequest},
		{at, "", http.StatusBadRequest},
		{at, "act=revoke&padding=" + strings.Repeat("x", 5<<10), http.StatusBadRequest},
		{demoApp + "/result/guess", "act=revoke", http.StatusNotFound},
		{demoApp + "/result/", "act=revoke", http.StatusNotFound},
		{demoApp, "act=revoke", http.StatusUnsupportedMediaType},
		{demoApp + "/callback", "code=x", http.StatusUnsupportedMediaType},
	} {
		if got := w.bare(http.MethodPost, tt.path, tt.body, "Content-Type", "application/x-www-form-urlencoded"); got.status != tt.want {
			t.Errorf("POST %.40s %.20q gets %d, want %d", tt.path, tt.body, got.status, tt.want)
		}
	}
	for path, want := range map[string]int{demoApp + "/result/guess": 404, demoApp + "/elsewhere": 404, demoApp + "x": 404, demoApp + ".css": 200, demoApp: 200} {
		if got := w.bare(http.MethodGet, path, ""); got.status != want {
			t.Errorf("GET %s gets %d", path, got.status)
		}
	}
	// What nobody comes back for does not pile up: the oldest requests are forgotten.
	oldest := w.follow("Sign in").Query().Get("state")
	for range 200 {
		w.bare(http.MethodGet, demoApp+"/start/sign-in", "")
	}
	if _, page := w.back(url.Values{"state": {oldest}, "error": {"access_denied"}}); !strings.Contains(words(page.Find("[role=alert]")), "state is not one") {
		t.Error("200 newer requests do not displace one")
	}
	w.Reset()
	if got := w.bare(http.MethodGet, at, ""); got.status != http.StatusNotFound {
		t.Errorf("after a reset the result gets %d", got.status)
	}
}
