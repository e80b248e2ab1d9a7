package session

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a Keyring that ends with the process.
type Memory struct {
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	rings map[string]*memoryRing
}

type memoryRing struct {
	Ring

	pending []RingPending
	notes   []RingNote
}

// NewMemory returns an empty one.
func NewMemory(limits Limits, now func() time.Time) *Memory {
	return &Memory{limits: limits, now: now, rings: map[string]*memoryRing{}}
}

// live returns the ring if it has not ended, and drops it if it has.
func (k *Memory) live(id string) *memoryRing {
	r := k.rings[id]
	if r == nil {
		return nil
	}
	if k.limits.Ended(&r.Ring, k.now()) {
		delete(k.rings, id)
		return nil
	}
	r.tidy(k.now())
	return r
}

// tidy drops what is unfinished and over.
func (r *memoryRing) tidy(now time.Time) {
	r.pending = slices.DeleteFunc(r.pending, func(p RingPending) bool { return !p.Expires.After(now) })
	r.notes = slices.DeleteFunc(r.notes, func(n RingNote) bool { return !n.Expires.After(now) })
}

// Has implements Keyring.
func (k *Memory) Has(_ context.Context, id string) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.live(id) != nil, nil
}

// makeRoom drops ended rings, and the one idle for longest when there are too many.
func (k *Memory) makeRoom() {
	if len(k.rings) < k.limits.Rings {
		return
	}
	oldest := ""
	for id := range k.rings {
		if r := k.live(id); r != nil && (oldest == "" || r.Used.Before(k.rings[oldest].Used)) {
			oldest = id
		}
	}
	if len(k.rings) >= k.limits.Rings {
		delete(k.rings, oldest)
	}
}

// Begin implements Keyring.
func (k *Memory) Begin(_ context.Context, id string, r Ring, pending ...RingPending) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.rings, id)
	k.makeRoom()
	r.Began, r.Used = k.now(), k.now()
	r.Keys = slices.Clone(r.Keys)
	k.rings[id] = &memoryRing{Ring: r, pending: slices.Clone(pending)}
	return nil
}

// Add implements Keyring.
func (k *Memory) Add(_ context.Context, id, email string, key RingKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil || r.Home == "" {
		return ErrSignedOut
	}
	if !strings.EqualFold(r.Email, email) {
		return ErrOtherPerson
	}
	if held := r.Keys.Get(key.OrganizationID); held != nil && held.Expires.After(k.now()) {
		return ErrHeld
	}
	r.Keys.put(key)
	return nil
}

// Use implements Keyring.
func (k *Memory) Use(_ context.Context, id string) (Ring, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return Ring{}, false, nil
	}
	now := k.now()
	if now.Sub(r.Used) >= UseGrain {
		r.Used = now
	}
	r.Keys = slices.DeleteFunc(r.Keys, func(key RingKey) bool { return !key.Expires.After(now) })
	found := r.Ring
	found.Keys = slices.Clone(r.Keys)
	return found, true, nil
}

// Replace implements Keyring.
func (k *Memory) Replace(_ context.Context, id string, seen, fresh RingKey) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil || !r.holds(seen) {
		return false, nil
	}
	r.Keys.put(fresh)
	return true, nil
}

// holds says whether the key seen is still the one on the ring.
func (r *memoryRing) holds(seen RingKey) bool {
	held := r.Keys.Get(seen.OrganizationID)
	return held != nil && bytes.Equal(held.Sealed, seen.Sealed)
}

// Move implements Keyring.
func (k *Memory) Move(_ context.Context, id, organizationID, email string) ([]RingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return nil, nil
	}
	var dropped []RingKey
	r.Keys = slices.DeleteFunc(r.Keys, func(key RingKey) bool {
		if key.OrganizationID == organizationID {
			return false
		}
		dropped = append(dropped, key)
		return true
	})
	r.Email, r.pending, r.notes = email, nil, nil
	return dropped, nil
}

// Learn implements Keyring.
func (k *Memory) Learn(_ context.Context, id string, about RingKey, person string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return nil
	}
	key := r.Keys.Get(about.OrganizationID)
	if key == nil {
		return nil
	}
	key.Name, key.Slug, key.Roles, key.Expires = about.Name, about.Slug, slices.Clone(about.Roles), about.Expires
	if r.Home == about.OrganizationID {
		r.Name = person
	}
	return nil
}

// Drop implements Keyring.
func (k *Memory) Drop(_ context.Context, id string, seen RingKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.rings[id]
	if r == nil || !r.holds(seen) {
		return nil
	}
	r.Keys.remove(seen.OrganizationID)
	if r.Home == seen.OrganizationID {
		delete(k.rings, id)
	}
	return nil
}

// End implements Keyring.
func (k *Memory) End(_ context.Context, id string) (Ring, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.rings[id]
	delete(k.rings, id)
	if r == nil {
		return Ring{}, false, nil
	}
	return r.Ring, true, nil
}
