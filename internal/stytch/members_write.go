package stytch

import (
	"context"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MemberAnswer is a member as they are after a change.
type MemberAnswer struct {
	RequestID string `json:"request_id"`
	Member    Member `json:"member"`
}

func (a MemberAnswer) complete() bool { return a.Member.complete() }

// memberUpdateRequest is made of the table of fields only.
type memberUpdateRequest map[MemberField]any

// aboutMember takes an answer only if it is about the member asked for, in the organization asked for.
func aboutMember(op Operation, organizationID, memberID string, got MemberAnswer, err error) (MemberAnswer, error) {
	if err != nil {
		return MemberAnswer{}, err
	}
	if got.Member.ID != memberID || got.Member.OrganizationID != organizationID {
		return MemberAnswer{}, mismatch(op, got.RequestID)
	}
	return got, nil
}

// memberAct sends an operation of the header door that changes a member of the Tenant's organization.
func (t Tenant) memberAct(ctx context.Context, op Operation, memberID string, r request) (MemberAnswer, error) {
	if !IsMemberID(memberID) {
		return MemberAnswer{}, ErrInput
	}
	r.member = memberID
	got, err := header[MemberAnswer](ctx, t, op, r)
	return aboutMember(op, t.key.OrganizationID, memberID, got, err)
}

// UpdateMember changes fields of a member of the Tenant's organization, all of them or, where the session may not change one, none
// (rule member-field-actions). ErrInput is a malformed id, no field, one that is not in the table or stands without the one that it
// goes along with, a value of another type, and trusted metadata, which no member session may write.
func (t Tenant) UpdateMember(ctx context.Context, memberID string, values map[MemberField]any) (MemberAnswer, error) {
	if !canSend(memberFields, values) {
		return MemberAnswer{}, ErrInput
	}
	return t.memberAct(ctx, MemberUpdate, memberID, request{
		path: []string{t.key.OrganizationID, memberID}, body: clone[memberUpdateRequest](values),
	})
}

// UpdateMemberField writes the one field, which must be one that the support staff may write (MemberField.Staff), with the project
// secret.
func (s Staff) UpdateMemberField(ctx context.Context, organizationID, memberID string, f MemberField, value any) (MemberAnswer, error) {
	op, ok := staffSends(memberFields, f, value)
	if !ok || !IsOrganizationID(organizationID) || !IsMemberID(memberID) {
		return MemberAnswer{}, ErrInput
	}
	got, err := checked[MemberAnswer](ctx, s.tenant, op, request{
		path: []string{organizationID, memberID}, body: memberUpdateRequest{f: value}, organization: organizationID, member: memberID,
	})
	return aboutMember(op, organizationID, memberID, got, err)
}

// DeleteMemberExternalID takes a member's external id away, by the Tenant's session (rule unpublished-actions).
func (t Tenant) DeleteMemberExternalID(ctx context.Context, memberID string) (Done, error) {
	got, err := t.memberAct(ctx, MemberExternalIDDelete, memberID, request{path: []string{t.key.OrganizationID, memberID}})
	return Done{got.RequestID}, err
}

// DeleteMemberExternalID takes a member's external id away, with the project secret.
func (s Staff) DeleteMemberExternalID(ctx context.Context, organizationID, memberID string) (Done, error) {
	if !IsOrganizationID(organizationID) || !IsMemberID(memberID) {
		return Done{}, ErrInput
	}
	got, err := checked[MemberAnswer](ctx, s.tenant, StaffMemberExternalIDDelete, request{
		path: []string{organizationID, memberID}, organization: organizationID, member: memberID,
	})
	got, err = aboutMember(StaffMemberExternalIDDelete, organizationID, memberID, got, err)
	return Done{got.RequestID}, err
}

// NewMember is a member to be made. Nothing is mailed to them.
type NewMember struct {
	Email, Name, Phone, ExternalID string
	// Roles are those given directly.
	Roles                     []string
	IsBreakglass, MFAEnrolled bool
	// Pending makes a member who becomes active by signing in; they are active at once otherwise (rule member-statuses).
	Pending bool
	// Untrusted is an object, or nil for none.
	Untrusted jsontext.Value
}

type memberCreateRequest struct {
	Email        string         `json:"email_address"`
	Name         string         `json:"name,omitzero"`
	Phone        string         `json:"mfa_phone_number,omitzero"`
	ExternalID   string         `json:"external_id,omitzero"`
	Roles        []string       `json:"roles,omitempty"`
	IsBreakglass bool           `json:"is_breakglass,omitzero"`
	MFAEnrolled  bool           `json:"mfa_enrolled,omitzero"`
	Pending      bool           `json:"create_member_as_pending,omitzero"`
	Untrusted    jsontext.Value `json:"untrusted_metadata,omitzero"`
}

// permissionsOf are the actions that the console asks for before it lets somebody make a member who is more than a plain one: the
// upstream asks for no more than create, and whoever may only invite could make an administrator (rule lax-creation).
func permissionsOf(roles []string, breakglass, enrolled bool) []Check {
	var asks []Check
	for _, one := range []struct {
		set    bool
		action string
	}{{len(roles) > 0, updateRoles}, {breakglass, updateBreakglass}, {enrolled, updateMFAEnrolled}} {
		if one.set {
			asks = append(asks, Check{Resource: member, Action: one.action})
		}
	}
	return asks
}

// aboutNew takes an answer about a new member only if they are in the organization and have the address asked for.
func aboutNew(op Operation, organizationID, email string, got MemberAnswer, err error) (MemberAnswer, error) {
	if err != nil {
		return MemberAnswer{}, err
	}
	if !IsMemberID(got.Member.ID) || got.Member.OrganizationID != organizationID || !strings.EqualFold(got.Member.Email, email) {
		return MemberAnswer{}, mismatch(op, got.RequestID)
	}
	return got, nil
}

// CreateMember makes a member of the Tenant's organization. Roles, break-glass and enrolment are asked for first, and on a no
// nothing is sent.
func (t Tenant) CreateMember(ctx context.Context, n NewMember) (MemberAnswer, error) {
	if n.Untrusted != nil && !isObject(n.Untrusted) {
		return MemberAnswer{}, ErrInput
	}
	got, err := header[MemberAnswer](ctx, t, MemberCreate, request{
		path: []string{t.key.OrganizationID}, body: memberCreateRequest(n), asks: permissionsOf(n.Roles, n.IsBreakglass, n.MFAEnrolled), target: n.Email,
	})
	return aboutNew(MemberCreate, t.key.OrganizationID, n.Email, got, err)
}

// Invitation is a mail that invites somebody to the Tenant's organization, in the name of the Tenant's member.
type Invitation struct {
	Email, Name string
	// Locale is the language of the mail, such as "en"; "" leaves it to the upstream.
	Locale string
	// RedirectURL is where the link leads; the project must know it (rule redirect-registered). "" takes the project's own.
	RedirectURL string
	Roles       []string
	// Minutes is how long the link is good, 5 to 10080; 0 takes the longest (rule invitation-link).
	Minutes int
}

type invitationRequest struct {
	OrganizationID string   `json:"organization_id"`
	Email          string   `json:"email_address"`
	Name           string   `json:"name,omitzero"`
	Locale         string   `json:"locale,omitzero"`
	RedirectURL    string   `json:"invite_redirect_url,omitzero"`
	Roles          []string `json:"roles,omitempty"`
	Minutes        int      `json:"invite_expiration_minutes,omitzero"`
	InvitedBy      string   `json:"invited_by_member_id"`
}

// InviteMember mails an invitation, also to somebody who was invited before (rule invitation-again). Roles are asked for first, and
// on a no nothing is sent.
func (t Tenant) InviteMember(ctx context.Context, i Invitation) (MemberAnswer, error) {
	got, err := header[MemberAnswer](ctx, t, MemberInvite, request{
		body: invitationRequest{
			OrganizationID: t.key.OrganizationID, Email: i.Email, Name: i.Name, Locale: i.Locale, RedirectURL: i.RedirectURL, Roles: i.Roles,
			Minutes: i.Minutes, InvitedBy: t.key.MemberID,
		},
		asks: permissionsOf(i.Roles, false, false), target: i.Email,
	})
	return aboutNew(MemberInvite, t.key.OrganizationID, i.Email, got, err)
}
