package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/views"
)

// maxLanguages bounds how many languages of a request are looked at.
const maxLanguages = 20

// languageOf is the language that the pages around consent are in: the first one that the client asks for and there is, else the first one
// that the browser prefers.
func languageOf(c echo.Context, locales []string) *views.Language {
	for _, wanted := range slices.Concat(locales[:min(len(locales), maxLanguages)], accepted(c.Request().Header.Get("Accept-Language"))) {
		if l := languageFor(wanted); l != nil {
			return l
		}
	}
	return &views.English
}

// languageFor is the language of a tag such as pt-PT, by its first part.
func languageFor(tag string) *views.Language {
	base, _, _ := strings.Cut(tag, "-")
	for _, l := range views.Languages() {
		own, _, _ := strings.Cut(l.Code, "-")
		if strings.EqualFold(base, own) {
			return l
		}
	}
	return nil
}

// accepted are the languages of an Accept-Language header, the preferred one first.
func accepted(header string) []string {
	type weighed struct {
		tag    string
		weight float64
	}
	var all []weighed
	for part := range strings.SplitSeq(header, ",") {
		tag, q, given := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		weight := 1.0
		if given {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if len(all) < maxLanguages && weight > 0 {
			all = append(all, weighed{tag, weight})
		}
	}
	slices.SortStableFunc(all, func(a, b weighed) int { return cmp.Compare(b.weight, a.weight) })
	tags := make([]string, len(all))
	for i, one := range all {
		tags[i] = one.tag
	}
	return tags
}
