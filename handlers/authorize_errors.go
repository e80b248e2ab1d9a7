package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// unknownApp is a request of a client that is none of the project's. Nothing goes back: there is nobody to answer.
func unknownApp(err error) *problem {
	return &problem{
		Status: http.StatusBadRequest, Heading: "This app is not known here", What: "It has asked under an id that no app has. Nothing was decided, and nothing was sent to it.",
		Do: "Go back to where you came from. If you make the app, look at its client_id.", RequestID: upstreamID(err), Err: err,
	}
}

// foreignAddress is a request that is to be answered somewhere that the client has not registered: whoever waits there is not the client.
func foreignAddress(err error) *problem {
	return &problem{
		Status: http.StatusBadRequest, Heading: "The answer would go to an address that is not this app’s",
		What: "Somebody else may want what you would give to the app. Nothing was decided, and nothing was sent there.",
		Do:   "Go back to where you came from. If you make the app, register the redirect_uri with it, letter for letter.", RequestID: upstreamID(err), Err: err,
	}
}

// refuseRequest ends a request that cannot be read. It goes back to the client only if the address is known to be its own.
func (h *console) refuseRequest(c echo.Context, a *authorization, refused *requestError) error {
	if refused.code != "" {
		return h.answerClient(c, a, refused.code, refused.what)
	}
	return &problem{
		Status: http.StatusBadRequest, Heading: "This request cannot be read", What: "What is wrong with it: " + refused.what + ". Nothing was decided, and nothing was sent to the app.",
		Do: "Go back to the app. If you make it, mend its request.", Err: refused,
	}
}

// answerClient sends an error back to the client, if the address is one of its own.
func (h *console) answerClient(c echo.Context, a *authorization, code, what string) error {
	client, err := h.consentClient(c.Request().Context(), c, a.clientID)
	switch {
	case errors.Is(err, stytch.ErrInput), stytch.IsNotFound(err):
		return unknownApp(err)
	case err != nil:
		return err
	case !isRegistered(client.RedirectURLs, a.redirectURI):
		return foreignAddress(nil)
	}
	return h.sendBack(c, a, code, what)
}

// sendBack sends an error to an address that is known to be the client's: the upstream has taken it, or it is a registered one.
func (h *console) sendBack(c echo.Context, a *authorization, code, what string) error {
	h.Sessions.EndWanted(c.Response())
	return h.leave(c, errorAddress(a.redirectURI, code, what, a.state, h.Issuer), a.language, "", "")
}

// errUnusable is an answer of the upstream's that is about somebody else, or leads elsewhere than to the client.
var errUnusable = errors.New("handlers: an answer about something else")

// unusable is such an answer. Nobody is led anywhere: a code in it must reach nobody but the client.
func unusable(requestID string, err error) *problem {
	return &problem{
		Status: http.StatusBadGateway, Heading: "Stytch’s answer cannot be used", What: "It is about something else than this request, or leads elsewhere than to the app. You were not led there.",
		Do: "Tell whoever runs this console.", RequestID: requestID, Err: errors.Join(errUnusable, err),
	}
}

// sentBack are the upstream's refusals that the client is to hear of, and as what.
var sentBack = map[string]requestError{
	"oauth_invalid_scope_requested":                          {oauthInvalidScope, "a scope is not known"},
	"third_party_clients_cannot_use_full_access":             {oauthInvalidScope, "full_access is for first-party clients"},
	"third_party_clients_require_consent_for_offline_access": {oauthInvalidScope, "offline_access needs consent"},
	"pkce_required_for_idp_authorization_flow":               {oauthInvalidRequest, "code_challenge is missing"},
	"oidc_prompt_none_must_be_exclusive":                     {oauthInvalidRequest, "prompt none stands alone"},
}

// authorizeRefused explains why the upstream does not take a request.
func (h *console) authorizeRefused(c echo.Context, a *authorization, err error) error {
	if f, ok := errors.AsType[*stytch.Fault](err); ok && f.Kind == stytch.Mismatch {
		return unusable(f.RequestID, err)
	}
	refused, ok := errors.AsType[*stytch.Error](err)
	if !ok || isGone(err) {
		return err
	}
	switch refused.Type {
	case "connected_app_not_found":
		return unknownApp(err)
	case "connected_app_supplied_redirect_url_not_found_in_client":
		return foreignAddress(err)
	case "connected_app_not_allowed_for_org":
		if a.asks(promptNone) {
			return h.answerClient(c, a, oauthAccessDenied, "the organization does not allow the app")
		}
		return h.consentShut(c, a, false)
	case "authorization_endpoint_not_configured_for_project":
		return &problem{
			Status: http.StatusBadGateway, Heading: "Connected Apps are not set up", What: "Stytch does not know where people of this project are asked. Nothing was decided.",
			Do: "Tell whoever runs this console: the authorization URL of the project is this page.", RequestID: refused.RequestID, Err: err,
		}
	}
	if back, known := sentBack[refused.Type]; known {
		return h.answerClient(c, a, back.code, back.what)
	}
	return err
}

// consentShut is the page where the organization does not let the app in.
func (h *console) consentShut(c echo.Context, a *authorization, asked bool) error {
	client, err := h.consentClient(c.Request().Context(), c, a.clientID)
	if err != nil && !errors.Is(err, stytch.ErrInput) && !stytch.IsNotFound(err) {
		return err
	}
	h.arrived(c, a)
	key, _ := a.person.Key(a.t.OrganizationID())
	m := views.ConsentShutPage{
		Frame: h.bareFrame(c, views.ShutTitle(a.language, key.Name, client.Name), a.language), Name: client.Name, Organization: key.Name,
		Person: a.person.Email, Switch: a.address(paths.AuthorizeWho), Asked: asked,
	}
	if client.ID != "" {
		m.Action, m.Ticket = a.address(paths.AuthorizeAsk), a.person.Ticket(a.target(paths.AuthorizeAsk))
		if _, open, err := h.AppRequests.Of(c.Request().Context(), a.t.OrganizationID(), a.t.MemberID(), client.ID); err == nil {
			m.Asked = m.Asked || open
		}
	}
	if isRegistered(client.RedirectURLs, a.redirectURI) {
		m.Back, m.BackTicket = a.address(paths.AuthorizeDeny), a.person.Ticket(a.target(paths.AuthorizeDeny))
	}
	status := http.StatusForbidden
	if asked {
		status = http.StatusOK
	}
	return h.bare(c, status, views.ConsentShut(m))
}
