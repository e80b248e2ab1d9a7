package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"
)

// link is one link that was sent. It stays after use, so that a second click is told apart from a link that never was.
type link struct {
	email     string
	member    *member // nil for discovery
	challenge string  // PKCE; empty without
	expires   time.Time
	used      bool
}

type discoveryLinkRequest struct {
	EmailAddress string `json:"email_address"`
	RedirectURL  string `json:"discovery_redirect_url"`
	Challenge    string `json:"pkce_code_challenge"`
	Locale       string `json:"locale"`
	Minutes      *int32 `json:"discovery_expiration_minutes"`
}

// discoveryLinkSend sends to every address alike, known or not: the answer and the mail tell nobody who is a member.
func (c *call) discoveryLinkSend() (any, error) {
	in, err := decode[discoveryLinkRequest](c)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(in.EmailAddress); err != nil {
		return nil, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return nil, err
	}
	life, err := minutes(in.Minutes, 60, 5, 10080, "invalid_expiration")
	if err != nil {
		return nil, err
	}
	target, err := c.redirect(in.RedirectURL, discoveryRedirect)
	if err != nil {
		return nil, err
	}
	if err := c.mayMail(mailLinks, in.EmailAddress); err != nil {
		return nil, err
	}
	token := newToken()
	c.store.links[token] = &link{email: strings.ToLower(in.EmailAddress), challenge: in.Challenge, expires: c.time.Add(life)}
	c.post(Message{
		To: in.EmailAddress, Kind: "discovery_link", Subject: "Your sign-in link",
		Link: withQuery(target, "stytch_token_type", "discovery", "token", token),
	})
	return c.ok(), nil
}

// useLink finds a link and uses it up. A verifier that is missing or wrong leaves it whole: else whoever sees a link without
// having asked for it could spoil it.
func (c *call) useLink(token, verifier string, discovery bool) (*link, error) {
	unknown := notFound("magic_link_not_found", "The magic link could not be found.")
	if !tokenShape.MatchString(token) {
		return nil, unknown
	}
	found := c.store.links[token]
	if found == nil || discovery != (found.member == nil) {
		return nil, unknown
	}
	if found.used || !c.time.Before(found.expires) {
		return nil, unauthorized("unable_to_auth_magic_link", "The magic link could not be authenticated because it was already used or expired.")
	}
	if err := checkVerifier(found.challenge, verifier); err != nil {
		return nil, err
	}
	found.used = true
	return found, nil
}

func checkVerifier(challenge, verifier string) error {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return badRequest("pkce_did_not_expect_code_verifier", "A code verifier was sent for a flow that was started without a challenge.")
	case verifier == "":
		return badRequest("pkce_expected_code_verifier", "The flow was started with a challenge; its code verifier is needed.")
	}
	sum := sha256.Sum256([]byte(verifier))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) != 1 {
		return badRequest("pkce_mismatch", "The code verifier does not match the challenge.")
	}
	return nil
}

func (c *call) discoveryLinkAuthenticate() (any, error) {
	in, err := decode[struct {
		Token    string `json:"discovery_magic_links_token"`
		Verifier string `json:"pkce_code_verifier"`
	}](c)
	if err != nil {
		return nil, err
	}
	used, err := c.useLink(in.Token, in.Verifier, true)
	if err != nil {
		return nil, err
	}
	return c.discovered(used.email, addressFactor("magic_link", seedID("email", used.email), used.email, c.time)), nil
}

type linkLoginRequest struct {
	startRequest
	LoginRedirect  string `json:"login_redirect_url"`
	SignupRedirect string `json:"signup_redirect_url"`
	Challenge      string `json:"pkce_code_challenge"`
}

func (c *call) linkLoginOrSignup() (any, error) {
	in, err := decode[linkLoginRequest](c)
	if err != nil {
		return nil, err
	}
	begun, err := c.begin(&in.startRequest, "magic_link", lives{60, 5, 10080, "invalid_expiration"})
	if err != nil {
		return nil, err
	}
	kind, redirect, registered := "login_link", in.LoginRedirect, loginRedirect
	if begun.signup {
		kind, redirect, registered = "signup_link", in.SignupRedirect, signupRedirect
	}
	target, err := c.redirect(redirect, registered)
	if err != nil {
		return nil, err
	}
	token, m := newToken(), begun.member
	if err := c.mayMail(mailLinks, m.EmailAddress); err != nil {
		return nil, err
	}
	c.store.links[token] = &link{email: m.EmailAddress, member: m, challenge: in.Challenge, expires: c.time.Add(begun.life)}
	c.post(Message{
		To: m.EmailAddress, Kind: kind, Subject: "Your sign-in link for " + m.tenant.OrganizationName,
		Link: withQuery(target, "stytch_token_type", "multi_tenant_magic_links", "token", token, "slug", m.tenant.OrganizationSlug),
	})
	return c.startAnswer(begun), nil
}

type linkAuthenticateRequest struct {
	primaryRequest
	Token    string `json:"magic_links_token"`
	Verifier string `json:"pkce_code_verifier"`
}

type linkAuthenticateAnswer struct {
	loginAnswer
	MethodID       string `json:"method_id"`
	ResetSessions  bool   `json:"reset_sessions"`
	OrganizationID string `json:"organization_id"`
}

func (c *call) linkAuthenticate() (any, error) {
	in, err := decode[linkAuthenticateRequest](c)
	if err != nil {
		return nil, err
	}
	var prepared attempt
	if found := c.store.links[in.Token]; found != nil && found.member != nil && !found.used {
		if found.member.IsLocked {
			return nil, errLocked()
		}
		prepared, err = c.prepare(&in.primaryRequest, found.member)
		if err != nil {
			return nil, err
		}
	}
	used, err := c.useLink(in.Token, in.Verifier, false)
	if err != nil {
		return nil, err
	}
	m := used.member
	c.log.TargetOrganizationID = m.OrganizationID
	if err := c.proveAddress(m, used.email); err != nil {
		return nil, err
	}
	prepared.factors = merged(prepared.factors, emailFactor("magic_link", m, c.time))
	outcome, err := c.finish(prepared)
	if err != nil {
		return nil, err
	}
	return linkAuthenticateAnswer{outcome, m.emailIdentifier(), false, m.OrganizationID}, nil
}
