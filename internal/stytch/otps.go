package stytch

import "context"

type codeRequest struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
}

// SendCode mails a six-digit code for one organization, which may be named by its slug.
func (c *Client) SendCode(ctx context.Context, organization, email string) error {
	_, err := open[empty](ctx, c, CodeSend, request{body: codeRequest{organization, email}})
	return err
}

type codeProof struct {
	OrganizationID string `json:"organization_id"`
	Email          string `json:"email_address"`
	Code           string `json:"code"`
	Minutes        int    `json:"session_duration_minutes"`
}

// AuthenticateCode spends a code for one organization.
func (c *Client) AuthenticateCode(ctx context.Context, organization, email, code string, minutes int) (SignIn, error) {
	got, err := open[SignIn](ctx, c, CodeAuthenticate, request{body: codeProof{organization, email, code, minutes}})
	if err != nil {
		return SignIn{}, err
	}
	return got, got.matches(CodeAuthenticate, organization)
}
