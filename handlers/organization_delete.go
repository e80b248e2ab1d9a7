package handlers

import (
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
	"console.internal/views/ui"
)

// mayEnd refuses the one organization that the console must not delete: with it every member of the support staff would lose their
// way in, and the console its pages for them.
func (h *console) mayEnd(organizationID string) error {
	if organizationID != h.StaffOrganizationID {
		return nil
	}
	return &problem{
		Status: http.StatusConflict, Heading: "The staff organization cannot be deleted here",
		What: "Whoever runs this console signs in with it, and the console is set up for it. Nothing was done.",
		Do:   "Run the console with another staff organization first.", Href: paths.Settings(organizationID), HrefText: "Back to the settings",
	}
}

// showOrganizationDelete says exactly what goes with an organization.
func (h *console) showOrganizationDelete(c echo.Context, p *session.Person, t stytch.Tenant) error {
	m, err := h.organizationDeletePage(c, p, t)
	if err != nil {
		return err
	}
	if err := h.mayEnd(t.OrganizationID()); err != nil {
		return err
	}
	return h.confirm(c, http.StatusOK, views.AreaSettings, m)
}

func (h *console) organizationDeletePage(c echo.Context, p *session.Person, t stytch.Tenant) (views.ConfirmPage, error) {
	ctx := c.Request().Context()
	var self part[stytch.Self]
	var members part[int]
	var wg sync.WaitGroup
	self.read(&wg, func() (stytch.Self, error) { return t.Self(ctx) })
	members.read(&wg, func() (int, error) { return t.MemberCount(ctx) })
	wg.Wait()
	if err := firstGone(self.err, members.err); err != nil {
		return views.ConfirmPage{}, err
	}
	if self.err != nil {
		return views.ConfirmPage{}, self.err
	}
	p.Learn(self.got)
	org := &self.got.Organization
	all := ""
	if members.err == nil {
		all = countOf(members.got, "member")
	}
	return views.ConfirmPage{
		Crumbs: settingsCrumbs(org), Title: "Delete " + nameOf(org.Name, org.Slug) + "?", Action: paths.OrganizationDelete(org.ID), Cancel: paths.Settings(org.ID),
		Facts: []views.Fact{
			{Label: "Name", Value: org.Name}, {Label: "Slug", Value: org.Slug}, {Label: "Organization id", Value: org.ID, ID: true}, {Label: "Members", Value: nameOf(all, "Not known")},
		},
		Says: endSays(org, all, org.ID == p.HomeID()), TypeName: typable(org), Button: "Delete the organization",
		Warnings: []string{"Nothing brings it back: not this console, and not Stytch."}, Permission: h.lacksIn(t, organizationResource, "delete"),
	}, nil
}

// endSays is what goes with an organization (rule organization-delete).
func endSays(org *stytch.Organization, members string, home bool) []string {
	says := []string{
		"Every member of it is deleted, whatever their state.",
		"Their sessions end at once, here and in every application.",
		"What they let Connected Apps do ends.",
		"Its slug and its external id are free for another organization.",
	}
	if members != "" {
		says[0] = "Its " + members + " are deleted, and those that were deleted before cannot be brought back."
		if members == "1 member" {
			says[0] = "Its 1 member is deleted, and those that were deleted before cannot be brought back."
		}
	}
	var names []string
	for _, connection := range org.SSOActiveConnections {
		names = append(names, nameOf(connection.Name, connection.ID))
	}
	if len(names) > 0 {
		says = append(says, "Its single sign-on goes: "+strings.Join(names, ", ")+".")
	} else {
		says = append(says, "Its SSO connections go, where there are any.")
	}
	if org.SCIM != nil {
		says = append(says, "Its SCIM connection goes: "+nameOf(org.SCIM.Name, org.SCIM.ID)+".")
	}
	own := "You are a member of it: your own membership and your session in it go, too."
	if home {
		own = "You signed in to it: your own membership goes, too, and you are signed out."
	}
	return append(says, own, "The record of what was done in it stays.")
}

// typable is the name that must be typed, or the slug where the name cannot be: a blank one, or one with characters that nobody sees.
func typable(org *stytch.Organization) string {
	if name := strings.Join(strings.Fields(org.Name), " "); name != "" && name == org.Name && ui.Plain(name) == name {
		return name
	}
	return org.Slug
}

// deleteOrganization deletes the organization, and lets go of what was held of it.
func (h *console) deleteOrganization(c echo.Context, p *session.Person, t stytch.Tenant) error {
	m, err := h.organizationDeletePage(c, p, t)
	if err != nil {
		return err
	}
	if err := h.mayEnd(t.OrganizationID()); err != nil {
		return err
	}
	if ok, err := h.mayProceed(c, views.AreaSettings, m); !ok || err != nil {
		return err
	}
	ctx := c.Request().Context()
	name := m.TypeName
	_, err = t.DeleteOrganization(stytch.Noting(ctx, "", stytch.Change{Field: "organization", Was: name}))
	text, kind := name+" is deleted.", views.FlashOK
	if err != nil {
		if !isLost(err) {
			return err
		}
		// Whoever asks with a session that went with the organization is told that there is no such session.
		if _, still := t.Self(ctx); still == nil || !isGone(still) {
			return h.organizationStands(c, m, err, still == nil)
		}
		text, kind = "Stytch did not confirm it, and "+name+" is not there any more.", views.FlashWarn
	}
	if t.OrganizationID() == p.HomeID() {
		return h.logout(c)
	}
	p.Drop(t.OrganizationID())
	h.Sessions.Flash(ctx, string(kind), text)
	return seeOther(c, paths.Organizations)
}

// organizationStands says that the answer was lost, and how it stands now.
func (h *console) organizationStands(c echo.Context, m views.ConfirmPage, lost error, there bool) error {
	p := h.explain(c, lost)
	says := p.Heading + ". It is not known whether it was deleted."
	if there {
		says = p.Heading + ". The organization is still there now."
	}
	if p.RequestID != "" {
		says += " Stytch's request: " + p.RequestID
	}
	m.Problems = []views.Problem{{Text: says}}
	return h.confirm(c, p.Status, views.AreaSettings, m)
}
