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

// receipts are the texts of a page of receipts and what became of each.
func (a *answer) receipts() (texts, states []string) {
	a.t.Helper()
	for _, e := range a.doc().Find("main ol.list > li").EachIter() {
		texts = append(texts, strings.Join(strings.Fields(e.Find("div > p").First().Text()), " "))
		states = append(states, strings.Join(strings.Fields(e.Find(".st").Text()), " "))
	}
	return texts, states
}

// resume is the form that a page of receipts offers.
func (a *answer) resume() url.Values {
	a.t.Helper()
	v := url.Values{}
	for _, in := range a.doc().Find("main form input[type=hidden]").EachIter() {
		v.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	return v
}

// TestLockDownInOrder locks an account down that has everything there is to take away, and looks at what went out.
func TestLockDownInOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := lockDaniel(f)
	b.get(path).want(http.StatusOK).says("Deactivate Daniel Okafor").wroteNothing()
	dry := b.get(path + "?how=keep").want(http.StatusOK).says("End 2 sessions").says("Delete the password").says("Second factors stay").says("They are not break-glass.")
	dry.wroteNothing()
	a := b.post(path, values("how", "keep", "reason", why)).want(http.StatusOK)
	want := []string{
		stytch.MemberSessionsRevoke.String(), stytch.MemberAppRevoke.String(), stytch.MemberAppRevoke.String(), stytch.MemberAppRevoke.String(),
		stytch.MemberPasswordDelete.String(), stytch.MemberSessionsRevoke.String(),
	}
	if got := a.writesOf(); !slices.Equal(got, want) {
		t.Errorf("it does %v, want %v", got, want)
	}
	texts, states := a.receipts()
	if len(texts) != 8 || slices.ContainsFunc(states, func(s string) bool { return s != "Done" && s != "Nothing to do" }) {
		t.Errorf("receipts %q are %q", texts, states)
	}
	if n := strings.Count(a.body, "request-id-test-"); n < 6 {
		t.Errorf("the receipts show %d request ids", n)
	}
	after := b.get(memberOf("acme", daniel)(f)).says("No live session").says("This member has let no app in.").says("Enrolled")
	if after.doc().Find(`main a[aria-label="Delete the password"]`).Length() > 0 {
		t.Error("the password is there still")
	}
}

// Only what is ticked and was given directly is taken away, whatever a form says.
func TestLockDownTakesWhatIsTicked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := actOn(paths.MemberLockDownRoute, "acme", priya)(f)
	page := b.get(path + "?how=keep").want(http.StatusOK).says("A rule gives")
	var offered []string
	for _, e := range page.doc().Find("main input[name=role]").EachIter() {
		offered = append(offered, e.AttrOr("value", ""))
	}
	if !slices.Equal(offered, []string{"editor"}) {
		t.Errorf("it offers to take %v away, want what was given directly", offered)
	}
	a := b.post(path, url.Values{"how": {"keep"}, "reason": {why}, "role": {"stytch_admin", "no_such_role"}}).want(http.StatusOK)
	if slices.Contains(a.writesOf(), stytch.MemberUpdate.String()) {
		t.Error("a role is taken away that a rule gives")
	}
	a = b.post(path, url.Values{"how": {"keep"}, "reason": {why}, "role": {"editor"}, "roles": {"stytch_admin"}, "is_breakglass": {"true"}}).want(http.StatusOK).says("Take editor away")
	if !slices.Contains(a.writesOf(), stytch.MemberUpdate.String()) {
		t.Error("the role is not taken away")
	}
	b.get(memberOf("acme", priya)(f)).saysNot("Given directly")
	glass := actOn(paths.MemberLockDownRoute, "acme", emergency)(f)
	b.get(glass + "?how=keep").saysNot("Nobody else here has")
	b.post(glass, url.Values{"how": {"keep"}, "reason": {why}, "role": {"stytch_admin"}}).want(http.StatusOK).says("Take break-glass away")
	b.get(memberOf("acme", emergency)(f)).saysNot("may sign in by any method").saysNot("stytch_admin")
}

// TestLockDownGoesOn fails the third step in every way, and finishes it with the form of the page.
func TestLockDownGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault       sandbox.Fault
		state, says string
	}{
		"refused":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusForbidden, ErrorType: "session_authorization_error"}, "Failed", "You need stytch.member : update.info.delete.password."},
		"limited":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests}, "Failed", "Stytch asks to slow down"},
		"faulty":   {sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError}, "Unknown", "They still have a password."},
		"lost":     {sandbox.Fault{Kind: sandbox.FaultHalf}, "Unknown", "They have no password now."},
		"not sent": {sandbox.Fault{Kind: sandbox.FaultReset}, "Unknown", "nobody knows whether it was done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newTapped(t, setup{unchecked: true}, nil)
			b := adasAcme(f.fixture)
			path := actOn(paths.MemberLockDownRoute, "acme", aaron)(f.fixture)
			c.fault.Operation = stytch.MemberPasswordDelete.String()
			f.fault(c.fault)
			a := b.post(path, values("how", "keep", "reason", why)).want(http.StatusOK).says(c.says)
			f.sandbox.ClearFaults()
			texts, states := a.receipts()
			at := slices.Index(texts, "Delete the password")
			if at < 0 || states[at] != c.state || states[len(states)-1] != "Done" {
				t.Fatalf("receipts %q are %q", texts, states)
			}
			again := a.resume()
			if got := again["step"]; !slices.Equal(got, []string{"password"}) || again.Get("reason") != why {
				t.Errorf("the form goes on with %v for %q", got, again.Get("reason"))
			}
			a = b.post(path, again).want(http.StatusOK)
			if got := a.writesOf(); slices.ContainsFunc(got, func(op string) bool { return op != stytch.MemberPasswordDelete.String() }) {
				t.Errorf("going on does %v", got)
			}
			if texts, states = a.receipts(); len(texts) != 1 || states[0] != "Done" && states[0] != "Nothing to do" {
				t.Errorf("receipts %q are %q", texts, states)
			}
			if a.doc().Find("main form").Length() > 0 {
				t.Error("there is still something to try again")
			}
			b.post(path, values("how", "keep", "reason", why, "step", "nothing")).want(http.StatusBadRequest).wroteNothing()
		})
	}
}

// The same form acts once: what was done is not done again.
func TestLockDownActsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	path := lockDaniel(f)
	sent := values("how", "keep", "reason", why, "ticket", f.sessions.Ticket(ada, path))
	first := b.post(path, sent).want(http.StatusOK)
	if second := b.post(path, sent); second.body != first.body || len(second.writesOf()) > 0 {
		t.Errorf("the second arrival has another answer, or does %v", second.writesOf())
	}
}

// A reason is needed, and nobody locks themselves down.
func TestLockDownIsGuarded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	for _, reason := range []string{"", "  ", strings.Repeat("x", 501)} {
		a := b.post(lockDaniel(f), url.Values{"how": {"keep"}, "reason": {reason}, "role": {"editor"}}).want(http.StatusUnprocessableEntity).says("Nothing was done.")
		a.wroteNothing()
		if a.doc().Find(`main input[name=reason][aria-invalid=true]`).Length() != 1 {
			t.Errorf("%.10q: nothing is said beside the field", reason)
		}
	}
	own := actOn(paths.MemberLockDownRoute, "acme", ada)(f)
	b.get(own).want(http.StatusUnprocessableEntity).says("You cannot lock yourself down")
	b.post(own, values("how", "keep", "reason", why)).want(http.StatusUnprocessableEntity).says("You cannot lock yourself down").wroteNothing()
}

// An app that could not be read is not taken for none.
func TestLockDownWithoutTheAppsFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := adasAcme(f)
	f.fault(sandbox.Fault{Operation: stytch.MemberAppsList.String(), Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests})
	a := b.post(lockDaniel(f), values("how", "keep", "reason", why)).want(http.StatusOK)
	f.sandbox.ClearFaults()
	again := a.resume()
	if got := again["step"]; !slices.Equal(got, []string{"app:"}) {
		t.Fatalf("the form goes on with %v", got)
	}
	a = b.post(lockDaniel(f), again).want(http.StatusOK)
	if got := a.writesOf(); len(got) != 3 || slices.ContainsFunc(got, func(op string) bool { return op != stytch.MemberAppRevoke.String() }) {
		t.Errorf("going on does %v, want three apps revoked", got)
	}
}
