package sandbox

import (
	"encoding/base32"
	"strings"
	"time"
)

// person makes a member whose address comes from the name.
func (s *seeder) person(t *tenant, name, domain, status string) *member {
	local := strings.ReplaceAll(strings.ToLower(name), " ", ".")
	return s.member(t, local+"@"+domain, name, status)
}

func (m *member) setPhone(number string, verified bool) {
	m.MFAPhoneNumber, m.MFAPhoneNumberVerified = number, verified
}

func (m *member) setPassword() { m.changePassword(newPassword(SeedPassword)) }

func (m *member) setTOTP() {
	m.TOTPRegistrationID = seedID("member-totp", m.MemberID)
	m.MFAEnrolled, m.DefaultMFAMethod = true, "totp"
	m.app = &authenticator{
		id: m.TOTPRegistrationID, secret: base32.StdEncoding.EncodeToString(seedBytes("totp\x00"+m.MemberID, 20)),
		recovery: recoveryCodes(seedBytes("recovery\x00"+m.MemberID, 120)), verified: true,
	}
}

// oauth registers the member with providers.
func (m *member) oauth(providers ...string) {
	for _, provider := range providers {
		for _, p := range oauthProviders {
			if p.kind == provider {
				m.registerAccount(accountOf(p, m.EmailAddress))
			}
		}
	}
}

// register says that the member has signed in through a connection.
func (m *member) register(connectionID string, attributes map[string][]string) {
	kind, _, _ := strings.Cut(connectionID, "-")
	m.SSORegistrations = append(m.SSORegistrations, ssoRegistration{
		ConnectionID: connectionID, ExternalID: m.EmailAddress,
		RegistrationID: seedID(kind+"-member-registration", connectionID+m.MemberID), SSOAttributes: attributes,
	})
}

// scim says that a directory has made the member.
func (m *member) scim(connectionID, group, groupID string) {
	external := seedID("directory", m.MemberID)[15:]
	given, family, _ := strings.Cut(m.Name, " ")
	m.SCIMRegistration = &scimRegistration{
		ConnectionID: connectionID, RegistrationID: seedID("scim-member-registration", m.MemberID), ExternalID: &external,
		SCIMAttributes: &scimAttributes{
			UserName: m.EmailAddress, ID: m.MemberID, ExternalID: external, Active: m.Status == statusActive, DisplayName: m.Name,
			Title: "Consultant", PreferredLanguage: "en", Locale: "en-GB", Timezone: "Europe/London",
			Groups: []scimGroup{{groupID, group}},
			Emails: []scimValue{{m.EmailAddress, "work", true}},
			Name:   &scimName{Formatted: m.Name, GivenName: given, FamilyName: family},
		},
	}
}

// ssoFactor is a sign-in through a connection.
func ssoFactor(delivery string, m *member, connectionID string, at time.Time) factor {
	f := newFactor("sso", delivery, at)
	detail := &ssoDetail{ProviderID: connectionID, ExternalID: m.EmailAddress}
	for _, registration := range m.SSORegistrations {
		if registration.ConnectionID == connectionID {
			detail.ID = registration.RegistrationID
		}
	}
	if delivery == "sso_oidc" {
		f.OIDC = detail
	} else {
		f.SAML = detail
	}
	return f
}

// oauthFactor is a sign-in with Google.
func oauthFactor(m *member, at time.Time) factor {
	return accountOf(oauthProviders[0], m.EmailAddress).factor(m.MemberID, m.emailIdentifier(), at)
}

func phoneFactor(m *member, at time.Time) factor {
	f := newFactor("otp", "sms", at)
	f.Phone = &phoneDetail{seedID("phone-number", m.MemberID), m.MFAPhoneNumber}
	return f
}

func totpFactor(m *member, at time.Time) factor {
	f := newFactor("totp", "authenticator_app", at)
	f.Authenticator = &totpDetail{m.TOTPRegistrationID}
	return f
}

func recoveryFactor(m *member, at time.Time) factor {
	f := newFactor("recovery_codes", "recovery_code", at)
	f.Recovery = &recoverDetail{seedID("member-totp-recovery-code", m.MemberID)}
	return f
}

func impersonatedFactor(by string, at time.Time) factor {
	f := newFactor("impersonated", "impersonation", at)
	f.Impersonated = &actorDetail{seedID("workspace-admin", by), by}
	return f
}

// saml is a connection that has all it needs when it is active, and little when it is pending.
func (s *seeder) saml(t *tenant, name, display, provider, status string) samlConnection {
	id := seedID("saml-connection", name)
	callback := s.base + "/v1/b2b/sso/callback/" + id
	connection := samlConnection{
		OrganizationID: t.OrganizationID, ConnectionID: id, Status: status, DisplayName: display, IdentityProvider: provider,
		ACSURL: callback, AudienceURI: callback, NameIDFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
		SigningCertificates: []certificate{s.certificate(name+"/signing", "Stytch", 3650*24*time.Hour)},
	}
	if status == statusActive {
		connection.IDPEntityID = "https://idp.example/" + name
		connection.IDPSSOURL = "https://idp.example/" + name + "/sso"
		connection.AttributeMapping = map[string]string{"email": "NameID", "first_name": "firstName", "last_name": "lastName", "groups": "groups"}
		connection.VerificationCertificates = []certificate{s.certificate(name+"/1", "CN="+display, 400*24*time.Hour)}
	}
	return connection
}

// certificate looks like one; its content is not a key of anybody.
func (s *seeder) certificate(name, issuer string, left time.Duration) certificate {
	var lines strings.Builder
	lines.WriteString("-----BEGIN CERTIFICATE-----\n")
	for i := range 12 {
		line := seedID("line", name+string(rune('a'+i))) + seedID("line", name+string(rune('A'+i)))
		lines.WriteString(strings.ReplaceAll(line, "-", "")[:64] + "\n")
	}
	lines.WriteString("-----END CERTIFICATE-----\n")
	kind := "saml-verification-key"
	if issuer == "Stytch" {
		kind = "saml-signing-key"
	}
	created := "2024-05-02T10:00:00Z"
	return certificate{
		CertificateID: seedID(kind, name), Certificate: lines.String(), Issuer: issuer,
		CreatedAt: created, UpdatedAt: created, ExpiresAt: s.in(left),
	}
}

func (s *seeder) oidc(t *tenant, name, display, provider, status string) oidcConnection {
	id := seedID("oidc-connection", name)
	connection := oidcConnection{
		OrganizationID: t.OrganizationID, ConnectionID: id, Status: status, DisplayName: display, IdentityProvider: provider,
		RedirectURL: s.base + "/v1/b2b/sso/callback/" + id, CustomScopes: "openid email profile",
	}
	if status == statusActive {
		issuer := "https://login.example/" + name
		connection.Issuer, connection.ClientID = issuer, seedID("client", name)[12:]
		connection.ClientSecret = "oidc-client-secret-of-" + strings.ReplaceAll(name, "/", "-") // a made-up one, to see that pages mask it
		connection.AuthorizationURL, connection.TokenURL = issuer+"/authorize", issuer+"/token"
		connection.UserinfoURL, connection.JWKSURL = issuer+"/userinfo", issuer+"/jwks"
		connection.AttributeMapping = map[string]string{"department": "department"}
	}
	return connection
}

// letIn lets in the project's app of a client type.
func (s *seeder) letIn(m *member, clientType string, scopes ...string) {
	logo := "https://cdn.example/ledgerly.png"
	all := map[string]organizationApp{
		"first_party":        {seedID("connected-app", "warehouse"), "Warehouse Sync", "Copies documents to the data warehouse every night.", "first_party", nil},
		"first_party_public": {seedID("connected-app", "mobile"), "Mobile app", "Our own app for phones.", "first_party_public", nil},
		"third_party":        {seedID("connected-app", "ledgerly"), "Ledgerly", "Bookkeeping from your invoices.", "third_party", &logo},
		"third_party_public": {seedID("connected-app", "notebook"), "Notebook CLI", "A command line for notebooks.", "third_party_public", nil},
	}
	m.letIn(all[clientType], scopes...)
}
