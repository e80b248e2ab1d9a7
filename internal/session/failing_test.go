package session

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"console.internal/internal/stytch"
)

// full is a keyring, and a place for sessions, that take nothing new while they are full.
type full struct {
	*Memory
	*memory

	full   bool
	learnt int
}

func (f *full) refuse() error {
	if f.full {
		return ErrNotKept
	}
	return nil
}

func (f *full) Begin(ctx context.Context, id string, r Ring, pending ...RingPending) error {
	return errors.Join(f.refuse(), f.Memory.Begin(ctx, id, r, pending...))
}

func (f *full) Move(ctx context.Context, id, organizationID, email string) ([]RingKey, error) {
	if f.full {
		return nil, ErrNotKept
	}
	return f.Memory.Move(ctx, id, organizationID, email)
}

func (f *full) Learn(ctx context.Context, id string, about RingKey, person string) error {
	f.learnt++
	return f.Memory.Learn(ctx, id, about, person)
}

func (f *full) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	if f.full {
		return ErrNotKept
	}
	return f.memory.CommitCtx(ctx, token, data, expires)
}

// filling is a world whose keyring may be full, with what it tells its log.
func filling(t *testing.T) (w *world, f *full, log *bytes.Buffer) {
	t.Helper()
	w, log = newWorld(t), &bytes.Buffer{}
	f = &full{Memory: w.ring, memory: w.store}
	w.Sessions.ring, w.scs.Store, w.log = f, f, slog.New(slog.NewTextHandler(log, nil))
	return w, f, log
}

// A sign-in that cannot be kept gives back the session that was just made, and the browser gets no cookie.
func TestSignInThatIsNotKept(t *testing.T) {
	t.Parallel()
	w, f, _ := filling(t)
	f.full = true
	b := w.browser()
	ctx, _, rec, _ := b.request()
	left, err := w.Begin(ctx, w.signIn(home, ada))
	if !errors.Is(err, ErrNotKept) || len(left) != 1 || w.upstream.token(t, left[0]) != "token-for-"+home {
		t.Errorf("%v, to be revoked: %v", err, left)
	}
	if err := w.Save(ctx, rec); !errors.Is(err, ErrNotKept) || len(rec.Header()["Set-Cookie"]) != 0 {
		t.Errorf("%v, %v", err, rec.Header())
	}
	if _, err := w.BeginIntermediate(ctx, ada, "i", More{}); !errors.Is(err, ErrNotKept) {
		t.Errorf("in the middle: %v", err)
	}
}

// A page does not fail because its flash cannot be kept.
func TestFlashThatIsNotKept(t *testing.T) {
	t.Parallel()
	w, f, log := filling(t)
	b := w.browser()
	b.begin(home)
	f.full = true
	b.do(func(ctx context.Context) { w.Flash(ctx, "ok", "Saved.") })
	if b.person() == nil || len(b.set) != 0 || !strings.Contains(log.String(), "flash not kept") {
		t.Errorf("set %v, log %s", b.set, log)
	}
	b.do(func(ctx context.Context) { _, err := w.End(ctx); must(t, err) })
	if b.person() != nil {
		t.Error("signing out does not work")
	}
}

// A new address that cannot be kept ends the ring: keys of two addresses must not stay together.
func TestMoveThatIsNotKept(t *testing.T) {
	t.Parallel()
	w, f, log := filling(t)
	b := w.browser()
	b.begin(home)
	b.enter(acme)
	p := b.person()
	f.full = true
	if left := p.Move("new@support.example"); len(left) != 2 || b.person() != nil || !strings.Contains(log.String(), "not moved") {
		t.Errorf("to be revoked: %v, log %s", left, log)
	}
}

// What the upstream says on every page is mostly what it said before, and then a page writes nothing.
func TestLearnWritesWhatIsNew(t *testing.T) {
	t.Parallel()
	w, f, _ := filling(t)
	b := w.browser()
	b.begin(home)
	in := w.signIn(home, ada)
	held, _ := b.person().Key(home)
	in.Session.ExpiresAt.Time = held.Expires
	for i, change := range []func(*stytch.Self){
		func(*stytch.Self) {},
		func(s *stytch.Self) { s.Session.Roles = []string{"other"} },
		func(s *stytch.Self) { s.Organization.Name = "New" },
		func(s *stytch.Self) { s.Organization.Slug = "new" },
		func(s *stytch.Self) { s.Member.Name = "New" },
		func(s *stytch.Self) { s.Session.ExpiresAt.Time = s.Session.ExpiresAt.Add(time.Second) },
	} {
		self := stytch.Self{Session: in.Session, Member: in.Member, Organization: in.Organization}
		b.person().Learn(self)
		before := f.learnt
		change(&self)
		for range 3 {
			b.person().Learn(self)
		}
		if want := min(i, 1); f.learnt-before != want {
			t.Errorf("change %d: %d writes, not %d", i, f.learnt-before, want)
		}
	}
}
