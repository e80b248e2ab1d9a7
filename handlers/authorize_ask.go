package handlers

import (
	"net/url"

	"github.com/labstack/echo/v4"
)

// askAdmin asks whoever may change the organization's app policy for the app of a request.
func (h *console) askAdmin(c echo.Context, a *authorization) error {
	client, err := h.consentClient(c.Request().Context(), c, a.clientID)
	if err != nil {
		return err
	}
	// Where the answer would go is part of what the admin is shown, so it must be the client's own.
	if !isRegistered(client.RedirectURLs, a.redirectURI) {
		return foreignAddress(nil)
	}
	app := appAsked{clientID: client.ID, clientName: client.Name, clientType: client.Type}
	if u, err := url.Parse(a.redirectURI); err == nil {
		app.redirectHost = leadsTo(u)
	}
	if err := h.askForApp(c, a.person, a.t, app); err != nil {
		return err
	}
	return h.consentShut(c, a, true)
}
