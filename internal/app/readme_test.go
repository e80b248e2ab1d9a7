package app_test

import (
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"console.internal/internal/authz"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// readmePolicy is the RBAC policy that the README tells operators to add.
type readmePolicy struct {
	Resources []readmeResource `json:"custom_resources"`
	Roles     []struct {
		ID          string `json:"role_id"`
		Description string `json:"description"`
		Permissions []struct {
			Resource string   `json:"resource_id"`
			Actions  []string `json:"actions"`
		} `json:"permissions"`
	} `json:"custom_roles"`
}

type readmeResource struct {
	ID          string   `json:"resource_id"`
	Description string   `json:"description"`
	Actions     []string `json:"actions"`
}

func readReadme(t *testing.T) readmePolicy {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("the README has no JSON")
	}
	var policy readmePolicy
	if err := json.Unmarshal(block[1], &policy, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	return policy
}

// Whoever follows the README must get a project where every page works for support_admin, and where no role mixes the
// permissions of the console with those of tenants.
func TestREADMEPolicy(t *testing.T) {
	t.Parallel()
	policy := readReadme(t)
	var hints authz.Policy
	for _, role := range policy.Roles {
		r := authz.Role{ID: role.ID}
		for _, p := range role.Permissions {
			r.Permissions = append(r.Permissions, authz.Permission(p))
			i := slices.IndexFunc(policy.Resources, func(r readmeResource) bool { return r.ID == p.Resource })
			if strings.HasPrefix(p.Resource, "stytch.") {
				continue
			}
			if i < 0 {
				t.Errorf("role %s: resource %s is not in the README", role.ID, p.Resource)
				continue
			}
			for _, action := range p.Actions {
				if action != "*" && !slices.Contains(policy.Resources[i].Actions, action) {
					t.Errorf("role %s: %s has no action %s", role.ID, p.Resource, action)
				}
			}
		}
		hints.Roles = append(hints.Roles, r)
	}
	if mixed := hints.Mixed(); len(mixed) > 0 {
		t.Errorf("roles %q mix the permissions of the console and of tenants", mixed)
	}
	// Every member of every project has this role, and the README leaves it as it is (rule own-member-self).
	hints.Roles = append(hints.Roles, authz.Role{ID: "stytch_member", Permissions: []authz.Permission{{Resource: "stytch.self", Actions: []string{"*"}}}})
	hints.Roles = append(hints.Roles, authz.Role{ID: "stytch_admin", Permissions: []authz.Permission{{Resource: "stytch.organization", Actions: []string{"*"}}}})
	for _, op := range stytch.Operations() {
		check := op.Row().Check
		if check.Resource == "" {
			continue
		}
		want := "tenant_support"
		switch {
		case check.Resource == "stytch.self":
			want = "stytch_member"
		case check.Action == "*":
			// Whoever helps a tenant sees what its members asked for by a permission of the console's, or not at all.
			want = "stytch_admin"
		case op == stytch.OrganizationDelete:
			// Whoever helps a tenant must not be able to end it.
			continue
		}
		if check.Staff {
			want = "support_admin"
			known := false
			for _, r := range policy.Resources {
				known = known || r.ID == check.Resource && slices.Contains(r.Actions, check.Action)
			}
			if !known {
				t.Errorf("%s asks for %s : %s, which the README does not add", op, check.Resource, check.Action)
			}
		}
		if !hints.May([]string{want}, check.Resource, check.Action) {
			t.Errorf("%s asks for %s : %s, which %s does not carry", op, check.Resource, check.Action, want)
		}
	}
}

// The sandbox's staff roles are those of the README: what works there works in a project set up by it.
func TestREADMEPolicyIsTheSandboxes(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client, err := stytch.New(stytch.Options{
		BaseURL: server.URL, ProjectID: s.ProjectID(), Secret: stytch.Secret(s.Secret()), Timeout: 10 * time.Second, MaxAnswer: 1 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	seed, err := client.Policy(stytch.WithCaller(t.Context(), stytch.Caller{Allowed: []stytch.Operation{stytch.PolicyGet}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range readReadme(t).Roles {
		i := slices.IndexFunc(seed.Roles, func(r stytch.PolicyRole) bool { return r.ID == role.ID })
		if i < 0 {
			t.Errorf("the sandbox has no role %s", role.ID)
			continue
		}
		got, want := map[string][]string{}, map[string][]string{}
		for _, p := range seed.Roles[i].Permissions {
			got[p.Resource] = slices.Sorted(slices.Values(p.Actions))
		}
		for _, p := range role.Permissions {
			want[p.Resource] = slices.Sorted(slices.Values(p.Actions))
		}
		for resource := range want {
			if !slices.Equal(got[resource], want[resource]) {
				t.Errorf("%s on %s: the sandbox has %q, the README %q", role.ID, resource, got[resource], want[resource])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: the sandbox has %d resources, the README %d", role.ID, len(got), len(want))
		}
	}
}
