package sandbox_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

// The operations on clients are outside /v1/b2b.
const clientsPath = "/v1/connected_apps/clients"

func (w *world) clients(method, path string, body any) answer {
	w.t.Helper()
	return w.send(w.checked, method, clientsPath+path, body)
}

// client is a client of the seed by its name.
func (w *world) client(name string) fields {
	w.t.Helper()
	for _, app := range w.clients(http.MethodPost, "/search", fields{}).want("200").list("connected_apps") {
		if app["client_name"] == name {
			return app
		}
	}
	w.t.Fatalf("there is no client %q", name)
	return nil
}

func (w *world) clientID(name string) string { return text(w.client(name)["client_id"]) }

func TestConnectedAppCreate(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for kind, confidential := range map[string]bool{
		"first_party": true, "first_party_public": false, "third_party": true, "third_party_public": false,
	} {
		made := w.clients(http.MethodPost, "", fields{"client_type": kind, "client_name": "Made"}).want("200")
		secret := made.text("connected_app", "client_secret")
		if (secret != "") != confidential || confidential && len(secret) < 43 {
			t.Errorf("%s: secret of %d characters", kind, len(secret))
		}
		got := w.clients(http.MethodGet, "/"+made.text("connected_app", "client_id"), nil).want("200")
		if confidential && got.text("connected_app", "client_secret_last_four") != secret[len(secret)-4:] {
			t.Errorf("%s: read back %s", kind, got.raw)
		}
		if strings.Contains(string(got.raw), `"client_secret"`) || confidential && strings.Contains(string(got.raw), secret) {
			t.Errorf("%s: the secret is told again: %s", kind, got.raw)
		}
		want := fields{
			"client_type": kind, "client_name": "Made", "status": "active", "creation_method": "API",
			"access_token_expiry_minutes": 60.0, "full_access_allowed": false, "bypass_consent_for_offline_access": false,
			"redirect_urls": []any{}, "post_logout_redirect_urls": []any{}, "access_token_template_content": "", "logo_url": nil,
		}
		for key, value := range want {
			if have := got.at("connected_app", key); !reflect.DeepEqual(have, value) {
				t.Errorf("%s: %s is %v, want %v", kind, key, have, value)
			}
		}
	}
	w.send(w.plain, http.MethodPost, clientsPath, fields{"client_type": "fourth_party"}).want("400 invalid_connected_app_type")
	w.send(w.plain, http.MethodPost, clientsPath, fields{"client_name": "No type"}).want("400 invalid_connected_app_type")
}

// Each value is tried at creation and as a change.
func TestConnectedAppRules(t *testing.T) {
	t.Parallel()
	urls := func(all ...string) []string { return all }
	for _, one := range []struct {
		name, kind string
		body       fields
		want       string
	}{
		{"https", "third_party", fields{"redirect_urls": urls("https://a.example/cb?x=1")}, "200"},
		{"loopback", "third_party", fields{"redirect_urls": urls("http://127.0.0.1:80/cb", "http://[::1]/cb", "http://localhost:3000/cb")}, "200"},
		{"http elsewhere", "third_party", fields{"redirect_urls": urls("http://a.example/cb")}, "400 connected_app_redirect_url_http_scheme_must_use_loopback"},
		{"http that looks like loopback", "third_party", fields{"redirect_urls": urls("http://127.0.0.1.a.example/cb")}, "400 connected_app_redirect_url_http_scheme_must_use_loopback"},
		{"no scheme", "third_party", fields{"redirect_urls": urls("//a.example/cb")}, "400 connected_app_redirect_url_must_include_scheme"},
		{"path alone", "third_party", fields{"redirect_urls": urls("cb")}, "400 connected_app_redirect_url_must_include_scheme"},
		{"private scheme, public", "third_party_public", fields{"redirect_urls": urls("com.example.notes:/oauth")}, "200"},
		{"private scheme, confidential", "third_party", fields{"redirect_urls": urls("com.example.notes:/oauth")}, "400 connected_app_redirect_url_must_use_http_or_https_scheme"},
		{"scheme without a dot", "first_party_public", fields{"redirect_urls": urls("myapp:/oauth")}, "400 connected_app_redirect_url_must_use_http_or_https_scheme"},
		{"javascript", "first_party_public", fields{"redirect_urls": urls("JavaScript:alert(1)")}, "400 connected_app_redirect_url_must_use_http_or_https_scheme"},
		{"data", "first_party_public", fields{"redirect_urls": urls("data:text/html,x")}, "400 connected_app_redirect_url_must_use_http_or_https_scheme"},
		{"empty", "third_party", fields{"redirect_urls": urls("")}, "400 connected_app_invalid_redirect_url"},
		{"fragment", "third_party", fields{"redirect_urls": urls("https://a.example/cb#x")}, "400 connected_app_invalid_redirect_url"},
		{"user", "third_party", fields{"redirect_urls": urls("https://a@b.example/cb")}, "400 connected_app_invalid_redirect_url"},
		{"wildcard", "third_party", fields{"redirect_urls": urls("https://*.example/cb")}, "400 connected_app_invalid_redirect_url"},
		{"backslash", "third_party", fields{"redirect_urls": urls(`https://a.example\@b.example/`)}, "400 connected_app_invalid_redirect_url"},
		{"line break", "third_party", fields{"redirect_urls": urls("https://a.example/\n")}, "400 connected_app_invalid_redirect_url"},
		{"no host", "third_party", fields{"redirect_urls": urls("https:///cb")}, "400 connected_app_invalid_redirect_url"},
		{"port that is none", "third_party", fields{"redirect_urls": urls("https://a.example:x/")}, "400 connected_app_invalid_redirect_url"},
		{"twice", "third_party", fields{"redirect_urls": urls("https://a.example/", "https://a.example/")}, "400 duplicate_redirect_url"},
		{"after logout", "third_party", fields{"post_logout_redirect_urls": urls("http://a.example/")}, "400 connected_app_redirect_url_http_scheme_must_use_loopback"},
		{"full access, own", "first_party", fields{"full_access_allowed": true}, "200"},
		{"full access, foreign", "third_party", fields{"full_access_allowed": true}, "400 third_party_clients_cannot_use_full_access"},
		{"full access, foreign public", "third_party_public", fields{"full_access_allowed": true}, "400 third_party_clients_cannot_use_full_access"},
		{"bypass, own public", "first_party_public", fields{"bypass_consent_for_offline_access": true}, "200"},
		{"bypass, foreign", "third_party", fields{"bypass_consent_for_offline_access": true}, "400 third_party_clients_require_consent_for_offline_access"},
		{"shortest life", "third_party", fields{"access_token_expiry_minutes": 1}, "200"},
		{"no life", "third_party", fields{"access_token_expiry_minutes": 0}, "400 idp_invalid_access_token_expiry_minutes"},
		{"longest life", "third_party", fields{"access_token_expiry_minutes": 1440}, "200"},
		{"too long a life", "third_party", fields{"access_token_expiry_minutes": 1441}, "400 idp_invalid_access_token_expiry_minutes"},
		{"audience", "third_party", fields{"access_token_custom_audience": "https://api.example"}, "200"},
		{"audience with a space", "third_party", fields{"access_token_custom_audience": "a b"}, "400 idp_invalid_access_token_custom_audience"},
		{"long audience", "third_party", fields{"access_token_custom_audience": strings.Repeat("a", 256)}, "400 idp_invalid_access_token_custom_audience"},
		{"template", "third_party", fields{"access_token_template_content": `{"a":{{ member.roles }},"b":"{{organization.slug}}","c":{"d":1}}`}, "200"},
		{"template that is no JSON", "third_party", fields{"access_token_template_content": `{"a":}`}, "400 jwt_template_invalid_json"},
		{"template that is no object", "third_party", fields{"access_token_template_content": `[1]`}, "400 idp_invalid_access_token_jwt_template"},
		{"template with an open tag", "third_party", fields{"access_token_template_content": `{"a":"{{ member.name"}`}, "400 jwt_template_mismatched_tag"},
		{"template with an unknown tag", "third_party", fields{"access_token_template_content": `{"a":"{{ secret }}"}`}, "400 jwt_template_invalid_tag"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			created := maps.Clone(one.body)
			created["client_type"] = one.kind
			w.clients(http.MethodPost, "", created).want(one.want)
			made := w.clients(http.MethodPost, "", fields{"client_type": one.kind, "client_name": "Before"}).want("200")
			path := "/" + made.text("connected_app", "client_id")
			changed := maps.Clone(one.body)
			changed["client_name"] = "After"
			w.clients(http.MethodPut, path, changed).want(one.want)
			name := w.clients(http.MethodGet, path, nil).want("200").text("connected_app", "client_name")
			if (name == "After") != (one.want == "200") {
				t.Errorf("%s, and the name is %q: not all or nothing", one.want, name)
			}
		})
	}
}

func TestConnectedAppUpdateIsPartial(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	before := w.client("Ledgerly")
	path := "/" + text(before["client_id"])
	after := w.clients(http.MethodPut, path, fields{"client_description": "New"}).want("200").at("connected_app")
	before["client_description"] = "New"
	if !reflect.DeepEqual(after, before) {
		t.Errorf("got %v, want %v", after, before)
	}
	cleared := w.clients(http.MethodPut, path, fields{"redirect_urls": []string{}, "logo_url": ""}).want("200")
	if urls, _ := cleared.at("connected_app", "redirect_urls").([]any); len(urls) != 0 || cleared.at("connected_app", "logo_url") != nil {
		t.Errorf("not cleared: %s", cleared.raw)
	}
	w.send(w.plain, http.MethodPut, clientsPath+path, fields{"client_type": "first_party", "client_id": "other"}).want("200")
	if kind := w.client("Ledgerly")["client_type"]; kind != "third_party" {
		t.Errorf("the type changed to %v", kind)
	}
}

// Whatever the seed holds can be saved as it is.
func TestSeededClients(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	kinds, ways := map[string]int{}, map[string]int{}
	for _, app := range w.clients(http.MethodPost, "/search", fields{}).want("200").list("connected_apps") {
		kinds[text(app["client_type"])]++
		ways[text(app["creation_method"])]++
		w.clients(http.MethodPut, "/"+text(app["client_id"]), fields{
			"redirect_urls": app["redirect_urls"], "post_logout_redirect_urls": app["post_logout_redirect_urls"],
			"access_token_template_content": app["access_token_template_content"],
		}).want("200")
	}
	if len(kinds) != 4 || ways["DYNAMIC_REGISTRATION"] != 1 || ways["CIMD"] != 1 {
		t.Errorf("types %v, ways %v", kinds, ways)
	}
}

func TestConnectedAppSearchPages(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	all := w.clients(http.MethodPost, "/search", fields{}).want("200")
	var paged []fields
	body := fields{"limit": 4}
	for {
		part := w.clients(http.MethodPost, "/search", body).want("200")
		paged = append(paged, part.list("connected_apps")...)
		if part.at("results_metadata", "total") != float64(len(all.list("connected_apps"))) {
			t.Errorf("total is %v", part.at("results_metadata", "total"))
		}
		if part.at("results_metadata", "next_cursor") == nil {
			break
		}
		body["cursor"] = part.at("results_metadata", "next_cursor")
	}
	if !reflect.DeepEqual(paged, all.list("connected_apps")) {
		t.Error("the pages are not the whole")
	}
	w.clients(http.MethodPost, "/search", fields{"cursor": "nonsense"}).want("400 user_search_invalid_cursor")
	w.clients(http.MethodPost, "/search", fields{"limit": 1001}).want("400 user_search_invalid_limit")
}

func TestConnectedAppRotation(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path := "/" + w.clientID("Ledgerly") + "/secrets/rotate"
	w.clients(http.MethodPost, path, fields{}).want("400 connected_app_not_rotating_secret")
	w.clients(http.MethodPost, path+"/cancel", fields{}).want("400 connected_app_not_rotating_secret")
	before := text(w.client("Ledgerly")["client_secret_last_four"])
	for _, end := range []string{"/cancel", ""} {
		next := w.clients(http.MethodPost, path+"/start", fields{}).want("200").text("connected_app", "next_client_secret")
		w.clients(http.MethodPost, path+"/start", fields{}).want("400 connected_app_already_rotating_secret")
		during := w.client("Ledgerly")
		if len(next) < 43 || during["next_client_secret_last_four"] != next[len(next)-4:] || during["client_secret_last_four"] != before {
			t.Errorf("during: %v", during)
		}
		ended := w.clients(http.MethodPost, path+end, fields{}).want("200")
		want := map[string]string{"/cancel": before, "": next[len(next)-4:]}[end]
		if ended.text("connected_app", "client_secret_last_four") != want || ended.at("connected_app", "next_client_secret_last_four") != nil {
			t.Errorf("after %q: %s", end, ended.raw)
		}
		if strings.Contains(string(ended.raw), next) {
			t.Errorf("after %q the secret is told again", end)
		}
	}
	for _, public := range []string{"Mobile app", "Notebook CLI"} {
		for _, step := range []string{"/start", "", "/cancel"} {
			w.clients(http.MethodPost, "/"+w.clientID(public)+"/secrets/rotate"+step, fields{}).want("400 public_connected_apps_do_not_have_secrets")
		}
	}
	if half := w.client("Payroll bridge"); half["next_client_secret_last_four"] == nil || half["client_secret_last_four"] == nil {
		t.Errorf("the seed's rotation is %v", half)
	}
}

func TestConnectedAppUnknown(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const path = "/connected-app-test-none"
	for _, one := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, path, nil},
		{http.MethodPut, path, fields{}},
		{http.MethodDelete, path, nil},
		{http.MethodPost, path + "/secrets/rotate/start", fields{}},
		{http.MethodPost, path + "/secrets/rotate", fields{}},
		{http.MethodPost, path + "/secrets/rotate/cancel", fields{}},
	} {
		w.clients(one.method, one.path, one.body).want("404 connected_app_not_found")
	}
}

// installed are the members who have let an app in, with their scopes.
func (w *world) installed(organization, app string) map[string][]any {
	w.t.Helper()
	answer := w.get("/organizations/" + organization + "/connected_apps/" + app)
	if answer.status == http.StatusNotFound {
		answer.want("404 connected_app_not_found")
		return nil
	}
	found := map[string][]any{}
	for _, one := range answer.want("200").list("active_members") {
		scopes, _ := one["granted_scopes"].([]any)
		found[text(one["member_id"])] = scopes
	}
	return found
}

func TestOrganizationConnectedApp(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	ledgerly := w.clientID("Ledgerly")
	detail := w.get("/organizations/acme/connected_apps/" + ledgerly).want("200")
	if detail.text("name") != "Ledgerly" || detail.text("client_type") != "third_party" || detail.text("connected_app_id") != ledgerly {
		t.Errorf("got %s", detail.raw)
	}
	got := w.installed("acme", ledgerly)
	daniel := w.member("acme", "daniel.okafor@acme.example")
	if len(got) != 3 || !slices.Equal(got[daniel], []any{"openid", "read:billing"}) {
		t.Errorf("acme's members are %v", got)
	}
	w.get("/organizations/umbrella/connected_apps/" + ledgerly).want("404 connected_app_not_found")
	w.get("/organizations/acme/connected_apps/nothing").want("404 connected_app_not_found")
	w.get("/organizations/acme/connected_apps/"+ledgerly, w.as("acme", "daniel.okafor@acme.example")...).want("200")
	w.get("/organizations/acme/connected_apps/"+ledgerly, w.as("globex", "hank@globex.example")...).want("403 session_authorization_tenancy_error")
}

// A deleted app is gone from every organization and from every member.
func TestConnectedAppDelete(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	ledgerly := w.clientID("Ledgerly")
	hank := w.member("globex", "hank@globex.example")
	if w.installed("globex", ledgerly)[hank] == nil {
		t.Fatal("globex does not have it")
	}
	gone := w.clients(http.MethodDelete, "/"+ledgerly, nil).want("200")
	if gone.text("client_id") != ledgerly {
		t.Errorf("got %s", gone.raw)
	}
	w.clients(http.MethodDelete, "/"+ledgerly, nil).want("404 connected_app_not_found")
	for _, organization := range []string{"acme", "globex"} {
		if w.installed(organization, ledgerly) != nil {
			t.Errorf("%s has it still", organization)
		}
	}
	for _, app := range w.get("/organizations/globex/members/" + hank + "/connected_apps").want("200").list("connected_apps") {
		if app["connected_app_id"] == ledgerly {
			t.Error("hank has it still")
		}
	}
}

// A tighter policy puts out what it does not allow, and nothing else.
func TestAppPolicyUninstalls(t *testing.T) {
	t.Parallel()
	names := []string{"Warehouse Sync", "Mobile app", "Report builder", "Desktop app", "Ledgerly", "Notebook CLI"}
	for _, one := range []struct {
		name string
		body func(w *world) fields
		want []string
	}{
		{"nothing said", func(*world) fields { return fields{"organization_name": "Acme"} }, names},
		{"no third party", func(*world) fields { return fields{"third_party_connected_apps_allowed_type": "NOT_ALLOWED"} }, names[:4]},
		{"no first party", func(*world) fields { return fields{"first_party_connected_apps_allowed_type": "NOT_ALLOWED"} }, names[4:]},
		{"list without one", func(w *world) fields {
			return fields{"allowed_third_party_connected_apps": []string{w.clientID("Ledgerly")}}
		}, names[:5]},
		{"a list that nothing reads", func(*world) fields { return fields{"allowed_first_party_connected_apps": []string{}} }, names},
		{"some first party", func(w *world) fields {
			return fields{"first_party_connected_apps_allowed_type": "RESTRICTED", "allowed_first_party_connected_apps": []string{w.clientID("Mobile app")}}
		}, []string{"Mobile app", "Ledgerly", "Notebook CLI"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			w.put("/organizations/acme", one.body(w)).want("200")
			var got []string
			for _, app := range w.get("/organizations/acme/connected_apps").want("200").list("connected_apps") {
				got = append(got, text(app["name"]))
			}
			if !slices.Equal(got, one.want) {
				t.Errorf("left are %v, want %v", got, one.want)
			}
			daniel := w.get("/organizations/acme/members/" + w.member("acme", "daniel.okafor@acme.example") + "/connected_apps").want("200")
			for _, app := range daniel.list("connected_apps") {
				if !slices.Contains(one.want, text(app["name"])) {
					t.Errorf("daniel keeps %v", app["name"])
				}
			}
		})
	}
}
