package handlers_test

import (
	"maps"
	"net/http"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// anew is a browser at an upstream that is as it was at first, past every limit.
func anew(who func(*fixture) *browser) func(*tapped) *browser {
	return func(f *tapped) *browser {
		f.sandbox.Reset()
		f.sandbox.Advance(time.Duration(f.ahead.Load()))
		f.advance(16 * time.Minute)
		return who(f.fixture)
	}
}

// mended are cells in which a form says beside its field what went wrong.
func mended(cells map[string]cell, ops ...stytch.Operation) map[string]cell {
	all := map[string]cell{}
	for _, op := range ops {
		for fault, c := range cells {
			all[op.String()+" "+fault] = c
		}
	}
	return all
}

var (
	wrongCode = map[string]cell{
		"404": {http.StatusUnprocessableEntity, "This code is not right"}, "401": {http.StatusUnprocessableEntity, "This code is not right"},
		"429": {http.StatusTooManyRequests, "Too many tries."},
	}
	slowDown = map[string]cell{"429": {http.StatusTooManyRequests, wordsLimit}}
)

// accountDrivers spoil the visits to one's own account that make calls: for each operation of a route, at least one.
func accountDrivers() []*driver {
	passwords := mended(map[string]cell{"401": {http.StatusUnprocessableEntity, "This is not your current password."}, "429": slowDown["429"]}, stytch.PasswordExistingReset)
	proven := []string{"text asked for", "proven by text", "proven by app", "proven by recovery code", "proven by password", "proven by code", "code asked for"}
	spoiled := []spoiledVisit{
		{route: "GET /account", names: []string{"home"}},
		{route: "POST /account/name", names: []string{"good", "none"}},
		{route: "POST /account/email", names: []string{"good"}, special: mended(slowDown, stytch.OwnEmailUpdateStart)},
		{route: "POST /account/email/code", names: []string{"with another key"}, special: mended(wrongCode, stytch.CodeAuthenticate), outcome: quietly},
		{route: "GET /account/password", names: []string{"set"}},
		{route: "POST /account/password", names: []string{"changed", "set"}, special: passwords},
		{route: "POST /account/password", names: proven, special: proofTroubles, only: proofCalls},
		{route: "POST /account/mfa", names: []string{"wanted", "phone first"}},
		{route: "GET /account/totp", names: []string{"begun"}},
		{route: "POST /account/totp", names: []string{"none"}, special: mended(slowDown, stytch.TOTPCreate)},
		{route: "POST /account/totp", names: []string{"text asked for", "phone proven"}, special: both(proofTroubles, mended(slowDown, stytch.TOTPCreate))},
		{route: "POST /account/totp/code", names: []string{"right"}, skip: refused(stytch.TOTPAuthenticate)},
		{route: "POST /account/totp/code", names: []string{"wrong"}, special: mended(wrongCode, stytch.TOTPAuthenticate), skip: garbled(stytch.TOTPAuthenticate)},
		{route: "GET /account/totp/remove", names: []string{"set"}},
		{route: "POST /account/totp/remove", names: []string{"set"}},
		{route: "GET /account/phone", names: []string{"sent"}},
		{route: "POST /account/phone", names: []string{"none"}, special: mended(slowDown, stytch.SMSSend)},
		{
			route: "POST /account/phone", names: []string{"app proven", "recovery code"},
			special: both(mended(slowDown, stytch.SMSSend), mended(wrongCode, stytch.TOTPAuthenticate, stytch.RecoveryCodeUse)),
		},
		{route: "POST /account/phone/code", names: []string{"right"}, skip: refused(stytch.SMSAuthenticate)},
		{route: "POST /account/phone/code", names: []string{"wrong"}, special: mended(wrongCode, stytch.SMSAuthenticate), skip: garbled(stytch.SMSAuthenticate)},
		{route: "GET /account/phone/remove", names: []string{"set"}},
		{route: "POST /account/phone/remove", names: []string{"set"}},
		{route: "POST /account/recovery-codes", names: proven, special: proofTroubles, only: proofCalls},
		{route: "POST /account/recovery-codes", names: []string{"shown", "made"}, skip: garbled(stytch.OwnRecoveryCodesGet)},
		{route: "GET /account/sessions", names: []string{"three"}},
		{route: "POST /account/sessions/end", names: []string{"all"}, outcome: map[string]outcome{stytch.OwnSessionsRevoke.String(): quiet}},
	}
	all := driversOf(accountDrives, spoiled)
	for _, d := range all {
		d.signedIn = d.route != "POST /account/sessions/end"
	}
	return append(all, sessionDriver("another", false, nil), sessionDriver("this one", true, quietly), &driver{
		route: "POST " + paths.AccountPassword, name: "signed out meanwhile", write: true, open: anew(me), good: http.StatusUnauthorized,
		special: passwords, outcome: quietly, skip: waitedFor,
		act: meanwhile(stytch.PasswordExistingReset, func(_ *tapped, b *browser) *answer {
			return b.post(paths.AccountPassword, values("current", sandbox.SeedPassword, "password", goodPassword))
		}),
	})
}

// refused are the cells in which a page with a field to mend reads more than the page that is done; those of a code that is
// wrong have them.
func refused(op stytch.Operation) []string {
	return []string{op.String() + " 404", op.String() + " 401", op.String() + " 429"}
}

// garbled is a refusal that cannot be read: it is one all the same.
func garbled(op stytch.Operation) []string { return []string{op.String() + " garbage"} }

// sessionDriver ends a session; which, is read before anything is spoiled.
func sessionDriver(name string, this bool, outcomes map[string]outcome) *driver {
	ids := map[*tapped]string{}
	return &driver{
		route: "POST " + paths.AccountSessions, name: name, write: true, good: http.StatusSeeOther, outcome: outcomes, signedIn: true,
		open: func(f *tapped) *browser {
			b := anew(func(f *fixture) *browser {
				f.signIn(aaron, "acme")
				return f.signIn(aaron, "acme")
			})(f)
			current, others := b.sessionIDs("")
			ids[f] = others[0]
			if this {
				ids[f] = current
			}
			return b
		},
		act: func(f *tapped, b *browser) *answer {
			return b.post(paths.AccountSessions, values("session_id", ids[f]))
		},
	}
}

func both(a, b map[string]cell) map[string]cell {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
