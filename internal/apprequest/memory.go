package apprequest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a Store that is gone with the process. It is for tests.
type Memory struct {
	// Now is the clock.
	Now func() time.Time

	mu  sync.Mutex
	all []Request
}

var _ Store = (*Memory)(nil)

// of are the open requests that match. The lock is held.
func (m *Memory) of(match func(Request) bool) []Request {
	now := m.Now()
	m.all = slices.DeleteFunc(m.all, func(r Request) bool { return !r.isOpen(now) })
	var out []Request
	for _, r := range m.all {
		if match(r) {
			out = append(out, r)
		}
	}
	return out
}

// Ask implements Store.
func (m *Memory) Ask(_ context.Context, r Request) (bool, error) {
	r, err := r.Bounded()
	if err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	open := m.of(func(other Request) bool { return other.OrganizationID == r.OrganizationID })
	switch {
	case slices.ContainsFunc(open, func(o Request) bool { return o.MemberID == r.MemberID && o.ClientID == r.ClientID }):
		return false, nil
	case len(open) >= MaxOpen:
		return false, ErrFull
	}
	r.AskedAt = m.Now()
	m.all = append(m.all, r)
	return true, nil
}

// Of implements Store.
func (m *Memory) Of(_ context.Context, organizationID, memberID, clientID string) (Request, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.of(func(r Request) bool {
		return r.OrganizationID == organizationID && r.MemberID == memberID && r.ClientID == clientID
	})
	if len(found) == 0 {
		return Request{}, false, nil
	}
	return found[0], true, nil
}

// List implements Store.
func (m *Memory) List(_ context.Context, organizationID string) ([]Request, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return inOrder(m.of(func(r Request) bool { return r.OrganizationID == organizationID })), nil
}

// Close implements Store.
func (m *Memory) Close(_ context.Context, organizationID, clientID string) (int, error) {
	return m.end(func(r Request) bool { return r.OrganizationID == organizationID && r.ClientID == clientID }), nil
}

// Withdraw implements Store.
func (m *Memory) Withdraw(_ context.Context, organizationID, memberID string) error {
	m.end(func(r Request) bool { return r.OrganizationID == organizationID && r.MemberID == memberID })
	return nil
}

func (m *Memory) end(match func(Request) bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.of(match))
	m.all = slices.DeleteFunc(m.all, match)
	return n
}
