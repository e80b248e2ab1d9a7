package ui

import (
	"context"
	"html"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is text that somebody else wrote: a name, a slug, an address, a domain.
//
// It is drawn inside <bdi>, so that its direction cannot reorder what stands around it, and every character that would be
// invisible or would change how its neighbours are read is shown as its code point: "Ac", U+200B, "me" must not pass for
// "Acme", nor may U+202E turn "gnp.exe" around.
type Text string

// Render implements templ.Component. Plain ASCII costs no allocation.
func (t Text) Render(_ context.Context, w io.Writer) error {
	return texts(w, "<bdi>", string(t), "</bdi>")
}

// Name is Text that may be missing.
type Name string

// Render implements templ.Component.
func (n Name) Render(ctx context.Context, w io.Writer) error {
	if n == "" {
		_, err := io.WriteString(w, `<span class="text-ink-3">No name yet</span>`)
		return err
	}
	return Text(n).Render(ctx, w)
}

// Bare is Text without the <bdi>, for places that isolate already: <code>, <pre> and whole table cells.
type Bare string

// Render implements templ.Component.
func (b Bare) Render(_ context.Context, w io.Writer) error { return marked(w, string(b)) }

// Plain is the variant for places that take no markup: title attributes and <title>. Marked characters are written as
// "[U+202E]". Clean text is returned as it is.
func Plain(s string) string {
	if plainASCII(s) || clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	walk(s, func(run string) { b.WriteString(run) }, func(mark string) { b.WriteString("[" + mark + "]") })
	return b.String()
}

// Long says whether text will probably be cut in a table cell, and so needs a title attribute.
func Long(s string) bool { return len(s) > 24 }

// texts writes its parts in order; the odd ones (second, fourth) are text that others wrote.
func texts(w io.Writer, parts ...string) error {
	for i, part := range parts {
		if i%2 == 0 {
			if _, err := io.WriteString(w, part); err != nil {
				return err
			}
			continue
		}
		if err := marked(w, part); err != nil {
			return err
		}
	}
	return nil
}

// marked writes s, escaped, with a mark for each character that must be seen.
func marked(w io.Writer, s string) error {
	if plainASCII(s) {
		_, err := io.WriteString(w, s)
		return err
	}
	if clean(s) {
		_, err := io.WriteString(w, html.EscapeString(s))
		return err
	}
	var failed error
	write := func(s string) {
		if failed == nil {
			_, failed = io.WriteString(w, s)
		}
	}
	walk(s, func(run string) { write(html.EscapeString(run)) }, func(mark string) {
		write(`<span class="tag hex">`)
		write(mark)
		write(`</span>`)
	})
	return failed
}

// plainASCII says whether s can be written as it is: printable ASCII that HTML gives no meaning.
func plainASCII(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x20, c > 0x7e, c == '<', c == '>', c == '&', c == '"', c == '\'':
			return false
		}
	}
	return true
}

// stacked is how many combining marks may follow each other. Languages need up to four; hundreds of them paint over the
// rows above and below.
const stacked = 6

// clean says whether nothing in s needs a mark.
func clean(s string) bool {
	marks := 0
	for i, r := range s {
		if unicode.Is(unicode.Mn, r) {
			if marks++; marks > stacked {
				return false
			}
			if !hides(s, i, r) {
				continue
			}
			return false
		}
		marks = 0
		if hides(s, i, r) {
			return false
		}
	}
	return true
}

// walk cuts s into runs that can be shown and characters that need a mark.
func walk(s string, run, mark func(string)) {
	from, marks := 0, 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.Mn, r) && !hides(s, i, r) {
			if marks++; marks <= stacked {
				i += size
				continue
			}
			run(s[from:i])
			more := 0
			for i < len(s) {
				r, size = utf8.DecodeRuneInString(s[i:])
				if !unicode.Is(unicode.Mn, r) {
					break
				}
				more++
				i += size
			}
			mark("+" + strconv.Itoa(more))
			from = i
			continue
		}
		marks = 0
		if hides(s, i, r) {
			if from < i {
				run(s[from:i])
			}
			mark(codePoint(r))
			from = i + size
		}
		i += size
	}
	if from < len(s) {
		run(s[from:])
	}
}

func codePoint(r rune) string {
	hex := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	for len(hex) < 4 {
		hex = "0" + hex
	}
	return "U+" + hex
}

// hides says whether r, at s[i:], is invisible or reorders text. Two joiners of emoji are let through where they join
// emoji, since there they are seen.
func hides(s string, i int, r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == utf8.RuneError:
		return true
	case r < 0xad:
		return false
	case r == 0x200d: // zero width joiner
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+3:])
		return !pictograph(before) || !pictograph(after)
	case r == 0xfe0f: // "draw the one before me as emoji"
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		return !pictograph(before)
	case r >= 0xfe00 && r <= 0xfe0e, r >= 0xe0000 && r <= 0xe0fff: // variation selectors, tags
		return true
	case r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0: // blank letters
		return true
	case r >= 0x0600 && r <= 0x0605, r == 0x06dd, r == 0x070f, r == 0x08e2, r == 0x110bd, r == 0x110cd: // format, but seen
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp)
}

func pictograph(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff || r == 0xfe0f
}
