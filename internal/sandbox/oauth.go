package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	oauthFlowLife  = 10 * time.Minute
	oauthTokenLife = 5 * time.Minute
)

// oauthProvider is where somebody may have an account.
type oauthProvider struct {
	name string // as addresses and methods have it
	kind string // as registrations have it
	// verifies says that the provider lets nobody have an account for an address that is not theirs.
	verifies bool
	detail   func(*factor) **oauthDetail
	exchange func(*factor) **exchangeDetail // nil where the factor stays what it is in another organization
}

var oauthProviders = []*oauthProvider{
	{"google", "Google", true, func(f *factor) **oauthDetail { return &f.Google }, nil},
	{"microsoft", "Microsoft", true, func(f *factor) **oauthDetail { return &f.Microsoft }, nil},
	{
		"hubspot", "Hubspot", false,
		func(f *factor) **oauthDetail { return &f.HubSpot }, func(f *factor) **exchangeDetail { return &f.HubSpotExchange },
	},
	{
		"slack", "Slack", false,
		func(f *factor) **oauthDetail { return &f.Slack }, func(f *factor) **exchangeDetail { return &f.SlackExchange },
	},
	{
		"github", "Github", false,
		func(f *factor) **oauthDetail { return &f.GitHub }, func(f *factor) **exchangeDetail { return &f.GitHubExchange },
	},
}

// oauthAccount is somebody's account at a provider.
type oauthAccount struct {
	provider *oauthProvider
	subject  string
}

// accountOf is the one account that an address has at a provider; its subject is the same in every sandbox.
func accountOf(p *oauthProvider, email string) *oauthAccount {
	return &oauthAccount{p, seedID("subject", p.kind+"\x00"+strings.ToLower(email))[13:31]}
}

// registration is what ties a member to an account; nil when nothing does.
func (m *member) registration(account *oauthAccount) *oauthRegistration {
	for i := range m.OAuthRegistrations {
		r := &m.OAuthRegistrations[i]
		if r.ProviderType == account.provider.kind && r.ProviderSubject == account.subject {
			return r
		}
	}
	return nil
}

// registerAccount ties a member to an account.
func (m *member) registerAccount(account *oauthAccount) {
	m.OAuthRegistrations = append(m.OAuthRegistrations, oauthRegistration{
		ProviderType: account.provider.kind, ProviderSubject: account.subject,
		MemberOAuthRegistrationID: account.registrationID(m.MemberID), Locale: "en",
	})
}

func (a *oauthAccount) registrationID(owner string) string {
	return seedID("oauth-user", a.provider.kind+owner)
}

// link ties a member to the accounts of a sign-in that was good enough.
func (m *member) link(factors []factor, now time.Time) {
	for i := range factors {
		if account := factors[i].account; account != nil && m.registration(account) == nil {
			m.registerAccount(account)
			m.changed(now)
		}
		if said := factors[i].said; said != nil {
			m.tie(said)
			m.changed(now)
		}
	}
}

// factor is a sign-in with the account. The owner is a member, or an address in discovery.
func (a *oauthAccount) factor(owner, emailID string, now time.Time) factor {
	f := newFactor("oauth", "oauth_"+a.provider.name, now)
	f.account = a
	*a.provider.detail(&f) = &oauthDetail{ID: a.registrationID(owner), ProviderSubject: a.subject, EmailID: &emailID}
	return f
}

// of is the same proof as a factor of another member with the same address.
func (f factor) of(to *member) factor {
	f.everywhere = false
	if f.Email != nil {
		f.Email = &emailDetail{to.emailIdentifier(), to.EmailAddress}
	}
	if f.account != nil {
		id := to.emailIdentifier()
		*f.account.provider.detail(&f) = &oauthDetail{f.account.registrationID(to.MemberID), f.account.subject, &id}
	}
	return f
}

// exchanged are factors of a session of another organization. Accounts are not tied to the member there, and an account at
// a provider that lets people claim any address is named as one that was only brought along.
func exchanged(factors []factor, to *member) []factor {
	brought := slices.Clone(factors)
	for i := range brought {
		f := &brought[i]
		if f.account != nil && f.account.provider.exchange != nil {
			*f.account.provider.detail(f) = nil
			*f.account.provider.exchange(f) = &exchangeDetail{to.emailIdentifier()}
			f.DeliveryMethod = "oauth_exchange_" + f.account.provider.name
		}
		f.account = nil
	}
	return brought
}

// oauthFlow is a sign-in whose person is at the provider. Its state is good once.
type oauthFlow struct {
	provider      *oauthProvider
	tenant        *tenant // nil for discovery
	login, signup *url.URL
	challenge     string // PKCE; empty without
	scopes        []string
	expires       time.Time
}

// oauthToken is what leads from the provider back into the application. It is good once.
type oauthToken struct {
	*oauthFlow
	account *oauthAccount
	email   string
	expires time.Time
}

const oauthPrefix = "/v1/b2b/public/oauth/"

// serveOAuth answers the addresses where a browser begins a sign-in through a provider. They are no operations: they take no
// credentials, and a refusal is a plain page.
func (s *Server) serveOAuth(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet {
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
		return
	}
	state, err := s.startOAuth(r.URL)
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.kind+": "+refusal.message, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, oauthPage+"?"+url.Values{"state": {state}}.Encode(), http.StatusFound)
}

// startOAuth checks a start address and gives the state of the flow.
func (s *Server) startOAuth(start *url.URL) (state string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, rest, _ := strings.Cut(strings.TrimPrefix(start.Path, oauthPrefix), "/")
	at := slices.IndexFunc(oauthProviders, func(p *oauthProvider) bool { return p.name == name })
	if at < 0 || rest != "start" && rest != "discovery/start" {
		return "", badRequest("invalid_oauth_provider", "There is no such provider.")
	}
	query := start.Query()
	if err := s.checkPublicToken(query.Get("public_token")); err != nil {
		return "", err
	}
	flow := &oauthFlow{
		provider: oauthProviders[at], challenge: query.Get("pkce_code_challenge"),
		scopes: append([]string{"openid", "email", "profile"}, strings.Fields(query.Get("custom_scopes"))...), expires: s.now().Add(oauthFlowLife),
	}
	if rest == "start" {
		err = s.startInOrganization(flow, query)
	} else {
		flow.login, err = s.redirect(query.Get("discovery_redirect_url"), discoveryRedirect.byOAuth())
	}
	if err != nil {
		return "", err
	}
	state = newToken()
	s.store.oauthFlows[state] = flow
	return state, nil
}

func (s *Server) startInOrganization(flow *oauthFlow, query url.Values) error {
	id, slug := query.Get("organization_id"), query.Get("slug")
	switch {
	case id == "" && slug == "":
		return badRequest("missing_oauth_organization_locator", "One of organization_id and slug is needed.")
	case id != "" && slug != "":
		return badRequest("too_many_oauth_organization_locators", "Only one of organization_id and slug may be sent.")
	}
	t := s.store.organization(id + slug)
	if t == nil {
		return errOrganizationNotFound()
	}
	if t.AuthMethods == restricted && !slices.Contains(t.AllowedAuthMethods, flow.provider.name+"_oauth") {
		return errRestrictedMethod()
	}
	var err error
	if flow.login, err = s.redirect(query.Get("login_redirect_url"), loginRedirect.byOAuth()); err != nil {
		return err
	}
	flow.signup, err = s.redirect(query.Get("signup_redirect_url"), signupRedirect.byOAuth())
	flow.tenant = t
	return err
}

// oauthFlow finds a flow that is under way; the caller holds mu.
func (s *Server) oauthFlow(state string) (*oauthFlow, error) {
	flow := s.store.oauthFlows[state]
	if flow == nil || !s.now().Before(flow.expires) {
		return nil, badRequest("oauth_invalid_state", "This sign-in is over, or it never was. Begin again.")
	}
	return flow, nil
}

// chooseAccount ends a flow with the account of an address, and gives the URL that leads back.
func (s *Server) chooseAccount(state, email string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flow, err := s.oauthFlow(state)
	if err != nil {
		return "", err
	}
	if err := checkEmail(email); err != nil {
		return "", err
	}
	delete(s.store.oauthFlows, state)
	token := newToken()
	account := accountOf(flow.provider, email)
	s.store.oauthTokens[token] = &oauthToken{flow, account, strings.ToLower(email), s.now().Add(oauthTokenLife)}
	if flow.tenant == nil {
		return withQuery(flow.login, "stytch_token_type", "discovery_oauth", "token", token), nil
	}
	target := flow.login
	if m := s.store.memberByAccount(flow.tenant, account, email); m == nil || m.Status != statusActive {
		target = flow.signup
	}
	return withQuery(target, "stytch_token_type", "oauth", "token", token, "slug", flow.tenant.OrganizationSlug), nil
}

// memberByAccount finds who is tied to an account, else who has its address; nil when there is nobody.
func (s *store) memberByAccount(t *tenant, account *oauthAccount, email string) *member {
	for _, m := range t.live {
		if m.registration(account) != nil {
			return m
		}
	}
	return s.memberByEmail(t, email)
}

// FinishOAuth does what a browser and a person do between an OAuth start URL and the application, for tests: it signs in at
// the provider with the account of an address. It returns the URL that leads back to the application, or the refusal.
func (s *Server) FinishOAuth(startURL, email string) (redirect string, err error) {
	start, err := url.Parse(startURL)
	if err != nil {
		return "", err
	}
	state, err := s.startOAuth(start)
	if err != nil {
		return "", err
	}
	return s.chooseAccount(state, email)
}
