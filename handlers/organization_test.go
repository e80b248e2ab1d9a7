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
			"The SCIM token of Acme Okta directory expires in 3 days", "Slack T024BE7LD", "editor for acme.example", "Only the 2 on the list", "4 in use", "Active, default",
		}, []string{"certificate of Acme Okta expires", "Nobody new can become a member"}},
		{"umbrella", []string{"Nothing needs attention in what you may see.", "Umbrella Entra", "Entra ID", "ends in 7fQa", "No connection", "Any that the project has"}, nil},
		{"harbour", []string{"Nothing needs attention", "No SCIM connection", "No Connected App", "harbour.example"}, nil},
		{"support-desk", []string{"Nothing needs attention", "Only support.example"}, []string{"Leave", "gives roles by e-mail domain", "lets people in by itself"}},
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
	if a.doc().Find("main dl.strip a").Length() != 0 {
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

func TestEnterPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("")
	acme, closed := f.organization("acme"), f.organization("closed")
	wanted := paths.Members(acme) + "?status=active"
	a := b.get(wanted).want(http.StatusOK).says("Enter Acme Corporation")
	form := a.doc().Find("main form")
	if form.AttrOr("action", "") != paths.Enter(acme) || form.AttrOr("method", "") != "post" || form.Find("[name=return]").AttrOr("value", "") != wanted {
		t.Errorf("the form leads to %q and back to %q", form.AttrOr("action", ""), form.Find("[name=return]").AttrOr("value", ""))
	}
	for _, call := range a.calls() {
		if call.Operation == stytch.SessionExchange.String() {
			t.Error("a GET has exchanged the session")
		}
	}
	not := b.get(paths.Organization(closed)).want(http.StatusForbidden).says("You are not a member here").says("Closed Circle").says("Ask one of its administrators to invite your address.")
	if not.doc().Find("main form").Length() != 0 || not.doc().Find("main a[href='/organizations?show=mine']").Length() == 0 {
		t.Error("the page offers to enter, or no way on")
	}
	// The form is refused all the same, in the same words.
	b.post(paths.Enter(closed), url.Values{}).want(http.StatusForbidden).says("You are not a member here").saysNot("Closed Circle")
	b.post(paths.Enter(missingOrganization), url.Values{}).want(http.StatusForbidden).says("You are not a member here")
	b.get(paths.Organization(missingOrganization)).want(http.StatusNotFound)
	// A tenant that asks for a second factor gets one, here.
	globex := f.organization("globex")
	b.post(paths.Enter(globex), url.Values{}).leads(paths.LoginMFAFor(globex, ""))
	b.get(paths.LoginMFAFor(globex, "")).want(http.StatusOK).says("Globex")
	// A password does not count elsewhere, and saying so tells a member nothing new.
	typed := withPassword(ada, "support-desk")(f)
	typed.post(paths.Enter(acme), url.Values{}).want(http.StatusForbidden).says("Your sign-in does not count there").says("Sign in again with a link or a code")
	typed.post(paths.Enter(closed), url.Values{}).want(http.StatusForbidden).says("You are not a member here")
}

// TestEnterReturnsInside: the address to return to leads into the tenant that was entered and nowhere else.
func TestEnterReturnsInside(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	home := f.visit("")
	acme := f.organization("acme")
	own := paths.Organization(acme)
	for to, want := range map[string]string{
		"": own, own: own, own + "/members?role=editor": own + "/members?role=editor", own + "?x=1": own + "?x=1",
		"/": own, "https://evil.example/": own, "//evil.example": own, "/\\evil.example": own, paths.Organization(f.organization("globex")): own,
		own + "0/members": own, paths.Logout: own, "javascript:alert(1)": own, own + "\\@evil.example": own, own + "\r\nX: y": own,
	} {
		b := home.clone()
		b.post(paths.Enter(acme), url.Values{"return": {to}}).leads(want)
		b.post(paths.Leave(acme), url.Values{})
	}
}

func TestLeave(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme := f.organization("acme")
	if form := b.get(paths.Organization(acme)).doc().Find("form[action='" + paths.Leave(acme) + "']"); form.Length() != 1 {
		t.Errorf("%d forms to leave", form.Length())
	}
	a := b.post(paths.Leave(acme), url.Values{}).leads(paths.Organizations)
	if got, want := a.operations(), []string{stytch.SessionRevoke.String()}; !slices.Equal(got, want) {
		t.Errorf("leaving calls %v, want %v", got, want)
	}
	if c := a.calls()[0]; c.OrganizationID != acme || c.Status != http.StatusOK {
		t.Errorf("revoked the session of %q with %d", c.OrganizationID, c.Status)
	}
	b.get(paths.Organizations).want(http.StatusOK).says("You left Acme Corporation.")
	b.get(paths.Organization(acme)).want(http.StatusOK).says("Enter Acme Corporation")
	b.post(paths.Leave(acme), url.Values{}).leads(paths.Organizations) // once more does no harm
	// Home goes with signing out only.
	stay := b.post(paths.Leave(f.staffID), url.Values{}).leads(paths.Organizations)
	if calls := stay.operations(); len(calls) != 0 {
		t.Errorf("leaving home calls %v", calls)
	}
	b.get(paths.Organization(f.staffID)).want(http.StatusOK).says("Support desk")
	// Without the upstream's word it says so.
	b.enter("acme")
	if err := f.sandbox.SetFault(sandbox.Fault{Operation: stytch.SessionRevoke.String(), Kind: sandbox.FaultStatus, Status: 500}); err != nil {
		t.Fatal(err)
	}
	b.get(paths.Organizations)
	b.post(paths.Leave(acme), url.Values{}).leads(paths.Organizations)
	b.get(paths.Organizations).says("did not confirm that the session ended there too")
}
