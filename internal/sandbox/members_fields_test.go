package sandbox_test

import (
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// Every field of an update needs its own permission, and no other one; some of them members have for themselves.
func TestUpdateMemberFieldByField(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		field, action string
		value         any
		self          string // what becomes of it when members try it themselves
	}{
		{"name", "update.info.name", "Another Name", "200"},
		{"untrusted_metadata", "update.info.untrusted-metadata", fields{"theme": "light"}, "200"},
		{"mfa_phone_number", "update.info.mfa-phone", phone, "200"},
		{"mfa_enrolled", "update.settings.mfa-enrolled", true, "200"},
		{"default_mfa_method", "update.settings.default-mfa-method", "sms_otp", "200"},
		{"is_breakglass", "update.settings.is-breakglass", true, "403 session_authorization_error"},
		{"roles", "update.settings.roles", []string{"editor", "billing_viewer"}, "403 session_authorization_error"},
		{"email_address", "update.info.email", "another@acme.example", "400 member_cannot_update_their_email_address"},
		{"external_id", "", "x-1", "403 session_authorization_error"},
		{"trusted_metadata", "", fields{"desk": "7"}, "401 cannot_update_trusted_metadata"},
	} {
		t.Run(one.field, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			target := tom
			if one.field == "default_mfa_method" {
				target = kofi // who has a phone
			}
			id := w.member("acme", target)
			path, body := "/organizations/acme/members/"+id, fields{one.field: one.value}
			own, admin, support := w.as("acme", target), w.as("acme", olivia), w.as("acme", ada)
			before := w.get("/organizations/acme/member?member_id=" + id).at("member")
			refused := func(headers []string, want string) {
				t.Helper()
				w.put(path, body, headers...).want(want)
				if !same(t, before, w.get("/organizations/acme/member?member_id="+id).at("member")) {
					t.Fatal("a refused update has changed something")
				}
			}
			deny := func(action string) {
				t.Helper()
				w.ClearFaults()
				if err := w.SetFault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.member", Action: action}); err != nil {
					t.Fatal(err)
				}
			}
			stranger := "403 session_authorization_error"
			if one.field == "trusted_metadata" {
				stranger = one.self
			}
			refused(w.as("acme", inviter), stranger)
			w.put("/organizations/globex/members/"+w.member("globex", nadia), body, admin...).want("403 session_authorization_tenancy_error")
			w.Advance(61 * time.Minute)
			refused(admin, "404 session_not_found")
			w.ResetClock()
			if one.self != "200" {
				refused(own, one.self)
			}
			if one.action == "" {
				refused(admin, one.self)
				w.put(path, body).want("200") // the project's secret alone may
				return
			}
			deny(one.action)
			refused(admin, "403 session_authorization_error")
			if one.action == "update.info.name" {
				deny("update.info.email")
			} else {
				deny("update.info.name")
			}
			w.put(path, body, support...).want("200")
			w.ClearFaults()
			if one.self == "200" && one.field != "mfa_phone_number" { // there is one now
				w.put(path, body, own...).want("200")
			}
		})
	}
}
