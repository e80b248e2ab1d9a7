//go:build e2e

package e2e_test

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

// A session that ends in the middle of work: what was typed is there, one signs in beside it, and sends it again.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support desk")
		s.goTo(paths.Account)
		s.must(s.context.ClearCookies(playwright.BrowserContextClearCookiesOptions{}))
		s.fill("Name", "Ada Renamed")
		s.click("Save")
		s.status(401)
		s.see("main", "Ada Renamed")
		// The link opens beside; the form stays.
		first := s.page
		opened, err := s.context.ExpectPage(func() error {
			s.press(s.page.GetByRole("link", playwright.PageGetByRoleOptions{Name: "Sign in", Exact: new(true)}))
			return nil
		})
		s.must(err)
		s.page = opened
		s.must(opened.WaitForLoadState())
		s.signIn(ada, "Support desk")
		s.page = first
		s.click("Send again")
		s.at(paths.Account)
		name := s.page.GetByLabel("Name", playwright.PageGetByLabelOptions{Exact: new(true)})
		s.must(expect().Locator(name).ToHaveValue("Ada Renamed"))
	})
}
