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
		after time.Duration
		keys  []string
		want  bool
	}{
		{0, []string{"a", "x"}, true},
		{0, []string{"a", "y"}, true},
		{time.Second, []string{"a", "z"}, true},
		{0, []string{"a", "w"}, false}, // and w is not charged for it
		{0, []string{"w"}, true},
		{0, []string{"w"}, true},
		{0, []string{"w"}, true},
		{0, []string{"w"}, false},
		{58 * time.Second, []string{"a"}, false},
		{time.Second, []string{"a"}, true}, // the first two are a minute old
		{0, []string{"a"}, true},
		{0, []string{"a"}, false},
		{time.Hour, []string{"a"}, true},
	}
	for i, s := range steps {
		now = now.Add(s.after)
		if got := l.take(s.keys...); got != s.want {
			t.Errorf("step %d: %t, want %t", i, got, s.want)
		}
	}
}

// TestLimiterBoundsItsMemory floods it with keys.
func TestLimiterBoundsItsMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	l := newLimiter(5, time.Minute, func() time.Time { return now })
	for i := range limiterKeys * 3 / 2 {
		l.take(strconv.Itoa(i))
		if len(l.events) > limiterKeys {
			t.Fatalf("%d keys after %d events", len(l.events), i+1)
		}
	}
	now = now.Add(time.Minute)
	for i := range limiterKeys {
		l.take("later" + strconv.Itoa(i))
	}
	if len(l.events) > limiterKeys {
		t.Errorf("%d keys", len(l.events))
	}
	for range 4 {
		l.take("one")
	}
	if got := cap(l.events[maphash.String(l.seed, "one")]); got > 16 {
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
				if l.take("one", "two") {
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
