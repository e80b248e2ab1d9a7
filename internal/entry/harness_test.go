package entry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/contract"
	"console.internal/internal/entry"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

const (
	ada    = "ada@support.example"
	sam    = "sam@support.example"
	role   = "tenant_support"
	length = 4 * time.Hour
)

// errDead is what a process gets that is no more.
var errDead = errors.New("the process is dead")

// errFull is what a record says that cannot be written.
var errFull = errors.New("the disk is full")

// world is a desk over a record that outlives it, in front of an upstream that does too.
type world struct {
	*entry.Desk
	t      *testing.T
	box    *sandbox.Server
	client *stytch.Client
	memory *entry.Memory
	wire   *wire
	// life is what a process can still do.
	life *life

	mu    sync.Mutex
	ahead time.Duration
	notes []stytch.Act
	rings map[string]bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Check(t, box))
	t.Cleanup(server.Close)
	w := &world{t: t, box: box, memory: &entry.Memory{}, life: &life{}, rings: map[string]bool{"ring-ada": true, "ring-sam": true}}
	w.wire = &wire{life: w.life}
	w.client, err = stytch.New(stytch.Options{
		BaseURL: server.URL, ProjectID: box.ProjectID(), Secret: stytch.Secret(box.Secret()), Timeout: 5 * time.Second, MaxAnswer: 1 << 20, Transport: w.wire,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	w.restart()
	return w
}

// restart starts the console anew: the desk is another one, the record and the upstream are the same.
func (w *world) restart() {
	w.life.revive()
	w.Desk = entry.New(entry.Options{
		Client: w.client, Keeper: &mortal{w.memory, w.life}, StaffOrganizationID: w.box.StaffOrganizationID(), Role: role, Length: length,
		CameIn: "enter", Went: "leave", Now: w.now,
		Rings: func(_ context.Context, id string) (bool, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.rings[id], nil
		},
		Note: func(_ context.Context, a stytch.Act, o stytch.Outcome) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			if o.Result != stytch.ResultDone {
				w.t.Errorf("%s is noted as %s", a.Name, o.Result)
			}
			w.notes = append(w.notes, a)
			return nil
		},
	})
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
	w.box.Advance(d)
}

// organization is the id of a tenant of the seed.
func (w *world) organization(slug string) string {
	w.t.Helper()
	if slug == "support-desk" {
		return w.box.StaffOrganizationID()
	}
	id, err := w.box.OrganizationID(slug)
	w.must(err)
	return id
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// member is the id of a member, or "" where there is none.
func (w *world) member(slug, email string) string {
	id, err := w.box.MemberID(slug, email)
	if err != nil {
		return ""
	}
	return id
}

// staff is a session of the staff organization.
func (w *world) staff(email string) stytch.Staff {
	w.t.Helper()
	token, err := w.box.NewSession("support-desk", email)
	w.must(err)
	return w.client.HoldStaff(stytch.Key{OrganizationID: w.box.StaffOrganizationID(), MemberID: w.member("support-desk", email), Token: stytch.Secret(token)})
}

// asking is the context of a request that may enter.
func (w *world) asking() context.Context {
	return stytch.WithCaller(w.t.Context(), caller(ada, stytch.OrganizationGet, stytch.EntryCreate))
}

func caller(email string, allowed ...stytch.Operation) stytch.Caller {
	return stytch.Caller{RequestID: "0123456789abcdef0123", Actor: stytch.Actor{Email: email}, Allowed: allowed}
}

// enter asks for an entry.
func (w *world) enter(email, slug string) (entry.Entry, error) {
	w.t.Helper()
	who, _, _ := strings.Cut(email, "@")
	return w.Enter(w.asking(), w.staff(email), entry.Visitor{
		Email: email, Name: who, MemberID: w.member("support-desk", email), RingID: "ring-" + who,
	}, w.organization(slug), "SUP-1: why not")
}

// goIn enters the whole way.
func (w *world) goIn(email, slug string) entry.Entry {
	w.t.Helper()
	e, err := w.enter(email, slug)
	w.must(err)
	e, ok, err := w.Inside(w.t.Context(), caller(email), e.OrganizationID, e.MemberID)
	w.must(err)
	if !ok {
		w.t.Fatal("the member that was made is nobody's entry")
	}
	return e
}

func (w *world) sweep() {
	w.t.Helper()
	w.must(w.Sweep(w.t.Context()))
}

// open are the entries of the record.
func (w *world) open() []entry.Entry {
	w.t.Helper()
	open, err := w.memory.Open(w.t.Context())
	w.must(err)
	return open
}

// left fails unless so many entries are open, and the staff member is a member there or not.
func (w *world) left(email, slug string, member bool, open int) {
	w.t.Helper()
	if got := w.member(slug, email) != ""; got != member || len(w.open()) != open {
		w.t.Errorf("%s is a member of %s: %t, and %d are open; want %t and %d", email, slug, got, len(w.open()), member, open)
	}
}

// life counts what a process does, and ends it at one of its steps. Each step has a beginning and an end.
type life struct {
	mu         sync.Mutex
	step, last int
	dead       bool
	// steps are the names of what was done.
	steps []string
	// full has the record take nothing new, while everything else goes on.
	full bool
}

func (l *life) revive() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead, l.last = false, 0
}

// until has the process die at this step, counted from now.
func (l *life) until(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.step, l.last, l.steps = 0, n, nil
}

// goOn is called at each step, and is an error where the process does not live to take it.
func (l *life) goOn(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.step++
	l.steps = append(l.steps, name)
	if l.dead = l.dead || (l.last > 0 && l.step >= l.last); l.dead {
		return errDead
	}
	return nil
}

// do takes a step of a process: it may die before it, and right after it.
func (l *life) do(name string, step func() error) error {
	if err := l.goOn("before " + name); err != nil {
		return err
	}
	if err := step(); err != nil {
		return err
	}
	return l.goOn("after " + name)
}

// mortal is a record as a process sees it that may die.
type mortal struct {
	*entry.Memory
	life *life
}

func (m *mortal) Begin(ctx context.Context, e entry.Entry) error {
	if m.life.full {
		return errFull
	}
	return m.life.do("begin", func() error { return m.Memory.Begin(ctx, e) })
}

func (m *mortal) Made(ctx context.Context, id, memberID string) error {
	return m.life.do("made", func() error { return m.Memory.Made(ctx, id, memberID) })
}

func (m *mortal) Extend(ctx context.Context, id string, until time.Time) error {
	return m.life.do("extend", func() error { return m.Memory.Extend(ctx, id, until) })
}

func (m *mortal) Expire(ctx context.Context, ids ...string) error {
	return m.life.do("expire", func() error { return m.Memory.Expire(ctx, ids...) })
}

func (m *mortal) End(ctx context.Context, id string) (was bool, err error) {
	err = m.life.do("end", func() error { was, err = m.Memory.End(ctx, id); return err })
	return was, err
}

// wire carries calls, and loses them with the process.
type wire struct {
	life *life
	mu   sync.Mutex
	// seen are the calls that arrived, lose says which ones get lost on the way, and keep has what was lost.
	seen []string
	lose func(*http.Request) bool
	kept *http.Request
	// change changes an answer.
	change func(*http.Request, string) string
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	name := r.Method + " " + r.URL.Path
	err = w.life.do(name, func() error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.lose != nil && w.lose(r) {
			w.kept = r.Clone(context.WithoutCancel(r.Context()))
			body, err := r.GetBody()
			w.kept.Body = body
			return errors.Join(err, errors.New("lost on the way"))
		}
		w.seen = append(w.seen, name)
		if answer, err = http.DefaultTransport.RoundTrip(r); err != nil || w.change == nil { //nolint:bodyclose // the caller closes it
			return err
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		changed := w.change(r, string(text))
		answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
		return err
	})
	if err != nil && answer != nil {
		_ = answer.Body.Close()
		answer = nil
	}
	return answer, err
}

// deleted are the paths of the members that were to be deleted.
func (w *wire) deleted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, call := range w.seen {
		if path, ok := strings.CutPrefix(call, "DELETE "); ok {
			out = append(out, path)
		}
	}
	return out
}
