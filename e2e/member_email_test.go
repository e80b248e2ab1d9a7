//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// An administrator lets a member confirm a new address, and changes that of another one at once.
func TestMemberEmail(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, s *session) {
		const fresh, other = "aaron@new.example", "marcus@new.example"
		s.signIn("olivia.hart@acme.example", "Acme")
		acme := s.organization("acme")
		id, err := s.app.Sandbox().MemberID("acme", aaron)
		s.must(err)
		s.goTo(paths.MemberEmail(acme, id))
		s.choose("way", "The member confirms it")
		s.fill("New e-mail address", "olivia.hart@acme.example")
		s.click("Go on")
		s.status(422)
		s.see("main", "A member here has this address.")
		s.fill("New e-mail address", fresh)
		s.click("Go on")
		s.see("status", "A link is on its way to "+fresh)
		member := s.second()
		member.goTo(member.mail(fresh).Link)
		member.click("Sign in")
		s.goTo(paths.Member(acme, id))
		s.see("main", fresh)

		marcus, err := s.app.Sandbox().MemberID("acme", "marcus.webb@acme.example")
		s.must(err)
		s.goTo(paths.MemberEmail(acme, marcus))
		s.choose("way", "Change it now")
		s.fill("New e-mail address", other)
		s.click("Go on")
		s.see("main", "Their password is deleted.")
		s.see("main", "nobody else here can have it")
		s.click("Change the address now")
		s.see("status", "The address is "+other+" now.")
		s.see("main", "marcus.webb@acme.example")
	})
}

// A member gives an address up that they had before.
func TestRetiredEmail(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme")
		acme := s.organization("acme")
		sofia, err := s.app.Sandbox().MemberID("acme", "sofia.lindqvist@acme.example")
		s.must(err)
		s.goTo(paths.Member(acme, sofia))
		s.follow(s.page.Locator(`main a[href*="/retired-email?"]`).First())
		s.see("heading", "Give this address up?")
		s.click("Give it up")
		s.see("status", "is given up.")
	})
}
