package stytch

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// ProviderState is a member's account at an OAuth provider or an identity provider, as far as the support staff may see it: that
// there are tokens and how long they last, and never a token (rule provider-registrations).
type ProviderState struct {
	// Provider is the kind of provider, "OIDC" for an identity provider of the organization's own.
	Provider string
	// Subject is the account's id there.
	Subject string
	Scopes  []string
	// HasAccess says that the upstream holds an access token.
	HasAccess bool
	// ExpiresIn is how many seconds the access token is still good for; 0 is not known.
	ExpiresIn int
	// ConnectionID is the connection of an identity provider.
	ConnectionID string
	// TenantIDs are the workspaces or organizations at the provider.
	TenantIDs []string
}

// present says that a text was there and not empty, without keeping it: a token that is never held cannot leak.
type present bool

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (p *present) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch value.Kind() {
	case '"':
		*p = len(value) > len(`""`)
	case 'n':
		*p = false
	default:
		return fmt.Errorf("a string is wanted, not %v", value.Kind())
	}
	return nil
}

// registration is what the registrations of all providers have. Each knows only some of the fields.
type registration struct {
	Subject      string   `json:"provider_subject"`
	Scopes       []string `json:"scopes"`
	Access       present  `json:"access_token"`
	ExpiresIn    int      `json:"access_token_expires_in"`
	TenantID     string   `json:"provider_tenant_id"`
	TenantIDs    []string `json:"provider_tenant_ids"`
	ConnectionID string   `json:"connection_id"`
}

func (r registration) state(provider string) ProviderState {
	tenants := r.TenantIDs
	if r.TenantID != "" {
		tenants = append([]string{r.TenantID}, tenants...)
	}
	return ProviderState{
		Provider: provider, Subject: r.Subject, Scopes: r.Scopes, HasAccess: bool(r.Access), ExpiresIn: r.ExpiresIn, ConnectionID: r.ConnectionID, TenantIDs: tenants,
	}
}

// oneRegistration is the answer for providers where a member has one account.
type oneRegistration struct {
	Provider string `json:"provider_type"`
	registration
}

func (a oneRegistration) complete() bool { return a.Provider != "" && a.Subject != "" }

// registrations is the answer for providers where a member may have several.
type registrations struct {
	Provider      string         `json:"provider_type"`
	Registrations []registration `json:"registrations"`
}

func (a registrations) complete() bool {
	return a.Registrations != nil && !slices.ContainsFunc(a.Registrations, func(r registration) bool { return r.Subject == "" })
}

// MemberProvider returns the accounts of a member of the Tenant's organization at the provider of the operation, which is one of
// MemberGoogleState to MemberOIDCState, and none where there is none. No answer says whose they are.
func (s Staff) MemberProvider(ctx context.Context, t Tenant, memberID string, op Operation) ([]ProviderState, error) {
	if !IsMemberID(memberID) {
		return nil, ErrInput
	}
	r := request{path: []string{t.key.OrganizationID, memberID}, organization: t.key.OrganizationID, member: memberID}
	states, err := s.registrations(ctx, t, op, r)
	if IsType(err, "member_oauth_token_not_found") || IsType(err, "member_oidc_token_not_found") {
		return nil, nil
	}
	return states, err
}

func (s Staff) registrations(ctx context.Context, t Tenant, op Operation, r request) ([]ProviderState, error) {
	switch op { //nolint:exhaustive // all other operations are about something else
	case MemberGoogleState, MemberMicrosoftState:
		got, err := both[oneRegistration](ctx, s, t, op, r)
		if err != nil {
			return nil, err
		}
		return []ProviderState{got.state(got.Provider)}, nil
	case MemberSlackState, MemberHubSpotState, MemberGitHubState, MemberOIDCState:
		got, err := both[registrations](ctx, s, t, op, r)
		if err != nil {
			return nil, err
		}
		if got.Provider == "" {
			got.Provider = "OIDC"
		}
		states := make([]ProviderState, len(got.Registrations))
		for i, one := range got.Registrations {
			states[i] = one.state(got.Provider)
		}
		return states, nil
	}
	return nil, &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
}
