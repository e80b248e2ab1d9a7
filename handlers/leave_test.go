package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// TestOAuthStart leads out by a page and never by a redirect, and changes nothing for a link on another site.
func TestOAuthStart(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, slug := range []string{"", "acme"} {
		address := paths.LoginOAuth("google", slug)
		for _, site := range []string{"same-origin", "none", ""} {
			a := f.browser().get(address, "Sec-Fetch-Site", site).want(http.StatusOK)
			if location := a.header.Get("Location"); location != "" || !strings.Contains(a.header.Get("Set-Cookie"), "__Host-flow=") {
				t.Errorf("%s from %q: leads to %q with the cookies %q", address, site, location, a.header["Set-Cookie"])
			}
		}
		back := paths.Login
		if slug != "" {
			back = paths.LoginFor(slug)
		}
		a := f.browser().get(address, "Sec-Fetch-Site", "cross-site").leads(back)
		if cookies := a.header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("%s from another site sets %q", address, cookies)
		}
	}
}
