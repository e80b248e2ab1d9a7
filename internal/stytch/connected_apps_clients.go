package stytch

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Types of Connected Apps (rule app-types). A public client keeps no secret and must use PKCE; a third-party one never gets full access.
const (
	AppFirstParty       = "first_party"
	AppFirstPartyPublic = "first_party_public"
	AppThirdParty       = "third_party"
	AppThirdPartyPublic = "third_party_public"
)

// IsPublicApp says whether clients of this type keep no secret.
func IsPublicApp(clientType string) bool {
	return clientType == AppFirstPartyPublic || clientType == AppThirdPartyPublic
}

// IsFirstPartyApp says whether clients of this type are the operator's own.
func IsFirstPartyApp(clientType string) bool {
	return clientType == AppFirstParty || clientType == AppFirstPartyPublic
}

// AppClientSummary is an OAuth client of the project, as a list shows it.
type AppClientSummary struct {
	ID          string `json:"client_id"`
	Name        string `json:"client_name"`
	Description string `json:"client_description"`
	// Type is one of the App* constants, and Status active or another word of the upstream's.
	Type         string   `json:"client_type"`
	Status       string   `json:"status"`
	RedirectURLs []string `json:"redirect_urls"`
	FullAccess   bool     `json:"full_access_allowed"`
	// CreationMethod says who registered it (rule app-creation-method), MetadataURL where a client that is its own address describes itself.
	CreationMethod string `json:"creation_method"`
	MetadataURL    string `json:"client_id_metadata_url"`
	// SecretLastFour are the last characters of its secret; NextSecretLastFour those of the one that takes its place, while it is being rotated.
	SecretLastFour     string `json:"client_secret_last_four"`
	NextSecretLastFour string `json:"next_client_secret_last_four"`
}

func (a *AppClientSummary) complete() bool { return a.ID != "" && a.Type != "" }

// appClientRows are the clients of a search.
type appClientRows []AppClientSummary

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (rows *appClientRows) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return decodeRows(dec, rows, usualPage, func(a *AppClientSummary, name []byte) error {
		switch string(name) {
		case "client_id":
			return decodeText(dec, &a.ID)
		case "client_name":
			return decodeText(dec, &a.Name)
		case "client_description":
			return decodeText(dec, &a.Description)
		case "client_type":
			return decodeText(dec, &a.Type)
		case "status":
			return decodeText(dec, &a.Status)
		case "redirect_urls":
			return json.UnmarshalDecode(dec, &a.RedirectURLs)
		case "full_access_allowed":
			return json.UnmarshalDecode(dec, &a.FullAccess)
		case "creation_method":
			return decodeText(dec, &a.CreationMethod)
		case "client_id_metadata_url":
			return decodeText(dec, &a.MetadataURL)
		case "client_secret_last_four":
			return decodeText(dec, &a.SecretLastFour)
		case "next_client_secret_last_four":
			return decodeText(dec, &a.NextSecretLastFour)
		}
		return dec.SkipValue()
	})
}

type appClientsAnswer struct {
	Clients  appClientRows    `json:"connected_apps"`
	Metadata *resultsMetadata `json:"results_metadata"`
}

func (a appClientsAnswer) complete() bool {
	for i := range a.Clients {
		if !a.Clients[i].complete() {
			return false
		}
	}
	return a.Clients != nil && a.Metadata.complete()
}

// SearchAppClients returns a page of the project's Connected Apps; limit is 1 to 1000. The upstream filters nothing and promises no
// order (rule connected-app-search). It spends one search of the budget.
func (s Staff) SearchAppClients(ctx context.Context, cursor string, limit int) (Page[AppClientSummary], error) {
	got, err := checked[appClientsAnswer](ctx, s.tenant, AppClientsSearch, request{body: searchRequest{Cursor: cursor, Limit: limit}})
	if err != nil {
		return Page[AppClientSummary]{}, err
	}
	return Page[AppClientSummary]{got.Clients, got.Metadata.NextCursor, *got.Metadata.Total}, nil
}

// AllAppClients goes through every page of the project's Connected Apps, limit rows at a time. It yields an error once and stops.
func (s Staff) AllAppClients(ctx context.Context, limit int) iter.Seq2[AppClientSummary, error] {
	return all(ctx, AppClientsSearch, func(ctx context.Context, cursor string) (Page[AppClientSummary], error) {
		return s.SearchAppClients(ctx, cursor, limit)
	})
}

// AppClient is an OAuth client of the project.
type AppClient struct {
	ID          string `json:"client_id"`
	Name        string `json:"client_name"`
	Description string `json:"client_description"`
	// Type is one of the App* constants, and Status active or another word of the upstream's.
	Type           string   `json:"client_type"`
	Status         string   `json:"status"`
	RedirectURLs   []string `json:"redirect_urls"`
	PostLogoutURLs []string `json:"post_logout_redirect_urls"`
	// TokenMinutes is how long its access tokens live; TokenAudience and TokenTemplate (JSON) are what is added to them.
	TokenMinutes  int    `json:"access_token_expiry_minutes"`
	TokenAudience string `json:"access_token_custom_audience"`
	TokenTemplate string `json:"access_token_template_content"`
	// FullAccess lets its tokens be exchanged for a session of the member, BypassOffline lets it have refresh tokens without consent.
	// Both are for first-party clients alone (rule app-types).
	FullAccess    bool   `json:"full_access_allowed"`
	BypassOffline bool   `json:"bypass_consent_for_offline_access"`
	LogoURL       string `json:"logo_url"`
	// CreationMethod says who registered it (rule app-creation-method), MetadataURL where a client that is its own address describes itself.
	CreationMethod string `json:"creation_method"`
	MetadataURL    string `json:"client_id_metadata_url"`
	// SecretLastFour are the last characters of its secret; NextSecretLastFour those of the one that takes its place, while it is being rotated.
	SecretLastFour     string `json:"client_secret_last_four"`
	NextSecretLastFour string `json:"next_client_secret_last_four"`
}

func (a AppClient) complete() bool {
	return a.ID != "" && a.Type != "" && a.RedirectURLs != nil
}

// AppClientAnswer is a client as it is after a change.
type AppClientAnswer struct {
	RequestID string    `json:"request_id"`
	Client    AppClient `json:"connected_app"`
}

func (a AppClientAnswer) complete() bool { return a.Client.complete() }

// aboutAppClient takes an answer only if it is about the client asked for.
func aboutAppClient(op Operation, id string, got AppClientAnswer, err error) (AppClientAnswer, error) {
	if err != nil {
		return AppClientAnswer{}, err
	}
	if got.Client.ID != id {
		return AppClientAnswer{}, mismatch(op, got.RequestID)
	}
	return got, nil
}

// appClient sends an operation about one client, as the support staff.
func (s Staff) appClient(ctx context.Context, op Operation, id string, body any) (AppClientAnswer, error) {
	if !IsAppID(id) {
		return AppClientAnswer{}, ErrInput
	}
	got, err := checked[AppClientAnswer](ctx, s.tenant, op, request{path: []string{id}, body: body, target: id})
	return aboutAppClient(op, id, got, err)
}

// AppClient returns a client of the project.
func (s Staff) AppClient(ctx context.Context, id string) (AppClient, error) {
	got, err := s.appClient(ctx, AppClientGet, id, nil)
	return got.Client, err
}

// AppClientField is a field of a client that can be changed, by the upstream's name.
type AppClientField string

// The fields. A client's type, id and secret are not among them (rule app-types).
const (
	AppClientName           AppClientField = "client_name"
	AppClientDescription    AppClientField = "client_description"
	AppClientRedirectURLs   AppClientField = "redirect_urls"
	AppClientPostLogoutURLs AppClientField = "post_logout_redirect_urls"
	AppClientTokenMinutes   AppClientField = "access_token_expiry_minutes"
	AppClientTokenAudience  AppClientField = "access_token_custom_audience"
	AppClientTokenTemplate  AppClientField = "access_token_template_content"
	AppClientFullAccess     AppClientField = "full_access_allowed"
	AppClientBypassOffline  AppClientField = "bypass_consent_for_offline_access"
	AppClientLogoURL        AppClientField = "logo_url"
)

// appClientFields are all of them.
var appClientFields = []fieldRow[AppClientField]{
	{field: AppClientName, is: a[string]},
	{field: AppClientDescription, is: a[string]},
	{field: AppClientRedirectURLs, is: a[[]string]},
	{field: AppClientPostLogoutURLs, is: a[[]string]},
	{field: AppClientTokenMinutes, is: a[int]},
	{field: AppClientTokenAudience, is: a[string]},
	{field: AppClientTokenTemplate, is: a[string]},
	{field: AppClientFullAccess, is: a[bool]},
	{field: AppClientBypassOffline, is: a[bool]},
	{field: AppClientLogoURL, is: a[string]},
}

// AppClientFields returns all fields of a client that can be changed, in the order of the table.
func AppClientFields() []AppClientField { return namesOf(appClientFields) }

// appClientRequest is made of the table of fields, and for a new client of its type.
type appClientRequest map[AppClientField]any

// appClientType is sent for a new client alone.
const appClientType AppClientField = "client_type"

// UpdateAppClient changes fields of a client. ErrInput is no field, one that is not in the table, and a value of another type.
func (s Staff) UpdateAppClient(ctx context.Context, id string, values map[AppClientField]any) (AppClientAnswer, error) {
	if !canSend(appClientFields, values) {
		return AppClientAnswer{}, ErrInput
	}
	return s.appClient(ctx, AppClientUpdate, id, clone[appClientRequest](values))
}

// NewAppClient is a client that was just made, with its secret, which is never told again. A public client has none.
type NewAppClient struct {
	RequestID string
	Client    AppClient
	Secret    Secret
}

type createdAppClient struct {
	RequestID string `json:"request_id"`
	Client    struct {
		AppClient
		Secret Secret `json:"client_secret"`
	} `json:"connected_app"`
}

func (a createdAppClient) complete() bool {
	return a.Client.complete() && (a.Client.Secret != "" || IsPublicApp(a.Client.Type))
}

// CreateAppClient makes a client of a type. ErrInput is as in UpdateAppClient, and an unknown type.
func (s Staff) CreateAppClient(ctx context.Context, clientType string, values map[AppClientField]any) (NewAppClient, error) {
	if !slices.Contains([]string{AppFirstParty, AppFirstPartyPublic, AppThirdParty, AppThirdPartyPublic}, clientType) || !canSend(appClientFields, values) {
		return NewAppClient{}, ErrInput
	}
	body := appClientRequest{appClientType: clientType}
	maps.Copy(body, values)
	name, _ := values[AppClientName].(string)
	got, err := checked[createdAppClient](ctx, s.tenant, AppClientCreate, request{body: body, target: name})
	if err != nil {
		return NewAppClient{}, err
	}
	// The id becomes part of an address, and the secret is shown as that of the type asked for.
	if !IsAppID(got.Client.ID) || got.Client.Type != clientType {
		return NewAppClient{}, mismatch(AppClientCreate, got.RequestID)
	}
	return NewAppClient{got.RequestID, got.Client.AppClient, got.Client.Secret}, nil
}

type deletedClient struct {
	RequestID string `json:"request_id"`
	ClientID  string `json:"client_id"`
}

func (d deletedClient) complete() bool { return d.ClientID != "" }

// deleteClient deletes a client of either kind.
func (s Staff) deleteClient(ctx context.Context, op Operation, id string) (Done, error) {
	got, err := checked[deletedClient](ctx, s.tenant, op, request{path: []string{id}, target: id})
	if err != nil {
		return Done{}, err
	}
	if got.ClientID != id {
		return Done{}, mismatch(op, got.RequestID)
	}
	return Done{got.RequestID}, nil
}

// DeleteAppClient deletes a client: every organization and member loses it, and its tokens end (rule connected-app-deletion).
func (s Staff) DeleteAppClient(ctx context.Context, id string) (Done, error) {
	if !IsAppID(id) {
		return Done{}, ErrInput
	}
	return s.deleteClient(ctx, AppClientDelete, id)
}
