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
