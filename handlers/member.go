package handlers

import (
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showMember is one member. One's own page needs no permission: the upstream tells everybody about themselves.
func (h *console) showMember(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx, memberID := c.Request().Context(), c.Param("member_id")
	if !stytch.IsMemberID(memberID) {
		return notFound("")
	}
	own := memberID == t.MemberID()
	var member part[stytch.MemberDetail]
	var sessions part[[]stytch.MemberSession]
	current := ""
	var wg sync.WaitGroup
	if own {
		member.read(&wg, func() (stytch.MemberDetail, error) {
			self, err := t.Self(ctx)
			if err == nil {
				p.Learn(self)
				current = self.Session.ID
			}
			return stytch.MemberDetail{Member: self.Member, Organization: self.Organization}, err
		})
		sessions.read(&wg, func() ([]stytch.MemberSession, error) { return t.OwnSessions(ctx) })
	} else {
		member.read(&wg, func() (stytch.MemberDetail, error) { return t.Member(ctx, memberID) })
		sessions.read(&wg, func() ([]stytch.MemberSession, error) { return t.MemberSessions(ctx, memberID) })
	}
	wg.Wait()
	if err := firstGone(member.err, sessions.err); err != nil {
		return err
	}
	if stytch.IsNotFound(member.err) {
		missing := notFound(upstreamID(member.err))
		missing.Heading, missing.What = "This member does not exist here", "It was deleted, or never was a member of this organization."
		missing.Href, missing.HrefText = paths.Members(t.OrganizationID()), "To the members"
		return missing
	}
	if member.err != nil {
		return member.err
	}
	m := memberPage(&member.got)
	m.You = own
	m.Sessions = sessionRows(sessions.got, current, h.Now())
	m.SessionsSection = h.section(c, sessions.err, len(m.Sessions) == 0)
	title := m.Name
	if title == "" {
		title = m.Email
	}
	m.Frame = h.frame(c, title, views.AreaMembers)
	return h.render(c, http.StatusOK, views.Member(m))
}
