package handlers_test

import (
	"net/http"

	"console.internal/internal/paths"
)

// written is a form that somebody has filled in and is about to send.
type written struct {
	path func(*fixture) string
	form []string
	// begun is what the form goes on with, in the same organization.
	begun func(b *browser, organizationID string)
	// ends says that the form ends sessions, so that one that is over already is what was wanted.
	ends bool
}

// writing has a form for every route that takes one of somebody who is signed in.
var writing = map[string]written{
	"POST /organizations/:organization_id/enter": {path: inside("acme", paths.Enter), form: []string{"return", paths.Find}},
	"POST /organizations/:organization_id/leave": {path: inside("acme", paths.Leave), ends: true},

	"POST /organizations/new":                              {path: place(paths.OrganizationNew), form: []string{"organization_name", "Fresh <b>Fields", "organization_slug", "fresh-fields"}},
	"POST /organizations/:organization_id/settings/:group": {path: inside("support-desk", staffIdentity), form: []string{"was.organization_name", "Support", "organization_name", "Support 'desk'"}},
	"POST /organizations/:organization_id/delete":          {path: inside("support-desk", paths.OrganizationDelete), form: []string{"typed", "Support desk"}},

	"POST /connected-apps/new":                                                {path: place(paths.ConnectedAppNew), form: []string{"client_type", "third_party", "client_name", "Fresh <b>Client", "redirect_urls", "https://a.example/?b=<c>"}},
	"POST /connected-apps/:client_id/edit/:group":                             {path: clientGroupAt(clientWarehouse, "tokens"), form: []string{"was.access_token_template_content", "", "access_token_template_content", "{\"a\": \"<b>\"}"}},
	"POST /connected-apps/:client_id/secret":                                  {path: secretAt(clientWarehouse, ""), form: []string{"act", "start", "secret_ends", "ab<c", "next_secret_ends", ""}},
	"POST /connected-apps/:client_id/delete":                                  {path: clientAt(clientWarehouse, paths.ConnectedAppDelete), form: []string{"typed", "Warehouse \"Sync\""}},
	"POST /m2m-clients/new":                                                   {path: place(paths.M2MClientNew), form: []string{"client_name", "Nightly <b>export", "scopes", "read:documents", "client_secret", canary}},
	"POST /m2m-clients/:client_id/edit/:group":                                {path: machineGroup("name"), form: []string{"was.client_name", "Legacy sync", "client_name", "Legacy 'sync'"}},
	"POST /m2m-clients/:client_id/secret":                                     {path: place(paths.M2MClientSecret(legacy, "")), form: []string{"act", "complete", "secret_ends", "0000", "next_secret_ends", "1111"}},
	"POST /m2m-clients/:client_id/delete":                                     {path: place(paths.M2MClientDelete(legacy)), form: []string{"typed", "Legacy sync"}},
	"POST /organizations/:organization_id/connected-apps/requests/:client_id": {path: requestsFor("support-desk")},
	"POST /organizations/:organization_id/connected-apps/preview":             {path: inDesk(inside("support-desk", paths.ConsentPreview)), form: []string{"member", sam, "url", pastedURL}},

	"POST /entries/:entry_id/end": {path: place(paths.EntryEnd(noEntry))},
	"POST /account/name":          {form: []string{"name", "Ada \"<Countess>\""}},
	"POST /account/email":         {form: []string{"email", "ada@new.example"}},
	"POST /account/email/code": {form: []string{"code", "987654"}, begun: func(b *browser, id string) {
		b.post(paths.AccountEmail, values("email", "ada@new.example", "organization", id)).want(http.StatusSeeOther)
	}},
	"POST /account/password": {form: []string{"current", "my-old-secret-words", "password", "my-new-secret-words", "act", "save"}},
	"POST /account/mfa":      {form: []string{"enrolled", "yes"}},
	"POST /account/totp":     {},
	"POST /account/totp/code": {form: []string{"code", "987654", "enrol", "yes"}, begun: func(b *browser, id string) {
		b.post(paths.AccountTOTP, values("organization", id)).want(http.StatusSeeOther)
	}},
	"POST /account/totp/remove": {},
	"POST /account/phone":       {form: []string{"phone", "+44 20 7946 0958"}},
	"POST /account/phone/code": {form: []string{"code", "987654"}, begun: func(b *browser, id string) {
		b.post(paths.AccountPhone, values("phone", newPhone, "organization", id)).want(http.StatusSeeOther)
	}},
	"POST /account/phone/remove":   {},
	"POST /account/recovery-codes": {form: []string{"act", "show", "proof_method", "totp", "proof_code", "987654"}},
	"POST /account/sessions":       {form: []string{"session_id", "member-session-test-00000000-0000-4000-8000-000000000000"}},
	"POST /account/sessions/end":   {ends: true},

	"POST /organizations/:organization_id/members/:member_id/delete":              {path: inDesk(actOn(paths.MemberDeleteRoute, "support-desk", sam))},
	"POST /organizations/:organization_id/members/:member_id/reactivate":          {path: inDesk(actOn(paths.MemberReactivateRoute, "support-desk", sam))},
	"POST /organizations/:organization_id/members/:member_id/password":            {path: inDesk(actOn(paths.MemberPasswordRoute, "support-desk", sam)), form: []string{"how", "reset"}},
	"POST /organizations/:organization_id/members/:member_id/totp":                {path: inDesk(actOn(paths.MemberTOTPRoute, "support-desk", sam))},
	"POST /organizations/:organization_id/members/:member_id/phone":               {path: inDesk(actOn(paths.MemberPhoneRoute, "support-desk", sam))},
	"POST /organizations/:organization_id/members/:member_id/sessions":            {path: inDesk(actOn(paths.MemberSessionsRoute, "support-desk", sam))},
	"POST /organizations/:organization_id/members/:member_id/invitation":          {path: inDesk(actOn(paths.MemberInvitationRoute, "support-desk", sam)), form: []string{"act", "send"}},
	"POST /organizations/:organization_id/members/:member_id/apps":                {path: inDesk(actOn(paths.MemberAppRoute, "support-desk", sam)), form: []string{"app", "an-app"}},
	"POST /organizations/:organization_id/members/:member_id/reset-second-factor": {path: inDesk(actOn(paths.MemberSecondFactorRoute, "support-desk", sam)), form: []string{"reason", "lost \"phone\""}},
	"POST /organizations/:organization_id/members/:member_id/recovery-codes":      {path: inDesk(actOn(paths.MemberRecoveryCodesRoute, "support-desk", sam)), form: []string{"reason", "lost", "act", "new"}},
	"POST /organizations/:organization_id/members/:member_id/lock-down":           {path: inDesk(actOn(paths.MemberLockDownRoute, "support-desk", sam)), form: []string{"reason", "stolen <laptop>", "how", "keep", "role", "support_agent"}},

	"POST /organizations/:organization_id/connected-apps/:client_id/revoke": {path: deskApp, form: []string{"member", noMember}},
	"POST /account/connected-apps/revoke":                                   {form: []string{"app", noApp}},

	"POST /organizations/:organization_id/members/new":                              {path: inDesk(newIn("support-desk")), form: []string{"way", "create", "was.email_address", "", "email_address", "ned@support.example"}},
	"POST /organizations/:organization_id/members/:member_id/edit/:group":           {path: deskGroup("name"), form: []string{"was.name", "Kim Larsen", "name", "Kim \"K\" <Larsen>"}},
	"POST /organizations/:organization_id/members/:member_id/edit/trusted-metadata": {path: deskGroup("trusted-metadata"), form: []string{"was.trusted_metadata", "{}", "trusted_metadata", `{"a":"<b>"}`}},
	"POST /organizations/:organization_id/members/:member_id/edit/external-id":      {path: deskGroup("external-id"), form: []string{"was.external_id", "", "external_id", "kim|1"}},
	"POST /organizations/:organization_id/members/:member_id/email":                 {path: deskMember(paths.MemberEmail), form: []string{"way", "now", "was.email_address", kim, "email_address", "kim@new.example"}},
	"POST /organizations/:organization_id/members/:member_id/retired-email":         {path: deskMember(func(o, m string) string { return paths.MemberRetiredEmail(o, m, "") }), form: []string{"email_id", "email-test-1"}},
}

// secrets are the fields that are typed again.
var secrets = []string{"password", "current", "code", "proof_code", "proof_password", "client_secret"}
