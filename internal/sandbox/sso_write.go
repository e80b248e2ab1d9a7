package sandbox

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

var ssoProviders = []string{
	"classlink", "cyberark", "duo", "generic", "google-workspace", "jumpcloud", "keycloak", "miniorange", "microsoft-entra", "okta",
	"onelogin", "pingfederate", "rippling", "salesforce", "shibboleth",
}

// maxAddress bounds an address or an identifier of an identity provider, in bytes.
const maxAddress = 2048

type ssoAnswerOf[T any] struct {
	envelope
	Connection *T `json:"connection"`
}

// newConnectionRequest is what SAML and OIDC connections are made of.
type newConnectionRequest struct {
	DisplayName      *string `json:"display_name"`
	IdentityProvider *string `json:"identity_provider"`
}

// newConnection checks a new connection, and finds its organization.
func (c *call) newConnection() (t *tenant, name, provider string, err error) {
	in, err := decode[newConnectionRequest](c)
	if err != nil {
		return nil, "", "", err
	}
	t, err = c.open(c.params["organization_id"], "stytch.sso", "create")
	if err != nil {
		return nil, "", "", err
	}
	if err := checkConnection(in.DisplayName, in.IdentityProvider, ssoProviders, "invalid_sso_idp"); err != nil {
		return nil, "", "", err
	}
	provider = "generic"
	set(&name, in.DisplayName)
	set(&provider, in.IdentityProvider)
	return t, name, provider, nil
}

// callback is where identity providers send people back to.
func (s *Server) callback(id string) string { return s.base + callbackPrefix + id }

func (c *call) samlCreate() (any, error) {
	t, name, provider, err := c.newConnection()
	if err != nil {
		return nil, err
	}
	id := newID("saml-connection")
	t.addSAML(samlConnection{
		ConnectionID: id, Status: statusPending, DisplayName: name, IdentityProvider: provider,
		ACSURL: c.callback(id), AudienceURI: c.callback(id), NameIDFormat: defaultNameID,
		SigningCertificates: []certificate{standInCertificate(id+"/signing", signer, "saml-signing-key", c.time, c.time.Add(signingLife))},
	})
	t.changed(c.time)
	return ssoAnswerOf[samlConnection]{c.ok(), &t.saml[len(t.saml)-1]}, nil
}

func (c *call) oidcCreate() (any, error) {
	t, name, provider, err := c.newConnection()
	if err != nil {
		return nil, err
	}
	id := newID("oidc-connection")
	t.addOIDC(oidcConnection{
		ConnectionID: id, Status: statusPending, DisplayName: name, IdentityProvider: provider, RedirectURL: c.callback(id),
	})
	t.changed(c.time)
	return ssoAnswerOf[oidcConnection]{c.ok(), &t.oidc[len(t.oidc)-1]}, nil
}

// showConnections makes what the organization shows of its connections what they are. The first one that becomes active is the default
// (rule sso-default).
func (c *call) showConnections(t *tenant) {
	shown := t.SSOActiveConnections
	t.SSOActiveConnections = nil
	active := t.activeConnections()
	// In the order in which they became active.
	for _, was := range shown {
		at := slices.IndexFunc(active, func(one activeSSOConnection) bool { return one.ConnectionID == was.ConnectionID })
		if at >= 0 {
			t.SSOActiveConnections = append(t.SSOActiveConnections, active[at])
			active = slices.Delete(active, at, at+1)
		}
	}
	t.SSOActiveConnections = append(t.SSOActiveConnections, active...)
	if t.SSODefaultConnectionID == nil && len(t.SSOActiveConnections) > 0 {
		id := t.SSOActiveConnections[0].ConnectionID
		t.SSODefaultConnectionID = &id
	}
	t.changed(c.time)
}

func (t *tenant) activeConnections() []activeSSOConnection {
	var active []activeSSOConnection
	add := func(status, id, name, provider string) {
		if status == statusActive {
			active = append(active, activeSSOConnection{id, name, provider})
		}
	}
	for i := range t.saml {
		add(t.saml[i].Status, t.saml[i].ConnectionID, t.saml[i].DisplayName, t.saml[i].IdentityProvider)
	}
	for i := range t.oidc {
		add(t.oidc[i].Status, t.oidc[i].ConnectionID, t.oidc[i].DisplayName, t.oidc[i].IdentityProvider)
	}
	for i := range t.external {
		add(t.external[i].Status, t.external[i].ConnectionID, t.external[i].DisplayName, "")
	}
	return active
}

func errNoConnection() error {
	return notFound("sso_connection_not_found", "The organization has no such connection.")
}

// ssoDelete ends a connection of whatever kind, with what came of it: registrations, roles and the sessions that rest on it (rule
// sso-delete). The default one stays while others are active.
func (c *call) ssoDelete() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.sso", "delete")
	if err != nil {
		return nil, err
	}
	id := c.params["connection_id"]
	if !slices.Contains(t.connectionIDs(), id) {
		return nil, errNoConnection()
	}
	isDefault := t.SSODefaultConnectionID != nil && *t.SSODefaultConnectionID == id
	if isDefault && len(t.SSOActiveConnections) > 1 {
		return nil, badRequest("cannot_delete_default_sso_connection", "Make another active connection the default first.")
	}
	if isDefault {
		t.SSODefaultConnectionID = nil
	}
	t.saml = slices.DeleteFunc(t.saml, func(one samlConnection) bool { return one.ConnectionID == id })
	t.oidc = slices.DeleteFunc(t.oidc, func(one oidcConnection) bool { return one.ConnectionID == id })
	t.external = slices.DeleteFunc(t.external, func(one externalConnection) bool { return one.ConnectionID == id })
	t.SSOJITProvisioningAllowed = slices.DeleteFunc(slices.Clone(t.SSOJITProvisioningAllowed), func(one string) bool { return one == id })
	for _, m := range t.members {
		m.SSORegistrations = slices.DeleteFunc(slices.Clone(m.SSORegistrations), func(r ssoRegistration) bool { return r.ConnectionID == id })
		c.store.revokeConnections(m, []string{id})
	}
	maps.DeleteFunc(c.store.intermediates, func(_ string, one *intermediate) bool {
		return slices.ContainsFunc(one.factors, func(f factor) bool { return f.connection() == id })
	})
	maps.DeleteFunc(c.store.ssoFlows, func(_ string, flow *ssoFlow) bool { return flow.connection == id })
	maps.DeleteFunc(c.store.ssoTokens, func(_ string, token *ssoToken) bool { return token.connection == id })
	t.follow()
	c.showConnections(t)
	return struct {
		envelope
		ConnectionID string `json:"connection_id"`
	}{c.ok(), id}, nil
}

// checkRolesOf accepts roles that a connection may give, to everybody or to a group, and drops doubles.
func (c *call) checkRolesOf(t *tenant, roles *[]connectionRole, groups *[]groupRole) error {
	if roles != nil {
		for _, one := range *roles {
			if err := c.assignable(t, one.RoleID); err != nil {
				return err
			}
		}
		*roles = distinct(*roles)
	}
	if groups != nil {
		for _, one := range *groups {
			if strings.TrimSpace(one.Group) == "" {
				return badRequest("saml_group_role_assignment_does_not_contain_member_group", "An assignment has no group.")
			}
			if err := c.assignable(t, one.RoleID); err != nil {
				return err
			}
		}
		*groups = distinct(*groups)
	}
	return nil
}

func distinct[T comparable](all []T) []T {
	var once []T
	for _, one := range all {
		if !slices.Contains(once, one) {
			once = append(once, one)
		}
	}
	return once
}

// standIn tells whether an address is one of the sandbox's own identity provider, which has no https.
func (s *Server) standIn(address string) bool { return strings.HasPrefix(address, s.base+idpPrefix) }

// webAddress tells whether a text is an absolute http or https address, and whether it is encrypted.
func webAddress(text string) (valid, encrypted bool) {
	parsed, err := url.Parse(text)
	valid = err == nil && parsed.Host != "" && parsed.User == nil && len(text) <= maxAddress && (parsed.Scheme == "https" || parsed.Scheme == "http")
	return valid, valid && parsed.Scheme == "https"
}
