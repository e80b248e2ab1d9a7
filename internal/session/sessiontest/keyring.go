package sessiontest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"console.internal/internal/session"
)

// Make makes an empty keyring with these limits, which goes by this clock.
type Make func(t testing.TB, limits session.Limits, now func() time.Time) session.Keyring

const (
	home  = "organization-test-11111111-1111-4111-8111-111111111111"
	acme  = "organization-test-22222222-2222-4222-8222-222222222222"
	third = "organization-test-33333333-3333-4333-8333-333333333333"
	ada   = "ada@support.example"
)

var limits = session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 100}

// groups are the tests, by what they show.
var groups = map[string]func(*world){
	"a ring comes back as it was put":     roundTrip,
	"a fresh ring takes the place of one": beginAnew,
	"copies":                              copies,
	"ends exactly":                        endsExactly,
	"a clock that is set back":            clockSetBack,
	"asking is no use":                    askingIsNoUse,
	"use is known to the minute":          useGrain,
	"keys expire":                         keysExpire,
	"add":                                 add,
	"add holds one key":                   addOnce,
	"replace":                             replace,
	"drop":                                drop,
	"learn":                               learn,
	"move":                                move,
	"end":                                 end,
	"ends once":                           endsOnce,
	"makes room":                          makesRoom,
	"what has ended makes room first":     endedMakesRoom,
	"nothing is revived":                  nothingIsRevived,
	"parallel requests lose nothing":      parallel,
	"parallel with the end":               parallelEnd,
	"pend":                                pend,
	"pend is of the person":               pendOfThePerson,
	"pendings expire":                     pendingsExpire,
	"sent":                                sent,
	"notes":                               notes,
	"rings are apart":                     apart,
	"odd texts":                           oddTexts,
}

// Keyring runs all tests.
func Keyring(t *testing.T, fresh Make) {
	for name, group := range groups {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group(newWorld(t, fresh, limits))
		})
	}
}

// world is one keyring, and a time that the test moves.
type world struct {
	session.Keyring

	t     *testing.T
	fresh Make
	ctx   context.Context

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T, fresh Make, l session.Limits) *world {
	t.Helper()
	w := &world{t: t, fresh: fresh, ctx: t.Context(), now: time.Date(2026, 11, 28, 9, 14, 0, 123, time.UTC)}
	w.Keyring = fresh(t, l, w.read)
	return w
}

func (w *world) read() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// is fails unless the error is the wanted one.
func (w *world) is(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("the error is %v, not %v", err, want)
	}
}

// key is a key of an organization, good for a day.
func (w *world) key(organizationID, sealed string) session.RingKey {
	return session.RingKey{
		OrganizationID: organizationID, MemberID: "member-of-" + organizationID, Name: "Name of " + organizationID, Slug: "slug",
		Roles: []string{"role", "other, \"role\""}, Expires: w.read().Add(24 * time.Hour), Sealed: []byte(sealed),
	}
}

// begin puts a ring with its home key.
func (w *world) begin(id string) {
	w.t.Helper()
	w.must(w.Begin(w.ctx, id, session.Ring{Email: ada, Name: "Ada", Home: home, Keys: session.RingKeys{w.key(home, "h")}}))
}

// use is the ring, or one without anything.
func (w *world) use(id string) (session.Ring, bool) {
	w.t.Helper()
	r, ok, err := w.Use(w.ctx, id)
	w.must(err)
	return r, ok
}

func (w *world) has(id string) bool {
	w.t.Helper()
	ok, err := w.Has(w.ctx, id)
	w.must(err)
	return ok
}

// sealed is what the key of an organization holds, or "none".
func (w *world) sealed(id, organizationID string) string {
	w.t.Helper()
	r, _ := w.use(id)
	if key := r.Keys.Get(organizationID); key != nil {
		return string(key.Sealed)
	}
	return "none"
}

// pending is the sealed token of the sign-in to an organization, or "none".
func (w *world) pending(id, organizationID string) string {
	w.t.Helper()
	if p, ok := w.look(id, organizationID); ok {
		return string(p.Sealed)
	}
	return "none"
}

func (w *world) look(id, organizationID string) (session.RingPending, bool) {
	w.t.Helper()
	all, err := w.Pendings(w.ctx, id)
	w.must(err)
	for _, p := range all {
		if p.OrganizationID == organizationID {
			return p, true
		}
	}
	return session.RingPending{}, false
}

// note is what is kept for a purpose, or "none".
func (w *world) note(id, purpose string) string {
	w.t.Helper()
	n, ok, err := w.Note(w.ctx, id, purpose)
	w.must(err)
	if !ok {
		return "none"
	}
	return string(n.Sealed)
}

// middle is a sign-in in the middle.
func (w *world) middle(organizationID, sealed string) session.RingPending {
	return session.RingPending{
		More: session.More{OrganizationID: organizationID}, Email: ada, Expires: w.read().Add(session.IntermediateLife), Sealed: []byte(sealed),
	}
}

func (w *world) noteFor(purpose, sealed string) session.RingNote {
	return session.RingNote{Purpose: purpose, Expires: w.read().Add(session.IntermediateLife), Sealed: []byte(sealed)}
}
