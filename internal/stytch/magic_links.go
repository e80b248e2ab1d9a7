package stytch

import "context"

type linkRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	LoginRedirect  string `json:"login_redirect_url"`
	SignupRedirect string `json:"signup_redirect_url"`
	Challenge      string `json:"pkce_code_challenge"`
	Locale         string `json:"locale,omitzero"`
}

// SendLink mails a sign-in link for one organization, which may be named by its slug (rule organization-by-slug).
func (c *Client) SendLink(ctx context.Context, organization, email string, m Mail) error {
	_, err := open[empty](ctx, c, LinkSend, request{body: linkRequest{organization, email, m.Redirect, m.Redirect, m.Challenge, m.Locale}})
	return err
}

type linkProof struct {
	Token    string `json:"magic_links_token"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
	carried
}

// AuthenticateLink spends the token of a link to one organization: a sign-in link or an invitation (rule
// invitation-link), which was sent without a challenge and takes no verifier.
func (c *Client) AuthenticateLink(ctx context.Context, token, verifier string, w With) (SignIn, error) {
	return c.signIn(ctx, LinkAuthenticate, "", linkProof{token, verifier, w.carried()})
}
