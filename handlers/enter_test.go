package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

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
	not := f.signIn(olivia, "acme").get(paths.Organization(closed)).want(http.StatusForbidden).says("You are not a member here").says("Ask one of its administrators to invite your address.")
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
	typed := withPassword(f)
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
