package session

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

// later is a session that takes the place of the one that signIn makes.
func (w *world) later(organizationID string) stytch.SignIn {
	in := w.signIn(organizationID, ada)
	in.SessionToken = stytch.Secret("later-token-for-" + organizationID)
	in.Session.Roles = []string{"later"}
	in.Session.ExpiresAt.Time = w.clock.read().Add(time.Hour)
	return in
}

func TestReplace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	cookie := b.cookies[CookieName]
	for _, id := range []string{home, acme} {
		held, ok, err := b.person().Replace(w.later(id))
		must(t, err)
		if !ok || w.upstream.token(t, held) != "later-token-for-"+id {
			t.Errorf("%s: %t", id, ok)
		}
		p := b.person()
		tenant, _ := p.Tenant(id)
		if got := w.upstream.token(t, tenant); got != "later-token-for-"+id {
			t.Errorf("%s: the key still opens %s", id, got)
		}
		if key, _ := p.Key(id); key.Home != (id == home) || len(key.Roles) != 1 || key.Roles[0] != "later" {
			t.Errorf("%s: %+v", id, key)
		}
	}
	if got := len(b.person().Keys()); got != 2 || b.cookies[CookieName] != cookie {
		t.Errorf("%d keys", got)
	}
}

// A session that took the place of one that is gone meanwhile is given back to be revoked, and is on no ring.
func TestReplaceComesLate(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(w *world, b *browser, p *Person){
		"signed out": func(w *world, b *browser, _ *Person) {
			b.do(func(ctx context.Context) { _, err := w.End(ctx); must(w.t, err) })
		},
		"left":             func(_ *world, b *browser, _ *Person) { b.person().Drop(acme) },
		"left and entered": func(_ *world, b *browser, _ *Person) { b.person().Drop(acme); b.enter(acme) },
		"replaced already": func(w *world, b *browser, _ *Person) { _, _, err := b.person().Replace(w.later(acme)); must(w.t, err) },
		"signed in anew":   func(w *world, b *browser, _ *Person) { b.begin(home); b.enter(acme) },
	} {
		w := newWorld(t)
		b := w.browser()
		b.begin(home)
		b.enter(acme)
		p := b.person()
		meanwhile(w, b, p)
		in := w.later(acme)
		in.SessionToken = "nobody-holds-this"
		held, ok, err := p.Replace(in)
		must(t, err)
		if ok || w.upstream.token(t, held) != "nobody-holds-this" {
			t.Errorf("%s: %t", name, ok)
		}
		if now := b.person(); now != nil {
			if tenant, has := now.Tenant(acme); has && w.upstream.token(t, tenant) == "nobody-holds-this" {
				t.Errorf("%s: it is on the ring", name)
			}
		}
	}
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	if _, ok, err := b.person().Replace(w.later(acme)); ok || err != nil || len(b.person().Keys()) != 1 {
		t.Errorf("a key that was never there is replaced: %t, %v", ok, err)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	b.enter(third)
	must(t, b.pend(ada, "i", More{OrganizationID: "organization-test-4"}))
	b.keep("totp", "secret")
	p := b.person()
	tokens := map[string]bool{}
	for _, tenant := range p.Move("ada.new@support.example") {
		tokens[w.upstream.token(t, tenant)] = true
	}
	if len(tokens) != 2 || !tokens["token-for-"+acme] || !tokens["token-for-"+third] {
		t.Errorf("to be revoked: %v", tokens)
	}
	now := b.person()
	if now == nil || now.Email != "ada.new@support.example" || p.Email != now.Email || now.HomeID() != home || len(now.Keys()) != 1 {
		t.Fatalf("%+v", now)
	}
	if w.upstream.token(t, now.Home()) != "token-for-"+home {
		t.Error("the home key was changed")
	}
	if b.unfinished() != nil {
		t.Error("what the old address had begun goes on")
	}
	if _, err := now.Add(w.signIn(acme, ada)); !errors.Is(err, ErrOtherPerson) {
		t.Errorf("a key of the old address: %v", err)
	}
	if err := b.pend(ada, "i", More{OrganizationID: acme}); !errors.Is(err, ErrOtherPerson) {
		t.Errorf("a sign-in of the old address: %v", err)
	}
	_, err := now.Add(w.signIn(acme, "Ada.New@support.example"))
	must(t, err)
	b.do(func(ctx context.Context) { _, err := w.End(ctx); must(t, err) })
	if got := now.Move("late@support.example"); len(got) != 0 || b.person() != nil {
		t.Errorf("after signing out: %v", got)
	}
}

// impersonated is a sign-in of somebody who acts as ada.
func (w *world) impersonated(t *testing.T, organizationID string) stytch.SignIn {
	t.Helper()
	in := w.signIn(organizationID, ada)
	must(t, json.Unmarshal([]byte(`[{"type":"impersonated","impersonated_factor":{"impersonator_email_address":"boss@stytch.example"}}]`), &in.Session.Factors))
	return in
}

// write is what comes of an act that changes something upstream, and whether it was sent.
func (w *world) write(t *testing.T, tenant stytch.Tenant) (sent bool, err error) {
	t.Helper()
	before := w.upstream.count()
	err = tenant.RevokeSession(stytch.WithCaller(t.Context(), stytch.Caller{Allowed: []stytch.Operation{stytch.OwnSessionsRevoke}}),
		"member-session-test-33333333-3333-4333-8333-333333333333")
	return w.upstream.count() > before, err
}

// Every key of a ring that acts as somebody else is for reading only; those of a plain one, even of the same member, are not.
func TestImpersonatedRingOnlyReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain, acting := w.browser(), w.browser()
	plain.begin(home)
	acting.do(func(ctx context.Context) { _, err := w.Begin(ctx, w.impersonated(t, home)); must(t, err) })
	if sent, err := w.write(t, plain.person().Home()); !sent || errors.Is(err, stytch.ErrReadOnly) || plain.person().Impersonator() != "" {
		t.Errorf("a plain ring: %t, %v", sent, err)
	}
	p := acting.person()
	if p.Impersonator() != "boss@stytch.example" || p.Email != ada {
		t.Errorf("%q acts as %q", p.Impersonator(), p.Email)
	}
	staff, ok := p.Staff()
	if !ok {
		t.Fatal("there is no staff key to look at")
	}
	ended, err := func() (ended []stytch.Tenant, err error) {
		acting.do(func(ctx context.Context) { ended, err = w.End(ctx) })
		return ended, err
	}()
	must(t, err)
	if len(ended) != 1 {
		t.Fatalf("to be revoked: %v", ended)
	}
	for name, tenant := range map[string]stytch.Tenant{"home": p.Home(), "staff": staff.Tenant(), "ended": ended[0], "stray": w.Stray(w.impersonated(t, home))} {
		if sent, err := w.write(t, tenant); sent || !errors.Is(err, stytch.ErrReadOnly) {
			t.Errorf("%s: sent %t, %v", name, sent, err)
		}
		if w.upstream.token(t, tenant) != "token-for-"+home {
			t.Errorf("%s: it does not read either", name)
		}
		before := w.upstream.count()
		if err := tenant.Revoke(stytch.WithCaller(t.Context(), stytch.Caller{Allowed: []stytch.Operation{stytch.SessionRevoke}})); errors.Is(err, stytch.ErrReadOnly) || w.upstream.count() == before {
			t.Errorf("%s: it cannot be ended: %v", name, err)
		}
	}
}
