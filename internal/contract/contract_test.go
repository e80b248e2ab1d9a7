package contract

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// reporter collects what a check would have failed a test with.
type reporter struct {
	mu     sync.Mutex
	ctx    context.Context
	errors []string
}

func (r *reporter) Helper() {}

func (r *reporter) Context() context.Context { return r.ctx }

func (r *reporter) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

const errorBody = `{"status_code":404,"request_id":"r","error_type":"t","error_message":"m","error_url":"u"}`

const okSend = `{"request_id":"r","status_code":200}`

const emptyPage = `{"request_id":"r","status_code":200,"members":[],"organizations":{},"results_metadata":{"total":0,"next_cursor":null}}`

func organizationBody(extra string) string {
	return `{"organization_id":"o","organization_name":"n","organization_logo_url":"","organization_slug":"s","sso_jit_provisioning":"",` +
		`"sso_jit_provisioning_allowed_connections":[],"sso_active_connections":[],"email_allowed_domains":[],"email_jit_provisioning":"",` +
		`"email_invites":"","auth_methods":"","allowed_auth_methods":[],"mfa_policy":"","rbac_email_implicit_role_assignments":[],` +
		`"mfa_methods":"","allowed_mfa_methods":[],"oauth_tenant_jit_provisioning":"","claimed_email_domains":[],` +
		`"first_party_connected_apps_allowed_type":"","allowed_first_party_connected_apps":[],"third_party_connected_apps_allowed_type":"",` +
		`"allowed_third_party_connected_apps":[],"custom_roles":[]` + extra + `}`
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		send    = "POST /v1/b2b/magic_links/email/discovery/send"
		members = "POST /v1/b2b/organizations/members/search"
		get     = "GET /v1/b2b/organizations/organization-test-1"
		search  = "/v1/b2b/organizations/members/search"
	)
	tests := []struct {
		name    string
		route   string
		body    string
		status  int
		answer  string
		headers map[string]string
		fault   bool
		want    string // part of the only failure; empty: none
	}{
		{name: "right", route: send, body: `{"email_address":"a@b.example"}`, answer: okSend},
		{name: "misspelled optional field in a request", route: send, body: `{"email_address":"a","discovery_redirect_uri":"x"}`, answer: okSend, want: `request of api_b2b_magic_v1_b2b_magic_links_email_discovery_Send: at /: property "discovery_redirect_uri" is unsupported`},
		{name: "missing required field in a request", route: send, body: `{}`, answer: okSend, want: `property "email_address" is missing`},
		{name: "wrong type in a request", route: send, body: `{"email_address":7}`, answer: okSend, want: "at /email_address: value must be a string"},
		{name: "null in a request", route: send, body: `{"email_address":"a","pkce_code_challenge":null}`, answer: okSend, want: "Value is not nullable"},
		{name: "unknown enumerated value", route: send, body: `{"email_address":"a","locale":"xx"}`, answer: okSend, want: "at /locale: value is not one of the allowed values"},
		{name: "not JSON", route: send, body: `{`, answer: okSend, want: "the body is not JSON"},
		{name: "misspelled field in an answer", route: send, body: `{"email_address":"a"}`, answer: `{"request_id":"r","status_code":200,"stauts":1}`, want: `answer of api_b2b_magic_v1_b2b_magic_links_email_discovery_Send: status 200: at /: property "stauts" is unsupported`},
		{name: "missing required field in an answer", route: send, body: `{"email_address":"a"}`, answer: `{"status_code":200}`, want: `property "request_id" is missing`},
		{name: "wrong type in an answer", route: send, body: `{"email_address":"a"}`, answer: `{"request_id":1,"status_code":200}`, want: "at /request_id: value must be a string"},
		{name: "null of a required scalar", route: send, body: `{"email_address":"a"}`, answer: `{"request_id":null,"status_code":200}`, want: "Value is not nullable"},
		{name: "null cursor", route: members, body: `{"organization_ids":["o"]}`, answer: emptyPage},
		{name: "null metadata of results", route: members, body: `{"organization_ids":["o"]}`, answer: strings.Replace(emptyPage, `{"total":0,"next_cursor":null}`, "null", 1), want: "at /results_metadata"},
		{name: "misspelled nested optional field", route: members, body: `{"organization_ids":["o"]}`, answer: strings.Replace(emptyPage, "next_cursor", "nextcursor", 1), want: `property "nextcursor" is unsupported`},
		{name: "operands are free", route: members, body: `{"organization_ids":["o"],"query":{"operator":"AND","operands":[{"filter_name":"statuses","filter_value":["active"]}]}}`, answer: emptyPage},
		{name: "map of organizations", route: members, body: `{"organization_ids":["o"]}`, answer: strings.Replace(emptyPage, `"organizations":{}`, `"organizations":{"any-id":`+organizationBody("")+`}`, 1)},
		{name: "misspelled field inside the map", route: members, body: `{"organization_ids":["o"]}`, answer: strings.Replace(emptyPage, `"organizations":{}`, `"organizations":{"any-id":`+organizationBody(`,"slug":"x"`)+`}`, 1), want: `at /organizations/any-id: property "slug" is unsupported`},
		{name: "metadata is free and optional ones may be null", route: get, answer: `{"request_id":"r","status_code":200,"organization":` + organizationBody(`,"trusted_metadata":{"a":{"b":[1,null]}},"scim_active_connection":null,"organization_external_id":null`) + `}`},
		{name: "null organization", route: get, answer: `{"request_id":"r","status_code":200,"organization":null}`, want: "at /organization"},
		{name: "error", route: get, status: 404, answer: errorBody},
		{name: "error without a field", route: get, status: 404, answer: strings.Replace(errorBody, `"request_id":"r",`, "", 1), want: `property "request_id" is missing`},
		{name: "status_code differs", route: get, status: 403, answer: errorBody, want: "status_code says something else"},
		{name: "not implemented", route: get, status: 501, answer: "x"},
		{name: "spoiled on purpose", route: get, fault: true, answer: "<html>"},
		{name: "no such route", route: "GET /v1/b2b/nothing", status: 404, answer: errorBody, want: "no operation of the contract"},
		{name: "unknown query parameter", route: get + "?x=1", status: 404, answer: errorBody, want: `the query parameter "x"`},
		{name: "header where it is read", route: "POST " + search, body: `{"organization_ids":["o"]}`, headers: map[string]string{"X-Stytch-Member-Session": "t"}, answer: emptyPage},
		{name: "header where it is ignored", route: get, headers: map[string]string{"X-Stytch-Member-Session": "t"}, status: 404, answer: errorBody, want: "ignores the header"},
		{name: "other pages are no concern", route: "GET /sandbox/outbox", answer: "<html>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			seen := &reporter{ctx: t.Context()}
			next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if test.fault {
					w.Header().Set(faultHeader, "html")
				}
				if test.status != 0 {
					w.WriteHeader(test.status)
				}
				_, _ = io.WriteString(w, test.answer)
			})
			method, path, _ := strings.Cut(test.route, " ")
			request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(test.body))
			request.Header.Set("Content-Type", "application/json")
			for key, value := range test.headers {
				request.Header.Set(key, value)
			}
			answer := httptest.NewRecorder()
			Check(seen, next).ServeHTTP(answer, request)
			if answer.Body.String() != test.answer {
				t.Errorf("the answer was changed on its way")
			}
			switch {
			case test.want == "" && len(seen.errors) > 0:
				t.Errorf("failed with %q", seen.errors)
			case test.want != "" && (len(seen.errors) != 1 || !strings.Contains(seen.errors[0], test.want)):
				t.Errorf("failed with %q, want one with %q", seen.errors, test.want)
			}
		})
	}
}

// Whatever is wrong with a body, the message must not repeat it: bodies hold tokens.
func TestCheckTellsNoSecrets(t *testing.T) {
	t.Parallel()
	seen := &reporter{ctx: t.Context()}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"session_token":["hush"],"status_code":200}`)
	})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/b2b/sessions/authenticate",
		strings.NewReader(`{"session_token":["hush"]}`))
	request.Header.Set("Content-Type", "application/json")
	Check(seen, next).ServeHTTP(httptest.NewRecorder(), request)
	if len(seen.errors) != 2 {
		t.Fatalf("got %d failures, want 2", len(seen.errors))
	}
	if all := strings.Join(seen.errors, "\n"); strings.Contains(all, "hush") {
		t.Errorf("a message holds a value: %s", all)
	}
}

func TestEverySchemaLoads(t *testing.T) {
	t.Parallel()
	loaded, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded.Operations()) != 184 {
		t.Errorf("got %d operations, want 184", len(loaded.Operations()))
	}
	for _, o := range loaded.Operations() {
		if o.request != nil {
			if _, err := loaded.schema(o.request, false); err != nil {
				t.Errorf("request of %s: %v", o.ID, err)
			}
		}
		if _, err := loaded.schema(o.answer, true); err != nil {
			t.Errorf("answer of %s: %v", o.ID, err)
		}
	}
}
