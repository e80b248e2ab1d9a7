package app_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	module   = "console.internal/"
	internal = module + "internal/"
	maxLines = 400
	// self is this file: it has to spell what it forbids.
	self = "internal/app/architecture_test.go"
)

// arrows says what each package may import besides the standard library: packages of the module, and others with all
// below them. Test files are free, but for neverEvenInTests.
var arrows = map[string][]string{
	"bench":       {internal + "sandbox", "github.com/go-json-experiment/json"},
	"cmd/console": {internal + "app", internal + "config"},
	"internal/app": {
		module + "handlers", module + "static", internal + "audit", internal + "authz", internal + "config", internal + "entry", internal + "paths",
		internal + "sandbox", internal + "session", internal + "store", internal + "stytch", module + "views",
	},
	"internal/apprequest":                {},
	"internal/apprequest/apprequesttest": {internal + "apprequest"},
	"internal/audit":                     {internal + "stytch", "github.com/go-json-experiment/json"},
	"internal/authz":                     {},
	"internal/config":                    {},
	"internal/contract":                  {"github.com/getkin/kin-openapi"},
	"internal/entry":                     {internal + "stytch", "github.com/go-json-experiment/json"},
	"internal/paths":                     {},
	"internal/sandbox":                   {"github.com/go-json-experiment/json"},
	"internal/session": {
		internal + "stytch", "github.com/alexedwards/scs/v2", "github.com/gorilla/securecookie", "github.com/gorilla/sessions",
	},
	"internal/session/sessiontest": {internal + "session"},
	"internal/entry/entrytest":     {internal + "entry"},
	"internal/store":               {internal + "apprequest", internal + "entry", internal + "session", "github.com/alexedwards/scs/v2", "modernc.org/sqlite"},
	"internal/stytch":              {"github.com/go-json-experiment/json"},
	"handlers": {
		module + "views", module + "views/ui", internal + "apprequest", internal + "audit", internal + "authz", internal + "entry", internal + "paths", internal + "session", internal + "stytch",
		"github.com/a-h/templ", "github.com/go-json-experiment/json", "github.com/klauspost/compress", "github.com/labstack/echo/v4",
		"rsc.io/qr",
	},
	"views":    {module + "views/ui", internal + "paths", "github.com/a-h/templ"},
	"views/ui": {"github.com/a-h/templ"},
	"static":   {},
	"e2e":      {},
}

// neverEvenInTests are imports that would make a package's own tests worthless: a wrong JSON tag in a struct that both
// sides share cancels itself out.
var neverEvenInTests = map[string]string{"internal/sandbox": internal + "stytch"}

// files are the paths of the project's own files, without what is installed, built or kept as it was found.
func files(t *testing.T, root fs.FS) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			out = append(out, name)
		case name == "bin", name == "data", name == "tmp", name == "static/dist", d.Name() == "node_modules", d.Name() == "testdata",
			name != "." && name != ".ci" && strings.HasPrefix(name, "."):
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, root fs.FS, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parse(t *testing.T, root fs.FS, name string, mode parser.Mode) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, read(t, root, name), mode)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// imports finds imports against the arrows, also in generated code, and packages that have no arrows yet.
func imports(t *testing.T, root fs.FS) []string {
	var found []string
	for _, name := range files(t, root) {
		dir := path.Dir(name)
		if path.Ext(name) != ".go" || strings.HasPrefix(dir, "tools") {
			continue
		}
		allowed, known := arrows[dir]
		if !known {
			found = append(found, name+": the package has no row in arrows")
			continue
		}
		for _, spec := range parse(t, root, name, parser.ImportsOnly).Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			host, _, _ := strings.Cut(imported, "/")
			isTest := strings.HasSuffix(name, "_test.go")
			switch {
			case isTest && imported == neverEvenInTests[dir]:
				found = append(found, name+" imports "+imported)
			case isTest || !strings.Contains(host, "."): // The standard library has no dot there.
			case !slices.ContainsFunc(allowed, func(a string) bool {
				return imported == a || (!strings.HasPrefix(a, module) && strings.HasPrefix(imported, a+"/"))
			}):
				found = append(found, name+" imports "+imported)
			}
		}
	}
	return found
}

// undocumented finds packages without a comment that a stranger could use. It is in doc.go, or in the only file.
func undocumented(t *testing.T, root fs.FS) []string {
	sources := map[string][]string{}
	for _, name := range files(t, root) {
		if path.Ext(name) != ".go" {
			continue
		}
		dir := path.Dir(name)
		if _, known := sources[dir]; !known {
			sources[dir] = nil // A package of tests alone counts.
		}
		if !strings.HasSuffix(name, "_test.go") {
			sources[dir] = append(sources[dir], name)
		}
	}
	var found []string
	for dir, names := range sources {
		if len(names) != 1 {
			names = slices.DeleteFunc(names, func(name string) bool { return path.Base(name) != "doc.go" })
		}
		if len(names) != 1 || len(parse(t, root, names[0], parser.ParseComments|parser.PackageClauseOnly).Doc.Text()) < len("Package x does y.") {
			found = append(found, dir+" has no doc.go with a package comment")
		}
	}
	return found
}

// strays finds page areas that lack a file of their name in another layer. A part of an area has its name as a prefix:
// members_filters.templ belongs to members.
func strays(t *testing.T, root fs.FS) []string {
	all := files(t, root)
	var areas []string
	for _, name := range all {
		area, isTemplate := strings.CutSuffix(path.Base(name), ".templ")
		if isTemplate && path.Dir(name) == "views" && area != "layout" && area != "error" {
			areas = append(areas, area)
		}
	}
	var found []string
	for _, area := range areas {
		if slices.ContainsFunc(areas, func(whole string) bool { return strings.HasPrefix(area, whole+"_") }) {
			continue
		}
		for _, sibling := range []string{"views/" + area + ".go", "handlers/" + area + ".go", "handlers/" + area + "_test.go", "e2e/" + area + "_test.go"} {
			if !slices.Contains(all, sibling) {
				found = append(found, "views/"+area+".templ has no "+sibling)
			}
		}
	}
	return found
}

// guard forbids a pattern in the files whose names match.
type guard struct {
	in      *regexp.Regexp
	pattern *regexp.Regexp
	why     string
}

var (
	code      = regexp.MustCompile(`\.(go|templ)$`)
	templates = regexp.MustCompile(`\.templ$`)
	scripts   = regexp.MustCompile(`\.m?js$`)
	anyText   = regexp.MustCompile(`\.(go|templ|m?js|css|svg|html|md|ya?ml|json|sh|mod)$|(^|/)(Makefile|run|\.[a-z]+)$`)
)

var guards = []guard{
	{code, regexp.MustCompile(`templ\.(Raw|SafeCSS|JSUnsafeFuncCall|JSExpression)\b`), "it goes around templ's escaping"},
	{code, regexp.MustCompile(`templ\.SafeURL\b`), "it goes around templ's escaping"},
	{code, regexp.MustCompile(`"text/template"`), "it does not escape"},
	{code, regexp.MustCompile(`InsecureSkipVerify`), "certificates are checked"},
	{regexp.MustCompile(`\.(go|templ|m?js)$`), regexp.MustCompile(`innerHTML`), "text is not markup; Trusted Types refuse it"},
	{scripts, regexp.MustCompile(`insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function\(`), "Trusted Types refuse it"},
	{templates, regexp.MustCompile(`(?i)[\s"'](style|on[a-z]+|hx-on[^\s=]*)\??=`), "the content security policy refuses inline style and script"},
	{templates, regexp.MustCompile(`(?i)<style\b|javascript:`), "the content security policy refuses inline style and script"},
	{anyText, regexp.MustCompile(`\b(TODO|FIXME)\b`), "it is done, or it is an issue"},
	{anyText, regexp.MustCompile(`(^|[\s"'(=:])/(work|root|home)/`), "a path of one machine"},
}

// outward is where one address may go around templ's filter, which knows the schemes of the web alone.
const outward = "views/leave.go"

// forbidden finds what the guards forbid. Generated code is left out: templ writes the types of its escaping there.
func forbidden(t *testing.T, root fs.FS) []string {
	var found []string
	for _, name := range files(t, root) {
		if name == self || strings.HasSuffix(name, "_templ.go") || path.Base(name) == "package-lock.json" {
			continue
		}
		text := read(t, root, name)
		for _, g := range guards {
			if !g.in.MatchString(name) || (name == outward && g.pattern.String() == `templ\.SafeURL\b`) {
				continue
			}
			if at := g.pattern.FindIndex(text); at != nil {
				line := 1 + bytes.Count(text[:at[0]+1], []byte("\n"))
				found = append(found, name+":"+strconv.Itoa(line)+" has "+strings.TrimSpace(string(text[at[0]:at[1]]))+": "+g.why)
			}
		}
	}
	return found
}

// long finds files that want splitting, those that people write and read.
func long(t *testing.T, root fs.FS) []string {
	var found []string
	for _, name := range files(t, root) {
		if !anyText.MatchString(name) || strings.HasSuffix(name, "_templ.go") || strings.HasPrefix(name, "tools/") || path.Base(name) == "package-lock.json" {
			continue
		}
		if n := bytes.Count(read(t, root, name), []byte("\n")); n > maxLines {
			found = append(found, name+" has "+strconv.Itoa(n)+" lines, more than "+strconv.Itoa(maxLines))
		}
	}
	return found
}

// rules are the checks of this file. Each bad tree holds breaches, and want is how the findings begin, in order.
var rules = map[string]struct {
	check func(*testing.T, fs.FS) []string
	bad   map[string]string
	want  []string
}{
	"imports": {imports, map[string]string{
		"views/member.go":               "package views\nimport \"" + internal + "stytch\"",
		"views/member_templ.go":         "package views\nimport \"github.com/labstack/echo/v4\"",
		"views/ui/ui.go":                "package ui\nimport \"" + module + "views\"\nimport \"github.com/a-h/templ/runtime\"",
		"internal/stytch/client.go":     "package stytch\nimport \"github.com/a-h/templ\"\nimport \"github.com/go-json-experiment/json/jsontext\"",
		"internal/sandbox/a_test.go":    "package sandbox_test\nimport \"" + internal + "stytch\"",
		"internal/authz/authz.go":       "package authz\nimport \"golang.org/x/sync/errgroup\"\nimport \"net/url\"",
		"internal/other/other.go":       "package other",
		"handlers/member_test.go":       "package handlers_test\nimport \"" + internal + "sandbox\"",
		"internal/config/config.go":     "package config\nimport \"" + internal + "paths\"",
		"node_modules/x/x.go":           "package x\nimport \"example.com/x\"",
		"internal/paths/testdata/bad.g": "",
	}, []string{
		"internal/authz/authz.go", "internal/config/config.go", "internal/other/other.go", "internal/sandbox/a_test.go", "internal/stytch/client.go imports github.com/a-h/templ", "views/member.go", "views/member_templ.go", "views/ui/ui.go imports console.internal/views",
	}},
	"undocumented": {undocumented, map[string]string{
		"views/doc.go":    "// Package views is documented here.\npackage views",
		"views/a.go":      "package views",
		"handlers/a.go":   "// Package handlers is documented in the wrong file.\npackage handlers",
		"handlers/b.go":   "package handlers",
		"views/ui/ui.go":  "// Package ui has one file.\npackage ui",
		"static/doc.go":   "package static",
		"e2e/one_test.go": "package e2e_test",
	}, []string{
		"e2e has no", "handlers has no", "static has no",
	}},
	"strays": {strays, map[string]string{
		"views/layout.templ": "", "views/error.templ": "", "views/ui/button.templ": "",
		"views/members.templ": "", "views/members.go": "", "handlers/members.go": "", "handlers/members_test.go": "", "e2e/members_test.go": "",
		"views/members_filters.templ": "",
		"views/find.templ":            "", "views/find.go": "", "handlers/find.go": "",
	}, []string{
		"views/find.templ has no e2e/find_test.go", "views/find.templ has no handlers/find_test.go",
	}},
	"forbidden": {forbidden, map[string]string{
		"views/a.templ":      "<a href={ templ.SafeURL(x) }>",
		"views/b.templ":      "@templ.Raw(x)",
		"views/leave.go":     "return templ.SafeURL(x)",
		"views/c.templ":      "<b\n style={ x }>",
		"views/d.templ":      "<b onclick=\"x\">",
		"views/e.templ":      "<b hx-on:click=\"x\">",
		"views/f.templ":      "<a href=\"javascript:x\">",
		"views/good.templ":   "<a href={ p.URL } class=\"style\" data-on=\"x\" autocomplete=\"one-time-code\">",
		"views/a_templ.go":   "package views // templ.SafeURL",
		"handlers/a.go":      "import \"text/template\"",
		"handlers/b.go":      "tls.Config{InsecureSkipVerify: true}",
		"static/app.js":      "x.innerHTML = y",
		"static/dist/x.js":   "x.innerHTML = y",
		"static/build.mjs":   "eval('x')",
		"README.md":          "TODO",
		"Makefile":           "cd /root/console",
		"docs/x.md":          "FIXME",
		"docs/testdata/x.md": "FIXME",
	}, []string{
		"Makefile:1", "README.md:1", "docs/x.md:1", "handlers/a.go:1", "handlers/b.go:1", "static/app.js:1", "static/build.mjs:1", "views/a.templ:1", "views/b.templ:1", "views/c.templ:2", "views/d.templ:1", "views/e.templ:1", "views/f.templ:1",
	}},
	"long": {long, map[string]string{
		"handlers/long.go":     strings.Repeat("\n", maxLines+1),
		"handlers/full.go":     strings.Repeat("\n", maxLines),
		"views/long_templ.go":  strings.Repeat("\n", maxLines+1),
		"package-lock.json":    strings.Repeat("\n", maxLines+1),
		"tools/go.mod":         strings.Repeat("\n", maxLines+1),
		"go.sum":               strings.Repeat("\n", maxLines+1),
		"x/testdata/long.json": strings.Repeat("\n", maxLines+1),
	}, []string{
		"handlers/long.go has 401 lines",
	}},
}

func TestHouseRules(t *testing.T) {
	t.Parallel()
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, breach := range rule.check(t, os.DirFS("../..")) {
				t.Error(breach)
			}
		})
	}
}

// A rule that finds nothing in a bad tree would find nothing in the project either.
func TestHouseRulesFindBreaches(t *testing.T) {
	t.Parallel()
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := fstest.MapFS{}
			for file, text := range rule.bad {
				tree[file] = &fstest.MapFile{Data: []byte(text)}
			}
			found := slices.Sorted(slices.Values(rule.check(t, tree)))
			if !slices.EqualFunc(found, rule.want, strings.HasPrefix) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(rule.want, "\n"))
			}
		})
	}
}
