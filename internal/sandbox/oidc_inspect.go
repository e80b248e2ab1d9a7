package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// errBearer refuses a bearer token.
func errBearer(status int, code, kind, description string) error {
	return &oauthError{status, code, kind, description, fmt.Sprintf("Bearer error=%q, error_description=%q", code, description)}
}

// userinfo tells an app about its member, as far as its scopes reach.
func (o *oidcCall) userinfo() (any, error) {
	scheme, given, _ := strings.Cut(o.request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || given == "" {
		return nil, &oauthError{http.StatusUnauthorized, "invalid_request", "unauthorized_credentials", "An access token is needed.", "Bearer"}
	}
	token := o.accessToken(given)
	switch {
	case token == nil || token.family == nil || token.revoked || token.family.dead:
		return nil, errBearer(http.StatusUnauthorized, "invalid_token", "idp_access_token_not_found", "The access token is not known.")
	case token.family.grant.revoked:
		refusal := errConsentRevoked()
		return nil, errBearer(refusal.status, "invalid_token", refusal.kind, refusal.description)
	case !o.time.Before(token.expires):
		return nil, errBearer(http.StatusUnauthorized, "invalid_token", "idp_access_token_expired", "The access token has run out.")
	case !slices.Contains(token.scopes, "openid"):
		return nil, errBearer(http.StatusForbidden, "insufficient_scope", "oauth_insufficient_scope", "The scope openid is needed.")
	}
	m := token.family.grant.member
	told := m.claims(token.scopes)
	told["sub"], told[organizationClaim] = m.MemberID, m.tenant.claims()
	told["request_id"], told["status_code"] = o.requestID, http.StatusOK
	return told, nil
}

// revokeToken ends a token (rule token-revocation). Whether there was one is not told; one of another client is refused.
func (o *oidcCall) revokeToken() (any, error) {
	client, given, err := o.tokenOfClient()
	if err != nil {
		return nil, err
	}
	others := errOAuthGrant("oauth_invalid_grant", "The token belongs to another client.")
	if token := o.store.refreshTokens[given]; token != nil {
		if token.family.grant.app != client.app {
			return nil, others
		}
		token.family.dead = true
	} else if token := o.accessToken(given); token != nil {
		if !client.owns(token) {
			return nil, others
		}
		token.revoked = true
	}
	return o.ok(), nil
}

// introspect says what a token of the client is worth, and nothing of any other token.
func (o *oidcCall) introspect() (any, error) {
	client, given, err := o.tokenOfClient()
	if err != nil {
		return nil, err
	}
	said := map[string]any{"active": false}
	if token := o.store.refreshTokens[given]; token != nil {
		if client.app == token.family.grant.app && !token.used && o.time.Before(token.expires) && token.family.gone("") == nil {
			said = map[string]any{
				"active": true, "client_id": client.app.ClientID, "sub": token.family.grant.member.MemberID, "iss": o.base,
				"scope": strings.Join(token.family.scopes, " "), "exp": token.expires.Unix(), "token_type": "refresh_token",
			}
		}
	} else if token := o.accessToken(given); token != nil && client.owns(token) && token.live(o.time) {
		said = maps.Clone(token.claims)
		said["active"], said["token_type"] = true, "access_token"
	}
	said["request_id"], said["status_code"] = o.requestID, http.StatusOK
	return said, nil
}

// tokenOfClient reads a request about a token.
func (o *oidcCall) tokenOfClient() (oauthClient, string, error) {
	client, err := o.client()
	if err != nil {
		return client, "", err
	}
	given := o.form.Get("token")
	if given == "" {
		return client, "", errOAuthRequest("token is missing.")
	}
	return client, given, nil
}
