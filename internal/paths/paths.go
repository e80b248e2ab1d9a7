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
