package stytch

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// bodies says which struct each operation is asked with, and which ones its answer is decoded into. The package's source is
// compared with it, so nothing can be left out.
var bodies = map[Operation]struct {
	request any
	answers []any
}{
	DiscoveryLinkSend:             {discoveryLinkRequest{}, []any{empty{}}},
	DiscoveryLinkAuthenticate:     {discoveryLinkProof{}, []any{Discovery{}}},
	DiscoveryCodeSend:             {discoveryCodeRequest{}, []any{empty{}}},
	DiscoveryCodeAuthenticate:     {discoveryCodeProof{}, []any{Discovery{}}},
	DiscoveryOrganizations:        {discoverRequest{}, []any{Memberships{}}},
	DiscoveryPasswordAuthenticate: {discoveryPasswordProof{}, []any{Discovery{}}},
	DiscoveryPasswordResetStart:   {discoveryResetRequest{}, []any{empty{}}},
	DiscoveryPasswordReset:        {discoveryResetProof{}, []any{Discovery{}}},
	DiscoveryOAuthAuthenticate:    {discoveryOAuthProof{}, []any{Discovery{}}},
	IntermediateExchange:          {intermediateExchangeRequest{}, []any{SignIn{}}},
	LinkSend:                      {linkRequest{}, []any{empty{}}},
	LinkAuthenticate:              {linkProof{}, []any{SignIn{}}},
	CodeSend:                      {codeRequest{}, []any{empty{}, sentAnswer{}}},
	CodeAuthenticate:              {codeProof{}, []any{SignIn{}}},
	PasswordAuthenticate:          {passwordProof{}, []any{SignIn{}}},
	PasswordResetStart:            {resetRequest{}, []any{empty{}}},
	PasswordReset:                 {resetProof{}, []any{SignIn{}}},
	PasswordStrength:              {strengthRequest{}, []any{Strength{}}},
	PasswordSessionReset:          {sessionResetRequest{}, []any{SignIn{}}},
	PasswordExistingReset:         {existingResetRequest{}, []any{SignIn{}}},
	OAuthAuthenticate:             {oauthProof{}, []any{SignIn{}}},
	TOTPCreate:                    {totpRequest{}, []any{TOTP{}}},
	TOTPAuthenticate:              {secondProof{}, []any{secondAnswer{}}},
	SMSSend:                       {smsRequest{}, []any{empty{}}},
	SMSAuthenticate:               {secondProof{}, []any{secondAnswer{}}},
	RecoveryCodeUse:               {recoverRequest{}, []any{recoverAnswer{}}},
	ImpersonationAuthenticate:     {impersonationProof{}, []any{SignIn{}}},
	SessionAuthenticate:           {authenticateRequest{}, []any{Self{}, sessionAnswer{}}},
	SessionExchange:               {exchangeRequest{}, []any{SignIn{}}},
	SessionRevoke:                 {revokeRequest{}, []any{empty{}}},
	PolicyGet:                     {nil, []any{policyAnswer{}}},
	Whoami:                        {nil, []any{Project{}}},
	OrganizationsSearch:           {searchRequest{}, []any{organizationsAnswer{}}},
	OrganizationGet:               {nil, []any{OrganizationAnswer{}}},
	OrganizationMetrics:           {nil, []any{metricsAnswer{}}},
	MembersSearch:                 {searchRequest{}, []any{membersAnswer{}}},
	MemberGet:                     {nil, []any{MemberDetail{}}},
	MemberFind:                    {nil, []any{FoundMember{}}},
	MemberSessionsList:            {nil, []any{sessionsAnswer{}}},
	OwnSessionsList:               {nil, []any{sessionsAnswer{}}},
	OwnSessionsRevoke:             {memberRevokeRequest{}, []any{empty{}}},
	OwnRecoveryCodesGet:           {nil, []any{recoveryCodesAnswer{}}},
	OwnRecoveryCodesRotate:        {rotateRequest{}, []any{recoveryCodesAnswer{}}},
	OwnNameUpdate:                 {nameRequest{}, []any{MemberAnswer{}}},
	OwnEnrolmentUpdate:            {enrolmentRequest{}, []any{MemberAnswer{}}},
	OwnDefaultMFAUpdate:           {defaultMFARequest{}, []any{MemberAnswer{}}},
	OwnPhoneDelete:                {nil, []any{MemberAnswer{}}},
	OwnTOTPDelete:                 {nil, []any{MemberAnswer{}}},
	OwnEmailUpdateStart:           {emailUpdateRequest{}, []any{MemberAnswer{}}},
	SSOConnectionsList:            {nil, []any{SSOConnections{}}},
	SCIMConnectionGet:             {nil, []any{scimAnswer{}}},
	ConnectedAppsList:             {nil, []any{connectedAppsAnswer{}}},
	OrganizationCreate:            {organizationCreateRequest{}, []any{OrganizationAnswer{}}},
	OrganizationUpdate:            {organizationUpdateRequest{}, []any{OrganizationAnswer{}}},
	OrganizationDelete:            {nil, []any{deletedOrganization{}}},
	OrganizationExternalIDDelete:  {nil, []any{OrganizationAnswer{}}},
	StaffTrustedUpdate:            {organizationUpdateRequest{}, []any{OrganizationAnswer{}}},
	StaffExternalIDUpdate:         {organizationUpdateRequest{}, []any{OrganizationAnswer{}}},
	StaffExternalIDDelete:         {nil, []any{OrganizationAnswer{}}},
	StaffClaimedDomainsUpdate:     {organizationUpdateRequest{}, []any{OrganizationAnswer{}}},
	StaffAppPolicyUpdate:          {organizationUpdateRequest{}, []any{OrganizationAnswer{}}},
	MemberCreate:                  {memberCreateRequest{}, []any{MemberAnswer{}}},
	MemberInvite:                  {invitationRequest{}, []any{MemberAnswer{}}},
	MemberUpdate:                  {memberUpdateRequest{}, []any{MemberAnswer{}}},
	MemberDelete:                  {nil, []any{deletedMember{}}},
	MemberReactivate:              {nil, []any{MemberAnswer{}}},
	MemberPhoneDelete:             {nil, []any{MemberAnswer{}}},
	MemberTOTPDelete:              {nil, []any{MemberAnswer{}}},
	MemberPasswordDelete:          {nil, []any{MemberAnswer{}}},
	MemberRequireReset:            {requireResetRequest{}, []any{requireResetAnswer{}}},
	MemberExternalIDDelete:        {nil, []any{MemberAnswer{}}},
	MemberRetiredEmailUnlink:      {unlinkRequest{}, []any{MemberAnswer{}}},
	MemberEmailUpdateStart:        {emailUpdateRequest{}, []any{MemberAnswer{}}},
	MemberSessionsRevoke:          {memberRevokeRequest{}, []any{Done{}}},
	MemberAppsList:                {nil, []any{memberAppsAnswer{}}},
	MemberAppRevoke:               {nil, []any{Done{}}},
	MemberRecoveryCodesGet:        {nil, []any{recoveryCodesAnswer{}}},
	MemberRecoveryCodesRotate:     {rotateRequest{}, []any{recoveryCodesAnswer{}}},
	MemberGoogleState:             {nil, []any{oneRegistration{}}},
	MemberMicrosoftState:          {nil, []any{oneRegistration{}}},
	MemberSlackState:              {nil, []any{registrations{}}},
	MemberHubSpotState:            {nil, []any{registrations{}}},
	MemberGitHubState:             {nil, []any{registrations{}}},
	MemberOIDCState:               {nil, []any{registrations{}}},
	StaffMemberTrustedUpdate:      {memberUpdateRequest{}, []any{MemberAnswer{}}},
	StaffMemberExternalIDUpdate:   {memberUpdateRequest{}, []any{MemberAnswer{}}},
	StaffMemberExternalIDDelete:   {nil, []any{MemberAnswer{}}},
	EntryCreate:                   {memberCreateRequest{}, []any{MemberAnswer{}}},
	EntryDelete:                   {nil, []any{deletedMember{}}},
	ConsentClientGet:              {nil, []any{consentClientAnswer{}}},
	AuthorizeStart:                {authorizeStartRequest{}, []any{Consent{}}},
	Authorize:                     {authorizeRequest{}, []any{Authorized{}}},
	ConsentPreview:                {consentPreviewRequest{}, []any{Consent{}}},
	OrganizationAppGet:            {nil, []any{OrganizationApp{}}},
	OwnAppsList:                   {nil, []any{memberAppsAnswer{}}},
	OwnAppRevoke:                  {nil, []any{Done{}}},
	AppClientsSearch:              {searchRequest{}, []any{appClientsAnswer{}}},
	AppClientGet:                  {nil, []any{AppClientAnswer{}}},
	AppClientCreate:               {appClientRequest{}, []any{createdAppClient{}}},
	AppClientUpdate:               {appClientRequest{}, []any{AppClientAnswer{}}},
	AppClientDelete:               {nil, []any{deletedClient{}}},
	AppSecretRotateStart:          {nil, []any{rotatedAppClient{}}},
	AppSecretRotate:               {nil, []any{AppClientAnswer{}}},
	AppSecretRotateCancel:         {nil, []any{AppClientAnswer{}}},
	M2MClientsSearch:              {searchRequest{}, []any{m2mClientsAnswer{}}},
	M2MClientGet:                  {nil, []any{M2MClientAnswer{}}},
	M2MClientCreate:               {m2mCreateRequest{}, []any{createdM2MClient{}}},
	M2MClientUpdate:               {m2mUpdateRequest{}, []any{M2MClientAnswer{}}},
	M2MClientDelete:               {nil, []any{deletedClient{}}},
	M2MSecretRotateStart:          {nil, []any{rotatedM2MClient{}}},
	M2MSecretRotate:               {nil, []any{M2MClientAnswer{}}},
	M2MSecretRotateCancel:         {nil, []any{M2MClientAnswer{}}},
	ProjectMetrics:                {nil, []any{projectMetricsAnswer{}}},
}

// shared are fields of a struct that serves in several places and that one of them does not have. They stay empty there.
var shared = map[Operation][]string{
	OrganizationsSearch:       {"request.organization_ids"},
	AppClientsSearch:          {"request.organization_ids", "request.query"},
	AppClientCreate:           {"answer.connected_app.creation_method"},
	AppSecretRotateStart:      {"answer.connected_app.creation_method"},
	M2MClientsSearch:          {"request.organization_ids"},
	SSOConnectionsList:        {"answer.external_connections[].identity_provider"},
	PasswordSessionReset:      {"answer.primary_required"},
	ImpersonationAuthenticate: {"answer.primary_required"},
	TOTPAuthenticate:          unfinished,
	SMSAuthenticate:           unfinished,
	RecoveryCodeUse:           unfinished,
	MemberGoogleState:         {"answer.provider_tenant_id", "answer.provider_tenant_ids", "answer.connection_id"},
	MemberMicrosoftState:      {"answer.provider_tenant_id", "answer.provider_tenant_ids", "answer.connection_id"},
	MemberSlackState:          {one + "access_token_expires_in", one + "provider_tenant_ids", one + "connection_id"},
	MemberHubSpotState:        {one + "provider_tenant_ids", one + "connection_id"},
	MemberGitHubState:         {one + "access_token_expires_in", one + "provider_tenant_id", one + "connection_id"},
	MemberOIDCState:           {"answer.provider_type", one + "provider_tenant_id", one + "provider_tenant_ids"},
}

const one = "answer.registrations[]."

// unfinished is what a second factor's answer has no word for.
var unfinished = []string{"answer.member_authenticated", "answer.intermediate_session_token", "answer.mfa_required", "answer.primary_required"}

type schemas map[string]schema

type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Additional any               `json:"additionalProperties"`
}

func (all schemas) resolve(s schema) schema {
	for s.Ref != "" {
		s = all[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}

// differences finds the fields of a Go type that the schema does not have, or has of another type.
func (all schemas) differences(at string, t reflect.Type, s schema) []string {
	s = all.resolve(s)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[jsontext.Value](), t.Kind() == reflect.Interface:
		return nil
	case t == reflect.TypeFor[Time](), t == reflect.TypeFor[Secret](), t == reflect.TypeFor[present]():
		return kind(at, "string", s)
	}
	switch t.Kind() {
	case reflect.String:
		return kind(at, "string", s)
	case reflect.Bool:
		return kind(at, "boolean", s)
	case reflect.Int:
		return kind(at, "integer", s)
	case reflect.Slice:
		if s.Type != "array" {
			return kind(at, "array", s)
		}
		return all.differences(at+"[]", t.Elem(), *s.Items)
	case reflect.Map:
		return kind(at, "object", s)
	case reflect.Struct:
		found := kind(at, "object", s)
		if s.Type == "object" && len(s.Properties) == 0 {
			return nil // free-form in the contract; the sandbox shows what is in it
		}
		for f := range t.Fields() {
			if f.Anonymous && f.Tag.Get("json") == "" {
				found = append(found, all.differences(at, f.Type, s)...)
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			property, known := s.Properties[name]
			if !known {
				found = append(found, at+"."+name+" is not in the contract")
				continue
			}
			found = append(found, all.differences(at+"."+name, f.Type, property)...)
		}
		return found
	default:
		return []string{at + ": a " + t.Kind().String() + " is not compared"}
	}
}

func kind(at, want string, s schema) []string {
	if s.Type == want {
		return nil
	}
	return []string{at + " is " + want + " here and " + s.Type + " in the contract"}
}

func readContract(t *testing.T) (schemas, map[string][2]schema) {
	t.Helper()
	text, err := os.ReadFile("../contract/testdata/contract.json")
	must(t, err)
	type content struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	}
	var document struct {
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas schemas `json:"schemas"`
		} `json:"components"`
	}
	must(t, json.Unmarshal(text, &document))
	operations := map[string][2]schema{}
	for _, methods := range document.Paths {
		for method, described := range methods {
			var o struct {
				ID        string             `json:"operationId"`
				Body      content            `json:"requestBody"`
				Responses map[string]content `json:"responses"`
			}
			if !slices.Contains([]string{"get", "post", "put", "delete"}, method) {
				continue
			}
			must(t, json.Unmarshal(described, &o))
			operations[o.ID] = [2]schema{o.Body.Content["application/json"].Schema, o.Responses["200"].Content["application/json"].Schema}
		}
	}
	return document.Components.Schemas, operations
}

func TestStructsFitTheContract(t *testing.T) {
	t.Parallel()
	all, operations := readContract(t)
	for _, op := range Operations() {
		body, known := bodies[op]
		if known == (op.Row().Door == Local) {
			t.Errorf("%s has no row in bodies", op)
			continue
		}
		var found []string
		both := operations[op.String()]
		if body.request != nil {
			found = all.differences("request", reflect.TypeOf(body.request), both[0])
		}
		for _, answer := range body.answers {
			found = append(found, all.differences("answer", reflect.TypeOf(answer), both[1])...)
		}
		for _, field := range shared[op] {
			if at := slices.Index(found, field+" is not in the contract"); at >= 0 {
				found = slices.Delete(found, at, at+1)
			} else {
				t.Errorf("%s: no longer needed: %s", op, field)
			}
		}
		for _, difference := range found {
			t.Errorf("%s: %s", op, difference)
		}
	}
	for _, difference := range all.differences("refusal", reflect.TypeFor[envelope](), all["Error"]) {
		t.Error(difference)
	}
}

func TestDifferencesAreFound(t *testing.T) {
	t.Parallel()
	all, operations := readContract(t)
	answer := operations[MemberGet.String()][1]
	bad := map[string]any{
		"answer.member.trusted_metdata is not in the contract": struct {
			Member struct {
				Trusted jsontext.Value `json:"trusted_metdata"`
			} `json:"member"`
		}{},
		"answer.member.is_breakglass is string here and boolean in the contract": struct {
			Member *struct {
				Is string `json:"is_breakglass"`
			} `json:"member"`
		}{},
		"answer.member.roles[].sources[].kind is not in the contract": struct {
			Member struct {
				Roles []struct {
					Sources []struct {
						Kind string `json:"kind"`
					} `json:"sources"`
				} `json:"roles"`
			} `json:"member"`
		}{},
		"answer.member is array here and object in the contract": struct {
			Members []string `json:"member"`
		}{},
	}
	for want, value := range bad {
		if got := all.differences("answer", reflect.TypeOf(value), answer); !slices.Equal(got, []string{want}) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}

func isBody(name string) bool {
	return strings.HasSuffix(name, "Request") || strings.HasSuffix(name, "Proof")
}

// The table above is only worth what the source decodes: every type that a call is made with is in it, and no other.
func TestBodiesAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	must(t, err)
	decoded, sent := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		must(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IndexExpr:
				f, isCall := n.X.(*ast.Ident)
				of, isType := n.Index.(*ast.Ident)
				if isCall && isType && slices.Contains([]string{"call", "open", "ownOpen", "ask", "header", "checked", "both", "entered"}, f.Name) && of.Name != "T" {
					decoded[of.Name] = true
				}
			case *ast.CompositeLit:
				if name, is := n.Type.(*ast.Ident); is && isBody(name.Name) {
					sent[name.Name] = true
				}
			case *ast.CallExpr: // a conversion
				if name, is := n.Fun.(*ast.Ident); is && isBody(name.Name) {
					sent[name.Name] = true
				}
			}
			return true
		})
	}
	wantDecoded, wantSent := map[string]bool{}, map[string]bool{}
	for _, body := range bodies {
		if body.request != nil {
			wantSent[reflect.TypeOf(body.request).Name()] = true
		}
		for _, answer := range body.answers {
			wantDecoded[reflect.TypeOf(answer).Name()] = true
		}
	}
	if !maps.Equal(decoded, wantDecoded) || !maps.Equal(sent, wantSent) {
		t.Errorf("the source decodes %v and sends %v; the table has %v and %v", decoded, sent, wantDecoded, wantSent)
	}
}
