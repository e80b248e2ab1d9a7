//go:build e2e

package e2e_test

import (
	"testing"
	"time"

	"console.internal/internal/paths"
)

// Entering a tenant asks for a fresh proof, in place, and goes on by itself.
func TestEnteringAsksForAFreshProof(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support desk")
		s.app.Sandbox().Advance(6 * time.Minute)
		acme := paths.Organization(s.organization("acme"))
		s.goTo(acme)
		s.click("Enter Acme Corporation")
		s.status(401)
		s.see("heading", "Show that it is you")
		s.click("Send the code")
		s.fill("Six-digit code", "000000")
		s.click("Continue")
		s.see("main", "This code is not right")
		s.fill("Six-digit code", s.mail(ada).Code)
		s.click("Continue")
		s.at(acme)
		s.see("status", "You entered Acme Corporation.")
		// The proof counts for the next act too.
		globex := paths.Organization(s.organization("linden"))
		s.goTo(globex)
		s.click("Enter Linden Clinic")
		s.at(globex)
	})
}
