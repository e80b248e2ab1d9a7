package paths

import "net/url"

// The Connected Apps that a tenant's members let in: all, one with its members, and what is revoked.
const (
	OrganizationAppsRoute      = "/organizations/:organization_id/connected-apps"
	OrganizationAppRoute       = OrganizationAppsRoute + "/:client_id"
	OrganizationAppRevokeRoute = OrganizationAppRoute + "/revoke"
)

// OrganizationApps are the apps that a tenant's members let in.
func OrganizationApps(organizationID string) string {
	return Organization(organizationID) + "/connected-apps"
}

// OrganizationApp is one of these apps, with the members who let it in.
func OrganizationApp(organizationID, clientID string) string {
	return OrganizationApps(organizationID) + "/" + url.PathEscape(clientID)
}

// OrganizationAppRevoke is where an app is revoked for members; without any it is where the form goes.
func OrganizationAppRevoke(organizationID, clientID string, memberIDs ...string) string {
	return With(OrganizationApp(organizationID, clientID)+"/revoke", url.Values{"member": memberIDs})
}
