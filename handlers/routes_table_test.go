package handlers_test

import (
	"maps"
	"net/http"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// drives are the visits to every route. A route without one fails the tests that are made from the table of routes.
var drives = join(loginDrives, accountDrives, organizationDrives, entryDrives, auditDrives, settingsDrives, memberActDrives, memberEditDrives,
	connectedAppDrives, m2mDrives, appDrives, ownAppDrives, appRequestDrives, consentDrives)

func join(parts ...map[string][]drive) map[string][]drive {
	all := map[string][]drive{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

var enterAcme = inside("acme", paths.Enter)

// organizationDrives are the visits to the pages of tenants and to the ways there.
var organizationDrives = map[string][]drive{
	"GET /find": {
		{name: "empty", who: signed(ada, "support-desk"), path: place(paths.Find), status: http.StatusOK},
		{name: "staff by slug", who: signed(ada, "support-desk"), path: place(paths.Find + "?q=acme"), status: http.StatusSeeOther},
		{name: "staff by e-mail", who: signed(ada, "support-desk"), path: place(paths.Find + "?q=" + sam), status: http.StatusOK},
		{name: "staff by member", who: signed(ada, "support-desk"), path: findMember("acme", olivia), status: http.StatusSeeOther},
		{name: "member by name", who: signed(olivia, "acme"), path: place(paths.Find + "?q=Corporation"), status: http.StatusOK},
		{name: "without role by slug", who: signed(kim, "support-desk"), path: place(paths.Find + "?q=acme"), status: http.StatusForbidden, refused: true},
		{name: "without role by e-mail", who: signed(kim, "support-desk"), path: place(paths.Find + "?q=" + olivia), status: http.StatusForbidden, refused: true},
		{name: "without role by member", who: signed(kim, "support-desk"), path: findMember("acme", olivia), status: http.StatusForbidden, refused: true},
	},
	"GET /organizations": {
		{name: "staff", who: signed(ada, "support-desk"), path: place(paths.Organizations), status: http.StatusOK},
		{name: "staff, own", who: signed(ada, "support-desk"), path: place(paths.Organizations + "?show=mine"), status: http.StatusOK},
		{name: "member", who: signed(olivia, "acme"), path: place(paths.Organizations), status: http.StatusOK},
		{name: "without role", who: signed(kim, "support-desk"), path: place(paths.Organizations), status: http.StatusForbidden, refused: true},
	},
	"GET /organizations/:organization_id": {
		{name: "held", who: signed(ada, "support-desk", "acme"), path: inside("acme", paths.Organization), status: http.StatusOK},
		{name: "home", who: signed(olivia, "acme"), path: inside("acme", paths.Organization), status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: inside("acme", paths.Organization), status: http.StatusOK, unheld: true},
		{name: "no member", who: signed(ada, "support-desk"), path: inside("quayside", paths.Organization), status: http.StatusOK, unheld: true},
		{name: "closed to support", who: signed(ada, "support-desk"), path: inside("closed", paths.Organization), status: http.StatusForbidden, unheld: true},
		{name: "outsider", who: signed(olivia, "acme"), path: inside("quayside", paths.Organization), status: http.StatusForbidden, unheld: true},
	},
	"POST /organizations/:organization_id/enter": {
		{name: "member", who: signed(ada, "support-desk"), path: inside("acme", paths.Enter), status: http.StatusSeeOther},
		{name: "outsider", who: signed(olivia, "acme"), path: inside("quayside", paths.Enter), status: http.StatusForbidden},
		{name: "second factor", who: signed(ada, "support-desk"), path: inside("globex", paths.Enter), status: http.StatusSeeOther},
		{name: "as support", who: signed(ada, "support-desk"), path: enterQuayside, key: "support-desk", form: giving(reason), status: http.StatusSeeOther},
		{name: "as support, on the wrong page", who: signed(ada, "support-desk"), path: enterQuayside, key: "support-desk", form: giving("x"), status: http.StatusUnprocessableEntity},
		{name: "as support, in vain", who: unexchanged(signed(ada, "support-desk")), path: enterQuayside, key: "support-desk", form: giving(reason), status: http.StatusBadGateway},
		{name: "to be proven", who: stale(signed(ada, "support-desk")), path: enterAcme, key: "support-desk", status: http.StatusUnauthorized},
		{name: "code asked for", who: stale(signed(ada, "support-desk")), path: enterAcme, key: "support-desk", form: form("proof_method", "code", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by code", who: proofSent(stale(signed(ada, "support-desk")), "code", enterAcme), path: enterAcme, key: "support-desk", form: proving("code", mailed(ada)), status: http.StatusSeeOther},
		// A password proves the person, and does not count in another organization.
		{name: "proven by password", who: stale(withPassword), path: enterAcme, key: "support-desk", form: proving("password", made(goodPassword)), status: http.StatusForbidden},
		{name: "proven by app", who: stale(secured("totp")), path: enterAcme, key: "support-desk", form: proving("totp", nextCode("support-desk", ada)), status: http.StatusSeeOther},
		{name: "proven by recovery code", who: stale(secured("totp")), path: enterAcme, key: "support-desk", form: proving("recovery_code", firstRecoveryCode("support-desk", ada)), status: http.StatusSeeOther},
		{name: "text asked for", who: stale(secured("sms_otp")), path: enterAcme, key: "support-desk", form: form("proof_method", "sms_otp", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by text", who: proofSent(stale(secured("sms_otp")), "sms_otp", enterAcme), path: enterAcme, key: "support-desk", form: proving("sms_otp", mailed(newPhone)), status: http.StatusSeeOther},
		{
			name: "signed out meanwhile", who: signed(ada, "support-desk"), path: inside("acme", paths.Enter),
			slow: stytch.SessionExchange, meanwhile: signOutUnheard, status: http.StatusUnauthorized,
		},
	},
	"POST /organizations/:organization_id/leave": {
		{name: "held", who: signed(ada, "support-desk", "acme"), path: inside("acme", paths.Leave), status: http.StatusSeeOther},
		{name: "not held", who: signed(ada, "support-desk"), path: inside("acme", paths.Leave), status: http.StatusSeeOther},
		{name: "as support", who: asSupport(ada, "quayside"), path: inside("quayside", paths.Leave), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members": {
		{name: "held", who: signed(ada, "support-desk", "acme"), path: inside("acme", paths.Members), status: http.StatusOK},
		{name: "two held", who: signed(ada, "support-desk", "acme", "umbrella"), path: inside("acme", paths.Members), status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: inside("acme", paths.Members), status: http.StatusOK, unheld: true},
		{name: "without role", who: signed(sam, "support-desk", "linden"), path: inside("linden", paths.Members), status: http.StatusForbidden, refused: true},
	},
	"GET /organizations/:organization_id/members/:member_id": {
		{name: "another", who: signed(ada, "support-desk", "acme"), path: memberOf("acme", olivia), status: http.StatusOK},
		{name: "own", who: signed(ada, "support-desk", "acme"), path: memberOf("acme", ada), status: http.StatusOK},
		{name: "own without role", who: signed(sam, "support-desk", "linden"), path: memberOf("linden", sam), status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: memberOf("acme", olivia), status: http.StatusOK, unheld: true},
		{name: "without role", who: signed(sam, "support-desk", "linden"), path: memberOf("linden", ada), status: http.StatusForbidden, refused: true},
	},
}
