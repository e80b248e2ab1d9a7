package handlers_test

import (
	"net/http"

	"console.internal/internal/stytch"
)

// m2mDrivers spoil the visits to the pages of M2M clients, and to that of the project.
func m2mDrivers() []*driver {
	const one = "/m2m-clients/:client_id"
	// These were carried out before the answer was lost: the client is gone, which tells.
	gone := mended(map[string]cell{"half": {http.StatusSeeOther, ""}, "slow": {http.StatusSeeOther, ""}, "garbage": {http.StatusSeeOther, ""}}, stytch.M2MClientDelete)
	counts := map[string]outcome{stytch.ProjectMetrics.String(): aPart, stytch.SessionAuthenticate.String(): aPart}
	all := driversOf(m2mDrives, []spoiledVisit{
		{route: "GET /project", names: []string{"staff"}, signedIn: true, outcome: counts},
		{route: "GET /m2m-clients", names: []string{"staff", "filtered"}, signedIn: true},
		{route: "POST /m2m-clients/new", names: []string{"made", "brought along"}, signedIn: true},
		{route: "GET " + one, names: []string{"own id", "half changed"}, signedIn: true},
		{route: "GET " + one + "/edit/:group", names: []string{"name"}, signedIn: true},
		{route: "POST " + one + "/edit/:group", names: []string{"saved", "scopes", "status", "metadata"}, signedIn: true},
		{route: "GET " + one + "/secret", names: []string{"one", "complete"}, signedIn: true},
		{route: "POST " + one + "/secret", names: []string{"start", "complete", "cancel"}, signedIn: true, special: lost(stytch.M2MSecretRotateStart, stytch.M2MSecretRotate, stytch.M2MSecretRotateCancel)},
		{route: "GET " + one + "/delete", names: []string{"staff"}, signedIn: true},
		// Whether a call that nobody waits for any more is carried out before the next one, nobody knows.
		{route: "POST " + one + "/delete", names: []string{"deleted"}, signedIn: true, special: gone, skip: []string{stytch.M2MClientDelete.String() + " silent"}},
	})
	for _, d := range all {
		if d.route == "GET /project" {
			d.rest = "Which it is"
		}
	}
	return all
}
