package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// actRevokeApp is the action that revokes an app for a member.
const actRevokeApp = "revoke.connected-app"

// tenantApp is an app of a tenant as it is now, with everybody who let it in, in the order of their ids.
type tenantApp struct {
	stytch.OrganizationApp
	t stytch.Tenant
	// organization is the name of the tenant.
	organization string
}

// appOf reads the app that the address names.
func (h *console) appOf(c echo.Context, p *session.Person, t stytch.Tenant) (*tenantApp, error) {
	clientID := c.Param("client_id")
	if !stytch.IsAppID(clientID) {
		return nil, notFound("")
	}
	got, err := t.OrganizationApp(c.Request().Context(), clientID)
	if err != nil {
		return nil, missingApp(t, err)
	}
	slices.SortFunc(got.Members, func(a, b stytch.AppMember) int { return strings.Compare(a.ID, b.ID) })
	key, _ := p.Key(t.OrganizationID())
	return &tenantApp{got, t, nameOf(key.Name, key.Slug)}, nil
}

// missingApp says of an app that nobody has let in, that nobody has; every other error stays as it is.
func missingApp(t stytch.Tenant, err error) error {
	if isGone(err) || !stytch.IsNotFound(err) {
		return err
	}
	missing := notFound(upstreamID(err))
	missing.Heading, missing.What = "Nobody here has let this app in", "It was revoked, the policy does not allow it any more, or it never was let in."
	missing.Href, missing.HrefText, missing.Err = paths.OrganizationApps(t.OrganizationID()), "To the Connected Apps", err
	return missing
}

func (a *tenantApp) name() string { return nameOf(a.Name, a.ID) }

// home is the app's page.
func (a *tenantApp) home() string { return paths.OrganizationApp(a.t.OrganizationID(), a.ID) }

// crumbs is the way to the app's page.
func (a *tenantApp) crumbs() []views.Crumb {
	id := a.t.OrganizationID()
	return []views.Crumb{
		{Text: "Organizations", Href: paths.Organizations},
		{Text: a.organization, Href: paths.Organization(id)},
		{Text: "Connected Apps", Href: paths.OrganizationApps(id)},
	}
}

// letsIn says whether a member has let the app in.
func (a *tenantApp) letsIn(memberID string) bool {
	return slices.ContainsFunc(a.Members, func(m stytch.AppMember) bool { return m.ID == memberID })
}

// showOrganizationApp is one app with a page of the members who let it in.
func (h *console) showOrganizationApp(c echo.Context, p *session.Person, t stytch.Tenant) error {
	a, err := h.appOf(c, p, t)
	if err != nil {
		return err
	}
	shown, pager := a.page(param(c, "from"))
	rows, names, err := h.appMembers(c, t, shown)
	if err != nil {
		return err
	}
	m := views.OrganizationAppPage{
		Crumbs: a.crumbs(), Name: a.name(), ID: a.ID, Owner: appOwner(a.Type), Description: a.Description,
		Members: views.AppMembersList{App: a.name(), Rows: rows, Names: names, Pager: pager},
	}
	if p.Impersonator() == "" {
		h.offerAppRevoke(a, &m.Members)
	}
	return h.renderPart(c, http.StatusOK, func() templ.Component {
		m.Frame = h.frame(c, a.name(), views.AreaTenantApps)
		return views.OrganizationApp(m)
	}, views.OrganizationAppPart(m.Members))
}

// offerAppRevoke offers to revoke the app for members, or says what is missing.
func (h *console) offerAppRevoke(a *tenantApp, m *views.AppMembersList) {
	if m.Need = h.lacksIn(a.t, onMembers, actRevokeApp); m.Need != nil || len(m.Rows) == 0 {
		return
	}
	ids := make([]string, len(m.Rows))
	for i := range m.Rows {
		ids[i] = m.Rows[i].ID
	}
	m.Revoke, m.All = paths.OrganizationAppRevoke(a.t.OrganizationID(), a.ID), paths.OrganizationAppRevoke(a.t.OrganizationID(), a.ID, ids...)
}

// page is a page of the members. The upstream gives them all at once, so a page begins at the number of a row.
func (a *tenantApp) page(from string) ([]stytch.AppMember, views.Pager) {
	all := len(a.Members)
	first := 0
	if n, err := strconv.Atoi(from); err == nil && n > 1 && n <= all {
		first = n - 1
	}
	end := min(first+pageRows, all)
	out := views.Pager{Total: all, Size: pageRows}
	at := func(row int) string {
		return paths.With(a.home(), map[string][]string{"from": {strconv.Itoa(row + 1)}})
	}
	if all > 0 {
		out.From, out.To = first+1, end
	}
	if first > 0 {
		out.First = a.home()
		if out.Back = a.home(); first > pageRows {
			out.Back = at(first - pageRows)
		}
	}
	if end < all {
		out.Next = at(end)
	}
	return a.Members[first:end], out
}

// appMembers are members with the words for what they granted. One search tells what they are called, where it is allowed; else they
// are shown by their ids. Only the end of a session is an error.
func (h *console) appMembers(c echo.Context, t stytch.Tenant, members []stytch.AppMember) ([]views.AppMemberRow, views.AppNames, error) {
	found, names, err := h.namesOf(c, t, members)
	if err != nil {
		return nil, names, err
	}
	rows := make([]views.AppMemberRow, len(members))
	for i, m := range members {
		rows[i] = views.AppMemberRow{ID: m.ID, You: m.ID == t.MemberID(), Scopes: h.scopeLines(&views.English, m.Scopes)}
		if stytch.IsMemberID(m.ID) {
			rows[i].Href = paths.Member(t.OrganizationID(), m.ID)
		}
		if at := slices.IndexFunc(found, func(one stytch.MemberSummary) bool { return one.ID == m.ID }); at >= 0 {
			rows[i].Name, rows[i].Email = nameOf(found[at].Name, ""), found[at].Email
		}
	}
	return rows, names, nil
}

// maxNames is how many values a filter of the upstream's search takes (rule member-filters).
const maxNames = 100

// namesOf finds members by their ids, at most maxNames of them, with one search.
func (h *console) namesOf(c echo.Context, t stytch.Tenant, members []stytch.AppMember) ([]stytch.MemberSummary, views.AppNames, error) {
	if need := h.lacksIn(t, onMembers, "search"); need != nil {
		return nil, views.AppNames{Need: need}, nil
	}
	var ids []string
	for _, m := range members[:min(len(members), maxNames)] {
		if stytch.IsMemberID(m.ID) {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil, views.AppNames{}, nil
	}
	found, err := t.SearchMembers(c.Request().Context(), stytch.MemberSearch{Limit: len(ids), Operands: []stytch.Operand{{Name: "member_ids", Value: ids}}})
	switch {
	case err == nil:
		return found.Items, views.AppNames{}, nil
	case isGone(err):
		return nil, views.AppNames{}, err
	case stytch.IsForbidden(err):
		return nil, views.AppNames{Need: h.searchNeed(t)}, nil
	}
	why := h.explain(c, err)
	h.Log.WarnContext(c.Request().Context(), "part not read", "reference", stateOf(c).reference, "error", err)
	return nil, views.AppNames{Failed: "Their names could not be read: " + why.Heading + "." + requestWords(why.RequestID)}, nil
}

func (h *console) searchNeed(t stytch.Tenant) *views.Permission {
	const action = "search"
	return cmp.Or(h.lacksIn(t, onMembers, action), &views.Permission{Resource: onMembers, Action: action, Roles: h.Policy.Policy().RolesWith(onMembers, action)})
}

func requestWords(id string) string {
	if id == "" {
		return ""
	}
	return " Stytch calls it " + id + "."
}

// revoke is a step that revokes the app for a member. Its name is the member's id.
func (a *tenantApp) revoke(row *views.AppMemberRow) step {
	return step{
		name: row.ID, text: "Revoke for " + row.Known(), action: actRevokeApp,
		do: func(ctx context.Context) (string, error) {
			done, err := a.t.RevokeMemberApp(ctx, row.ID, a.ID)
			return done.RequestID, err
		},
	}
}
