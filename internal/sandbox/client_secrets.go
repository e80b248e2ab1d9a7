package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// clientSecret is all that is kept of a secret: it is told once, and nobody can read it again (rule client-secret-once). The zero
// value is none.
type clientSecret struct {
	sum      [sha256.Size]byte
	lastFour string
}

func keepSecret(plain string) clientSecret {
	return clientSecret{sha256.Sum256([]byte(plain)), plain[max(0, len(plain)-4):]}
}

func (s clientSecret) exists() bool { return s.lastFour != "" }

func (s clientSecret) is(plain string) bool {
	sum := sha256.Sum256([]byte(plain))
	return s.exists() && subtle.ConstantTimeCompare(sum[:], s.sum[:]) == 1
}

// shown is what a client still tells of a secret; nil without one.
func (s clientSecret) shown() *string {
	if !s.exists() {
		return nil
	}
	return &s.lastFour
}

// clientSecrets are those of an OAuth client. During a rotation there are two, and both are good.
type clientSecrets struct{ current, next clientSecret }

// accept tells whether a secret is one of the client's. A public client has none, and no secret is its.
func (s *clientSecrets) accept(plain string) bool {
	current, next := s.current.is(plain), s.next.is(plain)
	return current || next
}

func (s *clientSecrets) rotating() bool { return s.next.exists() }

// SeedClientSecret is the secret of a client of the seed, by its client_id: the same in every sandbox.
func SeedClientSecret(clientID string) string { return seedSecret("client-secret", clientID) }

// SeedNextClientSecret is the secret that a client of the seed is being rotated to, when it is.
func SeedNextClientSecret(clientID string) string { return seedSecret("next-client-secret", clientID) }

func seedSecret(kind, clientID string) string {
	return base64.RawURLEncoding.EncodeToString(seedBytes(kind+"\x00"+clientID, 33))
}
