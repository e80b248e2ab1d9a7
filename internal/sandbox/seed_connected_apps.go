package sandbox

// Ways in which an app comes to be.
const (
	createdByAPI      = "API"
	createdByItself   = "DYNAMIC_REGISTRATION"
	createdByMetadata = "CIMD"
)

// connectedApps are the clients of the project: every type, every way to come to be, and names that mean harm.
func (s *seeder) connectedApps() {
	s.ownApps()
	s.foreignApps()
	s.app("demo", thirdPartyPublic, "Demo app", "Shows what an app sees of you.", func(a *connectedApp) {
		a.RedirectURLs = []string{s.base + "/sandbox/demo-app/callback"}
	})
	s.app("dashboard", firstParty, "Demo dashboard", "Our own numbers on one page.", nil)
	s.strangeApps()
}

func (s *seeder) ownApps() {
	s.app("warehouse", firstParty, "Warehouse Sync", "Copies documents to the data warehouse every night.", func(a *connectedApp) {
		a.TokenExpiryMinutes, a.TokenCustomAudience = 15, "https://warehouse.example/api"
		a.TokenTemplateContent = `{"plan":"{{organization.trusted_metadata.plan}}"}`
	})
	s.app("mobile", firstPartyPublic, "Mobile app", "Our own app for phones.", func(a *connectedApp) {
		a.PostLogoutURLs = []string{"https://mobile.example/goodbye"}
	})
	s.app("reports", firstParty, "Report builder", "Builds reports while you sleep.", func(a *connectedApp) { a.BypassOfflineConsent = true })
	s.app("desktop", firstPartyPublic, "Desktop app", "Our own app for computers.", func(a *connectedApp) {
		a.FullAccessAllowed = true
		a.RedirectURLs = []string{"http://127.0.0.1/callback", "http://[::1]/callback"}
	})
}

func (s *seeder) foreignApps() {
	s.app("ledgerly", thirdParty, "Ledgerly", "Bookkeeping from your invoices.", func(a *connectedApp) {
		logo := "https://cdn.example/ledgerly.png"
		a.LogoURL = &logo
	})
	s.app("notebook", thirdPartyPublic, "Notebook CLI", "A command line for notebooks.", func(a *connectedApp) {
		a.RedirectURLs = []string{"http://127.0.0.1/callback"}
	})
	s.app("notes", thirdPartyPublic, "Pocket Notes", "Notes on your phone.", func(a *connectedApp) {
		a.RedirectURLs = []string{"com.example.notes:/oauth"}
	})
	s.app("terminal", thirdPartyPublic, "Terminal helper", "", func(a *connectedApp) {
		a.creation = createdByItself
		a.RedirectURLs = []string{"http://127.0.0.1:8976/callback"}
	})
	s.app("agent", thirdPartyPublic, "Agent Bridge", "Lets an assistant read your documents.", func(a *connectedApp) {
		address := "https://agent.example/oauth/client.json"
		a.creation, a.ClientIDMetadataURL = createdByMetadata, &address
	})
	payroll := s.app("payroll", thirdParty, "Payroll bridge", "Sends hours to payroll.", nil)
	payroll.setSecrets(clientSecrets{payroll.secrets.current, keepSecret(SeedNextClientSecret(payroll.ClientID))})
}

// strangeApps have a name that is markup, one that looks like another app's, and none.
func (s *seeder) strangeApps() {
	s.app("hostile", thirdParty, "<script>alert(7)</script> app", "\u202eDescription\u202c", func(a *connectedApp) {
		logo := "data:text/html,<script>alert(6)</script>"
		a.LogoURL = &logo
	})
	s.app("ledger1y", thirdParty, "L\u0435dg\u0435rly", "Bookkeeping from your invoices.", nil) // in Cyrillic where one cannot see it
	s.app("nameless", thirdParty, "", "", nil)
}

// app makes a client whose redirect is on a host of its own, unless configure says otherwise.
func (s *seeder) app(name, clientType, display, description string, configure func(*connectedApp)) *connectedApp {
	a := s.addConnectedApp(connectedAppFields{
		ClientID: seedID("connected-app", name), ClientName: display, ClientDescription: description, Status: statusActive,
		ClientType: clientType, RedirectURLs: []string{"https://" + name + ".example/callback"}, TokenExpiryMinutes: defaultTokenMinutes,
	}, createdByAPI)
	if configure != nil {
		configure(a)
	}
	if !a.public() {
		a.setSecrets(clientSecrets{current: keepSecret(SeedClientSecret(a.ClientID))})
	}
	return a
}

// letIn lets in a client of the seed, by its name there.
func (s *seeder) letIn(m *member, name string, scopes ...string) {
	m.letIn(s.apps[seedID("connected-app", name)], s.now, scopes...)
}

// acmeApps are let in by several members each.
func (s *seeder) acmeApps(t *tenant) {
	for _, one := range []struct {
		app    string
		scopes []string
		people []string
	}{
		{"warehouse", []string{"openid", "email", "profile"}, []string{"olivia.hart", "hana.suzuki", "aaron.fields", "caleb.stone", "kofi.mensah"}},
		{"mobile", []string{"openid", "profile", scopeOffline, "read:documents", "write:documents"}, []string{
			"daniel.okafor", "sofia.lindqvist", "bianca.rossi", "dalia.haddad", "gustav.nyberg", "helen.zhou",
		}},
		{"ledgerly", []string{"openid", "read:billing"}, []string{"daniel.okafor", "priya.nair"}},
		{"ledgerly", []string{"openid", scopeOffline, "read:billing"}, []string{"olivia.hart"}},
		{"notebook", []string{"openid", "read:documents"}, []string{"daniel.okafor"}},
		{"reports", []string{"openid", scopeOffline, "read:documents"}, []string{"olivia.hart", "edwin.park", "julia.weiss"}},
		{"desktop", []string{"openid", "profile", scopeFullAccess}, []string{"priya.nair", "mateus.silva"}},
	} {
		for _, person := range one.people {
			s.letIn(s.memberByEmail(t, person+"@"+acmeDomain), one.app, one.scopes...)
		}
	}
}

// harbourApps came from outside.
func (s *seeder) harbourApps(t *tenant) {
	grace, tobias := s.memberByEmail(t, "grace.kelleher@harbour.example"), s.memberByEmail(t, "tobias.falk@harbour.example")
	s.letIn(grace, "terminal", "openid", "email")
	s.letIn(grace, "notes", "openid", scopeOffline, "read:documents")
	s.letIn(tobias, "notes", "openid", "read:documents", "write:documents")
	s.letIn(tobias, "agent", "openid", "profile", "phone", "read:documents")
	s.letIn(tobias, "nameless", "openid")
	s.letIn(tobias, "ledger1y", "openid", "email")
}

// machineClients are the programs that sign in as themselves.
func (s *seeder) machineClients() {
	s.machine(m2mFields{
		ClientID: seedID("m2m-client", "export"), ClientName: "Nightly export", ClientDescription: "Copies documents to the archive.",
		Scopes: []string{"read:documents"}, TrustedMetadata: map[string]any{"team": "data"},
	})
	importer := s.machine(m2mFields{
		ClientID: seedID("m2m-client", "importer"), ClientName: "Invoice importer", ClientDescription: "Reads invoices every hour.",
		Scopes: []string{"read:billing", "write:documents"},
	})
	importer.setSecrets(clientSecrets{importer.secrets.current, keepSecret(SeedNextClientSecret(importer.ClientID))})
	s.machine(m2mFields{
		ClientID: "legacy-sync", ClientName: "Legacy sync", ClientDescription: "Was replaced by the nightly export.", Status: statusInactive,
		Scopes: []string{"read:documents"},
	})
	s.machine(m2mFields{
		ClientID: seedID("m2m-client", "hostile"), ClientName: "<img src=x onerror=alert(12)>", ClientDescription: "\u202eenihcam\u202c",
		Scopes: []string{"<b>everything</b>"}, TrustedMetadata: map[string]any{"</td><script>alert(13)</script>": "\u202e"},
	})
}

func (s *seeder) machine(fields m2mFields) *m2mClient {
	if fields.Status == "" {
		fields.Status = statusActive
	}
	made := s.addM2M(fields)
	made.setSecrets(clientSecrets{current: keepSecret(SeedClientSecret(fields.ClientID))})
	return made
}
