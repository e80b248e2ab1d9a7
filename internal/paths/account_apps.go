package paths

import "net/url"

// The Connected Apps that one let in oneself, and where they are revoked.
const (
	AccountApps       = "/account/connected-apps"
	AccountAppsRevoke = "/account/connected-apps/revoke"
)

// AccountAppRevoke asks before one of one's own apps is revoked, as a member of an organization; "" is the one signed in to. Without
// an app it asks about all of them.
func AccountAppRevoke(clientID, organizationID string) string {
	return With(AccountAppsRevoke, url.Values{"app": {clientID}, "organization": {organizationID}})
}
