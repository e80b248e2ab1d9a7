//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

func TestEnterAndLeave(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
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
		s.goTo(paths.Organization(s.organization("closed")))
		s.status(403)
		s.see("heading", "Closed Circle cannot be entered by support")
	})
}

// Staff enter a tenant that they do not belong to, for a reason, act there, and leave no membership behind.
func TestEnterAsSupport(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(t *testing.T, s *session) {
		s.signIn(sam, "Support")
		quayside := s.organization("quayside")
		s.goTo(paths.Members(quayside))
		s.see("heading", "Enter Quayside Bank as support")
		s.fill("Reason", "SUP-4821, asked for by Rose")
		s.click("Enter Quayside Bank as support")
		s.at(paths.Members(quayside))
		s.see("status", "You entered Quayside Bank.")
		s.see("main", "You are in Quayside Bank as support until")
		s.see("main", "SUP-4821, asked for by Rose")
		s.see("link", "Victor Hale")
		// Acting: the staff member's own name there, which every role may change.
		s.goTo(paths.Own(paths.Account, quayside))
		s.see("main", "You are in Quayside Bank as support until")
		s.fill("Name", "Sam of the support desk")
		s.click("Save")
		s.see("status", "")
		if _, err := s.app.Sandbox().MemberID("quayside", sam); err != nil {
			t.Error("there is no membership")
		}
		s.goTo(paths.Members(quayside))
		s.click("Leave")
		s.see("status", "You left Quayside Bank. The membership that was made for it is deleted.")
		if _, err := s.app.Sandbox().MemberID("quayside", sam); err == nil {
			t.Error("the membership is still there")
		}
		s.goTo(paths.Members(quayside))
		s.see("heading", "Enter Quayside Bank as support")
	})
}
