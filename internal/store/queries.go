package store

import (
	"context"
	"database/sql"
)

const (
	// live is what is true of a ring that has not ended, given its bounds.
	live = "rings.used > ? AND rings.began > ?"

	ringColumns = "rings.email, rings.name, rings.home, rings.impersonator, rings.began, rings.used"
	keyColumns  = "organization_id, member_id, name, slug, roles, expires, sealed"

	// ringWithKeys is a ring, once for each of its keys, or once without any.
	ringWithKeys = "SELECT " + ringColumns + ", k.organization_id, k.member_id, k.name, k.slug, k.roles, k.expires, k.sealed " +
		"FROM rings LEFT JOIN ring_keys k ON k.ring_id = rings.id AND k.expires > ? WHERE rings.id = ?"
	hasRing = "SELECT began, used FROM rings WHERE id = ?"

	pendingColumns = "organization_id, organization, slug, member_id, needs_first, methods, enrolling, totp, phone, default_method, sent, entering, return_to"
	pendingsOfRing = "SELECT p.organization_id, p.organization, p.slug, p.member_id, p.needs_first, p.methods, p.enrolling, p.totp, p.phone, p.default_method, " +
		"p.sent, p.entering, p.return_to, p.email, p.expires, p.sealed FROM rings JOIN ring_pendings p ON p.ring_id = rings.id " +
		"WHERE rings.id = ? AND p.expires > ? AND " + live + " ORDER BY p.expires, p.organization_id"
	noteOfRing = "SELECT n.expires, n.sealed FROM rings JOIN ring_notes n ON n.ring_id = rings.id " +
		"WHERE rings.id = ? AND n.purpose = ? AND n.expires > ? AND " + live

	blobByID = "SELECT data FROM sessions WHERE id = ? AND expires > ?"
)

// queries are prepared: a page asks them each time.
type queries struct {
	has, ring, pendings, note, blob *sql.Stmt
}

func (q *queries) prepare(ctx context.Context, db *sql.DB) (err error) {
	for _, one := range []struct {
		stmt **sql.Stmt
		text string
	}{{&q.has, hasRing}, {&q.ring, ringWithKeys}, {&q.pendings, pendingsOfRing}, {&q.note, noteOfRing}, {&q.blob, blobByID}} {
		if *one.stmt, err = db.PrepareContext(ctx, one.text); err != nil { //nolint:sqlclosecheck // They live as long as the pool, which closes them.
			return err
		}
	}
	return nil
}
