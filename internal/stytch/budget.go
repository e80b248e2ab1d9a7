package stytch

import (
	"sync"
	"time"
)

// Budget bounds how many searches the console makes in a minute. The upstream's limit is one for the whole project, the
// operator's own services included (rule search-limit), so the console must leave most of it alone.
type Budget struct {
	mu         sync.Mutex
	now        func() time.Time
	total      int
	perSession int
	// spent are the searches of the last minute, oldest first, and own how many of them each session made.
	spent []spend
	own   map[string]int
}

type spend struct {
	at      time.Time
	session string
}

// NewBudget allows total searches in any minute, and perSession of them to one signed-in session.
func NewBudget(total, perSession int, now func() time.Time) *Budget {
	return &Budget{total: total, perSession: perSession, now: now, own: map[string]int{}}
}

// Take spends one search of the session, and says whether there was one left.
func (b *Budget) Take(session string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left(session) <= 0 {
		return false
	}
	b.spent = append(b.spent, spend{b.now(), session})
	b.own[session]++
	return true
}

// Left is how many searches the session has left in this minute.
func (b *Budget) Left(session string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.left(session)
}

// PerSession is how many searches one session has in a minute.
func (b *Budget) PerSession() int { return min(b.perSession, b.total) }

func (b *Budget) left(session string) int {
	since := b.now().Add(-time.Minute)
	old := 0
	for old < len(b.spent) && !b.spent[old].at.After(since) {
		if gone := b.spent[old].session; b.own[gone] > 1 {
			b.own[gone]--
		} else {
			delete(b.own, gone)
		}
		old++
	}
	b.spent = b.spent[old:]
	return max(0, min(b.total-len(b.spent), b.perSession-b.own[session]))
}
