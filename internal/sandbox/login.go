package sandbox

import (
	"slices"
	"strings"
	"time"
)

// intermediateLife is how long an intermediate session lives.
const intermediateLife = 10 * time.Minute

// intermediate is a bag of factors that is no session yet.
type intermediate struct {
	token   string
	email   string
	factors []factor
	expires time.Time
	member  *member // the member it belongs to; nil when it comes from discovery
}

var (
	exchangeLocales = []string{"en", "es", "pt-br", "fr", "it", "de-DE", "zh-Hans", "ca-ES"}
	emailLocales    = []string{"en", "es", "pt-br", "fr"}
)

// attempt is somebody at the door of one organization.
type attempt struct {
	member  *member
	factors []factor
	given   *intermediate // the intermediate session that was sent, if any
	current *session      // the member's own live session that was sent, if any
	life    time.Duration
	claims  map[string]any
}

type mfaRequired struct {
	MemberOptions          *mfaOptions `json:"member_options"`
	SecondaryAuthInitiated *string     `json:"secondary_auth_initiated"`
}

type mfaOptions struct {
	MFAPhoneNumber     string `json:"mfa_phone_number"`
	TOTPRegistrationID string `json:"totp_registration_id"`
}

type primaryRequired struct {
	AllowedAuthMethods []string `json:"allowed_auth_methods"`
}

// loginAnswer is what every sign-in ends in: a session, or what is still missing.
type loginAnswer struct {
	envelope
	MemberID                 string           `json:"member_id"`
	SessionToken             string           `json:"session_token"`
	SessionJWT               string           `json:"session_jwt"`
	Member                   *memberFields    `json:"member"`
	Organization             *organization    `json:"organization"`
	MemberAuthenticated      bool             `json:"member_authenticated"`
	IntermediateSessionToken string           `json:"intermediate_session_token"`
	MemberSession            *sessionWire     `json:"member_session"`
	MFARequired              *mfaRequired     `json:"mfa_required"`
	PrimaryRequired          *primaryRequired `json:"primary_required"`
}

// finish turns factors into a session where the organization is content with them.
func (c *call) finish(a attempt) (loginAnswer, error) {
	m := a.member
	answer := loginAnswer{envelope: c.ok(), MemberID: m.MemberID, Member: &m.memberFields, Organization: &m.tenant.organization}
	answer.PrimaryRequired = missingPrimary(m.tenant, m, a.factors)
	if answer.PrimaryRequired == nil {
		m.activate(c.time)
		m.link(a.factors, c.time)
		if a.current == nil {
			answer.MFARequired = missingMFA(m.tenant, m, a.factors)
			c.startSecondary(m, answer.MFARequired)
		}
	}
	if answer.PrimaryRequired != nil || answer.MFARequired != nil {
		answer.IntermediateSessionToken = c.keep(a)
		return answer, nil
	}
	s := a.current
	if s == nil {
		s = c.store.newSession(m, a.factors, c.time, a.life)
	} else {
		s.factors = merged(s.factors, a.factors...)
		s.accessed, s.expires = c.time, c.time.Add(a.life)
	}
	if err := s.claim(a.claims); err != nil {
		return answer, err
	}
	if a.given != nil {
		delete(c.store.intermediates, a.given.token)
	}
	delete(c.store.failures, m.MemberID)
	answer.MemberAuthenticated = true
	answer.SessionToken, answer.SessionJWT, answer.MemberSession = s.token, c.mintJWT(s), s.wire()
	return answer, nil
}

// keep remembers factors that are not enough yet; the same token comes back when one was sent.
func (c *call) keep(a attempt) string {
	if a.given != nil {
		if len(a.factors) > len(a.given.factors) {
			a.given.factors = a.factors
		}
		return a.given.token
	}
	return c.newIntermediate(a.member.EmailAddress, a.factors, a.member)
}

func (c *call) newIntermediate(email string, factors []factor, m *member) string {
	made := &intermediate{token: newToken(), email: email, factors: factors, expires: c.time.Add(intermediateLife), member: m}
	c.store.intermediates[made.token] = made
	return made.token
}

// of tells whether an intermediate session may become one of a member's.
func (i *intermediate) of(m *member) bool {
	return (i.member == nil || i.member == m) && strings.EqualFold(i.email, m.EmailAddress)
}

// intermediateByToken finds an intermediate session that is alive.
func (c *call) intermediateByToken(token string) (*intermediate, error) {
	if !tokenShape.MatchString(token) {
		return nil, errInvalidSessionToken()
	}
	c.log.SessionKind = "intermediate"
	found := c.store.intermediates[token]
	if found == nil || !c.time.Before(found.expires) {
		return nil, notFound("intermediate_session_not_found", "Intermediate session could not be found.")
	}
	return found, nil
}

// verifying are the ways to sign in that show that the address is somebody's own.
var verifying = []string{"magic_link", "email_otp", "google_oauth", "microsoft_oauth"}

// missingPrimary says which methods the organization takes when the factors are not enough: none is allowed, or none shows
// that the address is the person's own. m may be nil for somebody who may join.
func missingPrimary(t *tenant, m *member, factors []factor) *primaryRequired {
	limited := t.AuthMethods == restricted && (m == nil || !m.IsBreakglass)
	allowed, proved := !limited, false
	for i := range factors {
		allowed = allowed || slices.Contains(t.AllowedAuthMethods, factors[i].method())
		proved = proved || factors[i].proves(m)
	}
	if allowed && proved {
		return nil
	}
	methods := verifying
	if limited {
		methods = slices.DeleteFunc(slices.Clone(t.AllowedAuthMethods), func(method string) bool {
			return !proved && !slices.Contains(verifying, method)
		})
		if len(methods) == 0 {
			methods = t.AllowedAuthMethods
		}
	}
	return &primaryRequired{methods}
}

// missingMFA says what a member has for the second step when it is needed and not done.
func missingMFA(t *tenant, m *member, factors []factor) *mfaRequired {
	if t.MFAPolicy != requiredForAll && (m == nil || !m.MFAEnrolled) {
		return nil
	}
	if slices.ContainsFunc(factors, func(f factor) bool { return f.secondary() }) {
		return nil
	}
	required := &mfaRequired{}
	if m != nil && (m.MFAPhoneNumber != "" || m.TOTPRegistrationID != "") {
		required.MemberOptions = &mfaOptions{m.MFAPhoneNumber, m.TOTPRegistrationID}
	}
	return required
}

// startSecondary texts a code to a member whose second step is a phone.
func (c *call) startSecondary(m *member, required *mfaRequired) {
	if required == nil || m.MFAPhoneNumber == "" || m.DefaultMFAMethod != "sms_otp" || !allowsMFA(m, "sms_otp") {
		return
	}
	if m.TOTPRegistrationID != "" && !m.MFAPhoneNumberVerified {
		return // a number that nobody has proved must not stand in for the factor that was
	}
	initiated := "sms_otp"
	required.SecondaryAuthInitiated = &initiated
	c.text(m)
}

// joinable tells whether an address may join an organization by its domain, and why not.
func joinable(t *tenant, email string) error {
	if t.EmailJITProvisioning != restricted {
		return badRequest("email_jit_provisioning_not_allowed", "The organization does not let people in by their e-mail domain.")
	}
	if !slices.Contains(t.EmailAllowedDomains, emailDomain(email)) {
		return badRequest("invalid_email_for_jit_provisioning", "The e-mail domain is not one that the organization lets in.")
	}
	return nil
}

// startMember finds the member who wants to sign in to one organization, or makes a pending one where the organization lets them in.
func (c *call) startMember(t *tenant, email, method string) (m *member, created bool, err error) {
	m = c.store.memberByEmail(t, email)
	if m == nil || !m.IsBreakglass {
		if t.AuthMethods == restricted && !slices.Contains(t.AllowedAuthMethods, method) {
			return nil, false, errRestrictedMethod()
		}
	}
	if m != nil {
		return m, false, nil
	}
	if err := joinable(t, email); err != nil {
		return nil, false, err
	}
	return c.join(t, email), true, nil
}

// join makes a pending member.
func (c *call) join(t *tenant, email string) *member {
	return c.store.addMember(t, newMember(t, newID("member"), strings.ToLower(email), "", statusPending, stamp(c.time)))
}

// primaryRequest is what every sign-in to one organization may send beside its proof.
type primaryRequest struct {
	SessionToken             string         `json:"session_token"`
	SessionJWT               string         `json:"session_jwt"`
	IntermediateSessionToken string         `json:"intermediate_session_token"`
	Minutes                  *int32         `json:"session_duration_minutes"`
	CustomClaims             map[string]any `json:"session_custom_claims"`
	Locale                   string         `json:"locale"`
}

// prepare checks those fields before the proof is used up.
func (c *call) prepare(in *primaryRequest, m *member) (attempt, error) {
	life, err := sessionMinutes(in.Minutes)
	if err != nil {
		return attempt{}, err
	}
	if err := checkLocale(in.Locale, emailLocales...); err != nil {
		return attempt{}, err
	}
	prepared := attempt{member: m, life: life, claims: in.CustomClaims}
	if in.SessionToken != "" || in.SessionJWT != "" {
		s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
		if err != nil {
			return attempt{}, err
		}
		if s.member == m { // another member's session is ignored, not an error
			if s.impersonated() {
				return attempt{}, errNotMutable()
			}
			prepared.current = s
		}
	}
	if in.IntermediateSessionToken != "" {
		given, err := c.intermediateByToken(in.IntermediateSessionToken)
		if err != nil {
			return attempt{}, err
		}
		if !given.of(m) {
			return attempt{}, badRequest("invalid_intermediate_session_token_for_organization", "The intermediate session belongs to another organization.")
		}
		prepared.given, prepared.factors = given, given.factors
		if given.member == nil {
			prepared.factors = transferable(given.factors, m)
		}
	}
	return prepared, nil
}
