package stytch

import (
	"context"
	"slices"
)

// ConnectedApp is an OAuth client that members of an organization let in.
type ConnectedApp struct {
	ID   string `json:"connected_app_id"`
	Name string `json:"name"`
	Type string `json:"client_type"`
}

type connectedAppsAnswer struct {
	Apps []ConnectedApp `json:"connected_apps"`
}

func (a connectedAppsAnswer) complete() bool {
	return a.Apps != nil && !slices.ContainsFunc(a.Apps, func(app ConnectedApp) bool { return app.ID == "" })
}

// ConnectedApps returns the apps that members of the organization let in (rule organization-apps-tenancy-only).
func (t Tenant) ConnectedApps(ctx context.Context) ([]ConnectedApp, error) {
	got, err := header[connectedAppsAnswer](ctx, t, ConnectedAppsList, request{path: []string{t.key.OrganizationID}})
	return got.Apps, err
}
