package sandbox_test

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

const m2mPath = "/v1/m2m/clients"

func (w *world) m2m(method, path string, body any) answer {
	w.t.Helper()
	return w.send(w.checked, method, m2mPath+path, body)
}

func TestM2MCreate(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	made := w.m2m(http.MethodPost, "", fields{
		"scopes": []string{"read:a", "read:a", "read:b"}, "client_name": "New", "trusted_metadata": fields{"k": "v"},
	}).want("200")
	secret := made.text("m2m_client", "client_secret")
	got := w.m2m(http.MethodGet, "/"+made.text("m2m_client", "client_id"), nil).want("200")
	want := fields{
		"client_id": made.text("m2m_client", "client_id"), "client_name": "New", "client_description": "", "status": "active",
		"scopes": []any{"read:a", "read:b"}, "trusted_metadata": fields{"k": "v"},
		"client_secret_last_four": secret[len(secret)-4:], "next_client_secret_last_four": nil,
	}
	if !reflect.DeepEqual(got.at("m2m_client"), want) || len(secret) < 43 {
		t.Errorf("got %s", got.raw)
	}
	supplied := w.m2m(http.MethodPost, "", fields{"scopes": []string{}, "client_id": "my-own.id", "client_secret": "violet-lantern-harbour-94"}).want("200")
	if supplied.text("m2m_client", "client_id") != "my-own.id" || supplied.text("m2m_client", "client_secret") != "violet-lantern-harbour-94" {
		t.Errorf("got %s", supplied.raw)
	}
	many := make([]string, 101)
	for i := range many {
		many[i] = "scope:" + strconv.Itoa(i)
	}
	for name, one := range map[string]struct {
		body fields
		want string
	}{
		"same id":              {fields{"client_id": "my-own.id"}, "400 duplicate_m2m_client_id"},
		"id of an app":         {fields{"client_id": w.clientID("Ledgerly")}, "400 duplicate_m2m_client_id"},
		"id with a space":      {fields{"client_id": "my id"}, "400 m2m_client_invalid_client_id"},
		"id with a slash":      {fields{"client_id": "../x"}, "400 m2m_client_invalid_client_id"},
		"no id":                {fields{"client_id": ""}, "400 m2m_client_invalid_client_id"},
		"short secret":         {fields{"client_secret": "x7$Kq2!"}, "400 insecure_m2m_client_secret"},
		"secret of one letter": {fields{"client_secret": strings.Repeat("a", 40)}, "400 insecure_m2m_client_secret"},
		"secret that is known": {fields{"client_secret": "password1"}, "400 insecure_m2m_client_secret"},
		"long secret":          {fields{"client_secret": strings.Repeat("x7$Kq2!m", 32)}, "400 client_secret_too_long"},
		"scope with a space":   {fields{"scopes": []string{"read a"}}, "400 invalid_m2m_client_scope"},
		"empty scope":          {fields{"scopes": []string{""}}, "400 invalid_m2m_client_scope"},
		"too many scopes":      {fields{"scopes": many}, "400 too_many_m2m_client_scopes"},
		"long name":            {fields{"client_name": strings.Repeat("é", 129)}, "400 m2m_client_invalid_client_name"},
		"long description":     {fields{"client_description": strings.Repeat("é", 513)}, "400 m2m_client_invalid_client_description"},
		"metadata":             {fields{"trusted_metadata": fields{"k": strings.Repeat("x", 4096)}}, "400 metadata_too_large"},
	} {
		if one.body["scopes"] == nil {
			one.body["scopes"] = []string{"read:a"}
		}
		t.Run(name, func(t *testing.T) {
			w := &world{w.Server, t, w.checked, w.plain, w.invitations}
			w.m2m(http.MethodPost, "", one.body).want(one.want)
		})
	}
}

func TestM2MUpdate(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const path = "/legacy-sync"
	before := w.m2m(http.MethodGet, path, nil).want("200")
	after := w.m2m(http.MethodPut, path, fields{"status": "active", "trusted_metadata": fields{"a": 1, "b": 2}}).want("200")
	if after.text("m2m_client", "status") != "active" || after.text("m2m_client", "client_name") != before.text("m2m_client", "client_name") {
		t.Errorf("got %s", after.raw)
	}
	merged := w.m2m(http.MethodPut, path, fields{"scopes": []string{}, "trusted_metadata": fields{"a": nil, "c": 3}}).want("200")
	if !reflect.DeepEqual(merged.at("m2m_client", "trusted_metadata"), fields{"b": 2.0, "c": 3.0}) ||
		!reflect.DeepEqual(merged.at("m2m_client", "scopes"), []any{}) {
		t.Errorf("got %s", merged.raw)
	}
	w.send(w.plain, http.MethodPut, m2mPath+path, fields{"status": "asleep"}).want("400 invalid_m2m_client_status")
	w.m2m(http.MethodPut, path, fields{"client_name": "Half", "scopes": []string{"a b"}}).want("400 invalid_m2m_client_scope")
	if name := w.m2m(http.MethodGet, path, nil).text("m2m_client", "client_name"); name == "Half" {
		t.Error("half of a refused change is there")
	}
}

func TestM2MRotation(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const path = "/legacy-sync/secrets/rotate"
	w.m2m(http.MethodPost, path, fields{}).want("400 m2m_client_not_rotating_secret")
	w.m2m(http.MethodPost, path+"/cancel", fields{}).want("400 m2m_client_not_rotating_secret")
	before := w.m2m(http.MethodGet, "/legacy-sync", nil).text("m2m_client", "client_secret_last_four")
	for _, end := range []string{"/cancel", ""} {
		next := w.m2m(http.MethodPost, path+"/start", fields{}).want("200").text("m2m_client", "next_client_secret")
		w.m2m(http.MethodPost, path+"/start", fields{}).want("400 m2m_client_already_rotating_secret")
		during := w.m2m(http.MethodGet, "/legacy-sync", nil)
		if during.text("m2m_client", "next_client_secret_last_four") != next[len(next)-4:] || during.text("m2m_client", "client_secret_last_four") != before {
			t.Errorf("during: %s", during.raw)
		}
		ended := w.m2m(http.MethodPost, path+end, fields{}).want("200")
		want := map[string]string{"/cancel": before, "": next[len(next)-4:]}[end]
		if ended.text("m2m_client", "client_secret_last_four") != want || ended.at("m2m_client", "next_client_secret_last_four") != nil {
			t.Errorf("after %q: %s", end, ended.raw)
		}
	}
}

func TestM2MSearch(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	by := func(name string, values ...string) fields { return fields{"filter_name": name, "filter_value": values} }
	for name, one := range map[string]struct {
		operator string
		operands []fields
		want     []string
	}{
		"all":               {"AND", []fields{}, []string{"Nightly export", "Invoice importer", "Legacy sync", "<img src=x onerror=alert(12)>"}},
		"id":                {"AND", []fields{by("client_id", "legacy-sync", "other")}, []string{"Legacy sync"}},
		"name":              {"AND", []fields{by("client_name", "Nightly export")}, []string{"Nightly export"}},
		"part of a name":    {"AND", []fields{by("client_name", "Nightly")}, nil},
		"scope":             {"AND", []fields{by("scopes", "read:documents")}, []string{"Nightly export", "Legacy sync"}},
		"any of the scopes": {"AND", []fields{by("scopes", "read:documents", "read:billing")}, []string{"Nightly export", "Invoice importer", "Legacy sync"}},
		"both":              {"AND", []fields{by("scopes", "read:documents"), by("client_name", "Legacy sync")}, []string{"Legacy sync"}},
		"either":            {"OR", []fields{by("client_name", "Invoice importer"), by("client_id", "legacy-sync")}, []string{"Invoice importer", "Legacy sync"}},
		"neither":           {"AND", []fields{by("client_name", "Invoice importer"), by("client_id", "legacy-sync")}, nil},
	} {
		got := w.m2m(http.MethodPost, "/search", fields{"query": fields{"operator": one.operator, "operands": one.operands}}).want("200")
		var names []string
		for _, client := range got.list("m2m_clients") {
			names = append(names, text(client["client_name"]))
		}
		if !slices.Equal(names, one.want) || got.at("results_metadata", "total") != float64(len(one.want)) {
			t.Errorf("%s: got %v of %v, want %v", name, names, got.at("results_metadata", "total"), one.want)
		}
	}
	search := func(body fields) answer { return w.m2m(http.MethodPost, "/search", body) }
	first := search(fields{"limit": 3}).want("200")
	rest := search(fields{"limit": 3, "cursor": first.at("results_metadata", "next_cursor")}).want("200")
	if len(first.list("m2m_clients")) != 3 || len(rest.list("m2m_clients")) != 1 || rest.at("results_metadata", "next_cursor") != nil {
		t.Error("the pages are not 3 and 1")
	}
	query := func(operands ...fields) fields {
		return fields{"query": fields{"operator": "AND", "operands": operands}}
	}
	search(query(fields{"filter_name": "status", "filter_value": []string{"active"}})).want("400 m2m_search_filter_name_not_recognized")
	search(query(fields{"filter_name": "scopes", "filter_value": "read:documents"})).want("400 m2m_search_expected_array_of_strings")
	search(query(fields{"filter_value": []string{"x"}})).want("400 m2m_search_missing_filter_name")
	search(query(fields{"filter_name": "scopes"})).want("400 m2m_search_missing_filter_value")
}

func TestM2MDeleteAndUnknown(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if gone := w.m2m(http.MethodDelete, "/legacy-sync", nil).want("200"); gone.text("client_id") != "legacy-sync" {
		t.Errorf("got %s", gone.raw)
	}
	for _, one := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, "", nil},
		{http.MethodPut, "", fields{}},
		{http.MethodDelete, "", nil},
		{http.MethodPost, "/secrets/rotate/start", fields{}},
		{http.MethodPost, "/secrets/rotate", fields{}},
		{http.MethodPost, "/secrets/rotate/cancel", fields{}},
	} {
		w.m2m(one.method, "/legacy-sync"+one.path, one.body).want("404 m2m_client_not_found")
	}
	w.m2m(http.MethodPost, "", fields{"scopes": []string{}, "client_id": "legacy-sync"}).want("200") // the id is free
}

func TestProjectMetrics(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Organizations: 3})
	count := func(kind string) float64 {
		t.Helper()
		for _, one := range w.send(w.checked, http.MethodGet, "/v1/projects/metrics", nil).want("200").list("metrics") {
			if one["metric_type"] == kind {
				n, _ := one["count"].(float64)
				return n
			}
		}
		t.Fatalf("there is no %s", kind)
		return 0
	}
	organizations, members, machines := count("ORGANIZATION_COUNT"), count("MEMBER_COUNT"), count("M2M_CLIENT_COUNT")
	if total := w.post("/organizations/search", fields{}).want("200").at("results_metadata", "total"); total != organizations || machines != 4 {
		t.Errorf("%v organizations of %v, %v machines", organizations, total, machines)
	}
	w.remove("/organizations/acme/members/" + w.member("acme", olivia)).want("200")
	w.m2m(http.MethodDelete, "/legacy-sync", nil).want("200")
	if count("MEMBER_COUNT") != members-1 || count("M2M_CLIENT_COUNT") != machines-1 || count("USER_COUNT") != 0 {
		t.Error("what is deleted is counted")
	}
}
