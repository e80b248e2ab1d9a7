package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// elsewhere calls the upstream past the console, with the project's secret, as another program of the operator's would.
func (f *fixture) elsewhere(method, path string, body any) {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, path, strings.NewReader(asJSON(f.t, body)))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(f.sandbox.ProjectID(), f.sandbox.Secret())
	w := httptest.NewRecorder()
	f.sandbox.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		f.t.Fatalf("%s %s: status %d: %s", method, path, w.Code, w.Body)
	}
}

// endElsewhere ends all sessions of ada in an organization, past the console.
func (f *fixture) endElsewhere(slug string) {
	f.t.Helper()
	f.elsewhere(http.MethodPost, "/v1/b2b/sessions/revoke", map[string]string{"member_id": f.member(slug, ada)})
}

// demote takes all roles from ada that she was given in an organization.
func (f *fixture) demote(slug string) {
	f.t.Helper()
	path := "/v1/b2b/organizations/" + f.organization(slug) + "/members/" + f.member(slug, ada)
	f.elsewhere(http.MethodPut, path, map[string][]string{"roles": {}})
}

// remove deletes ada from an organization.
func (f *fixture) remove(slug string) {
	f.t.Helper()
	if err := f.sandbox.RemoveMember(slug, ada); err != nil {
		f.t.Fatal(err)
	}
}

// nameOf is the name that ada has in an organization, as a sign-in from elsewhere finds it.
func (f *fixture) nameOf(slug string) string {
	f.t.Helper()
	b := f.fresh()
	b.discover(ada)
	b.post(paths.LoginOrganizations, choose(slug)(b)).want(http.StatusSeeOther)
	return b.get(paths.Account).want(http.StatusOK).doc().Find("main input[name=name]").AttrOr("value", "")
}

// What changes upstream counts for the very next act: nothing of a person is kept that could let them in longer.
func TestUpstreamChangesCountAtOnce(t *testing.T) {
	t.Parallel()
	acme := func(f *fixture) string { return paths.Organization(f.organization("acme")) }
	members := func(f *fixture) string { return paths.Members(f.organization("acme")) }
	member := memberOf("acme", olivia)
	tests := []struct {
		name   string
		who    func(*fixture) *browser
		change func(*fixture)
		path   func(*fixture) string
		form   url.Values
		status int
		says   string
	}{
		{"role lowered, a read", signed(ada, "support-desk", "acme"), func(f *fixture) { f.demote("acme") }, members, nil, http.StatusForbidden, "stytch.member : search"},
		{"role lowered, another read", signed(ada, "support-desk", "acme"), func(f *fixture) { f.demote("acme") }, member, nil, http.StatusForbidden, "You may not see this member"},
		{"staff role lowered", signed(ada, "support-desk"), func(f *fixture) { f.demote("support-desk") }, place(paths.Organizations), nil, http.StatusForbidden, "console-organizations : search"},
		{"staff role lowered, its tenant", signed(ada, "support-desk", "acme"), func(f *fixture) { f.demote("support-desk") }, place(paths.Find + "?q=acme"), nil, http.StatusForbidden, "console-organizations : get"},
		{"deleted at home, a page", signed(ada, "support-desk", "acme"), func(f *fixture) { f.remove("support-desk") }, place(paths.Account), nil, http.StatusSeeOther, ""},
		{"deleted at home, a form", signed(ada, "support-desk", "acme"), func(f *fixture) { f.remove("support-desk") }, place(paths.AccountName), values("name", "Ghost"), http.StatusUnauthorized, "Your session has ended"},
		{"deleted in a tenant, a form", signed(ada, "support-desk", "acme"), func(f *fixture) { f.remove("acme") }, place(paths.AccountName), values("name", "Ghost", "organization", "acme"), http.StatusUnauthorized, "Enter the organization"},
		{"deleted in a tenant, entering", signed(ada, "support-desk"), func(f *fixture) { f.remove("acme") }, inside("acme", paths.Enter), values(), http.StatusForbidden, "You are not a member here"},
		{"revoked at home, a page", signed(ada, "support-desk"), func(f *fixture) { f.endElsewhere("support-desk") }, place(paths.AccountSessions), nil, http.StatusSeeOther, ""},
		{"revoked at home, a form", signed(ada, "support-desk"), func(f *fixture) { f.endElsewhere("support-desk") }, inside("acme", paths.Enter), values(), http.StatusUnauthorized, "Your session has ended"},
		{"revoked in a tenant, a page", signed(ada, "support-desk", "acme"), func(f *fixture) { f.endElsewhere("acme") }, acme, nil, http.StatusSeeOther, ""},
		{"revoked in a tenant, a form", signed(ada, "support-desk", "acme"), func(f *fixture) { f.endElsewhere("acme") }, place(paths.AccountMFA), values("enrolled", "yes", "organization", "acme"), http.StatusUnauthorized, "Enter the organization"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := tt.who(f)
			method, form := http.MethodGet, url.Values(nil)
			if tt.form != nil {
				method, form = http.MethodPost, f.named(tt.form)
			}
			if tt.form == nil {
				b.get(tt.path(f)) // whatever it finds out, it finds out anew
			}
			tt.change(f)
			a := b.do(method, tt.path(f), form).want(tt.status)
			if tt.says != "" {
				a.says(tt.says)
			}
			a.wroteNothing()
		})
	}
}

// named puts the ids of organizations in the place of their slugs.
func (f *fixture) named(form url.Values) url.Values {
	form = url.Values(http.Header(form).Clone())
	for _, name := range []string{"organization", "organization_id"} {
		if slug := form.Get(name); slug != "" {
			form.Set(name, f.organization(slug))
		}
	}
	return form
}

// wroteNothing fails if the page had something changed upstream, or anything secret read. Ending sessions is no such thing.
func (a *answer) wroteNothing() {
	a.t.Helper()
	for _, c := range a.calls() {
		if op := operation(a.t, c.Operation); c.Status == http.StatusOK && op.Row().Kind != stytch.Read && op != stytch.SessionRevoke {
			a.t.Errorf("%s was carried out", c.Operation)
		}
	}
}

func operation(t testing.TB, id string) stytch.Operation {
	t.Helper()
	for _, op := range stytch.Operations() {
		if op.String() == id {
			return op
		}
	}
	t.Fatalf("no operation is called %s", id)
	return 0
}

// The home key gone means signed out, from every tenant as well; another key gone means that one alone.
func TestWhichKeyIsGone(t *testing.T) {
	t.Parallel()
	t.Run("home", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		f.endElsewhere("support-desk")
		b.get(paths.Account).leads(paths.Login)
		for _, path := range []string{paths.Organizations, paths.Organization(f.organization("acme")), paths.Own(paths.Account, f.organization("acme"))} {
			b.get(path).leads(paths.Login)
		}
	})
	t.Run("tenant", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme").enter("umbrella")
		f.endElsewhere("acme")
		there := paths.Own(paths.Account, f.organization("acme"))
		b.get(there).want(http.StatusSeeOther)
		b.get(there).want(http.StatusOK).says("Enter Acme Corporation")
		b.get(paths.Account).want(http.StatusOK)
		b.get(paths.Organization(f.organization("umbrella"))).want(http.StatusOK).saysNot("Enter Umbrella")
	})
}

// A page of one's own acts on the organization that it names, and on no other for want of a key to it.
func TestOwnPagesNameTheirOrganization(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme, umbrella := f.organization("acme"), f.organization("umbrella")
	staff := f.organization("support-desk")
	for _, tt := range []struct {
		named  string
		status int
		target string // the organization whose session the act carries; "" for no act
	}{
		{"", http.StatusSeeOther, staff},
		{staff, http.StatusSeeOther, staff},
		{acme, http.StatusSeeOther, acme},
		{umbrella, http.StatusUnauthorized, ""},
		{missingOrganization, http.StatusUnauthorized, ""},
		{"acme", http.StatusNotFound, ""},
		{acme + "x", http.StatusNotFound, ""},
		{acme + "/../" + staff, http.StatusNotFound, ""},
	} {
		for where, send := range map[string]func() *answer{
			"form":  func() *answer { return b.post(paths.AccountName, values("name", "Ada", "organization", tt.named)) },
			"query": func() *answer { return b.post(paths.Own(paths.AccountName, tt.named), values("name", "Ada")) },
		} {
			a := send().want(tt.status)
			var targets []string
			for _, c := range a.calls() {
				targets = append(targets, c.OrganizationID)
			}
			if got := strings.Join(targets, " "); got != tt.target {
				t.Errorf("%q in the %s: acts with the session of %q, want %q", tt.named, where, got, tt.target)
			}
		}
	}
	// What the form says counts, whatever the address says: the form is what was seen.
	a := b.post(paths.Own(paths.AccountName, staff), values("name", "Ada", "organization", acme)).want(http.StatusSeeOther)
	if calls := a.calls(); len(calls) != 1 || calls[0].OrganizationID != acme {
		t.Errorf("it acts with the session of another organization: %+v", calls)
	}
	if to := a.header.Get("Location"); to != paths.Own(paths.Account, acme) {
		t.Errorf("and leads to %s", to)
	}
}
