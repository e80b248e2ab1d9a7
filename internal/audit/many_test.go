package audit_test

import (
	"context"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

type search struct {
	filter audit.Filter
	found  int
}

// searches are the filters that pages have, and how many of so many seeded entries each finds.
func searches(rows int) map[string]search {
	at := func(i int) time.Time { return began.Add(time.Duration(i+1) * time.Second) }
	middle := rows / 2
	return map[string]search{
		"nothing":               {audit.Filter{}, rows},
		"e-mail address":        {audit.Filter{Person: "staff-3@support.example"}, rows / 10},
		"person":                {audit.Filter{Person: "member-staff-3"}, rows / 10},
		"acting member":         {audit.Filter{Person: "member-acting-3"}, rows / 100},
		"organization":          {audit.Filter{OrganizationID: "organization-7"}, rows / 100},
		"member":                {audit.Filter{MemberID: "member-17"}, rows / 1000},
		"no member":             {audit.Filter{MemberID: "member-x"}, 0},
		"target":                {audit.Filter{Target: "target-5"}, 1},
		"operation":             {audit.Filter{Operation: "UpdateMember"}, rows},
		"console's request":     {audit.Filter{RequestID: "page-5"}, 1},
		"upstream's request":    {audit.Filter{RequestID: "request-id-5"}, 1},
		"result":                {audit.Filter{Result: stytch.ResultRefused}, rows / 1000},
		"no result":             {audit.Filter{Result: stytch.ResultUnknown}, 0},
		"time":                  {audit.Filter{From: at(middle), To: at(middle + 10)}, 10},
		"long ago":              {audit.Filter{To: at(10)}, 10},
		"lately":                {audit.Filter{From: at(rows - 10)}, 10},
		"person and time":       {audit.Filter{Person: "staff-3@support.example", To: at(100)}, 10},
		"member and result":     {audit.Filter{MemberID: "member-500", Result: stytch.ResultRefused}, rows / 1000},
		"organization and then": {audit.Filter{OrganizationID: "organization-7", From: at(middle), To: at(middle + 100)}, 1},
		"all of it": {audit.Filter{
			Person: "staff-5@support.example", OrganizationID: "organization-5", MemberID: "member-5", Target: "target-5", Operation: "UpdateMember",
			RequestID: "page-5", Result: stytch.ResultDone, From: at(0), To: at(rows),
		}, 1},
	}
}

// Each filter is answered by one index, read in its own order, so that it takes as long with a million entries as with ten.
func TestEachFilterHasAnIndex(t *testing.T) {
	t.Parallel()
	k := open(t)
	index := map[string]string{
		"nothing": "audit_at", "e-mail address": "audit_actor_email", "person": "audit_actor_member_id audit_acting_member_id",
		"acting member": "audit_actor_member_id audit_acting_member_id", "organization": "audit_organization_id",
		"member": "audit_member_id audit_actor_member_id audit_acting_member_id", "no member": "audit_member_id audit_actor_member_id audit_acting_member_id",
		"target": "audit_target", "operation": "audit_operation", "console's request": "audit_reference audit_request_id",
		"upstream's request": "audit_reference audit_request_id", "result": "audit_result", "no result": "audit_result", "time": "audit_at", "long ago": "audit_at",
		"lately": "audit_at", "person and time": "audit_actor_email", "member and result": "audit_member_id audit_actor_member_id audit_acting_member_id",
		"organization and then": "audit_organization_id", "all of it": "audit_reference audit_request_id",
	}
	for name, s := range searches(many) {
		for _, inTheMiddle := range []bool{false, true} {
			plan := k.plan(t, s.filter, inTheMiddle)
			var used []string
			for line := range strings.Lines(plan) {
				_, rest, _ := strings.Cut(line, "audit_entries USING ")
				for word := range strings.FieldsSeq(rest) {
					if strings.HasPrefix(word, "audit_") {
						used = append(used, word)
					}
				}
			}
			if got := strings.Join(used, " "); got != index[name] {
				t.Errorf("%s uses %q, want %q:\n%s", name, got, index[name], plan)
			}
			if strings.Contains(plan, "SCAN audit_entries") && (name != "nothing" || inTheMiddle) {
				t.Errorf("%s reads all:\n%s", name, plan)
			}
		}
	}
}

// plan is how SQLite says that it will search.
func (k kept) plan(t *testing.T, f audit.Filter, inTheMiddle bool) string {
	t.Helper()
	query, args := audit.QueryOf(f, inTheMiddle)
	rows, err := k.store.Durable().Reader().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		plan.WriteString(detail + "\n")
	}
	must(t, rows.Err())
	return plan.String()
}

// A large record is searched, verified, exported and pruned as a small one is.
func TestMany(t *testing.T) {
	// Not in parallel: it looks at the heap of the process.
	k := open(t)
	seed(t, k, 0, few)
	smallLines, smallTable := peaks(t, k, few)
	seed(t, k, few, many)
	largeLines, largeTable := peaks(t, k, many)
	t.Logf("peak heap of an export: lines %d and %d KB, table %d and %d KB", smallLines>>10, largeLines>>10, smallTable>>10, largeTable>>10)
	if float64(largeLines) > 1.3*float64(smallLines) || float64(largeTable) > 1.3*float64(smallTable) {
		t.Error("the export of a large record takes more memory")
	}
	for name, s := range searches(many) {
		start := time.Now()
		entries, next, err := k.Search(t.Context(), s.filter, 0, 50)
		must(t, err)
		took := time.Since(start)
		if len(entries) != min(50, s.found) || (next != 0) != (s.found > 50) || took > 2*time.Second {
			t.Errorf("%s finds %d, and more from %d, in %s; there are %d", name, len(entries), next, took, s.found)
		}
		t.Logf("%-22s %4d entries in %s", name, len(entries), took.Round(10*time.Microsecond))
	}
	start := time.Now()
	if report := k.sound(t); report.Rows != many {
		t.Errorf("%d rows", report.Rows)
	}
	t.Logf("verified in %s", time.Since(start).Round(time.Millisecond))
}

// peaks are the largest heaps while all is exported, in bytes, without what could be freed: how much that is depends on what else
// the machine does.
func peaks(t *testing.T, k kept, rows int) (lines, table uint64) {
	t.Helper()
	head, err := k.Head(t.Context())
	must(t, err)
	export := func(write func(io.Writer, audit.Head, iter.Seq2[audit.Entry, error]) error) (peak uint64) {
		n := 0
		runtime.GC()
		must(t, write(io.Discard, head, func(yield func(audit.Entry, error) bool) {
			for e, err := range k.All(t.Context(), audit.Filter{}) {
				if n++; n%1000 == 0 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
				if !yield(e, err) {
					return
				}
			}
		}))
		if n != rows {
			t.Errorf("%d entries of %d", n, rows)
		}
		return peak
	}
	return export(audit.WriteJSONLines), export(audit.WriteCSV)
}

// BenchmarkAct is what the record costs an act: an intent and an outcome, each on the disk before it goes on.
func BenchmarkAct(b *testing.B) {
	k := open(b)
	for b.Loop() {
		k.do(b, update, done)
	}
}

// BenchmarkSearch is a page of 50 entries among so many.
func BenchmarkSearch(b *testing.B) {
	k := open(b)
	seed(b, k, 0, 100_000)
	for _, name := range []string{"nothing", "member", "organization"} {
		b.Run(name, func(b *testing.B) {
			s := searches(100_000)[name]
			for b.Loop() {
				_, _, err := k.Search(context.Background(), s.filter, 0, 50)
				must(b, err)
			}
		})
	}
}
