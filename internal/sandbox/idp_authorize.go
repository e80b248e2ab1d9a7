package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// authorizeRequest is what an app asks for, and of whom.
type authorizeRequest struct {
	ClientID       string   `json:"client_id"`
	RedirectURI    string   `json:"redirect_uri"`
	ResponseType   string   `json:"response_type"`
	Scopes         []string `json:"scopes"`
	OrganizationID string   `json:"organization_id"`
	MemberID       string   `json:"member_id"`
	SessionToken   string   `json:"session_token"`
	SessionJWT     string   `json:"session_jwt"`
	Prompt         string   `json:"prompt"`
}

// authorization is an app's request that may be decided.
type authorization struct {
	app             *connectedApp
	member          *member
	session         *session // nil when the request names the member without one
	scopes          []scopeResult
	consentRequired bool
}

func (a *authorization) roles() []string {
	if a.session != nil {
		return a.session.roles()
	}
	roles := make([]string, 0, len(a.member.Roles))
	for _, role := range a.member.Roles {
		roles = append(roles, role.RoleID)
	}
	return roles
}

// authorize looks at a request. It changes nothing. What is wrong with the client or the redirect URL comes first: whoever reads
// the answer must not send anybody there (rule authorize-errors).
func (c *call) authorize(in *authorizeRequest) (*authorization, error) {
	app := c.store.connectedApp(in.ClientID)
	if app == nil {
		return nil, errConnectedAppNotFound()
	}
	if !app.mayRedirect(in.RedirectURI) {
		return nil, unauthorized("connected_app_supplied_redirect_url_not_found_in_client", "The redirect URL is not one of the client.")
	}
	m, session, err := c.authorizing(in)
	if err != nil {
		return nil, err
	}
	if !m.tenant.allows(app) {
		return nil, badRequest("connected_app_not_allowed_for_org", "The organization does not allow this Connected App.")
	}
	a := &authorization{app: app, member: m, session: session}
	if a.scopes, err = c.scopeResults(a, in.Scopes); err != nil {
		return nil, err
	}
	a.consentRequired = a.asks(in.Prompt)
	return a, nil
}

// authorizing finds the member, who is named in exactly one way (rule authorize-member).
func (c *call) authorizing(in *authorizeRequest) (*member, *session, error) {
	ways := 0
	for _, given := range []bool{in.OrganizationID != "" || in.MemberID != "", in.SessionToken != "", in.SessionJWT != ""} {
		if given {
			ways++
		}
	}
	bySession := in.SessionToken != "" || in.SessionJWT != ""
	switch {
	case ways > 1:
		return nil, nil, badRequest("too_many_user_selection_arguments", "The member may be named in one way only.")
	case ways == 0, !bySession && (in.OrganizationID == "" || in.MemberID == ""):
		return nil, nil, badRequest("no_oauth_authorize_member_selector", "organization_id and member_id, session_token or session_jwt is needed.")
	case bySession:
		session, err := c.sessionOf(in.SessionToken, in.SessionJWT)
		if err != nil {
			return nil, nil, err
		}
		c.log.TargetOrganizationID = session.member.OrganizationID
		return session.member, session, nil
	}
	if err := checkMemberID(in.MemberID); err != nil {
		return nil, nil, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return nil, nil, err
	}
	m := t.member(c.store, in.MemberID)
	if m == nil || m.Status == statusDeleted {
		return nil, nil, errMemberNotFound()
	}
	return m, nil, nil
}

// asks tells whether the member has to be asked (rule consent-required). Scopes that cannot be granted count for nothing.
func (a *authorization) asks(prompt string) bool {
	wanted := grantable(a.scopes)
	switch {
	case slices.Contains(strings.Fields(prompt), "consent"), a.member.takenBack[a.app]:
		return true
	case slices.Contains(wanted, scopeOffline) && (!a.app.firstParty() || !a.app.BypassOfflineConsent):
		return true
	case a.app.firstParty():
		return false
	}
	before := a.member.grantFor(a.app)
	return before == nil || slices.ContainsFunc(wanted, func(scope string) bool { return !slices.Contains(before.scopes, scope) })
}

// authorizeStart says what an app asks for, and what of it the member can give.
func (c *call) authorizeStart() (any, error) {
	in, err := decode[authorizeRequest](c)
	if err != nil {
		return nil, err
	}
	a, err := c.authorize(&in)
	if err != nil {
		return nil, err
	}
	type publicApp struct {
		ClientID          string  `json:"client_id"`
		ClientName        string  `json:"client_name"`
		ClientDescription string  `json:"client_description"`
		ClientType        string  `json:"client_type"`
		LogoURL           *string `json:"logo_url"`
	}
	return struct {
		memberAnswer
		Client          publicApp     `json:"client"`
		ConsentRequired bool          `json:"consent_required"`
		ScopeResults    []scopeResult `json:"scope_results"`
	}{
		c.memberAnswer(a.member),
		publicApp{a.app.ClientID, a.app.ClientName, a.app.ClientDescription, a.app.ClientType, a.app.LogoURL},
		a.consentRequired, a.scopes,
	}, nil
}

// decision is what the member said to a request.
type decision struct {
	authorizeRequest
	ConsentGranted bool     `json:"consent_granted"`
	State          string   `json:"state"`
	Nonce          string   `json:"nonce"`
	CodeChallenge  string   `json:"code_challenge"`
	Resources      []string `json:"resources"`
}

// codeChallenge is a SHA-256 sum; no other method is taken.
var codeChallenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

type decisionAnswer struct {
	envelope
	RedirectURI       string `json:"redirect_uri"`
	AuthorizationCode string `json:"authorization_code,omitzero"`
}

// authorizeSubmit decides a request. What the redirect URL is told is little (rule authorize-answer).
func (c *call) authorizeSubmit() (any, error) {
	in, err := decode[decision](c)
	if err != nil {
		return nil, err
	}
	a, err := c.authorize(&in.authorizeRequest)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CodeChallenge == "" && a.app.public():
		return nil, badRequest("pkce_required_for_idp_authorization_flow", "A public client must send a code_challenge.")
	case in.CodeChallenge != "" && !codeChallenge.MatchString(in.CodeChallenge):
		return nil, badRequest("invalid_pkce_code_challenge", "The code_challenge is not a SHA-256 sum in base64url.")
	}
	scopes := grantable(a.scopes)
	switch {
	case in.ResponseType != "code":
		return c.sendBack(&in, "error", "unsupported_response_type", "error_description", "Only the response type code is supported."), nil
	case a.consentRequired && !in.ConsentGranted:
		return c.sendBack(&in, "error", "access_denied", "error_description", "The user denied the request."), nil
	case len(scopes) == 0:
		return c.sendBack(&in, "error", "invalid_scope", "error_description", "None of the scopes can be granted."), nil
	case slices.ContainsFunc(in.Resources, func(one string) bool { return !isResource(one) }):
		return c.sendBack(&in, "error", "invalid_target", "error_description", "A resource is not an absolute URI."), nil
	}
	code := &authCode{
		code: newToken(), app: a.app, member: a.member, session: a.session, scopes: scopes, redirectURI: in.RedirectURI,
		nonce: in.Nonce, challenge: in.CodeChallenge, resources: in.Resources, issued: c.time, expires: c.time.Add(authCodeLife),
	}
	code.grant = a.member.letIn(a.app, c.time, scopes...)
	code.grant.resources = in.Resources
	c.store.authCodes[code.code] = code
	answer := c.sendBack(&in, "code", code.code)
	answer.AuthorizationCode = code.code
	return answer, nil
}

// isResource is the shape of a resource indicator.
func isResource(given string) bool {
	u, err := url.Parse(given)
	return err == nil && u.IsAbs() && !strings.Contains(given, "#")
}

// sendBack is the answer to the client: its redirect URL as it is, with name, value pairs and the state behind what it has already.
func (c *call) sendBack(in *decision, pairs ...string) decisionAnswer {
	if in.State != "" {
		pairs = append(pairs, "state", in.State)
	}
	var query strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		query.WriteString("&" + pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
	}
	separator := "?"
	if strings.Contains(in.RedirectURI, "?") {
		separator = "&"
	}
	return decisionAnswer{envelope: c.ok(), RedirectURI: in.RedirectURI + separator + query.String()[1:]}
}
