package sandbox

import (
	"cmp"
	"slices"
)

type sessionsAnswer struct {
	envelope
	MemberSessions []*sessionWire `json:"member_sessions"`
}

// sessionGet lists the live sessions of a member.
func (c *call) sessionGet() (any, error) {
	query := c.request.URL.Query()
	if err := checkMemberID(query.Get("member_id")); err != nil {
		return nil, err
	}
	t, err := c.resolve(query.Get("organization_id"))
	if err != nil {
		return nil, err
	}
	m := t.member(c.store, query.Get("member_id"))
	if m == nil || m.Status == statusDeleted {
		return nil, errMemberNotFound()
	}
	var live []*session
	for _, s := range c.store.sessions {
		if s.member == m && s.alive(c.time) {
			live = append(live, s)
		}
	}
	slices.SortFunc(live, func(a, b *session) int {
		return cmp.Or(b.started.Compare(a.started), cmp.Compare(a.id, b.id))
	})
	answer := sessionsAnswer{envelope: c.ok()}
	for _, s := range live {
		answer.MemberSessions = append(answer.MemberSessions, s.wire())
	}
	return answer, nil
}

type sessionAuthenticateRequest struct {
	SessionToken  string         `json:"session_token"`
	SessionJWT    string         `json:"session_jwt"`
	Minutes       *int32         `json:"session_duration_minutes"`
	CustomClaims  map[string]any `json:"session_custom_claims"`
	Authorization *Check         `json:"authorization_check"`
}

type verdict struct {
	Authorized    bool     `json:"authorized"`
	GrantingRoles []string `json:"granting_roles"`
}

type sessionAuthenticateAnswer struct {
	envelope
	MemberSession *sessionWire  `json:"member_session"`
	SessionToken  string        `json:"session_token"`
	SessionJWT    string        `json:"session_jwt"`
	Member        *memberFields `json:"member"`
	Organization  *organization `json:"organization"`
	Verdict       *verdict      `json:"verdict"`
}

func (c *call) sessionAuthenticate() (any, error) {
	in, err := decode[sessionAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	if check := in.Authorization; check != nil {
		c.log.AuthorizationCheck = check
		if check.OrganizationID == "" || check.ResourceID == "" || check.Action == "" {
			return nil, badRequest("bad_request", "authorization_check needs organization_id, resource_id and action.")
		}
	}
	life, err := sessionMinutes(in.Minutes)
	if err != nil {
		return nil, err
	}
	s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
	if err != nil {
		return nil, err
	}
	if in.Minutes != nil && s.impersonated() {
		return nil, errNotMutable()
	}
	answer := sessionAuthenticateAnswer{envelope: c.ok()}
	if in.Authorization != nil {
		granted, err := c.check(s, in.Authorization)
		if err != nil {
			return nil, err
		}
		answer.Verdict = granted
	}
	// The session is prolonged only once the check has passed.
	if in.Minutes != nil {
		s.expires = c.time.Add(life)
	}
	if err := s.claim(in.CustomClaims); err != nil {
		return nil, err
	}
	s.accessed = c.time
	answer.MemberSession, answer.SessionToken, answer.SessionJWT = s.wire(), s.token, c.mintJWT(s)
	answer.Member, answer.Organization = &s.member.memberFields, &s.member.tenant.organization
	return answer, nil
}

// check answers an authorization_check and notes the verdict in the request log.
func (c *call) check(s *session, check *Check) (*verdict, error) {
	authorized := false
	c.log.Authorized = &authorized
	if t := c.store.organization(check.OrganizationID); t != s.member.tenant {
		return nil, errOtherTenant()
	}
	roles := c.granting(s, check.ResourceID, check.Action)
	if len(roles) == 0 {
		return nil, errNotAuthorized()
	}
	authorized = true
	return &verdict{Authorized: true, GrantingRoles: roles}, nil
}

type sessionExchangeRequest struct {
	OrganizationID string         `json:"organization_id"`
	SessionToken   string         `json:"session_token"`
	SessionJWT     string         `json:"session_jwt"`
	Minutes        *int32         `json:"session_duration_minutes"`
	CustomClaims   map[string]any `json:"session_custom_claims"`
	Locale         string         `json:"locale"`
}

// sessionExchange gives a session of another organization to the same person. It accepts an invitation and never makes a member.
func (c *call) sessionExchange() (any, error) {
	in, err := decode[sessionExchangeRequest](c)
	if err != nil {
		return nil, err
	}
	life, err := sessionMinutes(in.Minutes)
	if err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, exchangeLocales...); err != nil {
		return nil, err
	}
	s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
	if err != nil {
		return nil, err
	}
	if s.impersonated() {
		return nil, errNotMutable()
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return nil, err
	}
	m := c.store.memberByEmail(t, s.member.EmailAddress)
	if m == nil {
		return nil, errMemberNotFound()
	}
	factors := exchanged(transferable(s.factors, m), m)
	if len(factors) == 0 {
		return nil, unauthorized("insufficient_factors_for_session_exchange", "The session has no factor that counts in another organization.")
	}
	return c.finish(attempt{member: m, factors: factors, life: life, claims: in.CustomClaims})
}

// transferable picks the factors that count in another organization.
func transferable(factors []factor, to *member) []factor {
	var travelling []factor
	for i := range factors {
		if factors[i].travels(to) {
			travelling = append(travelling, factors[i].of(to))
		}
	}
	if !slices.ContainsFunc(travelling, func(f factor) bool { return !f.secondary() }) {
		return nil
	}
	return travelling
}

type sessionRevokeRequest struct {
	MemberSessionID string `json:"member_session_id"`
	SessionToken    string `json:"session_token"`
	SessionJWT      string `json:"session_jwt"`
	MemberID        string `json:"member_id"`
}

// sessionRevoke ends one session, or all of a member. A session that is not known is answered like one that has ended.
func (c *call) sessionRevoke() (any, error) {
	in, err := decode[sessionRevokeRequest](c)
	if err != nil {
		return nil, err
	}
	given := 0
	for _, argument := range []string{in.MemberSessionID, in.SessionToken, in.SessionJWT, in.MemberID} {
		if argument != "" {
			given++
		}
	}
	switch {
	case given == 0:
		return nil, badRequest("no_session_revoke_arguments", "One of member_session_id, session_token, session_jwt and member_id is needed.")
	case given > 1:
		return nil, badRequest("too_many_session_revoke_arguments", "Only one of member_session_id, session_token, session_jwt and member_id may be sent.")
	}
	if in.SessionToken != "" && !tokenShape.MatchString(in.SessionToken) {
		return nil, errInvalidSessionToken()
	}
	acting, err := c.acting()
	if err != nil {
		return nil, err
	}
	if in.SessionToken != "" || in.SessionJWT != "" {
		return c.revokeOwn(in)
	}
	return c.revokeOthers(in, acting)
}

// revokeOwn needs no permission: whoever has the token is the session.
func (c *call) revokeOwn(in sessionRevokeRequest) (any, error) {
	s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
	if refusal := asRefusal(err); refusal != nil && refusal.kind != "session_not_found" {
		return nil, err
	}
	if s != nil {
		c.log.TargetOrganizationID = s.member.OrganizationID
		c.store.revoke(s)
	}
	return c.ok(), nil
}

func (c *call) revokeOthers(in sessionRevokeRequest, acting *session) (any, error) {
	var target *member
	var gone []*session
	if in.MemberID != "" {
		if !hasShape("member", in.MemberID) {
			return nil, badRequest("invalid_member_id", "member_id format is invalid.")
		}
		target = c.store.members[in.MemberID]
		for _, s := range c.store.sessions {
			if s.member == target {
				gone = append(gone, s)
			}
		}
	} else if s := c.store.sessionIDs[in.MemberSessionID]; s != nil {
		target, gone = s.member, []*session{s}
	}
	if target != nil {
		c.log.TargetOrganizationID = target.OrganizationID
	}
	if acting != nil {
		if err := c.mayRevoke(acting, target, in.MemberID != ""); err != nil {
			return nil, err
		}
	}
	if target == nil && in.MemberID != "" {
		return nil, errMemberNotFound()
	}
	for _, s := range gone {
		c.store.revoke(s)
	}
	return c.ok(), nil
}

func (c *call) mayRevoke(acting *session, target *member, byMember bool) error {
	if target == nil && !byMember {
		return nil
	}
	if target == nil || target.tenant != acting.member.tenant {
		return errOtherTenant()
	}
	if !c.may(acting, target, "revoke-sessions", true) {
		return errNotAuthorized()
	}
	return nil
}
