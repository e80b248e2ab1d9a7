package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

func (a appClient) about(token string) url.Values {
	form := a.shown()
	form.Set("token", token)
	return form
}

func TestIntrospect(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app, other := w.playing("Ledgerly"), w.playing("Demo app")
	got := w.tokens(app, "openid", "offline_access")
	access, refresh := got.text("access_token"), got.text("refresh_token")

	said := w.form("introspect", app.about(access)).wantOAuth("200")
	if said.at("active") != true || said.text("client_id") != app.id || said.text("scope") != "openid offline_access" || said.text("token_type") != "access_token" ||
		said.text("iss") != w.checked || !strings.HasPrefix(said.text("sub"), "member-test-") || said.text("https://stytch.com/organization", "slug") != "acme" {
		t.Errorf("it says %s", said.raw)
	}
	if said := w.form("introspect", app.about(refresh)).wantOAuth("200"); said.at("active") != true || said.text("token_type") != "refresh_token" {
		t.Errorf("of the refresh token it says %s", said.raw)
	}
	inactive := func(name string, client appClient, token string) {
		t.Helper()
		said := w.form("introspect", client.about(token)).wantOAuth("200")
		if said.at("active") != false || len(said.fields) != 3 {
			t.Errorf("%s: it says %s", name, said.raw)
		}
	}
	inactive("another client's access token", other, access)
	inactive("another client's refresh token", other, refresh)
	inactive("unknown", app, "unknown")
	inactive("an ID token", app, got.text("id_token"))
	w.form("introspect", url.Values{"token": {access}}).wantOAuth("401 invalid_client oauth_invalid_client")
	w.form("introspect", app.shown()).wantOAuth("400 invalid_request oauth_invalid_request")
	w.Advance(time.Hour)
	inactive("run out", app, access)
	w.form("token", app.refresh(refresh)).wantOAuth("200")
	inactive("used", app, refresh)
}

// A refresh token takes everything with it, an access token only itself.
func TestRevokeToken(t *testing.T) {
	t.Parallel()
	const gone = "401 invalid_token idp_access_token_not_found"
	w := domain(t)
	app, other := w.playing("Demo app"), w.playing("Ledgerly")
	got := w.tokens(app, "openid", "offline_access")
	access, refresh := got.text("access_token"), got.text("refresh_token")

	for _, token := range []string{access, refresh} {
		w.form("revoke", other.about(token)).wantOAuth("400 invalid_grant oauth_invalid_grant")
	}
	w.form("revoke", app.shown()).wantOAuth("400 invalid_request oauth_invalid_request")
	w.form("revoke", url.Values{"token": {access}}).wantOAuth("401 invalid_client oauth_invalid_client")
	w.form("revoke", app.about("unknown")).wantOAuth("200")
	w.userinfo(access).wantOAuth("200")

	w.form("revoke", app.about(access)).wantOAuth("200")
	w.userinfo(access).wantOAuth(gone)
	next := w.form("token", app.refresh(refresh)).wantOAuth("200")
	w.userinfo(next.text("access_token")).wantOAuth("200")

	w.form("revoke", app.about(next.text("refresh_token"))).wantOAuth("200")
	w.userinfo(next.text("access_token")).wantOAuth(gone)
	w.form("token", app.refresh(next.text("refresh_token"))).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
	w.form("revoke", app.about(next.text("refresh_token"))).wantOAuth("200")
	// The consent stays: that is the member's to take back.
	w.tokens(app, "openid")
}

// claimsOf reads a JWT without checking it.
func claimsOf(t *testing.T, token string) fields {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims fields
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func number(value any) float64 {
	n, _ := value.(float64)
	return n
}

func filled(value any) bool {
	list, _ := value.([]any)
	return len(list) > 0
}

// life is how long a JWT lives, in seconds.
func life(claims fields) float64 { return number(claims["exp"]) - number(claims["iat"]) }

// What the operator sets for a client shows in its access tokens, and can forge nothing.
func TestAccessTokenClaims(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Demo app")
	plain := w.tokens(app, "openid", "email")
	claims := claimsOf(t, plain.text("access_token"))
	audience, _ := claims["aud"].([]any)
	if plain.at("expires_in") != 3600.0 || plain.text("token_type") != "bearer" || claims["client_id"] != app.id || claims["scope"] != "openid email" ||
		claims["iss"] != w.checked || !slices.Equal(audience, []any{w.ProjectID()}) || claims["email"] != nil ||
		life(claims) != 3600 || text(claims["jti"]) == "" {
		t.Errorf("the claims are %v", claims)
	}
	w.send(w.checked, http.MethodPut, "/v1/connected_apps/clients/"+app.id, fields{
		"access_token_expiry_minutes": 5, "access_token_custom_audience": "https://api.example",
		"access_token_template_content": `{"plan":"gold","sub":"somebody else","scope":"full_access","https://stytch.com/organization":{"slug":"globex"}}`,
	}).want("200")
	set := w.tokens(app, "openid")
	claims = claimsOf(t, set.text("access_token"))
	audience, _ = claims["aud"].([]any)
	organization, _ := claims["https://stytch.com/organization"].(fields)
	if set.at("expires_in") != 300.0 || claims["plan"] != "gold" || claims["scope"] != "openid" || !strings.HasPrefix(text(claims["sub"]), "member-test-") ||
		organization["slug"] != "acme" || !slices.Equal(audience, []any{w.ProjectID(), "https://api.example"}) {
		t.Errorf("the claims are %v", claims)
	}
	// Tags stand for values of the member and the organization, and cannot break out of their place.
	w.post("/organizations/acme/members", fields{"email_address": "quote@acme.example", "name": `"},"x":"`}).want("200")
	w.send(w.checked, http.MethodPut, "/v1/b2b/organizations/acme", fields{"trusted_metadata": fields{"seats": 7, "tags": []string{"a", "b"}}}).want("200")
	w.send(w.checked, http.MethodPut, "/v1/connected_apps/clients/"+app.id, fields{
		"access_token_template_content": `{"who":"\"{{ member.name }} at {{organization.organization_slug}}","seats":{{organization.trusted_metadata.seats}},` +
			`"tags":{{organization.trusted_metadata.tags}},"text":"{{organization.trusted_metadata.tags}}","none":{{member.no.such.thing}},"empty":"{{member.nothing}}"}`,
	}).want("200")
	code := w.codeOf(w.session("acme", "quote@acme.example"), app, "openid")
	claims = claimsOf(t, w.form("token", app.exchange(code)).wantOAuth("200").text("access_token"))
	want := fields{"who": `""},"x":" at acme`, "seats": 7.0, "tags": []any{"a", "b"}, "text": `["a","b"]`, "none": nil, "empty": ""}
	for name, value := range want {
		if got, there := claims[name]; !there || !reflect.DeepEqual(got, value) {
			t.Errorf("%s is %v, want %v", name, claims[name], value)
		}
	}
	if claims["x"] != nil {
		t.Error("a name became a claim of its own")
	}
	w.Advance(5 * time.Minute)
	w.userinfo(set.text("access_token")).wantOAuth("401 invalid_token idp_access_token_expired")
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	w := domain(t)
	legacy := "/v1/public/" + w.ProjectID()
	said := w.bare(http.MethodGet, "/.well-known/openid-configuration", "").wantOAuth("200")
	if said.text("authorization_endpoint") != authorizationURL || said.text("issuer") != w.checked || said.text("jwks_uri") != w.checked+"/.well-known/jwks.json" {
		t.Errorf("it says %s", said.raw)
	}
	scopes, _ := said.at("scopes_supported").([]any)
	if !slices.Contains(scopes, any("read:documents")) || slices.Contains(scopes, any("full_access")) {
		t.Errorf("the scopes are %v", scopes)
	}
	for _, path := range []string{"/.well-known/oauth-authorization-server", legacy + "/.well-known/openid-configuration"} {
		if same := w.bare(http.MethodGet, path, "").wantOAuth("200"); same.text("token_endpoint") != said.text("token_endpoint") {
			t.Errorf("%s says %s", path, same.raw)
		}
	}
	keys := w.send(w.checked, http.MethodGet, "/v1/b2b/sessions/jwks/"+w.ProjectID(), nil).want("200")
	for _, path := range []string{"/.well-known/jwks.json", legacy + "/.well-known/jwks.json", "/v1/b2b/sessions/jwks/" + w.ProjectID()} {
		if same := w.bare(http.MethodGet, path, ""); same.status != http.StatusOK || same.list("keys")[0]["kid"] != keys.list("keys")[0]["kid"] {
			t.Errorf("%s says %s", path, same.raw)
		}
	}
	if keys.list("keys")[0]["d"] != nil {
		t.Error("the private key is shown")
	}
	w.send(w.checked, http.MethodGet, "/v1/b2b/sessions/jwks/project-test-x", nil).want("404 project_not_found")
	if refused := w.bare(http.MethodPost, "/.well-known/jwks.json", ""); refused.status != http.StatusMethodNotAllowed || refused.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("a POST gets %d, Allow %q", refused.status, refused.header.Get("Allow"))
	}
	// Under another project's name there is nothing, and no other path of the upstream is open.
	for _, path := range []string{"/v1/public/project-test-x/oauth2/token", "/v1/oauth2/", "/v1/oauth2/register", "/.well-known/other", "/v1/public/"} {
		if got := w.bare(http.MethodPost, path, ""); got.status != http.StatusUnauthorized || got.text("error_type") != "unauthorized_credentials" {
			t.Errorf("%s gets %d %s", path, got.status, got.raw)
		}
	}
	without := start(t, sandbox.Options{})
	without.send(without.plain, http.MethodGet, "/.well-known/openid-configuration", nil).want("400 authorization_endpoint_not_configured_for_project")
}

// The same endpoints are found under the project's name, and take JSON as well.
func TestTokenByJSONUnderTheProject(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Ledgerly")
	body := func(form url.Values) string {
		all := map[string]string{}
		for name := range form {
			all[name] = form.Get(name)
		}
		encoded, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	good := body(app.exchange(w.code(app, "openid")))
	post := func(body string) answer {
		return w.bare(http.MethodPost, "/v1/public/"+w.ProjectID()+"/oauth2/token", body, "Content-Type", "application/json; charset=utf-8")
	}
	for _, wrong := range []string{"[]", `{"code":["x"]}`, `{"client_id":"a","client_id":"b"}`, "", "{"} {
		post(wrong).wantOAuth("400 invalid_request oauth_invalid_request")
	}
	got := post(good).wantOAuth("200")
	if got.at("status_code") != 200.0 || got.text("request_id") == "" {
		t.Errorf("the envelope is not whole: %s", got.raw)
	}
	w.bare(http.MethodGet, "/v1/public/"+w.ProjectID()+"/oauth2/userinfo", "", "Authorization", "Bearer "+got.text("access_token")).wantOAuth("200")
}

// Session JWTs are short, say what they are for, and cannot be told what they are not.
func TestSessionJWT(t *testing.T) {
	t.Parallel()
	w := domain(t)
	token := w.session("acme", ada)
	authenticate := func(claims fields) string {
		t.Helper()
		return w.post("/sessions/authenticate", fields{"session_token": token, "session_custom_claims": claims}).want("200").text("session_jwt")
	}
	first := authenticate(fields{})
	claims := claimsOf(t, first)
	session, _ := claims["https://stytch.com/session"].(fields)
	if claims["iss"] != "stytch.com/"+w.ProjectID() || life(claims) != 300 || !filled(session["roles"]) || !filled(session["authentication_factors"]) {
		t.Errorf("the claims are %v", claims)
	}
	if authenticate(fields{}) != first {
		t.Error("an unchanged session has another JWT at once")
	}
	changed := claimsOf(t, authenticate(fields{"plan": "gold", "https://stytch.com/session": fields{"id": "another"}}))
	if now, _ := changed["https://stytch.com/session"].(fields); changed["plan"] != "gold" || now["id"] != session["id"] {
		t.Errorf("the claims are %v", changed)
	}
	w.Advance(2 * time.Minute)
	if later := claimsOf(t, authenticate(fields{})); number(later["iat"])-number(claims["iat"]) < 120 {
		t.Errorf("the JWT of a minute ago is given again: %v", later)
	}
}
