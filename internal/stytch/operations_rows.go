package stytch

import "net/http"

const (
	organization      = "stytch.organization"
	member            = "stytch.member"
	own               = "stytch.self"
	consoleTenants    = "console-organizations"
	consoleMembers    = "console-members"
	consoleAudit      = "console-audit"
	consoleApps       = "console-connected-apps"
	consoleM2M        = "console-m2m-clients"
	rotateSecret      = "rotate-secret"
	update            = "update"
	remove            = "delete"
	get               = "get"
	getApps           = "get.connected-apps"
	revokeApp         = "revoke.connected-app"
	search            = "search"
	create            = "create"
	deleteTOTP        = "update.info.delete.mfa-totp"
	deletePassword    = "update.info.delete.password" //nolint:gosec // G101: the name of an action
	getProviderState  = "get-provider-state"
	updateExternalID  = "update-external-id"
	updateTrusted     = "update-trusted-metadata"
	updateAppPolicy   = "update-app-policy"
	updateRoles       = "update.settings.roles"
	updateBreakglass  = "update.settings.is-breakglass"
	updateMFAEnrolled = "update.settings.mfa-enrolled"
)

// Paths and names of the upstream that several operations share.
const (
	oneOrganization = "/v1/b2b/organizations/{organization_id}"
	allMembers      = oneOrganization + "/members"
	ownMember       = allMembers + "/{member_id}"
	phoneOfMember   = allMembers + "/mfa_phone_numbers/{member_id}"
	providers       = ownMember + "/oauth_providers/"
	sessionRevoke   = "/v1/b2b/sessions/revoke"
	recoveryGet     = "/v1/b2b/recovery_codes/{organization_id}/{member_id}"
	recoveryRotate  = "/v1/b2b/recovery_codes/rotate"
	externalID      = "/external_id"
	appClients      = "/v1/connected_apps/clients"
	oneAppClient    = appClients + "/{client_id}"
	m2mClients      = "/v1/m2m/clients"
	oneM2MClient    = m2mClients + "/{client_id}"
	memberApps      = ownMember + "/connected_apps"
	oneMemberApp    = memberApps + "/{connected_app_id}/revoke"
	authorizeStart  = "/v1/b2b/idp/oauth/authorize/start"

	organizationUpdate   = "api_organization_v1_Update"
	organizationDeleteID = "api_organization_v1_DeleteExternalId"
	memberCreate         = "api_organization_v1_organizations_members_Create"
	memberUpdate         = "api_organization_v1_organizations_members_Update"
	memberDelete         = "api_organization_v1_organizations_members_Delete"
	memberDeleteID       = "api_organization_v1_organizations_members_DeleteExternalId"
	memberDeletePhone    = "api_organization_v1_organizations_members_DeleteMFAPhoneNumber"
	memberDeleteTOTP     = "api_organization_v1_organizations_members_DeleteTOTP"
	memberEmailUpdate    = "api_organization_v1_organizations_members_StartEmailUpdate"
	sessionsRevoke       = "api_b2b_session_v1_Revoke"
	recoveryCodesGet     = "api_b2b_recovery_codes_v1_Get"
	recoveryCodesRotate  = "api_b2b_recovery_codes_v1_Rotate"
	memberProvider       = "api_organization_v1_organizations_members_oauth_providers_"
	memberAppsGet        = "api_organization_v1_organizations_members_GetConnectedApps"
	memberAppRevoke      = "api_organization_v1_organizations_members_connected_apps_Revoke"
	appClient            = "api_connectedapps_v1_connected_apps_clients_"
	m2mClient            = "api_m2m_v1_m2m_clients_"
	idpAuthorizeStart    = "api_b2b_idp_v1_b2b_idp_oauth_AuthorizeStart"
)

// rows is the one table of operations. What a row does not say, no call site can say either.
var rows = [operationCount]Row{
	DiscoveryLinkSend:             {ID: "api_b2b_magic_v1_b2b_magic_links_email_discovery_Send", Method: http.MethodPost, Path: "/v1/b2b/magic_links/email/discovery/send", Kind: Write},
	DiscoveryLinkAuthenticate:     {ID: "api_b2b_magic_v1_b2b_magic_links_discovery_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/magic_links/discovery/authenticate", Kind: Write},
	DiscoveryCodeSend:             {ID: "api_b2b_otp_v1_b2b_otp_email_discovery_Send", Method: http.MethodPost, Path: "/v1/b2b/otps/email/discovery/send", Kind: Write},
	DiscoveryCodeAuthenticate:     {ID: "api_b2b_otp_v1_b2b_otp_email_discovery_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/otps/email/discovery/authenticate", Kind: Write},
	DiscoveryOrganizations:        {ID: "api_discovery_v1_discovery_organizations_List", Method: http.MethodPost, Path: "/v1/b2b/discovery/organizations", Retry: true},
	DiscoveryPasswordAuthenticate: {ID: "api_b2b_password_v1_b2b_passwords_discovery_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/passwords/discovery/authenticate", Kind: Write},
	DiscoveryPasswordResetStart:   {ID: "api_b2b_password_v1_b2b_passwords_discovery_email_ResetStart", Method: http.MethodPost, Path: "/v1/b2b/passwords/discovery/email/reset/start", Kind: Write},
	DiscoveryPasswordReset:        {ID: "api_b2b_password_v1_b2b_passwords_discovery_email_Reset", Method: http.MethodPost, Path: "/v1/b2b/passwords/discovery/email/reset", Kind: Write},
	DiscoveryOAuthAuthenticate:    {ID: "api_b2b_oauth_v1_b2b_oauth_discovery_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/oauth/discovery/authenticate", Kind: Write},
	IntermediateExchange:          {ID: "api_discovery_v1_discovery_intermediate_sessions_Exchange", Method: http.MethodPost, Path: "/v1/b2b/discovery/intermediate_sessions/exchange", Kind: Write},
	LinkSend:                      {ID: "api_b2b_magic_v1_b2b_magic_links_email_LoginOrSignup", Method: http.MethodPost, Path: "/v1/b2b/magic_links/email/login_or_signup", Kind: Write},
	LinkAuthenticate:              {ID: "api_b2b_magic_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/magic_links/authenticate", Kind: Write},
	CodeSend:                      {ID: "api_b2b_otp_v1_b2b_otp_email_LoginOrSignup", Method: http.MethodPost, Path: "/v1/b2b/otps/email/login_or_signup", Kind: Write},
	CodeAuthenticate:              {ID: "api_b2b_otp_v1_b2b_otp_email_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/otps/email/authenticate", Kind: Write},
	PasswordAuthenticate:          {ID: "api_b2b_password_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/passwords/authenticate", Kind: Write},
	PasswordResetStart:            {ID: "api_b2b_password_v1_b2b_passwords_email_ResetStart", Method: http.MethodPost, Path: "/v1/b2b/passwords/email/reset/start", Kind: Write},
	PasswordReset:                 {ID: "api_b2b_password_v1_b2b_passwords_email_Reset", Method: http.MethodPost, Path: "/v1/b2b/passwords/email/reset", Kind: Write},
	PasswordStrength:              {ID: "api_b2b_password_v1_StrengthCheck", Method: http.MethodPost, Path: "/v1/b2b/passwords/strength_check", Retry: true},
	PasswordSessionReset:          {ID: "api_b2b_password_v1_b2b_passwords_session_Reset", Method: http.MethodPost, Path: "/v1/b2b/passwords/session/reset", Kind: Write},
	PasswordExistingReset:         {ID: "api_b2b_password_v1_b2b_passwords_existing_password_Reset", Method: http.MethodPost, Path: "/v1/b2b/passwords/existing_password/reset", Kind: Write},
	OAuthAuthenticate:             {ID: "api_b2b_oauth_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/oauth/authenticate", Kind: Write},
	TOTPCreate:                    {ID: "api_b2b_totp_v1_Create", Method: http.MethodPost, Path: "/v1/b2b/totp", Kind: Write},
	TOTPAuthenticate:              {ID: "api_b2b_totp_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/totp/authenticate", Kind: Write},
	SMSSend:                       {ID: "api_b2b_otp_v1_b2b_otp_sms_Send", Method: http.MethodPost, Path: "/v1/b2b/otps/sms/send", Kind: Write},
	SMSAuthenticate:               {ID: "api_b2b_otp_v1_b2b_otp_sms_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/otps/sms/authenticate", Kind: Write},
	RecoveryCodeUse:               {ID: "api_b2b_recovery_codes_v1_Recover", Method: http.MethodPost, Path: "/v1/b2b/recovery_codes/recover", Kind: Write},
	ImpersonationAuthenticate:     {ID: "api_b2b_impersonation_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/impersonation/authenticate", Kind: Write},
	SessionAuthenticate:           {ID: "api_b2b_session_v1_Authenticate", Method: http.MethodPost, Path: "/v1/b2b/sessions/authenticate", Retry: true},
	SessionExchange:               {ID: "api_b2b_session_v1_Exchange", Method: http.MethodPost, Path: "/v1/b2b/sessions/exchange", Kind: Write},
	SessionRevoke:                 {ID: sessionsRevoke, Method: http.MethodPost, Path: sessionRevoke, Kind: Write},
	PolicyGet:                     {ID: "api_b2b_rbac_v1_Policy", Method: http.MethodGet, Path: "/v1/b2b/rbac/policy", Retry: true},
	Whoami:                        {ID: "api_debug_v1_Whoami", Method: http.MethodGet, Path: "/v1/debug/whoami", Retry: true},

	OrganizationsSearch:    {ID: "api_organization_v1_Search", Method: http.MethodPost, Path: "/v1/b2b/organizations/search", Door: Checked, Check: Check{Resource: consoleTenants, Action: search, Staff: true}, Search: true},
	OrganizationGet:        {ID: "api_organization_v1_Get", Method: http.MethodGet, Path: oneOrganization, Door: Checked, Check: Check{Resource: consoleTenants, Action: "get", Staff: true}, Retry: true},
	MemberFind:             {ID: "api_organization_v1_organizations_members_DangerouslyGet", Method: http.MethodGet, Path: "/v1/b2b/organizations/members/dangerously_get/{member_id}", Door: Checked, Check: Check{Resource: consoleMembers, Action: "find", Staff: true}, Retry: true},
	OrganizationMetrics:    {ID: "api_organization_v1_Metrics", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/metrics", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	MemberGet:              {ID: "api_organization_v1_organizations_members_Get", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/member", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	MemberSessionsList:     {ID: "api_b2b_session_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/sessions", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	OwnSessionsList:        {ID: "api_b2b_session_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/sessions", Door: Checked, Check: Check{Self: true}, Retry: true},
	OwnRecoveryCodesGet:    {ID: recoveryCodesGet, Method: http.MethodGet, Path: recoveryGet, Kind: ReadSecret, Door: Checked, Check: Check{Self: true}, Fresh: true},
	OwnRecoveryCodesRotate: {ID: recoveryCodesRotate, Method: http.MethodPost, Path: recoveryRotate, Kind: Write, Door: Checked, Check: Check{Self: true}, Fresh: true},

	MembersSearch:      {ID: "api_organization_v1_organizations_members_Search", Method: http.MethodPost, Path: "/v1/b2b/organizations/members/search", Door: Header, Check: Check{Resource: member, Action: search}, Search: true},
	SSOConnectionsList: {ID: "api_sso_v1_GetConnections", Method: http.MethodGet, Path: "/v1/b2b/sso/{organization_id}", Door: Header, Check: Check{Resource: "stytch.sso", Action: "get"}, Retry: true},
	SCIMConnectionGet:  {ID: "api_b2b_scim_v1_b2b_scim_connection_Get", Method: http.MethodGet, Path: "/v1/b2b/scim/{organization_id}/connection", Door: Header, Check: Check{Resource: "stytch.scim", Action: "get"}, Retry: true},
	ConnectedAppsList:  {ID: "api_organization_v1_ConnectedApps", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/connected_apps", Door: Header, Retry: true},

	OwnSessionsRevoke:   {ID: sessionsRevoke, Method: http.MethodPost, Path: sessionRevoke, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "revoke-sessions"}},
	OwnNameUpdate:       {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.name"}},
	OwnEnrolmentUpdate:  {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: updateMFAEnrolled}},
	OwnDefaultMFAUpdate: {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.settings.default-mfa-method"}},
	OwnPhoneDelete:      {ID: memberDeletePhone, Method: http.MethodDelete, Path: phoneOfMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.delete.mfa-phone"}},
	OwnTOTPDelete:       {ID: memberDeleteTOTP, Method: http.MethodDelete, Path: ownMember + "/totp", Kind: Write, Door: Header, Check: Check{Resource: own, Action: deleteTOTP}},
	OwnEmailUpdateStart: {ID: memberEmailUpdate, Method: http.MethodPost, Path: ownMember + "/start_email_update", Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.email"}},

	// A field of an organization or a member has an action of its own (OrganizationField.Action, MemberField.Action), and the upstream asks
	// for that of each field sent. What deletes an external id has none that is published (rule unpublished-actions).
	OrganizationUpdate:           {ID: organizationUpdate, Method: http.MethodPut, Path: oneOrganization, Kind: Write, Door: Header},
	OrganizationDelete:           {ID: "api_organization_v1_Delete", Method: http.MethodDelete, Path: oneOrganization, Kind: Write, Door: Header, Check: Check{Resource: organization, Action: "delete"}},
	OrganizationExternalIDDelete: {ID: organizationDeleteID, Method: http.MethodDelete, Path: oneOrganization + externalID, Kind: Write, Door: Header},

	MemberCreate:             {ID: memberCreate, Method: http.MethodPost, Path: allMembers, Kind: Write, Door: Header, Check: Check{Resource: member, Action: create}},
	MemberInvite:             {ID: "api_b2b_magic_v1_b2b_magic_links_email_Invite", Method: http.MethodPost, Path: "/v1/b2b/magic_links/email/invite", Kind: Write, Door: Header, Check: Check{Resource: member, Action: create}},
	MemberUpdate:             {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header},
	MemberDelete:             {ID: memberDelete, Method: http.MethodDelete, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: member, Action: "delete"}},
	MemberReactivate:         {ID: "api_organization_v1_organizations_members_Reactivate", Method: http.MethodPut, Path: ownMember + "/reactivate", Kind: Write, Door: Header, Check: Check{Resource: member, Action: create}},
	MemberPhoneDelete:        {ID: memberDeletePhone, Method: http.MethodDelete, Path: phoneOfMember, Kind: Write, Door: Header, Check: Check{Resource: member, Action: "update.info.delete.mfa-phone"}},
	MemberTOTPDelete:         {ID: memberDeleteTOTP, Method: http.MethodDelete, Path: ownMember + "/totp", Kind: Write, Door: Header, Check: Check{Resource: member, Action: deleteTOTP}},
	MemberPasswordDelete:     {ID: "api_organization_v1_organizations_members_DeletePassword", Method: http.MethodDelete, Path: allMembers + "/passwords/{member_password_id}", Kind: Write, Door: Header, Check: Check{Resource: member, Action: deletePassword}},
	MemberRequireReset:       {ID: "api_b2b_password_v1_b2b_passwords_email_RequireReset", Method: http.MethodPost, Path: "/v1/b2b/passwords/email/require_reset", Kind: Write, Door: Header, Check: Check{Resource: member, Action: deletePassword}},
	MemberExternalIDDelete:   {ID: memberDeleteID, Method: http.MethodDelete, Path: ownMember + externalID, Kind: Write, Door: Header},
	MemberRetiredEmailUnlink: {ID: "api_organization_v1_organizations_members_UnlinkRetiredEmail", Method: http.MethodPost, Path: ownMember + "/unlink_retired_email", Kind: Write, Door: Header, Check: Check{Resource: member, Action: "update.info.unlink.retired-email"}},
	MemberEmailUpdateStart:   {ID: memberEmailUpdate, Method: http.MethodPost, Path: ownMember + "/start_email_update", Kind: Write, Door: Header, Check: Check{Resource: member, Action: "update.info.email"}},
	MemberSessionsRevoke:     {ID: sessionsRevoke, Method: http.MethodPost, Path: sessionRevoke, Kind: Write, Door: Header, Check: Check{Resource: member, Action: "revoke-sessions"}},
	MemberAppsList:           {ID: memberAppsGet, Method: http.MethodGet, Path: memberApps, Door: Header, Check: Check{Resource: member, Action: getApps}, Retry: true},
	MemberAppRevoke:          {ID: memberAppRevoke, Method: http.MethodPost, Path: oneMemberApp, Kind: Write, Door: Header, Check: Check{Resource: member, Action: revokeApp}},

	// What follows obeys the project secret. The upstream reads a member session for the updates, and gets none: the staff session
	// belongs to another organization, and the row's check stands in for it.
	OrganizationCreate:          {ID: "api_organization_v1_Create", Method: http.MethodPost, Path: "/v1/b2b/organizations", Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: create, Staff: true}},
	StaffTrustedUpdate:          {ID: organizationUpdate, Method: http.MethodPut, Path: oneOrganization, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: updateTrusted, Staff: true}},
	StaffExternalIDUpdate:       {ID: organizationUpdate, Method: http.MethodPut, Path: oneOrganization, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: updateExternalID, Staff: true}},
	StaffExternalIDDelete:       {ID: organizationDeleteID, Method: http.MethodDelete, Path: oneOrganization + externalID, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: updateExternalID, Staff: true}},
	StaffClaimedDomainsUpdate:   {ID: organizationUpdate, Method: http.MethodPut, Path: oneOrganization, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: "update-claimed-domains", Staff: true}},
	StaffAppPolicyUpdate:        {ID: organizationUpdate, Method: http.MethodPut, Path: oneOrganization, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: updateAppPolicy, Staff: true}},
	StaffMemberTrustedUpdate:    {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Checked, Check: Check{Resource: consoleMembers, Action: updateTrusted, Staff: true}},
	StaffMemberExternalIDUpdate: {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Checked, Check: Check{Resource: consoleMembers, Action: updateExternalID, Staff: true}},
	StaffMemberExternalIDDelete: {ID: memberDeleteID, Method: http.MethodDelete, Path: ownMember + externalID, Kind: Write, Door: Checked, Check: Check{Resource: consoleMembers, Action: updateExternalID, Staff: true}},

	MemberRecoveryCodesGet:    {ID: recoveryCodesGet, Method: http.MethodGet, Path: recoveryGet, Kind: ReadSecret, Door: Checked, Check: Check{Resource: consoleMembers, Action: "get-recovery-codes", Staff: true}, Also: Check{Resource: member, Action: deleteTOTP}, Fresh: true},
	MemberRecoveryCodesRotate: {ID: recoveryCodesRotate, Method: http.MethodPost, Path: recoveryRotate, Kind: Write, Door: Checked, Check: Check{Resource: consoleMembers, Action: "rotate-recovery-codes", Staff: true}, Also: Check{Resource: member, Action: deleteTOTP}, Fresh: true},

	// Reading a registration may make the upstream renew its tokens at the provider (rule provider-registrations): none of these is tried twice.
	MemberGoogleState:    {ID: memberProvider + "Google", Method: http.MethodGet, Path: providers + "google", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},
	MemberMicrosoftState: {ID: memberProvider + "Microsoft", Method: http.MethodGet, Path: providers + "microsoft", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},
	MemberSlackState:     {ID: memberProvider + "Slack", Method: http.MethodGet, Path: providers + "slack", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},
	MemberHubSpotState:   {ID: memberProvider + "Hubspot", Method: http.MethodGet, Path: providers + "hubspot", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},
	MemberGitHubState:    {ID: memberProvider + "Github", Method: http.MethodGet, Path: providers + "github", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},
	MemberOIDCState:      {ID: "api_organization_v1_organizations_members_OIDCProviders", Method: http.MethodGet, Path: ownMember + "/oidc_providers", Door: Checked, Check: Check{Resource: consoleMembers, Action: getProviderState, Staff: true}, Also: Check{Resource: member, Action: search}},

	EntryCreate: {ID: memberCreate, Method: http.MethodPost, Path: allMembers, Kind: Write, Door: Checked, Check: Check{Resource: consoleTenants, Action: "enter", Staff: true}},
	EntryDelete: {ID: memberDelete, Method: http.MethodDelete, Path: ownMember, Kind: Write, Door: Recorded},

	AuditSearch:    {ID: "console_audit_search", Door: Local, Check: Check{Resource: consoleAudit, Action: search, Staff: true}},
	AuditExport:    {ID: "console_audit_export", Door: Local, Check: Check{Resource: consoleAudit, Action: "export", Staff: true}},
	ActivitySearch: {ID: "console_activity_search", Door: Local, Check: Check{Resource: member, Action: search}},
	EntriesList:    {ID: "console_entries_list", Door: Local, Check: Check{Resource: consoleTenants, Action: "enter", Staff: true}},

	// What an OAuth client asks of a member is answered with that member's session, and nobody else's: the requests have no field that
	// names a member. The client that asks is read for its registered addresses alone, before anybody is signed in.
	ConsentClientGet: {ID: appClient + "Get", Method: http.MethodGet, Path: oneAppClient, Retry: true},
	AuthorizeStart:   {ID: idpAuthorizeStart, Method: http.MethodPost, Path: authorizeStart, Retry: true},
	Authorize:        {ID: "api_b2b_idp_v1_b2b_idp_oauth_Authorize", Method: http.MethodPost, Path: "/v1/b2b/idp/oauth/authorize", Kind: Write},
	ConsentPreview:   {ID: idpAuthorizeStart, Method: http.MethodPost, Path: authorizeStart, Door: Checked, Check: Check{Resource: consoleApps, Action: "preview-consent", Staff: true}, Also: Check{Resource: member, Action: getApps}, Retry: true},

	OrganizationAppGet: {ID: "api_organization_v1_GetConnectedApp", Method: http.MethodGet, Path: oneOrganization + "/connected_apps/{connected_app_id}", Door: Header, Retry: true},
	OwnAppsList:        {ID: memberAppsGet, Method: http.MethodGet, Path: memberApps, Door: Header, Check: Check{Resource: own, Action: getApps}, Retry: true},
	OwnAppRevoke:       {ID: memberAppRevoke, Method: http.MethodPost, Path: oneMemberApp, Kind: Write, Door: Header, Check: Check{Resource: own, Action: revokeApp}},

	AppClientsSearch:      {ID: appClient + "Search", Method: http.MethodPost, Path: appClients + "/search", Door: Checked, Check: Check{Resource: consoleApps, Action: search, Staff: true}, Search: true},
	AppClientGet:          {ID: appClient + "Get", Method: http.MethodGet, Path: oneAppClient, Door: Checked, Check: Check{Resource: consoleApps, Action: get, Staff: true}, Retry: true},
	AppClientCreate:       {ID: appClient + "Create", Method: http.MethodPost, Path: appClients, Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: create, Staff: true}},
	AppClientUpdate:       {ID: appClient + "Update", Method: http.MethodPut, Path: oneAppClient, Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: update, Staff: true}},
	AppClientDelete:       {ID: appClient + "Delete", Method: http.MethodDelete, Path: oneAppClient, Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: remove, Staff: true}},
	AppSecretRotateStart:  {ID: appClient + "secrets_RotateStart", Method: http.MethodPost, Path: oneAppClient + "/secrets/rotate/start", Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: rotateSecret, Staff: true}},
	AppSecretRotate:       {ID: appClient + "secrets_Rotate", Method: http.MethodPost, Path: oneAppClient + "/secrets/rotate", Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: rotateSecret, Staff: true}},
	AppSecretRotateCancel: {ID: appClient + "secrets_RotateCancel", Method: http.MethodPost, Path: oneAppClient + "/secrets/rotate/cancel", Kind: Write, Door: Checked, Check: Check{Resource: consoleApps, Action: rotateSecret, Staff: true}},

	M2MClientsSearch:      {ID: m2mClient + "Search", Method: http.MethodPost, Path: m2mClients + "/search", Door: Checked, Check: Check{Resource: consoleM2M, Action: search, Staff: true}, Search: true},
	M2MClientGet:          {ID: m2mClient + "Get", Method: http.MethodGet, Path: oneM2MClient, Door: Checked, Check: Check{Resource: consoleM2M, Action: get, Staff: true}, Retry: true},
	M2MClientCreate:       {ID: m2mClient + "Create", Method: http.MethodPost, Path: m2mClients, Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: create, Staff: true}},
	M2MClientUpdate:       {ID: m2mClient + "Update", Method: http.MethodPut, Path: oneM2MClient, Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: update, Staff: true}},
	M2MClientDelete:       {ID: m2mClient + "Delete", Method: http.MethodDelete, Path: oneM2MClient, Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: remove, Staff: true}},
	M2MSecretRotateStart:  {ID: m2mClient + "secrets_RotateStart", Method: http.MethodPost, Path: oneM2MClient + "/secrets/rotate/start", Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: rotateSecret, Staff: true}},
	M2MSecretRotate:       {ID: m2mClient + "secrets_Rotate", Method: http.MethodPost, Path: oneM2MClient + "/secrets/rotate", Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: rotateSecret, Staff: true}},
	M2MSecretRotateCancel: {ID: m2mClient + "secrets_RotateCancel", Method: http.MethodPost, Path: oneM2MClient + "/secrets/rotate/cancel", Kind: Write, Door: Checked, Check: Check{Resource: consoleM2M, Action: rotateSecret, Staff: true}},

	ProjectMetrics: {ID: "api_project_v1_Metrics", Method: http.MethodGet, Path: "/v1/projects/metrics", Door: Checked, Check: Check{Resource: "console-project", Action: "get-metrics", Staff: true}, Retry: true},

	// Who may see what members asked for is who may act on it: the support staff, or whoever may change the app policy of a tenant. No
	// action is published for that (rule unpublished-actions), so it takes every action on the organization (rule wildcard-check).
	AppRequestsList:      {ID: "console_app_requests_list", Door: Local, Check: Check{Resource: organization, Action: "*"}},
	StaffAppRequestsList: {ID: "console_staff_app_requests_list", Door: Local, Check: Check{Resource: consoleTenants, Action: updateAppPolicy, Staff: true}},
}
