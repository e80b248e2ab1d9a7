package handlers_test

import (
	"net/http"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// loginDrives are the visits to everything that stands before a session.
var loginDrives = map[string][]drive{
	"GET /": {
		{name: "stranger", who: stranger, path: place("/"), status: http.StatusSeeOther},
		{name: "staff", who: signed(ada, "support-desk"), path: place("/"), status: http.StatusSeeOther},
	},
	"POST /theme": {{name: "stranger", who: stranger, path: place(paths.Theme), form: form("theme", "dark", "return", "/login"), status: http.StatusSeeOther}},
	"GET /login": {
		{name: "stranger", who: stranger, path: place(paths.Login), status: http.StatusOK},
		{name: "staff", who: signed(ada, "support-desk"), path: place(paths.Login), status: http.StatusOK},
		{name: "with a password", who: stranger, path: place(paths.WithPassword(paths.Login)), status: http.StatusOK},
	},
	"POST /login": {
		{name: "link", who: stranger, path: place(paths.Login), form: form("email", ada, "method", "link"), status: http.StatusSeeOther},
		{name: "code", who: stranger, path: place(paths.Login), form: form("email", ada, "method", "code"), status: http.StatusSeeOther},
		{name: "password", who: stranger, path: place(paths.Login), form: typed(ada), status: http.StatusSeeOther},
		{name: "reset", who: stranger, path: place(paths.Login), form: form("email", ada, "method", "reset"), status: http.StatusSeeOther},
		{name: "link of one", who: stranger, path: place(paths.Login), form: form("email", olivia, "method", "link", "organization", "acme"), status: http.StatusSeeOther},
		{name: "code of one", who: stranger, path: place(paths.Login), form: form("email", olivia, "method", "code", "organization", "acme"), status: http.StatusSeeOther},
		{name: "reset of one", who: stranger, path: place(paths.Login), form: form("email", olivia, "method", "reset", "organization", "acme"), status: http.StatusSeeOther},
		{name: "password as another", who: signed(sam, "support-desk"), path: place(paths.Login), form: typed(ada, "organization", "only-password"), status: http.StatusSeeOther},
	},
	"GET /login/sent": {
		{name: "asked", who: asked(ada, "", "code"), path: place(paths.LoginSent), status: http.StatusOK},
		{name: "reset", who: asked(ada, "", "reset"), path: place(paths.LoginSent), status: http.StatusOK},
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
		{name: "second factor", who: discovered, path: place(paths.LoginOrganizations), form: choose("globex"), status: http.StatusSeeOther},
		{
			name: "signed out meanwhile", who: discovered, path: place(paths.LoginOrganizations), form: choose("support-desk"),
			slow: stytch.IntermediateExchange, meanwhile: signOut, status: http.StatusUnauthorized,
		},
	},
	"GET /login/more": {
		{name: "link wanted", who: stopped(ada, "only-link"), path: of("only-link", paths.LoginMoreFor), status: http.StatusOK},
		{name: "password wanted", who: stopped(ada, "only-password"), path: of("only-password", paths.LoginMoreFor), status: http.StatusOK},
		{name: "nothing that we have", who: stopped(ada, "initech"), path: of("initech", paths.LoginMoreFor), status: http.StatusOK},
		{name: "another organization", who: stopped(ada, "only-link"), path: of("only-password", paths.LoginMoreFor), status: http.StatusSeeOther},
		{name: "entering", who: entering(ada, "only-link"), path: of("only-link", paths.LoginMoreFor), status: http.StatusOK},
		{name: "stranger", who: stranger, path: place(paths.LoginMore), status: http.StatusSeeOther},
	},
	"POST /login/more": {
		{name: "link", who: stopped(ada, "only-link"), path: place(paths.LoginMore), form: middle("only-link", "method", "link"), status: http.StatusSeeOther},
		{name: "code", who: linked(ada, "only-code"), path: place(paths.LoginMore), form: middle("only-code", "method", "code"), status: http.StatusSeeOther},
		{name: "not taken there", who: stopped(ada, "only-password"), path: place(paths.LoginMore), form: middle("only-password", "method", "link"), status: http.StatusUnprocessableEntity},
		{name: "stranger", who: stranger, path: place(paths.LoginMore), form: middle("only-link", "method", "link"), status: http.StatusSeeOther},
	},
	"GET /login/mfa": {
		{name: "app", who: stopped(nadia, "globex"), path: of("globex", mfa("")), status: http.StatusOK},
		{name: "recovery code", who: stopped(nadia, "globex"), path: of("globex", mfa("recovery_code")), status: http.StatusOK},
		{name: "text", who: stopped(sam, "globex"), path: of("globex", mfa("")), status: http.StatusOK},
		{name: "either to set up", who: stopped(ada, "globex"), path: of("globex", mfa("")), status: http.StatusOK},
		{name: "app to set up", who: settingUp(iris, "only-totp"), path: of("only-totp", mfa("totp")), status: http.StatusOK},
		{name: "phone to set up", who: stopped(ada, "globex"), path: of("globex", mfa("sms_otp")), status: http.StatusOK},
		{name: "entering", who: entering(ada, "globex"), path: of("globex", mfa("")), status: http.StatusOK},
		{name: "another organization", who: stopped(ada, "globex"), path: of("only-totp", mfa("")), status: http.StatusSeeOther},
		{name: "stranger", who: stranger, path: place(paths.LoginMFA), status: http.StatusSeeOther},
	},
	"POST /login/mfa": {
		{name: "app", who: stopped(nadia, "globex"), path: place(paths.LoginMFA), form: appCode("globex", nadia), status: http.StatusSeeOther},
		{name: "text", who: stopped(sam, "globex"), path: place(paths.LoginMFA), form: textCode("globex", samsPhone), status: http.StatusSeeOther},
		{name: "recovery code", who: stopped(nadia, "globex"), path: place(paths.LoginMFA), form: recoveryCode("globex", nadia), status: http.StatusSeeOther},
		// The page with the recovery codes is the answer itself.
		{name: "new app", who: settingUp(ada, "globex"), path: place(paths.LoginMFA), form: appCode("globex", ada), status: http.StatusOK},
		{name: "new phone", who: texted(ada, "globex"), path: place(paths.LoginMFA), form: textCode("globex", newPhone), status: http.StatusSeeOther},
		{name: "no code", who: stopped(nadia, "globex"), path: place(paths.LoginMFA), form: middle("globex", "method", "totp"), status: http.StatusUnprocessableEntity},
		{name: "entering", who: entering(sam, "globex"), path: place(paths.LoginMFA), form: textCode("globex", samsPhone), status: http.StatusSeeOther},
		{
			name: "signed out meanwhile", who: stopped(nadia, "globex"), path: place(paths.LoginMFA), form: appCode("globex", nadia),
			slow: stytch.TOTPAuthenticate, meanwhile: signOut, status: http.StatusUnauthorized,
		},
		{name: "stranger", who: stranger, path: place(paths.LoginMFA), form: middle("globex", "method", "totp", "code", "123456"), status: http.StatusSeeOther},
	},
	"POST /login/mfa/start": {
		{name: "app", who: stopped(ada, "globex"), path: place(paths.LoginMFAStart), form: middle("globex", "method", "totp"), status: http.StatusSeeOther},
		{name: "phone", who: stopped(ada, "globex"), path: place(paths.LoginMFAStart), form: middle("globex", "method", "sms_otp", "phone", newPhone), status: http.StatusSeeOther},
		{name: "no phone", who: stopped(ada, "globex"), path: place(paths.LoginMFAStart), form: middle("globex", "method", "sms_otp"), status: http.StatusUnprocessableEntity},
		{name: "text once more", who: stopped(sam, "globex"), path: place(paths.LoginMFAStart), form: middle("globex", "method", "sms_otp"), status: http.StatusSeeOther},
		{name: "stranger", who: stranger, path: place(paths.LoginMFAStart), form: middle("globex", "method", "totp"), status: http.StatusSeeOther},
	},
	"GET /login/oauth/:provider": {
		{name: "all", who: stranger, path: place(paths.LoginOAuth("google", "")), status: http.StatusOK},
		{name: "one", who: stranger, path: place(paths.LoginOAuth("github", "acme")), status: http.StatusOK},
		{name: "unknown", who: stranger, path: place(paths.LoginOAuth("myspace", "")), status: http.StatusNotFound},
	},
	"GET /login/:slug": {
		{name: "stranger", who: stranger, path: place(paths.LoginFor("acme")), status: http.StatusOK},
		{name: "with a password", who: stranger, path: place(paths.WithPassword(paths.LoginFor("acme"))), status: http.StatusOK},
	},
	"POST /login/:slug": {
		{name: "link", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "link"), status: http.StatusSeeOther},
		{name: "code", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "code"), status: http.StatusSeeOther},
		{name: "reset", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "reset"), status: http.StatusSeeOther},
		{name: "password", who: stranger, path: place(paths.LoginFor("only-password")), form: typed(ada), status: http.StatusSeeOther},
		{name: "password and second factor", who: stranger, path: place(paths.LoginFor("acme")), form: typed(daniel), status: http.StatusSeeOther},
		{name: "password as another", who: signed(sam, "support-desk"), path: place(paths.LoginFor("only-password")), form: typed(ada), status: http.StatusSeeOther},
		{name: "wrong password", who: stranger, path: place(paths.LoginFor("acme")), form: form("email", olivia, "method", "password", "password", goodPassword), status: http.StatusUnprocessableEntity},
	},
	"GET /authenticate": {
		{name: "link", who: asked(ada, "", "link"), path: mailedAddress(ada), status: http.StatusOK},
		{name: "reset", who: asked(ada, "", "reset"), path: mailedAddress(ada), status: http.StatusOK},
		{name: "invitation", who: stranger, path: mailedAddress(ada), status: http.StatusOK},
	},
	"POST /authenticate": {
		{name: "discovery", who: asked(ada, "", "link"), path: place(paths.Authenticate), form: mailedLink(ada), status: http.StatusSeeOther},
		{name: "slug", who: asked(olivia, "acme", "link"), path: place(paths.Authenticate), form: mailedLink(olivia), status: http.StatusSeeOther},
		{name: "as another", who: again(signed(ada, "support-desk"), sam, "", "link"), path: place(paths.Authenticate), form: mailedLink(sam), status: http.StatusSeeOther},
		{name: "invitation", who: stranger, path: place(paths.Authenticate), form: mailedLink(ada), status: http.StatusSeeOther},
		{name: "provider", who: stranger, path: place(paths.Authenticate), form: provided("google", "", ada), status: http.StatusSeeOther},
		{name: "provider of one", who: stranger, path: place(paths.Authenticate), form: provided("google", "acme", olivia), status: http.StatusSeeOther},
		{name: "impersonation", who: stranger, path: place(paths.Authenticate), form: impersonating("acme", olivia), status: http.StatusSeeOther},
	},
	"POST /authenticate/password": {
		{name: "discovery", who: asked(ada, "", "reset"), path: place(paths.Password), form: newPassword(ada), status: http.StatusSeeOther},
		{name: "slug", who: asked(olivia, "acme", "reset"), path: place(paths.Password), form: newPassword(olivia), status: http.StatusSeeOther},
		{name: "checked", who: asked(ada, "", "reset"), path: place(paths.Password), form: newPassword(ada, "act", "check"), status: http.StatusOK},
		{name: "as another", who: again(signed(sam, "support-desk"), ada, "", "reset"), path: place(paths.Password), form: newPassword(ada), status: http.StatusSeeOther},
	},
	"POST /recovery-codes": {
		{name: "stranger", who: stranger, path: place(paths.RecoveryCodesFile), form: form("codes", "ab12-cd34-ef56 gh78-ij90-kl12"), status: http.StatusOK},
		{name: "no codes", who: stranger, path: place(paths.RecoveryCodesFile), form: form("codes", "<script>"), status: http.StatusBadRequest},
	},
	"POST /logout": {
		{name: "staff", who: signed(ada, "support-desk", "acme"), path: place(paths.Logout), status: http.StatusSeeOther},
		{name: "as support", who: asSupport(ada, "quayside"), path: place(paths.Logout), status: http.StatusSeeOther},
		{name: "impersonating", who: impersonated("acme", olivia), path: place(paths.Logout), status: http.StatusSeeOther},
		{name: "stranger", who: stranger, path: place(paths.Logout), status: http.StatusSeeOther},
	},
}
