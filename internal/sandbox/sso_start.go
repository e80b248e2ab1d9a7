package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	ssoStartPath   = "/v1/public/sso/start"
	callbackPrefix = "/v1/b2b/sso/callback/"

	ssoFlowLife  = 10 * time.Minute
	ssoTokenLife = 5 * time.Minute
)

// ssoFlow is a sign-in whose person is at the identity provider. Its state is good once.
type ssoFlow struct {
	tenant        *tenant
	connection    string
	login, signup *url.URL
	challenge     string // PKCE; empty without
	expires       time.Time
}

// ssoToken is what leads from the identity provider back into the application. It is good once.
type ssoToken struct {
	*ssoFlow
	person  SSOPerson
	expires time.Time
}

// SSOPerson is who an identity provider says has signed in.
type SSOPerson struct {
	Email, Name string
	Groups      []string
}

// via is a connection as a sign-in needs it, whatever its kind.
type via struct {
	id, name, status string
	oidc             bool // by itself, or what an external connection leads to
	mapping          map[string]string
	groups           []groupRole
}

// via finds a connection of an organization; nil when there is none.
func (s *store) via(t *tenant, id string) *via {
	for i := range t.saml {
		if one := &t.saml[i]; one.ConnectionID == id {
			return &via{one.ConnectionID, one.DisplayName, one.Status, false, one.AttributeMapping, one.GroupRoles}
		}
	}
	for i := range t.oidc {
		if one := &t.oidc[i]; one.ConnectionID == id {
			return &via{id: one.ConnectionID, name: one.DisplayName, status: one.Status, oidc: true}
		}
	}
	for i := range t.external {
		one := &t.external[i]
		if one.ConnectionID != id {
			continue
		}
		found := &via{
			id: id, name: one.DisplayName, status: statusPending, groups: one.GroupRoles,
			mapping: map[string]string{"first_name": "firstName", "last_name": "lastName", "groups": externalGroups},
		}
		saml, oidc := s.underlying(one.ExternalOrganizationID, one.ExternalConnectionID)
		found.oidc = oidc != nil
		if saml != nil && saml.Status == statusActive || oidc != nil && oidc.Status == statusActive {
			found.status = one.Status
		}
		return found
	}
	return nil
}

// serveSSOStart answers the address where a browser begins a sign-in through a connection. It is no operation: it takes no
// credentials, and a refusal is a plain page.
func (s *Server) serveSSOStart(w http.ResponseWriter, r *http.Request) {
	plainHeaders(w)
	if r.Method != http.MethodGet {
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
		return
	}
	state, err := s.startSSO(r.URL)
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.kind+": "+refusal.message, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, ssoPage+"?"+url.Values{"state": {state}}.Encode(), http.StatusFound)
}

// plainHeaders are those of an address that a browser opens on its way.
func plainHeaders(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// startSSO checks a start address and gives the state of the flow (rule sso-start).
func (s *Server) startSSO(start *url.URL) (state string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query := start.Query()
	if err := s.checkPublicToken(query.Get("public_token")); err != nil {
		return "", err
	}
	t, id, err := s.locate(query)
	if err != nil {
		return "", err
	}
	if t.AuthMethods == restricted && !slices.Contains(t.AllowedAuthMethods, "sso") {
		return "", errRestrictedMethod()
	}
	if _, err := s.openConnection(t, id); err != nil {
		return "", err
	}
	flow := &ssoFlow{tenant: t, connection: id, challenge: query.Get("pkce_code_challenge"), expires: s.now().Add(ssoFlowLife)}
	if flow.login, err = s.redirect(query.Get("login_redirect_url"), loginRedirect.bySSO()); err != nil {
		return "", err
	}
	if flow.signup, err = s.redirect(query.Get("signup_redirect_url"), signupRedirect.bySSO()); err != nil {
		return "", err
	}
	state = newToken()
	s.store.ssoFlows[state] = flow
	return state, nil
}

func (s *Server) checkPublicToken(given string) error {
	switch given {
	case "":
		return badRequest("public_token_required", "public_token is missing.")
	case s.public:
		return nil
	}
	return badRequest("public_token_not_found", "public_token is not one of the project.")
}

// locate finds the connection that a start address names, itself or by an organization that has a default one.
func (s *Server) locate(query url.Values) (t *tenant, connection string, err error) {
	id, organization := query.Get("connection_id"), query.Get("organization_id")+query.Get("slug")
	switch {
	case id == "" && organization == "":
		return nil, "", badRequest("missing_sso_connection_locator", "One of connection_id, organization_id and slug is needed.")
	case id != "" && organization != "" || query.Get("organization_id") != "" && query.Get("slug") != "":
		return nil, "", badRequest("too_many_sso_connection_locators", "Only one of connection_id, organization_id and slug may be sent.")
	case id != "":
		for _, t := range s.store.tenants {
			if slices.Contains(t.connectionIDs(), id) {
				return t, id, nil
			}
		}
		return nil, "", errNoConnection()
	}
	t = s.store.organization(organization)
	switch {
	case t == nil:
		return nil, "", errOrganizationNotFound()
	case len(t.SSOActiveConnections) == 0:
		return nil, "", badRequest("no_sso_connection_exists_for_organization", "The organization has no active connection.")
	case t.SSODefaultConnectionID == nil:
		return nil, "", badRequest("indeterminate_sso_connection_for_organization", "The organization has no default connection.")
	}
	return t, *t.SSODefaultConnectionID, nil
}

// openConnection gives a connection that people may come in through.
func (s *Server) openConnection(t *tenant, id string) (*via, error) {
	found := s.store.via(t, id)
	if found == nil {
		return nil, errNoConnection()
	}
	if found.status != statusActive {
		return nil, badRequest("requires_active_sso_connection", "The connection is not active.")
	}
	return found, nil
}

// ssoFlow finds a flow that is under way; the caller holds mu.
func (s *Server) ssoFlow(state string) (*ssoFlow, error) {
	flow := s.store.ssoFlows[state]
	if flow == nil || !s.now().Before(flow.expires) {
		return nil, errUnsolicited("")
	}
	return flow, nil
}

// errUnsolicited is for a sign-in that nobody has begun, or that is over, or that is one of another connection.
func errUnsolicited(connection string) error {
	kind := "unsolicited_saml_response"
	if strings.HasPrefix(connection, "oidc-connection-") {
		kind = "unsolicited_oidc_response"
	}
	return badRequest(kind, "This sign-in is over, or it never was. Begin again in the application.")
}

// serveCallback takes what the stand-in identity provider posts. A page of another site could post it too, but does not know the
// state: nothing begins at an identity provider (rule sso-idp-initiated).
func (s *Server) serveCallback(w http.ResponseWriter, r *http.Request) {
	plainHeaders(w)
	if r.Method != http.MethodPost {
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	person := SSOPerson{Email: r.PostFormValue("email"), Name: r.PostFormValue("name"), Groups: groupNames(r.PostFormValue("groups"))}
	back, err := s.assert(strings.TrimPrefix(r.URL.Path, callbackPrefix), r.PostFormValue("RelayState"), person)
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.kind+": "+refusal.message, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // it leads to a redirect URL that was compared when the flow began
}

// groupNames reads names that are divided by commas.
func groupNames(text string) []string {
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// assert ends a flow with a person, and gives the URL that leads back.
func (s *Server) assert(connection, state string, person SSOPerson) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flow, err := s.ssoFlow(state)
	if err != nil || flow.connection != connection {
		return "", errUnsolicited(connection)
	}
	found, err := s.openConnection(flow.tenant, connection)
	if err != nil {
		return "", err
	}
	if checkEmail(person.Email) != nil {
		if found.oidc {
			return "", badRequest("oidc_response_email_missing", "The identity provider names no e-mail address.")
		}
		return "", badRequest("invalid_saml_response_email", "The identity provider names no e-mail address.")
	}
	delete(s.store.ssoFlows, state)
	person.Email = strings.ToLower(person.Email)
	token := newToken()
	s.store.ssoTokens[token] = &ssoToken{flow, person, s.now().Add(ssoTokenLife)}
	target := flow.login
	if m := s.store.memberByConnection(flow.tenant, connection, person.Email); m == nil || m.Status != statusActive {
		target = flow.signup
	}
	return withQuery(target, "stytch_token_type", "sso", "token", token, "slug", flow.tenant.OrganizationSlug), nil
}

// FinishSSO does what a browser and a person do between an SSO start URL and the application, for tests: the identity provider says
// that this person has signed in. It returns the URL that leads back to the application, or the refusal.
func (s *Server) FinishSSO(startURL string, person SSOPerson) (redirect string, err error) {
	start, err := url.Parse(startURL)
	if err != nil {
		return "", err
	}
	state, err := s.startSSO(start)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	connection := s.store.ssoFlows[state].connection
	s.mu.Unlock()
	return s.assert(connection, state, person)
}
