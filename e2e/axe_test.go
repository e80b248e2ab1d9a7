//go:build e2e

package e2e_test

import (
	"os"
	"sync"
)

// axeSource is the accessibility checker. It goes in through the debugger: the page's policy refuses a script element.
var axeSource = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	return string(text) + ";0", err
})

// axeRun answers each finding as its rule and the elements it is about.
const axeRun = `async rules => (await axe.run(document, {resultTypes: ["violations"], ...(rules && {runOnly: {type: "rule", values: rules}})})).violations.map(
	v => v.id + " (" + v.impact + "): " + v.help + "\n\t" + v.nodes.map(n => n.target.join(" ") + "  " + n.html.slice(0, 160)).join("\n\t"))`

// findings are what axe-core has against the page as it stands.
func (s *session) findings() []string {
	s.t.Helper()
	if s.options.noScript {
		s.t.Fatal("axe-core needs a session with JavaScript")
	}
	source, err := axeSource()
	s.must(err)
	_, err = s.page.Evaluate(source)
	s.must(err)
	var rules any
	if s.options.dark {
		// Nothing but colours changes with the theme, and the same page is seen in light with every rule.
		rules = []string{"color-contrast", "link-in-text-block"}
	}
	result, err := s.page.Evaluate(axeRun, rules)
	s.must(err)
	list, ok := result.([]any)
	if !ok {
		s.t.Fatalf("axe-core answered %T", result)
	}
	found := make([]string, len(list))
	for i := range list {
		if found[i], ok = list[i].(string); !ok {
			s.t.Fatalf("axe-core answered a list of %T", list[i])
		}
	}
	return found
}

// accessible fails for everything that axe-core finds on the page, and for a page that scrolls sideways.
func (s *session) accessible() {
	s.t.Helper()
	for _, finding := range s.findings() {
		s.t.Errorf("%s: %s", s.page.URL(), finding)
	}
	if over := s.sideways(); over > 0 {
		s.t.Errorf("%s is %d pixels wider than the window of %d", s.page.URL(), over, s.options.width)
	}
}

// sideways is by how many pixels the page is wider than the window.
func (s *session) sideways() int {
	s.t.Helper()
	over, err := s.page.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	s.must(err)
	n, ok := over.(int)
	if !ok {
		s.t.Fatalf("the width is a %T", over)
	}
	return n
}
