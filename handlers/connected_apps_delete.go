package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
	"console.internal/views/ui"
)

// typableClient is the name that must be typed, or the id where the name cannot be: a blank one, or one with characters that nobody
// sees or that no keyboard brings in that order.
func typableClient(a *stytch.AppClient) string {
	if name := strings.Join(strings.Fields(a.Name), " "); name != "" && name == a.Name && ui.Plain(name) == name {
		return name
	}
	return a.ID
}

// showConnectedAppDelete says who loses a client, and what ends with it (rule connected-app-deletion).
func (h *console) showConnectedAppDelete(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	client, in, err := h.readClient(c, p, staff)
	if err != nil {
		return err
	}
	return h.connectedAppDeletePage(c, http.StatusOK, p, &client, in)
}

// connectedAppMistyped asks for the name once more, and shows again where the client is in use.
func (h *console) connectedAppMistyped(c echo.Context, p *session.Person, a *stytch.AppClient) error {
	in, err := h.installed(c, p, a.ID)
	if err != nil {
		return err
	}
	return h.connectedAppDeletePage(c, http.StatusUnprocessableEntity, p, a, in, views.Problem{Field: views.ConfirmType, Text: "This is not what is asked for. Nothing was done."})
}

func (h *console) connectedAppDeletePage(c echo.Context, status int, p *session.Person, a *stytch.AppClient, in views.Installed, problems ...views.Problem) error {
	halfRotated(c, a)
	m := views.ConnectedAppDeletePage{Installed: in, ConfirmPage: views.ConfirmPage{
		Crumbs: clientCrumbs(a), Title: "Delete " + clientTitle(a) + "?", Action: paths.ConnectedAppDelete(a.ID), Cancel: paths.ConnectedApp(a.ID),
		Facts: []views.Fact{{Label: "Name", Value: clientName(a.Name)}, {Label: "Client id", Value: a.ID, ID: true}, {Label: "Type", Value: appKind(a.Type)}},
		Says: []string{
			"Nobody can sign in through it any more, in no organization.",
			"What members granted it ends, and it vanishes from every organization's and member's list.",
			"Refresh tokens stop working at once. A service that only checks the signature of an access token takes it until it runs out: within " + countOf(max(1, a.TokenMinutes), "minute") + ".",
			"Its id and its secret are gone: a new client has others.",
		},
		Warnings: []string{"Nothing brings it back: not this console, and not Stytch."},
		TypeName: typableClient(a), Typed: field(c, views.ConfirmType), Button: "Delete the client", Permission: h.lacksFor(p, stytch.AppClientDelete), Problems: problems,
	}}
	m.Frame = h.frame(c, m.Title, views.AreaConnectedApps)
	return h.render(c, status, views.ConnectedAppDelete(m))
}

// deleteConnectedApp deletes a client whose name was typed.
func (h *console) deleteConnectedApp(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	client, err := staff.AppClient(ctx, c.Param("client_id"))
	if err != nil {
		return err
	}
	if field(c, views.ConfirmType) != typableClient(&client) {
		return h.connectedAppMistyped(c, p, &client)
	}
	text, kind, to := clientTitle(&client)+" is deleted.", views.FlashOK, paths.ConnectedApps
	if _, err := staff.DeleteAppClient(stytch.Noting(ctx, "", stytch.Change{Field: "client_name", Was: client.Name}), client.ID); err != nil {
		if !isLost(err) {
			return err
		}
		// How it stands tells whether it was done.
		text, kind, to = unknownEnd(err), views.FlashWarn, paths.ConnectedApp(client.ID)
		if _, still := staff.AppClient(ctx, client.ID); stytch.IsNotFound(still) {
			text, to = "Stytch did not confirm it, and "+clientTitle(&client)+" is not there any more.", paths.ConnectedApps
		}
	}
	h.Sessions.Flash(ctx, string(kind), text)
	return seeOther(c, to)
}
