package stytch

import (
	"context"
	"errors"
)

type impersonationProof struct {
	Token string `json:"impersonation_token"`
}

// Impersonate spends the token by which somebody of the operator's signs in as a member, for an hour and no longer (rule
// impersonation). An answer that does not say that it is such a session is a fault: it would pass for the member's own.
func (c *Client) Impersonate(ctx context.Context, token string) (SignIn, error) {
	got, err := c.signIn(ctx, ImpersonationAuthenticate, "", impersonationProof{token})
	if err == nil && (!got.Done || got.Impersonator() == "") {
		return SignIn{}, &Fault{Operation: ImpersonationAuthenticate, Kind: Malformed, RequestID: got.RequestID, Err: errors.New("no impersonated session")}
	}
	return got, err
}
