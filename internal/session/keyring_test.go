package session_test

import (
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/session/sessiontest"
)

func TestMemoryKeyring(t *testing.T) {
	t.Parallel()
	sessiontest.Keyring(t, func(_ testing.TB, limits session.Limits, now func() time.Time) session.Keyring {
		return session.NewMemory(limits, now)
	})
}
