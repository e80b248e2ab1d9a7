package handlers

import (
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

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
	status, m, err := h.door(c, p, organizationID)
	if err != nil {
		return err
	}
	m.Return = here(c)
	return h.enterPage(c, status, m)
}

// door finds out how the person may come into a tenant.
func (h *console) door(c echo.Context, p *session.Person, organizationID string) (status int, m views.EnterPage, err error) {
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
		return 0, m, mine.err
	}
	m = notMember(organizationID)
	for _, d := range mine.got.Organizations {
		if d.Organization.ID == organizationID && d.IsMember() {
			m.State, m.Name = views.EnterReady, d.Organization.Name
			return http.StatusOK, m, nil
		}
	}
	switch {
	case !isStaff, stytch.IsForbidden(tenant.err):
		return http.StatusForbidden, m, nil
	case tenant.err != nil:
		return 0, m, tenant.err
	}
	m.Name = tenant.got.Name
	return h.asSupport(p, &m, tenant.got), m, nil
}

// notMember is the page for somebody who has no way in.
func notMember(organizationID string) views.EnterPage {
	return views.EnterPage{State: views.EnterNotMember, ID: organizationID, Action: paths.Enter(organizationID), Back: paths.OwnOrganizations}
}

// enterPage shows how somebody may come into a tenant.
func (h *console) enterPage(c echo.Context, status int, m views.EnterPage) error {
	title := "Enter an organization"
	if m.Name != "" {
		title = "Enter " + m.Name
	}
	m.Frame = h.frame(c, title, views.AreaNone)
	return h.render(c, status, views.Enter(m))
}

// enterOrganization takes a key: it exchanges the home session for one in the tenant. An exchange accepts invitations,
// so it is a form and never a link. With a reason, support staff get the membership first that they lack.
func (h *console) enterOrganization(c echo.Context, p *session.Person) error {
	organizationID := c.Param("organization_id")
	if !stytch.IsOrganizationID(organizationID) {
		return notFound("")
	}
	// Only back into the same tenant: the form acts on the organization that it shows.
	to := field(c, "return")
	if !returnsTo(to, organizationID) {
		to = paths.Organization(organizationID)
	}
	if _, held := p.Key(organizationID); held {
		return seeOther(c, to)
	}
	staff, isStaff := p.Staff()
	support := h.Desk != nil && isStaff && c.Request().PostForm.Has("reason")
	if support && !isReason(field(c, "reason")) {
		return h.reasonMissing(c, p, organizationID, to)
	}
	if isStaff || organizationID == h.StaffOrganizationID {
		// Entering is what a stolen session of the support staff would be used for first, and before it to get their key.
		self, err := p.Home().Self(c.Request().Context())
		if err != nil {
			return err
		}
		if ok, err := h.freshEnough(c, p.Home(), self, "enter the organization", false); !ok || err != nil {
			return err
		}
		if support && !travels(self.Session) {
			return staysBehind(nil)
		}
	}
	if support {
		return h.enterAsSupport(c, p, staff, organizationID, to)
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
	switch {
	case isGone(err) || !isRefusal(err):
		return err
	case stytch.IsType(err, "insufficient_factors_for_session_exchange"):
		// Said only of members, who see the organization among their own anyway (rule session-exchange).
		return staysBehind(err)
	}
	m := notMember(organizationID)
	m.Return = to
	return h.enterPage(c, http.StatusForbidden, m)
}

// staysBehind tells somebody whose sign-in is of a kind that an exchange does not carry elsewhere.
func staysBehind(err error) *problem {
	return &problem{
		Status: http.StatusForbidden, Heading: "Your sign-in does not count there", Err: err,
		What: "A password counts only in the organization that it is for. Nothing was done.",
		Do:   "Sign in again with a link or a code, then enter.", SignIn: true,
	}
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

// giveBack takes a key off the ring, ends its session, and says so on the next page. A membership that was made for the key goes too.
func (h *console) giveBack(c echo.Context, p *session.Person, t stytch.Tenant) {
	ctx := c.Request().Context()
	key, _ := p.Key(t.OrganizationID())
	p.Drop(t.OrganizationID())
	text, kind := "You left "+key.Name+".", views.FlashOK
	if !h.revokeAll(ctx, []stytch.Tenant{t}) {
		text, kind = "You left "+key.Name+" here. Stytch did not confirm that the session ended there too.", views.FlashWarn
	}
	switch support, ended := h.endVisit(c, t); {
	case support && ended:
		text, kind = "You left "+key.Name+". The membership that was made for it is deleted.", views.FlashOK
	case support:
		text, kind = "You left "+key.Name+" here. "+stillThere, views.FlashWarn
	default:
		if err := h.record(ctx, audit.Leave, actorOf(p), t.OrganizationID(), t.MemberID(), stateOf(c).reference); err != nil {
			h.Log.ErrorContext(ctx, "leaving not recorded", "reference", stateOf(c).reference, "error", err)
		}
	}
	h.Sessions.Flash(ctx, string(kind), text)
}

// isVisitor says whether the member was made for somebody to enter as support.
func (h *console) isVisitor(c echo.Context, t stytch.Tenant) bool {
	if h.Desk == nil {
		return false
	}
	_, ok, err := h.Desk.Visit(c.Request().Context(), t.OrganizationID(), t.MemberID())
	if err != nil {
		h.Log.ErrorContext(c.Request().Context(), "entry not read", "reference", stateOf(c).reference, "error", err)
		return true
	}
	return ok
}

// visiting is the stay as support that the page is part of, or nil.
func (h *console) visiting(c echo.Context) *views.Visit {
	s := stateOf(c)
	organizationID := s.tenant.OrganizationID()
	if h.Desk == nil || s.person == nil || organizationID == "" || organizationID == s.person.HomeID() {
		return nil
	}
	e, ok, err := h.Desk.Visit(c.Request().Context(), organizationID, s.tenant.MemberID())
	if err != nil {
		h.Log.ErrorContext(c.Request().Context(), "entry not read", "reference", s.reference, "error", err)
	}
	if !ok {
		return nil
	}
	return &views.Visit{In: e.Organization, Until: clock(e), Reason: e.Reason, Leave: paths.Leave(organizationID)}
}

// clock is when an entry ends, in a sentence about today.
func clock(e entry.Entry) string {
	if e.Until.IsZero() {
		return "now"
	}
	return e.Until.UTC().Format("15:04 UTC")
}
