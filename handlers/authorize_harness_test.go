package handlers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/views"
)

// deciders note what the console sends with its decisions, byte for byte what leaves it: the log of the sandbox has no bodies.
type deciders struct {
	mu   sync.Mutex
	sent []map[string]any
	// answer changes what came back for a decision; nil leaves it.
	answer func(body []byte) []byte
}

// RoundTrip passes a call on.
func (d *deciders) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/v1/b2b/idp/oauth/authorize" {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var sent map[string]any
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.sent = append(d.sent, sent)
	d.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || d.answer == nil {
		return w, err
	}
	defer func() { _ = w.Body.Close() }()
	got, err := io.ReadAll(w.Body)
	if err != nil {
		return nil, err
	}
	got = d.answer(got)
	w.Body, w.ContentLength = io.NopCloser(bytes.NewReader(got)), int64(len(got))
	w.Header.Del("Content-Length")
	return w, nil
}

// decisions are those sent so far.
func (d *deciders) decisions() []map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sent)
}

// asking is a console whose decisions are noted, with its log.
type asking struct {
	*fixture
	*deciders
	log *safeBuffer
}

func newAsking(t testing.TB) *asking {
	t.Helper()
	d, log := &deciders{}, &safeBuffer{}
	return &asking{newFixture(t, setup{transport: d, log: log}), d, log}
}

// question is the page that asks for a decision about a request.
func (b *browser) question(address string) (*answer, url.Values) {
	b.f.t.Helper()
	a := b.get(address).want(http.StatusOK)
	return a, formFields(a.formTo(paths.Authorize))
}

// says is a form with a decision.
func says(form url.Values, decision string) url.Values {
	v := url.Values{}
	for name, values := range form {
		v[name] = slices.Clone(values)
	}
	v.Set(views.Decision, decision)
	return v
}

// allow decides, by the form that a page showed.
func (b *browser) allow(address string, form url.Values) *answer {
	return b.post(address, says(form, views.DecisionAllow))
}

func (b *browser) deny(address string, form url.Values) *answer {
	return b.post(address, says(form, views.DecisionDeny))
}

// goesTo is where a page leads out to: by itself, by its link, and by no redirect. "" is nowhere.
func (a *answer) goesTo() string {
	a.t.Helper()
	doc := a.doc()
	_, to, _ := strings.Cut(doc.Find("meta[http-equiv=refresh]").AttrOr("content", ""), "url=")
	if link := doc.Find("main a.go").AttrOr("href", ""); link != to {
		a.t.Errorf("goes to %q by itself, and to %q by its link", to, link)
	}
	for _, header := range []string{"Location", "Refresh", "HX-Redirect"} {
		if got := a.header.Get(header); got != "" && (header != "Location" || !paths.Local(got)) {
			a.t.Errorf("%s is %q", header, got)
		}
	}
	return to
}

// tells is what a page that leads to a client tells it.
func (a *answer) tells(redirect string) url.Values {
	a.t.Helper()
	to := a.goesTo()
	rest, ok := strings.CutPrefix(to, redirect)
	if !ok || rest == "" || (rest[0] != '?' && rest[0] != '&') {
		a.t.Fatalf("status %d, h1 %q: goes to %q, not to %q", a.status, a.h1(), to, redirect)
	}
	q, err := url.ParseQuery(rest[1:])
	if err != nil {
		a.t.Fatal(err)
	}
	return q
}

// tellsError fails unless the client is told this error, and its state.
func (a *answer) tellsError(client, code string) *answer {
	a.t.Helper()
	q := a.tells(redirectOf[client])
	if q.Get("error") != code || q.Get("state") != goodState || q.Has("code") {
		a.t.Errorf("the client is told %v, want %s", q, code)
	}
	return a
}

// tellsCode fails unless the client is told a code, and its state.
func (a *answer) tellsCode(client string) {
	a.t.Helper()
	q := a.tells(redirectOf[client])
	if q.Get("code") == "" || q.Get("state") != goodState {
		a.t.Fatalf("the client is told %v, want a code", q)
	}
}

// proves signs in to the staff organization by code, from the sign-in page on.
func (b *browser) proves(email string) *answer {
	b.f.t.Helper()
	b.discover(email)
	return b.post(paths.LoginOrganizations, url.Values{"organization_id": {b.f.organization("support-desk")}}).want(http.StatusSeeOther)
}

// consoleWith is the console of the fixture with other options.
func (f *fixture) consoleWith(change func(*handlers.Options)) {
	o := f.options()
	change(&o)
	f.handler = handlers.New(o)
}
