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

// actionEmail is what it takes to change the e-mail address of a member.
const actionEmail = "update.info.email"

// memberEmail is the form that changes the address of another member.
type memberEmail struct {
	*subject

	person *session.Person
	field  formField
	way    string
	unlink bool
}

// memberEmailOf reads the member. Nobody changes their own address here: elsewhere leads to where they do.
func (h *console) memberEmailOf(c echo.Context, p *session.Person, t stytch.Tenant) (e *memberEmail, elsewhere string, err error) {
	if c.Param("member_id") == t.MemberID() {
		return nil, paths.Own(paths.AccountEmail, accountOf(p, t)), nil
	}
	s, err := h.subjectOf(c, p, t)
	if err != nil {
		return nil, "", err
	}
	return &memberEmail{
		subject: s, person: p, way: field(c, fieldWay), unlink: field(c, string(stytch.MemberFieldUnlinkEmail)) == "yes",
		field: formField{name: string(stytch.MemberFieldEmail), label: "New e-mail address", action: actionEmail, check: newAddressTrouble},
	}, "", nil
}

func newAddressTrouble(email string) string {
	if !isEmail(email) {
		return "Enter an e-mail address, such as name@company.example."
	}
	return ""
}

// closed says why the member cannot confirm a new address; "" where they can (rule email-update).
func (e *memberEmail) closed() string {
	switch {
	case e.Member.Status != "active":
		return "Only active members can confirm a new address."
	case !e.Member.EmailVerified:
		return "Their present address is not verified, so they cannot confirm another one."
	}
	return ""
}

func (e *memberEmail) action() string {
	return paths.MemberEmail(e.Organization.ID, e.Member.ID)
}

// showMemberEmail asks for the new address of a member.
func (h *console) showMemberEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	e, elsewhere, err := h.memberEmailOf(c, p, t)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return seeOther(c, elsewhere)
	}
	return h.memberEmailPage(c, http.StatusOK, e, nil)
}

func (h *console) memberEmailPage(c echo.Context, status int, e *memberEmail, problems []views.Problem) error {
	const title = "Change the e-mail address"
	form := c.Request().PostForm
	shown := shownField(&e.field, form, memberNow(&e.Member))
	if !form.Has(wasField(e.field.name)) {
		shown.Value = ""
	}
	m := views.MemberEmailPage{
		Email: e.Member.Email, Way: e.way, Closed: e.closed(), Password: e.Member.PasswordID != "", Unlink: e.unlink, Need: h.lacksIn(e.t, onMembers, actionEmail),
		Form: views.SettingsFormPage{
			Crumbs: e.crumbs(), Title: title, Action: e.action(), Back: e.home(), Button: "Go on", Fields: []views.SettingsField{shown}, Problems: problems,
			Frame: h.frame(c, title, views.AreaMembers),
		},
	}
	return h.render(c, status, views.MemberEmail(m))
}

// changeMemberEmail mails a link to the new address, or changes it at once.
func (h *console) changeMemberEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	e, elsewhere, err := h.memberEmailOf(c, p, t)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return seeOther(c, elsewhere)
	}
	changes := changesOf([]formField{e.field}, c.Request().PostForm, memberNow(&e.Member))
	if len(changes) == 0 && field(c, keepField(e.field.name)) != "" {
		return h.toMember(c, e.subject, "", "The address stays as somebody else made it.")
	}
	if problems := append(problemsOf(changes), e.problems(changes)...); len(problems) > 0 {
		return h.memberEmailPage(c, http.StatusUnprocessableEntity, e, problems)
	}
	if conflicts(changes) || e.way == views.WayNow && !confirmed(c) {
		return h.reviewEmail(c, e, changes)
	}
	email, ctx := changes[0].wanted, stytch.Noting(c.Request().Context(), "", auditChanges(changes)...)
	if e.way == views.WayConfirm {
		if !h.sends.take(h.address(c.Request()), strings.ToLower(email)) {
			return h.memberEmailPage(c, http.StatusTooManyRequests, e, []views.Problem{{Field: e.field.name, Text: sentTooOften}})
		}
		if _, err := t.StartMemberEmailUpdate(ctx, e.Member.ID, email, ""); err != nil {
			return h.emailNotChanged(c, e, changes, err)
		}
		return h.toMember(c, e.subject, views.FlashOK, "A link is on its way to "+email+". It works for 5 minutes; nothing changes before it is opened.")
	}
	values := map[stytch.MemberField]any{stytch.MemberFieldEmail: email}
	if e.unlink {
		values[stytch.MemberFieldUnlinkEmail] = true
	}
	if _, err := t.UpdateMember(ctx, e.Member.ID, values); err != nil {
		return h.emailNotChanged(c, e, changes, err)
	}
	return h.toMember(c, e.subject, views.FlashOK, "The address is "+email+" now. They sign in by a link or a code to it.")
}

// problems are those of the form as a whole.
func (e *memberEmail) problems(changes []change) []views.Problem {
	var problems []views.Problem
	switch {
	case len(changes) == 0:
		problems = append(problems, views.Problem{Field: e.field.name, Text: "This is their address now. Enter another one."})
	case strings.EqualFold(changes[0].wanted, e.Member.Email):
		problems = append(problems, views.Problem{Field: e.field.name, Text: "This is their address now. Enter another one."})
	}
	switch {
	case e.way != views.WayConfirm && e.way != views.WayNow:
		problems = append(problems, views.Problem{Field: fieldWay, Text: "Choose how."})
	case e.way == views.WayConfirm && e.closed() != "":
		problems = append(problems, views.Problem{Field: fieldWay, Text: e.closed()})
	}
	return problems
}

// reviewEmail says what a change at once does, or asks whose address is to stay (rule email-change).
func (h *console) reviewEmail(c echo.Context, e *memberEmail, changes []change) error {
	m := views.ReviewPage{
		Crumbs: e.crumbs(), Title: "Review the new address", Action: e.action(), Button: "Change the address now", Danger: true, Back: e.home(),
		Hidden: []views.Hidden{{Name: fieldWay, Value: e.way}},
	}
	if conflicts(changes) {
		m.Title, m.Button = "Somebody else saved first", "Go on"
	}
	if e.way == views.WayNow {
		if e.Member.PasswordID != "" {
			m.Warnings = append(m.Warnings, "Their password is deleted.")
		}
		m.Warnings = append(m.Warnings, "The new address is not verified until they sign in by a link or a code to it.")
		if e.unlink {
			m.Hidden = append(m.Hidden, views.Hidden{Name: string(stytch.MemberFieldUnlinkEmail), Value: "yes"})
			m.Warnings = append(m.Warnings, "The old address is given up: somebody else here may take it.")
		} else {
			m.Warnings = append(m.Warnings, "The old address stays reserved for this member: nobody else here can have it.")
		}
	}
	m.Frame = h.frame(c, m.Title, views.AreaMembers)
	return h.review(c, changes, m)
}

// emailNotChanged ends a change that was refused, or of which nobody knows whether it was done.
func (h *console) emailNotChanged(c echo.Context, e *memberEmail, changes []change, err error) error {
	if problem, status, ok := refusedValue(err, e.field.name, fieldWay); ok {
		return h.memberEmailPage(c, status, e, []views.Problem{problem})
	}
	switch {
	case isGone(err):
		return err
	case stytch.IsForbidden(err):
		p := *h.explain(c, err)
		p.Permission = h.wants(e.t, actionEmail)
		p.Href, p.HrefText = e.home(), "Back to the member"
		return &p
	case isLost(err) && e.way == views.WayNow:
		return h.memberLost(c, e.person, e.subject, changes, err, e.action())
	}
	return err
}

// retired is the address that a form names, in a fresh read of the member.
func (h *console) retired(c echo.Context, p *session.Person, t stytch.Tenant, emailID string) (*subject, stytch.RetiredEmail, error) {
	s, err := h.subjectOf(c, p, t)
	if err != nil {
		return nil, stytch.RetiredEmail{}, err
	}
	at := slices.IndexFunc(s.Member.RetiredEmails, func(r stytch.RetiredEmail) bool { return r.ID == emailID && emailID != "" })
	if at < 0 {
		missing := notFound("")
		missing.Heading, missing.What = "There is no such address", "The member gave it up, or never had it."
		missing.Href, missing.HrefText = s.home(), "Back to the member"
		return nil, stytch.RetiredEmail{}, missing
	}
	return s, s.Member.RetiredEmails[at], nil
}

// showRetiredEmail asks before a member gives an address up that they had.
func (h *console) showRetiredEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	s, address, err := h.retired(c, p, t, param(c, "email_id"))
	if err != nil {
		return err
	}
	return h.confirm(c, http.StatusOK, views.AreaMembers, views.ConfirmPage{
		Crumbs: s.crumbs(), Title: "Give this address up?", Facts: []views.Fact{{Label: "Address", Value: address.Email}},
		Says:   []string{"Somebody else here may have this address then.", "This member can go back to it only as long as nobody else has it."},
		Hidden: []views.Hidden{{Name: "email_id", Value: address.ID}}, Button: "Give it up", Action: paths.MemberRetiredEmail(s.Organization.ID, s.Member.ID, ""),
		Cancel: s.home(), Permission: h.lacksOwn(t, s.Member.ID, actionUnlink),
	})
}

// actionUnlink is what it takes to give an address up, one's own too.
const actionUnlink = "update.info.unlink.retired-email"

// unlinkRetiredEmail gives an address up that a member had.
func (h *console) unlinkRetiredEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	s, address, err := h.retired(c, p, t, field(c, "email_id"))
	if err != nil {
		return err
	}
	ctx := stytch.Noting(c.Request().Context(), "", stytch.Change{Field: "retired_email_addresses", Was: address.Email})
	if _, err := t.UnlinkRetiredEmail(ctx, s.Member.ID, address.ID); err != nil {
		if isLost(err) {
			return h.unlinkLost(c, p, s, address, err)
		}
		return err
	}
	return h.toMember(c, s, views.FlashOK, address.Email+" is given up.")
}

// unlinkLost says how it stands after an answer that was lost.
func (h *console) unlinkLost(c echo.Context, p *session.Person, s *subject, address stytch.RetiredEmail, lost error) error {
	fresh, err := readSubject(c.Request().Context(), p, s.t, s.Member.ID)
	if err != nil {
		return lost
	}
	cause := *h.explain(c, lost)
	cause.What, cause.Retry = "The answer to this was lost. The address is not reserved any more, so it was done.", false
	if slices.ContainsFunc(fresh.Member.RetiredEmails, func(r stytch.RetiredEmail) bool { return r.ID == address.ID }) {
		cause.What = "The answer to this was lost. The address is still reserved for the member."
	}
	return &cause
}
