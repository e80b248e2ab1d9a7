package stytch

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
)

// ConsentClient is what anybody may learn of an OAuth client: enough to tell where an answer to it may go, and who registered it.
type ConsentClient struct {
	ID           string   `json:"client_id"`
	Name         string   `json:"client_name"`
	Type         string   `json:"client_type"`
	Status       string   `json:"status"`
	RedirectURLs []string `json:"redirect_urls"`
	// CreationMethod says who registered it (rule app-creation-method), MetadataURL where a client that is its own address describes itself.
	CreationMethod string `json:"creation_method"`
	MetadataURL    string `json:"client_id_metadata_url"`
}

type consentClientAnswer struct {
	RequestID string        `json:"request_id"`
	Client    ConsentClient `json:"connected_app"`
}

func (a consentClientAnswer) complete() bool {
	return a.Client.ID != "" && a.Client.Type != "" && a.Client.RedirectURLs != nil
}

// ConsentClient returns a client of the project. It is the one read with the project secret for which nobody's permission is asked, so
// nothing else of the client is decoded. ErrInput is what cannot be the id of one.
func (c *Client) ConsentClient(ctx context.Context, id string) (ConsentClient, error) {
	if !IsAppID(id) {
		return ConsentClient{}, ErrInput
	}
	got, err := open[consentClientAnswer](ctx, c, ConsentClientGet, request{path: []string{id}})
	if err != nil {
		return ConsentClient{}, err
	}
	if got.Client.ID != id {
		return ConsentClient{}, mismatch(ConsentClientGet, got.RequestID)
	}
	return got.Client, nil
}

// Authorization is an OAuth 2.1 authorization request, as far as the upstream wants to know it. Response type code and challenge method
// S256 are understood (rule authorize-code-only).
type Authorization struct {
	ClientID, RedirectURI string
	Scopes                []string
	// Prompt is the request's own, space separated; "" for none.
	Prompt string
	// State, Nonce, Challenge and Resources are sent with the decision alone.
	State, Nonce, Challenge string
	Resources               []string
}

type authorizeStartRequest struct {
	ClientID     string   `json:"client_id"`
	RedirectURI  string   `json:"redirect_uri"`
	ResponseType string   `json:"response_type"`
	Scopes       []string `json:"scopes"`
	Prompt       string   `json:"prompt,omitzero"`
	SessionToken string   `json:"session_token"`
}

type authorizeRequest struct {
	ClientID     string   `json:"client_id"`
	RedirectURI  string   `json:"redirect_uri"`
	ResponseType string   `json:"response_type"`
	Scopes       []string `json:"scopes"`
	Prompt       string   `json:"prompt,omitzero"`
	SessionToken string   `json:"session_token"`
	Granted      bool     `json:"consent_granted"`
	State        string   `json:"state,omitzero"`
	Nonce        string   `json:"nonce,omitzero"`
	Challenge    string   `json:"code_challenge,omitzero"`
	Resources    []string `json:"resources,omitempty"`
}

type consentPreviewRequest struct {
	ClientID       string   `json:"client_id"`
	RedirectURI    string   `json:"redirect_uri"`
	ResponseType   string   `json:"response_type"`
	Scopes         []string `json:"scopes"`
	Prompt         string   `json:"prompt,omitzero"`
	OrganizationID string   `json:"organization_id"`
	MemberID       string   `json:"member_id"`
}

// responseCode is the one response type (rule authorize-code-only).
const responseCode = "code"

// ScopeResult is what the upstream makes of one scope that a client asks for (rule scope-grantable).
type ScopeResult struct {
	Scope       string `json:"scope"`
	Description string `json:"description"`
	// Grantable says that the member's roles cover all that the scope stands for.
	Grantable *bool `json:"is_grantable"`
}

// Consent is what a client asks of a member, before anything is decided.
type Consent struct {
	RequestID string `json:"request_id"`
	MemberID  string `json:"member_id"`
	Member    struct {
		ID             string `json:"member_id"`
		OrganizationID string `json:"organization_id"`
		Email          string `json:"email_address"`
		Name           string `json:"name"`
	} `json:"member"`
	Organization struct {
		ID   string `json:"organization_id"`
		Name string `json:"organization_name"`
	} `json:"organization"`
	Client struct {
		ID          string `json:"client_id"`
		Name        string `json:"client_name"`
		Description string `json:"client_description"`
		Type        string `json:"client_type"`
	} `json:"client"`
	// Required says that the member must be asked (rule consent-required).
	Required *bool         `json:"consent_required"`
	Scopes   []ScopeResult `json:"scope_results"`
}

func (a Consent) complete() bool {
	return a.MemberID != "" && a.Member.ID != "" && a.Organization.ID != "" && a.Client.ID != "" && a.Client.Type != "" && a.Required != nil && a.Scopes != nil &&
		!slices.ContainsFunc(a.Scopes, func(s ScopeResult) bool { return s.Scope == "" || s.Grantable == nil })
}

// of says whether the answer is about this member and this client. A client that is its own address has an id beside it (rule
// client-id-metadata).
func (a Consent) of(organizationID, memberID, clientID string) bool {
	return a.MemberID == memberID && a.Member.ID == memberID && a.Member.OrganizationID == organizationID && a.Organization.ID == organizationID &&
		(a.Client.ID == clientID || !IsAppID(clientID) && IsAppID(a.Client.ID))
}

// AuthorizeStart asks what a client may be granted by the Tenant's member, and whether they must be asked. It changes nothing (rule
// authorize-start).
func (t Tenant) AuthorizeStart(ctx context.Context, a Authorization) (Consent, error) {
	got, err := ownOpen[Consent](ctx, t, AuthorizeStart, request{
		body:   authorizeStartRequest{a.ClientID, a.RedirectURI, responseCode, a.Scopes, a.Prompt, t.key.Token.Reveal()},
		member: t.key.MemberID, target: a.ClientID,
	})
	if err != nil {
		return Consent{}, err
	}
	if !got.of(t.key.OrganizationID, t.key.MemberID, a.ClientID) {
		return Consent{}, mismatch(AuthorizeStart, got.RequestID)
	}
	return got, nil
}

// Authorized is where the browser goes with a decision: the client's own address, with a code or an error. It is as good as the code.
type Authorized struct {
	RequestID   string `json:"request_id"`
	RedirectURI Secret `json:"redirect_uri"`
}

func (a Authorized) complete() bool { return a.RequestID != "" && a.RedirectURI != "" }

// leadsTo says whether the answer goes to this address, whatever query it adds. The code in it must reach nobody else.
func (a Authorized) leadsTo(address string) bool {
	got, err := url.Parse(a.RedirectURI.Reveal())
	if err != nil {
		return false
	}
	want, err := url.Parse(address)
	return err == nil && got.Scheme == want.Scheme && got.Opaque == want.Opaque && strings.EqualFold(got.Host, want.Host) && got.User == nil && got.Fragment == "" &&
		cmp.Or(got.EscapedPath(), "/") == cmp.Or(want.EscapedPath(), "/")
}

// Authorize decides about a request. granted is the member's word where they must be asked; where they need not be it is not looked at
// (rule consent-submit). Each call that lets the app in makes a code of its own. Mismatch is an answer that leads anywhere but to the
// request's own address.
func (t Tenant) Authorize(ctx context.Context, a Authorization, granted bool) (Authorized, error) {
	got, err := ownOpen[Authorized](ctx, t, Authorize, request{
		body: authorizeRequest{
			a.ClientID, a.RedirectURI, responseCode, a.Scopes, a.Prompt, t.key.Token.Reveal(), granted, a.State, a.Nonce, a.Challenge, a.Resources,
		},
		member: t.key.MemberID, target: a.ClientID,
	})
	if err != nil {
		return Authorized{}, err
	}
	if !got.leadsTo(a.RedirectURI) {
		return Authorized{}, mismatch(Authorize, got.RequestID)
	}
	return got, nil
}

// PreviewConsent asks what AuthorizeStart would answer a member of the Tenant's organization.
func (s Staff) PreviewConsent(ctx context.Context, t Tenant, memberID string, a Authorization) (Consent, error) {
	if !IsMemberID(memberID) {
		return Consent{}, ErrInput
	}
	got, err := both[Consent](ctx, s, t, ConsentPreview, request{
		body:         consentPreviewRequest{a.ClientID, a.RedirectURI, responseCode, a.Scopes, a.Prompt, t.key.OrganizationID, memberID},
		organization: t.key.OrganizationID, member: memberID, target: a.ClientID,
	})
	if err != nil {
		return Consent{}, err
	}
	if !got.of(t.key.OrganizationID, memberID, a.ClientID) {
		return Consent{}, mismatch(ConsentPreview, got.RequestID)
	}
	return got, nil
}
