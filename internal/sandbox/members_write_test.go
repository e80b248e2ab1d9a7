package sandbox_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// inviter has a role that may create members and nothing else.
const inviter = "tara.singh@acme.example"

func (w *world) create(organization, email string, more fields, headers ...string) answer {
	w.t.Helper()
	body := fields{"email_address": email}
	maps.Copy(body, more)
	return w.post("/organizations/"+organization+"/members", body, headers...)
}

func TestCreateMember(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	sent := len(w.Outbox())
	made := w.create("acme", "New.Comer@acme.example", fields{
		"name": "New Comer", "roles": []string{"stytch_member", "billing_viewer", "invoice_approver"}, "is_breakglass": true, "mfa_enrolled": true,
		"mfa_phone_number": phone, "external_id": "employee-9", "trusted_metadata": fields{"desk": "7", "none": nil}, "untrusted_metadata": fields{"theme": "dark"},
	}).want("200")
	for field, want := range map[string]any{
		"email_address": newcomer, "status": "active", "email_address_verified": false, "name": "New Comer", "is_breakglass": true,
		"mfa_enrolled": true, "mfa_phone_number": phone, "mfa_phone_number_verified": false, "external_id": "employee-9", "is_admin": false,
		"trusted_metadata": fields{"desk": "7"}, "untrusted_metadata": fields{"theme": "dark"}, "member_password_id": "", "totp_registration_id": "",
	} {
		if got := made.at("member", field); !same(t, want, got) {
			t.Errorf("%s is %v", field, got)
		}
	}
	sources := map[string]string{}
	for _, role := range made.list("member", "roles") {
		for _, source := range answer.list(answer{fields: role}, "sources") {
			sources[text(role["role_id"])] += text(source["type"])
		}
	}
	if want := (map[string]string{
		"stytch_member": "direct_assignment", "billing_viewer": "direct_assignment", "invoice_approver": "direct_assignment", "editor": "email_assignment",
	}); !maps.Equal(sources, want) {
		t.Errorf("roles are %v", sources)
	}
	if len(w.Outbox()) != sent {
		t.Error("something was mailed")
	}
	if got := w.get("/organizations/acme/member?member_id=employee-9").want("200"); !same(t, made.at("member"), got.at("member")) {
		t.Error("the member is not found as made")
	}
	pending := w.create("acme", "later@acme.example", fields{"create_member_as_pending": true}).want("200")
	if pending.text("member", "status") != "pending" {
		t.Errorf("got %s", pending.raw)
	}
	// Settings on invitations do not count here, and the address is verified by the first sign-in.
	w.create("initech", "someone@elsewhere.example", nil).want("200")
	w.create("empty", ada, nil).want("200")
	in := w.post("/sessions/exchange", fields{"organization_id": "empty", "session_token": w.session("acme", ada)}).want("200")
	if in.at("member", "email_address_verified") != true {
		t.Errorf("came in as %s", in.raw)
	}
}

func TestCreateMemberIsRefused(t *testing.T) {
	t.Parallel()
	many := fields{}
	for i := range 21 {
		many[fmt.Sprint("key", i)] = i
	}
	for _, one := range []struct {
		name, as, email string
		more            fields
		want            string
	}{
		{"by a plain member", kofi, newcomer, nil, "403 session_authorization_error"},
		{"trusted metadata by a member", olivia, newcomer, fields{"trusted_metadata": fields{"a": "b"}}, "401 cannot_update_trusted_metadata"},
		{"no address", "", "nonsense", nil, "400 invalid_email"},
		{"a member's", "", strings.ToUpper(tom), nil, "400 duplicate_member_email"},
		{"an invited member's", "", "ivan.morozov@acme.example", nil, "400 duplicate_member_email"},
		{"that a member had", "", "sofia.berg@acme.example", nil, "400 duplicate_member_email"},
		{"that a member is changing to", "", "wanted@acme.example", nil, "400 desired_email_updating_for_different_member"},
		{"of a domain of others", "", "somebody@initech.example", nil, "400 action_not_allowed_email_domain_is_claimed"},
		{"unknown role", "", newcomer, fields{"roles": []string{"editor", "emperor"}}, "400 invalid_rbac_role_id"},
		{"no phone", "", newcomer, fields{"mfa_phone_number": "0171"}, "400 invalid_phone_number"},
		{"phone of another member", "", newcomer, fields{"mfa_phone_number": "+819012345678"}, "400 duplicate_member_phone_number"},
		{"malformed external id", "", newcomer, fields{"external_id": "a b"}, "400 invalid_external_id"},
		{"external id of another member", "", newcomer, fields{"external_id": "employee-4711"}, "400 duplicate_member_external_id"},
		{"too many keys", "", newcomer, fields{"untrusted_metadata": many}, "400 metadata_too_many_keys"},
		{"too large", "", newcomer, fields{"trusted_metadata": fields{"a": strings.Repeat("a", 4096)}}, "400 metadata_too_large"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			w.post("/organizations/acme/members/"+w.member("acme", kofi)+"/start_email_update", fields{"email_address": "wanted@acme.example"}).want("200")
			before := w.get("/organizations/acme/metrics").at("member_count")
			var headers []string
			if one.as != "" {
				headers = w.as("acme", one.as)
			}
			w.create("acme", one.email, one.more, headers...).want(one.want)
			if after := w.get("/organizations/acme/metrics").at("member_count"); after != before {
				t.Error("a member was made")
			}
		})
	}
}

// The upstream asks for create and nothing more: whoever may create may make an administrator. That is for the console to prevent.
func TestCreateMemberAsks(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	w.create("acme", newcomer, fields{"roles": []string{"stytch_admin"}, "is_breakglass": true}, w.as("acme", inviter)...).want("200")
	w.put("/organizations/acme/members/"+w.member("acme", newcomer), fields{"roles": []string{}}, w.as("acme", inviter)...).want("403 session_authorization_error")
	w.create("globex", newcomer, nil, w.as("acme", olivia)...).want("403 session_authorization_tenancy_error")
	expired := w.as("acme", olivia)
	w.Advance(61 * time.Minute)
	w.create("acme", "later@acme.example", nil, expired...).want("404 session_not_found")
}

// memberActions are operations on a member that need one action each; those in self members may do to themselves.
func memberActions() map[string]struct {
	action string
	self   bool
	act    func(w *world, path string, headers ...string) answer
} {
	type one = struct {
		action string
		self   bool
		act    func(w *world, path string, headers ...string) answer
	}
	return map[string]one{
		"delete": {"delete", true, func(w *world, path string, headers ...string) answer { return w.remove(path, headers...) }},
		"delete external id": {"*", false, func(w *world, path string, headers ...string) answer {
			return w.remove(path+"/external_id", headers...)
		}},
		"unlink": {"update.info.unlink.retired-email", true, func(w *world, path string, headers ...string) answer {
			return w.post(path+"/unlink_retired_email", fields{"email_address": "old@acme.example"}, headers...)
		}},
		"list apps": {"get.connected-apps", true, func(w *world, path string, headers ...string) answer {
			return w.get(path+"/connected_apps", headers...)
		}},
		"revoke app": {"revoke.connected-app", true, func(w *world, path string, headers ...string) answer {
			id := text(w.get(path + "/connected_apps").list("connected_apps")[0]["connected_app_id"])
			return w.post(path+"/connected_apps/"+id+"/revoke", fields{}, headers...)
		}},
	}
}

func TestMemberActions(t *testing.T) {
	t.Parallel()
	const daniel = "daniel.okafor@acme.example"
	for name, one := range memberActions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ready := func() (*world, string) {
				w := start(t, sandbox.Options{})
				path := "/organizations/acme/members/" + w.member("acme", daniel)
				w.put(path, fields{"email_address": "old@acme.example"}).want("200")
				w.put(path, fields{"email_address": daniel}).want("200")
				return w, path
			}
			w, path := ready()
			elsewhere := strings.Replace(path, "acme", "globex", 1)
			before := w.get("/organizations/acme/member?email_address=" + daniel).at("member")
			one.act(w, path, w.as("acme", kofi)...).want("403 session_authorization_error")
			admin := w.as("acme", olivia)
			if name != "revoke app" { // which reads the list first
				one.act(w, elsewhere, admin...).want("403 session_authorization_tenancy_error")
				one.act(w, "/organizations/acme/members/member-test-1", admin...).want("400 invalid_member_id")
				one.act(w, "/organizations/acme/members/nobody", admin...).want("404 member_not_found")
				one.act(w, "/organizations/acme/members/nobody", w.as("acme", kofi)...).want("403 session_authorization_error")
			}
			if err := w.SetFault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.member", Action: one.action}); err != nil {
				t.Fatal(err)
			}
			one.act(w, path, admin...).want("403 session_authorization_error")
			w.ClearFaults()
			own := w.as("acme", daniel)
			w.Advance(61 * time.Minute)
			one.act(w, path, admin...).want("404 session_not_found")
			w.ResetClock()
			if !same(t, before, w.get("/organizations/acme/member?email_address="+daniel).at("member")) {
				t.Error("a refused act has changed something")
			}
			if one.self {
				one.act(w, path, own...).want("200")
			} else {
				one.act(w, path, own...).want("403 session_authorization_error")
			}
			w, path = ready()
			one.act(w, path, w.as("acme", olivia)...).want("200")
			w, path = ready()
			one.act(w, path).want("200")
			w, path = ready()
			w.put(path, fields{"external_id": "by-this"}).want("200")
			one.act(w, "/organizations/acme/members/by-this").want("200")
		})
	}
}

// A deleted member's sessions, links and grants are over, and the address is free.
func TestDeleteMember(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const daniel = "daniel.okafor@acme.example"
	id := w.member("acme", daniel)
	token := w.session("acme", daniel)
	w.invite("acme", newcomer, nil).want("200")
	invitation := w.token(w.newest())
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": "acme", "email_address": daniel}).want("200")
	link := w.token(w.newest())
	w.post("/passwords/email/reset/start", fields{"organization_id": "acme", "email_address": daniel}).want("200")
	reset := w.token(w.newest())
	w.post("/otps/email/login_or_signup", fields{"organization_id": "acme", "email_address": daniel}).want("200")
	code := w.newest().Code

	gone := w.remove("/organizations/acme/members/" + id).want("200")
	if gone.text("member_id") != id {
		t.Errorf("got %s", gone.raw)
	}
	w.remove("/organizations/acme/members/" + w.member("acme", newcomer)).want("200")
	w.post("/magic_links/authenticate", fields{"magic_links_token": invitation}).want("401 unable_to_auth_magic_link")
	w.post("/sessions/authenticate", fields{"session_token": token}).want("404 session_not_found")
	w.get("/organizations/acme/member?email_address=" + daniel).want("404 member_not_found")
	w.remove("/organizations/acme/members/" + id).want("404 member_not_found")
	for _, app := range w.get("/organizations/acme/connected_apps").list("connected_apps") {
		if app["name"] == "Notebook CLI" {
			t.Error("an app that nobody lets in is still one of the organization")
		}
	}
	kept := w.get("/organizations/members/dangerously_get/" + id + "?include_deleted=true").want("200")
	if kept.text("member", "status") != "deleted" || kept.text("member", "email_address") != daniel {
		t.Errorf("kept %s", kept.raw)
	}
	// Taken back, nothing from before the deletion works again.
	back := w.put("/organizations/acme/members/"+id+"/reactivate", fields{}).want("200")
	if back.text("member", "status") != "active" || back.text("member", "totp_registration_id") == "" {
		t.Errorf("back %s", back.raw)
	}
	w.post("/magic_links/authenticate", fields{"magic_links_token": link}).want("401 unable_to_auth_magic_link")
	w.post("/passwords/email/reset", fields{"password_reset_token": reset, "password": "violet-lantern-harbour-94"}).want("401 unable_to_auth_password_reset_token")
	w.post("/otps/email/authenticate", fields{"organization_id": "acme", "email_address": daniel, "code": code}).want("404 otp_code_not_found")
	w.post("/sessions/authenticate", fields{"session_token": token}).want("404 session_not_found")
	if apps := w.get("/organizations/acme/members/" + id + "/connected_apps").want("200").list("connected_apps"); len(apps) != 0 {
		t.Errorf("apps are %v", apps)
	}
	// The address of a deleted member is free, also one that was retired.
	w.remove("/organizations/acme/members/" + w.member("acme", "sofia.lindqvist@acme.example")).want("200")
	w.create("acme", "sofia.berg@acme.example", nil).want("200")
	w.create("acme", "sofia.lindqvist@acme.example", nil).want("200")
}

func TestReactivateMember(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	deleted := func(slug, name string) string {
		t.Helper()
		found := w.post("/organizations/members/search", fields{"organization_ids": []string{slug}, "query": fields{"operator": "AND", "operands": []fields{
			{"filter_name": "statuses", "filter_value": []string{"deleted"}},
		}}}).want("200").list("members")
		at := slices.IndexFunc(found, func(m fields) bool { return m["name"] == name })
		if at < 0 {
			t.Fatalf("%s is not there", name)
		}
		return text(found[at]["member_id"])
	}
	back := func(slug, id, want string, headers ...string) answer {
		t.Helper()
		return w.put("/organizations/"+slug+"/members/"+id+"/reactivate", fields{}, headers...).want(want)
	}
	greta, desk, otto := deleted("linden", "Greta Holt"), deleted("linden", "Front desk"), deleted("harbour", "Otto Lang")
	back("linden", greta, "403 session_authorization_error", w.as("linden", sam)...)
	back("linden", greta, "403 session_authorization_tenancy_error", w.as("acme", olivia)...)
	back("harbour", greta, "400 no_deleted_member_found_for_reactivation")
	back("linden", "greta", "400 invalid_member_id")
	back("harbour", otto, "400 email_unverified_for_reactivation")
	back("linden", desk, "400 reactivation_email_belongs_to_another_member")
	back("acme", w.member("acme", tom), "400 no_deleted_member_found_for_reactivation")

	got := back("linden", greta, "200", w.as("linden", ada)...)
	if got.text("member", "status") != "active" || got.text("member", "name") != "Greta Holt" {
		t.Errorf("got %s", got.raw)
	}
	back("linden", greta, "400 no_deleted_member_found_for_reactivation")
	w.first("linden", "greta.holt@linden.example", nil)

	// Somebody else has taken the address in the meantime.
	w.remove("/organizations/linden/members/" + greta).want("200")
	w.create("linden", "greta.holt@linden.example", nil).want("200")
	back("linden", greta, "400 reactivation_email_belongs_to_another_member")

	// Once the one who had the address lets go of it, its first owner can be taken back, in the old place.
	samuel := w.member("linden", "samuel.ortiz@linden.example")
	w.post("/organizations/linden/members/"+samuel+"/unlink_retired_email", fields{"email_address": "desk@linden.example"}).want("200")
	back("linden", desk, "200")
	members := w.post("/organizations/members/search", fields{"organization_ids": []string{"linden"}}).list("members")
	if last := members[len(members)-1]; last["email_address"] != "greta.holt@linden.example" || members[len(members)-2]["member_id"] != desk {
		t.Error("members are not in the order of their creation")
	}
}

func TestUnlinkRetiredEmail(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const sofia = "sofia.lindqvist@acme.example"
	id := w.member("acme", sofia)
	retired := w.get("/organizations/acme/member?email_address="+sofia).list("member", "retired_email_addresses")
	first, second := retired[0], retired[1]
	unlink := func(body fields, want string) answer {
		t.Helper()
		return w.post("/organizations/acme/members/"+id+"/unlink_retired_email", body).want(want)
	}
	unlink(fields{}, "400 retired_email_missing_email_identifiers")
	unlink(fields{"email_address": "nobody@acme.example"}, "404 email_not_found")
	unlink(fields{"email_address": sofia}, "404 email_not_found") // it is not retired
	unlink(fields{"email_id": first["email_id"], "email_address": second["email_address"]}, "404 email_not_found")
	got := unlink(fields{"email_id": first["email_id"], "email_address": strings.ToUpper(text(first["email_address"]))}, "200")
	if left := got.list("member", "retired_email_addresses"); len(left) != 1 || left[0]["email_id"] != second["email_id"] || got.text("organization_id") != w.id("acme") {
		t.Errorf("got %s", got.raw)
	}
	w.create("acme", text(first["email_address"]), nil).want("200")
	if got := unlink(fields{"email_id": second["email_id"]}, "200"); len(got.list("member", "retired_email_addresses")) != 0 {
		t.Errorf("got %s", got.raw)
	}
}

func TestDeleteMemberExternalID(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	id := w.member("acme", tom)
	if got := w.remove("/organizations/acme/members/employee-4711/external_id").want("200"); got.at("member", "external_id") != nil {
		t.Errorf("got %s", got.raw)
	}
	w.get("/organizations/acme/member?member_id=employee-4711").want("404 member_not_found")
	w.remove("/organizations/acme/members/" + id + "/external_id").want("200")
	w.put("/organizations/acme/members/"+w.member("acme", kofi), fields{"external_id": "employee-4711"}).want("200")
	w.remove("/organizations/acme/members/"+id+"/external_id", w.as("acme", ada)...).want("403 session_authorization_error") // it needs everything
}
