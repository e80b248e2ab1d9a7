package handlers

import (
	"context"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// subject is the member that a page is about, as they are now.
type subject struct {
	stytch.MemberDetail
	t   stytch.Tenant
	own bool
	// current is the session that asks, where it is about oneself.
	current string
}

// name is what a person calls the member.
func (s *subject) name() string { return nameOf(s.Member.Name, s.Member.Email) }

// home is the member's page.
func (s *subject) home() string { return paths.Member(s.t.OrganizationID(), s.Member.ID) }

// at is the page of an act.
func (s *subject) at(route string) string {
	return paths.MemberAct(route, s.t.OrganizationID(), s.Member.ID)
}

// crumbs is the way to a page about the member.
func (s *subject) crumbs() []views.Crumb {
	return []views.Crumb{
		{Text: s.Organization.Name, Href: paths.Organization(s.Organization.ID)},
		{Text: "Members", Href: paths.Members(s.Organization.ID)},
		{Text: s.name(), Href: s.home()},
	}
}

// has says whether the member has a role.
func (s *subject) has(role string) bool {
	for _, r := range s.Member.Roles {
		if r.ID == role {
			return true
		}
	}
	return false
}

// readSubject reads the member that an address names. One's own needs no permission: the upstream tells everybody about themselves.
func readSubject(ctx context.Context, p *session.Person, t stytch.Tenant, memberID string) (*subject, error) {
	s := &subject{t: t, own: memberID == t.MemberID()}
	if !s.own {
		var err error
		s.MemberDetail, err = t.Member(ctx, memberID)
		return s, err
	}
	self, err := t.Self(ctx)
	if err == nil {
		p.Learn(self)
	}
	s.Member, s.Organization, s.current = self.Member, self.Organization, self.Session.ID
	return s, err
}

// subjectOf is the member that the address names, as they are now.
func (h *console) subjectOf(c echo.Context, p *session.Person, t stytch.Tenant) (*subject, error) {
	memberID := c.Param("member_id")
	if !stytch.IsMemberID(memberID) {
		return nil, notFound("")
	}
	s, err := readSubject(c.Request().Context(), p, t, memberID)
	return s, missingMember(t, err)
}

// missingMember says of a member who is not there, that they are not; every other error stays as it is.
func missingMember(t stytch.Tenant, err error) error {
	if isGone(err) || !stytch.IsNotFound(err) {
		return err
	}
	missing := notFound(upstreamID(err))
	missing.Heading, missing.What = "This member does not exist here", "It was deleted, or never was a member of this organization."
	missing.Err = err
	missing.Href, missing.HrefText = paths.Members(t.OrganizationID()), "To the members"
	return missing
}

// showMember is one member.
func (h *console) showMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx, memberID := c.Request().Context(), c.Param("member_id")
	if !stytch.IsMemberID(memberID) {
		return notFound("")
	}
	var member part[*subject]
	var sessions part[[]stytch.MemberSession]
	var apps part[[]stytch.MemberApp]
	var wg sync.WaitGroup
	member.read(&wg, func() (*subject, error) { return readSubject(ctx, p, t, memberID) })
	sessions.read(&wg, func() ([]stytch.MemberSession, error) { return sessionsOf(ctx, t, memberID) })
	apps.read(&wg, func() ([]stytch.MemberApp, error) { return t.MemberApps(ctx, memberID) })
	wg.Wait()
	if err := firstGone(member.err, sessions.err, apps.err); err != nil {
		return err
	}
	if member.err != nil {
		return missingMember(t, member.err)
	}
	s := member.got
	m := memberPage(&s.MemberDetail)
	m.You = s.own
	m.Sessions = sessionRows(sessions.got, s.current, h.Now())
	m.SessionsSection = h.section(c, sessions.err, len(m.Sessions) == 0)
	m.Apps = h.grantRows(apps.got)
	m.AppsSection = h.section(c, apps.err, len(m.Apps) == 0)
	if p.Impersonator() == "" {
		h.offer(p, s, &m)
	}
	m.Frame = h.frame(c, s.name(), views.AreaMembers)
	return h.render(c, http.StatusOK, views.Member(m))
}

// sessionsOf are the live sessions of a member, who may be oneself.
func sessionsOf(ctx context.Context, t stytch.Tenant, memberID string) ([]stytch.MemberSession, error) {
	if memberID == t.MemberID() {
		return t.OwnSessions(ctx)
	}
	return t.MemberSessions(ctx, memberID)
}
