//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// The support staff changes something of every group of a member.
func TestMemberEdit(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		acme := s.organization("acme")
		s.goTo(paths.Organization(acme))
		s.click("Enter Acme Corporation")
		s.see("status", "You entered")
		tom, err := s.app.Sandbox().MemberID("acme", "tom.baker@acme.example")
		s.must(err)
		group := func(name string) { s.goTo(paths.MemberEdit(acme, tom, name)) }

		group("name")
		s.fill("Name", "")
		s.click("Save")
		s.status(422)
		s.see("main", "Enter a name.")
		s.fill("Name", "Thomas Baker")
		s.click("Save")
		s.see("status", "Saved: name.")
		s.see("heading", "Thomas Baker")

		group("metadata")
		s.fill("Untrusted metadata", "theme: light")
		s.click("Save")
		s.status(422)
		s.see("main", "This is not a JSON object.")
		s.fill("Untrusted metadata", `{"theme": "light"}`)
		s.click("Save")
		s.see("main", "The key shortcuts goes")
		s.click("Save")
		s.see("status", "Saved: untrusted metadata.")

		group("trusted-metadata")
		s.fill("Trusted metadata", `{"plan": "pro"}`)
		s.click("Save")
		s.click("Save")
		s.see("status", "Saved: trusted metadata.")

		group("external-id")
		s.fill("External id", "")
		s.click("Save")
		s.see("main", "do not find them by it any more")
		s.click("Save")
		s.see("status", "Saved: external id.")

		group("breakglass")
		s.choose("is_breakglass", "Yes")
		s.click("Save")
		s.see("main", "by every method")
		s.click("Save")
		s.see("status", "Saved: break-glass.")

		group("second-factor")
		s.choose("mfa_enrolled", "Yes")
		s.fill("Phone number", "+44 20 7946 0958")
		s.click("Save")
		s.see("status", "Saved: second factor at each sign-in, phone number.")

		group("roles")
		s.see("main", "E-mail domain acme.example")
		s.choose("roles", "billing_viewer")
		s.click("Review")
		s.click("Save")
		s.see("status", "Saved: roles given directly.")
		s.see("main", "billing_viewer")
	})
}

// Two change the same field, and the second one chooses whose is to stay.
func TestMemberEditConflict(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, s *session) {
		acme := s.organization("acme")
		tom, err := s.app.Sandbox().MemberID("acme", "tom.baker@acme.example")
		s.must(err)
		other := s.second()
		s.signIn("olivia.hart@acme.example", "Acme")
		other.signIn(ada, "Acme")
		for _, one := range []*session{s, other} {
			one.goTo(paths.MemberEdit(acme, tom, "name"))
		}
		other.fill("Name", "Tom Theirs")
		other.click("Save")
		other.see("status", "Saved: name.")
		s.fill("Name", "Tom Mine")
		s.click("Save")
		s.status(409)
		s.see("alert", "Somebody else changed this after you opened it.")
		s.must(s.page.Locator(`input[name="keep.name"][value="mine"]`).Check())
		s.click("Go on")
		s.see("status", "Saved: name.")
		s.see("heading", "Tom Mine")
	})
}

// Somebody is about to take their own right to change roles.
func TestOwnLockOut(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn("olivia.hart@acme.example", "Acme")
		acme := s.organization("acme")
		olivia, err := s.app.Sandbox().MemberID("acme", "olivia.hart@acme.example")
		s.must(err)
		s.goTo(paths.MemberEdit(acme, olivia, "roles"))
		s.must(s.page.Locator(`input[name="roles"][value="stytch_admin"]`).Uncheck())
		s.click("Review")
		s.see("main", "You take your own right to change roles.")
		s.must(s.page.GetByLabel("I know that I cannot undo this").Check())
		s.click("Save")
		s.see("status", "Saved: roles given directly.")
		s.goTo(paths.MemberEdit(acme, olivia, "roles"))
		s.see("main", "Read only.")
		s.miss("button", "Review")
	})
}

// The pages that make and change members, in every look.
func TestMemberFormPages(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.signIn("olivia.hart@acme.example", "Acme")
	acme := s.organization("acme")
	member := func(email string) string {
		id, err := s.app.Sandbox().MemberID("acme", email)
		s.must(err)
		return id
	}
	priya, sofia := member("priya.nair@acme.example"), member("sofia.lindqvist@acme.example")
	s.goTo(paths.MemberNew(acme))
	s.look("member-new", 200)
	s.click("Add the member")
	s.look("member-new-problem", 422)
	for _, group := range []string{"name", "roles", "metadata", "trusted-metadata", "external-id", "breakglass", "second-factor"} {
		s.goTo(paths.MemberEdit(acme, priya, group))
		s.look("member-edit-"+group, 200)
	}
	s.goTo(paths.MemberEdit(acme, priya, "roles"))
	s.choose("roles", "stytch_admin")
	s.click("Review")
	s.look("member-edit-roles-review", 200)
	s.goTo(paths.MemberEmail(acme, priya))
	s.look("member-email", 200)
	s.goTo(paths.Member(acme, sofia))
	s.follow(s.page.Locator(`main a[href*="/retired-email?"]`).First())
	s.look("member-retired-email", 200)
}
