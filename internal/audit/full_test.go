package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"console.internal/internal/audit"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// pages bounds the database, which stands for a full disk.
func (k kept) pages(t testing.TB, n string) {
	t.Helper()
	must(t, k.store.Durable().Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "PRAGMA max_page_count = "+n)
		return err
	}))
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	k := open(t)
	finish, err := k.Intend(t.Context(), update)
	must(t, err)
	k.pages(t, "1") // it is as large as it may be
	long := update
	long.Changes = []stytch.Change{{Was: strings.Repeat("x", 4000), Now: strings.Repeat("y", 4000)}}
	for range 100 {
		if _, err = k.Intend(t.Context(), long); err != nil {
			break
		}
	}
	if !errors.Is(err, session.ErrNotKept) {
		t.Errorf("an intent ends with %v", err)
	}
	if err := k.Note(t.Context(), long, done); !errors.Is(err, session.ErrNotKept) {
		t.Errorf("a note ends with %v", err)
	}
	for range 100 { // there is room for a few short rows left
		k.Refused(t.Context(), update, refused)
	}
	finish(t.Context(), stytch.Outcome{Result: stytch.ResultDone, RequestID: "request-id-lost"})
	for _, what := range []string{"a refusal was not recorded", "request-id-lost", "the outcome of an act was not recorded"} {
		if !strings.Contains(k.said.String(), what) {
			t.Errorf("the log does not say %q", what)
		}
	}
	first := k.search(t, audit.Filter{To: began.Add(2 * 1e9)})
	if len(first) != 1 || first[0].Result != stytch.ResultUnknown {
		t.Errorf("%+v", first)
	}
	k.sound(t)
	k.pages(t, "1000000")
	k.do(t, update, done)
	k.sound(t)
}

// A body that nobody can have written ends a search with an error, and not with half a page.
func TestADamagedRowIsNotShown(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		"UPDATE audit_chain SET body = 'x' WHERE seq = 3", "UPDATE audit_chain SET body = '{}' WHERE seq = 4", "DELETE FROM audit_chain WHERE seq = 4",
		"UPDATE audit_entries SET outcome = 6 WHERE seq = 3", "UPDATE audit_chain SET body = (SELECT body FROM audit_chain WHERE seq = 5) WHERE seq = 3",
	} {
		k := ten(t)
		change(t, raw(t, k.path), statement)
		if entries, _, err := k.Search(t.Context(), audit.Filter{}, 0, 10); err == nil {
			t.Errorf("%s: %+v", statement, entries)
		}
		n := 0
		for _, err := range k.All(t.Context(), audit.Filter{}) {
			if err != nil {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: %d errors", statement, n)
		}
	}
}

// Whoever has gone is not searched for.
func TestSearchForNobody(t *testing.T) {
	t.Parallel()
	k := ten(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := k.Search(ctx, audit.Filter{}, 0, 10); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
