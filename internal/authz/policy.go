package authz

import (
	"slices"
	"strings"
)

// Policy is what roles may do (rule policy-evaluation).
type Policy struct{ Roles []Role }

// Role is a role and its permissions.
type Role struct {
	ID          string
	Permissions []Permission
}

// Permission is a set of actions on a resource; "*" stands for all of them.
type Permission struct {
	Resource string
	Actions  []string
}

func (r Role) may(resource, action string) bool {
	for _, p := range r.Permissions {
		if p.Resource == resource && (slices.Contains(p.Actions, action) || slices.Contains(p.Actions, "*")) {
			return true
		}
	}
	return false
}

// May says whether any of the roles carries the action. Roles are additive and nothing is a pattern but "*" alone.
func (p Policy) May(roles []string, resource, action string) bool {
	for _, r := range p.Roles {
		if slices.Contains(roles, r.ID) && r.may(resource, action) {
			return true
		}
	}
	return false
}

// RolesWith returns the ids of the roles that carry the action.
func (p Policy) RolesWith(resource, action string) []string {
	var ids []string
	for _, r := range p.Roles {
		if r.may(resource, action) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Knows says whether all these roles are the project's. An organization may have some of its own, of which the policy tells nothing.
func (p Policy) Knows(roles []string) bool {
	for _, id := range roles {
		if !slices.ContainsFunc(p.Roles, func(r Role) bool { return r.ID == id }) {
			return false
		}
	}
	return true
}

// Mixed returns the roles that carry permissions of the console and of a tenant alike. Whoever may hand such a role out
// in their own tenant hands out a part of the console with it. stytch_admin is left out: the upstream makes it.
func (p Policy) Mixed() []string {
	var ids []string
	for _, r := range p.Roles {
		console, tenant := false, false
		for _, permission := range r.Permissions {
			console = console || strings.HasPrefix(permission.Resource, "console-")
			tenant = tenant || strings.HasPrefix(permission.Resource, "stytch.")
		}
		if console && tenant && r.ID != "stytch_admin" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
