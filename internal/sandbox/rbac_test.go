package sandbox_test

import (
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// headerOperations are the operations that read the member-session headers, addressed at an organization.
func headerOperations() map[string]func(w *world, organization string, headers ...string) answer {
	get := func(before, after string) func(*world, string, ...string) answer {
		return func(w *world, organization string, headers ...string) answer {
			return w.get(before+organization+after, headers...)
		}
	}
	return map[string]func(*world, string, ...string) answer{
		"sso":            get("/sso/", ""),
		"scim":           get("/scim/", "/connection"),
		"connected apps": get("/organizations/", "/connected_apps"),
		"members": func(w *world, organization string, headers ...string) answer {
			return w.post("/organizations/members/search", fields{"organization_ids": []string{organization}}, headers...)
		},
	}
}

func TestHeaderIsObeyed(t *testing.T) {
	t.Parallel()
	for name, call := range headerOperations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{SearchesPerMinute: -1})
			acme, umbrella := w.id("acme"), w.id("umbrella")
			token := w.session("acme", ada)
			allowed := []string{"X-Stytch-Member-Session", token}
			call(w, acme).want("200")
			call(w, acme, allowed...).want("200")
			call(w, "acme", allowed...).want("200") // by slug: compared after it is resolved
			call(w, umbrella, allowed...).want("403 session_authorization_tenancy_error")
			call(w, "no-such-organization", allowed...).want("403 session_authorization_tenancy_error")
			call(w, "organization-test-1", allowed...).want("400 invalid_organization_id")
			call(w, acme, "X-Stytch-Member-Session", "short").want("400 invalid_session_token")
			call(w, acme, "X-Stytch-Member-Session", "").want("400 invalid_session_token")
			call(w, acme, "X-Stytch-Member-Session", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").want("404 session_not_found")
			call(w, acme, append(allowed, "X-Stytch-Member-SessionJWT", "x")...).want("400 too_many_session_arguments")
			call(w, acme, append(allowed, allowed...)...).want("400 too_many_session_arguments")

			jwt := w.post("/sessions/authenticate", fields{"session_token": token}).want("200").text("session_jwt")
			call(w, acme, "X-Stytch-Member-SessionJWT", jwt).want("200")
			call(w, acme, "X-Stytch-Member-SessionJWT", jwt+"x").want("400 unable_to_parse_session_jwt")

			plain := w.as("linden", sam)
			if name != "connected apps" { // which needs no permission
				call(w, "linden", plain...).want("403 session_authorization_error")
			}

			w.Advance(61 * time.Minute)
			call(w, acme, allowed...).want("404 session_not_found")
			w.ResetClock()
			w.post("/sessions/revoke", fields{"session_token": token}).want("200")
			call(w, acme, allowed...).want("404 session_not_found")
		})
	}
}

func TestMembersSearchOfSeveralOrganizations(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	both := fields{"organization_ids": []string{w.id("acme"), w.id("umbrella")}}
	w.post("/organizations/members/search", both, w.as("acme", ada)...).want("403 session_authorization_tenancy_error")
	w.post("/organizations/members/search", both).want("200")
}

func TestAuthorizationCheck(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	staff, acme := w.StaffOrganizationID(), w.id("acme")
	tests := []struct {
		name, organization, email, checked, resource, action, want string
		roles                                                      []string
	}{
		{"admin by wildcard", staff, ada, staff, "console-organizations", "create", "200", []string{"support_admin"}},
		{"agent", staff, sam, staff, "console-organizations", "search", "200", []string{"support_agent"}},
		{"agent lacks an action", staff, sam, staff, "console-organizations", "create", "403 session_authorization_error", nil},
		{"agent may not export", staff, sam, staff, "console-audit", "export", "403 session_authorization_error", nil},
		{"no console role", staff, kim, staff, "console-organizations", "search", "403 session_authorization_error", nil},
		{"staff role does not reach into tenants", staff, ada, staff, "stytch.member", "search", "403 session_authorization_error", nil},
		{"other organization", staff, ada, acme, "console-organizations", "search", "403 session_authorization_tenancy_error", nil},
		{"tenant role", acme, ada, acme, "stytch.member", "search", "200", []string{"tenant_support"}},
		{"tenant role has no console action", acme, ada, acme, "console-organizations", "search", "403 session_authorization_error", nil},
		{"no prefix matching", acme, ada, acme, "stytch.member", "update.info", "403 session_authorization_error", nil},
		{"tenant support may not delete", acme, ada, acme, "stytch.organization", "delete", "403 session_authorization_error", nil},
		{"the organization's own role", acme, "priya.nair@acme.example", acme, "billing", "update", "200", []string{"invoice_approver"}},
		{"unknown resource", acme, ada, acme, "nothing", "search", "403 session_authorization_error", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := w.session(test.organization, test.email)
			got := w.post("/sessions/authenticate", fields{"session_token": token, "authorization_check": fields{
				"organization_id": test.checked, "resource_id": test.resource, "action": test.action,
			}}).want(test.want)
			log := w.Requests()[len(w.Requests())-1]
			if log.Authorized == nil || *log.Authorized != (test.want == "200") || log.AuthorizationCheck.Action != test.action {
				t.Errorf("the log says %+v", log)
			}
			if log.OrganizationID != test.organization || log.SessionKind != "token" {
				t.Errorf("the log says %q %q", log.OrganizationID, log.SessionKind)
			}
			if test.want != "200" {
				return
			}
			granting, _ := got.at("verdict", "granting_roles").([]any)
			if got.at("verdict", "authorized") != true || len(granting) != len(test.roles) || granting[0] != test.roles[0] {
				t.Errorf("verdict is %v", got.at("verdict"))
			}
		})
	}
	token := w.session(acme, ada)
	if plain := w.post("/sessions/authenticate", fields{"session_token": token}).want("200"); plain.at("verdict") != nil {
		t.Error("a verdict without a check")
	}
	w.wrong("/sessions/authenticate", fields{"session_token": token, "authorization_check": fields{"action": "search"}}).want("400 bad_request")
}

// A role that comes through single sign-on counts only in a session that came through it; the seed's priya has both kinds.
func TestRolesOfASession(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	priya := w.get("/organizations/acme/member?email_address=priya.nair@acme.example").want("200")
	if roles := priya.list("member", "roles"); len(roles) != 5 {
		t.Errorf("the member has %d roles", len(roles))
	}
	sessions := w.get("/sessions?organization_id=acme&member_id=" + priya.text("member_id")).want("200").list("member_sessions")
	if len(sessions) != 2 {
		t.Fatalf("got %d sessions", len(sessions))
	}
	byCode, _ := sessions[0]["roles"].([]any)
	bySSO, _ := sessions[1]["roles"].([]any)
	if len(byCode) != 3 || len(bySSO) != 5 {
		t.Errorf("roles are %v by code and %v by single sign-on", byCode, bySSO)
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	alive := func(token, want string) {
		t.Helper()
		w.post("/sessions/authenticate", fields{"session_token": token}).want(want)
	}
	w.post("/sessions/revoke", fields{}).want("400 no_session_revoke_arguments")
	w.post("/sessions/revoke", fields{"member_id": "a", "session_token": "b"}).want("400 too_many_session_revoke_arguments")
	w.post("/sessions/revoke", fields{"session_token": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}).want("200")
	w.post("/sessions/revoke", fields{"session_token": "x"}).want("400 invalid_session_token")

	own, other := w.session("linden", sam), w.session("linden", sam)
	me := w.post("/sessions/authenticate", fields{"session_token": own}).text("member", "member_id")
	boss := w.session("linden", "clara.winter@linden.example")
	bossID := w.post("/sessions/authenticate", fields{"session_token": boss}).text("member", "member_id")
	w.post("/sessions/revoke", fields{"member_id": bossID}, "X-Stytch-Member-Session", own).want("403 session_authorization_error")
	alive(boss, "200")
	w.post("/sessions/revoke", fields{"member_id": me}, w.as("acme", ada)...).want("403 session_authorization_tenancy_error")
	w.post("/sessions/revoke", fields{"member_id": me}, "X-Stytch-Member-Session", own).want("200")
	alive(own, "404 session_not_found")
	alive(other, "404 session_not_found")

	third := w.session("linden", sam)
	id := w.post("/sessions/authenticate", fields{"session_token": third}).text("member_session", "member_session_id")
	w.post("/sessions/revoke", fields{"member_session_id": id}, "X-Stytch-Member-Session", boss).want("200")
	alive(third, "404 session_not_found")
}
