package session

import (
	"context"
	"sync"
	"time"
)

// sweepEvery is how often expired sessions are looked for.
const sweepEvery = time.Minute

// memory keeps the sessions of scs. It sweeps when it is written to and has no goroutine of its own: the store that comes
// with scs starts one that cannot be stopped without a race.
type memory struct {
	mu    sync.RWMutex
	items map[string]item
	swept time.Time
}

type item struct {
	data    []byte
	expires time.Time
}

func newMemory() *memory { return &memory{items: map[string]item{}, swept: time.Now()} }

// Find implements scs.Store.
func (m *memory) Find(token string) (data []byte, found bool, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	i, found := m.items[token]
	if !found || !time.Now().Before(i.expires) {
		return nil, false, nil
	}
	return i.data, true, nil
}

// Commit implements scs.Store.
func (m *memory) Commit(token string, data []byte, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[token] = item{data, expires}
	now := time.Now()
	if now.Sub(m.swept) < sweepEvery {
		return nil
	}
	m.swept = now
	for token, i := range m.items {
		if !now.Before(i.expires) {
			delete(m.items, token)
		}
	}
	return nil
}

// Delete implements scs.Store.
func (m *memory) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, token)
	return nil
}

// FindCtx implements scs.CtxStore.
func (m *memory) FindCtx(_ context.Context, token string) (data []byte, found bool, err error) {
	return m.Find(token)
}

// CommitCtx implements scs.CtxStore.
func (m *memory) CommitCtx(_ context.Context, token string, data []byte, expires time.Time) error {
	return m.Commit(token, data, expires)
}

// DeleteCtx implements scs.CtxStore.
func (m *memory) DeleteCtx(_ context.Context, token string) error { return m.Delete(token) }

func (m *memory) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.items)
}
