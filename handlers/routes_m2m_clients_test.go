package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// The M2M clients of the seed that tests are about.
const (
	legacy   = "legacy-sync" // inactive, with an id of somebody's own choosing
	exporter = "Nightly export"
	importer = "Invoice importer" // its secret is half changed
	markup   = "<img src=x onerror=alert(12)>"
)

// machineIDs are the ids of the seed's M2M clients by name: the same in every sandbox.
var machineIDs = sync.OnceValue(func() map[string]string {
	fresh, err := sandbox.New(sandbox.Options{})
	if err != nil {
		return nil
	}
	ids := map[string]string{}
	for _, m := range machinesOf(fresh) {
		ids[m.Name] = m.ID
	}
	return ids
})

type machine struct {
	ID          string            `json:"client_id"`
	Name        string            `json:"client_name"`
	Description string            `json:"client_description"`
	Status      string            `json:"status"`
	Scopes      []string          `json:"scopes"`
	Trusted     map[string]string `json:"trusted_metadata"`
	LastFour    string            `json:"client_secret_last_four"`
	Next        string            `json:"next_client_secret_last_four"`
}

// machinesOf asks an upstream for its M2M clients, past the console.
func machinesOf(upstream *sandbox.Server) []machine {
	r := httptest.NewRequest(http.MethodPost, "/v1/m2m/clients/search", strings.NewReader(`{"limit":1000}`))
	r.SetBasicAuth(upstream.ProjectID(), upstream.Secret())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	upstream.ServeHTTP(w, r)
	var got struct {
		Clients []machine `json:"m2m_clients"`
	}
	_ = json.Unmarshal(w.Body.Bytes(), &got)
	return got.Clients
}

// machine is how an M2M client stands upstream; without an id where there is none.
func (f *fixture) machine(id string) machine {
	for _, m := range machinesOf(f.sandbox) {
		if m.ID == id {
			return m
		}
	}
	return machine{}
}

// machineAt is an address of an M2M client of the seed.
func machineAt(name string, path func(string) string) func(*fixture) string {
	return func(*fixture) string { return path(machineIDs()[name]) }
}

// machineGroup is where one group of a client whose id somebody chose is changed.
func machineGroup(group string) func(*fixture) string {
	return place(paths.M2MClientEdit(legacy, group))
}

func machineSecret(act string) func(string) string {
	return func(id string) string { return paths.M2MClientSecret(id, act) }
}

// machineTurning is the form of a step of a rotation, for an M2M client of the seed.
func machineTurning(name, act string) func(*browser) url.Values {
	end := func(secret string) string { return secret[len(secret)-4:] }
	return func(*browser) url.Values {
		id := machineIDs()[name]
		form := values("act", act, "secret_ends", end(sandbox.SeedClientSecret(id)), "next_secret_ends", "")
		if name == importer {
			form.Set("next_secret_ends", end(sandbox.SeedNextClientSecret(id)))
		}
		return form
	}
}

// canary is a secret that somebody brings along.
const canary = "canary-Wq7tz0Lx-4nV9sKd"

// noStaffDrives are the visits to a page of the project by those who may not: support staff without the role, and somebody else.
func noStaffDrives(path func(*fixture) string, form func(*browser) url.Values) []drive {
	return []drive{
		{name: "without role", who: signed(sam, "support-desk"), path: path, form: form, status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: path, form: form, status: http.StatusNotFound},
	}
}

// m2mDrives are the visits to the pages of M2M clients, and to that of the project.
var m2mDrives = map[string][]drive{
	"GET /project": {
		{name: "staff", who: inStaff, path: place(paths.Project), status: http.StatusOK},
		{name: "without role", who: signed(sam, "support-desk"), path: place(paths.Project), status: http.StatusOK, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: place(paths.Project), status: http.StatusNotFound},
	},
	"GET /m2m-clients": append(noStaffDrives(place(paths.M2MClients), nil),
		drive{name: "staff", who: inStaff, path: place(paths.M2MClients), status: http.StatusOK},
		drive{name: "filtered", who: inStaff, path: place(paths.M2MClients + "?scope=read%3Adocuments"), status: http.StatusOK},
	),
	"GET /m2m-clients/new": {
		{name: "staff", who: inStaff, path: place(paths.M2MClientNew), status: http.StatusOK},
		{name: "without role", who: signed(sam, "support-desk"), path: place(paths.M2MClientNew), status: http.StatusOK},
		{name: "not of the staff", who: signed(olivia, "acme"), path: place(paths.M2MClientNew), status: http.StatusNotFound},
	},
	"POST /m2m-clients/new": append(noStaffDrives(place(paths.M2MClientNew), form("client_name", "Reporter")),
		drive{name: "made", who: inStaff, path: place(paths.M2MClientNew), form: form("client_name", "Reporter", "scopes", "read:documents"), status: http.StatusOK},
		drive{
			name: "brought along", who: inStaff, path: place(paths.M2MClientNew), status: http.StatusSeeOther,
			form: form("client_name", "Reporter", "client_id", "reporter", "client_secret", canary, "client_description", "Reports", "scopes", "read:documents", "trusted_metadata", `{"team":"data"}`),
		},
		drive{name: "wrong", who: inStaff, path: place(paths.M2MClientNew), form: form("client_id", "a b", "client_secret", canary), status: http.StatusUnprocessableEntity},
		drive{name: "taken", who: inStaff, path: place(paths.M2MClientNew), form: form("client_id", legacy, "client_secret", canary), status: http.StatusUnprocessableEntity},
	),
	"GET /m2m-clients/:client_id": append(noStaffDrives(place(paths.M2MClient(legacy)), nil),
		drive{name: "half changed", who: inStaff, path: machineAt(importer, paths.M2MClient), status: http.StatusOK},
		drive{name: "own id", who: inStaff, path: place(paths.M2MClient(legacy)), status: http.StatusOK},
		drive{name: "hostile", who: inStaff, path: machineAt(markup, paths.M2MClient), status: http.StatusOK},
		drive{name: "none", who: inStaff, path: place(paths.M2MClient("nobody")), status: http.StatusNotFound},
	),
	"GET /m2m-clients/:client_id/edit/:group": append(noStaffDrives(machineGroup("name"), nil),
		drive{name: "name", who: inStaff, path: machineAt(exporter, func(id string) string { return paths.M2MClientEdit(id, "name") }), status: http.StatusOK},
		drive{name: "scopes", who: inStaff, path: machineAt(importer, func(id string) string { return paths.M2MClientEdit(id, "scopes") }), status: http.StatusOK},
		drive{name: "status", who: inStaff, path: machineGroup("status"), status: http.StatusOK},
		drive{name: "metadata", who: inStaff, path: machineAt(markup, func(id string) string { return paths.M2MClientEdit(id, "metadata") }), status: http.StatusOK},
		drive{name: "no such group", who: inStaff, path: machineGroup("nothing"), status: http.StatusNotFound},
	),
	"POST /m2m-clients/:client_id/edit/:group": append(noStaffDrives(machineGroup("name"), changing("client_name", "Legacy sync", "Old sync")),
		drive{name: "saved", who: inStaff, path: machineGroup("name"), form: changing("client_name", "Legacy sync", "Old sync"), status: http.StatusSeeOther},
		drive{name: "scopes", who: inStaff, path: machineGroup("scopes"), form: changing("scopes", "read:documents", "read:billing"), status: http.StatusSeeOther},
		drive{name: "status", who: inStaff, path: machineGroup("status"), form: changing("status", "inactive", "active"), status: http.StatusSeeOther},
		drive{name: "metadata", who: inStaff, path: machineGroup("metadata"), form: changing("trusted_metadata", "{}", `{"team":"data"}`), status: http.StatusSeeOther},
		drive{name: "review", who: inStaff, path: machineGroup("scopes"), form: form("was.scopes", "read:documents", "scopes", "read:billing"), status: http.StatusOK},
		drive{name: "conflict", who: inStaff, path: machineGroup("name"), form: changing("client_name", "Sync of old", "Old sync"), status: http.StatusConflict},
		drive{name: "wrong", who: inStaff, path: machineGroup("metadata"), form: changing("trusted_metadata", "{}", "[1]"), status: http.StatusUnprocessableEntity},
		drive{name: "nothing", who: inStaff, path: machineGroup("name"), form: form(), status: http.StatusSeeOther},
	),
	"GET /m2m-clients/:client_id/secret": append(noStaffDrives(place(paths.M2MClientSecret(legacy, "")), nil),
		drive{name: "one", who: inStaff, path: machineAt(exporter, machineSecret("")), status: http.StatusOK},
		drive{name: "two", who: inStaff, path: machineAt(importer, machineSecret("")), status: http.StatusOK},
		drive{name: "start", who: inStaff, path: machineAt(exporter, machineSecret("start")), status: http.StatusOK},
		drive{name: "complete", who: inStaff, path: machineAt(importer, machineSecret("complete")), status: http.StatusOK},
		drive{name: "cancel", who: inStaff, path: machineAt(importer, machineSecret("cancel")), status: http.StatusOK},
		drive{name: "out of turn", who: inStaff, path: machineAt(exporter, machineSecret("complete")), status: http.StatusSeeOther},
	),
	"POST /m2m-clients/:client_id/secret": append(noStaffDrives(place(paths.M2MClientSecret(legacy, "")), form("act", "start")),
		drive{name: "start", who: inStaff, path: machineAt(exporter, machineSecret("")), form: machineTurning(exporter, "start"), status: http.StatusOK},
		drive{name: "complete", who: inStaff, path: machineAt(importer, machineSecret("")), form: machineTurning(importer, "complete"), status: http.StatusSeeOther},
		drive{name: "cancel", who: inStaff, path: machineAt(importer, machineSecret("")), form: machineTurning(importer, "cancel"), status: http.StatusSeeOther},
		drive{name: "moved", who: inStaff, path: machineAt(importer, machineSecret("")), form: form("act", "complete", "secret_ends", "0000", "next_secret_ends", "1111"), status: http.StatusSeeOther},
	),
	"GET /m2m-clients/:client_id/delete": append(noStaffDrives(place(paths.M2MClientDelete(legacy)), nil),
		drive{name: "staff", who: inStaff, path: machineAt(exporter, paths.M2MClientDelete), status: http.StatusOK},
	),
	"POST /m2m-clients/:client_id/delete": append(noStaffDrives(place(paths.M2MClientDelete(legacy)), ending("Legacy sync")),
		drive{name: "mistyped", who: inStaff, path: place(paths.M2MClientDelete(legacy)), form: ending("Legacy"), status: http.StatusUnprocessableEntity},
		drive{name: "deleted", who: inStaff, path: place(paths.M2MClientDelete(legacy)), form: ending("Legacy sync"), status: http.StatusSeeOther},
	),
}
