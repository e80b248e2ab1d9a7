package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
)

// Tickets are the forms that were used. They are forgotten when no session is left that could use them again.
type Tickets struct{ s *Store }

// Use says whether this is the first use of a ticket, and makes it used. Of any number of uses at the same time one is the first.
// An error means that it is not known to be used, so that nothing must be done with it. The store keeps a hash of the id.
func (t Tickets) Use(ctx context.Context, id string) (first bool, err error) {
	hash := sha256.Sum256([]byte(id))
	err = t.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		first, err = affects(tx.ExecContext(ctx, "INSERT INTO tickets (id, used) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
			base64.RawURLEncoding.EncodeToString(hash[:]), stamp(t.s.now())))
		return err
	})
	return first && err == nil, err
}
