package sandbox

import (
	"slices"
	"time"
)

// defaultSession is how long a session lives when nothing else is asked for.
const defaultSession = 60 * time.Minute

// session is one member session.
type session struct {
	token    string
	id       string
	member   *member
	started  time.Time
	accessed time.Time
	expires  time.Time
	factors  []factor
	claims   map[string]any
	jwt      sessionJWT
}

// sessionWire is a session on the wire; it never holds the token.
type sessionWire struct {
	MemberSessionID       string         `json:"member_session_id"`
	MemberID              string         `json:"member_id"`
	OrganizationID        string         `json:"organization_id"`
	OrganizationSlug      string         `json:"organization_slug"`
	StartedAt             string         `json:"started_at"`
	LastAccessedAt        string         `json:"last_accessed_at"`
	ExpiresAt             string         `json:"expires_at"`
	AuthenticationFactors []factor       `json:"authentication_factors"`
	Roles                 []string       `json:"roles"`
	CustomClaims          map[string]any `json:"custom_claims"`
}

func (s *session) wire() *sessionWire {
	return &sessionWire{
		MemberSessionID: s.id, MemberID: s.member.MemberID,
		OrganizationID: s.member.OrganizationID, OrganizationSlug: s.member.tenant.OrganizationSlug,
		StartedAt: stamp(s.started), LastAccessedAt: stamp(s.accessed), ExpiresAt: stamp(s.expires),
		AuthenticationFactors: s.factors, Roles: s.roles(), CustomClaims: s.claims,
	}
}

// roles are those effective in this session: a role that comes from single sign-on alone counts only with a factor of that connection.
func (s *session) roles() []string {
	var roles []string
	for _, role := range s.member.Roles {
		counts := slices.ContainsFunc(role.Sources, func(source roleSource) bool {
			return !source.bySSO() || s.hasConnection(source.Details["connection_id"])
		})
		if counts {
			roles = append(roles, role.RoleID)
		}
	}
	return roles
}

func (s *session) hasConnection(id string) bool {
	return slices.ContainsFunc(s.factors, func(f factor) bool {
		return id != "" && f.connection() == id
	})
}

func (s *store) newSession(m *member, factors []factor, now time.Time, life time.Duration) *session {
	made := &session{
		token: newToken(), id: newID("member-session"), member: m,
		started: now, accessed: now, expires: now.Add(life), factors: factors,
	}
	s.sessions[made.token] = made
	s.sessionIDs[made.id] = made
	return made
}

func (s *store) revoke(gone *session) {
	delete(s.sessions, gone.token)
	delete(s.sessionIDs, gone.id)
}

func (s *session) alive(now time.Time) bool {
	return now.Before(s.expires) && s.member.Status != statusDeleted
}

// sessionByToken finds a session that is alive.
func (c *call) sessionByToken(token string) (*session, error) {
	if !tokenShape.MatchString(token) {
		return nil, errInvalidSessionToken()
	}
	found := c.store.sessions[token]
	if found == nil || !found.alive(c.time) {
		return nil, errSessionNotFound()
	}
	return found, nil
}

// sessionOf finds the session that a body names, by exactly one of token and JWT.
func (c *call) sessionOf(token, jwt string) (*session, error) {
	var (
		found *session
		err   error
	)
	switch {
	case token == "" && jwt == "":
		return nil, badRequest("no_session_arguments", "One of session_token and session_jwt is needed.")
	case token != "" && jwt != "":
		return nil, badRequest("too_many_session_arguments", "Only one of session_token and session_jwt may be sent.")
	case token != "":
		found, err = c.sessionByToken(token)
	default:
		found, err = c.sessionByJWT(jwt)
	}
	c.log.SessionKind = "token"
	if err != nil {
		return nil, err
	}
	c.logSession(found)
	return found, nil
}

func (c *call) logSession(s *session) {
	c.log.OrganizationID, c.log.MemberID = s.member.OrganizationID, s.member.MemberID
}

// sessionMinutes checks session_duration_minutes.
func sessionMinutes(given *int32) (time.Duration, error) {
	return minutes(given, 60, 5, 527040, "invalid_session_duration_minutes")
}

// claim stores custom claims; a null takes one away, reserved ones are ignored.
func (s *session) claim(claims map[string]any) error {
	size := 0
	for key, value := range claims {
		if text, isText := value.(string); isText {
			size += len(text)
		}
		size += len(key)
	}
	if size > 4096 {
		return badRequest("custom_claims_too_large", "The custom claims are larger than 4 KB.")
	}
	for key, value := range claims {
		if slices.Contains([]string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}, key) {
			continue
		}
		if value == nil {
			delete(s.claims, key)
			continue
		}
		if s.claims == nil {
			s.claims = map[string]any{}
		}
		s.claims[key] = value
	}
	return nil
}
