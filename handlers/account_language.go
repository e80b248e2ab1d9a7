package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/views"
)

// languageOptions are the languages to choose from.
func languageOptions(chosen string) []views.Option {
	options := make([]views.Option, 0, len(languages))
	for _, l := range languages {
		options = append(options, views.Option{Value: l.code, Text: l.name, Selected: l.code == chosen})
	}
	return options
}

// setLanguage keeps the language of what is sent to the person, and returns to the page it was chosen on.
func (h *console) setLanguage(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	code := field(c, "language")
	if !slices.ContainsFunc(languageOptions(""), func(o views.Option) bool { return o.Value == code }) {
		code = ""
	}
	return prefer(c, languageCookie, code)
}
