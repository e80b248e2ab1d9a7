package handlers

import (
	"maps"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/views"
)

// place is where in a list a page stands. The upstream's cursors lead forward only, so the address carries the cursors
// of the few pages before, and the number of the first row, which no cursor tells.
type place struct {
	cursor string
	from   int
	trail  []string
}

// maxTrail is how many pages one can go back step by step; from there the first page is one step away.
const maxTrail = 4

// maxRow bounds the number of the first row, which is only shown.
const maxRow = 1_000_000_000

func placeOf(c echo.Context) place {
	p := place{cursor: param(c, "cursor"), from: 1}
	if p.cursor == "" {
		return p
	}
	if n, err := strconv.Atoi(param(c, "from")); err == nil && n > 0 && n < maxRow {
		p.from = n
	}
	for _, cursor := range c.QueryParams()["trail"] {
		if cursor = clean(cursor); cursor != "" && len(p.trail) < maxTrail {
			p.trail = append(p.trail, cursor)
		}
	}
	return p
}

// pager leads from here to the other pages. filters are the list's own part of the address.
func (p place) pager(path string, filters url.Values, rows, total int, next string) views.Pager {
	out := views.Pager{Total: total, Size: pageRows}
	if rows > 0 {
		out.From, out.To = p.from, p.from+rows-1
	}
	if p.cursor != "" {
		out.First = paths.With(path, filters)
		switch {
		case len(p.trail) > 0:
			out.Back = paths.With(path, at(filters, p.trail[len(p.trail)-1], max(1, p.from-pageRows), p.trail[:len(p.trail)-1]))
		case p.from == pageRows+1:
			out.Back = out.First
		}
	}
	if next != "" {
		trail := p.trail
		if p.cursor != "" {
			trail = append(append([]string{}, trail...), p.cursor)
		}
		if len(trail) > maxTrail {
			trail = trail[len(trail)-maxTrail:]
		}
		out.Next = paths.With(path, at(filters, next, p.from+rows, trail))
	}
	return out
}

func at(filters url.Values, cursor string, from int, trail []string) url.Values {
	v := url.Values{"cursor": {cursor}, "from": {strconv.Itoa(from)}}
	if len(trail) > 0 {
		v["trail"] = trail
	}
	maps.Copy(v, filters)
	return v
}

// filter is one field of a filter form: what its value must look like, which upstream filter it is, and what its chip
// says.
type filter struct {
	name, upstream, label string
	// parse makes the upstream's value; a non-empty problem is said beside the field.
	parse func(string) (value any, problem string)
}

// minFuzzy is the shortest text that the upstream's fuzzy filters take (rule fuzzy-minimum).
const minFuzzy = 3

func fuzzy(v string) (any, string) {
	if len([]rune(v)) < minFuzzy {
		return nil, "Type at least three characters."
	}
	return v, ""
}

// exact is a list of values, any of which matches.
func exact(v string) (any, string) {
	values := list(v)
	if len(values) > 100 {
		return nil, "Give at most 100 of them."
	}
	return values, ""
}

func yesNo(v string) (any, string) {
	switch v {
	case "yes":
		return true, ""
	case "no":
		return false, ""
	}
	return nil, "Choose yes, no or any."
}

// each is a list of values that all have a shape.
func each(shape func(string) bool, problem string) func(string) (any, string) {
	return func(v string) (any, string) {
		values, trouble := exact(v)
		ids, ok := values.([]string)
		if trouble != "" || !ok {
			return nil, trouble
		}
		for _, id := range ids {
			if !shape(id) {
				return nil, problem
			}
		}
		return ids, ""
	}
}

func plainText(v string) (any, string) { return v, "" }
