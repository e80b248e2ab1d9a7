package handlers

import (
	"cmp"
	"slices"
	"strings"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// actWords are the recorded operations by a person's words, as what somebody did: the first word is a verb of [didWords]. The
// names are the upstream's, which has one for several things that the console asks for apart, and the console's own.
var actWords = map[string]string{
	audit.SignIn:  "sign in",
	audit.SignOut: "sign out",
	audit.Enter:   "enter the organization",
	audit.Leave:   "leave the organization",
	audit.Prune:   "delete old entries of the audit log",

	audit.AskForApp:        "ask for an app",
	audit.AppRequestsClose: "close the requests for an app",
	audit.DenyApp:          "deny an app what it asked for",

	"console_audit_search":            "look at the audit log",
	"console_audit_export":            "export the audit log",
	"console_activity_search":         "look at the activity",
	"console_entries_list":            "look at who has entered",
	"console_app_requests_list":       "look at the apps that members asked for",
	"console_staff_app_requests_list": "look at the apps that members asked for",

	"api_organization_v1_Search":              "search organizations",
	"api_organization_v1_Get":                 "look up an organization",
	"api_organization_v1_Create":              "create an organization",
	"api_organization_v1_Update":              "change the organization",
	"api_organization_v1_Delete":              "delete the organization",
	"api_organization_v1_DeleteExternalId":    "remove the organization's external id",
	"api_organization_v1_Metrics":             "count the members",
	"api_organization_v1_ConnectedApps":       "list the Connected Apps",
	"api_sso_v1_GetConnections":               "list the SSO connections",
	"api_b2b_scim_v1_b2b_scim_connection_Get": "look at the SCIM connection",

	"api_organization_v1_organizations_members_Search":                "search members",
	"api_organization_v1_organizations_members_Get":                   "look at a member",
	"api_organization_v1_organizations_members_DangerouslyGet":        "look up a member",
	"api_organization_v1_organizations_members_Create":                "create a member",
	"api_b2b_magic_v1_b2b_magic_links_email_Invite":                   "invite a member",
	"api_organization_v1_organizations_members_Update":                "change a member",
	"api_organization_v1_organizations_members_Delete":                "delete a member",
	"api_organization_v1_organizations_members_Reactivate":            "reactivate a member",
	"api_organization_v1_organizations_members_DeleteMFAPhoneNumber":  "remove the phone number of a member",
	"api_organization_v1_organizations_members_DeleteTOTP":            "remove the authenticator app of a member",
	"api_organization_v1_organizations_members_DeletePassword":        "remove the password of a member",
	"api_organization_v1_organizations_members_DeleteExternalId":      "remove the external id of a member",
	"api_organization_v1_organizations_members_UnlinkRetiredEmail":    "unlink a retired e-mail address",
	"api_organization_v1_organizations_members_StartEmailUpdate":      "send the mail that changes an e-mail address",
	"api_organization_v1_organizations_members_GetConnectedApps":      "list the apps of a member",
	"api_organization_v1_organizations_members_connected_apps_Revoke": "revoke an app of a member",

	"api_organization_v1_organizations_members_oauth_providers_Google":    "look at a Google registration",
	"api_organization_v1_organizations_members_oauth_providers_Microsoft": "look at a Microsoft registration",
	"api_organization_v1_organizations_members_oauth_providers_Slack":     "look at a Slack registration",
	"api_organization_v1_organizations_members_oauth_providers_Hubspot":   "look at a HubSpot registration",
	"api_organization_v1_organizations_members_oauth_providers_Github":    "look at a GitHub registration",
	"api_organization_v1_organizations_members_OIDCProviders":             "look at an OIDC registration",

	"api_b2b_recovery_codes_v1_Get":     "read recovery codes",
	"api_b2b_recovery_codes_v1_Rotate":  "replace recovery codes",
	"api_b2b_recovery_codes_v1_Recover": "use a recovery code",

	"api_b2b_session_v1_Get":          "list the sessions of a member",
	"api_b2b_session_v1_Authenticate": "look at their own session",
	"api_b2b_session_v1_Exchange":     "exchange the session for one in the organization",
	"api_b2b_session_v1_Revoke":       "end sessions",

	"api_discovery_v1_discovery_organizations_List": "list their own organizations",

	"api_b2b_password_v1_Authenticate":                          "prove themselves by password",
	"api_b2b_password_v1_b2b_passwords_email_RequireReset":      "require a new password",
	"api_b2b_password_v1_b2b_passwords_session_Reset":           "set a password",
	"api_b2b_password_v1_b2b_passwords_existing_password_Reset": "change their password",

	"api_b2b_otp_v1_b2b_otp_email_LoginOrSignup": "send a code by e-mail",
	"api_b2b_otp_v1_b2b_otp_email_Authenticate":  "prove themselves by a code by e-mail",
	"api_b2b_otp_v1_b2b_otp_sms_Send":            "send a code by text message",
	"api_b2b_otp_v1_b2b_otp_sms_Authenticate":    "prove themselves by a code by text message",
	"api_b2b_totp_v1_Create":                     "set up an authenticator app",
	"api_b2b_totp_v1_Authenticate":               "prove themselves by authenticator app",

	"api_connectedapps_v1_connected_apps_clients_Search":               "search the clients of the project",
	"api_connectedapps_v1_connected_apps_clients_Get":                  "look at a client",
	"api_connectedapps_v1_connected_apps_clients_Create":               "create a client",
	"api_connectedapps_v1_connected_apps_clients_Update":               "change a client",
	"api_connectedapps_v1_connected_apps_clients_Delete":               "delete a client",
	"api_connectedapps_v1_connected_apps_clients_secrets_RotateStart":  "start to change the secret of a client",
	"api_connectedapps_v1_connected_apps_clients_secrets_Rotate":       "finish changing the secret of a client",
	"api_connectedapps_v1_connected_apps_clients_secrets_RotateCancel": "cancel the change of the secret of a client",

	"api_m2m_v1_m2m_clients_Search":               "search the M2M clients",
	"api_m2m_v1_m2m_clients_Get":                  "look at an M2M client",
	"api_m2m_v1_m2m_clients_Create":               "create an M2M client",
	"api_m2m_v1_m2m_clients_Update":               "change an M2M client",
	"api_m2m_v1_m2m_clients_Delete":               "delete an M2M client",
	"api_m2m_v1_m2m_clients_secrets_RotateStart":  "start to change the secret of an M2M client",
	"api_m2m_v1_m2m_clients_secrets_Rotate":       "finish changing the secret of an M2M client",
	"api_m2m_v1_m2m_clients_secrets_RotateCancel": "cancel the change of the secret of an M2M client",

	"api_organization_v1_GetConnectedApp":         "look at an app of the organization",
	"api_b2b_idp_v1_b2b_idp_oauth_AuthorizeStart": "look at what an app asks for",
	"api_b2b_idp_v1_b2b_idp_oauth_Authorize":      "decide what an app may do",
	"api_project_v1_Metrics":                      "count what the project has",
}

// didWords are the verbs of actWords and what was done by them.
var didWords = map[string]string{
	"sign": "Signed", "enter": "Entered", "leave": "Left", "delete": "Deleted", "look": "Looked", "export": "Exported", "search": "Searched",
	"create": "Created", "change": "Changed", "remove": "Removed", "count": "Counted", "list": "Listed", "invite": "Invited",
	"reactivate": "Reactivated", "unlink": "Unlinked", "send": "Sent", "revoke": "Revoked", "read": "Read", "replace": "Replaced", "use": "Used",
	"exchange": "Exchanged", "end": "Ended", "prove": "Proved", "require": "Required", "set": "Set",
	"ask": "Asked", "close": "Closed", "deny": "Denied",
	"start": "Started", "finish": "Finished", "cancel": "Cancelled", "decide": "Decided",
}

// whatWasDone tells an entry in words. An operation that has none is shown by its name.
func whatWasDone(e *audit.Entry) string {
	words := actWords[e.Operation]
	verb, rest, _ := strings.Cut(words, " ")
	switch {
	case words == "":
		return e.Operation
	case e.Result != stytch.ResultDone:
		return "Tried to " + words
	}
	return didWords[verb] + " " + rest
}

// actName is an operation in a list of operations.
func actName(operation string) string {
	if words := actWords[operation]; words != "" {
		return sentence(words)
	}
	return operation
}

// results are how an act may have ended, in words.
var results = []views.Option{
	{Value: string(stytch.ResultDone), Text: "Done"},
	{Value: string(stytch.ResultRefused), Text: "Refused"},
	{Value: string(stytch.ResultFailed), Text: "Failed"},
	{Value: string(stytch.ResultUnknown), Text: "Unknown"},
}

// resultStatus is how an act ended.
func resultStatus(r stytch.Result) views.Status {
	switch r {
	case stytch.ResultDone:
		return views.Status{Kind: views.StatusOK, Text: "Done"}
	case stytch.ResultRefused:
		return views.Status{Kind: views.StatusBad, Text: "Refused"}
	case stytch.ResultFailed:
		return views.Status{Kind: views.StatusWarn, Text: "Failed"}
	case stytch.ResultUnknown:
	}
	return views.Status{Kind: views.StatusPart, Text: "Unknown"}
}

// resultWords says what a result means.
func resultWords(e *audit.Entry) string {
	text := map[stytch.Result]string{
		stytch.ResultDone: "Done.", stytch.ResultRefused: "Refused. Nothing was changed.", stytch.ResultFailed: "Failed. Nothing was changed.",
	}[e.Result]
	if text == "" {
		return "Unknown: no answer came that tells. It may have been done."
	}
	return text
}

// isActName says whether a name can be that of an operation, also of one that the console has no more.
func isActName(v string) bool {
	return len(v) <= 128 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

// optionsWith are the options of a list with the chosen one marked. A chosen one that is not in the list is added, where it can be a name.
func optionsWith(options []views.Option, chosen string, name func(string) string) []views.Option {
	options = slices.Clone(options)
	found := chosen == ""
	for i := range options {
		options[i].Selected = options[i].Value == chosen
		found = found || options[i].Selected
	}
	if !found && isActName(chosen) {
		options = append(options, views.Option{Value: chosen, Text: name(chosen), Selected: true})
	}
	return options
}

// recordedActs are the acts that are recorded whether they were refused or not, by their words.
func recordedActs() []views.Option {
	var out []views.Option
	add := func(operation string) {
		option := views.Option{Value: operation, Text: actName(operation)}
		if actWords[operation] != "" && !slices.Contains(out, option) {
			out = append(out, option)
		}
	}
	for _, own := range []string{audit.SignIn, audit.SignOut, audit.Enter, audit.Leave, audit.Prune, audit.AskForApp, audit.AppRequestsClose, audit.DenyApp} {
		add(own)
	}
	for _, op := range stytch.Operations() {
		if op.Row().Kind != stytch.Read {
			add(op.String())
		}
	}
	slices.SortFunc(out, func(a, b views.Option) int { return cmp.Compare(a.Text, b.Text) })
	return out
}
