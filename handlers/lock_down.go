package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// Fields of the form that locks an account down.
const (
	fieldHow  = "how"
	fieldRole = "role"
	howKeep   = "keep"
)

// lockDown is what the person wants done with an account that somebody else may be using.
type lockDown struct {
	*asked

	// keep says that the member stays; else they are deactivated.
	keep bool
	// roles are those to be taken away, of those that were given directly.
	roles []string
	// ticked says that some were asked to be, which they may not have any more.
	ticked bool
	reason string
}

// lockDownOf reads the member as they are now, and what is wanted.
func (h *console) lockDownOf(c echo.Context, p *session.Person, t stytch.Tenant) (*lockDown, error) {
	if c.Param("member_id") == t.MemberID() {
		return nil, &problem{
			Status: http.StatusUnprocessableEntity, Heading: "You cannot lock yourself down", What: "It would end the session that you do it with, half-way. Nothing was done.",
			Do:   "Change your password and sign out everywhere in your account, or ask another administrator.",
			Href: paths.Own(paths.Account, accountOf(p, t)), HrefText: "To your account",
		}
	}
	what := readSessions | readApps
	if len(reasonProblems(c)) > 0 {
		what |= readAdmins // the page is shown, with its warnings
	}
	a, err := h.read(c, p, t, what)
	if err != nil {
		return nil, err
	}
	l := &lockDown{asked: a, keep: field(c, fieldHow) == howKeep || param(c, fieldHow) == howKeep, reason: field(c, views.ConfirmReason)}
	direct, _ := a.directRoles()
	l.ticked = len(c.Request().PostForm[fieldRole]) > 0
	for _, role := range c.Request().PostForm[fieldRole] {
		if slices.Contains(direct, role) && !slices.Contains(l.roles, role) {
			l.roles = append(l.roles, role)
		}
	}
	return l, nil
}

// directRoles are the roles of a member that were given to them, and those that only a rule gives (rule role-sources). The role that
// everybody has is neither.
func (a *asked) directRoles() (direct, fixed []string) {
	for _, r := range a.Member.Roles {
		switch {
		case r.ID == "stytch_member":
		case slices.ContainsFunc(r.Sources, func(s stytch.RoleSource) bool { return s.Type == "direct_assignment" }):
			direct = append(direct, r.ID)
		default:
			fixed = append(fixed, r.ID)
		}
	}
	return direct, fixed
}

// showLockDown says what would be done with the member now, and does nothing.
func (h *console) showLockDown(c echo.Context, p *session.Person, t stytch.Tenant) error {
	l, err := h.lockDownOf(c, p, t)
	if err != nil {
		return err
	}
	return h.lockDownPage(c, http.StatusOK, l, nil)
}

func (h *console) lockDownPage(c echo.Context, status int, l *lockDown, problems []views.Problem) error {
	at := l.at(paths.MemberLockDownRoute)
	m := views.LockDownPage{
		Crumbs: l.crumbs(), Name: l.name(), Facts: l.facts(), Keep: l.keep, Other: at, ReasonText: l.reason, Action: at, Cancel: l.home(), Problems: problems,
		Permission: h.lacksIn(l.t, onMembers, "delete"),
	}
	if !l.keep {
		m.Other = paths.With(at, map[string][]string{fieldHow: {howKeep}})
		m.Warnings = l.lastOne()
		m.Says = []string{"They can be reactivated when the account is safe again.", "This is the surest way: nobody can sign in, by whatever they may have taken."}
	} else {
		var direct []string
		direct, m.Fixed = l.directRoles()
		for _, role := range direct {
			m.Roles = append(m.Roles, views.Option{Value: role, Text: role, Selected: slices.Contains(l.roles, role)})
		}
		m.Says = []string{
			"Second factors stay: without them whoever reads the mail could set up their own.",
			"The member can sign in again, as can whoever has their mail and their second factor.",
		}
		if slices.Contains(direct, roleAdmin) {
			m.Warnings = l.lastOne()
		}
	}
	for _, s := range l.steps() {
		step := views.LockDownStep{Text: s.text, Note: nameOf(s.none, s.note), None: s.none != "", Need: h.lacksIn(l.t, onMembers, s.action)}
		if s.name == stepRoles && l.keep && len(m.Roles) > 0 {
			step.Text, step.Note, step.None = "Take the roles away that are ticked below", "", false
		}
		m.Steps = append(m.Steps, step)
	}
	m.Frame = h.frame(c, "Lock down "+l.name(), views.AreaMembers)
	return h.render(c, status, views.LockDown(m))
}

// lockDownMember does it, step by step, and says what became of each.
func (h *console) lockDownMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	l, err := h.lockDownOf(c, p, t)
	if err != nil {
		return err
	}
	if problems := reasonProblems(c); len(problems) > 0 {
		return h.lockDownPage(c, http.StatusUnprocessableEntity, l, problems)
	}
	steps := again(c.Request().PostForm[fieldStep], l.steps())
	if len(steps) == 0 {
		return echo.ErrBadRequest
	}
	receipts, err := h.run(c, steps)
	if err != nil {
		return err
	}
	standing(steps, receipts, func() (*asked, error) { return h.readAgain(c, p, t, readSessions|readApps) })
	m := views.ReceiptsPage{
		Title: "Lock-down of " + l.name(), Crumbs: l.crumbs(), Receipts: receipts, Action: l.at(paths.MemberLockDownRoute), Back: l.home(), BackText: "To the member",
	}
	if !l.keep {
		m.Back, m.BackText = paths.Members(t.OrganizationID()), "To the members"
	}
	if again := remaining(steps, receipts); len(again) > 0 {
		m.Again = "Try again what is not done"
		m.Hidden = append([]views.Hidden{{Name: views.ConfirmReason, Value: l.reason}}, again...)
		if l.keep {
			m.Hidden = append(m.Hidden, views.Hidden{Name: fieldHow, Value: howKeep})
		}
		for _, role := range l.roles {
			m.Hidden = append(m.Hidden, views.Hidden{Name: fieldRole, Value: role})
		}
	}
	m.Frame = h.frame(c, m.Title, views.AreaMembers)
	return h.render(c, http.StatusOK, views.Receipts(m))
}

// readAgain reads how it stands; nil is a member who is deleted.
func (h *console) readAgain(c echo.Context, p *session.Person, t stytch.Tenant, what reads) (*asked, error) {
	a, err := h.read(c, p, t, what)
	if err != nil && !isGone(err) && stytch.IsNotFound(err) {
		return nil, nil //nolint:nilnil // nobody is what was found
	}
	return a, err
}
