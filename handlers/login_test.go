package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
)

// TestSignIn signs in by every way there is, to the first page of whoever came.
func TestSignIn(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, email, slug, method, organization string }{
		{"discovery by link", ada, "", "link", "support-desk"},
		{"discovery by code", ada, "", "code", "support-desk"},
		{"slug by link", olivia, "acme", "link", "acme"},
		{"slug by code", olivia, "acme", "code", "acme"},
		{"staff slug by code", ada, "support-desk", "code", "support-desk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.browser()
			b.ask(tt.email, tt.slug, tt.method)
			sent := b.get(paths.LoginSent).want(http.StatusOK).says(tt.email)
			if hasField := sent.doc().Find("main input[name=code]").Length() == 1; hasField != (tt.method == "code") {
				t.Errorf("a field for a code: %t", hasField)
			}
			var a *answer
			if tt.method == "link" {
				a = b.post(paths.Authenticate, mailedLink(tt.email)(b))
			} else {
				digits := f.lastMail(tt.email).Code
				a = b.post(paths.LoginCode, values("code", " "+digits[:3]+"-"+digits[3:]+" "))
			}
			want := paths.Organization(f.organization(tt.organization))
			if tt.organization == "support-desk" {
				want = paths.Organizations
			}
			if tt.slug == "" {
				a.leads(paths.LoginOrganizations)
				a = b.post(paths.LoginOrganizations, choose(tt.organization)(b))
			}
			a.leads(want)
			page := b.get(want).want(http.StatusOK)
			if got := page.text(".me .pop p"); !strings.Contains(got, tt.email) {
				t.Errorf("signed in as %q", got)
			}
			if b.cookies["__Host-flow"] != "" {
				t.Error("the flow outlives the sign-in")
			}
			b.get("/").leads(want)
		})
	}
}

func TestCodesThatDoNotWork(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		code func(f *fixture, b *browser, email, slug string) string
		says string
	}{
		{"wrong", func(f *fixture, _ *browser, email, _ string) string { return flipped(f.lastMail(email).Code) }, "not right"},
		{"expired", func(f *fixture, _ *browser, email, _ string) string {
			f.sandbox.Advance(10 * time.Minute)
			return f.lastMail(email).Code
		}, "not right"},
		{"older", func(f *fixture, b *browser, email, slug string) string {
			old := f.lastMail(email).Code
			b.ask(email, slug, "code")
			return old
		}, "not right"},
		{"another's", func(f *fixture, _ *browser, _, slug string) string {
			other := "tom.baker@acme.example"
			f.browser().ask(other, slug, "code")
			return f.lastMail(other).Code
		}, "not right"},
		{"used", func(f *fixture, b *browser, email, _ string) string {
			code := f.lastMail(email).Code
			b.clone().post(paths.LoginCode, values("code", code)).want(http.StatusSeeOther)
			return code
		}, "not right"},
		{"never asked for", func(*fixture, *browser, string, string) string { return "123456" }, "not right"},
		{"empty", func(*fixture, *browser, string, string) string { return "" }, "six digits"},
		{"short", func(*fixture, *browser, string, string) string { return "12345" }, "six digits"},
		{"letters", func(*fixture, *browser, string, string) string { return "12345a" }, "six digits"},
		{"other digits", func(*fixture, *browser, string, string) string { return "١٢٣٤٥٦" }, "six digits"},
	}
	for _, tt := range tests {
		for _, kind := range []struct{ email, slug string }{{ada, ""}, {olivia, "acme"}} {
			f := newFixture(t, setup{})
			b := f.browser()
			b.ask(kind.email, kind.slug, "code")
			a := b.post(paths.LoginCode, values("code", tt.code(f, b, kind.email, kind.slug)))
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text("#code-e"), tt.says) {
				t.Errorf("%s, slug %q: status %d, beside the field %q", tt.name, kind.slug, a.status, a.text("#code-e"))
			}
			if tt.says == "six digits" && len(a.calls()) > 0 {
				t.Errorf("%s: calls %v", tt.name, a.operations())
			}
			if b.proved() {
				t.Errorf("%s, slug %q: signed in", tt.name, kind.slug)
			}
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, email := range []string{"", "a", "a@b", "a b@c.example", "<a@b.example>", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", `"a"@b.example`, strings.Repeat("a", 300) + "@b.example", "a@b.example\x00"} {
		a := f.browser().post(paths.Login, values("email", email, "method", "link"))
		if a.status != http.StatusUnprocessableEntity || a.text("#email-e") == "" || len(a.calls()) > 0 {
			t.Errorf("%q: status %d, %d calls", email, a.status, len(a.calls()))
		}
	}
}

func TestChoiceOfOrganizations(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	b.discover(ada)
	a := b.get(paths.LoginOrganizations).want(http.StatusOK)
	for _, tt := range []struct{ section, name, button string }{
		{"yours", "Acme Corporation", "Enter"},
		{"yours", "Meadow Foods", "Accept"},
		{"join", "Northwind Traders", "Join"},
		{"yours", "Globex", "Second factor needed"},
		{"yours", "Initech", "Another way to sign in needed"},
	} {
		found := ""
		for _, row := range a.doc().Find("section[aria-labelledby=" + tt.section + "] button").EachIter() {
			if strings.Contains(row.Text(), tt.name) {
				found = strings.Join(strings.Fields(row.Text()), " ")
			}
		}
		if !strings.Contains(found, tt.button) {
			t.Errorf("%s under %s is %q, want %q", tt.name, tt.section, found, tt.button)
		}
	}
	a.saysNot("Quayside")
	for _, slug := range []string{"meadow", "northwind"} {
		g := newFixture(t, setup{})
		s := g.browser()
		s.discover(ada)
		to := paths.Organization(g.organization(slug))
		s.get(paths.LoginOrganizations)
		s.get(paths.LoginOrganizations) // looking spends nothing
		s.post(paths.LoginOrganizations, choose(slug)(s)).leads(to)
		s.get(to).want(http.StatusOK)
	}
	for _, id := range []string{f.organization("quayside"), missingOrganization} {
		if c := b.clone().post(paths.LoginOrganizations, values("organization_id", id)); c.status != http.StatusForbidden || c.h1() != "You may not enter this organization" {
			t.Errorf("an organization that is not offered: status %d %q", c.status, c.h1())
		}
	}
	b.clone().post(paths.LoginOrganizations, values("organization_id", "../x")).want(http.StatusNotFound)
	f.advance(10 * time.Minute)
	b.clone().get(paths.LoginOrganizations).leads(paths.Login + "?notice=expired")
	b.post(paths.LoginOrganizations, choose("support-desk")(b)).leads(paths.Login + "?notice=expired")
}

// TestSecretStaysHome looks for what only the server may hold in what a browser gets.
func TestSecretStaysHome(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	for _, path := range []string{paths.Organizations, paths.Organization(acme), paths.Members(acme), paths.Member(acme, f.member("acme", ada))} {
		b.get(path).saysNot(f.sandbox.Secret()).saysNot(f.sandbox.ProjectID()).saysNot("session_token").saysNot("oidc-client-secret-of")
	}
	kinds := map[string]bool{}
	for _, r := range f.sandbox.Requests() {
		kinds[r.SessionKind] = true
	}
	if !slices.Equal([]bool{kinds["header"], kinds["token"], kinds["intermediate"]}, []bool{true, true, true}) {
		t.Errorf("kinds of sessions seen: %v", kinds)
	}
}
