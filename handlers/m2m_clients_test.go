package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/authz"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// makeMachine makes an M2M client past the console.
func (f *fixture) makeMachine(id, name string, scopes ...string) {
	f.t.Helper()
	body := map[string]any{"client_name": name, "scopes": append([]string{}, scopes...)}
	if id != "" {
		body["client_id"] = id
	}
	f.upstream(http.MethodPost, "/v1/m2m/clients", body)
}

// withoutRights is the console where the support staff may only look at M2M clients, as far as it knows.
func (f *fixture) withoutRights() {
	f.t.Helper()
	o := f.options()
	o.Policy = authz.NewCache(f.t.Context(), func(ctx context.Context) (authz.Policy, error) {
		policy, err := f.loadPolicy(ctx)
		for i := range policy.Roles {
			for j := range policy.Roles[i].Permissions {
				if p := &policy.Roles[i].Permissions[j]; p.Resource == "console-m2m-clients" {
					p.Actions = []string{"search", "get"}
				}
			}
		}
		return policy, err
	}, time.Hour, time.Now)
	if err := o.Policy.Refresh(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	f.handler = handlers.New(o)
}

func TestM2MClientFilters(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.makeMachine("comma", "Import, nightly", "read:documents")
	b := f.signIn(ada, "support-desk")
	for _, c := range []filtering{
		{field: "name", value: "Import, nightly", found: []string{"Import, nightly"}, label: "Name is"},
		{field: "name", value: "Import", found: nil, label: "Name is"},
		{field: "id", value: legacy, found: []string{"Legacy sync"}, label: "Client id is"},
		{field: "scope", value: "write:documents", found: []string{importer}, label: "Has the scope"},
		{field: "scope", value: "write:documents <b>everything</b>", found: []string{markup, importer}, label: "Has the scope"},
		{field: "scope", value: strings.Repeat("a ", 101), refused: "Give at most 100 of them."},
	} {
		c.value = strings.TrimSpace(c.value)
		c.check(t, b, paths.M2MClients)
	}
	// All of them must match.
	a := b.get(paths.M2MClients + "?scope=read%3Adocuments&id=" + legacy).want(http.StatusOK)
	if got := rows(a); len(got) != 1 || got[0] != "Legacy sync" {
		t.Errorf("both together find %q", got)
	}
	b.get(paths.M2MClients + "?name=nobody").want(http.StatusOK).says("No M2M client matches")
}

// TestM2MClientList: each row leads to its client and says how it stands; its markup is text.
func TestM2MClientList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	a := f.signIn(ada, "support-desk").get(paths.M2MClients).want(http.StatusOK)
	a.harmless("list")
	for name, want := range map[string][]string{
		importer:      {machineIDs()[importer], "Active", "read:billing", "+1", "Half rotated"},
		"Legacy sync": {legacy, "Inactive", "read:documents", "One"},
		markup:        {machineIDs()[markup], "<b>everything</b>"},
	} {
		row := a.doc().Find(`main tr:has(a[href="` + paths.M2MClient(want[0]) + `"])`)
		if row.Length() != 1 || !strings.Contains(row.Find("th").Text(), name) || row.Find(".copy").AttrOr("value", "") != want[0] {
			t.Errorf("%s: %d rows, %q", name, row.Length(), row.Text())
		}
		for _, words := range want[1:] {
			if !strings.Contains(row.Text(), words) {
				t.Errorf("%s: the row does not say %q: %q", name, words, row.Text())
			}
		}
	}
	none := newFixture(t, setup{noStaff: true})
	none.signIn(ada, "support-desk").get(paths.M2MClients).want(http.StatusNotFound)
	none.signIn(ada, "support-desk").get(paths.Project).want(http.StatusNotFound)
}

// TestM2MClientPages goes through more clients than a page has.
func TestM2MClientPages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for i := range 60 {
		f.makeMachine("", fmt.Sprintf("Worker %02d", i))
	}
	b := f.signIn(ada, "support-desk")
	first := b.get(paths.M2MClients).want(http.StatusOK).says("Rows 1 to 50").says("64 in all")
	next := first.doc().Find("nav.pager a:contains('Next')").AttrOr("href", "")
	second := b.get(next).want(http.StatusOK).says("Rows 51 to 64").says("Worker 59")
	if back := second.doc().Find("nav.pager a:contains('Back')").AttrOr("href", ""); back != paths.M2MClients {
		t.Errorf("back leads to %q", back)
	}
	if n := len(rows(first)) + len(rows(second)); n != 64 {
		t.Errorf("%d rows", n)
	}
	b.get(paths.M2MClients + "?cursor=nonsense").want(http.StatusUnprocessableEntity).says("Stytch does not take this search")
	// The part alone, for the script.
	part := b.get(next, "HX-Request", "true", "HX-Request-Type", "partial").want(http.StatusOK)
	if part.doc().Find("nav#nav").Length() > 0 || part.doc().Find("#m2m-clients").Length() != 1 {
		t.Error("the part is a page")
	}
}

func TestM2MClientSearchBudget(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{budget: 2, perSession: 1})
	b := f.signIn(ada, "support-desk")
	b.get(paths.M2MClients + "?name=a").want(http.StatusOK)
	a := b.get(paths.M2MClients + "?name=Nightly+export").want(http.StatusTooManyRequests).says("The searches of this minute are used up.")
	if a.hasCalled(stytch.M2MClientsSearch) || a.doc().Find("#f-name").AttrOr("value", "") != exporter {
		t.Error("searched all the same, or the filter is lost")
	}
}

// TestM2MClientIDsOfAnyShape: an id of somebody's own choosing stays in its place in an address.
func TestM2MClientIDsOfAnyShape(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, id := range []string{"new", "...", "~", "a.b-c_d", strings.Repeat("x", 128)} {
		f.makeMachine(id, "Called "+id[:min(len(id), 9)], "a")
	}
	b := f.signIn(ada, "support-desk")
	for _, id := range []string{"new", "...", "~", "a.b-c_d", strings.Repeat("x", 128)} {
		name := "Called " + id[:min(len(id), 9)]
		if a := b.get(paths.M2MClient(id)).want(http.StatusOK); a.h1() != name {
			t.Errorf("%s: %q", id, a.h1())
		}
		form := b.get(paths.M2MClientEdit(id, "name")).want(http.StatusOK).formWith("client_description", "seen")
		b.post(paths.M2MClientEdit(id, "name"), form).leads(paths.M2MClient(id))
		b.post(paths.M2MClientDelete(id), values("typed", name)).leads(paths.M2MClients)
		if got := f.machine(id); got.ID != "" {
			t.Errorf("%s is still there", id)
		}
	}
	b.get(paths.M2MClientNew).want(http.StatusOK).says("New M2M client")
	// What cannot be an id is nothing, and nobody is asked; what can be one is asked for whole.
	for _, path := range []string{"/m2m-clients/..%2f", "/m2m-clients/%2e%2e", "/m2m-clients/.", "/m2m-clients/%ff", "/m2m-clients/%00", "/m2m-clients/" + strings.Repeat("x", 129)} {
		a := b.get(path)
		if a.status != http.StatusNotFound || strings.HasPrefix(path, "/m2m-clients/.") && a.hasCalled(stytch.M2MClientsSearch) {
			t.Errorf("%s: status %d", path, a.status)
		}
		a.harmless(path)
	}
	for _, id := range []string{"a/b", "a b", "a%2fb", "?x", "#", "ä", "<b>"} {
		a := b.get(paths.M2MClient(id)).want(http.StatusNotFound)
		if !a.hasCalled(stytch.M2MClientGet) {
			t.Errorf("%q: the upstream was not asked", id)
		}
		a.harmless(id)
	}
}

// TestM2MClientPage says what is known of a client, and what its tokens do.
func TestM2MClientPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	a := b.get(paths.M2MClient(machineIDs()[importer])).want(http.StatusOK)
	for _, words := range []string{
		"The secret of this client is half changed.", "Reads invoices every hour.", "read:billing, write:documents", "up to an hour", "Active: it gets tokens",
	} {
		a.says(words)
	}
	for _, path := range []string{"", "/edit/name", "/edit/scopes", "/edit/status", "/edit/metadata", "/secret", "/delete"} {
		b.get(paths.M2MClient(machineIDs()[importer]) + path).want(http.StatusOK).says("The secret of this client is half changed.")
	}
	b.get(paths.M2MClient(machineIDs()[exporter])).want(http.StatusOK).saysNot("half changed")
	for _, group := range []string{"name", "scopes", "status", "metadata"} {
		if href := a.doc().Find(`main a[href="` + paths.M2MClientEdit(machineIDs()[importer], group) + `"]`); href.Length() != 1 {
			t.Errorf("%d ways to %s", href.Length(), group)
		}
	}
	// Who may look and not change is told what is missing.
	f.withoutRights()
	a = b.get(paths.M2MClient(legacy)).want(http.StatusOK)
	for _, action := range []string{"update", "delete", "rotate-secret"} {
		a.says("console-m2m-clients : " + action)
	}
	if n := a.doc().Find("main a[href*='/edit/'], main a[href*='/delete'], main a[href*='/secret']").Length(); n > 0 {
		t.Errorf("%d ways to change it", n)
	}
	b.get(paths.M2MClientEdit(legacy, "name")).want(http.StatusOK).says("Read only.")
	b.get(paths.M2MClients).says("console-m2m-clients : create")
	b.get(paths.M2MClientNew).says("console-m2m-clients : create")
	b.get(paths.M2MClientDelete(legacy)).says("console-m2m-clients : delete")
}
