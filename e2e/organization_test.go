//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

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
