// Package entrytest is what every [entry.Keeper] has to do, as tests. Each implementation runs [Keeper] from a test of its own.
package entrytest

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/internal/entry"
)

// Keeper holds an implementation to what the desk relies on. Fresh returns an empty one.
func Keeper(t *testing.T, fresh func(t *testing.T) entry.Keeper) {
	t.Helper()
	for name, test := range map[string]func(w *world){
		"begins, and ends once": endsOnce, "keeps everything": keepsAll, "the oldest first": inOrder, "is found by its member": byMember,
		"is due": expires, "is not extended when due": noExtension, "ends for one of many": endsForOne, "counts what failed": counts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&world{fresh(t), t})
		})
	}
}

type world struct {
	entry.Keeper
	t *testing.T
}

var began = time.Date(2026, time.November, 22, 14, 30, 0, 0, time.UTC)

// begin writes an entry down that was begun so many minutes after the first one.
func (w *world) begin(id string, minutes int) entry.Entry {
	w.t.Helper()
	at := began.Add(time.Duration(minutes) * time.Minute)
	e := entry.Entry{
		ID: id, OrganizationID: "organization-" + id, Organization: "Acme <b>", Email: "ada@support.example", Name: "Ada",
		ByMemberID: "member-ada", Reason: "SUP-1 'quoted' \u202e", RingID: "ring-" + id, Began: at, Until: at.Add(15 * time.Minute),
	}
	w.must(w.Begin(w.t.Context(), e))
	return e
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) open() []entry.Entry {
	w.t.Helper()
	open, err := w.Open(w.t.Context())
	w.must(err)
	return open
}

func (w *world) ids() []string {
	w.t.Helper()
	var ids []string
	for _, e := range w.open() {
		ids = append(ids, e.ID)
	}
	return ids
}

func (w *world) ends(id string, want bool) {
	w.t.Helper()
	if was, err := w.End(w.t.Context(), id); was != want || err != nil {
		w.t.Errorf("ending %s: %t, %v", id, was, err)
	}
}

func endsOnce(w *world) {
	if n := len(w.open()); n != 0 {
		w.t.Fatalf("%d are open at the beginning", n)
	}
	w.begin("a", 0)
	w.ends("nobody", false)
	w.ends("a", true)
	w.ends("a", false)
	if err := w.Made(w.t.Context(), "a", "member-a"); !errors.Is(err, entry.ErrEnded) {
		w.t.Errorf("making after the end: %v", err)
	}
	if n := len(w.open()); n != 0 {
		w.t.Errorf("%d are open at the end", n)
	}
}

func keepsAll(w *world) {
	want := w.begin("a", 0)
	w.must(w.Made(w.t.Context(), "a", "member-a"))
	want.MemberID = "member-a"
	want.Until = began.Add(4 * time.Hour)
	w.must(w.Extend(w.t.Context(), "a", want.Until))
	got := w.open()
	if len(got) != 1 || !got[0].Began.Equal(want.Began) || !got[0].Until.Equal(want.Until) {
		w.t.Fatalf("%+v", got)
	}
	got[0].Began, got[0].Until = want.Began, want.Until
	if got[0] != want {
		w.t.Errorf("%+v, want %+v", got[0], want)
	}
}

func inOrder(w *world) {
	for id, minutes := range map[string]int{"b": 2, "c": 3, "a": 1} {
		w.begin(id, minutes)
	}
	if got := w.ids(); !slices.Equal(got, []string{"a", "b", "c"}) {
		w.t.Errorf("%v", got)
	}
}

func byMember(w *world) {
	of := func(organizationID, memberID, want string) {
		w.t.Helper()
		e, ok, err := w.Of(w.t.Context(), organizationID, memberID)
		if e.ID != want || ok != (want != "") || err != nil {
			w.t.Errorf("%q in %s: %q, %t, %v", memberID, organizationID, e.ID, ok, err)
		}
	}
	w.begin("a", 0)
	w.begin("b", 1)
	of("organization-a", "", "") // nobody is a member by no name
	w.must(w.Made(w.t.Context(), "a", "member-a"))
	of("organization-a", "member-a", "a")
	of("organization-b", "member-a", "")
	of("organization-a", "member-b", "")
	of("organization-b", "", "")
	w.ends("a", true)
	of("organization-a", "member-a", "")
}

func expires(w *world) {
	for i, id := range []string{"a", "b", "c", "d"} {
		w.begin(id, i)
	}
	w.ends("d", true)
	w.must(w.Expire(w.t.Context()))
	w.must(w.Expire(w.t.Context(), "a", "c", "d", "nobody"))
	var due []string
	for _, e := range w.open() {
		if e.Until.IsZero() {
			due = append(due, e.ID)
		}
	}
	if !slices.Equal(due, []string{"a", "c"}) || !slices.Equal(w.ids(), []string{"a", "b", "c"}) {
		w.t.Errorf("due are %v of %v", due, w.ids())
	}
}

func noExtension(w *world) {
	w.begin("a", 0)
	w.must(w.Expire(w.t.Context(), "a"))
	w.must(w.Made(w.t.Context(), "a", "member-a")) // what is to be deleted is better known than not
	for _, id := range []string{"a", "nobody"} {
		if err := w.Extend(w.t.Context(), id, began.Add(time.Hour)); !errors.Is(err, entry.ErrEnded) {
			w.t.Errorf("%s: %v", id, err)
		}
	}
	if e := w.open()[0]; !e.Until.IsZero() || e.MemberID != "member-a" {
		w.t.Errorf("%+v", e)
	}
}

func endsForOne(w *world) {
	for i := range 5 {
		id := strconv.Itoa(i)
		w.begin(id, 0)
		var ended atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				was, err := w.End(w.t.Context(), id)
				if err != nil {
					w.t.Error(err)
				}
				if was {
					ended.Add(1)
				}
			})
		}
		wg.Wait()
		if ended.Load() != 1 {
			w.t.Errorf("%d have ended it", ended.Load())
		}
	}
}

func counts(w *world) {
	w.begin("a", 0)
	w.begin("b", 1)
	for range 3 {
		w.must(w.Failed(w.t.Context(), "b"))
	}
	w.must(w.Failed(w.t.Context(), "nobody"))
	if open := w.open(); open[0].Attempts != 0 || open[1].Attempts != 3 {
		w.t.Errorf("%+v", open)
	}
}
