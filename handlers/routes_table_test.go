package handlers_test

import (
	"net/http"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// drives are the visits to every route. A route without one fails the tests that are made from the table of routes.
var drives = map[string][]drive{
	"GET /": {
		{name: "stranger", who: stranger, path: place("/"), status: http.StatusSeeOther},
		{name: "staff", who: signed(ada, "support-desk"), path: place("/"), status: http.StatusSeeOther},
	},
	"POST /theme": {{name: "stranger", who: stranger, path: place(paths.Theme), form: form("theme", "dark", "return", "/login"), status: http.StatusSeeOther}},
	"GET /login": {
		{name: "stranger", who: stranger, path: place(paths.Login), status: http.StatusOK},
		{name: "staff", who: signed(ada, "support-desk"), path: place(paths.Login), status: http.StatusOK},
	},
	"POST /login": {
		{name: "link", who: stranger, path: place(paths.Login), form: form("email", ada, "method", "link"), status: http.StatusSeeOther},
		{name: "code", who: stranger, path: place(paths.Login), form: form("email", ada, "method", "code"), status: http.StatusSeeOther},
	},
	"GET /login/sent": {
		{name: "asked", who: asked(ada, "", "code"), path: place(paths.LoginSent), status: http.StatusOK},
		{name: "stranger", who: stranger, path: place(paths.LoginSent), status: http.StatusSeeOther},
	},
	"GET /login/code": {
		{name: "asked", who: asked(ada, "", "code"), path: place(paths.LoginCode), status: http.StatusOK},
		{name: "stranger", who: stranger, path: place(paths.LoginCode), status: http.StatusSeeOther},
	},
	"POST /login/code": {
		{name: "discovery", who: asked(ada, "", "code"), path: place(paths.LoginCode), form: mailedCode(ada), status: http.StatusSeeOther},
		{name: "slug", who: asked(olivia, "acme", "code"), path: place(paths.LoginCode), form: mailedCode(olivia), status: http.StatusSeeOther},
		{name: "as another", who: again(signed(ada, "support-desk", "acme"), sam, "", "code"), path: place(paths.LoginCode), form: mailedCode(sam), status: http.StatusSeeOther},
	},
	"GET /login/organizations": {
		{name: "discovered", who: discovered, path: place(paths.LoginOrganizations), status: http.StatusOK},
		{name: "stranger", who: stranger, path: place(paths.LoginOrganizations), status: http.StatusSeeOther},
	},
	"POST /login/organizations": {
		{name: "chosen", who: discovered, path: place(paths.LoginOrganizations), form: choose("support-desk"), status: http.StatusSeeOther},
		{
			name: "signed out meanwhile", who: discovered, path: place(paths.LoginOrganizations), form: choose("support-desk"),
			slow: stytch.IntermediateExchange, meanwhile: signOut, status: http.StatusUnauthorized,
		},
	},
	"GET /login/more": {
		{name: "second factor", who: stopped(ada, "globex"), path: place(paths.LoginMore), status: http.StatusOK},
		{name: "stranger", who: stranger, path: place(paths.LoginMore), status: http.StatusSeeOther},
	},
	"GET /login/:slug": {{name: "stranger", who: stranger, path: place(paths.LoginFor("acme")), status: http.StatusOK}},
	"POST /login/:slug": {
		{name: "link", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "link"), status: http.StatusSeeOther},
		{name: "code", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "code"), status: http.StatusSeeOther},
	},
	"GET /authenticate": {{name: "link", who: asked(ada, "", "link"), path: mailedAddress(ada), status: http.StatusOK}},
	"POST /authenticate": {
		{name: "discovery", who: asked(ada, "", "link"), path: place(paths.Authenticate), form: mailedLink(ada), status: http.StatusSeeOther},
		{name: "slug", who: asked(olivia, "acme", "link"), path: place(paths.Authenticate), form: mailedLink(olivia), status: http.StatusSeeOther},
		{name: "as another", who: again(signed(ada, "support-desk"), sam, "", "link"), path: place(paths.Authenticate), form: mailedLink(sam), status: http.StatusSeeOther},
	},
	"POST /logout": {
		{name: "staff", who: signed(ada, "support-desk", "acme"), path: place(paths.Logout), status: http.StatusSeeOther},
		{name: "stranger", who: stranger, path: place(paths.Logout), status: http.StatusSeeOther},
	},

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
		{name: "no member", who: signed(ada, "support-desk"), path: inside("quayside", paths.Organization), status: http.StatusForbidden, unheld: true},
		{name: "outsider", who: signed(olivia, "acme"), path: inside("quayside", paths.Organization), status: http.StatusForbidden, unheld: true},
	},
	"POST /organizations/:organization_id/enter": {
		{name: "member", who: signed(ada, "support-desk"), path: inside("acme", paths.Enter), status: http.StatusSeeOther},
		{name: "outsider", who: signed(olivia, "acme"), path: inside("quayside", paths.Enter), status: http.StatusForbidden},
		{
			name: "signed out meanwhile", who: signed(ada, "support-desk"), path: inside("acme", paths.Enter),
			slow: stytch.SessionExchange, meanwhile: signOutUnheard, status: http.StatusUnauthorized,
		},
	},
	"POST /organizations/:organization_id/leave": {
		{name: "held", who: signed(ada, "support-desk", "acme"), path: inside("acme", paths.Leave), status: http.StatusSeeOther},
		{name: "not held", who: signed(ada, "support-desk"), path: inside("acme", paths.Leave), status: http.StatusSeeOther},
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
