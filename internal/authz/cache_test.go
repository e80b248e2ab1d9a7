package authz

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"
)

const keep = 5 * time.Minute

// source is where a cache's policies come from. Every load waits for a turn.
type source struct {
	mu    sync.Mutex
	now   time.Time
	err   error
	loads int
	turn  chan struct{}
	done  chan struct{}
}

func newSource() *source {
	return &source{now: time.Unix(1_000_000, 0), turn: make(chan struct{}, 100), done: make(chan struct{}, 100)}
}

func (s *source) read() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *source) set(ahead time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.err = s.now.Add(ahead), err
}

// load returns a policy whose one role carries the number of the load as its action.
func (s *source) load(ctx context.Context) (Policy, error) {
	defer func() { s.done <- struct{}{} }()
	select {
	case <-s.turn:
	case <-ctx.Done():
		return Policy{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	if s.err != nil {
		return Policy{}, s.err
	}
	return Policy{Roles: []Role{{ID: "r", Permissions: []Permission{{"load", []string{strconv.Itoa(s.loads)}}}}}}, nil
}

func (s *source) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads
}

func has(c *Cache, load string) bool { return c.May([]string{"r"}, "load", load) }

// eventually waits for what a load in the background changes after it is done.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 5000 {
		if is() {
			return
		}
		<-time.After(time.Millisecond)
	}
	t.Error(what)
}

func TestCacheUsesTheOldCopyWhileANewOneIsFetched(t *testing.T) {
	t.Parallel()
	s := newSource()
	c := NewCache(t.Context(), s.load, keep, s.read)
	s.turn <- struct{}{}
	if err := c.Refresh(t.Context()); err != nil || !has(c, "1") {
		t.Fatal(err)
	}
	s.set(keep-1, nil)
	if !has(c, "1") || s.count() != 1 {
		t.Error("a fresh copy is fetched again")
	}
	s.set(1, nil)
	for range 20 { // All of them get the old copy at once, and one fetch is enough for them all.
		if !has(c, "1") {
			t.Fatal("the old copy is gone")
		}
	}
	for range 10 {
		s.turn <- struct{}{}
	}
	<-s.done
	<-s.done
	eventually(t, "the new copy is not used", func() bool { return has(c, "2") })
	if s.count() != 2 {
		t.Errorf("%d loads", s.count())
	}
	s.set(keep, nil)
	eventually(t, "it is fetched in the background only once", func() bool { return has(c, "3") })
}

func TestCacheKeepsTheOldCopyWhenAFetchFails(t *testing.T) {
	t.Parallel()
	s := newSource()
	c := NewCache(t.Context(), s.load, keep, s.read)
	for range 10 {
		s.turn <- struct{}{}
	}
	if err := c.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	s.set(0, broken)
	if err := c.Refresh(t.Context()); !errors.Is(err, broken) || !has(c, "1") {
		t.Errorf("%v", err)
	}
	s.set(5*time.Second-1, nil)
	if !has(c, "1") || s.count() != 2 {
		t.Error("after a failure it does not wait a moment")
	}
	s.set(1, nil)
	has(c, "1")
	eventually(t, "it does not try again", func() bool { return has(c, "3") })
}

// Without a first copy nothing is expected, which costs time and gives nothing away; the first look fetches one.
func TestCacheBeginsEmpty(t *testing.T) {
	t.Parallel()
	s := newSource()
	c := NewCache(t.Context(), s.load, keep, s.read)
	s.set(0, errors.New("down"))
	s.turn <- struct{}{}
	if err := c.Refresh(t.Context()); err == nil || len(c.Policy().Roles) != 0 || has(c, "1") {
		t.Errorf("%v", err)
	}
	s.set(5*time.Second, nil)
	s.turn <- struct{}{}
	eventually(t, "it does not come up with the upstream", func() bool { return has(c, "2") })
}

func TestRefreshEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newSource()
	c := NewCache(t.Context(), s.load, keep, s.read)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
