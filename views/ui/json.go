package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// JSON draws JSON that others wrote: indented, its names dimmed, everything escaped and marked like Text. What is not
// JSON is drawn as the text it is; nothing is lost and nothing is run.
type JSON string

// Render implements templ.Component.
func (j JSON) Render(_ context.Context, w io.Writer) error {
	p := &jsonPrinter{w: w, d: json.NewDecoder(strings.NewReader(string(j)))}
	var out bytes.Buffer
	p.w = &out
	p.d.UseNumber()
	p.value(0)
	if p.err == nil {
		if _, err := p.d.Token(); !errors.Is(err, io.EOF) {
			p.err = errTrailing
		}
	}
	if p.err != nil {
		return marked(w, string(j))
	}
	_, err := w.Write(out.Bytes())
	return err
}

var (
	errTrailing = errors.New("text after the value")
	errDeep     = errors.New("nested too deep to be read by people")
)

const jsonDepth = 64

type jsonPrinter struct {
	d   *json.Decoder
	w   io.Writer
	err error
}

func (p *jsonPrinter) put(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

func (p *jsonPrinter) line(depth int) {
	p.put("\n")
	for range depth {
		p.put("  ")
	}
}

func (p *jsonPrinter) token() json.Token {
	if p.err != nil {
		return nil
	}
	t, err := p.d.Token()
	p.err = err
	return t
}

// value prints the next value. Arrays of plain values stay on one line.
func (p *jsonPrinter) value(depth int) {
	if depth > jsonDepth {
		p.err = errDeep
		return
	}
	p.print(p.token(), depth)
}

func (p *jsonPrinter) print(t json.Token, depth int) {
	if p.err != nil {
		return
	}
	switch v := t.(type) {
	case json.Delim:
		if v == '{' {
			p.object(depth)
		} else {
			p.array(depth)
		}
	case string:
		p.text(v)
	case json.Number:
		p.put(v.String())
	case bool:
		if v {
			p.put("true")
		} else {
			p.put("false")
		}
	default:
		p.put("null")
	}
}

func (p *jsonPrinter) object(depth int) {
	p.put("{")
	empty := true
	for p.err == nil && p.d.More() {
		if !empty {
			p.put(",")
		}
		empty = false
		p.line(depth + 1)
		p.put("<b>")
		name, _ := p.token().(string)
		p.text(name)
		p.put("</b>: ")
		p.value(depth + 1)
	}
	p.token()
	if !empty {
		p.line(depth)
	}
	p.put("}")
}

func (p *jsonPrinter) array(depth int) {
	p.put("[")
	first, broken := true, false
	for p.err == nil && p.d.More() {
		t := p.token()
		_, nested := t.(json.Delim)
		switch {
		case nested:
			if !first {
				p.put(",")
			}
			broken = true
			p.line(depth + 1)
		case !first:
			p.put(", ")
		}
		first = false
		if depth >= jsonDepth {
			p.err = errDeep
			return
		}
		p.print(t, depth+1)
	}
	p.token()
	if broken {
		p.line(depth)
	}
	p.put("]")
}

// text prints a string as JSON would, then escaped and marked.
func (p *jsonPrinter) text(s string) {
	if p.err != nil {
		return
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if p.err = enc.Encode(s); p.err == nil {
		p.err = marked(p.w, strings.TrimSuffix(b.String(), "\n"))
	}
}
