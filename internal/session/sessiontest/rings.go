package sessiontest

import (
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"console.internal/internal/session"
)

func roundTrip(w *world) {
	want := session.Ring{
		Email: ada, Name: "Ada", Home: home, Impersonator: "boss@stytch.example",
		Keys: session.RingKeys{w.key(home, "h\x00\xff"), w.key(acme, "a")},
	}
	want.Keys[1].Roles = nil
	w.must(w.Begin(w.ctx, "id", want))
	want.Began, want.Used = w.read(), w.read()
	got, ok := w.use("id")
	if !ok || !got.Began.Equal(want.Began) || !got.Used.Equal(want.Used) || len(got.Keys) != 2 {
		w.t.Fatalf("%+v, %t", got, ok)
	}
	for _, key := range want.Keys {
		held := got.Keys.Get(key.OrganizationID)
		if held == nil || !held.Expires.Equal(key.Expires) || !slices.Equal(held.Roles, key.Roles) {
			w.t.Fatalf("%+v, want %+v", held, key)
		}
		held.Expires, held.Roles = key.Expires, key.Roles
		if !reflect.DeepEqual(*held, key) {
			w.t.Errorf("%+v, want %+v", *held, key)
		}
	}
	got.Began, got.Used, got.Keys, want.Keys = want.Began, want.Used, nil, nil
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("%+v, want %+v", got, want)
	}
}

func beginAnew(w *world) {
	w.begin("id")
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "a")))
	w.must(w.Pend(w.ctx, "id", w.middle(third, "p")))
	w.must(w.Keep(w.ctx, "id", w.noteFor("totp", "n")))
	w.advance(time.Hour)
	w.must(w.Begin(w.ctx, "id", session.Ring{Email: "sam@support.example"}, w.middle("", "q")))
	if r, ok := w.use("id"); !ok || r.Home != "" || len(r.Keys) != 0 || !r.Began.Equal(w.read()) || r.Email == ada {
		w.t.Errorf("%+v, %t", r, ok)
	}
	if got := w.pending("id", third) + w.pending("id", "") + w.note("id", "totp"); got != "noneqnone" {
		w.t.Errorf("of the unfinished there is %s", got)
	}
}

// A copy that a request holds does not change under it, and changing it changes nothing.
func copies(w *world) {
	w.begin("id")
	w.must(w.Pend(w.ctx, "id", w.middle(acme, "p")))
	first, _ := w.use("id")
	middle, err := w.Pendings(w.ctx, "id")
	w.must(err)
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "a")))
	w.must(w.Sent(w.ctx, "id", acme, "+1"))
	if len(first.Keys) != 1 || middle[0].Sent {
		w.t.Error("it changed")
	}
	first.Keys[0].Sealed, first.Keys[0].Name, middle[0].Slug = nil, "changed", "changed"
	second, _ := w.use("id")
	if p, _ := w.look("id", acme); len(second.Keys) != 2 || second.Keys.Get(home).Name == "changed" || second.Keys.Get(home).Sealed == nil || p.Slug != "" {
		w.t.Errorf("changing the copy changes the ring: %+v", second)
	}
}

func endsExactly(w *world) {
	steps := slices.Repeat([]time.Duration{limits.Idle - time.Minute}, 16)
	for name, one := range map[string]struct {
		steps []time.Duration // between uses
		ends  time.Duration   // after the last of them
	}{
		"idle":              {nil, limits.Idle},
		"idle after a use":  {[]time.Duration{limits.Idle - 1}, limits.Idle},
		"length":            {append(slices.Clone(steps), 10*time.Minute), 6 * time.Minute},
		"length, idle once": {steps, 16 * time.Minute},
	} {
		w := newWorld(w.t, w.fresh, limits)
		w.begin("id")
		for _, step := range one.steps {
			w.advance(step)
			if _, ok := w.use("id"); !ok {
				w.t.Fatalf("%s: ended early", name)
			}
		}
		w.advance(one.ends - 1)
		if !w.has("id") {
			w.t.Errorf("%s: ended one nanosecond early", name)
		}
		w.advance(1)
		if _, ok := w.use("id"); ok || w.has("id") {
			w.t.Errorf("%s: not ended", name)
		}
		w.is(w.Add(w.ctx, "id", ada, w.key(acme, "a")), session.ErrSignedOut)
		w.is(w.Keep(w.ctx, "id", w.noteFor("totp", "n")), session.ErrSignedOut)
	}
}

// What was seen to have ended stays so.
func clockSetBack(w *world) {
	for name, see := range map[string]func(string) bool{
		"asked for": w.has, "used": func(id string) bool { _, ok := w.use(id); return ok },
	} {
		w.begin(name)
		w.advance(limits.Idle)
		if see(name) {
			w.t.Errorf("%s: it has not ended", name)
		}
		w.advance(-limits.Idle)
		if _, ok := w.use(name); ok || w.has(name) {
			w.t.Errorf("%s: it is back", name)
		}
	}
}

// Asking whether a ring is there must not keep it there: files and health checks would hold a session open for ever.
func askingIsNoUse(w *world) {
	w.begin("id")
	w.advance(limits.Idle - 1)
	w.has("id")
	w.must(w.Learn(w.ctx, "id", w.key(home, "h"), "Ada"))
	w.pending("id", acme)
	w.note("id", "totp")
	w.advance(1)
	if _, ok := w.use("id"); ok {
		w.t.Error("it was used by being asked for")
	}
}

// A ring that is used all the time does not end, and one that is not ends no later than its limit, whatever is written.
func useGrain(w *world) {
	w.begin("id")
	for range 200 {
		w.advance(session.UseGrain / 3)
		if _, ok := w.use("id"); !ok {
			w.t.Fatal("it ended in use")
		}
	}
	w.advance(limits.Idle - session.UseGrain)
	if !w.has("id") {
		w.t.Error("it ended sooner than a minute early")
	}
	w.advance(session.UseGrain)
	if w.has("id") {
		w.t.Error("it ended late")
	}
}

func keysExpire(w *world) {
	w.begin("id")
	short := w.key(acme, "a")
	short.Expires = w.read().Add(10 * time.Minute)
	w.must(w.Add(w.ctx, "id", ada, short))
	w.advance(10*time.Minute - 1)
	if r, _ := w.use("id"); len(r.Keys) != 2 {
		w.t.Error("the key ended early")
	}
	w.advance(1)
	if r, _ := w.use("id"); len(r.Keys) != 1 {
		w.t.Error("the key outlives its session")
	}
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "b")))
	if w.sealed("id", acme) != "b" {
		w.t.Error("no key takes the place of one that expired")
	}
}

func add(w *world) {
	fresh := w.key(acme, "1")
	w.is(w.Add(w.ctx, "nobody", ada, fresh), session.ErrSignedOut)
	w.must(w.Begin(w.ctx, "middle", session.Ring{Email: ada}, w.middle("", "p")))
	w.is(w.Add(w.ctx, "middle", ada, fresh), session.ErrSignedOut)
	w.begin("id")
	w.is(w.Add(w.ctx, "id", "sam@support.example", fresh), session.ErrOtherPerson)
	w.must(w.Add(w.ctx, "id", "Ada@Support.Example", fresh))
	w.is(w.Add(w.ctx, "id", ada, w.key(acme, "2")), session.ErrHeld)
	if got := w.sealed("id", acme); got != "1" {
		w.t.Errorf("the key is %s", got)
	}
	if _, ok, err := w.End(w.ctx, "id"); !ok || err != nil {
		w.t.Error("the ring was not there")
	}
	w.is(w.Add(w.ctx, "id", ada, w.key(third, "3")), session.ErrSignedOut)
}

// Of many requests that enter one organization, one puts its key, and the others are told.
func addOnce(w *world) {
	w.begin("id")
	var wg sync.WaitGroup
	put := make([]bool, 64)
	for i := range put {
		wg.Go(func() {
			err := w.Add(w.ctx, "id", ada, w.key(acme, strconv.Itoa(i)))
			if put[i] = err == nil; err != nil {
				w.is(err, session.ErrHeld)
			}
		})
	}
	wg.Wait()
	var who []string
	for i, ok := range put {
		if ok {
			who = append(who, strconv.Itoa(i))
		}
	}
	if len(who) != 1 || w.sealed("id", acme) != who[0] {
		w.t.Errorf("put by %v, held %s", who, w.sealed("id", acme))
	}
}

func replace(w *world) {
	w.begin("id")
	seen, fresh := w.key(home, "h"), w.key(home, "later")
	for i, one := range []struct {
		id   string
		seen session.RingKey
		want bool
	}{
		{"nobody", seen, false},
		{"id", w.key(home, "older"), false},
		{"id", w.key(acme, "h"), false},
		{"id", seen, true},
		{"id", seen, false},
	} {
		if ok, err := w.Replace(w.ctx, one.id, one.seen, fresh); ok != one.want || err != nil {
			w.t.Errorf("%d: %t, %v", i, ok, err)
		}
	}
	if r, _ := w.use("id"); len(r.Keys) != 1 || w.sealed("id", home) != "later" {
		w.t.Errorf("%+v", r.Keys)
	}
	w.advance(limits.Idle)
	if ok, err := w.Replace(w.ctx, "id", fresh, seen); ok || err != nil {
		w.t.Errorf("on a ring that has ended: %t, %v", ok, err)
	}
}

func drop(w *world) {
	w.begin("id")
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "1")))
	w.must(w.Drop(w.ctx, "nobody", w.key(acme, "1")))
	w.must(w.Drop(w.ctx, "id", w.key(acme, "older")))
	if w.sealed("id", acme) != "1" {
		w.t.Error("a newer key was dropped for an older one")
	}
	w.must(w.Drop(w.ctx, "id", w.key(acme, "1")))
	if r, ok := w.use("id"); !ok || len(r.Keys) != 1 {
		w.t.Error("the key is not dropped, or the ring with it")
	}
	w.must(w.Drop(w.ctx, "id", w.key(home, "older")))
	if !w.has("id") {
		w.t.Error("a newer home key was dropped for an older one")
	}
	w.must(w.Drop(w.ctx, "id", w.key(home, "h")))
	if w.has("id") {
		w.t.Error("a ring without its home key is still there")
	}
}

func learn(w *world) {
	w.begin("id")
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "1")))
	for _, id := range []string{acme, home, third} {
		about := w.key(id, "never")
		about.Name, about.Slug, about.Roles, about.Expires = "New", "new", []string{"r"}, w.read().Add(time.Hour)
		w.must(w.Learn(w.ctx, "id", about, "Ada of "+id))
		w.must(w.Learn(w.ctx, "nobody", about, "Ada"))
		r, _ := w.use("id")
		if key := r.Keys.Get(id); id != third && (key.Name != "New" || key.Slug != "new" || !slices.Equal(key.Roles, about.Roles) || !key.Expires.Equal(about.Expires) || string(key.Sealed) == "never") {
			w.t.Errorf("%+v", key)
		}
		if want := map[string]string{acme: "Ada", home: "Ada of " + home, third: "Ada of " + home}[id]; r.Name != want {
			w.t.Errorf("after %s the person is called %s, not %s", id, r.Name, want)
		}
	}
	if r, _ := w.use("id"); len(r.Keys) != 2 {
		w.t.Errorf("learning made a key: %+v", r.Keys)
	}
}

func move(w *world) {
	w.begin("id")
	w.must(w.Add(w.ctx, "id", ada, w.key(acme, "a")))
	w.must(w.Add(w.ctx, "id", ada, w.key(third, "t")))
	w.must(w.Pend(w.ctx, "id", w.middle("organization-4", "p")))
	w.must(w.Keep(w.ctx, "id", w.noteFor("totp", "n")))
	dropped, err := w.Move(w.ctx, "id", home, "new@support.example")
	w.must(err)
	var sealed []string
	for _, key := range dropped {
		sealed = append(sealed, string(key.Sealed))
	}
	slices.Sort(sealed)
	if !slices.Equal(sealed, []string{"a", "t"}) {
		w.t.Errorf("dropped %q", sealed)
	}
	if r, ok := w.use("id"); !ok || r.Email != "new@support.example" || len(r.Keys) != 1 || w.sealed("id", home) != "h" {
		w.t.Errorf("%+v", r)
	}
	if got := w.pending("id", "organization-4") + w.note("id", "totp"); got != "nonenone" {
		w.t.Errorf("of the unfinished there is %s", got)
	}
	if dropped, err := w.Move(w.ctx, "nobody", home, ada); len(dropped) != 0 || err != nil || w.has("nobody") {
		w.t.Errorf("%v, %v", dropped, err)
	}
}
