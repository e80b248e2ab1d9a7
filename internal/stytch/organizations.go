package stytch

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// OrganizationSummary is what a list shows of an organization, and no more: decoding is most of a list page's work.
type OrganizationSummary struct {
	ID                   string       `json:"organization_id"`
	Name                 string       `json:"organization_name"`
	Slug                 string       `json:"organization_slug"`
	AuthMethods          string       `json:"auth_methods"`
	AllowedAuthMethods   []string     `json:"allowed_auth_methods"`
	MFAPolicy            string       `json:"mfa_policy"`
	SSOActiveConnections []SSOSummary `json:"sso_active_connections"`
	SCIM                 *SCIMSummary `json:"scim_active_connection"`
	SSOJIT               string       `json:"sso_jit_provisioning"`
	EmailJIT             string       `json:"email_jit_provisioning"`
	EmailInvites         string       `json:"email_invites"`
	OAuthTenantJIT       string       `json:"oauth_tenant_jit_provisioning"`
	CreatedAt            string       `json:"created_at"`
}

// SSOSummary is an active SSO connection.
type SSOSummary struct {
	ID               string `json:"connection_id"`
	Name             string `json:"display_name"`
	IdentityProvider string `json:"identity_provider"`
}

// SCIMSummary is the active SCIM connection.
type SCIMSummary struct {
	ID             string `json:"connection_id"`
	Name           string `json:"display_name"`
	TokenLastFour  string `json:"bearer_token_last_four"`
	TokenExpiresAt Time   `json:"bearer_token_expires_at"`
}

// RoleAssignment is a role that everybody of an e-mail domain has.
type RoleAssignment struct {
	Domain string `json:"domain"`
	RoleID string `json:"role_id"`
}

// Organization is a tenant.
type Organization struct {
	OrganizationSummary

	ExternalID           string              `json:"organization_external_id"`
	LogoURL              string              `json:"organization_logo_url"`
	SSOJITConnections    []string            `json:"sso_jit_provisioning_allowed_connections"`
	UpdatedAt            Time                `json:"updated_at"`
	EmailDomains         []string            `json:"email_allowed_domains"`
	ClaimedDomains       []string            `json:"claimed_email_domains"`
	MFAMethods           string              `json:"mfa_methods"`
	AllowedMFAMethods    []string            `json:"allowed_mfa_methods"`
	AllowedOAuthTenants  map[string][]string `json:"allowed_oauth_tenants"`
	ImplicitRoles        []RoleAssignment    `json:"rbac_email_implicit_role_assignments"`
	SSODefaultConnection string              `json:"sso_default_connection_id"`
	FirstPartyApps       string              `json:"first_party_connected_apps_allowed_type"`
	AllowedFirstParty    []string            `json:"allowed_first_party_connected_apps"`
	ThirdPartyApps       string              `json:"third_party_connected_apps_allowed_type"`
	AllowedThirdParty    []string            `json:"allowed_third_party_connected_apps"`
	CustomRoles          []PolicyRole        `json:"custom_roles"`
	TrustedMetadata      jsontext.Value      `json:"trusted_metadata"`
}

func (o OrganizationSummary) complete() bool { return o.ID != "" && o.Slug != "" }

type organizationsAnswer struct {
	Organizations organizationRows `json:"organizations"`
	Metadata      *resultsMetadata `json:"results_metadata"`
}

func (a organizationsAnswer) complete() bool {
	for i := range a.Organizations {
		if !a.Organizations[i].complete() {
			return false
		}
	}
	return a.Organizations != nil && a.Metadata.complete()
}

// OrganizationSearch asks for one page of the directory.
type OrganizationSearch struct {
	Operands []Operand
	Cursor   string
	// Limit is the number of rows, 1 to 1000.
	Limit int
}

type searchRequest struct {
	OrganizationIDs []string `json:"organization_ids,omitzero"`
	Cursor          string   `json:"cursor,omitzero"`
	Limit           int      `json:"limit"`
	Query           *Query   `json:"query,omitzero"`
}

// SearchOrganizations returns a page of all tenants of the project. It spends one search of the budget.
func (s Staff) SearchOrganizations(ctx context.Context, o OrganizationSearch) (Page[OrganizationSummary], error) {
	got, err := checked[organizationsAnswer](ctx, s.tenant, OrganizationsSearch, request{
		body: searchRequest{Cursor: o.Cursor, Limit: o.Limit, Query: queryOf(o.Operands)},
	})
	if err != nil {
		return Page[OrganizationSummary]{}, err
	}
	return Page[OrganizationSummary]{got.Organizations, got.Metadata.NextCursor, *got.Metadata.Total}, nil
}

// AllOrganizations goes through every page of a search from its beginning. It yields an error once and stops.
func (s Staff) AllOrganizations(ctx context.Context, o OrganizationSearch) iter.Seq2[OrganizationSummary, error] {
	return all(ctx, OrganizationsSearch, func(ctx context.Context, cursor string) (Page[OrganizationSummary], error) {
		o.Cursor = cursor
		return s.SearchOrganizations(ctx, o)
	})
}

// Organization returns a tenant that one need not be a member of. An answer about another one is a Mismatch fault.
func (s Staff) Organization(ctx context.Context, organizationID string) (Organization, error) {
	if !IsOrganizationID(organizationID) {
		return Organization{}, ErrInput
	}
	got, err := s.FindOrganization(ctx, organizationID)
	if err == nil && got.ID != organizationID {
		return Organization{}, mismatch(OrganizationGet, "")
	}
	return got, err
}

// FindOrganization is for the search box alone: it takes an id, a slug or an external id (rule organization-by-slug).
func (s Staff) FindOrganization(ctx context.Context, reference string) (Organization, error) {
	r := request{path: []string{reference}, target: reference}
	if IsOrganizationID(reference) {
		r.organization, r.target = reference, ""
	}
	got, err := checked[OrganizationAnswer](ctx, s.tenant, OrganizationGet, r)
	return got.Organization, err
}

type metricsAnswer struct {
	RequestID string `json:"request_id"`
	Members   *int   `json:"member_count"`
}

func (a metricsAnswer) complete() bool { return a.Members != nil && *a.Members >= 0 }

// MemberCount returns how many members the organization has (rule member-count).
func (t Tenant) MemberCount(ctx context.Context) (int, error) {
	got, err := checked[metricsAnswer](ctx, t, OrganizationMetrics, request{path: []string{t.key.OrganizationID}})
	if err != nil {
		return 0, err
	}
	return *got.Members, nil
}

// IsNotFound says whether err means that the thing asked for does not exist. An ended session is not that.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && !IsSessionGone(err)
}
