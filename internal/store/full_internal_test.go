package store

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/session"
)

var limits = session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 1000}

// begun is a store with one ring and one session of the library.
func begun(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "console.db"), ProjectID: "project", Limits: limits, Now: time.Now})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.Ring().Begin(t.Context(), "id", ringOf("key")))
	must(t, s.Sessions().Commit("token", []byte("flash"), time.Now().Add(time.Hour)))
	return s
}

func ringOf(sealed string) session.Ring {
	return session.Ring{Email: "ada@support.example", Home: "home", Keys: session.RingKeys{
		{OrganizationID: "home", Expires: time.Now().Add(time.Hour), Sealed: []byte(sealed)},
	}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pragma(t testing.TB, s *Store, text string) {
	t.Helper()
	_, err := s.writer.ExecContext(t.Context(), "PRAGMA "+text)
	must(t, err)
}

// reads fails unless what is there can be read.
func reads(t *testing.T, s *Store) {
	t.Helper()
	if r, ok, err := s.Ring().Use(t.Context(), "id"); !ok || err != nil || len(r.Keys) != 1 {
		t.Errorf("the ring: %+v, %t, %v", r, ok, err)
	}
	if data, ok, err := s.Sessions().Find("token"); string(data) != "flash" || !ok || err != nil {
		t.Errorf("the session: %q, %t, %v", data, ok, err)
	}
}

// A database that may not grow stands for a full disk.
func TestFullDatabase(t *testing.T) {
	t.Parallel()
	s := begun(t)
	pragma(t, s, "max_page_count = 1") // it is as large as it may be
	var err error
	for i := range 100 {
		if err = s.Ring().Begin(t.Context(), strconv.Itoa(i), ringOf(strings.Repeat("x", 10_000))); err != nil {
			break
		}
	}
	if !errors.Is(err, session.ErrNotKept) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a sign-in ends with %v", err)
	}
	reads(t, s)
	if r, ok, err := s.Ring().End(t.Context(), "id"); !ok || err != nil || len(r.Keys) != 1 {
		t.Errorf("signing out: %+v, %t, %v", r, ok, err)
	}
	pragma(t, s, "max_page_count = 1000000")
	must(t, s.Ring().Begin(t.Context(), "later", ringOf("key")))
}

// Where not even a row can be deleted, who signs out is out all the same, and the row goes as soon as it can.
func TestNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	s := begun(t)
	ring, blobs, ctx := s.Ring(), s.Sessions(), t.Context()
	pragma(t, s, "query_only = 1")
	key := session.RingKey{OrganizationID: "acme", Sealed: []byte("key")}
	_, ticket := s.Tickets().Use(ctx, "one")
	for what, err := range map[string]error{
		"begin": ring.Begin(ctx, "other", ringOf("key")), "add": ring.Add(ctx, "id", "ada@support.example", key),
		"pend":   ring.Pend(ctx, "id", session.RingPending{Email: "ada@support.example", Sealed: []byte("p")}),
		"commit": blobs.Commit("other", nil, time.Now().Add(time.Hour)), "ticket": ticket,
	} {
		if !errors.Is(err, session.ErrNotKept) {
			t.Errorf("%s ends with %v", what, err)
		}
	}
	reads(t, s)
	// A page is shown long after the last use could be written.
	s.now = func() time.Time { return time.Now().Add(10 * time.Minute) }
	reads(t, s)
	if r, ok, err := ring.End(ctx, "id"); !ok || err != nil || len(r.Keys) != 1 {
		t.Errorf("signing out: %+v, %t, %v", r, ok, err)
	}
	must(t, blobs.Delete("token"))
	gone := func(when string) {
		t.Helper()
		has, err := ring.Has(ctx, "id")
		must(t, err)
		_, used, err := ring.Use(ctx, "id")
		must(t, err)
		_, ended, err := ring.End(ctx, "id")
		must(t, err)
		_, found, err := blobs.Find("token")
		must(t, err)
		pendings, err := ring.Pendings(ctx, "id")
		must(t, err)
		_, noted, err := ring.Note(ctx, "id", "totp")
		must(t, err)
		if has || used || ended || found || len(pendings) > 0 || noted || !errors.Is(ring.Add(ctx, "id", "ada@support.example", key), session.ErrSignedOut) {
			t.Errorf("%s: something is left of what was signed out", when)
		}
	}
	gone("at once")
	if err := s.Sweep(ctx); !errors.Is(err, session.ErrNotKept) {
		t.Errorf("sweeping ends with %v", err)
	}
	gone("after a sweep that failed")
	pragma(t, s, "query_only = 0")
	gone("when there is room")
	must(t, s.Sweep(ctx))
	gone("after a sweep")
	if len(s.rings.all())+len(s.blobs.all()) != 0 {
		t.Error("it is remembered for ever")
	}
	for _, query := range []string{"SELECT count(*) FROM rings WHERE id = 'id'", "SELECT count(*) FROM sessions WHERE id = 'token'"} {
		n := 1
		must(t, s.reader.QueryRowContext(ctx, query).Scan(&n))
		if n != 0 {
			t.Error("the row is still there")
		}
	}
	// The same id may begin anew, swept or not.
	for range 2 {
		must(t, ring.Begin(ctx, "id", ringOf("new")))
		must(t, blobs.Commit("token", []byte("flash"), time.Now().Add(time.Hour)))
		has, err := ring.Has(ctx, "id")
		must(t, err)
		if _, found, err := blobs.Find("token"); !has || !found || err != nil {
			t.Errorf("%t, %t, %v", has, found, err)
		}
		pragma(t, s, "query_only = 1")
		_, _, err = ring.End(ctx, "id")
		must(t, err)
		must(t, blobs.Delete("token"))
		pragma(t, s, "query_only = 0")
	}
}

// Within a minute of use no page view writes, and of pages that are loaded side by side one does.
func TestUseWritesOnceAMinute(t *testing.T) {
	t.Parallel()
	s, now := begun(t), time.Now()
	s.now = func() time.Time { return now }
	writes := func() (n int) {
		must(t, s.writer.QueryRowContext(t.Context(), "SELECT total_changes()").Scan(&n))
		return n
	}
	before := writes()
	for i := range 600 {
		now = now.Add(time.Second)
		if i == 59 {
			// All four are to read before one of them writes.
			s.writing.Lock()
			time.AfterFunc(100*time.Millisecond, s.writing.Unlock)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, ok, err := s.Ring().Use(t.Context(), "id"); !ok || err != nil {
					t.Errorf("%t, %v", ok, err)
				}
			})
		}
		wg.Wait()
	}
	if n := writes() - before; n != 10 {
		t.Errorf("%d writes in ten minutes", n)
	}
}

// A request that its browser gave up on finishes what it began.
func TestGivenUpRequestsFinish(t *testing.T) {
	t.Parallel()
	s := begun(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, s.Ring().Begin(ctx, "given-up", ringOf("key")))
	if _, ok, err := s.Ring().Use(ctx, "given-up"); !ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
	if _, ok, err := s.Ring().End(ctx, "id"); !ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
}

// Steps are numbered from one without gaps, and the first tables are those of the first step.
func TestMigrations(t *testing.T) {
	t.Parallel()
	steps, err := migrations()
	must(t, err)
	s := begun(t)
	var schema string
	must(t, s.reader.QueryRowContext(t.Context(), "SELECT value FROM about WHERE name = 'schema'").Scan(&schema))
	if schema != strconv.Itoa(len(steps)) {
		t.Errorf("version %s of %d", schema, len(steps))
	}
}

// A step that fails leaves the file as it was before the first of them.
func TestMigrationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	s := begun(t)
	tx, err := s.writer.BeginTx(t.Context(), nil)
	must(t, err)
	good, bad := "CREATE TABLE cats (name TEXT); INSERT INTO cats (name) VALUES ('Tom')", "INSERT INTO dogs (name) VALUES ('Rex')"
	first, err := migrations()
	must(t, err)
	if err := s.apply(t.Context(), tx, "project", append(first, good, bad)); err == nil {
		t.Fatal("it succeeds")
	}
	must(t, tx.Rollback())
	n := 0
	must(t, s.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_master WHERE name = 'cats'").Scan(&n))
	if n != 0 {
		t.Error("half of it is there")
	}
	tx, err = s.writer.BeginTx(t.Context(), nil)
	must(t, err)
	must(t, s.apply(t.Context(), tx, "project", append(first, good)))
	must(t, tx.Commit())
	must(t, s.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM cats").Scan(&n))
	reads(t, s) // what was there before is there after
	if n != 1 {
		t.Error("the good step is not there")
	}
}

// A command that looks at a file signs nobody out, however long it takes.
func TestExistingIsNotSwept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "console.db")
	first, err := Open(t.Context(), Options{Path: path, ProjectID: "project", Limits: limits, Now: time.Now})
	must(t, err)
	must(t, first.Close())
	s, err := Open(t.Context(), Options{Path: path, Existing: true, Now: time.Now})
	must(t, err)
	if s.stop != nil {
		t.Error("it is swept")
	}
	must(t, s.Close())
}
