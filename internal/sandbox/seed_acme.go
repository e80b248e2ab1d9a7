package sandbox

import (
	"fmt"
	"time"
)

const acmeDomain = "acme.example"

// acme is the busy tenant: every status, role source, factor and connection there is.
func (s *seeder) acme() {
	external := "crm-000117"
	t := s.organization("acme", "Acme Corporation", func(o *organization) {
		o.OrganizationExternalID = &external
		o.OrganizationLogoURL = "https://cdn.example/acme.png"
		o.EmailAllowedDomains = []string{acmeDomain, "acme-labs.example"}
		o.EmailJITProvisioning = restricted
		o.ClaimedEmailDomains = []string{acmeDomain}
		o.OAuthTenantJITProvisioning = restricted
		o.AllowedOAuthTenants = map[string][]string{"slack": {"T024BE7LD"}, "github": {"acme-inc"}}
		o.RBACEmailImplicitRoleAssignments = []emailRole{{acmeDomain, "editor"}}
		o.ThirdPartyConnectedAppsAllowedType = restricted
		o.AllowedThirdPartyConnectedApps = []string{seedID("connected-app", "ledgerly"), seedID("connected-app", "notebook"), seedID("connected-app", "demo")}
		o.CustomRoles = []policyRole{{"invoice_approver", "Approves invoices of Acme.", []policyPermission{allow("billing", "read", "update")}}}
		o.TrustedMetadata = map[string]any{
			"plan": "enterprise", "seats": 250, "trial": false, "renewal": nil,
			"crm": map[string]any{"account": "ACME-42", "owner": map[string]any{"name": "Rita Moss", "regions": []any{"EMEA", "APAC"}}},
		}
	})
	saml := s.acmeConnections(t)
	s.acmeDirectory(t)
	s.acmePeople(t, saml)
	s.acmeCrowd(t)
	s.memberByEmail(t, "julia.weiss@"+acmeDomain).changePassword(newPassword(SeedBreachedPassword))
	s.support(t, ada, sam)
	s.acmeApps(t)
	s.memberByEmail(t, "bianca.rossi@"+acmeDomain).register(t.oidc[0].ConnectionID, map[string][]string{"department": {"Legal"}})
}

func (s *seeder) acmeConnections(t *tenant) string {
	okta := s.saml(t, "acme/okta", "Acme Okta", "okta", statusActive)
	okta.VerificationCertificates = []certificate{
		s.certificate("acme/okta/1", "Acme Okta 2024", 12*24*time.Hour),
		s.certificate("acme/okta/2", "Acme Okta 2026", 700*24*time.Hour),
	}
	okta.EncryptionPrivateKeys = []encryptionKey{{seedID("saml-encryption-key", "acme/okta"), "", "2024-05-02T10:00:00Z"}}
	okta.ConnectionRoles = []connectionRole{{"billing_viewer"}}
	okta.GroupRoles = []groupRole{{"stytch_admin", "console-admins"}}
	t.addSAML(okta)
	t.addOIDC(s.oidc(t, "acme/entra", "Acme Entra", "microsoft-entra", statusActive))
	t.addSAML(s.saml(t, "acme/keycloak", "Keycloak (new)", "keycloak", statusPending))
	t.addOIDC(s.oidc(t, "acme/google", "Google Workspace", "google-workspace", statusPending))
	return okta.ConnectionID
}

// acmeDirectory has a token that is being rotated and one that runs out in a few days.
func (s *seeder) acmeDirectory(t *tenant) {
	s.directory(t, scimConnection{
		DisplayName: "Acme Okta directory", IdentityProvider: "okta",
		BearerTokenExpires: s.in(4 * 24 * time.Hour), NextBearerTokenExpires: s.in(5 * 365 * 24 * time.Hour),
	}, "x9Kd", "Qm3w", "Finance", "Engineering", "Everyone")
	finance := t.directory.groups[0]
	t.scim.GroupRoles = []scimGroupRole{{"invoice_approver", finance.Value, finance.Display}}
}

// acmePeople are the members who each show something.
func (s *seeder) acmePeople(t *tenant, saml string) {
	olivia := s.person(t, "Olivia Hart", acmeDomain, statusActive)
	olivia.assign("stytch_admin", "direct_assignment", nil)
	olivia.oauth("Google")
	s.session(olivia, 25*time.Minute, 7*time.Hour, oauthFactor(olivia, s.now.Add(-25*time.Minute)))

	s.priya(t, saml)

	emergency := s.member(t, "emergency@"+acmeDomain, "Emergency access", statusActive, "stytch_admin")
	emergency.IsBreakglass = true
	emergency.setPassword()
	emergency.setTOTP()

	marcus := s.person(t, "Marcus Webb", acmeDomain, statusActive)
	marcus.setPassword()
	s.lock(marcus, s.now.Add(-15*time.Minute), s.now.Add(45*time.Minute))

	sofia := s.person(t, "Sofia Lindqvist", acmeDomain, statusActive)
	for _, retired := range []string{"sofia.berg@acme.example", "s.berg@acme-labs.example"} {
		sofia.RetiredEmailAddresses = append(sofia.RetiredEmailAddresses, retiredEmail{seedID("email", retired), retired})
	}

	daniel := s.person(t, "Daniel Okafor", acmeDomain, statusActive)
	daniel.setPassword()
	daniel.setPhone("+442079460123", true)
	daniel.setTOTP()
	at := s.now.Add(-2 * time.Hour)
	s.session(daniel, 2*time.Hour, 6*time.Hour, newFactor("password", "knowledge", at), totpFactor(daniel, at))
	s.session(daniel, 50*time.Minute, 10*time.Minute, emailFactor("magic_link", daniel, s.now.Add(-50*time.Minute)), recoveryFactor(daniel, s.now.Add(-49*time.Minute)))

	hana := s.person(t, "Hana Suzuki", acmeDomain, statusActive)
	hana.oauth("Google", "Microsoft", "Github")
	hana.setPhone("+819012345678", true)
	hana.MFAEnrolled, hana.DefaultMFAMethod = true, "sms_otp"
	s.session(hana, 3*time.Hour, 20*time.Hour, oauthFactor(hana, s.now.Add(-3*time.Hour)), phoneFactor(hana, s.now.Add(-3*time.Hour)))

	tom := s.person(t, "Tom Baker", acmeDomain, statusActive)
	employee := "employee-4711"
	tom.ExternalID = &employee
	tom.TrustedMetadata = map[string]any{
		"cost_centre": "R&D-7", "flags": map[string]any{"beta": true, "quota": 12.5, "tags": []any{"vip", "pilot", map[string]any{"since": "2024-02-01"}}},
	}
	tom.UntrustedMetadata = map[string]any{"theme": "dark", "shortcuts": map[string]any{"search": "/", "help": "?"}}
	s.session(tom, 10*time.Minute, 50*time.Minute, impersonatedFactor("rita@vendor.example", s.now.Add(-10*time.Minute)))

	unproved := s.person(t, "Ines Carvalho", acmeDomain, statusActive)
	unproved.setPhone("+351912345678", false)
	s.member(t, "no-name@"+acmeDomain, "", statusActive)
}

// priya has a role from each of the five sources.
func (s *seeder) priya(t *tenant, saml string) {
	priya := s.person(t, "Priya Nair", acmeDomain, statusActive)
	priya.assign("editor", directSource, nil)
	priya.register(saml, map[string][]string{"firstName": {"Priya"}, "lastName": {"Nair"}, "groups": {"console-admins", "finance"}})
	priya.scim(t.directory.groups[0], t.directory.groups[2])
	s.session(priya, 90*time.Minute, 5*time.Hour, ssoFactor("sso_saml", priya, saml, s.now.Add(-90*time.Minute)))
	s.session(priya, 20*time.Minute, 40*time.Minute, emailFactor("email_otp", priya, s.now.Add(-20*time.Minute)))
}

// acmeCrowd fills acme up to about sixty members, some of them pending, invited or deleted.
func (s *seeder) acmeCrowd(t *tenant) {
	people := []string{
		"Aaron Fields", "Bianca Rossi", "Caleb Stone", "Dalia Haddad", "Edwin Park", "Farah Aziz", "Gustav Nyberg", "Helen Zhou",
		"Ivan Morozov", "Julia Weiss", "Kofi Mensah", "Laura Jimenez", "Mateus Silva", "Noor Rahman", "Owen Gallagher", "Paula Novak",
		"Quentin Dubois", "Rosa Delgado", "Stefan Kovac", "Tara Singh", "Umar Farouk", "Vera Popescu", "Wendy Clarke", "Xavier Blanc",
		"Yara Nasser", "Zane Cooper", "Anika Larsson", "Bruno Costa", "Chloe Martin", "Diego Fuentes", "Elif Kaya", "Finn Murphy",
		"Gita Sharma", "Hugo Lefevre", "Isla Fraser", "Jonas Keller", "Kira Volkov", "Liam Byrne", "Maya Cohen", "Nils Andersen",
		"Ottilie Braun", "Pavel Dvorak", "Rania Saleh", "Simon Price", "Thea Vogel", "Uma Patel", "Viola Conti", "Wei Zhang",
	}
	for i, name := range people {
		status := statusActive
		switch i % 12 {
		case 5:
			status = statusPending
		case 8:
			status = statusInvited
		case 11:
			status = statusDeleted
		}
		m := s.person(t, name, acmeDomain, status)
		if status != statusActive {
			continue
		}
		m.MFAEnrolled = name == "Owen Gallagher" // and has no second factor yet
		if i%3 == 0 {
			m.setPassword()
		}
		if i%4 == 1 {
			m.oauth("Google")
		}
		if i%5 == 2 {
			m.setPhone(fmt.Sprintf("+4420794601%02d", i), true)
		}
		if i%7 == 3 {
			m.assign("billing_viewer", "direct_assignment", nil)
		}
		if i%9 == 4 {
			m.setTOTP()
		}
		if name == "Tara Singh" {
			m.assign("member_inviter", "direct_assignment", nil)
		}
		if i%10 == 6 {
			ago := time.Duration(i) * 7 * time.Minute
			s.session(m, ago, 4*time.Hour, emailFactor("magic_link", m, s.now.Add(-ago)))
		}
	}
}
