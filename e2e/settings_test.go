//go:build e2e

package e2e_test

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

// choose ticks a box, or takes a choice, of a group.
func (s *session) choose(group, option string) {
	s.t.Helper()
	label := playwright.LocatorGetByLabelOptions{Exact: new(true)}
	s.must(s.page.Locator("#"+group).GetByLabel(option, label).Check())
}

// edit opens the form of a group of settings.
func (s *session) edit(title string) {
	s.t.Helper()
	s.click("Edit: " + title)
	s.see("heading", title)
}

// An administrator changes something of every group.
func TestSettings(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme")
		acme := s.organization("acme")
		s.goTo(paths.Organization(acme))
		s.click("Settings")
		s.at(paths.Settings(acme))

		s.edit("Identity")
		s.fill("Slug", "acme industrial")
		s.click("Save")
		s.status(422)
		s.see("alert", "Nothing was saved.")
		s.see("main", "No spaces. Use letters, digits and - . _ ~")
		s.fill("Slug", "acme-industrial")
		s.click("Save")
		s.see("status", "Saved: slug.")

		s.edit("External id")
		s.fill("External id", "crm-7")
		s.click("Save")
		s.see("status", "Saved: external id.")

		s.edit("Who may join")
		s.choose("email_invites", "Only to the allowed domains")
		s.fill("Allowed e-mail domains", "gmail.com")
		s.click("Review changes")
		s.status(422)
		s.see("main", "gmail.com is open to everybody")
		s.fill("Allowed e-mail domains", "acme.example")
		s.click("Review changes")
		s.see("heading", "Review 2 changes")
		s.see("main", "Members at acme-labs.example stay members.")
		s.click("Save 2 changes")
		s.see("status", "Saved: invitations, allowed e-mail domains.")

		s.edit("Claimed domains")
		s.fill("Claimed domains", "acme.example, new.example")
		s.click("Review changes")
		s.click("Save 1 change")
		s.see("status", "Saved: claimed domains.")

		s.edit("How they sign in")
		s.choose("auth_methods", "Only those ticked")
		s.click("Review changes")
		s.status(422)
		s.see("main", "The methods are limited: tick at least one.")
		s.choose("allowed_auth_methods", "E-mail link")
		s.choose("allowed_auth_methods", "Single sign-on")
		s.click("Review changes")
		s.click("Save 2 changes")
		s.see("status", "Saved: methods, allowed methods.")

		s.edit("Second factor")
		s.choose("mfa_policy", "Required for everybody")
		s.click("Review changes")
		s.see("main", "set one up at their next sign-in")
		s.click("Change nothing")
		s.choose("mfa_policy", "Required for everybody")
		s.click("Review changes")
		s.click("Save 1 change")
		s.see("status", "Saved: second factor.")

		s.edit("Connected Apps")
		s.choose("first_party_connected_apps_allowed_type", "None")
		s.click("Review changes")
		s.click("Save 1 change")
		s.see("status", "Saved: apps of your own.")

		s.edit("Automatic roles")
		s.fill("Roles by e-mail domain", "acme.example:billing_viewer")
		s.click("Review changes")
		s.see("main", "Members lose the role of acme.example:editor")
		s.click("Save 1 change")
		s.see("status", "Saved: roles by e-mail domain.")
		s.see("main", "Only the support staff of this project can write it.")
	})
}

// The staff write what no session of the tenant may.
func TestSettingsByStaff(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		acme := s.organization("acme")
		s.goTo(paths.Organization(acme))
		s.click("Enter Acme Corporation")
		s.goTo(paths.Settings(acme))
		s.edit("External id")
		s.fill("External id", "")
		s.click("Save")
		s.status(403)
		s.see("alert", "Nothing was changed.")
		s.click("Write it as support staff")
		s.see("status", "Saved: external id.")
		s.edit("Trusted metadata")
		s.fill("Trusted metadata", `{"plan": "team"`)
		s.click("Save")
		s.status(422)
		s.fill("Trusted metadata", `{"plan": "team"}`)
		s.click("Save")
		s.see("status", "Saved: trusted metadata.")
		s.miss("main", "ACME-42")
	})
}

// The staff make an organization, and its administrator ends another one.
func TestOrganizationBeginsAndEnds(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.Organizations)
		s.click("New organization")
		s.fill("Name", "Acme Corporation")
		s.fill("Slug", "acme")
		s.click("Make the organization")
		s.status(422)
		s.see("main", "Another organization has this slug. Try acme-2.")
		s.fill("Name", "Fresh Fields")
		s.fill("Slug", "")
		s.click("Make the organization")
		s.see("main", "Fresh Fields")
		s.signOut()

		acme := s.organization("acme")
		s.signIn("olivia.hart@acme.example", "Acme")
		s.goTo(paths.Settings(acme))
		s.click("Delete")
		s.see("heading", "Delete Acme Corporation?")
		s.fill("Type Acme Corporation to go on", "Acme")
		s.click("Delete the organization")
		s.status(422)
		s.fill("Type Acme Corporation to go on", "Acme Corporation")
		s.click("Delete the organization")
		s.at(paths.Login)
		s.see("status", "You are signed out.")
	})
}
