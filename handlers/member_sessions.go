package handlers

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The acts on what somebody is signed in with: sessions, and the grants of apps. Both take an id that must be in what is there now.
var (
	endSessions = &memberAct{
		route: paths.MemberSessionsRoute, show: readSessions, do: readSessions, own: paths.AccountSessions, done: "All their sessions have ended.",
		ask: (*console).askSessions, must: sessionsRead,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.RevokeMemberSessions(ctx, a.Member.ID)
			return err
		},
	}
	endSession = &memberAct{
		route: paths.MemberSessionsRoute, show: readSessions, do: readSessions, own: paths.AccountSessions, done: "The session has ended.",
		ask: (*console).askSession, must: sessionsRead,
		act: func(ctx context.Context, c echo.Context, a *asked) error {
			_, err := a.t.RevokeMemberSession(ctx, a.Member.ID, child(c, "session"))
			return err
		},
	}
	revokeApp = &memberAct{
		route: paths.MemberAppRoute, show: readApps, do: readApps, done: "The app is revoked.", ask: (*console).askApp, stays: true,
		must: func(a *asked) error { return a.apps.err },
		act: func(ctx context.Context, c echo.Context, a *asked) error {
			_, err := a.t.RevokeMemberApp(ctx, a.Member.ID, child(c, "app"))
			return err
		},
	}
)

func sessionsRead(a *asked) error { return a.sessions.err }

// child is the id of what belongs to a member: a form sends it, and the address names it.
func child(c echo.Context, name string) string {
	if id := field(c, name); id != "" {
		return id
	}
	return param(c, name)
}

// showSessionsEnd and postSessionsEnd end one session of a member, or all.
func (h *console) showSessionsEnd(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return sessionsAct(c).page(h, c, p, t)
}

func (h *console) postSessionsEnd(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return sessionsAct(c).post(h, c, p, t)
}

func sessionsAct(c echo.Context) *memberAct {
	if child(c, "session") != "" {
		return endSession
	}
	return endSessions
}

func (h *console) askSessions(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if len(a.sessions.got) == 0 {
		return views.ConfirmPage{}, "They have no live session."
	}
	return views.ConfirmPage{
		Title: "End all sessions of " + a.name() + "?", Button: "End all sessions", Permission: h.lacksIn(a.t, onMembers, "revoke-sessions"),
		Says: []string{a.ends(), "Whoever can sign in as them can begin another one at once. Apps that were let in go on until they are revoked."},
	}, ""
}

func (h *console) askSession(c echo.Context, a *asked) (views.ConfirmPage, string) {
	id := child(c, "session")
	i := slices.IndexFunc(a.sessions.got, func(s stytch.MemberSession) bool { return s.ID == id })
	if i < 0 {
		return views.ConfirmPage{}, "It had ended already."
	}
	row := sessionRows(a.sessions.got[i:i+1], a.current, h.Now())[0]
	return views.ConfirmPage{
		Title: "End this session of " + a.name() + "?", Button: "End the session", Permission: h.lacksIn(a.t, onMembers, "revoke-sessions"),
		Hidden: []views.Hidden{{Name: "session", Value: id}},
		Says:   []string{"It ends at once, wherever it is used. Other sessions of theirs go on."},
		Facts: []views.Fact{
			{Label: "Signed in with", Value: strings.Join(row.Factors, ", ")},
			{Label: "Started", Value: row.Started},
			{Label: "Last seen", Value: row.Seen},
			{Label: "Would end", Value: row.Ends},
			{Label: "Id", Value: id, ID: true},
		},
	}, ""
}

func (h *console) askApp(c echo.Context, a *asked) (views.ConfirmPage, string) {
	id := child(c, "app")
	i := slices.IndexFunc(a.apps.got, func(app stytch.MemberApp) bool { return app.ID == id })
	if i < 0 {
		return views.ConfirmPage{}, "They have not let this app in, or it is revoked already."
	}
	app := h.grantRows(a.apps.got[i : i+1])[0]
	return views.ConfirmPage{
		Title: "Revoke " + app.Name + "?", Button: "Revoke the app", Permission: h.lacksOwn(a.t, a.Member.ID, "revoke.connected-app"),
		Hidden: []views.Hidden{{Name: "app", Value: id}},
		Says:   []string{"Every token that the app has of " + a.name() + " stops working at once.", "The app must ask them again before it can do anything in their name."},
		Facts: []views.Fact{
			{Label: "App", Value: app.Name, Note: app.Kind}, {Label: "Id", Value: id, ID: true},
		},
		Scopes: app.Scopes,
	}, ""
}
