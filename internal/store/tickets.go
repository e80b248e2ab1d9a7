package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
)

// Ticket is of one rendered form: what it may do, and that once.
type Ticket struct {
	// ID is random. The store keeps a hash of it.
	ID string
	// SessionID is the ring that the form was rendered for.
	SessionID string
	// Route and Target are the form's route and what it acts on.
	Route, Target string
}

// Tickets are the forms that were used. They are forgotten when no session is left that could use them again.
type Tickets struct{ s *Store }

// Use says whether this is the first use of a ticket, and makes it used. Of any number of uses at the same time one is the first.
// An error means that it is not known to be used, so that nothing must be done with it.
func (t Tickets) Use(ctx context.Context, ticket Ticket) (first bool, err error) {
	hash := sha256.Sum256([]byte(ticket.ID))
	err = t.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		first, err = affects(tx.ExecContext(ctx, "INSERT INTO tickets (id, session_id, route, target, used) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
			base64.RawURLEncoding.EncodeToString(hash[:]), ticket.SessionID, ticket.Route, ticket.Target, stamp(t.s.now())))
		return err
	})
	return first && err == nil, err
}
