//go:build e2e

package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// Each row does something that no page of the console may do. A harness that does not notice would let it pass in every
// other test.
func TestHarnessNotices(t *testing.T) {
	t.Parallel()
	s := open(t, options{bad: true})
	s.goTo(paths.Login)
	s.accessible()
	if early := s.complaints.all(); len(early) > 0 {
		t.Fatalf("complaints to begin with: %q", early)
	}
	for _, row := range []struct{ what, script string }{
		{"console error: broken", `console.error("broken")`},
		{"page error", `setTimeout(() => { throw new Error("broken") }, 0)`},
		{"content security policy", `{ const e = document.createElement("p"); e.setAttribute("style", "color: red"); document.body.append(e) }`},
		{"console error: Failed to load resource", `{ const e = new Image(); e.src = "/static/none.svg"; document.body.append(e) }`},
	} {
		s.run(row.script)
		s.notices(row.what)
	}
	if found := strings.Join(s.findings(), "\n"); !strings.Contains(found, "image-alt") {
		t.Errorf("an image without a text is not noticed, only %q", found)
	}
	s.run(`document.querySelector("h1").style.width = "3000px"`)
	if over := s.sideways(); over < 1000 {
		t.Errorf("a heading of 3000 pixels makes the page only %d too wide", over)
	}
	s.run(`location.assign("https://example.com/x")`) // last: the page is gone then
	s.notices("request to another host")
}

func (s *session) run(script string) {
	s.t.Helper()
	_, err := s.page.Evaluate(script)
	s.must(err)
}

// notices waits for a complaint that begins so.
func (s *session) notices(what string) {
	s.t.Helper()
	begins := func(complaint string) bool { return strings.HasPrefix(complaint, what) }
	if !eventually(func() bool { return slices.ContainsFunc(s.complaints.all(), begins) }) {
		s.t.Errorf("%s: not noticed, only %q", what, s.complaints.all())
	}
}

// The way that all other tests begin with, and the helpers on it.
func TestHarnessSignsIn(t *testing.T) {
	t.Parallel()
	journey(t, func(_ *testing.T, s *session) {
		s.goTo(paths.Login)
		s.status(200)
		s.see("heading", "Sign in")
		s.miss("heading", "Organizations")
		s.goTo("/no-such-page")
		s.status(404)
		s.signIn("ada@support.example", "Support")
		s.at(paths.Organizations)
		s.see("heading", "Organizations")
		s.screenshot("organizations")
	})
}

func TestHarnessSecondBrowser(t *testing.T) {
	t.Parallel()
	s := open(t, options{two: true, noScript: true})
	other := s.second()
	s.signIn("sam@support.example", "Support")
	other.goTo(paths.Organizations)
	other.at(paths.Login)
	s.goTo(paths.Organizations)
	s.at(paths.Organizations)
}
