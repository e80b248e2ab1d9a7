package stytch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ledger is a record in memory.
type ledger struct {
	mu       sync.Mutex
	intents  []Act
	outcomes []Outcome
	refused  []Act
	// full makes every intent fail; first is called before one is written down.
	full  bool
	first func()
}

var errFull = errors.New("full")

// Intend implements Recorder.
func (n *ledger) Intend(_ context.Context, a Act) (func(context.Context, Outcome), error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.first != nil {
		n.first()
	}
	if n.full {
		return nil, errFull
	}
	n.intents = append(n.intents, a)
	return func(ctx context.Context, o Outcome) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if ctx.Err() != nil {
			o.Result = "nobody waits"
		}
		n.outcomes = append(n.outcomes, o)
	}, nil
}

// Refused implements Recorder.
func (n *ledger) Refused(_ context.Context, a Act, o Outcome) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.refused, n.outcomes = append(n.refused, a), append(n.outcomes, o)
}

// bySession are the open operations that a member's session carries.
var bySession = []Operation{PasswordSessionReset, PasswordExistingReset, SessionExchange, SessionRevoke, Authorize}

// acts are the operations that change or reveal something and that somebody's session carries.
func acts() []Operation {
	return slices.DeleteFunc(Operations(), func(op Operation) bool {
		row := op.Row()
		return row.Kind == Read || (row.Door == Open && !slices.Contains(bySession, op))
	})
}

var actor = Actor{Email: "ada@support.example", Name: "Ada", MemberID: memberID, OrganizationID: orgID}

// recorded is a client with a ledger, and a context of somebody who may call everything.
func recording(t *testing.T, n *ledger, serve http.HandlerFunc, once func(context.Context) error) (*upstream, map[Operation]func(context.Context) error, context.Context) {
	t.Helper()
	u := newUpstream(t, serve)
	tenant := u.tenant(t, func(o *Options) { o.Recorder = n })
	staff := tenant.client.HoldStaff(Key{OrganizationID: "organization-test-77777777-7777-4777-8777-777777777777", MemberID: otherID, Token: memberToken})
	ctx := WithCaller(t.Context(), Caller{RequestID: "page-1", Allowed: Operations(), Actor: actor, Once: once})
	return u, calls(tenant.client, tenant, staff), ctx
}

// TestNoActWithoutAnIntent has the upstream refuse everything: each act was written down before anything was sent, and once, with
// how it ended.
func TestNoActWithoutAnIntent(t *testing.T) {
	t.Parallel()
	for _, op := range acts() {
		n := &ledger{}
		u, all, ctx := recording(t, n, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusForbidden, "session_authorization_error")
		}, nil)
		n.first = func() {
			if sent := u.seen(); len(sent) != 0 {
				t.Errorf("%s: %v went out before it was written down", op, sent)
			}
		}
		if err := all[op](Noting(ctx, "why", Change{"name", "a", "b"})); !IsForbidden(err) {
			t.Errorf("%s: error %v", op, err)
		}
		if len(n.intents) != 1 || len(n.outcomes) != 1 {
			t.Errorf("%s: %d intents, %d outcomes", op, len(n.intents), len(n.outcomes))
			continue
		}
		a, o := n.intents[0], n.outcomes[0]
		if a.Operation != op || a.Name != op.String() || a.Reason != "why" || len(a.Changes) != 1 || a.Reference != "page-1" {
			t.Errorf("%s: written down as %+v", op, a)
		}
		if !IsOrganizationID(a.OrganizationID) || (op.Row().Door != Recorded && (a.Actor != actor || a.ActingOrganizationID == "" || a.ActingMemberID == "")) {
			t.Errorf("%s: nobody or nothing: %+v", op, a)
		}
		if o.Result != ResultRefused || o.RequestID != "request-id-test-1" || o.ErrorType != "session_authorization_error" {
			t.Errorf("%s: ended as %+v", op, o)
		}
	}
}

// TestWhatCannotBeRecordedIsNotSent lets nothing out but the end of one's own session.
func TestWhatCannotBeRecordedIsNotSent(t *testing.T) {
	t.Parallel()
	for _, op := range acts() {
		u, all, ctx := recording(t, &ledger{full: true}, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{"status_code":200}`) }, nil)
		err := all[op](ctx)
		if op == SessionRevoke {
			if err != nil || len(u.seen()) != 1 {
				t.Errorf("%s: error %v after %v", op, err, u.seen())
			}
			continue
		}
		if !errors.Is(err, ErrNotRecorded) || !errors.Is(err, errFull) || len(u.seen()) != 0 {
			t.Errorf("%s: error %v, and %v went out", op, err, u.seen())
		}
	}
}

// TestASpentFormActsNoMore asks before each act whether the form may, and sends and records nothing where not.
func TestASpentFormActsNoMore(t *testing.T) {
	t.Parallel()
	for _, op := range acts() {
		asked := 0
		n := &ledger{}
		u, all, ctx := recording(t, n, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{"status_code":200}`) }, func(context.Context) error {
			asked++
			return ErrSpent
		})
		err := all[op](ctx)
		if op == SessionRevoke {
			if err != nil || asked != 0 {
				t.Errorf("%s: error %v, asked %d times", op, err, asked)
			}
			continue
		}
		if !errors.Is(err, ErrSpent) || asked != 1 || len(u.seen()) != 0 || len(n.intents) != 0 {
			t.Errorf("%s: error %v, asked %d times, %v went out, %d intents", op, err, asked, u.seen(), len(n.intents))
		}
	}
}

// Reads are recorded where they are refused, and only there; a form is not spent by them.
func TestRefusedReadsAreRecorded(t *testing.T) {
	t.Parallel()
	for _, op := range Operations() {
		row := op.Row()
		if row.Kind != Read || row.Door == Open {
			continue
		}
		n := &ledger{}
		answer := http.StatusForbidden
		_, all, ctx := recording(t, n, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, answer, map[int]string{http.StatusForbidden: "session_authorization_error", http.StatusNotFound: "member_not_found"}[answer])
		}, func(context.Context) error { return ErrSpent })
		if err := all[op](ctx); !IsForbidden(err) {
			t.Errorf("%s: error %v", op, err)
		}
		if len(n.refused) != 1 || len(n.intents) != 0 || n.outcomes[0].Result != ResultRefused || n.refused[0].Operation != op || n.refused[0].Actor != actor {
			t.Errorf("%s: %+v, %+v", op, n.refused, n.outcomes)
		}
		answer = http.StatusNotFound
		_ = all[op](ctx) // a read that finds nothing is no refusal
		if len(n.refused) != 1 {
			t.Errorf("%s: a read that was not refused is recorded", op)
		}
	}
}

// What is known of an act depends on how far it came.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	const renamed = `{"status_code":200,"request_id":"request-id-test-9","member":{"member_id":"` + memberID + `","organization_id":"` + orgID + `","status":"active"}}`
	hang := func(w http.ResponseWriter) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = c.Close()
	}
	isCheck := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/sessions/authenticate") }
	tests := []struct {
		name  string
		op    Operation
		serve func(http.ResponseWriter, *http.Request)
		want  Outcome
	}{
		{"done", OwnNameUpdate, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, renamed) }, Outcome{ResultDone, 200, "request-id-test-9", ""}},
		{"refused for its value", OwnNameUpdate, func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusBadRequest, "invalid_name") }, Outcome{ResultFailed, 400, "request-id-test-1", "invalid_name"}},
		{"no answer", OwnNameUpdate, func(w http.ResponseWriter, _ *http.Request) { hang(w) }, Outcome{Result: ResultUnknown}},
		{"a fault upstream", OwnNameUpdate, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusInternalServerError, "internal_server_error")
		}, Outcome{ResultUnknown, 500, "request-id-test-1", "internal_server_error"}},
		{"an answer about somebody else", OwnNameUpdate, func(w http.ResponseWriter, _ *http.Request) {
			say(w, http.StatusOK, strings.Replace(renamed, `"organization_id"`, `"x"`, 1))
		}, Outcome{Result: ResultUnknown, RequestID: "request-id-test-9"}},
		{"a fault of the check", OwnRecoveryCodesRotate, func(w http.ResponseWriter, _ *http.Request) { hang(w) }, Outcome{Result: ResultFailed}},
		{"a fault after the check", OwnRecoveryCodesRotate, func(w http.ResponseWriter, r *http.Request) {
			if isCheck(r) {
				say(w, http.StatusOK, checkAnswer(orgID, memberID, "null"))
				return
			}
			hang(w)
		}, Outcome{Result: ResultUnknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := &ledger{}
			_, all, ctx := recording(t, n, tt.serve, nil)
			ctx, cancel := context.WithCancel(ctx)
			_ = all[tt.op](ctx) // the record is what is looked at
			cancel()
			if len(n.outcomes) != 1 || n.outcomes[0] != tt.want {
				t.Errorf("%+v, want %+v", n.outcomes, tt.want)
			}
		})
	}
}
