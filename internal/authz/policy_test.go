package authz

import (
	"slices"
	"testing"
)

// sample has roles that add up, roles that look alike, and one of each kind that Mixed looks for.
var sample = Policy{Roles: []Role{
	{ID: "reader", Permissions: []Permission{{"documents", []string{"read"}}}},
	{ID: "writer", Permissions: []Permission{{"documents", []string{"read", "write"}}, {"billing", []string{"read"}}}},
	{ID: "owner", Permissions: []Permission{{"documents", []string{"*"}}}},
	{ID: "pattern", Permissions: []Permission{{"doc*", []string{"update.*"}}, {"*", []string{"read"}}}},
	{ID: "empty"},
	{ID: "support_admin", Permissions: []Permission{{"console-organizations", []string{"*"}}}},
	{ID: "tenant_support", Permissions: []Permission{{"stytch.member", []string{"search"}}}},
	{ID: "both", Permissions: []Permission{{"stytch.member", []string{"search"}}, {"console-members", []string{"find"}}}},
	{ID: "stytch_admin", Permissions: []Permission{{"stytch.member", []string{"*"}}, {"console-members", []string{"*"}}}},
	{ID: "lookalike", Permissions: []Permission{{"stytchy", []string{"*"}}, {"console-members", []string{"get"}}}},
	{ID: "another", Permissions: []Permission{{"stytch.sso", []string{"*"}}, {"console", []string{"*"}}, {"my-console-x", []string{"*"}}}},
}}

func TestMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		roles            []string
		resource, action string
		want             bool
	}{
		{[]string{"reader"}, "documents", "read", true},
		{[]string{"reader"}, "documents", "write", false},
		{[]string{"reader"}, "billing", "read", false},
		{[]string{"reader", "writer"}, "documents", "write", true},
		{[]string{"empty", "nobody", "writer"}, "billing", "read", true},
		{[]string{"owner"}, "documents", "anything", true},
		{[]string{"owner"}, "documents", "", true},
		{[]string{"owner"}, "billing", "read", false},
		{[]string{"pattern"}, "documents", "update.name", false},
		{[]string{"pattern"}, "doc*", "update.name", false},
		{[]string{"pattern"}, "doc*", "update.*", true},
		{[]string{"pattern"}, "documents", "read", false},
		{[]string{"Reader"}, "documents", "read", false},
		{[]string{"reader"}, "Documents", "read", false},
		{[]string{"reader"}, "documents", "rea", false},
		{[]string{""}, "documents", "read", false},
		{nil, "documents", "read", false},
	} {
		if got := sample.May(c.roles, c.resource, c.action); got != c.want {
			t.Errorf("%q, %s %s: %t", c.roles, c.resource, c.action, got)
		}
	}
	if (Policy{}).May([]string{"reader"}, "documents", "read") {
		t.Error("without a policy something is expected")
	}
}

func TestRolesWith(t *testing.T) {
	t.Parallel()
	for permission, want := range map[[2]string][]string{
		{"documents", "read"}:              {"reader", "writer", "owner"},
		{"documents", "write"}:             {"writer", "owner"},
		{"console-organizations", "enter"}: {"support_admin"},
		{"stytch.member", "search"}:        {"tenant_support", "both", "stytch_admin"},
		{"nothing", "read"}:                nil,
	} {
		if got := sample.RolesWith(permission[0], permission[1]); !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", permission, got, want)
		}
	}
}

func TestMixed(t *testing.T) {
	t.Parallel()
	if got := sample.Mixed(); !slices.Equal(got, []string{"both"}) {
		t.Errorf("%q mix the permissions of the console and of tenants", got)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	p := Policy{Scopes: []Scope{
		{Name: "read:documents", Description: "Read your documents", Permissions: []Permission{{"documents", []string{"read"}}}},
		{Name: "nothing"},
		{Name: "read:documents", Description: "A second one"},
	}}
	for name, want := range map[string]struct {
		description string
		known       bool
	}{
		"read:documents": {"Read your documents", true}, "nothing": {"", true}, "Read:documents": {}, "read:document": {}, "openid": {}, "": {}, "read:documents\x00": {},
	} {
		got, known := p.Scope(name)
		if known != want.known || got.Description != want.description || known && got.Name != name {
			t.Errorf("%q is %+v, %t", name, got, known)
		}
	}
	if got, known := (Policy{}).Scope("read:documents"); known || got.Name != "" {
		t.Errorf("without a policy there is %+v", got)
	}
}

// What weighs more stands above what weighs less.
func TestScopesWeigh(t *testing.T) {
	t.Parallel()
	many := make([]string, 50)
	heavier := []Scope{
		{Permissions: []Permission{{"documents", []string{"*"}}, {"billing", []string{"*"}}}},
		{Permissions: []Permission{{"documents", []string{"*"}}, {"billing", []string{"read"}}}},
		{Permissions: []Permission{{"documents", []string{"*"}}}},
		{Permissions: []Permission{{"documents", many}, {"billing", []string{"read"}}}},
		{Permissions: []Permission{{"documents", many}}},
		{Permissions: []Permission{{"documents", []string{"read"}}, {"billing", []string{"read"}}, {"archive", []string{"read"}}}},
		{Permissions: []Permission{{"documents", []string{"read", "write"}}}},
		{Permissions: []Permission{{"documents", []string{"read"}}}},
		{},
	}
	for i := 1; i < len(heavier); i++ {
		if heavier[i-1].Weight() <= heavier[i].Weight() {
			t.Errorf("%d weighs %d and %d weighs %d", i-1, heavier[i-1].Weight(), i, heavier[i].Weight())
		}
	}
	if (Scope{Permissions: []Permission{{"documents", nil}}}).Weight() != 0 {
		t.Error("no action weighs something")
	}
	same := Scope{Permissions: []Permission{{"documents", []string{"read"}}, {"billing", []string{"read"}}}}
	if same.Weight() != heavier[6].Weight() {
		t.Error("two actions of two resources weigh another than two of one")
	}
}
