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

func TestAccountPassword(t *testing.T) {
	t.Parallel()
	const weak, breached = "abc", "password123!"
	tests := []struct {
		name                   string
		current, password, act string
		status                 int
		field, trouble         string
	}{
		{"nothing", "", "", "save", http.StatusUnprocessableEntity, "#password-e", "Enter a new password."},
		{"weak", sandbox.SeedPassword, weak, "save", http.StatusUnprocessableEntity, "#password-e", "too easy to guess"},
		{"breached", sandbox.SeedPassword, breached, "save", http.StatusUnprocessableEntity, "#password-e", "known from a breach"},
		{"checked, weak", "", weak, "check", http.StatusOK, "", ""},
		{"checked, good", "", goodPassword, "check", http.StatusOK, "", ""},
		{"no current one", "", goodPassword, "save", http.StatusUnprocessableEntity, "#current-e", "Enter your current password."},
		{"wrong current one", "wrong-" + goodPassword, goodPassword, "save", http.StatusUnprocessableEntity, "#current-e", "This is not your current password."},
		{"long", sandbox.SeedPassword, strings.Repeat("a", 257), "save", http.StatusUnprocessableEntity, "#password-e", "too long"},
	}
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.get(paths.AccountPassword).want(http.StatusOK).says("Current password")
	for _, tt := range tests {
		a := b.post(paths.AccountPassword, values("current", tt.current, "password", tt.password, "act", tt.act)).want(tt.status)
		if tt.field != "" {
			if got := a.text(tt.field); !strings.Contains(got, tt.trouble) {
				t.Errorf("%s: it says %q, want %q", tt.name, got, tt.trouble)
			}
		} else if a.text("main [role=status]") == "" || a.hasCalled(stytch.PasswordExistingReset) {
			t.Errorf("%s: it says nothing of the password, or has set it", tt.name)
		}
		for _, secret := range []string{tt.current, tt.password} {
			if len(secret) > 3 && strings.Contains(a.body, secret) {
				t.Errorf("%s: the page holds %q", tt.name, secret)
			}
		}
	}
	elsewhere := f.signIn(aaron, "acme")
	b.post(paths.AccountPassword, values("current", sandbox.SeedPassword, "password", goodPassword, "act", "save")).leads(paths.Account)
	b.get(paths.Account).want(http.StatusOK).says("Your password is set. Every other session of yours in Acme Corporation has ended.")
	elsewhere.get(paths.Account).leads(paths.Login)
	a := b.post(paths.AccountPassword, values("current", sandbox.SeedPassword, "password", goodPassword, "act", "save"))
	if a.want(http.StatusUnprocessableEntity); !strings.Contains(a.text("#current-e"), "not your current") {
		t.Error("the old password still counts")
	}
}

func TestAccountPasswordIsLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	try := func() *answer {
		return b.post(paths.AccountPassword, values("current", "wrong", "password", goodPassword, "act", "save"))
	}
	for range 10 {
		if a := try(); a.status != http.StatusUnprocessableEntity && a.status != http.StatusTooManyRequests {
			t.Fatalf("status %d", a.status)
		}
	}
	a := try().want(http.StatusTooManyRequests)
	if !strings.Contains(a.text("#current-e"), "Ten tries") || a.hasCalled(stytch.PasswordExistingReset) {
		t.Errorf("after ten tries it says %q", a.text("#current-e"))
	}
}

// TestAccountPasswordBySession sets one without the present one, for who has none, forgot it, or may not use it.
func TestAccountPasswordBySession(t *testing.T) {
	t.Parallel()
	const way = "?way=session"
	for _, tt := range []struct {
		name, email, query string
		form               []string
	}{
		{"none yet", olivia, "", nil},
		{"forgotten", aaron, way, []string{"way", "session"}},
		{"breached", julia, way, []string{"way", "session"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.signIn(tt.email, "acme")
			asks := b.get(paths.AccountPassword + tt.query).want(http.StatusOK)
			if asks.doc().Find("#current").Length() != 0 || asks.doc().Find("#password").Length() != 1 {
				t.Error("it asks for the current password, or for no new one")
			}
			f.advance(6 * time.Minute)
			stale := b.get(paths.AccountPassword + tt.query).want(http.StatusUnauthorized)
			stale.says("To set a password, prove it once more.")
			a := b.post(paths.AccountPassword, values(append(tt.form, "password", goodPassword, "act", "save")...)).want(http.StatusUnauthorized)
			if a.hasCalled(stytch.PasswordSessionReset) || strings.Contains(a.body, goodPassword) {
				t.Fatal("the password is set without a fresh proof, or carried on in the page that asks for one")
			}
			b.post(paths.AccountPassword, values(append(tt.form, "proof_method", "code", "proof_send", "yes")...)).want(http.StatusOK)
			form := values(append(tt.form, "act", "save", "proof_method", "code", "proof_code", f.lastMail(tt.email).Code)...)
			proven := b.post(paths.AccountPassword, form).want(http.StatusOK)
			if proven.doc().Find("#password").Length() != 1 {
				t.Fatal("after the proof no password is asked for")
			}
			b.post(paths.AccountPassword, values(append(tt.form, "password", goodPassword, "act", "save")...)).leads(paths.Account)
			b.post(paths.AccountPassword, values("current", goodPassword, "password", goodPassword+"-2", "act", "save")).leads(paths.Account)
		})
	}
}

// TestAccountPasswordMustChange meets a password that may no longer be used.
func TestAccountPasswordMustChange(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(julia, "acme")
	a := b.post(paths.AccountPassword, values("current", sandbox.SeedBreachedPassword, "password", goodPassword, "act", "save")).want(http.StatusUnprocessableEntity)
	if got := a.text("#current-e"); !strings.Contains(got, "choose that you forgot it") {
		t.Errorf("it says %q", got)
	}
}

// TestAccountPasswordElsewhere changes it in an organization that was entered: the key there is a new one.
func TestAccountPasswordElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	account := paths.Own(paths.Account, acme)
	if b.get(paths.Own(paths.AccountPassword, acme)).doc().Find(`form[action="`+paths.AccountPassword+`"] input[name=organization][value="`+acme+`"]`).Length() != 1 {
		t.Error("the form does not say whose password it sets")
	}
	b.post(paths.AccountPassword, values("password", goodPassword, "act", "save", "organization", acme)).leads(account)
	b.post(paths.AccountPassword, values("current", goodPassword, "password", goodPassword+"-2", "act", "save", "organization", acme)).leads(account)
	b.get(account).want(http.StatusOK).says("This is your account in Acme Corporation")
	if got := b.get(paths.Account).want(http.StatusOK).row("Password"); !strings.Contains(got, "Not set") {
		t.Errorf("at home the password is %q", got)
	}
}

// TestAccountPasswordSignedOutMeanwhile leaves no session behind that nobody holds.
func TestAccountPasswordSignedOutMeanwhile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	a := f.during(stytch.PasswordExistingReset, func() *answer {
		return b.clone().post(paths.AccountPassword, values("current", sandbox.SeedPassword, "password", goodPassword, "act", "save"))
	}, func() { signOutUnheard(b) })
	a.want(http.StatusUnauthorized)
	if !a.hasCalled(stytch.SessionRevoke) {
		t.Error("the new session lives on")
	}
}
