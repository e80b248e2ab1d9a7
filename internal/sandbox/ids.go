package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

var (
	tokenShape = regexp.MustCompile(`^[A-Za-z0-9_-]{44}$`)
	uuidShape  = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

// seedID is an identifier that is the same in every sandbox: the uuid comes from the name alone.
func seedID(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return kind + "-test-" + formatUUID(sum[:16])
}

// newID is an identifier of something made while the sandbox runs.
func newID(kind string) string { return kind + "-test-" + randomUUID() }

func randomUUID() string { return formatUUID(randomBytes(16)) }

// formatUUID writes 16 bytes as a version 4 uuid.
func formatUUID(b []byte) string {
	var u [16]byte
	copy(u[:], b)
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], u[0:4])
	hex.Encode(out[9:13], u[4:6])
	hex.Encode(out[14:18], u[6:8])
	hex.Encode(out[19:23], u[8:10])
	hex.Encode(out[24:36], u[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// newToken is 44 characters of A-Z a-z 0-9 _ -, the shape of every opaque token of the upstream.
func newToken() string { return base64.RawURLEncoding.EncodeToString(randomBytes(33)) }

// hasShape tells whether id is kind-test-<uuid>.
func hasShape(kind, id string) bool {
	rest, found := strings.CutPrefix(id, kind+"-test-")
	return found && uuidShape.MatchString(rest)
}

// stamp writes a time as the upstream does: UTC, whole seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// seedBytes are bytes that are the same in every sandbox: they come from the name alone.
func seedBytes(name string, n int) []byte {
	var out []byte
	for len(out) < n {
		sum := sha256.Sum256(append([]byte(name), out...))
		out = append(out, sum[:]...)
	}
	return out[:n]
}
