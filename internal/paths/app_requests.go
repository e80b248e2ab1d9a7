package paths

import "net/url"

// What members asked their admins for, and what they would be asked, on the tenant's page of Connected Apps.
const (
	AppRequestRoute     = "/organizations/:organization_id/connected-apps/requests/:client_id"
	ConsentPreviewRoute = "/organizations/:organization_id/connected-apps/preview"
)

// AppRequest is where the requests for an app are dismissed (POST).
func AppRequest(organizationID, clientID string) string {
	return Organization(organizationID) + "/connected-apps/requests/" + url.PathEscape(clientID)
}

// SettingsAllow is the form of the app policy with one more app allowed. Nothing is changed by opening it.
func SettingsAllow(organizationID, clientID string, firstParty bool) string {
	party := "third"
	if firstParty {
		party = "first"
	}
	return With(SettingsGroup(organizationID, "apps"), url.Values{"allow": {clientID}, "party": {party}})
}

// ConsentPreview is where the support staff tries an authorization request of a tenant's member.
func ConsentPreview(organizationID string) string {
	return Organization(organizationID) + "/connected-apps/preview"
}
