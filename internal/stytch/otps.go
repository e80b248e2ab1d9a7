package stytch

import "context"

type codeRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	Locale         string `json:"locale,omitzero"`
}

// SendCode mails a six-digit code for one organization, which may be named by its slug.
func (c *Client) SendCode(ctx context.Context, organization, email, locale string) error {
	_, err := open[empty](ctx, c, CodeSend, request{body: codeRequest{organization, email, locale}})
	return err
}

type codeProof struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	Code           string `json:"code"`
	SessionToken   string `json:"session_token,omitzero"`
	carried
}

// AuthenticateCode spends a code for one organization.
func (c *Client) AuthenticateCode(ctx context.Context, organization, email, code string, w With) (SignIn, error) {
	return c.signIn(ctx, CodeAuthenticate, organization, codeProof{organization, email, code, "", w.carried()})
}
