package ui

import (
	"context"
	"io"
	"strings"
)

// ID is an identifier with a copy button. In a table the style sheet draws its last block only; the button, a click on it
// and a screen reader have all of it.
type ID struct {
	Value string
	What  string // names it in the button's label, as "organization id"
}

// Render implements templ.Component. It costs no allocation for well-formed ids.
func (id ID) Render(_ context.Context, w io.Writer) error {
	if id.Value == "" {
		_, err := io.WriteString(w, `<span class="text-ink-3">–</span>`)
		return err
	}
	cut := strings.LastIndexByte(id.Value, '-') + 1
	if cut == 0 {
		return texts(w, `<span class="id"><code>`, id.Value, `</code><button class="copy" type="button" aria-label="Copy `, id.What, `"></button></span>`)
	}
	return texts(w, `<span class="id"><code><span>`, id.Value[:cut], `</span>`, id.Value[cut:],
		`</code><button class="copy" type="button" aria-label="Copy `, id.What, `"></button></span>`)
}
