package sandbox_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const (
	hank         = "hank@globex.example"
	appChallenge = "E9Melhoa2OwvFrEMTJGuCHaoeK1t8URWbuGJSstw-cM"
)

// ask is the request of a client of the seed to somebody, by a session.
func (w *world) asks(client, organization, email string, scopes ...string) fields {
	w.t.Helper()
	app := w.client(client)
	redirects, _ := app["redirect_urls"].([]any)
	return fields{
		"client_id": app["client_id"], "redirect_uri": redirects[0], "response_type": "code", "scopes": append([]string{}, scopes...),
		"session_token": w.session(organization, email),
	}
}

func changed(body fields, pairs ...any) fields {
	other := maps.Clone(body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(other, text(pairs[i]))
			continue
		}
		other[text(pairs[i])] = pairs[i+1]
	}
	return other
}

func (w *world) authorizeStart(body fields) answer {
	w.t.Helper()
	return w.post("/idp/oauth/authorize/start", body)
}

// decide answers a request; what a public client needs is there.
func (w *world) decide(body fields, granted bool) answer {
	w.t.Helper()
	decided := changed(body, "consent_granted", granted)
	if decided["code_challenge"] == nil {
		decided["code_challenge"] = appChallenge
	}
	return w.post("/idp/oauth/authorize", decided)
}

// query is what a redirect tells the client.
func (a answer) query() url.Values {
	a.t.Helper()
	u, err := url.Parse(a.want("200").text("redirect_uri"))
	if err != nil {
		a.t.Fatal(err)
	}
	return u.Query()
}

func TestAuthorizeStart(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	got := w.authorizeStart(w.asks("Ledgerly", "globex", "nadia.petrova@globex.example", "openid", "read:documents", "read:billing", "openid")).want("200")
	if got.text("client", "client_name") != "Ledgerly" || got.text("client", "client_type") != "third_party" ||
		got.text("member", "email_address") != "nadia.petrova@globex.example" || got.text("organization", "organization_slug") != "globex" {
		t.Errorf("got %s", got.raw)
	}
	var results []string
	for _, one := range got.list("scope_results") {
		if text(one["description"]) == "" {
			t.Errorf("%v is not described", one["scope"])
		}
		results = append(results, text(one["scope"])+map[bool]string{true: " yes", false: " no"}[one["is_grantable"] == true])
	}
	if want := []string{"openid yes", "read:documents yes", "read:billing no"}; !slices.Equal(results, want) {
		t.Errorf("scopes are %v, want %v", results, want)
	}
	nothing := w.authorizeStart(w.asks("Ledgerly", "globex", hank)).want("200")
	if len(nothing.list("scope_results")) != 0 {
		t.Errorf("nothing was asked for: %s", nothing.raw)
	}
}

// What a member's roles do not cover, no app gets.
func TestScopesAreThoseOfTheMember(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	custom := []string{"read:documents", "write:documents", "read:billing", "manage:billing"}
	for _, one := range []struct {
		organization, email string
		want                []string
	}{
		{"globex", hank, custom},
		{"globex", "nadia.petrova@globex.example", custom[:1]},
		{"acme", "daniel.okafor@acme.example", custom[:2]}, // an editor by the domain
		{"acme", "dalia.haddad@acme.example", custom[:3]},  // sees invoices: not every action on them
		{"acme", olivia, custom},
		{"initech", "peter.gibbons@initech.example", custom[:1]}, // an editor by single sign-on, in a session without it
	} {
		got := w.authorizeStart(w.asks("Warehouse Sync", one.organization, one.email, custom...)).want("200")
		var can []string
		for _, result := range got.list("scope_results") {
			if result["is_grantable"] == true {
				can = append(can, text(result["scope"]))
			}
		}
		if !slices.Equal(can, one.want) {
			t.Errorf("%s can give %v, want %v", one.email, can, one.want)
		}
	}
	access := func(app string) any {
		return w.authorizeStart(w.asks(app, "globex", hank, "full_access")).want("200").list("scope_results")[0]["is_grantable"]
	}
	if access("Desktop app") != true || access("Warehouse Sync") != false {
		t.Error("full_access is for those that are allowed it")
	}
}

func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	good := w.asks("Ledgerly", "globex", hank, "openid")
	member, globex := w.member("globex", hank), w.id("globex")
	byMember := changed(good, "session_token", nil, "organization_id", globex, "member_id", member)
	jwt := w.post("/sessions/authenticate", fields{"session_token": good["session_token"]}).want("200").text("session_jwt")
	public := w.asks("Notebook CLI", "globex", hank, "openid")
	w.clients(http.MethodPut, "/"+w.clientID("Report builder"), fields{"redirect_urls": []string{"https://127.0.0.1/callback"}}).want("200")
	loopbackHTTPS := changed(w.asks("Report builder", "globex", hank, "openid"), "redirect_uri", "https://127.0.0.1:8443/callback")
	gone := w.member("globex", "nadia.petrova@globex.example")
	w.remove("/organizations/globex/members/" + gone).want("200")
	closed := w.asks("Ledgerly", "closed", "owner@closed.example", "openid")
	for name, one := range map[string]struct {
		body fields
		want string
	}{
		"by session":                     {good, "200"},
		"by JWT":                         {changed(good, "session_token", nil, "session_jwt", jwt), "200"},
		"by ids":                         {byMember, "200"},
		"by slug":                        {changed(byMember, "organization_id", "globex"), "200"},
		"unknown client":                 {changed(good, "client_id", "connected-app-test-none"), "404 connected_app_not_found"},
		"unknown client and member":      {changed(good, "client_id", "none", "session_token", nil), "404 connected_app_not_found"},
		"other redirect":                 {changed(good, "redirect_uri", "https://evil.example/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"longer redirect":                {changed(good, "redirect_uri", "https://ledgerly.example/callback/"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"redirect with a query":          {changed(good, "redirect_uri", "https://ledgerly.example/callback?x=1"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"redirect with another port":     {changed(good, "redirect_uri", "https://ledgerly.example:444/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"redirect of another case":       {changed(good, "redirect_uri", "https://LEDGERLY.example/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"no member":                      {changed(good, "session_token", nil), "400 no_oauth_authorize_member_selector"},
		"organization alone":             {changed(byMember, "member_id", nil), "400 no_oauth_authorize_member_selector"},
		"member alone":                   {changed(byMember, "organization_id", nil), "400 no_oauth_authorize_member_selector"},
		"session and ids":                {changed(byMember, "session_token", good["session_token"]), "400 too_many_user_selection_arguments"},
		"session and JWT":                {changed(good, "session_jwt", jwt), "400 too_many_user_selection_arguments"},
		"dead session":                   {changed(good, "session_token", strings.Repeat("x", 44)), "404 session_not_found"},
		"member of another organization": {changed(byMember, "organization_id", w.id("acme")), "404 member_not_found"},
		"closed organization":            {closed, "400 connected_app_not_allowed_for_org"},
		"unknown scope":                  {changed(good, "scopes", []string{"openid", "admin"}), "400 oauth_invalid_scope_requested"},
		"foreign full access":            {changed(good, "scopes", []string{"full_access"}), "400 third_party_clients_cannot_use_full_access"},
		"loopback on another port":       {changed(public, "redirect_uri", "http://127.0.0.1:49152/callback"), "200"},
		"loopback, other path":           {changed(public, "redirect_uri", "http://127.0.0.1:49152/other"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"loopback, other address":        {changed(public, "redirect_uri", "http://[::1]/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"loopback, https port":           {loopbackHTTPS, "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"deleted member":                 {changed(byMember, "member_id", gone), "404 member_not_found"},
		"loopback by name":               {changed(public, "redirect_uri", "http://localhost/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"loopback by https":              {changed(public, "redirect_uri", "https://127.0.0.1/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
		"loopback before an at sign":     {changed(public, "redirect_uri", "http://127.0.0.1@evil.example/callback"), "401 connected_app_supplied_redirect_url_not_found_in_client"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{w.Server, t, w.checked, w.plain, w.invitations}
			w.authorizeStart(one.body).want(one.want)
			w.decide(one.body, true).want(one.want)
		})
	}
	agent := w.asks("Agent Bridge", "globex", hank, "openid")
	w.authorizeStart(changed(agent, "client_id", "https://agent.example/oauth/client.json")).want("200")
}

// Acme lists the third party apps that it takes.
func TestAuthorizeFollowsThePolicy(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	notes := w.asks("Pocket Notes", "acme", olivia, "openid")
	w.authorizeStart(notes).want("400 connected_app_not_allowed_for_org")
	w.authorizeStart(w.asks("Ledgerly", "acme", olivia, "openid")).want("200")
	w.authorizeStart(w.asks("Warehouse Sync", "acme", olivia, "openid")).want("200")
	w.put("/organizations/acme", fields{"third_party_connected_apps_allowed_type": "ALL_ALLOWED"}).want("200")
	w.decide(notes, true).want("200")
}

func TestConsentRequired(t *testing.T) {
	t.Parallel()
	const nadia = "nadia.petrova@globex.example" // has let nothing in
	for _, one := range []struct {
		name, app, email string
		scopes           []string
		prompt           string
		want             bool
	}{
		{"own, first time", "Warehouse Sync", nadia, []string{"openid", "read:documents"}, "", false},
		{"own, public", "Mobile app", nadia, []string{"openid"}, "", false},
		{"own, asked to", "Warehouse Sync", nadia, []string{"openid"}, "consent", true},
		{"own, asked to among others", "Warehouse Sync", nadia, []string{"openid"}, "login consent", true},
		{"own, another prompt", "Warehouse Sync", nadia, []string{"openid"}, "reconsent", false},
		{"own, offline", "Warehouse Sync", nadia, []string{"openid", "offline_access"}, "", true},
		{"own, offline, bypassed", "Report builder", nadia, []string{"openid", "offline_access"}, "", false},
		{"own, bypassed, asked to", "Report builder", nadia, []string{"openid", "offline_access"}, "consent", true},
		{"foreign, first time", "Ledgerly", nadia, []string{"openid"}, "", true},
		{"foreign, again", "Ledgerly", hank, []string{"openid", "read:billing"}, "", false},
		{"foreign, less", "Ledgerly", hank, []string{"openid"}, "", false},
		{"foreign, more", "Ledgerly", hank, []string{"openid", "email"}, "", true},
		{"foreign, offline again", "Ledgerly", hank, []string{"openid", "offline_access"}, "", true},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			body := w.asks(one.app, "globex", one.email, one.scopes...)
			if one.prompt != "" {
				body["prompt"] = one.prompt
			}
			if got := w.authorizeStart(body).want("200").at("consent_required"); got != one.want {
				t.Errorf("consent_required is %v, want %v", got, one.want)
			}
			// Not granted is a no only where the question was needed.
			if denied := w.decide(body, false).query().Get("error") == "access_denied"; denied != one.want {
				t.Errorf("without consent: denied %v, want %v", denied, one.want)
			}
			if code := w.decide(body, true).query().Get("code"); len(code) != 44 {
				t.Errorf("with consent the code is %q", code)
			}
		})
	}
}

// A grant is remembered, added to, and forgotten when it is taken back: then even the project's own app has to ask.
func TestConsentMemory(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const nadia = "nadia.petrova@globex.example"
	id := w.member("globex", nadia)
	asks := func(body fields) bool { return w.authorizeStart(body).want("200").at("consent_required") == true }
	for _, name := range []string{"Notebook CLI", "Warehouse Sync"} {
		first := w.asks(name, "globex", nadia, "openid", "email")
		w.authorizeStart(first).want("200")
		if w.installed("globex", text(first["client_id"]))[id] != nil {
			t.Errorf("%s: looking at the request has granted it", name)
		}
		w.decide(first, true).want("200")
		more := changed(first, "scopes", []string{"openid", "read:documents", "read:billing"})
		w.decide(more, true).want("200")
		if got := w.installed("globex", text(first["client_id"]))[id]; !slices.Equal(got, []any{"openid", "email", "read:documents"}) {
			t.Errorf("%s: granted are %v", name, got)
		}
		if asks(first) || asks(more) {
			t.Errorf("%s: asks again", name)
		}
		w.post("/organizations/globex/members/"+id+"/connected_apps/"+text(first["client_id"])+"/revoke", fields{}).want("200")
		if !asks(first) {
			t.Errorf("%s: does not ask after it was put out", name)
		}
		w.decide(first, true).want("200")
		if asks(first) {
			t.Errorf("%s: asks after it was let in again", name)
		}
	}
}

func TestAuthorizeAnswers(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const nadia = "nadia.petrova@globex.example"
	foreign := changed(w.asks("Ledgerly", "globex", nadia, "openid"), "state", "a b&c=d+é")
	for name, one := range map[string]struct {
		body    fields
		granted bool
		want    string
	}{
		"granted":              {foreign, true, ""},
		"denied":               {changed(foreign, "prompt", "consent"), false, "access_denied"},
		"other response type":  {changed(foreign, "response_type", "token"), true, "unsupported_response_type"},
		"nothing grantable":    {changed(foreign, "scopes", []string{"read:billing"}), true, "invalid_scope"},
		"no scope at all":      {changed(foreign, "scopes", []string{}), true, "invalid_scope"},
		"resource":             {changed(foreign, "resources", []string{"https://api.example/v1"}), true, ""},
		"resource, relative":   {changed(foreign, "resources", []string{"/v1"}), true, "invalid_target"},
		"resource, a fragment": {changed(foreign, "resources", []string{"https://api.example/#v1"}), true, "invalid_target"},
	} {
		got := w.decide(one.body, one.granted)
		query := got.query()
		if query.Get("error") != one.want || query.Get("state") != "a b&c=d+é" {
			t.Errorf("%s: got %v", name, query)
		}
		if !strings.HasPrefix(got.text("redirect_uri"), "https://ledgerly.example/callback?") {
			t.Errorf("%s: leads to %s", name, got.text("redirect_uri"))
		}
		if code := query.Get("code"); code != got.text("authorization_code") || (code != "") != (one.want == "") {
			t.Errorf("%s: the code is %q", name, code)
		}
	}
	if query := w.decide(changed(foreign, "state", nil), true).query(); query.Has("state") {
		t.Errorf("a state from nowhere: %v", query)
	}
	notes := w.decide(w.asks("Pocket Notes", "globex", nadia, "openid"), true).want("200").text("redirect_uri")
	if !strings.HasPrefix(notes, "com.example.notes:/oauth?code=") {
		t.Errorf("leads to %s", notes)
	}
	id := w.clientID("Ledgerly")
	w.clients(http.MethodPut, "/"+id, fields{"redirect_urls": []string{"https://ledgerly.example/cb?z=1&a=2"}}).want("200")
	kept := w.decide(changed(foreign, "redirect_uri", "https://ledgerly.example/cb?z=1&a=2"), true).want("200").text("redirect_uri")
	if !strings.HasPrefix(kept, "https://ledgerly.example/cb?z=1&a=2&code=") {
		t.Errorf("the query is not kept: %s", kept)
	}
}

func TestAuthorizePKCE(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for app, without := range map[string]string{
		"Ledgerly": "200", "Warehouse Sync": "200",
		"Notebook CLI": "400 pkce_required_for_idp_authorization_flow", "Mobile app": "400 pkce_required_for_idp_authorization_flow",
	} {
		body := changed(w.asks(app, "globex", hank, "openid"), "consent_granted", true)
		w.post("/idp/oauth/authorize", body).want(without)
		w.post("/idp/oauth/authorize", changed(body, "code_challenge", appChallenge)).want("200")
		w.post("/idp/oauth/authorize", changed(body, "code_challenge", "short")).want("400 invalid_pkce_code_challenge")
	}
}

// A session that is over decides nothing.
func TestAuthorizeExpiredSession(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	body := w.asks("Warehouse Sync", "globex", hank, "openid")
	w.decide(body, true).want("200")
	w.Advance(61 * time.Minute)
	w.authorizeStart(body).want("404 session_not_found")
	w.decide(body, true).want("404 session_not_found")
}
