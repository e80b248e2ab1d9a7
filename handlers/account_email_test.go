package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

func TestAccountEmail(t *testing.T) {
	t.Parallel()
	const fresh = "aaron@new.example"
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for typed, trouble := range map[string]string{
		"nobody": "Enter an e-mail address", aaron: "This is your address now.", olivia: "Another member here has this address.",
	} {
		a := b.post(paths.AccountEmail, values("email", typed)).want(http.StatusUnprocessableEntity)
		if got := a.text("#email-e"); !strings.Contains(got, trouble) {
			t.Errorf("%s: it says %q, want %q", typed, got, trouble)
		}
		if got := a.doc().Find("#email").AttrOr("value", ""); got != typed {
			t.Errorf("%s was typed, and %q is left", typed, got)
		}
	}
	b.get(paths.AccountEmailCode).leads(paths.AccountEmail)
	b.post(paths.AccountEmail, values("email", fresh)).leads(paths.AccountEmailCode)
	b.get(paths.AccountEmailCode).want(http.StatusOK).says("A code is on its way to " + fresh)
	code := f.lastMail(fresh).Code
	for typed, trouble := range map[string]string{"12": "six digits", other(code): "not right"} {
		a := b.post(paths.AccountEmailCode, values("code", typed)).want(http.StatusUnprocessableEntity)
		if got := a.text("#code-e"); !strings.Contains(got, trouble) {
			t.Errorf("%s: it says %q, want %q", typed, got, trouble)
		}
		a.says(fresh)
	}
	if got := b.get(paths.Account).row("E-mail"); !strings.Contains(got, aaron) {
		t.Errorf("before the code the address is %q", got)
	}
	f.advance(6 * time.Minute)
	b.post(paths.AccountEmailCode, values("code", code)).want(http.StatusUnprocessableEntity)
	b.post(paths.AccountEmail, values("email", fresh)).leads(paths.AccountEmailCode)
	code = f.lastMail(fresh).Code
	b.post(paths.AccountEmailCode, values("code", code)).leads(paths.Account)
	page := b.get(paths.Account)
	page.says("Your e-mail address is " + fresh + " now.")
	if got := page.row("E-mail"); !strings.Contains(got, fresh) {
		t.Errorf("the address is %q", got)
	}
	b.post(paths.AccountEmailCode, values("code", code)).leads(paths.AccountEmail) // used: there is nothing to confirm
	f.signIn(fresh, "acme")
}

// other is another code.
func other(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

// TestAccountEmailLeavesOtherKeys changes the address that all keys of a session belong to.
func TestAccountEmailLeavesOtherKeys(t *testing.T) {
	t.Parallel()
	change := func(b *browser, organization, email string) *answer {
		b.post(paths.AccountEmail, values("email", email, "organization", organization)).leads(paths.Own(paths.AccountEmailCode, organization))
		return b.post(paths.AccountEmailCode, values("code", b.f.lastMail(email).Code, "organization", organization))
	}
	t.Run("at home", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		a := change(b, "", "ada@new.example").leads(paths.Account)
		if !a.hasCalled(stytch.SessionRevoke) {
			t.Error("the session in the other organization is not revoked")
		}
		page := b.get(paths.Account)
		page.says("Your e-mail address is ada@new.example now. You left Acme Corporation: enter again to go on there.")
		b.get(paths.Organization(f.organization("acme"))).want(http.StatusOK).says("has no membership") // that member has another address
	})
	t.Run("elsewhere", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		a := change(b, f.organization("acme"), "ada@new.example").leads(paths.Account)
		if !a.hasCalled(stytch.SessionRevoke) {
			t.Error("the session there is not revoked")
		}
		page := b.get(paths.Account)
		page.says("Your e-mail address in Acme Corporation is ada@new.example now. You left it here")
		if page.offers(paths.Own(paths.Account, f.organization("acme"))) {
			t.Error("the key is still on the ring")
		}
		if got := page.row("E-mail"); !strings.Contains(got, ada) {
			t.Errorf("at home the address is %q", got)
		}
		f.signIn("ada@new.example", "acme")
	})
}

// TestAccountEmailIsLimited stops somebody from mailing others through the form.
func TestAccountEmailIsLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for i := range 5 {
		b.post(paths.AccountEmail, values("email", "aaron"+itoa(i)+"@new.example")).leads(paths.AccountEmailCode)
	}
	a := b.post(paths.AccountEmail, values("email", "aaron@new.example")).want(http.StatusTooManyRequests)
	if got := a.doc().Find("#email").AttrOr("value", ""); got != "aaron@new.example" {
		t.Errorf("%q is left of what was typed", got)
	}
	if len(a.calls()) != 0 {
		t.Errorf("it calls %v", a.operations())
	}
}
