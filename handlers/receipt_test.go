package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestResetOfSecondFactors removes both, with a receipt for each, and goes on where one was not done.
func TestResetOfSecondFactors(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := actOn(paths.MemberSecondFactorRoute, "acme", daniel)(f)
	b.get(path).want(http.StatusOK).says("Remove the authenticator app and its recovery codes.").says("Remove the phone number.").says("Be sure who asks for it.").says("No session ends.")
	b.post(path, values()).want(http.StatusUnprocessableEntity).says("Say why.").wroteNothing()
	f.fault(sandbox.Fault{Operation: stytch.MemberTOTPDelete.String(), Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests})
	a := b.post(path, values("reason", why)).want(http.StatusOK).says("1 step is done, 1 failed.")
	f.sandbox.ClearFaults()
	if got := a.resume()["step"]; !slices.Equal(got, []string{"totp"}) {
		t.Errorf("it goes on with %v", got)
	}
	a = b.post(path, a.resume()).want(http.StatusOK).says("1 step is done.")
	if got := a.writesOf(); !slices.Equal(got, []string{stytch.MemberTOTPDelete.String()}) {
		t.Errorf("going on does %v", got)
	}
	b.get(path).leads(memberOf("acme", daniel)(f))
	b.get(memberOf("acme", daniel)(f)).says("They have no second factor.")
}
