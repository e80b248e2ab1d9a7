package stytch

import "context"

// SCIMConnection is the connection by which the customer's directory manages members.
type SCIMConnection struct {
	ID               string `json:"connection_id"`
	OrganizationID   string `json:"organization_id"`
	Name             string `json:"display_name"`
	Status           string `json:"status"`
	IdentityProvider string `json:"identity_provider"`
	TokenLastFour    string `json:"bearer_token_last_four"`
	TokenExpiresAt   Time   `json:"bearer_token_expires_at"`
	// NextTokenLastFour is empty unless the token is being rotated.
	NextTokenLastFour string `json:"next_bearer_token_last_four"`
	GroupRoles        []struct {
		RoleID string `json:"role_id"`
		Group  string `json:"group_name"`
	} `json:"scim_group_implicit_role_assignments"`
}

type scimAnswer struct {
	RequestID  string          `json:"request_id"`
	Connection *SCIMConnection `json:"connection"`
}

func (a scimAnswer) complete() bool {
	return a.RequestID != "" && (a.Connection == nil || a.Connection.ID != "")
}

// SCIMConnection returns the organization's connection, or nil where it has none (rule no-scim-connection).
func (t Tenant) SCIMConnection(ctx context.Context) (*SCIMConnection, error) {
	got, err := header[scimAnswer](ctx, t, SCIMConnectionGet, request{path: []string{t.key.OrganizationID}})
	if IsType(err, "no_active_scim_connection") || IsType(err, "scim_connection_not_found") {
		return nil, nil //nolint:nilnil // having none is an ordinary answer and not an error
	}
	if got.Connection != nil && got.Connection.OrganizationID != t.key.OrganizationID {
		return nil, mismatch(SCIMConnectionGet, got.RequestID)
	}
	return got.Connection, err
}
