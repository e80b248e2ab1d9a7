package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/session"
)

// fullRing is a keyring that takes nothing new while it is full.
type fullRing struct {
	session.Keyring

	full atomic.Bool
}

func (r *fullRing) Begin(ctx context.Context, id string, ring session.Ring, pending ...session.RingPending) error {
	if r.full.Load() {
		return session.ErrNotKept
	}
	return r.Keyring.Begin(ctx, id, ring, pending...)
}

func (r *fullRing) Add(ctx context.Context, id, email string, key session.RingKey) error {
	if r.full.Load() {
		return session.ErrNotKept
	}
	return r.Keyring.Add(ctx, id, email, key)
}

// With a full disk pages are shown, what has to be kept is refused with the reason, and signing out works.
func TestNothingNewCanBeKept(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	limits := session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 1000}
	ring := &fullRing{Keyring: session.NewMemory(limits, f.now)}
	var err error
	f.sessions, err = session.New(session.Options{
		Client: f.client, StaffOrganizationID: f.staffID, Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: f.now, Limits: limits, Ring: ring,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.handler = handlers.New(f.options())
	b := f.signIn(ada, "support-desk")
	ring.full.Store(true)
	b.get(paths.Organizations).want(http.StatusOK)
	entering := b.post(paths.Enter(f.organization("acme")), url.Values{}).want(http.StatusServiceUnavailable)
	entering.says("cannot keep anything new").says("disk is full")
	if calls := strings.Join(entering.operations(), " "); !strings.Contains(calls, "Revoke") {
		t.Errorf("the session that nobody holds is not ended: %s", calls)
	}
	b.get(paths.Organizations).want(http.StatusOK)
	b.post(paths.Logout, url.Values{}).want(http.StatusSeeOther)
	b.get(paths.Organizations).leads(paths.Login)
	b.post(paths.Login, url.Values{"email": {ada}, "method": {"code"}}).want(http.StatusSeeOther)
	b.post(paths.LoginCode, url.Values{"code": {f.lastMail(ada).Code}}).want(http.StatusServiceUnavailable).says("cannot keep anything new")
	b.get(paths.Organizations).leads(paths.Login)
}
