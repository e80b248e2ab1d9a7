package sandbox_test

import (
	"maps"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	made := w.post("/organizations", fields{"organization_name": "Grün & Söhne"}).want("200")
	for field, want := range map[string]any{
		"organization_slug": "gr-n-s-hne", "organization_external_id": nil, "organization_logo_url": "", "trusted_metadata": fields{},
		"sso_jit_provisioning": "ALL_ALLOWED", "email_jit_provisioning": "NOT_ALLOWED", "email_invites": "ALL_ALLOWED",
		"email_allowed_domains": []any{}, "auth_methods": "ALL_ALLOWED", "allowed_auth_methods": []any{}, "mfa_policy": "OPTIONAL",
		"mfa_methods": "ALL_ALLOWED", "allowed_mfa_methods": []any{}, "oauth_tenant_jit_provisioning": "NOT_ALLOWED",
		"allowed_oauth_tenants": fields{}, "claimed_email_domains": []any{}, "rbac_email_implicit_role_assignments": []any{},
		"first_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_first_party_connected_apps": []any{},
		"third_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_third_party_connected_apps": []any{},
		"sso_default_connection_id": nil, "sso_jit_provisioning_allowed_connections": []any{}, "custom_roles": []any{},
	} {
		if got := made.at("organization", field); !same(t, want, got) {
			t.Errorf("%s is %v", field, got)
		}
	}
	id := made.text("organization", "organization_id")
	if got := w.get("/organizations/gr-n-s-hne").want("200"); !same(t, made.at("organization"), got.at("organization")) {
		t.Error("it is not found as it was made")
	}
	if got := w.get("/organizations/" + id + "/metrics").want("200").at("member_count"); got != float64(0) {
		t.Errorf("%v members", got)
	}
	for name, slug := range map[string]string{"Acme": "acme-2", "Ü": "organization", strings.Repeat("a", 128): strings.Repeat("a", 120)} {
		if got := w.post("/organizations", fields{"organization_name": name}).want("200").text("organization", "organization_slug"); got != slug {
			t.Errorf("%s has the slug %s", name, got)
		}
	}
}

// Whoever sends any setting of who gets in closes invitations, unless they are sent too.
func TestCreateOrganizationInvitations(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		body fields
		want string
	}{
		"none":           {fields{"claimed_email_domains": []string{"new.example"}, "trusted_metadata": fields{"a": "b"}}, "ALL_ALLOWED"},
		"SSO":            {fields{"sso_jit_provisioning": "ALL_ALLOWED"}, "NOT_ALLOWED"},
		"domains":        {fields{"email_allowed_domains": []string{"new.example"}}, "NOT_ALLOWED"},
		"e-mail":         {fields{"email_jit_provisioning": "NOT_ALLOWED"}, "NOT_ALLOWED"},
		"methods":        {fields{"auth_methods": "ALL_ALLOWED"}, "NOT_ALLOWED"},
		"MFA policy":     {fields{"mfa_policy": "OPTIONAL"}, "NOT_ALLOWED"},
		"MFA methods":    {fields{"allowed_mfa_methods": []string{"totp"}}, "NOT_ALLOWED"},
		"tenants":        {fields{"oauth_tenant_jit_provisioning": "NOT_ALLOWED"}, "NOT_ALLOWED"},
		"itself":         {fields{"mfa_policy": "OPTIONAL", "email_invites": "ALL_ALLOWED"}, "ALL_ALLOWED"},
		"itself, closed": {fields{"email_invites": "NOT_ALLOWED"}, "NOT_ALLOWED"},
	} {
		w := start(t, sandbox.Options{})
		body := fields{"organization_name": "New Tenant"}
		maps.Copy(body, one.body)
		if got := w.post("/organizations", body).want("200").text("organization", "email_invites"); got != one.want {
			t.Errorf("%s: invitations are %s", name, got)
		}
	}
}

// Nothing of a deleted organization is left: no member, session, link, code or name.
func TestDeleteOrganization(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	id, memberID := w.id("acme"), w.member("acme", tom)
	token := w.session("acme", olivia)
	other := w.session("globex", ada)
	w.remove("/organizations/"+id, w.as("acme", ada)...).want("403 session_authorization_error")
	w.remove("/organizations/"+w.id("globex"), "X-Stytch-Member-Session", token).want("403 session_authorization_tenancy_error")
	w.remove("/organizations/nowhere").want("404 organization_not_found")
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": id, "email_address": tom}).want("200")
	link := w.token(w.newest())
	impersonating, err := w.Impersonate("acme", tom, "rita@vendor.example")
	if err != nil {
		t.Fatal(err)
	}

	gone := w.remove("/organizations/"+id, "X-Stytch-Member-Session", token).want("200")
	if gone.text("organization_id") != id {
		t.Errorf("got %s", gone.raw)
	}
	w.post("/sessions/authenticate", fields{"session_token": token}).want("404 session_not_found")
	w.post("/sessions/authenticate", fields{"session_token": other}).want("200")
	w.post("/magic_links/authenticate", fields{"magic_links_token": link}).want("401 unable_to_auth_magic_link")
	w.post("/impersonation/authenticate", fields{"impersonation_token": w.token(sandbox.Message{Link: impersonating})}).
		want("401 unable_to_auth_impersonation_token")
	w.get("/organizations/" + id).want("404 organization_not_found")
	w.get("/organizations/acme").want("404 organization_not_found")
	w.get("/organizations/crm-000117").want("404 organization_not_found")
	w.get("/organizations/members/dangerously_get/" + memberID + "?include_deleted=true").want("404 member_not_found")
	w.remove("/organizations/" + id).want("404 organization_not_found")
	for _, one := range w.post("/organizations/search", fields{"limit": 1000}).want("200").list("organizations") {
		if one["organization_id"] == id {
			t.Error("it is still found")
		}
	}
	w.post("/otps/email/discovery/send", fields{"email_address": ada}).want("200")
	found := w.post("/otps/email/discovery/authenticate", fields{"email_address": ada, "code": w.newest().Code}).want("200").slugs()
	if _, still := found["acme"]; still || len(found) < 5 {
		t.Errorf("ada finds %v", found)
	}

	// The names are free; those who come after are found in order, behind the others.
	w.post("/organizations", fields{"organization_name": "Another Acme", "organization_slug": "acme", "organization_external_id": "crm-000117"}).want("200")
	w.post("/organizations", fields{"organization_name": "Last"}).want("200")
	all := w.post("/organizations/search", fields{"limit": 1000}).list("organizations")
	n := len(all)
	if all[n-2]["organization_slug"] != "acme" || all[n-1]["organization_slug"] != "last" {
		t.Error("the new ones are not the last")
	}
	before := text(all[n-3]["organization_slug"])
	for range 10 { // an index gives them in any order
		found := w.post("/organizations/search", fields{"query": fields{"operator": "AND", "operands": []fields{
			{"filter_name": "organization_slugs", "filter_value": []string{"last", "acme", before}},
		}}}).want("200").list("organizations")
		if len(found) != 3 || found[0]["organization_slug"] != before || found[2]["organization_slug"] != "last" {
			t.Fatalf("found by slug they are out of order")
		}
	}
}

func TestDeleteOrganizationExternalID(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const path = "/organizations/acme/external_id"
	w.remove(path, w.as("acme", ada)...).want("403 session_authorization_error")
	w.remove("/organizations/globex/external_id", w.as("acme", olivia)...).want("403 session_authorization_tenancy_error")
	got := w.remove(path, w.as("acme", olivia)...).want("200")
	if got.at("organization", "organization_external_id") != nil {
		t.Errorf("got %s", got.raw)
	}
	w.get("/organizations/crm-000117").want("404 organization_not_found")
	w.remove(path).want("200")
	w.put("/organizations/globex", fields{"organization_external_id": "crm-000117"}).want("200")
}
