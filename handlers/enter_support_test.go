package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/audit"
	"console.internal/internal/authz"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// isMember says whether an address is a member's.
func (f *fixture) isMember(slug, email string) bool {
	_, err := f.sandbox.MemberID(slug, email)
	return err == nil
}

// inside fails unless a staff member is in quayside by so many open entries.
func (f *fixture) stays(email string, member bool, open int) {
	f.t.Helper()
	if got := f.isMember("quayside", email); got != member || len(f.entries()) != open {
		f.t.Errorf("%s is a member: %t, and %d entries are open; want %t and %d", email, got, len(f.entries()), member, open)
	}
}

// Whoever is no member and may enter is told what is made for them, and asked for the reason.
func TestSupportPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	quayside, closed := f.organization("quayside"), f.organization("closed")
	wanted := paths.Members(quayside) + "?status=active"
	for _, email := range []string{ada, sam} {
		b := f.signIn(email, "support-desk")
		a := b.get(wanted).want(http.StatusOK).says("Enter Quayside Bank as support").says("tenant_support").says("after 4 hours at the latest").says("audit log")
		form := a.doc().Find("main form")
		if form.Length() != 1 || form.AttrOr("action", "") != paths.Enter(quayside) || form.Find("[name=return]").AttrOr("value", "") != wanted || form.Find("[name=ticket]").AttrOr("value", "") == "" {
			t.Errorf("%d forms; it leads to %q and back to %q", form.Length(), form.AttrOr("action", ""), form.Find("[name=return]").AttrOr("value", ""))
		}
		if field := form.Find("[name=reason]"); field.Length() != 1 || a.text("label[for="+field.AttrOr("id", "")+"]") != "Reason" {
			t.Error("there is no field for a reason")
		}
		for _, call := range a.calls() {
			if call.Operation == stytch.EntryCreate.String() && call.AuthorizationCheck == nil {
				t.Error("a GET makes a member")
			}
		}
		f.stays(email, false, 0)
		closedTo(b.get(paths.Organization(closed)))
	}
	f.configure("quayside", func(s *sandbox.Settings) {
		s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"sso", "password"}
	})
	b := f.signIn(ada, "support-desk")
	only := b.get(paths.Organization(quayside)).want(http.StatusForbidden).says("accepts no way to sign in that support staff can have").says("single sign-on").says("password")
	if only.doc().Find("main form").Length() != 0 {
		t.Error("it offers to enter all the same")
	}
	for _, other := range []*browser{f.signIn(olivia, "acme"), f.signIn(kim, "support-desk")} {
		other.get(paths.Organization(quayside)).want(http.StatusForbidden).says("You are not a member here").saysNot("as support")
	}
}

// closedTo fails unless the page says that the tenant wants no support staff.
func closedTo(a *answer) {
	a.t.Helper()
	a.want(http.StatusForbidden).says("Closed Circle is closed to the support staff").says("support_access")
	if a.doc().Find("main form").Length() != 0 {
		a.t.Error("it offers to enter all the same")
	}
}

// The staff organization is no tenant, without a desk there is no entering, and who lacks the permission is told which.
func TestSupportPageWithout(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	quayside := f.organization("quayside")
	b := f.signIn(ada, "support-desk")
	without := func(change func(*handlers.Options)) *answer {
		o := f.options()
		change(&o)
		f.handler = handlers.New(o)
		return b.get(paths.Organization(quayside)).want(http.StatusForbidden).says("You are not a member here").says("Quayside Bank")
	}
	without(func(o *handlers.Options) { o.Desk = nil }).saysNot("as support")
	b.enterAs("quayside", reason).want(http.StatusForbidden).says("You are not a member here")
	lacking := without(func(o *handlers.Options) {
		policy := f.policy.Policy()
		policy.Roles = slices.Clone(policy.Roles)
		for i, role := range policy.Roles {
			policy.Roles[i].Permissions = slices.DeleteFunc(slices.Clone(role.Permissions), func(p authz.Permission) bool { return p.Resource == "console-organizations" })
		}
		o.Policy = authz.NewCache(t.Context(), func(context.Context) (authz.Policy, error) { return policy, nil }, time.Hour, time.Now)
		if err := o.Policy.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}).says("console-organizations : enter")
	if n := lacking.doc().Find("main button[disabled]").Length(); n != 1 {
		t.Errorf("%d disabled buttons", n)
	}
	f.stays(ada, false, 0)
	// Sam is signed in to a tenant, and the staff organization is another one.
	home := f.signIn(sam, "acme")
	home.get(paths.Organization(f.staffID)).want(http.StatusOK).says("Enter Support desk")
}

func TestEnterAsSupport(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	quayside := f.organization("quayside")
	members := paths.Members(quayside)
	b := f.signIn(sam, "support-desk")
	b.post(paths.Enter(quayside), values("reason", "  "+reason+" ", "return", members)).leads(members)
	f.stays(sam, true, 1)
	e := f.entries()[0]
	if e.Reason != reason || e.Email != sam || e.Name != "Sam Okoye" || e.MemberID != f.member("quayside", sam) || !e.IsInside() {
		t.Errorf("%+v", e)
	}
	a := b.get(members).want(http.StatusOK).says("You entered Quayside Bank.").says("Victor Hale")
	banner := a.doc().Find("main form.acting")
	if words := strings.Join(strings.Fields(banner.Find("p").Text()), " "); words != "You are in Quayside Bank as support until "+e.Until.Format("15:04")+" UTC: "+reason {
		t.Errorf("the banner says %q", words)
	}
	if banner.AttrOr("action", "") != paths.Leave(quayside) || banner.Find("[name=ticket]").AttrOr("value", "") == "" {
		t.Errorf("its form leads to %q", banner.AttrOr("action", ""))
	}
	b.get(paths.Organization(quayside)).says("as support until")
	b.get(paths.Organization(quayside) + "/nothing").want(http.StatusNotFound).saysNot("as support until") // it is no page of the tenant
	b.get(paths.Organizations).want(http.StatusOK).saysNot("as support until")
	// A tenant that one belongs to has no banner.
	b.enter("umbrella").get(paths.Organization(f.organization("umbrella"))).saysNot("as support until")

	b.post(paths.Leave(quayside), url.Values{}).leads(paths.Organizations)
	b.get(paths.Organizations).says("You left Quayside Bank. The membership that was made for it is deleted.")
	f.stays(sam, false, 0)
	b.get(members).want(http.StatusOK).says("Enter Quayside Bank as support")
	b.post(paths.Leave(f.organization("umbrella")), url.Values{}).leads(paths.Organizations)
	if !f.isMember("umbrella", sam) {
		t.Error("leaving has deleted a membership that was there before")
	}
	f.noted(quayside, "enter "+reason, "leave "+reason)
	f.noted(f.organization("umbrella"), "enter ", "leave ")
}

// noted fails unless the record has these comings and goings of a tenant, the oldest first.
func (f *fixture) noted(organizationID string, want ...string) {
	f.t.Helper()
	var got []string
	for e, err := range f.audit.All(f.t.Context(), audit.Filter{OrganizationID: organizationID}) {
		if err != nil {
			f.t.Fatal(err)
		}
		if e.Operation == audit.Enter || e.Operation == audit.Leave {
			got = append(got, e.Operation+" "+e.Reason)
			if e.Actor.Email == "" || e.Result != stytch.ResultDone {
				f.t.Errorf("%+v", e)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		f.t.Errorf("noted is %q, want %q", got, want)
	}
}

// Without a good reason nothing is made, and what was typed is kept.
func TestSupportReason(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for _, bad := range []string{"", "  ", "ab", strings.Repeat("x", 501), "a\xffbcd"} {
		a := b.enterAs("quayside", bad).want(http.StatusUnprocessableEntity).says("Give a reason of 3 to 500 characters.")
		field := a.doc().Find("main [name=reason]")
		if kept := field.AttrOr("value", ""); kept != strings.TrimSpace(bad) {
			t.Errorf("%.10q was typed, and %.10q is kept", bad, kept)
		}
		if field.AttrOr("aria-invalid", "") != "true" {
			t.Error("the field is not marked")
		}
		if a.hasCalled(stytch.EntryCreate) || a.hasCalled(stytch.SessionExchange) {
			t.Errorf("%.10q: %v", bad, a.operations())
		}
	}
	f.stays(ada, false, 0)
	b.enterAs("quayside", strings.Repeat("ü", 500)).want(http.StatusSeeOther)
	f.stays(ada, true, 1)
	b.enterAs("fjord", "\"><b>'").want(http.StatusSeeOther)
	b.get(paths.Organization(f.organization("fjord"))).want(http.StatusOK).says("\"><b>'")
}

// Those who are let in the ordinary way get no membership made, and those who are not are told why.
func TestSupportRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	nothing := func(a *answer) *answer {
		t.Helper()
		if len(f.entries()) != 0 || a.hasCalled(stytch.SessionExchange) {
			t.Errorf("%d entries are open; %v", len(f.entries()), a.operations())
		}
		return a
	}
	before := f.member("acme", ada)
	nothing(b.enterAs("acme", reason)).want(http.StatusConflict).says("Your address is in use there").says("Nothing was made.")
	if f.member("acme", ada) != before {
		t.Error("the member that was there is another one now")
	}
	closedTo(nothing(b.enterAs("closed", reason)))
	nothing(b.post(paths.Enter(missingOrganization), values("reason", reason))).want(http.StatusNotFound)
	nothing(f.signIn(kim, "support-desk").enterAs("quayside", reason)).want(http.StatusForbidden).says("You may not look up organizations")
	// Whoever is not signed in as staff is somebody without a membership.
	f.signIn(sam, "acme").enterAs("quayside", reason).want(http.StatusForbidden).says("You are not a member here").saysNot("Quayside")
	f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "console-organizations", Action: "enter"})
	a := nothing(b.enterAs("quayside", reason)).want(http.StatusForbidden).says("console-organizations : enter")
	if a.hasCalled(stytch.EntryCreate) {
		t.Error("it went out all the same")
	}
	f.sandbox.ClearFaults()
	typed := withPassword(f)
	nothing(typed.enterAs("quayside", reason)).want(http.StatusForbidden).says("Your sign-in does not count there")
	f.stays(ada, false, 0)
}

// Entering as support asks for a proof like any entering, and keeps the reason meanwhile.
func TestSupportStepUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	f.sandbox.Advance(6 * time.Minute)
	a := b.enterAs("quayside", reason).want(http.StatusUnauthorized).says("Show that it is you")
	if kept := a.doc().Find("main [name=reason]").AttrOr("value", ""); kept != reason || a.hasCalled(stytch.EntryCreate) {
		t.Errorf("%q is kept; %v", kept, a.operations())
	}
	enter := paths.Enter(f.organization("quayside"))
	b.post(enter, values("reason", reason, "proof_method", "code", "proof_send", "yes")).want(http.StatusOK)
	f.stays(ada, false, 0)
	b.post(enter, values("reason", reason, "proof_method", "code", "proof_code", f.lastMail(ada).Code)).want(http.StatusSeeOther)
	f.stays(ada, true, 1)
}

// A tenant may ask for a second factor. Whoever gives it is in, and whoever does not leaves nothing.
func TestSupportSecondFactor(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.configure("quayside", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" })
	quayside := f.organization("quayside")
	gives, not := f.signIn(ada, "support-desk"), f.signIn(sam, "support-desk")
	gives.enterAs("quayside", reason).leads(paths.LoginMFAFor(quayside, ""))
	not.enterAs("quayside", reason).leads(paths.LoginMFAFor(quayside, ""))
	gives.post(paths.LoginMFAStart, middle("quayside", "method", "totp")(gives)).leads(paths.LoginMFAFor(quayside, "totp"))
	gives.post(paths.LoginMFA, appCode("quayside", ada)(gives)).want(http.StatusOK)
	gives.get(paths.Organization(quayside)).want(http.StatusOK).says("as support until")
	f.stays(ada, true, 2)
	f.advance(15 * time.Minute)
	f.sweep()
	f.stays(ada, true, 1)
	f.stays(sam, false, 1)
	gives.get(paths.Organization(quayside)).want(http.StatusOK).says("as support until")
	f.advance(4 * time.Hour)
	f.sweep()
	f.stays(ada, false, 0)
}

func (f *fixture) sweep() {
	f.t.Helper()
	if err := f.desk.Sweep(f.t.Context()); err != nil {
		f.t.Error(err)
	}
}

// Whoever is ended on the way in does not come in.
func TestSupportEndedOnTheWayIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	enter := func() *answer { return b.clone().enterAs("quayside", reason) }
	a := f.during(stytch.SessionExchange, enter, func() {
		f.signIn(sam, "support-desk").post(lastEntry(f), url.Values{}).leads(paths.Entries)
	})
	if a.status < 400 {
		t.Errorf("status %d to %q", a.status, a.header.Get("Location"))
	}
	f.stays(ada, false, 0)
	b.get(paths.Organization(f.organization("quayside"))).want(http.StatusOK).says("Enter Quayside Bank as support")
}

// A failed exchange, and signing out in the middle, leave no membership.
func TestSupportInVain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for _, fault := range []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: 500},
		{Kind: sandbox.FaultStatus, Status: 429},
		{Kind: sandbox.FaultStatus, Status: 404},
		{Kind: sandbox.FaultHTML},
		{Kind: sandbox.FaultReset},
		{Kind: sandbox.FaultStatus, Status: 401, ErrorType: "insufficient_factors_for_session_exchange"},
	} {
		fault.Operation, fault.Count = stytch.SessionExchange.String(), 1
		f.fault(fault)
		if a := b.enterAs("quayside", reason); a.status < 400 || strings.Contains(a.body, "fault of the sandbox") {
			t.Errorf("%+v: status %d", fault, a.status)
		}
		f.stays(ada, false, 0)
	}
	enter := func() *answer { return b.clone().enterAs("quayside", reason) }
	f.during(stytch.SessionExchange, enter, func() { signOutUnheard(b) }).want(http.StatusConflict).says("You were not let in")
	f.stays(ada, false, 0)
}

// Signing out, in another tab or after a restart of the browser, ends what one has entered.
func TestSignOutEndsEntries(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b, other := asSupport(ada, "quayside")(f), asSupport(sam, "quayside")(f)
	b.enterAs("fjord", reason).want(http.StatusSeeOther)
	b.post(paths.Logout, url.Values{}).want(http.StatusSeeOther)
	f.stays(ada, false, 1)
	if f.isMember("fjord", ada) {
		t.Error("one of two is left")
	}
	// Without the upstream nobody is kept from signing out, and the sweep does the rest.
	f.fault(sandbox.Fault{Operation: stytch.EntryDelete.String(), Kind: sandbox.FaultStatus, Status: 500, Count: 1})
	other.post(paths.Logout, url.Values{}).want(http.StatusSeeOther)
	if other.isSignedIn() {
		t.Error("still signed in")
	}
	f.stays(sam, true, 1)
	f.sweep()
	f.stays(sam, false, 0)
}

// Leaving is not kept up by an upstream that fails; it says so, and the sweep does the rest.
func TestLeaveSupportUnheard(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := asSupport(ada, "quayside")(f)
	f.fault(sandbox.Fault{Operation: stytch.EntryDelete.String(), Kind: sandbox.FaultStatus, Status: 500, Count: 1})
	b.post(paths.Leave(f.organization("quayside")), url.Values{}).leads(paths.Organizations)
	b.get(paths.Organizations).says("You left Quayside Bank here.").says("is not deleted yet")
	f.stays(ada, true, 1)
	f.sweep()
	f.stays(ada, false, 0)
}

// Whoever comes back by a membership that is still there is told that it is one for support, and leaving deletes it.
func TestSupportComesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	asSupport(ada, "quayside")(f)
	quayside := f.organization("quayside")
	second := f.signIn(ada, "support-desk")
	second.get(paths.Organization(quayside)).want(http.StatusOK).says("Enter Quayside Bank").saysNot("as support")
	second.enter("quayside").get(paths.Organization(quayside)).want(http.StatusOK).says("as support until")
	second.post(paths.Leave(quayside), url.Values{}).leads(paths.Organizations)
	f.stays(ada, false, 0)
}
