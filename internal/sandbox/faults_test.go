package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const policyOperation = "api_b2b_rbac_v1_Policy"

// policy sends the request that the faults below spoil; err is of the request or of reading its answer.
func (w *world) policy(page string) (status int, body []byte, err error) {
	w.t.Helper()
	response, err := w.request(w.checked, http.MethodGet, "/v1/b2b/rbac/policy", nil, "X-Request-ID", page)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  sandbox.Fault
		status int
		cut    bool
		check  func(body []byte) bool
	}{
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500}, status: 500, check: has(`"internal_server_error"`)},
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429}, status: 429, check: has(`"too_many_requests"`)},
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, ErrorType: "odd"}, status: 400, check: has(`"odd"`)},
		{fault: sandbox.Fault{Kind: sandbox.FaultRedirect}, status: 302, check: func(body []byte) bool { return len(body) == 0 }},
		{fault: sandbox.Fault{Kind: sandbox.FaultRedirect, Status: 307}, status: 307, check: func(body []byte) bool { return len(body) == 0 }},
		{fault: sandbox.Fault{Kind: sandbox.FaultReset}, cut: true},
		{fault: sandbox.Fault{Kind: sandbox.FaultHalf}, status: 200, cut: true, check: func(body []byte) bool { return len(body) > 100 && !json.Valid(body) }},
		{fault: sandbox.Fault{Kind: sandbox.FaultHTML}, status: 200, check: has("<!doctype html>")},
		{fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, status: 200, check: func(body []byte) bool { return len(body) == 0 }},
		{fault: sandbox.Fault{Kind: sandbox.FaultGarbage}, status: 200, check: has(`"request_id":7`)},
		{fault: sandbox.Fault{Kind: sandbox.FaultLatency, LatencyMS: 30}, status: 200, check: has(`"policy"`)},
	}
	for _, test := range tests {
		t.Run(test.fault.Kind, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			test.fault.Operation, test.fault.Count = policyOperation, 1
			if test.fault.Kind == sandbox.FaultReset {
				test.fault.Count = 0 // Go's transport tries a read again when a connection that it has used before is reset
			}
			if err := w.SetFault(test.fault); err != nil {
				t.Fatal(err)
			}
			w.get("/organizations/acme").want("200") // another operation is not hit
			status, body, err := w.policy("")
			if status != test.status || (err != nil) != test.cut || test.check != nil && !test.check(body) {
				t.Errorf("got %d, %v, %.100q", status, err, body)
			}
			log := w.Requests()
			if last := log[len(log)-1]; last.Fault != test.fault.Kind {
				t.Errorf("the log says %q", last.Fault)
			}
			if test.fault.Kind == sandbox.FaultReset {
				w.ClearFaults()
			}
			if status, _, err = w.policy(""); status != http.StatusOK || err != nil {
				t.Errorf("the fault outlives its count: %d, %v", status, err)
			}
		})
	}
}

func has(part string) func([]byte) bool {
	return func(body []byte) bool { return bytes.Contains(body, []byte(part)) }
}

// Answers without an end: only their beginning is read.
func TestLongFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sandbox.FaultSlow, sandbox.FaultHuge} {
		w := start(t, sandbox.Options{})
		if err := w.SetFault(sandbox.Fault{Operation: "*", Kind: kind}); err != nil {
			t.Fatal(err)
		}
		response, err := w.request(w.checked, http.MethodGet, "/v1/b2b/rbac/policy", nil)
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, map[string]int{sandbox.FaultSlow: 3, sandbox.FaultHuge: 8 << 20}[kind])
		if _, err := io.ReadFull(response.Body, first); err != nil || first[0] != '{' {
			t.Errorf("%s: %v", kind, err)
		}
		_ = response.Body.Close()
	}
}

func TestFaultsAreChecked(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for _, fault := range []sandbox.Fault{
		{Kind: "nonsense"},
		{Kind: sandbox.FaultHTML, Operation: "nonsense"},
		{Kind: sandbox.FaultStatus},
		{Kind: sandbox.FaultRedirect, Status: 200},
		{Kind: sandbox.FaultLatency},
		{Kind: sandbox.FaultHold, Hold: 1},
		{Kind: sandbox.FaultHTML, Probability: 2},
		{Kind: sandbox.FaultHTML, Count: -1},
	} {
		if err := w.SetFault(fault); err == nil {
			t.Errorf("%+v is taken", fault)
		}
	}
}

func TestFaultByChance(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if err := w.SetFault(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, Probability: 0.5}); err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for range 100 {
		status, _, err := w.policy("")
		if err != nil {
			t.Fatal(err)
		}
		counts[status]++
	}
	if counts[200] == 0 || counts[503] == 0 || len(counts) != 2 {
		t.Errorf("got %v", counts)
	}
	w.ClearFaults()
	if status, _, err := w.policy(""); status != http.StatusOK || err != nil {
		t.Errorf("a fault is left: %d, %v", status, err)
	}
}

// Calls of one page that run side by side let each other go; calls one after the other wait in vain.
func TestHold(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if err := w.SetFault(sandbox.Fault{Operation: "*", Kind: sandbox.FaultHold, Hold: 3}); err != nil {
		t.Fatal(err)
	}
	var calls sync.WaitGroup
	for range 3 {
		calls.Go(func() {
			if status, _, err := w.policy("page-1"); status != http.StatusOK || err != nil {
				t.Errorf("got %d, %v", status, err)
			}
		})
	}
	calls.Wait()
	for _, entry := range w.Requests() {
		if entry.Fault != sandbox.FaultHold || entry.Page != "page-1" {
			t.Errorf("the log says %q of %q", entry.Fault, entry.Page)
		}
	}
	w.ClearRequests()
	if status, _, err := w.policy("page-2"); status != http.StatusOK || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
	if log := w.Requests(); len(log) != 1 || log[0].Fault != "hold_timeout" {
		t.Errorf("the log says %+v", log)
	}
}

func TestClearingLetsGo(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if err := w.SetFault(sandbox.Fault{Operation: "*", Kind: sandbox.FaultHold, Hold: 2}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, _, err := w.policy("page")
		done <- err
	}()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		w.ClearFaults() // whenever the call has come in, the next clearing releases it
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		case <-tick.C:
		}
	}
}

func TestDeny(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if err := w.SetFault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.sso", Action: "get"}); err != nil {
		t.Fatal(err)
	}
	token := w.session("acme", ada)
	check := func(resource, action, want string) {
		t.Helper()
		w.post("/sessions/authenticate", fields{"session_token": token, "authorization_check": fields{
			"organization_id": w.id("acme"), "resource_id": resource, "action": action,
		}}).want(want)
	}
	check("stytch.sso", "get", "403 session_authorization_error")
	check("stytch.member", "search", "200")
	w.get("/sso/acme", "X-Stytch-Member-Session", token).want("403 session_authorization_error")
	w.get("/scim/acme/connection", "X-Stytch-Member-Session", token).want("200")
	w.ClearFaults()
	check("stytch.sso", "get", "200")
}

func TestControl(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	control := func(method, path, body string, want int) answer {
		t.Helper()
		var sent any
		if body != "" {
			sent = body
		}
		got := w.send(w.checked, method, path, sent)
		if got.status != want {
			t.Fatalf("%s %s: got %d, want %d: %s", method, path, got.status, want, got.raw)
		}
		return got
	}
	w.post("/otps/email/discovery/send", fields{"email_address": "a+<b>@x.example"}).want("400 invalid_email")
	w.post("/magic_links/email/discovery/send", fields{"email_address": ada}, "X-Request-ID", "page-9").want("200")
	w.post("/otps/email/discovery/send", fields{"email_address": "o'brien&co@x.example"}).want("200")

	page := control(http.MethodGet, "/sandbox/outbox", "", 200)
	if policy := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy is %q", policy)
	}
	html := string(page.raw)
	if !strings.Contains(html, `<a href="http://127.0.0.1:8080/authenticate?stytch_token_type=discovery&amp;token=`) || strings.Contains(html, "o'brien") {
		t.Errorf("the page is %s", html)
	}
	if strings.Index(html, "Your sign-in code") > strings.Index(html, "Your sign-in link") {
		t.Error("the outbox is not newest first")
	}
	var messages []sandbox.Message
	if err := json.Unmarshal(control(http.MethodGet, "/sandbox/outbox.json", "", 200).raw, &messages); err != nil || len(messages) != 2+w.invitations || len(messages[0].Code) != 6 {
		t.Errorf("outbox.json: %v, %+v", err, messages)
	}

	operations := control(http.MethodGet, "/sandbox/operations.json", "", 200).fields
	sent, _ := operations["api_b2b_magic_v1_b2b_magic_links_email_discovery_Send"].(fields)
	if len(operations) != 184 || sent["implemented"] != true || sent["calls"] != float64(1) {
		t.Errorf("operations.json has %d, %v", len(operations), sent)
	}
	w.get("/sso/acme", w.as("acme", ada)...).want("200")
	var log []sandbox.RequestLog
	raw := control(http.MethodGet, "/sandbox/requests.json", "", 200).raw
	if err := json.Unmarshal(raw, &log); err != nil || len(log) != 4 {
		t.Fatalf("requests.json: %v, %s", err, raw)
	}
	if one := log[1]; one.Page != "page-9" || one.SessionKind != "none" || one.Status != 200 || one.Started.IsZero() {
		t.Errorf("the log says %+v", one)
	}
	if one := log[3]; one.SessionKind != "header" || one.OrganizationID != w.id("acme") || one.TargetOrganizationID != one.OrganizationID || one.MemberID == "" {
		t.Errorf("the log says %+v", one)
	}
	if bytes.Contains(raw, []byte(w.Secret())) || bytes.Contains(raw, []byte(ada)) {
		t.Error("the log holds a value of a request")
	}
	if one := control(http.MethodGet, "/sandbox/requests.json?page=page-9", "", 200); !bytes.Contains(one.raw, []byte("page-9")) || bytes.Contains(one.raw, []byte("sso")) {
		t.Errorf("one page: %s", one.raw)
	}

	control(http.MethodPost, "/sandbox/faults", `{"operation":"*","kind":"html","count":1}`, 200)
	control(http.MethodPost, "/sandbox/faults", `{"operation":"*","knid":"html"}`, 400)
	control(http.MethodDelete, "/sandbox/faults", "", 200)
	if all := control(http.MethodGet, "/sandbox/faults", "", 200); string(all.raw) != "[]" {
		t.Errorf("faults left: %s", all.raw)
	}
	token := w.session("acme", ada)
	control(http.MethodPost, "/sandbox/clock", `{"advance_seconds":3600}`, 200)
	w.post("/sessions/authenticate", fields{"session_token": token}).want("404 session_not_found")
	control(http.MethodDelete, "/sandbox/clock", "", 200)
	w.post("/sessions/authenticate", fields{"session_token": token}).want("200")
	control(http.MethodPost, "/sandbox/clock", `{"advance_seconds":-1}`, 400)
	control(http.MethodPost, "/sandbox/clock", `{"advance":1}`, 400)
	control(http.MethodPost, "/sandbox/reset", `{}`, 200)
	if len(w.sent()) != 0 || len(w.Requests()) != 0 {
		t.Error("a reset leaves something")
	}
	w.post("/sessions/authenticate", fields{"session_token": token}).want("404 session_not_found")
	control(http.MethodGet, "/sandbox/nothing", "", 404)
	control(http.MethodPut, "/sandbox/clock", `{}`, 405)
}

func TestControlIsGuarded(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		for _, path := range []string{"/sandbox/reset", "/sandbox/clock", "/sandbox/faults"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.plain+path, strings.NewReader(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", media)
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusUnsupportedMediaType {
				t.Errorf("%s as %q: got %d", path, media, response.StatusCode)
			}
		}
	}
	host := start(t, sandbox.Options{Host: "127.0.0.1:9"})
	for _, path := range []string{"/sandbox/outbox", "/v1/debug/whoami"} {
		if got := host.send(host.plain, http.MethodGet, path, nil); got.status != http.StatusMisdirectedRequest {
			t.Errorf("%s by another name: got %d", path, got.status)
		}
	}
}
