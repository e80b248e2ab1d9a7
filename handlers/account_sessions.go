package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// ownSessions are the person's live sessions, and what is known of this one.
func (h *console) ownSessions(c echo.Context, p *session.Person, t stytch.Tenant) (live []stytch.MemberSession, self stytch.Self, err error) {
	ctx := c.Request().Context()
	var whole part[stytch.Self]
	var sessions part[[]stytch.MemberSession]
	var wg sync.WaitGroup
	whole.read(&wg, func() (stytch.Self, error) { return h.ownSelf(c, p, t) })
	sessions.read(&wg, func() ([]stytch.MemberSession, error) { return t.OwnSessions(ctx) })
	wg.Wait()
	if err := firstGone(whole.err, sessions.err); err != nil {
		return nil, stytch.Self{}, err
	}
	if whole.err != nil {
		return nil, stytch.Self{}, whole.err
	}
	return sessions.got, whole.got, sessions.err
}

// showAccountSessions lists the person's live sessions.
func (h *console) showAccountSessions(c echo.Context, p *session.Person, t stytch.Tenant) error {
	live, self, err := h.ownSessions(c, p, t)
	if err != nil {
		return err
	}
	m := views.AccountSessionsPage{
		In: accountIn(p, t), Sessions: sessionRows(live, self.Session.ID, h.Now()), Unendable: h.lacks(self, "revoke-sessions"),
	}
	for _, key := range p.Keys() {
		m.Entered = append(m.Entered, nameOf(key.Name, key.Slug))
	}
	m.Frame = h.frame(c, "Your sessions", views.AreaNone)
	return h.render(c, http.StatusOK, views.AccountSessions(m))
}

// endAccountSession ends one of the person's sessions, which must be among those that they have now: the upstream alone
// would only be assumed to refuse another member's (rule revoke-with-header).
func (h *console) endAccountSession(c echo.Context, p *session.Person, t stytch.Tenant) error {
	sessionID := field(c, "session_id")
	if !stytch.IsSessionID(sessionID) {
		return notFound("")
	}
	live, self, err := h.ownSessions(c, p, t)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	this := sessionID == self.Session.ID
	switch {
	case this && t.OrganizationID() == p.HomeID():
		return h.logout(c)
	case this:
		h.giveBack(c, p, t)
		t = p.Home()
	case !slices.ContainsFunc(live, func(s stytch.MemberSession) bool { return s.ID == sessionID }):
		h.Sessions.Flash(ctx, string(views.FlashWarn), "It had ended already.")
	default:
		if err := t.RevokeSession(ctx, sessionID); err != nil {
			return err
		}
		h.Sessions.Flash(ctx, string(views.FlashOK), "The session has ended.")
	}
	return seeOther(c, paths.Own(paths.AccountSessions, accountOf(p, t)))
}

// endAccountSessions ends all of the person's sessions in every organization that they have entered, and so signs out.
func (h *console) endAccountSessions(c echo.Context, _ *session.Person) error {
	ctx := c.Request().Context()
	held, err := h.Sessions.End(ctx)
	return h.signedOut(c, "everywhere", h.endAll(ctx, held, revokeEverywhere), err)
}

// revokeEverywhere ends all sessions of a member; who may not do that ends this one, and is told that the others go on.
func revokeEverywhere(t stytch.Tenant, ctx context.Context) error { //nolint:revive // the receiver of a method value comes first
	err := t.RevokeEverywhere(ctx)
	if stytch.IsForbidden(err) {
		return errors.Join(err, t.Revoke(ctx))
	}
	return err
}
