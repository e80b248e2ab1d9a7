package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"console.internal/internal/session"
)

// blobs is the scs.CtxStore of a store. The library hashes the token before it comes here, and goes by the machine's clock.
type blobs struct{ s *Store }

// FindCtx implements scs.CtxStore.
func (b blobs) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	if b.s.blobs.has(token) {
		return nil, false, nil
	}
	err = b.s.queries.blob.QueryRowContext(context.WithoutCancel(ctx), token, stamp(time.Now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx implements scs.CtxStore.
func (b blobs) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	err := b.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO sessions (id, data, expires) VALUES (?, ?, ?) "+
			"ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires = excluded.expires", token, data, stamp(expires))
		return err
	})
	if err == nil {
		b.s.blobs.remove(token)
	}
	return err
}

// DeleteCtx implements scs.CtxStore. It is for certain, whether there is room to write it down or not.
func (b blobs) DeleteCtx(ctx context.Context, token string) error {
	err := b.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE id = ?", token)
		return err
	})
	if errors.Is(err, session.ErrNotKept) {
		b.s.blobs.add(token)
		return nil
	}
	return err
}

// Find implements scs.Store.
func (b blobs) Find(token string) (data []byte, found bool, err error) {
	return b.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (b blobs) Commit(token string, data []byte, expires time.Time) error {
	return b.CommitCtx(context.Background(), token, data, expires)
}

// Delete implements scs.Store.
func (b blobs) Delete(token string) error { return b.DeleteCtx(context.Background(), token) }
