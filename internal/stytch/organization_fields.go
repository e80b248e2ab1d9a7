package stytch

// OrganizationField is a field of an organization that can be updated, by its upstream name.
type OrganizationField string

// The fields of an organization. Each says of what type its value is; a list replaces the whole list, and none at all empties it.
const (
	// OrganizationName and the three after it take a string.
	OrganizationName       OrganizationField = "organization_name"
	OrganizationSlug       OrganizationField = "organization_slug"
	OrganizationLogoURL    OrganizationField = "organization_logo_url"
	OrganizationExternalID OrganizationField = "organization_external_id"
	// OrganizationTrustedMetadata takes a jsontext.Value of an object. Its names are merged with those that are there, and null
	// takes one away (rule metadata-merge).
	OrganizationTrustedMetadata OrganizationField = "trusted_metadata"
	// OrganizationSSOJIT takes a string, OrganizationSSOJITConnections a []string of connection ids.
	OrganizationSSOJIT               OrganizationField = "sso_jit_provisioning"
	OrganizationSSOJITConnections    OrganizationField = "sso_jit_provisioning_allowed_connections"
	OrganizationSSODefaultConnection OrganizationField = "sso_default_connection_id"
	// OrganizationEmailDomains and OrganizationClaimedDomains take a []string, the other two a string.
	OrganizationEmailDomains   OrganizationField = "email_allowed_domains"
	OrganizationEmailJIT       OrganizationField = "email_jit_provisioning"
	OrganizationEmailInvites   OrganizationField = "email_invites"
	OrganizationClaimedDomains OrganizationField = "claimed_email_domains"
	// OrganizationOAuthTenantJIT takes a string, OrganizationOAuthTenants a map[string][]string by provider.
	OrganizationOAuthTenantJIT OrganizationField = "oauth_tenant_jit_provisioning"
	OrganizationOAuthTenants   OrganizationField = "allowed_oauth_tenants"
	// OrganizationAuthMethods and the policies after it take a string, each of their lists a []string.
	OrganizationAuthMethods        OrganizationField = "auth_methods"
	OrganizationAllowedAuthMethods OrganizationField = "allowed_auth_methods"
	OrganizationMFAPolicy          OrganizationField = "mfa_policy"
	OrganizationMFAMethods         OrganizationField = "mfa_methods"
	OrganizationAllowedMFAMethods  OrganizationField = "allowed_mfa_methods"
	// OrganizationImplicitRoles takes a []RoleAssignment.
	OrganizationImplicitRoles     OrganizationField = "rbac_email_implicit_role_assignments"
	OrganizationFirstPartyApps    OrganizationField = "first_party_connected_apps_allowed_type"
	OrganizationAllowedFirstParty OrganizationField = "allowed_first_party_connected_apps"
	OrganizationThirdPartyApps    OrganizationField = "third_party_connected_apps_allowed_type"
	OrganizationAllowedThirdParty OrganizationField = "allowed_third_party_connected_apps"
)

// organizationFields are all of them, and what the upstream asks of a member session for each (rule organization-field-actions).
var organizationFields = []fieldRow[OrganizationField]{
	{field: OrganizationName, action: "update.info.name", is: a[string]},
	{field: OrganizationSlug, action: "update.info.slug", is: a[string]},
	{field: OrganizationLogoURL, action: "update.info.logo-url", is: a[string]},
	{field: OrganizationExternalID, staff: StaffExternalIDUpdate, is: a[string]},
	{field: OrganizationTrustedMetadata, staff: StaffTrustedUpdate, secretOnly: true, is: isObject},
	{field: OrganizationSSOJIT, action: "update.settings.sso-jit-provisioning", is: a[string]},
	{field: OrganizationSSOJITConnections, action: "update.settings.sso-jit-provisioning", is: a[[]string]},
	{field: OrganizationSSODefaultConnection, action: "update.settings.default-sso-connection", is: a[string]},
	{field: OrganizationEmailDomains, action: "update.settings.allowed-domains", is: a[[]string]},
	{field: OrganizationEmailJIT, action: "update.settings.email-jit-provisioning", is: a[string]},
	{field: OrganizationEmailInvites, action: "update.settings.email-invites", is: a[string]},
	{field: OrganizationClaimedDomains, staff: StaffClaimedDomainsUpdate, is: a[[]string]},
	{field: OrganizationOAuthTenantJIT, action: "update.settings.oauth-tenant-jit-provisioning", is: a[string]},
	{field: OrganizationOAuthTenants, action: "update.settings.allowed-oauth-tenants", is: a[map[string][]string]},
	{field: OrganizationAuthMethods, action: "update.settings.allowed-auth-methods", is: a[string]},
	{field: OrganizationAllowedAuthMethods, action: "update.settings.allowed-auth-methods", is: a[[]string]},
	{field: OrganizationMFAPolicy, action: "update.settings.mfa-policy", is: a[string]},
	{field: OrganizationMFAMethods, action: "update.settings.allowed-mfa-methods", is: a[string]},
	{field: OrganizationAllowedMFAMethods, action: "update.settings.allowed-mfa-methods", is: a[[]string]},
	{field: OrganizationImplicitRoles, action: "update.settings.implicit-roles", is: a[[]RoleAssignment]},
	{field: OrganizationFirstPartyApps, staff: StaffAppPolicyUpdate, is: a[string]},
	{field: OrganizationAllowedFirstParty, staff: StaffAppPolicyUpdate, is: a[[]string]},
	{field: OrganizationThirdPartyApps, staff: StaffAppPolicyUpdate, is: a[string]},
	{field: OrganizationAllowedThirdParty, staff: StaffAppPolicyUpdate, is: a[[]string]},
}

// OrganizationFields returns all fields, in the order of the table.
func OrganizationFields() []OrganizationField { return namesOf(organizationFields) }

// Action is the action on stytch.organization that a member session needs to update the field, "" where the upstream publishes
// none (rule unpublished-actions).
func (f OrganizationField) Action() string { return rowOf(organizationFields, f).action }

// Staff is the operation by which Staff.UpdateOrganizationField writes the field, and whether there is one. Its row names the
// permission.
func (f OrganizationField) Staff() (Operation, bool) {
	row := rowOf(organizationFields, f)
	return row.staff, row.staff != 0
}
