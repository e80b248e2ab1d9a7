//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// The search box takes whatever a customer reads out over the phone.
func TestFind(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		acme := s.organization("acme")
		olivia, err := s.app.Sandbox().MemberID("acme", "olivia.hart@acme.example")
		s.must(err)
		find := func(what string) {
			s.t.Helper()
			s.must(s.page.GetByRole("searchbox").Fill(what))
			s.must(s.page.GetByRole("searchbox").Press("Enter"))
		}
		find("acme")
		s.at(paths.Organization(acme))
		s.click("Enter Acme Corporation")
		s.see("status", "You entered")
		find(acme)
		s.at(paths.Organization(acme))
		find(olivia)
		s.at(paths.Member(acme, olivia))
		find("olivia.hart@acme.example")
		s.at(paths.Members(acme))
		s.see("rowheader", "Olivia Hart")
		find(ada)
		s.at(paths.Find)
		s.see("main", "Harbour Logistics")
		find("no such thing anywhere")
		s.see("main", "Organizations whose name contains no such thing anywhere")
		find("zz")
		s.status(404)
	})
}
