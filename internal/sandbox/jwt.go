package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// jwtHeader is {"alg":"HS256","typ":"JWT"}: the sandbox publishes no keys, so nobody but itself can check its JWTs.
const jwtHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

type jwtClaims struct {
	Issuer    string     `json:"iss"`
	Audience  []string   `json:"aud"`
	Subject   string     `json:"sub"`
	IssuedAt  int64      `json:"iat"`
	NotBefore int64      `json:"nbf"`
	Expires   int64      `json:"exp"`
	Session   jwtSession `json:"https://stytch.com/session"`
}

type jwtSession struct {
	ID    string   `json:"id"`
	Roles []string `json:"roles"`
}

// mintJWT makes the JWT of a session; it lives for five minutes.
func (c *call) mintJWT(s *session) string {
	payload, err := json.Marshal(jwtClaims{
		Issuer: "stytch.com/" + c.projectID, Audience: []string{c.projectID}, Subject: s.member.MemberID,
		IssuedAt: c.time.Unix(), NotBefore: c.time.Unix(), Expires: c.time.Add(5 * time.Minute).Unix(),
		Session: jwtSession{s.id, s.roles()},
	})
	if err != nil {
		return ""
	}
	signed := jwtHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(c.sign(c.jwtKey, signed))
}

// sessionByJWT finds the live session of a JWT; the JWT itself may have expired.
func (c *call) sessionByJWT(jwt string) (*session, error) {
	refused := badRequest("unable_to_parse_session_jwt", "The session JWT could not be parsed.")
	at := strings.LastIndexByte(jwt, '.')
	if at < 0 {
		return nil, refused
	}
	signature, err := base64.RawURLEncoding.DecodeString(jwt[at+1:])
	if err != nil || !hmac.Equal(signature, c.sign(c.jwtKey, jwt[:at])) {
		return nil, refused
	}
	_, encoded, _ := strings.Cut(jwt[:at], ".")
	payload, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, refused
	}
	var claims jwtClaims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, refused
	}
	found := c.store.sessionIDs[claims.Session.ID]
	if found == nil || !found.alive(c.time) {
		return nil, errSessionNotFound()
	}
	return found, nil
}

func (s *Server) sign(key []byte, message string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	return mac.Sum(nil)
}
