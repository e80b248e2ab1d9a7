package stytch

import (
	"context"
	"slices"
)

// SSOConnections are an organization's connections to identity providers, pending ones too.
type SSOConnections struct {
	SAML     []SAMLConnection `json:"saml_connections"`
	OIDC     []SSOConnection  `json:"oidc_connections"`
	External []SSOConnection  `json:"external_connections"`
}

// SSOConnection is what all kinds of connections have. An OIDC connection's client secret, which the upstream sends
// along, is not decoded (rule oidc-secret-in-answer). External ones name no identity provider.
type SSOConnection struct {
	ID               string `json:"connection_id"`
	OrganizationID   string `json:"organization_id"`
	Name             string `json:"display_name"`
	Status           string `json:"status"`
	IdentityProvider string `json:"identity_provider"`
}

// SAMLConnection is a connection with certificates.
type SAMLConnection struct {
	SSOConnection

	Certificates []struct {
		ID        string `json:"certificate_id"`
		ExpiresAt Time   `json:"expires_at"`
	} `json:"verification_certificates"`
}

func (a SSOConnections) complete() bool {
	return a.SAML != nil && a.OIDC != nil && a.External != nil && a.all(func(c SSOConnection) bool { return c.ID != "" && c.Status != "" })
}

// all says whether every connection of the three kinds is so.
func (a SSOConnections) all(is func(SSOConnection) bool) bool {
	isNot := func(c SSOConnection) bool { return !is(c) }
	return !slices.ContainsFunc(a.SAML, func(c SAMLConnection) bool { return isNot(c.SSOConnection) }) &&
		!slices.ContainsFunc(a.OIDC, isNot) && !slices.ContainsFunc(a.External, isNot)
}

// SSOConnections returns the organization's connections.
func (t Tenant) SSOConnections(ctx context.Context) (SSOConnections, error) {
	got, err := header[SSOConnections](ctx, t, SSOConnectionsList, request{path: []string{t.key.OrganizationID}})
	if err == nil && !got.all(func(c SSOConnection) bool { return c.OrganizationID == t.key.OrganizationID }) {
		return SSOConnections{}, mismatch(SSOConnectionsList, "")
	}
	return got, err
}
