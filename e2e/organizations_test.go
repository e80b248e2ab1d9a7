//go:build e2e

package e2e_test

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

func textFilter(text string) playwright.LocatorFilterOptions {
	return playwright.LocatorFilterOptions{HasText: text}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{
		"without script": {noScript: true, args: []string{"--sandbox-organizations=200", "--search-budget=1000"}},
		"with script":    {args: []string{"--sandbox-organizations=200", "--search-budget=1000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			s.signIn(ada, "Support")
			s.see("main", "Rows 1 to 50")
			s.click("Next 50")
			s.see("main", "Rows 51 to 100")
			s.click("Next 50")
			s.see("main", "Rows 101 to 150")
			s.click("Back")
			s.see("main", "Rows 51 to 100")
			_, err := s.page.Reload()
			s.must(err)
			s.see("main", "Rows 51 to 100")
			_, err = s.page.GoBack()
			s.must(err)
			s.see("main", "Rows 101 to 150")
			s.click("First page")
			s.see("main", "Rows 1 to 50")
			s.fill("Name", "ac")
			s.click("Apply")
			s.see("main", "at least three characters")
			s.status(422)
			s.fill("Name", "acme")
			s.click("Apply")
			s.see("rowheader", "Acme Corporation")
			s.miss("rowheader", "Globex")
			s.must(s.page.GetByRole("link").Filter(textFilter("Name contains")).Click())
			s.see("rowheader", "Globex")
			s.fill("Name", "no such name")
			s.click("Apply")
			s.see("heading", "No organization matches")
		})
	}
}

// Somebody who is no member of the staff organization sees their own organizations, and nothing of the others.
func TestOwnOrganizations(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme Corporation")
		s.at(paths.Organization(s.organization("acme")))
		s.goTo(paths.Organizations)
		s.see("heading", "Your organizations")
		s.see("rowheader", "Acme Corporation")
		s.miss("rowheader", "Globex")
	})
}
