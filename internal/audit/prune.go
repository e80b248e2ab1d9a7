package audit

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"console.internal/internal/stytch"
)

// pruneRows is so few that a console which runs meanwhile waits for a moment only.
const pruneRows = 5000

var (
	// ErrBroken is a chain that is not as it was written. It is not pruned: the marker would vouch for what was deleted.
	ErrBroken = errors.New("audit: the log is not as it was written")
	// ErrFuture is a time to prune up to that has not come yet.
	ErrFuture = errors.New("audit: rows can be pruned up to now at most")
)

// Prune verifies the chain and deletes the rows from before the first act at that time or later. Each transaction adds an entry
// ([Prune]) with the number of the last row that it deleted, and its MAC, so that whatever interrupts it leaves a whole chain.
// The report's Rows are those deleted; its Head is the end after it. Where the chain is broken the error wraps [ErrBroken], and
// the report says where.
func (l *Log) Prune(ctx context.Context, before time.Time) (Report, error) {
	if before.After(l.now()) {
		return Report{}, ErrFuture
	}
	report, err := l.Verify(ctx)
	if err == nil && !report.OK() {
		err = ErrBroken
	}
	if err != nil {
		return report, err
	}
	report.Rows = 0
	through := report.Head.Seq
	var first sql.NullInt64
	err = l.store.Reader().QueryRowContext(ctx, "SELECT min(seq) FROM audit_entries WHERE at >= ?", before.UnixNano()).Scan(&first)
	if err != nil {
		return report, err
	}
	if first.Valid {
		through = first.Int64 - 1
	}
	for from := report.Pruned.Seq; from < through; from = report.Pruned.Seq {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		if err := l.prune(ctx, &report, from, min(from+l.step, through), before); err != nil {
			return report, err
		}
	}
	return report, nil
}

// prune deletes the rows after from up to and with through.
func (l *Log) prune(ctx context.Context, report *Report, from, through int64, before time.Time) error {
	last := Head{Seq: through}
	if err := l.store.Reader().QueryRowContext(ctx, "SELECT mac FROM audit_chain WHERE seq = ?", through).Scan(&last.MAC); err != nil {
		return err
	}
	rows := through - from
	marker := row{
		At: l.time(),
		Act: actOf(stytch.Act{
			Name: Prune, Target: last.String(), Reason: "older than " + before.UTC().Format(time.RFC3339),
			Changes: []stytch.Change{{Field: "rows deleted", Now: strconv.FormatInt(rows, 10)}},
		}),
		Outcome: outcomeOf(stytch.Outcome{Result: stytch.ResultDone}),
		Pruned:  &pruned{last.Seq, last.MAC, rows},
	}
	head, err := l.append(ctx, marker, func(ctx context.Context, tx *sql.Tx, r row) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM audit_chain WHERE seq <= ?", through)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != rows {
			return errors.Join(errors.New("audit: somebody else prunes at the same time"), err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM audit_entries WHERE seq <= ?", through); err != nil {
			return err
		}
		return insert(ctx, tx, r)
	})
	if err != nil {
		return err
	}
	report.Rows, report.Pruned, report.PrunedAt, report.Head = report.Rows+rows, last, marker.At, head
	return nil
}
