package sandbox_test

import (
	"slices"
	"testing"

	"console.internal/internal/sandbox"
)

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	id, codes := w.member("globex", nadia), w.app("globex", nadia).RecoveryCodes
	list := func(a answer) []any {
		all, _ := a.want("200").at("recovery_codes").([]any)
		return all
	}
	if got := list(w.get("/recovery_codes/globex/" + id)); len(got) != 10 || got[0] != codes[0] {
		t.Fatalf("got %v", got)
	}
	use := func(code, want string) answer {
		t.Helper()
		return w.post("/recovery_codes/recover", w.step("globex", nadia, fields{"recovery_code": code})).want(want)
	}
	done := use(codes[3], "200")
	if done.at("recovery_codes_remaining") != 9.0 || !slices.Equal(done.kinds(), []string{"email_otp", "recovery_codes"}) {
		t.Errorf("got %s", done.raw)
	}
	use(codes[3], "401 unable_to_authenticate_recovery_code") // once
	use("AAAA-BBBB-CCCC", "400 invalid_recovery_code")
	use("123456", "400 totp_code_used_as_recovery_code")
	w.post("/totp/authenticate", w.step("globex", nadia, fields{"code": codes[0]})).want("400 recovery_code_used_as_totp_code")
	w.post("/totp/authenticate", w.step("globex", nadia, fields{"code": "12345"})).want("400 invalid_totp_code")
	if got := list(w.get("/recovery_codes/globex/" + id)); len(got) != 9 || slices.Contains(got, any(codes[3])) {
		t.Errorf("left are %v", got)
	}
	fresh := list(w.post("/recovery_codes/rotate", fields{"organization_id": "globex", "member_id": id}))
	if len(fresh) != 10 {
		t.Errorf("rotated to %v", fresh)
	}
	use(codes[0], "401 unable_to_authenticate_recovery_code")
	use(text(fresh[0]), "200")
	w.get("/recovery_codes/globex/" + w.member("globex", leo)).want("404 recovery_codes_not_found")
	w.get("/recovery_codes/globex/" + w.member("acme", tom)).want("404 member_not_found")
	w.get("/recovery_codes/globex/member-test-7").want("400 invalid_member_id")
}
