package session

import (
	"context"
	"time"

	"console.internal/internal/stytch"
)

// IntermediateLife is how long a sign-in in the middle lasts (rule intermediate-token).
const IntermediateLife = 10 * time.Minute

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
	return old, s.ring.Begin(ctx, id, Ring{Email: email}, stored)
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
	others, err := s.ring.Pendings(ctx, id)
	if err != nil {
		return err
	}
	// The upstream gives the same token again while something is missing, and its time runs on (rule intermediate-token).
	for _, p := range others {
		if same, err := unseal(key, "intermediate "+p.OrganizationID, p.Sealed); err == nil && same == token.Reveal() {
			stored.Expires = p.Expires
		}
	}
	return s.ring.Pend(ctx, id, stored)
}

func (s *Sessions) pendingOf(key []byte, email string, token stytch.Secret, more More) (RingPending, error) {
	sealed, err := seal(key, "intermediate "+more.OrganizationID, token.Reveal())
	return RingPending{More: more, Email: email, Expires: s.now().Add(IntermediateLife), Sealed: sealed}, err
}

// Pending returns the sign-in in the middle to an organization, named by id or slug; "" is the one that has chosen none.
func (s *Sessions) Pending(ctx context.Context, organization string) (Pending, bool) {
	id, key, found := s.names(ctx)
	if !found {
		return Pending{}, false
	}
	all, err := s.ring.Pendings(ctx, id)
	s.failed(ctx, "sign-ins in the middle not read", err)
	for _, p := range all {
		if p.OrganizationID != organization && (organization == "" || p.Slug != organization) {
			continue
		}
		token, err := unseal(key, "intermediate "+p.OrganizationID, p.Sealed)
		return Pending{More: p.More, Email: p.Email, Token: stytch.Secret(token), Expires: p.Expires}, err == nil
	}
	return Pending{}, false
}

// Sent notes that a text with a code is on its way to the person.
func (s *Sessions) Sent(ctx context.Context, organizationID, phone string) error {
	id, _, ok := s.names(ctx)
	if !ok {
		return ErrSignedOut
	}
	return s.ring.Sent(ctx, id, organizationID, phone)
}

// Settle forgets the sign-in in the middle to an organization: it is done, or of no more use.
func (s *Sessions) Settle(ctx context.Context, organizationID string) {
	if id, _, ok := s.names(ctx); ok {
		s.failed(ctx, "sign-in in the middle not forgotten", s.ring.Settle(ctx, id, organizationID))
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
	return s.ring.Keep(ctx, id, RingNote{purpose, s.now().Add(IntermediateLife), sealed})
}

// Kept returns what was kept for a purpose, if it is still there.
func (s *Sessions) Kept(ctx context.Context, purpose string) (secret string, ok bool) {
	id, key, ok := s.names(ctx)
	if !ok {
		return "", false
	}
	n, ok, err := s.ring.Note(ctx, id, purpose)
	s.failed(ctx, "note not read", err)
	if !ok {
		return "", false
	}
	secret, err = unseal(key, "note "+purpose, n.Sealed)
	return secret, err == nil
}

// Forget drops what was kept for a purpose.
func (s *Sessions) Forget(ctx context.Context, purpose string) {
	if id, _, ok := s.names(ctx); ok {
		s.failed(ctx, "note not forgotten", s.ring.Forget(ctx, id, purpose))
	}
}
