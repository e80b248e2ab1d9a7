package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/views"
)

// recoveryCodesPage shows recovery codes, once.
func (h *console) recoveryCodesPage(c echo.Context, organization string, codes []string, next, nextText string) error {
	m := views.RecoveryCodesPage{
		Frame: h.frame(c, "Recovery codes", views.AreaNone), Organization: organization, Codes: codes,
		Download: paths.RecoveryCodesFile, Next: next, NextText: nextText,
	}
	plain(c.Response().Header())
	return h.render(c, http.StatusOK, views.RecoveryCodes(m))
}

// downloadRecoveryCodes gives the codes that the page sent back as a file. Nothing is kept here to be asked for twice.
func (h *console) downloadRecoveryCodes(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	codes := strings.Fields(field(c, "codes"))
	if len(codes) == 0 || len(codes) > 50 || slices.ContainsFunc(codes, func(code string) bool { return !recoveryCode.MatchString(code) }) {
		return echo.ErrBadRequest
	}
	plain(c.Response().Header())
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="recovery-codes.txt"`)
	return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, []byte(strings.Join(codes, "\r\n")+"\r\n"))
}
