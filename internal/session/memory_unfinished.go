package session

import (
	"context"
	"slices"
	"strings"
)

// change runs on a live ring.
func (k *Memory) change(id string, do func(*memoryRing) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return ErrSignedOut
	}
	return do(r)
}

// Pend implements Keyring.
func (k *Memory) Pend(_ context.Context, id string, p RingPending) error {
	return k.change(id, func(r *memoryRing) error {
		if !strings.EqualFold(r.Email, p.Email) {
			return ErrOtherPerson
		}
		p.Entering = r.Home != ""
		r.settle(p.OrganizationID)
		r.pending = append(r.pending, p)
		return nil
	})
}

// Pendings implements Keyring.
func (k *Memory) Pendings(_ context.Context, id string) ([]RingPending, error) {
	var found []RingPending
	_ = k.change(id, func(r *memoryRing) error { // of no ring there are none
		found = slices.Clone(r.pending)
		return nil
	})
	return found, nil
}

// Sent implements Keyring.
func (k *Memory) Sent(_ context.Context, id, organizationID, phone string) error {
	return k.change(id, func(r *memoryRing) error {
		for i := range r.pending {
			if r.pending[i].OrganizationID == organizationID {
				r.pending[i].Sent, r.pending[i].Phone = true, phone
			}
		}
		return nil
	})
}

// Settle implements Keyring.
func (k *Memory) Settle(_ context.Context, id, organizationID string) error {
	_ = k.change(id, func(r *memoryRing) error { // no ring, nothing to forget
		r.settle(organizationID)
		return nil
	})
	return nil
}

func (r *memoryRing) settle(organizationID string) {
	r.pending = slices.DeleteFunc(r.pending, func(p RingPending) bool { return p.OrganizationID == organizationID })
}

// Keep implements Keyring.
func (k *Memory) Keep(_ context.Context, id string, n RingNote) error {
	return k.change(id, func(r *memoryRing) error {
		r.forget(n.Purpose)
		r.notes = append(r.notes, n)
		return nil
	})
}

// Note implements Keyring.
func (k *Memory) Note(_ context.Context, id, purpose string) (n RingNote, ok bool, err error) {
	_ = k.change(id, func(r *memoryRing) error { // of no ring there are none
		if i := slices.IndexFunc(r.notes, func(n RingNote) bool { return n.Purpose == purpose }); i >= 0 {
			n, ok = r.notes[i], true
		}
		return nil
	})
	return n, ok, nil
}

// Forget implements Keyring.
func (k *Memory) Forget(_ context.Context, id, purpose string) error {
	_ = k.change(id, func(r *memoryRing) error { // no ring, nothing to forget
		r.forget(purpose)
		return nil
	})
	return nil
}

func (r *memoryRing) forget(purpose string) {
	r.notes = slices.DeleteFunc(r.notes, func(n RingNote) bool { return n.Purpose == purpose })
}
