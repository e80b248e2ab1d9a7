package stytch

import (
	"context"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const minute = time.Minute

// begin signs daniel in with his password as far as the second step.
func (l *local) begin() Halfway {
	l.t.Helper()
	in, err := l.client.AuthenticatePassword(everything(l.t), "acme", daniel, sandbox.SeedPassword, With{Minutes: 60})
	must(l.t, err)
	return l.client.Halfway(in.Organization.ID, in.MemberID, in.Intermediate)
}

func TestSecondFactorOfASignIn(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx := everything(t)
	half := l.begin()
	if _, err := half.AuthenticateTOTP(ctx, "000000", SecondFactor{}); HTTPStatus(err) != 401 {
		t.Errorf("a wrong code: %v", err)
	}
	in, err := half.AuthenticateTOTP(ctx, l.app(daniel).Code, SecondFactor{Minutes: 60})
	must(t, err)
	if !in.Done || in.Member.Email != daniel || !in.Session.HasSecond() || in.Session.ProvenAt(true).IsZero() {
		t.Errorf("signed in as %+v with %+v", in.Member, in.Session)
	}
	if _, err := l.begin().CreateTOTP(ctx); HTTPStatus(err) != 401 {
		t.Errorf("an app beside the one that was not asked: %v", err)
	}
	in, left, err := l.begin().Recover(ctx, l.app(daniel).RecoveryCodes[0], SecondFactor{Minutes: 60, Enrol: true, MakeDefault: true})
	must(t, err)
	if !in.Done || left != 9 || !in.Session.HasSecond() {
		t.Errorf("recovered with %d codes left", left)
	}
	byText := l.begin()
	must(t, byText.SendSMS(ctx, "", "en"))
	in, err = byText.AuthenticateSMS(ctx, l.sent("+442079460123").Code, SecondFactor{Minutes: 60})
	must(t, err)
	if !in.Done || in.Member.DefaultMFA != "totp" {
		t.Errorf("signed in with default %q", in.Member.DefaultMFA)
	}
}

func TestTextMessageOnItsWay(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, c := everything(t), l.client
	must(t, c.SendCode(ctx, "acme", hana, ""))
	in, err := c.AuthenticateCode(ctx, "acme", hana, l.sent(hana).Code, With{Minutes: 60})
	must(t, err)
	if in.Done || in.MFARequired == nil || in.MFARequired.Initiated != "sms_otp" {
		t.Fatalf("nothing is on its way: %+v", in.MFARequired)
	}
	in, err = c.Halfway(in.Organization.ID, in.MemberID, in.Intermediate).AuthenticateSMS(ctx, l.sent("+819012345678").Code, SecondFactor{Minutes: 60})
	must(t, err)
	if !in.Done {
		t.Error("not signed in")
	}
}

func TestSecondFactorOfOnesOwn(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", olivia)
	self, err := tenant.Self(ctx)
	must(t, err)
	made, err := tenant.Halfway().CreateTOTP(ctx)
	must(t, err)
	if made.Secret.Reveal() != l.app(olivia).Secret || len(made.RecoveryCodes) != 10 {
		t.Errorf("made %s with %d recovery codes", made.ID, len(made.RecoveryCodes))
	}
	in, err := tenant.Halfway().AuthenticateTOTP(ctx, l.app(olivia).Code, SecondFactor{Enrol: true, MakeDefault: true})
	must(t, err)
	if !in.Done || in.Session.ID != self.Session.ID || in.SessionToken != tenant.key.Token || !in.Member.MFAEnrolled || in.Member.DefaultMFA != "totp" || in.Member.TOTPID != made.ID {
		t.Errorf("enrolled in session %s: %+v", in.Session.ID, in.Member)
	}
	codes, err := tenant.OwnRecoveryCodes(ctx)
	must(t, err)
	fresh, err := tenant.RotateRecoveryCodes(ctx)
	must(t, err)
	if len(codes) != 10 || codes[0] != made.RecoveryCodes[0] || len(fresh) != 10 || fresh[0] == codes[0] {
		t.Errorf("%d codes, %d fresh ones", len(codes), len(fresh))
	}
	must(t, tenant.Halfway().SendSMS(ctx, "+14155550111", ""))
	in, err = tenant.Halfway().AuthenticateSMS(ctx, l.sent("+14155550111").Code, SecondFactor{MakeDefault: true})
	must(t, err)
	if in.Member.MFAPhone != "+14155550111" || !in.Member.MFAPhoneOK || in.Member.DefaultMFA != "sms_otp" {
		t.Errorf("phone of %+v", in.Member)
	}
	for _, step := range []struct {
		do   func(context.Context) (Member, error)
		want Member
	}{
		{func(ctx context.Context) (Member, error) { return tenant.SetDefaultMFA(ctx, "totp") }, Member{DefaultMFA: "totp", MFAEnrolled: true, MFAPhone: "+14155550111", TOTPID: made.ID}},
		{tenant.DeleteTOTP, Member{DefaultMFA: "sms_otp", MFAEnrolled: true, MFAPhone: "+14155550111"}},
		{func(ctx context.Context) (Member, error) { return tenant.SetMFAEnrolment(ctx, false) }, Member{DefaultMFA: "sms_otp", MFAPhone: "+14155550111"}},
		{tenant.DeletePhone, Member{}},
	} {
		m, err := step.do(ctx)
		must(t, err)
		if m.DefaultMFA != step.want.DefaultMFA || m.MFAEnrolled != step.want.MFAEnrolled || m.MFAPhone != step.want.MFAPhone || m.TOTPID != step.want.TOTPID {
			t.Errorf("left with %+v, want %+v", m, step.want)
		}
	}
}
