package sandbox

import "slices"

// externalGroups is the attribute in which an external connection is told of groups.
const externalGroups = "groups"

type externalCreateRequest struct {
	ExternalOrganizationID string            `json:"external_organization_id"`
	ExternalConnectionID   string            `json:"external_connection_id"`
	DisplayName            *string           `json:"display_name"`
	ConnectionRoles        *[]connectionRole `json:"connection_implicit_role_assignments"`
	GroupRoles             *[]groupRole      `json:"group_implicit_role_assignments"`
}

// assigns tells whether roles are given, and not only taken away.
func (in *externalCreateRequest) assigns() bool {
	return in.ConnectionRoles != nil && len(*in.ConnectionRoles) > 0 || in.GroupRoles != nil && len(*in.GroupRoles) > 0
}

// underlying finds the connection of another organization that an external one leads to; nil without one.
func (s *store) underlying(organization, connection string) (saml *samlConnection, oidc *oidcConnection) {
	t := s.organization(organization)
	if t == nil {
		return nil, nil
	}
	for i := range t.saml {
		if t.saml[i].ConnectionID == connection {
			return &t.saml[i], nil
		}
	}
	for i := range t.oidc {
		if t.oidc[i].ConnectionID == connection {
			return nil, &t.oidc[i]
		}
	}
	return nil, nil
}

// externalCreate leads to an active connection of another organization. It is active at once.
func (c *call) externalCreate() (any, error) {
	in, err := decode[externalCreateRequest](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "stytch.sso", "create")
	if err != nil {
		return nil, err
	}
	if err := c.mayUpdateConnection("", false, in.ConnectionRoles != nil || in.GroupRoles != nil); err != nil {
		return nil, err
	}
	if err := checkConnection(in.DisplayName, nil, nil, ""); err != nil {
		return nil, err
	}
	oidc, err := c.checkUnderlying(t, &in)
	if err != nil {
		return nil, err
	}
	if oidc && in.assigns() {
		return nil, errNoRolesByOIDC()
	}
	if err := c.checkRolesOf(t, in.ConnectionRoles, in.GroupRoles); err != nil {
		return nil, err
	}
	made := externalConnection{
		ConnectionID: newID("external-connection"), Status: statusActive,
		ExternalOrganizationID: c.store.organization(in.ExternalOrganizationID).OrganizationID, ExternalConnectionID: in.ExternalConnectionID,
	}
	set(&made.DisplayName, in.DisplayName)
	set(&made.ConnectionRoles, in.ConnectionRoles)
	set(&made.GroupRoles, in.GroupRoles)
	t.addExternal(made)
	t.changed(c.time)
	return ssoAnswerOf[externalConnection]{c.ok(), &t.external[len(t.external)-1]}, nil
}

func errNoRolesByOIDC() error {
	return badRequest("invalid_rbac_role_assignment", "An OIDC connection gives no roles.")
}

// checkUnderlying accepts an active connection of another organization that is not led to yet.
func (c *call) checkUnderlying(t *tenant, in *externalCreateRequest) (isOIDC bool, err error) {
	other := c.store.organization(in.ExternalOrganizationID)
	if other == nil {
		return false, errOrganizationNotFound()
	}
	if other == t {
		return false, badRequest("external_organization_id_same_as_organization_id", "The connection must be of another organization.")
	}
	saml, oidc := c.store.underlying(in.ExternalOrganizationID, in.ExternalConnectionID)
	if saml == nil && oidc == nil {
		return false, notFound("external_connection_id_not_found", "The other organization has no such connection.")
	}
	if saml != nil && saml.Status != statusActive || oidc != nil && oidc.Status != statusActive {
		return false, badRequest("external_connection_not_active", "The connection of the other organization is not active.")
	}
	if slices.ContainsFunc(t.external, func(one externalConnection) bool { return one.ExternalConnectionID == in.ExternalConnectionID }) {
		return false, badRequest("duplicate_external_sso_connection", "The organization leads to this connection already.")
	}
	return oidc != nil, nil
}

// externalUpdate changes what the request names (rule implicit-roles-action).
func (c *call) externalUpdate() (any, error) {
	sent, err := decode[struct {
		DisplayName     *string           `json:"display_name"`
		ConnectionRoles *[]connectionRole `json:"external_connection_implicit_role_assignments"`
		GroupRoles      *[]groupRole      `json:"external_group_implicit_role_assignments"`
	}](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	in := externalCreateRequest{DisplayName: sent.DisplayName, ConnectionRoles: sent.ConnectionRoles, GroupRoles: sent.GroupRoles}
	if err := c.mayUpdateConnection("stytch.sso", true, in.ConnectionRoles != nil || in.GroupRoles != nil); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(t.external, func(one externalConnection) bool { return one.ConnectionID == c.params["connection_id"] })
	if at < 0 {
		return nil, errNoConnection()
	}
	connection := &t.external[at]
	if err := checkConnection(in.DisplayName, nil, nil, ""); err != nil {
		return nil, err
	}
	if _, oidc := c.store.underlying(connection.ExternalOrganizationID, connection.ExternalConnectionID); oidc != nil && in.assigns() {
		return nil, errNoRolesByOIDC()
	}
	if err := c.checkRolesOf(t, in.ConnectionRoles, in.GroupRoles); err != nil {
		return nil, err
	}
	set(&connection.DisplayName, in.DisplayName)
	set(&connection.ConnectionRoles, in.ConnectionRoles)
	set(&connection.GroupRoles, in.GroupRoles)
	t.follow()
	c.showConnections(t)
	return ssoAnswerOf[externalConnection]{c.ok(), connection}, nil
}
