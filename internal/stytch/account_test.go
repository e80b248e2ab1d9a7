package stytch

import (
	"errors"
	"slices"
	"testing"

	"console.internal/internal/sandbox"
)

func TestOwnMember(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant := everything(t), l.tenant("acme", daniel) // no role but the one that everybody has
	m, err := tenant.Rename(ctx, "Dan Okafor")
	must(t, err)
	if m.Name != "Dan Okafor" {
		t.Errorf("renamed to %q", m.Name)
	}
	const fresh = "dan@acme.example"
	must(t, tenant.StartEmailUpdate(ctx, fresh, "en"))
	if _, err := tenant.ConfirmEmail(ctx, fresh, "000000"); err == nil {
		t.Error("a wrong code is taken")
	}
	in, err := tenant.ConfirmEmail(ctx, fresh, l.sent(fresh).Code)
	must(t, err)
	if !in.Done || in.Member.Email != fresh || !slices.ContainsFunc(in.Member.RetiredEmails, func(r RetiredEmail) bool { return r.Email == daniel }) {
		t.Errorf("the address is %+v", in.Member)
	}
	before, err := tenant.Self(ctx)
	must(t, err)
	l.sandbox.Advance(minute)
	must(t, tenant.SendProofCode(ctx, fresh, ""))
	must(t, tenant.ProveCode(ctx, fresh, l.sent(fresh).Code))
	after, err := tenant.Self(ctx)
	must(t, err)
	if !after.Session.ProvenAt(false).After(before.Session.ProvenAt(false)) {
		t.Errorf("proven at %v, before at %v", after.Session.ProvenAt(false), before.Session.ProvenAt(false))
	}
}

func TestOwnSessionsEnd(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, tenant, second := everything(t), l.tenant("acme", olivia), l.tenant("acme", olivia)
	self, err := second.Self(ctx)
	must(t, err)
	must(t, tenant.RevokeSession(ctx, self.Session.ID))
	if _, err := second.Self(ctx); !IsSessionGone(err) {
		t.Errorf("the other session: %v", err)
	}
	third := l.tenant("acme", olivia)
	must(t, tenant.RevokeEverywhere(ctx))
	for _, gone := range []Tenant{tenant, third} {
		if _, err := gone.Self(ctx); !IsSessionGone(err) {
			t.Errorf("after all have ended: %v", err)
		}
	}
}

func TestImpersonation(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx := everything(t)
	link, err := l.sandbox.Impersonate("acme", daniel, "rita@vendor.example")
	must(t, err)
	in, err := l.client.Impersonate(ctx, tokenOf(t, link))
	must(t, err)
	if in.Impersonator() != "rita@vendor.example" || in.Member.Email != daniel || !in.Session.ProvenAt(false).IsZero() {
		t.Errorf("%q acts as %+v", in.Impersonator(), in.Member)
	}
	if _, err := l.client.Impersonate(ctx, tokenOf(t, link)); !IsType(err, "unable_to_auth_impersonation_token") {
		t.Errorf("a second time: %v", err)
	}
	tenant := l.client.Hold(Key{OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, ReadOnly: true})
	self, err := tenant.Self(ctx)
	must(t, err)
	if self.Session.Impersonator() != "rita@vendor.example" {
		t.Errorf("the session is %q's", self.Session.Impersonator())
	}
	if _, err := tenant.Rename(ctx, "Somebody else"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("renaming: %v", err)
	}
	must(t, tenant.Revoke(ctx))
}
