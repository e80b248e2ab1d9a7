package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The kinds of tokens that links bring (rule redirect-token-types).
const (
	tokenDiscovery = "discovery"
	tokenLink      = "multi_tenant_magic_links" //nolint:gosec // G101: the name of a kind of token
)

// isLinkToken says whether s has the shape of a link's token. Longer things are not sent upstream.
func isLinkToken(s string) bool {
	if len(s) < 16 || len(s) > 512 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '=' {
			return false
		}
	}
	return true
}

// showAuthenticate is what a link in a mail opens. It changes nothing: mail scanners open links too.
func (h *console) showAuthenticate(c echo.Context) error {
	kind, token := param(c, "stytch_token_type"), param(c, "token")
	state := views.AuthenticateReady
	switch {
	case (kind != tokenDiscovery && kind != tokenLink) || !isLinkToken(token):
		state = views.AuthenticateUnknown
	case kind == tokenDiscovery && h.Sessions.Flow(c.Request()).Verifier == "":
		// We send every such link with a challenge, so without the verifier it cannot work.
		state = views.AuthenticateWrongBrowser
	}
	return h.authenticatePage(c, http.StatusOK, state, kind, token)
}

func (h *console) authenticatePage(c echo.Context, status int, state views.AuthenticateState, kind, token string) error {
	m := views.AuthenticatePage{
		Frame: h.frame(c, "Sign in", views.AreaNone), State: state, Action: paths.Authenticate, Login: paths.Login, Code: true,
	}
	if state == views.AuthenticateReady {
		m.Type, m.Token = kind, token
		plain(c.Response().Header())
	}
	return h.render(c, status, views.Authenticate(m))
}

// authenticate spends the token.
func (h *console) authenticate(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	kind, token := field(c, "stytch_token_type"), field(c, "token")
	if (kind != tokenDiscovery && kind != tokenLink) || !isLinkToken(token) {
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateUnknown, "", "")
	}
	if !h.attempts.take("address " + h.address(c.Request())) {
		return &problem{
			Status: http.StatusTooManyRequests, Heading: "Too many tries", What: "Nothing was done.",
			Do: "Wait 15 minutes, then open the link again or ask for a new one.", Home: true,
		}
	}
	ctx, verifier := c.Request().Context(), h.Sessions.Flow(c.Request()).Verifier
	if kind == tokenDiscovery {
		found, err := h.Client.AuthenticateDiscoveryLink(ctx, token, verifier)
		if err != nil {
			return h.linkRefused(c, err)
		}
		return h.discovered(c, found)
	}
	in, err := h.Client.AuthenticateLink(ctx, token, verifier, h.SessionMinutes)
	if stytch.IsType(err, "pkce_did_not_expect_code_verifier") {
		// An invitation was sent without a challenge. A verifier left over from another sign-in must not spoil it.
		in, err = h.Client.AuthenticateLink(ctx, token, "", h.SessionMinutes)
	}
	if err != nil {
		return h.linkRefused(c, err)
	}
	return h.finish(c, in)
}

// linkRefused tells a link of another browser from one that is used or too old (rule pkce).
func (h *console) linkRefused(c echo.Context, err error) error {
	switch status := stytch.HTTPStatus(err); {
	case stytch.IsType(err, "pkce_expected_code_verifier"), stytch.IsType(err, "pkce_mismatch"):
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateWrongBrowser, "", "")
	case status == http.StatusNotFound, stytch.IsType(err, "unable_to_auth_magic_link"):
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateUsed, "", "")
	}
	return err
}
