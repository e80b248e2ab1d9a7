package handlers

import (
	"strconv"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// directoryRow is an organization in the directory.
func directoryRow(o *stytch.OrganizationSummary, now time.Time) views.DirectoryRow {
	return views.DirectoryRow{
		ID: o.ID, Href: paths.Organization(o.ID), Name: nameOf(o.Name, o.Slug), Slug: o.Slug, SignIn: signInStatus(o), MFA: mfaStatus(o),
		SSO: ssoStatus(o), SCIM: scimStatus(o.SCIM, now), Created: date(o.CreatedAt),
	}
}

// signInStatus says in a word how members sign in. An organization that lets nobody new in by any way is closed.
func signInStatus(o *stytch.OrganizationSummary) views.Status {
	if isClosed(o) {
		return views.Status{Kind: views.StatusBad, Text: "Closed"}
	}
	if o.AuthMethods != "RESTRICTED" {
		return views.Status{Kind: views.StatusDim, Text: "Any"}
	}
	switch {
	case len(o.AllowedAuthMethods) == 1 && o.AllowedAuthMethods[0] == "sso":
		return views.Status{Text: "SSO only"}
	case len(o.AllowedAuthMethods) == 1:
		return views.Status{Text: "1 method"}
	}
	return views.Status{Text: strconv.Itoa(len(o.AllowedAuthMethods)) + " methods"}
}

// isClosed says whether nobody can become a member: no invitations and no way to join.
func isClosed(o *stytch.OrganizationSummary) bool {
	const no = "NOT_ALLOWED"
	return o.EmailInvites == no && o.EmailJIT == no && o.SSOJIT == no && o.OAuthTenantJIT == no
}

func mfaStatus(o *stytch.OrganizationSummary) views.Status {
	if o.MFAPolicy == "REQUIRED_FOR_ALL" {
		return views.Status{Text: "Required"}
	}
	return views.Status{Kind: views.StatusDim, Text: "Optional"}
}

func ssoStatus(o *stytch.OrganizationSummary) views.Status {
	if len(o.SSOActiveConnections) == 0 {
		return views.Status{}
	}
	return views.Status{Text: strconv.Itoa(len(o.SSOActiveConnections)) + " active"}
}

// soon is how near an expiry must be to be worth a warning.
const soon = 30 * 24 * time.Hour

// scimStatus names the connection, and warns of a token that ends.
func scimStatus(s *stytch.SCIMSummary, now time.Time) views.Status {
	if s == nil {
		return views.Status{}
	}
	name := s.Name
	if name == "" {
		name = "Active"
	}
	// What is wrong stands alone: the column is narrow, and the name is on the organization's page.
	switch left := s.TokenExpiresAt.Sub(now); {
	case s.TokenExpiresAt.IsZero() || left > soon:
		return views.Status{Text: name}
	case left <= 0:
		return views.Status{Kind: views.StatusBad, Text: "Token expired"}
	default:
		return views.Status{Kind: views.StatusWarn, Text: count(int(left.Hours()/24), "days") + " left"}
	}
}
