package handlers_test

import (
	"net/http"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// activityOf is the activity of a member of acme.
func activityOf(f *fixture) string {
	return paths.ActivityOf(f.organization("acme"), f.member("acme", olivia))
}

// auditDrives are the visits to the record and to its exports.
var auditDrives = map[string][]drive{
	"GET /audit":              staffDrives(paths.Audit, http.StatusOK),
	"GET /audit/export.csv":   staffDrives(paths.AuditCSV, http.StatusForbidden),
	"GET /audit/export.jsonl": staffDrives(paths.AuditJSON, http.StatusForbidden),
	"GET /organizations/:organization_id/activity": append(tenantDrives(paths.Activity),
		drive{name: "of a member", who: signed(ada, "support-desk", "acme"), path: activityOf, status: http.StatusOK}),
	"GET /organizations/:organization_id/activity/export.csv":   tenantDrives(paths.ActivityCSV),
	"GET /organizations/:organization_id/activity/export.jsonl": tenantDrives(paths.ActivityJSON),
}

// staffDrives visit a page of the support staff; agent is what somebody is answered who may look and not take along.
func staffDrives(path string, agent int) []drive {
	return []drive{
		{name: "staff", who: signed(ada, "support-desk"), path: place(path), status: http.StatusOK},
		{name: "agent", who: signed(sam, "support-desk"), path: place(path), status: agent, refused: agent == http.StatusForbidden},
		{name: "without role", who: signed(kim, "support-desk"), path: place(path), status: http.StatusForbidden, refused: true},
		{name: "not of the staff", who: signed(olivia, "acme"), path: place(path), status: http.StatusNotFound},
	}
}

func tenantDrives(path func(string) string) []drive {
	return []drive{
		{name: "held", who: signed(ada, "support-desk", "acme"), path: inside("acme", path), status: http.StatusOK},
		{name: "home", who: signed(olivia, "acme"), path: inside("acme", path), status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: inside("acme", path), status: http.StatusOK, unheld: true},
		{name: "without role", who: signed(sam, "support-desk", "linden"), path: inside("linden", path), status: http.StatusForbidden, refused: true},
	}
}

// auditDrivers spoil the visits to the record.
func auditDrivers() []*driver {
	entering := map[string]outcome{stytch.OrganizationGet.String(): quiet, stytch.SessionAuthenticate.String(): quiet}
	var all []*driver
	for _, v := range []spoiledVisit{
		{route: "GET /audit", names: []string{"staff"}},
		{route: "GET /audit/export.csv", names: []string{"staff"}},
		{route: "GET /audit/export.jsonl", names: []string{"staff"}},
		{route: "GET /organizations/:organization_id/activity", names: []string{"held"}},
		{route: "GET /organizations/:organization_id/activity", names: []string{"of a member"}, outcome: map[string]outcome{stytch.MemberGet.String(): quiet}},
		{route: "GET /organizations/:organization_id/activity", names: []string{"not entered"}, outcome: entering},
		{route: "GET /organizations/:organization_id/activity/export.csv", names: []string{"held"}},
		{route: "GET /organizations/:organization_id/activity/export.csv", names: []string{"not entered"}, outcome: entering},
		{route: "GET /organizations/:organization_id/activity/export.jsonl", names: []string{"held"}},
		{route: "GET /organizations/:organization_id/activity/export.jsonl", names: []string{"not entered"}, outcome: entering},
	} {
		v.signedIn = true
		all = append(all, driversOf(auditDrives, []spoiledVisit{v})...)
	}
	return all
}
