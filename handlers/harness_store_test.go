package handlers_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

// storeProject is whose the databases of the tests are. It is one for all of them, so that one file serves as their beginning.
const storeProject = "project-test-99999999-9999-4999-8999-999999999999"

// emptyStore is a database with its tables and nothing in them: making it takes far longer than copying it.
var emptyStore = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "console-test-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "console.db")
	s, err := store.Open(context.Background(), store.Options{Path: path, ProjectID: storeProject, Limits: session.Limits{Idle: time.Hour, Length: time.Hour, Rings: 1}, Now: time.Now})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// openStore opens a database of the test's own.
func openStore(t testing.TB, limits session.Limits, now func() time.Time) *store.Store {
	t.Helper()
	file, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "console.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Path: path, ProjectID: storeProject, Limits: limits, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
