package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"strings"

	"console.internal/internal/session"
)

// keyring is the session.Keyring of a store.
type keyring struct{ s *Store }

// Has implements session.Keyring.
func (k keyring) Has(ctx context.Context, id string) (bool, error) {
	if k.s.rings.has(id) {
		return false, nil
	}
	var began, used int64
	err := k.s.queries.has.QueryRowContext(context.WithoutCancel(ctx), id).Scan(&began, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if k.s.limits.Ended(&session.Ring{Began: unstamp(began), Used: unstamp(used)}, k.s.now()) {
		return false, k.over(ctx, id)
	}
	return true, nil
}

// over deletes a ring that was seen to have ended, so that a clock that is set back does not bring it back.
func (k keyring) over(ctx context.Context, id string) error {
	_, _, err := k.End(ctx, id)
	return err
}

// Use implements session.Keyring. The time of use is written once in a while: each write costs more than all that is read.
func (k keyring) Use(ctx context.Context, id string) (session.Ring, bool, error) {
	if k.s.rings.has(id) {
		return session.Ring{}, false, nil
	}
	ctx = context.WithoutCancel(ctx)
	now := k.s.now()
	rows, err := k.s.queries.ring.QueryContext(ctx, stamp(now), id)
	if err != nil {
		return session.Ring{}, false, err
	}
	r, ok, err := scanRing(rows)
	if ok && k.s.limits.Ended(&r, now) {
		return session.Ring{}, false, k.over(ctx, id)
	}
	if !ok || err != nil || now.Sub(r.Used) < session.UseGrain {
		return r, ok, err
	}
	err = k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE rings SET used = ? WHERE id = ? AND used = ?", stamp(now), id, stamp(r.Used))
		return err
	})
	if errors.Is(err, session.ErrNotKept) {
		// Reading goes on; the ring ends as if it had not been used.
		return r, true, nil
	}
	r.Used = now
	return r, true, err
}

// scanRing reads what ringWithKeys gives, and closes it.
func scanRing(rows *sql.Rows) (r session.Ring, ok bool, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var began, used int64
		var organizationID, memberID, name, slug, roles sql.NullString
		var expires sql.NullInt64
		var sealed []byte
		if err := rows.Scan(&r.Email, &r.Name, &r.Home, &r.Impersonator, &began, &used, &organizationID, &memberID, &name, &slug, &roles, &expires, &sealed); err != nil {
			return session.Ring{}, false, err
		}
		r.Began, r.Used, ok = unstamp(began), unstamp(used), true
		if organizationID.Valid {
			r.Keys = append(r.Keys, session.RingKey{
				OrganizationID: organizationID.String, MemberID: memberID.String, Name: name.String, Slug: slug.String,
				Roles: list(roles.String), Expires: unstamp(expires.Int64), Sealed: sealed,
			})
		}
	}
	return r, ok, rows.Err()
}

// Begin implements session.Keyring.
func (k keyring) Begin(ctx context.Context, id string, r session.Ring, pending ...session.RingPending) error {
	err := k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM rings WHERE id = ?", id); err != nil {
			return err
		}
		if err := k.makeRoom(ctx, tx); err != nil {
			return err
		}
		now := stamp(k.s.now())
		if _, err := tx.ExecContext(ctx, "INSERT INTO rings (id, email, name, home, impersonator, began, used) VALUES (?, ?, ?, ?, ?, ?, ?)",
			id, r.Email, r.Name, r.Home, r.Impersonator, now, now); err != nil {
			return err
		}
		for i := range r.Keys {
			if err := insertKey(ctx, tx, id, &r.Keys[i]); err != nil {
				return err
			}
		}
		for i := range pending {
			if err := insertPending(ctx, tx, id, &pending[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		k.s.rings.remove(id)
	}
	return err
}

// makeRoom drops ended rings, and those idle for longest, when there are too many.
func (k keyring) makeRoom(ctx context.Context, tx *sql.Tx) error {
	count := func() (n int, err error) {
		err = tx.QueryRowContext(ctx, "SELECT count(*) FROM rings").Scan(&n)
		return n, err
	}
	n, err := count()
	if err != nil || n < k.s.limits.Rings {
		return err
	}
	used, began := k.s.bounds(k.s.now())
	if _, err := tx.ExecContext(ctx, "DELETE FROM rings WHERE used <= ? OR began <= ?", used, began); err != nil {
		return err
	}
	if n, err = count(); err != nil || n < k.s.limits.Rings {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM rings WHERE id IN (SELECT id FROM rings ORDER BY used, id LIMIT ?)", n-k.s.limits.Rings+1)
	return err
}

// End implements session.Keyring.
func (k keyring) End(ctx context.Context, id string) (r session.Ring, ok bool, err error) {
	if k.s.rings.has(id) {
		return session.Ring{}, false, nil
	}
	err = k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if r, ok, err = everything(ctx, tx, id); err != nil || !ok {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM rings WHERE id = ?", id)
		return err
	})
	if !errors.Is(err, session.ErrNotKept) {
		return r, ok, err
	}
	// Signing out is for certain, whether there is room to write it down or not.
	if r, ok, err = everything(context.WithoutCancel(ctx), k.s.reader, id); err != nil {
		return session.Ring{}, false, err
	}
	return r, k.s.rings.add(id) && ok, nil
}

// asker is a pool or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// everything is a ring with all its keys, ended or not.
func everything(ctx context.Context, db asker, id string) (session.Ring, bool, error) {
	rows, err := db.QueryContext(ctx, ringWithKeys, math.MinInt64, id)
	if err != nil {
		return session.Ring{}, false, err
	}
	return scanRing(rows)
}

// Add implements session.Keyring.
func (k keyring) Add(ctx context.Context, id, email string, key session.RingKey) error {
	return k.change(ctx, id, func(ctx context.Context, tx *sql.Tx, r owner) error {
		if r.home == "" {
			return session.ErrSignedOut
		}
		if !strings.EqualFold(r.email, email) {
			return session.ErrOtherPerson
		}
		held := 0
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM ring_keys WHERE ring_id = ? AND organization_id = ? AND expires > ?",
			id, key.OrganizationID, stamp(k.s.now())).Scan(&held); err != nil {
			return err
		}
		if held > 0 {
			return session.ErrHeld
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM ring_keys WHERE ring_id = ? AND organization_id = ?", id, key.OrganizationID); err != nil {
			return err
		}
		return insertKey(ctx, tx, id, &key)
	})
}

// owner is whose a ring is.
type owner struct{ email, home string }

// change runs in a transaction on a ring that has not ended; else it is ErrSignedOut.
func (k keyring) change(ctx context.Context, id string, do func(context.Context, *sql.Tx, owner) error) error {
	if k.s.rings.has(id) {
		return session.ErrSignedOut
	}
	return k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		used, began := k.s.bounds(k.s.now())
		var r owner
		err := tx.QueryRowContext(ctx, "SELECT email, home FROM rings WHERE rings.id = ? AND "+live, id, used, began).Scan(&r.email, &r.home)
		if errors.Is(err, sql.ErrNoRows) {
			return session.ErrSignedOut
		}
		if err != nil {
			return err
		}
		return do(ctx, tx, r)
	})
}

// changeIfThere is change where a ring that has ended is no error.
func (k keyring) changeIfThere(ctx context.Context, id string, do func(context.Context, *sql.Tx, owner) error) error {
	err := k.change(ctx, id, do)
	if errors.Is(err, session.ErrSignedOut) {
		return nil
	}
	return err
}

func insertKey(ctx context.Context, tx *sql.Tx, id string, key *session.RingKey) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ring_keys (ring_id, "+keyColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id, key.OrganizationID, key.MemberID, key.Name, key.Slug, text(key.Roles), stamp(key.Expires), key.Sealed)
	return err
}

// Replace implements session.Keyring.
func (k keyring) Replace(ctx context.Context, id string, seen, fresh session.RingKey) (done bool, err error) {
	err = k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		if done, err = deleteKey(ctx, tx, id, &seen); err != nil || !done {
			return err
		}
		return insertKey(ctx, tx, id, &fresh)
	})
	return done && err == nil, err
}

// deleteKey deletes the key seen, and says whether it was still there.
func deleteKey(ctx context.Context, tx *sql.Tx, id string, seen *session.RingKey) (bool, error) {
	return affects(tx.ExecContext(ctx, "DELETE FROM ring_keys WHERE ring_id = ? AND organization_id = ? AND sealed = ?", id, seen.OrganizationID, seen.Sealed))
}

// affects says whether a statement changed anything.
func affects(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Drop implements session.Keyring.
func (k keyring) Drop(ctx context.Context, id string, seen session.RingKey) error {
	return k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, r owner) error {
		done, err := deleteKey(ctx, tx, id, &seen)
		if err != nil || !done || r.home != seen.OrganizationID {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM rings WHERE id = ?", id)
		return err
	})
}

// Learn implements session.Keyring.
func (k keyring) Learn(ctx context.Context, id string, about session.RingKey, person string) error {
	return k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, r owner) error {
		done, err := affects(tx.ExecContext(ctx, "UPDATE ring_keys SET name = ?, slug = ?, roles = ?, expires = ? WHERE ring_id = ? AND organization_id = ?",
			about.Name, about.Slug, text(about.Roles), stamp(about.Expires), id, about.OrganizationID))
		if err != nil || !done || r.home != about.OrganizationID {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE rings SET name = ? WHERE id = ?", person, id)
		return err
	})
}

// Move implements session.Keyring.
func (k keyring) Move(ctx context.Context, id, organizationID, email string) (dropped []session.RingKey, err error) {
	err = k.changeIfThere(ctx, id, func(ctx context.Context, tx *sql.Tx, _ owner) error {
		r, _, err := everything(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, key := range r.Keys {
			if key.OrganizationID != organizationID {
				dropped = append(dropped, key)
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE rings SET email = ? WHERE id = ?", email, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM ring_keys WHERE ring_id = ? AND organization_id <> ?", id, organizationID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM ring_pendings WHERE ring_id = ?", id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM ring_notes WHERE ring_id = ?", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return dropped, nil
}

// text and list are a list of words, as it is stored and as it is used.
func text(words []string) string {
	if len(words) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(words) // texts always have a form
	return string(b)
}

func list(stored string) (words []string) {
	if stored == "[]" {
		return nil
	}
	_ = json.Unmarshal([]byte(stored), &words) // it was written by text
	return words
}
