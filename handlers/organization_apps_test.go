package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// cells are the texts of a column of the first table in an element, from the top.
func (a *answer) cells(selector string) []string {
	a.t.Helper()
	var out []string
	for _, e := range a.doc().Find(selector).EachIter() {
		out = append(out, strings.Join(strings.Fields(e.Text()), " "))
	}
	return out
}

func TestOrganizationApps(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := olivias(f)
	page := b.get(acmesApps(f)).want(http.StatusOK)
	want := []string{warehouse, "Mobile app", "Report builder", "Desktop app", "Ledgerly", "Notebook CLI"}
	if got := page.cells("section[aria-labelledby=apps] tbody a.row"); !slices.Equal(got, want) {
		t.Errorf("it lists %q, want %q", got, want)
	}
	page.says("The operator's own").says("Another company's").says("Bookkeeping from your invoices.")
	policy := page.doc().Find("section[aria-labelledby=policy]")
	for _, words := range []string{"Only the 3 on the list", "Ledgerly", "Notebook CLI", "Nobody here let it in"} {
		if !strings.Contains(policy.Text(), words) {
			t.Errorf("the policy does not say %q: %q", words, policy.Text())
		}
	}
	if href := policy.Find("a.btn").AttrOr("href", ""); href != settingsAt("apps")(f) {
		t.Errorf("the policy is changed at %q", href)
	}
	if got := page.cells("nav#nav a[aria-current=page]"); !slices.Equal(got, []string{"Connected Apps"}) {
		t.Errorf("the navigation marks %q", got)
	}
	if n := b.get(inside("acme", paths.Organization)(f)).doc().Find(`main dl.strip a[href="` + acmesApps(f) + `"]`).Length(); n != 1 {
		t.Errorf("the overview has %d links to the apps", n)
	}
	// A tenant whose members let nothing in says what would make an app appear.
	signed(sam, "support-desk", "linden")(f).get(inside("linden", paths.OrganizationApps)(f)).want(http.StatusOK)
	empty := f.signIn(ada, "support-desk").get(inside("support-desk", paths.OrganizationApps)(f)).want(http.StatusOK)
	empty.says("No app is let in").says("once a member of this organization signs in to it")
}

func TestOrganizationApp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := olivias(f)
	page := b.get(warehouseAt(f)).want(http.StatusOK).says("Caleb Stone").says(caleb).says("See your e-mail address").says("5 in all")
	if n := occurrences(page.operations(), stytch.MembersSearch.String()); n != 1 {
		t.Errorf("%d searches for the names, want 1", n)
	}
	if n := page.doc().Find("main form.pick input[name=member]").Length(); n != 5 {
		t.Errorf("%d members can be ticked, want 5", n)
	}
	// What stands out has a word, a shape and a colour.
	desktop := b.get(paths.OrganizationApp(f.organization("acme"), appNamed(t, "Desktop app"))).want(http.StatusOK)
	if got := desktop.cells(".scopes li:first-child .st.bad"); len(got) != 2 || got[0] != "Do everything that you can do, as you" {
		t.Errorf("full access is drawn as %q", got)
	}
	mobile := b.get(paths.OrganizationApp(f.organization("acme"), appNamed(t, "Mobile app"))).want(http.StatusOK)
	if got := mobile.cells(".scopes li:first-child .st.warn"); len(got) != 6 || !strings.HasPrefix(got[0], "Stay connected") {
		t.Errorf("offline access is drawn as %q", got)
	}
	b.get(nobodysAppAt(f)).want(http.StatusNotFound).says("Nobody here has let this app in")
	for _, id := range []string{"x", "..%2f..", "connected-app-test-1", "member-test-00000000-0000-4000-8000-000000000000"} {
		if a := b.get(acmesApps(f) + "/" + id).want(http.StatusNotFound); len(a.calls()) > 0 {
			t.Errorf("%s: calls %v", id, a.operations())
		}
	}
}

// A page begins at the number of a row; one beyond the end is the first.
func TestOrganizationAppPages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := olivias(f)
	for from, want := range map[string]int{"": 5, "1": 5, "2": 4, "5": 1, "6": 5, "0": 5, "-3": 5, "x": 5, "99999999999999999999": 5} {
		page := b.get(warehouseAt(f) + "?from=" + from).want(http.StatusOK)
		if n := page.doc().Find("main input[name=member]").Length(); n != want {
			t.Errorf("from %q: %d members, want %d", from, n, want)
		}
	}
	part := b.get(warehouseAt(f)+"?from=2", "HX-Request", "true", "HX-Request-Type", "partial").want(http.StatusOK)
	if part.doc().Find("#app-members").Length() != 1 || part.doc().Find("nav#nav").Length() != 0 {
		t.Errorf("the part is not one: %.200s", part.body)
	}
}

// Without the names the ids stand there, and everything else works.
func TestOrganizationAppWithoutNames(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := olivias(f)
	calebs := f.member("acme", caleb)
	f.fault(sandbox.Fault{Operation: stytch.MembersSearch.String(), Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests})
	b.get(warehouseAt(f)).want(http.StatusOK).says(calebs).says("Their names could not be read").saysNot("Caleb")
	b.get(revokeAsked(f)).want(http.StatusOK).says(calebs).says("Revoke for 2")
	f.sandbox.ClearFaults()
	// Whose roles do not carry the search is not sent to it.
	a := f.signIn(aaron, "acme").get(warehouseAt(f)).want(http.StatusOK).says("Members are shown by their ids.").says("stytch.member : search").saysNot("Caleb")
	if slices.Contains(a.operations(), stytch.MembersSearch.String()) {
		t.Error("a search goes out that will be refused")
	}
	if a.says("stytch.member : revoke.connected-app").doc().Find("main input[name=member]").Length() != 0 {
		t.Error("it offers to revoke what will be refused")
	}
}

func TestOrganizationAppRevoke(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	asked := b.get(revokeAsked(f)).want(http.StatusOK).says("Revoke Warehouse Sync?").says("Caleb Stone").says("Hana Suzuki").saysNot("Kofi").says("See your name and picture").says("Revoke for 2")
	asked.wroteNothing()
	sent := url.Values{}
	for _, in := range asked.doc().Find("main form input[type=hidden]").EachIter() {
		sent.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	a := b.post(revokeAt(f), sent).want(http.StatusOK).says("2 steps are done.")
	if got := a.writesOf(); !slices.Equal(got, []string{stytch.MemberAppRevoke.String(), stytch.MemberAppRevoke.String()}) {
		t.Errorf("it writes %v", got)
	}
	if texts, states := a.receipts(); len(texts) != 2 || slices.ContainsFunc(states, func(s string) bool { return s != "Done" }) || strings.Count(a.body, "request-id-test-") < 2 {
		t.Errorf("receipts %q are %q", texts, states)
	}
	b.get(warehouseAt(f)).want(http.StatusOK).saysNot("Caleb").saysNot("Hana").says("Kofi").says("3 in all")
	// The same form acts once, and what is revoked is not revoked again.
	if second := b.post(revokeAt(f), sent); second.body != a.body || len(second.writesOf()) > 0 {
		t.Errorf("the second arrival does %v", second.writesOf())
	}
	b.get(revokeAsked(f)).leads(warehouseAt(f))
	b.post(revokeAt(f), membersNamed(f, caleb)).leads(warehouseAt(f)).wroteNothing()
	mixed := b.post(revokeAt(f), membersNamed(f, caleb, kofi)).want(http.StatusOK).says("1 had nothing to do")
	if got := mixed.writesOf(); len(got) != 1 {
		t.Errorf("it writes %v for one who is gone and one who is not", got)
	}
}

// onSecond lets an operation through once, and has a fault at its second call.
func (f *tapped) onSecond(op stytch.Operation, fault sandbox.Fault) {
	fault.Operation, fault.Count = op.String(), 1
	f.tap.hook(func(operation string) {
		if operation == op.String() {
			f.tap.hook(nil)
			f.fault(fault)
		}
	})
}

// endFor ends all sessions of a member of acme, past the console.
func (f *fixture) endFor(email string) {
	f.t.Helper()
	f.elsewhere(http.MethodPost, "/v1/b2b/sessions/revoke", map[string]string{"member_id": f.member("acme", email)})
}

// TestOrganizationAppRevokeGoesOn fails the second of three in every way, and finishes it with the form of the page.
func TestOrganizationAppRevokeGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault       sandbox.Fault
		state, says string
		// done says that it was carried out all the same.
		done bool
	}{
		"refused":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusForbidden, ErrorType: "session_authorization_error"}, "Failed", "You need stytch.member : revoke.connected-app.", false},
		"limited":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests}, "Failed", "Stytch asks to slow down", false},
		"faulty":   {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError}, "Unknown", "The app is still let in.", false},
		"lost":     {sandbox.Fault{Kind: sandbox.FaultHalf}, "Unknown", "The app is not let in any more.", true},
		"not sent": {sandbox.Fault{Kind: sandbox.FaultReset}, "Unknown", "nobody knows whether it was done", false},
		"gone":     {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusNotFound, ErrorType: "connected_app_not_found"}, "Nothing to do", "It was gone already.", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTapped(t, setup{unchecked: true}, nil)
			b := adasAcme(f.fixture)
			sent := membersNamed(f.fixture, caleb, hana, kofi)
			ids := slices.Sorted(slices.Values(sent["member"]))
			f.onSecond(stytch.MemberAppRevoke, c.fault)
			a := b.post(revokeAt(f.fixture), sent).want(http.StatusOK).says(c.says)
			f.sandbox.ClearFaults()
			texts, states := a.receipts()
			if !slices.Equal(states, []string{"Done", c.state, "Done"}) {
				t.Fatalf("receipts %q are %q", texts, states)
			}
			if c.state == "Nothing to do" {
				return
			}
			again := a.resume()
			if got := again["member"]; !slices.Equal(got, ids[1:2]) {
				t.Errorf("the form goes on with %v, want %v", got, ids[1:2])
			}
			next := b.post(revokeAt(f.fixture), again)
			if c.done {
				next.leads(warehouseAt(f.fixture)).wroteNothing()
				return
			}
			if got := next.want(http.StatusOK).says("1 step is done.").writesOf(); len(got) != 1 {
				t.Errorf("going on does %v", got)
			}
		})
	}
}

// Only members who have let the app in are sent, however many a request names, and no more than a page of them.
func TestOrganizationAppRevokeIsBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	many := url.Values{}
	for i := range 51 {
		many.Add("member", "member-test-00000000-0000-4000-8000-0000000000"+string([]byte{byte('0' + i/10), byte('0' + i%10)}))
	}
	b.get(revokeAt(f) + "?" + many.Encode()).want(http.StatusUnprocessableEntity).says("At most 50 members at once.")
	b.post(revokeAt(f), many).want(http.StatusUnprocessableEntity).says("Nothing was done.").wroteNothing()
	for name, sent := range map[string]url.Values{
		"nobody": {}, "no id": {"member": {"", "x", "../../members", "member-test-1"}}, "one who has not": membersNamed(f, tom),
		"of another organization": {"member": {f.member("umbrella", "alice.abernathy@umbrella.example")}},
	} {
		a := b.post(revokeAt(f), sent).leads(warehouseAt(f))
		if a.wroteNothing(); len(a.writesOf()) > 0 {
			t.Errorf("%s: sends %v", name, a.writesOf())
		}
		b.get(revokeAt(f) + "?" + sent.Encode()).leads(warehouseAt(f))
	}
}

// TestOrganizationAppsAreGuarded visits each route as somebody who asks about another organization, and whose session is over.
func TestOrganizationAppsAreGuarded(t *testing.T) {
	t.Parallel()
	foreign := func(path func(string) string) func(*fixture) string { return inside("umbrella", path) }
	for name, c := range map[string]struct {
		path    func(*fixture) string
		foreign func(*fixture) string
		post    bool
	}{
		"apps":    {acmesApps, foreign(paths.OrganizationApps), false},
		"app":     {warehouseAt, foreign(func(id string) string { return paths.OrganizationApp(id, noApp) }), false},
		"asked":   {revokeAsked, foreign(func(id string) string { return paths.OrganizationAppRevoke(id, noApp) }), false},
		"revoked": {revokeAt, foreign(func(id string) string { return paths.OrganizationAppRevoke(id, noApp) }), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := olivias(f)
			sent := membersNamed(f, caleb)
			send := func(path string) *answer {
				if c.post {
					return b.post(path, sent)
				}
				return b.get(path)
			}
			a := send(c.foreign(f))
			if want := map[bool]int{true: http.StatusUnauthorized, false: http.StatusForbidden}[c.post]; a.status != want || slices.Contains(a.operations(), stytch.OrganizationAppGet.String()) {
				t.Errorf("another organization: status %d, calls %v", a.status, a.operations())
			}
			a.wroteNothing()
			f.endFor(olivia)
			a = send(c.path(f))
			if want := map[bool]int{true: http.StatusUnauthorized, false: http.StatusSeeOther}[c.post]; a.status != want {
				t.Errorf("session over: status %d, want %d", a.status, want)
			}
			a.wroteNothing()
		})
	}
}

// TestAppPolicyPreview says by name what a narrower policy takes out, and what it does where that cannot be read.
func TestAppPolicyPreview(t *testing.T) {
	t.Parallel()
	const first, third, listed = "first_party_connected_apps_allowed_type", "third_party_connected_apps_allowed_type", "allowed_third_party_connected_apps"
	f := newFixture(t, setup{})
	b := olivias(f)
	at := settingsAt("apps")(f)
	review := func(pairs ...string) *answer {
		t.Helper()
		_, form := b.group("acme", "apps", pairs...)
		a := b.post(at, form).want(http.StatusOK)
		a.wroteNothing()
		return a
	}
	review(first, "NOT_ALLOWED").says("“Warehouse Sync” is taken out here").says("“Desktop app” is taken out here").saysNot("“Ledgerly”").saysNot("Apps that are not allowed any more")
	review(third, "NOT_ALLOWED").says("“Ledgerly” is taken out here").says("“Notebook CLI” is taken out here").saysNot("“Warehouse Sync”")
	review(listed, appNamed(t, "Ledgerly")).says("“Notebook CLI” is taken out here").saysNot("“Ledgerly” is")
	review(listed, appNamed(t, "Ledgerly")+"\n"+appNamed(t, "Notebook CLI")).says("No app that members have let in is taken out by this.")
	if a := review(third, "ALL_ALLOWED"); slices.Contains(a.operations(), stytch.ConnectedAppsList.String()) || a.doc().Find("main ul.list li").Length() > 0 {
		t.Error("a wider policy has effects, or reads the apps")
	}
	f.fault(sandbox.Fault{Operation: stytch.ConnectedAppsList.String(), Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests})
	review(first, "NOT_ALLOWED").says("Apps that are not allowed any more are taken out here").saysNot("Warehouse")
}
