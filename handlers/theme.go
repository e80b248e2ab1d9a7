package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
)

// setTheme keeps light, dark or the system's choice, and returns to the page it was made on.
func (h *console) setTheme(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	cookie := &http.Cookie{
		Name: themeCookie, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600,
	}
	switch v := field(c, "theme"); v {
	case "light", "dark":
		cookie.Value = v
	default:
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
	to := field(c, "return")
	if !paths.Local(to) {
		to = paths.Root
	}
	return seeOther(c, to)
}
