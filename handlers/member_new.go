package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// newMember is the form that makes a member, for who asks.
type newMember struct {
	person *session.Person
	t      stytch.Tenant
	o      *stytch.Organization
	// fields are all of the form.
	fields []newMemberField
	way    string
}

// newMemberField is a field of the form, and the way that it is for; "" is both.
type newMemberField struct {
	formField

	way string
	// shut is the permission that the person lacks to set it; nil where it may be tried.
	shut *views.Permission
}

// Fields of the form that are none of a member.
const (
	fieldWay     = "way"
	fieldLocale  = "locale"
	fieldPending = "create_member_as_pending"
)

// newMemberOf makes the form. Roles, break-glass and the second factor need what it takes to set them later: the upstream asks for
// no more than create (rule lax-creation).
func (h *console) newMemberOf(c echo.Context, p *session.Person, t stytch.Tenant) (*newMember, error) {
	self, err := t.Self(c.Request().Context())
	if err != nil {
		return nil, err
	}
	p.Learn(self)
	n := &newMember{person: p, t: t, o: &self.Organization, way: field(c, fieldWay)}
	optional := func(check func(string) string) func(string) string {
		return func(wanted string) string {
			if wanted == "" {
				return ""
			}
			return check(wanted)
		}
	}
	yes := yesOrNo(nil, nil)
	locales := []views.Option{{Text: "The project's own"}}
	for _, l := range languages {
		locales = append(locales, views.Option{Value: l.code, Text: l.name})
	}
	roles := roleOptions(h.assignableRoles(n.o))
	n.add(h, "", formField{name: string(stytch.MemberFieldEmail), label: "E-mail address"})
	n.add(h, "", formField{name: string(stytch.MemberFieldName), label: "Name", check: optional(memberNameTrouble)})
	n.add(h, "", among(formField{
		name: string(stytch.MemberFieldRoles), kind: kindBoxes, label: "Roles", action: stytch.MemberFieldRoles.Action(),
	}, nil, roles...))
	n.add(h, views.WayInvite, among(formField{name: fieldLocale, kind: kindChoice, label: "Language of the mail"}, nil, locales...))
	n.add(h, views.WayCreate, among(formField{
		name: fieldPending, kind: kindYesNo, label: "Pending", note: "A pending member becomes active with the first sign-in. Others are active at once.",
	}, nil, yes...))
	n.add(h, views.WayCreate, among(formField{
		name: string(stytch.MemberFieldBreakglass), kind: kindYesNo, label: "Break-glass", action: stytch.MemberFieldBreakglass.Action(),
		note: "They may sign in by every method, whatever the organization allows.",
	}, nil, yes...))
	n.add(h, views.WayCreate, among(formField{
		name: string(stytch.MemberFieldMFAEnrolled), kind: kindYesNo, label: "Second factor at each sign-in", action: stytch.MemberFieldMFAEnrolled.Action(),
	}, nil, yes...))
	n.add(h, views.WayCreate, formField{name: string(stytch.MemberFieldPhone), label: "Phone number", note: "With the country, as +44 20 7946 0958.", check: optional(phoneTrouble)})
	n.add(h, views.WayCreate, formField{name: string(stytch.MemberFieldExternalID), label: "External id", note: "Letters, digits and . _ - | , 128 at most.", check: externalIDTrouble})
	n.add(h, views.WayCreate, formField{name: string(stytch.MemberFieldUntrusted), kind: kindJSON, label: "Untrusted metadata", note: metadataNote, check: memberMetadataTrouble("{}")})
	return n, nil
}

func (n *newMember) add(h *console, way string, f formField) {
	n.fields = append(n.fields, newMemberField{formField: f, way: way, shut: h.lacksIn(n.t, onMembers, f.action)})
}

// blank is a member of whom nothing is known yet, as the form shows them first.
func (n *newMember) blank() map[string]string {
	now := map[string]string{}
	for i := range n.fields {
		now[n.fields[i].name] = n.fields[i].canonical(nil)
	}
	return now
}

// showMemberNew asks for a new member.
func (h *console) showMemberNew(c echo.Context, p *session.Person, t stytch.Tenant) error {
	n, err := h.newMemberOf(c, p, t)
	if err != nil {
		return err
	}
	return h.memberNewPage(c, http.StatusOK, n, nil)
}

func (h *console) memberNewPage(c echo.Context, status int, n *newMember, problems []views.Problem) error {
	m := views.MemberNewPage{
		Way: n.way, Invites: n.closed(), Need: h.lacksIn(n.t, onMembers, "create"),
		Form: views.SettingsFormPage{
			Title: "New member", Action: paths.MemberNew(n.o.ID), Back: paths.Members(n.o.ID), Button: "Add the member", Problems: problems,
			Crumbs: []views.Crumb{{Text: "Organizations", Href: paths.Organizations}, {Text: n.o.Name, Href: paths.Organization(n.o.ID)}, {Text: "Members", Href: paths.Members(n.o.ID)}},
		},
	}
	if n.o.EmailInvites == restricted {
		m.Domains = n.o.EmailDomains
	}
	form, blank := c.Request().PostForm, n.blank()
	for i := range n.fields {
		one := &n.fields[i]
		shown := shownField(&one.formField, form, blank)
		if one.shut != nil {
			shown.Locked, shown.Need, shown.Shown = true, *one.shut, one.words(blank[one.name])
		}
		if one.name == fieldLocale && !form.Has(wasField(fieldLocale)) {
			shown.Value = locale(c)
		}
		switch one.way {
		case views.WayInvite:
			m.Mailed = append(m.Mailed, shown)
		case views.WayCreate:
			m.Quiet = append(m.Quiet, shown)
		default:
			m.Form.Fields = append(m.Form.Fields, shown)
		}
	}
	m.Form.Frame = h.frame(c, m.Form.Title, views.AreaMembers)
	return h.render(c, status, views.MemberNew(m))
}

// closed says why nobody can be invited; "" where somebody can (rule email-invites).
func (n *newMember) closed() string {
	if n.o.EmailInvites == notAllowed {
		return "This organization lets nobody be invited."
	}
	return ""
}

// makeMember makes a member, or mails an invitation.
func (h *console) makeMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	n, err := h.newMemberOf(c, p, t)
	if err != nil {
		return err
	}
	fields := make([]formField, len(n.fields))
	for i := range n.fields {
		fields[i] = n.fields[i].formField
	}
	changes := changesOf(fields, c.Request().PostForm, n.blank())
	wanted := byName(changes)
	if problems := append(problemsOf(changes), n.problems(wanted)...); len(problems) > 0 {
		return h.memberNewPage(c, http.StatusUnprocessableEntity, n, problems)
	}
	email := wanted[string(stytch.MemberFieldEmail)].wanted
	if n.way == views.WayInvite && !h.sends.take(h.address(c.Request()), strings.ToLower(email)) {
		return h.memberNewPage(c, http.StatusTooManyRequests, n, []views.Problem{{Field: string(stytch.MemberFieldEmail), Text: sentTooOften}})
	}
	made, err := h.sendNew(c, n, wanted, changes)
	if err != nil {
		return h.memberNotMade(c, n, changes, err)
	}
	text := email + " is a member now. Nothing was mailed."
	if n.way == views.WayInvite {
		text = "The invitation to " + email + " is on its way. Its link is good for a week."
	}
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), text)
	return seeOther(c, paths.Member(n.o.ID, made.Member.ID))
}

// problems are those of the form as a whole.
func (n *newMember) problems(wanted map[string]change) []views.Problem {
	var problems []views.Problem
	email := wanted[string(stytch.MemberFieldEmail)].wanted
	_, domain, _ := strings.Cut(email, "@")
	allowed := slices.ContainsFunc(n.o.EmailDomains, func(d string) bool { return strings.EqualFold(d, domain) })
	switch {
	case !isEmail(email):
		problems = append(problems, views.Problem{Field: string(stytch.MemberFieldEmail), Text: "Enter an e-mail address, such as name@company.example."})
	case n.way == views.WayInvite && n.o.EmailInvites == restricted && !allowed:
		problems = append(problems, views.Problem{
			Field: string(stytch.MemberFieldEmail), Text: "This organization invites only addresses at the domains that it allows. Use one of those, or add the member without a mail.",
		})
	}
	switch {
	case n.way != views.WayInvite && n.way != views.WayCreate:
		problems = append(problems, views.Problem{Field: fieldWay, Text: "Choose how."})
	case n.way == views.WayInvite && n.closed() != "":
		problems = append(problems, views.Problem{Field: fieldWay, Text: n.closed() + " Add the member without a mail."})
	}
	if n.way != views.WayInvite {
		return problems // a language that no mail is written in does no harm
	}
	for i := range n.fields {
		if _, set := wanted[n.fields[i].name]; set && n.fields[i].way == views.WayCreate {
			problems = append(problems, views.Problem{Field: n.fields[i].name, Text: "An invitation does not carry this. Leave it empty now, and set it on the member's page."})
		}
	}
	return problems
}

// sendNew sends the member by the chosen way.
func (h *console) sendNew(c echo.Context, n *newMember, wanted map[string]change, changes []change) (stytch.MemberAnswer, error) {
	ctx := stytch.Noting(c.Request().Context(), "", auditChanges(changes)...)
	text := func(f stytch.MemberField) string { return wanted[string(f)].wanted }
	roles := splitText(text(stytch.MemberFieldRoles))
	if n.way == views.WayInvite {
		return n.t.InviteMember(ctx, stytch.Invitation{
			Email: text(stytch.MemberFieldEmail), Name: text(stytch.MemberFieldName), Roles: roles, Locale: wanted[fieldLocale].wanted,
			RedirectURL: h.authenticateURL(paths.Authenticate),
		})
	}
	phone, _ := phoneOf(text(stytch.MemberFieldPhone)) // it was checked
	m := stytch.NewMember{
		Email: text(stytch.MemberFieldEmail), Name: text(stytch.MemberFieldName), Roles: roles, Phone: phone, ExternalID: text(stytch.MemberFieldExternalID),
		IsBreakglass: text(stytch.MemberFieldBreakglass) == "yes", MFAEnrolled: text(stytch.MemberFieldMFAEnrolled) == "yes", Pending: wanted[fieldPending].wanted == "yes",
	}
	if one, set := wanted[string(stytch.MemberFieldUntrusted)]; set {
		m.Untrusted = jsontext.Value(one.wanted)
	}
	return n.t.CreateMember(ctx, m)
}

// memberNotMade ends a form that was refused, or of which nobody knows whether it was done.
func (h *console) memberNotMade(c echo.Context, n *newMember, changes []change, err error) error {
	names := []string{fieldWay}
	for i := range n.fields {
		names = append(names, n.fields[i].name)
	}
	if problem, status, ok := refusedValue(err, names...); ok {
		return h.memberNewPage(c, status, n, []views.Problem{problem})
	}
	switch {
	case isGone(err):
		return err
	case stytch.IsForbidden(err):
		p := *h.explain(c, err)
		p.Href, p.HrefText = paths.Members(n.o.ID), "Back to the members"
		for _, one := range changes {
			if need := h.lacksIn(n.t, onMembers, one.field.action); need != nil {
				p.Permission = need
			}
		}
		return &p
	case isLost(err):
		return h.newMemberLost(c, n, err)
	}
	return err
}

// newMemberLost says what is known after an answer that was lost. There is no member to read: their id was in it.
func (h *console) newMemberLost(c echo.Context, n *newMember, lost error) error {
	p := *h.explain(c, lost)
	p.What, p.Retry = "The answer to this was lost, so it is not known whether it was done. The list of members shows how it stands now.", false
	p.Do = "Send it again if the member is not there."
	if n.way == views.WayInvite {
		p.Do += " Somebody who was invited already gets a second link, and the first one stays good."
	}
	return &p
}
