package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// organizationChanges is what a new organization and an update of one may send. What is left out stays, or keeps its default.
type organizationChanges struct {
	Name             *string        `json:"organization_name"`
	Slug             *string        `json:"organization_slug"`
	LogoURL          *string        `json:"organization_logo_url"`
	ExternalID       *string        `json:"organization_external_id"`
	TrustedMetadata  map[string]any `json:"trusted_metadata"`
	SSODefault       *string        `json:"sso_default_connection_id"`
	SSOJIT           *string        `json:"sso_jit_provisioning"`
	SSOConnections   *[]string      `json:"sso_jit_provisioning_allowed_connections"`
	EmailDomains     *[]string      `json:"email_allowed_domains"`
	EmailJIT         *string        `json:"email_jit_provisioning"`
	EmailInvites     *string        `json:"email_invites"`
	AuthMethods      *string        `json:"auth_methods"`
	AllowedMethods   *[]string      `json:"allowed_auth_methods"`
	MFAPolicy        *string        `json:"mfa_policy"`
	MFAMethods       *string        `json:"mfa_methods"`
	AllowedMFA       *[]string      `json:"allowed_mfa_methods"`
	ImplicitRoles    *[]emailRole   `json:"rbac_email_implicit_role_assignments"`
	OAuthTenantJIT   *string        `json:"oauth_tenant_jit_provisioning"`
	OAuthTenants     map[string]any `json:"allowed_oauth_tenants"`
	ClaimedDomains   *[]string      `json:"claimed_email_domains"`
	FirstParty       *string        `json:"first_party_connected_apps_allowed_type"`
	FirstPartyApps   *[]string      `json:"allowed_first_party_connected_apps"`
	ThirdParty       *string        `json:"third_party_connected_apps_allowed_type"`
	ThirdPartyApps   *[]string      `json:"allowed_third_party_connected_apps"`
	oauthTenantLists map[string][]string
}

// needs lists the permission of every field. For some none is published; those need a role that may do everything.
func (in *organizationChanges) needs() []needed {
	unpublished := in.ExternalID != nil || in.ClaimedDomains != nil || in.FirstParty != nil || in.FirstPartyApps != nil ||
		in.ThirdParty != nil || in.ThirdPartyApps != nil
	return []needed{
		{in.Name != nil, "update.info.name", false},
		{in.Slug != nil, "update.info.slug", false},
		{in.LogoURL != nil, "update.info.logo-url", false},
		{in.SSODefault != nil, "update.settings.default-sso-connection", false},
		{in.SSOJIT != nil || in.SSOConnections != nil, "update.settings.sso-jit-provisioning", false},
		{in.EmailDomains != nil, "update.settings.allowed-domains", false},
		{in.EmailJIT != nil, "update.settings.email-jit-provisioning", false},
		{in.EmailInvites != nil, "update.settings.email-invites", false},
		{in.AuthMethods != nil || in.AllowedMethods != nil, "update.settings.allowed-auth-methods", false},
		{in.MFAPolicy != nil, "update.settings.mfa-policy", false},
		{in.MFAMethods != nil || in.AllowedMFA != nil, "update.settings.allowed-mfa-methods", false},
		{in.ImplicitRoles != nil, "update.settings.implicit-roles", false},
		{in.OAuthTenantJIT != nil, "update.settings.oauth-tenant-jit-provisioning", false},
		{in.OAuthTenants != nil, "update.settings.allowed-oauth-tenants", false},
		{unpublished, "*", false},
	}
}

// authSettings tells whether anything is sent that says how people get in.
func (in *organizationChanges) authSettings() bool {
	return in.SSOJIT != nil || in.EmailDomains != nil || in.EmailJIT != nil || in.EmailInvites != nil || in.AuthMethods != nil ||
		in.AllowedMethods != nil || in.MFAPolicy != nil || in.MFAMethods != nil || in.AllowedMFA != nil ||
		in.OAuthTenantJIT != nil || in.OAuthTenants != nil
}

// apply puts what was sent into an organization.
func (in *organizationChanges) apply(o *organization) {
	set(&o.OrganizationName, in.Name)
	set(&o.OrganizationSlug, in.Slug)
	set(&o.OrganizationLogoURL, in.LogoURL)
	set(&o.SSOJITProvisioning, in.SSOJIT)
	set(&o.SSOJITProvisioningAllowed, in.SSOConnections)
	set(&o.EmailAllowedDomains, in.EmailDomains)
	set(&o.EmailJITProvisioning, in.EmailJIT)
	set(&o.EmailInvites, in.EmailInvites)
	set(&o.AuthMethods, in.AuthMethods)
	set(&o.AllowedAuthMethods, in.AllowedMethods)
	set(&o.MFAPolicy, in.MFAPolicy)
	set(&o.MFAMethods, in.MFAMethods)
	set(&o.AllowedMFAMethods, in.AllowedMFA)
	set(&o.RBACEmailImplicitRoleAssignments, in.ImplicitRoles)
	set(&o.OAuthTenantJITProvisioning, in.OAuthTenantJIT)
	set(&o.ClaimedEmailDomains, in.ClaimedDomains)
	set(&o.FirstPartyConnectedAppsAllowedType, in.FirstParty)
	set(&o.AllowedFirstPartyConnectedApps, in.FirstPartyApps)
	set(&o.ThirdPartyConnectedAppsAllowedType, in.ThirdParty)
	set(&o.AllowedThirdPartyConnectedApps, in.ThirdPartyApps)
	if in.ExternalID != nil {
		o.OrganizationExternalID = in.ExternalID
	}
	if in.SSODefault != nil {
		o.SSODefaultConnectionID = in.SSODefault
	}
	if in.OAuthTenants != nil {
		o.AllowedOAuthTenants = in.oauthTenantLists
	}
	o.TrustedMetadata = mergedMetadata(o.TrustedMetadata, in.TrustedMetadata)
}

// organizationCreate makes an organization. It reads no member session: whoever has the project's secret may.
func (c *call) organizationCreate() (any, error) {
	in, err := decode[organizationChanges](c)
	if err != nil {
		return nil, err
	}
	in.SSODefault, in.SSOConnections = nil, nil // an organization has no connections before it exists
	if in.Name == nil {
		return nil, errNoName()
	}
	if err := in.checkValues(); err != nil {
		return nil, err
	}
	fields := newOrganization(newID("organization"), *in.Name, "", stamp(c.time))
	if in.authSettings() {
		fields.EmailInvites = notAllowed // unless it is sent too
	}
	in.apply(&fields)
	if in.Slug == nil {
		fields.OrganizationSlug = c.store.freeSlug(*in.Name)
	}
	if err := c.checkRules(nil, &in, &fields); err != nil {
		return nil, err
	}
	t := c.store.addTenant(fields)
	c.log.TargetOrganizationID = t.OrganizationID
	return organizationAnswer{c.ok(), &t.organization}, nil
}

// freeSlug makes a slug of a name.
func (s *store) freeSlug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if len(slug) < 2 {
		slug = "organization"
	}
	slug = slug[:min(len(slug), 120)]
	free := slug
	for n := 2; s.bySlug[free] != nil; n++ {
		free = fmt.Sprintf("%s-%d", slug, n)
	}
	return free
}

// organizationUpdate changes what the request names, all of it or nothing.
func (c *call) organizationUpdate() (any, error) {
	in, err := decode[organizationChanges](c)
	if err != nil {
		return nil, err
	}
	if err := in.checkValues(); err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	if err := c.mayUpdateOrganization(&in); err != nil {
		return nil, err
	}
	changed := t.organization
	in.apply(&changed)
	if err := c.checkRules(t, &in, &changed); err != nil {
		return nil, err
	}
	c.store.replace(t, &changed)
	t.uninstall()
	if in.ImplicitRoles != nil {
		t.follow()
	}
	t.changed(c.time)
	return organizationAnswer{c.ok(), &t.organization}, nil
}

func (c *call) mayUpdateOrganization(in *organizationChanges) error {
	acting, err := c.acting()
	if err != nil || acting == nil {
		return err
	}
	if in.TrustedMetadata != nil {
		return errTrustedMetadata()
	}
	for _, need := range in.needs() {
		if need.sent && len(c.granting(acting, "stytch.organization", need.action)) == 0 {
			return errNotAuthorized()
		}
	}
	return nil
}

// organizationDelete ends an organization, everybody in it and all their sessions. Its slug and external id are free again.
func (c *call) organizationDelete() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.organization", "delete")
	if err != nil {
		return nil, err
	}
	c.store.removeTenant(t)
	return struct {
		envelope
		OrganizationID string `json:"organization_id"`
	}{c.ok(), t.OrganizationID}, nil
}

// organizationDeleteExternalID takes the external id away; one that is not there is no error. No permission is published for it.
func (c *call) organizationDeleteExternalID() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.organization", "*")
	if err != nil {
		return nil, err
	}
	changed := t.organization
	changed.OrganizationExternalID = nil
	c.store.replace(t, &changed)
	t.changed(c.time)
	return organizationAnswer{c.ok(), &t.organization}, nil
}

// assignByDomain gives the roles that the organization gives to the e-mail domain.
func (m *memberFields) assignByDomain(t *tenant) {
	domain := emailDomain(m.EmailAddress)
	for _, implicit := range t.RBACEmailImplicitRoleAssignments {
		if implicit.Domain == domain {
			m.assign(implicit.RoleID, emailSource, map[string]string{"email_domain": domain})
		}
	}
}

// replace gives an organization other fields, and finds it by those from now on.
func (s *store) replace(t *tenant, fields *organization) {
	s.unlist(t)
	t.organization = *fields
	s.list(t)
}

// list lets an organization be found.
func (s *store) list(t *tenant) {
	s.byID[t.OrganizationID] = t
	s.bySlug[t.OrganizationSlug] = t
	if t.OrganizationExternalID != nil {
		s.byExternal[*t.OrganizationExternalID] = t
	}
	for _, domain := range t.EmailAllowedDomains {
		s.byDomain[domain] = append(s.byDomain[domain], t)
		slices.SortFunc(s.byDomain[domain], func(a, b *tenant) int { return a.position - b.position })
	}
}

// unlist makes an organization one that is not found.
func (s *store) unlist(t *tenant) {
	delete(s.byID, t.OrganizationID)
	delete(s.bySlug, t.OrganizationSlug)
	if t.OrganizationExternalID != nil {
		delete(s.byExternal, *t.OrganizationExternalID)
	}
	for _, domain := range t.EmailAllowedDomains {
		s.byDomain[domain] = slices.DeleteFunc(s.byDomain[domain], func(other *tenant) bool { return other == t })
	}
}
