package handlers

import (
	"sync"
	"time"
)

// limiter allows so many events in a window for each key. It counts for strangers, so it bounds its own memory too.
type limiter struct {
	max    int
	window time.Duration
	now    func() time.Time

	mu     sync.Mutex
	events map[string][]time.Time
}

// limiterKeys bounds how many keys a limiter remembers.
const limiterKeys = 100_000

func newLimiter(limit int, window time.Duration, now func() time.Time) *limiter {
	return &limiter{max: limit, window: window, now: now, events: map[string][]time.Time{}}
}

// take counts an event under every key, or under none where one of them is used up.
func (l *limiter) take(keys ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, key := range keys {
		if len(l.recent(key, now)) >= l.max {
			return false
		}
	}
	if len(l.events)+len(keys) > limiterKeys {
		l.sweep(now)
	}
	for _, key := range keys {
		l.events[key] = append(l.recent(key, now), now)
	}
	return true
}

func (l *limiter) recent(key string, now time.Time) []time.Time {
	events := l.events[key]
	for len(events) > 0 && now.Sub(events[0]) >= l.window {
		events = events[1:]
	}
	return events
}

// sweep forgets what is over. When too much is left, somebody floods with new keys: it then forgets arbitrary ones, and
// the limit of the flooder's own address goes on counting from the next event.
func (l *limiter) sweep(now time.Time) {
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
