package entry_test

import (
	"testing"

	"console.internal/internal/entry"
	"console.internal/internal/entry/entrytest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	entrytest.Keeper(t, func(*testing.T) entry.Keeper { return &entry.Memory{} })
}
