//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

// Somebody of the staff makes an M2M client, changes it, changes its secret, stops it, and deletes it.
func TestM2MClients(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(t *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.click("M2M clients")
		s.at(paths.M2MClients)
		s.see("row", "Invoice importer")
		s.click("New M2M client")
		s.fill("Name", "Reporter")
		s.fill("Scopes", "read:documents")
		s.fill("Client id", "re porter")
		s.fill("Client secret", "short")
		s.click("Make the client")
		s.status(422)
		s.see("main", "8 characters are the least")
		s.fill("Client id", "reporter")
		s.click("Make the client")
		s.see("heading", "Reporter is made")
		s.see("main", "This is the only time it is shown.")
		secret, err := s.page.Locator(".secret code").InnerText()
		s.must(err)
		s.must(s.page.GetByLabel("It is where it belongs").Check())
		s.click("Done")
		s.at(paths.M2MClient("reporter"))
		text, err := s.page.Content()
		s.must(err)
		if strings.Contains(text, secret) || !strings.Contains(text, secret[len(secret)-4:]) {
			t.Error("the next page has the secret, or not its end")
		}

		s.click("Edit: Name and description")
		s.fill("Description", "Writes the reports")
		s.click("Save")
		s.see("status", "Saved: description.")
		s.click("Edit: Scopes")
		s.fill("Scopes", "read:documents\nwrite:reports")
		s.click("Review changes")
		s.see("main", "Its next token may have write:reports.")
		s.click("Save 1 change")
		s.see("status", "Saved: scopes.")

		s.click("Make a new secret")
		s.see("heading", "Make a new secret for Reporter?")
		s.clickIn("Make a new secret")
		s.see("heading", "New secret of Reporter")
		s.must(s.page.GetByLabel("It is where it belongs").Check())
		s.click("Done")
		s.see("main", "The secret of this client is half changed.")
		s.goTo(paths.M2MClients)
		s.see("row", "Half rotated")
		s.goTo(paths.M2MClient("reporter"))
		s.clickIn("Finish: stop")
		s.see("heading", "Stop …")
		s.clickIn("Finish: stop")
		s.see("status", "has stopped")

		s.click("Make a new secret")
		s.clickIn("Make a new secret")
		s.see("heading", "New secret of Reporter")
		s.must(s.page.GetByLabel("It is where it belongs").Check())
		s.click("Done")
		s.goTo(paths.M2MClient("reporter"))
		s.clickIn("Cancel: discard")
		s.see("heading", "Discard …")
		s.clickIn("Cancel: discard")
		s.see("status", "is discarded.")

		s.click("Edit: Status")
		s.must(s.page.GetByLabel("Inactive", playwright.PageGetByLabelOptions{Exact: new(false)}).Check())
		s.click("Review changes")
		s.see("main", "stay good until they run out: up to an hour")
		s.click("Save 1 change")
		s.see("status", "Saved: status.")
		s.see("main", "Inactive")

		s.click("Delete")
		s.see("heading", "Delete Reporter?")
		s.fill("Type Reporter to go on", "Reporter")
		s.click("Delete the client")
		s.see("status", "Reporter is deleted.")
		s.miss("row", "Reporter")
		s.fill("Has the scope", "write:documents")
		s.click("Apply")
		s.see("row", "Invoice importer")
		s.miss("row", "Nightly export")
	})
}
