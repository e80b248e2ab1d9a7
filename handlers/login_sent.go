package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showSent says what was sent, and takes the code.
func (h *console) showSent(c echo.Context) error { return h.sentPage(c, http.StatusOK, "") }

// sent is what the page says of each thing that can be sent.
var sent = map[string]struct {
	kind  views.SentKind
	lasts string
}{
	methodLink:  {views.SentLink, "one hour"},
	methodCode:  {views.SentCode, "10 minutes"},
	methodReset: {views.SentReset, "30 minutes"},
}

func (h *console) sentPage(c echo.Context, status int, trouble string) error {
	flow := h.Sessions.Flow(c.Request())
	what, ok := sent[flow.Method]
	if flow.Email == "" || !ok {
		return seeOther(c, paths.Login)
	}
	again := paths.Login
	if flow.Organization != "" {
		again = paths.LoginFor(flow.Organization)
	}
	m := views.LoginSentPage{
		Frame: h.frame(c, "Check your e-mail", views.AreaNone), Email: flow.Email, Kind: what.kind, Lasts: what.lasts,
		Action: paths.LoginCode, Again: again, Change: again,
		AgainAll: []views.Hidden{{Name: "email", Value: flow.Email}, {Name: "method", Value: flow.Method}},
	}
	m.Frame.Path = paths.LoginSent
	if trouble != "" {
		m.Problems = []views.Problem{{Field: "code", Text: trouble}}
	}
	return h.render(c, status, views.LoginSent(m))
}

// takeCode spends the code that the flow's address got.
func (h *console) takeCode(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	flow := h.Sessions.Flow(c.Request())
	if flow.Email == "" {
		return seeOther(c, paths.Login)
	}
	code, ok := sixDigits(field(c, "code"))
	if !ok {
		return h.sentPage(c, http.StatusUnprocessableEntity, "Enter the six digits of the code.")
	}
	if !h.attempts.take(h.address(c.Request()), strings.ToLower(flow.Email)) {
		return h.sentPage(c, http.StatusTooManyRequests, "Ten codes were tried in the last 15 minutes. Wait, then ask for a new one.")
	}
	ctx := c.Request().Context()
	if flow.Organization != "" {
		in, err := h.carrying(c, flow.Organization, flow.Email, func(w stytch.With) (stytch.SignIn, error) {
			return h.Client.AuthenticateCode(ctx, flow.Organization, flow.Email, code, w)
		})
		h.settle(c)
		if err != nil {
			return h.codeRefused(c, err)
		}
		return h.finish(c, in)
	}
	found, err := h.Client.AuthenticateDiscoveryCode(ctx, flow.Email, code)
	h.settle(c)
	if err != nil {
		return h.codeRefused(c, err)
	}
	return h.discovered(c, found)
}

// codeRefused says the same for a wrong code, an old one, one that was never sent and one of a locked member (rule
// user-lock): who is a member, and locked, is nobody's business here.
func (h *console) codeRefused(c echo.Context, err error) error {
	switch status := stytch.HTTPStatus(err); {
	case stytch.IsLimited(err) && !stytch.IsType(err, "user_lock_limit_reached"):
		return h.sentPage(c, http.StatusTooManyRequests, "Too many codes were tried. Wait, then ask for a new one.")
	case status == 0 || status >= 500 || stytch.IsType(err, "unauthorized_credentials") || stytch.IsType(err, "invalid_session_duration"):
		return err
	}
	return h.sentPage(c, http.StatusUnprocessableEntity, "This code is not right, or it is too old. Check it, or send a new one. After many wrong ones none works for an hour.")
}
