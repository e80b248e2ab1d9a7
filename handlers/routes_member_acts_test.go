package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// More people of acme.
const (
	ivan      = "ivan.morozov@acme.example"   // invited
	emergency = "emergency@acme.example"      // break-glass, an administrator, a password and an app
	bianca    = "bianca.rossi@acme.example"   // nothing out of the ordinary
	tobias    = "tobias.falk@harbour.example" // four providers
)

// adasAcme is ada of the support staff, who has entered acme and may do there what support may.
var adasAcme = signed(ada, "support-desk", "acme")

// actOn is the page of an act on a member, also when they have been deleted since it was first asked for.
func actOn(route, slug, email string) func(*fixture) string {
	return known(func(f *fixture) string { return paths.MemberAct(route, f.organization(slug), f.member(slug, email)) })
}

// onDeleted is the page of an act on somebody of acme who is deleted, the same one in every sandbox.
func onDeleted(route string) func(*fixture) string {
	var id string
	var once sync.Once
	return func(f *fixture) string {
		once.Do(func() {
			other := newFixture(f.t, setup{})
			id = deletedMember(adasAcme(other), other.organization("acme"))
		})
		return paths.MemberAct(route, f.organization("acme"), id)
	}
}

// known asks for an address of a fixture once.
func known(path func(*fixture) string) func(*fixture) string {
	var asked sync.Map
	return func(f *fixture) string {
		if at, ok := asked.Load(f.sandbox); ok {
			if text, ok := at.(string); ok {
				return text
			}
		}
		at := path(f)
		asked.Store(f.sandbox, at)
		return at
	}
}

// unheldToo adds a visit without a key to every page.
func unheldToo(drives map[string][]drive) map[string][]drive {
	for route, visits := range drives {
		if strings.HasPrefix(route, http.MethodGet) {
			drives[route] = append(visits, drive{name: "not entered", who: signed(ada, "support-desk"), path: visits[0].path, status: http.StatusOK, unheld: true})
		}
	}
	return drives
}

// refusing has an operation refused in this way, once somebody is ready.
func refusing(who func(*fixture) *browser, op stytch.Operation, status int, kind string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		f.fault(sandbox.Fault{Operation: op.String(), Kind: sandbox.FaultStatus, Status: status, ErrorType: kind})
		return b
	}
}

// sessionsOfMember are the ids of the sessions that a member's page shows.
func (b *browser) sessionsOfMember(slug, email string) []string {
	b.f.t.Helper()
	var ids []string
	page := b.get(memberOf(slug, email)(b.f)).want(http.StatusOK)
	for _, e := range page.doc().Find("section[aria-labelledby=sessions] tbody tr .id code").EachIter() {
		ids = append(ids, e.Text())
	}
	return ids
}

// appsOfMember are the ids of the apps that a member's page leads to revoking.
func (b *browser) appsOfMember(slug, email string) []string {
	b.f.t.Helper()
	var ids []string
	page := b.get(memberOf(slug, email)(b.f)).want(http.StatusOK)
	for _, e := range page.doc().Find("section[aria-labelledby=apps] tbody a.btn").EachIter() {
		u, err := url.Parse(e.AttrOr("href", ""))
		if err != nil {
			b.f.t.Fatal(err)
		}
		ids = append(ids, u.Query().Get("app"))
	}
	return ids
}

// oliviasApp is the id of an app that olivia has let in, the same in every sandbox: so it is known also where nothing can be read
// any more.
func oliviasApp(t testing.TB) string {
	t.Helper()
	oliviasAppOnce.Do(func() {
		f := newFixture(t, setup{})
		oliviasAppID = f.signIn(olivia, "acme").appsOfMember("acme", olivia)[0]
	})
	return oliviasAppID
}

var (
	oliviasAppOnce sync.Once
	oliviasAppID   string
)

func anApp(b *browser) url.Values { return values("app", oliviasApp(b.f.t)) }

func onApp(f *fixture) string {
	return paths.MemberApp(f.organization("acme"), f.member("acme", olivia), oliviasApp(f.t))
}

// aSession is the form about the first session that a member has.
func aSession(slug, email string) func(*browser) url.Values {
	return func(b *browser) url.Values { return values("session", b.sessionsOfMember(slug, email)[0]) }
}

const why = "SUP-4902, laptop stolen"

var (
	danielsCodes = actOn(paths.MemberRecoveryCodesRoute, "acme", daniel)
	lockDaniel   = actOn(paths.MemberLockDownRoute, "acme", daniel)
)

// proofOfCodes has asked for a code that proves the person, on the way to somebody's recovery codes.
func proofOfCodes(who func(*fixture) *browser, method string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		b.post(danielsCodes(f), values("reason", why, "act", "show", "proof_method", method, "proof_send", "yes")).want(http.StatusOK)
		return b
	}
}

// longAgo is inside acme, and was last proven long ago.
func longAgo(who func(*fixture) *browser) func(*fixture) *browser {
	return stale(func(f *fixture) *browser { return who(f).enter("acme") })
}

// hasPassword is ada with a password, signed in by a code: a password would not count in acme.
func hasPassword(f *fixture) *browser {
	withPassword(f)
	return f.signIn(ada, "support-desk")
}

// beside is ada in acme, where somebody else has just signed in.
func beside(email string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		f.signIn(email, "acme")
		return adasAcme(f)
	}
}

// memberActDrives are the visits to what is done to members.
var memberActDrives = unheldToo(map[string][]drive{
	"GET /organizations/:organization_id/members/:member_id/delete": {
		{name: "another", who: adasAcme, path: actOn(paths.MemberDeleteRoute, "acme", olivia), status: http.StatusOK},
		{name: "own", who: signed(olivia, "acme"), path: actOn(paths.MemberDeleteRoute, "acme", olivia), status: http.StatusOK},
		{name: "without role", who: signed(sam, "support-desk", "linden"), path: actOn(paths.MemberDeleteRoute, "linden", ada), status: http.StatusForbidden, refused: true},
	},
	"POST /organizations/:organization_id/members/:member_id/delete": {
		{name: "another", who: adasAcme, path: actOn(paths.MemberDeleteRoute, "acme", bianca), status: http.StatusSeeOther},
		{name: "own, at home", who: signed(sam, "linden"), path: actOn(paths.MemberDeleteRoute, "linden", sam), status: http.StatusSeeOther},
		{name: "own, entered", who: signed(sam, "support-desk", "linden"), path: actOn(paths.MemberDeleteRoute, "linden", sam), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/reactivate": {
		{name: "deleted", who: adasAcme, path: onDeleted(paths.MemberReactivateRoute), status: http.StatusOK},
		{name: "not deleted", who: adasAcme, path: actOn(paths.MemberReactivateRoute, "acme", olivia), status: http.StatusNotFound},
	},
	"POST /organizations/:organization_id/members/:member_id/reactivate": {
		{name: "deleted", who: adasAcme, path: onDeleted(paths.MemberReactivateRoute), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/password": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberPasswordRoute, "acme", aaron), status: http.StatusOK},
		{name: "not set", who: adasAcme, path: actOn(paths.MemberPasswordRoute, "acme", bianca), status: http.StatusSeeOther},
		{name: "own", who: adasAcme, path: actOn(paths.MemberPasswordRoute, "acme", ada), status: http.StatusSeeOther},
	},
	"POST /organizations/:organization_id/members/:member_id/password": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberPasswordRoute, "acme", aaron), status: http.StatusSeeOther},
		{name: "reset", who: adasAcme, path: actOn(paths.MemberPasswordRoute, "acme", aaron), form: form("how", "reset"), status: http.StatusSeeOther},
		{
			name: "good everywhere", who: refusing(adasAcme, stytch.MemberPasswordDelete, http.StatusBadRequest, "cross_org_passwords_enabled"),
			path: actOn(paths.MemberPasswordRoute, "acme", aaron), status: http.StatusSeeOther,
		},
	},
	"GET /organizations/:organization_id/members/:member_id/totp": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberTOTPRoute, "acme", daniel), status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/totp": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberTOTPRoute, "acme", daniel), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/phone": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberPhoneRoute, "acme", daniel), status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/phone": {
		{name: "set", who: adasAcme, path: actOn(paths.MemberPhoneRoute, "acme", daniel), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/sessions": {
		{name: "all", who: adasAcme, path: actOn(paths.MemberSessionsRoute, "acme", daniel), status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/sessions": {
		{name: "all", who: adasAcme, path: actOn(paths.MemberSessionsRoute, "acme", daniel), status: http.StatusSeeOther},
		{name: "all of a newcomer", who: beside(bianca), path: actOn(paths.MemberSessionsRoute, "acme", bianca), status: http.StatusSeeOther},
		{name: "one", who: adasAcme, path: actOn(paths.MemberSessionsRoute, "acme", daniel), form: aSession("acme", daniel), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/invitation": {
		{name: "revoked", who: adasAcme, path: actOn(paths.MemberInvitationRoute, "acme", ivan), status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/invitation": {
		{name: "revoked", who: adasAcme, path: actOn(paths.MemberInvitationRoute, "acme", ivan), status: http.StatusSeeOther},
		{name: "sent again", who: adasAcme, path: actOn(paths.MemberInvitationRoute, "acme", ivan), form: form("act", "send"), status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/apps": {
		{name: "let in", who: adasAcme, path: onApp, status: http.StatusOK},
		{name: "own", who: signed(olivia, "acme"), path: onApp, status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/apps": {
		{name: "let in", who: adasAcme, path: actOn(paths.MemberAppRoute, "acme", olivia), form: anApp, status: http.StatusSeeOther},
		{name: "own", who: signed(olivia, "acme"), path: actOn(paths.MemberAppRoute, "acme", olivia), form: anApp, status: http.StatusSeeOther},
	},
	"GET /organizations/:organization_id/members/:member_id/reset-second-factor": {
		{name: "both", who: adasAcme, path: actOn(paths.MemberSecondFactorRoute, "acme", daniel), status: http.StatusOK},
	},
	"POST /organizations/:organization_id/members/:member_id/reset-second-factor": {
		{name: "both", who: adasAcme, path: actOn(paths.MemberSecondFactorRoute, "acme", daniel), form: form("reason", why), status: http.StatusOK},
	},
	"GET /organizations/:organization_id/members/:member_id/recovery-codes": {
		{name: "asked", who: adasAcme, path: danielsCodes, status: http.StatusOK},
		{name: "not staff", who: signed(olivia, "acme"), path: danielsCodes, status: http.StatusNotFound},
	},
	"POST /organizations/:organization_id/members/:member_id/recovery-codes": {
		{name: "shown", who: adasAcme, path: danielsCodes, form: form("reason", why, "act", "show"), status: http.StatusOK},
		{name: "made", who: adasAcme, path: danielsCodes, form: form("reason", why, "act", "new"), status: http.StatusOK},
		{name: "to be proven", who: longAgo(signed(ada, "support-desk")), path: danielsCodes, form: form("reason", why, "act", "show"), status: http.StatusUnauthorized},
		{name: "code asked for", who: longAgo(signed(ada, "support-desk")), path: danielsCodes, form: form("reason", why, "act", "show", "proof_method", "code", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by code", who: proofOfCodes(longAgo(signed(ada, "support-desk")), "code"), path: danielsCodes, form: proving("code", mailed(ada), "reason", why, "act", "show"), status: http.StatusOK},
		{name: "proven by password", who: longAgo(hasPassword), path: danielsCodes, form: proving("password", made(goodPassword), "reason", why, "act", "show"), status: http.StatusOK},
		{name: "proven by app", who: longAgo(secured("totp")), path: danielsCodes, form: proving("totp", nextCode("support-desk", ada), "reason", why, "act", "show"), status: http.StatusOK},
		{name: "proven by recovery code", who: longAgo(secured("totp")), path: danielsCodes, form: proving("recovery_code", firstRecoveryCode("support-desk", ada), "reason", why, "act", "show"), status: http.StatusOK},
		{name: "text asked for", who: longAgo(secured("sms_otp")), path: danielsCodes, form: form("reason", why, "act", "show", "proof_method", "sms_otp", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by text", who: proofOfCodes(longAgo(secured("sms_otp")), "sms_otp"), path: danielsCodes, form: proving("sms_otp", mailed(newPhone), "reason", why, "act", "show"), status: http.StatusOK},
	},
	"GET /organizations/:organization_id/members/:member_id/providers": {
		{name: "four", who: signed(ada, "support-desk", "harbour"), path: actOn(paths.MemberProvidersRoute, "harbour", tobias), status: http.StatusOK},
		{name: "not staff", who: signed(olivia, "acme"), path: actOn(paths.MemberProvidersRoute, "acme", tom), status: http.StatusNotFound},
	},
	"GET /organizations/:organization_id/members/:member_id/lock-down": {
		{name: "kept", who: adasAcme, path: func(f *fixture) string { return lockDaniel(f) + "?how=keep" }, status: http.StatusOK},
		{name: "deactivated", who: adasAcme, path: lockDaniel, status: http.StatusOK},
		{name: "own", who: adasAcme, path: actOn(paths.MemberLockDownRoute, "acme", ada), status: http.StatusUnprocessableEntity},
	},
	"POST /organizations/:organization_id/members/:member_id/lock-down": {
		{name: "kept", who: adasAcme, path: lockDaniel, form: form("reason", why, "how", "keep"), status: http.StatusOK},
		{name: "deactivated", who: adasAcme, path: lockDaniel, form: form("reason", why, "how", "deactivate"), status: http.StatusOK},
		{
			name: "kept, break-glass", who: adasAcme, path: actOn(paths.MemberLockDownRoute, "acme", emergency),
			form: form("reason", why, "how", "keep", "role", "stytch_admin"), status: http.StatusOK,
		},
		{
			name: "kept, password good everywhere", who: refusing(adasAcme, stytch.MemberPasswordDelete, http.StatusBadRequest, "cross_org_passwords_enabled"),
			path: lockDaniel, form: form("reason", why, "how", "keep"), status: http.StatusOK,
		},
		{name: "no reason", who: adasAcme, path: lockDaniel, form: form("how", "keep"), status: http.StatusUnprocessableEntity},
	},
})
