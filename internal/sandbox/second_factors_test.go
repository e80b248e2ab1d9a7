package sandbox_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// People of the seed by what second factor they have.
const (
	nadia = "nadia.petrova@globex.example" // authenticator app
	leo   = "leo.marchetti@globex.example" // phone
	grace = "grace.adeyemi@globex.example" // both
	owen  = "owen.gallagher@acme.example"  // enrolled, and has none
	tom   = "tom.baker@acme.example"       // not enrolled
	iris  = "iris.field@only-totp.example" // an organization that allows authenticator apps alone
	jonah = "jonah.reef@only-sms.example"  // one that allows phones alone
	kofi  = "caleb.stone@acme.example"     // a phone, and not enrolled
	birch = "farah.aziz@acme.example"      // pending
	phone = "+14155550188"                 // of nobody
)

func (w *world) put(path string, body fields, headers ...string) answer {
	w.t.Helper()
	return w.send(w.checked, http.MethodPut, "/v1/b2b"+path, body, headers...)
}

func (w *world) remove(path string, headers ...string) answer {
	w.t.Helper()
	return w.send(w.checked, http.MethodDelete, "/v1/b2b"+path, nil, headers...)
}

// app is somebody's authenticator app.
func (w *world) app(organization, email string) sandbox.Authenticator {
	w.t.Helper()
	app, err := w.Authenticator(organization, email)
	if err != nil {
		w.t.Fatal(err)
	}
	return app
}

// configure changes how the members of an organization sign in.
func (w *world) configure(organization string, change func(*sandbox.Settings)) {
	w.t.Helper()
	if err := w.Configure(organization, change); err != nil {
		w.t.Fatal(err)
	}
}

// first takes somebody through the first step by a code and gives the whole answer.
func (w *world) first(organization, email string, extra fields) answer {
	w.t.Helper()
	w.post("/otps/email/login_or_signup", fields{"organization_id": organization, "email_address": email}).want("200")
	body := fields{"organization_id": organization, "email_address": email, "code": w.newest().Code}
	maps.Copy(body, extra)
	return w.post("/otps/email/authenticate", body).want("200")
}

// step is a request at the second step, in the middle of a sign-in.
func (w *world) step(organization, email string, extra fields) fields {
	w.t.Helper()
	in := w.first(organization, email, nil)
	body := fields{
		"organization_id": organization, "member_id": w.member(organization, email),
		"intermediate_session_token": in.text("intermediate_session_token"),
	}
	if body["intermediate_session_token"] == "" {
		w.t.Fatalf("%s is not asked for a second step", email)
	}
	maps.Copy(body, extra)
	return body
}

// with is a copy of a request with more in it.
func with(body, extra fields) fields {
	out := maps.Clone(body)
	maps.Copy(out, extra)
	return out
}

// kinds are the types of the factors of an answer's session.
func (a answer) kinds() []string {
	var kinds []string
	for _, one := range a.list("member_session", "authentication_factors") {
		kinds = append(kinds, text(one["type"]))
	}
	return kinds
}

// Whoever has only the first factor uses the second one that is there, and adds none.
func TestNoFactorIsAddedWithoutTheOneThatIsThere(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, email, path string
		proof             string // what was proved before: totp, sms, recover or nothing
		extra             fields
		want              string
	}{
		{"app beside a phone", leo, "/totp", "", nil, "401 insufficient_factors"},
		{"app beside a proved phone", leo, "/totp", "sms", nil, "200"},
		{"phone beside an app", nadia, "/otps/sms/send", "", fields{"mfa_phone_number": phone}, "401 insufficient_factors"},
		{"phone beside a proved app", nadia, "/otps/sms/send", "totp", fields{"mfa_phone_number": phone}, "200"},
		{"phone after a recovery code", nadia, "/otps/sms/send", "recover", fields{"mfa_phone_number": phone}, "200"},
		{"second app", nadia, "/totp", "", nil, "401 insufficient_factors"},
		{"second proved app", nadia, "/totp", "totp", nil, "400 active_totp_exists"},
		{"the phone that is there", leo, "/otps/sms/send", "", nil, "200"},
		{"the phone beside an app", grace, "/otps/sms/send", "", nil, "200"},
		{"another phone", leo, "/otps/sms/send", "", fields{"mfa_phone_number": phone}, "400 duplicate_member_phone_number_for_member"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			body := w.step("globex", one.email, nil)
			if one.proof != "" {
				done := w.prove(one.proof, body)
				body = fields{"organization_id": "globex", "member_id": body["member_id"], "session_token": done.text("session_token")}
			}
			w.post(one.path, with(body, one.extra)).want(one.want)
		})
	}
	// Without any token not even a text is sent for somebody who has a factor.
	w := start(t, sandbox.Options{})
	before := len(w.Outbox())
	w.post("/otps/sms/send", fields{"organization_id": "globex", "member_id": w.member("globex", leo)}).want("401 insufficient_factors")
	w.post("/otps/sms/send", fields{"organization_id": "acme", "member_id": w.member("acme", tom), "mfa_phone_number": phone}).want("200")
	if sent := len(w.Outbox()) - before; sent != 1 {
		t.Errorf("%d texts were sent", sent)
	}
}

// prove takes the second step at globex with a method.
func (w *world) prove(method string, body fields) answer {
	w.t.Helper()
	switch method {
	case "sms":
		w.post("/otps/sms/send", body).want("200")
		return w.post("/otps/sms/authenticate", with(body, fields{"code": w.newest().Code})).want("200")
	case "totp":
		return w.post("/totp/authenticate", with(body, fields{"code": w.app("globex", nadia).Code})).want("200")
	}
	return w.post("/recovery_codes/recover", with(body, fields{"recovery_code": w.app("globex", nadia).RecoveryCodes[0]})).want("200")
}

func TestSecondStepIsRefused(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, organization, email string
		change                    func(w *world, body fields)
		want                      string
	}{
		{"no token", "globex", nadia, func(_ *world, b fields) { delete(b, "intermediate_session_token") }, "400 no_session_arguments"},
		{"two tokens", "globex", nadia, func(w *world, b fields) { b["session_token"] = w.session("globex", nadia) }, "400 too_many_session_arguments"},
		{"unknown token", "globex", nadia, func(_ *world, b fields) { b["intermediate_session_token"] = unknownToken }, "404 intermediate_session_not_found"},
		{"expired token", "globex", nadia, func(w *world, _ fields) { w.Advance(10 * time.Minute) }, "404 intermediate_session_not_found"},
		{"token of another member", "globex", nadia, func(w *world, b fields) {
			b["intermediate_session_token"] = w.step("globex", grace, nil)["intermediate_session_token"]
		}, "400 invalid_intermediate_session_token_for_organization"},
		{"discovery of another address", "globex", nadia, func(w *world, b fields) {
			b["intermediate_session_token"] = w.discover()
		}, "400 invalid_intermediate_session_token_for_organization"},
		{"token of another organization", "globex", ada, func(w *world, b fields) {
			b["organization_id"], b["member_id"] = "acme", w.member("acme", ada)
		}, "400 invalid_intermediate_session_token_for_organization"},
		{"session of another member", "globex", nadia, func(w *world, b fields) {
			delete(b, "intermediate_session_token")
			b["session_token"] = w.session("globex", grace)
		}, "400 member_session_member_id_mismatch"},
		{"member of another organization", "globex", nadia, func(w *world, b fields) { b["member_id"] = w.member("acme", tom) }, "404 member_not_found"},
		{"malformed member", "globex", nadia, func(_ *world, b fields) { b["member_id"] = "member-test-7" }, "400 invalid_member_id"},
		{"unknown organization", "globex", nadia, func(_ *world, b fields) { b["organization_id"] = "nobody" }, "404 organization_not_found"},
		{"a life too short", "globex", nadia, func(_ *world, b fields) { b["session_duration_minutes"] = 4 }, "400 invalid_session_duration_minutes"},
		{"an enrolment of another kind", "globex", nadia, func(_ *world, b fields) { b["set_mfa_enrollment"] = "perhaps" }, "400 bad_request"},
		{"no app", "globex", ada, func(*world, fields) {}, "404 totp_not_found"},
		{"restricted", "globex", nadia, func(w *world, _ fields) {
			w.configure("globex", func(s *sandbox.Settings) { s.AllowedMFAMethods = []string{"sms_otp"} })
		}, "400 operation_restricted_by_organization_mfa_methods"},
		{"before the first step", "globex", nadia, func(w *world, _ fields) {
			w.configure("globex", func(s *sandbox.Settings) { s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"sso"} })
		}, "400 action_available_only_once_primary_authentication_is_met"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			body := w.step(one.organization, one.email, fields{"code": "123456"})
			one.change(w, body)
			w.post("/totp/authenticate", body).want(one.want)
		})
	}
	w := start(t, sandbox.Options{})
	w.post("/totp", fields{"organization_id": "acme", "member_id": w.member("acme", birch)}).want("400 action_available_only_for_active_members")
}

// An intermediate session from discovery is good for the second step in any organization of the address.
func TestSecondStepAfterDiscovery(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	token := w.discover()
	exchange := fields{"intermediate_session_token": token, "organization_id": "only-totp"}
	if more := w.post("/discovery/intermediate_sessions/exchange", exchange).want("200"); more.at("mfa_required") == nil {
		t.Fatalf("got %s", more.raw)
	}
	body := fields{"organization_id": "only-totp", "member_id": w.member("only-totp", ada), "intermediate_session_token": token}
	w.post("/totp", body).want("200")
	done := w.post("/totp/authenticate", with(body, fields{"code": w.app("only-totp", ada).Code})).want("200")
	if !slices.Equal(done.kinds(), []string{"email_otp", "totp"}) {
		t.Errorf("the session has %v", done.kinds())
	}
	w.post("/discovery/intermediate_sessions/exchange", exchange).want("404 intermediate_session_not_found") // consumed
}

// Wrong proofs of every kind count together, whichever is the tenth, and the lock holds for every kind.
func TestFailuresLock(t *testing.T) {
	t.Parallel()
	for tenth, name := range []string{"app", "recovery code", "text"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{Now: fixed})
			body, app := w.step("globex", grace, nil), w.app("globex", grace)
			fail := []struct {
				path string
				body fields
				want string
			}{
				{"/totp/authenticate", fields{"code": wrongTOTP(app)}, "401 unable_to_authenticate_totp"},
				{"/recovery_codes/recover", fields{"recovery_code": "aaaa-bbbb-cccc"}, "401 unable_to_authenticate_recovery_code"},
				{"/otps/sms/authenticate", fields{"code": "000000"}, "404 otp_code_not_found"},
			}
			for i := range 10 {
				one := fail[(i+tenth)%len(fail)] // the tenth has the index 9
				w.post(one.path, with(body, one.body)).want(one.want)
			}
			for path, proof := range map[string]fields{
				"/totp/authenticate": {"code": app.Code}, "/recovery_codes/recover": {"recovery_code": app.RecoveryCodes[0]},
				"/otps/sms/authenticate": {"code": "000000"}, "/otps/sms/send": {}, "/totp": {},
			} {
				w.post(path, with(body, proof)).want("429 user_lock_limit_reached")
			}
			w.Advance(time.Hour)
			w.post("/totp/authenticate", with(w.step("globex", grace, nil), fields{"code": w.app("globex", grace).Code})).want("200")
		})
	}
}

func TestEnrolmentAndDefault(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, organization, email string
		extra                     fields
		enrolled                  bool
		method                    string
	}{
		{"optional stays", "acme", kofi, nil, false, "sms_otp"},
		{"optional enrols", "acme", kofi, fields{"set_mfa_enrollment": "enroll"}, true, "sms_otp"},
		{"required ignores it", "globex", leo, fields{"set_mfa_enrollment": "unenroll"}, true, "sms_otp"},
		{"the default stays", "globex", grace, nil, true, "totp"},
		{"the default changes", "globex", grace, fields{"set_default_mfa": true}, true, "sms_otp"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			body := fields{
				"organization_id": one.organization, "member_id": w.member(one.organization, one.email),
				"session_token": w.session(one.organization, one.email),
			}
			w.post("/otps/sms/send", body).want("200")
			done := w.post("/otps/sms/authenticate", with(body, with(fields{"code": w.newest().Code}, one.extra))).want("200")
			if done.at("member", "mfa_enrolled") != one.enrolled || done.text("member", "default_mfa_method") != one.method {
				t.Errorf("got %v %v", done.at("member", "mfa_enrolled"), done.at("member", "default_mfa_method"))
			}
		})
	}
	// Enrolled without a factor: the second step is asked for, and there is nothing to take it with.
	w := start(t, sandbox.Options{})
	in := w.first("acme", owen, nil)
	if in.at("mfa_required") == nil || in.at("mfa_required", "member_options") != nil {
		t.Errorf("the second step is %s", in.raw)
	}
}

// A factor that is proved again in the same session takes the place of the older one.
func TestStepUp(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Now: fixed})
	token := w.session("globex", nadia)
	body := fields{"organization_id": "globex", "member_id": w.member("globex", nadia), "session_token": token, "session_duration_minutes": 30}
	times := func(a answer) map[string]string {
		at := map[string]string{}
		for _, one := range a.list("member_session", "authentication_factors") {
			at[text(one["type"])] = text(one["last_authenticated_at"])
		}
		return at
	}
	first := w.post("/totp/authenticate", with(body, fields{"code": w.app("globex", nadia).Code})).want("200")
	if first.text("session_token") != token {
		t.Error("it is another session")
	}
	w.Advance(10 * time.Minute)
	second := w.post("/totp/authenticate", with(body, fields{"code": w.app("globex", nadia).Code})).want("200")
	before, after := times(first), times(second)
	if len(second.kinds()) != 2 || before["email_otp"] != after["email_otp"] || before["totp"] >= after["totp"] {
		t.Errorf("from %v to %v", before, after)
	}
	created := second.list("member_session", "authentication_factors")[1]["created_at"]
	if created != "2026-03-02T10:00:10Z" {
		t.Errorf("the factor was created at %v", created)
	}
	if expires := second.text("member_session", "expires_at"); expires != "2026-03-02T10:40:10Z" {
		t.Errorf("the session ends at %s", expires)
	}
	// The same by another first factor: by e-mail again.
	again := w.first("globex", nadia, fields{"session_token": token})
	if again.at("mfa_required") != nil || again.text("session_token") != token || len(again.kinds()) != 2 {
		t.Errorf("got %s", again.raw)
	}
}
