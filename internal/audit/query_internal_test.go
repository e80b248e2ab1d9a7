package audit

// PruneBy makes the steps of pruning smaller.
func (l *Log) PruneBy(rows int64) { l.step = rows }

// QueryOf is the SQL of a page of a filter: the first one, or one in the middle.
func QueryOf(f Filter, inTheMiddle bool) (query string, args []any) {
	var before *position
	if inTheMiddle {
		before = &position{at: 1_800_000_000_000_000_000, seq: 1000}
	}
	return f.query(before, 50)
}
