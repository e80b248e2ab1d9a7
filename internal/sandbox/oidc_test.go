package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"console.internal/internal/contract"
	"console.internal/internal/sandbox"
)

const authorizationURL = "http://127.0.0.1:8080/oauth/authorize"

// domain is a sandbox at the address that it says it has, as clients need it. Operations are checked by the contract.
func domain(t *testing.T) *world {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil)
	server, err := sandbox.New(sandbox.Options{Host: listener.Listener.Addr().String(), AuthorizationURL: authorizationURL})
	if err != nil {
		t.Fatal(err)
	}
	checked := contract.Check(t, server)
	listener.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/oauth2/") || strings.HasPrefix(r.URL.Path, "/v1/public/") {
			server.ServeHTTP(w, r) // not of the contract
			return
		}
		checked.ServeHTTP(w, r)
	})
	listener.Start()
	t.Cleanup(listener.Close)
	return &world{server, t, listener.URL, listener.URL, len(server.Outbox())}
}

// appClient is a Connected App as the tests play it.
type appClient struct {
	id, secret, redirect string
}

// playing is a Connected App of the seed by its name.
func (w *world) playing(name string) appClient {
	w.t.Helper()
	app := w.client(name)
	redirects, _ := app["redirect_urls"].([]any)
	found := appClient{id: text(app["client_id"]), redirect: text(redirects[0])}
	if !strings.HasSuffix(text(app["client_type"]), "_public") {
		found.secret = sandbox.SeedClientSecret(found.id)
	}
	return found
}

// config is what a client nobody here wrote needs to know.
func (a appClient) config(provider *oidc.Provider, scopes ...string) *oauth2.Config {
	return &oauth2.Config{ClientID: a.id, ClientSecret: a.secret, Endpoint: provider.Endpoint(), RedirectURL: a.redirect, Scopes: scopes}
}

// approve does what the console does with an authorization request, for somebody who agrees. It gives the query of the answer.
func (w *world) approve(session, request string) url.Values {
	w.t.Helper()
	parsed, err := url.Parse(request)
	if err != nil {
		w.t.Fatal(err)
	}
	asked := parsed.Query()
	body := fields{
		"session_token": session, "client_id": asked.Get("client_id"), "redirect_uri": asked.Get("redirect_uri"), "response_type": asked.Get("response_type"),
		"scopes": strings.Fields(asked.Get("scope")), "state": asked.Get("state"), "consent_granted": true,
	}
	for _, name := range []string{"nonce", "code_challenge", "prompt"} {
		if asked.Has(name) {
			body[name] = asked.Get(name)
		}
	}
	back, err := url.Parse(w.post("/idp/oauth/authorize", body).want("200").text("redirect_uri"))
	if err != nil {
		w.t.Fatal(err)
	}
	return back.Query()
}

// verifier is the one of PKCE in all tests.
const verifier = "a-verifier-of-forty-three-characters-or-more"

// code lets an app in for ada, and gives the code.
func (w *world) code(app appClient, scopes ...string) string {
	w.t.Helper()
	return w.codeOf(w.session("acme", ada), app, scopes...)
}

func (w *world) codeOf(session string, app appClient, scopes ...string) string {
	w.t.Helper()
	config := oauth2.Config{ClientID: app.id, RedirectURL: app.redirect, Scopes: scopes, Endpoint: oauth2.Endpoint{AuthURL: authorizationURL}}
	code := w.approve(session, config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier))).Get("code")
	if code == "" {
		w.t.Fatal("there is no code")
	}
	return code
}

// form posts a form to an endpoint of the project domain, without the project's secret.
func (w *world) form(endpoint string, form url.Values) answer {
	w.t.Helper()
	return w.bare(http.MethodPost, "/v1/oauth2/"+endpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// bare sends a request without credentials.
func (w *world) bare(method, path, body string, headers ...string) answer {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.plain+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	request.Host = strings.TrimPrefix(w.plain, "http://")
	w.ServeHTTP(recorder, request)
	got := answer{t: w.t, status: recorder.Code, header: recorder.Header(), raw: recorder.Body.Bytes()}
	_ = json.Unmarshal(got.raw, &got.fields) // pages have no fields
	return got
}

// refused is an OAuth error: its status, code and the upstream's name, like "400 invalid_grant idp_auth_code_expired".
func (a answer) refused() string {
	_, kind, _ := strings.Cut(a.text("error_uri"), "#")
	return strings.TrimSpace(itoa(a.status) + " " + a.text("error") + " " + kind)
}

func (a answer) wantOAuth(want string) answer {
	a.t.Helper()
	if got := a.refused(); got != want {
		a.t.Fatalf("got %s, want %s", got, want)
	}
	if a.status != http.StatusOK && (a.text("error_description") == "" || a.text("request_id") == "" || a.at("status_code") != float64(a.status)) {
		a.t.Errorf("the envelope is not whole: %s", a.raw)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		a.t.Errorf("the answer may be kept: %s", a.header.Get("Cache-Control"))
	}
	return a
}

// exchange is the form that takes a code.
func (a appClient) exchange(code string) url.Values {
	form := a.shown()
	form.Set("grant_type", "authorization_code")
	form.Set("code", code)
	form.Set("redirect_uri", a.redirect)
	form.Set("code_verifier", verifier)
	return form
}

// shown is what a client says of itself in the body.
func (a appClient) shown() url.Values {
	form := url.Values{"client_id": {a.id}}
	if a.secret != "" {
		form.Set("client_secret", a.secret)
	}
	return form
}

func (a appClient) refresh(token string) url.Values {
	form := a.shown()
	form.Set("grant_type", "refresh_token")
	form.Set("refresh_token", token)
	return form
}

// tokens lets an app in for ada and exchanges the code.
func (w *world) tokens(app appClient, scopes ...string) answer {
	w.t.Helper()
	return w.form("token", app.exchange(w.code(app, scopes...))).wantOAuth("200")
}

func (w *world) userinfo(access string) answer {
	w.t.Helper()
	return w.bare(http.MethodGet, "/v1/oauth2/userinfo", "", "Authorization", "Bearer "+access)
}

// refusedAs is the kind of the error that a client of x/oauth2 gets.
func refusedAs(err error) string {
	refusal, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return "no refusal"
	}
	_, kind, _ := strings.Cut(refusal.ErrorURI, "#")
	return refusal.ErrorCode + " " + kind
}

// A client that nobody here wrote goes all the way, with each way of showing who it is.
func TestClientOfOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, app string
		style     oauth2.AuthStyle
	}{
		{"public, style found out", "Demo app", oauth2.AuthStyleAutoDetect},
		{"public, in the body", "Demo app", oauth2.AuthStyleInParams},
		{"confidential, style found out", "Ledgerly", oauth2.AuthStyleAutoDetect},
		{"confidential, in the body", "Ledgerly", oauth2.AuthStyleInParams},
		{"confidential, in the header", "Ledgerly", oauth2.AuthStyleInHeader},
		{"of the project", "Warehouse Sync", oauth2.AuthStyleInHeader},
		{"loopback with a port", "Notebook CLI", oauth2.AuthStyleAutoDetect},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := domain(t)
			provider, err := oidc.NewProvider(t.Context(), w.checked)
			if err != nil {
				t.Fatal(err)
			}
			app := w.playing(tt.app)
			if tt.app == "Notebook CLI" {
				app.redirect = "http://127.0.0.1:49152/callback"
			}
			config := app.config(provider, oidc.ScopeOpenID, "email", "profile", oidc.ScopeOfflineAccess)
			config.Endpoint.AuthStyle = tt.style
			session := w.session("acme", ada)
			secret := oauth2.GenerateVerifier()
			back := w.approve(session, config.AuthCodeURL("the state", oauth2.S256ChallengeOption(secret), oidc.Nonce("the nonce")))
			if back.Get("state") != "the state" {
				t.Fatalf("the answer is %v", back)
			}
			tokens, err := config.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(secret))
			if err != nil {
				t.Fatal(err)
			}
			checkIDToken(t, provider, app.id, tokens)

			info, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(tokens))
			if err != nil || info.Email != ada || !info.EmailVerified || info.Subject == "" {
				t.Fatalf("userinfo is %+v, %v", info, err)
			}
			renewed := renew(t, config, tokens.RefreshToken)
			if renewed.AccessToken == tokens.AccessToken || renewed.RefreshToken == tokens.RefreshToken || renewed.Extra("id_token") == nil {
				t.Error("the refresh gave nothing new")
			}
			// Taking back the consent ends what was issued.
			w.post("/organizations/acme/members/"+info.Subject+"/connected_apps/"+app.id+"/revoke", fields{}).want("200")
			if _, err := refresh(t.Context(), config, renewed.RefreshToken); refusedAs(err) != "invalid_grant connected_app_consent_revoked" {
				t.Errorf("the refresh after the revocation is %v", err)
			}
			if _, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(renewed)); err == nil {
				t.Error("userinfo answers after the revocation")
			}
		})
	}
}

func checkIDToken(t *testing.T, provider *oidc.Provider, clientID string, tokens *oauth2.Token) {
	t.Helper()
	raw, _ := tokens.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: clientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Email, Name string
		AuthTime    int64 `json:"auth_time"`
	}
	if err := verified.Claims(&claims); err != nil || claims.Email != ada || claims.Name == "" {
		t.Errorf("the claims are %+v, %v", claims, err)
	}
	if verified.Nonce != "the nonce" || time.Since(time.Unix(claims.AuthTime, 0)) > time.Minute {
		t.Errorf("nonce %q, auth_time %d", verified.Nonce, claims.AuthTime)
	}
	if err := verified.VerifyAccessToken(tokens.AccessToken); err != nil {
		t.Error(err)
	}
	if life := verified.Expiry.Sub(verified.IssuedAt); life != time.Hour {
		t.Errorf("the ID token lives %s", life)
	}
}

func refresh(ctx context.Context, config *oauth2.Config, token string) (*oauth2.Token, error) {
	return config.TokenSource(ctx, &oauth2.Token{RefreshToken: token}).Token()
}

func renew(t *testing.T, config *oauth2.Config, token string) *oauth2.Token {
	t.Helper()
	renewed, err := refresh(t.Context(), config, token)
	if err != nil {
		t.Fatal(err)
	}
	return renewed
}

// A refresh token is good once. When it comes again, what came of it dies too.
func TestRefreshTokenComesAgain(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Demo app")
	first := w.tokens(app, "openid", "offline_access")
	second := w.form("token", app.refresh(first.text("refresh_token"))).wantOAuth("200")
	w.userinfo(second.text("access_token")).wantOAuth("200")
	w.form("token", app.refresh(first.text("refresh_token"))).wantOAuth("400 invalid_grant idp_refresh_token_already_used")
	w.form("token", app.refresh(second.text("refresh_token"))).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
	for _, access := range []string{first.text("access_token"), second.text("access_token")} {
		w.userinfo(access).wantOAuth("401 invalid_token idp_access_token_not_found")
	}
	// Another authorization of the same app is not touched.
	third := w.tokens(app, "openid", "offline_access")
	w.form("token", app.refresh(third.text("refresh_token"))).wantOAuth("200")
}

// A code that comes again was seen by somebody else: what came of it dies.
func TestCodeComesAgain(t *testing.T) {
	t.Parallel()
	w := domain(t)
	app := w.playing("Demo app")
	code := w.code(app, "openid", "offline_access")
	got := w.form("token", app.exchange(code)).wantOAuth("200")
	w.userinfo(got.text("access_token")).wantOAuth("200")
	w.form("token", app.exchange(code)).wantOAuth("400 invalid_grant idp_auth_code_not_found")
	w.userinfo(got.text("access_token")).wantOAuth("401 invalid_token idp_access_token_not_found")
	w.form("token", app.refresh(got.text("refresh_token"))).wantOAuth("400 invalid_grant idp_refresh_token_not_found")
}
