package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const (
	julia  = "julia.weiss@acme.example"
	daniel = "daniel.okafor@acme.example" // has a password and second factors
	aaron  = "aaron.fields@acme.example"  // has a password and nothing else
	better = "granite-umbrella-tango-seven"
)

// password signs somebody in with one.
func (w *world) password(organization, email, plain, want string) answer {
	w.t.Helper()
	return w.post("/passwords/authenticate", fields{"organization_id": organization, "email_address": email, "password": plain}).want(want)
}

// repeat does something several times.
func repeat(times int, do func()) {
	for range times {
		do()
	}
}

func TestPasswordAuthenticate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, organization, email, plain, want string }{
		{"right", "acme", aaron, sandbox.SeedPassword, "200"},
		{"address in other letters", "acme", "Aaron.Fields@acme.example", sandbox.SeedPassword, "200"},
		{"wrong", "acme", aaron, better, "401 unauthorized_credentials"},
		{"empty", "acme", aaron, "", "401 unauthorized_credentials"},
		{"without a password", "acme", ada, sandbox.SeedPassword, "404 member_password_not_found"},
		{"nobody", "acme", "nobody@acme.example", sandbox.SeedPassword, "404 member_not_found"},
		{"elsewhere", "harbour", aaron, sandbox.SeedPassword, "404 member_not_found"},
		{"no organization", "nobody", aaron, sandbox.SeedPassword, "404 organization_not_found"},
		{"locked", "acme", "marcus.webb@acme.example", sandbox.SeedPassword, "429 user_lock_limit_reached"},
		{"in a breach", "acme", julia, sandbox.SeedBreachedPassword, "400 member_reset_password"},
		{"in a breach, wrong", "acme", julia, better, "401 unauthorized_credentials"},
		{"no address", "acme", "nonsense", better, "400 invalid_email"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			in := w.password(tt.organization, tt.email, tt.plain, tt.want)
			if tt.want == "200" && (in.at("member_authenticated") != true || kinds(in) != "password" || in.text("organization_id") != w.id("acme")) {
				t.Errorf("got %s", in.raw)
			}
		})
	}
}

// kinds are the types of a session's factors.
func kinds(in answer) string {
	var all []string
	for _, f := range in.list("member_session", "authentication_factors") {
		all = append(all, text(f["type"]))
	}
	return strings.Join(all, " ")
}

func TestPasswordFailuresLock(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	wrong := func() { w.password("acme", aaron, "wrong", "401 unauthorized_credentials") }
	repeat(9, wrong)
	w.password("acme", aaron, sandbox.SeedPassword, "200") // the count begins again
	// Failures of all factors count together.
	repeat(5, wrong)
	repeat(5, func() {
		w.post("/otps/email/authenticate", fields{"organization_id": "acme", "email_address": aaron, "code": "123456"}).want("404 otp_code_not_found")
	})
	w.password("acme", aaron, sandbox.SeedPassword, "429 user_lock_limit_reached")
	w.post("/passwords/existing_password/reset", fields{
		"organization_id": "acme", "email_address": aaron, "existing_password": sandbox.SeedPassword, "new_password": better,
	}).want("429 user_lock_limit_reached")
	w.Advance(time.Hour)
	w.password("acme", aaron, sandbox.SeedPassword, "200")
}

func TestPasswordIsNotEnough(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	// MFA: the second factor is still missing.
	second := w.password("acme", daniel, sandbox.SeedPassword, "200")
	if second.at("member_authenticated") != false || second.at("mfa_required") == nil || second.at("member_session") != nil {
		t.Errorf("got %s", second.raw)
	}
	// The intermediate session is the member's own: it leads on here and nowhere else.
	token := second.text("intermediate_session_token")
	exchange := func(organization, want string) answer {
		t.Helper()
		return w.post("/discovery/intermediate_sessions/exchange", fields{"intermediate_session_token": token, "organization_id": organization}).want(want)
	}
	if again := exchange("acme", "200"); again.at("mfa_required") == nil || again.at("primary_required") != nil {
		t.Errorf("got %s", again.raw)
	}
	exchange("harbour", "400 invalid_intermediate_session_token_for_organization")
	w.post("/passwords/authenticate", fields{
		"organization_id": "acme", "email_address": aaron, "password": sandbox.SeedPassword, "intermediate_session_token": token,
	}).want("400 invalid_intermediate_session_token_for_organization")

	// An organization that takes something else says what.
	other := w.password("initech", "dom.portwood@initech.example", sandbox.SeedPassword, "200")
	if other.at("member_authenticated") != true {
		t.Errorf("a break-glass member is held up: %s", other.raw)
	}
	link := w.post("/passwords/email/reset/start", fields{"organization_id": "only-link", "email_address": ada})
	link.want("400 operation_restricted_by_organization_auth_methods")
}

// A password is no proof in another organization.
func TestPasswordDoesNotTravel(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	in := w.password("only-password", ada, sandbox.SeedPassword, "200")
	w.post("/sessions/exchange", fields{"session_token": in.text("session_token"), "organization_id": "acme"}).
		want("401 insufficient_factors_for_session_exchange")
}

func TestPasswordStrength(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for plain, want := range map[string]struct {
		score          float64
		valid, leaked  bool
		warning        string
		leastOfAdvices int
	}{
		"":                             {0, false, false, "", 1},
		"password":                     {0, false, false, "This is similar to a commonly used password.", 1},
		"P@ssw0rd":                     {0, false, false, "This is similar to a commonly used password.", 2},
		"aaaaaaaaaaaaaaaa":             {0, false, false, "Repeats like \"aaa\" and sequences like \"abc\" or \"6543\" are easy to guess.", 2},
		"12345678":                     {0, false, false, "Repeats like \"aaa\" and sequences like \"abc\" or \"6543\" are easy to guess.", 2},
		"ada.support2":                 {1, false, false, "This is similar to a commonly used password.", 1},
		"xk7qpv":                       {2, false, false, "", 1},
		"xk7qpvmw":                     {3, true, false, "", 0},
		better:                         {4, true, false, "", 0},
		sandbox.SeedPassword:           {4, true, false, "", 0},
		sandbox.SeedBreachedPassword:   {1, false, true, "This is similar to a commonly used password.", 1},
		"sunshinedragon":               {1, false, false, "This is similar to a commonly used password.", 1},
		"correct horse battery staple": {4, false, true, "", 0},
		"пароль-из-слов":               {4, true, false, "", 0},
	} {
		got := w.post("/passwords/strength_check", fields{"password": plain, "email_address": ada}).want("200")
		advices, _ := got.at("zxcvbn_feedback", "suggestions").([]any)
		if got.at("score") != want.score || got.at("valid_password") != want.valid || got.at("breached_password") != want.leaked ||
			got.text("zxcvbn_feedback", "warning") != want.warning || len(advices) < want.leastOfAdvices || want.valid && len(advices) > 0 {
			t.Errorf("%q: %s", plain, got.raw)
		}
	}
}

func TestDiscoveryByPassword(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	authenticate := func(email, plain, want string) answer {
		t.Helper()
		return w.post("/passwords/discovery/authenticate", fields{"email_address": email, "password": plain}).want(want)
	}
	authenticate("nobody@nowhere.example", better, "401 unauthorized_credentials")
	authenticate(sam, better, "401 unauthorized_credentials") // has none
	authenticate(julia, sandbox.SeedBreachedPassword, "400 member_reset_password")
	found := authenticate(ada, sandbox.SeedPassword, "200")
	for _, one := range found.list("discovered_organizations") {
		organization, _ := one["organization"].(fields)
		slug := text(organization["organization_slug"])
		want := map[string]bool{"support-desk": true, "only-password": true}[slug]
		// A password was not sent to the address: it accepts no invitation, and joins nothing.
		not := map[string]bool{"meadow": true, "northwind": true, "only-google": true, "initech": true}[slug]
		if want && one["member_authenticated"] != true || not && one["primary_required"] == nil {
			t.Errorf("%s: %v, %v", slug, one["member_authenticated"], one["primary_required"])
		}
	}
	exchange := func(organization string) answer {
		t.Helper()
		token := found.text("intermediate_session_token")
		return w.post("/discovery/intermediate_sessions/exchange", fields{"intermediate_session_token": token, "organization_id": organization}).want("200")
	}
	invited := exchange("meadow")
	if methods, _ := invited.at("primary_required", "allowed_auth_methods").([]any); len(methods) == 0 || methods[0] != "magic_link" ||
		invited.text("member", "status") != "invited" {
		t.Errorf("meadow: %s", invited.raw)
	}
	home := exchange("support-desk")
	if home.at("member_authenticated") != true || kinds(home) != "password" {
		t.Errorf("support desk: %s", home.raw)
	}
	// Once in an organization it is a password like any other.
	w.post("/sessions/exchange", fields{"session_token": home.text("session_token"), "organization_id": "acme"}).
		want("401 insufficient_factors_for_session_exchange")

	repeat(10, func() { authenticate(ada, "wrong", "401 unauthorized_credentials") })
	authenticate(ada, sandbox.SeedPassword, "429 user_lock_limit_reached")
	w.Advance(time.Hour)
	authenticate(ada, sandbox.SeedPassword, "200")
}

func TestOrganizationPasswords(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{OrganizationPasswords: true})
	w.password("only-password", ada, sandbox.SeedPassword, "200")
	for path, body := range map[string]fields{
		"/passwords/discovery/authenticate":      {"email_address": ada, "password": sandbox.SeedPassword},
		"/passwords/discovery/email/reset/start": {"email_address": ada},
		"/passwords/email/require_reset":         {"email_address": ada},
	} {
		w.post(path, body).want("400 cross_org_passwords_not_enabled")
	}
	if len(w.sent()) != 0 {
		t.Error("something was sent")
	}
}

func TestRequireReset(t *testing.T) {
	t.Parallel()
	const path = "/passwords/email/require_reset"
	t.Run("single member", func(t *testing.T) {
		t.Parallel()
		w := start(t, sandbox.Options{})
		gone := w.post(path, fields{"email_address": aaron}).want("200")
		if gone.text("member", "email_address") != aaron || gone.text("member", "member_password_id") != "" {
			t.Errorf("got %s", gone.raw)
		}
		w.password("acme", aaron, sandbox.SeedPassword, "404 member_password_not_found")
	})
	t.Run("several members", func(t *testing.T) {
		t.Parallel()
		w := start(t, sandbox.Options{})
		if kept := w.post(path, fields{"email_address": ada}).want("200"); kept.at("member") != nil {
			t.Errorf("got %s", kept.raw)
		}
		w.password("only-password", ada, sandbox.SeedPassword, "400 member_reset_password")
		w.password("only-password", ada, "wrong", "401 unauthorized_credentials") // says nothing to strangers
		w.post("/passwords/discovery/authenticate", fields{"email_address": ada, "password": sandbox.SeedPassword}).want("400 member_reset_password")
		w.post("/passwords/existing_password/reset", fields{
			"organization_id": "only-password", "email_address": ada, "existing_password": sandbox.SeedPassword, "new_password": better,
		}).want("400 member_reset_password")
	})
	olivia := "olivia.hart@acme.example"
	for _, tt := range []struct {
		name string
		as   [2]string
		body fields
		want string
	}{
		{"an admin", [2]string{"acme", olivia}, fields{"email_address": aaron}, "200"},
		{"oneself", [2]string{"acme", aaron}, fields{"email_address": aaron, "organization_id": "acme"}, "200"},
		{"a plain member", [2]string{"acme", "bianca.rossi@acme.example"}, fields{"email_address": aaron}, "403 session_authorization_error"},
		{"of another organization", [2]string{"acme", olivia}, fields{"email_address": ada, "organization_id": "harbour"}, "403 session_authorization_tenancy_error"},
		{"of one that is not there", [2]string{"acme", olivia}, fields{"email_address": ada, "organization_id": "nobody"}, "403 session_authorization_tenancy_error"},
		{"somebody of elsewhere", [2]string{"acme", olivia}, fields{"email_address": "grace.kelleher@harbour.example"}, "404 member_not_found"},
		{"an id that is not theirs", [2]string{"acme", olivia}, fields{"email_address": aaron, "member_id": "employee-4711"}, "404 member_not_found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			w.post(path, tt.body, w.as(tt.as[0], tt.as[1])...).want(tt.want)
		})
	}
	start(t, sandbox.Options{}).post(path, fields{"email_address": "nobody@nowhere.example"}).want("404 member_not_found")
}
