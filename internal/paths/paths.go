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
	Authenticate       = "/authenticate"
	Logout             = "/logout"

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
