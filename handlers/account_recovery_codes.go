package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showAccountCodes leads to the recovery codes, and reads none.
func (h *console) showAccountCodes(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return h.accountCodesPage(c, http.StatusOK, p, t, nil)
}

func (h *console) accountCodesPage(c echo.Context, status int, p *session.Person, t stytch.Tenant, problems []views.Problem) error {
	m := views.AccountCodesPage{In: accountIn(p, t), Problems: problems, Frame: h.frame(c, "Recovery codes", views.AreaNone)}
	return h.render(c, status, views.AccountCodes(m))
}

// takeAccountCodes shows the recovery codes that are left, or makes new ones. The page is the answer to the form and has no
// address.
func (h *console) takeAccountCodes(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	read := stytch.Tenant.OwnRecoveryCodes
	switch field(c, "act") {
	case "show":
	case "new":
		read = stytch.Tenant.RotateRecoveryCodes
	default:
		return echo.ErrBadRequest
	}
	found, err := read(t, ctx)
	if stytch.IsType(err, "recovery_codes_not_found") {
		return h.accountCodesPage(c, http.StatusUnprocessableEntity, p, t, []views.Problem{{Text: "You have none. They come with an authenticator app."}})
	}
	if err != nil {
		return err
	}
	in := accountIn(p, t)
	return h.recoveryCodesPage(c, in.Organization, revealed(found), paths.Own(paths.Account, in.ID), "Back to your account")
}
