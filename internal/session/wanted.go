package session

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WantedCookieName is the cookie of somebody who signs in for the sake of an OAuth client.
const WantedCookieName = "__Host-authorize"

// wantedLife is how long an authorization request waits for a sign-in.
const wantedLife = 15 * time.Minute

// Wanted is an authorization request that somebody must sign in for first. The browser keeps it, encrypted, and the server nothing: a
// stranger can fill no store. There is one at a time.
type Wanted struct {
	// Query is the request, byte for byte.
	Query string
	// At is when the sign-in was asked for. A proof that is older does not answer a request for a new one.
	At time.Time
	// Arrived says that the person was led back to the request; signing in again does not lead there a second time.
	Arrived bool
}

// Wanted returns the request that the browser keeps; the zero Wanted is none. A cookie that does not open, or is too old, is none.
func (s *Sessions) Wanted(r *http.Request) Wanted {
	got, err := s.wanted.Get(r, WantedCookieName)
	if err != nil || got == nil {
		return Wanted{}
	}
	text, _ := got.Values[wantedValue].(string)
	at, rest, _ := strings.Cut(text, " ")
	arrived, query, ok := strings.Cut(rest, " ")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || s.now().Sub(time.Unix(seconds, 0)) >= wantedLife {
		return Wanted{}
	}
	return Wanted{Query: query, At: time.Unix(seconds, 0), Arrived: arrived == "1"}
}

// The one value of the cookie is one text: a struct would bring the names of its fields along, and the cookie holds little more than the
// longest request.
const wantedValue = "w"

// SetWanted keeps a request in the browser, in place of one that was there. It must run before the first byte.
func (s *Sessions) SetWanted(w http.ResponseWriter, r *http.Request, wanted Wanted) error {
	got, err := s.wanted.New(r, WantedCookieName)
	if got == nil {
		return err
	}
	arrived := "0"
	if wanted.Arrived {
		arrived = "1"
	}
	got.Values = map[any]any{wantedValue: strconv.FormatInt(wanted.At.Unix(), 10) + " " + arrived + " " + wanted.Query}
	return s.wanted.Save(r, w, got)
}

// EndWanted removes the request from the browser.
func (s *Sessions) EndWanted(w http.ResponseWriter) { endCookie(w, WantedCookieName) }
