//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

func TestProviders(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.Member(s.organization("harbour"), s.memberOf("harbour", "tobias.falk@harbour.example")))
		s.clickIn("Enter")
		s.click("State of provider accounts")
		s.see("heading", "Provider accounts of Tobias Falk")
		s.see("table", "Held")
		s.miss("main", "sandbox-")
	})
}
