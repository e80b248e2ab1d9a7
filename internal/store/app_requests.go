package store

import (
	"context"
	"database/sql"
	"errors"

	"console.internal/internal/apprequest"
)

const appRequestColumns = "organization_id, member_id, client_id, email, name, client_name, first_party, redirect_host, asked"

// The requests for an app, and those of a member: how many are open, and their end.
const (
	countOfClient = "SELECT count(*) FROM app_requests WHERE organization_id = ? AND client_id = ? AND asked > ?"
	endOfClient   = "DELETE FROM app_requests WHERE organization_id = ? AND client_id = ?"
	countOfMember = "SELECT count(*) FROM app_requests WHERE organization_id = ? AND member_id = ? AND asked > ?"
	endOfMember   = "DELETE FROM app_requests WHERE organization_id = ? AND member_id = ?"
)

// appRequests is the apprequest.Store of a store.
type appRequests struct{ s *Store }

// AppRequests are the apps that members asked for.
func (s *Store) AppRequests() apprequest.Store { return appRequests{s} }

// since is the time that a request must have been asked after, to be open now.
func (k appRequests) since() int64 { return stamp(k.s.now().Add(-apprequest.Life)) }

// Ask implements apprequest.Store. Counting and writing are one transaction, so that many at once do not pass the bound together.
func (k appRequests) Ask(ctx context.Context, r apprequest.Request) (isNew bool, err error) {
	if r, err = r.Bounded(); err != nil {
		return false, err
	}
	since := k.since()
	err = k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		isNew = false
		if _, err := tx.ExecContext(ctx, "DELETE FROM app_requests WHERE asked <= ?", since); err != nil {
			return err
		}
		var open, same int
		err := tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(member_id = ? AND client_id = ?), 0) FROM app_requests WHERE organization_id = ?",
			r.MemberID, r.ClientID, r.OrganizationID).Scan(&open, &same)
		switch {
		case err != nil:
			return err
		case same > 0:
			return nil
		case open >= apprequest.MaxOpen:
			return apprequest.ErrFull
		}
		isNew, err = affects(tx.ExecContext(ctx, "INSERT INTO app_requests ("+appRequestColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			r.OrganizationID, r.MemberID, r.ClientID, r.Email, r.Name, r.ClientName, r.FirstParty, r.RedirectHost, stamp(k.s.now())))
		return err
	})
	return isNew && err == nil, err
}

// Of implements apprequest.Store.
func (k appRequests) Of(ctx context.Context, organizationID, memberID, clientID string) (apprequest.Request, bool, error) {
	r, err := scanAppRequest(k.s.reader.QueryRowContext(context.WithoutCancel(ctx),
		"SELECT "+appRequestColumns+" FROM app_requests WHERE organization_id = ? AND member_id = ? AND client_id = ? AND asked > ?",
		organizationID, memberID, clientID, k.since()))
	if errors.Is(err, sql.ErrNoRows) {
		return apprequest.Request{}, false, nil
	}
	return r, err == nil, err
}

// List implements apprequest.Store.
func (k appRequests) List(ctx context.Context, organizationID string) ([]apprequest.Request, error) {
	rows, err := k.s.reader.QueryContext(context.WithoutCancel(ctx),
		"SELECT "+appRequestColumns+" FROM app_requests WHERE organization_id = ? AND asked > ? ORDER BY asked, client_id, member_id", organizationID, k.since())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var open []apprequest.Request
	for rows.Next() {
		r, err := scanAppRequest(rows)
		if err != nil {
			return nil, err
		}
		open = append(open, r)
	}
	return open, rows.Err()
}

// Close implements apprequest.Store.
func (k appRequests) Close(ctx context.Context, organizationID, clientID string) (int, error) {
	return k.end(ctx, countOfClient, endOfClient, organizationID, clientID)
}

// Withdraw implements apprequest.Store.
func (k appRequests) Withdraw(ctx context.Context, organizationID, memberID string) error {
	_, err := k.end(ctx, countOfMember, endOfMember, organizationID, memberID)
	return err
}

// end deletes requests, and says how many of them were still open. One that has expired may be in the file until the next sweep.
func (k appRequests) end(ctx context.Context, counting, ending string, args ...any) (open int, err error) {
	since := k.since()
	err = k.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, counting, append(args, since)...).Scan(&open); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, ending, args...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return open, nil
}

// scanAppRequest reads a row of appRequestColumns.
func scanAppRequest(row interface{ Scan(dest ...any) error }) (r apprequest.Request, err error) {
	var asked int64
	err = row.Scan(&r.OrganizationID, &r.MemberID, &r.ClientID, &r.Email, &r.Name, &r.ClientName, &r.FirstParty, &r.RedirectHost, &asked)
	r.AskedAt = unstamp(asked)
	return r, err
}
