package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of an organization's own roles; the numbers are assumed (rule organization-policy-bounds).
const (
	maxOwnRoles        = 100
	maxRoleID          = 128 // characters
	maxRoleDescription = 512 // characters
)

var roleShape = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

// organizationPolicy is an organization's own roles on the wire.
type organizationPolicy struct {
	Roles []policyRole `json:"roles"`
}

type organizationPolicyAnswer struct {
	envelope
	OrgPolicy organizationPolicy `json:"org_policy"`
}

func (c *call) organizationPolicyGet() (any, error) {
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	return organizationPolicyAnswer{c.ok(), organizationPolicy{t.CustomRoles}}, nil
}

// organizationPolicySet replaces all of an organization's own roles. It reads no member session. Roles that are gone are taken away
// from everybody (rule organization-policy).
func (c *call) organizationPolicySet() (any, error) {
	in, err := decode[struct {
		OrgPolicy *organizationPolicy `json:"org_policy"`
	}](c)
	if err != nil {
		return nil, err
	}
	if in.OrgPolicy == nil {
		return nil, badRequest("bad_request", "org_policy is missing.")
	}
	t, err := c.resolve(c.params["organization_id"])
	if err != nil {
		return nil, err
	}
	roles := in.OrgPolicy.Roles
	if len(roles) > maxOwnRoles {
		return nil, badRequest("too_many_roles", "An organization has too many roles.")
	}
	for i := range roles {
		same := func(other policyRole) bool { return other.RoleID == roles[i].RoleID }
		if slices.ContainsFunc(roles[:i], same) || slices.ContainsFunc(c.store.policy.Roles, same) {
			return nil, badRequest("rbac_role_duplicate", "There is a role with this id already.")
		}
		if err := c.store.policy.checkOwnRole(&roles[i]); err != nil {
			return nil, err
		}
	}
	before := t.CustomRoles
	t.CustomRoles = roles
	t.forgetRole(func(role string) bool {
		is := func(one policyRole) bool { return one.RoleID == role }
		return slices.ContainsFunc(before, is) && !slices.ContainsFunc(roles, is)
	})
	t.changed(c.time)
	return organizationPolicyAnswer{c.ok(), organizationPolicy{t.CustomRoles}}, nil
}

// checkOwnRole accepts a role of permissions on the project's resources.
func (p *policy) checkOwnRole(role *policyRole) error {
	switch {
	case role.RoleID == "":
		return badRequest("empty_rbac_role_id", "A role has no id.")
	case utf8.RuneCountInString(role.RoleID) > maxRoleID:
		return badRequest("rbac_role_id_too_long", "The id of a role is too long.")
	case !roleShape.MatchString(role.RoleID):
		return badRequest("invalid_rbac_role_id", "The id of a role has letters, digits and . _ : - only.")
	case strings.HasPrefix(role.RoleID, "stytch_"):
		return badRequest("invalid_rbac_stytch_role_edit", "Ids that begin with stytch_ are the upstream's own.")
	case utf8.RuneCountInString(role.Description) > maxRoleDescription:
		return badRequest("rbac_description_too_long", "The description of a role is too long.")
	case len(role.Permissions) == 0:
		return badRequest("rbac_role_missing_permissions", "A role has no permissions.")
	}
	for i := range role.Permissions {
		permission := &role.Permissions[i]
		if slices.ContainsFunc(role.Permissions[:i], func(other policyPermission) bool { return other.ResourceID == permission.ResourceID }) {
			return badRequest("rbac_resource_duplicate", "A role names a resource twice.")
		}
		if err := p.checkPermission(permission); err != nil {
			return err
		}
	}
	return nil
}

func (p *policy) checkPermission(permission *policyPermission) error {
	at := slices.IndexFunc(p.Resources, func(one policyResource) bool { return one.ResourceID == permission.ResourceID })
	switch {
	case permission.ResourceID == "":
		return badRequest("empty_rbac_resource_id", "A permission has no resource.")
	case at < 0:
		return badRequest("invalid_permission_resource", "There is no such resource.")
	case len(permission.Actions) == 0:
		return badRequest("rbac_permission_missing_actions", "A permission has no actions.")
	case len(permission.Actions) > 1 && slices.Contains(permission.Actions, "*"):
		return badRequest("cannot_specify_wildcard_with_other_actions", "* stands alone.")
	}
	for i, action := range permission.Actions {
		switch {
		case slices.Contains(permission.Actions[:i], action):
			return badRequest("rbac_action_duplicate", "A permission names an action twice.")
		case action != "*" && strings.Contains(action, "*"):
			return badRequest("invalid_wildcard_action", "* stands for all actions and for no part of one.")
		case action != "*" && !slices.Contains(p.Resources[at].Actions, action):
			return badRequest("invalid_permission_action", "The resource has no such action.")
		}
	}
	return nil
}
