package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/views"
)

// errLeave is an address that the console leads nobody to.
var errLeave = errors.New("handlers: not an address to lead to")

// privateScheme is a scheme that an application claims for itself: one with a dot, as in a domain turned around. Every
// scheme that browsers act on by themselves (javascript, data, blob, file ...) has none.
var privateScheme = regexp.MustCompile(`^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+$`)

// mayLeaveTo says whether the console may lead to an address of another origin: https, http on this machine, or a private
// scheme of an application.
func mayLeaveTo(u *url.URL) bool {
	switch scheme := strings.ToLower(u.Scheme); scheme {
	case "https":
		return u.Host != "" && u.User == nil
	case "http":
		if u.User != nil {
			return false
		}
		return u.Hostname() == "localhost" || isLoopbackHost(u.Hostname())
	default:
		return privateScheme.MatchString(scheme)
	}
}

// leadsTo is where an address leads, in a word: its host, or the scheme of an application, which has none.
func leadsTo(u *url.URL) string {
	if u.Host == "" {
		return u.Scheme
	}
	return u.Host
}

// leave leads to another origin. It is a page and no redirect: form-action is checked along the whole chain of redirects that a
// form starts, and a page can say where it leads. It loads no script, for the address may hold a code.
func (h *console) leave(c echo.Context, to string, l *views.Language, what, back string) error {
	u, err := url.Parse(to)
	if err != nil || !mayLeaveTo(u) {
		return errLeave
	}
	m := views.LeavePage{Host: leadsTo(u), Href: to, What: what, Back: back}
	m.Frame = h.bareFrame(c, views.LeaveTitle(l, m.Host), l)
	m.Frame.Refresh = to
	return h.bare(c, http.StatusOK, views.Leave(m))
}
