package session

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"
)

// Tickets are the forms that were sent. Package store has them in its database.
type Tickets interface {
	// Use says whether this is the first use of a ticket, and makes it used. An error means that it is not known to be used,
	// so that nothing must be done with it.
	Use(ctx context.Context, id string) (first bool, err error)
}

// A ticket is random bytes, the second in which its form was rendered, and a signature over both, the person and the address
// that the form goes to.
const (
	ticketRandom = 16
	ticketTime   = 8
	ticketMAC    = 16
)

// Ticket is what a form to an address of the console carries, so that it acts once however often it arrives. It belongs to the
// person and not to one of their sessions: a form that met the end of a session is sent again in the next one, and somebody
// else who signs in with the same browser cannot send it.
func (p *Person) Ticket(target string) string { return p.sessions.Ticket(p.Email, target) }

// Takes says whether a ticket is one of this person's for this address, rendered no longer ago than a session lasts.
func (p *Person) Takes(ticket, target string) bool {
	return p.sessions.takes(p.Email, ticket, target)
}

// TakesWithin is Takes for a form that is good for less long.
func (p *Person) TakesWithin(ticket, target string, life time.Duration) bool {
	return p.sessions.takesWithin(p.Email, ticket, target, min(life, p.sessions.ticketLife))
}

// Ticket is the ticket of the person with an e-mail address.
func (s *Sessions) Ticket(email, target string) string {
	b := make([]byte, ticketRandom, ticketRandom+ticketTime+ticketMAC)
	_, _ = rand.Read(b)                                          // crypto/rand.Read never fails
	b = binary.BigEndian.AppendUint64(b, uint64(s.now().Unix())) //nolint:gosec // G115: the clock is past 1970
	return base64.RawURLEncoding.EncodeToString(append(b, signature(s.ticketKeys[0], b, email, target)...))
}

func (s *Sessions) takes(email, ticket, target string) bool {
	return s.takesWithin(email, ticket, target, s.ticketLife)
}

func (s *Sessions) takesWithin(email, ticket, target string, life time.Duration) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil || len(b) != ticketRandom+ticketTime+ticketMAC {
		return false
	}
	said, mac := b[:ticketRandom+ticketTime], b[ticketRandom+ticketTime:]
	for _, key := range s.ticketKeys {
		if hmac.Equal(mac, signature(key, said, email, target)) {
			at := time.Unix(int64(binary.BigEndian.Uint64(said[ticketRandom:])), 0) //nolint:gosec // G115: signed by us
			return s.now().Sub(at) < life
		}
	}
	return false
}

// Spend makes a ticket used. It says no where it was before.
func (s *Sessions) Spend(ctx context.Context, ticket string) (first bool, err error) {
	return s.tickets.Use(ctx, ticket)
}

func signature(key, said []byte, email, target string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range [][]byte{said, []byte(email), []byte(target)} {
		// With its length, so that no two sets of parts are the same bytes.
		_, _ = mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part)))) //nolint:gosec // G115: far below
		_, _ = mac.Write(part)
	}
	return mac.Sum(nil)[:ticketMAC]
}

func ticketKeys(keys [][]byte) ([][]byte, error) {
	out := make([][]byte, len(keys))
	for i, key := range keys {
		var err error
		if out[i], err = hkdf.Key(sha256.New, key, nil, "console form tickets", 32); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// usedTickets are tickets in memory, for as long as they could be used again.
type usedTickets struct {
	life time.Duration
	now  func() time.Time

	mu    sync.Mutex
	used  map[string]time.Time
	swept time.Time
}

// Use implements Tickets.
func (u *usedTickets) Use(_ context.Context, id string) (bool, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.now()
	if now.Sub(u.swept) > time.Minute {
		u.swept = now
		for id, at := range u.used {
			if now.Sub(at) > u.life {
				delete(u.used, id)
			}
		}
	}
	if _, before := u.used[id]; before {
		return false, nil
	}
	u.used[id] = now
	return true, nil
}
