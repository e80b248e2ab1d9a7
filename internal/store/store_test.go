package store_test

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/session/sessiontest"
	"console.internal/internal/store"
)

const projectID = "project-test-11111111-1111-4111-8111-111111111111"

var limits = session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 100}

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

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// options are those of a store in a directory of its own.
func options(t testing.TB) store.Options {
	t.Helper()
	return store.Options{Path: filepath.Join(t.TempDir(), "console.db"), ProjectID: projectID, Limits: limits, Now: time.Now}
}

// open opens a store until the end of the test.
func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	sessiontest.Keyring(t, func(t testing.TB, l session.Limits, now func() time.Time) session.Keyring {
		o := options(t)
		o.Limits, o.Now = l, now
		return open(t, o).Ring()
	})
}

// Two processes on one file wait for each other, also where they read first and write then, and see what the other did.
func TestTwoStoresOnOneFile(t *testing.T) {
	t.Parallel()
	o := options(t)
	rings := []session.Keyring{open(t, o).Ring(), open(t, o).Ring()}
	must(t, rings[0].Begin(t.Context(), "id", ringWith("home")))
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if err := rings[i%2].Add(t.Context(), "id", "ada@support.example", ringWith(strconv.Itoa(i)).Keys[0]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r, ok, err := rings[1].Use(t.Context(), "id"); !ok || err != nil || len(r.Keys) != 65 {
		t.Errorf("%d keys, %t, %v", len(r.Keys), ok, err)
	}
	_, _, err := rings[0].End(t.Context(), "id")
	must(t, err)
	if has, err := rings[1].Has(t.Context(), "id"); has || err != nil {
		t.Errorf("%t, %v", has, err)
	}
}
