package handlers

import "github.com/labstack/echo/v4"

// languageCookie holds one of the languages; without it the upstream's own default counts.
const languageCookie = "__Host-language"

// languages are those that Stytch writes its e-mails and texts in.
var languages = []struct{ code, name string }{
	{"en", "English"}, {"es", "Español"}, {"pt-br", "Português (Brasil)"}, {"fr", "Français"},
}

// locale is the language that the person chose for what is sent to them, or "".
func locale(c echo.Context) string {
	cookie, err := c.Cookie(languageCookie)
	if err != nil {
		return ""
	}
	for _, l := range languages {
		if l.code == cookie.Value {
			return l.code
		}
	}
	return ""
}
