//go:build e2e

package e2e_test

import (
	"os"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

// What somebody does is in the record: found by a filter, unfolded, and taken along.
func TestAudit(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		s.signIn(aaron, "Acme")
		s.goTo(paths.Account)
		s.fill("Name", "Aaron Fields the younger")
		s.click("Save")
		s.see("status", "Your name is changed.")
		s.goTo(paths.Audit)
		s.status(404)
		s.signOut()

		s.signIn(ada, "Support")
		s.goTo(paths.Organizations)
		s.click("Audit log")
		s.at(paths.Audit)
		s.see("row", "Signed in")
		s.fill("Person: e-mail address or member id", "aaron")
		s.click("Apply")
		s.status(422)
		s.see("main", "Enter a whole e-mail address or a member id.")
		s.fill("Person: e-mail address or member id", aaron)
		s.click("Apply")
		s.see("row", "Changed a member")
		s.miss("row", ada)
		row := s.page.GetByRole("row").Filter(textFilter("Changed a member"))
		s.miss("term", "Reference")
		s.press(row.Locator("summary"))
		s.see("term", "Reference")
		s.see("definition", aaron)
		if download := s.download("Export CSV"); !strings.HasPrefix(download, "seq,") || !strings.Contains(download, aaron) || strings.Contains(download, ada) {
			t.Errorf("the export is %.300s", download)
		}
		s.must(s.page.GetByRole("link").Filter(textFilter("Person is")).Click())
		s.see("row", "Ada")
	})
}

// download follows a link to a file and returns what is in it.
func (s *session) download(link string) string {
	s.t.Helper()
	file, err := s.page.ExpectDownload(func() error {
		return s.page.GetByRole("link", playwright.PageGetByRoleOptions{Name: link, Exact: new(true)}).Click()
	})
	s.must(err)
	path, err := file.Path()
	s.must(err)
	text, err := os.ReadFile(path)
	s.must(err)
	return string(text)
}
