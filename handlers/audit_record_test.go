package handlers_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/audit"
	"console.internal/internal/contract"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
)

// recorded are the entries of the request behind an answer, in the order in which they were made.
func (a *answer) recorded() []audit.Entry {
	a.t.Helper()
	entries, next, err := a.f.audit.Search(a.t.Context(), audit.Filter{RequestID: a.page}, 0, 1000)
	if err != nil || next != 0 {
		a.t.Fatalf("search the record: %v, next %d", err, next)
	}
	slices.Reverse(entries)
	return entries
}

// acts are the calls of a request that changed something, or read a secret, in the name of somebody's session.
func (a *answer) acts(r handlers.Route) []sandbox.RequestLog {
	return slices.DeleteFunc(a.calls(), func(c sandbox.RequestLog) bool {
		if c.Operation == stytch.SessionRevoke.String() {
			return false
		}
		return !slices.ContainsFunc(r.Calls, func(op stytch.Operation) bool {
			row := op.Row()
			// Before somebody is signed in there is nobody in whose name it is done; signing in is recorded as that.
			return row.ID == c.Operation && row.Kind != stytch.Read && (row.Door != stytch.Open || r.Access != handlers.Anyone || c.SessionKind == "token")
		})
	})
}

// resultOf is what the record is to say of a call that was answered with this status.
func resultOf(status int) stytch.Result {
	switch {
	case status == http.StatusOK || status == http.StatusCreated:
		return stytch.ResultDone
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return stytch.ResultRefused
	case status == 0 || status >= http.StatusInternalServerError:
		return stytch.ResultUnknown
	}
	return stytch.ResultFailed
}

var wholeRequestID = regexp.MustCompile(`^` + upstreamIDs.String() + `$`)

// TestEveryActIsRecorded makes every visit of the table and compares what the upstream saw with the record: no act is without its
// entry, and each tells who, whose session, in which tenant, what came of it, and the upstream's name of the request. Then it makes the
// visit with a full disk: what would be recorded is not sent, and the page says why.
func TestEveryActIsRecorded(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			for _, d := range drives[key(r)] {
				f := newFixture(t, setup{})
				b := d.who(f)
				email := b.email()
				a := d.send(b, r.Method).want(d.status)
				a.allRecorded(r, d.name, email)
				if d.meanwhile == nil { // which waits for a call that is not made
					unrecorded(t, r, d, a)
				}
			}
		})
	}
}

// allRecorded compares what the upstream saw of a visit with the record.
func (a *answer) allRecorded(r handlers.Route, name, email string) {
	a.t.Helper()
	entries := a.recorded()
	for _, c := range a.acts(r) {
		i := slices.IndexFunc(entries, func(e audit.Entry) bool {
			ended := e.Result == resultOf(c.Status) || c.Fault != "" && e.Result == stytch.ResultUnknown
			return e.Operation == c.Operation && ended && (c.Fault != "" || wholeRequestID.MatchString(e.UpstreamRequestID)) &&
				(c.MemberID == "" || e.ActingOrganizationID == c.OrganizationID && e.ActingMemberID == c.MemberID)
		})
		if i < 0 {
			a.t.Errorf("%s: %s answered %d to the session of %q in %q, and the record has no such entry: %+v", name, c.Operation, c.Status, c.MemberID, c.OrganizationID, entries)
			continue
		}
		e := entries[i]
		entries = slices.Delete(entries, i, i+1)
		// What is made has no id before.
		if c.Operation != stytch.OrganizationCreate.String() && c.TargetOrganizationID != "" && e.OrganizationID != c.TargetOrganizationID {
			a.t.Errorf("%s: %s was done in %s, and the record says in %q", name, c.Operation, c.TargetOrganizationID, e.OrganizationID)
		}
		if email != "" && e.Actor.Email != email || e.FinishedAt.Before(e.At) {
			a.t.Errorf("%s: %s was done by %s; the record says by %q, from %s to %s", name, c.Operation, email, e.Actor.Email, e.At, e.FinishedAt)
		}
	}
	for _, e := range entries {
		isCall := strings.HasPrefix(e.Operation, "api_") || strings.HasPrefix(e.Operation, "console_")
		if isCall && e.Result != stytch.ResultRefused {
			a.t.Errorf("%s: the record says %s, %s, and no such call was made", name, e.Operation, e.Result)
		}
	}
}

// TestRefusalsAreRecorded: whoever was told no by a check is in the record with what they asked for.
func TestRefusalsAreRecorded(t *testing.T) {
	t.Parallel()
	for _, r := range handlers.Routes() {
		for _, d := range drives[key(r)] {
			if !d.refused {
				continue
			}
			t.Run(key(r)+" "+d.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				b := d.who(f)
				email := b.email()
				a := d.send(b, r.Method).want(d.status)
				asked := slices.ContainsFunc(a.calls(), func(c sandbox.RequestLog) bool {
					return c.Status == http.StatusForbidden || c.Authorized != nil && !*c.Authorized
				})
				if !asked {
					return // a page that does not even ask
				}
				found := slices.ContainsFunc(a.recorded(), func(e audit.Entry) bool {
					named := slices.ContainsFunc(r.Calls, func(op stytch.Operation) bool { return op.String() == e.Operation })
					return named && e.Result == stytch.ResultRefused && e.Actor.Email == email && e.ActingMemberID != "" && e.OrganizationID != ""
				})
				if !found {
					t.Error("the refusal is not in the record")
				}
			})
		}
	}
}

// disk is the disk under the record. It can be full, or gone.
type disk struct {
	*store.Durable

	// room is how many rows can still be written; negative for any number.
	room atomic.Int64
	// gone is what is read from when the disk is gone.
	gone   *sql.DB
	isGone atomic.Bool
}

func (d *disk) Write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	if d.room.Load() == 0 {
		return session.ErrNotKept
	}
	d.room.Add(-1)
	return d.Durable.Write(ctx, do)
}

func (d *disk) Reader() *sql.DB {
	if d.isGone.Load() {
		return d.gone
	}
	return d.Durable.Reader()
}

// onDisk is a fixture whose record is on a disk that the test can fill up and take away.
func onDisk(t *testing.T) (*fixture, *disk) {
	t.Helper()
	f := newFixture(t, setup{})
	d := &disk{Durable: f.store.Durable()}
	d.room.Store(-1)
	var err error
	if d.gone, err = sql.Open("sqlite", ":memory:"); err != nil {
		t.Fatal(err)
	}
	if err := d.gone.Close(); err != nil {
		t.Fatal(err)
	}
	keys := [][]byte{[]byte(strings.Repeat("k", 32))}
	if f.audit, err = audit.New(t.Context(), audit.Options{Store: d, Keys: keys, Now: f.now}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Check(t, f.sandbox))
	t.Cleanup(server.Close)
	f.client, err = stytch.New(stytch.Options{
		BaseURL: server.URL, ProjectID: f.sandbox.ProjectID(), Secret: stytch.Secret(f.sandbox.Secret()), Timeout: 10 * time.Second, MaxAnswer: 4 << 20, Recorder: f.audit,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.client.Close)
	f.sessions, err = session.New(session.Options{
		Client: f.client, StaffOrganizationID: f.staffID, Keys: keys, Now: f.now, Limits: session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 1000},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sessions.Close)
	f.handler = handlers.New(f.options())
	return f, d
}

// endsOwn says whether a call ends a session that somebody holds themselves.
func endsOwn(c sandbox.RequestLog) bool {
	return c.Operation == stytch.SessionRevoke.String() && c.SessionKind == "token"
}

// withoutRecord are the forms that are answered as ever when nothing can be recorded, and why.
var withoutRecord = map[string]string{
	"POST /organizations/:organization_id/leave": "it gives a key back; a membership that was made for entering is deleted later",
	"POST /entries/:entry_id/end":                "likewise; the page says that the membership is still there",
	"POST /account/sessions/end":                 "it signs out",
	"POST /oauth/account":                        "it signs out, to sign in as somebody else",
	"POST /logout":                               "nothing keeps anybody from signing out; a membership that was made for entering is deleted later",
}

// needsRecord says whether a visit does something that is not to be done unrecorded.
func (a *answer) needsRecord(r handlers.Route) bool {
	begins := func(e audit.Entry) bool {
		return slices.Contains([]string{audit.SignIn, audit.Enter, audit.AskForApp, audit.AppRequestsClose, audit.DenyApp}, e.Operation)
	}
	acts := func(e audit.Entry) bool {
		return slices.ContainsFunc(r.Calls, func(op stytch.Operation) bool {
			return op != stytch.SessionRevoke && op.String() == e.Operation && op.Row().Kind != stytch.Read && op.Row().Door != stytch.Open
		})
	}
	sends := func(c sandbox.RequestLog) bool { return !endsOwn(c) }
	return slices.ContainsFunc(a.recorded(), begins) || slices.ContainsFunc(a.acts(r), sends) ||
		!slices.ContainsFunc(a.calls(), endsOwn) && slices.ContainsFunc(a.recorded(), acts)
}

// unrecorded makes a visit with a full disk. Usual is its answer without.
func unrecorded(t *testing.T, r handlers.Route, d drive, usual *answer) {
	t.Helper()
	f, full := onDisk(t)
	b := d.who(f)
	if d.form != nil { // what makes it ready needs room
		form := d.form(b)
		d.form = func(*browser) url.Values { return form }
	}
	full.room.Store(0)
	a := d.send(b, r.Method)
	for _, c := range a.acts(r) {
		if !endsOwn(c) {
			t.Errorf("%s: %s was sent and not recorded", d.name, c.Operation)
		}
	}
	want := d.status
	if withoutRecord[key(r)] == "" && usual.needsRecord(r) {
		want = http.StatusServiceUnavailable
	}
	receipt := a.status == http.StatusOK && strings.Contains(a.text("main"), "The console cannot record it, so it was not sent.")
	if a.status != want && !receipt {
		t.Errorf("%s, with a full disk: status %d, want %d; h1 %q", d.name, a.status, want, a.h1())
	}
}

// TestHowAnActEndsIsRecorded: after a fault on the way nobody knows whether the act was done, and the record says that.
func TestHowAnActEndsIsRecorded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(aaron, "acme")
	operation := stytch.OwnNameUpdate.String()
	for _, s := range spoils {
		if s.fault.Kind == "" || s.late() {
			continue // not of the sandbox, or only a deadline ends it
		}
		fault := s.fault
		fault.Operation = operation
		f.fault(fault)
		a := b.post(paths.AccountName, values("name", "Aaron "+s.name))
		f.sandbox.ClearFaults()
		entries := a.recorded()
		want := stytch.ResultUnknown
		if s.fault.Status/100 == 4 {
			want = resultOf(s.fault.Status)
		}
		if len(entries) != 1 || entries[0].Operation != operation || entries[0].Result != want {
			t.Errorf("%s: want one entry that says %s: %+v", s.name, want, entries)
			continue
		}
		if s.named && !wholeRequestID.MatchString(entries[0].UpstreamRequestID) {
			t.Errorf("%s: the upstream's request id is %q", s.name, entries[0].UpstreamRequestID)
		}
	}
	withApp := f.signInSecond(daniel)
	f.fault(sandbox.Fault{Operation: stytch.SessionAuthenticate.String(), Kind: sandbox.FaultStatus, Status: http.StatusForbidden, ErrorType: "session_authorization_error"})
	a := withApp.post(paths.AccountRecoveryCodes, values("act", "new"))
	f.sandbox.ClearFaults()
	if calls := a.operations(); slices.Contains(calls, stytch.OwnRecoveryCodesRotate.String()) {
		t.Errorf("it was sent without a yes: %v", calls)
	}
}

// TestAnIntentWithoutAnOutcome is what a crash leaves, or a disk that is full after the act.
func TestAnIntentWithoutAnOutcome(t *testing.T) {
	t.Parallel()
	f, full := onDisk(t)
	b, staff := f.signIn(aaron, "acme"), f.signIn(ada, "support-desk")
	full.room.Store(1)
	a := b.post(paths.AccountName, values("name", "Aaron the third"))
	full.room.Store(-1)
	entries := a.recorded()
	if len(entries) != 1 || entries[0].Result != stytch.ResultUnknown || !entries[0].FinishedAt.IsZero() {
		t.Fatalf("the record says %+v", entries)
	}
	staff.get(paths.Audit + "?result=unknown").want(http.StatusOK).says("Tried to change a member").says("It may have been done.")
}
