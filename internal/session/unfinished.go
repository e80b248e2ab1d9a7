package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"console.internal/internal/stytch"
)

// IntermediateLife is how long a sign-in in the middle lasts (rule intermediate-token).
const IntermediateLife = 10 * time.Minute

// unfinished is what a ring holds of acts that are not done yet. Most rings have none.
type unfinished struct {
	pending []storedPending
	notes   []note
}

type storedPending struct {
	more    More
	email   string
	expires time.Time
	sealed  []byte
}

// note is something secret that one act tells the next.
type note struct {
	purpose string
	expires time.Time
	sealed  []byte
}

// More is what one organization still asks for. The zero More is a proven address that has chosen none.
type More struct {
	OrganizationID, Organization, Slug, MemberID string
	// Primary says that another first factor is asked for, else a second one.
	Primary bool
	// Methods are the upstream's names of what would do: first factors, or second ones that may be used or set up.
	Methods []string
	// Enrolling says that the member has no second factor that would do, and sets one up now.
	Enrolling bool
	// TOTP says that the member has an authenticator app; Phone is the number that texts go to, or empty.
	TOTP  bool
	Phone string
	// Default is the upstream's name of the member's usual second factor, or empty.
	Default string
	// Sent says that the upstream has sent a text already.
	Sent bool
	// Entering says that the person is signed in elsewhere and enters this organization besides.
	Entering bool
	// Return is the address in the organization that was wanted, or empty.
	Return string
}

// Pending is a sign-in in the middle.
type Pending struct {
	More

	Email   string
	Token   stytch.Secret
	Expires time.Time
}

// alive drops what is over, and itself when nothing is left.
func (u *unfinished) alive(now time.Time) *unfinished {
	if u == nil {
		return nil
	}
	u.pending = slices.DeleteFunc(u.pending, func(p storedPending) bool { return !p.expires.After(now) })
	u.notes = slices.DeleteFunc(u.notes, func(n note) bool { return !n.expires.After(now) })
	if len(u.pending)+len(u.notes) == 0 {
		return nil
	}
	return u
}

func (u *unfinished) clone() *unfinished {
	if u == nil {
		return nil
	}
	return &unfinished{slices.Clone(u.pending), slices.Clone(u.notes)}
}

// change runs on what a live ring has unfinished.
func (k *Keyring) change(id string, do func(*ring, *unfinished)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.live(id)
	if r == nil {
		return ErrSignedOut
	}
	if r.unfinished == nil {
		r.unfinished = &unfinished{}
	}
	do(r, r.unfinished)
	r.unfinished = r.unfinished.alive(k.now())
	return nil
}

// BeginIntermediate keeps a sign-in that has a proven address and no session yet; more says what one organization asked
// for besides, and is zero where none was chosen. The keys of an earlier session are returned to be revoked: from here
// on the browser speaks for the new address. ErrSignedOut is as with Begin.
func (s *Sessions) BeginIntermediate(ctx context.Context, email string, token stytch.Secret, more More) (old []stytch.Tenant, err error) {
	if old, err = s.replace(ctx); err != nil {
		return old, err
	}
	id, key, err := s.renew(ctx)
	if err != nil {
		return old, err
	}
	more.Entering = false
	stored, err := s.pendingOf(key, email, token, more)
	if err != nil {
		return old, err
	}
	s.ring.begin(id, &ring{email: email, unfinished: &unfinished{pending: []storedPending{stored}}})
	return old, nil
}

// Pend keeps beside what the ring has what one organization asks for before it lets the person in. ErrOtherPerson says that the
// address is not the ring's, ErrSignedOut that there is no ring.
func (s *Sessions) Pend(ctx context.Context, email string, token stytch.Secret, more More) error {
	id, key, ok := s.names(ctx)
	if !ok {
		return ErrSignedOut
	}
	stored, err := s.pendingOf(key, email, token, more)
	if err != nil {
		return err
	}
	other := false
	err = s.ring.change(id, func(r *ring, u *unfinished) {
		if other = !strings.EqualFold(r.email, email); other {
			return
		}
		stored.more.Entering = r.home != ""
		// The upstream gives the same token again while something is missing, and its time runs on (rule intermediate-token).
		for _, p := range u.pending {
			if same, err := unseal(key, "intermediate "+p.more.OrganizationID, p.sealed); err == nil && same == token.Reveal() {
				stored.expires = p.expires
			}
		}
		u.drop(more.OrganizationID)
		u.pending = append(u.pending, stored)
	})
	if other {
		return ErrOtherPerson
	}
	return err
}

func (u *unfinished) drop(organizationID string) {
	u.pending = slices.DeleteFunc(u.pending, func(p storedPending) bool { return p.more.OrganizationID == organizationID })
}

func (s *Sessions) pendingOf(key []byte, email string, token stytch.Secret, more More) (storedPending, error) {
	sealed, err := seal(key, "intermediate "+more.OrganizationID, token.Reveal())
	return storedPending{more: more, email: email, expires: s.now().Add(IntermediateLife), sealed: sealed}, err
}

// Pending returns the sign-in in the middle to an organization, named by id or slug; "" is the one that has chosen none.
func (s *Sessions) Pending(ctx context.Context, organization string) (Pending, bool) {
	id, key, found := s.names(ctx)
	if !found {
		return Pending{}, false
	}
	r, found := s.ring.use(id)
	if !found || r.unfinished == nil {
		return Pending{}, false
	}
	for _, p := range r.unfinished.pending {
		if p.more.OrganizationID != organization && (organization == "" || p.more.Slug != organization) {
			continue
		}
		token, err := unseal(key, "intermediate "+p.more.OrganizationID, p.sealed)
		return Pending{More: p.more, Email: p.email, Token: stytch.Secret(token), Expires: p.expires}, err == nil
	}
	return Pending{}, false
}

// Sent notes that a text with a code is on its way to the person.
func (s *Sessions) Sent(ctx context.Context, organizationID, phone string) error {
	id, _, ok := s.names(ctx)
	if !ok {
		return ErrSignedOut
	}
	return s.ring.change(id, func(_ *ring, u *unfinished) {
		for i := range u.pending {
			if u.pending[i].more.OrganizationID == organizationID {
				u.pending[i].more.Sent, u.pending[i].more.Phone = true, phone
			}
		}
	})
}

// Settle forgets the sign-in in the middle to an organization: it is done, or of no more use.
func (s *Sessions) Settle(ctx context.Context, organizationID string) {
	if id, _, ok := s.names(ctx); ok {
		_ = s.ring.change(id, func(_ *ring, u *unfinished) { u.drop(organizationID) }) // no ring, nothing to forget
	}
}

// Keep remembers a secret for the next step of an act, sealed like a key, for at most ten minutes.
func (s *Sessions) Keep(ctx context.Context, purpose, secret string) error {
	id, key, ok := s.names(ctx)
	if !ok {
		return ErrSignedOut
	}
	sealed, err := seal(key, "note "+purpose, secret)
	if err != nil {
		return err
	}
	return s.ring.change(id, func(_ *ring, u *unfinished) {
		u.forget(purpose)
		u.notes = append(u.notes, note{purpose, s.now().Add(IntermediateLife), sealed})
	})
}

func (u *unfinished) forget(purpose string) {
	u.notes = slices.DeleteFunc(u.notes, func(n note) bool { return n.purpose == purpose })
}

// Kept returns what was kept for a purpose, if it is still there.
func (s *Sessions) Kept(ctx context.Context, purpose string) (secret string, ok bool) {
	id, key, ok := s.names(ctx)
	if !ok {
		return "", false
	}
	r, ok := s.ring.use(id)
	if !ok || r.unfinished == nil {
		return "", false
	}
	for _, n := range r.unfinished.notes {
		if n.purpose == purpose {
			secret, err := unseal(key, "note "+purpose, n.sealed)
			return secret, err == nil
		}
	}
	return "", false
}

// Forget drops what was kept for a purpose.
func (s *Sessions) Forget(ctx context.Context, purpose string) {
	if id, _, ok := s.names(ctx); ok {
		_ = s.ring.change(id, func(_ *ring, u *unfinished) { u.forget(purpose) }) // no ring, nothing to forget
	}
}
