package session

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

// A request that began before somebody signed out, or in again, changes nothing after it.
func TestLateRequestsOfTheMiddle(t *testing.T) {
	t.Parallel()
	for name, ending := range map[string]func(*world, context.Context) error{
		"signed out": func(w *world, ctx context.Context) error { _, err := w.End(ctx); return err },
		"signed in":  func(w *world, ctx context.Context) error { _, err := w.Begin(ctx, w.signIn(home, ada)); return err },
		"in the middle": func(w *world, ctx context.Context) error {
			_, err := w.BeginIntermediate(ctx, ada, "later", More{})
			return err
		},
		"ended by itself": func(w *world, _ context.Context) error { w.clock.advance(limits.Idle); return nil },
	} {
		w := newWorld(t)
		b := w.middle("first", More{OrganizationID: acme})
		ctx, _, _, finish := b.request()
		tab := w.browser()
		tab.cookies = maps.Clone(b.cookies)
		tab.do(func(ctx context.Context) { must(t, ending(w, ctx)) })
		for did, late := range map[string]func() error{
			"pend": func() error { return w.Pend(ctx, ada, "late", More{OrganizationID: third}) },
			"sent": func() error { return w.Sent(ctx, acme, "+15555550100") },
			"keep": func() error { return w.Keep(ctx, "late", "late") },
		} {
			if err := late(); !errors.Is(err, ErrSignedOut) {
				t.Errorf("%s, then %s: %v", name, did, err)
			}
		}
		w.Settle(ctx, acme)
		w.Forget(ctx, "late")
		_, pending := w.Pending(ctx, acme)
		if _, kept := w.Kept(ctx, "late"); pending || kept {
			t.Errorf("%s: the late request still finds something", name)
		}
		finish()
		if len(b.set) != 0 {
			t.Errorf("%s: the late request sets %v", name, b.set)
		}
		if got := tab.pending(third) + tab.kept("late"); got != "nonenone" {
			t.Errorf("%s: it reached the new session: %s", name, got)
		}
	}
}

func TestParallelRequestsOfTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.middle("discovered", More{})
	cookies := maps.Clone(b.cookies)
	tab := func() *browser { return &browser{w: w, cookies: maps.Clone(cookies)} }
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			id, mine := "organization-"+strconv.Itoa(i), tab()
			ctx, _, _, finish := mine.request()
			if err := errors.Join(w.Pend(ctx, ada, stytch.Secret("for-"+id), More{OrganizationID: id}), w.Sent(ctx, id, "+1"), w.Keep(ctx, id, "note-"+id)); err != nil {
				t.Error(err)
			}
			if got, ok := w.Pending(ctx, id); !ok || got.Token.Reveal() != "for-"+id || !got.Sent {
				t.Errorf("%s is lost: %+v", id, got)
			}
			if i%2 == 0 {
				w.Settle(ctx, id)
				w.Forget(ctx, id)
			}
			finish()
		})
	}
	wg.Wait()
	if u := b.unfinished(); len(u.pending) != 17 || len(u.notes) != 16 {
		t.Errorf("%d sign-ins and %d notes", len(u.pending), len(u.notes))
	}
	// Signing out beside all of them is the end of all of them.
	for i := range 32 {
		wg.Go(func() {
			ctx, _, _, finish := tab().request()
			if i == 16 {
				if _, err := w.End(ctx); err != nil {
					t.Error(err)
				}
			}
			for _, err := range []error{w.Pend(ctx, ada, "late", More{OrganizationID: "late"}), w.Keep(ctx, "late", "late")} {
				if err != nil && !errors.Is(err, ErrSignedOut) {
					t.Error(err)
				}
			}
			w.Person(ctx)
			finish()
		})
	}
	wg.Wait()
	if len(w.ring.rings) != 0 || len(w.store.items) != 0 {
		t.Error("something of the session is still stored")
	}
}

// A ring holds what is unfinished now and nothing of what was: it does not grow with use.
func TestUnfinishedDoesNotGrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	if b.unfinished() != nil {
		t.Error("a plain sign-in has something unfinished")
	}
	for i := range 100 {
		must(t, b.pend(ada, stytch.Secret("token-"+strconv.Itoa(i)), More{OrganizationID: acme}))
		b.keep("totp", strings.Repeat("s", i))
	}
	if u := b.unfinished(); len(u.pending) != 1 || len(u.notes) != 1 {
		t.Errorf("%d sign-ins and %d notes", len(u.pending), len(u.notes))
	}
	b.do(func(ctx context.Context) { w.Settle(ctx, acme); w.Forget(ctx, "totp") })
	if b.unfinished() != nil {
		t.Error("something is left when all is done")
	}
	for i := range 100 {
		must(t, b.pend(ada, stytch.Secret("token-"+strconv.Itoa(i)), More{OrganizationID: "organization-" + strconv.Itoa(i)}))
		w.clock.advance(time.Minute)
		b.person() // as every request asks
	}
	if u := b.unfinished(); len(u.pending) > 10 {
		t.Errorf("%d sign-ins, most of them over", len(u.pending))
	}
	w.clock.advance(IntermediateLife)
	b.person()
	if b.unfinished() != nil {
		t.Error("something is left when all is over")
	}
}
