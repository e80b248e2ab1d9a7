package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// More people of acme who let apps in, beside olivia, daniel, priya and aaron.
const (
	caleb = "caleb.stone@acme.example"
	hana  = "hana.suzuki@acme.example"
	kofi  = "kofi.mensah@acme.example"
)

var (
	appsOnce sync.Once
	appIDs   map[string]string
)

// appNamed is the id of an app that members of acme let in, the same in every sandbox: so it is known also where nothing can be read any
// more.
func appNamed(t testing.TB, name string) string {
	t.Helper()
	appsOnce.Do(func() {
		f := newFixture(t, setup{})
		page := f.signIn(olivia, "acme").get(paths.OrganizationApps(f.organization("acme"))).want(http.StatusOK)
		appIDs = map[string]string{}
		for _, e := range page.doc().Find("section[aria-labelledby=apps] tbody a.row").EachIter() {
			href := e.AttrOr("href", "")
			appIDs[strings.TrimSpace(e.Text())] = href[strings.LastIndexByte(href, '/')+1:]
		}
	})
	id := appIDs[name]
	if id == "" {
		t.Fatalf("acme has no app %q, of %v", name, appIDs)
	}
	return id
}

const warehouse = "Warehouse Sync"

var (
	acmesApps   = inside("acme", paths.OrganizationApps)
	warehouseAt = known(func(f *fixture) string {
		return paths.OrganizationApp(f.organization("acme"), appNamed(f.t, warehouse))
	})
	revokeAt = known(func(f *fixture) string {
		return paths.OrganizationAppRevoke(f.organization("acme"), appNamed(f.t, warehouse))
	})
	revokeAsked  = known(func(f *fixture) string { return revokeAt(f) + "?" + membersNamed(f, caleb, hana).Encode() })
	nobodysAppAt = known(func(f *fixture) string {
		return paths.OrganizationApp(f.organization("acme"), noApp)
	})
	olivias = signed(olivia, "acme")
)

// noApp has the shape of a client id and is nobody's.
const noApp = "connected-app-test-00000000-0000-4000-8000-000000000000"

// noMember is likewise.
const noMember = "member-test-00000000-0000-4000-8000-000000000000"

// deskApp is where an app would be revoked that nobody of the staff organization has let in.
var deskApp = inside("support-desk", func(id string) string { return paths.OrganizationAppRevoke(id, noApp) })

// membersNamed are members of acme as a form names them.
func membersNamed(f *fixture, emails ...string) url.Values {
	v := url.Values{}
	for _, email := range emails {
		v.Add("member", f.member("acme", email))
	}
	return v
}

func revokingFor(emails ...string) func(*browser) url.Values {
	return func(b *browser) url.Values { return membersNamed(b.f, emails...) }
}

// ownAppsNamed are one's own apps as a form names them.
func ownAppsNamed(names ...string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		v := url.Values{}
		for _, name := range names {
			v.Add("app", appNamed(b.f.t, name))
		}
		return v
	}
}

// appDrives are the visits to the apps that members let in, of a tenant and of one's own.
var appDrives = unheldToo(map[string][]drive{
	"GET /organizations/:organization_id/connected-apps": {
		{name: "held", who: adasAcme, path: acmesApps, status: http.StatusOK},
		{name: "home", who: olivias, path: acmesApps, status: http.StatusOK},
		{name: "without role", who: signed(sam, "support-desk", "linden"), path: inside("linden", paths.OrganizationApps), status: http.StatusOK},
	},
	"GET /organizations/:organization_id/connected-apps/:client_id": {
		{name: "held", who: adasAcme, path: warehouseAt, status: http.StatusOK},
		{name: "without role", who: signed(aaron, "acme"), path: warehouseAt, status: http.StatusOK},
		{name: "nobody's", who: adasAcme, path: nobodysAppAt, status: http.StatusNotFound},
	},
	"GET /organizations/:organization_id/connected-apps/:client_id/revoke": {
		{name: "two", who: adasAcme, path: revokeAsked, status: http.StatusOK},
		{name: "nobody", who: adasAcme, path: revokeAt, status: http.StatusSeeOther},
	},
	"POST /organizations/:organization_id/connected-apps/:client_id/revoke": {
		{name: "two", who: adasAcme, path: revokeAt, form: revokingFor(caleb, hana), status: http.StatusOK},
		{name: "nobody", who: adasAcme, path: revokeAt, form: form(), status: http.StatusSeeOther},
		{name: "own", who: signed(aaron, "acme"), path: revokeAt, form: revokingFor(aaron), status: http.StatusOK},
	},
})

// ownAppDrives are the visits to one's own apps.
var ownAppDrives = map[string][]drive{
	"GET /account/connected-apps": {
		{name: "several", key: "acme", who: withApp, path: place(paths.AccountApps), status: http.StatusOK},
		{name: "elsewhere", key: "acme", who: adasAcme, path: inside("acme", func(id string) string { return paths.Own(paths.AccountApps, id) }), status: http.StatusOK},
		{name: "refused", key: "acme", who: denied(me, "get.connected-apps"), path: place(paths.AccountApps), status: http.StatusForbidden, refused: true},
	},
	"GET /account/connected-apps/revoke": {
		{name: "one", key: "acme", who: me, path: known(func(f *fixture) string { return paths.AccountAppRevoke(appNamed(f.t, warehouse), "") }), status: http.StatusOK},
		{name: "all", key: "acme", who: withApp, path: place(paths.AccountAppsRevoke), status: http.StatusOK},
		{name: "none", key: "acme", who: signed(tom, "acme"), path: place(paths.AccountAppsRevoke), status: http.StatusSeeOther},
	},
	"POST /account/connected-apps/revoke": {
		{name: "all", key: "acme", who: withApp, path: place(paths.AccountAppsRevoke), form: ownAppsNamed("Mobile app", "Ledgerly", "Notebook CLI"), status: http.StatusOK},
		{name: "one", key: "acme", who: me, path: place(paths.AccountAppsRevoke), form: ownAppsNamed(warehouse), status: http.StatusSeeOther},
		{name: "refused", key: "acme", who: denied(me, "revoke.connected-app"), path: place(paths.AccountAppsRevoke), form: ownAppsNamed(warehouse), status: http.StatusOK, refused: true},
	},
}

// appDrivers spoil the visits to the apps that members let in.
func appDrivers() []*driver {
	const tenant = "/organizations/:organization_id/connected-apps"
	none := mended(map[string]cell{"404": {http.StatusNotFound, "Nobody here has let this app in"}}, stytch.OrganizationAppGet)
	entering := unharmed(stytch.OrganizationGet, stytch.SessionAuthenticate)
	nameless := unharmed(stytch.MembersSearch)
	receipts := unharmed(stytch.MembersSearch, stytch.MemberAppRevoke)
	visits := []spoiledVisit{
		{route: "GET " + tenant, names: []string{"held"}, signedIn: true, outcome: map[string]outcome{stytch.ConnectedAppsList.String(): aPart}},
		{route: "GET " + tenant + "/:client_id", names: []string{"held"}, signedIn: true, special: none, outcome: nameless},
		{route: "GET " + tenant + "/:client_id/revoke", names: []string{"two"}, signedIn: true, special: none, outcome: nameless},
		{route: "POST " + tenant + "/:client_id/revoke", names: []string{"two"}, signedIn: true, special: none, outcome: receipts},
	}
	for _, rest := range []string{"", "/:client_id", "/:client_id/revoke"} {
		visits = append(visits, spoiledVisit{route: "GET " + tenant + rest, names: []string{"not entered"}, signedIn: true, outcome: entering})
	}
	own := []spoiledVisit{
		{route: "GET /account/connected-apps", names: []string{"several"}, signedIn: true},
		{route: "GET /account/connected-apps/revoke", names: []string{"one"}, signedIn: true},
		{route: "POST /account/connected-apps/revoke", names: []string{"all"}, signedIn: true, outcome: unharmed(stytch.OwnAppRevoke)},
	}
	return append(driversOf(appDrives, visits), driversOf(ownAppDrives, own)...)
}
