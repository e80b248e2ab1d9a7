package audit_test

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

// raw opens the file as somebody would who can write to it and has no key.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	address := url.URL{Scheme: "file", Path: path}
	db, err := sql.Open("sqlite", address.String())
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func change(t testing.TB, db *sql.DB, statements string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statements)
	must(t, err)
}

// ten is a log of ten rows: an act and its outcome four times, a refusal, and an act without an outcome.
func ten(t testing.TB) kept {
	t.Helper()
	k := open(t)
	for range 4 {
		k.do(t, update, done)
	}
	k.Refused(t.Context(), update, refused)
	_, err := k.Intend(t.Context(), update)
	must(t, err)
	return k
}

// broken is the row that Verify complains of, and why; 0 where it does not.
func (k kept) broken(t testing.TB, heads ...audit.Head) (seq int64, why string) {
	t.Helper()
	report, err := k.Verify(t.Context(), heads...)
	must(t, err)
	if report.OK() {
		return 0, ""
	}
	return report.Broken.Seq, report.Broken.Why
}

// Every column of every kind of row, and every way to rearrange rows.
func TestTampering(t *testing.T) {
	t.Parallel()
	const shift = "UPDATE audit_chain SET seq = seq - 1000 WHERE seq > %; UPDATE audit_chain SET seq = seq + 999 WHERE seq < 0; " +
		"UPDATE audit_entries SET seq = seq - 1000 WHERE seq > %; UPDATE audit_entries SET seq = seq + 999 WHERE seq < 0; " +
		"UPDATE audit_entries SET outcome = outcome - 1 WHERE outcome > %;"
	for name, tc := range map[string]struct {
		change string
		row    int64
		why    string
	}{
		"nothing":                         {"UPDATE audit_chain SET seq = seq", 0, ""},
		"body of an act":                  {"UPDATE audit_chain SET body = replace(body, 'Robert', 'Rupert') WHERE seq = 3", 3, "MAC"},
		"body of an outcome":              {"UPDATE audit_chain SET body = replace(body, 'done', 'gone') WHERE seq = 4", 4, "MAC"},
		"a space in a body":               {"UPDATE audit_chain SET body = body || ' ' WHERE seq = 3", 3, "MAC"},
		"a mac":                           {"UPDATE audit_chain SET mac = '" + strings.Repeat("ab", 32) + "' WHERE seq = 3", 3, "MAC"},
		"a mac that is none":              {"UPDATE audit_chain SET mac = 'x' WHERE seq = 3", 3, "MAC"},
		"a key id":                        {"UPDATE audit_chain SET key_id = 'ab' WHERE seq = 3", 3, "key"},
		"a number of a row":               {"UPDATE audit_chain SET seq = 30 WHERE seq = 3", 3, "missing"},
		"the first row taken away":        {"DELETE FROM audit_chain WHERE seq = 1; DELETE FROM audit_entries WHERE seq = 1", 1, "missing"},
		"a row taken away":                {"DELETE FROM audit_chain WHERE seq = 4", 4, "missing"},
		"a row taken away, rest moved up": {"DELETE FROM audit_chain WHERE seq = 9; DELETE FROM audit_entries WHERE seq = 9; " + strings.ReplaceAll(shift, "%", "9"), 9, "MAC"},
		"two rows exchanged":              {"UPDATE audit_chain SET seq = -1 WHERE seq = 1; UPDATE audit_chain SET seq = 1 WHERE seq = 3; UPDATE audit_chain SET seq = 3 WHERE seq = -1", 1, "MAC"},
		"a row twice":                     {"INSERT INTO audit_chain SELECT 11, key_id, mac, body FROM audit_chain WHERE seq = 10", 11, "MAC"},
		"a row before all":                {"INSERT INTO audit_chain SELECT 0, key_id, mac, body FROM audit_chain WHERE seq = 10", 0, "pruned"},
		"another kind of value":           {"UPDATE audit_entries SET at = 'then' WHERE seq = 3", 3, "no values"},
		"time":                            {"UPDATE audit_entries SET at = at + 1 WHERE seq = 3", 3, "found by something else"},
		"operation":                       {"UPDATE audit_entries SET operation = '' WHERE seq = 3", 3, "found by something else"},
		"actor's address":                 {"UPDATE audit_entries SET actor_email = 'eve@support.example' WHERE seq = 3", 3, "found by something else"},
		"actor":                           {"UPDATE audit_entries SET actor_member_id = '' WHERE seq = 3", 3, "found by something else"},
		"acting member":                   {"UPDATE audit_entries SET acting_member_id = '' WHERE seq = 3", 3, "found by something else"},
		"organization":                    {"UPDATE audit_entries SET organization_id = '' WHERE seq = 3", 3, "found by something else"},
		"member":                          {"UPDATE audit_entries SET member_id = '' WHERE seq = 3", 3, "found by something else"},
		"target":                          {"UPDATE audit_entries SET target = '' WHERE seq = 3", 3, "found by something else"},
		"reference":                       {"UPDATE audit_entries SET reference = '' WHERE seq = 3", 3, "found by something else"},
		"upstream's request":              {"UPDATE audit_entries SET request_id = '' WHERE seq = 3", 4, "another outcome"},
		"result":                          {"UPDATE audit_entries SET result = 'failed' WHERE seq = 3", 4, "another outcome"},
		"result of a refusal":             {"UPDATE audit_entries SET result = 'done' WHERE seq = 9", 9, "found by something else"},
		"result of nothing":               {"UPDATE audit_entries SET result = 'done' WHERE seq = 10", 10, "found by something else"},
		"an outcome forgotten":            {"UPDATE audit_entries SET outcome = 0, result = 'unknown', request_id = '' WHERE seq = 3", 4, "another outcome"},
		"another's outcome":               {"UPDATE audit_entries SET outcome = 8, result = 'done', request_id = 'request-id-1' WHERE seq = 10; UPDATE audit_entries SET outcome = 0, result = 'unknown', request_id = '' WHERE seq = 7", 8, "another outcome"},
		"an outcome to come":              {"UPDATE audit_entries SET outcome = 12, result = 'done' WHERE seq = 10", 10, "missing"},
		"an act not found":                {"DELETE FROM audit_entries WHERE seq = 3", 3, "not found"},
		"an outcome found":                {"INSERT INTO audit_entries SELECT 4, outcome, at, operation, actor_email, actor_member_id, acting_member_id, organization_id, member_id, target, reference, request_id, result FROM audit_entries WHERE seq = 3", 4, "found as an act"},
		"an act made up":                  {"INSERT INTO audit_entries SELECT 40, outcome, at, operation, actor_email, actor_member_id, acting_member_id, organization_id, member_id, target, reference, request_id, result FROM audit_entries WHERE seq = 3", 40, "there is none"},
		"all made up":                     {"DELETE FROM audit_chain", 1, "there is none"},
		"a pruning made up":               {"UPDATE audit_entries SET operation = 'prune' WHERE seq = 3", 0, "pruned"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := ten(t)
			change(t, raw(t, k.path), tc.change)
			seq, why := k.broken(t)
			if seq != tc.row || !strings.Contains(why, tc.why) || (why == "") != (tc.why == "") {
				t.Errorf("row %d: %q; want row %d: %q", seq, why, tc.row, tc.why)
			}
		})
	}
}

// An act that nobody knows the end of is not shown with another's.
func TestAnothersOutcome(t *testing.T) {
	t.Parallel()
	const (
		takes = "UPDATE audit_entries SET outcome = 3, result = 'done', request_id = 'request-id-1' WHERE seq = 1; "
		loses = "UPDATE audit_entries SET outcome = 0, result = 'unknown', request_id = '' WHERE seq = 2; "
	)
	for statements, row := range map[string]int64{takes: 2, takes + loses: 3, loses: 3} {
		k := open(t)
		_, err := k.Intend(t.Context(), update)
		must(t, err)
		k.do(t, update, done)
		change(t, raw(t, k.path), statements)
		if seq, why := k.broken(t); seq != row {
			t.Errorf("%s: row %d: %s", statements, seq, why)
		}
	}
}

// What was taken from the end shows by a head that was written down, and by the next row that a running console writes.
func TestTruncation(t *testing.T) {
	t.Parallel()
	k := ten(t)
	head, err := k.Head(t.Context())
	must(t, err)
	change(t, raw(t, k.path), "DELETE FROM audit_chain WHERE seq > 6; DELETE FROM audit_entries WHERE seq > 6")
	if seq, _ := k.broken(t); seq != 0 {
		t.Errorf("row %d is said to be wrong", seq)
	}
	if seq, why := k.broken(t, head); seq != 7 || !strings.Contains(why, "missing") {
		t.Errorf("row %d: %s", seq, why)
	}
	if k.said.Len() > 0 {
		t.Error(k.said)
	}
	for range 4 {
		must(t, k.Note(t.Context(), update, done))
	}
	if strings.Count(k.said.String(), "taken away or changed") != 1 {
		t.Errorf("the console says %q", k.said)
	}
	if seq, why := k.broken(t, head); seq != 10 || !strings.Contains(why, "not the row") {
		t.Errorf("row %d: %s", seq, why)
	}
	change(t, raw(t, k.path), "UPDATE audit_chain SET mac = '"+strings.Repeat("0", 64)+"' WHERE seq = 10")
	must(t, k.Note(t.Context(), update, done))
	if strings.Count(k.said.String(), "taken away or changed") != 2 {
		t.Errorf("the console says %q", k.said)
	}
}

// A chain is read with all keys that wrote it, and not without one of them.
func TestKeysRotate(t *testing.T) {
	t.Parallel()
	k := ten(t)
	k.sound(t)
	later := logOn(t, k.store, k.path, otherKey, oneKey)
	later.do(t, update, done)
	if report := later.sound(t); report.Rows != 12 {
		t.Errorf("%+v", report)
	}
	for name, tc := range map[string]struct {
		key []byte
		row int64
	}{"the old key": {oneKey, 11}, "the new key": {otherKey, 1}, "another": {[]byte(strings.Repeat("x", 32)), 1}} {
		if seq, why := logOn(t, k.store, k.path, tc.key).broken(t); seq != tc.row || !strings.Contains(why, "key") {
			t.Errorf("%s: row %d: %s", name, seq, why)
		}
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	k := ten(t)
	first, err := k.Head(t.Context())
	must(t, err)
	unfinished, err := k.Intend(t.Context(), update)
	must(t, err)
	boundary := began.Add(24 * time.Hour)
	k.clock.set(boundary)
	k.do(t, update, done)
	unfinished(t.Context(), done) // of an act that is pruned below
	kept, err := k.Head(t.Context())
	must(t, err)
	if _, err := k.Prune(t.Context(), boundary.Add(time.Hour)); !errors.Is(err, audit.ErrFuture) {
		t.Errorf("pruning what is to come: %v", err)
	}
	report, err := k.Prune(t.Context(), boundary)
	if err != nil || report.Rows != 11 || report.Pruned.Seq != 11 || report.Head.Seq != 15 {
		t.Errorf("%+v, %v", report, err)
	}
	report = k.sound(t, kept, first)
	if report.Rows != 4 || report.Pruned.Seq != 11 || report.PrunedAt.IsZero() || len(report.Unchecked) != 1 || report.Unchecked[0] != first {
		t.Errorf("%+v", report)
	}
	entries := k.search(t, audit.Filter{})
	if len(entries) != 2 || entries[0].Operation != audit.Prune || entries[0].Target != report.Pruned.String() || entries[0].Changes[0].Now != "11" || entries[1].Seq != 12 {
		t.Errorf("%+v", entries)
	}
	if entries, next, err := k.Search(t.Context(), audit.Filter{}, 3, 10); len(entries) != 0 || next != 0 || err != nil {
		t.Errorf("a page that was pruned: %+v, %d, %v", entries, next, err)
	}
	// Nothing is as old.
	if report, err = k.Prune(t.Context(), boundary); err != nil || report.Rows != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	// All of it, the first marker too.
	k.clock.set(boundary.Add(48 * time.Hour))
	report, err = k.Prune(t.Context(), boundary.Add(24*time.Hour))
	if err != nil || report.Rows != 4 {
		t.Errorf("%+v, %v", report, err)
	}
	if report = k.sound(t); report.Rows != 1 || report.Head.Seq != 16 || report.Pruned.Seq != 15 {
		t.Errorf("%+v", report)
	}
	k.do(t, update, done)
	k.sound(t)
}

// What somebody does to a pruned log shows as well.
func TestTamperingAfterPruning(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change string
		row    int64
	}{
		"more taken away":      {"DELETE FROM audit_chain WHERE seq = 9; DELETE FROM audit_entries WHERE seq = 9", 9},
		"the marker changed":   {"UPDATE audit_chain SET body = replace(body, '\"seq\":8,', '\"seq\":9,') WHERE seq = 13; DELETE FROM audit_chain WHERE seq = 9; DELETE FROM audit_entries WHERE seq = 9", 10},
		"the marker hidden":    {"UPDATE audit_entries SET operation = 'x' WHERE operation = 'prune'", 1},
		"the marker gone":      {"DELETE FROM audit_chain WHERE seq = 13; DELETE FROM audit_entries WHERE seq = 13", 1},
		"something else is it": {"UPDATE audit_entries SET operation = 'prune' WHERE seq = 14", 0},
		"an old row is back":   {"INSERT INTO audit_chain SELECT 8, key_id, mac, body FROM audit_chain WHERE seq = 9", 8},
		"an old act is found":  {"UPDATE audit_entries SET seq = 8 WHERE seq = 9", 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := ten(t)
			k.do(t, update, done)
			_, err := k.Prune(t.Context(), began.Add(9*time.Second)) // of the ninth row
			must(t, err)
			must(t, k.Note(t.Context(), stytch.Act{Name: audit.SignOut}, done))
			k.sound(t)
			change(t, raw(t, k.path), tc.change)
			if seq, why := k.broken(t); seq != tc.row || why == "" {
				t.Errorf("row %d: %q; want row %d", seq, why, tc.row)
			}
		})
	}
}

func TestABrokenLogIsNotPruned(t *testing.T) {
	t.Parallel()
	k := ten(t)
	change(t, raw(t, k.path), "DELETE FROM audit_chain WHERE seq = 2")
	report, err := k.Prune(t.Context(), began.Add(5*time.Second))
	if !errors.Is(err, audit.ErrBroken) || report.Broken == nil || report.Broken.Seq != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	var rows int
	must(t, raw(t, k.path).QueryRowContext(t.Context(), "SELECT count(*) FROM audit_chain").Scan(&rows))
	if rows != 9 {
		t.Errorf("%d rows are left", rows)
	}
}

// Pruning goes in steps, and each leaves a whole chain.
func TestPruneInSteps(t *testing.T) {
	t.Parallel()
	k := open(t)
	k.PruneBy(50)
	seed(t, k, 0, 120)
	k.clock.set(began.Add(24 * time.Hour))
	must(t, k.Note(t.Context(), update, done))
	report, err := k.Prune(t.Context(), began.Add(24*time.Hour))
	if err != nil || report.Rows != 120 {
		t.Errorf("%+v, %v", report, err)
	}
	if markers := k.search(t, audit.Filter{Operation: audit.Prune}); len(markers) != 3 {
		t.Errorf("%d steps", len(markers))
	}
	if report = k.sound(t); report.Rows != 4 || report.Pruned.Seq != 120 {
		t.Errorf("%+v", report)
	}
}
