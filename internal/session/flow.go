package session

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// FlowCookieName is the cookie of somebody who is about to sign in.
const FlowCookieName = "__Host-flow"

// flowLife is how long a sign-in may take: as long as the links that are sent work.
const flowLife = time.Hour

// Flow is what a browser carries until it is signed in. It is encrypted: a return address and an e-mail address are
// nobody else's business, and the verifier makes a sign-in link work in this browser alone.
type Flow struct {
	// Email is the address that something was sent to.
	Email string
	// Organization is the slug of the organization signed in to, or empty.
	Organization string
	// Method is "link", "code", "reset" or "oauth".
	Method string
	// Verifier is the PKCE verifier of what was sent or started.
	Verifier string
	// Return is the address wanted first.
	Return string
	// At is when the flow was last written, in seconds since 1970.
	At int64
}

// newCookieStore makes encrypted cookies for one purpose, which no cookie of another purpose passes for.
func newCookieStore(keys [][]byte, purpose string, life time.Duration) (*sessions.CookieStore, error) {
	if len(keys) == 0 {
		return nil, errors.New("session: a key is required")
	}
	var pairs [][]byte
	for _, key := range keys {
		hash, err := hkdf.Key(sha256.New, key, nil, "console "+purpose+" cookie hash", 64)
		if err != nil {
			return nil, err
		}
		block, err := hkdf.Key(sha256.New, key, nil, "console "+purpose+" cookie block", 32)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, hash, block)
	}
	store := sessions.NewCookieStore(pairs...)
	store.MaxAge(int(life.Seconds()))
	store.Options.Path = "/"
	store.Options.Secure = true
	store.Options.HttpOnly = true
	store.Options.SameSite = http.SameSiteLaxMode
	for _, codec := range store.Codecs {
		if c, ok := codec.(*securecookie.SecureCookie); ok {
			c.SetSerializer(securecookie.GobEncoder{})
		}
	}
	gob.Register(Flow{})
	return store, nil
}

// Flow returns the flow of the request. A cookie that does not open, or is too old, is no cookie.
func (s *Sessions) Flow(r *http.Request) Flow {
	got, err := s.flow.Get(r, FlowCookieName)
	if err != nil || got == nil {
		return Flow{}
	}
	f, ok := got.Values["flow"].(Flow)
	if !ok || s.now().Sub(time.Unix(f.At, 0)) >= flowLife {
		return Flow{}
	}
	return f
}

// SetFlow keeps the flow in the browser, without its return address where that would make the cookie too long. It must
// run before the first byte.
func (s *Sessions) SetFlow(w http.ResponseWriter, r *http.Request, f Flow) error {
	f.At = s.now().Unix()
	got, err := s.flow.New(r, FlowCookieName)
	if got == nil {
		return err
	}
	got.Values = map[any]any{"flow": f}
	err = s.flow.Save(r, w, got)
	if err != nil && f.Return != "" {
		// A cookie has 4,096 bytes, and somebody else may have written the address: it must not keep a person from signing in.
		f.Return = ""
		got.Values = map[any]any{"flow": f}
		err = s.flow.Save(r, w, got)
	}
	return err
}

// EndFlow removes the flow from the browser.
func (s *Sessions) EndFlow(w http.ResponseWriter) { endCookie(w, FlowCookieName) }

func endCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
