package sandbox

import (
	"maps"
	"strings"
	"time"
)

const (
	sessionJWTLife = 5 * time.Minute
	// sessionJWTReuse is how long an unchanged session gets the same JWT again: signing one costs more than all else that
	// answering for a session does.
	sessionJWTReuse = time.Minute
)

// Names of claims that hold objects of the upstream's own.
const (
	claimPrefix       = "https://stytch.com/"
	sessionClaim      = claimPrefix + "session"
	organizationClaim = claimPrefix + "organization"
)

// reservedClaims are never taken from what an operator or a caller adds.
var reservedClaims = map[string]bool{
	"iss": true, "sub": true, "aud": true, "exp": true, "nbf": true, "iat": true, "jti": true, "client_id": true, "scope": true,
}

// withClaims adds claims of somebody else's to those of a JWT.
func withClaims(own, added map[string]any) map[string]any {
	for name, value := range added {
		if !reservedClaims[name] && !strings.HasPrefix(name, claimPrefix) {
			own[name] = value
		}
	}
	return own
}

// sessionClaims is the session in its JWT.
type sessionClaims struct {
	ID             string            `json:"id"`
	StartedAt      string            `json:"started_at"`
	LastAccessedAt string            `json:"last_accessed_at"`
	ExpiresAt      string            `json:"expires_at"`
	Attributes     sessionAttributes `json:"attributes"`
	Factors        []factor          `json:"authentication_factors"`
	Roles          []string          `json:"roles"`
}

type sessionAttributes struct {
	UserAgent string `json:"user_agent"`
	IPAddress string `json:"ip_address"`
}

// organizationClaims is the organization in a JWT.
type organizationClaims struct {
	ID   string `json:"organization_id"`
	Slug string `json:"slug"`
}

func (t *tenant) claims() organizationClaims {
	return organizationClaims{t.OrganizationID, t.OrganizationSlug}
}

// sessionJWT is the last JWT of a session, and what it was made of.
type sessionJWT struct {
	token  string
	claims string
	minted time.Time
}

// sessionIssuer is who issues the JWTs of sessions (rule token-issuers).
func (s *Server) sessionIssuer() string { return "stytch.com/" + s.projectID }

// mintJWT makes the JWT of a session; it lives for five minutes.
func (c *call) mintJWT(s *session) string {
	now := c.time
	if age := now.Sub(s.jwt.minted); age >= 0 && age < sessionJWTReuse {
		now = s.jwt.minted
	}
	claims := withClaims(map[string]any{
		"iss": c.sessionIssuer(), "aud": []string{c.projectID}, "sub": s.member.MemberID,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(sessionJWTLife).Unix(),
		sessionClaim: sessionClaims{
			ID: s.id, StartedAt: stamp(s.started), LastAccessedAt: stamp(now), ExpiresAt: stamp(s.expires), Factors: s.factors, Roles: s.roles(),
		},
		organizationClaim: s.member.tenant.claims(),
	}, maps.Clone(s.claims))
	encoded, err := encode(claims)
	if err != nil {
		return ""
	}
	if string(encoded) == s.jwt.claims {
		return s.jwt.token
	}
	token, err := mint(encoded)
	if err != nil {
		return ""
	}
	s.jwt = sessionJWT{token, string(encoded), now}
	return token
}

// sessionByJWT finds the live session of a JWT; the JWT itself may have expired. Tokens of Connected Apps are signed with the
// same key, but by another issuer.
func (c *call) sessionByJWT(jwt string) (*session, error) {
	var claims struct {
		Issuer  string        `json:"iss"`
		Session sessionClaims `json:"https://stytch.com/session"`
	}
	if err := readJWT(jwt, &claims); err != nil || claims.Issuer != c.sessionIssuer() {
		return nil, badRequest("unable_to_parse_session_jwt", "The session JWT could not be parsed.")
	}
	found := c.store.sessionIDs[claims.Session.ID]
	if found == nil || !found.alive(c.time) {
		return nil, errSessionNotFound()
	}
	return found, nil
}
