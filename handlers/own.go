package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// own is a page about the person themselves, as the member of one organization: the one that the field "organization" names, else
// the one they signed in to. Every form of such a page carries the field, so that it acts on the member that it shows.
func own(f func(*console, echo.Context, *session.Person, stytch.Tenant) error) endpoint {
	return signedIn(func(h *console, c echo.Context, p *session.Person) error {
		organizationID := param(c, "organization")
		if c.Request().Method == http.MethodPost {
			if err := parseForm(c); err != nil {
				return err
			}
			if named := field(c, "organization"); named != "" {
				organizationID = named
			}
		}
		if organizationID == "" {
			organizationID = p.HomeID()
		}
		return h.within(c, p, organizationID, f)
	})
}

// accountOf names the organization of a page of one's own in an address: "" for the one signed in to.
func accountOf(p *session.Person, t stytch.Tenant) string {
	if t.OrganizationID() == p.HomeID() {
		return ""
	}
	return t.OrganizationID()
}
