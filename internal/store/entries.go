package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"console.internal/internal/entry"
)

const entryColumns = "id, organization_id, organization, member_id, email, name, by_member_id, reason, ring_id, began, until, attempts"

// closedFor is how long an entry stays in the file after it is closed. The audit log has it for longer.
const closedFor = 30 * 24 * time.Hour

// entries is the entry.Keeper of a store.
type entries struct{ s *Store }

// Entries is the record of who of the support staff is in which tenant.
func (s *Store) Entries() entry.Keeper { return entries{s} }

// Begin implements entry.Keeper. What is made next would be lost with the record, so it is on the disk before that.
func (k entries) Begin(ctx context.Context, e entry.Entry) error {
	return k.s.Durable().Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM entries WHERE ended > 0 AND ended <= ?", stamp(k.s.now().Add(-closedFor))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO entries ("+entryColumns+", ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
			e.ID, e.OrganizationID, e.Organization, e.MemberID, e.Email, e.Name, e.ByMemberID, e.Reason, e.RingID, stamp(e.Began), stamp(e.Until), e.Attempts)
		return err
	})
}

// change runs one statement about an open entry, and says whether it changed any.
func (k entries) change(ctx context.Context, query string, args ...any) (changed bool, err error) {
	err = k.s.Durable().Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		changed, err = affects(tx.ExecContext(ctx, query, args...))
		return err
	})
	return changed && err == nil, err
}

// Made implements entry.Keeper.
func (k entries) Made(ctx context.Context, id, memberID string) error {
	changed, err := k.change(ctx, "UPDATE entries SET member_id = ? WHERE id = ? AND ended = 0", memberID, id)
	if err == nil && !changed {
		return entry.ErrEnded
	}
	return err
}

// Extend implements entry.Keeper.
func (k entries) Extend(ctx context.Context, id string, until time.Time) error {
	changed, err := k.change(ctx, "UPDATE entries SET until = ? WHERE id = ? AND ended = 0 AND until <> 0", stamp(until), id)
	if err == nil && !changed {
		return entry.ErrEnded
	}
	return err
}

// Expire implements entry.Keeper.
func (k entries) Expire(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	_, err := k.change(ctx, "UPDATE entries SET until = 0 WHERE ended = 0 AND id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
	return err
}

// Failed implements entry.Keeper.
func (k entries) Failed(ctx context.Context, id string) error {
	_, err := k.change(ctx, "UPDATE entries SET attempts = attempts + 1 WHERE id = ? AND ended = 0", id)
	return err
}

// End implements entry.Keeper.
func (k entries) End(ctx context.Context, id string) (bool, error) {
	return k.change(ctx, "UPDATE entries SET ended = ? WHERE id = ? AND ended = 0", stamp(k.s.now()), id)
}

// Open implements entry.Keeper.
func (k entries) Open(ctx context.Context) ([]entry.Entry, error) {
	rows, err := k.s.reader.QueryContext(context.WithoutCancel(ctx), "SELECT "+entryColumns+" FROM entries WHERE ended = 0 ORDER BY began, id")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var open []entry.Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		open = append(open, e)
	}
	return open, rows.Err()
}

// Of implements entry.Keeper.
func (k entries) Of(ctx context.Context, organizationID, memberID string) (entry.Entry, bool, error) {
	if memberID == "" {
		return entry.Entry{}, false, nil
	}
	e, err := scanEntry(k.s.reader.QueryRowContext(context.WithoutCancel(ctx),
		"SELECT "+entryColumns+" FROM entries WHERE ended = 0 AND organization_id = ? AND member_id = ?", organizationID, memberID))
	if errors.Is(err, sql.ErrNoRows) {
		return entry.Entry{}, false, nil
	}
	return e, err == nil, err
}

// scanEntry reads a row of entryColumns.
func scanEntry(row interface{ Scan(dest ...any) error }) (e entry.Entry, err error) {
	var began, until int64
	err = row.Scan(&e.ID, &e.OrganizationID, &e.Organization, &e.MemberID, &e.Email, &e.Name, &e.ByMemberID, &e.Reason, &e.RingID, &began, &until, &e.Attempts)
	e.Began, e.Until = unstamp(began), unstamp(until)
	return e, err
}
