package paths

import (
	"net/url"
	"strings"
)

// Addresses without parameters, and the patterns of those with one.
const (
	Root               = "/"
	Login              = "/login"
	LoginSlug          = "/login/:slug"
	LoginSent          = "/login/sent"
	LoginCode          = "/login/code"
	LoginOrganizations = "/login/organizations"
	LoginMore          = "/login/more"
	LoginMFA           = "/login/mfa"
	LoginMFAStart      = "/login/mfa/start"
	LoginOAuthRoute    = "/login/oauth/:provider"
	Authenticate       = "/authenticate"
	Password           = "/authenticate/password"
	RecoveryCodesFile  = "/recovery-codes"
	Logout             = "/logout"

	Account              = "/account"
	AccountName          = "/account/name"
	AccountEmail         = "/account/email"
	AccountEmailCode     = "/account/email/code"
	AccountPassword      = "/account/password"
	AccountMFA           = "/account/mfa"
	AccountTOTP          = "/account/totp"
	AccountTOTPCode      = "/account/totp/code"
	AccountTOTPRemove    = "/account/totp/remove"
	AccountPhone         = "/account/phone"
	AccountPhoneCode     = "/account/phone/code"
	AccountPhoneRemove   = "/account/phone/remove"
	AccountRecoveryCodes = "/account/recovery-codes"
	AccountSessions      = "/account/sessions"
	AccountSessionsEnd   = "/account/sessions/end"
	AccountLanguage      = "/account/language"

	Find               = "/find"
	Theme              = "/theme"
	Organizations      = "/organizations"
	OrganizationRoute  = "/organizations/:organization_id"
	OrganizationEnter  = "/organizations/:organization_id/enter"
	OrganizationLeave  = "/organizations/:organization_id/leave"
	MembersRoute       = "/organizations/:organization_id/members"
	MemberRoute        = "/organizations/:organization_id/members/:member_id"
	Static             = "/static/"
	Healthz            = "/healthz"
	Readyz             = "/readyz"
	organizationPrefix = Organizations + "/"
)

// OwnOrganizations is the directory of one's own memberships.
const OwnOrganizations = Organizations + "?show=mine"

// LoginNotice is the sign-in page with a word about how one came to it.
func LoginNotice(notice string) string { return Login + "?notice=" + notice }

// LoginFor is the sign-in page of the organization with this slug.
func LoginFor(slug string) string { return Login + "/" + url.PathEscape(slug) }

// WithPassword is a sign-in page that asks for a password.
func WithPassword(login string) string { return login + "?way=password" }

// LoginOAuth leads to the sign-in page of an OAuth provider, for one organization (its slug) or "" for all.
func LoginOAuth(provider, slug string) string {
	return With(Login+"/oauth/"+url.PathEscape(provider), url.Values{"organization": {slug}})
}

// LoginMFAFor is where a second factor is asked for on the way into an organization; method may be empty.
func LoginMFAFor(organizationID, method string) string {
	return With(LoginMFA, url.Values{"organization": {organizationID}, "method": {method}})
}

// LoginMoreFor is where another first factor is asked for on the way into an organization.
func LoginMoreFor(organizationID string) string {
	return With(LoginMore, url.Values{"organization": {organizationID}})
}

// Own is an address of one's own account, in an organization other than the one signed in to; "" is that one.
func Own(path, organizationID string) string {
	return With(path, url.Values{"organization": {organizationID}})
}

// Organization is the overview of a tenant.
func Organization(organizationID string) string {
	return organizationPrefix + url.PathEscape(organizationID)
}

// Enter is where a key to a tenant is asked for (POST).
func Enter(organizationID string) string { return Organization(organizationID) + "/enter" }

// Leave is where a key to a tenant is given back (POST).
func Leave(organizationID string) string { return Organization(organizationID) + "/leave" }

// Members is the list of a tenant's members.
func Members(organizationID string) string { return Organization(organizationID) + "/members" }

// Member is the page of one member.
func Member(organizationID, memberID string) string {
	return Members(organizationID) + "/" + url.PathEscape(memberID)
}

// With adds a query to an address; empty values are left out, so that equal states have equal addresses.
func With(path string, query url.Values) string {
	kept := url.Values{}
	for name, values := range query {
		for _, v := range values {
			if v != "" {
				kept.Add(name, v)
			}
		}
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + kept.Encode()
}

// Local says whether to is an address on this origin that a browser reads as one: a path that starts with exactly one
// slash. Browsers take a backslash for a slash and drop tabs and line breaks, so an address with either is refused
// rather than cleaned. It guards every redirect to an address that a request brought.
func Local(to string) bool {
	if len(to) > 2048 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return false
	}
	for _, r := range to {
		if r < 0x21 || r == '\\' || r == 0x7f {
			return false
		}
	}
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil
}

// The record of what was done: of all tenants, and of one. Each has its exports beside it, which take the same filters.
const (
	Audit             = "/audit"
	AuditCSV          = "/audit/export.csv"
	AuditJSON         = "/audit/export.jsonl"
	ActivityRoute     = "/organizations/:organization_id/activity"
	ActivityCSVRoute  = "/organizations/:organization_id/activity/export.csv"
	ActivityJSONRoute = "/organizations/:organization_id/activity/export.jsonl"
)

// Activity is what was done in a tenant.
func Activity(organizationID string) string { return Organization(organizationID) + "/activity" }

// ActivityOf is what was done in a tenant by one of its members, or to them.
func ActivityOf(organizationID, memberID string) string {
	return With(Activity(organizationID), url.Values{"member": {memberID}})
}

// ActivityCSV is the export of a tenant's activity as a table.
func ActivityCSV(organizationID string) string { return Activity(organizationID) + "/export.csv" }

// ActivityJSON is the export of a tenant's activity with one JSON object on each line.
func ActivityJSON(organizationID string) string { return Activity(organizationID) + "/export.jsonl" }

// Members: making one, and changing what is known of one.
const (
	MemberNewRoute          = "/organizations/:organization_id/members/new"
	MemberEditRoute         = "/organizations/:organization_id/members/:member_id/edit/:group"
	MemberTrustedRoute      = "/organizations/:organization_id/members/:member_id/edit/trusted-metadata"
	MemberExternalIDRoute   = "/organizations/:organization_id/members/:member_id/edit/external-id"
	MemberEmailRoute        = "/organizations/:organization_id/members/:member_id/email"
	MemberRetiredEmailRoute = "/organizations/:organization_id/members/:member_id/retired-email"
)

// MemberNew is where a member is made or invited.
func MemberNew(organizationID string) string { return Members(organizationID) + "/new" }

// MemberEdit is where one group of what is known of a member is changed: "name", "roles", "metadata", "trusted-metadata",
// "external-id", "breakglass" or "second-factor".
func MemberEdit(organizationID, memberID, group string) string {
	return Member(organizationID, memberID) + "/edit/" + url.PathEscape(group)
}

// MemberEmail is where a member's e-mail address is changed.
func MemberEmail(organizationID, memberID string) string {
	return Member(organizationID, memberID) + "/email"
}

// MemberRetiredEmail is where a member lets go of an address that they had before; "" is where its form goes.
func MemberRetiredEmail(organizationID, memberID, emailID string) string {
	return With(Member(organizationID, memberID)+"/retired-email", url.Values{"email_id": {emailID}})
}

// What is done to a member. Each act has a page that says what will happen (GET), and does it (POST).
const (
	MemberDeleteRoute        = MemberRoute + "/delete"
	MemberReactivateRoute    = MemberRoute + "/reactivate"
	MemberPasswordRoute      = MemberRoute + "/password"
	MemberTOTPRoute          = MemberRoute + "/totp"
	MemberPhoneRoute         = MemberRoute + "/phone"
	MemberSessionsRoute      = MemberRoute + "/sessions"
	MemberInvitationRoute    = MemberRoute + "/invitation"
	MemberAppRoute           = MemberRoute + "/apps"
	MemberRecoveryCodesRoute = MemberRoute + "/recovery-codes"
	MemberSecondFactorRoute  = MemberRoute + "/reset-second-factor"
	MemberProvidersRoute     = MemberRoute + "/providers"
	MemberLockDownRoute      = MemberRoute + "/lock-down"
)

// MemberAct is the page of an act: the last part of its route is that of the act.
func MemberAct(route, organizationID, memberID string) string {
	return Member(organizationID, memberID) + strings.TrimPrefix(route, MemberRoute)
}

// MemberSession is where one session of a member is ended.
func MemberSession(organizationID, memberID, sessionID string) string {
	return With(MemberAct(MemberSessionsRoute, organizationID, memberID), url.Values{"session": {sessionID}})
}

// MemberApp is where what a member let an app do is revoked.
func MemberApp(organizationID, memberID, appID string) string {
	return With(MemberAct(MemberAppRoute, organizationID, memberID), url.Values{"app": {appID}})
}

// MembersWithRole is the list of a tenant's members who have a role.
func MembersWithRole(organizationID, role string) string {
	return With(Members(organizationID), url.Values{"role": {role}})
}

// The settings of a tenant, a new tenant, and the end of one.
const (
	SettingsRoute           = "/organizations/:organization_id/settings"
	SettingsGroupRoute      = "/organizations/:organization_id/settings/:group"
	OrganizationNew         = "/organizations/new"
	OrganizationDeleteRoute = "/organizations/:organization_id/delete"
)

// Settings are all settings of a tenant.
func Settings(organizationID string) string { return Organization(organizationID) + "/settings" }

// SettingsGroup is where one group of a tenant's settings is changed.
func SettingsGroup(organizationID, group string) string {
	return Settings(organizationID) + "/" + url.PathEscape(group)
}

// OrganizationDelete is where a tenant is deleted.
func OrganizationDelete(organizationID string) string {
	return Organization(organizationID) + "/delete"
}

// Who of the support staff is inside which tenant, and where one such stay is ended (POST).
const (
	Entries       = "/entries"
	EntryEndRoute = "/entries/:entry_id/end"
)

// EntryEnd ends the stay of somebody of the support staff in a tenant.
func EntryEnd(entryID string) string { return Entries + "/" + url.PathEscape(entryID) + "/end" }
