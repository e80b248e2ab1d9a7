package sandbox

import (
	"slices"
	"sync"
)

// maxRequests is how many requests are remembered.
const maxRequests = 5000

// requestLog remembers the last requests and counts the calls of each operation.
type requestLog struct {
	mu      sync.Mutex
	entries []RequestLog
	calls   map[string]int
}

func newRequestLog() *requestLog { return &requestLog{calls: map[string]int{}} }

func (l *requestLog) count(operation string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[operation]++
}

func (l *requestLog) add(entry RequestLog) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= 2*maxRequests { // drop the older half at once, not one with every request
		l.entries = append([]RequestLog(nil), l.entries[len(l.entries)-maxRequests:]...)
	}
	l.entries = append(l.entries, entry)
}

// list gives the last requests, oldest first, in the order in which they ended; of one page when page is not empty.
func (l *requestLog) list(page string) []RequestLog {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := slices.Clone(l.entries[max(0, len(l.entries)-maxRequests):])
	if page == "" {
		return last
	}
	return slices.DeleteFunc(last, func(entry RequestLog) bool { return entry.Page != page })
}

func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.calls = nil, map[string]int{}
}

// calledTimes gives how often an operation was called.
func (l *requestLog) calledTimes(operation string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[operation]
}
