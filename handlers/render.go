package handlers

import (
	"bytes"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// isPartial says whether htmx asks for the part of the page that it will put in place. When it restores history it needs
// the page, though it asks in the same way.
func isPartial(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request-Type") == "partial" && h.Get("HX-History-Restore-Request") == ""
}

var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledPage is the size over which a buffer is not kept.
const maxPooledPage = 512 << 10

// render writes a page from a buffer. Headers, flash and session come before the first byte.
func (h *console) render(c echo.Context, status int, page templ.Component) error {
	buf, ok := pages.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer func() {
		if buf.Cap() <= maxPooledPage {
			buf.Reset()
			pages.Put(buf)
		}
	}()
	if err := page.Render(c.Request().Context(), buf); err != nil {
		return err
	}
	return c.Blob(status, echo.MIMETextHTMLCharsetUTF8, buf.Bytes())
}

// renderPart writes the page, or the part of it that htmx asked for. Both have one address, so caches must tell them
// apart by the headers that chose.
func (h *console) renderPart(c echo.Context, status int, page func() templ.Component, part templ.Component) error {
	c.Response().Header().Add("Vary", "HX-Request-Type, HX-History-Restore-Request")
	if isPartial(c) {
		return h.render(c, status, part)
	}
	return h.render(c, status, page())
}

// seeOther leads on after a form was done. htmx would swallow a 303, so it is told in its own header.
func seeOther(c echo.Context, to string) error {
	if isPartial(c) || c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// here is the address of the request: what a form returns to.
func here(c echo.Context) string {
	u := c.Request().URL
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + u.RawQuery
}

// initials are the letters in the round mark of a person.
func initials(name, email string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		words = strings.FieldsFunc(email[:max(0, strings.IndexByte(email, '@'))], func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	}
	var out []rune
	for _, w := range words {
		for _, r := range w {
			out = append(out, r)
			break
		}
		if len(out) == 2 {
			break
		}
	}
	return strings.ToUpper(string(out))
}
