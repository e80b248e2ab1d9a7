package handlers_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/audit"
	"console.internal/internal/authz"
	"console.internal/internal/contract"
	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
)

// publicURL is the one origin of the console under test.
const publicURL = "https://console.example"

// setup changes what a fixture is made of.
type setup struct {
	sandbox      sandbox.Options
	timeout      time.Duration
	budget       int
	perSession   int
	noStaff      bool
	coldPolicy   bool
	proxies      []string
	log          io.Writer
	sessionHours int
	// transport carries the calls to the upstream in place of a plain one.
	transport http.RoundTripper
	// unchecked leaves the contract check out: some faults answer in ways that it must complain of.
	unchecked bool
}

// fixture is a console of its own with an upstream of its own, spoken to over HTTP and held to the contract.
type fixture struct {
	t        testing.TB
	sandbox  *sandbox.Server
	client   *stytch.Client
	sessions *session.Sessions
	policy   *authz.Cache
	store    *store.Store
	audit    *audit.Log
	desk     *entry.Desk
	handler  http.Handler
	staffID  string
	// ahead moves the console's own clock.
	ahead atomic.Int64
	peers atomic.Int64
	// waited is how long each answer was held back that must not tell who is known.
	waited []time.Duration
	mu     sync.Mutex
}

func (f *fixture) now() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }

// advance moves both clocks on.
func (f *fixture) advance(d time.Duration) {
	f.ahead.Add(int64(d))
	f.sandbox.Advance(d)
}

func newFixture(t testing.TB, s setup) *fixture {
	t.Helper()
	f := &fixture{t: t}
	if s.timeout == 0 {
		s.timeout = 10 * time.Second
	}
	if s.budget == 0 {
		s.budget, s.perSession = 1_000_000, 1_000_000
	}
	if s.sessionHours == 0 {
		s.sessionHours = 8
	}
	if s.sandbox.SearchesPerMinute == 0 {
		s.sandbox.SearchesPerMinute = -1
	}
	s.sandbox.RedirectURL = publicURL + paths.Authenticate
	var err error
	if f.sandbox, err = sandbox.New(s.sandbox); err != nil {
		t.Fatal(err)
	}
	var upstream http.Handler = f.sandbox
	if !s.unchecked {
		upstream = contract.Check(t, f.sandbox)
	}
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	keys := [][]byte{[]byte(strings.Repeat("k", 32))}
	limits := session.Limits{Idle: 30 * time.Minute, Length: time.Duration(s.sessionHours) * time.Hour, Rings: 1000}
	f.store = openStore(t, limits, f.now)
	t.Cleanup(func() { _ = f.store.Close() }) // the file goes with the test
	f.audit, err = audit.New(t.Context(), audit.Options{Store: f.store.Durable(), Keys: keys, Now: f.now})
	if err != nil {
		t.Fatal(err)
	}
	f.client, err = stytch.New(stytch.Options{
		Recorder: f.audit,
		BaseURL:  server.URL, ProjectID: f.sandbox.ProjectID(), Secret: stytch.Secret(f.sandbox.Secret()),
		Timeout: s.timeout, MaxAnswer: 4 << 20, Budget: stytch.NewBudget(s.budget, s.perSession, f.now),
		Transport: s.transport,
		Expect:    func(roles []string, resource, action string) bool { return f.policy.May(roles, resource, action) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.client.Close)
	f.policy = authz.NewCache(t.Context(), f.loadPolicy, time.Hour, time.Now)
	if !s.coldPolicy {
		if err := f.policy.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !s.noStaff {
		f.staffID = f.sandbox.StaffOrganizationID()
	}
	f.sessions, err = session.New(session.Options{
		Client: f.client, StaffOrganizationID: f.staffID, Keys: keys, Now: f.now, Limits: limits,
		Tickets: f.store.Tickets(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sessions.Close)
	log := s.log
	if log == nil {
		log = io.Discard
	}
	o := f.options()
	o.Log, o.SessionMinutes, o.UpstreamURL = slog.New(slog.NewJSONHandler(log, nil)), s.sessionHours*60, server.URL
	o.TrustedProxies = prefixes(t, s.proxies)
	f.handler = handlers.New(o)
	return f
}

func (f *fixture) loadPolicy(ctx context.Context) (authz.Policy, error) {
	got, err := f.client.Policy(stytch.WithCaller(ctx, stytch.Caller{Allowed: []stytch.Operation{stytch.PolicyGet}}))
	var policy authz.Policy
	for _, role := range got.Roles {
		r := authz.Role{ID: role.ID}
		for _, p := range role.Permissions {
			r.Permissions = append(r.Permissions, authz.Permission(p))
		}
		policy.Roles = append(policy.Roles, r)
	}
	for _, scope := range got.Scopes {
		one := authz.Scope{Name: scope.Scope, Description: scope.Description}
		for _, p := range scope.Permissions {
			one.Permissions = append(one.Permissions, authz.Permission(p))
		}
		policy.Scopes = append(policy.Scopes, one)
	}
	return policy, err
}

// organization is the id of the hand-made organization with this slug.
func (f *fixture) organization(slug string) string {
	f.t.Helper()
	if slug == "support-desk" {
		return f.sandbox.StaffOrganizationID()
	}
	id, err := f.sandbox.OrganizationID(slug)
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// member is the id of a member by organization slug and e-mail address.
func (f *fixture) member(slug, email string) string {
	f.t.Helper()
	id, err := f.sandbox.MemberID(slug, email)
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

// browser is one person's browser: it keeps cookies and has an address of its own.
type browser struct {
	f       *fixture
	cookies map[string]string
	address string
	headers map[string]string
	// ready is a form of a page that was shown before.
	ready url.Values
}

func (f *fixture) browser() *browser {
	n := f.peers.Add(1)
	return &browser{f: f, cookies: map[string]string{}, address: "10." + strconv.FormatInt(n/250, 10) + ".0." + strconv.FormatInt(n%250+1, 10) + ":4000"}
}

// clone is the same browser in another tab that has its own view of what came back.
func (b *browser) clone() *browser {
	c := *b
	c.cookies = maps.Clone(b.cookies)
	return &c
}

func (b *browser) get(path string, headers ...string) *answer {
	return b.do(http.MethodGet, path, nil, headers...)
}

func (b *browser) post(path string, form url.Values, headers ...string) *answer {
	return b.do(http.MethodPost, path, form, headers...)
}

// do sends a request as a page of the console would; headers are names and values in turn, and an empty value removes one.
func (b *browser) do(method, path string, form url.Values, headers ...string) *answer {
	b.f.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(b.withTicket(path, form).Encode())
	}
	r := httptest.NewRequestWithContext(b.f.t.Context(), method, publicURL+path, body)
	r.RemoteAddr = b.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.headers {
		r.Header.Set(k, v)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		switch name, value := headers[i], headers[i+1]; {
		case value == "":
			r.Header.Del(name)
		case name == "Host":
			r.Host = value
		default:
			r.Header.Set(name, value)
		}
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.f.handler.ServeHTTP(w, r)
	result := w.Result()
	defer func() { _ = result.Body.Close() }()
	for _, c := range result.Cookies() {
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return &answer{t: b.f.t, f: b.f, status: w.Code, header: w.Header(), body: w.Body.String(), page: w.Header().Get("X-Request-Id"), sent: form}
}

// withTicket adds what every form carries that a page shows; TestFormsCarryTickets sees to it that they do.
func (b *browser) withTicket(path string, form url.Values) url.Values {
	if form.Has("ticket") {
		return form
	}
	email := b.email()
	if email == "" {
		return form
	}
	form = maps.Clone(form)
	target, _, _ := strings.Cut(path, "?")
	form.Set("ticket", b.f.sessions.Ticket(email, target))
	return form
}

// email is who is signed in, or "".
func (b *browser) email() string {
	r := httptest.NewRequestWithContext(b.f.t.Context(), http.MethodGet, publicURL+paths.Root, nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	ctx, err := b.f.sessions.Load(r)
	if err != nil {
		return ""
	}
	if p := b.f.sessions.Person(ctx); p != nil {
		return p.Email
	}
	return ""
}

// lastMail is the newest message to an address.
func (f *fixture) lastMail(email string) sandbox.Message {
	f.t.Helper()
	for _, m := range f.sandbox.Outbox() {
		if m.To == email {
			return m
		}
	}
	f.t.Fatalf("nothing was sent to %s", email)
	return sandbox.Message{}
}

// discover brings a browser to the list of organizations, by code.
func (b *browser) discover(email string) {
	b.f.t.Helper()
	b.post(paths.Login, url.Values{"email": {email}, "method": {"code"}}).leads(paths.LoginSent)
	b.post(paths.LoginCode, url.Values{"code": {b.f.lastMail(email).Code}}).leads(paths.LoginOrganizations)
}

// signIn signs a browser in to an organization, by code.
func (f *fixture) signIn(email, slug string) *browser {
	f.t.Helper()
	b := f.browser()
	b.discover(email)
	b.post(paths.LoginOrganizations, url.Values{"organization_id": {f.organization(slug)}}).want(http.StatusSeeOther)
	return b
}

// enter takes the key of a tenant.
func (b *browser) enter(slug string) *browser {
	b.f.t.Helper()
	id := b.f.organization(slug)
	b.post(paths.Enter(id), url.Values{"return": {paths.Organization(id)}}).leads(paths.Organization(id))
	return b
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func prefixes(t testing.TB, cidrs []string) []netip.Prefix {
	t.Helper()
	var out []netip.Prefix
	for _, cidr := range cidrs {
		p, err := netip.ParsePrefix(cidr)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}
