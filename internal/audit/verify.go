package audit

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Report is what Verify and Prune found.
type Report struct {
	// Head is the end of the chain.
	Head Head
	// Rows is how many rows were checked, or deleted.
	Rows int64
	// Pruned is the last row that was deleted by pruning, the zero Head where none was, and PrunedAt when it was.
	Pruned   Head
	PrunedAt time.Time
	// Unknown is how many acts have no outcome.
	Unknown int64
	// Unchecked are the given heads whose rows were pruned, so that nothing can be said of them.
	Unchecked []Head
	// Broken is the first row that is not as it was written, or nil.
	Broken *Broken
}

// OK says whether the chain is as it was written.
func (r Report) OK() bool { return r.Broken == nil }

// Broken is where a chain is not as it was written.
type Broken struct {
	// Seq is the row that fails. Where rows are missing it is the first of them.
	Seq int64
	// Why is a sentence without the row's number.
	Why string
}

// String names the row.
func (b Broken) String() string { return fmt.Sprintf("row %d: %s", b.Seq, b.Why) }

// walk is SQL that reads the chain together with what is said of each row elsewhere, in the order of columns.fields.
const walk = "SELECT c.seq, c.key_id, c.mac, c.body, e.seq IS NOT NULL, coalesce(e.outcome, 0), coalesce(e.at, 0), coalesce(e.operation, ''), " +
	"coalesce(e.actor_email, ''), coalesce(e.actor_member_id, ''), coalesce(e.acting_member_id, ''), coalesce(e.organization_id, ''), " +
	"coalesce(e.member_id, ''), coalesce(e.target, ''), coalesce(e.reference, ''), coalesce(e.request_id, ''), coalesce(e.result, '') " +
	"FROM audit_chain c LEFT JOIN audit_entries e ON e.seq = c.seq ORDER BY c.seq"

// Verify checks each row of the chain, that acts are found by what their rows say, and that the given heads, which were written
// down elsewhere, are on it. An error means that it could not be read; what is wrong with it is in the report.
func (l *Log) Verify(ctx context.Context, heads ...Head) (Report, error) {
	// One state of the database, while others go on writing.
	tx, err := l.store.Reader().BeginTx(ctx, nil)
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	v := verifier{keys: map[string]key{}, heads: heads, due: map[int64]due{}}
	for _, k := range l.keys {
		v.keys[k.id] = k
	}
	if err := v.start(ctx, tx); err != nil {
		return v.report, err
	}
	if v.report.Broken == nil {
		err = v.walk(ctx, tx)
	}
	if v.report.Broken == nil && err == nil {
		err = v.end(ctx, tx)
	}
	return v.report, err
}

// due is an outcome that an act says it has.
type due struct {
	intent  int64
	columns columns
}

type verifier struct {
	keys   map[string]key
	heads  []Head
	due    map[int64]due
	report Report
}

func (v *verifier) broken(seq int64, why string) {
	if v.report.Broken == nil {
		v.report.Broken = &Broken{seq, why}
	}
}

// lastPruned is the row that says up to where rows were deleted, or nil. It is not checked here.
func lastPruned(ctx context.Context, q querier) (*row, error) {
	var body []byte
	err := q.QueryRowContext(ctx, "SELECT c.body FROM audit_chain c JOIN (SELECT max(seq) AS seq FROM audit_entries WHERE operation = ?) AS m ON m.seq = c.seq", Prune).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing was pruned
	}
	if err != nil {
		return nil, err
	}
	r, err := decode(body)
	if err == nil && r.Pruned == nil {
		err = errBody
	}
	return &r, err
}

// start finds the head that the first row is behind.
func (v *verifier) start(ctx context.Context, tx *sql.Tx) error {
	v.report.Head = empty
	marker, err := lastPruned(ctx, tx)
	if errors.Is(err, errBody) {
		v.broken(0, "what says up to where rows were pruned cannot be read")
		return nil
	}
	if err != nil || marker == nil {
		return err
	}
	v.report.Head = Head{marker.Pruned.Seq, marker.Pruned.MAC}
	v.report.Pruned, v.report.PrunedAt = v.report.Head, marker.At
	for _, h := range v.heads {
		if h.Seq < v.report.Pruned.Seq {
			v.report.Unchecked = append(v.report.Unchecked, h)
		}
	}
	return nil
}

func (v *verifier) walk(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, walk)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	v.meets()
	for v.report.Broken == nil && rows.Next() {
		var one link
		if err := rows.Scan(append([]any{&one.seq, &one.keyID, &one.mac, &one.body, &one.found}, one.columns.fields()...)...); err != nil {
			v.broken(v.report.Head.Seq+1, "it, or what it is found by, holds no values of a row")
			break
		}
		v.link(one)
	}
	return errors.Join(rows.Err(), rows.Close())
}

// link is one row of the chain, and what it is found by.
type link struct {
	seq        int64
	keyID, mac string
	body       []byte
	found      bool
	columns    columns
}

// link checks that a row goes behind the one before.
func (v *verifier) link(one link) {
	want := v.report.Head.Seq + 1
	k, known := v.keys[one.keyID]
	switch {
	case one.seq > want:
		v.broken(want, "it is missing")
		return
	case one.seq < want:
		v.broken(one.seq, "it was pruned, and is there")
		return
	case !known:
		v.broken(one.seq, "it was written with a key that is not among those given")
		return
	}
	next, err := k.next(v.report.Head, one.body)
	if err != nil || !hmac.Equal([]byte(next.MAC), []byte(one.mac)) {
		v.broken(one.seq, "its MAC is not that of its text and the row before")
		return
	}
	r, err := decode(one.body)
	if err != nil || r.Seq != one.seq {
		v.broken(one.seq, "it does not say what a row says")
		return
	}
	if r.Act != nil {
		v.act(r, one)
	} else {
		v.outcome(r, one)
	}
	v.report.Head = next
	v.report.Rows++
	v.meets()
}

// act checks that an act is found by what its row says.
func (v *verifier) act(r row, one link) {
	want := r.columns()
	if !one.found {
		v.broken(r.Seq, "it is not found when searched for")
		return
	}
	if r.Outcome == nil && one.columns.Outcome != 0 {
		// Whether these are right shows at the outcome.
		want.Outcome, want.Result, want.RequestID = one.columns.Outcome, one.columns.Result, one.columns.RequestID
		if _, twice := v.due[want.Outcome]; twice {
			v.broken(r.Seq, "it is shown with the outcome of another act")
		}
		v.due[want.Outcome] = due{r.Seq, one.columns}
	}
	if want.Outcome == 0 {
		v.report.Unknown++
	}
	if want != one.columns {
		v.broken(r.Seq, "it is found by something else than it says")
	}
}

// outcome checks that an outcome and its act name each other.
func (v *verifier) outcome(r row, one link) {
	d, named := v.due[r.Seq]
	delete(v.due, r.Seq)
	want := d.columns
	want.ended(r.Seq, r.Outcome)
	switch {
	case one.found:
		v.broken(r.Seq, "it is found as an act, and is an outcome")
	case !named && r.Intent <= v.report.Pruned.Seq: // the act was pruned
	case !named, d.intent != r.Intent, want != d.columns:
		v.broken(r.Seq, "the act that it belongs to is shown with another outcome")
	}
}

// meets compares the given heads that are at this place.
func (v *verifier) meets() {
	for _, h := range v.heads {
		if h.Seq == v.report.Head.Seq && h.MAC != v.report.Head.MAC {
			v.broken(h.Seq, "it is not the row that was there when the given head was written down")
		}
	}
}

// end checks what shows when all rows were seen.
func (v *verifier) end(ctx context.Context, tx *sql.Tx) error {
	for _, h := range v.heads {
		if h.Seq > v.report.Head.Seq {
			v.broken(v.report.Head.Seq+1, "it is missing, and so is all up to the given head "+h.String())
		}
	}
	for _, d := range v.due {
		v.broken(d.intent, "it is shown with an outcome that is missing")
	}
	var seq int64
	err := tx.QueryRowContext(ctx, "SELECT e.seq FROM audit_entries e LEFT JOIN audit_chain c ON c.seq = e.seq WHERE c.seq IS NULL ORDER BY e.seq LIMIT 1").Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		v.broken(seq, "an act is found there, and there is none")
	}
	return err
}
