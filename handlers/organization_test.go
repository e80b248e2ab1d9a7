package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestOverviewAttention: what each tenant of the seed needs somebody for.
func TestOverviewAttention(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	staff := f.visit("")
	for _, c := range []struct {
		slug  string
		says  []string
		quiet []string
	}{
		{"acme", []string{
			"The connection Keycloak (new) is not finished", "Google Workspace is not finished", "A SCIM token rotation is half done", "ending in x9Kd", "ending in Qm3w",
			"The SCIM token of Acme Okta directory expires in 3 days", "Slack T024BE7LD", "editor for acme.example", "Only the 3 on the list", "6 in use", "Active, default",
		}, []string{"certificate of Acme Okta expires", "Nobody new can become a member"}},
		{"umbrella", []string{"Nothing needs attention in what you may see.", "Umbrella Entra", "Entra ID", "ends in 7fQa", "No connection", "Any that the project has"}, nil},
		{"harbour", []string{"Nothing needs attention", "No SCIM connection", "harbour.example"}, nil},
		{"support-desk", []string{"Nothing needs attention", "Only support.example", "No Connected App"}, []string{"Leave", "gives roles by e-mail domain", "lets people in by itself"}},
	} {
		b := staff.clone()
		if c.slug != "support-desk" {
			b.enter(c.slug)
		}
		a := b.get(paths.Organization(f.organization(c.slug))).want(http.StatusOK)
		for _, words := range c.says {
			a.says(words)
		}
		main := a.text("main")
		for _, words := range c.quiet {
			if strings.Contains(main, words) {
				t.Errorf("%s: the page says %q", c.slug, words)
			}
		}
	}
}

// TestAttentionInOrder: the worst comes first.
func TestAttentionInOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("hostile")
	kinds := strings.Fields(b.get(paths.Organization(f.organization("hostile"))).text("section[aria-labelledby=attention] li"))
	if len(kinds) == 0 || !strings.HasPrefix(kinds[0], "Urgent") {
		t.Errorf("the list begins with %q", kinds)
	}
	text := b.get(paths.Organization(f.organization("hostile"))).text("section[aria-labelledby=attention]")
	if !strings.Contains(text, "has expired") {
		t.Errorf("nothing says that the directory's token has expired: %q", text)
	}
}

// TestOverviewForPlainMember: what somebody without roles may see, and what it says of the rest.
func TestOverviewForPlainMember(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(sam, "linden")
	linden := f.organization("linden")
	a := b.get(paths.Organization(linden)).want(http.StatusOK).says("Linden Clinic").says("How people sign in").says("linden.example")
	a.says("Connections are hidden from you").says("stytch.sso : get").says("SCIM settings are hidden from you").says("stytch.scim : get").says("Not shown to youneeds stytch.member : search")
	if a.doc().Find("main dl.strip a[href='"+paths.Members(linden)+"']").Length() != 0 {
		t.Error("the hidden number of members leads somewhere")
	}
	for _, call := range a.calls() {
		if call.Operation == stytch.OrganizationMetrics.String() {
			t.Error("the number of members was read for somebody who may not")
		}
	}
	if ids := len(upstreamIDs.FindAllString(a.text("main"), -1)); ids < 2 {
		t.Errorf("%d request ids beside what is refused", ids)
	}
}

// TestOverviewKeepsTheRest: each part refused or failed on its own leaves the others.
func TestOverviewKeepsTheRest(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := paths.Organization(f.organization("acme"))
	for _, c := range []struct {
		operation       stytch.Operation
		refused, failed string
	}{
		{stytch.SSOConnectionsList, "Connections are hidden from you", "Connections could not be read."},
		{stytch.SCIMConnectionGet, "SCIM settings are hidden from you", "SCIM settings could not be read."},
		{stytch.ConnectedAppsList, "Connected Apps are hidden from you", "Connected Apps could not be read."},
		{stytch.OrganizationMetrics, "Not shown to you", "Not read"},
	} {
		for status, words := range map[int]string{http.StatusForbidden: c.refused, http.StatusInternalServerError: c.failed} {
			if err := f.sandbox.SetFault(sandbox.Fault{Operation: c.operation.String(), Kind: sandbox.FaultStatus, Status: status, ErrorType: "x"}); err != nil {
				t.Fatal(err)
			}
			a := b.get(path).want(http.StatusOK).says(words).says("Acme Corporation").says("How people sign in").says("crm-000117")
			f.sandbox.ClearFaults()
			for _, other := range []string{"Acme Okta", "Acme Okta directory", "Ledgerly"} {
				if hidden := map[stytch.Operation]string{stytch.SSOConnectionsList: "Acme Okta", stytch.SCIMConnectionGet: "Acme Okta directory", stytch.ConnectedAppsList: "Ledgerly"}[c.operation]; other != hidden {
					a.says(other)
				}
			}
		}
	}
}
