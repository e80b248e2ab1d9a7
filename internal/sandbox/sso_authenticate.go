package sandbox

import (
	"slices"
	"strings"
)

// assertion is what an identity provider said in a sign-in, for the member that it turns out to be.
type assertion struct {
	connection string
	external   string
	attributes map[string][]string
}

// connectionRegistration is what ties a member to a connection; nil when nothing does.
func (m *member) connectionRegistration(id string) *ssoRegistration {
	for i := range m.SSORegistrations {
		if m.SSORegistrations[i].ConnectionID == id {
			return &m.SSORegistrations[i]
		}
	}
	return nil
}

func registrationID(connection, member string) string {
	kind, _, _ := strings.Cut(connection, "-")
	return seedID(kind+"-member-registration", connection+member)
}

// memberByConnection finds who is tied to a connection by an address, else who has the address; nil when there is nobody.
func (s *store) memberByConnection(t *tenant, connection, email string) *member {
	for _, m := range t.live {
		if registration := m.connectionRegistration(connection); registration != nil && strings.EqualFold(registration.ExternalID, email) {
			return m
		}
	}
	return s.memberByEmail(t, email)
}

// tie keeps what the identity provider said, and gives the roles that come of it.
func (m *member) tie(said *assertion) {
	if held := m.connectionRegistration(said.connection); held != nil {
		held.SSOAttributes = said.attributes
	} else {
		m.SSORegistrations = append(m.SSORegistrations, ssoRegistration{
			ConnectionID: said.connection, ExternalID: said.external,
			RegistrationID: registrationID(said.connection, m.MemberID), SSOAttributes: said.attributes,
		})
	}
	m.follow()
}

// factor is a sign-in through the connection.
func (v *via) factor(c *call, m *member, person SSOPerson) factor {
	delivery := "sso_saml"
	if v.oidc {
		delivery = "sso_oidc"
	}
	f := newFactor("sso", delivery, c.time)
	detail := &ssoDetail{ID: registrationID(v.id, m.MemberID), ProviderID: v.id, ExternalID: person.Email}
	if v.oidc {
		f.OIDC = detail
	} else {
		f.SAML = detail
	}
	f.said = &assertion{v.id, person.Email, v.attributes(person)}
	return f
}

// attributes are what the identity provider says of a person, by the names that the connection maps.
func (v *via) attributes(person SSOPerson) map[string][]string {
	first, last, _ := strings.Cut(person.Name, " ")
	if v.oidc {
		return map[string][]string{"sub": {person.Email}, "email": {person.Email}, "name": {person.Name}}
	}
	said := map[string][]string{}
	for key, values := range map[string][]string{
		"email": {person.Email}, "full_name": {person.Name}, "first_name": {first}, "last_name": {last}, "groups": person.Groups,
	} {
		if name := v.mapping[key]; name != "" && name != "NameID" {
			said[name] = values
		}
	}
	return said
}

type ssoAuthenticateAnswer struct {
	loginAnswer
	OrganizationID string `json:"organization_id"`
	ResetSession   bool   `json:"reset_session"`
}

// ssoAuthenticate ends a sign-in through a connection. Who is no member becomes one where the organization lets the connection bring
// people (rule sso-jit).
func (c *call) ssoAuthenticate() (any, error) {
	in, err := decode[struct {
		primaryRequest
		Token    string `json:"sso_token"`
		Verifier string `json:"pkce_code_verifier"`
	}](c)
	if err != nil {
		return nil, err
	}
	found := c.store.ssoTokens[in.Token]
	if found == nil || !c.time.Before(found.expires) {
		return nil, notFound("sso_token_not_found", "The SSO token could not be found.")
	}
	if err := checkVerifier(found.challenge, in.Verifier); err != nil {
		return nil, err
	}
	t := found.tenant
	c.log.TargetOrganizationID = t.OrganizationID
	connection, err := c.openConnection(t, found.connection)
	if err != nil {
		return nil, err
	}
	m := c.store.memberByConnection(t, found.connection, found.person.Email)
	if m == nil {
		if err := c.mayJoinBy(t, connection, found.person.Email); err != nil {
			return nil, err
		}
		m = c.join(t, found.person.Email)
	}
	if m.IsLocked {
		return nil, errLocked()
	}
	prepared, err := c.prepare(&in.primaryRequest, m)
	if err != nil {
		return nil, err
	}
	delete(c.store.ssoTokens, in.Token)
	if m.Name == "" {
		m.Name = found.person.Name
		m.changed(c.time)
	}
	prepared.factors = merged(prepared.factors, connection.factor(c, m, found.person))
	outcome, err := c.finish(prepared)
	if err != nil {
		return nil, err
	}
	return ssoAuthenticateAnswer{loginAnswer: outcome, OrganizationID: t.OrganizationID}, nil
}

// mayJoinBy tells whether a connection may bring somebody new, and why not.
func (c *call) mayJoinBy(t *tenant, connection *via, email string) error {
	if t.SSOJITProvisioning == notAllowed || t.SSOJITProvisioning == restricted && !slices.Contains(t.SSOJITProvisioningAllowed, connection.id) {
		return badRequest("invalid_connection_for_jit_provisioning", "The organization does not let this connection bring new members.")
	}
	return c.checkNewcomer(t, email)
}
