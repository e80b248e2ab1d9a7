//go:build e2e

package e2e_test

import (
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// app is what a member's authenticator app shows.
func (s *session) authenticator(slug, email string) sandbox.Authenticator {
	s.t.Helper()
	app, err := s.app.Sandbox().Authenticator(slug, email)
	s.must(err)
	return app
}

// byCode signs in to one organization by e-mailed code, as far as that leads.
func (s *session) byCode(slug, email string) {
	s.t.Helper()
	s.app.Sandbox().Advance(time.Second)
	s.goTo(paths.LoginFor(slug))
	s.fill("E-mail address", email)
	s.click("E-mail me a code")
	s.at(paths.LoginSent)
	s.fill("Six-digit code", s.mail(email).Code)
	s.click("Continue")
}

func TestTextMessageIsSetUp(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.byCode("only-sms", ada)
		s.at(paths.LoginMFA)
		s.fill("Phone number", "020 7946 0958")
		s.click("Send a code")
		s.status(422)
		s.fill("Phone number", "+44 20 7946 0958")
		s.click("Send a code")
		s.fill("Six-digit code", s.mail("+442079460958").Code)
		s.click("Continue")
		s.at(paths.Organization(s.organization("only-sms")))
	})
}

func TestRecoveryCodeIsUsed(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		const daniel = "daniel.okafor@acme.example"
		s.must(s.app.Sandbox().Configure("acme", func(o *sandbox.Settings) { o.MFAPolicy = "REQUIRED_FOR_ALL" }))
		s.byCode("acme", daniel)
		s.at(paths.LoginMFA)
		s.click("Use a recovery code")
		s.fill("Recovery code", s.authenticator("acme", daniel).RecoveryCodes[0])
		s.click("Continue")
		s.at(paths.Organization(s.organization("acme")))
		s.see("status", "A recovery code is used up. 9 are left.")
	})
}

// A staff organization that asks everybody for a second factor, and a tenant that does, entered from there.
func TestSecondFactorsOnTheWayIn(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.must(s.app.Sandbox().Configure("support-desk", func(o *sandbox.Settings) { o.MFAPolicy = "REQUIRED_FOR_ALL" }))
		s.byLink(ada)
		s.clickIn("Support desk")
		s.at(paths.LoginMFA)
		s.clickIn("text message")
		s.fill("Phone number", "+44 20 7946 0111")
		s.click("Send a code")
		s.fill("Six-digit code", s.mail("+442079460111").Code)
		s.click("Continue")
		s.at(paths.Organizations)
		s.goTo(paths.Organization(s.organization("only-totp")))
		s.clickIn("Enter Lantern Works")
		s.at(paths.LoginMFA)
		s.click("Set up an authenticator app")
		s.fill("Six-digit code", s.authenticator("only-totp", ada).Code)
		s.click("Continue")
		s.see("status", "You entered Lantern Works.")
		s.clickIn("Go on")
		s.at(paths.Organization(s.organization("only-totp")))
		s.goTo(paths.Organizations)
		s.see("heading", "Organizations")
	})
}
