package app_test

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// keepers says which packages may use a method. Hold and HoldStaff make a session out of a token, so they are the
// keyring's; Reveal gives a token away, so besides it only those have it who send tokens or read them from the settings.
var keepers = map[string][]string{
	"Hold":      {"internal/session"},
	"HoldStaff": {"internal/session"},
	// Deleting the members that were made for entries asks nobody's permission, so the desk does it, from its own record.
	"DeleteEntry": {"internal/entry"},
	// A person is shown the key of an authenticator app, recovery codes and the secrets of clients, once; handlers/factors.go alone draws them.
	// A browser is led to a client with the code that is in the address, and a secret that somebody brings is looked at before it is sent.
	"Reveal": {
		"internal/session", "internal/stytch", "internal/config", "internal/app", "handlers/factors.go", "handlers/authorize.go", "handlers/m2m_clients_new.go",
	},
}

// openDoors finds uses of the keepers' methods by others, called or not: a method value would be called elsewhere. Packages
// that do not know the client have other things by these names.
func openDoors(t *testing.T, root fs.FS) []string {
	t.Helper()
	sources, knows := map[string]*ast.File{}, map[string]bool{}
	for _, name := range files(t, root) {
		dir := path.Dir(name)
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(dir, "tools") {
			continue
		}
		sources[name] = parse(t, root, name, 0)
		for _, spec := range sources[name].Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			knows[dir] = knows[dir] || imported == internal+"stytch" || imported == internal+"config"
		}
		knows[dir] = knows[dir] || dir == "internal/stytch" || dir == "internal/config"
	}
	var found []string
	for name, source := range sources {
		dir := path.Dir(name)
		if !knows[dir] {
			continue
		}
		ast.Inspect(source, func(n ast.Node) bool {
			if s, is := n.(*ast.SelectorExpr); is {
				if allowed, kept := keepers[s.Sel.Name]; kept && !slices.Contains(allowed, dir) && !slices.Contains(allowed, name) {
					found = append(found, name+" uses "+s.Sel.Name)
				}
			}
			return true
		})
	}
	return found
}

func TestDoorsAreOpenedByTheirKeepersOnly(t *testing.T) {
	t.Parallel()
	for _, breach := range openDoors(t, os.DirFS("../..")) {
		t.Error(breach)
	}
}

func TestOpenDoorsAreFound(t *testing.T) {
	t.Parallel()
	source := func(name, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package " + name + "\n\nimport \"" + internal + "stytch\"\n\nvar _ stytch.Tenant\n\n" + body)}
	}
	tree := fstest.MapFS{
		"handlers/call.go":             source("handlers", "func f(c *stytch.Client) stytch.Tenant { return c.Hold(stytch.Key{}) }"),
		"handlers/staff.go":            source("handlers", "func g(h console) { h.Client.HoldStaff(h.key()) }"),
		"handlers/value.go":            source("handlers", "func m(h console) { hold := h.Client.Hold; hold(stytch.Key{}) }"),
		"handlers/expression.go":       source("handlers", "var hold = (*stytch.Client).Hold"),
		"handlers/reveal.go":           source("handlers", "func r(s stytch.SignIn) string { return s.SessionToken.Reveal() }"),
		"handlers/factors.go":          source("handlers", "func r(s stytch.TOTP) string { return s.Secret.Reveal() }"),
		"handlers/free.go":             {Data: []byte("package handlers\n\nfunc s(h console) { h.client.HoldStaff(h.key()) }")}, // its package knows the client
		"handlers/call_test.go":        source("handlers_test", "func f(c *stytch.Client) { c.Hold(stytch.Key{}) }"),
		"handlers/entry.go":            source("handlers", "func e(c *stytch.Client) { c.DeleteEntry(ctx, o, m) }"),
		"internal/entry/desk.go":       source("entry", "func e(c *stytch.Client) { c.DeleteEntry(ctx, o, m) }"),
		"internal/app/app.go":          source("app", "func f(c *stytch.Client) { c.HoldStaff(stytch.Key{Token: x.Reveal()}) }"),
		"internal/stytch/tenant.go":    source("stytch", "func (c *Client) HoldStaff(k Key) Staff { return Staff{c.Hold(k)} }"),
		"internal/session/person.go":   source("session", "func f(c *stytch.Client) { c.HoldStaff(stytch.Key{Token: x.Reveal()}) }"),
		"internal/sandbox/faults.go":   {Data: []byte("package sandbox\n\nfunc f(x Fault) int { return x.Hold }")},
		"views/key.go":                 {Data: []byte("package views\n\nfunc f(x Key) bool { return x.Reveal }")},
		"internal/other/testdata/a.go": source("a", "var hold = (*stytch.Client).Hold"),
	}
	want := []string{
		"handlers/call.go uses Hold", "handlers/entry.go uses DeleteEntry", "handlers/expression.go uses Hold", "handlers/free.go uses HoldStaff", "handlers/reveal.go uses Reveal",
		"handlers/staff.go uses HoldStaff", "handlers/value.go uses Hold", "internal/app/app.go uses HoldStaff", "internal/stytch/tenant.go uses Hold",
	}
	found := slices.Sorted(slices.Values(openDoors(t, tree)))
	if !slices.Equal(found, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
