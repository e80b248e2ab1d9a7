package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// onOneself is the resource that the permissions over one's own member are on (rule own-member-self).
const onOneself = "stytch.self"

// showAccountApps lists the apps that the person let in.
func (h *console) showAccountApps(c echo.Context, p *session.Person, t stytch.Tenant) error {
	apps, err := t.OwnApps(c.Request().Context())
	if err != nil {
		return err
	}
	m := views.AccountAppsPage{In: accountIn(p, t), Apps: h.accountApps(p, t, apps), Need: h.lacksSelf(t, actRevokeApp)}
	if len(apps) > 1 {
		m.All = paths.AccountAppRevoke("", accountOf(p, t))
	}
	m.Frame = h.frame(c, "Your Connected Apps", views.AreaNone)
	return h.render(c, http.StatusOK, views.AccountApps(m))
}

func (h *console) accountApps(p *session.Person, t stytch.Tenant, apps []stytch.MemberApp) []views.AccountApp {
	rows := make([]views.AccountApp, len(apps))
	for i, app := range apps {
		rows[i] = views.AccountApp{
			Name: nameOf(app.Name, app.ID), ID: app.ID, Owner: appOwner(app.Type), Description: app.Description,
			Scopes: h.scopeLines(&views.English, app.Scopes), Revoke: paths.AccountAppRevoke(app.ID, accountOf(p, t)),
		}
	}
	return rows
}

// lacksSelf is the permission over one's own member that the roles of a tenant's session do not carry, or nil. It is a hint, as lacksIn
// is.
func (h *console) lacksSelf(t stytch.Tenant, action string) *views.Permission {
	if h.lacking(t.Roles(), onMembers, action) == nil {
		return nil
	}
	return h.lacking(t.Roles(), onOneself, action)
}

// ownAppsNamed are those of the person's apps that a request names, as they are now, or all where it names none. What is not among
// them is not sent.
func (h *console) ownAppsNamed(ctx context.Context, t stytch.Tenant, named []string) (apps []stytch.MemberApp, gone []string, err error) {
	all, err := t.OwnApps(ctx)
	if err != nil || len(named) == 0 {
		return all, nil, err
	}
	for _, id := range named {
		at := slices.IndexFunc(all, func(app stytch.MemberApp) bool { return app.ID == id })
		switch {
		case at < 0 && stytch.IsAppID(id):
			gone = append(gone, id)
		case at >= 0 && !slices.ContainsFunc(apps, func(app stytch.MemberApp) bool { return app.ID == id }):
			apps = append(apps, all[at])
		}
	}
	return apps, gone, nil
}

// showAccountAppsRevoke says what would be revoked: one app, or all.
func (h *console) showAccountAppsRevoke(c echo.Context, p *session.Person, t stytch.Tenant) error {
	if p.Impersonator() != "" {
		return readOnly()
	}
	apps, _, err := h.ownAppsNamed(c.Request().Context(), t, c.QueryParams()["app"])
	if err != nil {
		return err
	}
	if len(apps) == 0 {
		return h.toAccountApps(c, p, t, views.FlashWarn, "You have not let it in, or not any more.")
	}
	m := views.AccountAppsRevokePage{
		In: accountIn(p, t), Apps: h.accountApps(p, t, apps), Permission: h.lacksSelf(t, actRevokeApp), Title: "Revoke " + nameOf(apps[0].Name, apps[0].ID) + "?", Button: "Revoke the app",
		Says: []string{"Every token that it has of you stops working at once.", "It must ask you again before it can do anything in your name.", "What it has done or copied so far is not undone."},
	}
	if n := len(apps); n > 1 {
		m.Title, m.Button = "Revoke all "+countOf(n, "app")+"?", "Revoke "+countOf(n, "app")
		m.Says = []string{"Every token that they have of you stops working at once.", "They must ask you again before they can do anything in your name.", "What they have done or copied so far is not undone."}
	}
	m.Frame = h.frame(c, m.Title, views.AreaNone)
	return h.render(c, http.StatusOK, views.AccountAppsRevoke(m))
}

func (h *console) toAccountApps(c echo.Context, p *session.Person, t stytch.Tenant, kind views.FlashKind, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
	return seeOther(c, paths.Own(paths.AccountApps, accountOf(p, t)))
}

// revokeAccountApps revokes the apps that the form names. One that is done needs no receipt.
func (h *console) revokeAccountApps(c echo.Context, p *session.Person, t stytch.Tenant) error {
	named := c.Request().PostForm["app"]
	if len(named) == 0 {
		// "All" is what the page showed, and not what has been let in since.
		return echo.ErrBadRequest
	}
	apps, gone, err := h.ownAppsNamed(c.Request().Context(), t, named)
	if err != nil {
		return err
	}
	if len(apps) == 0 {
		return h.toAccountApps(c, p, t, views.FlashWarn, "You have not let it in, or not any more. Nothing was done.")
	}
	var steps []step
	for _, app := range apps {
		steps = append(steps, revokeOwn(t, app))
	}
	for _, id := range gone {
		steps = append(steps, step{name: id, text: "Revoke " + id, none: "You have not let it in, or not any more."})
	}
	receipts, err := h.run(c, steps)
	if err != nil {
		return err
	}
	if len(receipts) == 1 && receipts[0].State == views.Done {
		return h.toAccountApps(c, p, t, views.FlashOK, nameOf(apps[0].Name, apps[0].ID)+" is revoked.")
	}
	return h.accountAppReceipts(c, p, t, steps, receipts)
}

// revokeOwn is a step that revokes one of one's own apps. Its name is the app's id.
func revokeOwn(t stytch.Tenant, app stytch.MemberApp) step {
	return step{
		name: app.ID, text: "Revoke " + nameOf(app.Name, app.ID), resource: onOneself, action: actRevokeApp,
		do: func(ctx context.Context) (string, error) {
			done, err := t.RevokeOwnApp(ctx, app.ID)
			return done.RequestID, err
		},
	}
}

// accountAppReceipts says what became of each app, and tries again those that are not revoked.
func (h *console) accountAppReceipts(c echo.Context, p *session.Person, t stytch.Tenant, steps []step, receipts []views.Receipt) error {
	var now []stytch.MemberApp
	stood(receipts, func() (err error) {
		now, err = t.OwnApps(c.Request().Context())
		return err
	}, func(i int) string {
		return stillLetIn(slices.ContainsFunc(now, func(app stytch.MemberApp) bool { return app.ID == steps[i].name }))
	})
	in := accountIn(p, t)
	list := paths.Own(paths.AccountApps, in.ID)
	m := views.ReceiptsPage{
		Title: "Revoke " + countOf(len(steps), "app"), Receipts: receipts, Action: paths.AccountAppsRevoke, Back: list, BackText: "To your Connected Apps",
		Crumbs: []views.Crumb{{Text: "Your account", Href: paths.Own(paths.Account, in.ID)}, {Text: "Your Connected Apps", Href: list}},
	}
	for _, left := range remaining(steps, receipts) {
		m.Again = "Try again what is not done"
		m.Hidden = append(m.Hidden, views.Hidden{Name: "app", Value: left.Value})
	}
	if in.ID != "" && m.Again != "" {
		m.Hidden = append(m.Hidden, views.Hidden{Name: "organization", Value: in.ID})
	}
	m.Frame = h.frame(c, m.Title, views.AreaNone)
	return h.render(c, http.StatusOK, views.Receipts(m))
}
