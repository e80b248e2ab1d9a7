package stytch

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// cut is an answer whose connection ends before it does.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"project_id":"`))
}

// reset ends the connection without an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		serve http.HandlerFunc
		kind  FaultKind
		id    string
	}{
		"301": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/v1/elsewhere", http.StatusMovedPermanently)
		}, Redirected, ""},
		"307": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/v1/elsewhere", http.StatusTemporaryRedirect)
		}, Redirected, ""},
		"304":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, Redirected, ""},
		"HTML":       {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, "<html>Sign in to the network</html>") }, Malformed, ""},
		"nothing":    {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, "") }, Malformed, ""},
		"no content": {func(w http.ResponseWriter, _ *http.Request) { say(w, 204, "") }, Malformed, ""},
		"accepted":   {func(w http.ResponseWriter, _ *http.Request) { say(w, 202, `{"project_id":"p"}`) }, Malformed, ""},
		"half":       {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"project_id":"p`) }, Malformed, ""},
		"two":        {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"project_id":"p"}{}`) }, Malformed, ""},
		"twice":      {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"project_id":"p","project_id":"q"}`) }, Malformed, ""},
		"not UTF-8":  {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, "{\"project_id\":\"\xff\"}") }, Malformed, ""},
		"another type": {func(w http.ResponseWriter, _ *http.Request) {
			say(w, 200, `{"project_id":7,"request_id":"request-id-test-9"}`)
		}, Malformed, "request-id-test-9"},
		"a list": {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `[]`) }, Malformed, ""},
		"null":   {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `null`) }, Malformed, ""},
		"without its id": {func(w http.ResponseWriter, _ *http.Request) {
			say(w, 200, `{"name":"n","request_id":"request-id-test-9"}`)
		}, Malformed, "request-id-test-9"},
		"null for its id": {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"project_id":null}`) }, Malformed, ""},
		"nested for ever": {func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"x":`+strings.Repeat("[", 20_000)) }, Malformed, ""},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			say(w, 200, `{"project_id":"`+strings.Repeat("p", 1<<16)+`"}`)
		}, TooLarge, ""},
		"a large refusal": {func(w http.ResponseWriter, _ *http.Request) { say(w, 500, strings.Repeat("p", 1<<17)) }, TooLarge, ""},
		"cut off":         {cut, Unreachable, ""},
		"reset":           {reset, Unreachable, ""},
		"silence":         {hang, Timeout, ""},
		"silence, half in": {func(w http.ResponseWriter, r *http.Request) {
			say(w, 200, `{"project`)
			_ = http.NewResponseController(w).Flush()
			hang(w, r)
		}, Timeout, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUpstream(t, one.serve)
			c := newClient(t, u.URL, func(o *Options) {
				o.MaxAnswer = 1 << 16
				if one.kind == Timeout {
					o.Timeout = 300 * time.Millisecond
				}
			})
			project, err := c.Whoami(everything(t))
			fault(t, err, one.kind)
			if f, ok := errors.AsType[*Fault](err); !ok || f.Operation != Whoami || f.RequestID != one.id || project != (Project{}) {
				t.Errorf("%+v with %+v", err, project)
			}
			if u.count("elsewhere") > 0 {
				t.Error("the redirect was followed")
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := newClient(t, server.URL, nil).Whoami(everything(t))
	fault(t, err, Unreachable)
}

// A server that cannot prove its name is told nothing.
func TestCertificatesAreChecked(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the handshake
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := newClient(t, server.URL, nil).Whoami(everything(t))
	fault(t, err, Unreachable)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Error{
		`{"error_type":"member_not_found","request_id":"request-id-test-1","error_message":"m"}`: {Type: "member_not_found", RequestID: "request-id-test-1"},
		`<html>Bad gateway</html>`: {},
		``:                         {},
		`{"error_type":7}`:         {},
		`{"error_type":"a b<script>","request_id":"x y\n"}`:    {},
		`{"error_type":"` + strings.Repeat("x", 1000) + `"}`:   {},
		`{"error":"invalid_client","request_id":"request-id"}`: {RequestID: "request-id"},
	} {
		for _, status := range []int{400, 401, 403, 404, 409, 429, 500, 501} {
			u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, status, body) })
			_, err := newClient(t, u.URL, nil).Whoami(everything(t))
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Operation != Whoami || e.Status != status || e.Type != want.Type || e.RequestID != want.RequestID || HTTPStatus(err) != status {
				t.Errorf("%d %.60s: %+v", status, body, err)
			}
			if IsForbidden(err) != (status == 403) || IsLimited(err) != (status == 429) || IsNotFound(err) != (status == 404) {
				t.Errorf("%d is taken for another status", status)
			}
		}
	}
	if HTTPStatus(errors.New("x")) != 0 || IsForbidden(nil) || IsSessionGone(nil) || IsNotFound(nil) {
		t.Error("an error of somebody else is taken for a refusal")
	}
}

// A read is sent again once after an answer that says "not now" or none at all. Nothing else is, and a write never.
func TestRetries(t *testing.T) {
	t.Parallel()
	again := map[string]http.HandlerFunc{"reset": reset, "cut": cut}
	never := map[string]http.HandlerFunc{
		"moved":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) },
		"garbage": func(w http.ResponseWriter, _ *http.Request) { say(w, 200, "}") },
		"done":    func(w http.ResponseWriter, _ *http.Request) { say(w, 200, `{"status_code":200}`) },
	}
	for name, status := range map[string]int{"502": 502, "503": 503, "504": 504} {
		again[name] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, "server_unavailable") }
	}
	for name, status := range map[string]int{"400": 400, "401": 401, "403": 403, "404": 404, "409": 409, "429": 429, "500": 500} {
		never[name] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, "too_many_requests") }
	}
	tried := func(t *testing.T, serve http.HandlerFunc, passing bool) {
		t.Parallel()
		u := newUpstream(t, serve)
		c := newClient(t, u.URL, nil)
		for _, op := range Operations() {
			row, before := op.Row(), len(u.seen())
			_, _ = call[empty](everything(t), c, op, request{path: slices.Repeat([]string{"x"}, strings.Count(row.Path, "{"))})
			want := 1
			if passing && row.Retry {
				want = 2
			}
			if got := len(u.seen()) - before; got != want {
				t.Errorf("%s: sent %d times, want %d", op, got, want)
			}
		}
	}
	for name, serve := range again {
		t.Run(name, func(t *testing.T) { tried(t, serve, true) })
	}
	for name, serve := range never {
		t.Run(name, func(t *testing.T) { tried(t, serve, false) })
	}
}

func TestTheSecondAttemptCounts(t *testing.T) {
	t.Parallel()
	var u *upstream
	u = newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		if len(u.seen()) == 1 {
			refuse(w, 503, "server_unavailable")
			return
		}
		say(w, 200, `{"project_id":"p"}`)
	})
	if project, err := newClient(t, u.URL, nil).Whoami(everything(t)); err != nil || project.ID != "p" {
		t.Errorf("%+v, %v", project, err)
	}
}

// The pause is at least 30 ms, so a deadline of 20 ms has no room for a second attempt; and a person who has gone wants none.
func TestNoSecondAttemptAfterTheDeadline(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 503, "server_unavailable") })
	c := newClient(t, u.URL, nil)
	ctx, cancel := context.WithCancel(everything(t))
	defer cancel()
	if !pause(ctx) {
		t.Error("no pause although there is time")
	}
	cancel()
	if pause(ctx) {
		t.Error("a pause although nobody waits")
	}
	if _, err := c.Whoami(ctx); err == nil || len(u.seen()) > 1 {
		t.Errorf("%v, sent %q", err, u.seen())
	}
	slow := newUpstream(t, hang)
	_, err := newClient(t, slow.URL, func(o *Options) { o.Timeout = 200 * time.Millisecond }).Whoami(everything(t))
	fault(t, err, Timeout)
	if sent := slow.seen(); len(sent) != 1 {
		t.Errorf("after its deadline it was sent again: %q", sent)
	}
}

func TestPathSegments(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "organization_not_found") })
	c := newClient(t, u.URL, nil)
	for segment, want := range map[string]string{
		"plain": "plain", "a/b": "a%2Fb", "a?b=c": "a%3Fb=c", "a#b": "a%23b", "a b": "a%20b", "%2e%2e": "%252e%252e", "..;": "..%3B",
		"../x": "..%2Fx", "...": "...", "ü": "%C3%BC", "a\x00b": "a%00b", `a\b`: "a%5Cb", "{organization_id}": "%7Borganization_id%7D",
		"": "", ".": "", "..": "",
	} {
		before := len(u.seen())
		_, err := call[empty](everything(t), c, OrganizationMetrics, request{path: []string{segment}})
		sent := u.seen()[before:]
		switch {
		case want == "":
			if !errors.Is(err, ErrInput) || len(sent) != 0 {
				t.Errorf("%q: %v, sent %q", segment, err, sent)
			}
		case len(sent) != 1 || sent[0] != "GET /v1/b2b/organizations/"+want+"/metrics":
			t.Errorf("%q: sent %q", segment, sent)
		}
	}
	if _, err := call[empty](everything(t), c, OrganizationMetrics, request{}); !errors.Is(err, ErrInput) {
		t.Errorf("without its segment: %v", err)
	}
}

// Errors end in logs. They say which operation and what kind of failure; not what was asked, nor what the upstream wrote.
func TestErrorsSayNothingThatIsPrivate(t *testing.T) {
	t.Parallel()
	private := []string{memberToken, secret, "private", otherID, "must not be seen", "Basic "}
	serves := map[string]http.HandlerFunc{
		"refuse": func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "invalid_session_token") },
		"html":   func(w http.ResponseWriter, _ *http.Request) { say(w, 200, "<html>private") },
		"moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/private?"+memberToken, http.StatusFound)
		},
		"reset": reset, "cut": cut, "hang": hang,
	}
	check := func(name string, op Operation, err error) {
		if err == nil {
			t.Errorf("%s: %s went well", name, op)
			return
		}
		for _, word := range private {
			if strings.Contains(err.Error(), word) {
				t.Errorf("%s: %s: %v", name, op, err)
			}
		}
	}
	for name, serve := range serves {
		u := newUpstream(t, serve)
		tenant := u.tenant(t, func(o *Options) {
			if name == "hang" {
				o.Timeout = 30 * time.Millisecond
			}
		})
		for op, send := range calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key)) {
			check(name, op, send(everything(t)))
		}
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	tenant := newClient(t, gone.URL, nil).Hold(Key{OrganizationID: orgID, MemberID: memberID, Token: memberToken})
	for op, send := range calls(tenant.client, tenant, tenant.client.HoldStaff(tenant.key)) {
		check("unreachable", op, send(everything(t)))
	}
	// A token that does not fit into a header, and an address that does not parse.
	broken := newClient(t, gone.URL, nil).Hold(Key{OrganizationID: orgID, MemberID: memberID, Token: memberToken + "\r\nX: y"})
	_, err := broken.ConnectedApps(everything(t))
	check("header", ConnectedAppsList, err)
	c := newClient(t, gone.URL, nil)
	c.base = "http://private host\x7f?" + memberToken
	_, err = c.Whoami(everything(t))
	check("address", Whoami, err)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := Options{BaseURL: "https://test.stytch.com", ProjectID: projectID, Secret: secret, Timeout: time.Second, MaxAnswer: 1}
	if c, err := New(good); err != nil || c.Budget() != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Options){
		"no address": func(o *Options) { o.BaseURL = "" }, "no host": func(o *Options) { o.BaseURL = "https://" },
		"a path": func(o *Options) { o.BaseURL += "/v1" }, "a query": func(o *Options) { o.BaseURL += "?x=y" },
		"not an address": func(o *Options) { o.BaseURL = "://" }, "no project": func(o *Options) { o.ProjectID = "" },
		"no secret": func(o *Options) { o.Secret = "" }, "no timeout": func(o *Options) { o.Timeout = 0 }, "no limit": func(o *Options) { o.MaxAnswer = 0 },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
