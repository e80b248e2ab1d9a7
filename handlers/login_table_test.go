package handlers_test

import (
	"sync/atomic"
	"testing"

	"console.internal/internal/sandbox"
)

// second is a second factor of a member of acme who has a password too, and how it is proven or set up.
type second struct {
	name, email string
	// forced says that the organization asks everybody for a second factor.
	forced bool
	prove  func(w *visitor, email string)
}

const (
	aaron        = "aaron.fields@acme.example"  // a password, and no second factor
	daniel       = "daniel.okafor@acme.example" // a password, an app and a phone
	danielsPhone = "+442079460123"
)

var seconds = []second{
	{name: "no second factor", email: aaron, prove: func(*visitor, string) {}},
	{name: "app", email: daniel, prove: func(w *visitor, email string) {
		w.press("Continue", "code", w.b.f.app("acme", email).Code)
	}},
	{name: "text message", email: daniel, prove: func(w *visitor, _ string) {
		w.click("Use a text message").press("Send a code")
		w.press("Continue", "code", w.b.f.lastMail(danielsPhone).Code)
	}},
	{name: "recovery code", email: daniel, prove: func(w *visitor, email string) {
		w.click("Use a recovery code").press("Continue", "code", w.b.f.app("acme", email).RecoveryCodes[0])
	}},
	{name: "app to set up", email: aaron, forced: true, prove: func(w *visitor, email string) {
		w.press("Set up an authenticator app").press("Continue", "code", w.b.f.app("acme", email).Code)
		w.click("Go on to Acme Corporation")
	}},
	{name: "phone to set up", email: aaron, forced: true, prove: func(w *visitor, _ string) {
		w.click("Get codes by text message").press("Send a code", "phone", "+44 (20) 7946-0958")
		w.press("Continue", "code", w.b.f.lastMail("+442079460958").Code)
	}},
}

// app is what the authenticator app of a member shows.
func (f *fixture) app(slug, email string) sandbox.Authenticator {
	f.t.Helper()
	a, err := f.sandbox.Authenticator(slug, email)
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

func (f *fixture) configure(slug string, change func(*sandbox.Settings)) {
	f.t.Helper()
	if err := f.sandbox.Configure(slug, change); err != nil {
		f.t.Fatal(err)
	}
}

// TestEveryWayIn signs in by every first and every second factor, by the list of organizations and by the page of one.
func TestEveryWayIn(t *testing.T) {
	t.Parallel()
	var cells atomic.Int32
	t.Cleanup(func() { t.Logf("%d cells", cells.Load()) })
	for _, first := range primaries {
		for _, then := range seconds {
			for _, page := range []string{"discovery", "slug"} {
				t.Run(first.name+", "+then.name+", "+page, func(t *testing.T) {
					t.Parallel()
					f := newFixture(t, setup{})
					if then.forced {
						f.configure("acme", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" })
					}
					w := f.visitor()
					if page == "slug" {
						w.open("/login/acme")
						first.prove(w, then.email)
					} else {
						w.open("/login")
						first.prove(w, then.email)
						w.press("Acme Corporation")
					}
					if asked := w.h1() == "Another way to sign in is needed"; asked != first.unproven {
						t.Fatalf("another first factor is asked for: %t", asked)
					} else if asked {
						w.press("E-mail me a code").press("Continue", "code", f.lastMail(then.email).Code)
					}
					then.prove(w, then.email)
					w.signedIn(then.email, "acme")
					cells.Add(1)
				})
			}
		}
	}
}
