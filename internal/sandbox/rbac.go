package sandbox

import (
	"slices"
)

// grants tells whether a list of permissions has exactly this resource with this action or "*". There is no deny and no prefix.
func grants(permissions []policyPermission, resource, action string) bool {
	for _, permission := range permissions {
		if permission.ResourceID != resource {
			continue
		}
		if slices.Contains(permission.Actions, action) || slices.Contains(permission.Actions, "*") {
			return true
		}
	}
	return false
}

// granting lists the roles of a session that grant an action: the project's and the organization's own.
func (c *call) granting(s *session, resource, action string) []string {
	for _, fault := range c.deny {
		if (fault.Resource == "" || fault.Resource == resource) && (fault.Action == "" || fault.Action == action) {
			c.log.Fault = FaultDeny
			return nil
		}
	}
	var granting []string
	for _, role := range s.roles() {
		if grants(c.store.policy.permissions(role), resource, action) || grants(customPermissions(s.member.tenant, role), resource, action) {
			granting = append(granting, role)
		}
	}
	return granting
}

func (p *policy) permissions(role string) []policyPermission {
	for i := range p.Roles {
		if p.Roles[i].RoleID == role {
			return p.Roles[i].Permissions
		}
	}
	return nil
}

func customPermissions(t *tenant, role string) []policyPermission {
	for i := range t.CustomRoles {
		if t.CustomRoles[i].RoleID == role {
			return t.CustomRoles[i].Permissions
		}
	}
	return nil
}

// knows tells whether a role is one of the project or of an organization, which may be nil.
func (c *call) knows(t *tenant, role string) bool {
	return c.store.policy.permissions(role) != nil || t != nil && customPermissions(t, role) != nil
}

func errNoRole() error { return badRequest("invalid_rbac_role_id", "There is no such role.") }

// acting gives the session of the member-session headers, or nil when there is none and the secret alone decides.
func (c *call) acting() (*session, error) {
	tokens := c.request.Header.Values("X-Stytch-Member-Session")
	jwts := c.request.Header.Values("X-Stytch-Member-SessionJWT")
	var (
		found *session
		err   error
	)
	switch {
	case len(tokens)+len(jwts) == 0:
		return nil, nil //nolint:nilnil // no header is not an error, and there is no session then
	case len(tokens)+len(jwts) > 1:
		return nil, badRequest("too_many_session_arguments", "Only one of the member-session headers may be sent.")
	case len(tokens) == 1:
		// A header that is there and empty must not fall back to the all-powerful secret.
		found, err = c.sessionByToken(tokens[0])
	default:
		found, err = c.sessionByJWT(jwts[0])
	}
	c.log.SessionKind = "header"
	if err != nil {
		return nil, err
	}
	c.logSession(found)
	return found, nil
}

// open finds the organization of an operation that reads the headers. With a header the session must be of that organization and
// one of its roles must grant the action; an empty resource asks for the organization only.
func (c *call) open(ref, resource, action string) (*tenant, error) {
	t, err := c.resolve(ref)
	if refusal := asRefusal(err); refusal != nil && refusal.status == 400 {
		return nil, err
	}
	acting, headerErr := c.acting()
	if headerErr != nil {
		return nil, headerErr
	}
	if acting == nil {
		return t, err
	}
	if t == nil || t != acting.member.tenant {
		// An organization that does not exist is refused like another one: a member session learns nothing of either.
		return nil, errOtherTenant()
	}
	if resource != "" && len(c.granting(acting, resource, action)) == 0 {
		return nil, errNotAuthorized()
	}
	return t, nil
}
