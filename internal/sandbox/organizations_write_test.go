package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// organizationField is one field of an update with a value that acme takes, and the action that it needs.
type organizationField struct {
	name, action string
	body         fields
}

func organizationFields(w *world) []organizationField {
	w.t.Helper()
	connections := w.get("/organizations/acme").list("organization", "sso_active_connections")
	saml, oidc := text(connections[0]["connection_id"]), text(connections[1]["connection_id"])
	app := []string{"connected-app-test-1"}
	return []organizationField{
		{"name", "update.info.name", fields{"organization_name": "Acme & Daughters"}},
		{"slug", "update.info.slug", fields{"organization_slug": "acme-2"}},
		{"logo", "update.info.logo-url", fields{"organization_logo_url": ""}},
		{"default connection", "update.settings.default-sso-connection", fields{"sso_default_connection_id": oidc}},
		{"SSO JIT", "update.settings.sso-jit-provisioning", fields{"sso_jit_provisioning": "NOT_ALLOWED"}},
		{"SSO JIT connections", "update.settings.sso-jit-provisioning", fields{"sso_jit_provisioning_allowed_connections": []string{saml}}},
		{"domains", "update.settings.allowed-domains", fields{"email_allowed_domains": []string{"acme.example"}}},
		{"e-mail JIT", "update.settings.email-jit-provisioning", fields{"email_jit_provisioning": "NOT_ALLOWED"}},
		{"invitations", "update.settings.email-invites", fields{"email_invites": "RESTRICTED"}},
		{"methods", "update.settings.allowed-auth-methods", fields{"auth_methods": "RESTRICTED", "allowed_auth_methods": []string{"sso", "password"}}},
		{"method list", "update.settings.allowed-auth-methods", fields{"allowed_auth_methods": []string{"sso"}}},
		{"MFA policy", "update.settings.mfa-policy", fields{"mfa_policy": "REQUIRED_FOR_ALL"}},
		{"MFA methods", "update.settings.allowed-mfa-methods", fields{"mfa_methods": "RESTRICTED", "allowed_mfa_methods": []string{"totp"}}},
		{"MFA method list", "update.settings.allowed-mfa-methods", fields{"allowed_mfa_methods": []string{"totp"}}},
		{"automatic roles", "update.settings.implicit-roles", fields{"rbac_email_implicit_role_assignments": []fields{{"domain": "acme.example", "role_id": "invoice_approver"}}}},
		{"tenant JIT", "update.settings.oauth-tenant-jit-provisioning", fields{"oauth_tenant_jit_provisioning": "NOT_ALLOWED"}},
		{"tenants", "update.settings.allowed-oauth-tenants", fields{"allowed_oauth_tenants": fields{"hubspot": []string{"7"}}}},
		{"external id", "*", fields{"organization_external_id": "crm|2"}},
		{"claimed domains", "*", fields{"claimed_email_domains": []string{}}},
		{"own apps", "*", fields{"first_party_connected_apps_allowed_type": "NOT_ALLOWED"}},
		{"own app list", "*", fields{"allowed_first_party_connected_apps": app}},
		{"others' apps", "*", fields{"third_party_connected_apps_allowed_type": "ALL_ALLOWED"}},
		{"others' app list", "*", fields{"allowed_third_party_connected_apps": app}},
	}
}

// same compares what was sent with what came back.
func same(t *testing.T, sent, got any) bool {
	t.Helper()
	a, errA := json.Marshal(sent)
	b, errB := json.Marshal(got)
	return errA == nil && errB == nil && string(a) == string(b)
}

// Every field needs its own permission, and no other one.
func TestUpdateOrganizationFieldByField(t *testing.T) {
	t.Parallel()
	for i := range organizationFields(start(t, sandbox.Options{})) {
		w := start(t, sandbox.Options{})
		one := organizationFields(w)[i]
		t.Run(one.name, func(t *testing.T) {
			id, globex := w.id("acme"), w.id("globex")
			admin, support, plain := w.as("acme", olivia), w.as("acme", ada), w.as("acme", kofi)
			path := "/organizations/" + id
			before := w.get(path).at("organization")
			refused := func(headers []string, want string) {
				t.Helper()
				w.put(path, one.body, headers...).want(want)
				if !same(t, before, w.get(path).at("organization")) {
					t.Fatal("a refused update has changed something")
				}
			}
			deny := func(action string) {
				t.Helper()
				w.ClearFaults()
				if err := w.SetFault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.organization", Action: action}); err != nil {
					t.Fatal(err)
				}
			}
			refused(plain, "403 session_authorization_error")
			deny(one.action)
			refused(admin, "403 session_authorization_error")
			w.ClearFaults()
			if one.action == "*" {
				refused(support, "403 session_authorization_error")
			}
			w.put("/organizations/"+globex, one.body, admin...).want("403 session_authorization_tenancy_error")
			w.Advance(61 * time.Minute)
			refused(admin, "404 session_not_found")
			w.ResetClock()

			for _, action := range []string{"update.info.name", "update.settings.mfa-policy"} {
				if action == one.action {
					action = "delete"
				}
				deny(action)
				w.put(path, one.body, admin...).want("200")
			}
			w.ClearFaults()
			got := w.put(path, one.body).want("200")
			for field, value := range one.body {
				if !same(t, value, got.at("organization", field)) {
					t.Errorf("%s is %v", field, got.at("organization", field))
				}
			}
			if !same(t, got.at("organization"), w.get(path).at("organization")) {
				t.Error("the answer is not what the organization is now")
			}
			if one.action != "*" {
				w.put(path, one.body, support...).want("200")
			}
		})
	}
}

func TestUpdateOrganizationIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	before := w.get("/organizations/acme").at("organization")
	w.put("/organizations/acme", fields{"organization_name": "x", "claimed_email_domains": []string{}}, w.as("acme", ada)...).
		want("403 session_authorization_error")
	w.put("/organizations/acme", fields{"organization_name": "x", "trusted_metadata": fields{"plan": "free"}}, w.as("acme", olivia)...).
		want("401 cannot_update_trusted_metadata")
	w.put("/organizations/acme", fields{"organization_name": "x", "organization_slug": "globex"}, w.as("acme", olivia)...).
		want("400 organization_slug_already_used")
	w.put("/organizations/acme", fields{"organization_name": "x"}, "X-Stytch-Member-Session", "").want("400 invalid_session_token")
	w.put("/organizations/nowhere", fields{"organization_name": "x"}, w.as("acme", olivia)...).want("403 session_authorization_tenancy_error")
	w.put("/organizations/nowhere", fields{"organization_name": "x"}).want("404 organization_not_found")
	if !same(t, before, w.get("/organizations/acme").at("organization")) {
		t.Error("something has changed")
	}
}

// organizationRules are requests that new organizations and updates of acme refuse alike.
func organizationRules() []struct {
	name, want string
	body       fields
} {
	many := fields{}
	for i := range 21 {
		many[fmt.Sprint("key", i)] = i
	}
	implicit := func(domain, role string) fields {
		return fields{"rbac_email_implicit_role_assignments": []fields{{"domain": domain, "role_id": role}}}
	}
	return []struct {
		name, want string
		body       fields
	}{
		{"no name", "400 organization_name_missing", fields{"organization_name": ""}},
		{"blank name", "400 organization_name_missing", fields{"organization_name": "  "}},
		{"long name", "400 invalid_organization_name", fields{"organization_name": strings.Repeat("ü", 129)}},
		{"short slug", "400 invalid_organization_slug", fields{"organization_slug": "a"}},
		{"long slug", "400 invalid_organization_slug", fields{"organization_slug": strings.Repeat("a", 129)}},
		{"slug with a space", "400 invalid_organization_slug", fields{"organization_slug": "a b"}},
		{"slug without a letter", "400 invalid_organization_slug", fields{"organization_slug": "-.-"}},
		{"slug of another", "400 organization_slug_already_used", fields{"organization_slug": "globex"}},
		{"long logo", "400 organization_logo_url_too_long", fields{"organization_logo_url": "https://cdn.example/" + strings.Repeat("a", 2048)}},
		{"malformed external id", "400 invalid_organization_external_id", fields{"organization_external_id": "a b"}},
		{"long external id", "400 invalid_organization_external_id", fields{"organization_external_id": strings.Repeat("a", 129)}},
		{"external id of another", "400 organization_external_id_already_used", fields{"organization_external_id": "ext-of-globex"}},
		{"too many keys", "400 metadata_too_many_keys", fields{"trusted_metadata": many}},
		{"too much metadata", "400 metadata_too_large", fields{"trusted_metadata": fields{"a": strings.Repeat("a", 4096)}}},
		{"SSO JIT value", "400 invalid_organization_auth_factor_setting", fields{"sso_jit_provisioning": "SOME"}},
		{"e-mail JIT for all", "400 invalid_organization_auth_factor_setting_for_email_jit_provisioning", fields{"email_jit_provisioning": "ALL_ALLOWED"}},
		{"invitations value", "400 invalid_organization_auth_factor_setting", fields{"email_invites": "x"}},
		{"tenant JIT for all", "400 invalid_organization_auth_factor_setting_for_oauth_tenant_jit_provisioning", fields{"oauth_tenant_jit_provisioning": "ALL_ALLOWED"}},
		{"methods value", "400 invalid_organization_auth_method_settings", fields{"auth_methods": "NOT_ALLOWED"}},
		{"method", "400 invalid_organization_allowed_auth_methods", fields{"allowed_auth_methods": []string{"sso", "sms_otp"}}},
		{"MFA policy value", "400 invalid_organization_mfa_policy", fields{"mfa_policy": "REQUIRED"}},
		{"MFA methods value", "400 invalid_organization_mfa_factor_setting", fields{"mfa_methods": "NOT_ALLOWED"}},
		{"MFA method", "400 invalid_organization_allowed_mfa_methods", fields{"allowed_mfa_methods": []string{"sso"}}},
		{"no methods", "400 allowed_auth_methods_required_for_restricted", fields{"auth_methods": "RESTRICTED", "allowed_auth_methods": []string{}}},
		{"no MFA methods", "400 allowed_mfa_methods_required_for_restricted", fields{"mfa_methods": "RESTRICTED"}},
		{"no connections", "400 invalid_restricted_sso_setting", fields{"sso_jit_provisioning": "RESTRICTED"}},
		{"invitations without domains", "400 invalid_restricted_email_setting", fields{"email_invites": "RESTRICTED", "email_allowed_domains": []string{}}},
		{"e-mail JIT without domains", "400 invalid_restricted_email_setting", fields{"email_jit_provisioning": "RESTRICTED", "email_allowed_domains": []string{}}},
		{"no tenants", "400 invalid_restricted_oauth_tenants_setting", fields{"oauth_tenant_jit_provisioning": "RESTRICTED", "allowed_oauth_tenants": fields{"slack": []string{}}}},
		{"unknown provider of tenants", "400 invalid_oauth_allowed_tenants_format", fields{"allowed_oauth_tenants": fields{"google": []string{"a"}}}},
		{"tenants are no list", "400 invalid_oauth_allowed_tenants_format", fields{"allowed_oauth_tenants": fields{"slack": "T1"}}},
		{"tenant is no text", "400 invalid_oauth_allowed_tenants_format", fields{"allowed_oauth_tenants": fields{"slack": []any{1}}}},
		{"nobody may join", "400 invalid_organization_auth_factor_setting", fields{"sso_jit_provisioning": "NOT_ALLOWED", "email_jit_provisioning": "NOT_ALLOWED", "email_invites": "NOT_ALLOWED"}},
		{"no domain", "400 organization_settings_invalid_domain", fields{"email_allowed_domains": []string{"acme"}}},
		{"a domain twice", "400 organization_settings_duplicate_domain", fields{"email_allowed_domains": []string{"a.example", "A.example"}}},
		{"common domain", "400 organization_settings_domain_too_common", fields{"email_allowed_domains": []string{"Gmail.com"}}},
		{"common domain of a country", "400 organization_settings_domain_too_common", fields{"email_allowed_domains": []string{"yahoo.co.jp"}}},
		{"claimed: no domain", "400 organization_settings_invalid_claimed_domain", fields{"claimed_email_domains": []string{"a b.example"}}},
		{"claimed: twice", "400 organization_settings_duplicate_claimed_domain", fields{"claimed_email_domains": []string{"a.example", "a.example"}}},
		{"claimed: common", "400 organization_settings_claimed_domain_too_common", fields{"claimed_email_domains": []string{"outlook.com"}}},
		{"automatic role: no domain", "400 rbac_invalid_domain", implicit("-", "editor")},
		{"automatic role: common domain", "400 rbac_domain_too_common", implicit("icloud.com", "editor")},
		{"automatic role: unknown", "400 invalid_rbac_role_id", implicit("a.example", "emperor")},
		{"apps value", "400 bad_request", fields{"first_party_connected_apps_allowed_type": "SOME"}},
		{"others' apps value", "400 bad_request", fields{"third_party_connected_apps_allowed_type": "SOME"}},
	}
}

func TestOrganizationRules(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	w.put("/organizations/globex", fields{"organization_external_id": "ext-of-globex"}).want("200")
	before := w.get("/organizations/acme").at("organization")
	count := len(w.post("/organizations/search", fields{"limit": 1000}).list("organizations"))
	for _, one := range organizationRules() {
		// Straight to the sandbox: some values are outside the contract's own lists.
		w.send(w.plain, "PUT", "/v1/b2b/organizations/acme", one.body).want(one.want)
		made := fields{"organization_name": "New"}
		maps.Copy(made, one.body)
		w.wrong("/organizations", made).want(one.want)
		if t.Failed() {
			t.Fatal(one.name)
		}
	}
	unknown := "saml-connection-test-00000000-0000-4000-8000-000000000000"
	w.put("/organizations/acme", fields{"sso_jit_provisioning_allowed_connections": []string{unknown}}).want("404 sso_connection_not_found")
	w.put("/organizations/acme", fields{"sso_default_connection_id": unknown}).want("400 invalid_sso_default_connection_id")
	for _, connection := range w.get("/sso/acme").list("saml_connections") {
		if connection["status"] == "pending" {
			w.put("/organizations/acme", fields{"sso_default_connection_id": connection["connection_id"]}).want("400 invalid_sso_default_connection_id")
		}
	}
	w.put("/organizations/acme", fields{"email_allowed_domains": []string{}}).want("400 invalid_restricted_email_setting") // JIT is RESTRICTED
	w.wrong("/organizations", fields{}).want("400 organization_name_missing")
	if !same(t, before, w.get("/organizations/acme").at("organization")) {
		t.Error("acme has changed")
	}
	if now := len(w.post("/organizations/search", fields{"limit": 1000}).list("organizations")); now != count {
		t.Errorf("%d organizations were made", now-count)
	}
}

func TestUpdateOrganizationKeeps(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	// Settings that the request leaves alone are not judged, even where they could not be made today.
	w.put("/organizations/closed", fields{"organization_name": "Closed Square"}).want("200")
	w.put("/organizations/closed", fields{"email_invites": "NOT_ALLOWED"}).want("400 invalid_organization_auth_factor_setting")
	// Metadata is merged at the top; null takes a key away.
	got := w.put("/organizations/acme", fields{"trusted_metadata": fields{"seats": 300, "trial": nil, "crm": fields{"account": "x"}}}).want("200")
	if want := (fields{"plan": "enterprise", "seats": 300, "crm": fields{"account": "x"}}); !same(t, want, got.at("organization", "trusted_metadata")) {
		t.Errorf("metadata is %v", got.at("organization", "trusted_metadata"))
	}
	// It is found by its new names, and no more by the old ones.
	w.put("/organizations/acme", fields{"organization_slug": "acme-2", "organization_external_id": "crm-2"}).want("200")
	for ref, want := range map[string]string{"acme-2": "200", "crm-2": "200", "acme": "404 organization_not_found", "crm-000117": "404 organization_not_found"} {
		w.get("/organizations/" + ref).want(want)
	}
	w.put("/organizations/acme-2", fields{"organization_slug": "acme-2", "organization_external_id": "crm-2"}).want("200")
	slugs := w.post("/organizations/search", fields{"query": fields{"operator": "AND", "operands": []fields{
		{"filter_name": "organization_slugs", "filter_value": []string{"acme-2"}},
	}}}).want("200").list("organizations")
	if len(slugs) != 1 {
		t.Errorf("found %v", slugs)
	}
	// Somebody may join by a domain as soon as it is allowed.
	w.put("/organizations/orchard", fields{"email_allowed_domains": []string{"Support.Example"}, "email_jit_provisioning": "RESTRICTED"}).want("200")
	w.post("/organizations/orchard/members", fields{"email_address": kim}).want("200")
	w.first("orchard", kim, nil)
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": "orchard", "email_address": sam}).want("200")
}

// Automatic roles come and go with the setting.
func TestImplicitRolesFollow(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	roles := func(email string) []string {
		t.Helper()
		var held []string
		for _, role := range w.get("/organizations/acme/member?email_address="+email).want("200").list("member", "roles") {
			held = append(held, text(role["role_id"]))
		}
		slices.Sort(held)
		return held
	}
	w.put("/organizations/acme", fields{"rbac_email_implicit_role_assignments": []fields{
		{"domain": "ACME.example", "role_id": "stytch_admin"}, {"domain": "support.example", "role_id": "editor"},
	}}).want("200")
	if got := roles(tom); !slices.Equal(got, []string{"stytch_admin", "stytch_member"}) {
		t.Errorf("tom has %v", got)
	}
	if got := roles(ada); !slices.Equal(got, []string{"editor", "stytch_member", "tenant_support"}) {
		t.Errorf("ada has %v", got)
	}
	w.put("/organizations/acme/members/"+w.member("acme", ada), fields{"email_address": "ada@elsewhere.example"}).want("200")
	if got := roles("ada@elsewhere.example"); !slices.Equal(got, []string{"stytch_member", "tenant_support"}) {
		t.Errorf("with another address ada has %v", got)
	}
	w.put("/organizations/acme", fields{"rbac_email_implicit_role_assignments": []fields{}}).want("200")
	member := w.get("/organizations/acme/member?email_address=" + tom)
	if got := roles(tom); !slices.Equal(got, []string{"stytch_member"}) || member.at("member", "is_admin") != false {
		t.Errorf("tom has %v", got)
	}
}
