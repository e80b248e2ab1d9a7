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
	m.tie(&assertion{connectionID, m.EmailAddress, attributes})
}

// scim says that a directory has made the member, who is in these groups of it.
func (m *member) scim(groups ...scimGroup) {
	m.provision(m.tenant.scim.ConnectionID, seedID("directory", m.MemberID)[15:])
	attributes := m.SCIMRegistration.SCIMAttributes
	attributes.Title, attributes.PreferredLanguage, attributes.Locale, attributes.Timezone = "Consultant", "en", "en-GB", "Europe/London"
	attributes.Groups = groups
	m.follow()
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
		ACSURL: callback, AudienceURI: callback, NameIDFormat: defaultNameID,
		SigningCertificates: []certificate{standInCertificate(name+"/signing", signer, "saml-signing-key", s.now, s.now.Add(signingLife))},
	}
	if status == statusActive {
		connection.IDPEntityID = "https://idp.example/" + name
		connection.IDPSSOURL = "https://idp.example/" + name + "/sso"
		connection.AttributeMapping = map[string]string{"email": "NameID", "first_name": "firstName", "last_name": "lastName", "groups": "groups"}
		connection.VerificationCertificates = []certificate{s.certificate(name+"/1", display, 400*24*time.Hour)}
	}
	return connection
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
