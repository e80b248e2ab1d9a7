package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// AskRoute is the address of Asking.
const AskRoute = "/organizations/:organization_id/ask"

// Asking is a console whose one form asks for the app that its fields tell of.
func Asking(o Options) http.Handler {
	h := &console{Options: o, turns: newTurns(o.Now)}
	e := echo.New()
	e.HTTPErrorHandler = h.sink
	e.Use(h.begin, h.oneHost, h.withSession, h.sameOrigin)
	form := inTenant(func(h *console, c echo.Context, p *session.Person, t stytch.Tenant) error {
		app := appAsked{clientID: field(c, "id"), clientName: field(c, "name"), clientType: field(c, "type"), redirectHost: field(c, "host")}
		if err := h.askForApp(c, p, t, app); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
	e.POST(AskRoute, h.serve(Route{Method: http.MethodPost, Path: AskRoute, Access: InTenant, serve: form.serve}, false))
	return e
}
