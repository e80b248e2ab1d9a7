package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// The people of the seed.
const (
	ada    = "ada@support.example"
	sam    = "sam@support.example"
	kim    = "kim@support.example"
	olivia = "olivia.hart@acme.example"
)

// missingOrganization has the shape of an id and is nobody's.
const missingOrganization = "organization-test-00000000-0000-4000-8000-000000000000"

// drive is one visit to a route: somebody, an address, and what comes of it.
type drive struct {
	name   string
	who    func(*fixture) *browser
	path   func(*fixture) string
	form   func(*browser) url.Values // nil for a GET
	status int
	// unheld says that no key to the tenant of the address is held, so that the page that enters is shown.
	unheld bool
	// refused says that the upstream says no.
	refused bool
	// key is the slug of the organization whose key is used, where it is not the one in the address.
	key string
	// slow and meanwhile: while this operation runs, this happens.
	slow      stytch.Operation
	meanwhile func(*browser)
}

// send makes the visit.
func (d drive) send(b *browser, method string, headers ...string) *answer {
	b.f.t.Helper()
	visit := func(b *browser) *answer {
		var form url.Values
		if d.form != nil {
			form = d.form(b)
		} else if method == http.MethodPost {
			form = url.Values{}
		}
		return b.do(method, d.path(b.f), form, headers...)
	}
	if d.meanwhile == nil {
		return visit(b)
	}
	return b.f.during(d.slow, func() *answer { return visit(b.clone()) }, func() { d.meanwhile(b) })
}

// during runs something while a request waits in one of its upstream calls.
func (f *fixture) during(op stytch.Operation, request func() *answer, meanwhile func()) *answer {
	f.t.Helper()
	before := f.called(op)
	f.fault(sandbox.Fault{Operation: op.String(), Kind: sandbox.FaultHold, Hold: 2, Count: 1})
	got := make(chan *answer, 1)
	go func() { got <- request() }()
	f.wait("the call of "+op.String(), func() bool { return f.called(op) > before })
	meanwhile()
	f.sandbox.ClearFaults()
	return <-got
}

// called is how often an operation was called, calls that still run included.
func (f *fixture) called(op stytch.Operation) int {
	w := httptest.NewRecorder()
	f.sandbox.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sandbox/operations.json", nil))
	var all map[string]struct{ Calls int }
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil {
		f.t.Error(err)
	}
	return all[op.String()].Calls
}

// wait fails unless a condition comes true.
func (f *fixture) wait(what string, done func() bool) {
	f.t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			f.t.Fatalf("%s did not come", what)
		case <-tick.C:
		}
	}
}

func (f *fixture) fault(fault sandbox.Fault) {
	f.t.Helper()
	if err := f.sandbox.SetFault(fault); err != nil {
		f.t.Fatal(err)
	}
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func form(pairs ...string) func(*browser) url.Values {
	return func(*browser) url.Values { return values(pairs...) }
}

func place(path string) func(*fixture) string { return func(*fixture) string { return path } }

// inside is an address of a tenant.
func inside(slug string, path func(string) string) func(*fixture) string {
	return func(f *fixture) string { return path(f.organization(slug)) }
}

func memberOf(slug, email string) func(*fixture) string {
	return func(f *fixture) string { return paths.Member(f.organization(slug), f.member(slug, email)) }
}

// Who may visit, by what the browser holds.

func stranger(f *fixture) *browser { return f.browser() }

// asked has asked for a link or a code, by discovery or for one organization.
func asked(email, slug, method string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.browser()
		b.ask(email, slug, method)
		return b
	}
}

func (b *browser) ask(email, slug, method string) {
	b.f.t.Helper()
	path := paths.Login
	if slug != "" {
		path = paths.LoginFor(slug)
	}
	b.post(path, values("email", email, "method", method)).leads(paths.LoginSent)
}

// discovered has proved ada's address and is to choose an organization.
func discovered(f *fixture) *browser {
	b := f.browser()
	b.discover(ada)
	return b
}

// signed is signed in, and has entered these tenants.
func signed(email, home string, tenants ...string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.signIn(email, home)
		for _, slug := range tenants {
			b.enter(slug)
		}
		return b
	}
}

// again is somebody who is signed in and asks once more.
func again(who func(*fixture) *browser, email, slug, method string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		b.ask(email, slug, method)
		return b
	}
}

// mailedCode is the form with the code of the newest mail.
func mailedCode(email string) func(*browser) url.Values {
	return func(b *browser) url.Values { return values("code", b.f.lastMail(email).Code) }
}

// mailedLink is the form that the page behind the newest link sends.
func mailedLink(email string) func(*browser) url.Values {
	return func(b *browser) url.Values { return linkForm(b.f.t, b.f.lastMail(email).Link) }
}

func linkForm(t testing.TB, link string) url.Values {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	v := values()
	for _, name := range []string{"stytch_token_type", "token", "slug", "email"} {
		if value := u.Query().Get(name); value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// mailedAddress is the address that the newest link opens.
func mailedAddress(email string) func(*fixture) string {
	return func(f *fixture) string {
		f.t.Helper()
		path, ok := strings.CutPrefix(f.lastMail(email).Link, publicURL)
		if !ok {
			f.t.Fatalf("the link leads to another place than %s", publicURL)
		}
		return path
	}
}

func signOut(b *browser) { b.clone().post(paths.Logout, url.Values{}).want(http.StatusSeeOther) }

func choose(slug string) func(*browser) url.Values {
	return func(b *browser) url.Values { return values("organization_id", b.f.organization(slug)) }
}

// stopped has proved an address with a code, and chosen an organization that asks for more.
func stopped(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.browser()
		b.discover(email)
		b.chooses(slug)
		return b
	}
}

func findMember(slug, email string) func(*fixture) string {
	return func(f *fixture) string { return paths.Find + "?q=" + f.member(slug, email) }
}

// signOutUnheard signs out while the upstream does not take it, so that the session of a request under way still works.
func signOutUnheard(b *browser) {
	b.f.fault(sandbox.Fault{Operation: stytch.SessionRevoke.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError, Count: 1})
	b.clone().post(paths.Logout, url.Values{}).want(http.StatusSeeOther)
}

// withStatic is the console of the fixture with other files.
func (f *fixture) withStatic(static http.Handler) http.Handler {
	f.t.Helper()
	o := f.options()
	o.Static = static
	return handlers.New(o)
}

// send posts a body that need not be a form.
func (b *browser) send(method, path, body, media string) *answer {
	b.f.t.Helper()
	r := httptest.NewRequestWithContext(b.f.t.Context(), method, publicURL+path, strings.NewReader(body))
	r.RemoteAddr = b.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", media)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.f.handler.ServeHTTP(w, r)
	return &answer{t: b.f.t, f: b.f, status: w.Code, header: w.Header(), body: w.Body.String(), page: w.Header().Get("X-Request-Id")}
}
