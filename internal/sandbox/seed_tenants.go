package sandbox

import (
	"strings"
	"time"
)

// northwind lets support.example in by e-mail domain: somebody of that domain is a member already.
func (s *seeder) northwind() {
	t := s.organization("northwind", "Northwind Traders", func(o *organization) {
		o.EmailAllowedDomains = []string{"northwind.example", "support.example"}
		o.EmailJITProvisioning = restricted
		o.RBACEmailImplicitRoleAssignments = []emailRole{{"support.example", "tenant_support"}}
	})
	owner := s.person(t, "Nancy Davolio", "northwind.example", statusActive)
	owner.assign("stytch_admin", "direct_assignment", nil)
	s.person(t, "Andrew Fuller", "northwind.example", statusActive)
	s.member(t, kim, "Kim Larsen", statusActive)
}

// meadow has invited ada.
func (s *seeder) meadow() {
	t := s.organization("meadow", "Meadow Foods", nil)
	owner := s.person(t, "Rachel Green", "meadow.example", statusActive)
	owner.assign("stytch_admin", "direct_assignment", nil)
	s.person(t, "Phil Barley", "meadow.example", statusActive)
	s.member(t, ada, "Ada Whitfield", statusInvited, "tenant_support")
}

// hostile is full of names that break careless pages.
func (s *seeder) hostile() {
	name := "<script>alert(\"org\")</script> \u202egnp.exe\u202c \U0001F3F3\uFE0F\u200D\U0001F308 zero\u200bwidth 'quote' & &amp; שלום "
	name += strings.Repeat("W", 128-len([]rune(name)))
	external := "ext/../<b>id</b>?x=1#y"
	t := s.organization("hostile", name, func(o *organization) {
		o.OrganizationExternalID = &external
		o.OrganizationLogoURL = "javascript:alert('logo')"
		o.EmailAllowedDomains = []string{"hostile.example", "xn--80ak6aa92e.example"}
		o.TrustedMetadata = map[string]any{
			"<img src=x onerror=alert(1)>": "</script><script>alert(2)</script>", "__proto__": map[string]any{"admin": true},
			"long": strings.Repeat("unbroken", 60), "rtl": "\u202eevil\u202c مرحبا", "empty": "", "nothing": nil,
		}
		o.CustomRoles = []policyRole{{"role_with_markup", "<b onmouseover=alert(3)>Bold</b>", []policyPermission{allow("documents", "read")}}}
	})
	saml := s.saml(t, "hostile/saml", "\"><svg onload=alert(4)>", "generic", statusActive)
	saml.IDPSSOURL = "javascript:alert('idp')"
	t.addSAML(saml)
	s.directory(t, scimConnection{
		DisplayName: "</td><script>alert(5)</script>", IdentityProvider: "generic", BearerTokenExpires: s.in(-24 * time.Hour),
	}, "<b>x", "", "<i>group</i>")
	t.scim.GroupRoles = []scimGroupRole{{"editor", t.directory.groups[0].Value, t.directory.groups[0].Display}}
	for address, person := range hostilePeople() {
		s.member(t, address+"@hostile.example", person, statusActive)
	}
	s.support(t, ada)
	s.hostileExtras(t)
	s.letIn(s.memberByEmail(t, "script@hostile.example"), "hostile", "openid", "<script>alert(11)</script>", "\u202eepocs")
}

// hostilePeople yields the local part of an address and a name, in order.
func hostilePeople() func(yield func(string, string) bool) {
	people := [][2]string{
		{"script", "<script>alert('member')</script>"},
		{"attribute", "\" onfocus=alert(8) autofocus x=\""},
		{"template", "{{.Secret}} ${7*7} <%= 7*7 %> #{7*7}"},
		{"rtl", "مُحَمَّد بن عبد الله"},
		{"override", "\u202eresu nimda\u202c"},
		{"long", strings.Repeat("Wolfeschlegelstein", 7) + "Wo"},
		{"emoji", "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 \U0001F3F3\uFE0F\u200D\U0001F308 \U0001F44D\U0001F3FD"},
		{"zero-width", "Zoë\u200b\u200d\ufeff Null\u00adwidth"},
		{"zalgo", "Z\u0351\u036b\u0343a\u0310\u0317l\u034eg\u0321o\u0353"},
		{"o'brien", "Miles O'Brien & \"Sons\" \\ `tick`"},
		{"newline", "line one\nline two\ttab"},
		{"spaces", "     "},
		{strings.Repeat("l", 64), "An address as long as may be"},
		{"formula", "=HYPERLINK(\"http://evil.example\",\"x\")"},
		{"entity", "&lt;script&gt; &#x41; &nbsp;"},
	}
	return func(yield func(string, string) bool) {
		for _, person := range people {
			if !yield(person[0], person[1]) {
				return
			}
		}
	}
}

func (s *seeder) hostileExtras(t *tenant) {
	m := s.memberByEmail(t, "script@hostile.example")
	external := "../../admin?<x>"
	m.ExternalID = &external
	m.TrustedMetadata = map[string]any{
		"</pre><script>alert(9)</script>": []any{"<b>", map[string]any{"\u202ekey": "\u2028line separator"}},
		"html":                            "<a href=\"javascript:alert(10)\">click</a>",
	}
	m.UntrustedMetadata = map[string]any{"constructor": map[string]any{"prototype": true}}
	m.RetiredEmailAddresses = []retiredEmail{{seedID("email", "hostile"), "\"<script>\"@hostile.example"}}
	m.OAuthRegistrations = []oauthRegistration{{
		ProviderType: "<i>Google</i>", ProviderSubject: "'\"><img src=x>", MemberOAuthRegistrationID: seedID("oauth-user", "hostile"),
		ProfilePictureURL: "javascript:alert('picture')", Locale: "<x>",
	}}
	m.register(t.saml[0].ConnectionID, map[string][]string{"<b>attr</b>": {"\u202evalue"}})
	s.session(m, 5*time.Minute, 2*time.Hour, ssoFactor("sso_saml", m, t.saml[0].ConnectionID, s.now.Add(-5*time.Minute)))
}

// calm are tenants with nothing special, so that the directory looks like one.
func (s *seeder) calm() {
	tenants := []struct {
		slug, name string
		support    []string
		people     []string
	}{
		{"harbour", "Harbour Logistics", []string{ada, sam}, []string{"Grace Kelleher", "Tobias Falk", "Amina Diallo", "Henry Lowe"}},
		{"linden", "Linden Clinic", []string{ada}, []string{"Clara Winter", "Samuel Ortiz", "Beatrix Hahn"}},
		{"fjord", "Fjord Energy", nil, []string{"Astrid Dahl", "Erik Solberg", "Kari Moen", "Magnus Berg", "Silje Strand"}},
		{"paper-pine", "Paper & Pine", nil, []string{"Lucy Ward", "Ben Archer"}},
		{"quayside", "Quayside Bank", nil, []string{"Victor Hale", "Rose Abbott", "Naomi Clarke", "George Pike"}},
		{"orchard", "Orchard Schools", nil, []string{"Emily Stone", "Jack Rivers", "Nora Field"}},
		{"tidal", "Tidal Studio", nil, []string{"Remy Laurent", "Zadie Moore"}},
	}
	for _, calm := range tenants {
		domain := calm.slug + ".example"
		t := s.organization(calm.slug, calm.name, func(o *organization) {
			o.EmailAllowedDomains = []string{domain}
			o.TrustedMetadata = map[string]any{"plan": "team"}
		})
		for i, name := range calm.people {
			m := s.person(t, name, domain, statusActive)
			if i == 0 {
				m.assign("stytch_admin", "direct_assignment", nil)
			}
		}
		s.support(t, calm.support...)
		switch calm.slug {
		case "harbour":
			s.harbour(t)
		case "linden":
			s.member(t, sam, "Sam Okoye", statusActive) // a plain member: searching members is refused here
			s.linden(t)
		}
		if calm.slug == "quayside" {
			saml := s.saml(t, "quayside/ping", "Quayside Ping", "pingfederate", statusActive)
			saml.VerificationCertificates = []certificate{s.certificate("quayside/ping/1", "Quayside Ping", -3*24*time.Hour)}
			t.addSAML(saml)
			t.ClaimedEmailDomains = []string{domain}
		}
		if calm.slug == "fjord" {
			t.addExternal(externalConnection{
				ConnectionID: seedID("external-connection", "fjord"), ExternalOrganizationID: seedID("organization", "quayside"),
				ExternalConnectionID: seedID("saml-connection", "quayside/ping"), DisplayName: "Quayside group sign-in", Status: statusActive,
			})
		}
	}
}

// harbour has somebody of each provider, and a deleted member whose address was never proved: nobody can take that one back.
func (s *seeder) harbour(t *tenant) {
	s.memberByEmail(t, "tobias.falk@harbour.example").oauth("Microsoft", "Slack", "Hubspot", "Github")
	amina := s.memberByEmail(t, "amina.diallo@harbour.example")
	amina.oauth("Google")
	amina.oneTap = true
	s.harbourApps(t)
	s.person(t, "Otto Lang", "harbour.example", statusDeleted).EmailAddressVerified = false
}

// linden has a deleted member who can be taken back, and one whose address another member has had since.
func (s *seeder) linden(t *tenant) {
	s.person(t, "Greta Holt", "linden.example", statusDeleted)
	const passedOn = "desk@linden.example"
	s.member(t, passedOn, "Front desk", statusDeleted)
	samuel := s.memberByEmail(t, "samuel.ortiz@linden.example")
	samuel.RetiredEmailAddresses = []retiredEmail{{seedID("email", passedOn), passedOn}}
}

// single are tenants that let people in in one way only.
func (s *seeder) single() {
	for _, only := range []struct{ slug, name, method string }{
		{"only-password", "Keystone Archive", "password"},
		{"only-google", "Marigold Press", "google_oauth"},
		{"only-link", "Willow Books", "magic_link"},
		{"only-code", "Cobalt Ceramics", "email_otp"},
	} {
		t := s.organization(only.slug, only.name, func(o *organization) {
			o.AuthMethods, o.AllowedAuthMethods = restricted, []string{only.method}
		})
		s.support(t, ada)
		if only.method == "password" {
			s.memberByEmail(t, ada).setPassword()
		}
	}
}
