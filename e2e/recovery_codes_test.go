//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

func TestAuthenticatorAppIsSetUp(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		s.byCode("only-totp", ada)
		s.at(paths.LoginMFA)
		s.see("main", "10 minutes")
		s.click("Set up an authenticator app")
		s.see("img", "")
		s.fill("Six-digit code", "000000")
		s.click("Continue")
		s.status(422)
		s.see("main", "This code is not right")
		s.fill("Six-digit code", s.authenticator("only-totp", ada).Code)
		s.click("Continue")
		s.see("heading", "Recovery codes")
		codes := s.authenticator("only-totp", ada).RecoveryCodes
		for _, code := range codes {
			s.see("main", code)
		}
		download, err := s.page.ExpectDownload(func() error {
			s.press(s.page.GetByRole("button", playwright.PageGetByRoleOptions{Name: "Download", Exact: new(true)}))
			return nil
		})
		s.must(err)
		if name := download.SuggestedFilename(); name != "recovery-codes.txt" {
			t.Errorf("the file is called %q", name)
		}
		s.clickIn("Go on")
		s.at(paths.Organization(s.organization("only-totp")))
		text, err := s.page.Content()
		s.must(err)
		if strings.Contains(text, codes[0]) {
			t.Error("the codes are on the next page too")
		}
		// From now on the app is asked for. A code that is used up does not do.
		s.signOut()
		s.byCode("only-totp", ada)
		s.fill("Six-digit code", s.authenticator("only-totp", ada).NextCode)
		s.click("Continue")
		s.at(paths.Organization(s.organization("only-totp")))
	})
}
