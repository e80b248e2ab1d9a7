package session

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/sessions"

	"console.internal/internal/stytch"
)

// CookieName is the session cookie. The prefix makes browsers refuse it without Secure, with a Domain or a Path: no
// sibling host can plant one.
const CookieName = "__Host-session"

// Options are what the sessions need.
type Options struct {
	Client *stytch.Client
	// StaffOrganizationID is the pinned staff organization; empty where there is none.
	StaffOrganizationID string
	Limits              Limits
	// Keys seal the flow cookie: 32 bytes each, the first one writes.
	Keys [][]byte
	Now  func() time.Time
	// Ring keeps the keys, and Store what the session library keeps. Without them both are in memory, and Limits are the ring's.
	Ring  Keyring
	Store scs.CtxStore
	// Tickets keeps which forms were sent; without it that is in memory.
	Tickets Tickets
	// Log is told of what could not be kept where nobody is there to be told. It may be nil.
	Log *slog.Logger
}

// Sessions opens and ends the sessions of people.
type Sessions struct {
	client     *stytch.Client
	staff      string
	ring       Keyring
	scs        *scs.SessionManager
	flow       *sessions.CookieStore
	wanted     *sessions.CookieStore
	now        func() time.Time
	log        *slog.Logger
	tickets    Tickets
	ticketKeys [][]byte
	ticketLife time.Duration
	// memory is where scs keeps its sessions without a store.
	memory *memory
}

// New returns the sessions.
func New(o Options) (*Sessions, error) {
	flow, err := newCookieStore(o.Keys, "flow", flowLife)
	if err != nil {
		return nil, err
	}
	wanted, err := newCookieStore(o.Keys, "authorize", wantedLife)
	if err != nil {
		return nil, err
	}
	if o.Ring == nil {
		o.Ring = NewMemory(o.Limits, o.Now)
	}
	kept := newMemory()
	if o.Store == nil {
		o.Store = kept
	}
	if o.Tickets == nil {
		o.Tickets = &usedTickets{life: o.Limits.Length, now: o.Now, used: map[string]time.Time{}}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	signing, err := ticketKeys(o.Keys)
	if err != nil {
		return nil, err
	}
	// Not scs.New: it makes a store of its own first, whose goroutine nobody stops.
	manager := &scs.SessionManager{
		Store: o.Store, Codec: codec{}, HashTokenInStore: true, Lifetime: o.Limits.Length,
		Cookie: scs.SessionCookie{
			Name: CookieName, Path: "/", Secure: true, HttpOnly: true, Persist: false,
			// Lax and not Strict: a sign-in link in a mail must not look signed out.
			SameSite: http.SameSiteLaxMode,
		},
	}
	return &Sessions{
		client: o.Client, staff: o.StaffOrganizationID, scs: manager, flow: flow, wanted: wanted, ring: o.Ring, now: o.Now, log: o.Log, memory: kept,
		tickets: o.Tickets, ticketKeys: signing, ticketLife: o.Limits.Length,
	}, nil
}

// Close forgets what is in memory. What a store keeps is there after the next start.
func (s *Sessions) Close() { s.memory.clear() }

// failed tells the log of what could not be read or kept, where the caller goes on without it.
func (s *Sessions) failed(ctx context.Context, what string, err error) {
	if err != nil {
		s.log.ErrorContext(ctx, what, "error", err)
	}
}

// Load returns a context with the request's session. A cookie that names none is the same as no cookie.
func (s *Sessions) Load(r *http.Request) (context.Context, error) {
	token := ""
	if cookie, err := r.Cookie(CookieName); err == nil {
		token = cookie.Value
	}
	ctx, err := s.scs.Load(r.Context(), token)
	if err != nil {
		return nil, err
	}
	came := arrival{token: s.scs.Token(ctx)}
	if came.token != "" {
		if came.id, came.key, err = derive(came.token); err != nil {
			return nil, err
		}
		if came.held, err = s.ring.Has(ctx, came.id); err != nil {
			return nil, err
		}
	}
	return context.WithValue(ctx, arrivalKey{}, came), nil
}

// arrival is what a request came with: the session's token, what is derived from it, and whether there was a ring.
type arrival struct {
	token, id string
	key       []byte
	held      bool
}

type arrivalKey struct{}

func arrivalOf(ctx context.Context) arrival {
	came, _ := ctx.Value(arrivalKey{}).(arrival)
	return came
}

// signedOut says that the ring that the request came with is gone: somebody signed out while it ran.
func (s *Sessions) signedOut(ctx context.Context) bool {
	if !arrivalOf(ctx).held {
		return false
	}
	id, _, ok := s.names(ctx)
	if !ok {
		return true
	}
	held, err := s.ring.Has(ctx, id)
	s.failed(ctx, "ring not read", err)
	return !held
}

// Save writes the session back and sets its cookie where that is needed. It must run before the first byte.
func (s *Sessions) Save(ctx context.Context, w http.ResponseWriter) error {
	switch s.scs.Status(ctx) {
	case scs.Modified:
		if s.signedOut(ctx) {
			// A flash must not bring back the cookie that signing out took away.
			return nil
		}
		token, expiry, err := s.scs.Commit(ctx)
		if err != nil && errors.Is(err, ErrNotKept) && s.scs.Token(ctx) == arrivalOf(ctx).token {
			// The session is there, and all that is lost is a flash.
			s.failed(ctx, "flash not kept", err)
			return nil
		}
		if err != nil {
			return err
		}
		s.writeCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.writeCookie(ctx, w, "", time.Time{})
	case scs.Unmodified:
	}
	return nil
}

// writeCookie leaves Cache-Control as it was: the library adds a second, weaker one.
func (s *Sessions) writeCookie(ctx context.Context, w http.ResponseWriter, token string, expiry time.Time) {
	kept := slices.Clone(w.Header().Values("Cache-Control"))
	s.scs.WriteSessionCookie(ctx, w, token, expiry)
	w.Header()["Cache-Control"] = kept
}

const flashText, flashKind = "flash", "flash.kind"

// Flash keeps a message for the next page. It is dropped for somebody who is not signed in: a stranger gets no session.
func (s *Sessions) Flash(ctx context.Context, kind, text string) {
	if s.scs.Token(ctx) != "" {
		s.scs.Put(ctx, flashKind, kind)
		s.scs.Put(ctx, flashText, text)
	}
}

// PopFlash returns the message and forgets it. It belongs to whole pages only: a part would eat it.
func (s *Sessions) PopFlash(ctx context.Context) (kind, text string) {
	if !s.scs.Exists(ctx, flashText) {
		return "", ""
	}
	return s.scs.PopString(ctx, flashKind), s.scs.PopString(ctx, flashText)
}

// Begin starts the session of somebody who has just signed in. The cookie changes, so that none from before is worth
// anything after, and the keys of an earlier session are returned to be revoked. ErrSignedOut means that somebody signed
// out in this browser while the request ran: then the session that was just made is returned to be revoked.
func (s *Sessions) Begin(ctx context.Context, in stytch.SignIn) (old []stytch.Tenant, err error) {
	old, err = s.replace(ctx)
	if err != nil {
		return append(old, s.Stray(in)), err
	}
	id, key, err := s.renew(ctx)
	if err != nil {
		return old, err
	}
	home, err := ringKeyOf(key, in)
	if err != nil {
		return old, err
	}
	err = s.ring.Begin(ctx, id, Ring{
		Email: in.Member.Email, Name: in.Member.Name, Home: in.Organization.ID,
		Keys: RingKeys{home}, Impersonator: in.Impersonator(),
	})
	if err != nil {
		// Nobody would hold the session that was just made, so it must not live on.
		return append(old, s.Stray(in)), err
	}
	return old, nil
}

// Stray is the Tenant of a session that is on no ring, and is only good for ending it.
func (s *Sessions) Stray(in stytch.SignIn) stytch.Tenant {
	return s.client.Hold(stytch.Key{OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, ReadOnly: true})
}

// End signs out: first the keys are gone, then they are returned to be revoked upstream.
func (s *Sessions) End(ctx context.Context) ([]stytch.Tenant, error) {
	held, _, err := s.endRing(ctx)
	return held, errors.Join(err, s.scs.Destroy(ctx))
}

// replace ends the ring that a new one takes the place of. One that was there when the request came and is not any more
// was signed out meanwhile, and must not come back.
func (s *Sessions) replace(ctx context.Context) ([]stytch.Tenant, error) {
	old, ended, err := s.endRing(ctx)
	if err == nil && arrivalOf(ctx).held && !ended {
		return old, ErrSignedOut
	}
	return old, err
}

func (s *Sessions) endRing(ctx context.Context) (ended []stytch.Tenant, ok bool, err error) {
	id, key, ok := s.names(ctx)
	if !ok {
		return nil, false, nil
	}
	r, ok, err := s.ring.End(ctx, id)
	return s.holdAll(id, key, r.Keys, r.Impersonator != ""), ok, err
}

// holdAll opens the keys that this cookie opens.
func (s *Sessions) holdAll(id string, key []byte, keys []RingKey, readOnly bool) []stytch.Tenant {
	held := make([]stytch.Tenant, 0, len(keys))
	for i := range keys {
		if t, ok := s.hold(id, key, &keys[i], readOnly); ok {
			held = append(held, s.client.Hold(t))
		}
	}
	return held
}

// renew gives the session a new cookie and returns what the ring is derived from.
func (s *Sessions) renew(ctx context.Context) (id string, key []byte, err error) {
	if err := s.scs.Clear(ctx); err != nil {
		return "", nil, err
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return "", nil, err
	}
	return derive(s.scs.Token(ctx))
}

// names derives the ring's id and sealing key from the session of the request.
func (s *Sessions) names(ctx context.Context) (id string, key []byte, ok bool) {
	token := s.scs.Token(ctx)
	if token == "" {
		return "", nil, false
	}
	// The token changes only with signing in and out, and deriving is not cheap.
	if came := arrivalOf(ctx); came.token == token {
		return came.id, came.key, true
	}
	id, key, err := derive(token)
	return id, key, err == nil
}

func (s *Sessions) hold(id string, key []byte, stored *RingKey, readOnly bool) (stytch.Key, bool) {
	token, err := unseal(key, stored.OrganizationID, stored.Sealed)
	return stytch.Key{
		OrganizationID: stored.OrganizationID, MemberID: stored.MemberID, Token: stytch.Secret(token),
		Roles: stored.Roles, Session: id, ReadOnly: readOnly, Ends: stored.Expires,
	}, err == nil
}
