//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestRevokeForSeveralMembers sees who let an app in, revokes it for three of them, fails in the middle, and finishes.
func TestRevokeForSeveralMembers(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme")
		acme := s.organization("acme")
		s.goTo(paths.Organization(acme))
		s.clickNav("Connected Apps")
		s.at(paths.OrganizationApps(acme))
		s.see("main", "Only the 3 on the list")
		s.click("Warehouse Sync")
		s.see("main", "See your e-mail address")
		for _, name := range []string{"Caleb Stone", "Hana Suzuki", "Kofi Mensah"} {
			s.must(s.page.GetByLabel("Select " + name).Check())
		}
		s.click("Revoke")
		s.see("heading", "Revoke Warehouse Sync?")
		s.see("main", "Hana Suzuki")
		s.miss("main", "Aaron Fields")
		s.must(s.app.Sandbox().SetFault(sandbox.Fault{Operation: stytch.MemberAppRevoke.String(), Kind: sandbox.FaultStatus, Status: 429, Count: 1}))
		s.click("Revoke for 3")
		s.see("alert", "2 steps are done, 1 failed.")
		s.see("main", "Stytch asks to slow down")
		s.click("Try again what is not done")
		s.see("status", "1 step is done.")
		s.click("To the Connected Apps")
		s.click("Warehouse Sync")
		s.see("main", "2 in all")
		s.miss("main", "Caleb Stone")
	})
}

// TestAppPolicyNamesTheApps narrows the policy: the preview says by name what goes, and then it is gone.
func TestAppPolicyNamesTheApps(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.OrganizationApps(s.organization("acme")))
		s.clickIn("Enter")
		s.click("Change the policy")
		s.choose("third_party_connected_apps_allowed_type", "None")
		s.click("Review changes")
		s.see("main", "“Ledgerly” is taken out here")
		s.see("main", "“Notebook CLI” is taken out here")
		s.miss("main", "“Warehouse Sync”")
		s.click("Change nothing")
		s.goTo(paths.OrganizationApps(s.organization("acme")))
		s.see("main", "Ledgerly")
	})
}

// appPages are the pages of a tenant's apps.
func (s *session) appPages(slug string) {
	s.t.Helper()
	id := s.organization(slug)
	s.goTo(paths.OrganizationApps(id))
	s.look(slug+"-apps", 200)
	link := s.page.Locator("section[aria-labelledby=apps] table.t a.row").First()
	if n, err := link.Count(); err != nil || n == 0 {
		s.must(err)
		return
	}
	s.must(link.Click())
	s.look(slug+"-app", 200)
	s.must(s.page.Locator("form.pick input[type=checkbox]").First().Check())
	s.look(slug+"-app-ticked", 200)
	s.must(s.page.GetByText("Revoke for all on this page").Click())
	s.look(slug+"-app-revoke", 200)
}
