package handlers

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// settingsApps is the group of settings that says which apps members may let in.
const settingsApps = "apps"

// showOrganizationApps lists the apps that members of a tenant let in, beside the policy that allows them.
func (h *console) showOrganizationApps(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	var self part[stytch.Self]
	var apps part[[]stytch.ConnectedApp]
	var asks part[appRequests]
	var wg sync.WaitGroup
	self.read(&wg, func() (stytch.Self, error) { return h.settingsSelf(c, p, t) })
	apps.read(&wg, func() ([]stytch.ConnectedApp, error) { return t.ConnectedApps(ctx) })
	asks.read(&wg, func() (appRequests, error) { return h.readAppRequests(ctx, p, t) })
	wg.Wait()
	if err := firstGone(self.err, apps.err, asks.err); err != nil {
		return err
	}
	if self.err != nil {
		return self.err
	}
	org := &self.got.Organization
	m := views.OrganizationAppsPage{
		Organization: nameOf(org.Name, org.Slug), OrganizationHref: paths.Organization(org.ID), Section: h.section(c, apps.err, len(apps.got) == 0),
		Asks: h.appRequestsPart(c, org, asks),
		Policies: []views.AppPolicy{
			appPolicy(org, ownerOperator, org.FirstPartyApps, org.AllowedFirstParty, apps.got),
			appPolicy(org, ownerOther, org.ThirdPartyApps, org.AllowedThirdParty, apps.got),
		},
	}
	if _, held := p.Staff(); held {
		m.Preview = paths.ConsentPreview(org.ID)
	}
	for _, app := range apps.got {
		m.Apps = append(m.Apps, views.OrganizationAppRow{
			Name: nameOf(app.Name, app.ID), Description: app.Description, ID: app.ID, Href: appHref(org.ID, app.ID), Owner: appOwner(app.Type), Status: appStatus(org, app),
		})
	}
	if group, ok := settingsGroupOf(settingsApps); ok && p.Impersonator() == "" {
		policy := h.settingsSection(h.settingsOf(p, t, group, org))
		m.PolicyAct = views.MemberAct{Text: "Change the policy", Href: paths.SettingsGroup(org.ID, settingsApps)}
		if policy.Edit == "" {
			m.PolicyAct.Need = &policy.Need
		}
	}
	m.Frame = h.frame(c, "Connected Apps of "+m.Organization, views.AreaTenantApps)
	return h.render(c, http.StatusOK, views.OrganizationApps(m))
}

// Whose an app is, in words.
const (
	ownerOperator = "The operator's own"
	ownerOther    = "Another company's"
)

// appOwner says whose an app is. A type that is not known is shown as it is.
func appOwner(kind string) string {
	switch {
	case stytch.IsFirstPartyApp(kind):
		return ownerOperator
	case strings.HasPrefix(kind, "third_party"):
		return ownerOther
	}
	return kind
}

// appHref is the page of an app that members let in; "" for an id that no app can have.
func appHref(organizationID, clientID string) string {
	if !stytch.IsAppID(clientID) {
		return ""
	}
	return paths.OrganizationApp(organizationID, clientID)
}

// appPolicy says which apps of one kind may be let in. Those on its list are named where somebody has let them in: the upstream tells
// an organization of no other.
func appPolicy(org *stytch.Organization, label, policy string, listed []string, apps []stytch.ConnectedApp) views.AppPolicy {
	m := views.AppPolicy{Label: label, Value: appsPolicy(policy, len(listed))}
	if policy != restricted {
		return m
	}
	for _, id := range listed {
		row := views.ListedApp{ID: id}
		if at := slices.IndexFunc(apps, func(app stytch.ConnectedApp) bool { return app.ID == id }); at >= 0 {
			row.Name, row.Href = nameOf(apps[at].Name, id), appHref(org.ID, id)
		}
		m.Listed = append(m.Listed, row)
	}
	return m
}
