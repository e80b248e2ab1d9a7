package stytch

import "context"

// fullAdmin is the upstream's own role that may do everything in an organization.
const fullAdmin = "stytch_admin"

// NewEntry is a member to be made for somebody of the support staff to enter an organization as.
type NewEntry struct {
	OrganizationID string
	// ExternalID is the console's own name of the entry. It is known before the member is made, so that the member can be found and
	// deleted also where the answer was lost.
	ExternalID  string
	Email, Name string
	// Role is the one role that the member has.
	Role string
}

// CreateEntry makes the member: active, with exactly the one role, and no break-glass. ErrInput is the staff organization itself,
// where the role would be a staff role, the role stytch_admin, and no role or external id.
func (s Staff) CreateEntry(ctx context.Context, n NewEntry) (MemberAnswer, error) {
	if !IsOrganizationID(n.OrganizationID) || n.OrganizationID == s.tenant.key.OrganizationID || !isSegment(n.ExternalID) || n.Role == "" || n.Role == fullAdmin {
		return MemberAnswer{}, ErrInput
	}
	got, err := checked[MemberAnswer](ctx, s.tenant, EntryCreate, request{
		path: []string{n.OrganizationID}, organization: n.OrganizationID, target: n.ExternalID,
		body: memberCreateRequest{Email: n.Email, Name: n.Name, ExternalID: n.ExternalID, Roles: []string{n.Role}},
	})
	got, err = aboutNew(EntryCreate, n.OrganizationID, n.Email, got, err)
	if err == nil && got.Member.ExternalID != n.ExternalID {
		return MemberAnswer{}, mismatch(EntryCreate, got.RequestID)
	}
	return got, err
}

// DeleteEntry deletes a member that CreateEntry made. No person's permission is asked: it must be possible when every session is
// over, and what keeps it from deleting anybody else is that the caller takes both ids from the console's own record of entries.
// memberID may be the entry's external id, where the answer of CreateEntry was lost (rule external-id-for-member).
func (c *Client) DeleteEntry(ctx context.Context, organizationID, memberID string) (Done, error) {
	if !IsOrganizationID(organizationID) || !isSegment(memberID) {
		return Done{}, ErrInput
	}
	got, err := entered[deletedMember](ctx, c, EntryDelete, request{path: []string{organizationID, memberID}, organization: organizationID, member: memberID})
	if err != nil {
		return Done{}, err
	}
	if IsMemberID(memberID) && got.MemberID != memberID {
		return Done{}, mismatch(EntryDelete, got.RequestID)
	}
	return Done{got.RequestID}, nil
}
