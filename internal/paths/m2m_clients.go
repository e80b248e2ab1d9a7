package paths

import "net/url"

// The M2M clients of the project: all of them, a new one, one, and what is done to one.
const (
	M2MClients           = "/m2m-clients"
	M2MClientNew         = "/m2m-clients/new"
	M2MClientRoute       = "/m2m-clients/:client_id"
	M2MClientEditRoute   = "/m2m-clients/:client_id/edit/:group"
	M2MClientSecretRoute = M2MClientRoute + "/secret"
	M2MClientDeleteRoute = "/m2m-clients/:client_id/delete"
)

// M2MClient is the page of an M2M client. Its id may have any shape: one that is a word of our own addresses is written with an escape
// that they do not have.
func M2MClient(clientID string) string {
	if clientID == "new" {
		return M2MClients + "/%6Eew"
	}
	return M2MClients + "/" + url.PathEscape(clientID)
}

// M2MClientEdit is where one group of what is known of an M2M client is changed: "name", "scopes", "metadata" or "status".
func M2MClientEdit(clientID, group string) string {
	return M2MClient(clientID) + "/edit/" + url.PathEscape(group)
}

// M2MClientSecret is where the secret of an M2M client is changed; act is the step that the page asks about, "" for all of them.
func M2MClientSecret(clientID, act string) string {
	return With(M2MClient(clientID)+"/secret", url.Values{"act": {act}})
}

// M2MClientDelete is where an M2M client is deleted.
func M2MClientDelete(clientID string) string { return M2MClient(clientID) + "/delete" }
