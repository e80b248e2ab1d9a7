package handlers_test

import (
	"net/http"
	"net/url"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// withApp is signed in to acme by a code of an authenticator app, and has a phone too.
func withApp(f *fixture) *browser { return f.signInSecond(daniel) }

// appUnasked has an authenticator app, and was not asked for it.
func appUnasked(f *fixture) *browser { return f.firstOnly(edwin) }

// phoneUnasked has a phone, and was not asked for it.
func phoneUnasked(f *fixture) *browser {
	f.signIn(aaron, "acme").addPhone(newPhone, "")
	return f.signIn(aaron, "acme")
}

// did has sent a form before.
func did(who func(*fixture) *browser, path string, pairs ...string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		b.post(path, values(pairs...)).want(http.StatusSeeOther)
		return b
	}
}

// sixDigitsOf is a form with the newest code to an address or a number.
func sixDigitsOf(to string) func(*browser) url.Values {
	return func(b *browser) url.Values { return values("code", b.f.lastMail(to).Code) }
}

func ownAppCode(b *browser) url.Values {
	return values("code", b.f.authenticator("acme", aaron).Code)
}

// sessionOf is the form that ends a session of daniel's, this one or another.
func sessionOf(this bool) func(*browser) url.Values {
	return func(b *browser) url.Values {
		current, others := b.sessionIDs("")
		if this {
			return values("session_id", current)
		}
		return values("session_id", others[0])
	}
}

// denied lacks a permission over themselves.
func denied(who func(*fixture) *browser, action string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.self", Action: action})
		return b
	}
}

const newEmail = "somebody@new.example"

var (
	me           = signed(aaron, "acme")
	bySession    = place(paths.AccountPassword + "?way=session")
	codesPath    = place(paths.AccountRecoveryCodes)
	accountAcme  = inside("acme", func(id string) string { return paths.Own(paths.Account, id) })
	staleApp     = stale(withApp)
	staleMe      = stale(me)
	emailStarted = did(me, paths.AccountEmail, "email", newEmail)
	phoneStarted = did(me, paths.AccountPhone, "phone", newPhone)
	appStarted   = did(me, paths.AccountTOTP)
)

// accountDrives are the visits to the pages of one's own account.
var accountDrives = map[string][]drive{
	"GET /account": {
		{name: "home", key: "acme", who: me, path: place(paths.Account), status: http.StatusOK},
		{name: "elsewhere", key: "acme", who: signed(ada, "support-desk", "acme"), path: accountAcme, status: http.StatusOK},
		{name: "not entered", who: signed(ada, "support-desk"), path: accountAcme, status: http.StatusOK, unheld: true},
	},
	"POST /account/name": {
		{name: "good", key: "acme", who: me, path: place(paths.AccountName), form: form("name", "Aaron"), status: http.StatusSeeOther},
		{name: "none", key: "acme", who: me, path: place(paths.AccountName), form: form("name", ""), status: http.StatusUnprocessableEntity},
	},
	"POST /account/language": {{name: "stranger", who: stranger, path: place(paths.AccountLanguage), form: form("language", "fr"), status: http.StatusSeeOther}},
	"GET /account/email":     {{name: "home", key: "acme", who: me, path: place(paths.AccountEmail), status: http.StatusOK}},
	"POST /account/email": {
		{name: "good", key: "acme", who: me, path: place(paths.AccountEmail), form: form("email", newEmail), status: http.StatusSeeOther},
		{name: "taken", key: "acme", who: me, path: place(paths.AccountEmail), form: form("email", olivia), status: http.StatusUnprocessableEntity},
		{name: "refused", key: "acme", who: denied(me, "update.info.email"), path: place(paths.AccountEmail), form: form("email", newEmail), status: http.StatusForbidden},
	},
	"GET /account/email/code": {
		{name: "sent", key: "acme", who: emailStarted, path: place(paths.AccountEmailCode), status: http.StatusOK},
		{name: "nothing sent", key: "acme", who: me, path: place(paths.AccountEmailCode), status: http.StatusSeeOther},
	},
	"POST /account/email/code": {
		{name: "right", key: "acme", who: emailStarted, path: place(paths.AccountEmailCode), form: sixDigitsOf(newEmail), status: http.StatusSeeOther},
		{name: "wrong", key: "acme", who: emailStarted, path: place(paths.AccountEmailCode), form: form("code", "000000"), status: http.StatusUnprocessableEntity},
		{
			name: "with another key", key: "support-desk", who: did(signed(ada, "support-desk", "acme"), paths.AccountEmail, "email", newEmail),
			path: place(paths.AccountEmailCode), form: sixDigitsOf(newEmail), status: http.StatusSeeOther,
		},
	},
	"GET /account/password": {
		{name: "set", key: "acme", who: me, path: place(paths.AccountPassword), status: http.StatusOK},
		{name: "to be proven", key: "acme", who: staleMe, path: bySession, status: http.StatusUnauthorized},
	},
	"POST /account/password": {
		{name: "checked", key: "acme", who: me, path: place(paths.AccountPassword), form: form("password", goodPassword, "act", "check"), status: http.StatusOK},
		{name: "changed", key: "acme", who: me, path: place(paths.AccountPassword), form: form("current", sandbox.SeedPassword, "password", goodPassword), status: http.StatusSeeOther},
		{name: "set", key: "acme", who: signed(olivia, "acme"), path: place(paths.AccountPassword), form: form("password", goodPassword), status: http.StatusSeeOther},
		{
			name: "signed out meanwhile", key: "acme", who: me, path: place(paths.AccountPassword), form: form("current", sandbox.SeedPassword, "password", goodPassword),
			slow: stytch.PasswordExistingReset, meanwhile: signOutUnheard, status: http.StatusUnauthorized,
		},
		{name: "text asked for", key: "acme", who: staleApp, path: bySession, form: form("proof_method", "sms_otp", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by text", key: "acme", who: proofSent(staleApp, "sms_otp", bySession), path: bySession, form: proving("sms_otp", mailed(danielsPhone)), status: http.StatusOK},
		{name: "proven by app", key: "acme", who: staleApp, path: bySession, form: proving("totp", nextCode("acme", daniel)), status: http.StatusOK},
		{name: "proven by recovery code", key: "acme", who: staleApp, path: bySession, form: proving("recovery_code", firstRecoveryCode("acme", daniel)), status: http.StatusOK},
		{name: "proven by password", key: "acme", who: staleMe, path: bySession, form: proving("password", made(sandbox.SeedPassword)), status: http.StatusOK},
		{name: "proven by code", key: "acme", who: proofSent(staleMe, "code", bySession), path: bySession, form: proving("code", mailed(aaron)), status: http.StatusOK},
		{name: "code asked for", key: "acme", who: staleMe, path: bySession, form: form("proof_method", "code", "proof_send", "yes"), status: http.StatusOK},
	},
	"POST /account/mfa": {
		{name: "wanted", key: "acme", who: me, path: place(paths.AccountMFA), form: form("enrolled", "yes"), status: http.StatusSeeOther},
		{name: "phone first", key: "acme", who: withApp, path: place(paths.AccountMFA), form: form("default", "sms_otp"), status: http.StatusSeeOther},
		{name: "refused", key: "acme", who: denied(me, "update.settings.mfa-enrolled"), path: place(paths.AccountMFA), form: form("enrolled", "yes"), status: http.StatusForbidden},
	},
	"GET /account/totp": {
		{name: "none", key: "acme", who: me, path: place(paths.AccountTOTP), status: http.StatusOK},
		{name: "begun", key: "acme", who: appStarted, path: place(paths.AccountTOTP), status: http.StatusOK},
	},
	"POST /account/totp": {
		{name: "none", key: "acme", who: me, path: place(paths.AccountTOTP), status: http.StatusSeeOther},
		{name: "phone to be proven", key: "acme", who: phoneUnasked, path: place(paths.AccountTOTP), status: http.StatusUnauthorized},
		{name: "text asked for", key: "acme", who: phoneUnasked, path: place(paths.AccountTOTP), form: form("proof_method", "sms_otp", "proof_send", "yes"), status: http.StatusOK},
		{
			name: "phone proven", key: "acme", who: proofSent(phoneUnasked, "sms_otp", place(paths.AccountTOTP)), path: place(paths.AccountTOTP),
			form: proving("sms_otp", mailed(newPhone)), status: http.StatusSeeOther,
		},
	},
	"POST /account/totp/code": {
		{name: "right", key: "acme", who: appStarted, path: place(paths.AccountTOTPCode), form: ownAppCode, status: http.StatusOK},
		{name: "wrong", key: "acme", who: appStarted, path: place(paths.AccountTOTPCode), form: form("code", "000000"), status: http.StatusUnprocessableEntity},
		{name: "nothing begun", key: "acme", who: me, path: place(paths.AccountTOTPCode), form: form("code", "000000"), status: http.StatusSeeOther},
	},
	"GET /account/totp/remove":  {{name: "set", key: "acme", who: withApp, path: place(paths.AccountTOTPRemove), status: http.StatusOK}},
	"POST /account/totp/remove": {{name: "set", key: "acme", who: withApp, path: place(paths.AccountTOTPRemove), status: http.StatusSeeOther}},
	"GET /account/phone": {
		{name: "none", key: "acme", who: me, path: place(paths.AccountPhone), status: http.StatusOK},
		{name: "sent", key: "acme", who: phoneStarted, path: place(paths.AccountPhone), status: http.StatusOK},
	},
	"POST /account/phone": {
		{name: "none", key: "acme", who: me, path: place(paths.AccountPhone), form: form("phone", newPhone), status: http.StatusSeeOther},
		{name: "malformed", key: "acme", who: me, path: place(paths.AccountPhone), form: form("phone", "12"), status: http.StatusUnprocessableEntity},
		{name: "app to be proven", key: "acme", who: appUnasked, path: place(paths.AccountPhone), form: form("phone", newPhone), status: http.StatusUnauthorized},
		{name: "app proven", key: "acme", who: appUnasked, path: place(paths.AccountPhone), form: proving("totp", nextCode("acme", edwin), "phone", newPhone), status: http.StatusSeeOther},
		{name: "recovery code", key: "acme", who: appUnasked, path: place(paths.AccountPhone), form: proving("recovery_code", firstRecoveryCode("acme", edwin), "phone", newPhone), status: http.StatusSeeOther},
	},
	"POST /account/phone/code": {
		{name: "right", key: "acme", who: phoneStarted, path: place(paths.AccountPhoneCode), form: sixDigitsOf(newPhone), status: http.StatusSeeOther},
		{name: "wrong", key: "acme", who: phoneStarted, path: place(paths.AccountPhoneCode), form: form("code", "000000"), status: http.StatusUnprocessableEntity},
	},
	"GET /account/phone/remove":   {{name: "set", key: "acme", who: withApp, path: place(paths.AccountPhoneRemove), status: http.StatusOK}},
	"POST /account/phone/remove":  {{name: "set", key: "acme", who: withApp, path: place(paths.AccountPhoneRemove), status: http.StatusSeeOther}},
	"GET /account/recovery-codes": {{name: "set", key: "acme", who: withApp, path: codesPath, status: http.StatusOK}},
	"POST /account/recovery-codes": {
		{name: "shown", key: "acme", who: withApp, path: codesPath, form: form("act", "show"), status: http.StatusOK},
		{name: "made", key: "acme", who: withApp, path: codesPath, form: form("act", "new"), status: http.StatusOK},
		{name: "none", key: "acme", who: me, path: codesPath, form: form("act", "show"), status: http.StatusUnprocessableEntity},
		{name: "to be proven", key: "acme", who: staleApp, path: codesPath, form: form("act", "show"), status: http.StatusUnauthorized},
		{name: "text asked for", key: "acme", who: staleApp, path: codesPath, form: form("act", "show", "proof_method", "sms_otp", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by text", key: "acme", who: proofSent(staleApp, "sms_otp", codesPath), path: codesPath, form: proving("sms_otp", mailed(danielsPhone), "act", "show"), status: http.StatusOK},
		{name: "proven by app", key: "acme", who: staleApp, path: codesPath, form: proving("totp", nextCode("acme", daniel), "act", "new"), status: http.StatusOK},
		{name: "proven by recovery code", key: "acme", who: staleApp, path: codesPath, form: proving("recovery_code", firstRecoveryCode("acme", daniel), "act", "show"), status: http.StatusOK},
		{name: "proven by password", key: "acme", who: staleMe, path: codesPath, form: proving("password", made(sandbox.SeedPassword), "act", "show"), status: http.StatusUnprocessableEntity},
		{name: "code asked for", key: "acme", who: staleMe, path: codesPath, form: form("act", "show", "proof_method", "code", "proof_send", "yes"), status: http.StatusOK},
		{name: "proven by code", key: "acme", who: proofSent(staleMe, "code", codesPath), path: codesPath, form: proving("code", mailed(aaron), "act", "show"), status: http.StatusUnprocessableEntity},
	},
	"GET /account/sessions": {{name: "three", key: "acme", who: withApp, path: place(paths.AccountSessions), status: http.StatusOK}},
	"POST /account/sessions": {
		{name: "another", key: "acme", who: withApp, path: place(paths.AccountSessions), form: sessionOf(false), status: http.StatusSeeOther},
		{name: "this one", key: "acme", who: withApp, path: place(paths.AccountSessions), form: sessionOf(true), status: http.StatusSeeOther},
	},
	"POST /account/sessions/end": {
		{name: "all", key: "acme", who: me, path: place(paths.AccountSessionsEnd), status: http.StatusSeeOther},
		{name: "this one only", key: "acme", who: denied(me, "revoke-sessions"), path: place(paths.AccountSessionsEnd), status: http.StatusSeeOther},
	},
}
