package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

type discoveredOrganization struct {
	MemberAuthenticated bool             `json:"member_authenticated"`
	Organization        *organization    `json:"organization"`
	Membership          *membership      `json:"membership"`
	PrimaryRequired     *primaryRequired `json:"primary_required"`
	MFARequired         *mfaRequired     `json:"mfa_required"`
}

type membership struct {
	Type    string        `json:"type"`
	Details any           `json:"details"`
	Member  *memberFields `json:"member"`
}

type domainDetails struct {
	Domain string `json:"domain"`
}

type discoveryAnswer struct {
	envelope
	IntermediateSessionToken string                   `json:"intermediate_session_token"`
	EmailAddress             string                   `json:"email_address"`
	DiscoveredOrganizations  []discoveredOrganization `json:"discovered_organizations"`
}

// discovered answers a proof in discovery that was right.
func (c *call) discovered(email string, factors ...factor) discoveryAnswer {
	return discoveryAnswer{
		envelope:                 c.ok(),
		IntermediateSessionToken: c.newIntermediate(email, factors, nil),
		EmailAddress:             email,
		DiscoveredOrganizations:  c.discover(email, factors, true),
	}
}

// discover lists where a person is a member or invited and, when joining is wanted too, where their e-mail domain lets them in.
func (c *call) discover(email string, factors []factor, joining bool) []discoveredOrganization {
	var members []*member
	known := map[*tenant]bool{}
	for _, m := range c.store.emails[strings.ToLower(email)] {
		if m.Status != statusDeleted {
			members = append(members, m)
			known[m.tenant] = true
		}
	}
	slices.SortFunc(members, func(a, b *member) int { return cmp.Compare(a.tenant.position, b.tenant.position) })
	var found []discoveredOrganization
	for _, m := range members {
		kind := map[string]string{statusActive: "active_member", statusPending: "pending_member", statusInvited: "invited_member"}[m.Status]
		found = append(found, discoveredIn(m.tenant, m, transferable(factors, m), membership{Type: kind, Member: &m.memberFields}))
	}
	if !joining {
		return found
	}
	domain := emailDomain(email)
	for _, t := range c.store.byDomain[domain] {
		if known[t] || joinable(t, email) != nil || !t.hasVerified(domain) {
			continue
		}
		found = append(found, discoveredIn(t, nil, factors, membership{Type: "eligible_to_join_by_email_domain", Details: domainDetails{domain}}))
	}
	return found
}

func discoveredIn(t *tenant, m *member, factors []factor, as membership) discoveredOrganization {
	found := discoveredOrganization{Organization: &t.organization, Membership: &as}
	found.PrimaryRequired = missingPrimary(t, m, factors)
	if found.PrimaryRequired == nil {
		found.MFARequired = missingMFA(t, m, factors)
	}
	found.MemberAuthenticated = found.PrimaryRequired == nil && found.MFARequired == nil
	return found
}

// hasVerified tells whether somebody of the domain is in already; without, anybody who registers a domain could be let in.
func (t *tenant) hasVerified(domain string) bool {
	return slices.ContainsFunc(t.live, func(m *member) bool {
		return m.EmailAddressVerified && emailDomain(m.EmailAddress) == domain
	})
}

type discoveryListRequest struct {
	IntermediateSessionToken string `json:"intermediate_session_token"`
	SessionToken             string `json:"session_token"`
	SessionJWT               string `json:"session_jwt"`
}

type discoveryListAnswer struct {
	envelope
	EmailAddress            string                   `json:"email_address"`
	OrganizationIDHint      *string                  `json:"organization_id_hint"`
	DiscoveredOrganizations []discoveredOrganization `json:"discovered_organizations"`
}

func (c *call) discoveryList() (any, error) {
	in, err := decode[discoveryListRequest](c)
	if err != nil {
		return nil, err
	}
	answer := discoveryListAnswer{envelope: c.ok()}
	if in.IntermediateSessionToken == "" {
		s, err := c.sessionOf(in.SessionToken, in.SessionJWT)
		if err != nil {
			return nil, err
		}
		answer.EmailAddress = s.member.EmailAddress
		answer.DiscoveredOrganizations = c.discover(s.member.EmailAddress, s.factors, false)
		return answer, nil
	}
	if in.SessionToken != "" || in.SessionJWT != "" {
		return nil, badRequest("too_many_session_arguments", "Only one of the three tokens may be sent.")
	}
	given, err := c.intermediateByToken(in.IntermediateSessionToken)
	if err != nil {
		return nil, err
	}
	answer.EmailAddress = given.email
	answer.DiscoveredOrganizations = c.discover(given.email, given.factors, true)
	return answer, nil
}

type intermediateExchangeRequest struct {
	IntermediateSessionToken string         `json:"intermediate_session_token"`
	OrganizationID           string         `json:"organization_id"`
	Minutes                  *int32         `json:"session_duration_minutes"`
	CustomClaims             map[string]any `json:"session_custom_claims"`
	Locale                   string         `json:"locale"`
}

// intermediateExchange turns an intermediate session into one of an organization. It accepts invitations and makes members where
// the e-mail domain may join.
func (c *call) intermediateExchange() (any, error) {
	in, err := decode[intermediateExchangeRequest](c)
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
	given, err := c.intermediateByToken(in.IntermediateSessionToken)
	if err != nil {
		return nil, err
	}
	t, err := c.resolve(in.OrganizationID)
	if err != nil {
		return nil, err
	}
	if given.member != nil && given.member.tenant != t {
		return nil, badRequest("invalid_intermediate_session_token_for_organization", "The intermediate session belongs to another organization.")
	}
	m := c.store.memberByEmail(t, given.email)
	if m == nil {
		if err := joinable(t, given.email); err != nil {
			return nil, err
		}
		m = c.join(t, given.email)
	}
	if m.IsLocked {
		return nil, errLocked()
	}
	factors := given.factors
	if given.member == nil {
		factors = transferable(factors, m)
	}
	return c.finish(attempt{member: m, factors: factors, given: given, life: life, claims: in.CustomClaims})
}
