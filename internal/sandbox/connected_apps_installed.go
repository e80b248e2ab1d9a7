package sandbox

import (
	"net/http"
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

func (a *connectedApp) installed() organizationApp {
	return organizationApp{a.ClientID, a.ClientName, a.ClientDescription, a.ClientType, a.LogoURL}
}

// memberApp is an app as its member sees it. Unlike everywhere else the scopes are one text.
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
	var apps []organizationApp
	for _, app := range t.connectedApps() {
		apps = append(apps, app.installed())
	}
	return struct {
		envelope
		ConnectedApps []organizationApp `json:"connected_apps"`
	}{c.ok(), apps}, nil
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
		apps = append(apps, memberApp{one.app.installed(), strings.Join(one.scopes, " ")})
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
	app := c.store.apps[c.params["connected_app_id"]]
	if app == nil || m.grantFor(app) == nil {
		return nil, errConnectedAppNotFound()
	}
	m.takeBack(app)
	return c.ok(), nil
}

// activeMember is a member who has let an app in.
type activeMember struct {
	MemberID      string   `json:"member_id"`
	GrantedScopes []string `json:"granted_scopes"`
}

// organizationConnectedApp asks for the organization only, as the list does. An app that nobody has let in is none of the
// organization (rule installed-apps). The interface has no request_id in this answer.
func (c *call) organizationConnectedApp() (any, error) {
	t, err := c.open(c.params["organization_id"], "", "")
	if err != nil {
		return nil, err
	}
	app := c.store.apps[c.params["connected_app_id"]]
	var members []activeMember
	for _, m := range t.live {
		if one := m.grantFor(app); one != nil {
			members = append(members, activeMember{m.MemberID, one.scopes})
		}
	}
	if members == nil {
		return nil, errConnectedAppNotFound()
	}
	return struct {
		organizationApp
		ActiveMembers []activeMember `json:"active_members"`
		StatusCode    int            `json:"status_code"`
	}{app.installed(), members, http.StatusOK}, nil
}
