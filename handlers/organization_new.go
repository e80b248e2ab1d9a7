package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// newOrganization is the form of a new organization: its fields, and what they say before anything is typed.
type newOrganization struct {
	fields []formField
	wanted map[string]string
}

// blankOrganization names every way in, since the upstream shuts those that are not named as soon as one is (rule
// organization-create-defaults).
func blankOrganization() newOrganization {
	slug := checked(organizationSetting(stytch.OrganizationSlug, kindText, "Slug", "Part of the sign-in address. Empty to take it from the name."), func(wanted string) string {
		if wanted == "" {
			return "No slug can be made of this name. Enter one, such as acme-industrial."
		}
		return slugTrouble(wanted)
	})
	return newOrganization{
		fields: []formField{
			checked(organizationSetting(stytch.OrganizationName, kindText, "Name", "Up to 128 characters. People see it when they sign in."), organizationNameTrouble),
			slug,
			checked(organizationSetting(stytch.OrganizationExternalID, kindText, "External id", "Your own key for this organization. Empty for none."), externalIDTrouble),
			among(organizationSetting(stytch.OrganizationEmailInvites, kindChoice, "Invitations", ""), nil,
				choices(allAllowed, "To any address", restricted, "Only to the allowed domains", notAllowed, "None")...),
			among(organizationSetting(stytch.OrganizationEmailJIT, kindChoice, "Joining by e-mail", "Without an invitation."), nil,
				choices(notAllowed, "Nobody", restricted, "Whoever has an address at an allowed domain")...),
			checked(organizationSetting(stytch.OrganizationEmailDomains, kindList, "Allowed e-mail domains", "One a line."), domainsTrouble),
			among(organizationSetting(stytch.OrganizationSSOJIT, kindChoice, "Joining by single sign-on", ""), nil,
				choices(allAllowed, "Everybody who signs in through an active connection", notAllowed, "Nobody")...),
		},
		wanted: map[string]string{
			string(stytch.OrganizationEmailInvites): allAllowed, string(stytch.OrganizationEmailJIT): notAllowed, string(stytch.OrganizationSSOJIT): allAllowed,
		},
	}
}

// showOrganizationNew is the form of a new organization. Only the support staff have it.
func (h *console) showOrganizationNew(c echo.Context, p *session.Person) error {
	if _, held := p.Staff(); !held {
		return notFound("")
	}
	return h.organizationNewPage(c, http.StatusOK, p, blankOrganization(), nil, nil)
}

func (h *console) organizationNewPage(c echo.Context, status int, p *session.Person, n newOrganization, problems []views.Problem, trouble *views.SettingsTrouble) error {
	m := views.SettingsFormPage{
		Crumbs: []views.Crumb{{Text: "Organizations", Href: paths.Organizations}}, Title: "New organization", Action: paths.OrganizationNew, Back: paths.Organizations,
		Lead:   "It begins without members. Enter it, or invite somebody, from its page.",
		Button: "Make the organization", Problems: problems, Trouble: trouble,
	}
	if trouble != nil {
		m.Title = trouble.Heading
	}
	check := stytch.OrganizationCreate.Row().Check
	m.Permission = h.lacksStaff(p, check.Resource, check.Action)
	for i := range n.fields {
		f := &n.fields[i]
		m.Fields = append(m.Fields, views.SettingsField{Name: f.name, Label: f.label, Note: f.note, Kind: settingsKinds[f.kind], Value: n.wanted[f.name], Options: f.options})
	}
	m.Frame = h.frame(c, m.Title, views.AreaOrganizations)
	return h.render(c, status, views.SettingsForm(m))
}

// createOrganization makes an organization and leads to it.
func (h *console) createOrganization(c echo.Context, p *session.Person) error {
	staff, held := p.Staff()
	if !held {
		return notFound("")
	}
	n := blankOrganization()
	for i := range n.fields {
		if f := &n.fields[i]; c.Request().PostForm.Has(f.name) || f.kind != kindChoice {
			n.wanted[f.name] = f.canonical(c.Request().PostForm[f.name])
		}
	}
	if slug := string(stytch.OrganizationSlug); n.wanted[slug] == "" {
		n.wanted[slug] = slugFrom(n.wanted[string(stytch.OrganizationName)])
	}
	if problems := n.problems(); len(problems) > 0 {
		return h.organizationNewPage(c, http.StatusUnprocessableEntity, p, n, problems, nil)
	}
	got, err := staff.CreateOrganization(stytch.Noting(c.Request().Context(), "", n.changes()...), n.request())
	if err != nil {
		return h.organizationNotMade(c, p, n, err)
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), nameOf(got.Organization.Name, got.Organization.Slug)+" is made. Its id is "+got.Organization.ID+".")
	return seeOther(c, paths.Organization(got.Organization.ID))
}

// problems are those of each field, and of the rules over several.
func (n newOrganization) problems() []views.Problem {
	var problems []views.Problem
	for i := range n.fields {
		f := &n.fields[i]
		if text := f.check(n.wanted[f.name]); text != "" {
			problems = append(problems, views.Problem{Field: f.name, Text: text})
		}
	}
	after := func(f stytch.OrganizationField) string { return n.wanted[string(f)] }
	for _, rule := range joiningRules {
		if rule.broken(after) {
			problems = append(problems, views.Problem{Field: string(rule.at), Text: rule.text})
		}
	}
	return problems
}

func (n newOrganization) changes() []stytch.Change {
	var changes []stytch.Change
	for i := range n.fields {
		if name := n.fields[i].name; n.wanted[name] != "" {
			changes = append(changes, stytch.Change{Field: name, Now: n.wanted[name]})
		}
	}
	return changes
}

func (n newOrganization) request() stytch.NewOrganization {
	of := func(f stytch.OrganizationField) string { return n.wanted[string(f)] }
	return stytch.NewOrganization{
		Name: of(stytch.OrganizationName), Slug: of(stytch.OrganizationSlug), ExternalID: of(stytch.OrganizationExternalID),
		EmailInvites: of(stytch.OrganizationEmailInvites), EmailJIT: of(stytch.OrganizationEmailJIT), SSOJIT: of(stytch.OrganizationSSOJIT),
		EmailDomains: splitText(of(stytch.OrganizationEmailDomains)),
	}
}

// organizationNotMade says why there is no new organization, or that nobody knows.
func (h *console) organizationNotMade(c echo.Context, p *session.Person, n newOrganization, err error) error {
	if isGone(err) {
		return err
	}
	slug := n.wanted[string(stytch.OrganizationSlug)]
	if trouble, known := settingsTrouble(err); known {
		if trouble.Field == string(stytch.OrganizationSlug) && trouble.Text != "" {
			trouble.Text += " Try " + slug + "-2."
		}
		if !slices.ContainsFunc(n.fields, func(f formField) bool { return f.name == trouble.Field }) {
			trouble.Field = ""
		}
		return h.organizationNewPage(c, http.StatusUnprocessableEntity, p, n, []views.Problem{trouble}, nil)
	}
	said := h.explain(c, err)
	if stytch.IsForbidden(err) {
		return h.organizationNewPage(c, said.Status, p, n, nil, &views.SettingsTrouble{Heading: said.Heading, What: said.What, Need: said.Permission, RequestID: said.RequestID})
	}
	if isLost(err) {
		said.Do = "Look into the directory whether an organization with the slug " + slug + " is there, before you send this again."
	}
	return said
}

// slugFrom makes a slug of a name, of what the name has of letters and digits; "" where that is too little.
func slugFrom(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	slug = strings.TrimRight(slug[:min(len(slug), 128)], "-")
	if !isSlug(slug) {
		return ""
	}
	return slug
}
