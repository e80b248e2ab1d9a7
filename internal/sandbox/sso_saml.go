package sandbox

import (
	"slices"
	"strings"
)

const defaultNameID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"

// samlChanges is what an update of a SAML connection may send.
type samlChanges struct {
	IDPEntityID              *string           `json:"idp_entity_id"`
	DisplayName              *string           `json:"display_name"`
	AttributeMapping         map[string]any    `json:"attribute_mapping"`
	Certificate              *string           `json:"x509_certificate"`
	IDPSSOURL                *string           `json:"idp_sso_url"`
	ConnectionRoles          *[]connectionRole `json:"saml_connection_implicit_role_assignments"`
	GroupRoles               *[]groupRole      `json:"saml_group_implicit_role_assignments"`
	AlternativeAudienceURI   *string           `json:"alternative_audience_uri"`
	IdentityProvider         *string           `json:"identity_provider"`
	SigningPrivateKey        *string           `json:"signing_private_key"`
	NameIDFormat             *string           `json:"nameid_format"`
	AlternativeACSURL        *string           `json:"alternative_acs_url"`
	IDPInitiatedAuthDisabled *bool             `json:"idp_initiated_auth_disabled"`
	EncryptionPrivateKey     *string           `json:"saml_encryption_private_key"`
	AllowGatewayCallback     *bool             `json:"allow_gateway_callback"`
}

// samlOf finds the connection of the path; nil when the organization has none.
func (c *call) samlOf(t *tenant) *samlConnection {
	at := slices.IndexFunc(t.saml, func(one samlConnection) bool { return one.ConnectionID == c.params["connection_id"] })
	if at < 0 {
		return nil
	}
	return &t.saml[at]
}

func errNoSAML() error {
	return notFound("saml_connection_not_found", "The organization has no such SAML connection.")
}

// samlUpdate changes what the request names, all of it or nothing. Roles need a permission on the organization as well (rule
// implicit-roles-action).
func (c *call) samlUpdate() (any, error) {
	in, err := decode[samlChanges](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	if err := c.mayUpdateConnection("stytch.sso", true, in.ConnectionRoles != nil || in.GroupRoles != nil); err != nil {
		return nil, err
	}
	connection := c.samlOf(t)
	if connection == nil {
		return nil, errNoSAML()
	}
	next := *connection
	if err := c.applySAML(t, &in, &next); err != nil {
		return nil, err
	}
	return c.keepSAML(t, connection, next), nil
}

// keepSAML makes a connection what it is to be, and active once nothing is missing.
func (c *call) keepSAML(t *tenant, connection *samlConnection, next samlConnection) any {
	if next.Status == statusPending && next.complete() {
		next.Status = statusActive
	}
	*connection = next
	t.follow()
	c.showConnections(t)
	return ssoAnswerOf[samlConnection]{c.ok(), connection}
}

// complete tells whether a connection has what it needs to be active (rule sso-connection-status).
func (s *samlConnection) complete() bool {
	return s.IDPEntityID != "" && s.IDPSSOURL != "" && len(s.VerificationCertificates) > 0 && len(s.AttributeMapping) > 0
}

// applySAML checks what was sent and puts it into a connection.
func (c *call) applySAML(t *tenant, in *samlChanges, next *samlConnection) error {
	if err := checkConnection(in.DisplayName, in.IdentityProvider, ssoProviders, "invalid_sso_idp"); err != nil {
		return err
	}
	if err := c.checkSAMLAddresses(in, next.Status == statusActive); err != nil {
		return err
	}
	if in.AttributeMapping != nil {
		mapping, err := samlMapping(in.AttributeMapping)
		if err != nil {
			return err
		}
		next.AttributeMapping = mapping
	}
	if err := c.checkRolesOf(t, in.ConnectionRoles, in.GroupRoles); err != nil {
		return err
	}
	set(&next.ConnectionRoles, in.ConnectionRoles)
	set(&next.GroupRoles, in.GroupRoles)
	if len(next.GroupRoles) > 0 && next.AttributeMapping["groups"] == "" {
		return badRequest("saml_connection_attribute_mapping_missing_groups_key", "Roles of groups need the key groups in attribute_mapping.")
	}
	set(&next.DisplayName, in.DisplayName)
	set(&next.IdentityProvider, in.IdentityProvider)
	set(&next.IDPEntityID, in.IDPEntityID)
	set(&next.IDPSSOURL, in.IDPSSOURL)
	set(&next.AlternativeAudienceURI, in.AlternativeAudienceURI)
	set(&next.AlternativeACSURL, in.AlternativeACSURL)
	set(&next.NameIDFormat, in.NameIDFormat)
	set(&next.IDPInitiatedAuthDisabled, in.IDPInitiatedAuthDisabled)
	set(&next.AllowGatewayCallback, in.AllowGatewayCallback)
	return c.applyKeys(in, next)
}

// applyKeys adds certificates and keys to those that the connection has.
func (c *call) applyKeys(in *samlChanges, next *samlConnection) error {
	if in.Certificate != nil {
		held, err := withCertificate(next.VerificationCertificates, *in.Certificate, c.time)
		if err != nil {
			return err
		}
		next.VerificationCertificates = held
	}
	if in.SigningPrivateKey != nil {
		key, err := parsePrivateKey(*in.SigningPrivateKey)
		if err != nil {
			return err
		}
		made, err := signingCertificate(newID("saml-signing-key"), key, c.time)
		if err != nil {
			return err
		}
		next.SigningCertificates = []certificate{made}
	}
	if in.EncryptionPrivateKey != nil {
		if _, err := parsePrivateKey(*in.EncryptionPrivateKey); err != nil {
			return err
		}
		if len(next.EncryptionPrivateKeys) >= maxEncryptionKeys {
			return badRequest("too_many_encryption_certificates", "The connection has five encryption keys already.")
		}
		// The key itself is never shown again.
		next.EncryptionPrivateKeys = append(slices.Clone(next.EncryptionPrivateKeys), encryptionKey{newID("saml-encryption-key"), "", stamp(c.time)})
	}
	return nil
}

// checkSAMLAddresses looks at where people are sent. An active connection keeps having what it needs.
func (c *call) checkSAMLAddresses(in *samlChanges, active bool) error {
	if id := in.IDPEntityID; id != nil && (len(*id) > maxAddress || strings.ContainsAny(*id, " \t\r\n") || *id == "" && active) {
		return badRequest("invalid_idp_entity_id", "idp_entity_id is not valid.")
	}
	if address := in.IDPSSOURL; address != nil && (*address != "" || active) {
		valid, encrypted := webAddress(*address)
		switch {
		case *address == "":
			return badRequest("saml_connection_idp_sso_url_required", "An active connection needs idp_sso_url.")
		case !valid:
			return badRequest("saml_connection_idp_sso_url_invalid_format", "idp_sso_url is not a URL.")
		case !encrypted && !c.standIn(*address):
			return badRequest("saml_connection_idp_sso_url_not_https", "idp_sso_url must begin with https.")
		}
	}
	return nil
}

// samlMapping accepts names of attributes, without nesting, of which an address and a name can be had.
func samlMapping(given map[string]any) (map[string]string, error) {
	if len(given) == 0 {
		return nil, badRequest("saml_connection_attribute_mapping_required", "attribute_mapping is empty.")
	}
	mapping := map[string]string{}
	for key, value := range given {
		name, isText := value.(string)
		if !isText {
			return nil, badRequest("saml_connection_no_nested_keys_in_attribute_mapping", "attribute_mapping maps names to names, without nesting.")
		}
		mapping[key] = name
	}
	switch {
	case mapping["email"] == "":
		return nil, badRequest("saml_connection_email_mapping_required", "attribute_mapping needs email.")
	case mapping["full_name"] == "" && (mapping["first_name"] == "" || mapping["last_name"] == ""):
		return nil, badRequest("saml_connection_name_mapping_required", "attribute_mapping needs full_name, or first_name and last_name.")
	}
	return mapping, nil
}

// samlDeleteCertificate takes a verification certificate away, but not the last one of an active connection.
func (c *call) samlDeleteCertificate() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.sso", "update")
	if err != nil {
		return nil, err
	}
	connection := c.samlOf(t)
	if connection == nil {
		return nil, errNoSAML()
	}
	id := c.params["certificate_id"]
	this := func(one certificate) bool { return one.CertificateID == id }
	if !slices.ContainsFunc(connection.VerificationCertificates, this) {
		return nil, notFound("sso_verification_key_not_found", "The connection has no such certificate.")
	}
	if connection.Status == statusActive && len(connection.VerificationCertificates) == 1 {
		return nil, badRequest("cannot_delete_last_sso_verification_key", "An active connection needs a certificate.")
	}
	connection.VerificationCertificates = slices.DeleteFunc(slices.Clone(connection.VerificationCertificates), this)
	return struct {
		envelope
		CertificateID string `json:"certificate_id"`
	}{c.ok(), id}, nil
}

func (c *call) samlDeleteKey() (any, error) {
	t, err := c.open(c.params["organization_id"], "stytch.sso", "update")
	if err != nil {
		return nil, err
	}
	connection := c.samlOf(t)
	if connection == nil {
		return nil, errNoSAML()
	}
	id := c.params["private_key_id"]
	this := func(one encryptionKey) bool { return one.PrivateKeyID == id }
	if !slices.ContainsFunc(connection.EncryptionPrivateKeys, this) {
		return nil, notFound("sso_encryption_private_key_not_found", "The connection has no such key.")
	}
	connection.EncryptionPrivateKeys = slices.DeleteFunc(slices.Clone(connection.EncryptionPrivateKeys), this)
	return struct {
		envelope
		PrivateKeyID string `json:"private_key_id"`
	}{c.ok(), id}, nil
}
