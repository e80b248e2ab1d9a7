package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// overviewPage is what the overview shows of what was read.
func (h *console) overviewPage(c echo.Context, o *overview) views.OverviewPage {
	org := &o.self.Organization
	m := views.OverviewPage{
		ID: org.ID, Name: org.Name, Slug: org.Slug, ExternalID: org.ExternalID,
		Created: moment(parseTime(org.CreatedAt)), Changed: moment(org.UpdatedAt.Time),
		EmailDomains: org.EmailDomains, ClaimedDomains: org.ClaimedDomains,
		Members: paths.Members(org.ID), SignIn: signInFacts(org),
		SCIM:       scimFacts(o.scim.got, h.Now()),
		AppsPolicy: []views.Fact{{Label: "First party", Value: appsPolicy(org.FirstPartyApps, len(org.AllowedFirstParty))}, {Label: "Third party", Value: appsPolicy(org.ThirdPartyApps, len(org.AllowedThirdParty))}},
	}
	if stateOf(c).person.HomeID() != org.ID {
		m.Leave = paths.Leave(org.ID)
	}
	m.Connections = connectionRows(&o.sso.got, org.SSODefaultConnection, h.Now())
	m.ConnectionsSection = h.section(c, o.sso.err, len(m.Connections) == 0)
	m.SCIMSection = h.section(c, o.scim.err, o.scim.got == nil)
	for _, app := range o.apps.got {
		m.Apps = append(m.Apps, views.AppRow{ID: app.ID, Name: nameOf(app.Name, app.ID), Href: appHref(org.ID, app.ID), Kind: appKind(app.Type), Status: appStatus(org, app)})
	}
	m.AppsSection = h.section(c, o.apps.err, len(m.Apps) == 0)
	m.Attention = h.attention(o)
	if len(m.Attention) == 0 {
		m.AttentionSection.State = views.SectionEmpty
	}
	m.Strip = []views.Glance{
		membersGlance(h.section(c, o.members.err, false), o.members.got, paths.Members(org.ID)),
		{Label: "Single sign-on", Status: dash(ssoStatus(&org.OrganizationSummary))},
		{Label: "SCIM", Status: dash(scimStatus(org.SCIM, h.Now()))},
		{Label: "MFA", Status: mfaStatus(&org.OrganizationSummary)},
		appsGlance(&m.AppsSection, len(m.Apps), paths.OrganizationApps(org.ID)),
	}
	return m
}

func dash(s views.Status) views.Status {
	if s.Text == "" {
		return views.Status{Kind: views.StatusDim, Text: "None"}
	}
	return s
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func membersGlance(s views.Section, n int, href string) views.Glance {
	g := views.Glance{Label: "Members", Href: href}
	switch s.State {
	case views.SectionRefused:
		g.Status = views.Status{Kind: views.StatusDim, Text: "Not shown to you"}
		g.Note = "needs " + s.Permission.Resource + " : " + s.Permission.Action
		g.Href = ""
	case views.SectionFailed:
		g.Status = views.Status{Kind: views.StatusDim, Text: "Not read"}
	case views.SectionShown, views.SectionEmpty:
		g.Status = views.Status{Text: strconv.Itoa(n)}
	}
	return g
}

func appsGlance(s *views.Section, n int, href string) views.Glance {
	g := views.Glance{Label: "Connected Apps", Href: href, Status: views.Status{Kind: views.StatusDim, Text: "None in use"}}
	switch {
	case s.State == views.SectionRefused:
		g.Status.Text, g.Href = "Not shown to you", ""
	case s.State == views.SectionFailed:
		g.Status.Text = "Not read"
	case n > 0:
		g.Status = views.Status{Text: strconv.Itoa(n) + " in use"}
	}
	return g
}

// signInFacts says who may come in and how.
func signInFacts(o *stytch.Organization) []views.Fact {
	return []views.Fact{
		{Label: "Methods", Value: allowed(o.AuthMethods, o.AllowedAuthMethods, "Any that the project has")},
		{Label: "Second factor", Value: secondFactor(o)},
		{Label: "New members by e-mail", Value: joining(o.EmailJIT, o.EmailDomains, "Anybody")},
		{Label: "New members by SSO", Value: joining(o.SSOJIT, nil, "Everybody who signs in through an active connection")},
		{Label: "New members by OAuth tenant", Value: joining(o.OAuthTenantJIT, oauthTenants(o.AllowedOAuthTenants), "Anybody")},
		{Label: "Invitations", Value: joining(o.EmailInvites, o.EmailDomains, "To any address")},
		{Label: "Roles by e-mail domain", Value: implicitRoles(o.ImplicitRoles)},
	}
}

func allowed(policy string, methods []string, all string) string {
	if policy != "RESTRICTED" {
		return all
	}
	if len(methods) == 0 {
		return "None"
	}
	names := make([]string, len(methods))
	for i, method := range methods {
		names[i] = methodName(method)
	}
	return sentence(names...) + " only"
}

func secondFactor(o *stytch.Organization) string {
	who := "For those who enrolled"
	if o.MFAPolicy == "REQUIRED_FOR_ALL" {
		who = "Required for everybody"
	}
	if o.MFAMethods == "RESTRICTED" {
		names := make([]string, len(o.AllowedMFAMethods))
		for i, method := range o.AllowedMFAMethods {
			names[i] = methodName(method)
		}
		return who + ", by " + strings.Join(names, " or ")
	}
	return who
}

// joining says what a setting of who may come lets in. A value that is not known is shown as it is: saying "nobody" of
// it would be a guess.
func joining(policy string, from []string, everybody string) string {
	switch policy {
	case "ALL_ALLOWED":
		return everybody
	case "NOT_ALLOWED":
		return "Nobody"
	case "RESTRICTED":
		if len(from) == 0 {
			return "Only what is on the list"
		}
		return "Only " + strings.Join(from, ", ")
	}
	return policy
}

func oauthTenants(tenants map[string][]string) []string {
	var out []string
	for provider, ids := range tenants {
		for _, id := range ids {
			out = append(out, methodName(provider+"_oauth")+" "+id)
		}
	}
	slices.Sort(out)
	return out
}

func implicitRoles(assignments []stytch.RoleAssignment) string {
	out := make([]string, len(assignments))
	for i, a := range assignments {
		out[i] = a.RoleID + " for " + a.Domain
	}
	return strings.Join(out, ", ")
}

// connectionRows are all SSO connections, with the certificate that ends first.
func connectionRows(all *stytch.SSOConnections, byDefault string, now time.Time) []views.ConnectionRow {
	var rows []views.ConnectionRow
	add := func(kind string, s *stytch.SSOConnection, certificate views.Status) {
		row := views.ConnectionRow{ID: s.ID, Name: s.Name, Provider: kind, Certificate: certificate}
		if s.IdentityProvider != "" {
			row.Provider += ", " + providerName(s.IdentityProvider)
		}
		switch {
		case s.Status == "active" && s.ID == byDefault:
			row.Status = views.Status{Kind: views.StatusOK, Text: "Active, default"}
		case s.Status == "active":
			row.Status = views.Status{Kind: views.StatusOK, Text: "Active"}
		case s.Status == "pending":
			row.Status = views.Status{Kind: views.StatusWait, Text: "Pending"}
		default:
			row.Status = views.Status{Kind: views.StatusOff, Text: s.Status}
		}
		rows = append(rows, row)
	}
	for i := range all.SAML {
		s := &all.SAML[i]
		certificate := views.Status{Kind: views.StatusDim, Text: "No certificate yet"}
		if ends := certificateEnd(s); !ends.IsZero() {
			certificate = views.Status{Text: ends.UTC().Format(time.DateOnly)}
			if left := ends.Sub(now); left <= 0 {
				certificate.Kind = views.StatusBad
			} else if left <= soon {
				certificate.Kind = views.StatusWarn
			}
		}
		add("SAML", &s.SSOConnection, certificate)
	}
	for i := range all.OIDC {
		add("OIDC", &all.OIDC[i], views.Status{})
	}
	for i := range all.External {
		add("External", &all.External[i], views.Status{})
	}
	return rows
}

// certificateEnd is when a connection's last certificate ends: one that is good keeps it working.
func certificateEnd(s *stytch.SAMLConnection) time.Time {
	var last time.Time
	for _, certificate := range s.Certificates {
		if certificate.ExpiresAt.After(last) {
			last = certificate.ExpiresAt.Time
		}
	}
	return last
}

func scimFacts(s *stytch.SCIMConnection, now time.Time) []views.Fact {
	if s == nil {
		return nil
	}
	facts := []views.Fact{
		{Label: "Connection", Value: s.Name},
		{Label: "Provider", Value: providerName(s.IdentityProvider)},
		{Label: "Token", Value: "ends in " + s.TokenLastFour, Note: until(s.TokenExpiresAt.Time, now)},
	}
	if s.NextTokenLastFour != "" {
		facts = append(facts, views.Fact{
			Label: "New token", Status: views.Status{Kind: views.StatusPart, Text: "Rotation is half done: the new one ends in " + s.NextTokenLastFour},
		})
	}
	return append(facts, views.Fact{Label: "Groups with roles", Value: strconv.Itoa(len(s.GroupRoles))})
}

func until(t, now time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case t.Before(now):
		return "expired " + moment(t)
	}
	return "until " + moment(t)
}

func appsPolicy(policy string, listed int) string {
	switch policy {
	case "ALL_ALLOWED":
		return "All"
	case "NOT_ALLOWED":
		return "None"
	case "RESTRICTED":
		return "Only the " + strconv.Itoa(listed) + " on the list"
	}
	return policy
}

func appKind(kind string) string {
	switch kind {
	case "first_party":
		return "First party"
	case "first_party_public":
		return "First party, public"
	case "third_party":
		return "Third party"
	case "third_party_public":
		return "Third party, public"
	}
	return kind
}

// appStatus says whether the organization's policy allows an app.
func appStatus(o *stytch.Organization, app stytch.ConnectedApp) views.Status {
	if allowsApp(o, app.ID, stytch.IsFirstPartyApp(app.Type)) {
		return views.Status{Kind: views.StatusOK, Text: "Allowed"}
	}
	return views.Status{Kind: views.StatusBad, Text: "Not allowed"}
}
