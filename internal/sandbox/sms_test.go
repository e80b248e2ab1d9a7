package sandbox_test

import (
	"slices"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

func TestSMSAtSignIn(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	in := w.first("globex", leo, nil)
	if in.text("mfa_required", "secondary_auth_initiated") != "sms_otp" || w.newest().Kind != "sms_code" || w.newest().To != "+14155550151" {
		t.Errorf("the second step is %s", in.raw)
	}
	body := fields{"organization_id": "globex", "member_id": in.text("member_id"), "intermediate_session_token": in.text("intermediate_session_token")}
	first := w.newest().Code
	w.post("/otps/sms/send", body).want("200")
	second := w.newest().Code
	for second == first {
		w.post("/otps/sms/send", body).want("200")
		second = w.newest().Code
	}
	authenticate := func(code, want string) answer {
		t.Helper()
		return w.post("/otps/sms/authenticate", with(body, fields{"code": code})).want(want)
	}
	authenticate(first, "401 unable_to_auth_otp_code") // only the newest is good
	w.Advance(2 * time.Minute)
	authenticate(second, "401 unable_to_auth_otp_code")
	w.post("/otps/sms/send", body).want("200")
	third := w.newest().Code
	if done := authenticate(third, "200"); !slices.Equal(done.kinds(), []string{"email_otp", "otp"}) {
		t.Errorf("the session has %v", done.kinds())
	}
	again := w.step("globex", leo, nil)
	w.post("/otps/sms/authenticate", with(again, fields{"code": third})).want("401 unable_to_auth_otp_code") // used, and not the newest
	w.post("/otps/sms/authenticate", with(again, fields{"code": "12345"})).want("400 invalid_code")
}

func TestSMSEnrolment(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	body := w.step("only-sms", jonah, nil)
	send := func(number, want string) answer {
		t.Helper()
		return w.post("/otps/sms/send", with(body, fields{"mfa_phone_number": number})).want(want)
	}
	w.post("/otps/sms/send", body).want("404 member_phone_number_not_found")
	send("0171 234", "400 invalid_phone_number")
	sent := send(phone, "200")
	if sent.text("member", "mfa_phone_number") != phone || sent.at("member", "mfa_phone_number_verified") != false {
		t.Errorf("sent %s", sent.raw)
	}
	send("+14155550189", "400 duplicate_member_phone_number_for_member")
	w.post("/totp", body).want("400 operation_restricted_by_organization_mfa_methods")
	done := w.post("/otps/sms/authenticate", with(body, fields{"code": w.newest().Code})).want("200")
	if done.at("member", "mfa_phone_number_verified") != true || done.text("member", "default_mfa_method") != "sms_otp" || done.at("member", "mfa_enrolled") != true {
		t.Errorf("enrolled %s", done.raw)
	}
	other := w.step("only-sms", ada, fields{"mfa_phone_number": phone})
	w.post("/otps/sms/send", other).want("400 duplicate_member_phone_number")
}

// A number that nobody has proved is not texted to on its own when another factor is there, nor does it count as one.
func TestAnUnprovedPhoneIsNoFactor(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	own := w.as("globex", nadia)
	w.put("/organizations/globex/members/"+w.member("globex", nadia), fields{"mfa_phone_number": phone, "default_mfa_method": "totp"}, own...).want("200")
	w.put("/organizations/globex/members/"+w.member("globex", nadia), fields{"default_mfa_method": "sms_otp"}, own...).want("200")
	body := w.step("globex", nadia, nil)
	if w.newest().Kind == "sms_code" {
		t.Error("a code was sent to a number that nobody has proved")
	}
	w.post("/otps/sms/send", body).want("401 insufficient_factors")
}

// A factor is worth something while the member has it: one of an earlier phone proves nothing about the present one.
func TestAnEarlierPhoneIsNoProof(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	body := w.step("globex", leo, nil)
	old := fields{"organization_id": "globex", "member_id": body["member_id"], "session_token": w.prove("sms", body).text("session_token")}
	fresh := with(old, fields{"session_token": w.session("globex", leo)})
	w.remove("/organizations/globex/members/mfa_phone_numbers/" + w.member("globex", leo)).want("200")
	w.post("/otps/sms/send", with(fresh, fields{"mfa_phone_number": phone})).want("200")
	w.post("/otps/sms/authenticate", with(fresh, fields{"code": w.newest().Code})).want("200")
	w.post("/totp", old).want("401 insufficient_factors")
	w.post("/totp", fresh).want("200")
}

func TestNoTextWhereItIsNotAllowed(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	w.configure("globex", func(s *sandbox.Settings) { s.AllowedMFAMethods = []string{"totp"} })
	if in := w.first("globex", leo, nil); in.at("mfa_required", "secondary_auth_initiated") != nil || w.newest().Kind == "sms_code" {
		t.Errorf("sent %s for %s", w.newest().Kind, in.raw)
	}
}
