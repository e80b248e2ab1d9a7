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
	v := field(c, "theme")
	if v != "light" && v != "dark" {
		v = ""
	}
	return prefer(c, themeCookie, v)
}

// prefer keeps a choice in the browser, "" for none, and returns to the page it was made on.
func prefer(c echo.Context, name, value string) error {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
	to := field(c, "return")
	if !paths.Local(to) {
		to = paths.Root
	}
	return seeOther(c, to)
}
