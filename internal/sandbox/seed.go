package sandbox

import (
	"time"
)

// staffSlug is the organization of the support staff.
const staffSlug = "support-desk"

// The people of the staff organization.
const (
	ada = "ada@support.example"
	sam = "sam@support.example"
	kim = "kim@support.example"
)

// seeder fills a store. Everything it makes has the same ids in every sandbox; what expires does so relative to now.
type seeder struct {
	*store
	base string
	now  time.Time
	made int
}

// newSeed makes the data that every sandbox begins with.
func newSeed(options Options, base string, now time.Time) *store {
	s := &seeder{store: newStore(), base: base, now: now.UTC()}
	s.connectedApps()
	s.machineClients()
	s.staff()
	s.acme()
	s.globex()
	s.initech()
	s.umbrella()
	s.closed()
	s.empty()
	s.hostile()
	s.northwind()
	s.meadow()
	s.calm()
	s.single()
	s.secondFactors()
	s.big(options.Members)
	s.generated(options.Organizations)
	return s.store
}

// created is when the next thing was made: one after the other, and the same in every sandbox.
func (s *seeder) created() string {
	s.made++
	return stamp(time.Date(2024, time.March, 4, 9, 0, 0, 0, time.UTC).Add(time.Duration(s.made) * 53 * time.Minute))
}

// in is a moment relative to now, as the wire has it.
func (s *seeder) in(d time.Duration) *string {
	at := stamp(s.now.Add(d))
	return &at
}

func (s *seeder) organization(slug, name string, configure func(*organization)) *tenant {
	fields := newOrganization(seedID("organization", slug), name, slug, s.created())
	if configure != nil {
		configure(&fields)
	}
	return s.addTenant(fields)
}

func (s *seeder) member(t *tenant, email, name, status string, direct ...string) *member {
	return s.addMember(t, newMember(t, seedID("member", t.OrganizationSlug+"/"+email), email, name, status, s.created(), direct...))
}

// support lets a member of the staff into a tenant.
func (s *seeder) support(t *tenant, emails ...string) {
	names := map[string]string{ada: "Ada Whitfield", sam: "Sam Okoye", kim: "Kim Larsen"}
	for _, email := range emails {
		s.member(t, email, names[email], statusActive, "tenant_support")
	}
}

// session gives a member a session that began some time ago and ends some time from now.
func (s *seeder) session(m *member, ago, left time.Duration, factors ...factor) {
	made := s.newSession(m, factors, s.now.Add(-ago), ago+left)
	delete(s.sessionIDs, made.id)
	made.id = seedID("member-session", m.MemberID+"/"+ago.String())
	made.accessed = s.now.Add(-ago / 3)
	s.sessionIDs[made.id] = made
}

func (s *seeder) staff() {
	t := s.organization(staffSlug, "Support desk", func(o *organization) {
		// As the staff organization should be: nobody comes in but by an invitation to the company's own domain.
		o.EmailInvites, o.EmailAllowedDomains, o.SSOJITProvisioning = restricted, []string{"support.example"}, notAllowed
		o.TrustedMetadata = map[string]any{"internal": true}
	})
	s.member(t, ada, "Ada Whitfield", statusActive, "support_admin")
	s.member(t, sam, "Sam Okoye", statusActive, "support_agent")
	s.member(t, kim, "Kim Larsen", statusActive)
}

func (s *seeder) globex() {
	t := s.organization("globex", "Globex", func(o *organization) {
		o.MFAPolicy = requiredForAll
		o.MFAMethods = restricted
		o.AllowedMFAMethods = []string{"totp", "sms_otp"}
		o.EmailAllowedDomains = []string{"globex.example"}
		o.EmailJITProvisioning = restricted
		o.TrustedMetadata = map[string]any{"plan": "business", "seats": 40}
	})
	owner := s.member(t, "hank@globex.example", "Hank Scorpio", statusActive, "stytch_admin")
	owner.setPhone("+14155550142", true)
	owner.MFAEnrolled, owner.DefaultMFAMethod = true, "sms_otp"
	for i, person := range []string{"Nadia Petrova", "Leo Marchetti", "Grace Adeyemi", "Viktor Holm", "Mei Tanaka"} {
		m := s.person(t, person, "globex.example", statusActive)
		m.MFAEnrolled = true
		if i%2 == 0 {
			m.setTOTP()
			if i == 2 {
				m.setPhone("+14155550170", true) // both, and the app is the default
			}
		} else {
			m.setPhone("+1415555015"+string(rune('0'+i)), true)
			m.DefaultMFAMethod = "sms_otp"
		}
	}
	s.person(t, "Oscar Lund", "globex.example", statusInvited)
	s.support(t, ada)
	plain := s.member(t, sam, "Sam Okoye", statusActive)
	plain.setPhone("+14155550199", true)
	plain.MFAEnrolled, plain.DefaultMFAMethod = true, "sms_otp"
	s.letIn(owner, "warehouse", "openid", "email", "read:documents")
	s.letIn(owner, "ledgerly", "openid", "offline_access", "read:billing")
}

func (s *seeder) initech() {
	t := s.organization("initech", "Initech", func(o *organization) {
		o.AuthMethods = restricted
		o.AllowedAuthMethods = []string{"sso"}
		o.SSOJITProvisioning = restricted
		o.ClaimedEmailDomains = []string{"initech.example"}
		o.EmailInvites = notAllowed
	})
	connection := s.saml(t, "initech/okta", "Initech Okta", "okta", statusActive)
	connection.VerificationCertificates = []certificate{s.certificate("initech/okta/1", "Initech Okta", 6*24*time.Hour)}
	connection.ConnectionRoles = []connectionRole{{"editor"}}
	t.addSAML(connection)
	t.SSOJITProvisioningAllowed = []string{connection.ConnectionID}
	for _, person := range []string{"Peter Gibbons", "Samir Nagheenanajar", "Michael Bolton", "Milton Waddams", "Joanna Reed"} {
		m := s.person(t, person, "initech.example", statusActive)
		m.register(connection.ConnectionID, nil)
	}
	admin := s.person(t, "Bill Lumbergh", "initech.example", statusActive)
	admin.assign("stytch_admin", "direct_assignment", nil)
	admin.register(connection.ConnectionID, nil)
	s.session(admin, 40*time.Minute, 3*time.Hour, ssoFactor("sso_saml", admin, connection.ConnectionID, s.now.Add(-40*time.Minute)))
	breakglass := s.person(t, "Dom Portwood", "initech.example", statusActive)
	breakglass.IsBreakglass = true
	breakglass.setPassword()
	s.support(t, ada)
}

func (s *seeder) umbrella() {
	t := s.organization("umbrella", "Umbrella Health", func(o *organization) {
		o.EmailAllowedDomains = []string{"umbrella.example"}
		o.TrustedMetadata = map[string]any{"plan": "enterprise"}
	})
	s.directory(t, scimConnection{
		DisplayName: "Umbrella Entra", IdentityProvider: "microsoft-entra", BearerTokenExpires: s.in(3 * 365 * 24 * time.Hour),
	}, "7fQa", "", "Clinicians", "Administration", "Night shift", "Contractors")
	clinicians, office, night := t.directory.groups[0], t.directory.groups[1], t.directory.groups[2]
	t.scim.GroupRoles = []scimGroupRole{{"editor", clinicians.Value, clinicians.Display}}
	for i, person := range []string{"Alice Abernathy", "Carlos Oliveira", "Jill Marsh", "Rebecca Chen", "Barry Burton", "Ingrid Hunter", "Yoko Suzuki", "Mark Wilkins"} {
		m := s.person(t, person, "umbrella.example", statusActive)
		switch {
		case i == 0:
			m.scim(clinicians, night)
		case i < 3:
			m.scim(clinicians)
		default:
			m.scim(office)
		}
	}
	s.person(t, "William Birkin", "umbrella.example", statusDeleted).scim(clinicians)
	s.support(t, ada, sam)
	s.letIn(s.memberByEmail(t, "alice.abernathy@umbrella.example"), "mobile", "openid", "profile", "read:documents", "write:documents")
}

func (s *seeder) closed() {
	t := s.organization("closed", "Closed Circle", func(o *organization) {
		o.SSOJITProvisioning = notAllowed
		o.EmailInvites = notAllowed
		o.AuthMethods = restricted
		o.AllowedAuthMethods = []string{"password"}
		o.MFAPolicy = requiredForAll
		o.MFAMethods = restricted
		o.AllowedMFAMethods = []string{"totp"}
		o.FirstPartyConnectedAppsAllowedType = notAllowed
		o.ThirdPartyConnectedAppsAllowedType = notAllowed
		o.TrustedMetadata = map[string]any{"support_access": "closed"} // and support staff stay out
	})
	owner := s.member(t, "owner@closed.example", "Ruth Steiner", statusActive, "stytch_admin")
	owner.setPassword()
	owner.setTOTP()
}

func (s *seeder) empty() { s.organization("empty", "Empty Room", nil) }
