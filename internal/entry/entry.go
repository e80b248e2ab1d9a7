package entry

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"console.internal/internal/stytch"
)

// Entry is one stay of a member of the support staff in a tenant.
type Entry struct {
	// ID is random, and the external id of the member that is made. So it is known before the member is.
	ID string
	// OrganizationID is the tenant, and Organization its name when it was entered.
	OrganizationID, Organization string
	// MemberID is the member that was made; empty while that is not known.
	MemberID string
	// Email and Name are those of both the member that was made and whoever entered, who is ByMemberID in the staff organization.
	Email, Name, ByMemberID string
	// Reason is what they gave. It is for the staff alone.
	Reason string
	// RingID is the browser session that entered.
	RingID string
	// Began is when it was written down, and Until when what was made is to go. An entry that is not finished has minutes, and one
	// that is to end at once the zero time.
	Began, Until time.Time
	// Attempts counts the times that deleting the member failed.
	Attempts int
}

// Keeper keeps the record. Package entrytest says what it has to do.
type Keeper interface {
	// Begin writes an entry down. Nothing may be made before it has.
	Begin(ctx context.Context, e Entry) error
	// Made notes the member that was made. ErrEnded means that the entry was ended meanwhile.
	Made(ctx context.Context, id, memberID string) error
	// Extend gives an entry its time. ErrEnded means that it was ended meanwhile, or is about to be.
	Extend(ctx context.Context, id string, until time.Time) error
	// Expire marks entries as due: whatever they made is to be deleted. Those that are not open are left out.
	Expire(ctx context.Context, ids ...string) error
	// Failed counts one more try to delete what the entry made.
	Failed(ctx context.Context, id string) error
	// End closes an entry: what it made is gone. It says whether it was open.
	End(ctx context.Context, id string) (bool, error)
	// Open returns the entries that are not closed, the oldest first.
	Open(ctx context.Context) ([]Entry, error)
	// Of returns the open entry that made a member.
	Of(ctx context.Context, organizationID, memberID string) (e Entry, ok bool, err error)
}

// ErrEnded says that an entry is not open any more, or about to be ended.
var ErrEnded = errors.New("entry: it was ended meanwhile")

// Why a tenant cannot be entered. Nothing was made.
var (
	// ErrStaffOrganization: the staff organization is no tenant, and a support role in it would be worth more than in any.
	ErrStaffOrganization = errors.New("entry: it is the staff organization")
	// ErrClosed: the tenant's trusted metadata say so.
	ErrClosed = errors.New("entry: the tenant is closed to the support staff")
	// ErrMethods: the tenant accepts only what does not count beyond the organization that it was proven in.
	ErrMethods = errors.New("entry: the tenant accepts no way in that the staff can have")
	// ErrMember: the address is a member's there, or was one's.
	ErrMember = errors.New("entry: the address is a member's there")
)

// stays are the ways to sign in that an exchange does not carry into another organization (rule session-exchange).
var stays = map[string]bool{"sso": true, "password": true}

// Refuses says why a tenant cannot be entered, or nil. The error is one of those above.
func (d *Desk) Refuses(o stytch.Organization) error {
	switch {
	case o.ID == d.StaffOrganizationID:
		return ErrStaffOrganization
	case isClosed(o):
		return ErrClosed
	case o.AuthMethods != "RESTRICTED":
		return nil
	}
	for _, method := range o.AllowedAuthMethods {
		if !stays[method] {
			return nil
		}
	}
	return ErrMethods
}

// isClosed says whether the tenant wants nobody of the support staff. What cannot be read means that it does not: a value of
// another kind, or two of them, must not open it.
func isClosed(o stytch.Organization) bool {
	var trusted struct {
		Access string `json:"support_access"`
	}
	if len(o.TrustedMetadata) == 0 {
		return false
	}
	return json.Unmarshal(o.TrustedMetadata, &trusted) != nil || trusted.Access == "closed"
}

// making is how long an entry may be in the making: a second factor may be asked for, and its first step lasts ten minutes.
const making = 15 * time.Minute

// IsInside says whether whoever began has come in. Those who have get an hour at the least.
func (e Entry) IsInside() bool { return e.Until.Sub(e.Began) > making }

// newID is a random external id (rule external-id-shape).
func newID() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // crypto/rand.Read never fails
	return "console-entry-" + hex.EncodeToString(id)
}
