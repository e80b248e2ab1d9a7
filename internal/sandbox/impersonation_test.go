package sandbox_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const rita = "rita@vendor.example"

// impersonate gives the token of an impersonation link.
func (w *world) impersonate(organization, email string) string {
	w.t.Helper()
	link, err := w.Impersonate(organization, email, rita)
	if err != nil {
		w.t.Fatal(err)
	}
	if parsed, err := url.Parse(link); err != nil || parsed.Query().Get("stytch_token_type") != "multi_tenant_impersonation" {
		w.t.Fatalf("the link is %s (%v)", link, err)
	}
	return w.token(sandbox.Message{Link: link})
}

func TestImpersonation(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Now: fixed})
	token := fields{"impersonation_token": w.impersonate("globex", nadia)} // who has a second factor, and is not asked for it
	in := w.post("/impersonation/authenticate", token).want("200")
	if in.text("session_token") == "" || in.at("member_authenticated") != true || in.at("mfa_required") != nil || in.text("intermediate_session_token") != "" {
		t.Errorf("got %s", in.raw)
	}
	factors := in.list("member_session", "authentication_factors")
	if len(factors) != 1 || factors[0]["type"] != "impersonated" || in.text("member_session", "expires_at") != "2026-03-02T11:00:10Z" {
		t.Errorf("the session is %v", in.at("member_session"))
	}
	if who, _ := factors[0]["impersonated_factor"].(fields); who["impersonator_email_address"] != rita {
		t.Errorf("the impersonator is %v", who)
	}
	w.post("/impersonation/authenticate", token).want("401 unable_to_auth_impersonation_token") // once
	w.post("/impersonation/authenticate", fields{"impersonation_token": unknownToken}).want("401 unable_to_auth_impersonation_token")
	late := fields{"impersonation_token": w.impersonate("globex", nadia)}
	w.Advance(5 * time.Minute)
	w.post("/impersonation/authenticate", late).want("401 unable_to_auth_impersonation_token")

	session := fields{"session_token": in.text("session_token")}
	second := with(session, fields{"organization_id": "globex", "member_id": w.member("globex", nadia)})
	w.post("/sessions/authenticate", session).want("200")
	w.post("/sessions/authenticate", with(session, fields{"session_duration_minutes": 480})).want("400 session_not_mutable")
	w.post("/sessions/exchange", with(session, fields{"organization_id": "acme"})).want("400 session_not_mutable")
	w.post("/totp/authenticate", with(second, fields{"code": w.app("globex", nadia).Code})).want("400 session_not_mutable")
	w.post("/otps/sms/send", with(second, fields{"mfa_phone_number": phone})).want("400 session_not_mutable")
	w.post("/otps/email/login_or_signup", fields{"organization_id": "globex", "email_address": nadia}).want("200")
	w.post("/otps/email/authenticate", with(session, fields{
		"organization_id": "globex", "email_address": nadia, "code": w.newest().Code,
	})).want("400 session_not_mutable")
	w.post("/sessions/revoke", session).want("200")
	w.post("/sessions/authenticate", session).want("404 session_not_found")
}

func TestImpersonationByControl(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	made := w.send(w.plain, http.MethodPost, "/sandbox/impersonations", fields{"organization": "acme", "email": tom, "impersonator_email": rita})
	if made.status != http.StatusOK || !strings.HasPrefix(made.text("link"), "http://127.0.0.1:8080/authenticate?") {
		t.Errorf("got %d %s", made.status, made.raw)
	}
	w.post("/impersonation/authenticate", fields{"impersonation_token": w.token(sandbox.Message{Link: made.text("link")})}).want("200")
	for name, body := range map[string]fields{
		"unknown organization": {"organization": "nobody", "email": tom, "impersonator_email": rita},
		"unknown member":       {"organization": "acme", "email": "nobody@acme.example", "impersonator_email": rita},
		"pending member":       {"organization": "acme", "email": birch, "impersonator_email": rita},
		"nobody":               {"organization": "acme", "email": tom},
	} {
		if got := w.send(w.plain, http.MethodPost, "/sandbox/impersonations", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d", name, got.status)
		}
	}
}

func TestAuthenticatorsAreShown(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	listed := w.send(w.plain, http.MethodGet, "/sandbox/authenticators.json", nil)
	page := string(w.send(w.plain, http.MethodGet, "/sandbox/outbox", nil).raw)
	app := w.app("globex", nadia)
	for _, part := range append(app.RecoveryCodes, app.Secret, app.Email) {
		if !strings.Contains(string(listed.raw), part) || !strings.Contains(page, part) {
			t.Errorf("%s is not shown", part)
		}
	}
	if other := start(t, sandbox.Options{}).app("globex", nadia); other.Secret != app.Secret || !slices.Equal(other.RecoveryCodes, app.RecoveryCodes) {
		t.Error("the seed's apps differ from sandbox to sandbox")
	}
	if _, err := w.Authenticator("globex", leo); err == nil {
		t.Error("somebody without an app has one")
	}
}
