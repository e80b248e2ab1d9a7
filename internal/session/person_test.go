package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

func TestPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(third)
	b.enter(acme)
	p := b.person()
	if got := ids(p.Keys()); got != ids([]Key{{OrganizationID: home}, {OrganizationID: acme}, {OrganizationID: third}}) {
		t.Errorf("keys in the order %s", got)
	}
	for _, id := range []string{home, acme, third} {
		tenant, ok := p.Tenant(id)
		if !ok || tenant.OrganizationID() != id || tenant.MemberID() != "member-of-"+id || w.upstream.token(t, tenant) != "token-for-"+id {
			t.Errorf("the key of %s is %v", id, tenant)
		}
		if key, ok := p.Key(id); !ok || key.Home != (id == home) || key.Name != "Name of "+id || key.Slug != "slug" || !slices.Equal(key.Roles, []string{"role"}) {
			t.Errorf("told of %s: %+v", id, key)
		}
	}
	if p.Home().OrganizationID() != home || p.SessionID() == "" || strings.Contains(b.cookies[CookieName], p.SessionID()) {
		t.Error("home or the session's name is wrong")
	}
	if _, ok := p.Tenant("organization-test-none"); ok {
		t.Error("a key that nobody gave")
	}
	if _, ok := p.Key("organization-test-none"); ok {
		t.Error("something is known of it")
	}
	p.Drop(acme)
	if _, ok := b.person().Tenant(acme); ok {
		t.Error("it is not dropped")
	}
	if _, err := b.person().Add(w.signIn(acme, "sam@support.example")); !errors.Is(err, ErrOtherPerson) {
		t.Errorf("a key of somebody else: %v", err)
	}
	if left, err := b.person().Add(w.signIn(third, ada)); !errors.Is(err, ErrHeld) || w.upstream.token(t, left) != "token-for-"+third {
		t.Errorf("a second key: %v, %v", left, err)
	}
	p.Drop(home)
	if b.person() != nil {
		t.Error("without the home key there is still somebody")
	}
}

func TestHomeKeyThatEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	in := w.signIn(home, ada)
	in.Session.ExpiresAt.Time = w.clock.read().Add(5 * time.Minute)
	b.do(func(ctx context.Context) {
		_, err := w.Begin(ctx, in)
		must(t, err)
	})
	b.enter(acme)
	w.clock.advance(5 * time.Minute)
	if b.person() != nil {
		t.Error("the home session is over and the person is not")
	}
}

// The staff key is the pinned organization's, whichever organization the person signed in to, and there is none without one.
func TestStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(acme)
	if _, ok := b.person().Staff(); ok {
		t.Error("a tenant's session is a staff session")
	}
	b.enter(home)
	staff, ok := b.person().Staff()
	if !ok || staff.Tenant().OrganizationID() != home || w.upstream.token(t, staff.Tenant()) != "token-for-"+home {
		t.Errorf("staff is %v, %t", staff, ok)
	}
	w.staff = ""
	if _, ok := b.person().Staff(); ok {
		t.Error("staff without a staff organization")
	}
	b.enter("")
	if _, ok := b.person().Staff(); ok {
		t.Error("a key without an organization is a staff key")
	}
}

func TestLearn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	for _, id := range []string{home, acme} {
		in := w.signIn(id, ada)
		self := stytch.Self{Session: in.Session, Member: in.Member, Organization: in.Organization}
		self.Member.Name, self.Organization.Name, self.Organization.Slug = "Ada of "+id, "New "+id, "new"
		self.Session.Roles = []string{"other"}
		self.Session.ExpiresAt.Time = w.clock.read().Add(time.Hour)
		b.person().Learn(self)
		self.Session.Roles[0] = "changed later"
		key, _ := b.person().Key(id)
		if key.Name != "New "+id || key.Slug != "new" || !slices.Equal(key.Roles, []string{"other"}) || !key.Expires.Equal(self.Session.ExpiresAt.Time) {
			t.Errorf("%+v", key)
		}
	}
	if p := b.person(); p.Name != "Ada of "+home {
		t.Errorf("the person is called %s", p.Name)
	}
}

func TestParallelRequestsLoseNoKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.begin(home)
	cookies := maps.Clone(b.cookies)
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			tab := &browser{w: w, cookies: maps.Clone(cookies)}
			ctx, _, _, finish := tab.request()
			if _, err := w.Person(ctx).Add(w.signIn(fmt.Sprintf("organization-%02d", i), ada)); err != nil {
				t.Error(err)
			}
			w.Flash(ctx, "ok", "Entered.")
			finish()
		})
	}
	wg.Wait()
	if got := len(b.person().Keys()); got != 33 {
		t.Errorf("%d keys", got)
	}
}
