package stytch

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"console.internal/internal/sandbox"
)

const (
	anOrganization = `{"organization_id":"` + orgID + `","organization_slug":"acme"}`
	aMember        = `{"member_id":"` + memberID + `","organization_id":"` + orgID + `","status":"active"}`
	aSession       = `{"member_session_id":"ms","member_id":"` + memberID + `","organization_id":"` + orgID + `"}`
	discovered     = `"discovered_organizations":[{"organization":` + anOrganization + `,"membership":{"type":"active_member"}}]`
	aConnection    = `[{"connection_id":"c","organization_id":"` + orgID + `","status":"active"}]`
)

// decodable are all answers, each with the least that it must hold, and the paths of what may not be missing or null.
var decodable = map[string]struct {
	decode   func(string) (any, error)
	least    string
	required string
}{
	"empty":       {into[empty], `{"status_code":200}`, "status_code"},
	"Project":     {into[Project], `{"project_id":"p"}`, "project_id"},
	"policy":      {into[policyAnswer], `{"policy":{"roles":[{"role_id":"r"}]}}`, "policy policy.roles"},
	"Discovery":   {into[Discovery], `{"intermediate_session_token":"t","email_address":"e",` + discovered + `}`, "intermediate_session_token email_address discovered_organizations " + inDiscovered},
	"Memberships": {into[Memberships], `{"email_address":"e",` + discovered + `}`, "email_address discovered_organizations " + inDiscovered},
	"SignIn": {
		into[SignIn], `{"member_id":"m","member":` + aMember + `,"organization":` + anOrganization + `,"member_authenticated":true,"session_token":"t","member_session":` + aSession + `}`,
		"member_id member member.member_id organization organization.organization_id session_token member_session member_session.member_session_id",
	},
	"SignIn, more": {
		into[SignIn], `{"member_id":"m","member":` + aMember + `,"organization":` + anOrganization + `,"member_authenticated":false,"session_token":"","member_session":null,"intermediate_session_token":"i"}`,
		"member_id member organization intermediate_session_token",
	},
	"second": {
		into[secondAnswer], `{"member_id":"m","member":` + aMember + `,"organization":` + anOrganization + `,"session_token":"t","member_session":` + aSession + `}`,
		"member_id member member.member_id organization organization.organization_id session_token member_session member_session.member_session_id",
	},
	"recover": {
		into[recoverAnswer], `{"member_id":"m","member":` + aMember + `,"organization":` + anOrganization + `,"session_token":"t","member_session":` + aSession + `,"recovery_codes_remaining":0}`,
		"member_id member organization session_token member_session recovery_codes_remaining",
	},
	"TOTP":          {into[TOTP], `{"member_id":"m","totp_registration_id":"i","secret":"s","recovery_codes":[]}`, "member_id totp_registration_id secret recovery_codes"},
	"Strength":      {into[Strength], `{"strength_policy":"luds"}`, "strength_policy"},
	"sent":          {into[sentAnswer], `{"member_id":"m"}`, "member_id"},
	"MemberAnswer":  {into[MemberAnswer], `{"member":` + aMember + `}`, "member member.member_id member.organization_id member.status"},
	"recoveryCodes": {into[recoveryCodesAnswer], `{"member_id":"m","recovery_codes":["c"]}`, "member_id recovery_codes"},
	"Self": {
		into[Self], `{"member_session":` + aSession + `,"member":` + aMember + `,"organization":` + anOrganization + `}`,
		"member_session member_session.member_session_id member member.member_id member.organization_id member.status organization organization.organization_id organization.organization_slug",
	},
	"sessionAnswer": {
		into[sessionAnswer], `{"member_session":` + aSession + `}`,
		"member_session member_session.member_session_id member_session.member_id member_session.organization_id",
	},
	"sessions":      {into[sessionsAnswer], `{"member_sessions":[` + aSession + `]}`, "member_sessions member_sessions.0.member_session_id"},
	"organizations": {into[organizationsAnswer], `{"organizations":[` + anOrganization + `],"results_metadata":{"total":1}}`, "organizations organizations.0.organization_id organizations.0.organization_slug results_metadata results_metadata.total"},
	"organization":  {into[OrganizationAnswer], `{"organization":` + anOrganization + `}`, "organization organization.organization_id organization.organization_slug"},
	"metrics":       {into[metricsAnswer], `{"member_count":0}`, "member_count"},
	"members":       {into[membersAnswer], `{"members":[` + aMember + `],"results_metadata":{"total":1}}`, "members members.0.member_id members.0.status results_metadata results_metadata.total"},
	"MemberDetail":  {into[MemberDetail], `{"member":` + aMember + `,"organization":` + anOrganization + `}`, "member member.member_id member.organization_id member.status organization organization.organization_id"},
	"FoundMember":   {into[FoundMember], `{"member":` + aMember + `}`, "member member.member_id member.organization_id"},
	"SSOConnections": {
		into[SSOConnections], `{"saml_connections":` + aConnection + `,"oidc_connections":` + aConnection + `,"external_connections":` + aConnection + `}`,
		"saml_connections saml_connections.0.connection_id oidc_connections oidc_connections.0.connection_id oidc_connections.0.status external_connections external_connections.0.connection_id",
	},
	"scim":                {into[scimAnswer], `{"request_id":"r","connection":{"connection_id":"c"}}`, "request_id connection.connection_id"},
	"Done":                {into[Done], `{"request_id":"r"}`, "request_id"},
	"deletedOrganization": {into[deletedOrganization], `{"organization_id":"o"}`, "organization_id"},
	"deletedMember":       {into[deletedMember], `{"member_id":"m"}`, "member_id"},
	"requireReset":        {into[requireResetAnswer], `{"request_id":"r","member_id":null}`, "request_id"},
	"memberApps":          {into[memberAppsAnswer], `{"connected_apps":[{"connected_app_id":"a"}]}`, "connected_apps connected_apps.0.connected_app_id"},
	"oneRegistration":     {into[oneRegistration], `{"provider_type":"Google","provider_subject":"s"}`, "provider_type provider_subject"},
	"registrations":       {into[registrations], `{"registrations":[{"provider_subject":"s"}]}`, "registrations registrations.0.provider_subject"},
	"connectedApps":       {into[connectedAppsAnswer], `{"connected_apps":[{"connected_app_id":"a"}]}`, "connected_apps connected_apps.0.connected_app_id"},
	"OrganizationApp":     {into[OrganizationApp], `{"connected_app_id":"a","active_members":[{"member_id":"m"}]}`, "connected_app_id active_members active_members.0.member_id"},
	"consentClient":       {into[consentClientAnswer], `{"connected_app":` + anApp + `}`, inApp},
	"Consent": {
		into[Consent], aConsent, "member_id member member.member_id organization organization.organization_id client client.client_id client.client_type " +
			"consent_required scope_results scope_results.0.scope scope_results.1.is_grantable",
	},
	"Authorized":       {into[Authorized], `{"request_id":"r","redirect_uri":"https://app.example/?code=c"}`, "request_id redirect_uri"},
	"appClients":       {into[appClientsAnswer], `{"connected_apps":[` + anApp + `],"results_metadata":{"total":1}}`, "connected_apps connected_apps.0.client_id connected_apps.0.client_type results_metadata results_metadata.total"},
	"AppClientAnswer":  {into[AppClientAnswer], `{"connected_app":` + anApp + `}`, inApp},
	"createdAppClient": {into[createdAppClient], `{"connected_app":` + strings.Replace(anApp, "{", `{"client_secret":"s",`, 1) + `}`, inApp + " connected_app.client_secret"},
	"rotatedAppClient": {into[rotatedAppClient], `{"connected_app":` + strings.Replace(anApp, "{", `{"next_client_secret":"s",`, 1) + `}`, inApp + " connected_app.next_client_secret"},
	"deletedClient":    {into[deletedClient], `{"client_id":"c"}`, "client_id"},
	"m2mClients":       {into[m2mClientsAnswer], `{"m2m_clients":[` + aMachine + `],"results_metadata":{"total":1}}`, "m2m_clients m2m_clients.0.client_id results_metadata results_metadata.total"},
	"M2MClientAnswer":  {into[M2MClientAnswer], `{"m2m_client":` + aMachine + `}`, inMachine},
	"createdM2MClient": {into[createdM2MClient], `{"m2m_client":` + strings.Replace(aMachine, "{", `{"client_secret":"s",`, 1) + `}`, inMachine + " m2m_client.client_secret"},
	"rotatedM2MClient": {into[rotatedM2MClient], `{"m2m_client":` + strings.Replace(aMachine, "{", `{"next_client_secret":"s",`, 1) + `}`, inMachine + " m2m_client.next_client_secret"},
	"projectMetrics":   {into[projectMetricsAnswer], `{"project_id":"p","metrics":[{"metric_type":"MEMBER_COUNT","count":0}]}`, "project_id metrics metrics.0.metric_type metrics.0.count"},
}

// Clients of either kind, and what one asks of a member.
const (
	anApp     = `{"client_id":"` + appID + `","client_type":"third_party","redirect_urls":["` + aRedirect + `"]}`
	inApp     = "connected_app connected_app.client_id connected_app.client_type connected_app.redirect_urls"
	aMachine  = `{"client_id":"` + m2mID + `","status":"active","scopes":["read:x"]}`
	inMachine = "m2m_client m2m_client.client_id m2m_client.status m2m_client.scopes"
	aConsent  = `{"request_id":"r","member_id":"` + memberID + `","member":` + aMember + `,"organization":` + anOrganization +
		`,"client":{"client_id":"` + appID + `","client_type":"third_party"},"consent_required":false,` +
		`"scope_results":[{"scope":"openid","is_grantable":true},{"scope":"write:x","is_grantable":false}]}`
)

const inDiscovered = "discovered_organizations.0.organization discovered_organizations.0.organization.organization_id " +
	"discovered_organizations.0.membership discovered_organizations.0.membership.type"

// decode is a success as the client takes it.
func decode[T answer](op Operation, body []byte) (T, error) {
	return fill[T](func(f filling) error { return f.decode(op, body) })
}

func into[T answer](body string) (any, error) { return decode[T](Whoami, []byte(body)) }

func TestAnswersWithoutTheirRequiredFieldsAreFaults(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for name, one := range decodable {
		out, err := one.decode(one.least)
		if err != nil {
			t.Errorf("%s: the least is not enough: %v", name, err)
			continue
		}
		tried[reflect.TypeOf(out).Name()] = true
		for path := range strings.FieldsSeq(one.required) {
			for how, body := range map[string]string{"missing": edit(t, one.least, path, nil, true), "null": edit(t, one.least, path, nil, false)} {
				out, err := one.decode(body)
				if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != Malformed || !reflect.ValueOf(out).IsZero() {
					t.Errorf("%s: %s %s gives %+v, %v", name, how, path, out, err)
				}
			}
			if _, err := one.decode(edit(t, one.least, path, []any{true}, false)); err == nil {
				t.Errorf("%s: another type for %s is taken", name, path)
			}
		}
	}
	for op, body := range bodies {
		for _, answer := range body.answers {
			if !tried[reflect.TypeOf(answer).Name()] {
				t.Errorf("%s: the answer %T is not tried", op, answer)
			}
		}
	}
}

func TestCountsAreNotNegative(t *testing.T) {
	t.Parallel()
	if _, err := decode[metricsAnswer](OrganizationMetrics, []byte(`{"member_count":-1}`)); err == nil {
		t.Error("a negative number of members")
	}
	if _, err := decode[projectMetricsAnswer](ProjectMetrics, []byte(`{"project_id":"p","metrics":[{"metric_type":"USER_COUNT","count":-1}]}`)); err == nil {
		t.Error("a negative number of users")
	}
}

// A public client has no secret, and no other is made without one.
func TestOnlyPublicClientsHaveNoSecret(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{AppFirstParty: false, AppThirdParty: false, AppFirstPartyPublic: true, AppThirdPartyPublic: true, "another": false} {
		body := []byte(`{"connected_app":` + strings.Replace(anApp, AppThirdParty, kind, 1) + `}`)
		if _, err := decode[createdAppClient](AppClientCreate, body); (err == nil) != want || IsPublicApp(kind) != want {
			t.Errorf("%s without a secret: %v", kind, err)
		}
		if IsFirstPartyApp(kind) != strings.HasPrefix(kind, "first") {
			t.Errorf("%s is first party: %t", kind, IsFirstPartyApp(kind))
		}
	}
}

func TestRecoveryCodesAreNotEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"member_id":"m","recovery_codes":["a",""]}`, `{"member_id":"m","recovery_codes":[null]}`} {
		if _, err := decode[recoveryCodesAnswer](OwnRecoveryCodesGet, []byte(body)); err == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

// Of a provider's token nothing is kept but that it was there.
func TestTokensOfProvidersAreNotDecoded(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]bool{`"` + memberToken + `"`: true, `"\u0041"`: true, `""`: false, `null`: false} {
		one, err := decode[oneRegistration](MemberGoogleState, []byte(`{"provider_type":"Google","provider_subject":"s","id_token":`+token+`,"refresh_token":`+token+`,"access_token":`+token+`}`))
		must(t, err)
		many, err := decode[registrations](MemberSlackState, []byte(`{"registrations":[{"provider_subject":"s","bot_access_token":`+token+`,"access_token":`+token+`}]}`))
		must(t, err)
		if bool(one.Access) != want || bool(many.Registrations[0].Access) != want || one.state("Google").HasAccess != want {
			t.Errorf("%s: %+v and %+v", token, one, many)
		}
		if text := fmt.Sprintf("%+v %+v", one, many); strings.Contains(text, memberToken) {
			t.Errorf("decoded: %s", text)
		}
	}
	for _, token := range []string{`7`, `{}`, `["x"]`, `true`} {
		if _, err := decode[oneRegistration](MemberGoogleState, []byte(`{"provider_type":"Google","provider_subject":"s","access_token":`+token+`}`)); err == nil {
			t.Errorf("%s is taken for a token", token)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	type one struct {
		At Time `json:"at"`
	}
	moment := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`{"at":"2026-02-03T04:05:06Z"}`: moment, `{"at":"2026-02-03T05:05:06+01:00"}`: moment, `{"at":"2026-02-03T04:05:06.000Z"}`: moment,
		`{"at":null}`: {}, `{"at":""}`: {}, `{}`: {},
	} {
		got := one{}
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.At.Equal(want) {
			t.Errorf("%s: %v, %v", text, got.At, err)
		}
	}
	for _, text := range []string{`{"at":"yesterday"}`, `{"at":7}`, `{"at":"2026-02-03"}`, `{"at":[]}`, `{"at":"2026-02-30T04:05:06Z"}`} {
		if err := json.Unmarshal([]byte(text), &one{}); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// Whatever the upstream answers, decoding ends in a value that is whole or in a fault.
func FuzzDecode(f *testing.F) {
	for _, one := range decodable {
		f.Add([]byte(one.least))
	}
	for _, seed := range []string{``, `null`, `[]`, `{"members":[null]}`, `{"organizations":[{}],"results_metadata":{}}`, `{"request_id":"` + strings.Repeat("x", 100) + `"}`, "{\"\xff\":1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, one := range decodable {
			out, err := one.decode(string(body))
			whole, is := out.(answer)
			if err == nil && (!is || !whole.complete()) {
				t.Errorf("%s: %q is taken for whole", name, body)
			}
			if err != nil && !reflect.ValueOf(out).IsZero() {
				t.Errorf("%s: a fault with %+v", name, out)
			}
		}
		e, ok := errors.AsType[*Error](refusal(Whoami, http.StatusBadRequest, body))
		if !ok || len(e.Type) > 80 || len(e.RequestID) > 80 {
			t.Errorf("refused with %+v", e)
		}
	})
}

// filled is a JSON value with something in every field of a type, by its tags.
func filled(at reflect.Type, n *int) string {
	*n++
	switch {
	case at == reflect.TypeFor[Time]():
		return `"2026-02-03T04:05:06Z"`
	case at.Kind() == reflect.Pointer:
		return filled(at.Elem(), n)
	case at.Kind() == reflect.Slice:
		return "[" + filled(at.Elem(), n) + "," + filled(at.Elem(), n) + "]"
	case at.Kind() == reflect.Struct:
		var fields []string
		for f := range at.Fields() {
			fields = append(fields, `"`+f.Tag.Get("json")+`":`+filled(f.Type, n), `"other_`+strconv.Itoa(*n)+`":[{"role_id":{}}]`)
		}
		return "{" + strings.Join(fields, ",") + "}"
	case at.Kind() == reflect.Bool:
		return "true"
	}
	return `"text\u00e9 ` + strconv.Itoa(*n) + `"`
}

// Rows are taken apart by hand. What comes out is what the tags say, and every field of a row has a case.
func TestRowsByHandAreThoseByTag(t *testing.T) {
	t.Parallel()
	bySummary := func(row reflect.Type, byHand, byTag any) {
		n := 0
		body := []byte("[" + filled(row, &n) + "," + filled(row, &n) + ",{}]")
		must(t, json.Unmarshal(body, byHand))
		must(t, json.Unmarshal(body, byTag))
		hand, tag := reflect.ValueOf(byHand).Elem(), reflect.ValueOf(byTag).Elem()
		for i := range tag.Len() {
			for field, value := range tag.Index(i).Fields() {
				if i < 2 && value.IsZero() {
					t.Errorf("%s.%s is not filled", row.Name(), field.Name)
				}
				if got := hand.Index(i).FieldByName(field.Name).Interface(); !reflect.DeepEqual(got, value.Interface()) {
					t.Errorf("%s.%s by hand is %v, by tag %v", row.Name(), field.Name, got, value)
				}
			}
		}
	}
	bySummary(reflect.TypeFor[OrganizationSummary](), &organizationRows{}, &[]OrganizationSummary{})
	bySummary(reflect.TypeFor[MemberSummary](), &memberRows{}, &[]MemberSummary{})
	bySummary(reflect.TypeFor[AppClientSummary](), &appClientRows{}, &[]AppClientSummary{})
	bySummary(reflect.TypeFor[M2MClientSummary](), &m2mClientRows{}, &[]M2MClientSummary{})
	for _, body := range []string{
		`[null]`, `[[]]`, `{}`, `"x"`, `[{"member_id":7}]`, `[{"organization_id":{}}]`, `[{"roles":{}}]`, `[{"is_locked":"x"}]`, `[{"sso_active_connections":7}]`,
		`[{"name":"a","name":"b"}]`, `[{"mfa_policy":"a","mfa_policy":"b"}]`, `[{"client_id":7}]`, `[{"redirect_urls":{}}]`, `[{"full_access_allowed":"x"}]`,
		`[{"scopes":"read:x"}]`, `[{"client_name":"a","client_name":"b"}]`,
	} {
		organizations, members := json.Unmarshal([]byte(body), &organizationRows{}), json.Unmarshal([]byte(body), &memberRows{})
		apps, machines := json.Unmarshal([]byte(body), &appClientRows{}), json.Unmarshal([]byte(body), &m2mClientRows{})
		if organizations == nil && members == nil && apps == nil && machines == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

// tape keeps the last answer, to be decoded again and again.
type tape struct {
	mu   sync.Mutex
	last map[string][]byte
}

func (p *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.last[r.URL.Path] = body
	p.mu.Unlock()
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp, nil
}

// perRow is the part of a list row's allocations that decoding may have. Rendering has the rest of the row's budget.
const perRow = 25

// Not parallel: AllocsPerRun counts what all goroutines allocate.
func TestAllocationsPerRow(t *testing.T) {
	p := &tape{last: map[string][]byte{}}
	l := newLocal(t, sandbox.Options{Organizations: 150, Members: 150}, func(o *Options) { o.Transport = p })
	ctx := everything(t)
	_, err := l.staff(ada).SearchOrganizations(ctx, OrganizationSearch{Limit: 100})
	must(t, err)
	_, err = l.tenant("big", "bertha.large@big.example").SearchMembers(ctx, MemberSearch{Limit: 100})
	must(t, err)
	page, err := l.staff(ada).SearchAppClients(ctx, "", 100)
	must(t, err)
	organizations, members, apps := p.last[OrganizationsSearch.Row().Path], p.last[MembersSearch.Row().Path], p.last[AppClientsSearch.Row().Path]
	measure := func(name string, rows int, run func() error) {
		must(t, run())
		each := testing.AllocsPerRun(20, func() { _ = run() }) / float64(rows)
		t.Logf("%s: %.1f allocations a row", name, each)
		if each > perRow {
			t.Errorf("%s: %.1f allocations a row, the budget is %d", name, each, perRow)
		}
	}
	measure("organizations", 100, func() error {
		got, err := decode[organizationsAnswer](OrganizationsSearch, organizations)
		if err == nil && len(got.Organizations) != 100 {
			return errors.New("not 100 rows")
		}
		return err
	})
	measure("apps", len(page.Items), func() error {
		_, err := decode[appClientsAnswer](AppClientsSearch, apps)
		return err
	})
	measure("members", 100, func() error {
		got, err := decode[membersAnswer](MembersSearch, members)
		if err == nil && len(got.Members) != 100 {
			return errors.New("not 100 rows")
		}
		return err
	})
}
