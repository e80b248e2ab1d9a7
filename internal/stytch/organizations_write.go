package stytch

import "context"

// OrganizationAnswer is an organization as it is after a change.
type OrganizationAnswer struct {
	RequestID    string       `json:"request_id"`
	Organization Organization `json:"organization"`
}

func (a OrganizationAnswer) complete() bool { return a.Organization.complete() }

// Done is the answer of what was done and leaves nothing to show.
type Done struct {
	RequestID string `json:"request_id"`
}

func (d Done) complete() bool { return d.RequestID != "" }

// organizationUpdateRequest is made of the table of fields only.
type organizationUpdateRequest map[OrganizationField]any

// aboutOrganization takes an answer only if it is about the organization asked for.
func aboutOrganization(op Operation, organizationID string, got OrganizationAnswer, err error) (OrganizationAnswer, error) {
	if err != nil {
		return OrganizationAnswer{}, err
	}
	if got.Organization.ID != organizationID {
		return OrganizationAnswer{}, mismatch(op, got.RequestID)
	}
	return got, nil
}

// UpdateOrganization changes fields of the Tenant's organization, all of them or, where the session may not change one, none (rule
// organization-field-actions). ErrInput is no field, one that is not in the table, a value of another type, and trusted metadata,
// which no member session may write.
func (t Tenant) UpdateOrganization(ctx context.Context, values map[OrganizationField]any) (OrganizationAnswer, error) {
	if !canSend(organizationFields, values) {
		return OrganizationAnswer{}, ErrInput
	}
	got, err := header[OrganizationAnswer](ctx, t, OrganizationUpdate, request{
		path: []string{t.key.OrganizationID}, body: clone[organizationUpdateRequest](values),
	})
	return aboutOrganization(OrganizationUpdate, t.key.OrganizationID, got, err)
}

// UpdateOrganizationField writes the one field, which must be one that the support staff may write (OrganizationField.Staff), with
// the project secret.
func (s Staff) UpdateOrganizationField(ctx context.Context, organizationID string, f OrganizationField, value any) (OrganizationAnswer, error) {
	op, ok := staffSends(organizationFields, f, value)
	if !ok || !IsOrganizationID(organizationID) {
		return OrganizationAnswer{}, ErrInput
	}
	got, err := checked[OrganizationAnswer](ctx, s.tenant, op, request{
		path: []string{organizationID}, body: organizationUpdateRequest{f: value}, organization: organizationID,
	})
	return aboutOrganization(op, organizationID, got, err)
}

// DeleteOrganizationExternalID takes the external id away, by the Tenant's session (rule unpublished-actions).
func (t Tenant) DeleteOrganizationExternalID(ctx context.Context) (Done, error) {
	got, err := header[OrganizationAnswer](ctx, t, OrganizationExternalIDDelete, request{path: []string{t.key.OrganizationID}})
	got, err = aboutOrganization(OrganizationExternalIDDelete, t.key.OrganizationID, got, err)
	return Done{got.RequestID}, err
}

// DeleteOrganizationExternalID takes the external id away, with the project secret.
func (s Staff) DeleteOrganizationExternalID(ctx context.Context, organizationID string) (Done, error) {
	if !IsOrganizationID(organizationID) {
		return Done{}, ErrInput
	}
	got, err := checked[OrganizationAnswer](ctx, s.tenant, StaffExternalIDDelete, request{path: []string{organizationID}, organization: organizationID})
	got, err = aboutOrganization(StaffExternalIDDelete, organizationID, got, err)
	return Done{got.RequestID}, err
}

type deletedOrganization struct {
	RequestID      string `json:"request_id"`
	OrganizationID string `json:"organization_id"`
}

func (d deletedOrganization) complete() bool { return d.OrganizationID != "" }

// DeleteOrganization deletes the Tenant's organization with its members, sessions, connections and grants, the Tenant's own as well
// (rule organization-delete).
func (t Tenant) DeleteOrganization(ctx context.Context) (Done, error) {
	got, err := header[deletedOrganization](ctx, t, OrganizationDelete, request{path: []string{t.key.OrganizationID}})
	if err != nil {
		return Done{}, err
	}
	if got.OrganizationID != t.key.OrganizationID {
		return Done{}, mismatch(OrganizationDelete, got.RequestID)
	}
	return Done{got.RequestID}, nil
}

// NewOrganization is an organization to be made. What is empty is left to the upstream, which shuts the ways in that are not
// named as soon as one of them is (rule organization-create-defaults).
type NewOrganization struct {
	Name, Slug, ExternalID, LogoURL string
	// EmailInvites, EmailJIT and SSOJIT say who may join, as in OrganizationSummary.
	EmailInvites, EmailJIT, SSOJIT string
	// EmailDomains are the domains of those who may.
	EmailDomains []string
	// MFAPolicy is OPTIONAL or REQUIRED_FOR_ALL.
	MFAPolicy string
}

type organizationCreateRequest struct {
	Name         string   `json:"organization_name"`
	Slug         string   `json:"organization_slug,omitzero"`
	ExternalID   string   `json:"organization_external_id,omitzero"`
	LogoURL      string   `json:"organization_logo_url,omitzero"`
	EmailInvites string   `json:"email_invites,omitzero"`
	EmailJIT     string   `json:"email_jit_provisioning,omitzero"`
	SSOJIT       string   `json:"sso_jit_provisioning,omitzero"`
	EmailDomains []string `json:"email_allowed_domains,omitempty"`
	MFAPolicy    string   `json:"mfa_policy,omitzero"`
}

// CreateOrganization makes an organization, which nobody is a member of yet.
func (s Staff) CreateOrganization(ctx context.Context, n NewOrganization) (OrganizationAnswer, error) {
	got, err := checked[OrganizationAnswer](ctx, s.tenant, OrganizationCreate, request{body: organizationCreateRequest(n), target: n.Slug})
	if err != nil {
		return OrganizationAnswer{}, err
	}
	// The id becomes part of an address, and the key of the record.
	if !IsOrganizationID(got.Organization.ID) {
		return OrganizationAnswer{}, mismatch(OrganizationCreate, got.RequestID)
	}
	return got, nil
}
