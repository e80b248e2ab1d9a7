package stytch

import "context"

type linkRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	LoginRedirect  string `json:"login_redirect_url"`
	SignupRedirect string `json:"signup_redirect_url"`
	Challenge      string `json:"pkce_code_challenge"`
}

// SendLink mails a sign-in link for one organization, which may be named by its slug (rule organization-by-slug).
func (c *Client) SendLink(ctx context.Context, organization, email, redirectURL, challenge string) error {
	_, err := open[empty](ctx, c, LinkSend, request{body: linkRequest{organization, email, redirectURL, redirectURL, challenge}})
	return err
}

type linkProof struct {
	Token    string `json:"magic_links_token"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
	Minutes  int    `json:"session_duration_minutes"`
}

// AuthenticateLink spends the token of a link to one organization: a sign-in link or an invitation.
func (c *Client) AuthenticateLink(ctx context.Context, token, verifier string, minutes int) (SignIn, error) {
	got, err := open[SignIn](ctx, c, LinkAuthenticate, request{body: linkProof{token, verifier, minutes}})
	if err != nil {
		return SignIn{}, err
	}
	return got, got.matches(LinkAuthenticate, "")
}
