package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// token is the token endpoint.
func (o *oidcCall) token() (any, error) {
	client, err := o.client()
	if err != nil {
		return nil, err
	}
	kind := o.form.Get("grant_type")
	switch {
	case kind == "":
		return nil, errOAuthRequest("grant_type is missing.")
	case kind == "authorization_code" && client.app != nil:
		return o.byCode(client.app)
	case kind == "refresh_token" && client.app != nil:
		return o.byRefreshToken(client.app)
	case kind == "client_credentials" && client.machine != nil:
		return o.byCredentials(client.machine)
	case kind == "authorization_code", kind == "refresh_token", kind == "client_credentials":
		return nil, &oauthError{http.StatusBadRequest, "unauthorized_client", "oauth_unauthorized_client", "The client may not use this grant type.", ""}
	}
	return nil, &oauthError{http.StatusBadRequest, "unsupported_grant_type", "oauth_unsupported_grant_type", "The grant type is not supported.", ""}
}

// byCode takes an authorization code (rule code-exchange). One that comes again has been seen by somebody else: what came of
// it dies.
func (o *oidcCall) byCode(app *connectedApp) (any, error) {
	given := o.form.Get("code")
	if given == "" {
		return nil, errOAuthRequest("code is missing.")
	}
	code := o.store.authCodes[given]
	if code == nil || code.app != app {
		return nil, errOAuthGrant("idp_auth_code_not_found", "The authorization code is not known.")
	}
	if code.used {
		if family := o.store.families[given]; family != nil {
			family.dead = true
		}
		return nil, errOAuthGrant("idp_auth_code_not_found", "The authorization code was used already.")
	}
	if !o.time.Before(code.expires) {
		return nil, errOAuthGrant("idp_auth_code_expired", "The authorization code has run out.")
	}
	if o.form.Get("redirect_uri") != code.redirectURI {
		return nil, errOAuthGrant("oauth_invalid_grant", "redirect_uri is not that of the authorization.")
	}
	if err := o.checkVerifier(code.challenge); err != nil {
		return nil, err
	}
	if code.grant.revoked {
		return nil, errConsentRevoked()
	}
	code.used = true
	family := &tokenFamily{
		grant: code.grant, scopes: slices.Clone(code.scopes), resources: slices.Clone(code.resources), signedIn: lastSignIn(code.session, code.issued),
	}
	o.store.families[given] = family
	return o.issue(family, family.scopes, code.nonce)
}

// checkVerifier holds the verifier against the challenge. One that was not announced is refused too: whoever strips the
// challenge from a request must not get away with it.
func (o *oidcCall) checkVerifier(challenge string) error {
	verifier := o.form.Get("code_verifier")
	if challenge == "" && verifier == "" {
		return nil
	}
	if challenge == "" {
		return errOAuthGrant("pkce_did_not_expect_code_verifier", "The authorization had no code_challenge.")
	}
	if verifier == "" {
		return errOAuthGrant("pkce_expected_code_verifier", "code_verifier is missing.")
	}
	sum := sha256.Sum256([]byte(verifier))
	made := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(made), []byte(challenge)) != 1 {
		return errOAuthGrant("pkce_mismatch", "code_verifier does not belong to the code_challenge.")
	}
	return nil
}

// byRefreshToken takes a refresh token and gives another one (rule refresh-rotation). A token that comes again was stolen, now or
// before: the whole family dies.
func (o *oidcCall) byRefreshToken(app *connectedApp) (any, error) {
	given := o.form.Get("refresh_token")
	if given == "" {
		return nil, errOAuthRequest("refresh_token is missing.")
	}
	token := o.store.refreshTokens[given]
	if token == nil || token.family.grant.app != app {
		return nil, errOAuthGrant("idp_refresh_token_not_found", "The refresh token is not known.")
	}
	if token.used {
		token.family.dead = true
		return nil, errOAuthGrant("idp_refresh_token_already_used", "The refresh token was used already.")
	}
	if gone := token.family.gone("idp_refresh_token_not_found"); gone != nil {
		return nil, gone
	}
	if !o.time.Before(token.expires) {
		return nil, errOAuthGrant("idp_refresh_token_expired", "The refresh token has run out.")
	}
	scopes, err := o.narrowed(token.family.scopes)
	if err != nil {
		return nil, err
	}
	token.used = true
	return o.issue(token.family, scopes, "")
}

// narrowed are the scopes that the request names, which must be among those there are; all of them when it names none.
func (o *oidcCall) narrowed(all []string) ([]string, error) {
	wanted := strings.Fields(o.form.Get("scope"))
	if len(wanted) == 0 {
		return all, nil
	}
	for _, scope := range wanted {
		if !slices.Contains(all, scope) {
			return nil, &oauthError{http.StatusBadRequest, "invalid_scope", "oauth_invalid_scope_requested", "A scope was asked for that was not granted.", ""}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(scope string) bool { return !slices.Contains(wanted, scope) }), nil
}

// byCredentials is for a machine client, which acts for nobody but itself (rule machine-tokens).
func (o *oidcCall) byCredentials(machine *m2mClient) (any, error) {
	scopes, err := o.narrowed(machine.Scopes)
	if err != nil {
		return nil, err
	}
	claims := o.claims(machine.ClientID, machine.ClientID, scopes, machineTokenLife)
	access, err := o.issueAccess(oauthClient{machine: machine}, nil, scopes, claims, machineTokenLife)
	if err != nil {
		return nil, err
	}
	return tokenAnswer{
		envelope: o.ok(), AccessToken: access, ExpiresIn: int64(machineTokenLife / time.Second), TokenType: "bearer", Scope: strings.Join(scopes, " "),
	}, nil
}
