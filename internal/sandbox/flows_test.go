package sandbox_test

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const unknownToken = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestDiscoveryByLink(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{RedirectURL: "https://console.example/authenticate?a=b"})
	w.post("/magic_links/email/discovery/send", fields{
		"email_address": ada, "discovery_redirect_url": "https://console.example/authenticate?a=b",
	}).want("200")
	message := w.newest()
	if message.To != ada || message.Kind != "discovery_link" ||
		!strings.HasPrefix(message.Link, "https://console.example/authenticate?a=b&stytch_token_type=discovery&token=") {
		t.Errorf("sent %q to %q: %q", message.Kind, message.To, message.Link)
	}
	found := w.post("/magic_links/discovery/authenticate", fields{"discovery_magic_links_token": w.token(message)}).want("200")
	slugs := found.slugs()
	want := []string{
		"acme", "globex", "harbour", "hostile", "initech", "linden", "meadow", "northwind",
		"only-code", "only-google", "only-link", "only-password", "only-sms", "only-totp", "support-desk", "umbrella",
	}
	if !slices.Equal(keys(slugs), want) {
		t.Errorf("found %v", keys(slugs))
	}
	if slugs["northwind"] != "eligible_to_join_by_email_domain" || slugs["meadow"] != "invited_member" || slugs["acme"] != "active_member" {
		t.Errorf("memberships are %v", slugs)
	}
	for _, one := range found.list("discovered_organizations") {
		organization, _ := one["organization"].(fields)
		switch slug := text(organization["organization_slug"]); {
		case slug == "globex" && one["mfa_required"] == nil, slug == "initech" && one["primary_required"] == nil,
			slug == "acme" && one["member_authenticated"] != true:
			t.Errorf("%s: %v %v %v", slug, one["member_authenticated"], one["mfa_required"], one["primary_required"])
		}
	}

	// Single use, and the tokens of the two flows are not the same.
	again := fields{"discovery_magic_links_token": w.token(message)}
	w.post("/magic_links/discovery/authenticate", again).want("401 unable_to_auth_magic_link")
	w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(message)}).want("404 magic_link_not_found")
	w.post("/magic_links/discovery/authenticate", fields{"discovery_magic_links_token": unknownToken}).want("404 magic_link_not_found")

	// An address that nobody knows is sent to and answered alike.
	w.post("/magic_links/email/discovery/send", fields{"email_address": "nobody@nowhere.example"}).want("200")
	nobody := w.post("/magic_links/discovery/authenticate", fields{"discovery_magic_links_token": w.token(w.newest())}).want("200")
	if len(nobody.slugs()) != 0 || nobody.text("intermediate_session_token") == "" {
		t.Errorf("a stranger finds %v", nobody.slugs())
	}

	w.post("/magic_links/email/discovery/send", fields{"email_address": ada}).want("200")
	late := fields{"discovery_magic_links_token": w.token(w.newest())}
	w.Advance(60 * time.Minute)
	w.post("/magic_links/discovery/authenticate", late).want("401 unable_to_auth_magic_link")
}

func TestLinksAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	send := "/magic_links/email/discovery/send"
	w.post(send, fields{"email_address": "nonsense"}).want("400 invalid_email")
	w.post(send, fields{"email_address": "Ada <ada@support.example>"}).want("400 invalid_email")
	w.wrong(send, fields{"email_address": ada, "locale": "xx"}).want("400 invalid_locale")
	w.post(send, fields{"email_address": ada, "discovery_expiration_minutes": 4}).want("400 invalid_expiration")
	w.post(send, fields{"email_address": ada, "discovery_redirect_url": "/relative"}).want("400 no_match_for_provided_magic_link_url")
	w.post("/otps/email/discovery/send", fields{"email_address": ada, "discovery_expiration_minutes": 16}).want("400 invalid_expiration_otp")
	w.post("/otps/email/discovery/authenticate", fields{"email_address": ada, "code": "12345"}).want("400 invalid_code")
	if len(w.sent()) != 0 {
		t.Error("a refused request has sent something")
	}
}

func TestPKCE(t *testing.T) {
	t.Parallel()
	verifier := strings.Repeat("v", 43)
	for name, flow := range map[string]func(w *world, extra fields) (path string, body fields){
		"discovery": func(w *world, extra fields) (string, fields) {
			extra["email_address"] = ada
			w.post("/magic_links/email/discovery/send", extra).want("200")
			return "/magic_links/discovery/authenticate", fields{"discovery_magic_links_token": w.token(w.newest())}
		},
		"organization": func(w *world, extra fields) (string, fields) {
			extra["email_address"], extra["organization_id"] = ada, "acme"
			w.post("/magic_links/email/login_or_signup", extra).want("200")
			return "/magic_links/authenticate", fields{"magic_links_token": w.token(w.newest())}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			path, body := flow(w, fields{"pkce_code_challenge": challenge(verifier)})
			w.post(path, body).want("400 pkce_expected_code_verifier")
			body["pkce_code_verifier"] = strings.Repeat("w", 43)
			w.post(path, body).want("400 pkce_mismatch")
			body["pkce_code_verifier"] = verifier
			w.post(path, body).want("200") // neither refusal has used it up
			w.post(path, body).want("401 unable_to_auth_magic_link")

			path, body = flow(w, fields{})
			body["pkce_code_verifier"] = verifier
			w.post(path, body).want("400 pkce_did_not_expect_code_verifier")
			delete(body, "pkce_code_verifier")
			w.post(path, body).want("200")
		})
	}
}

func TestDiscoveryByCode(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	send := func() string {
		w.post("/otps/email/discovery/send", fields{"email_address": ada}).want("200")
		return w.newest().Code
	}
	authenticate := func(code, want string) answer {
		t.Helper()
		return w.post("/otps/email/discovery/authenticate", fields{"email_address": ada, "code": code}).want(want)
	}
	first := send()
	second := send()
	for second == first {
		second = send()
	}
	authenticate(first, "401 unable_to_auth_otp_code") // only the newest is good
	if found := authenticate(second, "200"); found.text("email_address") != ada || len(found.slugs()) != 16 {
		t.Errorf("found %v", found.slugs())
	}
	authenticate(second, "401 unable_to_auth_otp_code")
	late := send()
	w.Advance(10 * time.Minute)
	authenticate(late, "401 unable_to_auth_otp_code")

	good := send()
	for range 8 { // with the two before it makes ten
		authenticate(other(good), "404 otp_code_not_found")
	}
	authenticate(good, "429 user_lock_limit_reached")
	w.Advance(time.Hour)
	authenticate(send(), "200")
}

// other is a code that is not this one.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestIntermediateExchange(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	exchange := func(token, organization, want string) answer {
		t.Helper()
		return w.post("/discovery/intermediate_sessions/exchange", fields{
			"intermediate_session_token": token, "organization_id": organization, "session_duration_minutes": 480,
		}).want(want)
	}
	token := w.discover()
	list := w.post("/discovery/organizations", fields{"intermediate_session_token": token}).want("200")
	if len(list.slugs()) != 16 || list.text("email_address") != ada {
		t.Errorf("the list has %v", list.slugs())
	}
	more := exchange(token, "globex", "200")
	if more.at("member_authenticated") != false || more.at("mfa_required") == nil || more.text("intermediate_session_token") != token {
		t.Errorf("globex: %s", more.raw)
	}
	if more.text("session_token") != "" || more.at("member_session") != nil {
		t.Error("globex: a session without the second step")
	}
	sso := exchange(token, "initech", "200")
	if methods, _ := sso.at("primary_required", "allowed_auth_methods").([]any); len(methods) != 1 || methods[0] != "sso" {
		t.Errorf("initech: %s", sso.raw)
	}
	exchange(token, "closed", "400 email_jit_provisioning_not_allowed")
	exchange(token, "nobody", "404 organization_not_found")

	done := exchange(token, w.StaffOrganizationID(), "200")
	if done.at("member_authenticated") != true || done.text("intermediate_session_token") != "" || done.at("mfa_required") != nil {
		t.Errorf("support desk: %s", done.raw)
	}
	expires, err := time.Parse(time.RFC3339, done.text("member_session", "expires_at"))
	if err != nil || time.Until(expires) < 479*time.Minute {
		t.Errorf("expires at %v (%v)", expires, err)
	}
	exchange(token, "acme", "404 intermediate_session_not_found") // consumed

	late := w.discover()
	w.Advance(10 * time.Minute)
	exchange(late, "acme", "404 intermediate_session_not_found")
	w.post("/discovery/organizations", fields{"intermediate_session_token": late}).want("404 intermediate_session_not_found")
	w.post("/discovery/organizations", fields{}).want("400 no_session_arguments")
	w.post("/discovery/organizations", fields{"session_token": unknownToken, "intermediate_session_token": late}).want("400 too_many_session_arguments")
}

func TestExchangeAcceptsAndJoins(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	exchange := func(token, organization string) answer {
		t.Helper()
		return w.post("/discovery/intermediate_sessions/exchange", fields{"intermediate_session_token": token, "organization_id": organization}).want("200")
	}
	joined := exchange(w.discover(), "northwind")
	if joined.text("member", "status") != "active" || joined.at("member", "email_address_verified") != true {
		t.Errorf("joined as %s", joined.raw)
	}
	roles, _ := joined.at("member_session", "roles").([]any)
	if !slices.Contains(roles, any("tenant_support")) { // northwind gives it to the domain
		t.Errorf("joined with %v", roles)
	}
	accepted := exchange(w.discover(), "meadow")
	if accepted.text("member", "status") != "active" || accepted.at("member_authenticated") != true {
		t.Errorf("accepted as %s", accepted.raw)
	}
	if slugs := w.post("/discovery/organizations", fields{"intermediate_session_token": w.discover()}).slugs(); slugs["meadow"] != "active_member" || slugs["northwind"] != "active_member" {
		t.Errorf("now found: %v", slugs)
	}
}

func TestSessionExchange(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	home := w.session("support-desk", ada)
	exchange := func(token, organization, want string) answer {
		t.Helper()
		return w.post("/sessions/exchange", fields{"session_token": token, "organization_id": organization}).want(want)
	}
	tenant := exchange(home, "acme", "200")
	if tenant.text("organization", "organization_slug") != "acme" || tenant.text("session_token") == home {
		t.Errorf("got %s", tenant.raw)
	}
	w.post("/sessions/authenticate", fields{"session_token": home}).want("200") // stays good
	exchange(home, "meadow", "200")                                             // accepts the invitation
	exchange(home, "northwind", "404 member_not_found")                         // but does not join
	exchange(home, "nobody", "404 organization_not_found")
	exchange("x", "acme", "400 invalid_session_token")
	exchange(unknownToken, "acme", "404 session_not_found")
	if more := exchange(home, "globex", "200"); more.at("mfa_required") == nil || more.text("intermediate_session_token") == "" {
		t.Errorf("globex: %s", more.raw)
	}
	if sms := exchange(w.session("support-desk", sam), "globex", "200"); sms.text("mfa_required", "secondary_auth_initiated") != "sms_otp" || w.newest().Kind != "sms_code" {
		t.Errorf("globex: %s", sms.raw)
	}
	list := w.post("/discovery/organizations", fields{"session_token": home}).want("200").slugs()
	if _, eligible := list["northwind"]; eligible || list["acme"] != "active_member" {
		t.Errorf("a session finds %v", list)
	}
	w.post("/sessions/exchange", fields{"organization_id": "acme"}).want("400 no_session_arguments")
}

func TestSessionLife(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	token := w.session("acme", ada)
	authenticate := func(body fields, want string) answer {
		t.Helper()
		body["session_token"] = token
		return w.post("/sessions/authenticate", body).want(want)
	}
	before := authenticate(fields{}, "200").text("member_session", "expires_at")
	w.Advance(30 * time.Minute)
	if after := authenticate(fields{}, "200").text("member_session", "expires_at"); after != before {
		t.Error("an omitted duration has moved the end")
	}
	authenticate(fields{"session_duration_minutes": 4}, "400 invalid_session_duration_minutes")
	authenticate(fields{"session_duration_minutes": 527041}, "400 invalid_session_duration_minutes")
	// A check that fails prolongs nothing.
	denied := fields{"organization_id": w.id("acme"), "resource_id": "stytch.organization", "action": "delete"}
	authenticate(fields{"session_duration_minutes": 480, "authorization_check": denied}, "403 session_authorization_error")
	if after := authenticate(fields{}, "200").text("member_session", "expires_at"); after != before {
		t.Error("a failed check has moved the end")
	}
	claims := authenticate(fields{"session_duration_minutes": 480, "session_custom_claims": fields{"a": "b", "sub": "x"}}, "200")
	if got, _ := claims.at("member_session", "custom_claims").(fields); len(got) != 1 || got["a"] != "b" {
		t.Errorf("claims are %v", got)
	}
	w.Advance(479 * time.Minute)
	authenticate(fields{}, "200")
	w.Advance(2 * time.Minute)
	authenticate(fields{}, "404 session_not_found")
	w.post("/sessions/authenticate", fields{}).want("400 no_session_arguments")
	w.post("/sessions/authenticate", fields{"session_token": token, "session_jwt": "x"}).want("400 too_many_session_arguments")
}

func TestOrganizationLogin(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	link := func(organization, email, want string) answer {
		t.Helper()
		return w.post("/magic_links/email/login_or_signup", fields{"organization_id": organization, "email_address": email}).want(want)
	}
	sent := link("acme", "olivia.hart@acme.example", "200")
	if sent.at("member_created") != false || w.newest().Kind != "login_link" ||
		!strings.Contains(w.newest().Link, "slug=acme&stytch_token_type=multi_tenant_magic_links&token=") {
		t.Errorf("sent %+v", w.newest().Link)
	}
	token := w.token(w.newest())
	w.post("/magic_links/discovery/authenticate", fields{"discovery_magic_links_token": token}).want("404 magic_link_not_found")
	in := w.post("/magic_links/authenticate", fields{"magic_links_token": token}).want("200")
	if in.text("organization_id") != w.id("acme") || in.at("member_authenticated") != true || in.text("session_token") == "" {
		t.Errorf("got %s", in.raw)
	}
	w.post("/magic_links/authenticate", fields{"magic_links_token": token}).want("401 unable_to_auth_magic_link")

	made := link("acme", "new.person@acme.example", "200")
	if made.at("member_created") != true || made.text("member", "status") != "pending" || w.newest().Kind != "signup_link" {
		t.Errorf("made %s", made.raw)
	}
	first := w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(w.newest())}).want("200")
	roles, _ := first.at("member_session", "roles").([]any)
	if first.text("member", "status") != "active" || !slices.Contains(roles, any("editor")) {
		t.Errorf("came in as %s", first.raw)
	}
	link("acme", "stranger@elsewhere.example", "400 invalid_email_for_jit_provisioning")
	link("linden", "stranger@linden.example", "400 email_jit_provisioning_not_allowed")
	link("initech", "peter.gibbons@initech.example", "400 operation_restricted_by_organization_auth_methods")
	link("initech", "dom.portwood@initech.example", "200") // breakglass
	link("nobody", ada, "404 organization_not_found")
}

func TestOrganizationCode(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	send := func(organization, email string) string {
		w.post("/otps/email/login_or_signup", fields{"organization_id": organization, "email_address": email}).want("200")
		return w.newest().Code
	}
	authenticate := func(organization, email, code, want string) answer {
		t.Helper()
		return w.post("/otps/email/authenticate", fields{"organization_id": organization, "email_address": email, "code": code}).want(want)
	}
	code := send("acme", ada)
	if in := authenticate("acme", ada, code, "200"); in.text("organization", "organization_slug") != "acme" || in.text("method_id") == "" {
		t.Errorf("got %s", in.raw)
	}
	authenticate("acme", ada, code, "401 unable_to_auth_otp_code")
	authenticate("acme", "nobody@acme.example", "123456", "404 member_not_found")
	if more := authenticate("globex", ada, send("globex", ada), "200"); more.at("mfa_required") == nil {
		t.Errorf("globex: %s", more.raw)
	}

	code = send("harbour", ada)
	for range 10 {
		authenticate("harbour", ada, other(code), "404 otp_code_not_found")
	}
	authenticate("harbour", ada, code, "429 user_lock_limit_reached")
	locked := w.get("/organizations/harbour/member?email_address=" + ada).want("200")
	if locked.at("member", "is_locked") != true || locked.text("member", "lock_expires_at") == "" {
		t.Errorf("the member is %s", locked.raw)
	}
	w.Advance(time.Hour)
	if free := w.get("/organizations/harbour/member?email_address=" + ada); free.at("member", "is_locked") != false {
		t.Error("the lock has not run out")
	}
	authenticate("harbour", ada, send("harbour", ada), "200")
	authenticate("acme", "marcus.webb@acme.example", "123456", "404 otp_code_not_found") // the seed's lock has run out too
}
