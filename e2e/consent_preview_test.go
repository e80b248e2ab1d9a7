//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// The support staff sees what a member would be asked, or why their app fails.
func TestConsentPreview(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(t *testing.T, s *session) {
		acme := s.organization("acme")
		s.signIn(ada, "Support")
		s.goTo(paths.OrganizationApps(acme))
		s.click("Enter Acme Corporation")
		s.click("Preview consent")
		s.at(paths.ConsentPreview(acme))
		preview := func(request string) {
			s.fill("Member", memberOfAcme)
			s.fill("Authorization request", request)
			s.click("Preview")
		}
		preview(s.authorization("Ledgerly"))
		s.see("heading", "Ledgerly")
		s.see("status", "Tom Baker would see this page")
		s.see("main", "ledgerly.example")
		s.miss("button", "Allow")
		s.screenshot("consent-preview")
		if strings.Contains(s.page.URL(), "client_id") {
			t.Error("what was pasted is in the address")
		}
		preview(strings.Replace(s.authorization("Ledgerly"), "callback", "elsewhere", 1))
		s.see("alert", "The redirect address is not registered")
		s.see("listitem", "https://ledgerly.example/callback")
		s.screenshot("consent-preview-refused")
		preview(s.authorization("Payroll bridge"))
		s.see("alert", "The organization does not allow the app")
		s.click("Allow it …")
		s.at(paths.SettingsGroup(acme, "apps"))
		s.see("status", "is filled in below")
	})
}
