package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// seedClients are the OAuth clients of the seed, id by name: they are the same in every sandbox.
var seedClients = sync.OnceValue(func() map[string]string {
	fresh, err := sandbox.New(sandbox.Options{})
	if err != nil {
		return nil
	}
	byName := map[string]string{}
	for _, client := range clientsOf(fresh) {
		byName[client.Name] = client.ID
	}
	return byName
})

type wireClient struct {
	ID           string   `json:"client_id"`
	Name         string   `json:"client_name"`
	Type         string   `json:"client_type"`
	RedirectURLs []string `json:"redirect_urls"`
	FullAccess   bool     `json:"full_access_allowed"`
	Bypass       bool     `json:"bypass_consent_for_offline_access"`
	Minutes      int      `json:"access_token_expiry_minutes"`
	LastFour     string   `json:"client_secret_last_four"`
	Next         string   `json:"next_client_secret_last_four"`
}

// clientsOf asks a sandbox for its clients, past the console.
func clientsOf(s *sandbox.Server) []wireClient {
	r := httptest.NewRequest(http.MethodPost, "/v1/connected_apps/clients/search", strings.NewReader(`{"limit":1000}`))
	r.SetBasicAuth(s.ProjectID(), s.Secret())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var all struct {
		Clients []wireClient `json:"connected_apps"`
	}
	if json.Unmarshal(w.Body.Bytes(), &all) != nil {
		return nil
	}
	return all.Clients
}

// wireClient is a client as the upstream has it now; the zero one where there is none.
func (f *fixture) wireClient(id string) wireClient {
	f.t.Helper()
	for _, client := range clientsOf(f.sandbox) {
		if client.ID == id {
			return client
		}
	}
	return wireClient{}
}

// Clients of the seed.
const (
	clientWarehouse = "Warehouse Sync" // first party, confidential
	clientMobile    = "Mobile app"     // first party, public
	clientLedgerly  = "Ledgerly"       // third party, confidential; members of acme let it in
	clientPayroll   = "Payroll bridge" // its secret is half changed
)

const missingClient = "connected-app-test-00000000-0000-4000-8000-000000000000"

// clientAt is an address of a client of the seed.
func clientAt(name string, path func(string) string) func(*fixture) string {
	return func(*fixture) string { return path(seedClients()[name]) }
}

func clientGroupAt(name, group string) func(*fixture) string {
	return clientAt(name, func(id string) string { return paths.ConnectedAppEdit(id, group) })
}

func secretAt(name, act string) func(*fixture) string {
	return clientAt(name, func(id string) string { return paths.ConnectedAppSecret(id, act) })
}

func ends(secret string) string { return secret[len(secret)-4:] }

// turning is the form of a step of a client's secret, as it stands in the seed.
func turning(name, act string) func(*browser) url.Values {
	id := seedClients()[name]
	next := ""
	if name == clientPayroll {
		next = ends(sandbox.SeedNextClientSecret(id))
	}
	return form("act", act, "secret_ends", ends(sandbox.SeedClientSecret(id)), "next_secret_ends", next)
}

// newClientForm is the form of a new client.
func newClientForm(clientType string) func(*browser) url.Values {
	return form("client_type", clientType, "client_name", "Fresh <b>Client", "redirect_urls", "https://fresh.example/callback")
}

const warehouseURL = "https://warehouse.example/callback"

// staffOrNot are visits to a page of the project: by staff, by an agent, without a role, by somebody who is none of the staff.
func staffOrNot(path func(*fixture) string) []drive {
	return []drive{
		{name: "staff", who: signed(ada, "support-desk"), path: path, status: http.StatusOK},
		{name: "agent", who: signed(sam, "support-desk"), path: path, status: http.StatusOK},
		{name: "without role", who: signed(kim, "support-desk"), path: path, status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: path, status: http.StatusNotFound},
	}
}

// connectedAppDrives are the visits to the OAuth clients of the project.
var connectedAppDrives = map[string][]drive{
	"GET /connected-apps": append([]drive{
		{name: "filtered", who: inStaff, path: place(paths.ConnectedApps + "?text=ledger&type=third_party&sort=host"), status: http.StatusOK},
	}, staffOrNot(place(paths.ConnectedApps))...),
	"GET /connected-apps/new": {
		{name: "staff", who: inStaff, path: place(paths.ConnectedAppNew), status: http.StatusOK},
		{name: "without role", who: signed(kim, "support-desk"), path: place(paths.ConnectedAppNew), status: http.StatusOK},
		{name: "not of the staff", who: acmeAdmin, path: place(paths.ConnectedAppNew), status: http.StatusNotFound},
	},
	"POST /connected-apps/new": {
		{name: "confidential", who: inStaff, path: place(paths.ConnectedAppNew), form: newClientForm(stytch.AppThirdParty), key: "support-desk", status: http.StatusOK},
		{name: "public", who: inStaff, path: place(paths.ConnectedAppNew), form: newClientForm(stytch.AppFirstPartyPublic), key: "support-desk", status: http.StatusSeeOther},
		{name: "nothing", who: inStaff, path: place(paths.ConnectedAppNew), form: form("client_name", ""), status: http.StatusUnprocessableEntity},
		{name: "without role", who: signed(sam, "support-desk"), path: place(paths.ConnectedAppNew), form: newClientForm(stytch.AppThirdParty), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: acmeAdmin, path: place(paths.ConnectedAppNew), form: newClientForm(stytch.AppThirdParty), status: http.StatusNotFound},
	},
	"GET /connected-apps/:client_id": append([]drive{
		{name: "in use", who: acmeStaff, path: clientAt(clientLedgerly, paths.ConnectedApp), key: "support-desk", status: http.StatusOK},
		{name: "missing", who: inStaff, path: place(paths.ConnectedApp(missingClient)), key: "support-desk", status: http.StatusNotFound},
		{name: "no id", who: inStaff, path: place(paths.ConnectedApp("organization-test-1")), status: http.StatusNotFound},
	}, staffOrNot(clientAt(clientWarehouse, paths.ConnectedApp))...),
	"GET /connected-apps/:client_id/edit/:group": append([]drive{
		{name: "rights of another's", who: inStaff, path: clientGroupAt(clientLedgerly, "rights"), status: http.StatusOK},
		{name: "no such group", who: inStaff, path: clientGroupAt(clientLedgerly, "secrets"), status: http.StatusNotFound},
	}, staffOrNot(clientGroupAt(clientWarehouse, "tokens"))...),
	"POST /connected-apps/:client_id/edit/:group": {
		{name: "saved", who: inStaff, path: clientGroupAt(clientWarehouse, "about"), form: changing("client_name", clientWarehouse, "Warehouse"), key: "support-desk", status: http.StatusSeeOther},
		{
			name: "reviewed", who: inStaff, path: clientGroupAt(clientWarehouse, "redirects"), key: "support-desk", status: http.StatusOK,
			form: form("was.redirect_urls", warehouseURL, "redirect_urls", "https://new.example/callback"),
		},
		{name: "redirects", who: inStaff, path: clientGroupAt(clientWarehouse, "redirects"), form: changing("redirect_urls", warehouseURL, "https://new.example/callback"), key: "support-desk", status: http.StatusSeeOther},
		{name: "rights", who: inStaff, path: clientGroupAt(clientWarehouse, "rights"), form: changing("full_access_allowed", "no", "yes"), key: "support-desk", status: http.StatusSeeOther},
		{name: "rights of another's", who: inStaff, path: clientGroupAt(clientLedgerly, "rights"), form: changing("full_access_allowed", "no", "yes"), key: "support-desk", status: http.StatusForbidden},
		{name: "wrong", who: inStaff, path: clientGroupAt(clientWarehouse, "tokens"), form: changing("access_token_expiry_minutes", "15", "0"), key: "support-desk", status: http.StatusUnprocessableEntity},
		{name: "conflict", who: inStaff, path: clientGroupAt(clientWarehouse, "about"), form: changing("client_name", "Warehouse of old", "Warehouse"), key: "support-desk", status: http.StatusConflict},
		{name: "agent", who: signed(sam, "support-desk"), path: clientGroupAt(clientWarehouse, "about"), form: changing("client_name", clientWarehouse, "Warehouse"), status: http.StatusForbidden},
		{name: "without role", who: signed(kim, "support-desk"), path: clientGroupAt(clientWarehouse, "about"), form: changing("client_name", clientWarehouse, "Warehouse"), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: acmeAdmin, path: clientGroupAt(clientWarehouse, "about"), form: changing("client_name", clientWarehouse, "Warehouse"), status: http.StatusNotFound},
	},
	"GET /connected-apps/:client_id/secret": append([]drive{
		{name: "half done", who: inStaff, path: secretAt(clientPayroll, ""), status: http.StatusOK},
		{name: "to start", who: inStaff, path: secretAt(clientWarehouse, "start"), status: http.StatusOK},
		{name: "to finish", who: inStaff, path: secretAt(clientPayroll, "complete"), status: http.StatusOK},
		{name: "to cancel", who: inStaff, path: secretAt(clientPayroll, "cancel"), status: http.StatusOK},
		{name: "nothing to finish", who: inStaff, path: secretAt(clientWarehouse, "complete"), key: "support-desk", status: http.StatusSeeOther},
		{name: "public", who: inStaff, path: secretAt(clientMobile, ""), status: http.StatusOK},
	}, staffOrNot(secretAt(clientWarehouse, ""))...),
	"POST /connected-apps/:client_id/secret": {
		{name: "started", who: inStaff, path: secretAt(clientWarehouse, ""), form: turning(clientWarehouse, "start"), key: "support-desk", status: http.StatusOK},
		{name: "finished", who: inStaff, path: secretAt(clientPayroll, ""), form: turning(clientPayroll, "complete"), key: "support-desk", status: http.StatusSeeOther},
		{name: "cancelled", who: inStaff, path: secretAt(clientPayroll, ""), form: turning(clientPayroll, "cancel"), key: "support-desk", status: http.StatusSeeOther},
		{name: "changed meanwhile", who: inStaff, path: secretAt(clientPayroll, ""), form: form("act", "complete", "secret_ends", "aaaa", "next_secret_ends", "bbbb"), key: "support-desk", status: http.StatusSeeOther},
		{name: "no step", who: inStaff, path: secretAt(clientPayroll, ""), form: form("act", "show"), key: "support-desk", status: http.StatusBadRequest},
		{name: "agent", who: signed(sam, "support-desk"), path: secretAt(clientWarehouse, ""), form: turning(clientWarehouse, "start"), status: http.StatusForbidden},
		{name: "without role", who: signed(kim, "support-desk"), path: secretAt(clientWarehouse, ""), form: turning(clientWarehouse, "start"), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: acmeAdmin, path: secretAt(clientWarehouse, ""), form: turning(clientWarehouse, "start"), status: http.StatusNotFound},
	},
	"GET /connected-apps/:client_id/delete": append([]drive{
		{name: "in use", who: acmeStaff, path: clientAt(clientLedgerly, paths.ConnectedAppDelete), key: "support-desk", status: http.StatusOK},
	}, staffOrNot(clientAt(clientWarehouse, paths.ConnectedAppDelete))...),
	"POST /connected-apps/:client_id/delete": {
		{name: "mistyped", who: inStaff, path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: ending("Warehouse"), key: "support-desk", status: http.StatusUnprocessableEntity},
		{name: "deleted", who: inStaff, path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: ending(clientWarehouse), key: "support-desk", status: http.StatusSeeOther},
		{name: "agent", who: signed(sam, "support-desk"), path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: ending(clientWarehouse), status: http.StatusForbidden},
		{name: "without role", who: signed(kim, "support-desk"), path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: ending(clientWarehouse), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: acmeAdmin, path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: ending(clientWarehouse), status: http.StatusNotFound},
	},
}

// connectedAppDrivers spoil the visits to the OAuth clients of the project.
func connectedAppDrivers() []*driver {
	const one = "/connected-apps/:client_id"
	installed := map[string]outcome{stytch.OrganizationAppGet.String(): aPart}
	turn := func(visit string, op stytch.Operation) spoiledVisit {
		return spoiledVisit{route: "POST " + one + "/secret", names: []string{visit}, signedIn: true, special: lost(op)}
	}
	return driversOf(connectedAppDrives, []spoiledVisit{
		{route: "GET /connected-apps", names: []string{"staff", "filtered"}, signedIn: true},
		{route: "POST /connected-apps/new", names: []string{"confidential", "public"}, signedIn: true},
		{route: "GET " + one, names: []string{"staff"}, signedIn: true, outcome: installed},
		{route: "GET " + one + "/edit/:group", names: []string{"staff"}, signedIn: true},
		{route: "POST " + one + "/edit/:group", names: []string{"saved", "redirects", "rights"}, signedIn: true},
		{route: "GET " + one + "/secret", names: []string{"half done", "to start"}, signedIn: true},
		turn("started", stytch.AppSecretRotateStart), turn("finished", stytch.AppSecretRotate), turn("cancelled", stytch.AppSecretRotateCancel),
		{route: "GET " + one + "/delete", names: []string{"staff"}, signedIn: true, outcome: installed},
		{route: "POST " + one + "/delete", names: []string{"mistyped"}, signedIn: true, outcome: map[string]outcome{stytch.OrganizationAppGet.String(): quiet}},
		{route: "POST " + one + "/delete", names: []string{"deleted"}, signedIn: true, special: lost(stytch.AppClientDelete)},
	})
}
