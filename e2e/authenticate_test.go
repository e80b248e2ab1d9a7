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
