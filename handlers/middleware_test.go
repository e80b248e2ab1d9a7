package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"console.internal/handlers"
	"console.internal/internal/paths"
)

const crossHeading = "This came from another page"

func unsafe(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// TestUnsafeRequestsComeFromOurOwnPages sends every form from everywhere: only two kinds of senders may act.
func TestUnsafeRequestsComeFromOurOwnPages(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	const own = publicURL
	sites := []string{"same-origin", "none", "same-site", "cross-site", ""}
	origins := []string{own, "null", "https://evil.example", strings.Replace(own, "https:", "http:", 1), ""}
	for _, r := range handlers.Routes() {
		if !unsafe(r.Method) {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			d := drives[key(r)][0]
			f := newFixture(t, setup{})
			b := d.who(f)
			acted := 0
			for _, site := range sites {
				for _, origin := range origins {
					if site == "same-origin" || (site == "" && origin == own) {
						// What acts, acts once: each needs a state of its own.
						fresh := newFixture(t, setup{})
						a := d.send(d.who(fresh), r.Method, "Sec-Fetch-Site", site, "Origin", origin)
						if a.status != d.status {
							t.Errorf("Sec-Fetch-Site %q, Origin %q: status %d, want %d", site, origin, a.status, d.status)
						}
						acted++
						continue
					}
					before := b.clone().cookies
					a := d.send(b, r.Method, "Sec-Fetch-Site", site, "Origin", origin)
					if a.status != http.StatusForbidden || a.h1() != crossHeading {
						t.Errorf("Sec-Fetch-Site %q, Origin %q: status %d %q, want 403", site, origin, a.status, a.h1())
					}
					if got := a.operations(); len(got) != 0 {
						t.Errorf("Sec-Fetch-Site %q, Origin %q: calls %v", site, origin, got)
					}
					if asJSON(t, b.cookies) != asJSON(t, before) {
						t.Errorf("Sec-Fetch-Site %q, Origin %q: a cookie changed", site, origin)
					}
				}
			}
			if acted != len(origins)+1 {
				t.Errorf("%d kinds of senders may act, want %d", acted, len(origins)+1)
			}
			// A GET that asks to be taken for a form is none.
			before := b.clone().cookies
			a := b.do(http.MethodGet, d.path(f), nil, "X-HTTP-Method-Override", r.Method, "X-HTTP-Method", r.Method, "X-Method-Override", r.Method)
			for _, op := range a.operations() {
				if slices.Contains([]string{"Send", "Exchange", "Revoke"}, op[strings.LastIndexByte(op, '_')+1:]) {
					t.Errorf("a GET with an override calls %s", op)
				}
			}
			if b.cookies["__Host-session"] != before["__Host-session"] {
				t.Error("a GET with an override changes the session")
			}
			// All of this has changed nothing.
			d.send(b, r.Method).want(d.status)
		})
	}
}

// TestOtherHostsGetNothing asks every route under names that are not the console's.
func TestOtherHostsGetNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	for _, r := range handlers.Routes() {
		path := concrete(f, r.Path)
		for _, host := range []string{"evil.example", "console.example.evil.example", "console.example:8443", "xconsole.example", "127.0.0.1", ""} {
			before := asJSON(t, b.cookies)
			a := b.do(r.Method, path, nil, "Host", host)
			if host == "" {
				continue // an empty value leaves the header out, see do
			}
			if a.status != http.StatusMisdirectedRequest || a.body != "Misdirected request.\n" || asJSON(t, b.cookies) != before || len(a.calls()) > 0 {
				t.Errorf("%s at %s: status %d, %d bytes, %d calls", key(r), host, a.status, len(a.body), len(a.calls()))
			}
			wantHeaders(t, key(r)+" at "+host, a)
		}
	}
}

// concrete fills the placeholders of a route.
func concrete(f *fixture, path string) string {
	return strings.NewReplacer(":organization_id", f.organization("acme"), ":member_id", f.member("acme", olivia), ":slug", "acme", ":provider", "google").Replace(path)
}

// TestForwardedHeadersChangeNothing compares each answer with the one to a request that claims to come from elsewhere.
func TestForwardedHeadersChangeNothing(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	claims := []string{
		"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "X-Forwarded-Scheme", "http", "X-Forwarded-Port", "81",
		"X-Forwarded-Prefix", "/evil", "X-Forwarded-Server", "evil.example", "X-Forwarded-For", "203.0.113.9", "X-Real-Ip", "203.0.113.9",
		"Forwarded", "for=203.0.113.9;host=evil.example;proto=http", "X-Host", "evil.example", "X-Original-Host", "evil.example",
		"X-Original-Url", "/evil", "X-Rewrite-Url", "/evil", "Front-End-Https", "off", "X-Url-Scheme", "http",
	}
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			for i, d := range drives[key(r)] {
				if d.meanwhile != nil || i > 1 {
					continue
				}
				plain := d.send(d.who(newFixture(t, setup{})), r.Method)
				f := newFixture(t, setup{})
				claimed := d.send(d.who(f), r.Method, claims...)
				if plain.status != claimed.status || masked(plain.same()) != masked(claimed.same()) {
					t.Errorf("%s: the answer differs: %s", d.name, cmp.Diff(masked(plain.same()), masked(claimed.same())))
				}
				for _, m := range f.sandbox.Outbox() {
					if m.Link != "" && !strings.HasPrefix(m.Link, publicURL+paths.Authenticate+"?") {
						t.Errorf("%s: the link leads to another place", d.name)
					}
				}
				for name, got := range claimed.header {
					if strings.Contains(strings.Join(got, " "), "evil") {
						t.Errorf("%s: the header %s holds what was claimed", d.name, name)
					}
				}
			}
		})
	}
}

// masked leaves out what is drawn at random for each sandbox.
func masked(s string) string {
	return randomly.ReplaceAllString(s, "R")
}

// TestEveryPageHasAnAccess visits as a stranger what needs a session.
func TestEveryPageHasAnAccess(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		if r.Access == handlers.Anyone {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.browser()
			path := concrete(f, r.Path)
			if unsafe(r.Method) {
				a := b.post(path, values("return", "/organizations")).want(http.StatusUnauthorized).says("You are not signed in")
				if len(a.calls()) > 0 {
					t.Errorf("calls %v", a.operations())
				}
				wantHeaders(t, key(r), a)
				return
			}
			wanted := path + "?q=x%2F%2Fevil.example&status=active&status=invited"
			a := b.get(wanted).leads(paths.Login)
			if len(a.calls()) > 0 {
				t.Errorf("calls %v", a.operations())
			}
			b.discover(ada)
			b.post(paths.LoginOrganizations, values("organization_id", f.staffID)).leads(wanted)
			// It leads there once; the next sign-in goes where sign-ins go.
			b.post(paths.Logout, url.Values{})
			b.discover(ada)
			b.post(paths.LoginOrganizations, values("organization_id", f.staffID)).leads(paths.Organizations)

			part := f.browser()
			if a := part.get(path, "HX-Request", "true", "HX-Request-Type", "partial"); a.header.Get("HX-Redirect") != paths.Login || a.status != http.StatusOK {
				t.Errorf("a part of a page: status %d, HX-Redirect %q", a.status, a.header.Get("HX-Redirect"))
			}
			if len(part.cookies) > 0 {
				t.Error("a part of a page is kept as a place to return to")
			}
		})
	}
}

// hostileReturns are addresses that a browser takes for another origin, or for more than one line.
var hostileReturns = []string{
	"//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, "https:evil.example", "https://evil.example",
	"https:/evil.example", "HTTPS://evil.example/", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "/\n/evil.example",
	"/\r\nLocation: https://evil.example", "/%0d%0aSet-Cookie:x=1\r\n", "\t//evil.example", " //evil.example", "/ /evil.example", "evil.example",
	"@evil.example", "", "?x", "#x", "/\x00/evil.example", "/\x7f/evil.example", "//evil.example/organizations", "http://console.example/", "/" + strings.Repeat("a", 4000),
	"/.//evil.example", "/..//evil.example", "/%2f/evil.example", "/%5cevil.example", "//console.example@evil.example",
}

// TestReturnsStayHere sends hostile return addresses wherever one is taken.
func TestReturnsStayHere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	acme := f.organization("acme")
	for _, to := range hostileReturns {
		for name, a := range map[string]*answer{
			"theme": b.post(paths.Theme, values("theme", "dark", "return", to)),
			"enter": b.post(paths.Enter(acme), values("return", to)),
		} {
			location := a.header.Get("Location")
			if a.status != http.StatusSeeOther {
				t.Errorf("%s, return %q: status %d", name, to, a.status)
			}
			base, err := url.Parse(publicURL + "/organizations/")
			if err != nil {
				t.Fatal(err)
			}
			led, err := base.Parse(location)
			if err != nil || led.Host != "console.example" || led.Scheme != "https" || strings.ContainsAny(location, "\\\t\r\n\x00 ") || strings.HasPrefix(location, "//") {
				t.Errorf("%s, return %q: leads to %q", name, to, location)
			}
			if name == "enter" && location != paths.Organization(acme) {
				t.Errorf("return %q: entering leads to %q, out of the tenant", to, location)
			}
		}
		// An address that was asked for first and is not ours is not kept.
		s := f.browser()
		a := s.get("/login?return=" + url.QueryEscape(to) + "&next=" + url.QueryEscape(to)).want(http.StatusOK)
		if to != "" && strings.Contains(to, "evil") && strings.Contains(a.body, "evil.example") {
			if a.doc().Find(`a[href*="evil.example"], form[action*="evil.example"]`).Length() > 0 {
				t.Errorf("return %q: the sign-in page links to it", to)
			}
		}
	}
	if got := b.post(paths.Enter(acme), values("return", paths.Organization(f.organization("umbrella")))).header.Get("Location"); got != paths.Organization(acme) {
		t.Errorf("entering one tenant leads to %q", got)
	}
}
