//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// A secret is changed in steps: both work until it is finished, and every page says so meanwhile.
func TestClientSecretIsChanged(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(t *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.ConnectedApps + "?text=Warehouse")
		s.click("Warehouse Sync")
		const warning = "The secret of this client is half changed."

		// Made, and thought better of.
		s.miss("main", warning)
		s.clickIn("Make a new secret")
		s.see("heading", "Make a new secret for Warehouse Sync?")
		s.click("Make a new secret")
		first := s.takeSecret()
		s.see("main", warning)
		s.see("main", "Two secrets work")
		s.clickIn("Cancel: discard")
		s.see("main", "…"+first[len(first)-4:]+" already gets no token any more")
		s.click("Cancel: discard …" + first[len(first)-4:])
		s.see("status", "is discarded.")
		s.miss("main", warning)

		// Made, and finished.
		s.clickIn("Make a new secret")
		s.click("Make a new secret")
		second := s.takeSecret()
		s.see("main", warning)
		s.clickIn("Back to the client")
		s.clickIn("Finish or cancel it")
		s.clickIn("Finish: stop")
		s.see("main", "gets no token any more, at once.")
		s.clickIn("Finish: stop")
		s.see("status", "…"+second[len(second)-4:]+" is the only one.")
		s.miss("main", warning)
		s.see("main", "…"+second[len(second)-4:])
	})
}
