package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

const organizationResource = "stytch.organization"

// settingsGroup is a group of settings as a person thinks of them. One form changes one group.
type settingsGroup struct {
	id, title, lead string
	fields          func(*console, *stytch.Organization) []formField
	// reviewed groups are shown once more before they are saved: who may join and how they sign in shut people out.
	reviewed bool
	rules    []settingsRule
	// effects says what else a change does.
	effects func(changed map[string]change) []string
	// staff groups may be written by the support staff where the upstream refuses them to the tenant's session; staffOnly ones
	// no member session may write at all.
	staff, staffOnly bool
}

// settingsGroups are all fields of Update Organization, each in one group.
var settingsGroups = []settingsGroup{
	{id: "identity", title: "Identity", fields: identityFields},
	{id: "external-id", title: "External id", fields: externalIDFields, staff: true},
	{id: "joining", title: "Who may join", lead: "Invitations, and joining without one.", fields: joiningFields, reviewed: true, rules: joiningRules, effects: joiningEffects},
	{id: "claimed-domains", title: "Claimed domains", fields: claimedFields, reviewed: true, effects: claimedEffects, staff: true},
	{id: "sign-in", title: "How they sign in", fields: signInFields, reviewed: true, rules: signInRules, effects: signInEffects},
	{id: "mfa", title: "Second factor", fields: mfaFields, reviewed: true, rules: mfaRules, effects: mfaEffects},
	{id: settingsApps, title: "Connected Apps", lead: "Which apps members may let in.", fields: appFields, reviewed: true, rules: appRules, staff: true},
	{id: "roles", title: "Automatic roles", fields: roleFields, reviewed: true, effects: roleEffects},
	{id: "metadata", title: "Trusted metadata", fields: metadataFields, staffOnly: true},
}

func settingsGroupOf(id string) (*settingsGroup, bool) {
	at := slices.IndexFunc(settingsGroups, func(g settingsGroup) bool { return g.id == id })
	if at < 0 {
		return nil, false
	}
	return &settingsGroups[at], true
}

// settings is one group as somebody sees it.
type settings struct {
	p     *session.Person
	t     stytch.Tenant
	group *settingsGroup
	org   *stytch.Organization
	// fields are all of the group, now is how they stand.
	fields []formField
	now    map[string]string
	// filled is what a link has filled in of the form, and note says so; nothing of it is saved yet.
	filled url.Values
	note   string
}

// settingsSelf reads how the organization stands. One's own organization comes with one's own session, so it needs neither a
// permission nor the project secret.
func (h *console) settingsSelf(c echo.Context, p *session.Person, t stytch.Tenant) (stytch.Self, error) {
	self, err := t.Self(c.Request().Context())
	if err == nil {
		p.Learn(self)
	}
	return self, err
}

func (h *console) settingsOf(p *session.Person, t stytch.Tenant, g *settingsGroup, org *stytch.Organization) *settings {
	return &settings{p: p, t: t, group: g, org: org, fields: g.fields(h, org), now: settingsNow(org)}
}

// locked is why a field cannot be changed by this person: a permission that they lack, or words.
func (h *console) locked(s *settings, f *formField) (need *views.Permission, why string) {
	if !s.group.staffOnly {
		return h.lacksIn(s.t, organizationResource, f.action), ""
	}
	if _, held := s.p.Staff(); !held {
		return nil, "Only the support staff of this project can write it."
	}
	op, _ := stytch.OrganizationField(f.name).Staff()
	check := op.Row().Check
	return h.lacksStaff(s.p, check.Resource, check.Action), ""
}

// writable are the fields that this person may change. No other is looked for in a form, so that none is sent whatever is posted.
func (h *console) writable(s *settings) []formField {
	return slices.DeleteFunc(slices.Clone(s.fields), func(f formField) bool {
		need, why := h.locked(s, &f)
		return need != nil || why != ""
	})
}

// showSettings is all settings of a tenant.
func (h *console) showSettings(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.settingsSelf(c, p, t)
	if err != nil {
		return err
	}
	org := &self.Organization
	m := views.SettingsPage{Organization: nameOf(org.Name, org.Slug), Href: paths.Organization(org.ID)}
	if org.ID != h.StaffOrganizationID && p.Impersonator() == "" {
		m.Delete = paths.OrganizationDelete(org.ID)
	}
	for i := range settingsGroups {
		m.Groups = append(m.Groups, h.settingsSection(h.settingsOf(p, t, &settingsGroups[i], org)))
	}
	m.Frame = h.frame(c, "Settings", views.AreaSettings)
	return h.render(c, http.StatusOK, views.Settings(m))
}

func (h *console) settingsSection(s *settings) views.SettingsGroup {
	m := views.SettingsGroup{ID: s.group.id, Title: s.group.title, Lead: s.group.lead}
	for i := range s.fields {
		f := &s.fields[i]
		if f.kind == kindJSON {
			m.JSON = s.now[f.name]
			continue
		}
		m.Facts = append(m.Facts, views.Fact{Label: f.label, Value: inLine(f, s.now[f.name])})
	}
	if s.p.Impersonator() != "" {
		return m // every page of theirs says that they only look
	}
	if len(h.writable(s)) > 0 {
		m.Edit = paths.SettingsGroup(s.org.ID, s.group.id)
		return m
	}
	need, why := h.locked(s, &s.fields[0])
	if m.Why = why; need != nil {
		m.Need = *need
	}
	return m
}

// inLine is a value as a person reads it, with a list in one line.
func inLine(f *formField, value string) string {
	if f.kind == kindJSON {
		return value
	}
	return strings.ReplaceAll(f.words(value), "\n", ", ")
}

// settingsRule is a rule over several fields of a group.
type settingsRule struct {
	// of are the fields that it is about: what nobody touches is not complained of.
	of []stytch.OrganizationField
	// at is where the problem is shown.
	at     stytch.OrganizationField
	broken func(after func(stytch.OrganizationField) string) bool
	text   string
}

// needs is the rule that a choice which limits to a list has a list.
func needs(choice, list stytch.OrganizationField, text string) settingsRule {
	return settingsRule{
		of: []stytch.OrganizationField{choice, list}, at: list, text: text,
		broken: func(after func(stytch.OrganizationField) string) bool {
			return after(choice) == restricted && after(list) == ""
		},
	}
}

// The rules over several fields (rule organization-cross-fields).
var (
	joiningRules = []settingsRule{
		needs(stytch.OrganizationEmailInvites, stytch.OrganizationEmailDomains, "Invitations are limited to allowed domains: name at least one."),
		needs(stytch.OrganizationEmailJIT, stytch.OrganizationEmailDomains, "Joining by e-mail is limited to allowed domains: name at least one."),
		needs(stytch.OrganizationSSOJIT, stytch.OrganizationSSOJITConnections, "Joining is limited to ticked connections: tick at least one."),
		needs(stytch.OrganizationOAuthTenantJIT, stytch.OrganizationOAuthTenants, "Joining is limited to tenants on the list: name at least one."),
		{
			of: []stytch.OrganizationField{stytch.OrganizationEmailInvites, stytch.OrganizationEmailJIT, stytch.OrganizationSSOJIT},
			at: stytch.OrganizationEmailInvites, text: "Nobody could join any more. Leave at least one of invitations, joining by e-mail and joining by single sign-on open.",
			broken: func(after func(stytch.OrganizationField) string) bool {
				return after(stytch.OrganizationEmailInvites) == notAllowed && after(stytch.OrganizationEmailJIT) == notAllowed && after(stytch.OrganizationSSOJIT) == notAllowed
			},
		},
	}
	signInRules = []settingsRule{needs(stytch.OrganizationAuthMethods, stytch.OrganizationAllowedAuthMethods, "The methods are limited: tick at least one.")}
	mfaRules    = []settingsRule{needs(stytch.OrganizationMFAMethods, stytch.OrganizationAllowedMFAMethods, "The methods are limited: tick at least one.")}
	appRules    = []settingsRule{
		needs(stytch.OrganizationFirstPartyApps, stytch.OrganizationAllowedFirstParty, "Apps are limited to a list: name at least one, or choose None."),
		needs(stytch.OrganizationThirdPartyApps, stytch.OrganizationAllowedThirdParty, "Apps are limited to a list: name at least one, or choose None."),
	}
)

// broken are the problems of rules over several fields, where one of these is about to change.
func (s *settings) broken(changes []change) []views.Problem {
	changed := byName(changes)
	after := func(f stytch.OrganizationField) string {
		if one, ok := changed[string(f)]; ok {
			return one.wanted
		}
		return s.now[string(f)]
	}
	var problems []views.Problem
	for _, rule := range s.group.rules {
		touched := slices.ContainsFunc(rule.of, func(f stytch.OrganizationField) bool { return changed[string(f)].field != nil })
		if touched && rule.broken(after) {
			problems = append(problems, views.Problem{Field: string(rule.at), Text: rule.text})
		}
	}
	return problems
}

func byName(changes []change) map[string]change {
	named := make(map[string]change, len(changes))
	for _, one := range changes {
		named[one.field.name] = one
	}
	return named
}

// countOf is a number with its noun, as "2 changes".
func countOf(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
