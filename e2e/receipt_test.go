//go:build e2e

package e2e_test

import (
	"testing"
	"time"

	"console.internal/internal/paths"
)

// TestSomebodyLostTheirSecondFactor is helped by the support staff: by a recovery code, or with new factors.
func TestSomebodyLostTheirSecondFactor(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.Member(s.organization("acme"), s.memberOf("acme", daniel)))
		s.clickIn("Enter")
		s.click("Recovery codes Daniel Okafor")
		s.fill("Reason", "SUP-4903")
		s.app.Sandbox().Advance(6 * time.Minute)
		s.click("Show the codes")
		s.status(401)
		s.see("heading", "Show that it is you")
		s.click("Send the code")
		s.fill("Six-digit code", s.mail(ada).Code)
		s.click("Continue")
		s.see("main", s.authenticator("acme", daniel).RecoveryCodes[0])
		s.click("Back to the member")
		s.click("New recovery codes Daniel Okafor")
		s.fill("Reason", "SUP-4903, the old ones were read by somebody else")
		s.click("Make new codes")
		s.see("main", s.authenticator("acme", daniel).RecoveryCodes[0])
		s.click("Back to the member")
		s.click("Reset Daniel Okafor")
		s.see("main", "Be sure who asks for it.")
		s.fill("Reason", "SUP-4904, a new phone")
		s.click("Reset the second factors")
		s.see("status", "2 steps are done.")
		s.click("To the member")
		s.miss("main", "Enrolled")
	})
}
