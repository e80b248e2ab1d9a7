//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// Out to a provider and back, to any organization and to one.
func TestSignInWithAProvider(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Login)
		s.byGoogle(ada)
		s.at(paths.LoginOrganizations)
		s.clickIn("Acme Corporation")
		s.at(paths.Organization(s.organization("acme")))
		s.signOut()
		s.goTo(paths.LoginFor("acme"))
		s.byGoogle(ada)
		s.at(paths.Organization(s.organization("acme")))
	})
}

// An organization that takes one way only leads there from any other.
func TestAnotherWayIsNeeded(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.byLink(ada)
		s.clickIn("Marigold Press")
		s.at(paths.LoginMore)
		s.byGoogle(ada)
		s.at(paths.Organization(s.organization("only-google")))
	})
}

// byGoogle goes to the provider that the sandbox stands in for, and back. Script presses the last button by itself.
func (s *session) byGoogle(email string) {
	s.t.Helper()
	s.click("Continue with Google")
	s.see("heading", "Google")
	s.click(email)
	if s.options.noScript {
		s.at(paths.Authenticate)
		s.click("Continue")
	}
}
