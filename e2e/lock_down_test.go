//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

const daniel = "daniel.okafor@acme.example" // sessions, apps, a password, an app and a phone

// memberOf is the id of a member.
func (s *session) memberOf(slug, email string) string {
	s.t.Helper()
	id, err := s.app.Sandbox().MemberID(slug, email)
	s.must(err)
	return id
}

// act is the page of an act on a member.
func (s *session) act(route, slug, email string) string {
	s.t.Helper()
	return paths.MemberAct(route, s.organization(slug), s.memberOf(slug, email))
}

// TestLockDown locks an account down, fails in the middle, and finishes.
func TestLockDown(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Acme")
		s.goTo(paths.Member(s.organization("acme"), s.memberOf("acme", daniel)))
		s.click("Lock down Daniel Okafor")
		s.see("heading", "Lock down Daniel Okafor?")
		s.click("Keep the member")
		s.see("main", "End 2 sessions")
		s.see("main", "Second factors stay")
		s.fill("Reason", "SUP-4902, laptop stolen")
		s.must(s.app.Sandbox().SetFault(sandbox.Fault{Operation: stytch.MemberPasswordDelete.String(), Kind: sandbox.FaultStatus, Status: 429}))
		s.click("Lock down now")
		s.see("alert", "1 failed")
		s.see("main", "Stytch asks to slow down")
		s.app.Sandbox().ClearFaults()
		s.click("Try again what is not done")
		s.see("status", "1 step is done.")
		s.click("To the member")
		s.see("main", "No live session")
		s.see("main", "This member has let no app in.")
		s.see("main", "Enrolled")
		s.click("Lock down Daniel Okafor")
		s.fill("Reason", "SUP-4902")
		s.click("Deactivate now")
		s.see("status", "1 step is done.")
		s.click("To the members")
		s.at(paths.Members(s.organization("acme")))
	})
}
