package sandbox

// organization is an organization on the wire: 23 required fields and six that may be null.
type organization struct {
	OrganizationID                     string                `json:"organization_id"`
	OrganizationName                   string                `json:"organization_name"`
	OrganizationLogoURL                string                `json:"organization_logo_url"`
	OrganizationSlug                   string                `json:"organization_slug"`
	OrganizationExternalID             *string               `json:"organization_external_id"`
	SSOJITProvisioning                 string                `json:"sso_jit_provisioning"`
	SSOJITProvisioningAllowed          []string              `json:"sso_jit_provisioning_allowed_connections"`
	SSOActiveConnections               []activeSSOConnection `json:"sso_active_connections"`
	SSODefaultConnectionID             *string               `json:"sso_default_connection_id"`
	SCIMActiveConnection               *activeSCIMConnection `json:"scim_active_connection"`
	EmailAllowedDomains                []string              `json:"email_allowed_domains"`
	EmailJITProvisioning               string                `json:"email_jit_provisioning"`
	EmailInvites                       string                `json:"email_invites"`
	AuthMethods                        string                `json:"auth_methods"`
	AllowedAuthMethods                 []string              `json:"allowed_auth_methods"`
	MFAPolicy                          string                `json:"mfa_policy"`
	MFAMethods                         string                `json:"mfa_methods"`
	AllowedMFAMethods                  []string              `json:"allowed_mfa_methods"`
	RBACEmailImplicitRoleAssignments   []emailRole           `json:"rbac_email_implicit_role_assignments"`
	OAuthTenantJITProvisioning         string                `json:"oauth_tenant_jit_provisioning"`
	AllowedOAuthTenants                map[string][]string   `json:"allowed_oauth_tenants"`
	ClaimedEmailDomains                []string              `json:"claimed_email_domains"`
	FirstPartyConnectedAppsAllowedType string                `json:"first_party_connected_apps_allowed_type"`
	AllowedFirstPartyConnectedApps     []string              `json:"allowed_first_party_connected_apps"`
	ThirdPartyConnectedAppsAllowedType string                `json:"third_party_connected_apps_allowed_type"`
	AllowedThirdPartyConnectedApps     []string              `json:"allowed_third_party_connected_apps"`
	CustomRoles                        []policyRole          `json:"custom_roles"`
	TrustedMetadata                    map[string]any        `json:"trusted_metadata"`
	CreatedAt                          string                `json:"created_at"`
	UpdatedAt                          string                `json:"updated_at"`
}

type activeSSOConnection struct {
	ConnectionID     string `json:"connection_id"`
	DisplayName      string `json:"display_name"`
	IdentityProvider string `json:"identity_provider"`
}

type activeSCIMConnection struct {
	ConnectionID        string  `json:"connection_id"`
	DisplayName         string  `json:"display_name"`
	BearerTokenLastFour string  `json:"bearer_token_last_four"`
	BearerTokenExpires  *string `json:"bearer_token_expires_at"`
}

type emailRole struct {
	Domain string `json:"domain"`
	RoleID string `json:"role_id"`
}

// Values of an organization's settings.
const (
	allAllowed     = "ALL_ALLOWED"
	restricted     = "RESTRICTED"
	notAllowed     = "NOT_ALLOWED"
	optional       = "OPTIONAL"
	requiredForAll = "REQUIRED_FOR_ALL"
)

type organizationAnswer struct {
	envelope
	Organization *organization `json:"organization"`
}

func (c *call) organizationGet() (any, error) {
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	return organizationAnswer{c.ok(), &t.organization}, nil
}

func (c *call) organizationMetrics() (any, error) {
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	return struct {
		envelope
		MemberCount int `json:"member_count"`
	}{c.ok(), len(t.live)}, nil
}

// newOrganization has the settings of an organization that nobody has configured.
func newOrganization(id, name, slug, created string) organization {
	return organization{
		OrganizationID: id, OrganizationName: name, OrganizationSlug: slug,
		SSOJITProvisioning: allAllowed, EmailJITProvisioning: notAllowed, EmailInvites: allAllowed,
		AuthMethods: allAllowed, MFAPolicy: optional, MFAMethods: allAllowed, OAuthTenantJITProvisioning: notAllowed,
		FirstPartyConnectedAppsAllowedType: allAllowed, ThirdPartyConnectedAppsAllowedType: allAllowed,
		CreatedAt: created, UpdatedAt: created,
	}
}

// json gives the organization as JSON; pages of a search are made of these.
func (t *tenant) json() ([]byte, error) {
	if t.encoded == nil {
		encoded, err := encode(&t.organization)
		if err != nil {
			return nil, err
		}
		t.encoded = encoded
	}
	return t.encoded, nil
}
