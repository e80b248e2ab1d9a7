package entry_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/entry"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// dangerouslyGet asks the upstream for a member, by hand.
func (w *world) dangerouslyGet(memberID string) string {
	w.t.Helper()
	return w.byHand(http.MethodGet, "/v1/b2b/organizations/members/dangerously_get/"+memberID)
}

// byHand makes a call with the project secret, as somebody does who is not the console.
func (w *world) byHand(method, path string) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, path, http.NoBody)
	w.must(err)
	r.SetBasicAuth(w.box.ProjectID(), w.box.Secret())
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.box.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

// After its hours an entry ends by itself, and not before.
func TestSweepAfterTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.goIn(ada, "quayside")
	w.advance(time.Hour)
	w.goIn(sam, "quayside")
	w.advance(length - time.Hour - time.Minute)
	w.sweep()
	w.left(ada, "quayside", true, 2)
	w.advance(time.Minute)
	w.sweep()
	w.left(ada, "quayside", false, 1)
	w.left(sam, "quayside", true, 1)
	w.restart()
	w.sweep()
	w.left(sam, "quayside", true, 1) // a restart throws nobody out
	w.advance(time.Hour)
	w.sweep()
	w.left(sam, "quayside", false, 0)
}

// Whoever does not finish coming in is not left on the threshold.
func TestSweepOfTheUnfinished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.enter(ada, "quayside")
	w.must(err)
	w.advance(14 * time.Minute)
	w.sweep()
	w.left(ada, "quayside", true, 1)
	w.advance(time.Minute)
	w.sweep()
	w.left(ada, "quayside", false, 0)
}

// An entry goes with the browser session that it was made in.
func TestSweepOfRingsThatAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.goIn(ada, "quayside")
	w.goIn(sam, "quayside")
	w.mu.Lock()
	delete(w.rings, "ring-ada")
	w.mu.Unlock()
	w.sweep()
	w.left(ada, "quayside", false, 1)
	w.left(sam, "quayside", true, 1)
}

// Signing out ends what that browser has entered, and no more.
func TestEndRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.goIn(ada, "quayside")
	_, err := w.enter(ada, "fjord")
	w.must(err)
	w.goIn(sam, "quayside")
	w.must(w.EndRing(t.Context(), caller(ada), "ring-ada"))
	w.left(ada, "quayside", false, 1)
	w.left(ada, "fjord", false, 1)
	w.left(sam, "quayside", true, 1)
	w.must(w.EndRing(t.Context(), caller(ada), ""))
	w.left(sam, "quayside", true, 1)
}

// Nothing is deleted that is not in the record, whoever is a member with whatever external id.
func TestSweepDeletesWhatIsInTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entries := []entry.Entry{w.goIn(ada, "quayside"), w.goIn(sam, "quayside"), w.goIn(ada, "fjord")}
	w.advance(length)
	w.sweep()
	w.sweep()
	var want []string
	for _, e := range entries {
		want = append(want, "/v1/b2b/organizations/"+e.OrganizationID+"/members/"+e.MemberID)
	}
	got := w.wire.deleted()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("deleted were\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for slug, email := range map[string]string{"acme": ada, "umbrella": sam, "support-desk": ada, "quayside": "victor.hale@quayside.example"} {
		if w.member(slug, email) == "" {
			t.Errorf("%s is no member of %s any more", email, slug)
		}
	}
}

// Somebody else may have been quicker.
func TestSweepOfWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.goIn(ada, "quayside")
	w.goIn(sam, "fjord")
	w.must(w.box.RemoveMember("quayside", ada))
	w.byHand(http.MethodDelete, "/v1/b2b/organizations/"+w.organization("fjord"))
	if _, was, err := w.End(t.Context(), caller(ada), e.ID); !was || err != nil {
		t.Errorf("%t, %v", was, err)
	}
	w.advance(length)
	w.sweep()
	if n := len(w.open()); n != 0 {
		t.Errorf("%d are open", n)
	}
}

// What fails is tried again; and what only looks like the end is none.
func TestSweepTriesAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"500":               {Kind: sandbox.FaultStatus, Status: 500},
		"429":               {Kind: sandbox.FaultStatus, Status: 429},
		"another 404":       {Kind: sandbox.FaultStatus, Status: 404, ErrorType: "route_not_found"},
		"a nameless 404":    {Kind: sandbox.FaultStatus, Status: 404},
		"wrong secret":      {Kind: sandbox.FaultStatus, Status: 401, ErrorType: "unauthorized_credentials"},
		"no answer":         {Kind: sandbox.FaultReset},
		"an answer in vain": {Kind: sandbox.FaultHTML},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.goIn(ada, "quayside")
			w.goIn(sam, "fjord")
			w.advance(length)
			fault.Operation, fault.Count = stytch.EntryDelete.String(), 1
			w.must(w.box.SetFault(fault))
			if err := w.Sweep(t.Context()); err == nil {
				t.Error("it is said to be done")
			}
			open := w.open()
			if len(open) != 1 || open[0].Attempts != 1 || !open[0].Until.IsZero() {
				t.Errorf("%+v; the other one should be ended all the same", open)
			}
			w.sweep()
			w.left(ada, "quayside", false, 0)
			w.left(sam, "fjord", false, 0)
		})
	}
}

// Whoever is about to be thrown out does not come in.
func TestInsideOfAnEndedEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, err := w.enter(ada, "quayside")
	w.must(err)
	w.must(w.memory.Expire(t.Context(), e.ID))
	if _, _, err := w.Inside(t.Context(), caller(ada), e.OrganizationID, e.MemberID); !errors.Is(err, entry.ErrEnded) {
		t.Errorf("%v", err)
	}
	if _, ok, err := w.Inside(t.Context(), caller(ada), w.organization("acme"), w.member("acme", ada)); ok || err != nil {
		t.Errorf("a member of their own: %t, %v", ok, err)
	}
	again := w.goIn(sam, "quayside")
	if same, ok, err := w.Inside(t.Context(), caller(sam), again.OrganizationID, again.MemberID); !ok || err != nil || !same.Until.Equal(again.Until) {
		t.Errorf("coming in once more gives %v in place of %v: %t, %v", same.Until, again.Until, ok, err)
	}
}

// Start sweeps at once, and Close waits for it.
func TestStartSweeps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.goIn(ada, "quayside")
	w.advance(length)
	w.restart()
	w.Start(t.Context())
	tick, deadline := time.NewTicker(time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for len(w.open()) > 0 {
		select {
		case <-deadline:
			t.Fatal("nothing is swept")
		case <-tick.C:
		}
	}
	w.Close()
	w.Close()
	w.left(ada, "quayside", false, 0)
}
