package audit

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"console.internal/internal/stytch"
)

// Store is where a log is kept, a store.Durable.
type Store interface {
	// Write runs do in a transaction beside which nobody else writes; what it wrote is on the disk when it returns.
	Write(ctx context.Context, do func(context.Context, *sql.Tx) error) error
	Reader() *sql.DB
}

// Options are what a log needs.
type Options struct {
	Store Store
	// Keys are the console's keys. The first one writes, all of them verify.
	Keys [][]byte
	Now  func() time.Time
	// Log is told what could not be recorded, and when the end of the chain is not where it was left. It may be nil.
	Log *slog.Logger
}

// Log is the record. It can be used by any number of goroutines, and any number of them can write to one database.
type Log struct {
	store Store
	keys  []key
	now   func() time.Time
	log   *slog.Logger
	// step is how many rows a transaction deletes at most.
	step int64

	mu sync.Mutex
	// left is where this log left the chain: rows that are taken away from there on while it runs are noticed.
	left Head
}

var _ stytch.Recorder = (*Log)(nil)

// New opens the record. It reads the end of it, and does not verify it, which takes seconds for a million rows.
func New(ctx context.Context, o Options) (*Log, error) {
	l := &Log{store: o.Store, now: o.Now, log: o.Log, step: pruneRows}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if len(o.Keys) == 0 {
		return nil, errors.New("audit: no key")
	}
	for _, master := range o.Keys {
		k, err := keyOf(master)
		if err != nil {
			return nil, err
		}
		l.keys = append(l.keys, k)
	}
	var err error
	l.left, err = l.Head(ctx)
	return l, err
}

// Intend implements stytch.Recorder. An error, which wraps session.ErrNotKept where there is no room, means that nothing was
// recorded. Finish records the outcome, or tells the log why it cannot; of several calls the first one counts.
func (l *Log) Intend(ctx context.Context, a stytch.Act) (finish func(context.Context, stytch.Outcome), err error) {
	r := row{At: l.time(), Act: actOf(a)}
	intent, err := l.append(ctx, r, insert)
	if err != nil {
		return nil, err
	}
	var once sync.Once
	return func(ctx context.Context, o stytch.Outcome) {
		once.Do(func() {
			end := row{At: l.time(), Intent: intent.Seq, Outcome: outcomeOf(o)}
			if _, err := l.append(ctx, end, settle); err != nil {
				l.log.ErrorContext(ctx, "the outcome of an act was not recorded", "seq", intent.Seq, "operation", r.Act.Operation, "result", o.Result,
					"upstream_request_id", o.RequestID, "error", err)
			}
		})
	}, nil
}

// Refused implements stytch.Recorder, in one row.
func (l *Log) Refused(ctx context.Context, a stytch.Act, o stytch.Outcome) {
	if err := l.Note(ctx, a, o); err != nil {
		l.log.ErrorContext(ctx, "a refusal was not recorded", "operation", a.Name, "upstream_request_id", o.RequestID, "error", err)
	}
}

// Note records what is over already in one row. An error, as of Intend, means that it is not recorded.
func (l *Log) Note(ctx context.Context, a stytch.Act, o stytch.Outcome) error {
	_, err := l.append(ctx, row{At: l.time(), Act: actOf(a), Outcome: outcomeOf(o)}, insert)
	return err
}

// time is without the monotonic clock, which no row keeps.
func (l *Log) time() time.Time { return l.now().UTC().Round(0) }

// Head is the end of the chain now.
func (l *Log) Head(ctx context.Context) (Head, error) {
	return headOf(context.WithoutCancel(ctx), l.store.Reader())
}

// querier is a pool or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func headOf(ctx context.Context, q querier) (Head, error) {
	h := empty
	err := q.QueryRowContext(ctx, "SELECT seq, mac FROM audit_chain ORDER BY seq DESC LIMIT 1").Scan(&h.Seq, &h.MAC)
	if errors.Is(err, sql.ErrNoRows) {
		return empty, nil
	}
	return h, err
}

// append adds a row at the end, and does what goes with it in the same transaction.
func (l *Log) append(ctx context.Context, r row, also func(context.Context, *sql.Tx, row) error) (after Head, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var before Head
	err = l.store.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// Another process may have added rows since.
		if before, err = headOf(ctx, tx); err != nil {
			return err
		}
		if after, err = l.link(ctx, tx, before, &r); err != nil {
			return err
		}
		return also(ctx, tx, r)
	})
	if err != nil {
		return Head{}, err
	}
	if before.Seq < l.left.Seq || (before.Seq == l.left.Seq && before.MAC != l.left.MAC) {
		l.log.ErrorContext(ctx, "the end of the audit log was taken away or changed by somebody else", "left", l.left.String(), "found", before.String())
	}
	l.left = after
	return after, nil
}

// link writes a row behind the head.
func (l *Log) link(ctx context.Context, tx *sql.Tx, before Head, r *row) (after Head, err error) {
	r.Seq = before.Seq + 1
	body, err := r.encode()
	if err != nil {
		return Head{}, err
	}
	if after, err = l.keys[0].next(before, body); err != nil {
		return Head{}, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO audit_chain (seq, key_id, mac, body) VALUES (?, ?, ?, ?)", after.Seq, l.keys[0].id, after.MAC, string(body))
	return after, err
}

// insertEntry is SQL that makes an act findable. The names are in the order of columns.fields.
const insertEntry = "INSERT INTO audit_entries (seq, outcome, at, operation, actor_email, actor_member_id, acting_member_id, " +
	"organization_id, member_id, target, reference, request_id, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

func insert(ctx context.Context, tx *sql.Tx, r row) error {
	c := r.columns()
	_, err := tx.ExecContext(ctx, insertEntry, append([]any{r.Seq}, c.fields()...)...)
	return err
}

// settle makes an act findable by its outcome. Where the act was pruned meanwhile there is nothing to find.
func settle(ctx context.Context, tx *sql.Tx, r row) error {
	var c columns
	c.ended(r.Seq, r.Outcome)
	_, err := tx.ExecContext(ctx, "UPDATE audit_entries SET outcome = ?, result = ?, request_id = ? WHERE seq = ?", c.Outcome, c.Result, c.RequestID, r.Intent)
	return err
}
