//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// An administrator invites somebody, who accepts, and then makes them an administrator too.
func TestMemberIsInvitedAcceptsAndRises(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, s *session) {
		const ned = "ned.newton@acme.example"
		acme := s.organization("acme")
		s.signIn("olivia.hart@acme.example", "Acme")
		s.goTo(paths.Members(acme))
		s.click("New member")
		s.at(paths.MemberNew(acme))
		s.choose("way", "Invite them by e-mail: the link in it is good for a week")
		s.fill("E-mail address", "ned")
		s.fill("Name", "Ned Newton")
		s.choose("roles", "billing_viewer")
		s.click("Add the member")
		s.status(422)
		s.see("main", "Enter an e-mail address")
		s.fill("E-mail address", ned)
		s.choose("locale", "Français")
		s.click("Add the member")
		s.see("status", "The invitation to "+ned+" is on its way.")
		s.see("heading", "Ned Newton")

		guest := s.second()
		guest.goTo(guest.mail(ned).Link)
		guest.click("Sign in")
		guest.see("main", "Acme Corporation")

		id, err := s.app.Sandbox().MemberID("acme", ned)
		s.must(err)
		s.goTo(paths.MemberEdit(acme, id, "roles"))
		s.choose("roles", "stytch_admin")
		s.click("Review")
		s.see("main", "With stytch_admin they may change everything")
		s.click("Save")
		s.see("status", "Saved: roles given directly.")
		guest.goTo(paths.MemberNew(acme))
		guest.see("button", "Add the member")
	})
}

// Somebody is added without a mail, by who may make members and give no roles.
func TestMemberIsAdded(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		acme := s.organization("acme")
		s.signIn("tara.singh@acme.example", "Acme")
		s.goTo(paths.MemberNew(acme))
		s.see("main", "stytch.member : update.settings.roles")
		s.choose("way", "Add them now: nothing is mailed")
		s.fill("E-mail address", "ned.newton@acme.example")
		s.fill("Phone number", "020")
		s.click("Add the member")
		s.status(422)
		s.see("main", "with its country code")
		s.fill("Phone number", "+44 20 7946 0958")
		s.click("Add the member")
		s.see("status", "is a member now. Nothing was mailed.")
	})
}
