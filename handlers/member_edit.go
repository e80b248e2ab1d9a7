package handlers

import (
	"context"
	"net/http"
	"net/url"
	"path"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// memberForm is a form that changes a member, for who asks and for the member as they are.
type memberForm struct {
	*subject

	// ctx is that of the request: a form lives no longer.
	ctx    context.Context
	person *session.Person
	group  *memberGroup
	// fields are all of the group; shut are those, by name, that cannot be changed, with what stands against it.
	fields []formField
	shut   map[string]shutField
	now    map[string]string
	// keep says that sessions are to be left alone which a role that is taken away would end.
	keep bool
}

// shutField is why a field cannot be changed: a permission, or a reason that no role helps against.
type shutField struct {
	need *views.Permission
	why  string
}

// memberFormOf reads the member and makes the form of the group in the address.
func (h *console) memberFormOf(c echo.Context, p *session.Person, t stytch.Tenant) (*memberForm, error) {
	// The groups that more than the tenant's own session may write have routes of their own, so the name is taken from the address.
	group, ok := groupOf(path.Base(c.Request().URL.Path))
	if !ok {
		return nil, notFound("")
	}
	s, err := h.subjectOf(c, p, t)
	if err != nil {
		return nil, err
	}
	f := &memberForm{
		subject: s, ctx: c.Request().Context(), person: p, group: group, shut: map[string]shutField{}, now: memberNow(&s.Member),
		keep: field(c, string(stytch.MemberFieldPreserveSessions)) == "yes",
	}
	for i := range group.fields {
		one := &group.fields[i]
		if shut := h.shutField(f, one); shut.need != nil || shut.why != "" {
			f.shut[string(one.field)] = shut
		}
		f.fields = append(f.fields, h.formFieldOf(f, one))
	}
	return f, nil
}

// formFieldOf makes the field of a form for this member.
func (h *console) formFieldOf(f *memberForm, one *memberField) formField {
	made := formField{name: string(one.field), label: one.label, note: one.note, kind: one.kind, action: one.field.Action(), check: one.check}
	if one.offered != nil {
		made = among(made, splitText(f.now[made.name]), one.offered(h, f)...)
	}
	switch {
	case one.kind == kindJSON:
		now := f.now[made.name]
		made.check = memberMetadataTrouble(now)
		made.value = func(wanted string) any {
			patch, err := mergePatch(now, wanted)
			if err != nil {
				return nil // the client sends no such value
			}
			return patch
		}
	case one.field == stytch.MemberFieldPhone:
		made.value = func(wanted string) any {
			number, _ := phoneOf(wanted) // it was checked
			return number
		}
	}
	return made
}

// shutField says what stands against a change of a field, as far as can be told from here. The upstream decides.
func (h *console) shutField(f *memberForm, one *memberField) shutField {
	if one.shut != nil {
		if why := one.shut(f); why != "" {
			return shutField{why: why}
		}
	}
	if one.staff {
		if _, held := f.person.Staff(); !held {
			return shutField{why: "Stytch takes it from no member, so only the support staff changes it."}
		}
		return shutField{need: h.lacksStaffField(f.person, one.field)}
	}
	if one.field.Self() {
		return shutField{need: h.lacksOwn(f.t, f.Member.ID, one.field.Action())}
	}
	return shutField{need: h.lacksIn(f.t, onMembers, one.field.Action())}
}

// lacksStaffField is what the person lacks to write a field as support staff, or nil.
func (h *console) lacksStaffField(p *session.Person, field stytch.MemberField) *views.Permission {
	op, _ := field.Staff()
	check := op.Row().Check
	return h.lacksStaff(p, check.Resource, check.Action)
}

// refused refuses a change of a field that this person may not change. Their page has no such field: somebody made the request up, or
// their roles have changed since.
func (f *memberForm) refused(changes []change) error {
	for _, one := range changes {
		shut, ok := f.shut[one.field.name]
		if !ok {
			continue
		}
		p := mayNot(shut.need)
		if shut.why != "" {
			p.What, p.Do = shut.why+" Nothing was changed.", ""
		}
		p.Href, p.HrefText = f.home(), "Back to the member"
		return p
	}
	return nil
}

// mayNot refuses for want of a permission.
func mayNot(need *views.Permission) *problem {
	return &problem{
		Status: http.StatusForbidden, Heading: "You may not do this", What: "Your roles do not reach that far. Nothing was changed.",
		Do: "Ask somebody who manages roles for one that carries it.", Permission: need,
	}
}

func (f *memberForm) action() string {
	return paths.MemberEdit(f.Organization.ID, f.Member.ID, f.group.name)
}

// showMemberEdit is one group of what is known of a member, to be changed.
func (h *console) showMemberEdit(c echo.Context, p *session.Person, t stytch.Tenant) error {
	f, err := h.memberFormOf(c, p, t)
	if err != nil {
		return err
	}
	return h.memberEditPage(c, http.StatusOK, f, nil)
}

// memberEditPage shows the form: as it stands, or with what was typed.
func (h *console) memberEditPage(c echo.Context, status int, f *memberForm, problems []views.Problem) error {
	m := views.MemberFormPage{Email: f.Member.Email, SettingsFormPage: views.SettingsFormPage{
		Crumbs: f.crumbs(), Title: f.group.title, Lead: f.group.lead, Action: f.action(), Back: f.home(), Problems: problems,
	}}
	for i := range f.fields {
		one := &f.fields[i]
		shown := shownField(one, c.Request().PostForm, f.now)
		if shut, ok := f.shut[one.name]; ok {
			shown.Locked, shown.Shown, shown.Why = true, one.words(f.now[one.name]), shut.why
			if shut.need != nil {
				shown.Need = *shut.need
			}
		} else if f.person.Impersonator() == "" {
			m.Button = "Save"
		}
		m.Fields = append(m.Fields, shown)
	}
	if f.group.always && m.Button != "" {
		m.Button = "Review"
	}
	if f.group.name == groupRoles {
		m.Held = roleRows(heldRoles(&f.Member), &f.Organization)
		m.Keep, m.Kept = m.Button != "" && len(f.endsSessions(directRoles(&f.Member))) > 0, f.keep
	}
	m.Frame = h.frame(c, f.group.title, views.AreaMembers)
	return h.render(c, status, views.MemberForm(m))
}

// shownField is a field as a page shows it: as it stands, or with what was typed and what the form showed first.
func shownField(one *formField, form url.Values, now map[string]string) views.SettingsField {
	m := views.SettingsField{
		Name: one.name, Label: one.label, Note: one.note, Kind: settingsKinds[one.kind], Value: now[one.name], Was: now[one.name], Options: one.options,
	}
	if one.kind == kindYesNo {
		m.Kind = views.FieldChoices
	}
	if form.Has(wasField(one.name)) {
		m.Value, m.Was = one.canonical(form[one.name]), form.Get(wasField(one.name))
		if one.kind == kindJSON {
			m.Value = form.Get(one.name) // as it was typed, not as it would be written
		}
	}
	return m
}

// editMember saves what was changed of a member, or shows it first.
func (h *console) editMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	f, err := h.memberFormOf(c, p, t)
	if err != nil {
		return err
	}
	changes := changesOf(f.fields, c.Request().PostForm, f.now)
	if err := f.refused(changes); err != nil {
		return err
	}
	if problems := problemsOf(changes); len(problems) > 0 {
		return h.memberEditPage(c, http.StatusUnprocessableEntity, f, problems)
	}
	if len(changes) == 0 {
		return h.toMember(c, f.subject, "", "Nothing is different, so nothing was saved.")
	}
	if conflicts(changes) || !confirmed(c) {
		if risks := f.group.risks(h, f, changes); conflicts(changes) || f.group.always || len(risks) > 0 {
			return h.reviewMember(c, f, changes, risks)
		}
	}
	if h.locksOut(f, changes) && field(c, lockoutBox) != "yes" {
		return h.memberEditPage(c, http.StatusUnprocessableEntity, f, []views.Problem{{
			Field: string(stytch.MemberFieldRoles), Text: "This takes your own right to change roles. Review it, and tick that you know.",
		}})
	}
	f.ctx = stytch.Noting(f.ctx, "", auditChanges(changes)...)
	if err := f.group.save(h, f, changes); err != nil {
		return h.memberNotSaved(c, f, changes, err)
	}
	return h.toMember(c, f.subject, views.FlashOK, "Saved: "+labelsOf(changes)+".")
}

// lockoutBox must be ticked by who takes their own right to change roles.
const lockoutBox = "lockout"

// reviewMember shows what is about to change. The form of the page carries on what this one had besides its fields.
func (h *console) reviewMember(c echo.Context, f *memberForm, changes []change, risks []string) error {
	m := views.ReviewPage{
		Crumbs: f.crumbs(), Title: "Review " + countOf(len(changes), "change"), Action: f.action(), Warnings: risks, Button: "Save", Back: f.home(),
	}
	if conflicts(changes) {
		m.Title, m.Button = "Somebody else saved first", "Go on"
	}
	if f.keep {
		m.Hidden = append(m.Hidden, views.Hidden{Name: string(stytch.MemberFieldPreserveSessions), Value: "yes"})
	}
	if h.locksOut(f, changes) {
		m.Danger = true
		m.Boxes = append(m.Boxes, views.ReviewBox{Name: lockoutBox, Text: "I know that I cannot undo this"})
	}
	m.Frame = h.frame(c, m.Title, views.AreaMembers)
	return h.review(c, changes, m)
}

// toMember leads back to the member's page.
func (h *console) toMember(c echo.Context, s *subject, kind views.FlashKind, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
	return seeOther(c, s.home())
}
