//go:build e2e

package e2e_test

import "github.com/playwright-community/playwright-go"

// maxTabs is how many presses of Tab lead around the longest page.
const maxTabs = 200

// press presses a button, follows a link or opens a menu: by mouse, or by keyboard where the test leaves the mouse alone.
func (s *session) press(target playwright.Locator) {
	s.t.Helper()
	if !s.options.keyboard {
		s.must(target.Click())
		return
	}
	s.tabTo(target)
	s.must(s.page.Keyboard().Press("Enter"))
}

// follow presses what leads to another page, and waits for that. A mouse click waits by itself.
func (s *session) follow(target playwright.Locator) {
	s.t.Helper()
	if !s.options.keyboard {
		s.must(target.Click())
		return
	}
	s.tabTo(target)
	_, err := s.page.ExpectNavigation(func() error { return s.page.Keyboard().Press("Enter") }) //nolint:staticcheck // SA1019: the address may be the same as before
	s.must(err)
}

// enter types into a field, over what is there.
func (s *session) enter(target playwright.Locator, value string) {
	s.t.Helper()
	if !s.options.keyboard {
		s.must(target.Fill(value))
		return
	}
	s.tabTo(target)
	s.must(s.page.Keyboard().Press("ControlOrMeta+A"))
	s.must(s.page.Keyboard().Press("Delete"))
	s.must(s.page.Keyboard().InsertText(value))
}

// tabTo moves the focus on until the one element has it. What Tab does not reach cannot be used without a mouse.
func (s *session) tabTo(target playwright.Locator) {
	s.t.Helper()
	s.must(expect().Locator(target).ToBeVisible())
	focused := target.And(s.page.Locator(":focus"))
	for range maxTabs {
		n, err := focused.Count()
		s.must(err)
		if n == 1 {
			return
		}
		s.must(s.page.Keyboard().Press("Tab"))
	}
	s.t.Fatalf("Tab does not reach %v", target)
}
