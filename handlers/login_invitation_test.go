package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
)

// TestInvitations opens the mails of the seed's invitations: the page names the organization and the address before its
// button, which accepts.
func TestInvitations(t *testing.T) {
	t.Parallel()
	const oscar = "oscar.lund@globex.example"
	tests := []struct {
		name, slug, email string
		who               func(*fixture) *browser
	}{
		{"a stranger", "meadow", ada, stranger},
		{"a browser that has asked for a link of its own", "meadow", ada, asked(sam, "", "link")},
		{"a browser that has asked for a link there", "meadow", ada, asked(ada, "meadow", "link")},
		{"somebody else who is signed in", "meadow", ada, signed(sam, "support-desk", "acme")},
		{"the person who is signed in", "meadow", ada, signed(ada, "support-desk")},
		{"a second factor to set up", "globex", oscar, stranger},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			link := f.invitationTo(tt.slug, tt.email)
			w := &visitor{b: tt.who(f)}
			wasSignedIn := w.b.isSignedIn()
			for range 3 { // scanners open links too
				w.openLink(link).want(http.StatusOK)
				f.visitor().openLink(link).want(http.StatusOK)
			}
			if len(w.calls()) > 0 || w.doc().Find("main form button").Length() != 1 {
				t.Errorf("opening it calls %v; %d buttons", w.operations(), w.doc().Find("main form button").Length())
			}
			w.says(tt.email)
			if !strings.Contains(w.h1(), tt.slug) {
				t.Errorf("the page does not name the organization: %q", w.h1())
			}
			if _, goes := w.doc().Find("main form").Attr("data-go"); goes {
				t.Error("the form goes on by itself")
			}
			if w.b.isSignedIn() != wasSignedIn {
				t.Error("opening it signs out")
			}
			w.press("Sign in")
			if tt.slug == "globex" {
				w.press("Set up an authenticator app").press("Continue", "code", f.app(tt.slug, tt.email).Code).click("Go on to")
			}
			w.signedIn(tt.email, tt.slug)
			if wasSignedIn && !slices.Contains(f.revoked(), f.staffID) {
				t.Errorf("the session from before lives on: revoked %v", f.revoked())
			}
			// A second time it is used up.
			again := f.visitor().openLink(link).press("Sign in").want(http.StatusUnprocessableEntity)
			if again.h1() != linkUsed || again.b.proved() {
				t.Errorf("the second time: %q", again.h1())
			}
			again.wayOn()
		})
	}
}

// TestInvitationsThatDoNotWork are too old, spoiled, or say what is no organization and no address.
func TestInvitationsThatDoNotWork(t *testing.T) {
	t.Parallel()
	const week = 7 * 24 * time.Hour
	f := newFixture(t, setup{})
	u, err := url.Parse(f.invitationTo("meadow", ada))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(string) string{
		"flipped":   swapped,
		"truncated": func(token string) string { return token[:len(token)-1] },
		"longer":    func(token string) string { return token + "A" },
	} {
		query := u.Query()
		query.Set("token", spoil(query.Get("token")))
		w := f.visitor().open(paths.Authenticate + "?" + query.Encode()).press("Sign in").want(http.StatusUnprocessableEntity)
		if w.h1() != linkUsed || w.b.proved() {
			t.Errorf("%s: %q", name, w.h1())
		}
		w.wayOn()
	}
	for _, hostile := range []string{`"><script>alert(1)</script>`, "a b", strings.Repeat("x", 500), "Acme Corporation (verified)"} {
		query := u.Query()
		query.Set("slug", hostile)
		query.Set("email", hostile)
		w := f.visitor().open(paths.Authenticate + "?" + query.Encode()).want(http.StatusOK)
		w.saysNot("<script>alert").saysNot("verified").saysNot("xxxx")
	}
	f.advance(week - time.Minute)
	f.visitor().openLink(u.String()).press("Sign in").signedIn(ada, "meadow")
	f.advance(time.Minute)
	w := f.visitor().openLink(f.invitationTo("globex", "oscar.lund@globex.example")).press("Sign in").want(http.StatusUnprocessableEntity)
	if w.h1() != linkUsed {
		t.Errorf("too old: %q", w.h1())
	}
	w.wayOn()
}
