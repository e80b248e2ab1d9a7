package handlers

import (
	"hash/maphash"
	"sync"
	"time"
)

// limiter allows so many events in a window for each person, and peoplePerAddress times as many from each network address.
// It counts for strangers, so it bounds its own memory too.
type limiter struct {
	max    int
	window time.Duration
	now    func() time.Time

	mu sync.Mutex
	// seed and events: a key is kept as its hash alone, which is small, and no list of who signed in.
	seed   maphash.Seed
	events map[uint64][]int64
}

// peoplePerAddress is how many people may use up their limits from one network address: an office behind one is not a
// flood, and one machine that tries many people is.
const peoplePerAddress = 12

// limiterKeys bounds how many keys a limiter remembers.
const limiterKeys = 100_000

func newLimiter(limit int, window time.Duration, now func() time.Time) *limiter {
	return &limiter{max: limit, window: window, now: now, seed: maphash.MakeSeed(), events: map[uint64][]int64{}}
}

// take counts an event of a person, or of nobody that is known (""), from an address; or none where one of both is used up.
func (l *limiter) take(address, person string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().UnixNano()
	type counted struct {
		hash uint64
		most int
	}
	keys := []counted{{maphash.String(l.seed, "address "+address), l.max * peoplePerAddress}}
	if person != "" {
		keys = append(keys, counted{maphash.String(l.seed, "person "+person), l.max})
	}
	for _, key := range keys {
		if len(l.recent(key.hash, now)) >= key.most {
			return false
		}
	}
	if len(l.events)+len(keys) > limiterKeys {
		l.sweep(now)
	}
	for _, key := range keys {
		l.events[key.hash] = append(l.recent(key.hash, now), now)
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
