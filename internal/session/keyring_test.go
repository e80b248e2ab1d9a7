package session

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"
)

func newRing(expires time.Time) *ring {
	return &ring{email: ada, home: home, keys: keyTable{{organizationID: home, memberID: "m", expires: expires, sealed: []byte("h")}}}
}

func TestKeyringLosesNothingToParallelRequests(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	k.begin("id", newRing(c.read().Add(time.Hour)))
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			organizationID := strconv.Itoa(i)
			if err := k.add("id", ada, storedKey{organizationID: organizationID, expires: c.read().Add(time.Hour), sealed: []byte(organizationID)}); err != nil {
				t.Error(err)
			}
			k.learn("id", organizationID, func(r *ring, key *storedKey) { r.name, key.roles = organizationID, []string{"r"} })
			if found, ok := k.use("id"); !ok || string(found.keys.get(organizationID).sealed) != organizationID {
				t.Errorf("key %d is lost", i)
			}
		})
	}
	wg.Wait()
	if found, ok := k.use("id"); !ok || len(found.keys) != 65 {
		t.Errorf("%d keys", len(found.keys))
	}
}

// A copy that a request holds does not change under it, and changing it changes nothing.
func TestKeyringGivesCopies(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	k.begin("id", newRing(c.read().Add(time.Hour)))
	first, _ := k.use("id")
	must(t, k.add("id", ada, storedKey{organizationID: acme, expires: c.read().Add(time.Hour)}))
	first.keys.remove(home)
	if second, _ := k.use("id"); len(first.keys) != 0 || len(second.keys) != 2 {
		t.Errorf("%d and %d keys", len(first.keys), len(second.keys))
	}
}

func TestKeyringEndsExactly(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		steps []time.Duration // between uses
		ends  time.Duration   // after the last of them
	}{
		"idle":              {nil, limits.Idle},
		"idle after a use":  {[]time.Duration{limits.Idle - 1}, limits.Idle},
		"length":            {append(repeat(limits.Idle-time.Minute, 16), 10*time.Minute), 6 * time.Minute},
		"length, idle once": {repeat(limits.Idle-time.Minute, 16), 16 * time.Minute},
	} {
		c := newClock()
		k := NewKeyring(limits, c.read)
		k.begin("id", newRing(c.read().Add(24*time.Hour)))
		for _, step := range one.steps {
			c.advance(step)
			if _, ok := k.use("id"); !ok {
				t.Fatalf("%s: ended early", name)
			}
		}
		c.advance(one.ends - 1)
		if !k.has("id") {
			t.Errorf("%s: ended one nanosecond early", name)
		}
		c.advance(1)
		if _, ok := k.use("id"); ok || k.has("id") {
			t.Errorf("%s: not ended", name)
		}
		if err := k.add("id", ada, storedKey{organizationID: acme}); !errors.Is(err, ErrSignedOut) {
			t.Errorf("%s: a key is put on an ended ring: %v", name, err)
		}
		if len(k.rings) != 0 {
			t.Errorf("%s: the ring is still stored", name)
		}
	}
}

func repeat(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d
	}
	return out
}

// Asking whether a ring is there must not keep it there: files and health checks would hold a session open for ever.
func TestHasIsNoUse(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	k.begin("id", newRing(c.read().Add(24*time.Hour)))
	c.advance(limits.Idle - 1)
	k.has("id")
	k.learn("id", home, func(*ring, *storedKey) {})
	c.advance(1)
	if _, ok := k.use("id"); ok {
		t.Error("it was used by being asked for")
	}
}

func TestKeysEndWithTheirSession(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	k.begin("id", newRing(c.read().Add(24*time.Hour)))
	must(t, k.add("id", ada, storedKey{organizationID: acme, expires: c.read().Add(10 * time.Minute)}))
	c.advance(10*time.Minute - 1)
	if found, _ := k.use("id"); len(found.keys) != 2 {
		t.Error("the key ended early")
	}
	c.advance(1)
	if found, _ := k.use("id"); len(found.keys) != 1 {
		t.Error("the key outlives its session")
	}
	must(t, k.add("id", ada, storedKey{organizationID: acme, expires: c.read().Add(time.Hour)}))
}

func TestKeyringAdd(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	fresh := storedKey{organizationID: acme, expires: c.read().Add(time.Hour), sealed: []byte("1")}
	if err := k.add("nobody", ada, fresh); !errors.Is(err, ErrSignedOut) {
		t.Errorf("no ring: %v", err)
	}
	k.begin("middle", &ring{email: ada, unfinished: &unfinished{pending: []storedPending{{expires: c.read().Add(time.Minute)}}}})
	if err := k.add("middle", ada, fresh); !errors.Is(err, ErrSignedOut) {
		t.Errorf("a sign-in in the middle: %v", err)
	}
	k.begin("id", newRing(c.read().Add(time.Hour)))
	if err := k.add("id", "sam@support.example", fresh); !errors.Is(err, ErrOtherPerson) {
		t.Errorf("somebody else: %v", err)
	}
	must(t, k.add("id", "Ada@Support.Example", fresh))
	if err := k.add("id", ada, storedKey{organizationID: acme, expires: fresh.expires, sealed: []byte("2")}); !errors.Is(err, ErrHeld) {
		t.Errorf("a second key: %v", err)
	}
	if found, _ := k.use("id"); string(found.keys.get(acme).sealed) != "1" {
		t.Error("the second key took the place of the first")
	}
	if _, ok := k.end("id"); !ok {
		t.Error("the ring was not there")
	}
	if err := k.add("id", ada, storedKey{organizationID: third}); !errors.Is(err, ErrSignedOut) {
		t.Errorf("after the end: %v", err)
	}
	if _, ok := k.end("id"); ok || k.has("id") {
		t.Error("it ended twice")
	}
}

func TestKeyringDrop(t *testing.T) {
	t.Parallel()
	c := newClock()
	k := NewKeyring(limits, c.read)
	k.begin("id", newRing(c.read().Add(time.Hour)))
	must(t, k.add("id", ada, storedKey{organizationID: acme, expires: c.read().Add(time.Hour), sealed: []byte("1")}))
	seen, _ := k.use("id")
	k.drop("nobody", *seen.keys.get(acme))
	k.drop("id", storedKey{organizationID: acme, sealed: []byte("older")})
	if found, _ := k.use("id"); len(found.keys) != 2 {
		t.Error("a newer key was dropped for an older one")
	}
	k.drop("id", *seen.keys.get(acme))
	if found, ok := k.use("id"); !ok || len(found.keys) != 1 {
		t.Error("the key is not dropped, or the ring with it")
	}
	k.learn("id", acme, func(*ring, *storedKey) { t.Error("learned about a key that is gone") })
	k.drop("id", *seen.keys.get(home))
	if k.has("id") {
		t.Error("a ring without its home key is still there")
	}
}

func TestKeyringMakesRoom(t *testing.T) {
	t.Parallel()
	c := newClock()
	few := limits
	few.Rings = 3
	k := NewKeyring(few, c.read)
	for _, id := range []string{"a", "b", "c"} {
		k.begin(id, newRing(c.read().Add(time.Hour)))
		c.advance(time.Minute)
	}
	k.use("a")
	k.begin("d", newRing(c.read().Add(time.Hour)))
	if k.has("b") || !k.has("a") || !k.has("c") || !k.has("d") {
		t.Errorf("the one idle for longest did not make room: %v", k.rings)
	}
	c.advance(limits.Idle)
	k.begin("e", newRing(c.read().Add(time.Hour)))
	if len(k.rings) != 1 {
		t.Errorf("ended rings take room: %d", len(k.rings))
	}
}
