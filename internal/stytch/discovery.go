package stytch

import (
	"context"
	"slices"
)

// Discovery is what a proven e-mail address opens: a token for ten minutes and the organizations behind it.
type Discovery struct {
	// Token is the intermediate session token. Exchanging it consumes it, listing does not (rule intermediate-token).
	Token         Secret                   `json:"intermediate_session_token"`
	Email         string                   `json:"email_address"`
	Organizations []DiscoveredOrganization `json:"discovered_organizations"`
}

func (d Discovery) complete() bool {
	return d.Token != "" && d.Email != "" && areDiscovered(d.Organizations)
}

// DiscoveredOrganization is an organization that a person belongs to or may join.
type DiscoveredOrganization struct {
	Organization OrganizationSummary `json:"organization"`
	Membership   struct {
		// Type is one of active_member, pending_member, invited_member, eligible_to_join_by_email_domain and
		// eligible_to_join_by_oauth_tenant (rule membership-types).
		Type string `json:"type"`
	} `json:"membership"`
	MFARequired     *struct{} `json:"mfa_required"`
	PrimaryRequired *struct{} `json:"primary_required"`
}

// areDiscovered says whether the list is there and every organization on it says which one it is, and why it is there.
func areDiscovered(organizations []DiscoveredOrganization) bool {
	return organizations != nil && !slices.ContainsFunc(organizations, func(d DiscoveredOrganization) bool {
		return !d.Organization.complete() || d.Membership.Type == ""
	})
}

// IsMember says whether the person belongs to the organization already or was invited.
func (d DiscoveredOrganization) IsMember() bool {
	switch d.Membership.Type {
	case "active_member", "pending_member", "invited_member":
		return true
	}
	return false
}

type discoveryLinkRequest struct {
	Email     string `json:"email_address"`
	Redirect  string `json:"discovery_redirect_url"`
	Challenge string `json:"pkce_code_challenge"`
	Locale    string `json:"locale,omitzero"`
}

// SendDiscoveryLink mails a sign-in link. The answer is the same whether anybody has that address (rule discovery-send).
func (c *Client) SendDiscoveryLink(ctx context.Context, email string, m Mail) error {
	_, err := open[empty](ctx, c, DiscoveryLinkSend, request{body: discoveryLinkRequest{email, m.Redirect, m.Challenge, m.Locale}})
	return err
}

type discoveryCodeRequest struct {
	Email  string `json:"email_address"`
	Locale string `json:"locale,omitzero"`
}

// SendDiscoveryCode mails a six-digit code.
func (c *Client) SendDiscoveryCode(ctx context.Context, email, locale string) error {
	_, err := open[empty](ctx, c, DiscoveryCodeSend, request{body: discoveryCodeRequest{email, locale}})
	return err
}

type discoveryLinkProof struct {
	Token    string `json:"discovery_magic_links_token"`
	Verifier string `json:"pkce_code_verifier,omitzero"`
}

// AuthenticateDiscoveryLink spends a link's token. A link that was sent with a challenge needs its verifier (rule pkce).
func (c *Client) AuthenticateDiscoveryLink(ctx context.Context, token, verifier string) (Discovery, error) {
	return open[Discovery](ctx, c, DiscoveryLinkAuthenticate, request{body: discoveryLinkProof{token, verifier}})
}

type discoveryCodeProof struct {
	Email string `json:"email_address"`
	Code  string `json:"code"`
}

// AuthenticateDiscoveryCode spends a code.
func (c *Client) AuthenticateDiscoveryCode(ctx context.Context, email, code string) (Discovery, error) {
	return open[Discovery](ctx, c, DiscoveryCodeAuthenticate, request{body: discoveryCodeProof{email, code}})
}

type discoverRequest struct {
	Intermediate string `json:"intermediate_session_token,omitzero"`
	SessionToken string `json:"session_token,omitzero"`
}

// Memberships is the list of a person's organizations.
type Memberships struct {
	Email         string                   `json:"email_address"`
	Organizations []DiscoveredOrganization `json:"discovered_organizations"`
}

func (m Memberships) complete() bool {
	return m.Email != "" && areDiscovered(m.Organizations)
}

// Memberships returns the organizations behind an intermediate token, those one may join included.
func (c *Client) Memberships(ctx context.Context, intermediate Secret) (Memberships, error) {
	return open[Memberships](ctx, c, DiscoveryOrganizations, request{body: discoverRequest{Intermediate: intermediate.Reveal()}})
}

// Memberships returns the organizations that the session's person belongs to or was invited to.
func (t Tenant) Memberships(ctx context.Context) (Memberships, error) {
	return ownOpen[Memberships](ctx, t, DiscoveryOrganizations, request{body: discoverRequest{SessionToken: t.key.Token.Reveal()}})
}

type intermediateExchangeRequest struct {
	Intermediate   string `json:"intermediate_session_token"`
	OrganizationID string `json:"organization_id"`
	Minutes        int    `json:"session_duration_minutes"`
}

// ExchangeIntermediate signs in to an organization. It accepts an invitation and joins where that is open.
func (c *Client) ExchangeIntermediate(ctx context.Context, intermediate Secret, organizationID string, minutes int) (SignIn, error) {
	return c.signIn(ctx, IntermediateExchange, organizationID, intermediateExchangeRequest{intermediate.Reveal(), organizationID, minutes})
}
