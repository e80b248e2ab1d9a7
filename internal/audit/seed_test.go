package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

// bulk is a store whose transactions stay open over many writes, so that a long chain is written as the log itself writes it,
// and quickly.
type bulk struct {
	tx     *sql.Tx
	reader *sql.DB
}

func (b bulk) Write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return do(ctx, b.tx)
}

func (b bulk) Reader() *sql.DB { return b.reader }

// seed adds finished acts of a thousand members of a hundred organizations, up to so many where there are some already.
func seed(t testing.TB, k kept, there, rows int) {
	t.Helper()
	must(t, k.store.Durable().Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		l, err := audit.New(ctx, audit.Options{Store: bulk{tx, k.store.Durable().Reader()}, Keys: [][]byte{oneKey}, Now: k.clock.read})
		if err != nil {
			return err
		}
		for i := there; i < rows; i++ {
			a, o := seeded(i)
			if err := l.Note(ctx, a, o); err != nil {
				return err
			}
		}
		return nil
	}))
}

// seeded is one of them, of which each thousandth was refused.
func seeded(i int) (stytch.Act, stytch.Outcome) {
	a, o := update, done
	a.Actor = stytch.Actor{Email: fmt.Sprintf("staff-%d@support.example", i%10), MemberID: fmt.Sprintf("member-staff-%d", i%10), OrganizationID: "organization-staff"}
	a.ActingMemberID, a.OrganizationID = fmt.Sprintf("member-acting-%d", i%100), fmt.Sprintf("organization-%d", i%100)
	a.MemberID, a.Target, a.Reference = fmt.Sprintf("member-%d", i%1000), fmt.Sprintf("target-%d", i), fmt.Sprintf("page-%d", i)
	if i%1000 == 500 {
		o = refused
	}
	o.RequestID = fmt.Sprintf("request-id-%d", i)
	return a, o
}
