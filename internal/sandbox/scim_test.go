package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// wrongPut puts what the contract forbids.
func (w *world) wrongPut(path string, body any) answer {
	w.t.Helper()
	return w.send(w.plain, http.MethodPut, "/v1/b2b"+path, body)
}

// directory makes the SCIM connection of harbour and gives its path, its id and its token.
func (w *world) directory() (path, id, token string) {
	w.t.Helper()
	made := w.post("/scim/harbour/connection", fields{"display_name": "Directory", "identity_provider": "okta"}).want("200")
	id = made.text("connection", "connection_id")
	return "/scim/harbour/connection/" + id, id, made.text("connection", "bearer_token")
}

// push presents a token and fails unless the answer has the status.
func (w *world) push(id, token string, want int, push sandbox.SCIMPush) fields {
	w.t.Helper()
	body, err := json.Marshal(push)
	if err != nil {
		w.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.plain+"/sandbox/scim/"+id+"/push", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode != want {
		w.t.Fatalf("the push is answered %d %s, want %d", response.StatusCode, raw, want)
	}
	done := fields{}
	if want == http.StatusOK {
		if err := json.Unmarshal(raw, &done); err != nil {
			w.t.Fatal(err)
		}
	}
	return done
}

// sources are the roles of a member with where they come from, sorted.
func (w *world) sources(slug, email string) string {
	w.t.Helper()
	var all []string
	for _, role := range w.get("/organizations/"+slug+"/member?email_address="+url.QueryEscape(email)).want("200").list("member", "roles") {
		sources, _ := role["sources"].([]any)
		for _, one := range sources {
			source, _ := one.(fields)
			all = append(all, text(role["role_id"])+" by "+text(source["type"]))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestSCIMConnection(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, id, token := w.directory()
	if len(token) != 48 {
		t.Errorf("the token has %d characters", len(token))
	}
	shown := w.get("/scim/harbour/connection").want("200")
	if shown.text("connection", "bearer_token_last_four") != token[44:] || strings.Contains(string(shown.raw), token) || shown.text("connection", "next_bearer_token_last_four") != "" ||
		shown.text("connection", "status") != "active" || !strings.HasSuffix(shown.text("connection", "base_url"), "/v1/b2b/scim/"+id) {
		t.Errorf("got %s", shown.raw)
	}
	w.post("/scim/harbour/connection", fields{}).want("400 active_scim_connection_exists")
	w.wrong("/scim/linden/connection", fields{"identity_provider": "nobody"}).want("400 invalid_scim_idp")
	w.post("/scim/linden/connection", fields{"display_name": strings.Repeat("x", 129)}).want("400 invalid_display_name")

	entra := w.put(path, fields{"identity_provider": "microsoft-entra", "display_name": "Entra"}).want("200")
	if !strings.HasSuffix(entra.text("connection", "base_url"), "?aadOptscim062020") {
		t.Errorf("got %s", entra.raw)
	}
	organization := w.get("/organizations/harbour").want("200")
	if organization.text("organization", "scim_active_connection", "display_name") != "Entra" ||
		organization.text("organization", "scim_active_connection", "bearer_token_last_four") != token[44:] {
		t.Errorf("the organization shows %v", organization.at("organization", "scim_active_connection"))
	}
	w.wrongPut(path, fields{"identity_provider": "nobody"}).want("400 invalid_scim_idp")
	for _, other := range []string{"/scim/acme/connection/" + id, "/scim/linden/connection/" + id, "/scim/harbour/connection/scim-connection-test-x"} {
		w.put(other, fields{"display_name": "x"}).want("404 no_active_scim_connection")
		w.get(other).want("404 no_active_scim_connection")
		w.remove(other).want("404 no_active_scim_connection")
		w.post(other+"/rotate/start", fields{}).want("404 no_active_scim_connection")
	}

	w.push(id, token, http.StatusOK, sandbox.SCIMPush{Users: []sandbox.SCIMUser{{Email: "new@harbour.example", Name: "New Person"}}})
	w.remove(path).want("200")
	w.push(id, token, http.StatusNotFound, sandbox.SCIMPush{})
	w.get("/scim/harbour/connection").want("404 no_active_scim_connection")
	if w.get("/organizations/harbour").at("organization", "scim_active_connection") != nil {
		t.Error("the organization still shows the connection")
	}
	left := w.get("/organizations/harbour/member?email_address=new@harbour.example").want("200")
	if left.at("member", "scim_registration") != nil || left.text("member", "status") != "active" {
		t.Errorf("got %s", left.raw)
	}
	if _, again, _ := w.directory(); again == id {
		t.Error("a new connection has the id of the old one")
	}
}

// Pushing goes on all the way through a rotation: both tokens are good, then only the new one.
func TestSCIMRotation(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, id, first := w.directory()
	try := func(token string, want int) {
		t.Helper()
		w.push(id, token, want, sandbox.SCIMPush{})
	}
	begin := func() string {
		t.Helper()
		started := w.post(path+"/rotate/start", fields{}).want("200")
		next := started.text("connection", "next_bearer_token")
		shown := w.get("/scim/harbour/connection").want("200")
		if len(next) != 48 || shown.text("connection", "next_bearer_token_last_four") != next[44:] || shown.at("connection", "next_bearer_token_expires_at") == nil ||
			strings.Contains(string(shown.raw), next) {
			t.Errorf("got %s", shown.raw)
		}
		return next
	}
	w.post(path+"/rotate/complete", fields{}).want("400 scim_connection_not_rotating_token")
	w.post(path+"/rotate/cancel", fields{}).want("400 scim_connection_not_rotating_token")
	try("nonsense", http.StatusUnauthorized)
	try("", http.StatusUnauthorized)

	dropped := begin()
	try(first, http.StatusOK)
	try(dropped, http.StatusOK)
	w.post(path+"/rotate/cancel", fields{}).want("200")
	w.post(path+"/rotate/complete", fields{}).want("400 scim_connection_not_rotating_token")
	try(dropped, http.StatusUnauthorized)
	try(first, http.StatusOK)

	replaced := begin()
	second := begin()
	try(replaced, http.StatusUnauthorized)
	w.Advance(24 * time.Hour)
	done := w.post(path+"/rotate/complete", fields{}).want("200")
	w.post(path+"/rotate/cancel", fields{}).want("400 scim_connection_not_rotating_token")
	try(first, http.StatusUnauthorized)
	try(second, http.StatusOK)
	if done.text("connection", "bearer_token_last_four") != second[44:] || done.text("connection", "next_bearer_token_last_four") != "" {
		t.Errorf("got %s", done.raw)
	}
	if shown := w.get("/organizations/harbour").text("organization", "scim_active_connection", "bearer_token_last_four"); shown != second[44:] {
		t.Errorf("the organization shows %s", shown)
	}
	w.Advance(5 * 366 * 24 * time.Hour)
	try(second, http.StatusUnauthorized)
}

func TestSCIMPush(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path, id, token := w.directory()
	user := func(name string) sandbox.SCIMUser {
		return sandbox.SCIMUser{ExternalID: "u-" + name, Email: name + "@harbour.example", Name: strings.ToUpper(name)}
	}
	push := sandbox.SCIMPush{
		Users:  []sandbox.SCIMUser{user("una"), user("ugo"), {Email: "Grace.Kelleher@harbour.example", ExternalID: "u-grace"}},
		Groups: []sandbox.SCIMPushedGroup{{Name: "Ops", Members: []string{"u-una", "grace.kelleher@harbour.example"}}, {Name: "Desk", Members: []string{"u-una"}}},
	}
	done := w.push(id, token, http.StatusOK, push)
	groups, _ := done["groups"].(fields)
	ops, desk := text(groups["Ops"]), text(groups["Desk"])
	if done["created"] != 2.0 || done["updated"] != 1.0 || ops == "" || desk == "" {
		t.Fatalf("got %v", done)
	}
	una := w.get("/organizations/harbour/member?email_address=una@harbour.example").want("200")
	if una.text("member", "name") != "UNA" || len(una.list("member", "scim_registration", "scim_attributes", "groups")) != 2 || una.text("member", "scim_registration", "connection_id") != id {
		t.Errorf("got %s", una.raw)
	}

	assign := func(pairs ...string) []fields {
		var all []fields
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, fields{"group_id": pairs[i], "role_id": pairs[i+1], "group_name": ""})
		}
		return all
	}
	set := func(want string, pairs ...string) answer {
		t.Helper()
		return w.put(path, fields{"scim_group_implicit_role_assignments": assign(pairs...)}).want(want)
	}
	roles := set("200", ops, "editor", ops, "billing_viewer", ops, "member_inviter", desk, "editor", ops, "editor").list("connection", "scim_group_implicit_role_assignments")
	if len(roles) != 4 || roles[0]["group_name"] != "Ops" {
		t.Errorf("the assignments are %v", roles)
	}
	const base = ", stytch_member by direct_assignment"
	if got := w.sources("harbour", "una@harbour.example"); got != "billing_viewer by scim_connection_group, editor by scim_connection_group, editor by scim_connection_group, member_inviter by scim_connection_group"+base {
		t.Errorf("una: %s", got)
	}
	if got := w.sources("harbour", "ugo@harbour.example"); got != base[2:] {
		t.Errorf("ugo: %s", got)
	}
	set("400 scim_group_role_assignment_does_not_contain_group_id", "", "editor")
	set("400 scim_group_role_assignment_group_does_not_exist", "scim-group-test-x", "editor")
	set("400 invalid_rbac_role_id", ops, "nobody")
	set("400 cannot_assign_default_rbac_role_id", ops, "stytch_member")

	// Another name for a group keeps its roles; a group that has gone gives none; who is inactive or missing is put out.
	token1 := w.session("harbour", "ugo@harbour.example")
	push.Users = []sandbox.SCIMUser{user("una"), {ExternalID: "u-grace", Email: "grace.kelleher@harbour.example", Inactive: true}}
	push.Users[0].Email = "una.k@harbour.example"
	push.Groups = []sandbox.SCIMPushedGroup{{ID: ops, Name: "Operations", Members: []string{"u-una"}}}
	if done = w.push(id, token, http.StatusOK, push); done["updated"] != 1.0 || done["deactivated"] != 2.0 || done["created"] != 0.0 {
		t.Errorf("got %v", done)
	}
	if got := w.sources("harbour", "una.k@harbour.example"); got != "billing_viewer by scim_connection_group, editor by scim_connection_group, member_inviter by scim_connection_group"+base {
		t.Errorf("una: %s", got)
	}
	left := w.get("/scim/harbour/connection").list("connection", "scim_group_implicit_role_assignments")
	if len(left) != 3 || left[0]["group_name"] != "Operations" {
		t.Errorf("the assignments are %v", left)
	}
	w.post("/sessions/authenticate", fields{"session_token": token1}).want("404 session_not_found")
	w.get("/organizations/harbour/member?email_address=grace.kelleher@harbour.example").want("404 member_not_found")

	// Active again, they are the same members.
	push.Users = append(push.Users[:1], user("ugo"), sandbox.SCIMUser{ExternalID: "u-grace", Email: "grace.kelleher@harbour.example"})
	w.push(id, token, http.StatusOK, push)
	if got := w.sources("harbour", "grace.kelleher@harbour.example"); got != "stytch_admin by direct_assignment"+base {
		t.Errorf("grace: %s", got)
	}

	for name, bad := range map[string]sandbox.SCIMPush{
		"address":      {Users: []sandbox.SCIMUser{{Email: "nonsense"}}},
		"twice":        {Users: []sandbox.SCIMUser{user("una"), user("una")}},
		"taken":        {Users: []sandbox.SCIMUser{{ExternalID: "u-una", Email: "ugo@harbour.example"}}},
		"no such user": {Groups: []sandbox.SCIMPushedGroup{{Name: "Ops", Members: []string{"u-nobody"}}}},
		"no name":      {Groups: []sandbox.SCIMPushedGroup{{}}},
		"unknown id":   {Groups: []sandbox.SCIMPushedGroup{{Name: "Ops", ID: "scim-group-test-x"}}},
	} {
		if _, err := w.PushSCIM(id, token, bad); err == nil {
			t.Errorf("%s: nothing is refused", name)
		}
	}
	w.get("/organizations/harbour/member?email_address=una.k@harbour.example").want("200")
}

func TestSCIMGroupsArePaged(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	path := "/scim/umbrella/connection/" + w.get("/scim/umbrella/connection").text("connection", "connection_id")
	var names []string
	cursor := ""
	for range 10 {
		page := w.get(path + "?limit=3&cursor=" + cursor).want("200")
		for _, group := range page.list("scim_groups") {
			names = append(names, text(group["group_name"]))
		}
		if cursor = page.text("next_cursor"); cursor == "" {
			break
		}
	}
	if strings.Join(names, ", ") != "Clinicians, Administration, Night shift, Contractors" {
		t.Errorf("got %v", names)
	}
	first := w.get(path + "?limit=3").want("200").text("next_cursor")
	acme := "/scim/acme/connection/" + w.get("/scim/acme/connection").text("connection", "connection_id")
	w.get(acme + "?cursor=" + first).want("400 user_search_invalid_cursor")
	w.get(path + "?limit=1001").want("400 user_search_invalid_limit")
	w.send(w.plain, http.MethodGet, "/v1/b2b"+path+"?limit=x", nil).want("400 user_search_invalid_limit")
}

// The tokens of the seed are those that it shows, and open its connections.
func TestSeedSCIMTokens(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	for _, slug := range []string{"acme", "umbrella"} {
		connection := w.get("/scim/" + slug + "/connection").want("200")
		id := connection.text("connection", "connection_id")
		for _, last := range []string{connection.text("connection", "bearer_token_last_four"), connection.text("connection", "next_bearer_token_last_four")} {
			if last == "" {
				continue
			}
			if _, err := w.PushSCIM(id, sandbox.SeedSCIMToken(id, last), sandbox.SCIMPush{Users: []sandbox.SCIMUser{{Email: "nonsense"}}}); err == nil || !strings.Contains(err.Error(), "invalid_email") {
				t.Errorf("%s %s: %v", slug, last, err)
			}
		}
	}
}
