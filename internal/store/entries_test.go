package store_test

import (
	"testing"
	"time"

	"console.internal/internal/entry"
	"console.internal/internal/entry/entrytest"
	"console.internal/internal/store"
)

func TestEntries(t *testing.T) {
	t.Parallel()
	entrytest.Keeper(t, func(t *testing.T) entry.Keeper { return open(t, options(t)).Entries() })
}

// What is open is there after the next start. What is closed goes after a month, with the reason and the address.
func TestEntriesLast(t *testing.T) {
	t.Parallel()
	o, c := options(t), newClock()
	o.Now = c.read
	first, err := store.Open(t.Context(), o)
	must(t, err)
	for _, id := range []string{"stays", "ends"} {
		must(t, first.Entries().Begin(t.Context(), entry.Entry{ID: id, Reason: "why", Email: "ada@support.example", Began: c.read()}))
	}
	_, err = first.Entries().End(t.Context(), "ends")
	must(t, err)
	must(t, first.Close())
	second := open(t, o)
	left, err := second.Entries().Open(t.Context())
	must(t, err)
	if len(left) != 1 || left[0].ID != "stays" {
		t.Errorf("%+v", left)
	}
	for _, one := range []struct {
		after time.Duration
		want  int
	}{{30*24*time.Hour - time.Second, 3}, {time.Second, 3}} {
		c.advance(one.after)
		must(t, second.Entries().Begin(t.Context(), entry.Entry{ID: one.after.String(), Began: c.read()}))
		if n := count(t, o, "entries"); n != one.want {
			t.Errorf("%d are in the file, want %d", n, one.want)
		}
	}
}
