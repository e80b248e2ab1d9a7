package sandbox

import (
	"slices"
)

type certificate struct {
	CertificateID string  `json:"certificate_id"`
	Certificate   string  `json:"certificate"`
	Issuer        string  `json:"issuer"`
	CreatedAt     string  `json:"created_at"`
	ExpiresAt     *string `json:"expires_at"`
	UpdatedAt     string  `json:"updated_at"`
}

type encryptionKey struct {
	PrivateKeyID string `json:"private_key_id"`
	PrivateKey   string `json:"private_key"`
	CreatedAt    string `json:"created_at"`
}

type connectionRole struct {
	RoleID string `json:"role_id"`
}

type groupRole struct {
	RoleID string `json:"role_id"`
	Group  string `json:"group"`
}

type samlConnection struct {
	OrganizationID           string            `json:"organization_id"`
	ConnectionID             string            `json:"connection_id"`
	Status                   string            `json:"status"`
	DisplayName              string            `json:"display_name"`
	IdentityProvider         string            `json:"identity_provider"`
	IDPEntityID              string            `json:"idp_entity_id"`
	IDPSSOURL                string            `json:"idp_sso_url"`
	ACSURL                   string            `json:"acs_url"`
	AudienceURI              string            `json:"audience_uri"`
	AlternativeAudienceURI   string            `json:"alternative_audience_uri"`
	AlternativeACSURL        string            `json:"alternative_acs_url"`
	NameIDFormat             string            `json:"nameid_format"`
	IDPInitiatedAuthDisabled bool              `json:"idp_initiated_auth_disabled"`
	AllowGatewayCallback     bool              `json:"allow_gateway_callback"`
	AttributeMapping         map[string]string `json:"attribute_mapping"`
	SigningCertificates      []certificate     `json:"signing_certificates"`
	VerificationCertificates []certificate     `json:"verification_certificates"`
	EncryptionPrivateKeys    []encryptionKey   `json:"encryption_private_keys"`
	ConnectionRoles          []connectionRole  `json:"saml_connection_implicit_role_assignments"`
	GroupRoles               []groupRole       `json:"saml_group_implicit_role_assignments"`
}

type oidcConnection struct {
	OrganizationID   string            `json:"organization_id"`
	ConnectionID     string            `json:"connection_id"`
	Status           string            `json:"status"`
	DisplayName      string            `json:"display_name"`
	IdentityProvider string            `json:"identity_provider"`
	RedirectURL      string            `json:"redirect_url"`
	ClientID         string            `json:"client_id"`
	ClientSecret     string            `json:"client_secret"`
	Issuer           string            `json:"issuer"`
	AuthorizationURL string            `json:"authorization_url"`
	TokenURL         string            `json:"token_url"`
	UserinfoURL      string            `json:"userinfo_url"`
	JWKSURL          string            `json:"jwks_url"`
	CustomScopes     string            `json:"custom_scopes"`
	AttributeMapping map[string]string `json:"attribute_mapping"`
}

type externalConnection struct {
	OrganizationID         string           `json:"organization_id"`
	ConnectionID           string           `json:"connection_id"`
	ExternalOrganizationID string           `json:"external_organization_id"`
	ExternalConnectionID   string           `json:"external_connection_id"`
	DisplayName            string           `json:"display_name"`
	Status                 string           `json:"status"`
	ConnectionRoles        []connectionRole `json:"external_connection_implicit_role_assignments"`
	GroupRoles             []groupRole      `json:"external_group_implicit_role_assignments"`
}

type ssoAnswer struct {
	envelope
	SAML     []samlConnection     `json:"saml_connections"`
	OIDC     []oidcConnection     `json:"oidc_connections"`
	External []externalConnection `json:"external_connections"`
}

// ssoGet lists every connection, pending ones too.
func (c *call) ssoGet() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.sso", "get")
	if err != nil {
		return nil, err
	}
	return ssoAnswer{c.ok(), t.saml, t.oidc, t.external}, nil
}

// connectionIDs are the ids of all connections, whatever their kind and status.
func (t *tenant) connectionIDs() []string {
	var ids []string
	for i := range t.saml {
		ids = append(ids, t.saml[i].ConnectionID)
	}
	for i := range t.oidc {
		ids = append(ids, t.oidc[i].ConnectionID)
	}
	for i := range t.external {
		ids = append(ids, t.external[i].ConnectionID)
	}
	return slices.Clip(ids)
}

// addSAML adds a connection and, when it is active, shows it on the organization; the first active one is the default.
func (t *tenant) addSAML(connection samlConnection) {
	connection.OrganizationID = t.OrganizationID
	t.saml = append(t.saml, connection)
	t.showConnection(connection.Status, connection.ConnectionID, connection.DisplayName, connection.IdentityProvider)
}

func (t *tenant) addOIDC(connection oidcConnection) {
	connection.OrganizationID = t.OrganizationID
	t.oidc = append(t.oidc, connection)
	t.showConnection(connection.Status, connection.ConnectionID, connection.DisplayName, connection.IdentityProvider)
}

func (t *tenant) addExternal(connection externalConnection) {
	connection.OrganizationID = t.OrganizationID
	t.external = append(t.external, connection)
	t.showConnection(connection.Status, connection.ConnectionID, connection.DisplayName, "")
}

func (t *tenant) showConnection(status, id, name, provider string) {
	if status != statusActive {
		return
	}
	t.SSOActiveConnections = append(t.SSOActiveConnections, activeSSOConnection{id, name, provider})
	if t.SSODefaultConnectionID == nil {
		t.SSODefaultConnectionID = &id
	}
}
