//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// Two administrators change the same organization: what both changed is asked about, what only one did stays.
func TestTwoChangeOneOrganization(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, one *session) {
		two := one.second()
		acme := one.organization("acme")
		identity := paths.SettingsGroup(acme, "identity")
		one.signIn("olivia.hart@acme.example", "Acme")
		two.signIn(ada, "Acme")
		one.goTo(identity)
		two.goTo(identity)
		two.fill("Name", "Acme Two")
		two.fill("Logo URL", "https://two.example/a.png")
		two.click("Save")
		two.see("status", "Saved: name, logo URL.")
		one.fill("Name", "Acme One")
		one.fill("Slug", "acme-one")
		one.click("Save")
		one.status(409)
		one.see("heading", "Somebody else saved first")
		one.see("cell", "Acme Two")
		one.must(one.page.Locator(`input[name="keep.organization_name"][value="mine"]`).Check())
		one.click("Go on")
		one.see("status", "Saved: name, slug.")
		one.see("main", "Acme One")
		one.see("main", "https://two.example/a.png")
	})
}
