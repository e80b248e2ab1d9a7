//go:build e2e

package e2e_test

import (
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

const (
	aaron    = "aaron.fields@acme.example" // a password, no second factor
	newPhone = "+442079460958"
)

func TestAccountNameAndAddress(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		const fresh = "aaron@new.example"
		s.signIn(aaron, "Acme")
		s.press(s.page.Locator("details.me > summary"))
		s.click("Account")
		s.at(paths.Account)
		s.fill("Name", "Aaron Fields the younger")
		s.click("Save")
		s.see("status", "Your name is changed.")
		s.click("Français")
		s.click("Change the e-mail address")
		s.fill("New e-mail address", "olivia.hart@acme.example")
		s.click("Send the code")
		s.status(422)
		s.see("main", "Another member here has this address.")
		s.fill("New e-mail address", fresh)
		s.click("Send the code")
		s.at(paths.AccountEmailCode)
		s.fill("Six-digit code", "000000")
		s.click("Change the address")
		s.status(422)
		s.see("main", "This code is not right")
		s.fill("Six-digit code", s.mail(fresh).Code)
		s.click("Change the address")
		s.see("status", "Your e-mail address is "+fresh+" now.")
		s.signOut()
		s.signIn(fresh, "Acme")
		s.goTo(paths.Account)
		s.see("heading", "Your account")
	})
}

// From no second factor to two, then to one, then to none.
func TestAccountSecondFactors(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn(aaron, "Acme")
		s.goTo(paths.Account)
		s.click("Set up an authenticator app")
		s.click("Begin")
		s.see("img", "")
		s.fill("Six-digit code", "000000")
		s.click("Finish")
		s.status(422)
		s.see("img", "")
		s.fill("Six-digit code", s.authenticator("acme", aaron).Code)
		s.click("Finish")
		s.see("heading", "Recovery codes")
		s.click("Back to your account")
		s.at(paths.Account)

		s.click("Set up text messages")
		s.fill("Phone number", "+44 20 7946 0958")
		s.click("Send the code")
		s.see("main", "A code is on its way to "+newPhone)
		s.fill("Six-digit code", s.mail(newPhone).Code)
		s.click("Confirm the number")
		s.see("status", "Texts go to the number that ends in 0958 from now on.")
		s.click("Ask for it first at sign-in")
		s.see("status", "Your usual second factor is changed.")
		s.click("Stop asking for a second factor")
		s.see("status", "No second factor is asked for at sign-in any more.")

		s.click("Show or replace the recovery codes")
		s.click("Show those that are left")
		s.see("main", s.authenticator("acme", aaron).RecoveryCodes[0])
		s.app.Sandbox().Advance(6 * time.Minute)
		s.goTo(paths.AccountRecoveryCodes)
		s.click("Make new ones")
		s.status(401)
		s.see("heading", "Show that it is you")
		s.click("Use the authenticator app")
		s.fill("Six-digit code", s.authenticator("acme", aaron).Code)
		s.click("Continue")
		s.see("main", s.authenticator("acme", aaron).RecoveryCodes[0])
		s.click("Back to your account")

		s.click("Remove the authenticator app")
		s.see("main", "Text messages stay, and are asked for instead.")
		s.click("Remove the app")
		s.see("status", "The authenticator app is removed.")
		s.click("Remove the phone number")
		s.see("main", "This is your only second factor.")
		s.click("Remove the number")
		s.see("status", "The phone number is removed.")
	})
}

func TestAccountPassword(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		const good = "violet-lantern-harbour-94"
		s.signIn(aaron, "Acme")
		s.goTo(paths.Account)
		s.click("Change the password")
		s.fill("Current password", sandbox.SeedPassword)
		s.fill("New password", "password")
		s.click("Save")
		s.status(422)
		s.fill("Current password", sandbox.SeedPassword)
		s.fill("New password", good)
		s.click("Save")
		s.see("status", "Your password is set.")
		s.app.Sandbox().Advance(6 * time.Minute)
		s.click("Forgot password")
		s.status(401)
		s.fill("Password", good)
		s.click("Continue")
		s.see("heading", "Choose a new password")
		s.fill("New password", good+"-2")
		s.click("Save")
		s.see("status", "Your password is set.")
	})
}

func TestAccountSessions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{"without script": {noScript: true, two: true}, "with script": {two: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			other := s.second()
			other.signIn(aaron, "Acme")
			s.signIn(aaron, "Acme")
			s.goTo(paths.AccountSessions)
			row := s.page.GetByRole("row").Filter(textFilter("E-mail link"))
			s.must(expect().Locator(row).ToHaveCount(2))
			s.follow(row.Filter(playwright.LocatorFilterOptions{HasNotText: "This one"}).Locator("button[name=session_id]"))
			s.see("status", "The session has ended.")
			other.goTo(paths.Account)
			other.at(paths.Login)
			other.signIn(aaron, "Acme")
			s.click("Sign out everywhere")
			s.see("status", "You are signed out everywhere.")
			other.goTo(paths.Account)
			other.at(paths.Login)
		})
	}
}

// accountPages are those of one's own account, in the states that a person meets.
func (s *session) accountPages() {
	s.t.Helper()
	s.goTo(paths.Account)
	s.look("account", 200)
	s.fill("Name", "")
	s.click("Save")
	s.look("account-problem", 422)
	s.goTo(paths.AccountApps)
	s.look("account-apps-none", 200)
	s.goTo(paths.AccountEmail)
	s.look("account-email", 200)
	s.fill("New e-mail address", "ada@new.example")
	s.click("Send the code")
	s.look("account-email-code", 200)
	s.goTo(paths.AccountPassword)
	s.look("account-password", 200)
	s.fill("New password", "password")
	s.click("Check it first")
	s.look("account-password-checked", 200)
	s.goTo(paths.AccountPhone)
	s.look("account-phone", 200)
	s.fill("Phone number", "+44 20 7946 0958")
	s.click("Send the code")
	s.look("account-phone-code", 200)
	s.goTo(paths.AccountPhoneRemove)
	s.look("account-phone-remove", 200)
	s.click("Remove the number")
	s.goTo(paths.AccountTOTP)
	s.look("account-totp", 200)
	s.click("Begin")
	s.see("img", "")
	s.look("account-totp-setup", 200)
	s.fill("Six-digit code", s.authenticator("support-desk", ada).Code)
	s.click("Finish")
	s.look("account-recovery-codes-new", 200)
	s.goTo(paths.Account)
	s.look("account-app", 200)
	s.goTo(paths.AccountRecoveryCodes)
	s.look("account-recovery-codes", 200)
	s.goTo(paths.AccountTOTPRemove)
	s.look("account-totp-remove", 200)
	s.click("Remove the app")
	s.goTo(paths.AccountSessions)
	s.look("account-sessions", 200)
}
