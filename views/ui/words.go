package ui

import (
	"context"
	"html"
	"io"
)

// Words is a sentence of which every second part (the second, the fourth, ...) is text that others wrote. Templates put
// white space between what stands on separate lines; a sentence must have it only where it says so.
type Words []string

// Render implements templ.Component.
func (s Words) Render(_ context.Context, w io.Writer) error { return sentence(w, s, "<bdi>", "</bdi>") }

// Strong is Words with what others wrote in bold.
type Strong []string

// Render implements templ.Component.
func (s Strong) Render(_ context.Context, w io.Writer) error {
	return sentence(w, s, "<b><bdi>", "</bdi></b>")
}

func sentence(w io.Writer, parts []string, open, end string) error {
	for i, part := range parts {
		var err error
		if i%2 == 0 {
			_, err = io.WriteString(w, html.EscapeString(part))
		} else {
			err = texts(w, open, part, end)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Listed makes a list of things that others named into the parts of a sentence: with before "Try ", last " or " and after
// "." it reads "Try a, b or c."
func Listed(before string, items []string, last, after string) []string {
	parts := make([]string, 0, 2*len(items)+1)
	for i, item := range items {
		switch {
		case i == 0:
			parts = append(parts, before, item)
		case i == len(items)-1:
			parts = append(parts, last, item)
		default:
			parts = append(parts, ", ", item)
		}
	}
	return append(parts, after)
}

// Need is the sentence that names a missing permission and the roles that carry it.
type Need Permission

// Render implements templ.Component.
func (p Need) Render(ctx context.Context, w io.Writer) error {
	if p.Resource == "" {
		_, err := io.WriteString(w, "Stytch refused it.")
		return err
	}
	if err := texts(w, "You need <code>", p.Resource, " : ", p.Action, "</code>"); err != nil {
		return err
	}
	place := Words{"."}
	if p.In != "" {
		place = Words{" in ", p.In, "."}
	}
	if err := place.Render(ctx, w); err != nil || len(p.Roles) == 0 {
		return err
	}
	roles, has := " The role ", " has it."
	if len(p.Roles) > 1 {
		roles, has = " The roles ", " have it."
	}
	if err := Strong(Listed(roles, p.Roles, " and ", has)).Render(ctx, w); err != nil || p.Holders == "" {
		return err
	}
	return texts(w, ` <a href="`, p.Holders, `">See who</a>`)
}
