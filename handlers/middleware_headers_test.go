package handlers_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// randomly is what differs from one sandbox to the next: sessions, tokens, challenges, times, the upstream's address, and what an
// authenticator app is set up with.
var randomly = regexp.MustCompile(strings.Join([]string{
	// The moments and the chain of the record.
	`\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?`, `\b[0-9a-f]{64}\b`, `request-id-test-[0-9a-f-]+`,
	`member-session-test-[0-9a-f-]{36}`, `public-token-test-[0-9a-f-]{36}`, `[0-9a-f]{12}<`, `[A-Za-z0-9_-]{43,}={0,2}`, `127\.0\.0\.1:\d+`,
	`in \d+ (?:days|h|min)`, `\d+ \w{3} \d{4}, \d\d:\d\d UTC`, `\d{4}-\d\d-\d\d(?:T[\d:]+Z)?`, `\d+ (?:days|min|h) (?:ago|left)`, `just now`,
	`<path d="[^"]*"`, `viewBox="[0-9 ]*"`, `\b[A-Z2-7]{32}\b`, `<span>[A-Z2-7]{4}</span>`, `…[A-Za-z0-9_-]{4}</bdi>`, `\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b`,
}, "|"))

// wantHeaders fails unless an answer has every header that all answers have.
func wantHeaders(t *testing.T, name string, a *answer) {
	t.Helper()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; " +
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types default",
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
	}
	if a.isBare() {
		want["Content-Security-Policy"] = bareCSP
	}
	for header, value := range want {
		if got := a.header.Values(header); len(got) != 1 || got[0] != value {
			t.Errorf("%s: %s is %q, want %q", name, header, got, value)
		}
	}
	policy := a.header.Get("Permissions-Policy")
	for _, feature := range []string{"camera", "microphone", "geolocation", "payment", "usb", "clipboard-read", "publickey-credentials-get"} {
		if !strings.Contains(policy, feature+"=()") {
			t.Errorf("%s: Permissions-Policy leaves %s on", name, feature)
		}
	}
	if strings.Contains(policy, "*") {
		t.Errorf("%s: Permissions-Policy lets somebody in: %s", name, policy)
	}
	if a.page == "" {
		t.Errorf("%s: no X-Request-ID", name)
	}
	if len(a.body) > 0 && !slices.Contains([]string{
		"text/html; charset=utf-8", "text/plain; charset=utf-8", "text/csv; charset=utf-8", "application/jsonl; charset=utf-8",
	}, strings.ToLower(a.header.Get("Content-Type"))) {
		t.Errorf("%s: Content-Type %q", name, a.header.Get("Content-Type"))
	}
	for _, header := range []string{"Access-Control-Allow-Origin", "Server", "X-Powered-By"} {
		if a.header.Get(header) != "" {
			t.Errorf("%s: has %s", name, header)
		}
	}
	wantCookies(t, name, a)
}

// wantCookies fails unless every cookie is set once, and out of reach of script, of plain HTTP and of other hosts.
func wantCookies(t *testing.T, name string, a *answer) {
	t.Helper()
	var names []string
	for _, line := range a.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Errorf("%s: Set-Cookie cannot be read: %v", name, err)
			continue
		}
		if slices.Contains(names, c.Name) {
			t.Errorf("%s: sets %s twice", name, c.Name)
		}
		names = append(names, c.Name)
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %s lacks a bound: %s", name, c.Name, strings.Replace(line, c.Value, "...", 1))
		}
		if len(line) > 4096 {
			t.Errorf("%s: cookie %s has %d bytes", name, c.Name, len(line))
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			bare := false
			for _, d := range drives[key(r)] {
				f := newFixture(t, setup{})
				a := d.send(d.who(f), r.Method).want(d.status)
				wantHeaders(t, d.name, a)
				if bare = bare || a.isBare(); a.isBare() && a.doc().Find("script").Length() > 0 {
					t.Errorf("%s: a page whose policy allows no script has one", d.name)
				}
			}
			if bare != bareRoutes[key(r)] {
				t.Errorf("has pages without a script: %t, the list says %t", bare, bareRoutes[key(r)])
			}
			f := newFixture(t, setup{})
			wantHeaders(t, "stranger", f.browser().do(r.Method, concrete(f, r.Path), nil))
		})
	}
}

func TestEveryErrorHasTheHeaders(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	spoiled := func(fault sandbox.Fault) func() *answer {
		return func() *answer {
			f.fault(fault)
			defer f.sandbox.ClearFaults()
			return b.get(paths.Members(acme))
		}
	}
	tests := map[int]func() *answer{
		http.StatusBadRequest: func() *answer {
			return b.do(http.MethodPost, paths.Theme, nil, "Content-Type", "application/x-www-form-urlencoded; =")
		},
		http.StatusUnauthorized:          func() *answer { return f.browser().post(paths.Enter(acme), values()) },
		http.StatusForbidden:             func() *answer { return b.get(paths.Organization(f.organization("closed"))) },
		http.StatusNotFound:              func() *answer { return b.get("/nothing") },
		http.StatusMethodNotAllowed:      func() *answer { return b.do(http.MethodPut, paths.Organizations, nil) },
		http.StatusRequestEntityTooLarge: func() *answer { return b.post(paths.Theme, values("x", strings.Repeat("x", 70<<10))) },
		http.StatusMisdirectedRequest:    func() *answer { return b.get("/", "Host", "evil.example") },
		http.StatusUnprocessableEntity:   func() *answer { return b.post(paths.Login, values("email", "no")) },
		http.StatusTooManyRequests:       spoiled(sandbox.Fault{Operation: "*", Kind: sandbox.FaultStatus, Status: 429}),
		http.StatusInternalServerError:   func() *answer { return b.get(paths.Static + "panic") },
		http.StatusBadGateway:            spoiled(sandbox.Fault{Operation: "*", Kind: sandbox.FaultStatus, Status: 500}),
		http.StatusGatewayTimeout:        spoiled(sandbox.Fault{Operation: "*", Kind: sandbox.FaultStatus, Status: 504}),
	}
	f.handler = f.withStatic(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a fault of our own") }))
	for status, visit := range tests {
		a := visit()
		if a.status != status {
			t.Errorf("%d: status %d, %q", status, a.status, a.h1())
		}
		wantHeaders(t, http.StatusText(status), a)
		if status != http.StatusMisdirectedRequest && a.h1() == "" {
			t.Errorf("%d: no heading", status)
		}
		for _, leak := range []string{"goroutine", "panic", ".go:", "stytch:", "a fault of our own"} {
			if strings.Contains(strings.ToLower(a.text("main")), leak) {
				t.Errorf("%d: the page says %q", status, leak)
			}
		}
	}
}

// TestCookiesOnErrors wants each cookie once where a handler fails after it has touched the session.
func TestCookiesOnErrors(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme") // leaves a flash that the next page takes
	f.fault(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500})
	a := b.get(paths.Organization(f.organization("acme"))).want(http.StatusBadGateway)
	wantCookies(t, "an error page that takes the flash", a)
	a.says("You entered Acme Corporation.")
	f.sandbox.ClearFaults()
	b.get(paths.Organization(f.organization("acme"))).want(http.StatusOK).saysNot("You entered Acme Corporation.")
}
