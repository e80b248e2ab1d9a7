package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"console.internal/internal/session"
)

func insertPending(ctx context.Context, tx *sql.Tx, id string, p *session.RingPending) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ring_pendings (ring_id, "+pendingColumns+", email, expires, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, p.OrganizationID, p.Organization, p.Slug, p.MemberID, p.Primary, text(p.Methods), p.Enrolling, p.TOTP, p.Phone, p.Default, p.Sent, p.Entering, p.Return,
		p.Email, stamp(p.Expires), p.Sealed)
	return err
}

// Pend implements session.Keyring.
func (k keyring) Pend(ctx context.Context, id string, p session.RingPending) error {
	return k.change(ctx, id, func(ctx context.Context, tx *sql.Tx, r owner) error {
		if !strings.EqualFold(r.email, p.Email) {
			return session.ErrOtherPerson
		}
		p.Entering = r.home != ""
		if _, err := tx.ExecContext(ctx, "DELETE FROM ring_pendings WHERE ring_id = ? AND (organization_id = ? OR expires <= ?)",
			id, p.OrganizationID, stamp(k.s.now())); err != nil {
			return err
		}
		return insertPending(ctx, tx, id, &p)
	})
}

// Pendings implements session.Keyring.
func (k keyring) Pendings(ctx context.Context, id string) (found []session.RingPending, err error) {
	if k.s.rings.has(id) {
		return nil, nil
	}
	now := k.s.now()
	used, began := k.s.bounds(now)
	rows, err := k.s.queries.pendings.QueryContext(context.WithoutCancel(ctx), id, stamp(now), used, began)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p session.RingPending
		var methods string
		var expires int64
		if err := rows.Scan(&p.OrganizationID, &p.Organization, &p.Slug, &p.MemberID, &p.Primary, &methods, &p.Enrolling, &p.TOTP, &p.Phone, &p.Default,
			&p.Sent, &p.Entering, &p.Return, &p.Email, &expires, &p.Sealed); err != nil {
			return nil, err
		}
		p.Methods, p.Expires = list(methods), unstamp(expires)
		found = append(found, p)
	}
	return found, rows.Err()
}

// Sent implements session.Keyring.
func (k keyring) Sent(ctx context.Context, id, organizationID, phone string) error {
	return k.change(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		_, err := tx.ExecContext(ctx, "UPDATE ring_pendings SET sent = TRUE, phone = ? WHERE ring_id = ? AND organization_id = ?", phone, id, organizationID)
		return err
	})
}

// Settle implements session.Keyring.
func (k keyring) Settle(ctx context.Context, id, organizationID string) error {
	return k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM ring_pendings WHERE ring_id = ? AND organization_id = ?", id, organizationID)
		return err
	})
}

// Keep implements session.Keyring.
func (k keyring) Keep(ctx context.Context, id string, n session.RingNote) error {
	return k.change(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM ring_notes WHERE ring_id = ? AND (purpose = ? OR expires <= ?)", id, n.Purpose, stamp(k.s.now())); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO ring_notes (ring_id, purpose, expires, sealed) VALUES (?, ?, ?, ?)", id, n.Purpose, stamp(n.Expires), n.Sealed)
		return err
	})
}

// Note implements session.Keyring.
func (k keyring) Note(ctx context.Context, id, purpose string) (session.RingNote, bool, error) {
	if k.s.rings.has(id) {
		return session.RingNote{}, false, nil
	}
	now := k.s.now()
	used, began := k.s.bounds(now)
	n, expires := session.RingNote{Purpose: purpose}, int64(0)
	err := k.s.queries.note.QueryRowContext(context.WithoutCancel(ctx), id, purpose, stamp(now), used, began).Scan(&expires, &n.Sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return session.RingNote{}, false, nil
	}
	n.Expires = unstamp(expires)
	return n, err == nil, err
}

// Forget implements session.Keyring.
func (k keyring) Forget(ctx context.Context, id, purpose string) error {
	return k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM ring_notes WHERE ring_id = ? AND purpose = ?", id, purpose)
		return err
	})
}
