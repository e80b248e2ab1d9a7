package sandbox

import (
	"strings"
	"time"
)

// store is everything the upstream remembers. The server's lock guards it.
type store struct {
	tenants    []*tenant
	byID       map[string]*tenant
	bySlug     map[string]*tenant
	byExternal map[string]*tenant
	byDomain   map[string][]*tenant // by allowed e-mail domain

	members map[string]*member
	emails  map[string][]*member // by e-mail address in lower case, all tenants

	sessions      map[string]*session // by token
	sessionIDs    map[string]*session
	intermediates map[string]*intermediate
	links         map[string]*link
	codes         map[codeKey]*code
	resets        map[string]*link
	passwords     map[string]*password // of discovery, by e-mail address in lower case
	oauthFlows    map[string]*oauthFlow
	oauthTokens   map[string]*oauthToken
	ssoFlows      map[string]*ssoFlow
	ssoTokens     map[string]*ssoToken
	mails         map[mailKey]window
	failures      map[string]int // consecutive, by who is failing
	lockedEmails  map[string]time.Time
	lockedMembers map[*member]time.Time

	impersonations map[string]*impersonation
	emailUpdates   map[*member]emailUpdate

	apps         map[string]*connectedApp // by client_id
	appOrder     []*connectedApp          // in order of creation
	machines     map[string]*m2mClient
	machineOrder []*m2mClient
	authCodes    map[string]*authCode

	families      map[string]*tokenFamily // by the authorization code that they came of
	refreshTokens map[string]*refreshToken
	accessTokens  map[string]*accessToken // by jti

	policy policy
}

// tenant is one organization with everything in it.
type tenant struct {
	organization
	position  int
	members   []*member // in order of creation, deleted ones too
	live      []*member // the same without deleted ones: a page is a slice of it, wherever it is
	saml      []samlConnection
	oidc      []oidcConnection
	external  []externalConnection
	scim      *scimConnection
	directory directory
	encoded   []byte // the organization as JSON, or nil
}

// member is one membership.
type member struct {
	memberFields
	tenant   *tenant
	emailID  string
	password *password      // nil without one
	app      *authenticator // nil without one
	grants   []*grant
	// takenBack are apps that the member has let in once and put out again.
	takenBack map[*connectedApp]bool
	oneTap    bool   // signs in with Google in a way that leaves no access token
	encoded   []byte // the member as JSON, or nil
}

func newStore() *store {
	return &store{
		byID: map[string]*tenant{}, bySlug: map[string]*tenant{}, byExternal: map[string]*tenant{}, byDomain: map[string][]*tenant{},
		members: map[string]*member{}, emails: map[string][]*member{},
		sessions: map[string]*session{}, sessionIDs: map[string]*session{}, intermediates: map[string]*intermediate{},
		links: map[string]*link{}, codes: map[codeKey]*code{}, resets: map[string]*link{}, passwords: map[string]*password{},
		oauthFlows: map[string]*oauthFlow{}, oauthTokens: map[string]*oauthToken{},
		ssoFlows: map[string]*ssoFlow{}, ssoTokens: map[string]*ssoToken{}, mails: map[mailKey]window{},
		failures: map[string]int{}, lockedEmails: map[string]time.Time{}, lockedMembers: map[*member]time.Time{},
		impersonations: map[string]*impersonation{}, emailUpdates: map[*member]emailUpdate{},
		apps: map[string]*connectedApp{}, machines: map[string]*m2mClient{}, authCodes: map[string]*authCode{},
		families: map[string]*tokenFamily{}, refreshTokens: map[string]*refreshToken{}, accessTokens: map[string]*accessToken{},
		policy: newPolicy(),
	}
}

// addTenant puts an organization at the end of the order.
func (s *store) addTenant(fields organization) *tenant {
	t := &tenant{organization: fields}
	if last := len(s.tenants); last > 0 {
		t.position = s.tenants[last-1].position + 1
	}
	s.tenants = append(s.tenants, t)
	s.list(t)
	return t
}

// addMember puts a member at the end of its organization.
func (s *store) addMember(t *tenant, fields memberFields) *member {
	fields.OrganizationID = t.OrganizationID
	m := &member{memberFields: fields, tenant: t}
	t.members = append(t.members, m)
	if m.Status != statusDeleted {
		t.live = append(t.live, m)
	}
	s.members[m.MemberID] = m
	key := strings.ToLower(m.EmailAddress)
	s.emails[key] = append(s.emails[key], m)
	return m
}

// organization finds a tenant by id, slug or external id; nil when there is none.
func (s *store) organization(ref string) *tenant {
	if t := s.byID[ref]; t != nil {
		return t
	}
	if t := s.bySlug[ref]; t != nil {
		return t
	}
	return s.byExternal[ref]
}

// memberByEmail finds a member that is not deleted; nil when there is none.
func (s *store) memberByEmail(t *tenant, email string) *member {
	for _, m := range s.emails[strings.ToLower(email)] {
		if m.tenant == t && m.Status != statusDeleted {
			return m
		}
	}
	return nil
}

// member finds a member of a tenant by id or external id, deleted ones too; nil when there is none.
func (t *tenant) member(s *store, ref string) *member {
	if m := s.members[ref]; m != nil {
		if m.tenant != t {
			return nil
		}
		return m
	}
	for _, m := range t.members {
		if m.ExternalID != nil && *m.ExternalID == ref {
			return m
		}
	}
	return nil
}

// changed says that an organization is not what it was.
func (t *tenant) changed(now time.Time) {
	t.encoded = nil
	t.UpdatedAt = stamp(now)
}

// changed says that a member is not what it was.
func (m *member) changed(now time.Time) {
	m.encoded = nil
	m.UpdatedAt = stamp(now)
}

// sweep lets go of locks that have run out.
func (s *store) sweep(now time.Time) {
	for m, until := range s.lockedMembers {
		if now.Before(until) {
			continue
		}
		delete(s.lockedMembers, m)
		m.IsLocked, m.LockCreatedAt, m.LockExpiresAt = false, nil, nil
		m.encoded = nil
	}
	for email, until := range s.lockedEmails {
		if !now.Before(until) {
			delete(s.lockedEmails, email)
		}
	}
}

// resolve finds the organization that a request names.
func (c *call) resolve(ref string) (*tenant, error) {
	if ref == "" || strings.HasPrefix(ref, "organization-") && !hasShape("organization", ref) {
		return nil, badRequest("invalid_organization_id", "organization_id format is invalid.")
	}
	t := c.store.organization(ref)
	if t == nil {
		return nil, errOrganizationNotFound()
	}
	c.log.TargetOrganizationID = t.OrganizationID
	return t, nil
}
