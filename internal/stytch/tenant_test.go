package stytch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNothingIsSentThatTheRouteDoesNotName(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{}`) })
	tenant := u.tenant(t, func(o *Options) { o.Expect = func([]string, string, string) bool { return true } })
	all := calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key))
	if len(all) != len(Operations()) {
		t.Fatalf("%d operations are tried of %d", len(all), len(Operations()))
	}
	for op, send := range all {
		var others []Operation
		for _, other := range Operations() {
			if other != op {
				others = append(others, other)
			}
		}
		for name, ctx := range map[string]context.Context{
			"no caller":         t.Context(),
			"nothing allowed":   WithCaller(t.Context(), Caller{RequestID: "r"}),
			"all others":        WithCaller(t.Context(), Caller{Allowed: others}),
			"allowed, then not": WithCaller(everything(t), Caller{}),
		} {
			if err := send(ctx); !errors.Is(err, ErrOperation) {
				t.Errorf("%s, %s: %v", op, name, err)
			}
		}
	}
	if sent := u.seen(); len(sent) != 0 {
		t.Errorf("sent %q", sent)
	}
}

// A Tenant that nobody made from a session, and one whose session has no token, can call nothing.
func TestNothingIsSentWithoutASession(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{}`) })
	c := newClient(t, u.URL, nil)
	bare := c.Hold(Key{OrganizationID: orgID, MemberID: memberID})
	for name, all := range map[string]map[Operation]func(context.Context) error{
		"zero":     calls(c, Tenant{}, Staff{}),
		"no token": calls(c, bare, c.HoldStaff(bare.key)),
	} {
		for op, send := range all {
			if op.Row().Door == Recorded || op.Row().Door == Open && !slices.Contains(append(secondFactors, byToken...), op) {
				continue
			}
			if err := send(everything(t)); !errors.Is(err, ErrOperation) && !errors.Is(err, ErrInput) {
				t.Errorf("%s, %s: %v", name, op, err)
			}
		}
	}
	for _, tenant := range []Tenant{{}, bare} {
		for method, send := range tenantCalls(tenant) {
			if err := send(everything(t)); !errors.Is(err, ErrOperation) {
				t.Errorf("%s: %v", method, err)
			}
		}
	}
	if err := (Halfway{}).SendSMS(everything(t), "", ""); !errors.Is(err, ErrOperation) {
		t.Errorf("nobody's second factor: %v", err)
	}
	if sent := u.seen(); len(sent) != 0 {
		t.Errorf("sent %q", sent)
	}
}

// A console permission counts in the staff organization only: any tenant's admin can give out roles in their own tenant.
func TestStaffRowsTakeNoTenant(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{}`) })
	tenant := u.tenant(t, nil)
	staff := tenant.client.HoldStaff(tenant.key)
	for _, op := range Operations() {
		row := op.Row()
		if row.Door != Checked && row.Door != Local {
			continue
		}
		wrong := staff.tenant
		if row.Check.Staff {
			wrong = staff.Tenant()
		}
		if err := through(everything(t), wrong, tenant, op); !errors.Is(err, ErrOperation) {
			t.Errorf("%s: %v", op, err)
		}
	}
	if sent := u.seen(); len(sent) != 0 {
		t.Errorf("sent %q", sent)
	}
}

func TestHeaderDoorCarriesTheSession(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "session_authorization_error")
	})
	tenant := u.tenant(t, nil)
	for op, send := range calls(tenant.client, tenant, Staff{}) {
		if op.Row().Door != Header {
			continue
		}
		if err := send(everything(t)); !IsForbidden(err) {
			t.Errorf("%s: %v", op, err)
		}
	}
	sent := len(u.heads)
	if sent != 32 {
		t.Fatalf("%d calls", sent)
	}
	for i, h := range u.heads {
		if h.Get("X-Stytch-Member-Session") != memberToken || h.Get("X-Request-ID") != "page-1" || !strings.HasPrefix(h.Get("Authorization"), "Basic ") {
			t.Errorf("%s lacks a header", u.calls[i])
		}
	}
	if err := tenant.Revoke(everything(t)); err == nil || u.heads[sent].Get("X-Stytch-Member-Session") != "" {
		t.Error("an operation that ignores the header got the session in it")
	}
}

// denials are all answers to a check that are not a yes.
var denials = map[string]struct {
	serve http.HandlerFunc
	is    func(error) bool
}{
	"refused": {func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "session_authorization_error")
	}, IsForbidden},
	"another tenant": {func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "session_authorization_tenancy_error")
	}, IsForbidden},
	"not authorized":       answered(checkAnswer(orgID, memberID, no), IsForbidden),
	"no verdict":           answered(checkAnswer(orgID, memberID, "null"), IsForbidden),
	"another member":       answered(checkAnswer(orgID, otherID, yes), isFault(Mismatch)),
	"another organization": answered(checkAnswer(otherOrg, memberID, yes), isFault(Mismatch)),
	"no session in it":     answered(`{"request_id":"r","verdict":`+yes+`}`, isFault(Malformed)),
	"created":              {func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusNoContent, "") }, isFault(Malformed)},
	"not JSON":             answered("<html>yes</html>", isFault(Malformed)),
	"moved":                {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, isFault(Redirected)},
	"failed": {func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusInternalServerError, "internal_server_error")
	}, func(err error) bool {
		return HTTPStatus(err) == http.StatusInternalServerError
	}},
	"limited": {func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusTooManyRequests, "too_many_requests")
	}, IsLimited},
	"over": {func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "session_not_found") }, func(err error) bool {
		gone, ok := errors.AsType[*SessionGone](err)
		return ok && gone.OrganizationID == orgID
	}},
	"hangs": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, isFault(Timeout)},
}

func answered(body string, is func(error) bool) struct {
	serve http.HandlerFunc
	is    func(error) bool
} {
	return struct {
		serve http.HandlerFunc
		is    func(error) bool
	}{func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, body) }, is}
}

func isFault(kind FaultKind) func(error) bool {
	return func(err error) bool {
		f, ok := errors.AsType[*Fault](err)
		return ok && f.Kind == kind
	}
}

// On anything but a yes nothing of the read is used: neither its answer nor its error.
func TestAReadIsWorthNothingWithoutItsCheck(t *testing.T) {
	t.Parallel()
	reads := map[string]http.HandlerFunc{
		"answers": func(w http.ResponseWriter, _ *http.Request) {
			say(w, http.StatusOK, `{"request_id":"r","member_count":7}`)
		},
		"refuses": func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "organization_not_found") },
	}
	for name, denial := range denials {
		for how, read := range reads {
			for _, expected := range []bool{true, false} {
				t.Run(name+" "+how, func(t *testing.T) {
					t.Parallel()
					done := make(chan struct{}, 1)
					u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
						if strings.HasSuffix(r.URL.Path, "/metrics") {
							read(w, r)
							done <- struct{}{}
							return
						}
						if expected {
							<-done // the read is all there before the check says no
							done <- struct{}{}
						}
						denial.serve(w, r)
					})
					tenant := u.tenant(t, func(o *Options) {
						o.Expect = func([]string, string, string) bool { return expected }
						if name == "hangs" {
							o.Timeout = 300 * time.Millisecond
						}
					})
					count, err := tenant.MemberCount(everything(t))
					if count != 0 || !denial.is(err) {
						t.Errorf("expected %t: %d, %v", expected, count, err)
					}
					if f, ok := errors.AsType[*Fault](err); ok && f.Kind == Mismatch && f.Operation != OrganizationMetrics {
						t.Errorf("the fault names %s", f.Operation)
					}
					if sent := u.count("/metrics"); (sent == 1) != expected {
						t.Errorf("expected %t: the read was sent %d times", expected, sent)
					}
				})
			}
		}
	}
}

func TestADenialDoesNotWaitForTheRead(t *testing.T) {
	t.Parallel()
	reading := make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/metrics") {
			close(reading)
			<-r.Context().Done()
			return
		}
		<-reading
		refuse(w, http.StatusForbidden, "session_authorization_error")
	})
	tenant := u.tenant(t, func(o *Options) {
		o.Expect, o.Timeout = func([]string, string, string) bool { return true }, time.Minute
	})
	began := time.Now()
	if _, err := tenant.MemberCount(everything(t)); !IsForbidden(err) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the denial took %v", took)
	}
}

// The check and the read are under way at the same time: each waits here for the other to have come.
func TestAnExpectedReadRunsBesideItsCheck(t *testing.T) {
	t.Parallel()
	both := make(chan struct{}, 2)
	var asked string
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		both <- struct{}{}
		for len(both) < 2 {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(time.Millisecond):
			}
		}
		if strings.HasSuffix(r.URL.Path, "/metrics") {
			say(w, http.StatusOK, `{"request_id":"r","member_count":7}`)
			return
		}
		say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
	})
	tenant := u.tenant(t, func(o *Options) {
		o.Timeout = 10 * time.Second
		o.Expect = func(roles []string, resource, action string) bool {
			asked = strings.Join(append(roles, resource, action), " ")
			return true
		}
	})
	if count, err := tenant.MemberCount(everything(t)); count != 7 || err != nil {
		t.Errorf("got %d, %v", count, err)
	}
	if asked != "admin stytch.member search" {
		t.Errorf("the policy was asked for %q", asked)
	}
}

// Not parallel, for it changes the table: a write and a read of a secret wait for their check, whatever is expected.
func TestWritesAndUnexpectedReadsWaitForTheirCheck(t *testing.T) {
	before := rows[OrganizationMetrics]
	defer func() { rows[OrganizationMetrics] = before }()
	for _, one := range []struct {
		kind   Kind
		expect func([]string, string, string) bool
	}{
		{Write, func([]string, string, string) bool { return true }},
		{ReadSecret, func([]string, string, string) bool { return true }},
		{Read, func([]string, string, string) bool { return false }},
		{Read, nil},
	} {
		rows[OrganizationMetrics].Kind = one.kind
		var early bool
		var u *upstream
		u = newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/metrics") {
				say(w, http.StatusOK, `{"request_id":"r","member_count":7}`)
				return
			}
			<-time.After(50 * time.Millisecond) // time enough for a read that does not wait to arrive
			early = u.count("/metrics") > 0
			say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
		})
		count, err := u.tenant(t, func(o *Options) { o.Expect = one.expect }).MemberCount(everything(t))
		if count != 7 || err != nil || early {
			t.Errorf("kind %d: %d, %v; sent before the answer of its check: %t", one.kind, count, err, early)
		}
	}
}

// The person asked about is the session's own: the check asks for no permission, and still compares whose session it is.
func TestOwnSessionsNeedNoPermission(t *testing.T) {
	t.Parallel()
	for whose, want := range map[string]func(error) bool{memberID: func(err error) bool { return err == nil }, otherID: isFault(Mismatch)} {
		u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				say(w, http.StatusOK, checkAnswer(orgID, whose, "null"))
				return
			}
			if q := r.URL.Query(); q.Get("member_id") != memberID || q.Get("organization_id") != orgID {
				t.Errorf("asked for %v", q)
			}
			say(w, http.StatusOK, `{"request_id":"r","member_sessions":[]}`)
		})
		if sessions, err := u.tenant(t, nil).OwnSessions(everything(t)); len(sessions) != 0 || !want(err) {
			t.Errorf("%v", err)
		}
	}
}

func TestEndedSessionsAreMarked(t *testing.T) {
	t.Parallel()
	for errorType, status := range map[string]int{"session_not_found": 404, "invalid_session_token": 400, "member_not_found": 404, "intermediate_session_not_found": 404} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, errorType) })
		tenant := u.tenant(t, nil)
		want := errorType == "session_not_found" || errorType == "invalid_session_token"
		for op, send := range calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key)) {
			ofTenant := (op.Row().Door != Open && op.Row().Door != Recorded) || slices.Contains(byToken, op)
			err := send(everything(t))
			gone, marked := errors.AsType[*SessionGone](err)
			if marked != (want && ofTenant) {
				t.Errorf("%s after %s: %v", op, errorType, err)
			}
			if marked && (gone.OrganizationID != orgID || !IsType(err, errorType) || IsNotFound(err)) {
				t.Errorf("%s: %v", op, err)
			}
		}
		for method, send := range tenantCalls(tenant) {
			if _, marked := errors.AsType[*SessionGone](send(everything(t))); marked != want {
				t.Errorf("%s after %s: marked %t", method, errorType, marked)
			}
		}
	}
}
