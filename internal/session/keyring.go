package session

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"console.internal/internal/stytch"
)

var (
	// ErrSignedOut says that the ring is gone: the person signed out, or a limit passed, while the request ran.
	ErrSignedOut = errors.New("session: signed out")
	// ErrHeld says that a key of the organization is on the ring already: another request of the person was quicker.
	ErrHeld = errors.New("session: the key is held already")
	// ErrOtherPerson says that a key belongs to another e-mail address than the ring's.
	ErrOtherPerson = errors.New("session: the key belongs to another person")
)

// Limits are how long a ring lasts.
type Limits struct {
	// Idle ends a ring that nobody used for so long.
	Idle time.Duration
	// Length ends every ring, used or not.
	Length time.Duration
	// Rings bounds how many there are; the one idle for longest makes room.
	Rings int
}

// Keyring is the table of keys: (ring, organization) -> member, sealed token, expiry. Every method is one step, so that
// requests of one person that run side by side lose nothing.
type Keyring struct {
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	rings map[string]*ring
}

// ring is all that one browser session holds.
type ring struct {
	email, name string
	home        string
	began, used time.Time
	keys        keyTable
	// impersonator is who is behind the home key of an impersonated member.
	impersonator string
	unfinished   *unfinished
}

// keyTable is the keys of one ring. Most rings have one or two, for which a map keeps far more room than they need.
type keyTable []storedKey

// get returns the key of an organization, or nil.
func (t keyTable) get(organizationID string) *storedKey {
	for i := range t {
		if t[i].organizationID == organizationID {
			return &t[i]
		}
	}
	return nil
}

// put adds a key, in the place of the one that the organization had.
func (t *keyTable) put(key storedKey) {
	if old := t.get(key.organizationID); old != nil {
		*old = key
		return
	}
	*t = append(*t, key)
}

// remove takes the key of an organization away.
func (t *keyTable) remove(organizationID string) {
	*t = slices.DeleteFunc(*t, func(k storedKey) bool { return k.organizationID == organizationID })
}

type storedKey struct {
	organizationID       string
	memberID, name, slug string
	roles                []string
	expires              time.Time
	sealed               []byte
}

// NewKeyring returns an empty table.
func NewKeyring(limits Limits, now func() time.Time) *Keyring {
	return &Keyring{limits: limits, now: now, rings: map[string]*ring{}}
}

// live returns the ring if it has not ended, and drops it if it has.
func (k *Keyring) live(id string) *ring {
	r := k.rings[id]
	if r == nil {
		return nil
	}
	now := k.now()
	if now.Sub(r.used) >= k.limits.Idle || now.Sub(r.began) >= k.limits.Length {
		delete(k.rings, id)
		return nil
	}
	return r
}

// has says whether the ring is there. It is no use of it.
func (k *Keyring) has(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.live(id) != nil
}

// makeRoom drops ended rings, and the one idle for longest when there are too many.
func (k *Keyring) makeRoom() {
	if len(k.rings) < k.limits.Rings {
		return
	}
	oldest := ""
	for id := range k.rings {
		if r := k.live(id); r != nil && (oldest == "" || r.used.Before(k.rings[oldest].used)) {
			oldest = id
		}
	}
	if len(k.rings) >= k.limits.Rings {
		delete(k.rings, oldest)
	}
}

// begin puts a fresh ring in the place of whatever the cookie had.
func (k *Keyring) begin(id string, r *ring) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.makeRoom()
	r.began, r.used = k.now(), k.now()
	k.rings[id] = r
}

// add puts a key on a ring that is still there.
func (k *Keyring) add(id, email string, key storedKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil || r.home == "" {
		return ErrSignedOut
	}
	if !strings.EqualFold(r.email, email) {
		return ErrOtherPerson
	}
	if held := r.keys.get(key.organizationID); held != nil && held.expires.After(k.now()) {
		return ErrHeld
	}
	r.keys.put(key)
	return nil
}

// use returns a copy of the ring and marks it used.
func (k *Keyring) use(id string) (ring, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return ring{}, false
	}
	r.used = k.now()
	found := *r
	r.keys = slices.DeleteFunc(r.keys, func(key storedKey) bool { return !key.expires.After(r.used) })
	found.keys = slices.Clone(r.keys)
	r.unfinished = r.unfinished.alive(r.used)
	found.unfinished = r.unfinished.clone()
	return found, true
}

// replace puts the key of a session that took the place of another one. It says no where that one is gone already.
func (k *Keyring) replace(id string, seen, fresh storedKey) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return false
	}
	if held := r.keys.get(seen.organizationID); held == nil || !bytes.Equal(held.sealed, seen.sealed) {
		return false
	}
	r.keys.put(fresh)
	return true
}

// move gives the ring another e-mail address. Only the key of the organization in which it changed stays.
func (k *Keyring) move(id, organizationID, email string) []storedKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return nil
	}
	var dropped []storedKey
	r.keys = slices.DeleteFunc(r.keys, func(key storedKey) bool {
		if key.organizationID == organizationID {
			return false
		}
		dropped = append(dropped, key)
		return true
	})
	r.email, r.unfinished = email, nil
	return dropped
}

// learn keeps what the upstream last said about the person in an organization: hints and names, never the token.
func (k *Keyring) learn(id, organizationID string, change func(*ring, *storedKey)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r := k.live(id); r != nil {
		if key := r.keys.get(organizationID); key != nil {
			change(r, key)
		}
	}
}

// drop takes one key off the ring, if it is still the one that was seen: another request may have put a newer one there.
// Without its home key a ring is nothing, and goes.
func (k *Keyring) drop(id string, seen storedKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.rings[id]
	if r == nil {
		return
	}
	if held := r.keys.get(seen.organizationID); held == nil || !bytes.Equal(held.sealed, seen.sealed) {
		return
	}
	r.keys.remove(seen.organizationID)
	if r.home == seen.organizationID {
		delete(k.rings, id)
	}
}

// end removes the ring and returns what it held.
func (k *Keyring) end(id string) (ring, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.rings[id]
	delete(k.rings, id)
	if r == nil {
		return ring{}, false
	}
	return *r, true
}

// storedKeyOf seals the token of a finished sign-in.
func storedKeyOf(key []byte, in stytch.SignIn) (storedKey, error) {
	sealed, err := seal(key, in.Organization.ID, in.SessionToken.Reveal())
	return storedKey{
		organizationID: in.Organization.ID,
		memberID:       in.MemberID, name: in.Organization.Name, slug: in.Organization.Slug,
		roles: slices.Clone(in.Session.Roles), expires: in.Session.ExpiresAt.Time, sealed: sealed,
	}, err
}
