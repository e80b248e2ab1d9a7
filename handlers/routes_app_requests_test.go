package handlers_test

import (
	"net/http"
	"net/url"
	"sync"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// askedBefore has somebody find requests of members.
func askedBefore(slug, member string, who func(*fixture) *browser) func(*fixture) *browser {
	return func(f *fixture) *browser {
		if len(f.asked(slug)) == 0 {
			f.request(slug, member, notesApp)
		}
		return who(f)
	}
}

// requestsFor is where the requests for an app are dismissed.
func requestsFor(slug string) func(*fixture) string {
	return func(f *fixture) string { return paths.AppRequest(f.organization(slug), notesApp) }
}

// pastedURL is a request of a client that no project has.
const pastedURL = "https://console.example/oauth/authorize?client_id=" + notesApp + "&redirect_uri=https%3A%2F%2Fnotes.example%2Fcallback"

var (
	previewedOnce sync.Once
	previewed     map[string]string
)

// previewing is the form that tries a request of a client of the seed for a member. Requests are the same in every sandbox: so they are
// known also where nothing can be read any more.
func previewing(member, client string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		previewedOnce.Do(func() {
			f := newFixture(b.f.t, setup{})
			previewed = map[string]string{}
			for _, name := range []string{"Ledgerly", "Payroll bridge"} {
				previewed[name] = f.authorization(name)
			}
		})
		return values("member", member, "url", previewed[client])
	}
}

var acmesPreview = inside("acme", paths.ConsentPreview)

// appRequestDrives are the visits to what members asked their admins for.
var appRequestDrives = unheldToo(map[string][]drive{
	"GET /organizations/:organization_id/connected-apps/preview": {
		{name: "staff", who: signed(ada, "support-desk", "acme"), path: acmesPreview, status: http.StatusOK},
		{name: "not of the staff", who: signed(olivia, "acme"), path: acmesPreview, status: http.StatusNotFound},
	},
	"POST /organizations/:organization_id/connected-apps/preview": {
		{name: "by address", who: signed(ada, "support-desk", "acme"), path: acmesPreview, form: previewing(tom, "Ledgerly"), status: http.StatusOK},
		{name: "refused to the app", who: signed(ada, "support-desk", "acme"), path: acmesPreview, form: previewing(tom, "Payroll bridge"), status: http.StatusOK},
		{name: "nobody", who: signed(ada, "support-desk", "acme"), path: acmesPreview, form: previewing("nobody@acme.example", "Ledgerly"), status: http.StatusUnprocessableEntity},
		{name: "without role", who: signed(sam, "support-desk", "acme"), path: acmesPreview, form: previewing(tom, "Ledgerly"), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: acmesPreview, form: previewing(tom, "Ledgerly"), status: http.StatusNotFound},
	},
	"POST /organizations/:organization_id/connected-apps/requests/:client_id": {
		{name: "open", who: askedBefore("acme", tom, signed(olivia, "acme")), path: requestsFor("acme"), form: form(), status: http.StatusSeeOther},
		{name: "closed meanwhile", who: signed(olivia, "acme"), path: requestsFor("acme"), form: form(), status: http.StatusSeeOther},
		{name: "staff", who: askedBefore("acme", tom, signed(ada, "support-desk", "acme")), path: requestsFor("acme"), form: form(), key: "support-desk", status: http.StatusSeeOther},
		{name: "without role", who: askedBefore("acme", olivia, signed(tom, "acme")), path: requestsFor("acme"), form: form(), status: http.StatusForbidden, refused: true},
	},
})

// appRequestDrivers spoil them.
func appRequestDrivers() []*driver {
	return driversOf(appRequestDrives, []spoiledVisit{
		{route: "POST /organizations/:organization_id/connected-apps/requests/:client_id", names: []string{"open", "staff"}, signedIn: true},
		{route: "GET /organizations/:organization_id/connected-apps/preview", names: []string{"not entered"}, signedIn: true, outcome: unharmed(stytch.OrganizationGet, stytch.SessionAuthenticate)},
		{
			route: "POST /organizations/:organization_id/connected-apps/preview", names: []string{"by address"}, signedIn: true,
			outcome: unharmed(stytch.MemberAppsList, stytch.ConsentClientGet),
		},
	})
}
