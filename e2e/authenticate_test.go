//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// Mail scanners open links too. Opening one must not use it up; the button does.
func TestLinkOpenedTenTimes(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Login)
		s.fill("E-mail address", ada)
		s.click("E-mail me a link")
		s.at(paths.LoginSent)
		link := s.mail(ada).Link
		for range 10 {
			s.goTo(link)
			s.status(200)
		}
		s.click("Continue")
		s.at(paths.LoginOrganizations)
		s.see("heading", "Choose an organization")
		s.goTo(link)
		s.click("Continue")
		s.status(422)
		s.see("main", "used")
	})
}

func TestLinkInAnotherBrowser(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{"without script": {noScript: true, two: true}, "with script": {two: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			other := s.second()
			s.goTo(paths.Login)
			s.fill("E-mail address", ada)
			s.click("E-mail me a link")
			s.at(paths.LoginSent)
			other.goTo(s.mail(ada).Link)
			other.see("main", "browser")
			other.miss("button", "Continue")
			other.goTo(paths.Organizations)
			other.at(paths.Login)
			// The page offers a code, and the link still works where it was asked for.
			s.goTo(s.mail(ada).Link)
			s.click("Continue")
			s.at(paths.LoginOrganizations)
		})
	}
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		for _, message := range s.app.Sandbox().Outbox() {
			if message.To == ada && message.Kind == "invite" {
				s.goTo(message.Link)
			}
		}
		s.see("heading", "meadow")
		s.see("main", ada)
		s.click("Sign in")
		s.at(paths.Organization(s.organization("meadow")))
	})
}

// Somebody who acts as a member sees who is behind it on every page, and can change nothing.
func TestImpersonation(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		link, err := s.app.Sandbox().Impersonate("acme", "olivia.hart@acme.example", "operator@company.example")
		s.must(err)
		s.goTo(link)
		s.see("heading", "Act as a member")
		s.click("Start")
		acme := s.organization("acme")
		s.at(paths.Organization(acme))
		for _, path := range []string{paths.Organization(acme), paths.Members(acme), paths.Account, paths.OwnOrganizations, "/nowhere"} {
			s.goTo(path)
			s.see("main", "operator@company.example")
			s.see("main", "Olivia Hart")
			s.see("button", "End")
		}
		s.goTo(paths.Organization(s.organization("globex")))
		s.goTo(paths.Account)
		s.miss("button", "Save")
		s.click("End")
		s.at(paths.Login)
		s.goTo(link)
		s.click("Start")
		s.status(422)
		s.see("main", "does not work any more")
	})
}

func TestKindOfLinkThatIsNotTaken(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Authenticate + "?stytch_token_type=sso&token=0123456789abcdef")
		s.see("main", "sso")
		s.click("Go to sign-in")
		s.at(paths.Login)
	})
}
