package sandbox_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// filters makes a query: name, value pairs.
func filters(operator string, pairs ...any) fields {
	operands := []fields{}
	for i := 0; i+1 < len(pairs); i += 2 {
		operands = append(operands, fields{"filter_name": pairs[i], "filter_value": pairs[i+1]})
	}
	return fields{"operator": operator, "operands": operands}
}

func TestOrganizationFilters(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{SearchesPerMinute: -1})
	acme := w.id("acme")
	entra := text(w.get("/sso/acme").want("200").list("oidc_connections")[0]["connection_id"])
	tests := []struct {
		name  string
		query fields
		want  []string
	}{
		{"ids", filters("AND", "organization_ids", []string{acme, w.id("globex")}), []string{"acme", "globex"}},
		{"external id", filters("AND", "organization_ids", []string{"crm-000117"}), []string{"acme"}},
		{"slugs", filters("AND", "organization_slugs", []string{"umbrella", "acme", "nobody"}), []string{"acme", "umbrella"}},
		{"name", filters("AND", "organization_name_fuzzy", "CORP"), []string{"acme"}},
		{"slug", filters("AND", "organization_slug_fuzzy", "arbo"), []string{"harbour"}},
		{"e-mails", filters("AND", "member_emails", []string{kim}), []string{"support-desk", "northwind"}},
		{"part of an e-mail", filters("AND", "member_email_fuzzy", "lumbergh"), []string{"initech"}},
		{"domains", filters("AND", "allowed_domains", []string{"support.example"}), []string{"support-desk", "northwind"}},
		{"part of a domain", filters("AND", "allowed_domain_fuzzy", "acme-lab"), []string{"acme"}},
		{"claimed domains", filters("AND", "claimed_email_domains", []string{"initech.example"}), []string{"initech"}},
		{"single sign-on", filters("AND", "has_active_sso_connection", true), []string{"acme", "initech", "hostile", "fjord", "quayside"}},
		{"connection", filters("AND", "sso_connection_id", entra), []string{"acme"}},
		{"all of them", filters("AND", "member_emails", []string{sam}, "organization_name_fuzzy", "log"), []string{"harbour"}},
		{"any of them", filters("OR", "organization_slugs", []string{"acme"}, "organization_name_fuzzy", "bank"), []string{"acme", "quayside"}},
		{"nothing", filters("AND", "organization_slugs", []string{}), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := w.post("/organizations/search", fields{"query": test.query}).want("200")
			var slugs []string
			for _, organization := range found.list("organizations") {
				slugs = append(slugs, text(organization["organization_slug"]))
			}
			if strings.Join(slugs, " ") != strings.Join(test.want, " ") {
				t.Errorf("found %v, want %v", slugs, test.want)
			}
			if total, _ := found.at("results_metadata", "total").(float64); int(total) != len(test.want) {
				t.Errorf("total is %v", total)
			}
		})
	}
}

func TestMemberFilters(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{SearchesPerMinute: -1})
	tom := w.get("/organizations/acme/member?member_id=employee-4711").want("200").text("member_id")
	tests := []struct {
		name  string
		query fields
		want  int
	}{
		{"none", nil, 56},
		{"ids", filters("AND", "member_ids", []string{tom}), 1},
		{"external ids", filters("AND", "member_ids", []string{"employee-4711", "nobody"}), 1},
		{"e-mails", filters("AND", "member_emails", []string{"TOM.BAKER@acme.example"}), 1},
		{"part of an e-mail", filters("AND", "member_email_fuzzy", "@support.EXAMPLE"), 2},
		{"breakglass", filters("AND", "member_is_breakglass", true), 1},
		{"not breakglass", filters("AND", "member_is_breakglass", false), 55},
		{"pending", filters("AND", "statuses", []string{"pending"}), 4},
		{"invited", filters("AND", "statuses", []string{"invited"}), 4},
		{"deleted", filters("AND", "statuses", []string{"deleted"}), 4},
		{"phones", filters("AND", "member_mfa_phone_numbers", []string{"+819012345678"}), 1},
		{"part of a phone", filters("AND", "member_mfa_phone_number_fuzzy", "8190"), 1},
		{"passwords and TOTP", filters("AND", "member_password_exists", true, "member_totp_exists", true), 2},
		{"roles", filters("AND", "member_roles", []string{"tenant_support"}), 2},
		{"role of any source", filters("AND", "member_roles", []string{"invoice_approver"}), 1},
		{"providers", filters("AND", "member_oauth_providers", []string{"Microsoft"}), 1},
		{"slug", filters("AND", "organization_slug", "globex"), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := fields{"organization_ids": []string{"acme"}}
			if test.query != nil {
				body["query"] = test.query
			}
			found := w.post("/organizations/members/search", body).want("200")
			if got := len(found.list("members")); got != test.want {
				t.Errorf("found %d, want %d", got, test.want)
			}
			organizations, _ := found.at("organizations").(fields)
			if (len(organizations) == 1) != (test.want > 0) {
				t.Errorf("got %d organizations", len(organizations))
			}
		})
	}
}

func TestSearchErrors(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{SearchesPerMinute: -1})
	many := make([]string, 101)
	for i := range many {
		many[i] = "x"
	}
	operand := func(o fields) fields { return fields{"operator": "AND", "operands": []fields{o}} }
	tests := []struct {
		name string
		body fields
		want string // after organization_search_ or member_search_, or whole
	}{
		{"unknown filter", fields{"query": filters("AND", "member_name_fuzzy", "abc")}, "filter_name_not_recognized"},
		{"no filter name", fields{"query": operand(fields{"filter_value": "x"})}, "missing_filter_name"},
		{"filter name of another type", fields{"query": operand(fields{"filter_name": 7, "filter_value": "x"})}, "filter_name_must_be_string"},
		{"no value", fields{"query": operand(fields{"filter_name": "member_emails"})}, "missing_filter_value"},
		{"text for a list", fields{"query": filters("AND", "member_emails", "abc")}, "expected_array_of_strings"},
		{"numbers in a list", fields{"query": filters("AND", "member_emails", []int{1})}, "expected_array_of_strings"},
		{"list for a text", fields{"query": filters("AND", "member_email_fuzzy", []string{"abc"})}, "expected_string"},
		{"too short", fields{"query": filters("AND", "member_email_fuzzy", "ab")}, "member_email_fuzzy_too_short"},
		{"three letters of two bytes", fields{"query": filters("AND", "member_email_fuzzy", "éé")}, "member_email_fuzzy_too_short"},
		{"limit", fields{"limit": 1001}, "400 user_search_invalid_limit"},
		{"cursor", fields{"cursor": "forged"}, "400 user_search_invalid_cursor"},
		{"cursor of the right length", fields{"cursor": strings.Repeat("A", 54)}, "400 user_search_invalid_cursor"},
		{"too many values", fields{"query": filters("AND", "member_emails", many)}, "400 user_search_maximum_filter_value_count_exceeded"},
		{"no e-mail", fields{"query": filters("AND", "member_emails", []string{"abc"})}, "400 invalid_email"},
	}
	for area, path := range map[string]string{"organization": "/organizations/search", "member": "/organizations/members/search"} {
		for _, test := range tests {
			t.Run(area+" "+test.name, func(t *testing.T) {
				body := maps.Clone(test.body)
				if area == "member" {
					body["organization_ids"] = []string{"acme"}
				}
				want := test.want
				if !strings.HasPrefix(want, "400") {
					want = "400 " + area + "_search_" + want
				}
				w.post(path, body).want(want)
			})
		}
	}
	w.wrong("/organizations/search", fields{"limit": -1}).want("400 user_search_invalid_limit")
	w.wrong("/organizations/search", fields{"query": fields{"operator": "NOT"}}).want("400 user_search_invalid_operator")
	w.wrong("/organizations/search", fields{"query": fields{"operator": "AND"}}).want("200")
	members := func(pairs ...any) fields {
		return fields{"organization_ids": []string{"acme"}, "query": filters("AND", pairs...)}
	}
	w.post("/organizations/members/search", fields{"organization_ids": []string{}}).want("400 member_search_organization_ids_empty")
	w.post("/organizations/members/search", members("statuses", []string{"gone"})).want("400 search_invalid_status_filter")
	w.post("/organizations/members/search", members("member_is_breakglass", "yes")).want("400 member_search_expected_boolean")
	w.post("/organizations/members/search", members("member_ids", []string{w.member("acme", ada), "employee-4711"})).
		want("400 member_search_cannot_mix_internal_and_external_member_ids")
}

func (w *world) member(organization, email string) string {
	w.t.Helper()
	return w.get("/organizations/" + organization + "/member?email_address=" + email).want("200").text("member_id")
}

func TestCursors(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{Organizations: 30, SearchesPerMinute: -1})
	seen := map[string]bool{}
	body := fields{"limit": 7}
	for pages := 1; ; pages++ {
		found := w.post("/organizations/search", body).want("200")
		for _, organization := range found.list("organizations") {
			seen[text(organization["organization_id"])] = true
		}
		next := found.at("results_metadata", "next_cursor")
		if next == nil {
			if pages != 8 || len(seen) != 53 {
				t.Errorf("%d pages with %d organizations", pages, len(seen))
			}
			break
		}
		body["cursor"] = next
	}
	first := w.post("/organizations/search", fields{"limit": 7}).text("results_metadata", "next_cursor")
	w.post("/organizations/search", fields{"limit": 7, "cursor": first, "query": filters("AND", "organization_name_fuzzy", "abc")}).
		want("400 user_search_invalid_cursor")
	w.post("/organizations/members/search", fields{"organization_ids": []string{"acme"}, "cursor": first}).want("400 user_search_invalid_cursor")
	start(t, sandbox.Options{Organizations: 30}).post("/organizations/search", fields{"limit": 7, "cursor": first}).
		want("400 user_search_invalid_cursor") // every sandbox has its own key
}

func TestSearchBudget(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 11, 22, 10, 0, 30, 0, time.UTC)
	w := start(t, sandbox.Options{SearchesPerMinute: 3, Now: func() time.Time { return clock }})
	acme := fields{"organization_ids": []string{"acme"}}
	for range 3 {
		w.post("/organizations/search", fields{}).want("200")
		w.post("/organizations/members/search", acme).want("200")
	}
	w.post("/organizations/search", fields{}).want("429 too_many_requests")
	w.post("/organizations/members/search", acme).want("429 too_many_requests")
	w.Advance(30 * time.Second) // the window is the minute of the clock, not the last sixty seconds
	w.post("/organizations/search", fields{}).want("200")
}

// However far in, a page costs the same.
func TestHundredThousand(t *testing.T) { // not parallel: allocations are counted for the whole process
	server, err := sandbox.New(sandbox.Options{Organizations: 100_000, Members: 100_000, SearchesPerMinute: -1})
	if err != nil {
		t.Fatal(err)
	}
	// Straight to the handler, and the pages are not decoded: what is looked at is the sandbox.
	search := func(path string, body fields) []byte {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/b2b"+path, bytes.NewReader(encoded))
		request.SetBasicAuth(server.ProjectID(), server.Secret())
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			t.Fatalf("status %d", recorder.Code)
		}
		return recorder.Body.Bytes()
	}
	for path, base := range map[string]fields{
		"/organizations/search":         {"limit": 100},
		"/organizations/members/search": {"limit": 100, "organization_ids": []string{"big"}},
	} {
		for page := range 1000 {
			_, next, found := bytes.Cut(search(path, base), []byte(`"next_cursor":"`))
			if !found {
				t.Fatalf("the pages end at %d", page+1)
			}
			base["cursor"] = string(next[:bytes.IndexByte(next, '"')])
		}
		// A cursor costs a few more allocations than none; rows and the position cost nothing more.
		deep := testing.AllocsPerRun(20, func() { search(path, base) })
		delete(base, "cursor")
		shallow := testing.AllocsPerRun(20, func() { search(path, base) })
		if deep > shallow+25 {
			t.Errorf("%s: page 1 allocates %v times, page 1,001 %v times", path, shallow, deep)
		}
	}
}
