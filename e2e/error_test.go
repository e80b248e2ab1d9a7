//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// An upstream that fails gets a page with a way on, also in the middle of a page that script changes.
func TestUpstreamDown(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]options{
		"without script": {noScript: true, args: []string{"--sandbox-organizations=100"}},
		"with script":    {args: []string{"--sandbox-organizations=100"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			s.signIn(ada, "Support")
			s.see("main", "Rows 1 to 50")
			s.must(s.app.Sandbox().SetFault(sandbox.Fault{Operation: "api_organization_v1_Search", Kind: sandbox.FaultStatus, Status: 500, ErrorType: "internal_server_error"}))
			s.click("Next 50")
			s.status(502)
			s.see("main", "Stytch has a fault")
			s.see("main", "request-id-test-")
			s.app.Sandbox().ClearFaults()
			s.goTo(paths.Organizations)
			s.see("main", "Rows 1 to 50")
			s.goTo("/nowhere")
			s.status(404)
			s.see("heading", "Nothing is here")
		})
	}
}

// The theme is a form like any other, and stays.
func TestTheme(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.must(s.page.Locator("details.me > summary").Click())
		s.click("Dark")
		s.at(paths.Organizations)
		s.must(expect().Locator(s.page.Locator("html")).ToHaveAttribute("data-theme", "dark"))
		s.goTo(paths.Organizations)
		s.must(expect().Locator(s.page.Locator("html")).ToHaveAttribute("data-theme", "dark"))
	})
}
