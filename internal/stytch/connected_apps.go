package stytch

import (
	"context"
	"slices"
)

// ConnectedApp is an OAuth client that members of an organization let in.
type ConnectedApp struct {
	ID          string `json:"connected_app_id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Type        string `json:"client_type"`
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

// OrganizationApp is a Connected App of an organization, with everybody who let it in.
type OrganizationApp struct {
	ID          string      `json:"connected_app_id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Type        string      `json:"client_type"`
	Members     []AppMember `json:"active_members"`
}

// AppMember is a member who let an app in, and what they granted it.
type AppMember struct {
	ID     string   `json:"member_id"`
	Scopes []string `json:"granted_scopes"`
}

func (a OrganizationApp) complete() bool {
	return a.ID != "" && a.Members != nil && !slices.ContainsFunc(a.Members, func(m AppMember) bool { return m.ID == "" })
}

// OrganizationApp returns one app that members of the organization let in (rule organization-apps-tenancy-only).
func (t Tenant) OrganizationApp(ctx context.Context, appID string) (OrganizationApp, error) {
	if !IsAppID(appID) {
		return OrganizationApp{}, ErrInput
	}
	got, err := header[OrganizationApp](ctx, t, OrganizationAppGet, request{path: []string{t.key.OrganizationID, appID}, target: appID})
	if err != nil {
		return OrganizationApp{}, err
	}
	if got.ID != appID {
		return OrganizationApp{}, mismatch(OrganizationAppGet, "")
	}
	return got, nil
}
