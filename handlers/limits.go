package handlers

import (
	"hash/maphash"
	"sync"
	"time"
)

// limiter allows so many events in a window for each key. It counts for strangers, so it bounds its own memory too.
type limiter struct {
	max    int
	window time.Duration
	now    func() time.Time

	mu sync.Mutex
	// seed and events: a key is kept as its hash alone, which is small, and no list of who signed in.
	seed   maphash.Seed
	events map[uint64][]int64
}

// limiterKeys bounds how many keys a limiter remembers.
const limiterKeys = 100_000

func newLimiter(limit int, window time.Duration, now func() time.Time) *limiter {
	return &limiter{max: limit, window: window, now: now, seed: maphash.MakeSeed(), events: map[uint64][]int64{}}
}

// take counts an event under every key, or under none where one of them is used up.
func (l *limiter) take(keys ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().UnixNano()
	hashes := make([]uint64, len(keys))
	for i, key := range keys {
		hashes[i] = maphash.String(l.seed, key)
		if len(l.recent(hashes[i], now)) >= l.max {
			return false
		}
	}
	if len(l.events)+len(keys) > limiterKeys {
		l.sweep(now)
	}
	for _, hash := range hashes {
		l.events[hash] = append(l.recent(hash, now), now)
	}
	return true
}

func (l *limiter) recent(hash uint64, now int64) []int64 {
	events := l.events[hash]
	for len(events) > 0 && now-events[0] >= int64(l.window) {
		events = events[1:]
	}
	return events
}

// sweep forgets what is over. When too much is left, somebody floods with new keys: it then forgets arbitrary ones, and
// the limit of the flooder's own address goes on counting from the next event.
func (l *limiter) sweep(now int64) {
	for key := range l.events {
		if len(l.recent(key, now)) == 0 {
			delete(l.events, key)
		}
	}
	for key := range l.events {
		if len(l.events) <= limiterKeys/2 {
			return
		}
		delete(l.events, key)
	}
}
