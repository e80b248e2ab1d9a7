package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxName    = 128  // characters
	maxLogoURL = 2048 // bytes
)

var (
	slugShape = regexp.MustCompile(`^[A-Za-z0-9._~-]{2,128}$`)
	wordShape = regexp.MustCompile(`[A-Za-z0-9]`)

	authMethods = []string{
		"sso", "magic_link", "email_otp", "password", "google_oauth", "microsoft_oauth", "slack_oauth", "github_oauth", "hubspot_oauth",
	}
	mfaMethods      = []string{"sms_otp", "totp"}
	tenantProviders = []string{"slack", "hubspot", "github"}
	everySetting    = []string{allAllowed, restricted, notAllowed}
	allOrSome       = []string{allAllowed, restricted}
	someOrNone      = []string{restricted, notAllowed}
	mfaRequirement  = []string{requiredForAll, optional}
)

func errNoName() error {
	return badRequest("organization_name_missing", "An organization needs a name.")
}

func errTrustedMetadata() error {
	return unauthorized("cannot_update_trusted_metadata", "Trusted metadata cannot be set by a member.")
}

// checkValues looks at every value for itself, and puts domains into lower case.
func (in *organizationChanges) checkValues() error {
	if err := in.checkIdentity(); err != nil {
		return err
	}
	for _, one := range []struct {
		sent    *string
		allowed []string
		refusal string
	}{
		{in.SSOJIT, everySetting, "invalid_organization_auth_factor_setting"},
		{in.EmailInvites, everySetting, "invalid_organization_auth_factor_setting"},
		{in.EmailJIT, someOrNone, "invalid_organization_auth_factor_setting_for_email_jit_provisioning"},
		{in.OAuthTenantJIT, someOrNone, "invalid_organization_auth_factor_setting_for_oauth_tenant_jit_provisioning"},
		{in.AuthMethods, allOrSome, "invalid_organization_auth_method_settings"},
		{in.MFAPolicy, mfaRequirement, "invalid_organization_mfa_policy"},
		{in.MFAMethods, allOrSome, "invalid_organization_mfa_factor_setting"},
		{in.FirstParty, everySetting, "bad_request"},
		{in.ThirdParty, everySetting, "bad_request"},
	} {
		if one.sent != nil && !slices.Contains(one.allowed, *one.sent) {
			return badRequest(one.refusal, "The setting must be one of "+strings.Join(one.allowed, ", ")+".")
		}
	}
	for _, one := range []struct {
		sent    *[]string
		allowed []string
		refusal string
	}{
		{in.AllowedMethods, authMethods, "invalid_organization_allowed_auth_methods"},
		{in.AllowedMFA, mfaMethods, "invalid_organization_allowed_mfa_methods"},
	} {
		if one.sent != nil && slices.ContainsFunc(*one.sent, func(method string) bool { return !slices.Contains(one.allowed, method) }) {
			return badRequest(one.refusal, "The methods must be of "+strings.Join(one.allowed, ", ")+".")
		}
	}
	if err := in.checkDomains(); err != nil {
		return err
	}
	return in.checkOAuthTenants()
}

func (in *organizationChanges) checkIdentity() error {
	if name := in.Name; name != nil {
		switch {
		case strings.TrimSpace(*name) == "":
			return errNoName()
		case utf8.RuneCountInString(*name) > maxName:
			return badRequest("invalid_organization_name", "The name of an organization has at most 128 characters.")
		}
	}
	if slug := in.Slug; slug != nil && (!slugShape.MatchString(*slug) || !wordShape.MatchString(*slug)) {
		return badRequest("invalid_organization_slug",
			"A slug has 2 to 128 letters, digits and - . _ ~, and at least one letter or digit.")
	}
	if id := in.ExternalID; id != nil && !externalIDShape.MatchString(*id) {
		return badRequest("invalid_organization_external_id", "An external id is at most 128 letters, digits and . _ - |.")
	}
	if logo := in.LogoURL; logo != nil && len(*logo) > maxLogoURL {
		return badRequest("organization_logo_url_too_long", "The address of the logo is too long.")
	}
	return nil
}

// commonDomains are first labels of domains where anybody has an address, whatever follows.
var commonDomains = []string{
	"gmail", "aol", "yahoo", "icloud", "hotmail", "msn", "comcast", "live", "outlook", "att", "earthlink", "me", "mac", "sbcglobal",
	"verizon", "ig", "mail", "hey", "laposte", "wanadoo", "googlemail", "orange", "rediffmail", "uol", "bol",
}

var domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// common tells whether anybody may have an address of a domain: a name of the list before a suffix of one or two labels.
func common(domain string) bool {
	labels := strings.Split(domain, ".")
	return slices.Contains(commonDomains, labels[0]) && (len(labels) == 2 || len(labels) == 3 && len(labels[2]) == 2)
}

// domainRefusals are the names of what can be wrong with a list of domains.
type domainRefusals struct{ invalid, common, duplicate string }

// checkDomainList puts a list into lower case. An empty name of a refusal lets that pass.
func checkDomainList(domains []string, refusals domainRefusals) error {
	seen := map[string]bool{}
	for i, domain := range domains {
		domain = strings.ToLower(domain)
		switch {
		case len(domain) > 253 || !domainShape.MatchString(domain):
			return badRequest(refusals.invalid, "This is not a domain.")
		case common(domain):
			return badRequest(refusals.common, "Anybody can have an address of this domain.")
		case seen[domain] && refusals.duplicate != "":
			return badRequest(refusals.duplicate, "A domain is named twice.")
		}
		seen[domain] = true
		domains[i] = domain
	}
	return nil
}

func (in *organizationChanges) checkDomains() error {
	if in.EmailDomains != nil {
		err := checkDomainList(*in.EmailDomains, domainRefusals{
			"organization_settings_invalid_domain", "organization_settings_domain_too_common", "organization_settings_duplicate_domain",
		})
		if err != nil {
			return err
		}
	}
	if in.ClaimedDomains != nil {
		err := checkDomainList(*in.ClaimedDomains, domainRefusals{
			"organization_settings_invalid_claimed_domain", "organization_settings_claimed_domain_too_common",
			"organization_settings_duplicate_claimed_domain",
		})
		if err != nil {
			return err
		}
	}
	if in.ImplicitRoles != nil {
		for i := range *in.ImplicitRoles {
			domain := []string{(*in.ImplicitRoles)[i].Domain}
			if err := checkDomainList(domain, domainRefusals{"rbac_invalid_domain", "rbac_domain_too_common", ""}); err != nil {
				return err
			}
			(*in.ImplicitRoles)[i].Domain = domain[0]
		}
	}
	return nil
}

// checkOAuthTenants takes lists of names, of the three providers that have tenants.
func (in *organizationChanges) checkOAuthTenants() error {
	refused := badRequest("invalid_oauth_allowed_tenants_format", "allowed_oauth_tenants has lists of slack, hubspot and github.")
	in.oauthTenantLists = map[string][]string{}
	for provider, value := range in.OAuthTenants {
		listed, isList := value.([]any)
		if !isList || !slices.Contains(tenantProviders, provider) {
			return refused
		}
		names := make([]string, 0, len(listed))
		for _, one := range listed {
			name, isText := one.(string)
			if !isText || name == "" {
				return refused
			}
			names = append(names, name)
		}
		in.oauthTenantLists[provider] = names
	}
	return nil
}

// checkRules looks at what an organization would be with the changes. t is nil for a new one.
func (c *call) checkRules(t *tenant, in *organizationChanges, next *organization) error {
	if other := c.store.bySlug[next.OrganizationSlug]; other != nil && other != t {
		return badRequest("organization_slug_already_used", "The provided organization_slug is already used in another organization.")
	}
	if id := in.ExternalID; id != nil {
		if other := c.store.byExternal[*id]; other != nil && other != t {
			return badRequest("organization_external_id_already_used", "Another organization has this external id.")
		}
	}
	if err := checkConnections(t, in); err != nil {
		return err
	}
	if in.ImplicitRoles != nil {
		for _, one := range *in.ImplicitRoles {
			if !c.knows(t, one.RoleID) {
				return errNoRole()
			}
		}
	}
	if err := in.checkTogether(next); err != nil {
		return err
	}
	return checkMetadata(next.TrustedMetadata)
}

// checkConnections accepts connections of the organization; the default must be an active one.
func checkConnections(t *tenant, in *organizationChanges) error {
	if in.SSOConnections != nil {
		for _, id := range *in.SSOConnections {
			if !slices.Contains(t.connectionIDs(), id) {
				return notFound("sso_connection_not_found", "The organization has no such connection.")
			}
		}
	}
	if in.SSODefault != nil {
		active := slices.ContainsFunc(t.SSOActiveConnections, func(one activeSSOConnection) bool { return one.ConnectionID == *in.SSODefault })
		if !active {
			return badRequest("invalid_sso_default_connection_id", "The organization has no such active connection.")
		}
	}
	return nil
}

// checkTogether looks at settings that depend on one another. Those that the request leaves alone are not looked at.
func (in *organizationChanges) checkTogether(next *organization) error {
	tenants := 0
	for _, names := range next.AllowedOAuthTenants {
		tenants += len(names)
	}
	for _, one := range []struct {
		sent    bool
		setting string
		listed  int
		refusal string
	}{
		{in.SSOJIT != nil || in.SSOConnections != nil, next.SSOJITProvisioning, len(next.SSOJITProvisioningAllowed), "invalid_restricted_sso_setting"},
		{in.EmailJIT != nil || in.EmailDomains != nil, next.EmailJITProvisioning, len(next.EmailAllowedDomains), "invalid_restricted_email_setting"},
		{in.EmailInvites != nil || in.EmailDomains != nil, next.EmailInvites, len(next.EmailAllowedDomains), "invalid_restricted_email_setting"},
		{in.AuthMethods != nil || in.AllowedMethods != nil, next.AuthMethods, len(next.AllowedAuthMethods), "allowed_auth_methods_required_for_restricted"},
		{in.MFAMethods != nil || in.AllowedMFA != nil, next.MFAMethods, len(next.AllowedMFAMethods), "allowed_mfa_methods_required_for_restricted"},
		{in.OAuthTenantJIT != nil || in.OAuthTenants != nil, next.OAuthTenantJITProvisioning, tenants, "invalid_restricted_oauth_tenants_setting"},
	} {
		if one.sent && one.setting == restricted && one.listed == 0 {
			return badRequest(one.refusal, "RESTRICTED needs a list that is not empty.")
		}
	}
	sent := in.SSOJIT != nil || in.EmailJIT != nil || in.EmailInvites != nil
	if sent && next.SSOJITProvisioning == notAllowed && next.EmailJITProvisioning == notAllowed && next.EmailInvites == notAllowed {
		return badRequest("invalid_organization_auth_factor_setting",
			"sso_jit_provisioning, email_jit_provisioning and email_invites cannot all be NOT_ALLOWED.")
	}
	return nil
}
