//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

func TestEnterAndLeave(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		harbour := s.organization("harbour")
		s.goTo(paths.Members(harbour))
		s.see("heading", "Enter Harbour Logistics")
		s.click("Enter Harbour Logistics")
		s.at(paths.Members(harbour))
		s.goTo(paths.Organization(harbour))
		s.see("heading", "How people sign in")
		s.click("Leave")
		s.see("status", "You left Harbour Logistics.")
		s.goTo(paths.Organization(harbour))
		s.see("heading", "Enter Harbour Logistics")
		s.goTo(paths.Organization(s.organization("empty")))
		s.status(403)
		s.see("heading", "You are not a member here")
	})
}

// A member without the permission gets told which one is missing, because the upstream said so.
func TestForbidden(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn(sam, "Support")
		linden := s.organization("linden")
		s.goTo(paths.Members(linden))
		s.click("Enter Linden Clinic")
		s.status(403)
		s.see("main", "stytch.member")
		s.see("main", "search")
		s.see("main", "tenant_support")
		s.goTo(paths.Organization(linden))
		s.status(200)
		s.see("main", "stytch.sso")
	})
}
