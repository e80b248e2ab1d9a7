package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// finding is one thing pasted into the search box.
type finding struct {
	name, q string
	// to is where it leads; empty means that the page of results is shown with this status and these words.
	to     string
	status int
	words  []string
	links  []string
	calls  []stytch.Operation
}

func (c finding) check(t *testing.T, b *browser) {
	t.Helper()
	a := b.get(paths.Find + "?" + url.Values{"q": {c.q}}.Encode())
	var want []string
	for _, o := range c.calls {
		want = append(want, o.String())
	}
	slices.Sort(want)
	if got := a.operations(); !slices.Equal(got, want) {
		t.Errorf("%s: calls %v, want %v", c.name, got, want)
	}
	if c.to != "" {
		if a.status != http.StatusSeeOther || a.header.Get("Location") != c.to {
			t.Errorf("%s: %d to %q, want 303 to %q; h1 %q", c.name, a.status, a.header.Get("Location"), c.to, a.h1())
		}
		return
	}
	if a.status != c.status {
		t.Errorf("%s: status %d, want %d; h1 %q", c.name, a.status, c.status, a.h1())
	}
	for _, words := range c.words {
		a.says(words)
	}
	if got := a.doc().Find("#q").AttrOr("value", ""); got != c.q {
		t.Errorf("%s: the box holds %q", c.name, got)
	}
	for _, link := range c.links {
		if a.doc().Find("main a").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("href", "") == link }).Length() == 0 {
			t.Errorf("%s: no link to %s", c.name, link)
		}
	}
}

func TestFindForStaff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("umbrella")
	umbrella := f.organization("umbrella")
	gone := deletedMember(b, umbrella)
	acme, globex := f.organization("acme"), f.organization("globex")
	tom := f.member("acme", "tom.baker@acme.example")
	check := stytch.SessionAuthenticate
	slug := []stytch.Operation{check, stytch.OrganizationGet}
	email := []stytch.Operation{check, stytch.OrganizationsSearch}
	for _, c := range []finding{
		{name: "nothing", status: http.StatusOK, words: []string{"Nothing was typed"}},
		{name: "organization id", q: acme, to: paths.Organization(acme)},
		{name: "organization id that is nobody's", q: missingOrganization, to: paths.Organization(missingOrganization)},
		{name: "spaces around", q: "  " + acme + " ", to: paths.Organization(acme)},
		{name: "slug", q: "globex", to: paths.Organization(globex), calls: slug},
		{name: "external id", q: "crm-000117", to: paths.Organization(acme), calls: slug},
		{name: "member id", q: tom, to: paths.Member(acme, tom), calls: []stytch.Operation{check, stytch.MemberFind}},
		{name: "deleted member", q: gone, to: paths.Member(umbrella, gone), calls: []stytch.Operation{check, stytch.MemberFind}},
		{name: "member id that is nobody's", q: "member-test-00000000-0000-4000-8000-000000000000", status: http.StatusNotFound, words: []string{"Nothing found", "Looked for all organizations", "Taken for a member id"}, calls: []stytch.Operation{check, stytch.MemberFind}},
		{name: "e-mail of one", q: "tom.baker@acme.example", to: paths.Members(acme) + "?email=tom.baker%40acme.example", calls: email},
		{name: "e-mail of several", q: ada, status: http.StatusOK, words: []string{"Acme Corporation", "Globex", "Taken for an e-mail address"}, links: []string{paths.Members(acme) + "?email=ada%40support.example"}, calls: email},
		{name: "e-mail of nobody", q: "nobody@nowhere.example", status: http.StatusNotFound, words: []string{"Nothing found", "by e-mail address"}, calls: email},
		{name: "a name", q: "Acme Corporation", status: http.StatusOK, words: []string{"Organizations whose name contains Acme Corporation"}, links: []string{paths.Organizations + "?name=Acme+Corporation"}},
		{name: "a slug that is nobody's", q: "nobody-here", status: http.StatusOK, words: []string{"Organizations whose name contains nobody-here"}, links: []string{paths.Organizations + "?name=nobody-here"}, calls: slug},
		{name: "too short for a filter", q: "zq", status: http.StatusNotFound, words: []string{"Nothing found"}, calls: slug},
		{name: "other letters", q: "شركة", status: http.StatusOK, words: []string{"Organizations whose name contains"}},
		{name: "id of something else", q: "saml-connection-test-00000000-0000-4000-8000-000000000000", status: http.StatusOK, words: []string{"whose name contains"}, calls: slug},
	} {
		c.check(t, b)
	}
}

func TestFindForOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "acme") // no staff session: what she may see is what she holds keys to
	acme := f.organization("acme")
	tom := f.member("acme", "tom.baker@acme.example")
	mine := []stytch.Operation{stytch.DiscoveryOrganizations}
	for _, c := range []finding{
		{name: "organization id", q: acme, to: paths.Organization(acme)},
		{name: "slug", q: "acme", to: paths.Organization(acme), calls: mine},
		{name: "slug in capitals", q: "ACME", to: paths.Organization(acme), calls: mine},
		{name: "a part of a name", q: "corporation", status: http.StatusOK, words: []string{"Acme Corporation"}, links: []string{paths.Organization(acme)}, calls: mine},
		{name: "external id is for staff", q: "crm-000117", status: http.StatusNotFound, words: []string{"Nothing found", "organizations by slug"}, calls: mine},
		{name: "slug of others", q: "closed", status: http.StatusNotFound, words: []string{"Nothing found"}, calls: mine},
		{name: "slug of nobody", q: "nobody-here", status: http.StatusNotFound, words: []string{"Nothing found"}, calls: mine},
		{name: "member id", q: tom, to: paths.Member(acme, tom)},
		{name: "e-mail", q: "tom.baker@acme.example", to: paths.Members(acme) + "?email=tom.baker%40acme.example"},
	} {
		c.check(t, b)
	}
	b.enter("harbour")
	for _, c := range []finding{
		{name: "member id, two keys", q: tom, status: http.StatusOK, words: []string{"Look in Acme Corporation", "Look in Harbour Logistics"}, links: []string{paths.Member(acme, tom)}},
		{name: "e-mail, two keys", q: "x@y.example", status: http.StatusOK, words: []string{"Look for x@y.example here"}, links: []string{paths.Members(acme) + "?email=x%40y.example"}},
	} {
		c.check(t, b)
	}
}

// TestBudgetIsSaid: when the searches of a session are spent, nothing is sent, it is said, and what was typed is kept.
func TestBudgetIsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, path, field, value string }{
		{"directory", paths.Organizations + "?name=acme", "input[name=name]", "acme"},
		{"members", "", "input[name=email_contains]", "acme"},
		{"finder", paths.Find + "?q=tom.baker%40acme.example", "#q", "tom.baker@acme.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{budget: 100, perSession: 2})
			b := f.visit("acme")
			if c.path == "" {
				c.path = paths.Members(f.organization("acme")) + "?email_contains=acme"
			}
			for range 2 {
				if a := b.get(c.path); a.status >= 400 {
					t.Fatalf("status %d within the budget", a.status)
				}
			}
			a := b.get(c.path).want(http.StatusTooManyRequests).says("The searches of this minute are used up.")
			for _, call := range a.calls() {
				if call.Operation != stytch.SessionAuthenticate.String() {
					t.Errorf("%s was sent over the budget", call.Operation)
				}
			}
			if got := a.doc().Find(c.field).First().AttrOr("value", ""); got != c.value {
				t.Errorf("what was typed is %q now, want %q", got, c.value)
			}
			// Opening an id still works, and another session has its own share.
			b.get(paths.Find + "?q=" + f.organization("acme")).want(http.StatusSeeOther)
			f.advance(61e9)
			if a := b.get(c.path); a.status >= 400 {
				t.Errorf("status %d a minute later", a.status)
			}
		})
	}
}
