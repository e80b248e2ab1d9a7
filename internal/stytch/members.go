package stytch

import (
	"context"
	"iter"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
)

// MemberSummary is what a list shows of a member.
type MemberSummary struct {
	ID             string     `json:"member_id"`
	OrganizationID string     `json:"organization_id"`
	Email          string     `json:"email_address"`
	Name           string     `json:"name"`
	Status         string     `json:"status"`
	IsBreakglass   bool       `json:"is_breakglass"`
	IsLocked       bool       `json:"is_locked"`
	MFAEnrolled    bool       `json:"mfa_enrolled"`
	MFAPhone       string     `json:"mfa_phone_number"`
	TOTPID         string     `json:"totp_registration_id"`
	Roles          []RoleName `json:"roles"`
	CreatedAt      string     `json:"created_at"`
}

// RoleName is a role without where it came from.
type RoleName struct {
	ID string `json:"role_id"`
}

// Role is a role of a member and why they have it.
type Role struct {
	ID      string       `json:"role_id"`
	Sources []RoleSource `json:"sources"`
}

// RoleSource is one reason for a role (rule role-sources).
type RoleSource struct {
	Type    string `json:"type"`
	Details struct {
		EmailDomain  string `json:"email_domain"`
		ConnectionID string `json:"connection_id"`
		Group        string `json:"group"`
		GroupID      string `json:"group_id"`
	} `json:"details"`
}

// Member is a person in an organization.
type Member struct {
	ID             string              `json:"member_id"`
	OrganizationID string              `json:"organization_id"`
	Email          string              `json:"email_address"`
	EmailVerified  bool                `json:"email_address_verified"`
	Name           string              `json:"name"`
	Status         string              `json:"status"`
	ExternalID     string              `json:"external_id"`
	IsBreakglass   bool                `json:"is_breakglass"`
	IsLocked       bool                `json:"is_locked"`
	LockedAt       Time                `json:"lock_created_at"`
	LockExpiresAt  Time                `json:"lock_expires_at"`
	PasswordID     string              `json:"member_password_id"`
	MFAEnrolled    bool                `json:"mfa_enrolled"`
	MFAPhone       string              `json:"mfa_phone_number"`
	MFAPhoneOK     bool                `json:"mfa_phone_number_verified"`
	TOTPID         string              `json:"totp_registration_id"`
	DefaultMFA     string              `json:"default_mfa_method"`
	Roles          []Role              `json:"roles"`
	SSO            []SSORegistration   `json:"sso_registrations"`
	OAuth          []OAuthRegistration `json:"oauth_registrations"`
	SCIM           *SCIMRegistration   `json:"scim_registration"`
	RetiredEmails  []RetiredEmail      `json:"retired_email_addresses"`
	Trusted        jsontext.Value      `json:"trusted_metadata"`
	Untrusted      jsontext.Value      `json:"untrusted_metadata"`
	CreatedAt      Time                `json:"created_at"`
	UpdatedAt      Time                `json:"updated_at"`
}

// SSORegistration is a member's account at an identity provider.
type SSORegistration struct {
	ConnectionID string         `json:"connection_id"`
	ExternalID   string         `json:"external_id"`
	ID           string         `json:"registration_id"`
	Attributes   jsontext.Value `json:"sso_attributes"`
}

// OAuthRegistration is a member's account at an OAuth provider.
type OAuthRegistration struct {
	Provider string `json:"provider_type"`
	Subject  string `json:"provider_subject"`
	ID       string `json:"member_oauth_registration_id"`
}

// SCIMRegistration is a member's account in the customer's directory.
type SCIMRegistration struct {
	ConnectionID string         `json:"connection_id"`
	ExternalID   string         `json:"external_id"`
	ID           string         `json:"registration_id"`
	Attributes   jsontext.Value `json:"scim_attributes"`
}

// RetiredEmail is an address that the member had before.
type RetiredEmail struct {
	ID    string `json:"email_id"`
	Email string `json:"email_address"`
}

func (m Member) complete() bool {
	return m.ID != "" && m.OrganizationID != "" && m.Status != ""
}

type membersAnswer struct {
	RequestID string           `json:"request_id"`
	Members   memberRows       `json:"members"`
	Metadata  *resultsMetadata `json:"results_metadata"`
}

func (a membersAnswer) complete() bool {
	for i := range a.Members {
		if a.Members[i].ID == "" || a.Members[i].Status == "" {
			return false
		}
	}
	return a.Members != nil && a.Metadata.complete()
}

// MemberSearch asks for one page of an organization's members.
type MemberSearch struct {
	Operands []Operand
	Cursor   string
	// Limit is the number of rows, 1 to 1000.
	Limit int
}

// SearchMembers returns a page of the organization's members. It spends one search of the budget.
func (t Tenant) SearchMembers(ctx context.Context, m MemberSearch) (Page[MemberSummary], error) {
	got, err := header[membersAnswer](ctx, t, MembersSearch, request{
		body: searchRequest{OrganizationIDs: []string{t.key.OrganizationID}, Cursor: m.Cursor, Limit: m.Limit, Query: queryOf(m.Operands)},
	})
	if err != nil {
		return Page[MemberSummary]{}, err
	}
	for i := range got.Members {
		if got.Members[i].OrganizationID != t.key.OrganizationID {
			return Page[MemberSummary]{}, mismatch(MembersSearch, got.RequestID)
		}
	}
	return Page[MemberSummary]{got.Members, got.Metadata.NextCursor, *got.Metadata.Total}, nil
}

// AllMembers goes through every page of a search from its beginning. It yields an error once and stops.
func (t Tenant) AllMembers(ctx context.Context, m MemberSearch) iter.Seq2[MemberSummary, error] {
	return all(ctx, MembersSearch, func(ctx context.Context, cursor string) (Page[MemberSummary], error) {
		m.Cursor = cursor
		return t.SearchMembers(ctx, m)
	})
}

// MemberDetail is a member and, for the names of its connections, the organization.
type MemberDetail struct {
	RequestID    string       `json:"request_id"`
	Member       Member       `json:"member"`
	Organization Organization `json:"organization"`
}

func (a MemberDetail) complete() bool { return a.Member.complete() && a.Organization.complete() }

// Member returns one member of the organization. An answer about another one is a Mismatch fault.
func (t Tenant) Member(ctx context.Context, memberID string) (MemberDetail, error) {
	if !IsMemberID(memberID) {
		return MemberDetail{}, ErrInput
	}
	got, err := checked[MemberDetail](ctx, t, MemberGet, request{path: []string{t.key.OrganizationID}, query: url.Values{"member_id": {memberID}}, member: memberID})
	if err != nil {
		return MemberDetail{}, err
	}
	if got.Member.ID != memberID || got.Member.OrganizationID != t.key.OrganizationID || got.Organization.ID != t.key.OrganizationID {
		return MemberDetail{}, mismatch(MemberGet, got.RequestID)
	}
	return got, nil
}

// FoundMember tells where a member is, and nothing else about them.
type FoundMember struct {
	RequestID string `json:"request_id"`
	Member    struct {
		ID             string `json:"member_id"`
		OrganizationID string `json:"organization_id"`
	} `json:"member"`
}

func (a FoundMember) complete() bool { return a.Member.ID != "" && a.Member.OrganizationID != "" }

// FindMember says which organization a member belongs to. It is for the search box alone.
func (s Staff) FindMember(ctx context.Context, memberID string) (FoundMember, error) {
	if !IsMemberID(memberID) {
		return FoundMember{}, ErrInput
	}
	got, err := checked[FoundMember](ctx, s.tenant, MemberFind, request{path: []string{memberID}, query: url.Values{"include_deleted": {"true"}}, member: memberID})
	if err == nil && got.Member.ID != memberID {
		return FoundMember{}, mismatch(MemberFind, got.RequestID)
	}
	return got, err
}
