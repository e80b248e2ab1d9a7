package sandbox

import (
	"slices"
	"strings"
	"time"
)

// freshFactor is how old a factor may be for a session to change its member's password.
const freshFactor = 5 * time.Minute

// useReset finds a reset link and uses it up; a verifier that is missing or wrong, and a password that will not do, leave it whole.
func (c *call) useReset(token, verifier, plain string, discovery bool) (*link, error) {
	found := c.store.resets[token]
	if found == nil || discovery != (found.member == nil) || found.used || !c.time.Before(found.expires) {
		return nil, unauthorized("unable_to_auth_password_reset_token", "The reset token could not be authenticated because it was already used or expired.")
	}
	if err := checkVerifier(found.challenge, verifier); err != nil {
		return nil, err
	}
	return found, acceptable(plain, found.email)
}

// acceptable refuses a new password that is weak or was in a breach.
func acceptable(plain, email string) error {
	switch {
	case breached(plain):
		return badRequest("breached_password", "The password was found in a breach; choose another one.")
	case rate(plain, email).score < acceptedScore:
		return badRequest("weak_password", "The password is too weak.")
	}
	return nil
}

type resetStartRequest struct {
	OrganizationID string `json:"organization_id"`
	EmailAddress   string `json:"email_address"`
	Redirect       string `json:"reset_password_redirect_url"`
	LoginRedirect  string `json:"login_redirect_url"`
	Discovery      string `json:"discovery_redirect_url"`
	Minutes        *int32 `json:"reset_password_expiration_minutes"`
	Challenge      string `json:"code_challenge"`
	PKCEChallenge  string `json:"pkce_code_challenge"` // what discovery calls the same
	Locale         string `json:"locale"`
}

type resetStartAnswer struct {
	envelope
	MemberID      string        `json:"member_id"`
	MemberEmailID string        `json:"member_email_id"`
	Member        *memberFields `json:"member"`
}

func (c *call) passwordResetStart() (any, error) {
	in, err := decode[resetStartRequest](c)
	if err != nil {
		return nil, err
	}
	m, err := c.passwordMember(in.OrganizationID, in.EmailAddress)
	if err != nil {
		return nil, err
	}
	if t := m.tenant; t.AuthMethods == restricted && !m.IsBreakglass && !slices.Contains(t.AllowedAuthMethods, "password") {
		return nil, errRestrictedMethod()
	}
	// The mail has a second link, for signing in without a password.
	if _, err := c.redirect(in.LoginRedirect, loginRedirect); err != nil {
		return nil, err
	}
	sent := &link{email: strings.ToLower(m.EmailAddress), member: m, challenge: in.Challenge}
	if err := c.sendReset(&in, sent, "Reset your password for "+m.tenant.OrganizationName, "slug", m.tenant.OrganizationSlug); err != nil {
		return nil, err
	}
	return resetStartAnswer{c.ok(), m.MemberID, m.emailIdentifier(), &m.memberFields}, nil
}

// discoveryPasswordResetStart sends to every address alike, known or not.
func (c *call) discoveryPasswordResetStart() (any, error) {
	in, err := decode[resetStartRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := c.acrossOrganizations(); err != nil {
		return nil, err
	}
	if _, err := c.redirect(in.Discovery, discoveryRedirect); err != nil {
		return nil, err
	}
	sent := &link{email: strings.ToLower(in.EmailAddress), challenge: in.PKCEChallenge}
	return c.ok(), c.sendReset(&in, sent, "Reset your password")
}

// sendReset checks the rest of the request and sends the link; more are further parameters of it.
func (c *call) sendReset(in *resetStartRequest, sent *link, subject string, more ...string) error {
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return err
	}
	life, err := minutes(in.Minutes, 30, 5, 10080, "invalid_expiration")
	if err != nil {
		return err
	}
	target, err := c.redirect(in.Redirect, resetRedirect)
	if err != nil {
		return err
	}
	if err := c.mayMail(mailResets, in.EmailAddress); err != nil {
		return err
	}
	token := newToken()
	sent.expires = c.time.Add(life)
	c.store.resets[token] = sent
	pairs := append([]string{"stytch_token_type", "multi_tenant_passwords", "token", token, "public_token", c.public}, more...)
	c.post(Message{To: in.EmailAddress, Kind: "password_reset", Subject: subject, Link: withQuery(target, pairs...)})
	return nil
}

// replacePassword sets a member's password and ends the member's sessions, save one that may stay.
func (c *call) replacePassword(m *member, p *password, stays *session) {
	m.changePassword(p)
	m.changed(c.time)
	for _, s := range c.store.sessionIDs {
		if s.member == m && s != stays {
			c.store.revoke(s)
		}
	}
}

type passwordResetRequest struct {
	primaryRequest
	Token    string `json:"password_reset_token"`
	Password string `json:"password"`
	Verifier string `json:"code_verifier"`
}

type passwordResetAnswer struct {
	loginAnswer
	MemberEmailID  string `json:"member_email_id"`
	OrganizationID string `json:"organization_id"`
}

func (c *call) passwordReset() (any, error) {
	in, err := decode[passwordResetRequest](c)
	if err != nil {
		return nil, err
	}
	found, err := c.useReset(in.Token, in.Verifier, in.Password, false)
	if err != nil {
		return nil, err
	}
	m := found.member
	c.log.TargetOrganizationID = m.OrganizationID
	if m.IsLocked {
		return nil, errLocked()
	}
	prepared, err := c.prepare(&in.primaryRequest, m)
	if err != nil {
		return nil, err
	}
	found.used = true
	f := passwordFactor(c.time)
	f.mailed = true
	outcome, err := c.finishReset(prepared, in.Password, f)
	if err != nil {
		return nil, err
	}
	return passwordResetAnswer{outcome, m.emailIdentifier(), m.OrganizationID}, nil
}

// finishReset sets the password and signs in with it. Every session ends; what one that was sent has proved is kept.
func (c *call) finishReset(prepared attempt, plain string, f factor) (loginAnswer, error) {
	if prepared.current != nil {
		prepared.factors, prepared.current = prepared.current.factors, nil
	}
	c.replacePassword(prepared.member, newPassword(plain), nil)
	prepared.factors = merged(prepared.factors, f)
	return c.finish(prepared)
}

// discoveryPasswordReset sets the password of an address, in every organization where it is active.
func (c *call) discoveryPasswordReset() (any, error) {
	in, err := decode[struct {
		Token    string `json:"password_reset_token"`
		Password string `json:"password"`
		Verifier string `json:"pkce_code_verifier"`
	}](c)
	if err != nil {
		return nil, err
	}
	found, err := c.useReset(in.Token, in.Verifier, in.Password, true)
	if err != nil {
		return nil, err
	}
	found.used = true
	fresh := newPassword(in.Password)
	c.store.passwords[found.email] = fresh
	for _, m := range c.store.memberships(found.email) {
		if m.Status == statusActive {
			c.replacePassword(m, fresh, nil)
		}
	}
	f := passwordFactor(c.time)
	f.mailed, f.everywhere = true, true
	return c.discovered(found.email, f), nil
}

type existingResetRequest struct {
	primaryRequest
	OrganizationID string `json:"organization_id"`
	EmailAddress   string `json:"email_address"`
	Existing       string `json:"existing_password"`
	New            string `json:"new_password"`
}

// existingPasswordReset takes a password that must be reset as little as a sign-in does.
func (c *call) existingPasswordReset() (any, error) {
	in, err := decode[existingResetRequest](c)
	if err != nil {
		return nil, err
	}
	prepared, err := c.provePassword(&in.primaryRequest, in.OrganizationID, in.EmailAddress, in.Existing)
	if err != nil {
		return nil, err
	}
	if err := acceptable(in.New, prepared.member.EmailAddress); err != nil {
		return nil, err
	}
	return c.finishReset(prepared, in.New, passwordFactor(c.time))
}

type sessionResetRequest struct {
	OrganizationID string         `json:"organization_id"`
	Password       string         `json:"password"`
	SessionToken   string         `json:"session_token"`
	SessionJWT     string         `json:"session_jwt"`
	Minutes        *int32         `json:"session_duration_minutes"`
	CustomClaims   map[string]any `json:"session_custom_claims"`
	Locale         string         `json:"locale"`
}

type sessionResetAnswer struct {
	memberAnswer
	SessionToken             string       `json:"session_token"`
	SessionJWT               string       `json:"session_jwt"`
	IntermediateSessionToken string       `json:"intermediate_session_token"`
	MemberAuthenticated      bool         `json:"member_authenticated"`
	MemberSession            *sessionWire `json:"member_session"`
	MFARequired              *mfaRequired `json:"mfa_required"`
}

// sessionPasswordReset sets the password with a session that has just proved something. That session stays; it gets no new factor.
func (c *call) sessionPasswordReset() (any, error) {
	in, err := decode[sessionResetRequest](c)
	if err != nil {
		return nil, err
	}
	life, err := sessionMinutes(in.Minutes)
	if err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
	if err != nil {
		return nil, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return nil, err
	}
	m := s.member
	switch {
	case m.tenant != t:
		return nil, errSessionNotFound()
	case s.impersonated():
		return nil, errNotMutable()
	case !slices.ContainsFunc(s.factors, func(f factor) bool { return f.LastAuthenticatedAt >= stamp(c.time.Add(-freshFactor)) }):
		return nil, badRequest("session_too_old_to_reset_password", "No factor of the session is younger than five minutes.")
	}
	if err := acceptable(in.Password, m.EmailAddress); err != nil {
		return nil, err
	}
	if err := s.claim(in.CustomClaims); err != nil {
		return nil, err
	}
	c.replacePassword(m, newPassword(in.Password), s)
	s.accessed = c.time
	if in.Minutes != nil {
		s.expires = c.time.Add(life)
	}
	return sessionResetAnswer{
		memberAnswer: c.memberAnswer(m), SessionToken: s.token, SessionJWT: c.mintJWT(s), MemberAuthenticated: true, MemberSession: s.wire(),
	}, nil
}
