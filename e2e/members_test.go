//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.LoginFor("acme"))
		s.fill("E-mail address", ada)
		s.click("E-mail me a code")
		s.fill("Six-digit code", s.mail(ada).Code)
		s.click("Continue")
		s.goTo(paths.Members(s.organization("acme")))
		s.see("main", "no filter by name")
		s.see("main", "Rows 1 to 50")
		s.click("Next 50")
		s.see("main", "Rows 51")
		s.must(s.page.GetByLabel("Invited").Check())
		s.click("Apply")
		s.see("main", "Status is")
		s.see("rowheader", "Umar Farouk")
		s.miss("rowheader", "Olivia Hart")
		s.must(s.page.GetByRole("link").Filter(textFilter("Status is")).Click())
		s.see("rowheader", "Olivia Hart")
	})
}
