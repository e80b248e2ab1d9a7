package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// authorizeWho lets somebody answer a request as a member of another organization of theirs, or with another account. Reading the list
// spends nothing; entering accepts an invitation, so it is a form.
func (h *console) authorizeWho(c echo.Context) error {
	a, err := h.authorizationOf(c)
	if _, refused := errors.AsType[*requestError](err); refused || a.person == nil {
		return seeOther(c, a.address(paths.Authorize))
	}
	if err != nil {
		return err
	}
	if a.person.Impersonator() != "" {
		return readOnly()
	}
	m := views.ConsentWhoPage{
		Frame:   h.bareFrame(c, a.language.Who, a.language),
		Account: a.address(paths.AuthorizeAccount), Ticket: a.person.Ticket(a.target(paths.AuthorizeAccount)), Back: a.address(paths.Authorize),
	}
	for _, key := range a.person.Keys() {
		at := key.OrganizationID
		if key.Home {
			at = ""
		}
		if t, ok := a.person.Tenant(key.OrganizationID); ok && (key.Home || !h.isVisitor(c, t)) {
			m.Held = append(m.Held, views.ConsentWho{
				ID: key.OrganizationID, Name: key.Name, Current: at == a.at, Href: paths.Authorization(paths.Authorize, a.query, at),
			})
		}
	}
	mine, err := a.person.Home().Memberships(c.Request().Context())
	if isGone(err) {
		return err
	}
	if err != nil {
		m.Unread = "Your other organizations could not be read. Request " + upstreamID(err) + "."
	}
	for _, d := range mine.Organizations {
		id := d.Organization.ID
		if _, held := a.person.Key(id); held || !d.IsMember() || !stytch.IsOrganizationID(id) {
			continue
		}
		m.Others = append(m.Others, views.ConsentWho{
			ID: id, Name: d.Organization.Name, Action: paths.Enter(id), Ticket: a.person.Ticket(paths.Enter(id)),
			Return: paths.Authorization(paths.Authorize, a.query, id),
		})
	}
	slices.SortStableFunc(m.Others, func(x, y views.ConsentWho) int { return strings.Compare(x.Name, y.Name) })
	return h.bare(c, http.StatusOK, views.ConsentWhoElse(m))
}

// authorizeAccount signs out, and keeps the request for whoever signs in next.
func (h *console) authorizeAccount(c echo.Context, a *authorization) error {
	ctx := c.Request().Context()
	h.noteSignOut(c)
	held, err := h.Sessions.End(ctx)
	h.endEntries(c, a.person)
	h.revokeAll(ctx, held)
	if err != nil {
		return err
	}
	h.Sessions.EndFlow(c.Response())
	// Somebody else has other organizations: the request is theirs to answer in the one that they sign in to.
	wanted := session.Wanted{Query: a.query, At: h.Now()}
	if err := h.Sessions.SetWanted(c.Response(), c.Request(), wanted); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return seeOther(c, paths.LoginNotice("account"))
}

// returnsTo says whether an address may be returned to after entering an organization: a page of that very organization, or a request that is
// to be answered as its member.
func returnsTo(to, organizationID string) bool {
	own := paths.Organization(organizationID)
	switch {
	case !paths.Local(to):
		return false
	case to == own, strings.HasPrefix(to, own+"/"), strings.HasPrefix(to, own+"?"):
		return true
	}
	return strings.HasPrefix(to, paths.Authorize+"?") && strings.HasSuffix(to, "&"+paths.AuthorizeOrganization+"="+organizationID)
}
