package handlers_test

import (
	"net/http"
	"net/url"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// What a form of a member sends besides what is typed: what it showed.
var (
	newName    = form("was.name", "Tom Baker", "name", "Tom B.")
	ownNewName = form("was.name", "Ada Whitfield", "name", "Ada W.")
	made1      = []string{"way", "create", "was.email_address", "", "email_address", newcomer}
)

func newMemberForm(pairs ...string) func(*browser) url.Values {
	return form(append(append([]string{}, made1...), pairs...)...)
}

// retiredID is the id of the first address that sofia had before.
var retiredID = known(func(f *fixture) string {
	retired, _ := f.upstreamMember("acme", sofia)["retired_email_addresses"].([]any)
	first, _ := retired[0].(map[string]any)
	id, _ := first["email_id"].(string)
	return id
})

// aware has asked for the id of the address before anything goes wrong.
func aware(who func(*fixture) *browser) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		retiredID(f)
		return b
	}
}

func retiredEmail(slug, email string) func(*fixture) string {
	return known(func(f *fixture) string {
		return paths.MemberRetiredEmail(f.organization(slug), f.member(slug, email), "")
	})
}

func askRetired(f *fixture) string {
	return paths.MemberRetiredEmail(f.organization("acme"), f.member("acme", sofia), retiredID(f))
}

func givesUp(b *browser) url.Values { return values("email_id", retiredID(b.f)) }

// memberGroupOf is the address of a group of a member, also when the address changes.
func memberGroupOf(email, group string) func(*fixture) string { return known(editing(email, group)) }

// inDesk is an address in the staff organization, where ada is an administrator of its members as well.
func inDesk(path func(*fixture) string) func(*fixture) string {
	return known(func(f *fixture) string {
		f.elsewhere(http.MethodPut, "/v1/b2b/organizations/"+f.organization("support-desk")+"/members/"+f.member("support-desk", ada),
			map[string][]string{"roles": {"support_admin", "stytch_admin"}})
		return path(f)
	})
}

func deskMember(path func(organizationID, memberID string) string) func(*fixture) string {
	return inDesk(func(f *fixture) string { return path(f.organization("support-desk"), f.member("support-desk", kim)) })
}

func deskGroup(group string) func(*fixture) string {
	return deskMember(func(o, m string) string { return paths.MemberEdit(o, m, group) })
}

const (
	routeMembers = "/organizations/:organization_id/members/"
	routeMember  = routeMembers + ":member_id/"
)

// memberEditDrives are the visits to the pages that make and change members.
var memberEditDrives = map[string][]drive{
	"GET " + routeMembers + "new": {
		{name: "held", who: adasAcme, path: newIn("acme"), status: http.StatusOK},
		{name: "home", who: signed(olivia, "acme"), path: newIn("acme"), status: http.StatusOK},
		{name: "lacking", who: signed(aaron, "acme"), path: newIn("acme"), status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: newIn("acme"), status: http.StatusOK, unheld: true},
	},
	"POST " + routeMembers + "new": {
		{name: "made", who: adasAcme, path: newIn("acme"), form: newMemberForm("was.name", "", "name", "Ned"), status: http.StatusSeeOther},
		{
			name: "made with more", who: adasAcme, path: newIn("acme"), status: http.StatusSeeOther,
			form: newMemberForm("was.roles", "", "roles", "editor", "was.is_breakglass", "", "is_breakglass", "yes", "was.mfa_enrolled", "", "mfa_enrolled", "yes"),
		},
		{name: "invited", who: adasAcme, path: newIn("acme"), form: newMemberForm("way", "invite", "was.locale", "", "locale", "fr"), status: http.StatusSeeOther},
		{name: "taken", who: adasAcme, path: newIn("acme"), form: newMemberForm("email_address", olivia), status: http.StatusUnprocessableEntity},
		{name: "no address", who: adasAcme, path: newIn("acme"), form: newMemberForm("email_address", "ned"), status: http.StatusUnprocessableEntity},
		{name: "roles by who may give none", who: signed(tara, "acme"), path: newIn("acme"), form: newMemberForm("was.roles", "", "roles", "editor"), status: http.StatusForbidden, refused: true},
	},
	"GET " + routeMember + "edit/:group": {
		{name: "held", who: adasAcme, path: memberGroupOf(tom, "roles"), status: http.StatusOK},
		{name: "own", who: adasAcme, path: memberGroupOf(ada, "name"), status: http.StatusOK},
		{name: "lacking", who: signed(tara, "acme"), path: memberGroupOf(tom, "second-factor"), status: http.StatusOK},
		{name: "no group", who: adasAcme, path: memberGroupOf(tom, "everything"), status: http.StatusNotFound},
		{name: "not entered", who: signed(ada, "support-desk"), path: memberGroupOf(tom, "name"), status: http.StatusOK, unheld: true},
		{name: "without role", who: signed(aaron, "acme"), path: memberGroupOf(tom, "name"), status: http.StatusForbidden, refused: true},
	},
	"POST " + routeMember + "edit/:group": {
		{name: "name", who: adasAcme, path: memberGroupOf(tom, "name"), form: newName, status: http.StatusSeeOther},
		{name: "own name", who: adasAcme, path: memberGroupOf(ada, "name"), form: ownNewName, status: http.StatusSeeOther},
		{name: "no name", who: adasAcme, path: memberGroupOf(tom, "name"), form: form("was.name", "Tom Baker", "name", ""), status: http.StatusUnprocessableEntity},
		{name: "nothing", who: adasAcme, path: memberGroupOf(tom, "name"), form: form("was.name", "Tom Baker", "name", "Tom Baker"), status: http.StatusSeeOther},
		{name: "conflict", who: adasAcme, path: memberGroupOf(tom, "name"), form: form("was.name", "Thomas Baker", "name", "Tom B."), status: http.StatusConflict},
		{name: "an administrator no more", who: adasAcme, path: memberGroupOf(olivia, "roles"), form: form("was.roles", "stytch_admin"), status: http.StatusOK},
		{name: "roles", who: adasAcme, path: memberGroupOf(tom, "roles"), form: form("was.roles", "", "roles", "editor", "confirm", "yes"), status: http.StatusSeeOther},
		{name: "lacking", who: signed(tara, "acme"), path: memberGroupOf(tom, "name"), form: newName, status: http.StatusForbidden},
	},
	"POST " + routeMember + "edit/trusted-metadata": {
		{name: "staff", who: adasAcme, path: memberGroupOf(marcus, "trusted-metadata"), form: form("was.trusted_metadata", "{}", "trusted_metadata", `{"a":1}`), status: http.StatusSeeOther},
		{name: "own", who: adasAcme, path: memberGroupOf(ada, "trusted-metadata"), form: form("was.trusted_metadata", "{}", "trusted_metadata", `{"a":1}`), status: http.StatusSeeOther},
		{name: "not of the staff", who: signed(olivia, "acme"), path: memberGroupOf(marcus, "trusted-metadata"), form: form("was.trusted_metadata", "{}", "trusted_metadata", `{"a":1}`), status: http.StatusForbidden},
	},
	"POST " + routeMember + "edit/external-id": {
		{name: "staff", who: adasAcme, path: memberGroupOf(marcus, "external-id"), form: form("was.external_id", "", "external_id", "e1"), status: http.StatusSeeOther},
		{name: "own", who: adasAcme, path: memberGroupOf(ada, "external-id"), form: form("was.external_id", "", "external_id", "e1"), status: http.StatusSeeOther},
		{name: "taken away", who: adasAcme, path: memberGroupOf(tom, "external-id"), form: form("was.external_id", "employee-4711", "external_id", "", "confirm", "yes"), status: http.StatusSeeOther},
		{name: "shown first", who: adasAcme, path: memberGroupOf(tom, "external-id"), form: form("was.external_id", "employee-4711", "external_id", ""), status: http.StatusOK},
	},
	"GET " + routeMember + "email": {
		{name: "held", who: adasAcme, path: known(emailOf(tom)), status: http.StatusOK},
		{name: "own", who: adasAcme, path: known(emailOf(ada)), status: http.StatusSeeOther},
		{name: "not entered", who: signed(ada, "support-desk"), path: known(emailOf(tom)), status: http.StatusOK, unheld: true},
	},
	"POST " + routeMember + "email": {
		{name: "confirmed", who: adasAcme, path: known(emailOf(tom)), form: form("way", "confirm", "was.email_address", tom, "email_address", otherEmail), status: http.StatusSeeOther},
		{name: "now", who: adasAcme, path: known(emailOf(tom)), form: form("way", "now", "was.email_address", tom, "email_address", otherEmail, "confirm", "yes"), status: http.StatusSeeOther},
		{name: "shown first", who: adasAcme, path: known(emailOf(tom)), form: form("way", "now", "was.email_address", tom, "email_address", otherEmail), status: http.StatusOK},
		{name: "taken", who: adasAcme, path: known(emailOf(tom)), form: form("way", "confirm", "was.email_address", tom, "email_address", olivia), status: http.StatusUnprocessableEntity},
		{name: "own", who: adasAcme, path: known(emailOf(ada)), form: form("way", "now", "was.email_address", ada, "email_address", otherEmail), status: http.StatusSeeOther},
	},
	"GET " + routeMember + "retired-email": {
		{name: "held", who: aware(adasAcme), path: askRetired, status: http.StatusOK},
		{name: "own", who: aware(signed(sofia, "acme")), path: askRetired, status: http.StatusOK},
		{name: "not entered", who: aware(signed(ada, "support-desk")), path: askRetired, status: http.StatusOK, unheld: true},
	},
	"POST " + routeMember + "retired-email": {
		{name: "held", who: aware(adasAcme), path: retiredEmail("acme", sofia), form: givesUp, status: http.StatusSeeOther},
		{name: "own", who: aware(signed(sofia, "acme")), path: retiredEmail("acme", sofia), form: givesUp, status: http.StatusSeeOther},
		{name: "another's", who: aware(adasAcme), path: retiredEmail("acme", tom), form: givesUp, status: http.StatusNotFound},
	},
}

// memberEditDrivers spoil the visits to the pages that make and change members.
func memberEditDrivers() []*driver {
	entering := map[string]outcome{stytch.OrganizationGet.String(): quiet, stytch.SessionAuthenticate.String(): quiet}
	gone := map[string]cell{
		stytch.MemberGet.String() + " 404": {http.StatusNotFound, "This member does not exist here"}, stytch.SessionAuthenticate.String() + " 404": {http.StatusNotFound, "This member does not exist here"},
	}
	var all []*driver
	for _, v := range []spoiledVisit{
		{route: "GET " + routeMembers + "new", names: []string{"held"}},
		{route: "GET " + routeMembers + "new", names: []string{"not entered"}, outcome: entering},
		{route: "POST " + routeMembers + "new", names: []string{"made", "made with more", "invited"}},
		{route: "GET " + routeMember + "edit/:group", names: []string{"held", "own"}, special: gone},
		{route: "GET " + routeMember + "edit/:group", names: []string{"not entered"}, outcome: entering},
		{route: "POST " + routeMember + "edit/:group", names: []string{"name", "own name", "roles"}, special: gone},
		{route: "POST " + routeMember + "edit/:group", names: []string{"an administrator no more"}, special: gone, outcome: map[string]outcome{stytch.MembersSearch.String(): quiet}},
		{route: "POST " + routeMember + "edit/trusted-metadata", names: []string{"staff", "own"}, special: gone},
		{route: "POST " + routeMember + "edit/external-id", names: []string{"staff", "own", "taken away"}, special: gone},
		{route: "GET " + routeMember + "email", names: []string{"held"}, special: gone},
		{route: "GET " + routeMember + "email", names: []string{"not entered"}, outcome: entering},
		{route: "POST " + routeMember + "email", names: []string{"confirmed", "now"}, special: gone},
		{route: "GET " + routeMember + "retired-email", names: []string{"held", "own"}, special: gone},
		{route: "GET " + routeMember + "retired-email", names: []string{"not entered"}, outcome: entering},
		{route: "POST " + routeMember + "retired-email", names: []string{"held", "own"}, special: gone},
	} {
		all = append(all, driversOf(memberEditDrives, []spoiledVisit{v})...)
	}
	for _, d := range all {
		d.signedIn = true
	}
	return all
}
