package ui

import (
	"context"
	"io"
)

// StatusKind is the shape and colour of a state.
type StatusKind string

// The kinds of state. StatusPlain is an ordinary fact, without a mark; StatusDim is a default or nothing.
const (
	StatusPlain StatusKind = ""
	StatusDim   StatusKind = "dim"
	StatusOK    StatusKind = "ok"   // works
	StatusWait  StatusKind = "wait" // invited, pending, not started
	StatusPart  StatusKind = "part" // half done
	StatusWarn  StatusKind = "warn" // soon, unusual
	StatusBad   StatusKind = "bad"  // broken, locked, refused, failed
	StatusOff   StatusKind = "off"  // deleted, not set
)

// Status is a state: always a word, and a shape and a colour by its kind. Empty text is drawn as a dimmed dash.
type Status struct {
	Kind StatusKind
	Text string
}

// Render implements templ.Component.
func (s Status) Render(_ context.Context, w io.Writer) error {
	if s.Text == "" {
		_, err := io.WriteString(w, `<span class="text-ink-3">–</span>`)
		return err
	}
	open := ""
	switch s.Kind {
	case StatusPlain:
		return marked(w, s.Text)
	case StatusDim:
		open = `<span class="text-ink-3">`
	case StatusOK:
		open = `<span class="st ok">`
	case StatusWait:
		open = `<span class="st wait">`
	case StatusPart:
		open = `<span class="st part">`
	case StatusWarn:
		open = `<span class="st warn">`
	case StatusBad:
		open = `<span class="st bad">`
	case StatusOff:
		open = `<span class="st off">`
	default: // a kind nobody knows is drawn as a fact, never dropped
		return marked(w, s.Text)
	}
	return texts(w, open, s.Text, `</span>`)
}

// Glyph is the mark of a state alone, with its word for those who do not see it.
type Glyph struct {
	Kind StatusKind
	Word string
}

// Render implements templ.Component.
func (g Glyph) Render(_ context.Context, w io.Writer) error {
	if _, err := io.WriteString(w, `<span class="st `+string(g.Kind)+`"><span class="sr-only">`); err != nil {
		return err
	}
	return texts(w, "", g.Word, `</span></span>`)
}

// noteClass is how a message in a box looks.
func noteClass(kind StatusKind) string {
	switch kind {
	case StatusOK:
		return "note ok"
	case StatusWarn:
		return "note warn"
	case StatusBad:
		return "note bad"
	case StatusPlain, StatusDim, StatusWait, StatusPart, StatusOff:
	}
	return "note"
}
