//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// A tenant's own people see what was done there, also by the support staff, and take it along.
func TestActivity(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		s.signIn(ada, "Support")
		acme := s.organization("acme")
		s.goTo(paths.Organization(acme))
		s.clickIn("Enter")
		s.see("status", "You entered")
		s.signOut()

		s.signIn("olivia.hart@acme.example", "Acme")
		s.goTo(paths.Activity(acme))
		s.see("heading", "Activity")
		s.see("row", "Support")
		s.see("row", "Entered the organization")
		s.see("row", "Olivia Hart")
		if download := s.download("Export JSON Lines"); !strings.Contains(download, `"whole":true`) || !strings.Contains(download, acme) {
			t.Errorf("the export is %.300s", download)
		}
		olivia, err := s.app.Sandbox().MemberID("acme", "olivia.hart@acme.example")
		s.must(err)
		s.goTo(paths.ActivityOf(acme, olivia))
		s.see("heading", "Activity of Olivia Hart")
		s.miss("row", "Entered the organization")
	})
}
