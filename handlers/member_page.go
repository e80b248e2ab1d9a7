package handlers

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// memberPage is what the page shows of a member.
func memberPage(d *stytch.MemberDetail) views.MemberPage {
	m := &d.Member
	page := views.MemberPage{
		Organization: d.Organization.Name, OrganizationHref: paths.Organization(d.Organization.ID), MembersHref: paths.Members(d.Organization.ID),
		ID: m.ID, Name: nameOf(m.Name, ""), Email: m.Email, Status: memberStatus(m.Status, false, false),
		Lock: views.Lock{
			Locked: m.IsLocked, Since: moment(m.LockedAt.Time), Until: moment(m.LockExpiresAt.Time),
			Reason: "Too many sign-ins in a row failed.",
		},
		Roles: roleRows(m.Roles, &d.Organization), Factors: factorRows(m, &d.Organization), SecondFactors: secondFactorRows(m),
		Registrations:   registrations(m, &d.Organization),
		TrustedMetadata: readable(m.Trusted), UntrustedMetadata: readable(m.Untrusted),
	}
	for _, retired := range m.RetiredEmails {
		page.RetiredEmails = append(page.RetiredEmails, views.RetiredEmail{Email: retired.Email})
	}
	page.Details = []views.Fact{
		{Label: "E-mail", Value: m.Email, Note: verified(m.EmailVerified)},
		{Label: "External id", Value: m.ExternalID, ID: m.ExternalID != ""},
		{Label: "Break-glass", Value: "No"},
		{Label: "Second factor", Value: mfaWords(m, &d.Organization)},
		{Label: "Created", Value: moment(m.CreatedAt.Time)},
		{Label: "Changed", Value: moment(m.UpdatedAt.Time)},
	}
	if m.IsBreakglass {
		page.Details[2] = views.Fact{Label: "Break-glass", Status: views.Status{Kind: views.StatusWarn, Text: "Yes: may sign in by any method"}}
	}
	return page
}

func verified(ok bool) string {
	if ok {
		return "verified"
	}
	return "not verified"
}

func mfaWords(m *stytch.Member, o *stytch.Organization) string {
	switch {
	case o.MFAPolicy == "REQUIRED_FOR_ALL":
		return "Required by the organization"
	case m.MFAEnrolled:
		return "Required for this member"
	}
	return "Not required"
}

// connectionName is the name of a connection of the organization, or its id where the organization does not tell.
func connectionName(o *stytch.Organization, connectionID string) string {
	for _, s := range o.SSOActiveConnections {
		if s.ID == connectionID {
			return s.Name
		}
	}
	if o.SCIM != nil && o.SCIM.ID == connectionID {
		return o.SCIM.Name
	}
	return connectionID
}

// roleRows says which roles a member has and why (rule role-sources).
func roleRows(roles []stytch.Role, o *stytch.Organization) []views.RoleRow {
	rows := make([]views.RoleRow, 0, len(roles))
	for _, role := range roles {
		row := views.RoleRow{Role: role.ID}
		for _, s := range role.Sources {
			in := ""
			if s.Details.ConnectionID != "" {
				in = "in " + connectionName(o, s.Details.ConnectionID)
			}
			switch s.Type {
			case "direct_assignment":
				text := "Given directly"
				if role.ID == "stytch_member" {
					text = "Everybody has it"
				}
				row.Sources = append(row.Sources, views.Source{Text: text})
			case "email_assignment":
				row.Sources = append(row.Sources, views.Source{Text: "E-mail domain", Value: s.Details.EmailDomain})
			case "sso_connection":
				row.Sources = append(row.Sources, views.Source{Text: "Everybody", In: in})
			case "sso_connection_group":
				row.Sources = append(row.Sources, views.Source{Text: "Group", Value: s.Details.Group, In: in})
			case "scim_connection_group":
				row.Sources = append(row.Sources, views.Source{Text: "Directory group", Value: s.Details.GroupID, In: in})
			default:
				row.Sources = append(row.Sources, views.Source{Text: s.Type})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// What the factors are called that can be taken away.
const (
	factorPassword = "Password"
	factorApp      = "Authenticator app"
	factorText     = "Text message"
)

// factorRows are the ways a member can sign in, and which of them the organization allows.
func factorRows(m *stytch.Member, o *stytch.Organization) []views.FactorRow {
	may := func(method string) bool {
		return o.AuthMethods != "RESTRICTED" || m.IsBreakglass || slices.Contains(o.AllowedAuthMethods, method)
	}
	state := func(method string, isSet bool, word string) views.Status {
		switch {
		case !may(method):
			return views.Status{Kind: views.StatusOff, Text: "Not allowed here"}
		case isSet:
			return views.Status{Kind: views.StatusOK, Text: word}
		}
		return views.Status{Kind: views.StatusOff, Text: "Not set"}
	}
	var rows []views.FactorRow
	for _, s := range m.SSO {
		rows = append(rows, views.FactorRow{Name: "Single sign-on", Detail: connectionName(o, s.ConnectionID) + ", as " + s.ExternalID, State: state("sso", true, "Linked")})
	}
	for _, a := range m.OAuth {
		rows = append(rows, views.FactorRow{Name: a.Provider, Detail: a.Subject, State: state(strings.ToLower(a.Provider)+"_oauth", true, "Linked")})
	}
	word := "Works"
	if !m.EmailVerified {
		word = "Works, not verified yet"
	}
	return append(rows,
		views.FactorRow{Name: "E-mail link", Detail: m.Email, State: state("magic_link", true, word)},
		views.FactorRow{Name: "E-mail code", Detail: m.Email, State: state("email_otp", true, word)},
		views.FactorRow{Name: factorPassword, State: state("password", m.PasswordID != "", "Set")},
	)
}

func secondFactorRows(m *stytch.Member) []views.FactorRow {
	app := views.FactorRow{Name: factorApp, State: views.Status{Kind: views.StatusOff, Text: "Not set"}}
	if m.TOTPID != "" {
		app.State = views.Status{Kind: views.StatusOK, Text: "Enrolled"}
		if m.DefaultMFA == "totp" {
			app.Detail = "Default"
		}
	}
	text := views.FactorRow{Name: factorText, State: views.Status{Kind: views.StatusOff, Text: "Not set"}}
	if m.MFAPhone != "" {
		text.Detail = m.MFAPhone
		text.State = views.Status{Kind: views.StatusWarn, Text: "Not verified"}
		if m.MFAPhoneOK {
			text.State = views.Status{Kind: views.StatusOK, Text: "Verified"}
		}
		if m.DefaultMFA == "sms_otp" {
			text.Detail += ", default"
		}
	}
	return []views.FactorRow{app, text}
}

// grantRows are the apps that a member let in.
func (h *console) grantRows(apps []stytch.MemberApp) []views.AppGrant {
	rows := make([]views.AppGrant, 0, len(apps))
	for _, app := range apps {
		rows = append(rows, views.AppGrant{Name: nameOf(app.Name, app.ID), ID: app.ID, Kind: appKind(app.Type), Scopes: h.scopeLines(&views.English, app.Scopes)})
	}
	return rows
}

// registrations are the accounts elsewhere that are linked to a member.
func registrations(m *stytch.Member, o *stytch.Organization) []views.Registration {
	var out []views.Registration
	for _, s := range m.SSO {
		kind := "SSO"
		switch {
		case strings.HasPrefix(s.ConnectionID, "saml-"):
			kind = "SAML"
		case strings.HasPrefix(s.ConnectionID, "oidc-"):
			kind = "OIDC"
		}
		out = append(out, views.Registration{
			Kind: kind, Name: connectionName(o, s.ConnectionID), Subject: s.ExternalID, ID: s.ID,
			Attributes: readable(s.Attributes), Count: members(s.Attributes),
		})
	}
	for _, a := range m.OAuth {
		out = append(out, views.Registration{Kind: "OAuth", Name: a.Provider, Subject: a.Subject, ID: a.ID})
	}
	if s := m.SCIM; s != nil {
		out = append(out, views.Registration{
			Kind: "SCIM", Name: connectionName(o, s.ConnectionID), Subject: s.ExternalID, ID: s.ID,
			Attributes: readable(s.Attributes), Count: members(s.Attributes),
		})
	}
	return out
}

// readable is JSON with a line for each value, or "" for nothing.
func readable(v jsontext.Value) string {
	if len(v) == 0 || string(v) == "null" || string(v) == "{}" {
		return ""
	}
	out := v.Clone()
	if err := out.Indent(); err != nil {
		return ""
	}
	return string(out)
}

// members is how many names a JSON object has.
func members(v jsontext.Value) int {
	if len(v) == 0 || v.Kind() != '{' {
		return 0
	}
	dec, n := jsontext.NewDecoder(strings.NewReader(string(v))), 0
	if _, err := dec.ReadToken(); err != nil {
		return 0
	}
	for dec.PeekKind() == '"' {
		if _, err := dec.ReadToken(); err != nil {
			return n
		}
		if err := dec.SkipValue(); err != nil {
			return n
		}
		n++
	}
	return n
}

// sessionRows are the live sessions of a member.
func sessionRows(sessions []stytch.MemberSession, current string, now time.Time) []views.SessionRow {
	rows := make([]views.SessionRow, 0, len(sessions))
	for _, s := range sessions {
		row := views.SessionRow{
			ID: s.ID, Started: ago(now, s.StartedAt.Time), Seen: ago(now, s.LastAccessedAt.Time), Ends: in(now, s.ExpiresAt.Time),
			StartedT: stamp(s.StartedAt.Time), SeenT: stamp(s.LastAccessedAt.Time), EndsT: stamp(s.ExpiresAt.Time), Current: s.ID == current,
		}
		for _, f := range s.Factors {
			row.Factors = append(row.Factors, factorName(f))
		}
		rows = append(rows, row)
	}
	return rows
}

// factorName is a person's word for a factor of a session (rule session-factors).
func factorName(f stytch.Factor) string {
	switch f.Type {
	case "magic_link":
		return "E-mail link"
	case "email_otp":
		return "E-mail code"
	case "password":
		return "Password"
	case "sso":
		return "Single sign-on"
	case "otp":
		return "Text message"
	case "totp":
		return "Authenticator app"
	case "recovery_codes":
		return "Recovery code"
	case "imported":
		return "Imported"
	case "trusted_auth_token":
		return "Trusted token"
	case "impersonated":
		if f.Impersonator != nil {
			return "Impersonated by " + f.Impersonator.Email
		}
		return "Impersonated"
	case "oauth":
		provider := strings.TrimPrefix(strings.TrimPrefix(f.DeliveryMethod, "oauth_exchange_"), "oauth_")
		if provider == "access_token_exchange" {
			return "Connected App"
		}
		return methodName(provider + "_oauth")
	}
	return f.Type
}
