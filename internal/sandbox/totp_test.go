package sandbox_test

import (
	"slices"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

func TestTOTPAtSignIn(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	in := w.first("globex", nadia, nil)
	if in.text("mfa_required", "member_options", "totp_registration_id") == "" || in.at("mfa_required", "secondary_auth_initiated") != nil {
		t.Errorf("the second step is %s", in.raw)
	}
	body := fields{"organization_id": "globex", "member_id": in.text("member_id"), "intermediate_session_token": in.text("intermediate_session_token")}
	app := w.app("globex", nadia)
	done := w.post("/totp/authenticate", with(body, fields{"code": app.Code, "session_duration_minutes": 480})).want("200")
	if kinds := done.kinds(); !slices.Equal(kinds, []string{"email_otp", "totp"}) {
		t.Errorf("the session has %v", kinds)
	}
	w.post("/sessions/authenticate", fields{"session_token": done.text("session_token")}).want("200")
	w.post("/totp/authenticate", with(body, fields{"code": app.NextCode})).want("404 intermediate_session_not_found") // consumed

	// A code works once, whoever sends it next; the one after it works at once.
	again := w.step("globex", nadia, nil)
	w.post("/totp/authenticate", with(again, fields{"code": app.Code})).want("400 totp_code_already_authenticated")
	w.post("/totp/authenticate", with(again, fields{"code": app.NextCode})).want("200")
}

func TestTOTPWindow(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name    string
		advance time.Duration
		next    bool
		want    string
	}{
		{"this period", 0, false, "200"},
		{"the period before", 30 * time.Second, false, "200"},
		{"two periods ago", 60 * time.Second, false, "401 unable_to_authenticate_totp"},
		{"the next period", 0, true, "200"},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{Now: fixed})
			body, app := w.step("globex", nadia, nil), w.app("globex", nadia)
			body["code"] = app.Code
			if one.next {
				body["code"] = app.NextCode
			}
			w.Advance(one.advance)
			w.post("/totp/authenticate", body).want(one.want)
		})
	}
}

// fixed is a clock that stands still in the middle of a period.
func fixed() time.Time { return time.Date(2026, time.March, 2, 10, 0, 10, 0, time.UTC) }

func TestTOTPEnrolment(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Now: fixed})
	body := w.step("only-totp", iris, nil)
	made := w.post("/totp", with(body, fields{"expiration_minutes": 5})).want("200")
	codes, _ := made.at("recovery_codes").([]any)
	if made.text("secret") == "" || made.text("qr_code") == "" || len(codes) != 10 || made.text("member", "totp_registration_id") != "" {
		t.Errorf("made %s", made.raw)
	}
	w.post("/totp", body).want("400 pending_totp_exists")
	app := w.app("only-totp", iris)
	if !app.Pending || app.Secret != made.text("secret") {
		t.Errorf("the app is %+v", app)
	}
	w.post("/recovery_codes/recover", with(body, fields{"recovery_code": text(codes[0])})).want("404 recovery_codes_not_found") // not before the app is
	w.Advance(5 * time.Minute)
	w.post("/totp/authenticate", with(body, fields{"code": app.Code})).want("400 expired_totp")

	w.post("/totp", body).want("200")
	app = w.app("only-totp", iris)
	done := w.post("/totp/authenticate", with(body, fields{"code": app.Code})).want("200")
	for name, got := range map[string]any{
		"enrolled": done.at("member", "mfa_enrolled") == true, "default": done.text("member", "default_mfa_method") == "totp",
		"registration": done.text("member", "totp_registration_id") != "", "session": done.text("session_token") != "",
	} {
		if got != true {
			t.Errorf("%s: %s", name, done.raw)
		}
	}
	own := fields{"organization_id": "only-totp", "member_id": body["member_id"], "session_token": done.text("session_token")}
	w.post("/totp", own).want("400 active_totp_exists")
	w.post("/otps/sms/send", with(own, fields{"mfa_phone_number": phone})).want("400 operation_restricted_by_organization_mfa_methods")
}

// wrongTOTP is six digits that are no code of the app now.
func wrongTOTP(app sandbox.Authenticator) string {
	for _, code := range []string{"000000", "111111", "222222", "333333"} {
		if code != app.Code && code != app.NextCode {
			return code
		}
	}
	return "444444"
}
