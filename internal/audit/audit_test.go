package audit_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"console.internal/internal/audit"
	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
)

const projectID = "project-test-11111111-1111-4111-8111-111111111111"

var (
	oneKey   = bytes.Repeat([]byte{1}, 32)
	otherKey = bytes.Repeat([]byte{2}, 32)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock is a time that goes on by a second at each look.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

var began = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func newClock() *clock { return &clock{now: began} }

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Second)
	return c.now
}

func (c *clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

// kept is a log and what is under it.
type kept struct {
	*audit.Log
	store *store.Store
	path  string
	clock *clock
	said  *bytes.Buffer
}

// file is a new database until the end of the test.
func file(t testing.TB) (*store.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "console.db")
	return openFile(t, path), path
}

func openFile(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{
		Path: path, ProjectID: projectID, Now: time.Now, Limits: session.Limits{Idle: time.Hour, Length: time.Hour, Rings: 10},
	})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func open(t testing.TB) kept {
	t.Helper()
	s, path := file(t)
	return logOn(t, s, path)
}

func logOn(t testing.TB, s *store.Store, path string, keys ...[]byte) kept {
	t.Helper()
	if keys == nil {
		keys = [][]byte{oneKey}
	}
	k := kept{store: s, path: path, clock: newClock(), said: &bytes.Buffer{}}
	var err error
	k.Log, err = audit.New(t.Context(), audit.Options{Store: s.Durable(), Keys: keys, Now: k.clock.read, Log: slog.New(slog.NewTextHandler(k.said, nil))})
	must(t, err)
	return k
}

var (
	ada    = stytch.Actor{Email: "Ada@support.example", Name: "Ada", MemberID: "member-ada", OrganizationID: "organization-staff"}
	update = stytch.Act{
		Name: "UpdateMember", Actor: ada, ActingOrganizationID: "organization-acme", ActingMemberID: "member-ada-in-acme",
		OrganizationID: "organization-acme", MemberID: "member-bob", Target: "external-7", Reason: "Ticket 17",
		Changes: []stytch.Change{{Field: "Name", Was: "Bob", Now: "Robert"}}, Reference: "page-1",
	}
	done    = stytch.Outcome{Result: stytch.ResultDone, Status: 200, RequestID: "request-id-1"}
	refused = stytch.Outcome{Result: stytch.ResultRefused, Status: 403, RequestID: "request-id-2", ErrorType: "unauthorized_action"}
)

// do intends an act and ends it.
func (k kept) do(t testing.TB, a stytch.Act, o stytch.Outcome) {
	t.Helper()
	finish, err := k.Intend(t.Context(), a)
	must(t, err)
	finish(t.Context(), o)
}

func (k kept) search(t testing.TB, f audit.Filter) []audit.Entry {
	t.Helper()
	entries, next, err := k.Search(t.Context(), f, 0, 1000)
	must(t, err)
	if next != 0 {
		t.Errorf("there is more, from %d", next)
	}
	return entries
}

// sound fails unless the chain is as it was written.
func (k kept) sound(t testing.TB, heads ...audit.Head) audit.Report {
	t.Helper()
	report, err := k.Verify(t.Context(), heads...)
	must(t, err)
	if !report.OK() {
		t.Fatal(report.Broken)
	}
	return report
}

func TestAnActAndItsOutcome(t *testing.T) {
	t.Parallel()
	k := open(t)
	finish, err := k.Intend(t.Context(), update)
	must(t, err)
	want := audit.Entry{
		Seq: 1, At: began.Add(time.Second), Operation: "UpdateMember", Actor: ada, ActingOrganizationID: "organization-acme", ActingMemberID: "member-ada-in-acme",
		OrganizationID: "organization-acme", MemberID: "member-bob", Target: "external-7", Reason: "Ticket 17", Changes: update.Changes,
		Reference: "page-1", Result: stytch.ResultUnknown,
	}
	if diff := cmp.Diff([]audit.Entry{want}, k.search(t, audit.Filter{})); diff != "" {
		t.Error(diff)
	}
	if report := k.sound(t); report.Rows != 1 || report.Unknown != 1 {
		t.Errorf("%+v", report)
	}
	// Whoever asked has gone.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	finish(gone, done)
	finish(t.Context(), refused)
	want.FinishedAt, want.Result, want.Status, want.UpstreamRequestID = began.Add(2*time.Second), stytch.ResultDone, 200, "request-id-1"
	if diff := cmp.Diff([]audit.Entry{want}, k.search(t, audit.Filter{})); diff != "" {
		t.Error(diff)
	}
	if report := k.sound(t); report.Rows != 2 || report.Unknown != 0 || k.said.Len() > 0 {
		t.Errorf("%+v, %s", report, k.said)
	}
}

func TestARefusalAndANoteAreOneRow(t *testing.T) {
	t.Parallel()
	k := open(t)
	k.Refused(t.Context(), update, refused)
	must(t, k.Note(t.Context(), stytch.Act{Name: audit.SignIn, Actor: ada}, done))
	entries := k.search(t, audit.Filter{})
	if len(entries) != 2 || entries[0].Operation != audit.SignIn || entries[1].Result != stytch.ResultRefused || entries[1].ErrorType != "unauthorized_action" ||
		!entries[1].FinishedAt.Equal(entries[1].At) {
		t.Errorf("%+v", entries)
	}
	if report := k.sound(t); report.Rows != 2 || report.Head.Seq != 2 {
		t.Errorf("%+v", report)
	}
}

// The name of an act is its operation's where nobody gave another one.
func TestAnOperationNamesItsAct(t *testing.T) {
	t.Parallel()
	k := open(t)
	must(t, k.Note(t.Context(), stytch.Act{Operation: stytch.SessionRevoke}, done))
	if got := k.search(t, audit.Filter{})[0].Operation; got != stytch.SessionRevoke.String() {
		t.Error(got)
	}
}

// Whatever comes is kept as text, and not more of it than there is room for.
func TestHostileAndLongTexts(t *testing.T) {
	t.Parallel()
	k := open(t)
	for _, text := range []string{"<script>alert(1)</script>", "\x00\x1f\u2028\u202e", "'; DROP TABLE audit_chain; --", "=1+1", "\n{\"seq\":1}", "😀"} {
		a := update
		a.Reason, a.Target, a.Changes = text, text, []stytch.Change{{Field: text, Was: text, Now: text}}
		k.do(t, a, done)
		e := k.search(t, audit.Filter{Target: text})[0]
		if e.Reason != text || e.Target != text || !slices.Equal(e.Changes, a.Changes) {
			t.Errorf("%q came back as %+v", text, e)
		}
	}
	long := strings.Repeat("日", 10_000)
	a := update
	a.Reason, a.Target, a.Actor.Name, a.Changes = long, "x\xff", long, make([]stytch.Change, 100)
	for i := range a.Changes {
		a.Changes[i] = stytch.Change{Field: long, Was: long, Now: long + "\xff"}
	}
	k.do(t, a, stytch.Outcome{Result: stytch.ResultFailed, ErrorType: long})
	e := k.search(t, audit.Filter{})[0]
	for what, got := range map[string][2]int{
		"reason": {len([]rune(e.Reason)), 500}, "name": {len([]rune(e.Actor.Name)), 300}, "error type": {len([]rune(e.ErrorType)), 300}, "changes": {len(e.Changes), 64},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d, want %d", what, got[0], got[1])
		}
	}
	if now := e.Changes[0].Now; len(now) > 4<<10 || len(now) < 4<<10-3 || !strings.HasSuffix(now, "日…") {
		t.Errorf("a value has %d bytes", len(now))
	}
	if e.Changes[63].Field != "and 37 more" || e.Target != "x\ufffd" || !strings.HasSuffix(e.Reason, "日…") {
		t.Errorf("%q, %q", e.Changes[63].Field, e.Target)
	}
	k.sound(t)
}

// Two consoles on one database, and many pages in each.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	one := open(t)
	logs := []kept{one, logOn(t, openFile(t, one.path), one.path), logOn(t, one.store, one.path)}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			finish, err := logs[i%3].Intend(t.Context(), update)
			if err != nil {
				t.Error(err)
				return
			}
			finish(t.Context(), done)
		})
	}
	wg.Wait()
	if report := one.sound(t); report.Rows != 120 || report.Unknown != 0 {
		t.Errorf("%+v", report)
	}
	for _, k := range logs {
		if k.said.Len() > 0 {
			t.Error(k.said)
		}
	}
}

func TestHeads(t *testing.T) {
	t.Parallel()
	k := open(t)
	none, err := k.Head(t.Context())
	must(t, err)
	k.do(t, update, done)
	head, err := k.Head(t.Context())
	must(t, err)
	if none.Seq != 0 || head.Seq != 2 {
		t.Errorf("%s, %s", none, head)
	}
	for _, h := range []audit.Head{none, head} {
		read, err := audit.ParseHead(h.String())
		if err != nil || read != h {
			t.Errorf("%s: %s, %v", h, read, err)
		}
	}
	for _, text := range []string{"", "1", "1:", ":" + head.MAC, "-1:" + head.MAC, "01:" + head.MAC, "1:" + head.MAC[1:], "1:" + strings.ToUpper(head.MAC), " " + head.String(), "1234567890123456789:" + head.MAC} {
		if _, err := audit.ParseHead(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
	k.do(t, update, done)
	k.sound(t, none, head)
}

func TestNoKey(t *testing.T) {
	t.Parallel()
	s, _ := file(t)
	if _, err := audit.New(t.Context(), audit.Options{Store: s.Durable(), Now: time.Now}); err == nil {
		t.Error("a log without a key")
	}
}
