//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// The page of the project says how much is in it, and leads to the lists. Who lacks the role sees which one is missing.
func TestProject(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.click("Project")
		s.at(paths.Project)
		s.see("definition", "23")
		s.see("main", "SANDBOX")
		s.see("main", "project-test-")
		s.clickIn("M2M clients")
		s.at(paths.M2MClients)
		s.signOut()
		s.signIn(sam, "Support")
		s.goTo(paths.Project)
		s.see("main", "Counts are hidden from you")
		s.see("main", "console-project")
		s.goTo(paths.M2MClients)
		s.status(403)
		s.see("main", "console-m2m-clients")
	})
}
