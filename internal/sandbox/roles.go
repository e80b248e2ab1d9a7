package sandbox

import (
	"slices"
	"strings"
)

// Where a role comes from (rule role-sources).
const (
	directSource    = "direct_assignment"
	ssoSource       = "sso_connection"
	ssoGroupSource  = "sso_connection_group"
	scimGroupSource = "scim_connection_group"
)

// follow gives a member what the settings of the organization give, and takes away what they do not give any more. Roles that were
// given directly stay.
func (m *member) follow() {
	before := m.Roles
	m.Roles, m.IsAdmin = nil, false
	for _, role := range before {
		if slices.ContainsFunc(role.Sources, roleSource.direct) {
			m.assign(role.RoleID, directSource, nil)
		}
	}
	m.assignByDomain(m.tenant)
	m.assignByConnections()
	m.assignByDirectory()
	m.encoded = nil
}

// follow is the same for everybody, deleted members too: they may come back.
func (t *tenant) follow() {
	for _, m := range t.members {
		m.follow()
	}
}

// assignByConnections gives the roles of the connections that the member has signed in through, and of the groups they told of.
func (m *member) assignByConnections() {
	for i := range m.SSORegistrations {
		registration := &m.SSORegistrations[i]
		roles, groups, attribute := m.tenant.connectionRoles(registration.ConnectionID)
		for _, one := range roles {
			m.assign(one.RoleID, ssoSource, map[string]string{"connection_id": registration.ConnectionID})
		}
		for _, one := range groups {
			if slices.Contains(registration.SSOAttributes[attribute], one.Group) {
				m.assign(one.RoleID, ssoGroupSource, map[string]string{"connection_id": registration.ConnectionID, "group": one.Group})
			}
		}
	}
}

// connectionRoles are the assignments of a connection, and the attribute in which its identity provider names groups. OIDC has none.
func (t *tenant) connectionRoles(id string) (roles []connectionRole, groups []groupRole, attribute string) {
	for i := range t.saml {
		if one := &t.saml[i]; one.ConnectionID == id {
			return one.ConnectionRoles, one.GroupRoles, one.AttributeMapping["groups"]
		}
	}
	for i := range t.external {
		if one := &t.external[i]; one.ConnectionID == id {
			return one.ConnectionRoles, one.GroupRoles, externalGroups
		}
	}
	return nil, nil, ""
}

// assignByDirectory gives the roles of the groups that the directory has put the member into.
func (m *member) assignByDirectory() {
	connection, registration := m.tenant.scim, m.SCIMRegistration
	if connection == nil || registration == nil || registration.ConnectionID != connection.ConnectionID {
		return
	}
	for _, one := range connection.GroupRoles {
		in := slices.ContainsFunc(registration.SCIMAttributes.Groups, func(g scimGroup) bool { return g.Value == one.GroupID })
		if in {
			m.assign(one.RoleID, scimGroupSource, map[string]string{"connection_id": connection.ConnectionID, "group_id": one.GroupID})
		}
	}
}

// forgetRole takes a role that is no more away from everybody, and out of whatever gives roles.
func (t *tenant) forgetRole(gone func(role string) bool) {
	t.RBACEmailImplicitRoleAssignments = slices.DeleteFunc(slices.Clone(t.RBACEmailImplicitRoleAssignments), func(one emailRole) bool { return gone(one.RoleID) })
	for i := range t.saml {
		forgetRoles(&t.saml[i].ConnectionRoles, &t.saml[i].GroupRoles, gone)
	}
	for i := range t.external {
		forgetRoles(&t.external[i].ConnectionRoles, &t.external[i].GroupRoles, gone)
	}
	if t.scim != nil {
		t.scim.GroupRoles = slices.DeleteFunc(slices.Clone(t.scim.GroupRoles), func(one scimGroupRole) bool { return gone(one.RoleID) })
	}
	for _, m := range t.members {
		m.Roles = slices.DeleteFunc(m.Roles, func(role memberRole) bool { return gone(role.RoleID) })
	}
	t.follow()
}

func forgetRoles(roles *[]connectionRole, groups *[]groupRole, gone func(role string) bool) {
	*roles = slices.DeleteFunc(slices.Clone(*roles), func(one connectionRole) bool { return gone(one.RoleID) })
	*groups = slices.DeleteFunc(slices.Clone(*groups), func(one groupRole) bool { return gone(one.RoleID) })
}

// bySSO tells whether a role comes from a connection, and so counts only in sessions that came through it.
func (r roleSource) bySSO() bool { return strings.HasPrefix(r.Type, ssoSource) }
