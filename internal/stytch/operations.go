package stytch

import "net/http"

// Operation names one row of the table of operations.
type Operation uint8

// The operations the console has, one for each row of the table.
const (
	_ Operation = iota
	DiscoveryLinkSend
	DiscoveryLinkAuthenticate
	DiscoveryCodeSend
	DiscoveryCodeAuthenticate
	DiscoveryOrganizations
	DiscoveryPasswordAuthenticate
	DiscoveryPasswordResetStart
	DiscoveryPasswordReset
	DiscoveryOAuthAuthenticate
	IntermediateExchange
	LinkSend
	LinkAuthenticate
	CodeSend
	CodeAuthenticate
	PasswordAuthenticate
	PasswordResetStart
	PasswordReset
	PasswordStrength
	PasswordSessionReset
	PasswordExistingReset
	OAuthAuthenticate
	TOTPCreate
	TOTPAuthenticate
	SMSSend
	SMSAuthenticate
	RecoveryCodeUse
	ImpersonationAuthenticate
	SessionAuthenticate
	SessionExchange
	SessionRevoke
	PolicyGet
	Whoami
	OrganizationsSearch
	OrganizationGet
	OrganizationMetrics
	MembersSearch
	MemberGet
	MemberFind
	MemberSessionsList
	OwnSessionsList
	OwnSessionsRevoke
	OwnRecoveryCodesGet
	OwnRecoveryCodesRotate
	OwnNameUpdate
	OwnEnrolmentUpdate
	OwnDefaultMFAUpdate
	OwnPhoneDelete
	OwnTOTPDelete
	OwnEmailUpdateStart
	SSOConnectionsList
	SCIMConnectionGet
	ConnectedAppsList
	operationCount
)

// Kind tells what an operation does to the upstream's data.
type Kind uint8

// The kinds of operations. A read may run beside its check; a write or a read of a secret waits for it.
const (
	Read Kind = iota
	Write
	ReadSecret
)

// Door tells who decides about an operation.
type Door uint8

// The doors, as the package documentation tells them.
const (
	Open Door = iota
	Header
	Checked
)

// Check is the permission that a checked operation asks for.
type Check struct {
	Resource, Action string
	// Staff asks with the session of the pinned staff organization instead of the tenant's own.
	Staff bool
	// Self asks for no permission but that the member asked about is the session's own.
	Self bool
}

// Row is what the client knows of an operation.
type Row struct {
	// ID is the upstream's name of the operation, as its contract has it.
	ID           string
	Method, Path string
	Kind         Kind
	Door         Door
	Check        Check
	// Retry allows one more attempt after an answer that says "not now" or none at all. Never set on a write.
	Retry bool
	// Search marks the operations that the upstream counts against the project's search limit (rule search-limit).
	Search bool
	// Fresh marks acts so sensitive that the person must have proven a factor within the last five minutes. The console asks
	// for that, not the upstream.
	Fresh bool
}

// Row returns the operation's row. An unknown operation has an empty row, which no door lets through.
func (o Operation) Row() Row {
	if o >= operationCount {
		return Row{}
	}
	return rows[o]
}

// String returns the upstream's name of the operation.
func (o Operation) String() string { return o.Row().ID }

// Operations returns all operations, in the order of the table.
func Operations() []Operation {
	all := make([]Operation, 0, operationCount-1)
	for o := Operation(1); o < operationCount; o++ {
		all = append(all, o)
	}
	return all
}

const (
	member = "stytch.member"
	own    = "stytch.self"
	search = "search"
)

// Paths that several operations share.
const (
	ownMember     = "/v1/b2b/organizations/{organization_id}/members/{member_id}"
	sessionRevoke = "/v1/b2b/sessions/revoke"
	memberUpdate  = "api_organization_v1_organizations_members_Update"
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
	SessionRevoke:                 {ID: "api_b2b_session_v1_Revoke", Method: http.MethodPost, Path: sessionRevoke, Kind: Write},
	PolicyGet:                     {ID: "api_b2b_rbac_v1_Policy", Method: http.MethodGet, Path: "/v1/b2b/rbac/policy", Retry: true},
	Whoami:                        {ID: "api_debug_v1_Whoami", Method: http.MethodGet, Path: "/v1/debug/whoami", Retry: true},

	OrganizationsSearch:    {ID: "api_organization_v1_Search", Method: http.MethodPost, Path: "/v1/b2b/organizations/search", Door: Checked, Check: Check{Resource: "console-organizations", Action: search, Staff: true}, Search: true},
	OrganizationGet:        {ID: "api_organization_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}", Door: Checked, Check: Check{Resource: "console-organizations", Action: "get", Staff: true}, Retry: true},
	MemberFind:             {ID: "api_organization_v1_organizations_members_DangerouslyGet", Method: http.MethodGet, Path: "/v1/b2b/organizations/members/dangerously_get/{member_id}", Door: Checked, Check: Check{Resource: "console-members", Action: "find", Staff: true}, Retry: true},
	OrganizationMetrics:    {ID: "api_organization_v1_Metrics", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/metrics", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	MemberGet:              {ID: "api_organization_v1_organizations_members_Get", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/member", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	MemberSessionsList:     {ID: "api_b2b_session_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/sessions", Door: Checked, Check: Check{Resource: member, Action: search}, Retry: true},
	OwnSessionsList:        {ID: "api_b2b_session_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/sessions", Door: Checked, Check: Check{Self: true}, Retry: true},
	OwnRecoveryCodesGet:    {ID: "api_b2b_recovery_codes_v1_Get", Method: http.MethodGet, Path: "/v1/b2b/recovery_codes/{organization_id}/{member_id}", Kind: ReadSecret, Door: Checked, Check: Check{Self: true}, Fresh: true},
	OwnRecoveryCodesRotate: {ID: "api_b2b_recovery_codes_v1_Rotate", Method: http.MethodPost, Path: "/v1/b2b/recovery_codes/rotate", Kind: Write, Door: Checked, Check: Check{Self: true}, Fresh: true},

	MembersSearch:      {ID: "api_organization_v1_organizations_members_Search", Method: http.MethodPost, Path: "/v1/b2b/organizations/members/search", Door: Header, Check: Check{Resource: member, Action: search}, Search: true},
	SSOConnectionsList: {ID: "api_sso_v1_GetConnections", Method: http.MethodGet, Path: "/v1/b2b/sso/{organization_id}", Door: Header, Check: Check{Resource: "stytch.sso", Action: "get"}, Retry: true},
	SCIMConnectionGet:  {ID: "api_b2b_scim_v1_b2b_scim_connection_Get", Method: http.MethodGet, Path: "/v1/b2b/scim/{organization_id}/connection", Door: Header, Check: Check{Resource: "stytch.scim", Action: "get"}, Retry: true},
	ConnectedAppsList:  {ID: "api_organization_v1_ConnectedApps", Method: http.MethodGet, Path: "/v1/b2b/organizations/{organization_id}/connected_apps", Door: Header, Retry: true},

	OwnSessionsRevoke:   {ID: "api_b2b_session_v1_Revoke", Method: http.MethodPost, Path: sessionRevoke, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "revoke-sessions"}},
	OwnNameUpdate:       {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.name"}},
	OwnEnrolmentUpdate:  {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.settings.mfa-enrolled"}},
	OwnDefaultMFAUpdate: {ID: memberUpdate, Method: http.MethodPut, Path: ownMember, Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.settings.default-mfa-method"}},
	OwnPhoneDelete:      {ID: "api_organization_v1_organizations_members_DeleteMFAPhoneNumber", Method: http.MethodDelete, Path: "/v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}", Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.delete.mfa-phone"}},
	OwnTOTPDelete:       {ID: "api_organization_v1_organizations_members_DeleteTOTP", Method: http.MethodDelete, Path: ownMember + "/totp", Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.delete.mfa-totp"}},
	OwnEmailUpdateStart: {ID: "api_organization_v1_organizations_members_StartEmailUpdate", Method: http.MethodPost, Path: ownMember + "/start_email_update", Kind: Write, Door: Header, Check: Check{Resource: own, Action: "update.info.email"}},
}
