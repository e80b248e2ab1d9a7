package audit

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"strings"
)

// allPage is how many entries All holds at a time. They may be half a megabyte each.
const allPage = 100

// term is a condition: one of the columns has the value.
type term struct {
	columns []string
	value   string
}

// terms are the conditions of a filter, those first that few entries meet.
func (f Filter) terms() []term {
	person := term{[]string{"actor_member_id", "acting_member_id"}, f.Person}
	if strings.Contains(f.Person, "@") {
		person = term{[]string{"actor_email"}, strings.ToLower(f.Person)}
	}
	var out []term
	for _, t := range []term{
		{[]string{"reference", "request_id"}, f.RequestID},
		{[]string{"target"}, f.Target},
		{[]string{"member_id", "actor_member_id", "acting_member_id"}, f.MemberID},
		person,
		{[]string{"organization_id"}, f.OrganizationID},
		{[]string{"operation"}, f.Operation},
		{[]string{"result"}, string(f.Result)},
	} {
		if t.value != "" {
			out = append(out, t)
		}
	}
	return out
}

// either is SQL of the term that no index is used for, and its arguments. Of two indexes the database would have to guess the
// better one, and a wrong guess reads the whole table.
func (t term) either() (query string, args []any) {
	parts := make([]string, len(t.columns))
	for i, column := range t.columns {
		parts[i] = column + " || '' = ?"
		args = append(args, t.value)
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// position is a place in the order of time.
type position struct{ at, seq int64 }

// query is SQL for the newest entries of a filter, before a place where one is given. For each column of the first term it
// asks one index, in the index's own order.
func (f Filter) query(before *position, limit int) (query string, args []any) {
	terms := f.terms()
	var also []string
	var alsoArgs []any
	add := func(condition string, args ...any) {
		also, alsoArgs = append(also, condition), append(alsoArgs, args...)
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From.UnixNano())
	}
	if !f.To.IsZero() {
		add("at < ?", f.To.UnixNano())
	}
	if before != nil {
		add("at <= ? AND (at < ? OR seq < ?)", before.at, before.at, before.seq)
	}
	arms := [][]string{{}}
	value := ""
	if len(terms) > 0 {
		arms, value = nil, terms[0].value
		for _, column := range terms[0].columns {
			arms = append(arms, []string{column + " = ?"})
		}
		for _, t := range terms[1:] {
			condition, args := t.either()
			add(condition, args...)
		}
	}
	found := make([]string, len(arms))
	for i, arm := range arms {
		if len(terms) > 0 {
			args = append(args, value)
		}
		args = append(append(args, alsoArgs...), limit)
		conditions := strings.Join(append(arm, also...), " AND ")
		if conditions != "" {
			conditions = "WHERE " + conditions + " "
		}
		found[i] = "SELECT seq, at, outcome FROM (SELECT seq, at, outcome FROM audit_entries " + conditions + "ORDER BY at DESC, seq DESC LIMIT ?) AS arm"
	}
	return "SELECT f.seq, f.outcome, c.body, o.body FROM (" + strings.Join(found, " UNION ") + ") AS f JOIN audit_chain c ON c.seq = f.seq " +
		"LEFT JOIN audit_chain o ON o.seq = f.outcome ORDER BY f.at DESC, f.seq DESC LIMIT ?", append(args, limit)
}

// Search returns at most limit entries, newest first, from before the one with the seq given, or from the newest where that is
// 0. Next is where to go on, 0 where nothing is left.
func (l *Log) Search(ctx context.Context, f Filter, before int64, limit int) (entries []Entry, next int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	ctx = context.WithoutCancel(ctx)
	var from *position
	if before != 0 {
		from = &position{seq: before}
		err := l.store.Reader().QueryRowContext(ctx, "SELECT at FROM audit_entries WHERE seq = ?", before).Scan(&from.at)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, 0, nil // it was pruned, and so is what was before it
		}
		if err != nil {
			return nil, 0, err
		}
	}
	query, args := f.query(from, limit+1)
	rows, err := l.store.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, 0, err
		}
		if len(entries) == limit {
			return entries, entries[limit-1].Seq, rows.Close()
		}
		entries = append(entries, e)
	}
	return entries, 0, rows.Err()
}

func scan(rows *sql.Rows) (Entry, error) {
	var seq, outcome int64
	var body, end sql.RawBytes
	if err := rows.Scan(&seq, &outcome, &body, &end); err != nil {
		return Entry{}, err
	}
	intent, err := decode(body)
	if err != nil {
		return Entry{}, err
	}
	var ended *row
	switch {
	case intent.Act == nil || intent.Seq != seq:
		return Entry{}, errBody
	case outcome == seq && intent.Outcome != nil:
		ended = &intent
	case outcome != 0:
		r, err := decode(end)
		if err != nil {
			return Entry{}, err
		}
		if r.Intent != seq || r.Outcome == nil {
			return Entry{}, errBody
		}
		ended = &r
	}
	return entry(intent, ended), nil
}

// All is every entry of a filter, newest first, those that come later left out. It ends with an error at most. It holds no
// transaction, however slowly it is read.
func (l *Log) All(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for before := int64(0); ; {
			entries, next, err := l.Search(ctx, f, before, allPage)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
			if next == 0 {
				return
			}
			before = next
		}
	}
}
