//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

func TestMember(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		s.signIn(ada, "Acme")
		acme := s.organization("acme")
		tom, err := s.app.Sandbox().MemberID("acme", "tom.baker@acme.example")
		s.must(err)
		s.goTo(paths.Member(acme, tom))
		s.see("heading", "Tom Baker")
		s.see("main", "employee-4711")
		s.see("main", "Impersonated")
		s.see("main", "no address and no browser")
		if s.options.noScript {
			s.miss("button", "Copy")
			return
		}
		s.must(s.context.GrantPermissions([]string{"clipboard-write"}))
		s.must(s.page.Locator(".copy").First().Click())
		s.must(expect().Locator(s.page.Locator(".copy.done").First()).ToBeVisible())
		// The policy lets no page read the clipboard; a person pastes it.
		box := s.page.GetByRole("searchbox")
		s.must(box.Focus())
		s.must(s.page.Keyboard().Press("Control+V"))
		text, err := box.InputValue()
		s.must(err)
		if text != tom && text != "tom.baker@acme.example" {
			t.Errorf("copied %q", text)
		}
	})
}
