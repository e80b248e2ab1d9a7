package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"console.internal/internal/session"
)

// sweepEvery is how often what is over is deleted.
const sweepEvery = time.Minute

// Options are what a store needs.
type Options struct {
	// Path is the file. It is made where there is none, and its directory too.
	Path string
	// ProjectID is the project whose sessions these are. A file of another one is refused.
	ProjectID string
	// Fresh says to begin with an empty file, whatever there is.
	Fresh bool
	// Existing says to take the file as it is, of whatever project, for commands on it: it must be there and up to date, and
	// nothing is deleted from it.
	Existing bool
	// Limits are how long rings last, and how many there may be.
	Limits session.Limits
	Now    func() time.Time
	// Log is told when sweeping fails. It may be nil.
	Log *slog.Logger
}

// Store is an open database.
type Store struct {
	limits session.Limits
	now    func() time.Time
	log    *slog.Logger
	reader *sql.DB
	// queries are what a page asks.
	queries queries

	// writing keeps a failed transaction from being followed by another one before it is rolled back, and the two writers from
	// waiting for each other by asking again and again.
	writing         sync.Mutex
	writer, durable *sql.DB

	rings, blobs buried
	stop         context.CancelFunc
	sweeping     sync.WaitGroup
}

// Ring is the keyring in the store.
func (s *Store) Ring() session.Keyring { return keyring{s} }

// Sessions is where the session library keeps its own.
func (s *Store) Sessions() scs.CtxStore { return blobs{s} }

// Tickets are the forms that were used.
func (s *Store) Tickets() Tickets { return Tickets{s} }

// Close ends the sweeping and closes the file.
func (s *Store) Close() error {
	if s.stop != nil {
		s.stop()
	}
	s.sweeping.Wait()
	// The last connection to close tidies the file, and readers may not.
	return errors.Join(s.reader.Close(), s.durable.Close(), s.writer.Close())
}

// write runs do in a transaction. Whoever waits for an answer may go away, and what was begun is finished all the same.
func (s *Store) write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return s.transact(ctx, s.writer, do)
}

func (s *Store) transact(ctx context.Context, db *sql.DB, do func(context.Context, *sql.Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	s.writing.Lock()
	defer s.writing.Unlock()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return notKept(err)
	}
	if err := do(ctx, tx); err != nil {
		_ = tx.Rollback() // it may be over: a full disk ends a transaction by itself
		return notKept(err)
	}
	if err := tx.Commit(); err != nil {
		// The connection is to begin another one.
		_, _ = db.ExecContext(ctx, "ROLLBACK")
		return notKept(err)
	}
	return nil
}

// buried are the ids of what was taken away when nothing could be written: gone, but for the file.
type buried struct {
	mu  sync.RWMutex
	ids map[string]bool
}

func (b *buried) has(id string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.ids[id]
}

// add says whether it was not among them before.
func (b *buried) add(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ids[id] {
		return false
	}
	if b.ids == nil {
		b.ids = map[string]bool{}
	}
	b.ids[id] = true
	return true
}

func (b *buried) remove(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ids, id)
}

func (b *buried) all() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]string, 0, len(b.ids))
	for id := range b.ids {
		out = append(out, id)
	}
	return out
}

// sweep runs until the store is closed.
func (s *Store) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.Sweep(ctx); err != nil {
				s.log.ErrorContext(ctx, "sessions that are over were not deleted", "error", err)
			}
		}
	}
}

// Sweep deletes what is over. The store does so every minute by itself.
func (s *Store) Sweep(ctx context.Context) error {
	now := s.now()
	rings, blobs := s.rings.all(), s.blobs.all()
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		idle, began := s.bounds(now)
		for _, one := range []struct {
			query string
			args  []any
		}{
			{"DELETE FROM rings WHERE used <= ? OR began <= ?", []any{idle, began}},
			{"DELETE FROM ring_keys WHERE expires <= ?", []any{stamp(now)}},
			{"DELETE FROM ring_pendings WHERE expires <= ?", []any{stamp(now)}},
			{"DELETE FROM ring_notes WHERE expires <= ?", []any{stamp(now)}},
			// The session library goes by the machine's clock.
			{"DELETE FROM sessions WHERE expires <= ?", []any{stamp(time.Now())}},
			{"DELETE FROM tickets WHERE used <= ?", []any{began}},
			{"DELETE FROM app_requests WHERE asked <= ?", []any{appRequests{s}.since()}},
		} {
			if _, err := tx.ExecContext(ctx, one.query, one.args...); err != nil {
				return err
			}
		}
		for _, id := range rings {
			if _, err := tx.ExecContext(ctx, "DELETE FROM rings WHERE id = ?", id); err != nil {
				return err
			}
		}
		for _, id := range blobs {
			if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range rings {
		s.rings.remove(id)
	}
	for _, id := range blobs {
		s.blobs.remove(id)
	}
	return nil
}

// bounds are the times that a ring must have been used and begun after, to be there now.
func (s *Store) bounds(now time.Time) (used, began int64) {
	return stamp(now.Add(-s.limits.Idle)), stamp(now.Add(-s.limits.Length))
}

// stamp is how a time is stored.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// unstamp is the time that was stored.
func unstamp(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
