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

func TestAccountApps(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := olivias(f)
	page := b.get(paths.AccountApps).want(http.StatusOK).says("Another company's").says("Stay connected while you are away").says("Read invoices")
	if got := page.cells("main h2 bdi"); !slices.Equal(got, []string{warehouse, "Ledgerly", "Report builder"}) {
		t.Errorf("it lists %q", got)
	}
	if n := b.get(paths.Account).doc().Find(`main a[href="` + paths.AccountApps + `"]`).Length(); n != 1 {
		t.Errorf("the account has %d links to them", n)
	}
	if n := page.doc().Find(`header a[href="` + paths.AccountApps + `"]`).Length(); n != 1 {
		t.Errorf("the menu has %d links to them", n)
	}
	// One app: a page that asks, then a message.
	one := paths.AccountAppRevoke(appNamed(t, "Ledgerly"), "")
	b.get(one).want(http.StatusOK).says("Revoke Ledgerly?").saysNot(warehouse).wroteNothing()
	a := b.post(paths.AccountAppsRevoke, ownAppsNamed("Ledgerly")(b)).leads(paths.AccountApps)
	if got := a.writesOf(); !slices.Equal(got, []string{stytch.OwnAppRevoke.String()}) {
		t.Errorf("it writes %v", got)
	}
	b.get(paths.AccountApps).says("Ledgerly is revoked.")
	b.get(one).leads(paths.AccountApps)
	b.get(paths.AccountApps).says("You have not let it in, or not any more.")
	// All that is left: a receipt for each.
	all := b.get(paths.AccountAppsRevoke).want(http.StatusOK).says("Revoke all 2 apps?").says(warehouse).says("Report builder")
	sent := url.Values{}
	for _, in := range all.doc().Find("main form input[type=hidden]").EachIter() {
		sent.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	a = b.post(paths.AccountAppsRevoke, sent).want(http.StatusOK).says("2 steps are done.")
	if got := a.writesOf(); len(got) != 2 {
		t.Errorf("it writes %v", got)
	}
	if again := b.post(paths.AccountAppsRevoke, sent); again.body != a.body || len(again.writesOf()) > 0 {
		t.Errorf("the second arrival does %v", again.writesOf())
	}
	b.get(paths.AccountApps).want(http.StatusOK).says("You have let no app in").saysNot("Revoke all")
	f.signIn(aaron, "acme").get(paths.AccountApps).want(http.StatusOK).says(warehouse).saysNot("Revoke all")
}

// Each organization knows a person as another member, with apps of their own.
func TestAccountAppsElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	acme := f.organization("acme")
	a := b.get(paths.Own(paths.AccountApps, acme)).want(http.StatusOK).says("Acme Corporation")
	for _, c := range a.calls() {
		if c.OrganizationID != acme {
			t.Errorf("%s asks with the session of %s", c.Operation, c.OrganizationID)
		}
	}
	b.get(paths.AccountApps).want(http.StatusOK).says("Support desk")
	// An organization that is not entered is not asked.
	a = b.post(paths.AccountAppsRevoke, url.Values{"app": {noApp}, "organization": {f.organization("umbrella")}}).want(http.StatusUnauthorized)
	if a.wroteNothing(); len(a.calls()) > 0 {
		t.Errorf("calls %v", a.operations())
	}
}

// TestAccountAppsGoOn fails one of three, and finishes it with the form of the page.
func TestAccountAppsGoOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault       sandbox.Fault
		state, says string
	}{
		"refused": {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusForbidden, ErrorType: "session_authorization_error"}, "Failed", "You need stytch.self : revoke.connected-app."},
		"faulty":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError}, "Unknown", "The app is still let in."},
		"lost":    {sandbox.Fault{Kind: sandbox.FaultHalf}, "Unknown", "The app is not let in any more."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTapped(t, setup{unchecked: true}, nil)
			b := olivias(f.fixture)
			f.onSecond(stytch.OwnAppRevoke, c.fault)
			a := b.post(paths.AccountAppsRevoke, ownAppsNamed(warehouse, "Ledgerly", "Report builder")(b)).want(http.StatusOK).says(c.says)
			f.sandbox.ClearFaults()
			if texts, states := a.receipts(); !slices.Equal(states, []string{"Done", c.state, "Done"}) {
				t.Fatalf("receipts %q are %q", texts, states)
			}
			if got := a.resume()["app"]; !slices.Equal(got, []string{appNamed(t, "Ledgerly")}) {
				t.Errorf("the form goes on with %v", got)
			}
			b.post(paths.AccountAppsRevoke, a.resume()).leads(paths.AccountApps)
			b.get(paths.AccountApps).says("You have let no app in")
		})
	}
}

// Only what one has let in is sent, and nothing where nothing is named: "all" is what the page showed.
func TestAccountAppsAreOnesOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for name, app := range map[string]string{"another member's": appNamed(t, "Ledgerly"), "nobody's": noApp, "hostile": "../../organizations", "empty": ""} {
		a := b.post(paths.AccountAppsRevoke, url.Values{"app": {app}}).leads(paths.AccountApps)
		if a.wroteNothing(); len(a.writesOf()) > 0 {
			t.Errorf("%s: sends %v", name, a.writesOf())
		}
	}
	b.post(paths.AccountAppsRevoke, url.Values{}).want(http.StatusBadRequest).wroteNothing()
	f.endFor(aaron)
	b.post(paths.AccountAppsRevoke, ownAppsNamed(warehouse)(b)).want(http.StatusUnauthorized).wroteNothing()
	if a := b.get(paths.AccountApps); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), paths.Login) {
		t.Errorf("session over: status %d to %q", a.status, a.header.Get("Location"))
	}
}

// Somebody who acts as the member sees the apps, and is led to no way of revoking them.
func TestAccountAppsWhileActing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.acting("acme", aaron)
	page := b.get(paths.AccountApps).want(http.StatusOK).says(warehouse)
	if n := page.doc().Find(`main a[href^="` + paths.AccountAppsRevoke + `"]`).Length(); n != 0 {
		t.Errorf("%d links revoke", n)
	}
	b.get(paths.AccountAppRevoke(appNamed(t, warehouse), "")).want(http.StatusForbidden)
	b.post(paths.AccountAppsRevoke, ownAppsNamed(warehouse)(b)).want(http.StatusForbidden).wroteNothing()
}
