package stytch

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// M2MClient is a client of the project that speaks for itself and for no member.
type M2MClient struct {
	ID          string `json:"client_id"`
	Name        string `json:"client_name"`
	Description string `json:"client_description"`
	// Status is active or inactive. Tokens that an inactive or deleted client has live on until they run out (rule m2m-tokens-outlive).
	Status string   `json:"status"`
	Scopes []string `json:"scopes"`
	// SecretLastFour are the last characters of its secret; NextSecretLastFour those of the one that takes its place, while it is being rotated.
	SecretLastFour     string         `json:"client_secret_last_four"`
	NextSecretLastFour string         `json:"next_client_secret_last_four"`
	TrustedMetadata    jsontext.Value `json:"trusted_metadata"`
}

func (m M2MClient) complete() bool { return m.ID != "" && m.Status != "" && m.Scopes != nil }

// M2MClientSummary is an M2M client as a list shows it.
type M2MClientSummary struct {
	ID                 string   `json:"client_id"`
	Name               string   `json:"client_name"`
	Description        string   `json:"client_description"`
	Status             string   `json:"status"`
	Scopes             []string `json:"scopes"`
	NextSecretLastFour string   `json:"next_client_secret_last_four"`
}

// m2mClientRows are the clients of a search.
type m2mClientRows []M2MClientSummary

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (rows *m2mClientRows) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return decodeRows(dec, rows, usualPage, func(m *M2MClientSummary, name []byte) error {
		switch string(name) {
		case "client_id":
			return decodeText(dec, &m.ID)
		case "client_name":
			return decodeText(dec, &m.Name)
		case "client_description":
			return decodeText(dec, &m.Description)
		case "status":
			return decodeText(dec, &m.Status)
		case "scopes":
			return json.UnmarshalDecode(dec, &m.Scopes)
		case "next_client_secret_last_four":
			return decodeText(dec, &m.NextSecretLastFour)
		}
		return dec.SkipValue()
	})
}

type m2mClientsAnswer struct {
	Clients  m2mClientRows    `json:"m2m_clients"`
	Metadata *resultsMetadata `json:"results_metadata"`
}

func (a m2mClientsAnswer) complete() bool {
	return a.Clients != nil && a.Metadata.complete() && !slices.ContainsFunc(a.Clients, func(m M2MClientSummary) bool { return m.ID == "" })
}

// M2MClientSearch asks for one page of the project's M2M clients (rule m2m-search).
type M2MClientSearch struct {
	Operands []Operand
	Cursor   string
	// Limit is the number of rows, 1 to 1000.
	Limit int
}

// SearchM2MClients returns a page of the project's M2M clients. It spends one search of the budget.
func (s Staff) SearchM2MClients(ctx context.Context, m M2MClientSearch) (Page[M2MClientSummary], error) {
	got, err := checked[m2mClientsAnswer](ctx, s.tenant, M2MClientsSearch, request{
		body: searchRequest{Cursor: m.Cursor, Limit: m.Limit, Query: queryOf(m.Operands)},
	})
	if err != nil {
		return Page[M2MClientSummary]{}, err
	}
	return Page[M2MClientSummary]{got.Clients, got.Metadata.NextCursor, *got.Metadata.Total}, nil
}

// AllM2MClients goes through every page of a search from its beginning. It yields an error once and stops.
func (s Staff) AllM2MClients(ctx context.Context, m M2MClientSearch) iter.Seq2[M2MClientSummary, error] {
	return all(ctx, M2MClientsSearch, func(ctx context.Context, cursor string) (Page[M2MClientSummary], error) {
		m.Cursor = cursor
		return s.SearchM2MClients(ctx, m)
	})
}

// M2MClientAnswer is an M2M client as it is after a change.
type M2MClientAnswer struct {
	RequestID string    `json:"request_id"`
	Client    M2MClient `json:"m2m_client"`
}

func (a M2MClientAnswer) complete() bool { return a.Client.complete() }

// isM2MID says whether id may stand in a path: an M2M client's may have any shape, since whoever makes it may choose it (rule m2m-client-id).
func isM2MID(id string) bool { return isSegment(id) && len(id) <= maxClientID }

const maxClientID = 128

// m2mClient sends an operation about one client, as the support staff.
func (s Staff) m2mClient(ctx context.Context, op Operation, id string, body any) (M2MClientAnswer, error) {
	if !isM2MID(id) {
		return M2MClientAnswer{}, ErrInput
	}
	got, err := checked[M2MClientAnswer](ctx, s.tenant, op, request{path: []string{id}, body: body, target: id})
	if err != nil {
		return M2MClientAnswer{}, err
	}
	if got.Client.ID != id {
		return M2MClientAnswer{}, mismatch(op, got.RequestID)
	}
	return got, nil
}

// M2MClient returns an M2M client of the project.
func (s Staff) M2MClient(ctx context.Context, id string) (M2MClient, error) {
	got, err := s.m2mClient(ctx, M2MClientGet, id, nil)
	return got.Client, err
}

// M2MClientChange is what is to be changed of an M2M client; what is nil stays as it is. Metadata is merged (rule metadata-merge).
type M2MClientChange struct {
	Name        *string
	Description *string
	Status      *string
	Scopes      *[]string
	Trusted     jsontext.Value
}

type m2mUpdateRequest struct {
	Name        *string        `json:"client_name,omitzero"`
	Description *string        `json:"client_description,omitzero"`
	Status      *string        `json:"status,omitzero"`
	Scopes      *[]string      `json:"scopes,omitzero"`
	Trusted     jsontext.Value `json:"trusted_metadata,omitzero"`
}

// UpdateM2MClient changes an M2M client. ErrInput is no change at all, and metadata that is no object.
func (s Staff) UpdateM2MClient(ctx context.Context, id string, change M2MClientChange) (M2MClientAnswer, error) {
	nothing := change.Name == nil && change.Description == nil && change.Status == nil && change.Scopes == nil && change.Trusted == nil
	if nothing || change.Trusted != nil && !isObject(change.Trusted) {
		return M2MClientAnswer{}, ErrInput
	}
	return s.m2mClient(ctx, M2MClientUpdate, id, m2mUpdateRequest(change))
}

// NewM2MClient is an M2M client to be made. Without an ID or a Secret the upstream draws them.
type NewM2MClient struct {
	ID, Name, Description string
	Secret                Secret
	Scopes                []string
	Trusted               jsontext.Value
}

type m2mCreateRequest struct {
	Scopes      []string       `json:"scopes"`
	ID          string         `json:"client_id,omitzero"`
	Secret      string         `json:"client_secret,omitzero"`
	Name        string         `json:"client_name,omitzero"`
	Description string         `json:"client_description,omitzero"`
	Trusted     jsontext.Value `json:"trusted_metadata,omitzero"`
}

// M2MClientSecret is a client with a secret that is never told again.
type M2MClientSecret struct {
	RequestID string
	Client    M2MClient
	Secret    Secret
}

type createdM2MClient struct {
	RequestID string `json:"request_id"`
	Client    struct {
		M2MClient
		Secret Secret `json:"client_secret"`
	} `json:"m2m_client"`
}

func (a createdM2MClient) complete() bool { return a.Client.complete() && a.Client.Secret != "" }

// CreateM2MClient makes an M2M client and returns its secret, this once. ErrInput is an id that cannot stand in a path, and metadata
// that is no object.
func (s Staff) CreateM2MClient(ctx context.Context, n NewM2MClient) (M2MClientSecret, error) {
	if n.ID != "" && !isM2MID(n.ID) || n.Trusted != nil && !isObject(n.Trusted) {
		return M2MClientSecret{}, ErrInput
	}
	if n.Scopes == nil {
		n.Scopes = []string{}
	}
	got, err := checked[createdM2MClient](ctx, s.tenant, M2MClientCreate, request{
		body:   m2mCreateRequest{n.Scopes, n.ID, n.Secret.Reveal(), n.Name, n.Description, n.Trusted},
		target: cmp.Or(n.ID, n.Name),
	})
	if err != nil {
		return M2MClientSecret{}, err
	}
	if !isM2MID(got.Client.ID) || n.ID != "" && got.Client.ID != n.ID {
		return M2MClientSecret{}, mismatch(M2MClientCreate, got.RequestID)
	}
	return M2MClientSecret{got.RequestID, got.Client.M2MClient, got.Client.Secret}, nil
}

// DeleteM2MClient deletes an M2M client. Tokens that it has live on until they run out (rule m2m-tokens-outlive).
func (s Staff) DeleteM2MClient(ctx context.Context, id string) (Done, error) {
	if !isM2MID(id) {
		return Done{}, ErrInput
	}
	return s.deleteClient(ctx, M2MClientDelete, id)
}

type rotatedM2MClient struct {
	RequestID string `json:"request_id"`
	Client    struct {
		M2MClient
		Next Secret `json:"next_client_secret"`
	} `json:"m2m_client"`
}

func (a rotatedM2MClient) complete() bool { return a.Client.complete() && a.Client.Next != "" }

// StartM2MSecretRotation makes the secret that takes the place of a client's own, and returns it, this once (rule secret-rotation).
func (s Staff) StartM2MSecretRotation(ctx context.Context, id string) (M2MClientSecret, error) {
	if !isM2MID(id) {
		return M2MClientSecret{}, ErrInput
	}
	got, err := checked[rotatedM2MClient](ctx, s.tenant, M2MSecretRotateStart, request{path: []string{id}, target: id})
	if err != nil {
		return M2MClientSecret{}, err
	}
	if got.Client.ID != id {
		return M2MClientSecret{}, mismatch(M2MSecretRotateStart, got.RequestID)
	}
	return M2MClientSecret{got.RequestID, got.Client.M2MClient, got.Client.Next}, nil
}

// CompleteM2MSecretRotation ends the old secret: from now on only the new one is good.
func (s Staff) CompleteM2MSecretRotation(ctx context.Context, id string) (M2MClientAnswer, error) {
	return s.m2mClient(ctx, M2MSecretRotate, id, nil)
}

// CancelM2MSecretRotation ends the new secret: the old one stays.
func (s Staff) CancelM2MSecretRotation(ctx context.Context, id string) (M2MClientAnswer, error) {
	return s.m2mClient(ctx, M2MSecretRotateCancel, id, nil)
}
