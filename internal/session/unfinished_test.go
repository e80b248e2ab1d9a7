package session

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

const sam = "sam@support.example"

// middle is a browser whose sign-in got as far as a proven address.
func (w *world) middle(token stytch.Secret, more More) *browser {
	w.t.Helper()
	b := w.browser()
	b.do(func(ctx context.Context) {
		old, err := w.BeginIntermediate(ctx, ada, token, more)
		must(w.t, err)
		if len(old) != 0 {
			w.t.Error("there was nothing to revoke")
		}
	})
	return b
}

func (b *browser) pend(email string, token stytch.Secret, more More) error {
	var err error
	b.do(func(ctx context.Context) { err = b.w.Pend(ctx, email, token, more) })
	return err
}

// pending is the token of the sign-in in the middle to an organization, or "none".
func (b *browser) pending(organization string) string {
	got, ok := b.look(organization)
	if !ok {
		return "none" + got.Token.Reveal()
	}
	return got.Token.Reveal()
}

func (b *browser) look(organization string) (got Pending, ok bool) {
	b.do(func(ctx context.Context) { got, ok = b.w.Pending(ctx, organization) })
	return got, ok
}

func (b *browser) keep(purpose, secret string) {
	b.w.t.Helper()
	b.do(func(ctx context.Context) { must(b.w.t, b.w.Keep(ctx, purpose, secret)) })
}

// kept is what is kept for a purpose, or "none".
func (b *browser) kept(purpose string) string {
	secret, ok := "", false
	b.do(func(ctx context.Context) { secret, ok = b.w.Kept(ctx, purpose) })
	if !ok {
		return "none" + secret
	}
	return secret
}

// unfinished is what is stored for the browser, or nil.
func (b *browser) unfinished() *memoryRing {
	b.w.t.Helper()
	id, _, err := derive(b.cookies[CookieName])
	must(b.w.t, err)
	if r := b.w.ring.rings[id]; r != nil && len(r.pending)+len(r.notes) > 0 {
		return r
	}
	return nil
}

func TestIntermediateLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := More{
		OrganizationID: acme, Organization: "Acme", Slug: "acme", MemberID: "m", Methods: []string{"totp"}, Enrolling: true, TOTP: true,
		Phone: "+15555550100", Default: "totp", Sent: true, Return: "/organizations",
	}
	b := w.middle("intermediate-token", want)
	begun := w.clock.read()
	w.clock.advance(IntermediateLife - 1)
	got, ok := b.look(acme)
	if !ok || got.Email != ada || got.Token.Reveal() != "intermediate-token" || !got.Expires.Equal(begun.Add(IntermediateLife)) {
		t.Errorf("%+v, %t", got, ok)
	}
	if want.Methods = nil; got.Methods == nil {
		t.Error("the methods are lost")
	}
	if got.Methods = nil; !equalMore(got.More, want) {
		t.Errorf("%+v, want %+v", got.More, want)
	}
	if b.person() != nil {
		t.Error("a sign-in in the middle is a person already")
	}
	w.clock.advance(1)
	if b.pending(acme) != "none" {
		t.Error("it lives on")
	}
	if b.unfinished() != nil {
		t.Error("it is still stored")
	}
	if w.browser().pending(acme) != "none" {
		t.Error("a stranger is in the middle of signing in")
	}
}

// equalMore compares all but the methods.
func equalMore(a, b More) bool {
	return a.OrganizationID == b.OrganizationID && a.Organization == b.Organization && a.Slug == b.Slug && a.MemberID == b.MemberID && a.Primary == b.Primary &&
		a.Enrolling == b.Enrolling && a.TOTP == b.TOTP && a.Phone == b.Phone && a.Default == b.Default && a.Sent == b.Sent && a.Entering == b.Entering && a.Return == b.Return
}

// Two tabs may be on the way into two organizations: each finds its own, by id or slug, and nothing else.
func TestPendingIsOfOneOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.middle("discovered", More{})
	must(t, b.pend(ada, "for-acme", More{OrganizationID: acme, Slug: "acme"}))
	must(t, b.pend("Ada@Support.Example", "for-third", More{OrganizationID: third, Slug: "third"}))
	for named, want := range map[string]string{
		"": "discovered", acme: "for-acme", "acme": "for-acme", third: "for-third", "third": "for-third",
		home: "none", "Acme": "none", "acm": "none", acme[:len(acme)-1]: "none",
	} {
		if got := b.pending(named); got != want {
			t.Errorf("%q gives %s, want %s", named, got, want)
		}
	}
	must(t, b.pend(ada, "again-for-acme", More{OrganizationID: acme, Slug: "renamed"}))
	if b.pending(acme) != "again-for-acme" || b.pending("acme") != "none" || b.pending("renamed") != "again-for-acme" || b.pending(third) != "for-third" {
		t.Error("a second one to the same organization does not take the place of the first alone")
	}
	b.do(func(ctx context.Context) { w.Settle(ctx, acme) })
	if b.pending(acme) != "none" || b.pending(third) != "for-third" || b.pending("") != "discovered" {
		t.Error("not that one alone is settled")
	}
	b.do(func(ctx context.Context) { w.Settle(ctx, "") })
	if b.pending("") != "none" || b.pending(third) != "for-third" {
		t.Error("not the one without an organization alone is settled")
	}
}

// One without an organization has no slug either: "" must not find one whose organization has no slug.
func TestPendingOfNoneIsNoneInParticular(t *testing.T) {
	t.Parallel()
	b := newWorld(t).middle("for-acme", More{OrganizationID: acme})
	if got := b.pending(""); got != "none" {
		t.Errorf("an organization without a slug is taken for none: %s", got)
	}
}

// A token does not live longer because another organization was tried with it.
func TestTokenKeepsItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.middle("one-token", More{})
	begun := w.clock.read()
	w.clock.advance(4 * time.Minute)
	must(t, b.pend(ada, "one-token", More{OrganizationID: acme}))
	must(t, b.pend(ada, "another-token", More{OrganizationID: third}))
	w.clock.advance(time.Minute)
	must(t, b.pend(ada, "one-token", More{OrganizationID: acme, Sent: true}))
	for organization, want := range map[string]time.Time{
		"": begun.Add(IntermediateLife), acme: begun.Add(IntermediateLife), third: begun.Add(4*time.Minute + IntermediateLife),
	} {
		if got, ok := b.look(organization); !ok || !got.Expires.Equal(want) {
			t.Errorf("%q ends %v late, %t", organization, got.Expires.Sub(want), ok)
		}
	}
	w.clock.advance(5 * time.Minute)
	if b.pending("") != "none" || b.pending(acme) != "none" || b.pending(third) != "another-token" {
		t.Error("they do not end when their token does")
	}
}

// Entering says whether the person is signed in already, whatever the caller thought.
func TestEntering(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, said := range []bool{true, false} {
		more := More{OrganizationID: acme, Entering: said}
		if got, _ := w.middle("i", more).look(acme); got.Entering {
			t.Error("who has just begun to sign in is entering")
		}
		b := w.middle("i", More{})
		must(t, b.pend(ada, "i", more))
		if got, ok := b.look(acme); !ok || got.Entering {
			t.Errorf("who is in the middle of signing in is entering: %t", ok)
		}
		b = w.browser()
		b.begin(home)
		must(t, b.pend(ada, "i", more))
		if got, ok := b.look(acme); !ok || !got.Entering {
			t.Errorf("who is signed in is not entering: %t", ok)
		}
		if b.person() == nil {
			t.Error("and is not signed in any more")
		}
	}
}

func TestPendIsOfThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.browser().pend(ada, "i", More{OrganizationID: acme}); !errors.Is(err, ErrSignedOut) {
		t.Errorf("without a session: %v", err)
	}
	signedIn := w.browser()
	signedIn.begin(home)
	for _, b := range []*browser{w.middle("mine", More{}), signedIn} {
		if err := b.pend(sam, "theirs", More{OrganizationID: acme}); !errors.Is(err, ErrOtherPerson) {
			t.Errorf("somebody else: %v", err)
		}
		if b.pending(acme) != "none" {
			t.Error("it is kept all the same")
		}
	}
}

// What a sign-in in the middle holds ends with the sign-in, whichever way that ends.
func TestSigningInEndsWhatWasInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, next := range map[string]func(context.Context) error{
		"signed in":        func(ctx context.Context) error { _, err := w.Begin(ctx, w.signIn(home, ada)); return err },
		"begun once more":  func(ctx context.Context) error { _, err := w.BeginIntermediate(ctx, ada, "later", More{}); return err },
		"as somebody else": func(ctx context.Context) error { _, err := w.BeginIntermediate(ctx, sam, "later", More{}); return err },
		"signed out":       func(ctx context.Context) error { _, err := w.End(ctx); return err },
	} {
		b := w.middle("first", More{OrganizationID: acme})
		b.keep("totp", "secret")
		before := w.browser()
		before.cookies = maps.Clone(b.cookies)
		b.do(func(ctx context.Context) { must(t, next(ctx)) })
		for _, tab := range []*browser{before, b} {
			if got := tab.pending(acme) + tab.kept("totp"); got != "nonenone" {
				t.Errorf("%s: %s is still there", name, got)
			}
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	signedIn := w.browser()
	signedIn.begin(home)
	for _, b := range []*browser{w.middle("i", More{}), signedIn} {
		b.keep("totp", "one")
		b.keep("e-mail", "other")
		if b.kept("totp") != "one" || b.kept("e-mail") != "other" || b.kept("") != "none" || b.kept("tot") != "none" {
			t.Error("not what was kept")
		}
		w.clock.advance(time.Minute)
		b.keep("totp", "two")
		if b.kept("totp") != "two" {
			t.Error("the later one does not count")
		}
		b.keep("empty", "")
		if b.kept("empty") != "" {
			t.Error("an empty text is nothing")
		}
		w.clock.advance(IntermediateLife - time.Minute - 1)
		if b.kept("e-mail") != "other" {
			t.Error("it ends early")
		}
		w.clock.advance(1)
		if b.kept("e-mail") != "none" || b.kept("totp") != "two" {
			t.Error("it does not end, or the later one ends with it")
		}
		b.do(func(ctx context.Context) { w.Forget(ctx, "totp"); w.Forget(ctx, "never kept") })
		if b.kept("totp") != "none" {
			t.Error("it is not forgotten")
		}
	}
	if got := w.browser().kept("totp"); got != "none" {
		t.Errorf("a stranger reads %s", got)
	}
}

// A sealed text moved to another place, by who can write to the table, does not open there.
func TestSealedForOnePurposeAndOneRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, other := w.middle("discovered", More{}), w.middle("of-the-other", More{})
	must(t, b.pend(ada, "for-acme", More{OrganizationID: acme}))
	for _, one := range []*browser{b, other} {
		one.keep("totp", "secret")
		one.keep("e-mail", "address")
	}
	mine, theirs := b.unfinished(), other.unfinished()
	mine.pending[0].Sealed, mine.pending[1].Sealed = mine.pending[1].Sealed, mine.pending[0].Sealed
	mine.notes[0].Sealed, mine.notes[1].Sealed = mine.notes[1].Sealed, mine.notes[0].Sealed
	for what, got := range map[string]string{
		"the token of another organization": b.pending(acme), "a token without one": b.pending(""),
		"the note of another purpose": b.kept("totp"), "the other way round": b.kept("e-mail"),
	} {
		if got != "none" {
			t.Errorf("%s opens: %s", what, got)
		}
	}
	mine.pending[0].Sealed, theirs.notes[0].Sealed = theirs.pending[0].Sealed, mine.notes[0].Sealed
	if b.pending("") != "none" || other.kept("totp") != "none" {
		t.Error("what one cookie sealed, another one opens")
	}
	if other.pending("") != "of-the-other" {
		t.Error("what was left alone does not open")
	}
}

func TestSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.middle("discovered", More{})
	must(t, b.pend(ada, "a", More{OrganizationID: acme}))
	must(t, b.pend(ada, "b", More{OrganizationID: third, Phone: "+15555550199"}))
	b.do(func(ctx context.Context) { must(t, w.Sent(ctx, acme, "+15555550100")) })
	if got, _ := b.look(acme); !got.Sent || got.Phone != "+15555550100" || got.Token.Reveal() != "a" {
		t.Errorf("%+v", got)
	}
	for _, organization := range []string{third, ""} {
		if got, ok := b.look(organization); !ok || got.Sent || got.Phone == "+15555550100" {
			t.Errorf("a text to one organization counts for %q: %+v", organization, got)
		}
	}
	if _, ok := b.look(home); ok {
		t.Error("one was made up")
	}
	b.do(func(ctx context.Context) { must(t, w.Sent(ctx, home, "+15555550100")) })
	if _, ok := b.look(home); ok {
		t.Error("a text makes a sign-in")
	}
}
