package stytch

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The tables have each field that the contract has, of the contract's type, and no other. sso_default_connection_id and its like are
// written out in the table: a typing error there would be a setting that is never saved.
func TestFieldsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	all, operations := readContract(t)
	compare := func(op Operation, names []string, is map[string]func(any) bool) {
		want := all.resolve(operations[op.String()][0]).Properties
		if !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(maps.Keys(want))) {
			t.Errorf("%s has %q, the contract %q", op, names, slices.Sorted(maps.Keys(want)))
		}
		for name, is := range is {
			property := all.resolve(want[name])
			value := sample(is)
			if value == nil {
				t.Errorf("%s: no value is one", name)
				continue
			}
			for _, difference := range all.differences(name, reflect.TypeOf(value), property) {
				t.Error(difference)
			}
			if isObject(value) && property.Type != "object" {
				t.Errorf("%s takes an object, and is %s in the contract", name, property.Type)
			}
		}
	}
	names, is := tableOf(organizationFields)
	compare(OrganizationUpdate, names, is)
	names, is = tableOf(memberFields)
	compare(MemberUpdate, names, is)
	names, is = tableOf(appClientFields)
	compare(AppClientUpdate, names, is)
	compare(AppClientCreate, append(names, string(appClientType)), is)
	if !slices.Equal(AppClientFields(), namesOf(appClientFields)) || len(AppClientFields()) < 10 {
		t.Error("a field of a client is left out")
	}
	if len(OrganizationFields()) != len(organizationFields) || len(MemberFields()) != len(memberFields) || OrganizationFields()[0] != OrganizationName {
		t.Error("a field is left out")
	}
}

func tableOf[F ~string](table []fieldRow[F]) ([]string, map[string]func(any) bool) {
	names, is := []string(nil), map[string]func(any) bool{}
	for _, row := range table {
		names, is[string(row.field)] = append(names, string(row.field)), row.is
	}
	return names, is
}

// Each action as the upstream's documentation has it, and each field that the support staff may write. It is written twice because
// a wrong one would show a field as free that is not, or write by a permission that is for another.
func TestFieldActions(t *testing.T) {
	t.Parallel()
	type want struct {
		action string
		staff  Operation
	}
	organization := map[OrganizationField]want{
		"organization_name":                        {"update.info.name", 0},
		"organization_slug":                        {"update.info.slug", 0},
		"organization_logo_url":                    {"update.info.logo-url", 0},
		"organization_external_id":                 {"", StaffExternalIDUpdate},
		"trusted_metadata":                         {"", StaffTrustedUpdate},
		"sso_default_connection_id":                {"update.settings.default-sso-connection", 0},
		"sso_jit_provisioning":                     {"update.settings.sso-jit-provisioning", 0},
		"sso_jit_provisioning_allowed_connections": {"update.settings.sso-jit-provisioning", 0},
		"email_allowed_domains":                    {"update.settings.allowed-domains", 0},
		"email_jit_provisioning":                   {"update.settings.email-jit-provisioning", 0},
		"email_invites":                            {"update.settings.email-invites", 0},
		"claimed_email_domains":                    {"", StaffClaimedDomainsUpdate},
		"auth_methods":                             {"update.settings.allowed-auth-methods", 0},
		"allowed_auth_methods":                     {"update.settings.allowed-auth-methods", 0},
		"mfa_policy":                               {"update.settings.mfa-policy", 0},
		"mfa_methods":                              {"update.settings.allowed-mfa-methods", 0},
		"allowed_mfa_methods":                      {"update.settings.allowed-mfa-methods", 0},
		"oauth_tenant_jit_provisioning":            {"update.settings.oauth-tenant-jit-provisioning", 0},
		"allowed_oauth_tenants":                    {"update.settings.allowed-oauth-tenants", 0},
		"rbac_email_implicit_role_assignments":     {"update.settings.implicit-roles", 0},
		"first_party_connected_apps_allowed_type":  {"", StaffAppPolicyUpdate},
		"allowed_first_party_connected_apps":       {"", StaffAppPolicyUpdate},
		"third_party_connected_apps_allowed_type":  {"", StaffAppPolicyUpdate},
		"allowed_third_party_connected_apps":       {"", StaffAppPolicyUpdate},
	}
	for _, f := range OrganizationFields() {
		op, ok := f.Staff()
		if got := (want{f.Action(), op}); got != organization[f] || ok != (op != 0) {
			t.Errorf("%s is %+v, want %+v", f, got, organization[f])
		}
	}
	person := map[MemberField]want{
		"name":                       {"update.info.name", 0},
		"untrusted_metadata":         {"update.info.untrusted-metadata", 0},
		"trusted_metadata":           {"", StaffMemberTrustedUpdate},
		"mfa_phone_number":           {"update.info.mfa-phone", 0},
		"mfa_enrolled":               {"update.settings.mfa-enrolled", 0},
		"default_mfa_method":         {"update.settings.default-mfa-method", 0},
		"is_breakglass":              {"update.settings.is-breakglass", 0},
		"roles":                      {"update.settings.roles", 0},
		"email_address":              {"update.info.email", 0},
		"unlink_email":               {"update.info.email", 0},
		"external_id":                {"", StaffMemberExternalIDUpdate},
		"preserve_existing_sessions": {"", 0},
	}
	var self []MemberField
	for _, f := range MemberFields() {
		op, ok := f.Staff()
		if got := (want{f.Action(), op}); got != person[f] || ok != (op != 0) {
			t.Errorf("%s is %+v, want %+v", f, got, person[f])
		}
		if f.Self() {
			self = append(self, f)
		}
	}
	if !slices.Equal(self, []MemberField{MemberFieldName, MemberFieldUntrusted, MemberFieldPhone, MemberFieldMFAEnrolled, MemberFieldDefaultMFA}) {
		t.Errorf("one's own are %q", self)
	}
	if op, ok := OrganizationField("is_admin").Staff(); ok || op != 0 || OrganizationField("is_admin").Action() != "" || MemberField("is_admin").Self() {
		t.Error("a field that is none has something")
	}
}

// What a form says never becomes the name of a field, and only what the table says becomes its value.
func TestNoOtherFieldIsSent(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, checkAnswer(orgID, memberID, yes)) })
	tenant := u.tenant(t, nil)
	staff, ctx := tenant.client.HoldStaff(tenant.key), everything(t)
	for name, values := range map[string]map[OrganizationField]any{
		"nothing":                {},
		"nothing at all":         nil,
		"another field":          {"organization_id": otherOrg},
		"another beside a field": {OrganizationName: "n", "is_admin": true},
		"trusted metadata":       {OrganizationTrustedMetadata: jsontext.Value(`{"a":1}`)},
		"null":                   {OrganizationName: nil},
		"a number for a text":    {OrganizationName: 7},
		"a text for a list":      {OrganizationEmailDomains: "acme.example"},
		"a list for a text":      {OrganizationMFAPolicy: []string{"OPTIONAL"}},
		"JSON for a text":        {OrganizationName: jsontext.Value(`"n"`)},
		"JSON for tenants":       {OrganizationOAuthTenants: jsontext.Value(`{}`)},
		"texts for roles":        {OrganizationImplicitRoles: []string{"r"}},
	} {
		if _, err := tenant.UpdateOrganization(ctx, values); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, values := range map[string]map[MemberField]any{
		"nothing":                        nil,
		"another field":                  {"member_id": otherID},
		"trusted metadata beside a name": {MemberFieldName: "n", MemberFieldTrusted: jsontext.Value(`{"a":1}`)},
		"a text for a flag":              {MemberFieldBreakglass: "true"},
		"a text for roles":               {MemberFieldRoles: "stytch_admin"},
		"a list for metadata":            {MemberFieldUntrusted: jsontext.Value(`[1]`)},
		"null for metadata":              {MemberFieldUntrusted: jsontext.Value(`null`)},
		"half of metadata":               {MemberFieldUntrusted: jsontext.Value(`{"a":`)},
		"metadata with a name twice":     {MemberFieldUntrusted: jsontext.Value(`{"a":1,"a":2}`)},
		"metadata and more":              {MemberFieldUntrusted: jsontext.Value(`{},"roles":["stytch_admin"]`)},
		"unlinking nothing":              {MemberFieldUnlinkEmail: true},
		"preserving for nothing":         {MemberFieldPreserveSessions: true, MemberFieldName: "n"},
	} {
		if _, err := tenant.UpdateMember(ctx, memberID, values); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range append(OrganizationFields(), "is_admin", "") {
		_, ok := f.Staff()
		for _, value := range append(samples, nil, 7, jsontext.Value(`7`)) {
			_, err := staff.UpdateOrganizationField(ctx, orgID, f, value)
			if row := rowOf(organizationFields, f); errors.Is(err, ErrInput) == (ok && row.is(value)) {
				t.Errorf("staff, %s with %v: %v", f, value, err)
			}
		}
	}
	for _, f := range append(MemberFields(), "is_admin", "") {
		_, ok := f.Staff()
		for _, value := range append(samples, nil, 7, jsontext.Value(`7`)) {
			_, err := staff.UpdateMemberField(ctx, orgID, memberID, f, value)
			if row := rowOf(memberFields, f); errors.Is(err, ErrInput) == (ok && row.is(value)) {
				t.Errorf("staff, %s with %v: %v", f, value, err)
			}
		}
	}
	for name, values := range map[string]map[AppClientField]any{
		"nothing":             nil,
		"a type":              {AppClientName: "n", appClientType: AppFirstParty},
		"a secret":            {AppClientName: "n", "client_secret": "s"},
		"an id":               {"client_id": otherApp},
		"a text for a list":   {AppClientRedirectURLs: aRedirect},
		"a text for a flag":   {AppClientFullAccess: "true"},
		"a text for a number": {AppClientTokenMinutes: "60"},
		"null":                {AppClientName: nil},
	} {
		if _, err := staff.UpdateAppClient(ctx, appID, values); !errors.Is(err, ErrInput) {
			t.Errorf("a client with %s: %v", name, err)
		}
		if _, err := staff.CreateAppClient(ctx, AppFirstParty, values); !errors.Is(err, ErrInput) {
			t.Errorf("a new client with %s: %v", name, err)
		}
	}
	for _, kind := range []string{"", "m2m", "First_Party", "first_party "} {
		if _, err := staff.CreateAppClient(ctx, kind, wholeClient()); !errors.Is(err, ErrInput) {
			t.Errorf("a client of type %q: %v", kind, err)
		}
	}
	if _, err := staff.UpdateM2MClient(ctx, m2mID, M2MClientChange{}); !errors.Is(err, ErrInput) {
		t.Errorf("a change of nothing: %v", err)
	}
	for _, metadata := range []string{"", "null", "[]", `"x"`, `{"a":`} {
		if _, err := staff.CreateM2MClient(ctx, NewM2MClient{Trusted: jsontext.Value(metadata)}); !errors.Is(err, ErrInput) {
			t.Errorf("a new M2M client with %q: %v", metadata, err)
		}
		if _, err := staff.UpdateM2MClient(ctx, m2mID, M2MClientChange{Trusted: jsontext.Value(metadata)}); !errors.Is(err, ErrInput) {
			t.Errorf("an M2M client with %q: %v", metadata, err)
		}
		if _, err := tenant.CreateMember(ctx, NewMember{Email: ada, Untrusted: jsontext.Value(metadata)}); !errors.Is(err, ErrInput) {
			t.Errorf("a new member with %q: %v", metadata, err)
		}
	}
	for name, change := range map[string]func(*NewEntry){
		"the staff organization": func(n *NewEntry) { n.OrganizationID = orgID },
		"no role":                func(n *NewEntry) { n.Role = "" },
		"the administrator":      func(n *NewEntry) { n.Role = "stytch_admin" },
		"no name of its own":     func(n *NewEntry) { n.ExternalID = "" },
	} {
		n := anEntry
		change(&n)
		if _, err := staff.CreateEntry(ctx, n); !errors.Is(err, ErrInput) {
			t.Errorf("an entry with %s: %v", name, err)
		}
	}
	for _, call := range u.seen() {
		if !strings.HasPrefix(call, "POST /v1/b2b/sessions/") && !strings.HasPrefix(call, "PUT /v1/b2b/organizations/"+orgID) {
			t.Errorf("sent %s", call)
		}
	}
}

// The body has what was asked for and nothing besides: a field that was not changed would undo somebody else's change.
func TestOnlyTheFieldsAskedForAreSent(t *testing.T) {
	t.Parallel()
	var body string
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.URL.Path != SessionAuthenticate.Row().Path {
			body = string(text)
		}
		say(w, http.StatusOK, checkAnswer(orgID, memberID, yes))
	})
	tenant := u.tenant(t, nil)
	staff, ctx := tenant.client.HoldStaff(tenant.key), everything(t)
	for want, send := range map[string]func() error{
		`{"organization_name":"n"}`: func() error {
			return second(tenant.UpdateOrganization(ctx, map[OrganizationField]any{OrganizationName: "n"}))
		},
		`{"email_allowed_domains":[],"email_jit_provisioning":"NOT_ALLOWED"}`: func() error {
			return second(tenant.UpdateOrganization(ctx, map[OrganizationField]any{OrganizationEmailDomains: []string(nil), OrganizationEmailJIT: "NOT_ALLOWED"}))
		},
		`{"allowed_oauth_tenants":{"slack":["T1"]}}`: func() error {
			return second(tenant.UpdateOrganization(ctx, map[OrganizationField]any{OrganizationOAuthTenants: map[string][]string{"slack": {"T1"}}}))
		},
		`{"rbac_email_implicit_role_assignments":[{"domain":"acme.example","role_id":"r"}]}`: func() error {
			return second(tenant.UpdateOrganization(ctx, map[OrganizationField]any{OrganizationImplicitRoles: []RoleAssignment{{"acme.example", "r"}}}))
		},
		`{"trusted_metadata":{"a":null}}`: func() error {
			return second(staff.UpdateOrganizationField(ctx, orgID, OrganizationTrustedMetadata, jsontext.Value(`{"a":null}`)))
		},
		`{"is_breakglass":false,"roles":[]}`: func() error {
			return second(tenant.UpdateMember(ctx, memberID, map[MemberField]any{MemberFieldBreakglass: false, MemberFieldRoles: []string{}}))
		},
		`{"external_id":"e"}`: func() error {
			return second(staff.UpdateMemberField(ctx, orgID, memberID, MemberFieldExternalID, "e"))
		},
		`{"email_address":"` + ada + `"}`: func() error { return second(tenant.CreateMember(ctx, NewMember{Email: ada})) },
		`{"organization_name":"made"}`:    func() error { return second(staff.CreateOrganization(ctx, NewOrganization{Name: "made"})) },
		`{"member_id":"` + otherID + `"}`: func() error { return second(tenant.RevokeMemberSessions(ctx, otherID)) },
		`{"member_session_id":"` + sessionID + `"}`: func() error {
			return second(tenant.RevokeMemberSession(ctx, otherID, sessionID))
		},
		`{"email_address":"` + ada + `","external_id":"entry-1","name":"n","roles":["tenant_support"]}`: func() error {
			return second(staff.CreateEntry(ctx, anEntry))
		},
		`{"email_address":"` + ada + `","invited_by_member_id":"` + memberID + `","organization_id":"` + orgID + `"}`: func() error {
			return second(tenant.InviteMember(ctx, Invitation{Email: ada}))
		},
		`{"email_address":"` + ada + `","member_id":"` + otherID + `","organization_id":"` + orgID + `"}`: func() error {
			return second(tenant.RequireReset(ctx, otherID, ada))
		},
		`{"delivery_method":"EMAIL_MAGIC_LINK","email_address":"` + ada + `"}`: func() error {
			return second(tenant.StartMemberEmailUpdate(ctx, otherID, ada, ""))
		},
		`{"email_id":"e"}`: func() error { return second(tenant.UnlinkRetiredEmail(ctx, otherID, "e")) },
		`{}`:               func() error { return second(tenant.ReactivateMember(ctx, otherID)) },
		`{"client_type":"third_party_public","redirect_urls":[]}`: func() error {
			return second(staff.CreateAppClient(ctx, AppThirdPartyPublic, map[AppClientField]any{AppClientRedirectURLs: []string(nil)}))
		},
		`{"full_access_allowed":false,"logo_url":""}`: func() error {
			return second(staff.UpdateAppClient(ctx, appID, map[AppClientField]any{AppClientFullAccess: false, AppClientLogoURL: ""}))
		},
		`{"scopes":[],"client_name":"nightly"}`: func() error { return second(staff.CreateM2MClient(ctx, NewM2MClient{Name: "nightly"})) },
		`{"client_name":"","scopes":[]}`: func() error {
			name, scopes := "", []string(nil)
			return second(staff.UpdateM2MClient(ctx, m2mID, M2MClientChange{Name: &name, Scopes: &scopes}))
		},
		`{"client_id":"` + m2mID + `","client_secret":"a-secret-that-somebody-chose","scopes":["s"]}`: func() error {
			return second(staff.CreateM2MClient(ctx, NewM2MClient{ID: m2mID, Secret: "a-secret-that-somebody-chose", Scopes: []string{"s"}}))
		},
	} {
		body = ""
		_ = send()
		if !sameJSON(t, body, want) {
			t.Errorf("sent %s, want %s", body, want)
		}
	}
}

func sameJSON(t *testing.T, got, want string) bool {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Errorf("%q: %v", got, err)
		return false
	}
	must(t, json.Unmarshal([]byte(want), &b))
	return reflect.DeepEqual(a, b)
}
