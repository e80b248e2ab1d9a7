package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

const (
	// fieldMember names a member whom an app is revoked for, in an address and in a form.
	fieldMember = "member"
	// maxRevoked is for how many members an app is revoked at once: all of a page, and no more than can be done before the answer is due.
	maxRevoked = pageRows
)

// appRevoke is what is wanted: an app as it is now, and those of its members whom it is to be revoked for.
type appRevoke struct {
	*tenantApp

	members []stytch.AppMember
	// gone are those who have not let it in, or not any more. They are in no fresh read of the app, so nothing is sent for them.
	gone []string
	// tooMany says that more were named than are done at once.
	tooMany bool
}

// appRevokeOf reads the app that the address names, and takes from the ids that a request names those of its members.
func (h *console) appRevokeOf(c echo.Context, p *session.Person, t stytch.Tenant, named []string) (*appRevoke, error) {
	a, err := h.appOf(c, p, t)
	if err != nil {
		return nil, err
	}
	r := &appRevoke{tenantApp: a}
	named = slices.DeleteFunc(slices.Clone(named), func(id string) bool { return !stytch.IsMemberID(id) })
	slices.Sort(named)
	named = slices.Compact(named)
	if r.tooMany = len(named) > maxRevoked; r.tooMany {
		return r, nil
	}
	for _, id := range named {
		at := slices.IndexFunc(a.Members, func(m stytch.AppMember) bool { return m.ID == id })
		if at < 0 {
			r.gone = append(r.gone, id)
			continue
		}
		r.members = append(r.members, a.Members[at])
	}
	return r, nil
}

// showAppRevoke says who would lose what.
func (h *console) showAppRevoke(c echo.Context, p *session.Person, t stytch.Tenant) error {
	r, err := h.appRevokeOf(c, p, t, c.QueryParams()[fieldMember])
	if err != nil {
		return err
	}
	return h.askAppRevoke(c, r)
}

// askAppRevoke asks, or says why there is nothing to ask.
func (h *console) askAppRevoke(c echo.Context, r *appRevoke) error {
	m := views.OrganizationAppRevokePage{
		Crumbs: append(r.crumbs(), views.Crumb{Text: r.name(), Href: r.home()}), Title: "Revoke " + r.name() + "?", App: r.name(), Gone: len(r.gone),
		Action: paths.OrganizationAppRevoke(r.t.OrganizationID(), r.ID), Cancel: r.home(),
	}
	status := http.StatusOK
	switch {
	case r.tooMany:
		status = http.StatusUnprocessableEntity
		m.Problems = []views.Problem{{Text: "At most " + strconv.Itoa(maxRevoked) + " members at once. Nothing was done."}}
	case len(r.members) == 0 && len(r.gone) == 0:
		return h.toApp(c, r.tenantApp, views.FlashWarn, "Choose somebody whom it is to be revoked for. Nothing was done.")
	case len(r.members) == 0:
		return h.toApp(c, r.tenantApp, views.FlashWarn, "They have not let it in, or not any more. Nothing was done.")
	}
	var err error
	if m.Rows, m.Names, err = h.appMembers(c, r.t, r.members); err != nil {
		return err
	}
	m.Says = []string{
		"Every token that the app has of them stops working at once.", "The app must ask them again before it can do anything in their name.",
		"Members who are not in this list keep it.",
	}
	for i := range m.Rows {
		if m.Permission == nil {
			m.Permission = h.lacksOwn(r.t, m.Rows[i].ID, actRevokeApp)
		}
	}
	m.Frame = h.frame(c, m.Title, views.AreaTenantApps)
	return h.render(c, status, views.OrganizationAppRevoke(m))
}

func (h *console) toApp(c echo.Context, a *tenantApp, kind views.FlashKind, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
	return seeOther(c, a.home())
}

// revokeForMembers revokes an app for each member, and says what became of it.
func (h *console) revokeForMembers(c echo.Context, p *session.Person, t stytch.Tenant) error {
	r, err := h.appRevokeOf(c, p, t, c.Request().PostForm[fieldMember])
	if err != nil {
		return err
	}
	if r.tooMany || len(r.members) == 0 {
		return h.askAppRevoke(c, r)
	}
	rows, _, err := h.appMembers(c, t, r.members)
	if err != nil {
		return err
	}
	var steps []step
	for i := range rows {
		steps = append(steps, r.revoke(&rows[i]))
	}
	for _, id := range r.gone {
		steps = append(steps, step{name: id, text: "Revoke for " + id, none: "They have not let it in, or not any more."})
	}
	receipts, err := h.run(c, steps)
	if err != nil {
		return err
	}
	now := r.tenantApp
	stood(receipts, func() (err error) {
		now, err = h.appNow(c, p, t)
		return err
	}, func(i int) string { return stillLetIn(now != nil && now.letsIn(steps[i].name)) })
	m := views.ReceiptsPage{
		Title: "Revoke " + r.name(), Crumbs: append(r.crumbs(), views.Crumb{Text: r.name(), Href: r.home()}), Receipts: receipts,
		Action: paths.OrganizationAppRevoke(t.OrganizationID(), r.ID), Back: paths.OrganizationApps(t.OrganizationID()), BackText: "To the Connected Apps",
	}
	for _, left := range remaining(steps, receipts) {
		m.Again = "Try again what is not done"
		m.Hidden = append(m.Hidden, views.Hidden{Name: fieldMember, Value: left.Value})
	}
	m.Frame = h.frame(c, m.Title, views.AreaTenantApps)
	return h.render(c, http.StatusOK, views.Receipts(m))
}

// appNow reads how it stands with the app; nil is one that nobody lets in any more.
func (h *console) appNow(c echo.Context, p *session.Person, t stytch.Tenant) (*tenantApp, error) {
	a, err := h.appOf(c, p, t)
	if err != nil && !isGone(err) && stytch.IsNotFound(err) {
		return nil, nil //nolint:nilnil // no app is what was found
	}
	return a, err
}

// stillLetIn says how it stands with an app after an answer that was lost.
func stillLetIn(is bool) string {
	if is {
		return "The app is still let in."
	}
	return "The app is not let in any more."
}
