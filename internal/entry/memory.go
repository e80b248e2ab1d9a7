package entry

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a record that is gone with the process. It is for tests.
type Memory struct {
	mu   sync.Mutex
	open []Entry
}

// Begin implements Keeper.
func (m *Memory) Begin(_ context.Context, e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = append(m.open, e)
	return nil
}

// change runs do on an open entry, and says whether there is one.
func (m *Memory) change(id string, do func(*Entry)) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.open, func(e Entry) bool { return e.ID == id })
	if at >= 0 {
		do(&m.open[at])
	}
	return at >= 0
}

// Made implements Keeper.
func (m *Memory) Made(_ context.Context, id, memberID string) error {
	if !m.change(id, func(e *Entry) { e.MemberID = memberID }) {
		return ErrEnded
	}
	return nil
}

// Extend implements Keeper.
func (m *Memory) Extend(_ context.Context, id string, until time.Time) error {
	due := true
	m.change(id, func(e *Entry) {
		if due = e.Until.IsZero(); !due {
			e.Until = until
		}
	})
	if due {
		return ErrEnded
	}
	return nil
}

// Expire implements Keeper.
func (m *Memory) Expire(_ context.Context, ids ...string) error {
	for _, id := range ids {
		m.change(id, func(e *Entry) { e.Until = time.Time{} })
	}
	return nil
}

// Failed implements Keeper.
func (m *Memory) Failed(_ context.Context, id string) error {
	m.change(id, func(e *Entry) { e.Attempts++ })
	return nil
}

// End implements Keeper.
func (m *Memory) End(_ context.Context, id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.open)
	m.open = slices.DeleteFunc(m.open, func(e Entry) bool { return e.ID == id })
	return len(m.open) < before, nil
}

// Open implements Keeper.
func (m *Memory) Open(context.Context) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := slices.Clone(m.open)
	slices.SortStableFunc(open, func(a, b Entry) int { return a.Began.Compare(b.Began) })
	return open, nil
}

// Of implements Keeper.
func (m *Memory) Of(_ context.Context, organizationID, memberID string) (Entry, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.open {
		if e.OrganizationID == organizationID && e.MemberID == memberID && memberID != "" {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}
