package sandbox

import (
	"errors"
	"slices"
	"time"
)

// How long an impersonation token works, and the session that it gives.
const (
	impersonationTokenLife = 5 * time.Minute
	impersonationLife      = 60 * time.Minute
)

// impersonation is a token with which somebody of the operator's staff becomes a member.
type impersonation struct {
	member  *member
	by      string // e-mail address
	expires time.Time
	used    bool
}

// Impersonate makes an impersonation link as the upstream's own dashboard does: slug and email name the member, by is the e-mail
// address of whoever impersonates. The link works once, within five minutes. A member who is not there or not active, and a
// sandbox without a redirect URL, are errors.
func (s *Server) Impersonate(slug, email, by string) (link string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.lookup(slug, email)
	if err != nil {
		return "", err
	}
	if m.Status != statusActive {
		return "", errors.New("sandbox: only active members can be impersonated")
	}
	if checkEmail(by) != nil {
		return "", errors.New("sandbox: the impersonator must be an e-mail address")
	}
	target, err := s.redirect("", loginRedirect)
	if err != nil {
		return "", errors.New("sandbox: there is no redirect URL")
	}
	token := newToken()
	s.store.impersonations[token] = &impersonation{member: m, by: by, expires: s.now().Add(impersonationTokenLife)}
	return withQuery(target, "stytch_token_type", "multi_tenant_impersonation", "token", token), nil
}

type impersonationAnswer struct {
	memberAnswer
	OrganizationID           string       `json:"organization_id"`
	SessionToken             string       `json:"session_token"`
	SessionJWT               string       `json:"session_jwt"`
	MemberSession            *sessionWire `json:"member_session"`
	IntermediateSessionToken string       `json:"intermediate_session_token"`
	MemberAuthenticated      bool         `json:"member_authenticated"`
	MFARequired              *mfaRequired `json:"mfa_required"`
}

// impersonationAuthenticate gives a whole session at once: neither the organization's methods nor its second step are asked for.
func (c *call) impersonationAuthenticate() (any, error) {
	in, err := decode[struct {
		Token string `json:"impersonation_token"`
	}](c)
	if err != nil {
		return nil, err
	}
	found := c.store.impersonations[in.Token]
	if found == nil || found.used || !c.time.Before(found.expires) {
		return nil, unauthorized("unable_to_auth_impersonation_token", "The impersonation token could not be authenticated because it was already used or expired.")
	}
	found.used = true
	m := found.member
	c.log.TargetOrganizationID = m.OrganizationID
	s := c.store.newSession(m, []factor{impersonatedFactor(found.by, c.time)}, c.time, impersonationLife)
	return impersonationAnswer{
		memberAnswer: c.memberAnswer(m), OrganizationID: m.OrganizationID, MemberAuthenticated: true,
		SessionToken: s.token, SessionJWT: c.mintJWT(s), MemberSession: s.wire(),
	}, nil
}

// impersonated tells whether somebody else is behind a session.
func (s *session) impersonated() bool {
	return slices.ContainsFunc(s.factors, func(f factor) bool { return f.Impersonated != nil })
}
