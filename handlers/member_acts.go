package handlers

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// onMembers is the resource that the permissions over others are on.
const onMembers = "stytch.member"

// asked is what is read of a member before an act, side by side. Ids of sessions, apps and passwords are taken from here alone,
// never from a form.
type asked struct {
	*subject

	what     reads
	admins   part[[]stytch.MemberSummary]
	sessions part[[]stytch.MemberSession]
	apps     part[[]stytch.MemberApp]
}

// reads are the parts of asked that an act needs besides the member.
type reads uint8

const (
	readAdmins reads = 1 << iota
	readSessions
	readApps
)

// read reads the member that the address names, and what else an act needs. Only a part that is lost with the session, and the
// member itself, are errors; the rest may fail on its own.
func (h *console) read(c echo.Context, p *session.Person, t stytch.Tenant, what reads) (*asked, error) {
	ctx, memberID := c.Request().Context(), c.Param("member_id")
	if !stytch.IsMemberID(memberID) {
		return nil, notFound("")
	}
	a := asked{what: what}
	var member part[*subject]
	var wg sync.WaitGroup
	member.read(&wg, func() (*subject, error) { return readSubject(ctx, p, t, memberID) })
	if what&readAdmins != 0 {
		a.admins.read(&wg, func() ([]stytch.MemberSummary, error) { return administrators(ctx, t) })
	}
	if what&readSessions != 0 {
		a.sessions.read(&wg, func() ([]stytch.MemberSession, error) { return sessionsOf(ctx, t, memberID) })
	}
	if what&readApps != 0 {
		a.apps.read(&wg, func() ([]stytch.MemberApp, error) { return t.MemberApps(ctx, memberID) })
	}
	wg.Wait()
	if err := firstGone(member.err, a.admins.err, a.sessions.err, a.apps.err); err != nil {
		return nil, err
	}
	a.subject = member.got
	return &a, missingMember(t, member.err)
}

// administrators are up to two members who may change everything: one besides the member asked about is enough to know.
func administrators(ctx context.Context, t stytch.Tenant) ([]stytch.MemberSummary, error) {
	found, err := t.SearchMembers(ctx, stytch.MemberSearch{Limit: 2, Operands: []stytch.Operand{
		{Name: "member_roles", Value: []string{roleAdmin}}, {Name: "statuses", Value: []string{"active"}},
	}})
	return found.Items, err
}

// lastOne warns where nobody would be left who may change everything: the upstream lets the last one go (rule last-admin).
func (a *asked) lastOne() []string {
	switch {
	case !a.has(roleAdmin) || a.what&readAdmins == 0:
		return nil
	case a.admins.err != nil:
		return []string{"They have " + roleAdmin + ". Whether anybody else here has it could not be found out."}
	case slices.ContainsFunc(a.admins.got, func(m stytch.MemberSummary) bool { return m.ID != a.Member.ID }):
		return nil
	}
	return []string{"Nobody else here has " + roleAdmin + ": afterwards nobody can change the settings of this organization from inside it."}
}

// memberAct is something that is done to a member, after a page that says what will happen.
type memberAct struct {
	route string
	// show and do are what is read for the page and for the act.
	show, do reads
	// must is the part without which there is nothing to ask about; nil where there is none.
	must func(a *asked) error
	// own is the page of one's own account that does it to oneself; "" where one does it here.
	own string
	// ask makes the page. nothing says why there is nothing to do, in a sentence.
	ask func(h *console, c echo.Context, a *asked) (m views.ConfirmPage, nothing string)
	// act does it.
	act func(ctx context.Context, c echo.Context, a *asked) error
	// forget is what the console itself forgets then; nil for nothing.
	forget func(h *console, ctx context.Context, a *asked)
	// done says so. stays says that who does it to themselves is a member all the same.
	done  string
	stays bool
	// gone are the refusals that mean that it was so already, words what a person is told of others.
	gone  []string
	words map[string]string
}

// elsewhere says where somebody does to themselves what this does to others.
func (m *memberAct) elsewhere(c echo.Context, p *session.Person, t stytch.Tenant) (to string, ok bool) {
	if m.own == "" || c.Param("member_id") != t.MemberID() {
		return "", false
	}
	return paths.Own(m.own, accountOf(p, t)), true
}

func (m *memberAct) read(h *console, c echo.Context, p *session.Person, t stytch.Tenant, what reads) (*asked, error) {
	a, err := h.read(c, p, t, what)
	if err == nil && m.must != nil {
		err = m.must(a)
	}
	return a, err
}

// page asks before the act.
func (m *memberAct) page(h *console, c echo.Context, p *session.Person, t stytch.Tenant) error {
	if to, ok := m.elsewhere(c, p, t); ok {
		return seeOther(c, to)
	}
	a, err := m.read(h, c, p, t, m.show)
	if err != nil {
		return err
	}
	asks, nothing := m.ask(h, c, a)
	if nothing != "" {
		return h.toSubject(c, a.subject, views.FlashWarn, nothing)
	}
	return h.confirm(c, http.StatusOK, views.AreaMembers, a.dress(m.route, asks))
}

// post acts.
func (m *memberAct) post(h *console, c echo.Context, p *session.Person, t stytch.Tenant) error {
	if to, ok := m.elsewhere(c, p, t); ok {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashWarn), "What is your own you change here. Nothing was done.")
		return seeOther(c, to)
	}
	a, err := m.read(h, c, p, t, m.do)
	if err != nil {
		return err
	}
	asks, nothing := m.ask(h, c, a)
	if nothing != "" {
		return h.toSubject(c, a.subject, views.FlashWarn, nothing)
	}
	asks = a.dress(m.route, asks)
	if ok, err := h.mayProceed(c, views.AreaMembers, asks); !ok {
		return err
	}
	err = m.act(stytch.Noting(c.Request().Context(), field(c, views.ConfirmReason)), c, a)
	if text, ok := wordsFor(err, m.words); ok {
		asks.Problems = []views.Problem{{Text: text}}
		return h.confirm(c, http.StatusUnprocessableEntity, views.AreaMembers, asks)
	}
	if err == nil && m.forget != nil {
		m.forget(h, c.Request().Context(), a)
	}
	if err == nil && a.own && !m.stays {
		return h.ownGone(c, p, t)
	}
	return h.acted(c, a.subject, m, err)
}

// facts say who it is about, beyond doubt.
func (a *asked) facts() []views.Fact {
	return []views.Fact{{Label: "E-mail", Value: a.Member.Email, Note: verified(a.Member.EmailVerified)}, {Label: "Member id", Value: a.Member.ID, ID: true}}
}

// dress puts on a page what those of all acts have.
func (a *asked) dress(route string, m views.ConfirmPage) views.ConfirmPage {
	m.Crumbs, m.Action, m.Cancel = a.crumbs(), a.at(route), a.home()
	m.Facts = append(a.facts(), m.Facts...)
	return m
}

// acted ends an act: it is done, or was so already, or nobody knows.
func (h *console) acted(c echo.Context, s *subject, m *memberAct, err error) error {
	switch {
	case err == nil:
		return h.toSubject(c, s, views.FlashOK, m.done)
	case slices.ContainsFunc(m.gone, func(name string) bool { return stytch.IsType(err, name) }):
		return h.toSubject(c, s, views.FlashWarn, "It was so already. Nothing was done.")
	case isLost(err):
		return h.toSubject(c, s, views.FlashWarn, unknownEnd(err))
	}
	return err
}

// unknownEnd says that nobody knows how something ended.
func unknownEnd(err error) string {
	text := "Nobody knows whether it was done: the answer was lost. This is how it stands now."
	if id := upstreamID(err); id != "" {
		text += " Stytch calls it " + id + "."
	}
	return text
}

// toSubject leads to the member's page with a message.
func (h *console) toSubject(c echo.Context, s *subject, kind views.FlashKind, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
	return seeOther(c, s.home())
}

// ownGone goes on for somebody who has deleted themselves: their session there ended with it.
func (h *console) ownGone(c echo.Context, p *session.Person, t stytch.Tenant) error {
	if t.OrganizationID() == p.HomeID() {
		return h.logout(c)
	}
	key, _ := p.Key(t.OrganizationID())
	p.Drop(t.OrganizationID())
	h.Sessions.Flash(c.Request().Context(), string(views.FlashOK), "You are not a member of "+key.Name+" any more.")
	return seeOther(c, paths.OwnOrganizations)
}
