package stytch

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// TestHostileAnswers: an answer that is out of the ordinary is a fault, quickly, and never half of a page.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	member := `{"member_id":"` + memberID + `","organization_id":"` + orgID + `","status":"active"}`
	page := func(members string) string {
		return `{"request_id":"r","members":[` + members + `],"results_metadata":{"total":1,"next_cursor":null}}`
	}
	deep := strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000)
	for name, c := range map[string]struct {
		body string
		good bool
	}{
		"an ordinary one":             {page(member), true},
		"a name that nobody knows":    {page(strings.Replace(member, "{", `{"new":{"a":[1,2]},`, 1)), true},
		"nested 20,000 deep":          {page(strings.Replace(member, "{", `{"new":`+deep+`,`, 1)), false},
		"a name twice in a row":       {page(strings.Replace(member, "{", `{"status":"deleted",`, 1)), false},
		"a name twice in the answer":  {strings.Replace(page(member), "{", `{"members":[],`, 1), false},
		"two answers in one":          {page(member) + page(member), false},
		"text after the answer":       {page(member) + "x", false},
		"a number for an id":          {page(strings.Replace(member, `"`+memberID+`"`, "7", 1)), false},
		"a list for a text":           {page(strings.Replace(member, `"active"`, `["active"]`, 1)), false},
		"an object for the rows":      {`{"members":{},"results_metadata":{"total":1}}`, false},
		"a text for a row":            {page(`"row"`), false},
		"null for a row":              {page("null"), false},
		"text that is not UTF-8":      {page(strings.Replace(member, "active", "act\xffive", 1)), false},
		"a name in other letters":     {page(strings.Replace(member, "member_id", "MEMBER_ID", 1)), false},
		"a name written with escapes": {page(strings.Replace(member, "member_id", `member\u005fid`, 1)), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, c.body) })
			got, err := u.tenant(t, nil).SearchMembers(everything(t), MemberSearch{Limit: 50})
			if c.good {
				if err != nil || len(got.Items) != 1 {
					t.Errorf("%d rows, %v", len(got.Items), err)
				}
				return
			}
			f, ok := errors.AsType[*Fault](err)
			if !ok || f.Kind != Malformed || len(got.Items) != 0 {
				t.Errorf("%d rows, %v", len(got.Items), err)
			}
		})
	}
}

// The rows of clients are taken apart by hand like the others, and what one asks of a member decides what is shown to them.
func TestHostileAnswersAboutClients(t *testing.T) {
	t.Parallel()
	in := func(answer, old, hostile string) string {
		if !strings.Contains(answer, old) {
			t.Fatalf("%s is not in %s", old, answer)
		}
		return strings.Replace(answer, old, hostile, 1)
	}
	apps := `{"connected_apps":[` + anApp + `],"results_metadata":{"total":1}}`
	machines := `{"m2m_clients":[` + aMachine + `],"results_metadata":{"total":1}}`
	for name, c := range map[string]struct {
		is   func(string) (any, error)
		body string
		good bool
	}{
		"apps":                             {into[appClientsAnswer], apps, true},
		"machines":                         {into[m2mClientsAnswer], machines, true},
		"consent":                          {into[Consent], aConsent, true},
		"an app with more":                 {into[appClientsAnswer], in(apps, `"client_id"`, `"new":{"a":[1]},"client_id"`), true},
		"an app of a new type":             {into[appClientsAnswer], in(apps, `"third_party"`, `"fourth_party"`), true},
		"an app twice itself":              {into[appClientsAnswer], in(apps, `"client_id"`, `"client_id":"x","client_id"`), false},
		"an app in other letters":          {into[appClientsAnswer], in(apps, `"client_id"`, `"CLIENT_ID"`), false},
		"an app with a list for a type":    {into[appClientsAnswer], in(apps, `"third_party"`, `["third_party"]`), false},
		"an app with a number for a URL":   {into[appClientsAnswer], in(apps, `"`+aRedirect+`"`, `7`), false},
		"an app that is null":              {into[appClientsAnswer], in(apps, anApp, `null`), false},
		"a machine that is a text":         {into[m2mClientsAnswer], in(machines, aMachine, `"x"`), false},
		"a machine with a text for scopes": {into[m2mClientsAnswer], in(machines, `["read:x"]`, `"read:x"`), false},
		"consent by a text":                {into[Consent], in(aConsent, `"consent_required":false`, `"consent_required":"false"`), false},
		"consent told twice":               {into[Consent], in(aConsent, `"consent_required":false`, `"consent_required":false,"consent_required":true`), false},
		"a scope that nobody grants":       {into[Consent], in(aConsent, `"is_grantable":false`, `"grantable":true`), false},
		"a scope with no name":             {into[Consent], in(aConsent, `"scope":"openid"`, `"scope":""`), false},
		"text that is not UTF-8":           {into[Consent], in(aConsent, `third_party`, "third\xffparty"), false},
		"a redirect that is a list":        {into[Authorized], `{"request_id":"r","redirect_uri":["https://app.example"]}`, false},
		"a secret that is a list":          {into[createdM2MClient], `{"m2m_client":` + in(aMachine, "{", `{"client_secret":["s"],`) + `}`, false},
		"a secret told twice":              {into[createdM2MClient], `{"m2m_client":` + in(aMachine, "{", `{"client_secret":"s","client_secret":"t",`) + `}`, false},
		"metrics of nothing":               {into[projectMetricsAnswer], `{"project_id":"p","metrics":[{"metric_type":"","count":1}]}`, false},
		"metrics of halves":                {into[projectMetricsAnswer], `{"project_id":"p","metrics":[{"metric_type":"USER_COUNT","count":1.5}]}`, false},
	} {
		out, err := c.is(c.body)
		if f, is := errors.AsType[*Fault](err); is == c.good || is && f.Kind != Malformed {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

// TestAnswersCutAnywhere: no beginning of an answer passes for the whole.
func TestAnswersCutAnywhere(t *testing.T) {
	t.Parallel()
	row := `{"member_id":"` + memberID + `","organization_id":"` + orgID + `","status":"active","roles":[{"role_id":"a","sources":[]}]}`
	whole := `{"request_id":"r","members":[` + row + "," + row + `],"results_metadata":{"total":2,"next_cursor":"n"}}`
	for n := range len(whole) {
		if got, err := decode[membersAnswer](MembersSearch, []byte(whole[:n])); err == nil {
			t.Fatalf("%d of %d bytes pass for %d rows", n, len(whole), len(got.Members))
		}
	}
	if got, err := decode[membersAnswer](MembersSearch, []byte(whole)); err != nil || len(got.Members) != 2 {
		t.Errorf("the whole: %d rows, %v", len(got.Members), err)
	}
}
