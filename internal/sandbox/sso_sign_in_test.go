package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/sandbox"
)

const redirectHere = "http://127.0.0.1:8080/authenticate"

// ssoURL is where a sign-in through a connection begins; pairs are further parameters.
func (w *world) ssoURL(pairs ...string) string {
	query := url.Values{"public_token": {w.PublicToken()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return "/v1/public/sso/start?" + query.Encode()
}

// by goes through an identity provider and gives the token that leads back.
func (w *world) by(start string, person sandbox.SSOPerson) string {
	w.t.Helper()
	back, err := w.FinishSSO(start, person)
	if err != nil {
		w.t.Fatal(err)
	}
	parsed, err := url.Parse(back)
	if err != nil {
		w.t.Fatal(err)
	}
	if parsed.Query().Get("stytch_token_type") != "sso" || parsed.Query().Get("slug") == "" || !strings.HasPrefix(back, redirectHere+"?") {
		w.t.Errorf("it leads back to %s", back)
	}
	return parsed.Query().Get("token")
}

// through signs somebody in through a connection.
func (w *world) through(connection, email string, groups ...string) answer {
	w.t.Helper()
	token := w.by(w.ssoURL("connection_id", connection), sandbox.SSOPerson{Email: email, Name: "Una Kelly", Groups: groups})
	return w.post("/sso/authenticate", fields{"sso_token": token})
}

func (a answer) roles() string {
	a.t.Helper()
	roles, _ := a.at("member_session", "roles").([]any)
	all := make([]string, len(roles))
	for i := range roles {
		all[i] = text(roles[i])
	}
	return strings.Join(all, " ")
}

// A new person comes in through each kind of connection, with the roles of the connection and of the groups that were told.
func TestSignInThroughAConnection(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, saml := w.activeSAML()
	w.put(path, fields{
		"saml_connection_implicit_role_assignments": []fields{{"role_id": "billing_viewer"}},
		"saml_group_implicit_role_assignments":      []fields{{"role_id": "editor", "group": "staff"}, {"role_id": "stytch_admin", "group": "admins"}},
	}).want("200")
	_, oidc := w.activeOIDC()
	external := w.post("/sso/external/linden", fields{
		"external_organization_id": "harbour", "external_connection_id": saml, "group_implicit_role_assignments": []fields{{"role_id": "editor", "group": "staff"}},
	}).want("200").text("connection", "connection_id")
	for _, tt := range []struct{ name, connection, delivery, factor, roles string }{
		{"SAML", saml, "sso_saml", "saml_sso_factor", "stytch_member billing_viewer editor"},
		{"OIDC", oidc, "sso_oidc", "oidc_sso_factor", "stytch_member"},
		{"external", external, "sso_saml", "saml_sso_factor", "stytch_member editor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := w.through(tt.connection, tt.name+"@new.example", "staff", "others").want("200")
			factor := in.list("member_session", "authentication_factors")[0]
			detail, _ := factor[tt.factor].(fields)
			if factor["type"] != "sso" || factor["delivery_method"] != tt.delivery || detail["provider_id"] != tt.connection {
				t.Errorf("the factor is %v", factor)
			}
			if in.roles() != tt.roles || in.text("member", "status") != "active" || in.text("member", "name") != "Una Kelly" || in.at("reset_session") != false {
				t.Errorf("roles %q: %s", in.roles(), in.raw)
			}
			registrations := in.list("member", "sso_registrations")
			if len(registrations) != 1 || registrations[0]["connection_id"] != tt.connection || registrations[0]["registration_id"] != detail["id"] {
				t.Errorf("the registrations are %v", registrations)
			}
		})
	}
	// The roles count only in sessions that came through the connection, and follow the groups of the last sign-in.
	email := "saml@new.example"
	if other := w.post("/sessions/authenticate", fields{"session_token": w.session("harbour", email)}).want("200"); other.roles() != "stytch_member" {
		t.Errorf("by code: %q", other.roles())
	}
	if again := w.through(saml, email, "admins"); again.roles() != "stytch_member billing_viewer stytch_admin" {
		t.Errorf("in other groups: %q", again.roles())
	}
	if got := w.sources("harbour", email); got != "billing_viewer by sso_connection, stytch_admin by sso_connection_group, stytch_member by direct_assignment" {
		t.Errorf("the roles are %s", got)
	}
}

func TestJITByConnection(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, setting string
		listed        bool
		email, want   string
	}{
		{"everybody", "ALL_ALLOWED", false, "new@new.example", "200"},
		{"listed", "RESTRICTED", true, "new@new.example", "200"},
		{"not listed", "RESTRICTED", false, "new@new.example", "400 invalid_connection_for_jit_provisioning"},
		{"nobody", "NOT_ALLOWED", false, "new@new.example", "400 invalid_connection_for_jit_provisioning"},
		{"a member anyway", "NOT_ALLOWED", false, "grace.kelleher@harbour.example", "200"},
		{"claimed elsewhere", "ALL_ALLOWED", false, "new@initech.example", "400 action_not_allowed_email_domain_is_claimed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			_, saml := w.activeSAML()
			_, other := w.activeOIDC()
			allowed := other
			if tt.listed {
				allowed = saml
			}
			w.put("/organizations/harbour", fields{"sso_jit_provisioning": tt.setting, "sso_jit_provisioning_allowed_connections": []string{allowed}}).want("200")
			w.through(saml, tt.email).want(tt.want)
		})
	}
}

func TestSSOStart(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, saml := w.activeSAML()
	_, pending := w.saml()
	external := w.post("/sso/external/linden", fields{"external_organization_id": "harbour", "external_connection_id": saml}).want("200").text("connection", "connection_id")
	person := sandbox.SSOPerson{Email: "new@new.example"}
	for name, tt := range map[string]struct{ start, want string }{
		"connection":         {w.ssoURL("connection_id", saml), ""},
		"slug":               {w.ssoURL("slug", "harbour"), ""},
		"organization":       {w.ssoURL("organization_id", w.id("harbour")), ""},
		"external":           {w.ssoURL("connection_id", external), ""},
		"redirects":          {w.ssoURL("slug", "harbour", "login_redirect_url", redirectHere, "signup_redirect_url", redirectHere), ""},
		"no token":           {w.ssoURL("slug", "harbour", "public_token", ""), "public_token_required"},
		"wrong token":        {w.ssoURL("slug", "harbour", "public_token", "public-token-test-x"), "public_token_not_found"},
		"no locator":         {w.ssoURL(), "missing_sso_connection_locator"},
		"two":                {w.ssoURL("slug", "harbour", "connection_id", saml), "too_many_sso_connection_locators"},
		"two organizations":  {w.ssoURL("slug", "harbour", "organization_id", "harbour"), "too_many_sso_connection_locators"},
		"unknown connection": {w.ssoURL("connection_id", "saml-connection-test-x"), "sso_connection_not_found"},
		"pending":            {w.ssoURL("connection_id", pending), "requires_active_sso_connection"},
		"no organization":    {w.ssoURL("slug", "nobody"), "organization_not_found"},
		"no connection":      {w.ssoURL("slug", "globex"), "no_sso_connection_exists_for_organization"},
		"login elsewhere":    {w.ssoURL("slug", "harbour", "login_redirect_url", "https://evil.example/"), "no_match_for_provided_sso_url"},
		"signup elsewhere":   {w.ssoURL("slug", "harbour", "signup_redirect_url", "https://evil.example/"), "no_match_for_provided_sso_url"},
	} {
		_, err := w.FinishSSO(tt.start, person)
		if (tt.want == "") != (err == nil) || err != nil && !strings.HasSuffix(err.Error(), " "+tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
	if _, err := w.FinishSSO(w.ssoURL("slug", "harbour"), sandbox.SSOPerson{Email: "nonsense"}); err == nil || !strings.Contains(err.Error(), "invalid_saml_response_email") {
		t.Errorf("no address: %v", err)
	}
	w.put("/organizations/harbour", fields{"auth_methods": "RESTRICTED", "allowed_auth_methods": []string{"password"}}).want("200")
	if _, err := w.FinishSSO(w.ssoURL("slug", "harbour"), person); err == nil || !strings.Contains(err.Error(), "operation_restricted_by_organization_auth_methods") {
		t.Errorf("not allowed: %v", err)
	}
}

func TestSSOAuthenticate(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, saml := w.activeSAML()
	person := sandbox.SSOPerson{Email: ada, Name: "Ada Whitfield"}
	enter := func(token, verifier, want string) answer {
		t.Helper()
		body := fields{"sso_token": token}
		if verifier != "" {
			body["pkce_code_verifier"] = verifier
		}
		return w.post("/sso/authenticate", body).want(want)
	}
	enter("nonsense", "", "404 sso_token_not_found")
	token := w.by(w.ssoURL("connection_id", saml), person)
	enter(token, "superfluous", "400 pkce_did_not_expect_code_verifier")
	enter(token, "", "200")
	enter(token, "", "404 sso_token_not_found")

	verifier := "a verifier that nobody else knows"
	sum := sha256.Sum256([]byte(verifier))
	token = w.by(w.ssoURL("connection_id", saml, "pkce_code_challenge", base64.RawURLEncoding.EncodeToString(sum[:])), person)
	enter(token, "", "400 pkce_expected_code_verifier")
	enter(token, "another one", "400 pkce_mismatch")
	enter(token, verifier, "200")

	token = w.by(w.ssoURL("connection_id", saml), person)
	w.Advance(6 * time.Minute)
	enter(token, "", "404 sso_token_not_found")

	// A second step, where the organization wants one.
	w.put("/organizations/harbour", fields{"mfa_policy": "REQUIRED_FOR_ALL"}).want("200")
	if more := w.through(saml, ada).want("200"); more.at("mfa_required") == nil || more.text("intermediate_session_token") == "" || more.text("session_token") != "" {
		t.Errorf("got %s", more.raw)
	}
	w.put("/organizations/harbour", fields{"mfa_policy": "OPTIONAL"}).want("200")

	// A way that the organization has closed meanwhile lets nobody in, ties nobody, and gives no roles.
	token = w.by(w.ssoURL("connection_id", saml), sandbox.SSOPerson{Email: "late@new.example"})
	w.put("/organizations/harbour", fields{"auth_methods": "RESTRICTED", "allowed_auth_methods": []string{"email_otp"}}).want("200")
	more := enter(token, "", "200")
	if more.at("primary_required") == nil || more.text("session_token") != "" || len(more.list("member", "sso_registrations")) != 0 {
		t.Errorf("got %s", more.raw)
	}
	w.put("/organizations/harbour", fields{"auth_methods": "ALL_ALLOWED", "allowed_auth_methods": []string{}}).want("200")

	token = w.by(w.ssoURL("connection_id", saml), person)
	w.remove("/sso/harbour/connections/" + saml).want("200")
	enter(token, "", "404 sso_token_not_found")
	w.through(text(w.get("/sso/acme").list("saml_connections")[0]["connection_id"]), "marcus.webb@acme.example").want("429 user_lock_limit_reached")
}

// primary_required leads to single sign-on, and what was proved before is kept.
func TestSSOAfterAnotherFactor(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, saml := w.activeSAML()
	w.put("/organizations/harbour", fields{"auth_methods": "RESTRICTED", "allowed_auth_methods": []string{"sso"}}).want("200")
	more := w.post("/discovery/intermediate_sessions/exchange", fields{"intermediate_session_token": w.discover(), "organization_id": "harbour"}).want("200")
	methods, _ := more.at("primary_required", "allowed_auth_methods").([]any)
	if len(methods) != 1 || methods[0] != "sso" {
		t.Fatalf("got %s", more.raw)
	}
	in := w.post("/sso/authenticate", fields{
		"sso_token": w.by(w.ssoURL("connection_id", saml), sandbox.SSOPerson{Email: ada}), "intermediate_session_token": more.text("intermediate_session_token"),
	}).want("200")
	if in.at("member_authenticated") != true || kinds(in) != "email_otp sso" {
		t.Errorf("got %s", in.raw)
	}
	// Somebody else's intermediate session is refused.
	w.post("/sso/authenticate", fields{
		"sso_token": w.by(w.ssoURL("connection_id", saml), sandbox.SSOPerson{Email: sam}), "intermediate_session_token": w.discover(),
	}).want("400 invalid_intermediate_session_token_for_organization")
}

// A sign-in in the middle that rests on a connection ends with it.
func TestDeleteConnectionEndsSignInsInTheMiddle(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	_, saml := w.activeSAML()
	w.put("/organizations/harbour", fields{"mfa_policy": "REQUIRED_FOR_ALL"}).want("200")
	token := w.through(saml, ada).want("200").text("intermediate_session_token")
	w.remove("/sso/harbour/connections/" + saml).want("200")
	w.post("/discovery/intermediate_sessions/exchange", fields{"intermediate_session_token": token, "organization_id": "harbour"}).want("404 intermediate_session_not_found")
}

// browse sends a request to the sandbox as a browser would, without following redirects.
func (w *world) browse(method, path string, form url.Values) answer {
	w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.plain+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{t: w.t, status: response.StatusCode, header: response.Header, raw: raw}
}

// The stand-in identity provider has no script, its forms lead to the callback, and what they post is good once.
func TestSSOPage(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	okta := text(w.get("/sso/acme").list("saml_connections")[0]["connection_id"])
	began := w.browse(http.MethodGet, w.ssoURL("connection_id", okta), nil)
	if began.status != http.StatusFound || began.header.Get("Cache-Control") != "no-store" || began.header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("got %d %v", began.status, began.header)
	}
	page := w.browse(http.MethodGet, began.header.Get("Location"), nil)
	policy := page.header.Get("Content-Security-Policy")
	if page.status != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' http://127.0.0.1:8080") || strings.Contains(policy, "script") {
		t.Fatalf("got %d, policy %s", page.status, policy)
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(page.raw))
	if err != nil {
		t.Fatal(err)
	}
	if document.Find("script, style, [style], [onclick]").Length() != 0 || !strings.Contains(document.Find("main").Text(), "console-admins") {
		t.Errorf("the page is %s", page.raw)
	}
	forms := document.Find("form")
	known := forms.Eq(1) // priya, who has signed in through it before
	action := known.AttrOr("action", "")
	form := url.Values{}
	known.Find("input").Each(func(_ int, field *goquery.Selection) { form.Set(field.AttrOr("name", ""), field.AttrOr("value", "")) })
	if forms.Length() < 3 || action != "/v1/b2b/sso/callback/"+okta || form.Get("email") != "priya.nair@acme.example" || form.Get("groups") != "console-admins, finance" {
		t.Fatalf("the form goes to %s with %v", action, form)
	}
	other := "/v1/b2b/sso/callback/" + text(w.get("/sso/acme").list("oidc_connections")[0]["connection_id"])
	unasked := url.Values{"email": form["email"], "RelayState": {"nonsense"}}
	for name, bad := range map[string]struct {
		path string
		form url.Values
		want string
	}{"another connection": {other, form, "unsolicited_oidc_response"}, "not begun here": {action, unasked, "unsolicited_saml_response"}} {
		if got := w.browse(http.MethodPost, bad.path, bad.form); got.status != http.StatusBadRequest || !strings.HasPrefix(string(got.raw), bad.want+":") {
			t.Errorf("%s: got %d %s", name, got.status, got.raw)
		}
	}
	if got := w.browse(http.MethodGet, action, nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET of the callback is answered %d", got.status)
	}
	back := w.browse(http.MethodPost, action, form)
	target, err := url.Parse(back.header.Get("Location"))
	if err != nil || back.status != http.StatusSeeOther {
		t.Fatalf("got %d, %v", back.status, err)
	}
	if got := w.browse(http.MethodPost, action, form); got.status != http.StatusBadRequest {
		t.Errorf("posted again, it is answered %d", got.status)
	}
	in := w.post("/sso/authenticate", fields{"sso_token": target.Query().Get("token")}).want("200")
	if !strings.Contains(in.roles(), "stytch_admin") {
		t.Errorf("the roles are %s", in.roles())
	}
	if late := w.browse(http.MethodGet, began.header.Get("Location"), nil); late.status != http.StatusBadRequest {
		t.Errorf("the page after the sign-in is answered %d", late.status)
	}
	// Names that break careless pages are shown as they are.
	hostile := text(w.get("/sso/hostile").list("saml_connections")[0]["connection_id"])
	began = w.browse(http.MethodGet, w.ssoURL("connection_id", hostile), nil)
	if body := string(w.browse(http.MethodGet, began.header.Get("Location"), nil).raw); strings.Contains(body, "<script>alert") || strings.Contains(body, "<svg") || !strings.Contains(body, "&lt;svg") {
		t.Error("a name is markup")
	}
}
