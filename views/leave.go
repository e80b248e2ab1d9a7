package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// LeavePage sends the browser to another site, and says so. A redirect would not do: it follows a form, and the content
// security policy keeps forms on this origin.
type LeavePage struct {
	Frame BareFrame // its Refresh is Href, so that the page goes on by itself
	Host  string    // the other site's name, or the scheme of an application
	Href  string    // where it goes on: https, http to this machine, or the private scheme of an application
	What  string    // why, in a sentence; "" leaves it out
	Back  string    // address of the page one came from; "" leaves it out
}

// LeaveTitle is the name of the page that leads to a host.
func LeaveTitle(l *Language, host string) string { return inTitle(l.OnTo, host) }

// outward is an address of another origin, or of an application, as it may stand in a page: http, https, the key of an
// authenticator app, or a scheme with a dot, which applications claim for themselves. All others are dropped: a browser acts on
// javascript, data and their like by itself. It is drawn byte for byte: a client compares what comes back with what it sent.
func outward(address string) templ.SafeURL {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http", u.Scheme == "otpauth" && u.Host == "totp", strings.Contains(u.Scheme, "."):
		return templ.SafeURL(address)
	}
	return ""
}
