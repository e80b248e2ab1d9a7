package authz

import (
	"slices"
	"strings"
)

// Policy is what roles may do (rule policy-evaluation).
type Policy struct {
	Roles []Role
	// Scopes are what OAuth clients may ask for beside the standard ones (rule scope-grantable).
	Scopes []Scope
}

// Scope is a scope of the project, in its own words, and the permissions that it stands for.
type Scope struct {
	Name, Description string
	Permissions       []Permission
}

// Scope returns the scope of this name.
func (p Policy) Scope(name string) (Scope, bool) {
	at := slices.IndexFunc(p.Scopes, func(s Scope) bool { return s.Name == name })
	if at < 0 {
		return Scope{}, false
	}
	return p.Scopes[at], true
}

// Weight is how many actions a scope stands for: what weighs more is said first. All actions of a resource weigh more than any number of
// named ones.
func (s Scope) Weight() int {
	n := 0
	for _, p := range s.Permissions {
		if slices.Contains(p.Actions, "*") {
			n += allActions
		}
		n += len(p.Actions)
	}
	return n
}

const allActions = 1000

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
