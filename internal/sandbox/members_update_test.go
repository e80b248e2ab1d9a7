package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

func TestUpdateMember(t *testing.T) {
	t.Parallel()
	const olivia, priya = "olivia.hart@acme.example", "priya.nair@acme.example"
	many := fields{}
	for i := range 21 {
		many[fmt.Sprint("key", i)] = i
	}
	for _, one := range []struct {
		name  string
		as    string // in acme; nobody is the secret alone
		email string // of acme
		body  fields
		want  string
	}{
		{"name by oneself", tom, tom, fields{"name": "Thomas"}, "200"},
		{"name by the secret", "", tom, fields{"name": "Thomas"}, "200"},
		{"name by an administrator", olivia, tom, fields{"name": "Thomas"}, "200"},
		{"name by another member", kofi, tom, fields{"name": "Thomas"}, "403 session_authorization_error"},
		{"own second step", tom, tom, fields{"mfa_enrolled": true}, "200"},
		{"second step of another", kofi, tom, fields{"mfa_enrolled": true}, "403 session_authorization_error"},
		{"own phone", tom, tom, fields{"mfa_phone_number": phone}, "200"},
		{"own phone over another", kofi, kofi, fields{"mfa_phone_number": phone}, "400 duplicate_member_phone_number_for_member"},
		{"phone of another member", tom, tom, fields{"mfa_phone_number": "+819012345678"}, "400 duplicate_member_phone_number"},
		{"no phone", tom, tom, fields{"mfa_phone_number": "0171"}, "400 invalid_phone_number"},
		{"own default", kofi, kofi, fields{"default_mfa_method": "sms_otp"}, "200"},
		{"default that is not there", kofi, kofi, fields{"default_mfa_method": "totp"}, "400 default_mfa_member_missing_factor"},
		{"default that is none", kofi, kofi, fields{"default_mfa_method": "email"}, "400 invalid_mfa_default_method"},
		{"own metadata", tom, tom, fields{"untrusted_metadata": fields{"theme": nil, "size": "l"}}, "200"},
		{"too many keys", "", tom, fields{"untrusted_metadata": many}, "400 metadata_too_many_keys"},
		{"too large", "", tom, fields{"trusted_metadata": fields{"a": strings.Repeat("a", 4096)}}, "400 metadata_too_large"},
		{"trusted metadata by oneself", tom, tom, fields{"trusted_metadata": fields{"a": "b"}}, "401 cannot_update_trusted_metadata"},
		{"trusted metadata by an administrator", olivia, tom, fields{"trusted_metadata": fields{"a": "b"}}, "401 cannot_update_trusted_metadata"},
		{"own roles", tom, tom, fields{"roles": []string{"stytch_admin"}}, "403 session_authorization_error"},
		{"own roles and name", tom, tom, fields{"name": "Thomas", "roles": []string{"stytch_admin"}}, "403 session_authorization_error"},
		{"own break-glass", tom, tom, fields{"is_breakglass": true}, "403 session_authorization_error"},
		{"roles by an administrator", olivia, tom, fields{"roles": []string{"editor", "invoice_approver"}}, "200"},
		{"unknown role", olivia, tom, fields{"roles": []string{"emperor"}}, "400 invalid_rbac_role_id"},
		{"own address", tom, tom, fields{"email_address": "t@acme.example"}, "400 member_cannot_update_their_email_address"},
		{"own address of an administrator", olivia, olivia, fields{"email_address": "o@acme.example"}, "400 member_cannot_update_their_email_address"},
		{"address by an administrator", olivia, tom, fields{"email_address": "t@acme.example"}, "200"},
		{"address of another member", olivia, tom, fields{"email_address": priya}, "400 duplicate_member_email"},
		{"address that another member had", olivia, tom, fields{"email_address": "sofia.berg@acme.example"}, "400 retired_member_email"},
		{"address of a domain of others", olivia, tom, fields{"email_address": "t@initech.example"}, "400 action_not_allowed_email_domain_is_claimed"},
		{"external id by an administrator", olivia, tom, fields{"external_id": "x-1"}, "403 session_authorization_error"},
		{"external id", "", kofi, fields{"external_id": "x-1"}, "200"},
		{"external id of another member", "", kofi, fields{"external_id": "employee-4711"}, "400 duplicate_member_external_id"},
		{"malformed external id", "", kofi, fields{"external_id": "a b"}, "400 invalid_external_id"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			var headers []string
			if one.as != "" {
				headers = w.as("acme", one.as)
			}
			path := "/organizations/acme/member?email_address=" + one.email
			before := w.get(path).want("200").at("member")
			id := w.member("acme", one.email)
			got := w.put("/organizations/acme/members/"+id, one.body, headers...).want(one.want)
			after := w.get("/organizations/acme/member?member_id=" + id).want("200").at("member")
			switch changed := fmt.Sprint(before) != fmt.Sprint(after); {
			case changed != (one.want == "200"):
				t.Errorf("changed is %v", changed)
			case changed && fmt.Sprint(got.at("member")) != fmt.Sprint(after):
				t.Error("the answer is not what the member is now")
			}
		})
	}
}

func TestUpdateIsOfOneOrganization(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	olivia := w.as("acme", "olivia.hart@acme.example")
	id := w.member("globex", nadia)
	w.put("/organizations/globex/members/"+id, fields{"name": "x"}, olivia...).want("403 session_authorization_tenancy_error")
	w.put("/organizations/acme/members/"+id, fields{"name": "x"}, olivia...).want("404 member_not_found")
	w.put("/organizations/acme/members/"+id, fields{"name": "x"}, w.as("acme", tom)...).want("403 session_authorization_error")
	w.remove("/organizations/globex/members/"+id+"/totp", olivia...).want("403 session_authorization_tenancy_error")
	w.put("/organizations/acme/members/employee-4711", fields{"name": "By external id"}, w.as("acme", tom)...).want("200")
}

// Direct roles are replaced, the others stay; sessions that were made with a connection which still gives one end.
func TestUpdateRoles(t *testing.T) {
	t.Parallel()
	for preserve, left := range map[bool]int{false: 1, true: 2} {
		w := start(t, sandbox.Options{})
		const priya = "priya.nair@acme.example"
		id := w.member("acme", priya)
		path := "/organizations/acme/members/" + id
		w.put(path, fields{"roles": []string{"editor", "billing_viewer"}}).want("200")
		got := w.put(path, fields{"roles": []string{}, "preserve_existing_sessions": preserve}).want("200")
		sources := map[string][]string{}
		for _, role := range got.list("member", "roles") {
			for _, source := range answer.list(answer{fields: role}, "sources") {
				sources[text(role["role_id"])] = append(sources[text(role["role_id"])], text(source["type"]))
			}
		}
		if !slices.Equal(sources["stytch_member"], []string{"direct_assignment"}) || !slices.Equal(sources["billing_viewer"], []string{"sso_connection"}) ||
			!slices.Equal(sources["editor"], []string{"email_assignment"}) || got.at("member", "is_admin") != true {
			t.Errorf("roles are %v", sources)
		}
		if sessions := w.get("/sessions?organization_id=acme&member_id=" + id).list("member_sessions"); len(sessions) != left {
			t.Errorf("preserve %v leaves %d sessions", preserve, len(sessions))
		}
	}
}

// An address that is changed by others is to be proved again, and no password of the old one is left.
func TestUpdateAddress(t *testing.T) {
	t.Parallel()
	for unlink, retired := range map[bool]int{false: 1, true: 0} {
		w := start(t, sandbox.Options{})
		const daniel = "daniel.okafor@acme.example"
		id := w.member("acme", daniel)
		got := w.put("/organizations/acme/members/"+id, fields{"email_address": "d@acme.example", "unlink_email": unlink}).want("200")
		if got.at("member", "email_address_verified") != false || got.text("member", "member_password_id") != "" || len(got.list("member", "retired_email_addresses")) != retired {
			t.Errorf("now %s", got.raw)
		}
		w.get("/organizations/acme/member?email_address=d@acme.example").want("200")
		w.get("/organizations/acme/member?email_address=" + daniel).want("404 member_not_found")
		back := w.put("/organizations/acme/members/"+id, fields{"email_address": daniel, "unlink_email": true}).want("200")
		if len(back.list("member", "retired_email_addresses")) != 0 {
			t.Errorf("back %s", back.raw)
		}
	}
}

func TestDeleteFactors(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	base, id := "/organizations/globex/members/", w.member("globex", grace)
	own := w.as("globex", grace)
	stranger := w.as("globex", leo)
	w.remove(base+id+"/totp", stranger...).want("403 session_authorization_error")
	w.remove(base+"mfa_phone_numbers/"+id, stranger...).want("403 session_authorization_error")

	w.post("/otps/sms/send", w.step("globex", grace, nil)).want("200")
	texted := w.newest().Code
	app := w.remove(base+id+"/totp", own...).want("200")
	if app.text("member", "totp_registration_id") != "" || app.text("member", "default_mfa_method") != "sms_otp" || app.at("member", "mfa_enrolled") != true {
		t.Errorf("without the app %s", app.raw)
	}
	w.remove(base+id+"/totp", own...).want("404 totp_not_found")
	bare := w.remove(base+"mfa_phone_numbers/"+id, own...).want("200")
	if bare.text("member", "mfa_phone_number") != "" || bare.at("member", "mfa_phone_number_verified") != false || bare.text("member", "default_mfa_method") != "" {
		t.Errorf("without the phone %s", bare.raw)
	}
	w.remove(base+"mfa_phone_numbers/"+id, own...).want("404 member_phone_number_not_found")
	w.post("/sessions/authenticate", fields{"session_token": own[1]}).want("200") // sessions stay

	// A code that went to the old phone proves no new one.
	body := w.step("globex", grace, nil)
	w.put(base+id, fields{"mfa_phone_number": phone}, own...).want("200")
	w.post("/otps/sms/authenticate", with(body, fields{"code": texted})).want("404 otp_code_not_found")

	w.post("/totp", body).want("200")
	w.remove(base+id+"/totp", own...).want("200") // one that waits for its first code goes too
	w.post("/totp", body).want("200")
}

func TestDeletePassword(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const daniel = "daniel.okafor@acme.example"
	id := w.get("/organizations/acme/member?email_address="+daniel).text("member", "member_password_id")
	path := "/organizations/acme/members/passwords/" + id
	w.remove(path, w.as("acme", tom)...).want("403 session_authorization_error")
	if got := w.remove(path, w.as("acme", daniel)...).want("200"); got.text("member", "member_password_id") != "" {
		t.Errorf("got %s", got.raw)
	}
	w.remove(path).want("404 member_password_not_found")
}

func TestEmailUpdate(t *testing.T) {
	t.Parallel()
	const fresh = "thomas@acme.example"
	for method, finish := range map[string]func(w *world, token, want string) answer{
		"EMAIL_OTP": func(w *world, token, want string) answer {
			return w.post("/otps/email/authenticate", fields{
				"organization_id": "acme", "email_address": fresh, "code": w.newest().Code, "session_token": token,
			}).want(want)
		},
		"EMAIL_MAGIC_LINK": func(w *world, token, want string) answer {
			return w.post("/magic_links/authenticate", fields{"magic_links_token": w.token(w.newest()), "session_token": token}).want(want)
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			token := w.session("acme", tom)
			path := "/organizations/acme/members/" + w.member("acme", tom) + "/start_email_update"
			begin := func() {
				t.Helper()
				w.post(path, fields{"email_address": fresh, "delivery_method": method}, "X-Stytch-Member-Session", token).want("200")
			}
			begin()
			if w.newest().To != fresh {
				t.Errorf("sent to %s", w.newest().To)
			}
			w.Advance(5 * time.Minute)
			if method == "EMAIL_OTP" {
				finish(w, token, "404 member_not_found") // the address is free again
			} else {
				finish(w, token, "401 unable_to_auth_magic_link")
			}
			begin()
			done := finish(w, token, "200")
			if done.text("member", "email_address") != fresh || done.at("member", "email_address_verified") != true || done.text("session_token") != token {
				t.Errorf("done %s", done.raw)
			}
			if retired := done.list("member", "retired_email_addresses"); len(retired) != 1 || retired[0]["email_address"] != tom {
				t.Errorf("retired are %v", retired)
			}
			w.get("/organizations/acme/member?email_address=" + tom).want("404 member_not_found")
			if again := w.first("acme", fresh, nil); again.text("session_token") == "" {
				t.Errorf("signing in with the new address: %s", again.raw)
			}
		})
	}
}

func TestEmailUpdateIsRefused(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, as, of, to string
		want             string
	}{
		{"of another", kofi, tom, "t@acme.example", "403 session_authorization_error"},
		{"to nonsense", tom, tom, "nonsense", "400 invalid_email"},
		{"to another member's", tom, tom, kofi, "400 duplicate_member_email"},
		{"to another member's old one", tom, tom, "sofia.berg@acme.example", "400 retired_member_email"},
		{"to the same", tom, tom, tom, "400 duplicate_member_email"},
		{"to what another is changing to", tom, tom, "wanted@acme.example", "400 desired_email_updating_for_different_member"},
		{"of a pending member", "", birch, "t@acme.example", "400 email_updates_available_only_for_active_members"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			start := func(of, to string, headers ...string) answer {
				return w.post("/organizations/acme/members/"+w.member("acme", of)+"/start_email_update", fields{"email_address": to}, headers...)
			}
			start(kofi, "wanted@acme.example").want("200")
			before := len(w.Outbox())
			var headers []string
			if one.as != "" {
				headers = w.as("acme", one.as)
			}
			start(one.of, one.to, headers...).want(one.want)
			if sent := len(w.Outbox()) - before; sent != 0 {
				t.Errorf("%d messages were sent", sent)
			}
		})
	}
	// A link to an address that the member has left proves nothing any more.
	w := start(t, sandbox.Options{})
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": "acme", "email_address": tom}).want("200")
	old := w.token(w.newest())
	w.put("/organizations/acme/members/"+w.member("acme", tom), fields{"email_address": "t@acme.example"}).want("200")
	w.post("/magic_links/authenticate", fields{"magic_links_token": old}).want("400 unable_to_verify_member_email_update")
	// And one that nobody has proved cannot be left by the member alone.
	w.post("/organizations/acme/members/"+w.member("acme", "t@acme.example")+"/start_email_update", fields{"email_address": tom}).
		want("400 member_has_no_active_verified_email")
}
