package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// spoiledVisit are visits of the table, and what becomes of each when one of its calls fails.
type spoiledVisit struct {
	route string
	names []string
	// signedIn says that whatever page comes of it has the navigation.
	signedIn bool
	special  map[string]cell
	outcome  map[string]outcome
	skip     []string
	// only are the operations that are spoiled here; empty means every one that the visit calls.
	only []stytch.Operation
}

// driversOf are the drivers of visits.
func driversOf(drives map[string][]drive, visits []spoiledVisit) []*driver {
	var all []*driver
	for _, v := range visits {
		method, _, _ := strings.Cut(v.route, " ")
		for _, name := range v.names {
			d := drives[v.route][slices.IndexFunc(drives[v.route], func(d drive) bool { return d.name == name })]
			all = append(all, &driver{
				route: v.route, name: name, drive: d, write: method == http.MethodPost, open: anew(d.who), good: d.status, signedIn: v.signedIn,
				act: func(_ *tapped, b *browser) *answer { return d.send(b, method) }, special: v.special, outcome: v.outcome, skip: v.skip, only: v.only,
			})
		}
	}
	return all
}

// meanwhile is a form during whose call the person signs out in another tab.
func meanwhile(during stytch.Operation, send func(*tapped, *browser) *answer) func(*tapped, *browser) *answer {
	return func(f *tapped, b *browser) *answer {
		other := b.clone()
		f.tap.hook(func(operation string) {
			if operation == during.String() {
				f.tap.hook(nil)
				other.post(paths.Logout, url.Values{})
			}
		})
		return send(f, b)
	}
}

// waitedFor are cells in which the other tab waits for the one that waits for it.
var waitedFor = []string{stytch.SessionRevoke.String() + " slow", stytch.SessionRevoke.String() + " silent"}

var (
	quietly = map[string]outcome{stytch.SessionRevoke.String(): quiet}
	// strange are the answers to a sign-in of one organization: to a stranger, a refused address looks like a good one.
	strange = map[string]cell{"404": {http.StatusSeeOther, ""}, "429": {http.StatusSeeOther, ""}}
	// unfit are those to a password there.
	unfit      = cell{http.StatusUnprocessableEntity, "do not fit together"}
	noPassword = map[string]cell{"404": unfit, "401": unfit, "429": unfit}
	crowded    = map[string]cell{"429": {http.StatusTooManyRequests, "Too many messages were sent"}}
	triedCode  = map[string]cell{
		"404": {http.StatusUnprocessableEntity, "This code is not right, or it is too old."}, "429": {http.StatusTooManyRequests, "Too many codes were tried"},
	}
	usedUp = map[string]cell{"404": {http.StatusUnprocessableEntity, "does not work any more"}}
	// proofCalls send what proves a person anew, the first two, and prove it; proofTroubles is what a fault of theirs comes to.
	proofCalls = []stytch.Operation{
		stytch.SMSSend, stytch.CodeSend, stytch.TOTPAuthenticate, stytch.SMSAuthenticate, stytch.RecoveryCodeUse, stytch.CodeAuthenticate, stytch.PasswordAuthenticate,
	}
	proofTroubles = both(mended(wrongCode, proofCalls[2:]...), mended(slowDown, stytch.SMSSend, stytch.CodeSend))
	notMember     = mended(map[string]cell{"404": {http.StatusForbidden, "You are not a member here"}}, stytch.SessionExchange)
)

// loginDrivers spoil the visits to everything that stands before a session.
func loginDrivers() []*driver {
	sent := mended(crowded, stytch.DiscoveryLinkSend, stytch.DiscoveryCodeSend, stytch.DiscoveryPasswordResetStart)
	ofOne := both(mended(strange, stytch.LinkSend, stytch.CodeSend, stytch.PasswordResetStart), mended(noPassword, stytch.PasswordAuthenticate))
	passwords := mended(map[string]cell{"404": unfit, "401": unfit, "429": {http.StatusTooManyRequests, "Too many passwords were tried"}}, stytch.DiscoveryPasswordAuthenticate)
	codes := mended(triedCode, stytch.DiscoveryCodeAuthenticate, stytch.CodeAuthenticate)
	factors := mended(wrongCode, stytch.TOTPAuthenticate, stytch.SMSAuthenticate, stytch.RecoveryCodeUse)
	links := mended(usedUp, stytch.DiscoveryLinkAuthenticate, stytch.LinkAuthenticate, stytch.DiscoveryOAuthAuthenticate, stytch.OAuthAuthenticate,
		stytch.ImpersonationAuthenticate, stytch.DiscoveryPasswordReset, stytch.PasswordReset)
	return append(driversOf(loginDrives, []spoiledVisit{
		{route: "POST /login", names: []string{"link", "code", "reset"}, special: sent},
		{route: "POST /login", names: []string{"password"}, special: passwords},
		{route: "POST /login", names: []string{"link of one", "code of one", "reset of one", "password as another"}, special: ofOne, outcome: quietly},
		{route: "POST /login/:slug", names: []string{"link", "code", "reset", "password as another"}, special: ofOne, outcome: quietly},
		{route: "POST /login/code", names: []string{"discovery", "slug", "as another"}, special: codes, outcome: quietly},
		{route: "GET /login/organizations", names: []string{"discovered"}},
		{route: "POST /login/organizations", names: []string{"chosen", "second factor"}, special: mended(map[string]cell{
			"404": {http.StatusForbidden, "You may not enter this organization"},
		}, stytch.IntermediateExchange)},
		{route: "POST /login/more", names: []string{"link", "code"}, special: mended(crowded, stytch.LinkSend, stytch.CodeSend)},
		{route: "POST /login/mfa", names: []string{"app", "text", "recovery code", "new app", "new phone", "entering"}, special: factors},
		{route: "POST /login/mfa/start", names: []string{"app", "phone", "text once more"}, special: mended(slowDown, stytch.TOTPCreate, stytch.SMSSend)},
		{route: "POST /authenticate", names: []string{"discovery", "slug", "as another", "invitation", "provider", "provider of one", "impersonation"}, special: links, outcome: quietly},
		{route: "POST /authenticate/password", names: []string{"discovery", "slug", "checked"}, special: links},
		{route: "POST /logout", names: []string{"staff"}, outcome: quietly},
	}), &driver{
		route: "POST " + paths.LoginMFA, name: "signed out meanwhile", write: true, good: http.StatusUnauthorized, open: anew(entering(sam, "globex")),
		act: meanwhile(stytch.SMSAuthenticate, func(_ *tapped, b *browser) *answer {
			return b.post(paths.LoginMFA, textCode("globex", samsPhone)(b))
		}), special: factors, outcome: quietly, skip: waitedFor,
	}, &driver{
		route: "POST " + paths.Password, name: "of one, as another", write: true, good: http.StatusSeeOther, open: anew(again(signed(sam, "support-desk"), olivia, "acme", "reset")),
		act: func(_ *tapped, b *browser) *answer { return b.post(paths.Password, newPassword(olivia)(b)) }, special: links, outcome: quietly,
	})
}

// enterDrivers spoil the ways into a tenant and out of it.
func enterDrivers() []*driver {
	return append(driversOf(organizationDrives, []spoiledVisit{
		{route: "POST /organizations/:organization_id/enter", names: []string{"member", "second factor"}, signedIn: true, special: notMember},
		{route: "POST /organizations/:organization_id/enter", names: []string{
			"code asked for", "proven by code", "proven by password", "proven by app", "proven by recovery code", "text asked for", "proven by text",
		}, signedIn: true, special: proofTroubles, only: proofCalls},
		{route: "POST /organizations/:organization_id/leave", names: []string{"held"}, signedIn: true, outcome: quietly},
	}), &driver{
		route: "POST " + paths.OrganizationEnter, name: "signed out meanwhile", write: true, good: http.StatusUnauthorized, open: anew(signed(ada, "support-desk")),
		act: meanwhile(stytch.SessionExchange, func(f *tapped, b *browser) *answer {
			return b.post(paths.Enter(f.organization("acme")), url.Values{"return": {paths.Members(f.organization("acme"))}})
		}), special: notMember, outcome: quietly, skip: waitedFor, only: []stytch.Operation{stytch.SessionExchange, stytch.SessionRevoke},
	})
}
