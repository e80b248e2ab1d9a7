package store_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

// raw opens the file as any other program would.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	address := url.URL{Scheme: "file", Path: path}
	db, err := sql.Open("sqlite", address.String())
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func change(t testing.TB, db *sql.DB, query string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), query)
	must(t, err)
}

// fails opens what must not open, and returns why.
func fails(t *testing.T, o store.Options) string {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err == nil {
		must(t, s.Close())
		t.Fatal("it opens")
	}
	wrong, ok := errors.AsType[*store.OpenError](err)
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	if strings.Contains(wrong.Why, filepath.Dir(o.Path)) {
		t.Errorf("it names a path: %s", wrong.Why)
	}
	return wrong.Why
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	used := func(t *testing.T, statement string) store.Options {
		o := options(t)
		s, err := store.Open(t.Context(), o)
		must(t, err)
		must(t, s.Close())
		if statement != "" {
			change(t, raw(t, o.Path), statement)
		}
		return o
	}
	write := func(t *testing.T, path, text string) {
		must(t, os.WriteFile(path, []byte(text), 0o600))
	}
	for want, prepare := range map[string]func(*testing.T) store.Options{
		"a newer version": func(t *testing.T) store.Options {
			return used(t, "UPDATE about SET value = '99' WHERE name = 'schema'")
		},
		"the database belongs to another project": func(t *testing.T) store.Options {
			o := used(t, "")
			o.ProjectID = "project-test-22222222-2222-4222-8222-222222222222"
			return o
		},
		"the file is another program's database": func(t *testing.T) store.Options {
			o := options(t)
			change(t, raw(t, o.Path), "CREATE TABLE cats (name TEXT)")
			return o
		},
		"the file is another program's": func(t *testing.T) store.Options {
			return used(t, "DELETE FROM about WHERE name = 'project'")
		},
		"the file is damaged, or no database": func(t *testing.T) store.Options {
			o := options(t)
			write(t, o.Path, strings.Repeat("This is a letter. ", 1000))
			return o
		},
		"it is a directory": func(t *testing.T) store.Options {
			o := options(t)
			o.Path = t.TempDir()
			return o
		},
		"its directory is a file": func(t *testing.T) store.Options {
			o := options(t)
			write(t, o.Path, "")
			o.Path = filepath.Join(o.Path, "console.db")
			return o
		},
		"another program holds the database": func(t *testing.T) store.Options {
			if testing.Short() {
				t.Skip("it waits for five seconds")
			}
			o := used(t, "")
			tx, err := raw(t, o.Path).BeginTx(t.Context(), nil)
			must(t, err)
			_, err = tx.ExecContext(t.Context(), "UPDATE about SET value = value")
			must(t, err)
			t.Cleanup(func() { must(t, tx.Rollback()) })
			return o
		},
		"the file or its directory cannot be written": func(t *testing.T) store.Options {
			if os.Geteuid() == 0 {
				t.Skip("nothing is forbidden to root")
			}
			o := options(t)
			must(t, os.Chmod(filepath.Dir(o.Path), 0o500)) //nolint:gosec // G302: a directory is entered
			return o
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if why := fails(t, prepare(t)); !strings.HasPrefix(why, want) {
				t.Errorf("it says %q", why)
			}
		})
	}
}

// A file that is refused is left as it was.
func TestRefusedFileIsUntouched(t *testing.T) {
	t.Parallel()
	o := options(t)
	change(t, raw(t, o.Path), "CREATE TABLE cats (name TEXT)")
	fails(t, o)
	var tables int
	must(t, raw(t, o.Path).QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_master").Scan(&tables))
	if tables != 1 {
		t.Errorf("%d tables", tables)
	}
}

// Nobody else reads the files, whatever the mask of the process, and an open one of an earlier time is closed.
func TestFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	for _, before := range []fs.FileMode{0, 0o644} {
		o := options(t)
		o.Path = filepath.Join(filepath.Dir(o.Path), "new", "odd ?#%25 name.db")
		if before != 0 {
			must(t, os.MkdirAll(filepath.Dir(o.Path), 0o700))
			must(t, os.WriteFile(o.Path, nil, before))
		}
		s := open(t, o)
		must(t, s.Ring().Begin(t.Context(), "id", session.Ring{Email: "ada@support.example"}))
		entries, err := os.ReadDir(filepath.Dir(o.Path))
		must(t, err)
		if len(entries) != 3 {
			t.Errorf("the files are %v", entries)
		}
		for _, entry := range entries {
			info, err := entry.Info()
			must(t, err)
			if info.Mode().Perm() != 0o600 || !strings.HasPrefix(entry.Name(), "odd ?#%25 name.db") {
				t.Errorf("%s has the mode %v", entry.Name(), info.Mode())
			}
		}
	}
}

// What was kept is there after the next start, unless the start is to be fresh.
func TestReopen(t *testing.T) {
	t.Parallel()
	o := options(t)
	for i, want := range []bool{false, true, true, false} {
		o.Fresh = i == 3
		s, err := store.Open(t.Context(), o)
		must(t, err)
		if has, err := s.Ring().Has(t.Context(), "id"); has != want || err != nil {
			t.Errorf("start %d: %t, %v", i, has, err)
		}
		if i == 0 {
			must(t, s.Ring().Begin(t.Context(), "id", session.Ring{Email: "ada@support.example"}))
		}
		must(t, s.Close())
		must(t, s.Close()) // closing what is closed does nothing
	}
}

// Every connection has what was asked of it: half of it is off by default.
func TestPragmas(t *testing.T) {
	t.Parallel()
	o := options(t)
	s := open(t, o)
	must(t, s.Ring().Begin(t.Context(), "id", session.Ring{Email: "a", Home: "h", Keys: session.RingKeys{{OrganizationID: "h", Sealed: []byte("h")}}}))
	_, _, err := s.Ring().End(t.Context(), "id")
	must(t, err)
	db := raw(t, o.Path)
	var keys int
	var mode string
	must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM ring_keys").Scan(&keys))
	must(t, db.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	if keys != 0 || mode != "wal" {
		t.Errorf("%d keys without a ring, journal %s", keys, mode)
	}
}
