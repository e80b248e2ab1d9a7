package handlers

import (
	"errors"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// supportCalls are what entering as support may call besides an exchange: reading the tenant, making the membership, and deleting
// it again where it leads nowhere.
var supportCalls = []stytch.Operation{
	stytch.OrganizationGet, stytch.DiscoveryOrganizations, stytch.EntryCreate, stytch.EntryDelete,
}

// asSupport fills in how somebody of the staff who is not a member may come in, and returns the page's status.
func (h *console) asSupport(p *session.Person, m *views.EnterPage, o stytch.Organization) int {
	if h.Desk == nil || o.ID == h.StaffOrganizationID {
		return http.StatusForbidden
	}
	check := stytch.EntryCreate.Row().Check
	m.Lacks = h.lacksStaff(p, check.Resource, check.Action)
	switch err := h.Desk.Refuses(o); {
	case m.Lacks != nil:
		return http.StatusForbidden
	case errors.Is(err, entry.ErrClosed):
		m.State = views.EnterClosed
		return http.StatusForbidden
	case err != nil:
		m.State = views.EnterMethods
		for _, method := range o.AllowedAuthMethods {
			m.Methods = append(m.Methods, methodName(method))
		}
		return http.StatusForbidden
	}
	m.State, m.Role, m.Hours = views.EnterSupport, h.Desk.Role, int(h.Desk.Length.Hours())
	return http.StatusOK
}

// shortestReason and longestReason bound a reason, in characters.
const shortestReason, longestReason = 3, 500

func isReason(reason string) bool {
	n := utf8.RuneCountInString(reason)
	return utf8.ValidString(reason) && n >= shortestReason && n <= longestReason
}

// reasonMissing asks for the reason again, beside what was typed.
func (h *console) reasonMissing(c echo.Context, p *session.Person, organizationID, to string) error {
	status, m, err := h.door(c, p, organizationID)
	if err != nil {
		return err
	}
	if m.State == views.EnterSupport {
		status, m.Reason = http.StatusUnprocessableEntity, field(c, "reason")
		m.Problems = []views.Problem{{Field: "reason", Text: "Give a reason of 3 to 500 characters."}}
	}
	m.Return = to
	return h.enterPage(c, status, m)
}

// travels says whether a session has a first factor that an exchange carries into another organization (rule session-exchange).
// Without one a membership would be made for nothing.
func travels(s stytch.MemberSession) bool {
	return slices.ContainsFunc(s.Factors, func(f stytch.Factor) bool { return !f.IsSecond() && f.Type != "password" && f.Type != "sso" })
}

// enterAsSupport makes the membership and exchanges the home session for one of it. Where a second factor is asked for, the entry
// waits for it, and is swept where nobody gives one.
func (h *console) enterAsSupport(c echo.Context, p *session.Person, staff stytch.Staff, organizationID, to string) error {
	ctx := c.Request().Context()
	e, err := h.Desk.Enter(ctx, staff, entry.Visitor{
		Email: p.Email, Name: p.Name, MemberID: staff.Tenant().MemberID(), RingID: p.SessionID(),
	}, organizationID, field(c, "reason"))
	if err != nil {
		return h.supportRefused(c, p, organizationID, to, err)
	}
	in, err := p.Home().Exchange(ctx, organizationID, min(h.SessionMinutes, int(h.Desk.Length.Minutes())))
	switch {
	case err != nil:
	case in.Done:
		if to, err = h.entered(c, p, in, to); err == nil {
			return seeOther(c, to)
		}
	default:
		if err = h.ask(c, in, to); err == nil {
			return nil
		}
	}
	h.endEntry(c, e.ID)
	switch {
	case stytch.IsType(err, "insufficient_factors_for_session_exchange"):
		return staysBehind(err)
	case isRefusal(err) && !isGone(err):
		return &problem{
			Status: http.StatusConflict, Heading: "You were not let in", Err: err, RequestID: upstreamID(err),
			What: "Stytch made the membership, and gave no key to it. It is deleted again.",
			Do:   "Enter once more. If it stays, tell whoever runs this console the reference.", Href: paths.Organization(organizationID), HrefText: "Enter the organization",
		}
	}
	return err
}

// supportRefused says why somebody is not let in as support.
func (h *console) supportRefused(c echo.Context, p *session.Person, organizationID, to string, err error) error {
	switch {
	case errors.Is(err, entry.ErrMember):
		return &problem{
			Status: http.StatusConflict, Heading: "Your address is in use there", Err: err,
			What: "You are a member of the organization, or one of its members had your address before. Nothing was made.",
			Do:   "If you are a member, enter the ordinary way.", Href: paths.Organization(organizationID), HrefText: "Enter the organization",
		}
	case errors.Is(err, entry.ErrStaffOrganization):
		return h.enterPage(c, http.StatusForbidden, notMember(organizationID))
	case errors.Is(err, entry.ErrClosed), errors.Is(err, entry.ErrMethods):
		// The page says which of them it is.
		status, m, err := h.door(c, p, organizationID)
		if err != nil {
			return err
		}
		m.Return = to
		return h.enterPage(c, status, m)
	}
	return err
}

// endedMeanwhile is for somebody whose entry was ended while they were on the way in.
func endedMeanwhile(organizationID string, err error) *problem {
	return &problem{
		Status: http.StatusConflict, Heading: "This entry was ended", What: "Its time was over, or somebody ended it, before you were in. The membership is deleted.",
		Do: "Enter again, with a reason.", Href: paths.Organization(organizationID), HrefText: "Enter the organization", Err: err,
	}
}

// comesIn records that somebody is about to hold the key of a membership; the desk does where it was made for them. After an error
// the key must not be kept: what is done with it could not be recorded either, or the membership is about to be deleted.
func (h *console) comesIn(c echo.Context, p *session.Person, in stytch.SignIn) error {
	ctx := c.Request().Context()
	if h.Desk != nil {
		_, support, err := h.Desk.Inside(ctx, callerOf(c), in.Organization.ID, in.MemberID)
		if errors.Is(err, entry.ErrEnded) {
			return endedMeanwhile(in.Organization.ID, err)
		}
		if support || err != nil {
			return err
		}
	}
	return h.record(ctx, audit.Enter, actorOf(p), in.Organization.ID, in.MemberID, stateOf(c).reference)
}

// endVisit ends the entry that the membership of a key was made for. It says whether there was one, and whether it is over.
func (h *console) endVisit(c echo.Context, t stytch.Tenant) (support, ended bool) {
	if h.Desk == nil {
		return false, false
	}
	e, ok, err := h.Desk.Visit(c.Request().Context(), t.OrganizationID(), t.MemberID())
	if err != nil {
		h.Log.ErrorContext(c.Request().Context(), "entry not read", "reference", stateOf(c).reference, "error", err)
	}
	if !ok {
		return false, false
	}
	return true, h.endEntry(c, e.ID)
}

// endEntry ends an entry, and says whether what it made is gone.
func (h *console) endEntry(c echo.Context, id string) bool {
	_, _, err := h.Desk.End(c.Request().Context(), callerOf(c), id)
	if err != nil {
		h.Log.ErrorContext(c.Request().Context(), "membership of the support staff not deleted", "reference", stateOf(c).reference, "error", err)
	}
	return err == nil
}

// endEntries ends what a browser session has entered, when its person signs out. What fails is swept.
func (h *console) endEntries(c echo.Context, p *session.Person) {
	if h.Desk == nil || p == nil {
		return
	}
	if err := h.Desk.EndRing(c.Request().Context(), callerOf(c), p.SessionID()); err != nil {
		h.Log.ErrorContext(c.Request().Context(), "memberships of the support staff not deleted", "reference", stateOf(c).reference, "error", err)
	}
}

// callerOf is on whose behalf the desk deletes a membership.
func callerOf(c echo.Context) stytch.Caller {
	return stytch.Caller{RequestID: stateOf(c).reference, Actor: actorOf(stateOf(c).person)}
}

// actorOf is who is behind a request, for the record; the zero Actor where nobody is signed in.
func actorOf(p *session.Person) stytch.Actor {
	if p == nil {
		return stytch.Actor{}
	}
	home, _ := p.Key(p.HomeID()) // not Home, which opens the token: this runs for every request
	actor := stytch.Actor{Email: p.Email, Name: p.Name, MemberID: home.MemberID, OrganizationID: home.OrganizationID}
	if by := p.Impersonator(); by != "" {
		actor.Name = by + " as " + nameOf(p.Name, p.Email)
	}
	return actor
}
