package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

const julia = "julia.weiss@acme.example" // has a password that is known from a breach

// resetting is a person before the page that takes a new password.
func (f *fixture) resetting(email, slug string) *visitor {
	f.t.Helper()
	w := f.visitor().open(paths.WithPassword(map[bool]string{true: paths.Login, false: paths.LoginFor(slug)}[slug == ""]))
	w.press("send a link to set one", "email", email)
	w.openLink(f.lastMail(email).Link)
	if w.h1() != "Choose a new password" || w.status != http.StatusOK {
		f.t.Fatalf("%s (%d %q)", w.at, w.status, w.h1())
	}
	return w
}

// signsInWith says whether a password signs aaron in to acme, as far as the second factor.
func (f *fixture) signsInWith(password string) bool {
	f.t.Helper()
	f.advance(16 * time.Minute)
	b := f.browser()
	a := b.post(paths.LoginFor("acme"), values("email", aaron, "method", "password", "password", password))
	return a.status == http.StatusSeeOther
}

// TestNewPasswords chooses passwords that will not do: each is refused beside the field, and the page goes on.
func TestNewPasswords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, password, says string
		silent               bool
	}{
		{"weak", "abc12345", "too easy to guess", false},
		{"of the address", "aaron.fields", "too easy to guess", false},
		{"breached", sandbox.SeedBreachedPassword, "known from a breach", false},
		{"empty", "", "Enter a new password", true},
		{"too long", strings.Repeat("Quarry7-", 33), "256 characters", true},
		{"hostile", "<script>alert(1)</script>", "", false},
	}
	for _, tt := range tests {
		for _, button := range []string{"Save", "Check it first"} {
			for _, slug := range []string{"acme", ""} {
				f := newFixture(t, setup{})
				w := f.resetting(aaron, slug)
				w.press(button, "password", tt.password)
				if tt.says == "" { // good enough for the upstream
					w.saysNot(tt.password)
					continue
				}
				if w.status != http.StatusUnprocessableEntity || !strings.Contains(w.text("#password-e"), tt.says) {
					t.Errorf("%s, %s: %d, beside the field %q", tt.name, button, w.status, w.text("#password-e"))
				}
				if tt.silent != (len(w.calls()) == 0) {
					t.Errorf("%s: calls %v", tt.name, w.operations())
				}
				if tt.password != "" && strings.Contains(w.body, `"`+tt.password+`"`) {
					t.Errorf("%s: the password is sent back", tt.name)
				}
				// The link is not used up: the page takes another one.
				w.press("Save", "password", freshPassword)
				if slug == "" {
					w.press("Acme Corporation")
				}
				w.signedIn(aaron, "acme")
			}
		}
	}
}

// TestCheckingSavesNothing asks how strong a password is, and then goes away.
func TestCheckingSavesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.resetting(aaron, "acme").press("Check it first", "password", freshPassword).want(http.StatusOK)
	w.says("Strong").says("Type it again").saysNot(freshPassword)
	if got := w.operations(); len(got) != 1 || got[0] != stytch.PasswordStrength.String() {
		t.Errorf("calls %v", got)
	}
	if f.signsInWith(freshPassword) || !f.signsInWith(sandbox.SeedPassword) {
		t.Error("the password was saved")
	}
}

// TestResetTakesThePlaceOfTheOld ends the old password and the member's other sessions.
func TestResetTakesThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"acme", ""} {
		f := newFixture(t, setup{})
		other := f.signIn(aaron, "acme")
		w := f.resetting(aaron, slug)
		w.press("Save", "password", freshPassword)
		if slug == "" {
			w.press("Acme Corporation")
		}
		w.signedIn(aaron, "acme")
		if a := other.get(paths.Account); a.status == http.StatusOK {
			t.Errorf("slug %q: another session of the member lives on: %q", slug, a.h1())
		}
		if f.signsInWith(sandbox.SeedPassword) || !f.signsInWith(freshPassword) {
			t.Errorf("slug %q: the old password works, or the new one does not", slug)
		}
	}
}

// TestPasswordThatMustChange tells only who knows it.
func TestPasswordThatMustChange(t *testing.T) {
	t.Parallel()
	for _, path := range []string{paths.Login, paths.LoginFor("acme")} {
		f := newFixture(t, setup{})
		w := f.visitor().open(path).click("Use a password").press("Sign in", "email", julia, "password", "not-the-password-7")
		w.want(http.StatusUnprocessableEntity).saysNot("must be changed")
		wrong := w.same(julia)
		w.press("Sign in", "email", julia, "password", sandbox.SeedBreachedPassword).want(http.StatusUnprocessableEntity)
		w.says("must be changed").saysNot(sandbox.SeedBreachedPassword)
		if w.same(julia) == wrong || w.b.proved() {
			t.Error("signed in, or not told")
		}
		w.press("send a link to set one", "email", julia).openLink(f.lastMail(julia).Link).press("Save", "password", freshPassword)
		if path == paths.Login {
			w.press("Acme Corporation")
		}
		w.signedIn(julia, "acme")
	}
}

// TestPasswordTries runs into the console's limit, and into the upstream's lock, which looks like a wrong password.
func TestPasswordTries(t *testing.T) {
	t.Parallel()
	for _, path := range []string{paths.Login, paths.LoginFor("acme")} {
		f := newFixture(t, setup{})
		b := f.browser()
		try := func(password string) *answer {
			return b.post(path, values("email", aaron, "method", "password", "password", password))
		}
		empty := try("")
		if empty.status != http.StatusUnprocessableEntity || empty.text("#password-e") == "" || len(empty.calls()) > 0 {
			t.Errorf("%s: an empty password: %d %q", path, empty.status, empty.text("#password-e"))
		}
		page := ""
		for range 10 {
			a := try("not-the-password-7").want(http.StatusUnprocessableEntity)
			if page == "" {
				page = a.same()
			}
			if a.same() != page {
				t.Errorf("%s: the page changes with the tries: %q", path, a.text("#password-e"))
			}
		}
		a := try(sandbox.SeedPassword)
		if a.status != http.StatusTooManyRequests || len(a.calls()) > 0 || !strings.Contains(a.text("#password-e"), "Ten passwords") {
			t.Errorf("%s: the eleventh: %d %q", path, a.status, a.text("#password-e"))
		}
		if a.doc().Find("#email").AttrOr("value", "") != aaron {
			t.Error("the address is lost")
		}
		f.advance(16 * time.Minute)
		if a := try(sandbox.SeedPassword); a.status != http.StatusUnprocessableEntity || a.same() != page {
			t.Errorf("%s: somebody who is locked out is told so: %d %q", path, a.status, a.text("#password-e"))
		}
		f.advance(time.Hour)
		try(sandbox.SeedPassword).want(http.StatusSeeOther)
	}
}

// TestLinkOfSomebodyLocked opens a good link of somebody who is locked out.
func TestLinkOfSomebodyLocked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	const marcus = "marcus.webb@acme.example"
	w := f.visitor().open(paths.LoginFor("acme"))
	byLink(w, marcus)
	w.want(http.StatusForbidden).says("Locked for an hour").wayOn()
	if w.b.proved() {
		t.Error("signed in")
	}
}

// TestPasswordsOfSingleOrganizations is a project in which no password is good for all of a person's organizations.
func TestPasswordsOfSingleOrganizations(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{sandbox: sandbox.Options{OrganizationPasswords: true}})
	for _, button := range []string{"Sign in", "send a link to set one"} {
		w := f.visitor().open(paths.WithPassword(paths.Login)).press(button, "email", aaron, "password", sandbox.SeedPassword)
		if w.status != http.StatusUnprocessableEntity || !strings.Contains(w.text("#organization-e"), "of one organization") || w.b.proved() {
			t.Fatalf("%s: %d, beside the field %q", button, w.status, w.text("#organization-e"))
		}
		w.press(button, "password", sandbox.SeedPassword, "organization", "acme")
		if button != "Sign in" {
			w.openLink(f.lastMail(aaron).Link).press("Save", "password", freshPassword)
		}
		w.signedIn(aaron, "acme")
	}
}
