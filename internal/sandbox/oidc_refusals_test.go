package sandbox_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// Each request differs from a good one in one thing. The good one works afterwards: a refusal uses no code up.
func TestTokenEndpointRefuses(t *testing.T) {
	t.Parallel()
	const client, grant, request = "401 invalid_client oauth_invalid_client", "400 invalid_grant ", "400 invalid_request oauth_invalid_request"
	set := func(name, value string) func(url.Values) { return func(f url.Values) { f.Set(name, value) } }
	drop := func(names ...string) func(url.Values) {
		return func(f url.Values) {
			for _, name := range names {
				f.Del(name)
			}
		}
	}
	for _, tt := range []struct {
		name, app string
		change    func(url.Values)
		headers   []string
		want      string
	}{
		{"no grant type", "Demo app", drop("grant_type"), nil, request},
		{"another grant type", "Demo app", set("grant_type", "password"), nil, "400 unsupported_grant_type oauth_unsupported_grant_type"},
		{"grant type of machines", "Demo app", set("grant_type", "client_credentials"), nil, "400 unauthorized_client oauth_unauthorized_client"},
		{"no code", "Demo app", drop("code"), nil, request},
		{"unknown code", "Demo app", set("code", strings.Repeat("x", 44)), nil, grant + "idp_auth_code_not_found"},
		{"another redirect", "Demo app", set("redirect_uri", "https://evil.example/callback"), nil, grant + "oauth_invalid_grant"},
		{"no redirect", "Demo app", drop("redirect_uri"), nil, grant + "oauth_invalid_grant"},
		{"no verifier", "Demo app", drop("code_verifier"), nil, grant + "pkce_expected_code_verifier"},
		{"another verifier", "Demo app", set("code_verifier", verifier+"x"), nil, grant + "pkce_mismatch"},
		{"challenge as verifier", "Demo app", set("code_verifier", "Zm9v"), nil, grant + "pkce_mismatch"},
		{"confidential without verifier", "Ledgerly", drop("code_verifier"), nil, grant + "pkce_expected_code_verifier"},
		{"nobody", "Demo app", drop("client_id"), nil, client},
		{"unknown client", "Demo app", set("client_id", "connected-app-test-00000000-0000-4000-8000-000000000000"), nil, client},
		{"secret of a public client", "Demo app", set("client_secret", "guess"), nil, client},
		{"no secret", "Ledgerly", drop("client_secret"), nil, client},
		{"wrong secret", "Ledgerly", set("client_secret", "guess"), nil, client},
		{"the project's credentials", "Ledgerly", drop("client_id", "client_secret"), []string{"Authorization", basic("project-test-x", "secret-test-x")}, client},
		{"a bearer token as client", "Ledgerly", drop("client_id", "client_secret"), []string{"Authorization", "Bearer x"}, client},
		{"a header that is not encoded", "Ledgerly", drop("client_id", "client_secret"), []string{"Authorization", basic("%zz", "%zz")}, client},
		{"secret in both places", "Ledgerly", nil, []string{"Authorization", basic("x", "y")}, request},
		{"two clients", "Ledgerly", drop("client_secret"), []string{"Authorization", basic("x", "y")}, request},
		{"code twice", "Demo app", func(f url.Values) { f.Add("code", "another") }, nil, request},
		{"unknown parameter twice", "Demo app", func(f url.Values) { f["color"] = []string{"red", "blue"} }, nil, request},
		{"text", "Demo app", nil, []string{"Content-Type", "text/plain"}, request},
		{"no JSON", "Demo app", nil, []string{"Content-Type", "application/json"}, request},
		{"too long", "Demo app", set("padding", strings.Repeat("x", 64<<10)), nil, request},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := domain(t)
			app := w.playing(tt.app)
			good := app.exchange(w.code(app, "openid"))
			bad, _ := url.ParseQuery(good.Encode())
			if tt.change != nil {
				tt.change(bad)
			}
			headers := tt.headers
			if len(headers) == 0 || headers[0] != "Content-Type" {
				headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
			}
			got := w.bare(http.MethodPost, "/v1/oauth2/token", bad.Encode(), headers...).wantOAuth(tt.want)
			if asks := got.header.Get("WWW-Authenticate") != ""; asks != (got.status == http.StatusUnauthorized && len(tt.headers) > 0) {
				t.Errorf("WWW-Authenticate is %q", got.header.Get("WWW-Authenticate"))
			}
			w.form("token", good).wantOAuth("200")
		})
	}
}

// A code belongs to one client, is good for ten minutes, and PKCE cannot be stripped from it.
func TestCodesAreBound(t *testing.T) {
	t.Parallel()
	w := domain(t)
	mine, other := w.playing("Demo app"), w.playing("Notebook CLI")
	stolen := other.exchange(w.code(mine, "openid"))
	stolen.Set("redirect_uri", mine.redirect)
	w.form("token", stolen).wantOAuth("400 invalid_grant idp_auth_code_not_found")

	confidential := w.playing("Ledgerly")
	without := w.approve(w.session("acme", ada), authorizationURL+"?"+url.Values{
		"client_id": {confidential.id}, "redirect_uri": {confidential.redirect}, "response_type": {"code"}, "scope": {"openid"},
	}.Encode()).Get("code")
	w.form("token", confidential.exchange(without)).wantOAuth("400 invalid_grant pkce_did_not_expect_code_verifier")
	plain := confidential.exchange(without)
	plain.Del("code_verifier")
	w.form("token", plain).wantOAuth("200")

	for _, tt := range []struct {
		age  time.Duration
		want string
	}{{9*time.Minute + 50*time.Second, "200"}, {10 * time.Minute, "400 invalid_grant idp_auth_code_expired"}} {
		code := w.code(mine, "openid")
		w.Advance(tt.age)
		w.form("token", mine.exchange(code)).wantOAuth(tt.want)
		w.ResetClock()
	}
}

// Whoever ends a membership, an organization or a client ends what was issued for it.
func TestTokensEndWithTheirReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		end     func(w *world, member, client string)
		refresh string
	}{
		{"member", func(w *world, member, _ string) {
			w.send(w.checked, http.MethodDelete, "/v1/b2b/organizations/acme/members/"+member, nil).want("200")
		}, "401 invalid_grant connected_app_consent_revoked"},
		{"organization", func(w *world, _, _ string) {
			w.send(w.checked, http.MethodDelete, "/v1/b2b/organizations/acme", nil).want("200")
		}, "401 invalid_grant connected_app_consent_revoked"},
		{"consent", func(w *world, member, client string) {
			w.post("/organizations/acme/members/"+member+"/connected_apps/"+client+"/revoke", fields{}).want("200")
		}, "401 invalid_grant connected_app_consent_revoked"},
		{"policy", func(w *world, _, _ string) {
			w.send(w.checked, http.MethodPut, "/v1/b2b/organizations/acme", fields{"third_party_connected_apps_allowed_type": "NOT_ALLOWED"}).want("200")
		}, "401 invalid_grant connected_app_consent_revoked"},
		{"client", func(w *world, _, client string) {
			w.send(w.checked, http.MethodDelete, "/v1/connected_apps/clients/"+client, nil).want("200")
		}, "401 invalid_client oauth_invalid_client"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := domain(t)
			app := w.playing("Demo app")
			got := w.tokens(app, "openid", "offline_access")
			waiting := w.code(app, "openid")
			member := w.userinfo(got.text("access_token")).wantOAuth("200").text("sub")
			tt.end(w, member, app.id)
			w.form("token", app.refresh(got.text("refresh_token"))).wantOAuth(tt.refresh)
			w.form("token", app.exchange(waiting)).wantOAuth(tt.refresh)
			refused := w.userinfo(got.text("access_token")).wantOAuth("401 invalid_token connected_app_consent_revoked")
			if !strings.HasPrefix(refused.header.Get("WWW-Authenticate"), "Bearer error=") {
				t.Errorf("WWW-Authenticate is %q", refused.header.Get("WWW-Authenticate"))
			}
		})
	}
}

func TestRefreshIsRefused(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app, other := w.playing("Demo app"), w.playing("Notebook CLI")
	got := w.tokens(app, "openid", "email", "offline_access")
	if none := w.tokens(app, "openid"); none.text("refresh_token") != "" {
		t.Error("there is a refresh token without offline_access")
	}
	token := got.text("refresh_token")
	form := app.refresh(token)
	form.Del("refresh_token")
	w.form("token", form).wantOAuth("400 invalid_request oauth_invalid_request")
	w.form("token", app.refresh("unknown")).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
	w.form("token", other.refresh(token)).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
	form = app.refresh(token)
	form.Set("scope", "openid read:documents")
	w.form("token", form).wantOAuth("400 invalid_scope oauth_invalid_scope_requested")

	// Fewer scopes are for this access token alone.
	form.Set("scope", "openid")
	narrow := w.form("token", form).wantOAuth("200")
	if narrow.text("scope") != "openid" || w.userinfo(narrow.text("access_token")).text("email") != "" {
		t.Errorf("the narrowed token has %q", narrow.text("scope"))
	}
	wide := w.form("token", app.refresh(narrow.text("refresh_token"))).wantOAuth("200")
	if wide.text("scope") != "openid email offline_access" {
		t.Errorf("the next token has %q", wide.text("scope"))
	}
	w.Advance(365 * 24 * time.Hour)
	w.form("token", app.refresh(wide.text("refresh_token"))).wantOAuth("400 invalid_grant idp_refresh_token_expired")
}

// The scopes decide what is told.
func TestUserinfo(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Demo app")
	for scopes, want := range map[string]string{
		"openid":                     "",
		"openid email":               "email email_verified",
		"openid profile":             "name",
		"openid phone":               "phone_number phone_number_verified",
		"openid email profile phone": "email email_verified name phone_number phone_number_verified",
	} {
		got := w.tokens(app, strings.Fields(scopes)...)
		told := w.bare(http.MethodPost, "/v1/oauth2/userinfo", "", "Authorization", "bearer "+got.text("access_token")).wantOAuth("200")
		var names []string
		for _, name := range []string{"email", "email_verified", "name", "phone_number", "phone_number_verified"} {
			if told.at(name) != nil {
				names = append(names, name)
			}
		}
		if strings.Join(names, " ") != want || told.text("https://stytch.com/organization", "slug") != "acme" {
			t.Errorf("%s tells %s", scopes, told.raw)
		}
	}
	w.userinfo(w.tokens(app, "email").text("access_token")).wantOAuth("403 insufficient_scope oauth_insufficient_scope")
	w.bare(http.MethodGet, "/v1/oauth2/userinfo", "").wantOAuth("401 invalid_request unauthorized_credentials")
	access := w.tokens(app, "openid").text("access_token")
	w.bare(http.MethodGet, "/v1/oauth2/userinfo?access_token="+access, "").wantOAuth("401 invalid_request unauthorized_credentials")
	w.Advance(time.Hour)
	w.userinfo(access).wantOAuth("401 invalid_token idp_access_token_expired")
}

// One key signs them all, so each kind of token is tried where another one belongs.
func TestTokensAreNotMixedUp(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Demo app")
	got := w.tokens(app, "openid", "offline_access")
	session := w.post("/sessions/authenticate", fields{"session_token": w.session("acme", ada)}).want("200").text("session_jwt")
	access := got.text("access_token")
	header, rest, _ := strings.Cut(access, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	claims, _, _ := strings.Cut(rest, ".")
	for name, token := range map[string]string{
		"session": session, "id token": got.text("id_token"), "refresh token": got.text("refresh_token"), "no algorithm": none + "." + claims + ".",
		"another payload": header + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"x","jti":"y"}`)) + access[strings.LastIndexByte(access, '.'):],
		"cut":             access[:len(access)-8], "empty parts": "..",
	} {
		if refused := w.userinfo(token).refused(); refused != "401 invalid_token idp_access_token_not_found" {
			t.Errorf("userinfo takes the %s: %s", name, refused)
		}
	}
	for _, token := range []string{access, got.text("id_token")} {
		w.post("/sessions/authenticate", fields{"session_jwt": token}).want("400 unable_to_parse_session_jwt")
	}
	w.post("/sessions/authenticate", fields{"session_jwt": session}).want("200")
	w.form("token", app.refresh(access)).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
}
