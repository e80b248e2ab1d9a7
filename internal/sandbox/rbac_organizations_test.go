package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

// role is a custom role on the wire; permissions are resource, "action action" pairs.
func role(id string, permissions ...string) fields {
	all := []fields{}
	for i := 0; i+1 < len(permissions); i += 2 {
		all = append(all, fields{"resource_id": permissions[i], "actions": strings.Fields(permissions[i+1])})
	}
	return fields{"role_id": id, "description": "A role.", "permissions": all}
}

func (w *world) setRoles(slug string, roles ...fields) answer {
	w.t.Helper()
	if roles == nil {
		roles = []fields{}
	}
	return w.put("/rbac/organizations/"+slug, fields{"org_policy": fields{"roles": roles}})
}

func TestOrganizationPolicy(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	if seeded := w.get("/rbac/organizations/acme").want("200").list("org_policy", "roles"); len(seeded) != 1 || seeded[0]["role_id"] != "invoice_approver" {
		t.Errorf("acme has %v", seeded)
	}
	w.get("/rbac/organizations/nobody").want("404 organization_not_found")
	w.setRoles("nobody").want("404 organization_not_found")
	w.setRoles("harbour", role("reader", "documents", "read"), role("connector", "stytch.sso", "*", "stytch.member", "search")).want("200")
	for _, answer := range []answer{w.get("/rbac/organizations/harbour"), w.get("/organizations/harbour")} {
		roles := append(answer.list("org_policy", "roles"), answer.list("organization", "custom_roles")...)
		if len(roles) != 2 || roles[1]["role_id"] != "connector" {
			t.Errorf("got %s", answer.raw)
		}
	}

	// A role counts from the moment it is there, in every check, and only in its organization.
	tobias := w.member("harbour", "tobias.falk@harbour.example")
	member := "/organizations/harbour/members/" + tobias
	w.put(member, fields{"roles": []string{"connector"}}).want("200")
	w.put("/organizations/linden/members/"+w.member("linden", sam), fields{"roles": []string{"connector"}}).want("400 invalid_rbac_role_id")
	header := w.as("harbour", "tobias.falk@harbour.example")
	w.post("/sso/saml/harbour", fields{}, header...).want("200")
	w.get("/scim/harbour/connection", header...).want("403 session_authorization_error")
	w.post("/organizations/members/search", fields{"organization_ids": []string{w.id("harbour")}}, header...).want("200")
	checked := w.post("/sessions/authenticate", fields{"session_token": header[1], "authorization_check": fields{
		"organization_id": w.id("harbour"), "resource_id": "stytch.sso", "action": "delete",
	}}).want("200")
	if granting, _ := checked.at("verdict", "granting_roles").([]any); len(granting) != 1 || granting[0] != "connector" {
		t.Errorf("granted by %v", granting)
	}

	// A save replaces all: what is left out is gone, from everybody and from what gives roles.
	path, _ := w.activeSAML()
	w.put(path, fields{"saml_group_implicit_role_assignments": []fields{{"role_id": "connector", "group": "it"}, {"role_id": "editor", "group": "it"}}}).want("200")
	w.put("/organizations/harbour", fields{"rbac_email_implicit_role_assignments": []fields{{"domain": "harbour.example", "role_id": "connector"}}}).want("200")
	scim, id, token := w.directory()
	groups, err := w.PushSCIM(id, token, sandbox.SCIMPush{Groups: []sandbox.SCIMPushedGroup{{Name: "it"}}})
	if err != nil {
		t.Fatal(err)
	}
	w.put(scim, fields{"scim_group_implicit_role_assignments": []fields{{"role_id": "connector", "group_id": groups.Groups["it"], "group_name": "it"}}}).want("200")
	w.setRoles("harbour", role("reader", "documents", "read")).want("200")
	if got := w.sources("harbour", "tobias.falk@harbour.example"); got != "stytch_member by direct_assignment" {
		t.Errorf("the roles are %s", got)
	}
	w.post("/sso/saml/harbour", fields{}, header...).want("403 session_authorization_error")
	left := answer{t: t, fields: w.get("/sso/harbour").list("saml_connections")[1]}
	if len(left.list("saml_group_implicit_role_assignments")) != 1 || len(w.get("/scim/harbour/connection").list("connection", "scim_group_implicit_role_assignments")) != 0 ||
		len(w.get("/organizations/harbour").list("organization", "rbac_email_implicit_role_assignments")) != 0 {
		t.Error("a role that is gone is still given")
	}
	w.setRoles("harbour").want("200")
	if roles := w.get("/organizations/harbour").list("organization", "custom_roles"); len(roles) != 0 {
		t.Errorf("left are %v", roles)
	}
}

func TestOrganizationPolicyRefusals(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	long := role("long", "documents", "read")
	long["description"] = strings.Repeat("x", 513)
	var many []fields
	for i := range 101 {
		many = append(many, role(fmt.Sprintf("role-%d", i), "documents", "read"))
	}
	for name, tt := range map[string]struct {
		roles []fields
		want  string
	}{
		"project's":         {[]fields{role("editor", "documents", "read")}, "rbac_role_duplicate"},
		"upstream's":        {[]fields{role("stytch_admin", "documents", "read")}, "rbac_role_duplicate"},
		"like upstream's":   {[]fields{role("stytch_other", "documents", "read")}, "invalid_rbac_stytch_role_edit"},
		"twice":             {[]fields{role("a", "documents", "read"), role("a", "billing", "read")}, "rbac_role_duplicate"},
		"no id":             {[]fields{role("", "documents", "read")}, "empty_rbac_role_id"},
		"long id":           {[]fields{role(strings.Repeat("x", 129), "documents", "read")}, "rbac_role_id_too_long"},
		"odd id":            {[]fields{role("two words", "documents", "read")}, "invalid_rbac_role_id"},
		"long description":  {[]fields{long}, "rbac_description_too_long"},
		"no permission":     {[]fields{role("a")}, "rbac_role_missing_permissions"},
		"no resource":       {[]fields{role("a", "", "read")}, "empty_rbac_resource_id"},
		"unknown resource":  {[]fields{role("a", "nothing", "read")}, "invalid_permission_resource"},
		"resource twice":    {[]fields{role("a", "documents", "read", "documents", "share")}, "rbac_resource_duplicate"},
		"no action":         {[]fields{role("a", "documents", "")}, "rbac_permission_missing_actions"},
		"unknown action":    {[]fields{role("a", "documents", "burn")}, "invalid_permission_action"},
		"action twice":      {[]fields{role("a", "documents", "read read")}, "rbac_action_duplicate"},
		"wildcard and more": {[]fields{role("a", "documents", "* read")}, "cannot_specify_wildcard_with_other_actions"},
		"part of an action": {[]fields{role("a", "stytch.member", "update.*")}, "invalid_wildcard_action"},
		"too many":          {many, "too_many_roles"},
	} {
		if got := w.setRoles("acme", tt.roles...); got.text("error_type") != tt.want || got.status != 400 {
			t.Errorf("%s: got %d %s, want %s", name, got.status, got.text("error_type"), tt.want)
		}
	}
	w.wrongPut("/rbac/organizations/acme", fields{}).want("400 bad_request")
	if roles := w.get("/rbac/organizations/acme").list("org_policy", "roles"); len(roles) != 1 {
		t.Errorf("a refused save has left %v", roles)
	}
}
