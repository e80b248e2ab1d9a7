package handlers

import (
	"hash/maphash"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	l := newLimiter(3, time.Minute, func() time.Time { return now })
	steps := []struct {
		after           time.Duration
		address, person string
		times           int
		want            bool
	}{
		{0, "a", "x", 2, true},
		{time.Second, "b", "x", 1, true},
		{0, "a", "x", 1, false}, // and a is not charged for it
		{0, "a", "", 34, true},
		{0, "a", "y", 1, false}, // and y is not charged for it
		{0, "b", "y", 3, true},
		{0, "b", "y", 1, false},
		{58 * time.Second, "c", "x", 1, false},
		{time.Second, "c", "x", 2, true}, // the first two are a minute old
		{0, "c", "x", 1, false},
		{time.Hour, "a", "x", 3, true},
	}
	for i, s := range steps {
		now = now.Add(s.after)
		for n := range s.times {
			if got := l.take(s.address, s.person); got != s.want {
				t.Errorf("step %d, time %d: %t, want %t", i, n, got, s.want)
			}
		}
	}
}

// TestLimiterBoundsItsMemory floods it with keys.
func TestLimiterBoundsItsMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	l := newLimiter(5, time.Minute, func() time.Time { return now })
	for i := range limiterKeys * 3 / 2 {
		l.take(strconv.Itoa(i), "")
		if len(l.events) > limiterKeys {
			t.Fatalf("%d keys after %d events", len(l.events), i+1)
		}
	}
	now = now.Add(time.Minute)
	for i := range limiterKeys {
		l.take("later"+strconv.Itoa(i), "")
	}
	if len(l.events) > limiterKeys {
		t.Errorf("%d keys", len(l.events))
	}
	for range 4 {
		l.take("one", "")
	}
	if got := cap(l.events[maphash.String(l.seed, "address one")]); got > 16 {
		t.Errorf("room for %d events of one key", got)
	}
}

func TestLimiterInParallel(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, time.Hour, time.Now)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range 10 {
				if l.take("two", "one") {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if taken.Load() != 10 {
		t.Errorf("%d were let through, want 10", taken.Load())
	}
}
