package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// memberActs are all acts on a member, each with the one write that it makes.
var memberActs = []struct {
	name, route, email string
	form               func(*browser) url.Values
	op                 stytch.Operation
	// asks is what the page before it says, done what follows.
	asks, done string
	// receipt says that it answers with a page and not with a message.
	receipt bool
}{
	{"delete", paths.MemberDeleteRoute, bianca, form(), stytch.MemberDelete, "They stay in the list of deleted members", "The member is deleted.", false},
	{"password", paths.MemberPasswordRoute, aaron, form(), stytch.MemberPasswordDelete, "The password stops working at once.", "The password is deleted.", false},
	{"reset of the password", paths.MemberPasswordRoute, aaron, form("how", "reset"), stytch.MemberRequireReset, "", "A new password is required.", false},
	{"app", paths.MemberTOTPRoute, edwin, form(), stytch.MemberTOTPDelete, "all recovery codes stop working at once", "The authenticator app is removed.", false},
	{"phone", paths.MemberPhoneRoute, daniel, form(), stytch.MemberPhoneDelete, "The authenticator app stays", "The phone number is removed.", false},
	{"all sessions", paths.MemberSessionsRoute, daniel, form(), stytch.MemberSessionsRevoke, "Their 2 live sessions here end at once.", "All their sessions have ended.", false},
	{"one session", paths.MemberSessionsRoute, daniel, aSession("acme", daniel), stytch.MemberSessionsRevoke, "", "The session has ended.", false},
	{"revoked invitation", paths.MemberInvitationRoute, ivan, form(), stytch.MemberDelete, "stop working", "The invitation is revoked.", false},
	{"sent invitation", paths.MemberInvitationRoute, ivan, form("act", "send"), stytch.MemberInvite, "", "The invitation was sent again.", false},
	{"grant of an app", paths.MemberAppRoute, olivia, anApp, stytch.MemberAppRevoke, "", "The app is revoked.", false},
	{"second factors", paths.MemberSecondFactorRoute, edwin, form("reason", why), stytch.MemberTOTPDelete, "whom you know to be who they say", "1 step is done", true},
	{"recovery codes", paths.MemberRecoveryCodesRoute, daniel, form("reason", why, "act", "show"), stytch.MemberRecoveryCodesGet, "", "This is the only time they are shown.", true},
	{"new recovery codes", paths.MemberRecoveryCodesRoute, daniel, form("reason", why, "act", "new"), stytch.MemberRecoveryCodesRotate, "", "This is the only time they are shown.", true},
	{"lock-down", paths.MemberLockDownRoute, bianca, form("reason", why), stytch.MemberDelete, "Nothing has been done yet.", "1 step is done", true},
}

// writesOf are the writes and reads of secrets that a page made upstream.
func (a *answer) writesOf() []string {
	a.t.Helper()
	var out []string
	for _, c := range a.calls() {
		if op := operation(a.t, c.Operation); op.Row().Kind != stytch.Read && c.AuthorizationCheck == nil {
			out = append(out, c.Operation)
		}
	}
	return out
}

// TestMemberActs does each act as somebody who may, may not, asks about another organization, and whose session is over.
func TestMemberActs(t *testing.T) {
	t.Parallel()
	for _, act := range memberActs {
		t.Run(act.name, func(t *testing.T) {
			t.Parallel()
			path := actOn(act.route, "acme", act.email)
			t.Run("may", func(t *testing.T) {
				f := newFixture(t, setup{})
				b := adasAcme(f)
				if act.asks != "" {
					asked := b.get(path(f)).want(http.StatusOK).says(act.asks)
					asked.wroteNothing()
				}
				a := b.post(path(f), act.form(b))
				if got := a.writesOf(); !slices.Equal(got, []string{act.op.String()}) {
					t.Errorf("it writes %v, want %s alone", got, act.op)
				}
				if !act.receipt {
					a.leads(strings.TrimSuffix(path(f), strings.TrimPrefix(act.route, paths.MemberRoute)))
					a = b.get(a.header.Get("Location"))
				}
				a.says(act.done)
			})
			t.Run("may not", func(t *testing.T) {
				f := newFixture(t, setup{})
				b := adasAcme(f)
				sent := act.form(b)
				check := act.op.Row().Check
				f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: check.Resource, Action: check.Action})
				a := b.post(path(f), sent)
				a.wroteNothing()
				a.says(check.Resource + " : " + check.Action)
				if act.receipt != (a.status == http.StatusOK) && a.status != http.StatusForbidden {
					t.Errorf("status %d", a.status)
				}
			})
			t.Run("another organization", func(t *testing.T) {
				f := newFixture(t, setup{})
				b := adasAcme(f)
				other := paths.MemberAct(act.route, f.organization("acme"), f.member("umbrella", "alice.abernathy@umbrella.example"))
				b.get(other).want(http.StatusNotFound).saysNot("Abernathy")
				b.post(other, act.form(b)).want(http.StatusNotFound).wroteNothing()
				unheld := paths.MemberAct(act.route, f.organization("umbrella"), f.member("umbrella", "alice.abernathy@umbrella.example"))
				b.post(unheld, act.form(b)).want(http.StatusUnauthorized).wroteNothing()
			})
			t.Run("session over", func(t *testing.T) {
				f := newFixture(t, setup{})
				b := adasAcme(f)
				sent := act.form(b)
				f.endElsewhere("acme")
				b.post(path(f), sent).want(http.StatusUnauthorized).wroteNothing()
			})
		})
	}
}

// Ids of what belongs to a member are taken only from what is there now, whatever a form says.
func TestChildrenAreTheMembersOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	foreign := b.sessionsOfMember("acme", olivia)[0]
	for name, sent := range map[string]struct {
		route string
		form  url.Values
	}{
		"session of another member": {paths.MemberSessionsRoute, values("session", foreign)},
		"no session":                {paths.MemberSessionsRoute, values("session", "member-session-test-00000000-0000-4000-8000-000000000000")},
		"hostile session":           {paths.MemberSessionsRoute, values("session", "../../members")},
		"app of another member":     {paths.MemberAppRoute, values("app", b.appsOfMember("acme", olivia)[0])},
		"hostile app":               {paths.MemberAppRoute, values("app", "x/../../organizations")},
	} {
		a := b.post(actOn(sent.route, "acme", edwin)(f), sent.form).leads(memberOf("acme", edwin)(f))
		a.wroteNothing()
		if got := a.writesOf(); len(got) > 0 {
			t.Errorf("%s: sends %v", name, got)
		}
	}
	if got := b.sessionsOfMember("acme", olivia); !slices.Contains(got, foreign) {
		t.Error("the session has ended")
	}
	// The password's id is not one that a form could name at all.
	a := b.post(actOn(paths.MemberPasswordRoute, "acme", bianca)(f), values("password_id", "member-password-x", "member_password_id", "x"))
	a.leads(memberOf("acme", bianca)(f)).wroteNothing()
}

// What one may not have thought of is said before: that it is oneself, and that nobody is left who may change everything.
func TestDeleteWarns(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	own := actOn(paths.MemberDeleteRoute, "acme", olivia)(f)
	b.get(own).want(http.StatusOK).says("This is you.").saysNot("Nobody else here has")
	b.post(actOn(paths.MemberDeleteRoute, "acme", emergency)(f), url.Values{}).want(http.StatusSeeOther)
	b.get(own).says("This is you.") // priya has it from a group
	b.post(actOn(paths.MemberDeleteRoute, "acme", priya)(f), url.Values{}).want(http.StatusSeeOther)
	b.get(own).says("Nobody else here has stytch_admin")
	f.fault(sandbox.Fault{Operation: stytch.MembersSearch.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError})
	b.get(own).want(http.StatusOK).says("could not be found out")
	f.sandbox.ClearFaults()
	b.post(own, url.Values{}).want(http.StatusSeeOther)
	if b.get(own).status == http.StatusOK {
		t.Error("still signed in to an organization that one is not a member of")
	}
}

// Whatever a password is good for is said before it goes.
func TestPasswordOfAllOrganizations(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := actOn(paths.MemberPasswordRoute, "acme", aaron)(f)
	f.fault(sandbox.Fault{Operation: stytch.MemberPasswordDelete.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: "cross_org_passwords_enabled"})
	a := b.post(path, url.Values{}).leads(path + "?how=reset")
	page := b.get(a.header.Get("Location")).want(http.StatusOK).says("good in every organization")
	if how := page.doc().Find("main form input[name=how]").AttrOr("value", ""); how != "reset" {
		t.Errorf("the form says %q", how)
	}
}

// A lost answer says so, and the page that follows shows how it stands.
func TestLostActSaysSo(t *testing.T) {
	t.Parallel()
	for _, act := range memberActs {
		if act.receipt {
			continue
		}
		t.Run(act.name, func(t *testing.T) {
			t.Parallel()
			f := newTapped(t, setup{unchecked: true}, nil)
			b := adasAcme(f.fixture)
			sent := act.form(b)
			f.fault(sandbox.Fault{Operation: act.op.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError})
			a := b.post(actOn(act.route, "acme", act.email)(f.fixture), sent).leads(memberOf("acme", act.email)(f.fixture))
			f.sandbox.ClearFaults()
			b.get(a.header.Get("Location")).says("Nobody knows whether it was done").says("request-id-test-")
		})
	}
}

// What comes back with a deleted member is said, with what is only expected, and refusals are in our words.
func TestReactivate(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := onDeleted(paths.MemberReactivateRoute)(f)
	id := strings.Split(path, "/")[4]
	b.get(paths.Member(f.organization("acme"), id)).want(http.StatusNotFound)
	b.get(path).want(http.StatusOK).says("They are active again at once").says("Stytch does not say what else comes back.")
	for kind, words := range map[string]string{
		"email_unverified_for_reactivation":            "None of their addresses was ever verified",
		"reactivation_email_belongs_to_another_member": "Somebody else here has their address now.",
		"no_deleted_member_found_for_reactivation":     "They are not deleted any more.",
	} {
		f.fault(sandbox.Fault{Operation: stytch.MemberReactivate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: kind})
		b.post(path, url.Values{}).want(http.StatusUnprocessableEntity).says(words).wroteNothing()
		f.sandbox.ClearFaults()
	}
	b.post(path, url.Values{}).leads(paths.Member(f.organization("acme"), id))
	b.get(paths.Member(f.organization("acme"), id)).want(http.StatusOK).says("The member is active again.")
	b.post(path, url.Values{}).want(http.StatusNotFound).says("No such member is deleted here")
}

// Recovery codes are shown once, after a fresh proof, with a reason, and by the answer alone.
func TestRecoveryCodesOfOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := danielsCodes(f)
	codes := f.authenticator("acme", daniel).RecoveryCodes
	b.get(path).want(http.StatusOK).saysNot(codes[0])
	b.post(path, values("act", "show")).want(http.StatusUnprocessableEntity).says("Say why.").wroteNothing()
	b.post(path, values("act", "everything", "reason", why)).want(http.StatusBadRequest).wroteNothing()
	shown := b.post(path, values("act", "show", "reason", why)).want(http.StatusOK).says(codes[0])
	if got := shown.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	ticket := f.sessions.Ticket(ada, path)
	b.post(path, values("act", "new", "reason", why, "ticket", ticket)).want(http.StatusOK).saysNot(codes[0])
	b.post(path, values("act", "new", "reason", why, "ticket", ticket)).want(http.StatusConflict).saysNot(f.authenticator("acme", daniel).RecoveryCodes[0])
	f.advance(6 * time.Minute)
	asked := b.post(path, values("act", "show", "reason", why)).want(http.StatusUnauthorized).says("Show that it is you")
	asked.wroteNothing()
	if got := asked.doc().Find("main form input[name=reason]").AttrOr("value", ""); got != why {
		t.Errorf("the reason is %q after the proof was asked for", got)
	}
	// An administrator of the tenant has no such page.
	f.signIn(olivia, "acme").post(path, values("act", "show", "reason", why)).want(http.StatusNotFound).wroteNothing()
}

// What is asked for in the page is what the button does: nothing is offered that is not there.
func TestMemberPageOffersWhatCanBeDone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	staff, member := adasAcme(f), f.signIn(aaron, "acme")
	page := staff.get(memberOf("acme", daniel)(f)).want(http.StatusOK)
	for _, label := range []string{
		"Remove the authenticator app", "Remove the phone number", "Delete the password", "End all sessions", "Change the roles", "Lock down " + "Daniel Okafor",
		"Reset Daniel Okafor", "Recovery codes Daniel Okafor", "Delete Daniel Okafor", "State of provider accounts",
	} {
		if page.doc().Find(`main a[aria-label="`+label+`"]`).Length() != 1 {
			t.Errorf("no link %q", label)
		}
	}
	own := staff.get(memberOf("acme", ada)(f)).want(http.StatusOK)
	if n := own.doc().Find(`main a[href*="lock-down"]`).Length(); n > 0 {
		t.Error("one is offered to lock oneself down")
	}
	plain := member.get(memberOf("acme", aaron)(f)).want(http.StatusOK).says("You need stytch.member : update.settings.roles")
	if n := plain.doc().Find(`main [aria-disabled=true]`).Length(); n == 0 {
		t.Error("nothing is disabled for a plain member")
	}
	if n := plain.doc().Find(`main a[href*="members?role="]`).Length(); n > 0 {
		t.Error("who may not search members is led to who holds a role")
	}
	if n := page.doc().Find(`main a[href*="members?role="]`).Length(); n == 0 {
		t.Error("who may search members is not led to who holds a role")
	}
}
