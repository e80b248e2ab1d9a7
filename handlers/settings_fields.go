package handlers

import (
	"slices"
	"strconv"
	"strings"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// The values of an organization's choices (rule organization-setting-values).
const (
	allAllowed = "ALL_ALLOWED"
	notAllowed = "NOT_ALLOWED"
	mfaByWill  = "OPTIONAL"
)

// organizationSetting is one field of Update Organization with what a session needs to change it.
func organizationSetting(f stytch.OrganizationField, kind fieldKind, label, note string) formField {
	return formField{name: string(f), label: label, note: note, kind: kind, action: f.Action()}
}

func checked(f formField, check func(string) string) formField {
	f.check = check
	return f
}

// among is a field that takes only what is offered. What it has now stays on offer, also where the console does not know it.
func among(f formField, now []string, offered ...views.Option) formField {
	for _, value := range now {
		if value != "" && !slices.ContainsFunc(offered, func(o views.Option) bool { return o.Value == value }) {
			offered = append(offered, views.Option{Value: value, Text: value})
		}
	}
	f.options = offered
	offers := func(value string) string {
		if slices.ContainsFunc(offered, func(o views.Option) bool { return o.Value == value }) {
			return ""
		}
		return "This is not one of the choices."
	}
	f.check = offers
	if f.kind == kindBoxes {
		f.check = eachLine(offers)
	}
	return f
}

func choices(pairs ...string) []views.Option {
	var out []views.Option
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, views.Option{Value: pairs[i], Text: pairs[i+1]})
	}
	return out
}

func methodChoices(methods ...string) []views.Option {
	out := make([]views.Option, len(methods))
	for i, method := range methods {
		out[i] = views.Option{Value: method, Text: sentence(methodName(method))}
	}
	return out
}

// connectionChoices are the active SSO connections. Others are not known without a read of their own; one that is on the list
// now stays there.
func connectionChoices(o *stytch.Organization) []views.Option {
	out := make([]views.Option, len(o.SSOActiveConnections))
	for i, connection := range o.SSOActiveConnections {
		out[i] = views.Option{Value: connection.ID, Text: nameOf(connection.Name, connection.ID)}
	}
	return out
}

func identityFields(*console, *stytch.Organization) []formField {
	return []formField{
		checked(organizationSetting(stytch.OrganizationName, kindText, "Name", "Up to 128 characters. People see it when they sign in."), organizationNameTrouble),
		checked(organizationSetting(stytch.OrganizationSlug, kindText, "Slug", "Part of the sign-in address. Old links break when it changes."), slugTrouble),
		checked(organizationSetting(stytch.OrganizationLogoURL, kindText, "Logo URL", "An image for pages on which people sign in. Empty for none."), logoTrouble),
	}
}

func externalIDFields(*console, *stytch.Organization) []formField {
	return []formField{checked(organizationSetting(stytch.OrganizationExternalID, kindText, "External id",
		"Your own key for this organization: letters, digits and . _ - | . Empty for none."), externalIDTrouble)}
}

func joiningFields(_ *console, o *stytch.Organization) []formField {
	tenants := checked(organizationSetting(stytch.OrganizationOAuthTenants, kindList, "OAuth tenants", "One a line: slack, hubspot or github, a colon, and the tenant's id."), eachLine(oauthTenantTrouble))
	tenants.value = tenantsOfLines
	return []formField{
		among(organizationSetting(stytch.OrganizationEmailInvites, kindChoice, "Invitations", ""), []string{o.EmailInvites},
			choices(allAllowed, "To any address", restricted, "Only to the allowed domains", notAllowed, "None")...),
		among(organizationSetting(stytch.OrganizationEmailJIT, kindChoice, "Joining by e-mail", "Without an invitation, by a link, a code or an OAuth provider."), []string{o.EmailJIT},
			choices(restricted, "Whoever has an address at an allowed domain", notAllowed, "Nobody")...),
		checked(organizationSetting(stytch.OrganizationEmailDomains, kindList, "Allowed e-mail domains", "One a line. Used by invitations and by joining with a verified address."), domainsTrouble),
		among(organizationSetting(stytch.OrganizationSSOJIT, kindChoice, "Joining by single sign-on", ""), []string{o.SSOJIT},
			choices(allAllowed, "Everybody who signs in through an active connection", restricted, "Only through the connections ticked", notAllowed, "Nobody")...),
		among(organizationSetting(stytch.OrganizationSSOJITConnections, kindBoxes, "Connections that let people join", "Counts only where joining is limited to them."), o.SSOJITConnections, connectionChoices(o)...),
		among(organizationSetting(stytch.OrganizationOAuthTenantJIT, kindChoice, "Joining by OAuth tenant", ""), []string{o.OAuthTenantJIT},
			choices(restricted, "Whoever belongs to a tenant on the list", notAllowed, "Nobody")...),
		tenants,
	}
}

func claimedFields(*console, *stytch.Organization) []formField {
	return []formField{checked(organizationSetting(stytch.OrganizationClaimedDomains, kindList, "Claimed domains", "One a line. People with such an address can be members only where the domain is claimed."), domainsTrouble)}
}

func signInFields(_ *console, o *stytch.Organization) []formField {
	return []formField{
		among(organizationSetting(stytch.OrganizationAuthMethods, kindChoice, "Methods", "What members may use. Break-glass members are exempt."), []string{o.AuthMethods},
			choices(allAllowed, "Every method the project offers", restricted, "Only those ticked")...),
		among(organizationSetting(stytch.OrganizationAllowedAuthMethods, kindBoxes, "Allowed methods", "Counts only where the methods are limited."), o.AllowedAuthMethods,
			methodChoices("sso", "magic_link", "email_otp", "password", "google_oauth", "microsoft_oauth", "slack_oauth", "github_oauth", "hubspot_oauth")...),
		among(organizationSetting(stytch.OrganizationSSODefaultConnection, kindChoice, "Default connection", "Where single sign-on leads when nothing else is said."), []string{o.SSODefaultConnection}, connectionChoices(o)...),
	}
}

func mfaFields(_ *console, o *stytch.Organization) []formField {
	return []formField{
		among(organizationSetting(stytch.OrganizationMFAPolicy, kindChoice, "Second factor", ""), []string{o.MFAPolicy},
			choices(mfaForAll, "Required for everybody", mfaByWill, "Asked of those who enrolled")...),
		among(organizationSetting(stytch.OrganizationMFAMethods, kindChoice, "Methods", ""), []string{o.MFAMethods},
			choices(allAllowed, "Every method the project offers", restricted, "Only those ticked")...),
		among(organizationSetting(stytch.OrganizationAllowedMFAMethods, kindBoxes, "Allowed methods", "Counts only where the methods are limited."), o.AllowedMFAMethods,
			methodChoices("totp", "sms_otp")...),
	}
}

// appFields have each list before the choice that makes it count: where each field is a call of its own, no app is shut out for
// the moment between the two.
func appFields(_ *console, o *stytch.Organization) []formField {
	offered := choices(allAllowed, "All", restricted, "Only those on the list", notAllowed, "None")
	const note = "One client id a line. Counts only where apps are limited to it."
	return []formField{
		checked(organizationSetting(stytch.OrganizationAllowedFirstParty, kindList, "Listed apps of your own", note), eachLine(appTrouble)),
		among(organizationSetting(stytch.OrganizationFirstPartyApps, kindChoice, "Apps of your own", "First-party Connected Apps."), []string{o.FirstPartyApps}, offered...),
		checked(organizationSetting(stytch.OrganizationAllowedThirdParty, kindList, "Listed apps of others", note), eachLine(appTrouble)),
		among(organizationSetting(stytch.OrganizationThirdPartyApps, kindChoice, "Apps of others", "Third-party Connected Apps."), []string{o.ThirdPartyApps}, offered...),
	}
}

func roleFields(h *console, o *stytch.Organization) []formField {
	offered := h.tenantRoles(o)
	held := listed(roleLines(o.ImplicitRoles))
	note := "One a line: a domain, a colon, and a role. Whoever has an address there has the role."
	if len(offered) > 0 {
		note += " Roles: " + strings.Join(offered, ", ") + "."
	}
	f := checked(organizationSetting(stytch.OrganizationImplicitRoles, kindList, "Roles by e-mail domain", note), eachLine(func(line string) string {
		if held[line] {
			return "" // it is there already, whoever put it there
		}
		return roleLineTrouble(line, offered)
	}))
	f.value = rolesOfLines
	return []formField{f}
}

func metadataFields(*console, *stytch.Organization) []formField {
	return []formField{checked(organizationSetting(stytch.OrganizationTrustedMetadata, kindJSON, "Trusted metadata",
		"A JSON object of at most 20 keys and 4 KB. Your own services read it; members cannot write it. A key that is null goes."), metadataTrouble)}
}

// tenantRoles are the roles that somebody may be given in a tenant. Those of the support staff are not among them: they are
// worth nothing there, and whoever sees one in a list may think otherwise.
func (h *console) tenantRoles(o *stytch.Organization) []string {
	policy := h.Policy.Policy()
	if len(policy.Roles) == 0 {
		return nil
	}
	var ids []string
	for _, role := range policy.Roles {
		staff := false
		for _, p := range role.Permissions {
			staff = staff || strings.HasPrefix(p.Resource, "console-")
		}
		if !staff && role.ID != "stytch_member" {
			ids = append(ids, role.ID)
		}
	}
	for _, role := range o.CustomRoles {
		ids = append(ids, role.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// roleLineTrouble says what is wrong with a role for a domain. Before the policy was ever read, every role passes.
func roleLineTrouble(line string, offered []string) string {
	domain, role, ok := pair(line)
	if !ok {
		return "Enter a domain, a colon and a role, such as acme.example:billing_viewer."
	}
	if text := domainTrouble(domain); text != "" {
		return text
	}
	if len(offered) > 0 && !slices.Contains(offered, role) {
		return "There is no role " + strconv.Quote(role) + " that can be given here."
	}
	return ""
}

func roleLines(assignments []stytch.RoleAssignment) []string {
	lines := make([]string, len(assignments))
	for i, a := range assignments {
		lines[i] = a.Domain + ":" + a.RoleID
	}
	return lines
}

func rolesOfLines(wanted string) any {
	assignments := []stytch.RoleAssignment{}
	for line := range strings.Lines(wanted) {
		if domain, role, ok := pair(line); ok {
			assignments = append(assignments, stytch.RoleAssignment{Domain: domain, RoleID: role})
		}
	}
	return assignments
}

func listed(items []string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}

// settingsNow is how each field of Update Organization stands, in the canonical text of its kind.
func settingsNow(o *stytch.Organization) map[string]string {
	now := map[stytch.OrganizationField]string{
		stytch.OrganizationName: o.Name, stytch.OrganizationSlug: o.Slug, stytch.OrganizationLogoURL: o.LogoURL,
		stytch.OrganizationExternalID: o.ExternalID, stytch.OrganizationTrustedMetadata: jsonText(o.TrustedMetadata),
		stytch.OrganizationEmailInvites: o.EmailInvites, stytch.OrganizationEmailJIT: o.EmailJIT, stytch.OrganizationEmailDomains: listText(o.EmailDomains),
		stytch.OrganizationSSOJIT: o.SSOJIT, stytch.OrganizationSSOJITConnections: listText(o.SSOJITConnections),
		stytch.OrganizationOAuthTenantJIT: o.OAuthTenantJIT, stytch.OrganizationOAuthTenants: listText(oauthTenantLines(o.AllowedOAuthTenants)),
		stytch.OrganizationClaimedDomains: listText(o.ClaimedDomains), stytch.OrganizationSSODefaultConnection: o.SSODefaultConnection,
		stytch.OrganizationAuthMethods: o.AuthMethods, stytch.OrganizationAllowedAuthMethods: listText(o.AllowedAuthMethods),
		stytch.OrganizationMFAPolicy: o.MFAPolicy, stytch.OrganizationMFAMethods: o.MFAMethods, stytch.OrganizationAllowedMFAMethods: listText(o.AllowedMFAMethods),
		stytch.OrganizationImplicitRoles:  listText(roleLines(o.ImplicitRoles)),
		stytch.OrganizationFirstPartyApps: o.FirstPartyApps, stytch.OrganizationAllowedFirstParty: listText(o.AllowedFirstParty),
		stytch.OrganizationThirdPartyApps: o.ThirdPartyApps, stytch.OrganizationAllowedThirdParty: listText(o.AllowedThirdParty),
	}
	texts := make(map[string]string, len(now))
	for field, text := range now {
		texts[string(field)] = text
	}
	return texts
}
