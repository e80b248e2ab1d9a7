package handlers_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/authz"
	"console.internal/internal/contract"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// tap stands before the upstream. It sees each call when it arrives, so that also those are counted which are cut off or
// are still being answered when the page is done, and those that the transport sends again of its own accord.
type tap struct {
	next     http.Handler
	patterns []pattern

	mu      sync.Mutex
	arrived map[string][]string
	ids     map[string][]string
	after   func(operation string)
	// bare is an operation that is answered with {}.
	bare string
}

type pattern struct {
	method, operation string
	path              *regexp.Regexp
}

func newTap(next http.Handler) *tap {
	t := &tap{next: next, arrived: map[string][]string{}, ids: map[string][]string{}}
	braces := regexp.MustCompile(`\{[^}]*\}`)
	for _, o := range stytch.Operations() {
		row := o.Row()
		p := pattern{row.Method, row.ID, regexp.MustCompile("^" + braces.ReplaceAllString(row.Path, "[^/]+") + "$")}
		t.patterns = append(t.patterns, p)
	}
	return t
}

var upstreamIDs = regexp.MustCompile(`request-id-test-[0-9a-f-]{36}`)

// ServeHTTP passes the call on and notes it.
func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := "unknown " + r.Method + " " + r.URL.Path
	for _, p := range t.patterns {
		if p.method == r.Method && p.path.MatchString(r.URL.EscapedPath()) {
			operation = p.operation
		}
	}
	page := r.Header.Get("X-Request-ID")
	t.mu.Lock()
	t.arrived[page] = append(t.arrived[page], operation)
	after, bare := t.after, t.bare
	t.mu.Unlock()
	if bare == operation {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}")) // a console that has gone is no concern of the test
		return
	}
	t.next.ServeHTTP(&sniffer{ResponseWriter: w, tap: t, page: page}, r)
	if after != nil {
		after(operation)
	}
}

// sniffer notes the request ids in the bodies of answers.
type sniffer struct {
	http.ResponseWriter
	tap  *tap
	page string
}

// Write passes the bytes on.
func (s *sniffer) Write(b []byte) (int, error) {
	if id := upstreamIDs.Find(b[:min(len(b), 400)]); id != nil {
		s.tap.mu.Lock()
		s.tap.ids[s.page] = append(s.tap.ids[s.page], string(id))
		s.tap.mu.Unlock()
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets a fault take the connection.
func (s *sniffer) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// calls are the operations that arrived for a page, sorted.
func (t *tap) calls(page string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := slices.Clone(t.arrived[page])
	slices.Sort(calls)
	return calls
}

func (t *tap) requestIDs(page string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.ids[page])
}

// hook has f called whenever a call was carried out and the console still waits for the end of its answer; nil ends that.
func (t *tap) hook(f func(operation string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.after = f
}

// strip has an operation answered with {}; "" ends that.
func (t *tap) strip(operation string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bare = operation
}

// tapped is a fixture whose upstream is tapped and whose transport may be wrapped.
type tapped struct {
	*fixture
	tap *tap
	log *safeBuffer
}

// safeBuffer is a log that tests may read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String is what was written.
func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newTapped(t testing.TB, s setup, wrap func(http.RoundTripper) http.RoundTripper) *tapped {
	t.Helper()
	log := &safeBuffer{}
	s.log = log
	f := &tapped{fixture: newFixture(t, s), log: log}
	var upstream http.Handler = f.sandbox
	if !s.unchecked {
		upstream = contract.Check(t, f.sandbox)
	}
	f.tap = newTap(upstream)
	server := httptest.NewServer(f.tap)
	t.Cleanup(server.Close)
	f.rewire(server.URL, s, wrap)
	return f
}

// rewire gives the fixture a client of its own to the upstream at base.
func (f *tapped) rewire(base string, s setup, wrap func(http.RoundTripper) http.RoundTripper) {
	t := f.t
	t.Helper()
	if s.timeout == 0 {
		s.timeout = 10 * time.Second
	}
	budget := stytch.NewBudget(1_000_000, 1_000_000, f.now)
	if s.budget != 0 {
		budget = stytch.NewBudget(s.budget, s.perSession, f.now)
	}
	o := stytch.Options{
		BaseURL: base, ProjectID: f.sandbox.ProjectID(), Secret: stytch.Secret(f.sandbox.Secret()),
		Timeout: s.timeout, MaxAnswer: 1 << 20, Budget: budget,
		Expect: func(roles []string, resource, action string) bool { return f.policy.May(roles, resource, action) },
	}
	if wrap != nil {
		o.Transport = wrap(&http.Transport{MaxIdleConnsPerHost: 16})
	}
	var err error
	if f.client, err = stytch.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.client.Close)
	f.policy = authz.NewCache(t.Context(), f.loadPolicy, time.Hour, time.Now)
	if !s.coldPolicy {
		if err := f.policy.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.sessions, err = session.New(session.Options{
		Client: f.client, StaffOrganizationID: f.staffID, Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: f.now,
		Limits: session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 1000},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sessions.Close)
	console := f.options()
	console.Log = newLogger(f.log)
	f.handler = handlers.New(console)
}

// options are those of a console on this fixture. No answer is held back; how long it should have been is noted.
func (f *fixture) options() handlers.Options {
	public, err := url.Parse(publicURL)
	if err != nil {
		f.t.Fatal(err)
	}
	return handlers.Options{
		Client: f.client, Sessions: f.sessions, Policy: f.policy, Audit: f.audit, Desk: f.openDesk(), AppRequests: f.store.AppRequests(), Log: slog.New(slog.DiscardHandler), Now: f.now, Public: public,
		Env: views.EnvSandbox, ProjectID: f.sandbox.ProjectID(), StaffOrganizationID: f.staffID, SessionMinutes: 480, Static: http.NotFoundHandler(),
		Assets:      views.Assets{CSS: "/static/app.css", JS: "/static/app.js", HTMX: "/static/htmx.js", Icon: "/static/icon.svg", Consent: "/static/consent.css"},
		UpstreamURL: "https://upstream.example", PublicToken: f.sandbox.PublicToken(),
		OAuthProviders: []string{"google", "microsoft", "slack", "hubspot", "github"},
		Settle:         time.Second, Wait: func(_ context.Context, d time.Duration) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.waited = append(f.waited, d)
		},
	}
}

// visit asks as ada for a path in a tenant that she enters first; an empty slug enters none.
func (f *fixture) visit(slug string) *browser {
	f.t.Helper()
	b := f.signIn(ada, "support-desk")
	if slug != "" {
		b.enter(slug)
		b.get(paths.Organizations + "?show=mine").want(http.StatusOK) // takes the message about entering
	}
	return b
}

// fresh moves the clock past every limit on sign-ins and returns a browser that has not been seen.
func (f *fixture) fresh() *browser {
	f.advance(16 * time.Minute)
	return f.browser()
}

func newLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }

func itoa(n int) string { return strconv.Itoa(n) }

// deletedMember is the id of the first deleted member of a tenant that the browser has entered.
func deletedMember(b *browser, organizationID string) string {
	b.f.t.Helper()
	return b.get(paths.Members(organizationID) + "?status=deleted").want(http.StatusOK).doc().Find("tbody tr .id code").First().Text()
}

// oneByOne leaves out, under the race detector, a test that sends the visits of the whole table one after the other: that takes minutes
// there and races with nobody. The run without the detector makes every visit.
func oneByOne(t *testing.T) {
	t.Helper()
	if racing {
		t.Skip("it makes its visits in the run without the race detector")
	}
}
