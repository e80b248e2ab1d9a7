package handlers_test

import (
	"net/http"
	"net/url"
	"sync"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// settingsAt is where a group of acme's settings is changed.
func settingsAt(group string) func(*fixture) string {
	return inside("acme", func(id string) string { return paths.SettingsGroup(id, group) })
}

// staffIdentity is where the name of an organization is changed.
func staffIdentity(organizationID string) string {
	return paths.SettingsGroup(organizationID, "identity")
}

// changing is a form that changes one field of a tenant from what it was, and a yes to it.
func changing(name, was, wanted string, pairs ...string) func(*browser) url.Values {
	return form(append(pairs, "was."+name, was, name, wanted, "confirm", "yes")...)
}

// acmeApps are the apps of others that acme has listed, as a form shows them.
func acmeApps(b *browser) url.Values {
	_, form := b.group("acme", "apps", "third_party_connected_apps_allowed_type", "ALL_ALLOWED", "as", "staff", "confirm", "yes")
	return form
}

// ending is the form that deletes an organization.
func ending(name string) func(*browser) url.Values { return form("typed", name) }

const acmeMetadata = `{"crm":{"account":"ACME-42","owner":{"name":"Rita Moss","regions":["EMEA","APAC"]}},"plan":"enterprise","renewal":null,"seats":250,"trial":false}`

var (
	acmeAdmin = signed(olivia, "acme")
	acmeStaff = signed(ada, "support-desk", "acme")
	// endAcme is known also when there is no acme any more.
	endAcme = func(*fixture) string { return paths.OrganizationDelete(acmeID()) }
	acmeID  = sync.OnceValue(func() string {
		fresh, err := sandbox.New(sandbox.Options{})
		if err != nil {
			return err.Error()
		}
		id, err := fresh.OrganizationID("acme")
		if err != nil {
			return err.Error()
		}
		return id
	})
	inStaff = signed(ada, "support-desk")
)

// settingsDrives are the visits to the settings of tenants, and to the beginning and the end of one.
var settingsDrives = map[string][]drive{
	"GET /organizations/new": {
		{name: "staff", who: inStaff, path: place(paths.OrganizationNew), status: http.StatusOK},
		{name: "without role", who: signed(kim, "support-desk"), path: place(paths.OrganizationNew), status: http.StatusOK},
		{name: "not of the staff", who: acmeAdmin, path: place(paths.OrganizationNew), status: http.StatusNotFound},
	},
	"POST /organizations/new": {
		{name: "made", key: "support-desk", who: inStaff, path: place(paths.OrganizationNew), form: form("organization_name", "Fresh Fields"), status: http.StatusSeeOther},
		{name: "nothing", who: inStaff, path: place(paths.OrganizationNew), form: form("organization_name", "", "organization_slug", "", "email_invites", "NOT_ALLOWED"), status: http.StatusUnprocessableEntity},
		{name: "without role", who: signed(sam, "support-desk"), path: place(paths.OrganizationNew), form: form("organization_name", "Fresh Fields"), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: acmeAdmin, path: place(paths.OrganizationNew), form: form("organization_name", "Fresh Fields"), status: http.StatusNotFound},
	},
	"GET /organizations/:organization_id/settings": {
		{name: "home", who: acmeAdmin, path: inside("acme", paths.Settings), status: http.StatusOK},
		{name: "staff", who: acmeStaff, path: inside("acme", paths.Settings), status: http.StatusOK},
		{name: "hostile", who: signed(ada, "support-desk", "hostile"), path: inside("hostile", paths.Settings), status: http.StatusOK},
		{name: "not entered", who: inStaff, path: inside("acme", paths.Settings), status: http.StatusOK, unheld: true},
	},
	"GET /organizations/:organization_id/settings/:group": {
		{name: "joining", who: acmeAdmin, path: settingsAt("joining"), status: http.StatusOK},
		{name: "without role", who: signed(aaron, "acme"), path: settingsAt("roles"), status: http.StatusOK},
		{name: "staff", who: acmeStaff, path: settingsAt("metadata"), status: http.StatusOK},
		{name: "no such group", who: acmeAdmin, path: settingsAt("nothing"), status: http.StatusNotFound},
		{name: "not entered", who: inStaff, path: settingsAt("identity"), status: http.StatusOK, unheld: true},
	},
	"POST /organizations/:organization_id/settings/:group": {
		{name: "saved", who: acmeAdmin, path: settingsAt("identity"), form: changing("organization_name", "Acme Corporation", "Acme Group"), status: http.StatusSeeOther},
		{name: "external id gone", who: acmeAdmin, path: settingsAt("external-id"), form: changing("organization_external_id", "crm-000117", ""), status: http.StatusSeeOther},
		{name: "wrong", who: acmeAdmin, path: settingsAt("identity"), form: changing("organization_slug", "acme", "a b"), status: http.StatusUnprocessableEntity},
		{name: "review", who: acmeAdmin, path: settingsAt("mfa"), form: form("was.mfa_policy", "OPTIONAL", "mfa_policy", "REQUIRED_FOR_ALL"), status: http.StatusOK},
		{name: "conflict", who: acmeAdmin, path: settingsAt("identity"), form: changing("organization_name", "Acme of old", "Acme Group"), status: http.StatusConflict},
		{name: "nothing", who: acmeAdmin, path: settingsAt("joining"), form: form(), status: http.StatusSeeOther},
		{name: "refused", who: acmeStaff, path: settingsAt("external-id"), form: changing("organization_external_id", "crm-000117", "crm-2"), status: http.StatusForbidden, refused: true},
		{name: "external id by staff", who: acmeStaff, path: settingsAt("external-id"), form: changing("organization_external_id", "crm-000117", "crm-2", "as", "staff"), status: http.StatusSeeOther},
		{name: "external id gone by staff", who: acmeStaff, path: settingsAt("external-id"), form: changing("organization_external_id", "crm-000117", "", "as", "staff"), status: http.StatusSeeOther},
		{name: "claimed domains by staff", who: acmeStaff, path: settingsAt("claimed-domains"), form: changing("claimed_email_domains", "acme.example", "new.example", "as", "staff"), status: http.StatusSeeOther},
		{name: "apps by staff", who: acmeStaff, path: settingsAt("apps"), form: acmeApps, status: http.StatusSeeOther},
		{
			name: "apps by staff, in steps", who: acmeStaff, path: settingsAt("apps"), status: http.StatusOK,
			form: changing("first_party_connected_apps_allowed_type", "ALL_ALLOWED", "NOT_ALLOWED", "was.third_party_connected_apps_allowed_type", "RESTRICTED", "third_party_connected_apps_allowed_type", "NOT_ALLOWED", "as", "staff"),
		},
		{name: "apps tightened", who: acmeAdmin, path: settingsAt("apps"), form: form("was.first_party_connected_apps_allowed_type", "ALL_ALLOWED", "first_party_connected_apps_allowed_type", "NOT_ALLOWED"), status: http.StatusOK},
		{name: "metadata", who: acmeStaff, path: settingsAt("metadata"), form: changing("trusted_metadata", acmeMetadata, `{"plan":"team"}`), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/delete": {
		{name: "home", who: acmeAdmin, path: endAcme, status: http.StatusOK},
		{name: "without role", who: acmeStaff, path: endAcme, status: http.StatusOK},
		{name: "the staff organization", who: inStaff, path: inside("support-desk", paths.OrganizationDelete), status: http.StatusConflict},
		{name: "not entered", who: inStaff, path: endAcme, status: http.StatusOK, unheld: true},
	},
	"POST /organizations/:organization_id/delete": {
		{name: "mistyped", who: acmeAdmin, path: endAcme, form: ending("Acme"), status: http.StatusUnprocessableEntity},
		{name: "home", who: acmeAdmin, path: endAcme, form: ending("Acme Corporation"), status: http.StatusSeeOther},
		{name: "without role", who: acmeStaff, path: endAcme, form: ending("Acme Corporation"), status: http.StatusForbidden},
	},
}

// settingsDrivers spoil the visits to settings.
func settingsDrivers() []*driver {
	const group, end = "POST /organizations/:organization_id/settings/:group", "POST /organizations/:organization_id/delete"
	entering := map[string]outcome{stytch.OrganizationGet.String(): quiet, stytch.SessionAuthenticate.String(): quiet}
	uncounted := map[string]outcome{stytch.OrganizationMetrics.String(): quiet, stytch.SessionRevoke.String(): quiet}
	// These were carried out before the answer was lost: the session went with the organization, which tells.
	gone := mended(map[string]cell{"half": {http.StatusSeeOther, ""}, "slow": {http.StatusSeeOther, ""}, "garbage": {http.StatusSeeOther, ""}}, stytch.OrganizationDelete)
	return driversOf(settingsDrives, []spoiledVisit{
		{route: "POST /organizations/new", names: []string{"made"}, signedIn: true},
		{route: "GET /organizations/:organization_id/settings", names: []string{"home"}, signedIn: true},
		{route: "GET /organizations/:organization_id/settings", names: []string{"not entered"}, signedIn: true, outcome: entering},
		{route: "GET /organizations/:organization_id/settings/:group", names: []string{"joining"}, signedIn: true},
		{route: "GET /organizations/:organization_id/settings/:group", names: []string{"not entered"}, signedIn: true, outcome: entering},
		{route: group, names: []string{
			"saved", "external id gone", "external id by staff", "external id gone by staff", "claimed domains by staff", "metadata",
		}, signedIn: true},
		{route: group, names: []string{"apps tightened"}, signedIn: true, outcome: unharmed(stytch.ConnectedAppsList)},
		{route: "GET /organizations/:organization_id/delete", names: []string{"home"}, signedIn: true, outcome: uncounted},
		{route: "GET /organizations/:organization_id/delete", names: []string{"not entered"}, signedIn: true, outcome: entering},
		// Whether a call that nobody waits for any more is carried out before the next one, nobody knows.
		{route: end, names: []string{"home"}, outcome: uncounted, special: gone, skip: []string{stytch.OrganizationDelete.String() + " silent"}},
	})
}
