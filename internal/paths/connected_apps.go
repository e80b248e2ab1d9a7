package paths

import "net/url"

// The OAuth clients of the project, which is what the upstream calls Connected Apps.
const (
	ConnectedApps           = "/connected-apps"
	ConnectedAppNew         = "/connected-apps/new"
	ConnectedAppRoute       = "/connected-apps/:client_id"
	ConnectedAppEditRoute   = ConnectedAppRoute + "/edit/:group"
	ConnectedAppSecretRoute = ConnectedAppRoute + "/secret"
	ConnectedAppDeleteRoute = ConnectedAppRoute + "/delete"
)

// ConnectedApp is the page of one client.
func ConnectedApp(clientID string) string { return ConnectedApps + "/" + url.PathEscape(clientID) }

// ConnectedAppEdit is where one group of what is known of a client is changed: "about", "redirects", "post-logout", "tokens" or "rights".
func ConnectedAppEdit(clientID, group string) string {
	return ConnectedApp(clientID) + "/edit/" + url.PathEscape(group)
}

// ConnectedAppSecret is where the secret of a client is changed; act is the step that the page asks about, "" for all of them.
func ConnectedAppSecret(clientID, act string) string {
	return With(ConnectedApp(clientID)+"/secret", url.Values{"act": {act}})
}

// ConnectedAppDelete is where a client is deleted.
func ConnectedAppDelete(clientID string) string { return ConnectedApp(clientID) + "/delete" }
