package store_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := open(t, o)
	blobs := s.Sessions()
	must(t, blobs.Commit("a", []byte("1"), time.Now().Add(time.Hour)))
	must(t, blobs.Commit("a", []byte("2\x00"), time.Now().Add(time.Hour)))
	must(t, blobs.Commit("old", []byte("3"), time.Now().Add(-time.Second)))
	for token, want := range map[string]string{"a": "2\x00", "old": "", "none": ""} {
		if data, found, err := blobs.Find(token); string(data) != want || found != (want != "") || err != nil {
			t.Errorf("%s: %q, %t, %v", token, data, found, err)
		}
	}
	must(t, s.Sweep(t.Context()))
	if n := count(t, o, "sessions"); n != 1 {
		t.Errorf("%d are kept", n)
	}
	must(t, blobs.Delete("a"))
	must(t, blobs.Delete("a"))
	if _, found, err := blobs.Find("a"); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
}

// count is how many rows a table has.
func count(t testing.TB, o store.Options, table string) (n int) {
	t.Helper()
	must(t, raw(t, o.Path).QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// Of what is over nothing stays in the file, and of what is not all does.
func TestSweep(t *testing.T) {
	t.Parallel()
	o, c := options(t), newClock()
	o.Now = c.read
	s := open(t, o)
	ring, ctx, sealed := s.Ring(), t.Context(), []byte("sealed")
	in := func(d time.Duration) time.Time { return c.read().Add(d) }
	for _, id := range []string{"stays", "idle"} {
		must(t, ring.Begin(ctx, id, session.Ring{Email: "ada@support.example", Home: "h", Keys: session.RingKeys{{OrganizationID: "h", Expires: in(9 * time.Hour), Sealed: sealed}}}))
	}
	for name, life := range map[string]time.Duration{"short": time.Minute, "long": 5 * time.Hour} {
		must(t, ring.Add(ctx, "stays", "ada@support.example", session.RingKey{OrganizationID: name, Expires: in(life), Sealed: sealed}))
		must(t, ring.Pend(ctx, "stays", session.RingPending{More: session.More{OrganizationID: name}, Email: "ada@support.example", Expires: in(life), Sealed: sealed}))
		must(t, ring.Keep(ctx, "stays", session.RingNote{Purpose: name, Expires: in(life), Sealed: sealed}))
	}
	_, err := s.Tickets().Use(ctx, "old")
	must(t, err)
	tables := func() (n [5]int) {
		for i, table := range []string{"rings", "ring_keys", "ring_pendings", "ring_notes", "tickets"} {
			n[i] = count(t, o, table)
		}
		return n
	}
	must(t, s.Sweep(ctx))
	if got, want := tables(), [5]int{2, 4, 2, 2, 1}; got != want {
		t.Errorf("at once: %v, want %v", got, want)
	}
	c.advance(limits.Idle - time.Minute)
	_, _, err = ring.Use(ctx, "stays")
	must(t, err)
	c.advance(time.Minute)
	must(t, s.Sweep(ctx))
	if got, want := tables(), [5]int{1, 2, 1, 1, 1}; got != want {
		t.Errorf("half an hour later: %v, want %v", got, want)
	}
	c.advance(limits.Length)
	must(t, s.Sweep(ctx))
	if got, want := tables(), [5]int{}; got != want {
		t.Errorf("at the end: %v", got)
	}
}

func TestTickets(t *testing.T) {
	t.Parallel()
	o, c := options(t), newClock()
	o.Now = c.read
	s := open(t, o)
	use := func(ticket string) bool {
		first, err := s.Tickets().Use(t.Context(), ticket)
		must(t, err)
		return first
	}
	one := "one"
	if !use(one) || use(one) || !use("two") || use("one") {
		t.Error("not each ticket is good once")
	}
	c.advance(limits.Length - 1)
	must(t, s.Sweep(t.Context()))
	if use(one) {
		t.Error("it is good again while a session may last that holds it")
	}
	hash := sha256.Sum256([]byte("one"))
	n := 0
	must(t, raw(t, o.Path).QueryRowContext(t.Context(), "SELECT count(*) FROM tickets WHERE id = ?", base64.RawURLEncoding.EncodeToString(hash[:])).Scan(&n))
	if n != 1 {
		t.Error("it is not kept as a hash")
	}
}

// However often a form arrives at the same time, one arrival is the first; also with two processes on one file.
func TestTicketsAreUsedOnce(t *testing.T) {
	t.Parallel()
	o := options(t)
	stores := []*store.Store{open(t, o), open(t, o)}
	for i := range 4 {
		var first atomic.Int32
		var wg sync.WaitGroup
		for n := range 200 {
			wg.Go(func() {
				ok, err := stores[n%2].Tickets().Use(t.Context(), strconv.Itoa(i))
				if err != nil {
					t.Error(err)
				}
				if ok {
					first.Add(1)
				}
			})
		}
		wg.Wait()
		if first.Load() != 1 {
			t.Errorf("%d were the first", first.Load())
		}
	}
}
