package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/stytch"
)

// A cookie from before signing in is worth nothing after, nor one that somebody else has planted.
func TestBeginRenewsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.cookies[CookieName] = "planted-by-somebody"
	b.begin(home)
	first := b.cookies[CookieName]
	if first == "planted-by-somebody" || len(first) < 40 {
		t.Fatalf("the cookie is %q", first)
	}
	thief := w.browser()
	thief.cookies[CookieName] = first
	if thief.person() == nil {
		t.Fatal("the cookie opens nothing")
	}
	var revoked []stytch.Tenant
	b.do(func(ctx context.Context) {
		var err error
		revoked, err = w.Begin(ctx, w.signIn(acme, ada))
		must(t, err)
	})
	if len(revoked) != 1 || revoked[0].OrganizationID() != home || w.upstream.token(t, revoked[0]) != "token-for-"+home {
		t.Errorf("to be revoked: %v", revoked)
	}
	if b.cookies[CookieName] == first || thief.person() != nil {
		t.Error("the old cookie is still worth something")
	}
	if p := b.person(); p == nil || p.HomeID() != acme || p.Email != ada || p.Name != "Ada" {
		t.Errorf("signed in as %+v", p)
	}
	b.do(func(ctx context.Context) {
		old, err := w.BeginIntermediate(ctx, "sam@support.example", "i", More{})
		must(t, err)
		if len(old) != 1 || old[0].OrganizationID() != acme {
			t.Errorf("to be revoked: %v", old)
		}
	})
	if b.person() != nil {
		t.Error("a sign-in of somebody else has left the first person signed in")
	}
}

// Every change to a cookie's value is another cookie.
func TestCookiesThatAreNotExact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	value := b.cookies[CookieName]
	tried := []string{"", value + "A", value + value, strings.ToUpper(value), strings.ToLower(value), "%" + value, " "}
	for i := range value {
		tried = append(tried, value[:i], value[i+1:], value[:i]+string(value[i]^1)+value[i+1:])
	}
	for _, other := range tried {
		thief := w.browser()
		thief.cookies[CookieName] = other
		if thief.person() != nil {
			t.Errorf("%q opens the session", other)
		}
	}
	if b.person() == nil {
		t.Error("the right one does not")
	}
}

func TestCookieAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	ctx, r, rec, finish := b.request()
	_, err := w.Begin(ctx, w.signIn(home, ada))
	must(t, err)
	must(t, w.SetFlow(rec, r, Flow{Email: ada}))
	rec.Header().Set("Cache-Control", "no-store")
	finish()
	if len(b.set) != 2 || !slices.Equal(rec.Header().Values("Cache-Control"), []string{"no-store"}) {
		t.Fatalf("cookies %v, Cache-Control %q", b.set, rec.Header().Values("Cache-Control"))
	}
	for _, c := range b.set {
		if !strings.HasPrefix(c.Name, "__Host-") || c.Path != "/" || !c.Secure || !c.HttpOnly || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("%+v", c)
		}
		if c.Name == CookieName && (c.MaxAge != 0 || !c.Expires.IsZero()) {
			t.Errorf("the session outlives the browser: %+v", c)
		}
		if len(c.String()) > 4096 {
			t.Errorf("%s is too long for a browser", c.Name)
		}
	}
	ctx, _, rec, finish = b.request()
	_, err = w.End(ctx)
	must(t, err)
	w.EndFlow(rec)
	finish()
	if len(b.cookies) != 0 {
		t.Errorf("after signing out: %v", b.cookies)
	}
	for _, c := range b.set {
		if !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly {
			t.Errorf("a browser would not take this for the cookie that it has: %+v", c)
		}
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	p := b.person()
	value := b.cookies[CookieName]
	var held []stytch.Tenant
	b.do(func(ctx context.Context) {
		var err error
		held, err = w.End(ctx)
		must(t, err)
	})
	var tokens []string
	for _, tenant := range held {
		tokens = append(tokens, w.upstream.token(t, tenant))
	}
	slices.Sort(tokens)
	if !slices.Equal(tokens, []string{"token-for-" + home, "token-for-" + acme}) {
		t.Errorf("to be revoked: %q", tokens)
	}
	b.cookies[CookieName] = value
	if b.person() != nil {
		t.Error("the cookie works after signing out")
	}
	if _, err := p.Add(w.signIn(third, ada)); !errors.Is(err, ErrSignedOut) {
		t.Errorf("a request from before adds a key: %v", err)
	}
	if len(w.ring.rings) != 0 || len(w.store.items) != 0 {
		t.Error("something of the session is still stored")
	}
}

// Requests that began before somebody signed out end after it.
func TestSigningOutIsFinal(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]func(*world, context.Context) []stytch.Tenant{
		"flash": func(w *world, ctx context.Context) []stytch.Tenant {
			w.Flash(ctx, "ok", "Saved.")
			return nil
		},
		"begin": func(w *world, ctx context.Context) []stytch.Tenant {
			left, err := w.Begin(ctx, w.signIn(acme, ada))
			if !errors.Is(err, ErrSignedOut) {
				w.t.Errorf("begin: %v", err)
			}
			return left
		},
		"begin in the middle": func(w *world, ctx context.Context) []stytch.Tenant {
			left, err := w.BeginIntermediate(ctx, ada, "i", More{})
			if !errors.Is(err, ErrSignedOut) {
				w.t.Errorf("begin: %v", err)
			}
			return left
		},
	} {
		w := newWorld(t)
		b := w.browser()
		b.begin(home)
		ctx, _, _, finish := b.request()
		other := *b
		other.cookies = maps.Clone(b.cookies)
		other.do(func(ctx context.Context) {
			_, err := w.End(ctx)
			must(t, err)
		})
		left := late(w, ctx)
		finish()
		if len(b.set) != 0 || b.person() != nil || len(w.ring.rings) != 0 {
			t.Errorf("%s: the session is back: %v", name, b.set)
		}
		if name == "begin" && (len(left) != 1 || w.upstream.token(t, left[0]) != "token-for-"+acme) {
			t.Errorf("the new session is not given back to be revoked: %v", left)
		}
	}
}

func TestFlash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.do(func(ctx context.Context) { w.Flash(ctx, "ok", "Hello, stranger.") })
	if len(b.set) != 0 || len(w.store.items) != 0 {
		t.Error("a stranger got a session")
	}
	b.begin(home)
	b.do(func(ctx context.Context) { w.Flash(ctx, "warn", "Ended.") })
	b.do(func(ctx context.Context) {
		if kind, text := w.PopFlash(ctx); kind != "warn" || text != "Ended." {
			t.Errorf("%s: %s", kind, text)
		}
	})
	b.do(func(ctx context.Context) {
		if kind, text := w.PopFlash(ctx); kind != "" || text != "" {
			t.Errorf("again: %s: %s", kind, text)
		}
	})
}

// A request that changes nothing sets no cookie: else the answers of two tabs would race for it.
func TestReadingSetsNoCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.person()
	if len(b.set) != 0 {
		t.Errorf("set %v", b.set)
	}
}

// Whoever steals the memory of the store finds no token in it, and nothing that a cookie could be made of.
func TestNothingIsStoredInTheClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	b.do(func(ctx context.Context) { w.Flash(ctx, "ok", "Entered.") })
	middle := w.browser()
	middle.do(func(ctx context.Context) {
		_, err := w.BeginIntermediate(ctx, ada, "token-for-the-middle", More{OrganizationID: acme})
		must(t, err)
		must(t, w.Keep(ctx, "totp", "token-for-a-note"))
	})
	var stored strings.Builder
	for id, r := range w.ring.rings {
		fmt.Fprintf(&stored, "%s %+v ", id, r)
		for _, k := range r.Keys {
			fmt.Fprintf(&stored, "%s ", k.Sealed)
		}
		for _, p := range r.pending {
			fmt.Fprintf(&stored, "%s ", p.Sealed)
		}
		for _, n := range r.notes {
			fmt.Fprintf(&stored, "%s ", n.Sealed)
		}
	}
	for token, i := range w.store.items {
		fmt.Fprintf(&stored, "%s %s ", token, i.data)
	}
	if !strings.Contains(stored.String(), acme) || !strings.Contains(stored.String(), "Entered.") || !strings.Contains(stored.String(), "totp") {
		t.Fatal("not everything was looked at")
	}
	for _, private := range []string{"token-for", b.cookies[CookieName], middle.cookies[CookieName]} {
		if strings.Contains(stored.String(), private) {
			t.Errorf("%q is stored in the clear", private)
		}
	}
	if text := fmt.Sprintf("%v %+v", b.person().Home(), w.upstream); strings.Contains(text, "token-for") {
		t.Error("a key prints its token")
	}
}
