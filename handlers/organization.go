package handlers

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// overview is what the page of a tenant reads, side by side.
type overview struct {
	self    stytch.Self
	members part[int]
	sso     part[stytch.SSOConnections]
	scim    part[*stytch.SCIMConnection]
	apps    part[[]stytch.ConnectedApp]
}

// part is one part of a page that is read on its own and may fail on its own.
type part[T any] struct {
	got T
	err error
}

func (p *part[T]) read(wg *sync.WaitGroup, f func() (T, error)) {
	wg.Go(func() { p.got, p.err = f() })
}

// showOrganization is a tenant at a glance.
func (h *console) showOrganization(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	var o overview
	var self part[stytch.Self]
	var wg sync.WaitGroup
	self.read(&wg, func() (stytch.Self, error) { return t.Self(ctx) })
	o.members.read(&wg, func() (int, error) { return t.MemberCount(ctx) })
	o.sso.read(&wg, func() (stytch.SSOConnections, error) { return t.SSOConnections(ctx) })
	o.scim.read(&wg, func() (*stytch.SCIMConnection, error) { return t.SCIMConnection(ctx) })
	o.apps.read(&wg, func() ([]stytch.ConnectedApp, error) { return t.ConnectedApps(ctx) })
	wg.Wait()
	if err := firstGone(self.err, o.members.err, o.sso.err, o.scim.err, o.apps.err); err != nil {
		return err
	}
	if self.err != nil {
		return self.err
	}
	o.self = self.got
	p.Learn(o.self)
	m := h.overviewPage(c, &o)
	m.Frame = h.frame(c, o.self.Organization.Name, views.AreaOverview)
	return h.render(c, http.StatusOK, views.Overview(m))
}

// firstGone is the first error that means that a session is over: no part of a page is then worth showing.
func firstGone(errs ...error) error {
	for _, err := range errs {
		if isGone(err) {
			return err
		}
	}
	return nil
}

func isGone(err error) bool {
	_, gone := errors.AsType[*stytch.SessionGone](err)
	return gone
}

// section tells how a part of a page stands.
func (h *console) section(c echo.Context, err error, isEmpty bool) views.Section {
	switch {
	case err == nil && isEmpty:
		return views.Section{State: views.SectionEmpty}
	case err == nil:
		return views.Section{}
	}
	p := h.explain(c, err)
	if stytch.IsForbidden(err) {
		s := views.Section{State: views.SectionRefused, RequestID: p.RequestID}
		if p.Permission != nil {
			s.Permission = *p.Permission
		}
		return s
	}
	if stytch.IsNotFound(err) {
		p.Heading, p.What = "Stytch knows nothing of it", "It may have been removed a moment ago."
	}
	h.Log.WarnContext(c.Request().Context(), "part not read", "reference", stateOf(c).reference, "error", err)
	return views.Section{State: views.SectionFailed, Problem: p.Heading + ". " + p.What, RequestID: p.RequestID, Retry: here(c)}
}

// showEnter stands before a tenant that the person holds no key to. For somebody who may not read all tenants, one that
// exists and one that does not look the same.
func (h *console) showEnter(c echo.Context, p *session.Person, organizationID string) error {
	if c.Request().Method != http.MethodGet && c.Request().Method != http.MethodHead {
		return &problem{
			Status: http.StatusUnauthorized, Heading: "You are not in this organization any more", What: "Nothing was done.",
			Do: "Enter it, then send this again.", Href: paths.Organization(organizationID), HrefText: "Enter the organization", Err: echo.ErrUnauthorized,
		}
	}
	if p.Impersonator() != "" {
		return readOnly() // entering is a change
	}
	ctx := c.Request().Context()
	var mine part[stytch.Memberships]
	var tenant part[stytch.Organization]
	var wg sync.WaitGroup
	mine.read(&wg, func() (stytch.Memberships, error) { return p.Home().Memberships(ctx) })
	staff, isStaff := p.Staff()
	if isStaff {
		tenant.read(&wg, func() (stytch.Organization, error) { return staff.Organization(ctx, organizationID) })
	}
	wg.Wait()
	if mine.err != nil {
		return mine.err
	}
	m := views.EnterPage{ID: organizationID, Action: paths.Enter(organizationID), Return: here(c), Back: paths.OwnOrganizations}
	status := http.StatusForbidden
	m.State = views.EnterNotMember
	for _, d := range mine.got.Organizations {
		if d.Organization.ID == organizationID && d.IsMember() {
			m.State, m.Name, status = views.EnterReady, d.Organization.Name, http.StatusOK
		}
	}
	if m.State == views.EnterNotMember && isStaff {
		switch {
		case tenant.err == nil:
			m.Name = tenant.got.Name
		case !stytch.IsForbidden(tenant.err):
			return tenant.err
		}
	}
	title := "Enter an organization"
	if m.Name != "" {
		title = "Enter " + m.Name
	}
	m.Frame = h.frame(c, title, views.AreaNone)
	return h.render(c, status, views.Enter(m))
}

// enterOrganization takes a key: it exchanges the home session for one in the tenant. An exchange accepts invitations,
// so it is a form and never a link.
func (h *console) enterOrganization(c echo.Context, p *session.Person) error {
	if err := parseForm(c); err != nil {
		return err
	}
	organizationID := c.Param("organization_id")
	if !stytch.IsOrganizationID(organizationID) {
		return notFound("")
	}
	// Only back into the same tenant: the form acts on the organization that it shows.
	to := field(c, "return")
	if own := paths.Organization(organizationID); !paths.Local(to) || (to != own && !strings.HasPrefix(to, own+"/") && !strings.HasPrefix(to, own+"?")) {
		to = own
	}
	if _, held := p.Key(organizationID); held {
		return seeOther(c, to)
	}
	if _, staff := p.Staff(); staff || organizationID == h.StaffOrganizationID {
		// Entering is what a stolen session of the support staff would be used for first, and before it to get their key.
		self, err := p.Home().Self(c.Request().Context())
		if err != nil {
			return err
		}
		if ok, err := h.freshEnough(c, p.Home(), self, "enter the organization", false); !ok || err != nil {
			return err
		}
	}
	in, err := p.Home().Exchange(c.Request().Context(), organizationID, h.SessionMinutes)
	switch {
	case err != nil:
		return h.enterRefused(c, organizationID, to, err)
	case !in.Done:
		return h.ask(c, in, to)
	}
	if to, err = h.entered(c, p, in, to); err != nil {
		return err
	}
	return seeOther(c, to)
}

// enterRefused tells somebody who is not a member so, in the same words whether the organization exists or not.
func (h *console) enterRefused(c echo.Context, organizationID, to string, err error) error {
	if isGone(err) || !isRefusal(err) {
		return err
	}
	if stytch.IsType(err, "insufficient_factors_for_session_exchange") {
		// Said only of members, who see the organization among their own anyway (rule session-exchange).
		return &problem{
			Status: http.StatusForbidden, Heading: "Your sign-in does not count there", Err: err,
			What: "A password counts only in the organization that it is for. Nothing was done.",
			Do:   "Sign in again with a link or a code, then enter.", SignIn: true,
		}
	}
	m := views.EnterPage{
		State: views.EnterNotMember, ID: organizationID, Action: paths.Enter(organizationID), Return: to,
		Back: paths.OwnOrganizations,
	}
	m.Frame = h.frame(c, "Enter an organization", views.AreaNone)
	return h.render(c, http.StatusForbidden, views.Enter(m))
}

// leaveOrganization gives a key back. The home key goes only with signing out.
func (h *console) leaveOrganization(c echo.Context, p *session.Person) error {
	organizationID := c.Param("organization_id")
	if !stytch.IsOrganizationID(organizationID) {
		return notFound("")
	}
	t, held := p.Tenant(organizationID)
	if key, _ := p.Key(organizationID); held && !key.Home {
		h.giveBack(c, p, t)
	}
	return seeOther(c, h.landing(p.HomeID()))
}

// giveBack takes a key off the ring, ends its session, and says so on the next page.
func (h *console) giveBack(c echo.Context, p *session.Person, t stytch.Tenant) {
	key, _ := p.Key(t.OrganizationID())
	p.Drop(t.OrganizationID())
	text, kind := "You left "+key.Name+".", views.FlashOK
	if !h.revokeAll(c.Request().Context(), []stytch.Tenant{t}) {
		text, kind = "You left "+key.Name+" here. Stytch did not confirm that the session ended there too.", views.FlashWarn
	}
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
}
