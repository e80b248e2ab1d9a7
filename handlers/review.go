package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/views"
)

// confirmed says that somebody has seen what a form is about to change.
func confirmed(c echo.Context) bool { return field(c, "confirm") == "yes" }

// review shows what is about to change and asks for a yes; where somebody else changed one of the fields meanwhile, it shows both
// and asks whose is to stay. m says the rest. The fields are carried on with what is there now as what was seen, so that the
// next sending is checked against it again.
func (h *console) review(c echo.Context, changes []change, m views.ReviewPage) error {
	status := http.StatusOK
	if len(m.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	for _, one := range changes {
		m.Rows = append(m.Rows, views.ReviewRow{
			Field: one.field.name, Label: one.field.label, Was: one.field.words(one.was), Now: one.field.words(one.now), Wanted: one.field.words(one.wanted),
			Conflict: one.conflict, Hidden: one.hidden(),
		})
		if one.conflict {
			status, m.Conflict = http.StatusConflict, true
		}
	}
	return h.render(c, status, views.Review(m))
}

// hidden carries the change on, as one of what is there now.
func (c change) hidden() []views.Hidden {
	out := []views.Hidden{{Name: wasField(c.field.name), Value: c.now}}
	switch c.field.kind {
	case kindBoxes:
		for _, value := range splitText(c.wanted) {
			out = append(out, views.Hidden{Name: c.field.name, Value: value})
		}
	case kindText, kindChoice, kindYesNo, kindList, kindWords, kindJSON, kindAddresses, kindPassage:
		out = append(out, views.Hidden{Name: c.field.name, Value: c.wanted})
	}
	return out
}

// words are a value as a person reads it.
func (f *formField) words(value string) string {
	if f.kind == kindChoice || f.kind == kindBoxes {
		var out []string
		for _, one := range splitText(value) {
			out = append(out, f.optionText(one))
		}
		value = strings.Join(out, "\n")
	}
	if f.kind == kindYesNo {
		value = map[string]string{"yes": "Yes", "no": "No"}[value]
	}
	return value
}

func (f *formField) optionText(value string) string {
	for _, o := range f.options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}
