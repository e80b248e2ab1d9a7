package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

func TestDurable(t *testing.T) {
	t.Parallel()
	o := options(t)
	s, other := open(t, o), open(t, o)
	d := s.Durable()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	add := func(d *store.Durable, name string, err error) error {
		return d.Write(gone, func(ctx context.Context, tx *sql.Tx) error {
			var full int
			must(t, tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&full))
			if full != 2 {
				t.Errorf("synchronous is %d, not FULL", full)
			}
			var n int // whoever reads first must not find that somebody else has written since
			must(t, tx.QueryRowContext(ctx, "SELECT count(*) FROM about").Scan(&n))
			_, failed := tx.ExecContext(ctx, "INSERT INTO about (name, value) VALUES (?, '')", name)
			return errors.Join(failed, err)
		})
	}
	must(t, add(d, "one", nil))
	why := errors.New("thought better of it")
	if err := add(d, "two", why); !errors.Is(err, why) {
		t.Error(err)
	}
	count := func() (n int) {
		must(t, d.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM about WHERE value = ''").Scan(&n))
		return n
	}
	if n := count(); n != 1 {
		t.Errorf("%d rows", n)
	}
	if _, err := d.Reader().ExecContext(t.Context(), "DELETE FROM about"); err == nil {
		t.Error("the reader writes")
	}
	// Sign-ins of this process, and another process's writes of both kinds.
	var wg sync.WaitGroup
	for i := range 40 {
		name := strings.Repeat("x", i+1)
		wg.Go(func() { must(t, add(d, name, nil)) })
		wg.Go(func() { must(t, add(other.Durable(), "other-"+name, nil)) })
		wg.Go(func() { must(t, s.Ring().Begin(t.Context(), name, ringWith("home"))) })
	}
	wg.Wait()
	if n := count(); n != 81 {
		t.Errorf("%d rows", n)
	}
}

// A command takes a file as it is: of whatever project, and without signing anybody out.
func TestExisting(t *testing.T) {
	t.Parallel()
	o := options(t)
	existing := store.Options{Path: o.Path, Existing: true, Now: func() time.Time { return time.Now().Add(time.Hour) }}
	if why := fails(t, existing); why != "there is no such file" {
		t.Errorf("it says %q", why)
	}
	if files, err := os.ReadDir(filepath.Dir(o.Path)); err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
	console := open(t, o)
	must(t, console.Ring().Begin(t.Context(), "id", ringWith("home")))
	var before, after string
	opened := func(s *store.Store, at *string) {
		must(t, s.Durable().Reader().QueryRowContext(t.Context(), "SELECT value FROM about WHERE name = 'opened'").Scan(at))
	}
	opened(console, &before)
	s := open(t, existing)
	opened(s, &after)
	if before != after {
		t.Error("it is written to")
	}
	if has, err := console.Ring().Has(t.Context(), "id"); !has || err != nil {
		t.Errorf("%t, %v", has, err)
	}
	for want, version := range map[string]string{"an older version": "1", "a newer version": "99"} {
		change(t, raw(t, o.Path), "UPDATE about SET value = '"+version+"' WHERE name = 'schema'")
		if why := fails(t, existing); !strings.HasPrefix(why, want) {
			t.Errorf("version %s: %q", version, why)
		}
	}
	existing.Path = filepath.Join(t.TempDir(), "empty.db")
	must(t, os.WriteFile(existing.Path, nil, 0o600))
	if why := fails(t, existing); !strings.HasPrefix(why, "an older version") {
		t.Errorf("an empty file: %q", why)
	}
	existing.Path = o.Path
	change(t, raw(t, o.Path), "DROP TABLE about")
	if why := fails(t, existing); !strings.Contains(why, "another program's") {
		t.Errorf("a foreign file: %q", why)
	}
}

// Where there is no room the record says so as sessions do.
func TestDurableIsFull(t *testing.T) {
	t.Parallel()
	d := open(t, options(t)).Durable()
	err := d.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "PRAGMA max_page_count = 1"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO about (name, value) VALUES ('x', ?)", strings.Repeat("x", 100_000))
		return err
	})
	if !errors.Is(err, session.ErrNotKept) || !strings.Contains(err.Error(), "the disk is full") {
		t.Error(err)
	}
}
