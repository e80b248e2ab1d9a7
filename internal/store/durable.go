package store

import (
	"context"
	"database/sql"
)

// Durable is the way to tables whose rows must outlive a power cut too: what it wrote is on the disk when it returns.
type Durable struct{ s *Store }

// Durable is for what cannot be had again. Its writes take as long as the disk does.
func (s *Store) Durable() *Durable { return &Durable{s} }

// Write runs do in a transaction of its own that no other one changes anything beside, those of other processes included. It
// ends when do does, whether or not somebody still waits. An error that wraps session.ErrNotKept means that nothing can be
// written at present. Do must not write by another way meanwhile.
func (d *Durable) Write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return d.s.transact(ctx, d.s.durable, do)
}

// Reader is the pool of connections that read. They cannot write.
func (d *Durable) Reader() *sql.DB { return d.s.reader }
