package app_test

import (
	"go/parser"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"console.internal/internal/config"
)

// upstreamRules is the page that every rule of the upstream is on which the code relies on.
const upstreamRules = "docs/upstream.md"

// marks say how well a rule is known.
var marks = []string{"documented", "seen", "assumed"}

// citation is how a comment names rules.
var citation = regexp.MustCompile(`\([^()]*\brules? ([a-z0-9-]+(?:, [a-z0-9-]+)*)\)`)

// cited are the files that name each rule in a comment.
func cited(t *testing.T, root fs.FS) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range files(t, root) {
		if path.Ext(name) != ".go" || strings.HasPrefix(name, "docs/") || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		for _, group := range parse(t, root, name, parser.ParseComments).Comments {
			text := strings.Join(strings.Fields(group.Text()), " ") // a citation may run over the end of a line
			for _, match := range citation.FindAllStringSubmatch(text, -1) {
				for rule := range strings.SplitSeq(match[1], ", ") {
					if !slices.Contains(out[rule], name) {
						out[rule] = append(out[rule], name)
					}
				}
			}
		}
	}
	return out
}

// unruly finds rules that are cited and not written down, written down and not cited, or not marked. A rule is a row of a
// table: name, mark, what it says, the files that rely on it.
func unruly(t *testing.T, root fs.FS) []string {
	var found []string
	citations, written := cited(t, root), map[string]bool{}
	for line := range strings.Lines(string(read(t, root, upstreamRules))) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rule := strings.Trim(cells[0], "`")
		if written[rule] {
			found = append(found, rule+" is there twice")
		}
		written[rule] = true
		if len(cells) != 4 || cells[2] == "" {
			found = append(found, rule+" is not a row of four cells")
			continue
		}
		if !slices.Contains(marks, cells[1]) {
			found = append(found, rule+" has the mark "+cells[1]+", which is none of "+strings.Join(marks, ", "))
		}
		var said []string
		for file := range strings.SplitSeq(cells[3], ", ") {
			said = append(said, strings.Trim(file, "`"))
		}
		slices.Sort(said)
		switch by := slices.Sorted(slices.Values(citations[rule])); {
		case len(by) == 0:
			found = append(found, rule+" is cited nowhere")
		case !slices.Equal(said, by):
			found = append(found, rule+" is relied on by "+strings.Join(by, ", ")+"; the page says "+strings.Join(said, ", "))
		}
	}
	for rule, by := range citations {
		if !written[rule] {
			found = append(found, rule+" is cited in "+strings.Join(by, ", ")+" and not written down")
		}
	}
	return found
}

// testName is how a page names a test that shows what it says.
var testName = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")

// unreal finds tests that the pages name and nobody wrote.
func unreal(t *testing.T, root fs.FS) []string {
	tests := map[string]bool{}
	var pages []string
	for _, name := range files(t, root) {
		switch {
		case strings.HasSuffix(name, "_test.go"):
			for _, match := range testFunc.FindAllSubmatch(read(t, root, name), -1) {
				tests[string(match[1])] = true
			}
		case strings.HasPrefix(name, "docs/") && path.Ext(name) == ".md":
			pages = append(pages, name)
		}
	}
	var found []string
	for _, name := range pages {
		for _, match := range testName.FindAllSubmatch(read(t, root, name), -1) {
			if !tests[string(match[1])] {
				found = append(found, name+" names "+string(match[1])+", which is no test")
			}
		}
	}
	return found
}

var testFunc = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)

// What the pages say is shown by a test is, and every setting is on the page for operators.
func TestUpstreamPagesNameRealTestsAndSettings(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")
	for _, breach := range unreal(t, root) {
		t.Error(breach)
	}
	bad := fstest.MapFS{
		"docs/a.md":   {Data: []byte("`TestReal` and `TestUnreal`")},
		"a/a_test.go": {Data: []byte("package a\n\nfunc TestReal(t *testing.T) {}\n")},
	}
	if found := unreal(t, bad); len(found) != 1 || !strings.Contains(found[0], "TestUnreal") {
		t.Errorf("found %q", found)
	}
	operations := string(read(t, root, "docs/operations.md"))
	settings := regexp.MustCompile(`--[a-z-]+|(?:CONSOLE|STYTCH)_[A-Z_]+`).FindAllString(config.Usage(), -1)
	if len(settings) < 20 {
		t.Errorf("only %d settings found", len(settings))
	}
	for _, setting := range settings {
		if !strings.Contains(operations, "`"+setting+"`") {
			t.Errorf("docs/operations.md does not tell of %s", setting)
		}
	}
}

func TestUpstreamRules(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")
	if len(cited(t, root)) < 10 {
		t.Error("hardly any rule is cited: the form of a citation has changed")
	}
	for _, breach := range unruly(t, root) {
		t.Error(breach)
	}
}

// A check that finds nothing on a bad page would find nothing on the real one either.
func TestUpstreamRulesFindBreaches(t *testing.T) {
	t.Parallel()
	row := func(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
	tree := fstest.MapFS{
		"a/a.go": {Data: []byte("package a\n\n// A does (rule good-one), by (rules good-two,\n// missing-one) and more.\nvar A = 1\n")},
		"a/b.go": {Data: []byte("package a\n\n// B relies on it, too (see rule\n// good-one).\nvar B = \"(rule in-a-string)\"\n\n// C: rules are rules (rule elsewhere, unmarked)\n")},
		"a/c.go": {Data: []byte("package a\n\n// C is new (rules unmarked, two-marks, short, double).\n")},
		upstreamRules: {Data: []byte(row("rule", "mark", "what it says", "relied on by") + row("---", "---", "---", "---") +
			row("`good-one`", "documented", "x", "`a/a.go`, `a/b.go`") +
			row("`good-two`", "seen", "x", "`a/a.go`") +
			row("`double`", "assumed", "x", "`a/c.go`") +
			row("`double`", "assumed", "x", "`a/c.go`") +
			row("`elsewhere`", "assumed", "x", "`a/a.go`") +
			row("`never-cited`", "assumed", "x", "`a/a.go`") +
			row("`short`", "assumed", "`a/c.go`") +
			row("`two-marks`", "documented, seen", "x", "`a/c.go`") +
			row("`unmarked`", "", "x", "`a/b.go`, `a/c.go`"))},
	}
	want := []string{
		"double is there twice", "elsewhere is relied on by a/b.go; the page says a/a.go", "missing-one is cited in a/a.go", "never-cited is cited nowhere",
		"short is not a row", "two-marks has the mark documented, seen", "unmarked has the mark",
	}
	found := slices.Sorted(slices.Values(unruly(t, tree)))
	if !slices.EqualFunc(found, want, strings.HasPrefix) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
