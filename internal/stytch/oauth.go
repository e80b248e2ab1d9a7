package stytch

import "context"

type oauthProof struct {
	Token    string `json:"oauth_token"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
	carried
}

// AuthenticateOAuth spends the token that an OAuth provider's sign-in to one organization came back with (rule
// oauth-start). A provider that does not vouch for the address leads to PrimaryRequired (rule oauth-non-verifying).
func (c *Client) AuthenticateOAuth(ctx context.Context, token, verifier string, w With) (SignIn, error) {
	return c.signIn(ctx, OAuthAuthenticate, "", oauthProof{token, verifier, w.carried()})
}

type discoveryOAuthProof struct {
	Token    string `json:"discovery_oauth_token"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
}

// AuthenticateDiscoveryOAuth spends the token that an OAuth provider's sign-in by discovery came back with.
func (c *Client) AuthenticateDiscoveryOAuth(ctx context.Context, token, verifier string) (Discovery, error) {
	return open[Discovery](ctx, c, DiscoveryOAuthAuthenticate, request{body: discoveryOAuthProof{token, verifier}})
}
