package sandbox

import (
	"slices"
)

// secondRequest says who stands at the second step, and with what.
type secondRequest struct {
	OrganizationID           string `json:"organization_id"`
	MemberID                 string `json:"member_id"`
	IntermediateSessionToken string `json:"intermediate_session_token"`
	SessionToken             string `json:"session_token"`
	SessionJWT               string `json:"session_jwt"`
}

// proofRequest is what every proof of a second factor may send beside it.
type proofRequest struct {
	secondRequest
	Minutes       *int32         `json:"session_duration_minutes"`
	CustomClaims  map[string]any `json:"session_custom_claims"`
	SetEnrollment string         `json:"set_mfa_enrollment"`
	SetDefault    bool           `json:"set_default_mfa"`
}

type secondAnswer struct {
	memberAnswer
	SessionToken  string       `json:"session_token"`
	SessionJWT    string       `json:"session_jwt"`
	MemberSession *sessionWire `json:"member_session"`
}

// tokens is how many of the three tokens were sent.
func (in *secondRequest) tokens() int {
	sent := 0
	for _, token := range []string{in.IntermediateSessionToken, in.SessionToken, in.SessionJWT} {
		if token != "" {
			sent++
		}
	}
	return sent
}

// second finds who stands at the second step and checks that they may take it with a method. No token is needed yet.
func (c *call) second(in *secondRequest, method string) (attempt, error) {
	if in.tokens() > 1 {
		return attempt{}, badRequest("too_many_session_arguments", "Only one of the three tokens may be sent.")
	}
	if err := checkMemberID(in.MemberID); err != nil {
		return attempt{}, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return attempt{}, err
	}
	m := t.member(c.store, in.MemberID)
	if m == nil || m.Status == statusDeleted {
		return attempt{}, errMemberNotFound()
	}
	step, err := c.holding(in, m)
	if err != nil {
		return attempt{}, err
	}
	switch {
	case m.Status != statusActive:
		return attempt{}, badRequest("action_available_only_for_active_members", "Only active members have a second factor.")
	case in.tokens() > 0 && !primaryMet(m, step.factors):
		return attempt{}, badRequest("action_available_only_once_primary_authentication_is_met", "The first step comes before the second.")
	case !allowsMFA(m, method):
		return attempt{}, badRequest("operation_restricted_by_organization_mfa_methods", "The organization does not allow this second factor.")
	case m.IsLocked:
		return attempt{}, errLocked()
	}
	return step, nil
}

// holding reads the token, which must be the member's own.
func (c *call) holding(in *secondRequest, m *member) (attempt, error) {
	step := attempt{member: m}
	switch {
	case in.IntermediateSessionToken != "":
		given, err := c.intermediateByToken(in.IntermediateSessionToken)
		if err != nil {
			return step, err
		}
		if !given.of(m) {
			return step, badRequest("invalid_intermediate_session_token_for_organization", "The intermediate session belongs to somebody else.")
		}
		step.given, step.factors = given, given.factors
		if given.member == nil {
			step.factors = transferable(given.factors, m)
		}
	case in.tokens() > 0:
		s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
		if err != nil {
			return step, err
		}
		if s.member != m {
			return step, badRequest("member_session_member_id_mismatch", "The session belongs to another member.")
		}
		if s.impersonated() {
			return step, errNotMutable()
		}
		step.current, step.factors = s, s.factors
	}
	return step, nil
}

// allowsMFA tells whether the organization takes a second factor from a member.
func allowsMFA(m *member, method string) bool {
	return m.tenant.MFAMethods != restricted || m.IsBreakglass || slices.Contains(m.tenant.AllowedMFAMethods, method)
}

// primaryMet tells whether factors are all that the first step asks for.
func primaryMet(m *member, factors []factor) bool {
	return missingPrimary(m.tenant, m, factors) == nil && slices.ContainsFunc(factors, func(f factor) bool { return !f.secondary() })
}

// proving is the same for a proof: it needs a token, and is checked in full before the proof is used up.
func (c *call) proving(in *proofRequest, method string) (attempt, error) {
	life, err := sessionMinutes(in.Minutes)
	if err != nil {
		return attempt{}, err
	}
	if !slices.Contains([]string{"", "enroll", "unenroll"}, in.SetEnrollment) {
		return attempt{}, badRequest("bad_request", "set_mfa_enrollment must be enroll or unenroll.")
	}
	if in.tokens() == 0 {
		return attempt{}, badRequest("no_session_arguments", "One of the three tokens is needed.")
	}
	step, err := c.second(&in.secondRequest, method)
	step.life, step.claims = life, in.CustomClaims
	return step, err
}

// proved adds a factor to what the member holds, and turns an intermediate session into a session. An empty method is a
// recovery code: it stands in for a method and never becomes the default.
func (c *call) proved(in *proofRequest, step attempt, f factor, method string) (secondAnswer, error) {
	m := step.member
	switch {
	case m.tenant.MFAPolicy == requiredForAll:
		m.MFAEnrolled = true
	case in.SetEnrollment != "":
		m.MFAEnrolled = in.SetEnrollment == "enroll"
	}
	if method != "" && (m.DefaultMFAMethod == "" || in.SetDefault) {
		m.DefaultMFAMethod = method
	}
	m.changed(c.time)
	step.factors = merged(step.factors, f)
	outcome, err := c.finish(step)
	if err != nil {
		return secondAnswer{}, err
	}
	return secondAnswer{c.memberAnswer(m), outcome.SessionToken, outcome.SessionJWT, outcome.MemberSession}, nil
}

// lockAfterFailures shuts a member out who has failed too often in a row, with whatever factors.
func (c *call) lockAfterFailures(m *member) {
	if c.store.failures[m.MemberID] < maxFailures {
		return
	}
	c.store.lock(m, c.time, c.time.Add(lockLife))
	delete(c.store.failures, m.MemberID)
}

// hasSecondFactor tells whether a member has a second factor that was proved once.
func (m *member) hasSecondFactor() bool {
	return m.TOTPRegistrationID != "" || m.MFAPhoneNumberVerified
}

// carriedBy tells whether factors hold a second factor that the member still has.
func (m *member) carriedBy(factors []factor) bool {
	return slices.ContainsFunc(factors, func(f factor) bool {
		switch {
		case f.Phone != nil:
			return m.MFAPhoneNumberVerified && f.Phone.PhoneNumber == m.MFAPhoneNumber
		case f.Authenticator != nil:
			return m.TOTPRegistrationID != "" && f.Authenticator.TOTPID == m.TOTPRegistrationID
		}
		return f.Recovery != nil && m.TOTPRegistrationID != ""
	})
}

// mayAdd keeps whoever has only the first factor from adding a second one of their own beside the member's.
func (m *member) mayAdd(factors []factor) error {
	if m.hasSecondFactor() && !m.carriedBy(factors) {
		return unauthorized("insufficient_factors", "The member has a second factor; the token must carry it.")
	}
	return nil
}

func errNotMutable() error {
	return badRequest("session_not_mutable", "An impersonated session cannot be changed.")
}
