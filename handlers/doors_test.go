package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// parts are the operations without whose answer a page still stands, and what it says in their place. Every other
// operation with a permission is a page's main one, and the page is 403 without it.
var parts = map[string]map[stytch.Operation]string{
	"GET /organizations/:organization_id": {
		stytch.OrganizationMetrics: "needs stytch.member : search",
		stytch.SSOConnectionsList:  "Connections are hidden from you",
		stytch.SCIMConnectionGet:   "SCIM settings are hidden from you",
		stytch.ConnectedAppsList:   "Connected Apps are hidden from you",
	},
	"GET /organizations/:organization_id/members/:member_id": {
		stytch.MemberSessionsList: "Sessions are hidden from you", stytch.MemberAppsList: "Connected Apps are hidden from you",
	},
	"GET /organizations/:organization_id/members/:member_id/delete":    {stytch.MemberSessionsList: "Every session of theirs here ends at once."},
	"GET /organizations/:organization_id/members/:member_id/lock-down": {stytch.MemberSessionsList: "End their sessions", stytch.MemberAppsList: "Which apps they let in is not known."},
	"POST /organizations/:organization_id/members/:member_id/lock-down": {
		stytch.MemberSessionsList: "End their sessions", stytch.MemberAppsList: "You need stytch.member : get.connected-apps.",
		stytch.MemberDelete: "You need stytch.member : delete.", stytch.MemberSessionsRevoke: "You need stytch.member : revoke-sessions.",
		stytch.MemberAppRevoke: "You need stytch.member : revoke.connected-app.", stytch.MemberPasswordDelete: "You need stytch.member : update.info.delete.password.",
		stytch.MemberRequireReset: "You need stytch.member : update.info.delete.password.", stytch.MemberUpdate: "You need stytch.member : update.settings.is-breakglass.",
	},
	"POST /organizations/:organization_id/members/:member_id/reset-second-factor": {
		stytch.MemberTOTPDelete: "You need stytch.member : update.info.delete.mfa-totp.", stytch.MemberPhoneDelete: "You need stytch.member : update.info.delete.mfa-phone.",
	},
	"GET /organizations/:organization_id/connected-apps": {
		stytch.ConnectedAppsList: "Connected Apps are hidden from you", stytch.AppRequestsList: askedHidden, stytch.StaffAppRequestsList: askedHidden,
	},
	"GET /organizations/:organization_id/connected-apps/:client_id":        {stytch.MembersSearch: "Members are shown by their ids."},
	"GET /organizations/:organization_id/connected-apps/:client_id/revoke": {stytch.MembersSearch: "Members are shown by their ids."},
	"POST /organizations/:organization_id/connected-apps/:client_id/revoke": {
		stytch.MembersSearch: "Revoke for member-test-", stytch.MemberAppRevoke: "You need stytch.member : revoke.connected-app.",
	},
	"POST /organizations/:organization_id/settings/:group": {stytch.ConnectedAppsList: "Apps that are not allowed any more are taken out here"},
	"POST /account/connected-apps/revoke":                  {stytch.OwnAppRevoke: "You need stytch.self : revoke.connected-app."},

	"GET /organizations/:organization_id/delete":  {stytch.OrganizationMetrics: "Not known"},
	"POST /organizations/:organization_id/delete": {stytch.OrganizationMetrics: "Not known"},
	"GET /connected-apps/:client_id":              {stytch.OrganizationAppGet: "It may be in use here all the same."},
	"GET /connected-apps/:client_id/delete":       {stytch.OrganizationAppGet: "It may be in use here all the same."},
	"POST /connected-apps/:client_id/delete":      {stytch.OrganizationAppGet: "It may be in use here all the same."},
	"POST /account/sessions/end":                  {stytch.OwnSessionsRevoke: ""}, // this session ends all the same
	"GET /oauth/authorize":                        {stytch.OwnAppsList: "What you allowed before is not known now."},
	"GET /project":                                {stytch.ProjectMetrics: "Counts are hidden from you"},
}

const askedHidden = "Requests for apps are hidden from you"

// TestEachPermissionIsDecidedUpstream withholds one permission after the other, while the cached policy still expects a
// yes: a read that has come by then must not be used, and a write must not have gone out.
func TestEachPermissionIsDecidedUpstream(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			left := map[stytch.Operation]bool{}
			for _, op := range r.Calls {
				// The door of the record of entries asks nobody.
				if door := op.Row().Door; door != stytch.Open && door != stytch.Recorded && !op.Row().Check.Self {
					left[op] = true
				}
			}
			for _, d := range drives[key(r)] {
				if d.refused || d.unheld || len(left) == 0 {
					continue
				}
				f := newFixture(t, setup{})
				b := d.who(f)
				good := d.send(b, r.Method).want(d.status)
				for op := range left {
					if good.hasCalled(op) {
						if r.Method != http.MethodGet { // which has changed something
							f = newFixture(t, setup{})
							b = d.who(f)
						}
						a := withhold(f, b, d, r.Method, op)
						if a.status == good.status && shared(r, op) {
							continue // it was another operation of the same name
						}
						delete(left, op)
						a.refusedFor(key(r)+", "+d.name, r, op, good)
					}
				}
			}
			for op := range left {
				t.Errorf("%s: no visit calls %s", key(r), op)
			}
		})
	}
}

// hasCalled says whether a page has called an operation, and not the other one of the same name: both lists of sessions have one,
// and so have ends of sessions by door. A visit to somebody else's page reads the member too.
func (a *answer) hasCalled(op stytch.Operation) bool {
	row := op.Row()
	if op == stytch.MemberSessionsList && !slices.Contains(a.operations(), stytch.MemberGet.String()) {
		return false
	}
	if row.Door == stytch.Local {
		return slices.ContainsFunc(a.calls(), func(c sandbox.RequestLog) bool {
			return c.AuthorizationCheck != nil && c.AuthorizationCheck.ResourceID == row.Check.Resource && c.AuthorizationCheck.Action == row.Check.Action
		})
	}
	return slices.ContainsFunc(a.calls(), func(c sandbox.RequestLog) bool {
		return c.Operation == row.ID && (c.SessionKind == "header") == (row.Door == stytch.Header)
	})
}

// shared says whether a route has another operation of the same name and door, which asks for another permission.
func shared(r handlers.Route, op stytch.Operation) bool {
	return slices.ContainsFunc(r.Calls, func(other stytch.Operation) bool {
		return other != op && other.Row().ID == op.Row().ID && other.Row().Door == op.Row().Door && !other.Row().Check.Self
	})
}

// withhold makes a visit without the permission of an operation.
func withhold(f *fixture, b *browser, d drive, method string, op stytch.Operation) *answer {
	f.t.Helper()
	row := op.Row()
	mainShares := op == stytch.MemberSessionsList // its permission is that of the main operation
	switch {
	case row.Check.Resource == "" || mainShares:
		f.fault(sandbox.Fault{Operation: row.ID, Kind: sandbox.FaultStatus, Status: http.StatusForbidden, ErrorType: "session_authorization_error"})
	default:
		f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: row.Check.Resource, Action: row.Check.Action})
		// The read is to be done before its check says no.
		f.fault(sandbox.Fault{Operation: stytch.SessionAuthenticate.String(), Kind: sandbox.FaultLatency, LatencyMS: 60})
	}
	defer f.sandbox.ClearFaults()
	return d.send(b, method)
}

// refusedFor fails unless a page says which permission is missing, and holds nothing of what needs it.
func (a *answer) refusedFor(visit string, r handlers.Route, op stytch.Operation, good *answer) {
	a.t.Helper()
	row := op.Row()
	name := visit + ", without " + op.String()
	if went := a.hasCalled(op); row.Door == stytch.Checked && went != (row.Kind == stytch.Read && row.Also == (stytch.Check{})) {
		a.t.Errorf("%s: its call went out beside the check: %t", name, went)
	}
	if part, isPart := parts[key(r)][op]; isPart {
		if a.status != good.status {
			a.t.Errorf("%s: status %d, want %d", name, a.status, good.status)
		}
		a.says(part)
		return
	}
	if a.status != http.StatusForbidden || !strings.HasPrefix(a.h1(), "You may not ") {
		a.t.Errorf("%s: status %d %q, want 403", name, a.status, a.h1())
	}
	if row.Check.Resource != "" { // else the permission is that of a field, or none is published
		a.says(row.Check.Resource + " : " + row.Check.Action)
	}
	if r.Method == http.MethodGet {
		holdsNothing(a, good, name)
	}
}

var telling = regexp.MustCompile(`[a-z0-9.+-]+@[a-z0-9.-]+\.example|(?:organization|member|member-session|connected-app|m2m-client)-test-[0-9a-f-]{36}`)

// holdsNothing fails where a page holds an address, an id or a name that only the answer it was refused tells.
func holdsNothing(a, good *answer, name string) {
	a.t.Helper()
	doc := good.doc()
	mine := doc.Find("header, nav").Text() + a.doc().Find("header.top").Text()
	var told []string
	main := doc.Find("main")
	if main.Length() == 0 {
		main = doc.Selection // a file
	}
	told = append(told, telling.FindAllString(main.Text(), -1)...)
	for _, row := range main.Find("th[scope=row] a, nav.crumb a").EachIter() {
		told = append(told, strings.TrimSpace(row.Text()))
	}
	told = append(told, telling.FindAllString(good.header.Get("Location"), -1)...)
	if len(told) == 0 {
		a.t.Errorf("%s: the page that is allowed tells nothing, so this shows nothing", name)
	}
	for _, secret := range told {
		if secret != "" && !strings.Contains(mine, secret) && strings.Contains(a.doc().Find("body").Text(), secret) {
			a.t.Errorf("%s: the refused page holds %q", name, secret)
		}
	}
}

// TestRolesThatAreMissing needs no fault: these people lack the roles.
func TestRolesThatAreMissing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	linden := signed(sam, "support-desk", "linden")(f)
	staff := signed(kim, "support-desk")(f)
	id := f.organization("linden")
	ada := f.member("linden", ada)
	tests := []struct {
		name   string
		b      *browser
		path   string
		status int
		says   []string
		not    []string
	}{
		{"overview", linden, paths.Organization(id), http.StatusOK, []string{"Not shown to you", "Connections are hidden from you", "SCIM settings are hidden from you", "stytch.sso : get", "stytch.scim : get"}, nil},
		{"members", linden, paths.Members(id), http.StatusForbidden, []string{"stytch.member : search", "tenant_support"}, []string{"clara.winter", "Clara"}},
		{"another member", linden, paths.Member(id, ada), http.StatusForbidden, []string{"stytch.member : search"}, []string{"Whitfield"}},
		{"oneself", linden, paths.Member(id, f.member("linden", sam)), http.StatusOK, []string{sam}, nil},
		{"directory", staff, paths.Organizations, http.StatusForbidden, []string{"console-organizations : search", "support_admin", "support_agent"}, []string{"Acme"}},
		{"find organization", staff, paths.Find + "?q=acme", http.StatusForbidden, []string{"console-organizations : get"}, []string{f.organization("acme")}},
		{"find member", staff, paths.Find + "?q=" + ada, http.StatusForbidden, []string{"console-members : find"}, []string{id}},
		{"find address", staff, paths.Find + "?q=" + olivia, http.StatusForbidden, []string{"console-organizations : search"}, []string{f.organization("acme")}},
	}
	for _, tt := range tests {
		a := tt.b.get(tt.path)
		if a.status != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, a.status, tt.status)
		}
		for _, words := range tt.says {
			a.says(words)
		}
		for _, words := range tt.not {
			a.saysNot(words)
		}
	}
}

func TestDirectoryWithoutTheRoleSearchesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(kim, "support-desk")
	for range 200 {
		if a := b.get(paths.Organizations); a.status != http.StatusForbidden {
			t.Fatalf("status %d, want 403", a.status)
		}
	}
	if n := f.called(stytch.OrganizationsSearch); n != 0 {
		t.Errorf("%d searches, want none", n)
	}
}

var passing = regexp.MustCompile(`request-id-test-[0-9a-f-]{36}|\b[0-9a-f]{20}\b|\b\d+ (?:h|min)\b`)

// same is what is left of an answer without what differs from one request to the next.
// ticketValue is what makes each form another one.
var ticketValue = regexp.MustCompile(`name="ticket" value="[^"]*"`)

func (a *answer) same(ids ...string) string {
	body := a.body
	for _, id := range ids {
		body = strings.ReplaceAll(body, id, "ID")
		body = strings.ReplaceAll(body, url.QueryEscape(id), "ID")
	}
	location := a.header.Get("Location")
	for _, id := range ids {
		location = strings.ReplaceAll(location, id, "ID")
	}
	body = ticketValue.ReplaceAllString(body, "T")
	return passing.ReplaceAllString(body, "N") + "\n" + location
}

// TestMissingAndForeignAreTheSame compares the answers about an organization that exists with those about one that does not.
func TestMissingAndForeignAreTheSame(t *testing.T) {
	t.Parallel()
	const missingMember = "member-test-00000000-0000-4000-8000-000000000000"
	tests := []struct {
		name string
		who  func(*fixture) *browser
		slug string
	}{
		{"staff without a role", signed(kim, "support-desk"), "acme"},
		{"member of one tenant", signed(olivia, "acme"), "umbrella"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := tt.who(f)
			there := f.organization(tt.slug)
			member := f.member(tt.slug, map[string]string{"acme": olivia, "umbrella": "alice.abernathy@umbrella.example"}[tt.slug])
			visits := []func(organizationID, memberID string) *answer{
				func(o, _ string) *answer { return b.get(paths.Organization(o)) },
				func(o, _ string) *answer { return b.get(paths.Members(o)) },
				func(o, m string) *answer { return b.get(paths.Member(o, m)) },
				func(o, _ string) *answer { return b.post(paths.Enter(o), url.Values{}) },
				func(o, _ string) *answer { return b.post(paths.Leave(o), url.Values{}) },
				func(o, _ string) *answer { return b.get(paths.Find + "?q=" + o) },
				func(_, m string) *answer { return b.get(paths.Find + "?q=" + m) },
				func(o, _ string) *answer { return b.get(paths.Own(paths.Account, o)) },
				func(o, _ string) *answer { return b.get(paths.Own(paths.AccountSessions, o)) },
				func(o, _ string) *answer { return b.post(paths.AccountName, values("name", "X", "organization", o)) },
				func(o, _ string) *answer { return b.get(paths.LoginMFAFor(o, "")) },
				func(o, _ string) *answer { return b.get(paths.LoginMoreFor(o)) },
				func(o, _ string) *answer {
					return b.post(paths.LoginMFA, values("organization_id", o, "method", "totp", "code", "123456"))
				},
				func(o, _ string) *answer {
					return b.post(paths.LoginMore, values("organization_id", o, "method", "link"))
				},
			}
			for i, visit := range visits {
				yes, no := visit(there, member), visit(missingOrganization, missingMember)
				if yes.status != no.status {
					t.Errorf("visit %d: status %d where it exists, %d where not", i, yes.status, no.status)
				}
				if yes.same(there, member) != no.same(missingOrganization, missingMember) {
					t.Errorf("visit %d: the pages differ: %q and %q", i, yes.h1(), no.h1())
				}
				if got, want := asJSON(t, yes.operations()), asJSON(t, no.operations()); got != want {
					t.Errorf("visit %d: calls %s where it exists, %s where not", i, got, want)
				}
				if len(yes.body) != len(no.body) {
					t.Errorf("visit %d: %d bytes where it exists, %d where not", i, len(yes.body), len(no.body))
				}
			}
		})
	}
}
