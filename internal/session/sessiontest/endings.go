package sessiontest

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"console.internal/internal/session"
)

func end(w *world) {
	w.begin("id")
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "a")))
	w.must(w.Pend(w.ctx, "id", w.middle(third, "p")))
	if r, ok, err := w.End(w.ctx, "id"); !ok || err != nil || len(r.Keys) != 2 || r.Home != home {
		w.t.Errorf("%+v, %t, %v", r, ok, err)
	}
	if r, ok, err := w.End(w.ctx, "id"); ok || err != nil || len(r.Keys) != 0 || w.has("id") {
		w.t.Errorf("again: %+v, %t, %v", r, ok, err)
	}
	if _, ok, err := w.End(w.ctx, "nobody"); ok || err != nil {
		w.t.Errorf("nobody: %t, %v", ok, err)
	}
	// What is idle for too long is still to be revoked upstream, where it is asked for.
	w.begin("idle")
	w.advance(limits.Idle)
	if r, ok, err := w.End(w.ctx, "idle"); err != nil || (ok && len(r.Keys) != 1) || w.has("idle") {
		w.t.Errorf("idle: %+v, %t, %v", r, ok, err)
	}
}

func endsOnce(w *world) {
	w.begin("id")
	var wg sync.WaitGroup
	var ended atomic.Int32
	for range 64 {
		wg.Go(func() {
			if _, ok, err := w.End(w.ctx, "id"); err != nil {
				w.t.Error(err)
			} else if ok {
				ended.Add(1)
			}
		})
	}
	wg.Wait()
	if ended.Load() != 1 {
		w.t.Errorf("it ended %d times", ended.Load())
	}
}

func makesRoom(w *world) {
	few := limits
	few.Rings = 3
	w = newWorld(w.t, w.fresh, few)
	for _, id := range []string{"a", "b", "c"} {
		w.begin(id)
		w.advance(2 * session.UseGrain)
	}
	w.use("a")
	w.begin("c")
	if !w.has("a") || !w.has("b") || !w.has("c") {
		w.t.Error("a ring in the place of its own makes room")
	}
	w.begin("d")
	if w.has("b") || !w.has("a") || !w.has("c") || !w.has("d") {
		w.t.Error("not the one idle for longest made room")
	}
	w.advance(limits.Idle)
	for _, id := range []string{"e", "f", "g"} {
		w.begin(id)
	}
	if !w.has("e") || !w.has("f") || !w.has("g") || w.has("a") {
		w.t.Error("rings that have ended take room")
	}
}

// A ring that has ended makes room before one that has not, though it was used later.
func endedMakesRoom(w *world) {
	few := limits
	few.Rings = 2
	w = newWorld(w.t, w.fresh, few)
	w.begin("ended")
	for range 2*limits.Length/limits.Idle - 1 {
		w.advance(limits.Idle / 2)
		w.use("ended")
	}
	w.begin("idle")
	w.advance(limits.Idle / 4)
	w.use("ended")
	w.advance(limits.Idle / 4)
	w.begin("fresh")
	if !w.has("idle") || !w.has("fresh") || w.has("ended") {
		w.t.Error("a ring that has not ended made room for one that has")
	}
}

// A request that comes after the end changes nothing and brings nothing back.
func nothingIsRevived(w *world) {
	for name, ending := range map[string]func(id string){
		"signed out": func(id string) { _, _, err := w.End(w.ctx, id); w.must(err) },
		"idle":       func(string) { w.advance(limits.Idle) },
		"home gone":  func(id string) { w.must(w.Drop(w.ctx, id, w.key(home, "h"))) },
	} {
		w.begin(name)
		w.must(w.Add(w.ctx, name, ada, w.key(acme, "a")))
		w.must(w.Pend(w.ctx, name, w.middle(third, "p")))
		ending(name)
		w.is(w.Add(w.ctx, name, ada, w.key(third, "late")), session.ErrSignedOut)
		w.is(w.Pend(w.ctx, name, w.middle(third, "late")), session.ErrSignedOut)
		w.is(w.Sent(w.ctx, name, third, "+1"), session.ErrSignedOut)
		w.is(w.Keep(w.ctx, name, w.noteFor("totp", "late")), session.ErrSignedOut)
		if ok, err := w.Replace(w.ctx, name, w.key(acme, "a"), w.key(acme, "late")); ok || err != nil {
			w.t.Errorf("%s: replaced: %t, %v", name, ok, err)
		}
		if dropped, err := w.Move(w.ctx, name, home, "late@support.example"); len(dropped) != 0 || err != nil {
			w.t.Errorf("%s: moved: %v, %v", name, dropped, err)
		}
		w.must(w.Learn(w.ctx, name, w.key(acme, "late"), "late"))
		w.must(w.Drop(w.ctx, name, w.key(acme, "a")))
		w.must(w.Settle(w.ctx, name, third))
		w.must(w.Forget(w.ctx, name, "totp"))
		if _, ok := w.use(name); ok || w.has(name) {
			w.t.Errorf("%s: it is back", name)
		}
		if got := w.pending(name, third) + w.note(name, "totp"); got != "nonenone" {
			w.t.Errorf("%s: of the unfinished there is %s", name, got)
		}
	}
}

func parallel(w *world) {
	w.begin("id")
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			id := "organization-" + strconv.Itoa(i)
			about := w.key(id, "never")
			about.Roles = []string{"learned"}
			if err := errors.Join(w.Add(w.ctx, "id", ada, w.key(id, id)), w.Learn(w.ctx, "id", about, ""), w.Pend(w.ctx, "id", w.middle("p"+id, id)),
				w.Sent(w.ctx, "id", "p"+id, id), w.Keep(w.ctx, "id", w.noteFor(id, id))); err != nil {
				w.t.Error(err)
			}
			r, ok, err := w.Use(w.ctx, "id")
			if key := r.Keys.Get(id); !ok || err != nil || key == nil || string(key.Sealed) != id || key.Roles[0] != "learned" {
				w.t.Errorf("key %d is lost: %v", i, err)
			}
			if i%2 == 0 {
				if err := errors.Join(w.Settle(w.ctx, "id", "p"+id), w.Forget(w.ctx, "id", id), w.Drop(w.ctx, "id", w.key(id, id))); err != nil {
					w.t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r, _ := w.use("id")
	middle, err := w.Pendings(w.ctx, "id")
	if w.must(err); len(r.Keys) != 33 || len(middle) != 32 {
		w.t.Errorf("%d keys, %d sign-ins", len(r.Keys), len(middle))
	}
	for _, p := range middle {
		if !p.Sent || p.Phone != string(p.Sealed) || w.note("id", p.Phone) != p.Phone {
			w.t.Errorf("%+v", p)
		}
	}
}

// Signing out beside many requests is the end of all of them.
func parallelEnd(w *world) {
	w.begin("id")
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if i == 32 {
				if _, ok, err := w.End(w.ctx, "id"); !ok || err != nil {
					w.t.Errorf("%t, %v", ok, err)
				}
			}
			id := "organization-" + strconv.Itoa(i)
			for _, err := range []error{
				w.Add(w.ctx, "id", ada, w.key(id, id)), w.Pend(w.ctx, "id", w.middle(id, id)), w.Keep(w.ctx, "id", w.noteFor(id, id)),
				w.Learn(w.ctx, "id", w.key(home, ""), "late"),
			} {
				if err != nil && !errors.Is(err, session.ErrSignedOut) {
					w.t.Error(err)
				}
			}
			if _, _, err := w.Use(w.ctx, "id"); err != nil {
				w.t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, ok := w.use("id"); ok {
		w.t.Error("it is back")
	}
	w.begin("id")
	if r, _ := w.use("id"); len(r.Keys) != 1 {
		w.t.Errorf("a new ring has keys of the old one: %d", len(r.Keys))
	}
	if all, err := w.Pendings(w.ctx, "id"); len(all) != 0 || err != nil {
		w.t.Errorf("a new ring has sign-ins of the old one: %d, %v", len(all), err)
	}
}

func apart(w *world) {
	for _, id := range []string{"one", "two"} {
		w.begin(id)
		w.must(w.Add(w.ctx, id, ada, w.key(acme, id)))
		w.must(w.Pend(w.ctx, id, w.middle(third, id)))
		w.must(w.Keep(w.ctx, id, w.noteFor("totp", id)))
	}
	w.must(w.Sent(w.ctx, "one", third, "+1"))
	w.must(w.Settle(w.ctx, "one", third))
	w.must(w.Forget(w.ctx, "one", "totp"))
	w.must(w.Learn(w.ctx, "one", w.key(home, ""), "Other"))
	w.must(w.Drop(w.ctx, "one", w.key(acme, "one")))
	_, err := w.Move(w.ctx, "one", home, "new@support.example")
	w.must(err)
	_, _, err = w.End(w.ctx, "one")
	w.must(err)
	r, ok := w.use("two")
	p, _ := w.look("two", third)
	if !ok || r.Email != ada || r.Name != "Ada" || len(r.Keys) != 2 || w.sealed("two", acme) != "two" || p.Sent || string(p.Sealed) != "two" || w.note("two", "totp") != "two" {
		w.t.Errorf("%+v, %+v", r, p)
	}
}

// Names are other people's texts.
func oddTexts(w *world) {
	for _, odd := range []string{"'; DROP TABLE rings; --", "Zoë\u202e\u0000\"", "?", "%s", " ", "\\", "日本"} {
		key := w.key("o"+odd, odd)
		key.Name, key.Slug, key.MemberID, key.Roles = odd, odd, odd, []string{odd, "", odd}
		more := session.More{OrganizationID: odd, Organization: odd, Slug: odd, MemberID: odd, Methods: []string{odd}, Phone: odd, Default: odd, Return: odd}
		w.must(w.Begin(w.ctx, "id"+odd, session.Ring{Email: odd, Name: odd, Home: "o" + odd, Keys: session.RingKeys{key}, Impersonator: odd},
			session.RingPending{More: more, Email: odd, Expires: w.read().Add(time.Minute), Sealed: []byte(odd)}))
		w.must(w.Keep(w.ctx, "id"+odd, w.noteFor(odd, odd)))
		r, ok := w.use("id" + odd)
		p, _ := w.look("id"+odd, odd)
		if !ok || r.Name != odd || r.Impersonator != odd || r.Keys.Get("o"+odd).Name != odd || len(r.Keys[0].Roles) != 3 || r.Keys[0].Roles[2] != odd ||
			p.Slug != odd || p.Return != odd || len(p.Methods) != 1 || p.Methods[0] != odd || w.note("id"+odd, odd) != odd {
			w.t.Errorf("%q: %+v, %+v", odd, r, p)
		}
	}
}
