package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// sessionIDs are the ids that the page of one's own sessions ends, this one's first.
func (b *browser) sessionIDs(organization string) (this string, others []string) {
	b.f.t.Helper()
	page := b.get(paths.Own(paths.AccountSessions, organization)).want(http.StatusOK)
	for _, row := range page.doc().Find("tbody tr").EachIter() {
		id := row.Find("button[name=session_id]").AttrOr("value", "")
		if row.Find(".tag:contains('This one')").Length() == 1 {
			this = id
		} else {
			others = append(others, id)
		}
	}
	if this == "" {
		b.f.t.Fatal("this session is not on the page")
	}
	return this, others
}

func TestAccountSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	page := b.get(paths.AccountSessions).want(http.StatusOK)
	page.says("E-mail code, Authenticator app This one")
	page.says("Password, Authenticator app")
	page.says("no address and no browser")
	_, others := b.sessionIDs("")
	if len(others) != 2 {
		t.Fatalf("%d other sessions, want the 2 of the seed", len(others))
	}
	b.post(paths.AccountSessions, values("session_id", others[0])).leads(paths.AccountSessions)
	b.get(paths.AccountSessions).says("The session has ended.")
	if _, left := b.sessionIDs(""); len(left) != 1 || left[0] != others[1] {
		t.Errorf("left are %v of %v", left, others)
	}
	again := b.post(paths.AccountSessions, values("session_id", others[0])).leads(paths.AccountSessions)
	if again.hasCalled(stytch.OwnSessionsRevoke) {
		t.Error("a session that has ended is ended again")
	}
	b.get(paths.AccountSessions).says("It had ended already.")
}

// TestAccountSessionsOfOthers sends the ids of sessions that are not the person's.
func TestAccountSessionsOfOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	theirs, _ := f.signIn(olivia, "acme").sessionIDs("")
	b := f.signIn(ada, "support-desk").enter("acme")
	here, _ := b.sessionIDs(f.organization("acme"))
	for _, id := range []string{theirs, here} { // another member's, and one's own in another organization
		a := b.post(paths.AccountSessions, values("session_id", id)).leads(paths.AccountSessions)
		if a.hasCalled(stytch.OwnSessionsRevoke) {
			t.Errorf("%s is ended", id)
		}
	}
	for _, id := range []string{"", "x", theirs + "0", strings.Replace(theirs, "member-session", "member", 1)} {
		if a := b.post(paths.AccountSessions, values("session_id", id)).want(http.StatusNotFound); len(a.calls()) != 0 {
			t.Errorf("%q: it calls %v", id, a.operations())
		}
	}
}

// TestAccountSessionsThisOne ends the very session: at home that is signing out.
func TestAccountSessionsThisOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	there, _ := b.sessionIDs(acme)
	b.post(paths.AccountSessions, values("session_id", there, "organization", acme)).leads(paths.AccountSessions)
	b.get(paths.AccountSessions).says("You left Acme Corporation.")
	b.get(paths.Own(paths.Account, acme)).says("Enter Acme Corporation")
	home, _ := b.sessionIDs("")
	b.post(paths.AccountSessions, values("session_id", home)).leads(paths.LoginNotice("out"))
	b.get(paths.Account).leads(paths.Login)
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	first, second := f.signIn(ada, "support-desk").enter("acme"), f.signIn(ada, "acme")
	first.get(paths.AccountSessions).says("in Support desk and Acme Corporation.")
	a := first.post(paths.AccountSessionsEnd, values()).leads(paths.LoginNotice("everywhere"))
	if got := len(a.calls()); got != 2 {
		t.Errorf("%d calls, want one for each organization", got)
	}
	first.get(paths.LoginNotice("everywhere")).says("You are signed out everywhere.")
	first.get(paths.Account).leads(paths.Login)
	second.get(paths.Account).leads(paths.Login)
}

// TestSignOutEverywhereRefused ends this session where the person may not end all of theirs.
func TestSignOutEverywhereRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	first, second := f.signIn(aaron, "acme"), f.signIn(aaron, "acme")
	f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.self", Action: "revoke-sessions"})
	a := first.post(paths.AccountSessionsEnd, values()).leads(paths.LoginNotice("here"))
	f.sandbox.ClearFaults()
	if got := len(a.calls()); got != 2 {
		t.Errorf("%d calls, want the one that was refused and the one that ends this session", got)
	}
	if _, others := second.sessionIDs(""); len(others) != 0 {
		t.Errorf("besides the other session, %v live on", others)
	}
}

func TestAccountSessionsInOneRound(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	page := depthPage{"own sessions", "acme", paths.Own(paths.AccountSessions, f.organization("acme")), http.StatusOK, 3}
	if late := page.oneRound(t, f); len(late) > 0 {
		t.Errorf("not in one round: %v", late)
	}
}
