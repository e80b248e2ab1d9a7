//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// pickType chooses the type of a new client.
func (s *session) pickType(value string) {
	s.t.Helper()
	s.must(s.page.Locator("input[name=client_type][value=" + value + "]").Check())
}

// takeSecret reads the secret that the page shows, and says that it is where it belongs.
func (s *session) takeSecret() string {
	s.t.Helper()
	s.see("main", "This is the only time it is shown.")
	secret, err := s.page.Locator(".secret code").TextContent()
	s.must(err)
	s.fillBox("It is where it belongs")
	s.click("Done")
	return strings.TrimSpace(secret)
}

// fillBox ticks a box by its words.
func (s *session) fillBox(words string) {
	s.t.Helper()
	s.must(s.page.GetByLabel(words).Check())
}

// The staff make a client of each of the four types; those that have a secret show it once.
func TestConnectedAppsAreMade(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(t *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.click("Connected Apps")
		for _, kind := range []struct {
			value, name, redirect string
			secret                bool
		}{
			{"first_party", "Own server", "https://own.example/callback", true},
			{"first_party_public", "Own phone app", "com.example.own:/callback", false},
			{"third_party", "Foreign server", "https://foreign.example/callback", true},
			{"third_party_public", "Foreign program", "http://127.0.0.1/callback", false},
		} {
			s.goTo(paths.ConnectedApps)
			s.click("New client")
			s.pickType(kind.value)
			s.fill("Name", kind.name)
			s.fill("Redirect URLs", "http://"+kind.name+".example/\n")
			s.click("Make the client")
			s.status(422)
			s.see("alert", "Nothing was saved.")
			s.fill("Redirect URLs", kind.redirect)
			s.click("Make the client")
			if kind.secret {
				secret := s.takeSecret()
				s.see("heading", kind.name)
				text, err := s.page.Content()
				s.must(err)
				if len(secret) < 20 || strings.Contains(text, secret) {
					t.Errorf("%s: the secret is on the next page too", kind.name)
				}
				s.see("main", "…"+secret[len(secret)-4:])
			} else {
				s.see("status", kind.name+" is made. It has no secret.")
				s.see("main", "A public client has none")
			}
			s.see("main", kind.redirect)
		}
		s.goTo(paths.ConnectedApps)
		s.fill("Name, id or redirect host contains", "foreign")
		s.click("Apply")
		s.see("main", "Rows 1 to 2")
		s.see("main", "all that the project has")
	})
}

// Redirect URLs are shown once more before they change; what it means is said.
func TestConnectedAppRedirects(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.Organization(s.organization("acme")))
		s.clickIn("Enter")
		s.goTo(paths.ConnectedApps + "?text=Ledgerly&type=third_party")
		s.click("Ledgerly")
		s.see("main", "3 members")
		s.see("main", "cannot be seen from here")
		s.click("Edit: Where it may send people")
		s.fill("Redirect URLs", "https://ledgerly.example/callback#top")
		s.click("Review changes")
		s.status(422)
		s.see("main", "has a fragment")
		s.fill("Redirect URLs", "https://books.ledgerly.example/callback\nhttp://127.0.0.1/callback")
		s.click("Review changes")
		s.see("heading", "Review 1 change")
		s.see("main", "Sign-ins that ask for 1 address that is taken away are refused")
		s.see("main", "Codes may go to books.ledgerly.example.")
		s.click("Save 1 change")
		s.see("status", "Saved: redirect URLs.")
		s.see("main", "https://books.ledgerly.example/callback")
		s.see("main", "This computer")
	})
}

// A client goes with its name typed, after it was shown who loses it.
func TestConnectedAppIsDeleted(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(_ *testing.T, s *session) {
		s.signIn(ada, "Support")
		s.goTo(paths.ConnectedApps + "?text=Report+builder")
		s.click("Report builder")
		s.click("Delete")
		s.see("heading", "Delete Report builder?")
		s.see("main", "Not in use")
		s.fill("Type Report builder to go on", "Report")
		s.click("Delete the client")
		s.status(422)
		s.see("main", "This is not what is asked for.")
		s.fill("Type Report builder to go on", "Report builder")
		s.click("Delete the client")
		s.at(paths.ConnectedApps)
		s.see("status", "Report builder is deleted.")
		s.goTo(paths.ConnectedApps + "?text=Report+builder")
		s.see("main", "No client matches")
	})
}

// Every page of clients in every look.
func TestConnectedAppPages(t *testing.T) {
	t.Parallel()
	s := open(t, options{args: []string{"--search-budget=1000"}})
	s.signIn(ada, "Support")
	s.goTo(paths.Organization(s.organization("acme")))
	s.clickIn("Enter")
	s.goTo(paths.ConnectedApps)
	s.look("connected-apps", 200)
	s.goTo(paths.ConnectedApps + "?text=nobody")
	s.look("connected-apps-empty", 200)
	s.goTo(paths.ConnectedAppNew)
	s.look("connected-app-new", 200)
	for name, text := range map[string]string{"hostile": "hostile.example", "rotating": "Payroll bridge", "public": "Desktop app", "in-use": "ledgerly.example", "nameless": "nameless.example"} {
		s.goTo(paths.ConnectedApps + "?text=" + strings.ReplaceAll(text, " ", "+"))
		href, err := s.page.Locator("a.row").First().GetAttribute("href")
		s.must(err)
		for _, part := range []string{"", "/delete", "/secret", "/edit/redirects", "/edit/tokens", "/edit/rights"} {
			s.goTo(href + part)
			s.look("connected-app-"+name+strings.ReplaceAll(part, "/", "-"), 200)
		}
	}
}
