//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

const (
	ada = "ada@support.example"
	sam = "sam@support.example"
)

// organization is the id of a hand-made organization of the sandbox.
func (s *session) organization(slug string) string {
	s.t.Helper()
	id, err := s.app.Sandbox().OrganizationID(slug)
	s.must(err)
	return id
}

// The journey that the product is for: sign in by a link, find a tenant, enter it, find a person, see what is wrong.
func TestFromMailToMember(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Login)
		s.fill("E-mail address", ada)
		s.click("E-mail me a link")
		s.click("Open the sandbox's outbox")
		s.see("heading", "Sandbox outbox")
		s.click("Sign in with this link")
		s.click("Continue")
		s.clickIn("Support desk")
		s.at(paths.Organizations)
		s.see("heading", "Organizations")
		s.click("Acme Corporation")
		s.see("heading", "Enter Acme Corporation")
		s.click("Enter Acme Corporation")
		s.at(paths.Organization(s.organization("acme")))
		s.see("status", "You entered Acme Corporation.")
		s.see("heading", "Needs attention")
		s.clickNav("Members")
		s.see("heading", "Members")
		s.fill("E-mail contains", "marcus")
		s.click("Apply")
		s.see("rowheader", "Marcus Webb")
		s.miss("rowheader", "Olivia Hart")
		s.click("Marcus Webb")
		s.see("heading", "Marcus Webb")
		s.see("main", "Locked")
		s.signOut()
		s.see("status", "You are signed out.")
		s.goTo(paths.Organizations)
		s.at(paths.Login)
	})
}

// clickNav follows a link of the navigation.
func (s *session) clickNav(name string) {
	s.t.Helper()
	s.follow(s.page.GetByRole("navigation").GetByRole("link").Filter(textFilter(name)).First())
}

// signOut opens the person's menu, which works without script, and presses the button in it.
func (s *session) signOut() {
	s.t.Helper()
	s.press(s.page.Locator("details.me > summary"))
	s.click("Sign out")
	s.at(paths.Login)
}

func TestSignInByCode(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Login)
		s.fill("E-mail address", "nobody@nowhere")
		s.click("E-mail me a code")
		s.status(422)
		s.see("main", "Enter an e-mail address")
		s.fill("E-mail address", ada)
		s.click("E-mail me a code")
		s.see("heading", "Check your e-mail")
		s.fill("Six-digit code", "000000")
		s.click("Continue")
		s.status(422)
		s.see("main", "This code is not right")
		s.fill("Six-digit code", s.mail(ada).Code)
		s.click("Continue")
		s.see("heading", "Choose an organization")
		s.clickIn("Acme Corporation")
		s.see("heading", "Acme Corporation")
	})
}

func TestSignInToOneOrganization(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.LoginFor("acme"))
		s.see("heading", "Sign in to acme")
		s.fill("E-mail address", ada)
		s.click("E-mail me a link")
		s.goTo(s.mail(ada).Link)
		s.click("Continue")
		s.at(paths.Organization(s.organization("acme")))
		s.see("heading", "Acme Corporation")
	})
}

// Somebody who wanted a page before signing in gets it after, and nothing else.
func TestReturnToThePageWanted(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		wanted := paths.Members(s.organization("acme"))
		s.goTo(wanted + "?email_contains=olivia")
		s.at(paths.Login)
		s.fill("E-mail address", ada)
		s.click("E-mail me a code")
		s.fill("Six-digit code", s.mail(ada).Code)
		s.click("Continue")
		s.clickIn("Acme Corporation")
		s.at(wanted)
		s.see("rowheader", "Olivia Hart")
	})
}
