package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// Entering a tenant is what a stolen session of the support staff would be used for: it asks. Members of tenants are not asked.
func TestStepUpToEnter(t *testing.T) {
	t.Parallel()
	asks := func(t *testing.T, b *browser, slug string, want bool) {
		t.Helper()
		id := b.f.organization(slug)
		a := b.post(paths.Enter(id), values())
		if got := a.h1() == "Show that it is you"; got != want || (want && a.hasCalled(stytch.SessionExchange)) {
			t.Errorf("it asks: %t, want %t; status %d %q, %v", got, want, a.status, a.h1(), a.operations())
		}
		if !want {
			a.leads(paths.Organization(id))
		} else {
			a.says("To enter the organization,")
		}
	}
	for _, tt := range []struct {
		name, slug string
		who        func(*fixture) *browser
		age        time.Duration
		want       bool
	}{
		{"staff, at once", "acme", signed(ada, "support-desk"), 0, false},
		{"staff, in time", "acme", signed(ada, "support-desk"), 5*time.Minute - 10*time.Second, false},
		{"staff, late", "acme", signed(ada, "support-desk"), 5*time.Minute + 10*time.Second, true},
		{"staff, late, besides others", "acme", signed(ada, "support-desk", "umbrella"), 6 * time.Minute, true},
		{"staff without a role, late", "northwind", signed(kim, "support-desk"), 6 * time.Minute, true},
		{"tenant's own, late", "umbrella", signed(ada, "acme"), 6 * time.Minute, false},
		{"into the staff organization, late", "support-desk", signed(ada, "acme"), 6 * time.Minute, true},
		{"into the staff organization, at once", "support-desk", signed(ada, "acme"), 0, false},
		{"with the staff key held besides, late", "umbrella", signed(ada, "acme", "support-desk"), 6 * time.Minute, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := tt.who(f)
			f.sandbox.Advance(tt.age)
			asks(t, b, tt.slug, tt.want)
		})
	}
	t.Run("no staff organization", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{noStaff: true})
		b := f.browser()
		b.discover(ada)
		b.post(paths.LoginOrganizations, choose("acme")(b)).want(http.StatusSeeOther)
		f.sandbox.Advance(time.Hour)
		asks(t, b, "umbrella", false)
	})
	t.Run("goes on", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk")
		f.sandbox.Advance(time.Hour)
		acme := f.organization("acme")
		members := paths.Members(acme)
		form := values("return", members, "proof_method", "code")
		b.post(paths.Enter(acme), with(form, "proof_send", "yes")).want(http.StatusOK).says(ada)
		b.post(paths.Enter(acme), with(form, "proof_code", f.lastMail(ada).Code)).leads(members)
		b.get(members).want(http.StatusOK).says("You entered Acme Corporation.")
		// That proof is good for the next one, and ends like any other.
		b.enter("umbrella")
		f.sandbox.Advance(6 * time.Minute)
		asks(t, b, "linden", true)
	})
}

// Guesses and messages are counted here as they are at sign-in.
func TestStepUpIsLimited(t *testing.T) {
	t.Parallel()
	act := func(b *browser, pairs ...string) *answer {
		return b.post(paths.AccountRecoveryCodes, values(append([]string{"act", "show"}, pairs...)...))
	}
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	f.advance(16 * time.Minute) // past what signing in has used up
	// The upstream has a lock of its own, which comes first for what it counts: a code without the shape of one is ours alone.
	for range 10 {
		act(b, "proof_method", "totp", "proof_code", "12345").want(http.StatusUnprocessableEntity)
	}
	a := act(b, "proof_method", "totp", "proof_code", f.app("acme", daniel).Code).want(http.StatusTooManyRequests).says("Ten tries")
	if a.hasCalled(stytch.TOTPAuthenticate) || a.hasCalled(stytch.OwnRecoveryCodesGet) {
		t.Errorf("it is tried all the same: %v", a.operations())
	}
	for range 5 {
		act(b, "proof_method", "sms_otp", "proof_send", "yes").want(http.StatusOK)
	}
	a = act(b, "proof_method", "sms_otp", "proof_send", "yes").want(http.StatusTooManyRequests).says("Five codes")
	if a.hasCalled(stytch.SMSSend) {
		t.Error("a sixth text is sent")
	}
	f.advance(16 * time.Minute)
	act(b, "proof_method", "totp", "proof_code", f.app("acme", daniel).Code).want(http.StatusOK)
}

// The page asks in the organization that the form is about, and its proof counts there alone.
func TestStepUpIsOfOneOrganization(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	f.sandbox.Advance(6 * time.Minute)
	form := values("act", "show", "organization", acme, "proof_method", "code")
	sent := b.post(paths.AccountRecoveryCodes, with(form, "proof_send", "yes")).want(http.StatusOK)
	proven := b.post(paths.AccountRecoveryCodes, with(form, "proof_code", f.lastMail(ada).Code))
	proven.want(http.StatusUnprocessableEntity).says("You have none.") // so it was read
	for _, c := range slices.Concat(sent.calls(), proven.calls()) {
		if about := strings.ReplaceAll(c.OrganizationID+c.TargetOrganizationID, acme, ""); about != "" {
			t.Errorf("%s is about %s", c.Operation, about)
		}
	}
	b.post(paths.AccountRecoveryCodes, values("act", "show")).want(http.StatusUnauthorized)
}

// A first factor that the organization does not take lets nobody in, and proves nothing either.
func TestStepUpTakesWhatTheOrganizationTakes(t *testing.T) {
	t.Parallel()
	for allowed, want := range map[string][]string{
		"password": {"password"}, "email_otp": {"code"}, "password email_otp sso": {"password", "code"}, "magic_link": nil,
	} {
		f := newFixture(t, setup{})
		b := f.signIn(aaron, "acme")
		f.configure("acme", func(s *sandbox.Settings) { s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", strings.Fields(allowed) })
		f.sandbox.Advance(6 * time.Minute)
		var offered []string
		for _, e := range b.post(paths.AccountRecoveryCodes, values("act", "show")).want(http.StatusUnauthorized).doc().Find(`main [name=proof_method]`).EachIter() {
			if value := e.AttrOr("value", ""); !slices.Contains(offered, value) {
				offered = append(offered, value)
			}
		}
		if !slices.Equal(offered, want) {
			t.Errorf("%s: it offers %v, want %v", allowed, offered, want)
		}
	}
}

// A session that ends while its proof is on the way is over, and the proof is not called wrong.
func TestStepUpOfASessionThatIsGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	f.sandbox.Advance(6 * time.Minute)
	f.fault(sandbox.Fault{Operation: stytch.TOTPAuthenticate.String(), Kind: sandbox.FaultStatus, Status: http.StatusNotFound, ErrorType: "session_not_found", Count: 1})
	form := values("act", "show", "proof_method", "totp", "proof_code", f.app("acme", daniel).Code)
	b.post(paths.AccountRecoveryCodes, form).sendsAgain(paths.AccountRecoveryCodes, form, paths.Login)
	if b.isSignedIn() {
		t.Error("still signed in")
	}
}

// Who has none of the ways is told how to go on.
func TestStepUpWithoutAnyWay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	f.configure("support-desk", func(s *sandbox.Settings) { s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"sso"} })
	f.sandbox.Advance(6 * time.Minute)
	a := b.post(paths.Enter(f.organization("acme")), values()).want(http.StatusUnauthorized)
	if to := a.doc().Find(`main a:contains("Sign in again")`).AttrOr("href", ""); to != paths.Login {
		t.Errorf("the way on is %q", to)
	}
	if n := a.doc().Find("main input:not([type=hidden]), main button").Length(); n > 0 {
		t.Errorf("%d fields and buttons for a proof that there is none of", n)
	}
}

// No secret of the form is carried through the page that asks.
func TestStepUpCarriesNoSecret(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	f.sandbox.Advance(6 * time.Minute)
	const secret = "carried-through-in-the-clear"
	for _, name := range secrets {
		for _, path := range []string{paths.AccountRecoveryCodes, paths.AccountPassword + "?way=session", paths.Enter(f.organization("acme"))} {
			a := b.post(path, values("act", "show", name, secret, "proof_method", "sso"))
			if a.status == http.StatusOK || a.status >= http.StatusInternalServerError || strings.Contains(a.body, secret) {
				t.Errorf("%s of %s is sent back: status %d", name, path, a.status)
			}
		}
	}
}
