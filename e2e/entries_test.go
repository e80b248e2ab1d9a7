//go:build e2e

package e2e_test

import (
	"testing"

	"console.internal/internal/paths"
)

// Somebody of the staff sees who is in which tenant, and ends what another one has left open.
func TestEntries(t *testing.T) {
	t.Parallel()
	unscripted(t, options{two: true}, func(_ *testing.T, inside *session) {
		inside.signIn(sam, "Support")
		quayside := inside.organization("quayside")
		inside.goTo(paths.Organization(quayside))
		inside.fill("Reason", "SUP-4821")
		inside.click("Enter Quayside Bank as support")
		inside.see("main", "You are in Quayside Bank as support until")
		other := inside.second()
		other.signIn(ada, "Support")
		other.goTo(paths.Entries)
		other.see("heading", "Support entries")
		other.see("row", "SUP-4821")
		other.click("End the entry of " + sam + " into Quayside Bank")
		other.see("status", "is ended, and its membership is deleted")
		other.see("heading", "Nobody is in a tenant as support")

		inside.goTo(paths.Members(quayside))
		inside.see("heading", "Enter Quayside Bank as support")
	})
}
