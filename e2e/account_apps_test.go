//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestOwnApps sees what one has let in, and revokes one, then all, of which one fails at first.
func TestOwnApps(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme")
		s.must(s.page.Locator("details.me > summary").Click())
		s.must(s.page.Locator("details.me").GetByText("Connected Apps").Click())
		s.at(paths.AccountApps)
		s.see("main", "Stay connected while you are away, until you take it back")
		s.click("Revoke Ledgerly")
		s.see("heading", "Revoke Ledgerly?")
		s.click("Revoke the app")
		s.see("status", "Ledgerly is revoked.")
		s.at(paths.AccountApps)
		s.must(s.app.Sandbox().SetFault(sandbox.Fault{Operation: stytch.OwnAppRevoke.String(), Kind: sandbox.FaultStatus, Status: 429, Count: 1}))
		s.click("Revoke all")
		s.see("heading", "Revoke all 2 apps?")
		s.click("Revoke 2 apps")
		s.see("alert", "1 step is done, 1 failed.")
		s.click("Try again what is not done")
		s.see("status", "is revoked.")
		s.see("main", "You have let no app in")
	})
}

// TestOwnAppPages looks at the pages of one's own apps in every look.
func TestOwnAppPages(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.signIn("olivia.hart@acme.example", "Acme")
	s.goTo(paths.AccountApps)
	s.look("account-apps", 200)
	s.goTo(paths.AccountAppRevoke("", ""))
	s.look("account-apps-revoke", 200)
}
