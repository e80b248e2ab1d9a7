package handlers

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// field is a value of a form, without the space around it that pasting brings. A field sent twice counts once.
func field(c echo.Context, name string) string {
	return strings.TrimSpace(c.Request().PostForm.Get(name))
}

// param is a value of the query, likewise. One that is not text, or is longer than anything the upstream takes, is
// treated as not there.
func param(c echo.Context, name string) string {
	return clean(c.QueryParam(name))
}

func clean(v string) string {
	v = strings.TrimSpace(v)
	if len(v) > maxParam || !utf8.ValidString(v) {
		return ""
	}
	return v
}

// maxParam bounds a value of the query.
const maxParam = 2048

// isEmail says whether s can be an e-mail address and nothing but one. The upstream has the last word.
func isEmail(s string) bool {
	if len(s) > 254 || strings.ContainsAny(s, "<>\"(),;: \t\r\n") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".")
}

// isSlug says whether s can be the slug of an organization (rule slug-shape).
func isSlug(s string) bool {
	if len(s) < 2 || len(s) > 128 {
		return false
	}
	letters := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			letters = true
		case c == '-' || c == '.' || c == '_' || c == '~':
		default:
			return false
		}
	}
	return letters
}

// forwardedFor splits the values of X-Forwarded-For into its hops.
func forwardedFor(values []string) []string {
	var hops []string
	for _, v := range values {
		for hop := range strings.SplitSeq(v, ",") {
			if hop = strings.TrimSpace(hop); hop != "" {
				hops = append(hops, hop)
			}
		}
	}
	return hops
}

// list splits a filter that takes several exact values.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t' })
}
