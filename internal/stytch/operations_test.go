package stytch

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/contract"
)

// opened is everything that may be called although nobody's permission is asked. A row of the open door that is not here
// must not be there either.
var opened = map[Operation]string{
	DiscoveryLinkSend:             "signs in",
	DiscoveryLinkAuthenticate:     "signs in",
	DiscoveryCodeSend:             "signs in",
	DiscoveryCodeAuthenticate:     "signs in",
	DiscoveryOrganizations:        "obeys the token it is given, not the secret",
	DiscoveryPasswordAuthenticate: "signs in",
	DiscoveryPasswordResetStart:   "signs in",
	DiscoveryPasswordReset:        "signs in",
	DiscoveryOAuthAuthenticate:    "signs in",
	IntermediateExchange:          "obeys the token it is given, not the secret",
	LinkSend:                      "signs in",
	LinkAuthenticate:              "signs in",
	CodeSend:                      "signs in",
	CodeAuthenticate:              "signs in",
	PasswordAuthenticate:          "signs in",
	PasswordResetStart:            "signs in",
	PasswordReset:                 "signs in",
	PasswordStrength:              "is about nobody",
	PasswordSessionReset:          "by session_token only",
	PasswordExistingReset:         "obeys the password it is given, and is sent with the session_token",
	OAuthAuthenticate:             "signs in",
	TOTPCreate:                    "never without the token of a sign-in or a session",
	TOTPAuthenticate:              "never without the token of a sign-in or a session",
	SMSSend:                       "never without the token of a sign-in or a session",
	SMSAuthenticate:               "never without the token of a sign-in or a session",
	RecoveryCodeUse:               "never without the token of a sign-in or a session",
	ImpersonationAuthenticate:     "signs in",
	SessionAuthenticate:           "by session_token only",
	SessionExchange:               "by session_token only",
	SessionRevoke:                 "by session_token only",
	PolicyGet:                     "for the console itself",
	Whoami:                        "for the console itself",
	ConsentClientGet:              "reads where an answer to a client may go, and nothing else of it",
	AuthorizeStart:                "by session_token only",
	Authorize:                     "by session_token only",
}

func TestOpenDoorHasOnlyWhatIsListed(t *testing.T) {
	t.Parallel()
	for _, op := range Operations() {
		if _, listed := opened[op]; listed != (op.Row().Door == Open) {
			t.Errorf("%s: open door %t, listed %t", op, op.Row().Door == Open, listed)
		}
	}
}

// tableFaults says what is wrong with a row, by the contract and by the rules of the table itself.
func tableFaults(row Row, operations []*contract.Operation) []string {
	var found []string
	add := func(wrong bool, why string) {
		if wrong {
			found = append(found, why)
		}
	}
	check := row.Check
	add((check.Resource == "") != (check.Action == ""), "a permission is a resource and an action")
	add(check.Staff != strings.HasPrefix(check.Resource, "console-"), "console permissions, and no others, are asked of the staff session")
	add(row.Also != (Check{}) && (row.Door != Checked || !check.Staff || row.Also.Staff || row.Also.Self || !strings.HasPrefix(row.Also.Resource, "stytch.")),
		"a second check is the tenant's, beside the staff session's")
	if row.Door == Local {
		add(!strings.HasPrefix(row.ID, "console_") || row.Method != "" || row.Path != "", "what the console keeps itself is nothing of the upstream's")
		add(check.Resource == "" || row.Kind != Read, "what the console keeps itself is read after its check")
		return found
	}
	at := slices.IndexFunc(operations, func(o *contract.Operation) bool { return o.ID == row.ID })
	if at < 0 {
		return append(found, "no such operationId")
	}
	o := operations[at]
	add(o.Method != row.Method || o.Path != row.Path, "the contract says "+o.Method+" "+o.Path)
	reads := slices.Contains(o.Headers, "X-Stytch-Member-Session")
	switch row.Door {
	case Local:
	case Open:
		add(check != Check{}, "an open row has a check")
	case Header:
		add(!reads, "the upstream would not read the member session")
		add(check.Staff || check.Self, "the upstream decides about a header row")
	case Checked:
		add(reads && !check.Staff, "the upstream reads the member session itself: it belongs to the header door")
		add(check.Self == (check.Resource != ""), "a check is either Self or a permission")
	case Recorded:
		add(check != Check{}, "nobody is asked about what the console made itself")
		add(row.ID != memberDelete, "the console deletes the members that it made, and does nothing else by itself")
	default:
		add(true, "no such door")
	}
	// A POST that only reads is an exception. SessionAuthenticate is asked for no new length of the session, so it changes none.
	reading := []string{
		DiscoveryOrganizations.String(), PasswordStrength.String(), SessionAuthenticate.String(), OrganizationsSearch.String(), MembersSearch.String(),
		AuthorizeStart.String(), AppClientsSearch.String(), M2MClientsSearch.String(),
	}
	add(row.Method != http.MethodGet && row.Kind == Read && !slices.Contains(reading, row.ID), "a POST that is called a read")
	add(row.Retry && row.Kind != Read, "only a read may be sent twice")
	add(row.Method == http.MethodGet && row.Kind == Write, "a GET that writes")
	add(row.Fresh && row.Kind == Read, "a plain read that asks for a fresh factor")
	add(row.Search != strings.HasSuffix(row.Path, "/search"), "the search mark and the path do not fit")
	add(row.Search && row.Retry, "a second attempt would spend a second search")
	return found
}

func TestTableKeepsToTheContract(t *testing.T) {
	t.Parallel()
	loaded, err := contract.Load()
	must(t, err)
	operations := loaded.Operations()
	seen := map[Row]Operation{}
	for _, op := range Operations() {
		row := op.Row()
		for _, why := range tableFaults(row, operations) {
			t.Errorf("%s: %s", op, why)
		}
		if other, twice := seen[row]; twice {
			t.Errorf("rows %d and %d are the same", other, op)
		}
		seen[row] = op
	}
}

// What cannot find a fault in a bad row finds none in the table either.
func TestTableFaultsAreFound(t *testing.T) {
	t.Parallel()
	loaded, err := contract.Load()
	must(t, err)
	bad := map[string]func(*Row){
		"nothing of the upstream's":         func(r *Row) { *r = AuditSearch.Row(); r.Path = "/" },
		"is read after its check":           func(r *Row) { *r = AuditSearch.Row(); r.Check = Check{} },
		"nobody is asked":                   func(r *Row) { *r = EntryDelete.Row(); r.Check = MemberDelete.Row().Check },
		"does nothing else by itself":       func(r *Row) { *r = OrganizationDelete.Row(); r.Door, r.Check = Recorded, Check{} },
		"beside the staff session's":        func(r *Row) { r.Also = r.Check },
		"no such operationId":               func(r *Row) { r.ID += "x" },
		"the contract says":                 func(r *Row) { r.Path += "s" },
		"it belongs to the header door":     func(r *Row) { *r = MembersSearch.Row(); r.Door = Checked },
		"would not read the member session": func(r *Row) { r.Door, r.Check = Header, Check{} },
		"either Self or a permission":       func(r *Row) { r.Check.Self = true },
		"a resource and an action":          func(r *Row) { r.Check.Action = "" },
		"asked of the staff session":        func(r *Row) { r.Check.Resource = "console-members" },
		"an open row has a check":           func(r *Row) { r.Door = Open },
		"sent twice":                        func(r *Row) { r.Kind = Write },
		"a GET that writes":                 func(r *Row) { r.Kind, r.Retry = Write, false },
		"called a read":                     func(r *Row) { *r = SessionRevoke.Row(); r.Kind = Read },
		"a fresh factor":                    func(r *Row) { r.Fresh = true },
		"the search mark":                   func(r *Row) { r.Search = true },
		"a second search":                   func(r *Row) { *r = MembersSearch.Row(); r.Retry = true },
	}
	for why, spoil := range bad {
		row := MemberGet.Row()
		spoil(&row)
		if found := strings.Join(tableFaults(row, loaded.Operations()), "; "); !strings.Contains(found, why) {
			t.Errorf("%q is not found, but %q", why, found)
		}
	}
}

// Each permission as the design has it. The table is where a wrong one would open a door, so it is written twice.
func TestChecks(t *testing.T) {
	t.Parallel()
	want := map[Operation]Check{
		OrganizationsSearch:    {Resource: "console-organizations", Action: "search", Staff: true},
		OrganizationGet:        {Resource: "console-organizations", Action: "get", Staff: true},
		MemberFind:             {Resource: "console-members", Action: "find", Staff: true},
		OrganizationMetrics:    {Resource: "stytch.member", Action: "search"},
		MemberGet:              {Resource: "stytch.member", Action: "search"},
		MemberSessionsList:     {Resource: "stytch.member", Action: "search"},
		OwnSessionsList:        {Self: true},
		OwnRecoveryCodesGet:    {Self: true},
		OwnRecoveryCodesRotate: {Self: true},
		MembersSearch:          {Resource: "stytch.member", Action: "search"},
		SSOConnectionsList:     {Resource: "stytch.sso", Action: "get"},
		SCIMConnectionGet:      {Resource: "stytch.scim", Action: "get"},
		OwnSessionsRevoke:      {Resource: "stytch.self", Action: "revoke-sessions"},
		OwnNameUpdate:          {Resource: "stytch.self", Action: "update.info.name"},
		OwnEnrolmentUpdate:     {Resource: "stytch.self", Action: "update.settings.mfa-enrolled"},
		OwnDefaultMFAUpdate:    {Resource: "stytch.self", Action: "update.settings.default-mfa-method"},
		OwnPhoneDelete:         {Resource: "stytch.self", Action: "update.info.delete.mfa-phone"},
		OwnTOTPDelete:          {Resource: "stytch.self", Action: "update.info.delete.mfa-totp"},
		OwnEmailUpdateStart:    {Resource: "stytch.self", Action: "update.info.email"},

		OrganizationDelete:       {Resource: "stytch.organization", Action: "delete"},
		MemberCreate:             {Resource: "stytch.member", Action: "create"},
		MemberInvite:             {Resource: "stytch.member", Action: "create"},
		MemberDelete:             {Resource: "stytch.member", Action: "delete"},
		MemberReactivate:         {Resource: "stytch.member", Action: "create"},
		MemberPhoneDelete:        {Resource: "stytch.member", Action: "update.info.delete.mfa-phone"},
		MemberTOTPDelete:         {Resource: "stytch.member", Action: "update.info.delete.mfa-totp"},
		MemberPasswordDelete:     {Resource: "stytch.member", Action: "update.info.delete.password"},
		MemberRequireReset:       {Resource: "stytch.member", Action: "update.info.delete.password"},
		MemberRetiredEmailUnlink: {Resource: "stytch.member", Action: "update.info.unlink.retired-email"},
		MemberEmailUpdateStart:   {Resource: "stytch.member", Action: "update.info.email"},
		MemberSessionsRevoke:     {Resource: "stytch.member", Action: "revoke-sessions"},
		MemberAppsList:           {Resource: "stytch.member", Action: "get.connected-apps"},
		MemberAppRevoke:          {Resource: "stytch.member", Action: "revoke.connected-app"},

		OrganizationCreate:          {Resource: "console-organizations", Action: "create", Staff: true},
		StaffTrustedUpdate:          {Resource: "console-organizations", Action: "update-trusted-metadata", Staff: true},
		StaffExternalIDUpdate:       {Resource: "console-organizations", Action: "update-external-id", Staff: true},
		StaffExternalIDDelete:       {Resource: "console-organizations", Action: "update-external-id", Staff: true},
		StaffClaimedDomainsUpdate:   {Resource: "console-organizations", Action: "update-claimed-domains", Staff: true},
		StaffAppPolicyUpdate:        {Resource: "console-organizations", Action: "update-app-policy", Staff: true},
		StaffMemberTrustedUpdate:    {Resource: "console-members", Action: "update-trusted-metadata", Staff: true},
		StaffMemberExternalIDUpdate: {Resource: "console-members", Action: "update-external-id", Staff: true},
		StaffMemberExternalIDDelete: {Resource: "console-members", Action: "update-external-id", Staff: true},
		MemberRecoveryCodesGet:      {Resource: "console-members", Action: "get-recovery-codes", Staff: true},
		MemberRecoveryCodesRotate:   {Resource: "console-members", Action: "rotate-recovery-codes", Staff: true},
		MemberGoogleState:           {Resource: "console-members", Action: "get-provider-state", Staff: true},
		MemberMicrosoftState:        {Resource: "console-members", Action: "get-provider-state", Staff: true},
		MemberSlackState:            {Resource: "console-members", Action: "get-provider-state", Staff: true},
		MemberHubSpotState:          {Resource: "console-members", Action: "get-provider-state", Staff: true},
		MemberGitHubState:           {Resource: "console-members", Action: "get-provider-state", Staff: true},
		MemberOIDCState:             {Resource: "console-members", Action: "get-provider-state", Staff: true},
		EntryCreate:                 {Resource: "console-organizations", Action: "enter", Staff: true},
		AuditSearch:                 {Resource: "console-audit", Action: "search", Staff: true},
		AuditExport:                 {Resource: "console-audit", Action: "export", Staff: true},
		ActivitySearch:              {Resource: "stytch.member", Action: "search"},
		EntriesList:                 {Resource: "console-organizations", Action: "enter", Staff: true},

		ConsentPreview:        {Resource: "console-connected-apps", Action: "preview-consent", Staff: true},
		OwnAppsList:           {Resource: "stytch.self", Action: "get.connected-apps"},
		OwnAppRevoke:          {Resource: "stytch.self", Action: "revoke.connected-app"},
		AppClientsSearch:      {Resource: "console-connected-apps", Action: "search", Staff: true},
		AppClientGet:          {Resource: "console-connected-apps", Action: "get", Staff: true},
		AppClientCreate:       {Resource: "console-connected-apps", Action: "create", Staff: true},
		AppClientUpdate:       {Resource: "console-connected-apps", Action: "update", Staff: true},
		AppClientDelete:       {Resource: "console-connected-apps", Action: "delete", Staff: true},
		AppSecretRotateStart:  {Resource: "console-connected-apps", Action: "rotate-secret", Staff: true},
		AppSecretRotate:       {Resource: "console-connected-apps", Action: "rotate-secret", Staff: true},
		AppSecretRotateCancel: {Resource: "console-connected-apps", Action: "rotate-secret", Staff: true},
		M2MClientsSearch:      {Resource: "console-m2m-clients", Action: "search", Staff: true},
		M2MClientGet:          {Resource: "console-m2m-clients", Action: "get", Staff: true},
		M2MClientCreate:       {Resource: "console-m2m-clients", Action: "create", Staff: true},
		M2MClientUpdate:       {Resource: "console-m2m-clients", Action: "update", Staff: true},
		M2MClientDelete:       {Resource: "console-m2m-clients", Action: "delete", Staff: true},
		M2MSecretRotateStart:  {Resource: "console-m2m-clients", Action: "rotate-secret", Staff: true},
		M2MSecretRotate:       {Resource: "console-m2m-clients", Action: "rotate-secret", Staff: true},
		M2MSecretRotateCancel: {Resource: "console-m2m-clients", Action: "rotate-secret", Staff: true},
		ProjectMetrics:        {Resource: "console-project", Action: "get-metrics", Staff: true},
		AppRequestsList:       {Resource: "stytch.organization", Action: "*"},
		StaffAppRequestsList:  {Resource: "console-organizations", Action: "update-app-policy", Staff: true},
	}
	search, reset := Check{Resource: "stytch.member", Action: "search"}, Check{Resource: "stytch.member", Action: "update.info.delete.mfa-totp"}
	wantAlso := map[Operation]Check{
		MemberGoogleState: search, MemberMicrosoftState: search, MemberSlackState: search, MemberHubSpotState: search, MemberGitHubState: search,
		MemberOIDCState: search, MemberRecoveryCodesGet: reset, MemberRecoveryCodesRotate: reset,
		ConsentPreview: {Resource: "stytch.member", Action: "get.connected-apps"},
	}
	got, also := map[Operation]Check{}, map[Operation]Check{}
	var fresh []Operation
	for _, op := range Operations() {
		if (op.Row().Check != Check{}) {
			got[op] = op.Row().Check
		}
		if (op.Row().Also != Check{}) {
			also[op] = op.Row().Also
		}
		if op.Row().Fresh {
			fresh = append(fresh, op)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("checks are %+v, want %+v", got, want)
	}
	if !maps.Equal(also, wantAlso) {
		t.Errorf("second checks are %+v, want %+v", also, wantAlso)
	}
	if !slices.Equal(fresh, []Operation{OwnRecoveryCodesGet, OwnRecoveryCodesRotate, MemberRecoveryCodesGet, MemberRecoveryCodesRotate}) {
		t.Errorf("a fresh factor is asked for by %v", fresh)
	}
}

func TestNoDoorLetsAnotherThrough(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{0, operationCount, 255} {
		if (op.Row() != Row{}) || op.String() != "" {
			t.Errorf("operation %d has a row", op)
		}
		if err := admit(WithCaller(t.Context(), Caller{Allowed: []Operation{op}}), op, Open); err == nil {
			t.Errorf("operation %d is let through", op)
		}
	}
	for _, op := range Operations() {
		for _, door := range []Door{Open, Header, Checked, Local, Recorded} {
			if err := admit(everything(t), op, door); (err == nil) != (op.Row().Door == door) {
				t.Errorf("%s through door %d: %v", op, door, err)
			}
		}
	}
	if len(Operations()) != int(operationCount)-1 {
		t.Error("Operations leaves something out")
	}
}
