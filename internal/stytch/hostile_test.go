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
