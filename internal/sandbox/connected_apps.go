package sandbox

import (
	"slices"
	"strings"
)

// organizationApp is a Connected App as an organization sees it: one that some member has let in.
type organizationApp struct {
	ConnectedAppID string  `json:"connected_app_id"`
	Name           string  `json:"name"`
	Description    string  `json:"description"`
	ClientType     string  `json:"client_type"`
	LogoURL        *string `json:"logo_url"`
}

// grant is an app that a member has let in, and what it may do.
type grant struct {
	app    organizationApp
	scopes []string
}

// memberApp is the same on the wire. Unlike everywhere else the scopes are one text.
type memberApp struct {
	organizationApp
	ScopesGranted string `json:"scopes_granted"`
}

// organizationConnectedApps asks for the organization only: no permission is published for it.
func (c *call) organizationConnectedApps() (any, error) {
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	return struct {
		envelope
		ConnectedApps []organizationApp `json:"connected_apps"`
	}{c.ok(), t.apps}, nil
}

// memberConnectedApps lists what a member has let in.
func (c *call) memberConnectedApps() (any, error) {
	m, err := c.permitted("get.connected-apps", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	var apps []memberApp
	for _, one := range m.grants {
		apps = append(apps, memberApp{one.app, strings.Join(one.scopes, " ")})
	}
	return struct {
		envelope
		ConnectedApps []memberApp `json:"connected_apps"`
	}{c.ok(), apps}, nil
}

// memberRevokeConnectedApp takes back what a member has let in.
func (c *call) memberRevokeConnectedApp() (any, error) {
	if _, err := decode[struct{}](c); err != nil {
		return nil, err
	}
	m, err := c.permitted("revoke.connected-app", c.named)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, errMemberNotFound()
	}
	meant := func(one grant) bool { return one.app.ConnectedAppID == c.params["connected_app_id"] }
	if !slices.ContainsFunc(m.grants, meant) {
		return nil, notFound("connected_app_not_found", "The Connected App requested could not be found.")
	}
	m.revokeGrants(meant)
	return c.ok(), nil
}

// letIn gives an app what a member has agreed to.
func (m *member) letIn(app organizationApp, scopes ...string) {
	m.grants = append(m.grants, grant{app, scopes})
	if !slices.ContainsFunc(m.tenant.apps, app.same) {
		m.tenant.apps = append(m.tenant.apps, app)
	}
}

// revokeGrants takes back some of what a member has let in. What nobody has let in any more is no app of the organization.
func (m *member) revokeGrants(gone func(grant) bool) {
	m.grants = slices.DeleteFunc(m.grants, gone)
	m.tenant.apps = slices.DeleteFunc(m.tenant.apps, func(app organizationApp) bool {
		return !slices.ContainsFunc(m.tenant.live, func(other *member) bool {
			return slices.ContainsFunc(other.grants, func(one grant) bool { return one.app.same(app) })
		})
	})
}

func (a organizationApp) same(other organizationApp) bool {
	return a.ConnectedAppID == other.ConnectedAppID
}
