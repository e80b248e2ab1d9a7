package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/contract"
	"console.internal/internal/sandbox"
)

func TestOperationsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	loaded, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]sandbox.Operation{}
	for _, operation := range sandbox.Operations() {
		have[operation.ID] = operation
	}
	if len(have) != 184 {
		t.Errorf("got %d operations, want 184", len(have))
	}
	headers := 0
	for _, o := range loaded.Operations() {
		want := sandbox.Operation{ID: o.ID, Method: o.Method, Path: o.Path, Header: slices.Contains(o.Headers, "X-Stytch-Member-Session")}
		if have[o.ID] != want {
			t.Errorf("got %+v, want %+v", have[o.ID], want)
		}
		if want.Header {
			headers++
		}
	}
	if headers != 40 {
		t.Errorf("got %d operations that read the headers, want 40", headers)
	}
}

// Every operation is routed to itself: the paths overlap.
func TestEveryOperationIsReached(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{SearchesPerMinute: -1})
	for _, operation := range sandbox.Operations() {
		w.ClearRequests()
		path := strings.NewReplacer("{", "x", "}", "x").Replace(operation.Path)
		w.send(w.plain, operation.Method, path, map[bool]any{true: nil, false: fields{}}[operation.Method == http.MethodGet])
		log := w.Requests()
		if len(log) != 1 || log[0].Operation != operation.ID {
			t.Errorf("%s %s reached %+v", operation.Method, operation.Path, log)
		}
	}
}

func TestCredentialsAndRoutes(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	whoami := w.send(w.checked, http.MethodGet, "/v1/debug/whoami", nil).want("200")
	if whoami.text("project_id") != w.ProjectID() {
		t.Errorf("whoami says %q", whoami.text("project_id"))
	}
	if !strings.HasPrefix(whoami.text("request_id"), "request-id-test-") {
		t.Errorf("request_id is %q", whoami.text("request_id"))
	}
	for name, credentials := range map[string][2]string{
		"wrong secret": {w.ProjectID(), "secret-test-wrong"}, "wrong project": {"project-test-1", w.Secret()}, "none": {"", ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.checked+"/v1/debug/whoami", nil)
		if err != nil {
			t.Fatal(err)
		}
		if credentials[0] != "" {
			request.SetBasicAuth(credentials[0], credentials[1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d", name, response.StatusCode)
		}
	}
	w.send(w.plain, http.MethodGet, "/v1/b2b/nothing", nil).want("404 route_not_found")
	w.send(w.plain, http.MethodPatch, "/v1/debug/whoami", fields{}).want("405 method_not_allowed")
	w.wrong("/sessions/attest", fields{}).want("501 sandbox_not_implemented")
	w.wrong("/organizations/search", `{"limit":"ten"}`).want("400 bad_request")
	w.wrong("/organizations/search", ``).want("400 bad_request")
	w.wrong("/organizations/search", fields{"nonsense": true}).want("200")
}

// Everything in the seed goes over the wire once, and the contract check looks at it.
func TestEverySeedAnswerFitsTheContract(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Organizations: 3, Members: 3, SearchesPerMinute: -1})
	w.get("/rbac/policy").want("200")
	organizations := w.post("/organizations/search", fields{}).want("200").list("organizations")
	if len(organizations) != 27 {
		t.Errorf("got %d organizations", len(organizations))
	}
	for _, organization := range organizations {
		id := text(organization["organization_id"])
		w.get("/organizations/" + id).want("200")
		w.get("/organizations/" + id + "/metrics").want("200")
		w.get("/sso/" + id).want("200")
		for _, app := range w.get("/organizations/" + id + "/connected_apps").want("200").list("connected_apps") {
			w.get("/organizations/" + id + "/connected_apps/" + text(app["connected_app_id"])).want("200")
		}
		if organization["scim_active_connection"] == nil {
			w.get("/scim/" + id + "/connection").want("404 no_active_scim_connection")
		} else {
			w.get("/scim/" + id + "/connection").want("200")
		}
		everybody := fields{"organization_ids": []string{id}, "query": fields{"operator": "AND", "operands": []fields{
			{"filter_name": "statuses", "filter_value": []string{"active", "pending", "invited", "deleted"}},
		}}}
		for _, member := range w.post("/organizations/members/search", everybody).want("200").list("members") {
			w.seedMember(id, member)
		}
	}
}

func (w *world) seedMember(organization string, member fields) {
	w.t.Helper()
	id := text(member["member_id"])
	if member["status"] == "deleted" {
		w.get("/organizations/" + organization + "/member?member_id=" + id).want("404 member_not_found")
		w.get("/organizations/members/dangerously_get/" + id).want("404 member_not_found")
		w.get("/organizations/members/dangerously_get/" + id + "?include_deleted=true").want("200")
		return
	}
	w.get("/organizations/" + organization + "/member?member_id=" + id).want("200")
	w.get("/organizations/members/dangerously_get/" + id).want("200")
	w.get("/sessions?organization_id=" + organization + "&member_id=" + id).want("200")
	w.get("/organizations/" + organization + "/members/" + id + "/connected_apps").want("200")
}

func TestGetMember(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	base := "/organizations/acme/member"
	byEmail := w.get(base + "?email_address=TOM.baker@acme.example").want("200")
	if byEmail.text("member", "external_id") != "employee-4711" {
		t.Errorf("got %v", byEmail.at("member", "external_id"))
	}
	w.get(base + "?member_id=employee-4711").want("200")
	w.get("/organizations/crm-000117/member?member_id=employee-4711").want("200")
	w.get(base).want("400 invalid_member_get_fields")
	w.get(base + "?member_id=x&email_address=a@b.example").want("400 invalid_member_get_fields")
	w.get(base + "?email_address=nonsense").want("400 invalid_email")
	w.get(base + "?member_id=member-test-7").want("400 invalid_member_id")
	w.get("/organizations/globex/member?member_id=" + byEmail.text("member_id")).want("404 member_not_found")
	w.get("/organizations/organization-test-7/member?member_id=x").want("400 invalid_organization_id")
	w.get("/organizations/nobody/member?member_id=x").want("404 organization_not_found")
	w.get("/organizations/members/dangerously_get/employee-4711").want("400 invalid_member_id")
	w.get("/sessions?organization_id=acme&member_id=nobody").want("404 member_not_found")
}

func TestSeedIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	one, other := start(t, sandbox.Options{}), start(t, sandbox.Options{})
	if one.id("acme") != other.id("acme") || one.id("support-desk") != one.StaffOrganizationID() {
		t.Error("ids differ from sandbox to sandbox")
	}
	if one.ProjectID() == other.ProjectID() || one.Secret() == other.Secret() {
		t.Error("credentials are not drawn")
	}
	hostile := one.get("/organizations/hostile").text("organization", "organization_name")
	if n := len([]rune(hostile)); n != 128 {
		t.Errorf("the hostile name has %d characters", n)
	}
}
