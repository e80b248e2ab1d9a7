package handlers

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

const (
	// besides is how many organizations are asked at a time.
	besides = 8
	// maxPeople is how many members of an organization are named.
	maxPeople = 20
)

// readClient reads a client, and beside it where it is in use, as far as the person's keys reach.
func (h *console) readClient(c echo.Context, p *session.Person, staff stytch.Staff) (stytch.AppClient, views.Installed, error) {
	id := c.Param("client_id")
	if !stytch.IsAppID(id) {
		return stytch.AppClient{}, views.Installed{}, notFound("")
	}
	var client part[stytch.AppClient]
	var in part[views.Installed]
	var wg sync.WaitGroup
	client.read(&wg, func() (stytch.AppClient, error) { return staff.AppClient(c.Request().Context(), id) })
	in.read(&wg, func() (views.Installed, error) { return h.installed(c, p, id) })
	wg.Wait()
	if err := firstGone(client.err, in.err); err != nil {
		return stytch.AppClient{}, views.Installed{}, err
	}
	return client.got, in.got, client.err
}

// installed asks each organization that the person has entered who let a client in. One that does not answer is shown as such: the
// others still count. Only the end of the staff session is an error, since nothing else of the page can be read without it.
func (h *console) installed(c echo.Context, p *session.Person, id string) (views.Installed, error) {
	keys := p.Keys()
	found := make([]part[stytch.OrganizationApp], len(keys))
	turn := make(chan struct{}, besides)
	var wg sync.WaitGroup
	for i, key := range keys {
		t, held := p.Tenant(key.OrganizationID)
		if !held {
			found[i].err = stytch.ErrInput
			continue
		}
		found[i].read(&wg, func() (stytch.OrganizationApp, error) {
			turn <- struct{}{}
			defer func() { <-turn }()
			return t.OrganizationApp(c.Request().Context(), id)
		})
	}
	wg.Wait()
	var m views.Installed
	for i, key := range keys {
		gone, ended := errors.AsType[*stytch.SessionGone](found[i].err)
		if ended && (gone.OrganizationID == h.StaffOrganizationID || key.Home) {
			return views.Installed{}, found[i].err
		}
		if ended {
			p.Drop(gone.OrganizationID)
		}
		m.Rows = append(m.Rows, h.installedRow(c, key, &found[i].got, found[i].err))
	}
	return m, nil
}

// noSuchApp is the answer of an organization in which nobody let a client in (rule installed-apps).
const noSuchApp = "connected_app_not_found"

// installedRow says who let a client in, in one organization.
func (h *console) installedRow(c echo.Context, key session.Key, app *stytch.OrganizationApp, err error) views.InstalledRow {
	row := views.InstalledRow{Organization: nameOf(key.Name, key.OrganizationID), Href: paths.Organization(key.OrganizationID)}
	switch {
	case stytch.IsType(err, noSuchApp):
		row.Status = views.Status{Kind: views.StatusDim, Text: "Not in use"}
		return row
	case err != nil:
		unread := h.section(c, err, false)
		row.Status, row.RequestID = views.Status{Kind: views.StatusWarn, Text: "Not read"}, unread.RequestID
		row.Note = strings.TrimSpace("It may be in use here all the same. " + unread.Problem)
		return row
	}
	row.Members = len(app.Members)
	row.Status = views.Status{Kind: views.StatusOK, Text: countOf(row.Members, "member")}
	by := map[string]int{}
	for i, m := range app.Members {
		scopes := h.scopesInOrder(m.Scopes)
		for _, scope := range scopes {
			by[scope]++
		}
		if i < maxPeople {
			row.People = append(row.People, views.InstalledMember{ID: m.ID, Href: paths.Member(key.OrganizationID, m.ID), Scopes: nameOf(strings.Join(scopes, ", "), "No scope")})
		}
	}
	var all []string
	for scope := range by {
		all = append(all, scope)
	}
	for _, scope := range h.scopesInOrder(all) {
		row.Scopes = append(row.Scopes, views.InstalledScope{Scope: scope, Members: by[scope]})
	}
	slices.SortStableFunc(row.People, func(a, b views.InstalledMember) int { return cmp.Compare(a.ID, b.ID) })
	return row
}
