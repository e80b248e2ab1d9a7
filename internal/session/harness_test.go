package session

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

const (
	home  = "organization-test-11111111-1111-4111-8111-111111111111"
	acme  = "organization-test-22222222-2222-4222-8222-222222222222"
	third = "organization-test-33333333-3333-4333-8333-333333333333"
	ada   = "ada@support.example"
)

var limits = Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 100}

// clock is a time that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// key is a key for cookies, different for each letter.
func key(letter string) []byte { return []byte(strings.Repeat(letter, 32)) }

// upstream remembers the member sessions that calls came with, and says that there are no apps.
type upstream struct {
	*httptest.Server

	mu   sync.Mutex
	seen []string
}

func newUpstream(t testing.TB) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.mu.Lock()
		u.seen = append(u.seen, r.Header.Get("X-Stytch-Member-Session"))
		u.mu.Unlock()
		_, _ = w.Write([]byte(`{"connected_apps":[]}`))
	}))
	t.Cleanup(u.Close)
	return u
}

// token is what a key really opens: the token that a call with it carries.
func (u *upstream) token(t testing.TB, held stytch.Tenant) string {
	t.Helper()
	u.mu.Lock()
	u.seen = nil
	u.mu.Unlock()
	if _, err := held.ConnectedApps(stytch.WithCaller(t.Context(), stytch.Caller{Allowed: []stytch.Operation{stytch.ConnectedAppsList}})); err != nil {
		t.Fatal(err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.seen[0]
}

// count is how many calls have come since a token was last asked for.
func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.seen)
}

// world is the sessions of one console.
type world struct {
	*Sessions

	t        testing.TB
	clock    *clock
	upstream *upstream
	ring     *Memory
	store    *memory
}

func newWorld(t testing.TB, keys ...[]byte) *world {
	t.Helper()
	if len(keys) == 0 {
		keys = [][]byte{key("a")}
	}
	u := newUpstream(t)
	client, err := stytch.New(stytch.Options{
		BaseURL: u.URL, ProjectID: "project-test-1", Secret: "secret", Timeout: 10 * time.Second, MaxAnswer: 1 << 16,
	})
	must(t, err)
	t.Cleanup(client.Close)
	w := &world{t: t, clock: newClock(), upstream: u}
	w.ring = NewMemory(limits, w.clock.read)
	w.Sessions, err = New(Options{Client: client, StaffOrganizationID: home, Limits: limits, Keys: keys, Now: w.clock.read, Ring: w.ring})
	must(t, err)
	w.store = w.memory
	t.Cleanup(w.Close)
	return w
}

// signIn is a finished sign-in of somebody to an organization, with a token of its own.
func (w *world) signIn(organizationID, email string) stytch.SignIn {
	in := stytch.SignIn{MemberID: "member-of-" + organizationID, SessionToken: stytch.Secret("token-for-" + organizationID), Done: true}
	in.Member = stytch.Member{ID: in.MemberID, OrganizationID: organizationID, Email: email, Name: "Ada"}
	in.Organization.ID, in.Organization.Name, in.Organization.Slug = organizationID, "Name of "+organizationID, "slug"
	in.Session = stytch.MemberSession{ID: "ms", Roles: []string{"role"}, ExpiresAt: stytch.Time{Time: w.clock.read().Add(12 * time.Hour)}}
	return in
}

// browser keeps cookies between requests.
type browser struct {
	w       *world
	cookies map[string]string
	set     []*http.Cookie
}

func (w *world) browser() *browser { return &browser{w: w, cookies: map[string]string{}} }

// request is what the middleware makes of one: its session is loaded, and finish writes it back.
func (b *browser) request() (ctx context.Context, r *http.Request, rec *httptest.ResponseRecorder, finish func()) {
	t := b.w.t
	t.Helper()
	r = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://console.example/", nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	ctx, err := b.w.Load(r)
	must(t, err)
	rec = httptest.NewRecorder()
	return ctx, r.WithContext(ctx), rec, func() {
		must(t, b.w.Save(ctx, rec))
		result := rec.Result()
		_ = result.Body.Close()
		b.set = result.Cookies()
		for _, c := range b.set {
			if c.MaxAge < 0 || c.Value == "" {
				delete(b.cookies, c.Name)
			} else {
				b.cookies[c.Name] = c.Value
			}
		}
	}
}

// do runs one request.
func (b *browser) do(f func(ctx context.Context)) {
	ctx, _, _, finish := b.request()
	f(ctx)
	finish()
}

// begin signs ada in.
func (b *browser) begin(organizationID string) {
	b.w.t.Helper()
	b.do(func(ctx context.Context) {
		_, err := b.w.Begin(ctx, b.w.signIn(organizationID, ada))
		must(b.w.t, err)
	})
}

// person is who the browser's next request belongs to.
func (b *browser) person() *Person {
	b.w.t.Helper()
	var p *Person
	b.do(func(ctx context.Context) { p = b.w.Person(ctx) })
	return p
}

// enter adds the key of an organization.
func (b *browser) enter(organizationID string) {
	b.w.t.Helper()
	_, err := b.person().Add(b.w.signIn(organizationID, ada))
	must(b.w.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ids(keys []Key) string {
	var out []string
	for _, k := range keys {
		out = append(out, k.OrganizationID)
	}
	return fmt.Sprint(out)
}
