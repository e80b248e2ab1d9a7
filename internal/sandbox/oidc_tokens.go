package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	refreshTokenLife = 365 * 24 * time.Hour
	idTokenLife      = time.Hour
	machineTokenLife = time.Hour
)

// tokenFamily is all that has come of one authorization. It dies as a whole.
type tokenFamily struct {
	grant     *grant
	scopes    []string
	resources []string
	signedIn  time.Time // when the member last proved who they are; zero where that is not known
	dead      bool
}

// refreshToken is good once: what comes of it has another one.
type refreshToken struct {
	family  *tokenFamily
	expires time.Time
	used    bool
}

// accessToken is what the project remembers of one. The token itself is a JWT.
type accessToken struct {
	client  oauthClient
	family  *tokenFamily // nil for a machine client's
	scopes  []string
	claims  map[string]any
	expires time.Time
	revoked bool
}

// gone says why what was issued for a family is good no more; nil when it is good.
func (f *tokenFamily) gone(kind string) *oauthError {
	switch {
	case f.grant.revoked:
		return errConsentRevoked()
	case f.dead:
		return &oauthError{400, "invalid_grant", kind, "The token is no longer good.", ""}
	}
	return nil
}

// live tells whether an access token opens anything.
func (t *accessToken) live(now time.Time) bool {
	return !t.revoked && now.Before(t.expires) && (t.family == nil || !t.family.dead && !t.family.grant.revoked)
}

// tokenAnswer is what a client gets for a grant.
type tokenAnswer struct {
	envelope
	AccessToken  string `json:"access_token"`
	ExpiresIn    int64  `json:"expires_in"`
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitzero"`
	RefreshToken string `json:"refresh_token,omitzero"`
	IDToken      string `json:"id_token,omitzero"`
}

// issue makes the tokens of a family (rule access-token-claims). The scopes may be fewer than the family's; the nonce is that of
// the authorization.
func (o *oidcCall) issue(f *tokenFamily, scopes []string, nonce string) (any, error) {
	app := f.grant.app
	life := time.Duration(app.TokenExpiryMinutes) * time.Minute
	claims := o.claims(f.grant.member.MemberID, app.ClientID, scopes, life)
	audience := []string{o.projectID}
	if app.TokenCustomAudience != "" {
		audience = append(audience, app.TokenCustomAudience)
	}
	claims["aud"] = append(audience, f.resources...)
	claims[organizationClaim] = f.grant.member.tenant.claims()
	access, err := o.issueAccess(oauthClient{app: app}, f, scopes, withClaims(claims, f.grant.member.fillTemplate(app.TokenTemplateContent)), life)
	if err != nil {
		return nil, err
	}
	answer := tokenAnswer{
		envelope: o.ok(), AccessToken: access, ExpiresIn: int64(life / time.Second), TokenType: "bearer", Scope: strings.Join(scopes, " "),
	}
	if slices.Contains(f.scopes, "offline_access") {
		answer.RefreshToken = newToken()
		o.store.refreshTokens[answer.RefreshToken] = &refreshToken{family: f, expires: o.time.Add(refreshTokenLife)}
	}
	if slices.Contains(scopes, "openid") {
		if answer.IDToken, err = o.idToken(f, scopes, nonce, access); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// claims are what every access token says.
func (o *oidcCall) claims(subject, clientID string, scopes []string, life time.Duration) map[string]any {
	return map[string]any{
		"iss": o.base, "sub": subject, "aud": []string{o.projectID}, "client_id": clientID, "scope": strings.Join(scopes, " "),
		"jti": randomUUID(), "iat": o.time.Unix(), "nbf": o.time.Unix(), "exp": o.time.Add(life).Unix(),
	}
}

func (o *oidcCall) issueAccess(client oauthClient, f *tokenFamily, scopes []string, claims map[string]any, life time.Duration) (string, error) {
	encoded, err := encode(claims)
	if err != nil {
		return "", err
	}
	token, err := mint(encoded)
	if err != nil {
		return "", err
	}
	id, _ := claims["jti"].(string)
	o.store.accessTokens[id] = &accessToken{client: client, family: f, scopes: scopes, claims: claims, expires: o.time.Add(life)}
	return token, nil
}

// idToken tells the client who signed in. It is for the client alone and opens nothing.
func (o *oidcCall) idToken(f *tokenFamily, scopes []string, nonce, access string) (string, error) {
	digest := sha256.Sum256([]byte(access))
	claims := map[string]any{
		"iss": o.base, "sub": f.grant.member.MemberID, "aud": []string{f.grant.app.ClientID},
		"iat": o.time.Unix(), "nbf": o.time.Unix(), "exp": o.time.Add(idTokenLife).Unix(),
		"at_hash":         base64.RawURLEncoding.EncodeToString(digest[:len(digest)/2]),
		organizationClaim: f.grant.member.tenant.claims(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if !f.signedIn.IsZero() {
		claims["auth_time"] = f.signedIn.Unix()
	}
	maps.Copy(claims, f.grant.member.claims(scopes))
	encoded, err := encode(claims)
	if err != nil {
		return "", err
	}
	return mint(encoded)
}

// claims are what scopes tell of a member (rule scope-claims).
func (m *member) claims(scopes []string) map[string]any {
	told := map[string]any{}
	for _, scope := range scopes {
		switch scope {
		case "email":
			told["email"], told["email_verified"] = m.EmailAddress, m.EmailAddressVerified
		case "phone":
			told["phone_number"], told["phone_number_verified"] = m.MFAPhoneNumber, m.MFAPhoneNumberVerified
		case "profile":
			told["name"] = m.Name
			for _, account := range m.OAuthRegistrations {
				if account.ProfilePictureURL != "" {
					told["picture"] = account.ProfilePictureURL
				}
				if account.Locale != "" {
					told["locale"] = account.Locale
				}
			}
		}
	}
	return told
}

// accessToken finds what is remembered of an access token, live or not; nil when it is none.
func (o *oidcCall) accessToken(token string) *accessToken {
	var claims struct {
		Issuer string `json:"iss"`
		ID     string `json:"jti"`
	}
	if readJWT(token, &claims) != nil || claims.Issuer != o.base {
		return nil
	}
	return o.store.accessTokens[claims.ID]
}

// lastSignIn is when the newest factor of a session was proven, as it was at a time; zero without a session.
func lastSignIn(s *session, at time.Time) time.Time {
	var last time.Time
	if s == nil {
		return last
	}
	for _, f := range s.factors {
		proven, err := time.Parse(time.RFC3339, f.LastAuthenticatedAt)
		if err == nil && proven.After(last) && !proven.After(at) {
			last = proven
		}
	}
	return last
}
