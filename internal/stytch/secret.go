package stytch

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is what secrets print as.
const hidden = "[secret]"

// Secret is a token that must not reach a page, a log or an address. Its formatted and encoded forms say nothing.
type Secret string

// Format hides the value from every verb; without it %d or %t would print it in a complaint about the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// String hides the value from whatever calls it.
func (Secret) String() string { return hidden }

// LogValue hides the value from structured logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from encoders. Requests are made of revealed values.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Len is the length in bytes, which bounds a password that somebody typed.
func (s Secret) Len() int { return len(s) }

// Reveal returns the value. Outside of the package few files call this, and a test names each: the keyring, which seals it; the one that
// draws what a person must be shown once; the one that leads a browser to a client; and the one that looks at a secret that somebody brings.
func (s Secret) Reveal() string { return string(s) }

// Format says whose key it is. Package fmt reaches into the fields of a struct, and calls no method of those that are
// not exported: printed as it is, a Tenant would give its token away.
func (t Tenant) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "tenant "+t.key.OrganizationID+" as "+t.key.MemberID)
}

// Format says whose key it is, and no more.
func (s Staff) Format(f fmt.State, verb rune) { s.tenant.Format(f, verb) }

// Format hides the project secret.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "client of the upstream") }
