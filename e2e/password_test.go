//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

func TestSignInByPassword(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.goTo(paths.LoginFor("only-password"))
		s.click("Use a password")
		s.fill("E-mail address", ada)
		s.fill("Password", "not the password")
		s.click("Sign in")
		s.status(422)
		s.see("main", "Address and password do not fit together")
		s.fill("Password", sandbox.SeedPassword)
		s.click("Sign in")
		s.at(paths.Organization(s.organization("only-password")))
	})
}

func TestPasswordIsReset(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.goTo(paths.WithPassword(paths.LoginFor("only-password")))
		s.fill("E-mail address", ada)
		s.clickIn("Forgot it")
		s.at(paths.LoginSent)
		s.goTo(s.mail(ada).Link)
		s.see("heading", "Choose a new password")
		s.fill("New password", "password")
		s.click("Save")
		s.status(422)
		s.fill("New password", "ink-violet-harbour-29-ladders")
		s.click("Check it first")
		s.status(200)
		s.see("status", "Strong")
		s.fill("New password", "ink-violet-harbour-29-ladders")
		s.click("Save")
		s.at(paths.Organization(s.organization("only-password")))
		s.signOut()
		s.goTo(paths.WithPassword(paths.LoginFor("only-password")))
		s.fill("E-mail address", ada)
		s.fill("Password", "ink-violet-harbour-29-ladders")
		s.click("Sign in")
		s.at(paths.Organization(s.organization("only-password")))
	})
}

// By discovery, with a password that counts for all of a person's organizations.
func TestPasswordByDiscovery(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.goTo(paths.WithPassword(paths.Login))
		s.fill("E-mail address", ada)
		s.clickIn("Forgot it")
		s.at(paths.LoginSent)
		s.goTo(s.mail(ada).Link)
		s.fill("New password", "ink-violet-harbour-29-ladders")
		s.click("Save")
		s.at(paths.LoginOrganizations)
		s.goTo(paths.WithPassword(paths.Login))
		s.fill("E-mail address", ada)
		s.fill("Password", "ink-violet-harbour-29-ladders")
		s.click("Sign in")
		s.at(paths.LoginOrganizations)
		s.see("heading", "Choose an organization")
	})
}
