package stytch

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
	OrganizationCreate
	OrganizationUpdate
	OrganizationDelete
	OrganizationExternalIDDelete
	StaffTrustedUpdate
	StaffExternalIDUpdate
	StaffExternalIDDelete
	StaffClaimedDomainsUpdate
	StaffAppPolicyUpdate
	MemberCreate
	MemberInvite
	MemberUpdate
	MemberDelete
	MemberReactivate
	MemberPhoneDelete
	MemberTOTPDelete
	MemberPasswordDelete
	MemberRequireReset
	MemberExternalIDDelete
	MemberRetiredEmailUnlink
	MemberEmailUpdateStart
	MemberSessionsRevoke
	MemberAppsList
	MemberAppRevoke
	MemberRecoveryCodesGet
	MemberRecoveryCodesRotate
	MemberGoogleState
	MemberMicrosoftState
	MemberSlackState
	MemberHubSpotState
	MemberGitHubState
	MemberOIDCState
	StaffMemberTrustedUpdate
	StaffMemberExternalIDUpdate
	StaffMemberExternalIDDelete
	EntryCreate
	EntryDelete
	AuditSearch
	AuditExport
	ActivitySearch
	EntriesList
	ConsentClientGet
	AuthorizeStart
	Authorize
	ConsentPreview
	OrganizationAppGet
	OwnAppsList
	OwnAppRevoke
	AppClientsSearch
	AppClientGet
	AppClientCreate
	AppClientUpdate
	AppClientDelete
	AppSecretRotateStart
	AppSecretRotate
	AppSecretRotateCancel
	M2MClientsSearch
	M2MClientGet
	M2MClientCreate
	M2MClientUpdate
	M2MClientDelete
	M2MSecretRotateStart
	M2MSecretRotate
	M2MSecretRotateCancel
	ProjectMetrics
	AppRequestsList
	StaffAppRequestsList
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
	// Local has a check for data that the console itself keeps: nothing but the check is sent.
	Local
	// Recorded asks no member session. It is for what the console's own record says that the console itself made.
	Recorded
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
	// Also is a second permission, asked for with the tenant's own session where Check is asked for with the staff one.
	Also Check
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
