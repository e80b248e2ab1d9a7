package handlers_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/apprequest"
	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// clientID is the id of a client of the seed by its name.
func (f *fixture) clientID(name string) string {
	f.t.Helper()
	got := f.upstream(http.MethodPost, "/v1/connected_apps/clients/search", map[string]any{"limit": 100})
	clients, _ := got["connected_apps"].([]any)
	for _, one := range clients {
		client, _ := one.(map[string]any)
		if id, ok := client["client_id"].(string); ok && client["client_name"] == name {
			return id
		}
	}
	f.t.Fatalf("there is no client %q", name)
	return ""
}

// configureOrganization changes an organization as another program of the operator's would.
func (f *fixture) configureOrganization(slug string, fields map[string]any) {
	f.t.Helper()
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.organization(slug), fields)
}

// acmesPolicy is which apps acme allows.
func (f *fixture) acmesPolicy() string {
	f.t.Helper()
	got := f.upstream(http.MethodGet, "/v1/b2b/organizations/"+f.organization("acme"), struct{}{})
	org, _ := got["organization"].(map[string]any)
	return asJSON(f.t, []any{
		org["first_party_connected_apps_allowed_type"], org["allowed_first_party_connected_apps"],
		org["third_party_connected_apps_allowed_type"], org["allowed_third_party_connected_apps"],
	})
}

// request opens a request of a member, as if they had asked some time ago.
func (f *fixture) request(slug, email, clientID string, change ...func(*apprequest.Request)) {
	f.t.Helper()
	r := apprequest.Request{
		OrganizationID: f.organization(slug), MemberID: f.member(slug, email), Email: email, ClientID: clientID, ClientName: "Notes", RedirectHost: "notes.example",
	}
	for _, one := range change {
		one(&r)
	}
	if isNew, err := f.store.AppRequests().Ask(f.t.Context(), r); err != nil || !isNew {
		f.t.Fatalf("new %t, %v", isNew, err)
	}
}

func fromHost(name, host string) func(*apprequest.Request) {
	return func(r *apprequest.Request) { r.ClientName, r.RedirectHost = name, host }
}

func firstParty(r *apprequest.Request) { r.FirstParty = true }

// asks is the part of a page about what members asked for.
func (a *answer) asks() string { return a.text("section[aria-labelledby=asks]") }

// Whoever may change the policy sees who asked for what, and nobody else does; for those who cannot, nothing is asked upstream.
func TestAppRequestsAreSeen(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.request("acme", tom, notesApp)
	acme := paths.OrganizationApps(f.organization("acme"))
	for _, c := range []struct {
		name  string
		who   *browser
		sees  bool
		check string // the permission that is asked for; "" for none
	}{
		{"an admin of the tenant", f.signIn(olivia, "acme"), true, "stytch.organization *"},
		{"an ordinary member", f.signIn(tom, "acme"), false, ""},
		{"support with the role", f.signIn(ada, "support-desk").enter("acme"), true, "console-organizations update-app-policy"},
		{"support without the role", f.signIn(sam, "support-desk").enter("acme"), false, ""},
	} {
		a := c.who.get(acme).want(http.StatusOK)
		if sees := strings.Contains(a.asks(), "notes.example"); sees != c.sees {
			t.Errorf("%s sees them: %t; %q", c.name, sees, a.asks())
		}
		var checks []string
		for _, call := range a.calls() {
			if call.AuthorizationCheck != nil {
				checks = append(checks, call.AuthorizationCheck.ResourceID+" "+call.AuthorizationCheck.Action)
			}
		}
		if got := slices.DeleteFunc(checks, func(s string) bool { return !strings.Contains(s, "organization") }); strings.Join(got, ", ") != c.check {
			t.Errorf("%s: %q is asked for, want %q", c.name, got, c.check)
		}
	}
}

func TestAppRequestsAreGrouped(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	admin := f.signIn(olivia, "acme")
	page := paths.OrganizationApps(f.organization("acme"))
	if text := admin.get(page).want(http.StatusOK).asks(); !strings.Contains(text, "Nobody asked for an app") {
		t.Errorf("an empty part says %q", text)
	}
	f.configureOrganization("acme", map[string]any{"first_party_connected_apps_allowed_type": "NOT_ALLOWED"})
	f.request("acme", tom, notesApp)
	f.ahead.Add(int64(time.Minute))
	f.request("acme", olivia, badApp, fromHost("<b>Evil</b>\u202e", "evil.example"), firstParty)
	f.ahead.Add(int64(time.Minute))
	f.request("acme", "hana.suzuki@acme.example", notesApp, fromHost("Notes 2", "notes-2.example"))
	f.request("globex", hank, badApp)
	a := admin.get(page).want(http.StatusOK)
	apps := a.doc().Find("section[aria-labelledby=asks] .list > li")
	if apps.Length() != 2 {
		t.Fatalf("%d apps: %s", apps.Length(), a.asks())
	}
	says := func(i int) string { return strings.Join(strings.Fields(apps.Eq(i).Text()), " ") }
	for i, want := range [][]string{
		{"Notes 2", "notes.example", "notes-2.example", "Another company's", notesApp, tom, "hana.suzuki@acme.example"},
		{"<b>Evil</b>U+202E", "evil.example", "The operator's own", badApp, olivia},
	} {
		for _, words := range want {
			if !strings.Contains(says(i), words) {
				t.Errorf("app %d does not say %q: %s", i, words, says(i))
			}
		}
		id := []string{notesApp, badApp}[i]
		if href := apps.Eq(i).Find("a.btn").AttrOr("href", ""); href != paths.SettingsAllow(f.organization("acme"), id, i == 1) {
			t.Errorf("app %d is allowed at %q", i, href)
		}
		if action := apps.Eq(i).Find("form").AttrOr("action", ""); action != paths.AppRequest(f.organization("acme"), id) {
			t.Errorf("app %d is dismissed at %q", i, action)
		}
	}
	a.saysNot("hank@globex.example")
	// Who acts as somebody else sees what they see, and decides nothing.
	acting := f.acting("acme", olivia).get(page).want(http.StatusOK)
	if !strings.Contains(acting.asks(), "notes.example") || acting.doc().Find("section[aria-labelledby=asks] :is(form, a.btn)").Length() != 0 {
		t.Errorf("acting: %s", acting.asks())
	}
	f.ahead.Add(int64(apprequest.Life))
	for slug := range map[string]bool{"acme": true, "globex": true} {
		if left := f.asked(slug); len(left) != 0 {
			t.Errorf("after 30 days: %+v", left)
		}
	}
}

// A part that cannot be read says so, and the rest of the page is there.
func TestAppRequestsFail(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{coldPolicy: true})
	page := paths.OrganizationApps(f.organization("acme"))
	f.request("acme", tom, notesApp)
	// Without a policy nobody knows who may, so the upstream is asked.
	if text := f.signIn(tom, "acme").get(page).want(http.StatusOK).asks(); !strings.Contains(text, "stytch.organization : *") || strings.Contains(text, "notes.example") {
		t.Errorf("refused: %s", text)
	}
	// Where the store fails the rest of the page is there.
	g := newFixture(t, setup{})
	o := g.options()
	o.AppRequests = unreadable{o.AppRequests}
	g.handler = handlers.New(o)
	a := g.signIn(olivia, "acme").get(paths.OrganizationApps(g.organization("acme"))).want(http.StatusOK)
	if text := a.asks(); !strings.Contains(text, "The console failed") {
		t.Errorf("failed: %s", text)
	}
	a.says("Let in by members")
}

// unreadable is a store that cannot be read.
type unreadable struct{ apprequest.Store }

func (unreadable) List(context.Context, string) ([]apprequest.Request, error) {
	return nil, io.ErrUnexpectedEOF
}

// What the policy allows by now is closed when the list is read, by nobody, and recorded.
func TestAllowedAppsAreClosed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	ledgerly := f.clientID("Ledgerly") // on acme's list
	f.request("acme", tom, ledgerly)
	f.request("acme", tom, notesApp)
	f.request("acme", tom, badApp, firstParty) // acme allows all apps of the operator's own
	f.request("acme", olivia, ledgerly)
	text := f.signIn(olivia, "acme").get(paths.OrganizationApps(f.organization("acme"))).want(http.StatusOK).asks()
	if strings.Contains(text, ledgerly) || strings.Contains(text, badApp) || !strings.Contains(text, notesApp) {
		t.Errorf("the part says %s", text)
	}
	if left := f.asked("acme"); len(left) != 1 || left[0].ClientID != notesApp {
		t.Errorf("%+v", left)
	}
	var closed []string
	for _, e := range f.recordedAs(audit.AppRequestsClose) {
		closed = append(closed, e.Target)
		if e.Actor != (stytch.Actor{}) || e.OrganizationID != f.organization("acme") || e.Result != stytch.ResultDone {
			t.Errorf("%+v", e)
		}
	}
	slices.Sort(closed)
	if want := slices.Sorted(slices.Values([]string{ledgerly, badApp})); !slices.Equal(closed, want) {
		t.Errorf("recorded %q, want %q", closed, want)
	}
}

func TestDismissAppRequests(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, email := range []string{tom, olivia} {
		f.request("acme", email, notesApp)
	}
	f.request("acme", tom, badApp)
	acme := f.organization("acme")
	at := paths.AppRequest(acme, notesApp)
	f.signIn(tom, "acme").post(at, values()).want(http.StatusForbidden).says("stytch.organization")
	f.signIn(sam, "support-desk").enter("acme").post(at, values()).want(http.StatusForbidden)
	f.acting("acme", olivia).post(at, values()).want(http.StatusForbidden)
	if n := len(f.asked("acme")); n != 3 {
		t.Fatalf("%d are open after refusals", n)
	}
	admin := f.signIn(olivia, "acme")
	admin.post(paths.AppRequest(acme, "notes"), values()).want(http.StatusNotFound)
	admin.post(at, values()).leads(paths.OrganizationApps(acme))
	admin.get(paths.OrganizationApps(acme)).says("2 requests dismissed.")
	admin.post(at, values()).leads(paths.OrganizationApps(acme))
	admin.get(paths.OrganizationApps(acme)).says("There was no open request for this app any more.")
	f.signIn(ada, "support-desk").enter("acme").post(paths.AppRequest(acme, badApp), values()).leads(paths.OrganizationApps(acme))
	if left := f.asked("acme"); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	entries := f.recordedAs(audit.AppRequestsClose)
	if len(entries) != 3 || entries[0].Actor.Email != ada || entries[1].Actor.Email != olivia || entries[2].Target != notesApp {
		t.Errorf("%+v", entries)
	}
}

func TestDismissOnAFullDisk(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.request("acme", tom, notesApp)
	o := f.options()
	o.AppRequests = fullRequests{o.AppRequests}
	f.handler = handlers.New(o)
	admin := f.signIn(olivia, "acme")
	admin.post(paths.AppRequest(f.organization("acme"), notesApp), values()).want(http.StatusServiceUnavailable).says("cannot keep anything new")
	// What is allowed by now and cannot be closed is not shown all the same.
	f.request("acme", tom, f.clientID("Ledgerly"))
	if text := admin.get(paths.OrganizationApps(f.organization("acme"))).want(http.StatusOK).asks(); !strings.Contains(text, notesApp) || strings.Contains(text, f.clientID("Ledgerly")) {
		t.Errorf("the part says %s", text)
	}
}

// A link fills the form of the policy in, and the form says what it would change; nothing is saved before its preview.
func TestSettingsAllow(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	var listed []string
	for _, name := range []string{"Ledgerly", "Notebook CLI", "Demo app"} {
		listed = append(listed, f.clientID(name))
	}
	list := func(more ...string) string {
		return strings.Join(slices.Sorted(slices.Values(slices.Concat(listed, more))), "\n")
	}
	admin := f.signIn(olivia, "acme")
	for _, c := range []struct {
		name, id           string
		firstParty         bool
		set                map[string]any
		choice, list, says string
	}{
		{"on the list besides", notesApp, false, nil, "RESTRICTED", list(notesApp), "is filled in below"},
		{"on the list already", listed[0], false, nil, "RESTRICTED", list(), "is allowed already"},
		{"all are allowed", notesApp, true, nil, "ALL_ALLOWED", "", "is allowed already"},
		{"no client", "notes", false, nil, "RESTRICTED", list(), ""},
		{"none was allowed", notesApp, false, map[string]any{"third_party_connected_apps_allowed_type": "NOT_ALLOWED"}, "RESTRICTED", notesApp, "is filled in below"},
	} {
		if c.set != nil {
			f.configureOrganization("acme", c.set)
		}
		before := f.acmesPolicy()
		a := admin.get(paths.SettingsAllow(f.organization("acme"), c.id, c.firstParty)).want(http.StatusOK)
		party := "third"
		if c.firstParty {
			party = "first"
		}
		doc := a.doc()
		if got := doc.Find("input[name="+party+"_party_connected_apps_allowed_type]:checked").AttrOr("value", ""); got != c.choice {
			t.Errorf("%s: the choice is %q, want %q", c.name, got, c.choice)
		}
		if got := strings.TrimSpace(doc.Find("textarea[name=allowed_" + party + "_party_connected_apps]").Text()); got != c.list {
			t.Errorf("%s: the list is %q, want %q", c.name, got, c.list)
		}
		if got := a.text(".note[role=status]"); !strings.Contains(got, c.says) || (got == "") != (c.says == "") {
			t.Errorf("%s: it says %q, want %q", c.name, got, c.says)
		}
		if after := f.acmesPolicy(); after != before {
			t.Errorf("%s: opening it changed the policy", c.name)
		}
	}
	// Another group of settings takes no notice.
	a := admin.get(paths.SettingsGroup(f.organization("acme"), "mfa") + "?allow=" + notesApp + "&party=third").want(http.StatusOK)
	if strings.Contains(a.text("main"), notesApp) {
		t.Error("another group of settings fills in an app")
	}
}

// From the list to the policy: allow, review, save; and the request is closed.
func TestAllowEndToEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.request("acme", tom, notesApp)
	b := f.signIn(olivia, "acme")
	page := paths.OrganizationApps(f.organization("acme"))
	form := b.get(page).doc().Find("section[aria-labelledby=asks] a.btn").AttrOr("href", "")
	settings := paths.SettingsGroup(f.organization("acme"), "apps")
	review := b.post(settings, b.fill(form)).want(http.StatusOK)
	if got := review.h1(); got != "Review 1 change" || len(f.asked("acme")) != 1 {
		t.Fatalf("%q; %d are open before it is saved", got, len(f.asked("acme")))
	}
	b.post(settings, review.formWith()).leads(paths.Settings(f.organization("acme")))
	if text := b.get(page).asks(); strings.Contains(text, notesApp) || len(f.asked("acme")) != 0 || !strings.Contains(f.acmesPolicy(), notesApp) {
		t.Errorf("it is still asked for: %s", text)
	}
}

// What a member asked for goes with them.
func TestRequestsOfADeletedMember(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.request("acme", tom, notesApp)
	f.request("acme", olivia, notesApp)
	path := actOn(paths.MemberDeleteRoute, "acme", tom)(f)
	b := f.signIn(olivia, "acme")
	b.post(path, b.get(path).formWith("reason", "left")).want(http.StatusSeeOther)
	if left := f.asked("acme"); len(left) != 1 || left[0].Email != olivia {
		t.Errorf("%+v", left)
	}
}
