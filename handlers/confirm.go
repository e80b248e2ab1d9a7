package handlers

import (
	"net/http"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"console.internal/views"
)

// maxReason bounds a reason in characters: it is a line in the record.
const maxReason = 500

// confirm renders a page that asks before something is done, with what was typed into it.
func (h *console) confirm(c echo.Context, status int, area views.Area, m views.ConfirmPage) error {
	if m.Reason {
		m.ReasonText = field(c, views.ConfirmReason)
	}
	if m.TypeName != "" {
		m.Typed = field(c, views.ConfirmType)
	}
	m.Frame = h.frame(c, m.Title, area)
	return h.render(c, status, views.Confirm(m))
}

// mayProceed says whether the form of a confirmation has all that the page asks for. Where it has not the page is rendered again
// with what was typed, and there is nothing more to do.
func (h *console) mayProceed(c echo.Context, area views.Area, m views.ConfirmPage) (ok bool, err error) {
	if m.TypeName != "" && field(c, views.ConfirmType) != m.TypeName {
		m.Problems = append(m.Problems, views.Problem{Field: views.ConfirmType, Text: "This is not what is asked for. Nothing was done."})
	}
	if m.Reason {
		m.Problems = append(m.Problems, reasonProblems(c)...)
	}
	if len(m.Problems) == 0 {
		return true, nil
	}
	return false, h.confirm(c, http.StatusUnprocessableEntity, area, m)
}

// reasonProblems says what is wrong with the reason that a form gives.
func reasonProblems(c echo.Context) []views.Problem {
	switch n := utf8.RuneCountInString(field(c, views.ConfirmReason)); {
	case n == 0:
		return []views.Problem{{Field: views.ConfirmReason, Text: "Say why. Nothing was done."}}
	case n > maxReason:
		return []views.Problem{{Field: views.ConfirmReason, Text: "That is too long: 500 characters at most. Nothing was done."}}
	}
	return nil
}
