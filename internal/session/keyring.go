package session

import (
	"context"
	"errors"
	"slices"
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
	// ErrNotKept says that where sessions are kept takes nothing new: its disk is full, for one. What is there can be read.
	ErrNotKept = errors.New("session: nothing new can be kept")
)

// UseGrain is how exactly the last use of a ring is known: a page view within it writes nothing. A ring that is idle may end
// sooner by as much, and never later.
const UseGrain = time.Minute

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
// requests of one person that run side by side lose nothing, and a change to a ring that has ended is ErrSignedOut or
// nothing. Tokens come sealed; whoever implements it has no key to them. Package sessiontest says what else it has to do.
type Keyring interface {
	// Begin puts a fresh ring in the place of whatever the id had, and makes room for it.
	Begin(ctx context.Context, id string, r Ring, pending ...RingPending) error
	// Has says whether the ring is there. It is no use of it.
	Has(ctx context.Context, id string) (bool, error)
	// Use returns a copy of the ring with the keys that have not expired, and marks it used.
	Use(ctx context.Context, id string) (r Ring, ok bool, err error)
	// End removes the ring, also one that a limit has passed, and returns what it held.
	End(ctx context.Context, id string) (r Ring, ok bool, err error)

	// Add puts a key on a ring that has a home. It may be ErrOtherPerson or ErrHeld.
	Add(ctx context.Context, id, email string, key RingKey) error
	// Replace puts a key in the place of the one seen. It says no where that one is gone.
	Replace(ctx context.Context, id string, seen, fresh RingKey) (bool, error)
	// Drop takes the key seen off the ring, and the whole ring where it was the home key. A newer key stays.
	Drop(ctx context.Context, id string, seen RingKey) error
	// Learn keeps the names, roles and expiry of a key on the ring, never its token, and with the home key the person's name.
	Learn(ctx context.Context, id string, about RingKey, person string) error
	// Move gives the ring another e-mail address. Only the key of one organization stays, and nothing unfinished; the
	// other keys are returned.
	Move(ctx context.Context, id, organizationID, email string) ([]RingKey, error)

	// Pend keeps a sign-in in the middle, in the place of one to the same organization. Entering is set by whether the ring
	// has a home. It may be ErrOtherPerson.
	Pend(ctx context.Context, id string, p RingPending) error
	// Pendings are the sign-ins in the middle that have not expired.
	Pendings(ctx context.Context, id string) ([]RingPending, error)
	// Sent notes on the sign-in to an organization, if there is one, that a text went to a number.
	Sent(ctx context.Context, id, organizationID, phone string) error
	// Settle forgets the sign-in in the middle to an organization.
	Settle(ctx context.Context, id, organizationID string) error
	// Keep remembers a note, in the place of one for the same purpose.
	Keep(ctx context.Context, id string, n RingNote) error
	// Note returns the note for a purpose, if it has not expired.
	Note(ctx context.Context, id, purpose string) (n RingNote, ok bool, err error)
	// Forget drops the note for a purpose.
	Forget(ctx context.Context, id, purpose string) error
}

// Ring is all that one browser session holds, but for what is unfinished. The Keyring sets Began and Used.
type Ring struct {
	Email, Name string
	// Home is the organization signed in to; empty while the sign-in is in the middle.
	Home        string
	Began, Used time.Time
	Keys        RingKeys
	// Impersonator is who is behind the home key of an impersonated member.
	Impersonator string
}

// Ended says whether a limit has passed.
func (l Limits) Ended(r *Ring, now time.Time) bool {
	return now.Sub(r.Used) >= l.Idle || now.Sub(r.Began) >= l.Length
}

// RingKeys is the keys of one ring. Most rings have one or two, for which a map keeps far more room than they need.
type RingKeys []RingKey

// RingKey is a member session of one organization, and what is known about it.
type RingKey struct {
	OrganizationID       string
	MemberID, Name, Slug string
	Roles                []string
	Expires              time.Time
	Sealed               []byte
}

// RingPending is a sign-in in the middle. Its token is sealed.
type RingPending struct {
	More

	Email   string
	Expires time.Time
	Sealed  []byte
}

// RingNote is something secret that one act tells the next, sealed.
type RingNote struct {
	Purpose string
	Expires time.Time
	Sealed  []byte
}

// Get returns the key of an organization, or nil.
func (t RingKeys) Get(organizationID string) *RingKey {
	for i := range t {
		if t[i].OrganizationID == organizationID {
			return &t[i]
		}
	}
	return nil
}

// put adds a key, in the place of the one that the organization had.
func (t *RingKeys) put(key RingKey) {
	if old := t.Get(key.OrganizationID); old != nil {
		*old = key
		return
	}
	*t = append(*t, key)
}

// remove takes the key of an organization away.
func (t *RingKeys) remove(organizationID string) {
	*t = slices.DeleteFunc(*t, func(k RingKey) bool { return k.OrganizationID == organizationID })
}

// ringKeyOf seals the token of a finished sign-in.
func ringKeyOf(key []byte, in stytch.SignIn) (RingKey, error) {
	sealed, err := seal(key, in.Organization.ID, in.SessionToken.Reveal())
	return RingKey{
		OrganizationID: in.Organization.ID,
		MemberID:       in.MemberID, Name: in.Organization.Name, Slug: in.Organization.Slug,
		Roles: slices.Clone(in.Session.Roles), Expires: in.Session.ExpiresAt.Time, Sealed: sealed,
	}, err
}
