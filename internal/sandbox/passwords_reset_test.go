package sandbox_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// resetToken asks for a reset link of an organization and gives its token.
func (w *world) resetToken(organization, email string, extra fields) string {
	w.t.Helper()
	body := fields{"organization_id": organization, "email_address": email}
	maps.Copy(body, extra)
	w.post("/passwords/email/reset/start", body).want("200")
	return w.token(w.newest())
}

func TestPasswordReset(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	held, others := w.session("acme", aaron), w.session("acme", daniel)
	token := w.resetToken("acme", aaron, nil)
	message := w.newest()
	link, err := url.Parse(message.Link)
	if err != nil {
		t.Fatal(err)
	}
	query := link.Query()
	if message.Kind != "password_reset" || message.To != aaron || link.Path != "/authenticate" || query.Get("stytch_token_type") != "multi_tenant_passwords" ||
		query.Get("public_token") != w.PublicToken() || query.Get("slug") != "acme" {
		t.Errorf("sent %+v", message)
	}
	reset := func(plain, want string) answer {
		t.Helper()
		return w.post("/passwords/email/reset", fields{"password_reset_token": token, "password": plain}).want(want)
	}
	// A password that will not do leaves the link whole, and the sessions.
	reset("password", "400 weak_password")
	reset(sandbox.SeedBreachedPassword, "400 breached_password")
	w.post("/sessions/authenticate", fields{"session_token": held}).want("200")
	in := reset(better, "200")
	if in.at("member_authenticated") != true || kinds(in) != "password" || in.text("member_email_id") == "" {
		t.Errorf("got %s", in.raw)
	}
	reset(better, "401 unable_to_auth_password_reset_token")
	w.post("/sessions/authenticate", fields{"session_token": held}).want("404 session_not_found")
	w.post("/sessions/authenticate", fields{"session_token": others}).want("200")
	w.post("/sessions/authenticate", fields{"session_token": in.text("session_token")}).want("200")
	w.password("acme", aaron, better, "200")
	w.password("acme", aaron, sandbox.SeedPassword, "401 unauthorized_credentials")
}

func TestPasswordResetIsRefused(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	reset := func(path, token, want string) {
		t.Helper()
		w.post("/passwords/"+path+"/reset", fields{"password_reset_token": token, "password": better}).want(want)
	}
	const stale = "401 unable_to_auth_password_reset_token"
	reset("email", unknownToken, stale)
	reset("email", "x", stale)
	late := w.resetToken("acme", aaron, nil)
	w.Advance(30 * time.Minute)
	reset("email", late, stale)
	token := w.resetToken("acme", aaron, fields{"reset_password_expiration_minutes": 60})
	reset("discovery/email", token, stale) // not the same flow
	w.Advance(59 * time.Minute)
	reset("email", token, "200")
	w.post("/passwords/discovery/email/reset/start", fields{"email_address": aaron}).want("200")
	reset("email", w.token(w.newest()), stale)

	begin := func(body fields, want string) {
		t.Helper()
		w.post("/passwords/email/reset/start", body).want(want)
	}
	begin(fields{"organization_id": "acme", "email_address": "nobody@acme.example"}, "404 member_not_found")
	begin(fields{"organization_id": "only-code", "email_address": ada}, "400 operation_restricted_by_organization_auth_methods")
	begin(fields{"organization_id": "acme", "email_address": aaron, "reset_password_expiration_minutes": 4}, "400 invalid_expiration")
	begin(fields{"organization_id": "acme", "email_address": aaron, "reset_password_redirect_url": "https://evil.example/"}, "400 no_match_for_provided_magic_link_url")
	begin(fields{"organization_id": "acme", "email_address": aaron, "login_redirect_url": "https://evil.example/"}, "400 no_match_for_provided_magic_link_url")
	reset("email", w.resetToken("acme", "marcus.webb@acme.example", nil), "200") // no longer locked
}

// A link by e-mail is not a way round a lock.
func TestLockedMemberCannotReset(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	token := w.resetToken("acme", "marcus.webb@acme.example", nil)
	w.post("/passwords/email/reset", fields{"password_reset_token": token, "password": better}).want("429 user_lock_limit_reached")
}

func TestPasswordResetWithSecondFactor(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	in := w.post("/passwords/email/reset", fields{"password_reset_token": w.resetToken("acme", daniel, nil), "password": better}).want("200")
	if in.at("member_authenticated") != false || in.at("mfa_required") == nil || in.text("session_token") != "" {
		t.Errorf("a reset goes round the second factor: %s", in.raw)
	}
	// So does a session that was made without it.
	session := w.session("acme", daniel)
	in = w.post("/passwords/email/reset", fields{
		"password_reset_token": w.resetToken("acme", daniel, nil), "password": better, "session_token": session,
	}).want("200")
	if in.at("mfa_required") == nil {
		t.Errorf("a reset goes round the second factor: %s", in.raw)
	}
}

// The link proves the address: a first password may be set, and an invitation is accepted.
func TestFirstPassword(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	in := w.post("/passwords/email/reset", fields{"password_reset_token": w.resetToken("meadow", ada, nil), "password": better}).want("200")
	if in.text("member", "status") != "active" || in.at("member_authenticated") != true || in.text("member", "member_password_id") == "" {
		t.Errorf("got %s", in.raw)
	}
	w.password("meadow", ada, better, "200")
}

func TestPasswordPKCE(t *testing.T) {
	t.Parallel()
	verifier := strings.Repeat("v", 43)
	for name, flow := range map[string]struct{ start, reset, challenge, verifier string }{
		"organization": {"/passwords/email/reset/start", "/passwords/email/reset", "code_challenge", "code_verifier"},
		"discovery":    {"/passwords/discovery/email/reset/start", "/passwords/discovery/email/reset", "pkce_code_challenge", "pkce_code_verifier"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			begin := func(extra ...string) fields {
				t.Helper()
				body := fields{"email_address": ada}
				if name == "organization" {
					body["organization_id"] = "acme"
				}
				for _, value := range extra {
					body[flow.challenge] = value
				}
				w.post(flow.start, body).want("200")
				return fields{"password_reset_token": w.token(w.newest()), "password": better}
			}
			body := begin(challenge(verifier))
			w.post(flow.reset, body).want("400 pkce_expected_code_verifier")
			body[flow.verifier] = strings.Repeat("w", 43)
			w.post(flow.reset, body).want("400 pkce_mismatch")
			body[flow.verifier] = verifier
			w.post(flow.reset, body).want("200") // neither refusal has used it up
			body = begin()
			body[flow.verifier] = verifier
			w.post(flow.reset, body).want("400 pkce_did_not_expect_code_verifier")
		})
	}
}

func TestDiscoveryPasswordReset(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	begin := func(email string) string {
		t.Helper()
		w.post("/passwords/discovery/email/reset/start", fields{"email_address": email}).want("200")
		if message := w.newest(); message.To != email || message.Kind != "password_reset" || strings.Contains(message.Link, "slug=") {
			t.Errorf("sent %+v", message)
		}
		return w.token(w.newest())
	}
	held := w.session("acme", ada)
	found := w.post("/passwords/discovery/email/reset", fields{"password_reset_token": begin(ada), "password": better}).want("200")
	w.post("/sessions/authenticate", fields{"session_token": held}).want("404 session_not_found")
	w.password("acme", ada, better, "200")
	w.password("only-password", ada, better, "200")
	// The mail has proved the address: the invitation is accepted.
	in := w.post("/discovery/intermediate_sessions/exchange", fields{
		"intermediate_session_token": found.text("intermediate_session_token"), "organization_id": "meadow",
	}).want("200")
	if in.at("member_authenticated") != true || in.text("member", "status") != "active" {
		t.Errorf("meadow: %s", in.raw)
	}

	// Somebody who is nowhere yet is answered alike.
	const stranger = "stranger@nowhere.example"
	none := w.post("/passwords/discovery/email/reset", fields{"password_reset_token": begin(stranger), "password": better}).want("200")
	if len(none.slugs()) != 0 {
		t.Errorf("a stranger finds %v", none.slugs())
	}
	w.post("/passwords/discovery/authenticate", fields{"email_address": stranger, "password": better}).want("200")
	w.post("/passwords/discovery/email/reset/start", fields{"email_address": ada, "discovery_redirect_url": "https://evil.example/"}).
		want("400 no_match_for_provided_magic_link_url")
}

func TestExistingPasswordReset(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	reset := func(existing, plain, want string) answer {
		t.Helper()
		return w.post("/passwords/existing_password/reset", fields{
			"organization_id": "acme", "email_address": aaron, "existing_password": existing, "new_password": plain,
		}).want(want)
	}
	held := w.session("acme", aaron)
	reset("wrong", better, "401 unauthorized_credentials")
	reset(sandbox.SeedPassword, "password", "400 weak_password")
	w.post("/sessions/authenticate", fields{"session_token": held}).want("200")
	if in := reset(sandbox.SeedPassword, better, "200"); in.at("member_authenticated") != true {
		t.Errorf("got %s", in.raw)
	}
	w.post("/sessions/authenticate", fields{"session_token": held}).want("404 session_not_found")
	w.password("acme", aaron, better, "200")
}

func TestSessionPasswordReset(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	session, other := w.session("acme", aaron), w.session("acme", aaron)
	reset := func(organization, token, plain, want string) answer {
		t.Helper()
		return w.post("/passwords/session/reset", fields{"organization_id": organization, "session_token": token, "password": plain}).want(want)
	}
	reset("acme", session, "password", "400 weak_password")
	reset("harbour", session, better, "404 session_not_found")
	reset("acme", unknownToken, better, "404 session_not_found")
	w.Advance(4 * time.Minute)
	in := reset("acme", session, better, "200")
	if in.text("session_token") != session || kinds(in) != "email_otp" {
		t.Errorf("got %s", in.raw)
	}
	w.post("/sessions/authenticate", fields{"session_token": session}).want("200")
	w.post("/sessions/authenticate", fields{"session_token": other}).want("404 session_not_found")
	w.password("acme", aaron, better, "200")
	w.Advance(2 * time.Minute)
	reset("acme", session, better, "400 session_too_old_to_reset_password")

	link, err := w.Impersonate("acme", aaron, "rita@vendor.example")
	if err != nil {
		t.Fatal(err)
	}
	impersonated := w.post("/impersonation/authenticate", fields{"impersonation_token": w.token(sandbox.Message{Link: link})}).want("200").text("session_token")
	reset("acme", impersonated, better, "400 session_not_mutable")
}
