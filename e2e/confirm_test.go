//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// TestMemberActs does to members what can be done, each after its page.
func TestMemberActs(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Acme")
		acme := s.organization("acme")
		daniels := paths.Member(acme, s.memberOf("acme", daniel))
		s.goTo(daniels)
		s.click("Remove the phone number")
		s.see("main", "The authenticator app stays")
		s.click("Cancel")
		s.at(daniels)
		s.click("Remove the phone number")
		s.click("Remove the number")
		s.see("status", "The phone number is removed.")
		s.click("Remove the authenticator app")
		s.see("main", "all recovery codes stop working")
		s.click("Remove the app")
		s.see("status", "The authenticator app is removed.")
		s.click("Delete the password")
		s.click("Delete the password")
		s.see("status", "The password is deleted.")
		s.click("End all sessions")
		s.see("main", "live sessions here end at once")
		s.click("End all sessions")
		s.see("status", "All their sessions have ended.")

		s.goTo(s.act(paths.MemberPasswordRoute, "acme", aaron) + "?how=reset")
		s.see("main", "good in every organization")
		s.click("Require a new password")
		s.see("status", "A new password is required.")

		olivias := paths.Member(acme, s.memberOf("acme", "olivia.hart@acme.example"))
		s.goTo(olivias)
		s.follow(s.page.Locator(`section[aria-labelledby=apps] a.btn`).First())
		s.see("main", "must ask them again")
		s.click("Revoke the app")
		s.see("status", "The app is revoked.")

		ivans := paths.Member(acme, s.memberOf("acme", "ivan.morozov@acme.example"))
		s.goTo(ivans)
		s.click("Send again Ivan Morozov")
		s.click("Send again")
		s.see("status", "The invitation was sent again.")
		s.mail("ivan.morozov@acme.example")
		s.click("Revoke Ivan Morozov")
		s.click("Revoke the invitation")
		s.see("status", "The invitation is revoked.")
	})
}

// TestDeleteAndReactivate deletes a member and takes them back.
func TestDeleteAndReactivate(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Acme")
		acme, id := s.organization("acme"), s.memberOf("acme", aaron)
		s.goTo(paths.Member(acme, id))
		s.click("Delete Aaron Fields")
		s.see("heading", "Delete Aaron Fields?")
		s.see("main", "The address is free")
		s.click("Delete this member")
		s.see("status", "The member is deleted.")
		s.goTo(paths.Members(acme) + "?status=deleted&id=" + id)
		s.clickIn("Aaron Fields")
		s.at(paths.MemberAct(paths.MemberReactivateRoute, acme, id))
		s.see("main", "Stytch does not say what else comes back.")
		s.click("Reactivate this member")
		s.see("status", "The member is active again.")
		s.see("heading", "Aaron Fields")
	})
}

// TestMemberActPages looks at the pages that ask before an act, and at those that answer.
func TestMemberActPages(t *testing.T) {
	t.Parallel()
	s := open(t, options{args: []string{"--search-budget=1000"}})
	s.signIn(ada, "Support")
	for _, slug := range []string{"acme", "harbour"} {
		s.goTo(paths.Organization(s.organization(slug)))
		s.clickIn("Enter")
		s.see("status", "You entered")
	}
	for name, route := range map[string]string{
		"member-delete": paths.MemberDeleteRoute, "member-password": paths.MemberPasswordRoute, "member-totp": paths.MemberTOTPRoute, "member-phone": paths.MemberPhoneRoute,
		"member-sessions": paths.MemberSessionsRoute, "member-second-factor": paths.MemberSecondFactorRoute, "member-recovery-codes": paths.MemberRecoveryCodesRoute,
		"lock-down": paths.MemberLockDownRoute,
	} {
		s.goTo(s.act(route, "acme", daniel))
		s.look(name, 200)
	}
	s.goTo(s.act(paths.MemberProvidersRoute, "harbour", "tobias.falk@harbour.example"))
	s.look("providers", 200)
	s.goTo(s.act(paths.MemberInvitationRoute, "acme", "ivan.morozov@acme.example") + "?act=send")
	s.look("member-invitation", 200)
	s.goTo(s.act(paths.MemberLockDownRoute, "acme", daniel) + "?how=keep")
	s.look("lock-down-keep", 200)
	s.fill("Reason", "SUP-4902, laptop stolen")
	s.click("Lock down now")
	s.look("lock-down-receipt", 200)
	s.goTo(s.act(paths.MemberRecoveryCodesRoute, "acme", daniel))
	s.fill("Reason", "SUP-4903")
	s.click("Show the codes")
	s.look("member-codes", 200)
}
