package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

func TestProviders(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const hana, tobias, amina = "hana.suzuki@acme.example", "tobias.falk@harbour.example", "amina.diallo@harbour.example"
	read := func(slug, email, provider, query string) answer {
		t.Helper()
		return w.get("/organizations/" + slug + "/members/" + w.member(slug, email) + "/" + provider + query)
	}
	for _, one := range []struct {
		slug, email, provider string
		single                bool
		refresh               bool
	}{
		{"acme", hana, "oauth_providers/google", true, true},
		{"acme", hana, "oauth_providers/microsoft", true, true},
		{"acme", hana, "oauth_providers/github", false, false},
		{"harbour", tobias, "oauth_providers/slack", false, false},
		{"harbour", tobias, "oauth_providers/hubspot", false, true},
		{"acme", "bianca.rossi@acme.example", "oidc_providers", false, true},
	} {
		for _, asked := range []bool{false, true} {
			query := ""
			if asked && one.provider != "oauth_providers/slack" {
				query = "?include_refresh_token=true"
			}
			got := read(one.slug, one.email, one.provider, query).want("200")
			tokens := got.fields
			if !one.single {
				tokens = got.list("registrations")[0]
			}
			if !strings.HasPrefix(text(tokens["access_token"]), "sandbox-") || text(tokens["provider_subject"]) == "" {
				t.Errorf("%s: got %s", one.provider, got.raw)
			}
			if has := text(tokens["refresh_token"]) != ""; has != (asked && one.refresh) {
				t.Errorf("%s%s: a refresh token is %v", one.provider, query, has)
			}
		}
	}
	// Without an access token, and without an account.
	if got := read("harbour", amina, "oauth_providers/google", "?include_refresh_token=true").want("200"); got.text("access_token") != "" || got.text("id_token") == "" || got.text("refresh_token") != "" {
		t.Errorf("got %s", got.raw)
	}
	for _, provider := range []string{"google", "microsoft", "slack", "hubspot", "github"} {
		read("harbour", "henry.lowe@harbour.example", "oauth_providers/"+provider, "").want("404 member_oauth_token_not_found")
	}
	read("harbour", tobias, "oidc_providers", "").want("404 member_oidc_token_not_found")
	read("acme", "priya.nair@acme.example", "oidc_providers", "").want("404 member_oidc_token_not_found") // SAML leaves no tokens
	w.get("/organizations/acme/members/employee-4711/oauth_providers/google").want("404 member_oauth_token_not_found")
	w.get("/organizations/acme/members/nobody/oauth_providers/google").want("404 member_not_found")
	w.get("/organizations/acme/members/member-test-1/oauth_providers/google").want("400 invalid_member_id")
	w.get("/organizations/nowhere/members/nobody/oidc_providers").want("404 organization_not_found")
	w.get("/organizations/globex/members/" + w.member("acme", hana) + "/oauth_providers/google").want("404 member_not_found")
}

func TestMemberConnectedApps(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	const daniel = "daniel.okafor@acme.example"
	path := "/organizations/acme/members/" + w.member("acme", daniel) + "/connected_apps"
	names := func(path string) []string {
		t.Helper()
		var found []string
		for _, app := range w.get(path).want("200").list("connected_apps") {
			found = append(found, text(app["name"]))
		}
		return found
	}
	all := []string{"Warehouse Sync", "Mobile app", "Report builder", "Desktop app", "Ledgerly", "Notebook CLI"}
	if got := names("/organizations/acme/connected_apps"); !slices.Equal(got, all) {
		t.Errorf("acme has %v", got)
	}
	if got := names(path); !slices.Equal(got, []string{"Mobile app", "Ledgerly", "Notebook CLI"}) {
		t.Errorf("daniel has %v", got)
	}
	ledgerly, notebook := fields{}, fields{}
	for _, app := range w.get(path).list("connected_apps") {
		switch app["name"] {
		case "Ledgerly":
			ledgerly = app
		case "Notebook CLI":
			notebook = app
		}
	}
	if ledgerly["scopes_granted"] != "openid read:billing" || ledgerly["client_type"] != "third_party" {
		t.Errorf("ledgerly is %v", ledgerly)
	}
	revoke := func(id, want string) {
		t.Helper()
		w.post(path+"/"+id+"/revoke", fields{}).want(want)
	}
	revoke("connected-app-test-1", "404 connected_app_not_found")
	revoke(text(ledgerly["connected_app_id"]), "200") // olivia lets it in, too
	revoke(text(ledgerly["connected_app_id"]), "404 connected_app_not_found")
	revoke(text(notebook["connected_app_id"]), "200")
	if got := names("/organizations/acme/connected_apps"); !slices.Equal(got, all[:5]) {
		t.Errorf("acme has %v", got)
	}
	if got := names(path); !slices.Equal(got, all[1:2]) {
		t.Errorf("daniel has %v", got)
	}
}

// What the seed says of support staff: who may do what is the project's policy, and the console adds nothing to it.
func TestSeedRoles(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	answered := w.get("/rbac/policy").want("200")
	actions := map[string]map[string][]string{}
	for _, role := range answered.list("policy", "roles") {
		held := map[string][]string{}
		for _, permission := range (answer{fields: role}).list("permissions") {
			listed, _ := permission["actions"].([]any)
			for _, action := range listed {
				held[text(permission["resource_id"])] = append(held[text(permission["resource_id"])], text(action))
			}
		}
		actions[text(role["role_id"])] = held
	}
	for _, resource := range answered.list("policy", "resources") {
		id := text(resource["resource_id"])
		if strings.HasPrefix(id, "console-") && !slices.Equal(actions["support_admin"][id], []string{"*"}) {
			t.Errorf("support_admin has not all of %s", id)
		}
	}
	for resource, held := range actions["tenant_support"] {
		if !strings.HasPrefix(resource, "stytch.") || slices.Contains(held, "*") {
			t.Errorf("tenant_support has %v of %s", held, resource)
		}
	}
	if slices.Contains(actions["tenant_support"]["stytch.organization"], "delete") || !slices.Contains(actions["tenant_support"]["stytch.member"], "delete") {
		t.Error("tenant_support deletes members, and no organization")
	}
	for _, forbidden := range []string{"get-recovery-codes", "rotate-recovery-codes", "update-trusted-metadata", "update-external-id"} {
		if slices.Contains(actions["support_agent"]["console-members"], forbidden) {
			t.Errorf("support_agent has %s", forbidden)
		}
	}
	if !slices.Equal(actions["member_inviter"]["stytch.member"], []string{"create", "search"}) {
		t.Errorf("member_inviter has %v", actions["member_inviter"])
	}
	if got := w.get("/organizations/closed").at("organization", "trusted_metadata"); !same(t, fields{"support_access": "closed"}, got) {
		t.Errorf("closed says %v", got)
	}
}
