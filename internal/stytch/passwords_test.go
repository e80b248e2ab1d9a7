package stytch

import (
	"testing"

	"console.internal/internal/sandbox"
)

const (
	daniel = "daniel.okafor@acme.example" // a password, an authenticator app and a phone
	hana   = "hana.suzuki@acme.example"   // Google and a phone
	olivia = "olivia.hart@acme.example"   // Google, and no second factor

	goodPassword  = "seven-lanterns-on-the-quay"
	otherPassword = "nine-herons-by-the-harbour"
)

func TestPasswords(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	if _, err := c.AuthenticatePassword(ctx, "acme", daniel, "not-the-password", With{}); !IsType(err, "unauthorized_credentials") {
		t.Errorf("a wrong password: %v", err)
	}
	in, err := c.AuthenticatePassword(ctx, "acme", daniel, sandbox.SeedPassword, With{Minutes: 60, Locale: "en"})
	must(t, err)
	if in.Done || in.MFARequired == nil || in.MFARequired.Options == nil || in.MFARequired.Options.TOTP == "" || in.MFARequired.Options.Phone == "" {
		t.Errorf("daniel needs no second factor: %+v", in.MFARequired)
	}
	if _, err := c.AuthenticatePassword(ctx, "acme", "julia.weiss@acme.example", sandbox.SeedBreachedPassword, With{}); !IsType(err, "member_reset_password") {
		t.Errorf("a breached password: %v", err)
	}
	for password, want := range map[Secret]bool{"abc": false, sandbox.SeedBreachedPassword: false, goodPassword: true} {
		strength, err := c.Strength(ctx, "", password)
		must(t, err)
		if strength.Valid != want || strength.Policy != "zxcvbn" || strength.Breached != (password == sandbox.SeedBreachedPassword) {
			t.Errorf("%s is %+v", password.Reveal(), strength)
		}
	}
}

func TestPasswordResetByMail(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	before := l.tenant("acme", olivia)
	must(t, c.StartPasswordReset(ctx, "acme", olivia, mailed))
	token := tokenOf(t, l.sent(olivia).Link)
	if _, err := c.ResetPassword(ctx, token, goodPassword, "", With{}); !IsType(err, "pkce_expected_code_verifier") {
		t.Errorf("without a verifier: %v", err)
	}
	in, err := c.ResetPassword(ctx, token, goodPassword, verifier, With{Minutes: 60})
	must(t, err)
	if !in.Done || in.Member.Email != olivia || in.Session.Factors[0].Type != "password" {
		t.Errorf("signed in as %+v", in.Member)
	}
	if _, err := before.Self(ctx); !IsSessionGone(err) {
		t.Errorf("the session of before: %v", err)
	}
	must(t, c.StartDiscoveryPasswordReset(ctx, ada, mailed))
	found, err := c.ResetDiscoveryPassword(ctx, tokenOf(t, l.mail().Link), goodPassword, verifier)
	must(t, err)
	again, err := c.AuthenticateDiscoveryPassword(ctx, ada, goodPassword)
	must(t, err)
	if found.Email != ada || len(found.Organizations) == 0 || again.Email != ada || len(again.Organizations) != len(found.Organizations) {
		t.Errorf("found %d and %d organizations", len(found.Organizations), len(again.Organizations))
	}
}

func TestPasswordByOneselfAndProof(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", olivia)
	self, err := tenant.Self(ctx)
	must(t, err)
	set, err := tenant.SetPassword(ctx, goodPassword, 60)
	must(t, err)
	if !set.Done || set.Session.ID != self.Session.ID || set.Member.PasswordID == "" {
		t.Errorf("set in session %s, %+v", set.Session.ID, set.Member)
	}
	l.sandbox.Advance(minute * 6)
	if _, err := tenant.SetPassword(ctx, otherPassword, 60); !IsType(err, "session_too_old_to_reset_password") {
		t.Errorf("with an old factor: %v", err)
	}
	if err := tenant.ProvePassword(ctx, olivia, "not-the-password"); !IsType(err, "unauthorized_credentials") {
		t.Errorf("a wrong password: %v", err)
	}
	must(t, tenant.ProvePassword(ctx, olivia, goodPassword))
	proven, err := tenant.Self(ctx)
	must(t, err)
	if !proven.Session.ProvenAt(false).After(self.Session.ProvenAt(false).Add(5*minute)) || proven.Session.HasSecond() {
		t.Errorf("proven at %v, before at %v", proven.Session.ProvenAt(false), self.Session.ProvenAt(false))
	}
	changed, err := tenant.ChangePassword(ctx, olivia, goodPassword, otherPassword, 60)
	must(t, err)
	if !changed.Done || changed.Session.ID == self.Session.ID {
		t.Errorf("changed in session %s", changed.Session.ID)
	}
	if _, err := tenant.Self(ctx); !IsSessionGone(err) {
		t.Errorf("the session of before: %v", err)
	}
}

// Whoever has proven a second factor in the session is not asked for it again.
func TestChangedPasswordKeepsTheSecondFactor(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", daniel)
	_, err := tenant.Halfway().AuthenticateTOTP(ctx, l.app(daniel).Code, SecondFactor{})
	must(t, err)
	changed, err := tenant.ChangePassword(ctx, daniel, sandbox.SeedPassword, goodPassword, 60)
	must(t, err)
	if !changed.Done || !changed.Session.HasSecond() {
		t.Errorf("changed, and asked for %+v", changed.MFARequired)
	}
}
