package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// direct are the roles that somebody gave to a member.
func (f *fixture) direct(slug, email string) string {
	f.t.Helper()
	var ids []string
	roles, _ := f.upstreamMember(slug, email)["roles"].([]any)
	for _, one := range roles {
		role, _ := one.(map[string]any)
		if strings.Contains(asJSON(f.t, role["sources"]), "direct_assignment") && role["role_id"] != "stytch_member" {
			ids = append(ids, role["role_id"].(string)) //nolint:errcheck,forcetypeassert // a role without an id is a panic, and so a failure
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// offered are the boxes of a form, and the roles beside them that nobody can untick.
func (a *answer) offered() (open, shut []string) {
	for _, box := range a.doc().Find("main form input[name=roles]").EachIter() {
		open = append(open, box.AttrOr("value", ""))
	}
	for _, role := range a.doc().Find("main fieldset:not([id]) .st.ok").EachIter() {
		shut = append(shut, strings.TrimSpace(role.Text()))
	}
	return open, shut
}

func TestRolePicker(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	a := b.get(editing(priya, "roles")(f)).want(http.StatusOK)
	open, shut := a.offered()
	if want := []string{"billing_viewer", "editor", "invoice_approver", "member_inviter", "stytch_admin", "tenant_support"}; !slices.Equal(open, want) {
		t.Errorf("it offers %q, want %q", open, want)
	}
	if want := []string{"editor", "billing_viewer", "stytch_admin", "invoice_approver"}; !slices.Equal(shut, want) {
		t.Errorf("held for other reasons are %q, want %q", shut, want)
	}
	for _, words := range []string{"E-mail domain acme.example", "Everybody in Acme Okta", "Group console-admins in Acme Okta", "Directory group"} {
		a.says(words)
	}
	if got := a.formWith()["roles"]; !slices.Equal(got, []string{"editor"}) {
		t.Errorf("ticked are %q", got)
	}
	// The roles of the support staff are given in the staff organization, and nowhere else.
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.organization("support-desk")+"/members/"+f.member("support-desk", ada),
		map[string]any{"roles": []string{"support_admin", "stytch_admin"}})
	open, _ = f.signIn(ada, "support-desk").get(paths.MemberEdit(f.organization("support-desk"), f.member("support-desk", kim), "roles")).want(http.StatusOK).offered()
	if !slices.Contains(open, "support_admin") {
		t.Errorf("the staff organization offers %q", open)
	}
}

// A role of the support staff that somebody has in a tenant all the same can be taken away, and never given.
func TestStaffRoleInATenant(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := editing(marcus, "roles")(f)
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.organization("acme")+"/members/"+f.member("acme", marcus), map[string]any{"roles": []string{"support_agent"}})
	form := b.fill(path)
	if got := form["roles"]; !slices.Equal(got, []string{"support_agent"}) {
		t.Fatalf("ticked are %q", got)
	}
	a := b.post(path, b.fill(path, "roles", "support_agent", "roles", "support_admin")).want(http.StatusUnprocessableEntity).says("This is not one of the choices.")
	if n := a.writes(); len(n) > 0 {
		t.Errorf("it sends %v", n)
	}
	a = b.post(path, b.fill(path, "roles", "-")).want(http.StatusOK)
	b.post(path, a.formWith()).want(http.StatusSeeOther)
	if got := f.direct("acme", marcus); got != "" {
		t.Errorf("left is %q", got)
	}
}

func TestRolesAreReviewed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, email string
		fill        []string
		says        []string
		saysNot     string
		want        string
	}{
		{"given", tom, []string{"roles", "editor", "roles", "stytch_admin"}, []string{"With stytch_admin they may change everything"}, "Nobody else", "editor stytch_admin"},
		{"the last administrator", olivia, []string{"roles", "-"}, nil, "Nobody else", ""},
		{"held by single sign-on too", priya, []string{"roles", "-"}, nil, "end, because", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.visit("acme")
			path := editing(c.email, "roles")(f)
			a := b.post(path, b.fill(path, c.fill...)).want(http.StatusOK)
			for _, words := range c.says {
				a.says(words)
			}
			a.saysNot(c.saysNot)
			if n := a.writes(); len(n) > 0 {
				t.Fatalf("before the yes it sends %v", n)
			}
			b.post(path, a.formWith()).leads(paths.Member(f.organization("acme"), f.member("acme", c.email)))
			if got := f.direct("acme", c.email); got != c.want {
				t.Errorf("given directly is %q, want %q", got, c.want)
			}
		})
	}
}

// TestLastAdministrator: in acme there are others; in fjord nobody else has it.
func TestLastAdministrator(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	const astrid = "astrid.dahl@fjord.example"
	b := f.signIn(astrid, "fjord")
	path := paths.MemberEdit(f.organization("fjord"), f.member("fjord", astrid), "roles")
	other := paths.MemberEdit(f.organization("fjord"), f.member("fjord", "erik.solberg@fjord.example"), "roles")
	a := b.post(path, b.fill(path, "roles", "-")).want(http.StatusOK).says("Nobody else here has stytch_admin: afterwards nobody has it.")
	a.says("You take your own right to change roles.").says("I know that I cannot undo this")
	b.post(path, a.formWith()).wantTrouble("roles", "Review it, and tick that you know.")
	if got := f.direct("fjord", astrid); got != "stytch_admin" {
		t.Fatalf("without the tick %q is left", got)
	}
	f.fault(sandbox.Fault{Operation: stytch.MembersSearch.String(), Kind: sandbox.FaultStatus, Status: 500})
	b.post(path, b.fill(path, "roles", "-")).want(http.StatusOK).says("Whether anybody else here has stytch_admin could not be found out.")
	f.sandbox.ClearFaults()

	a = b.post(other, b.fill(other, "roles", "stytch_admin")).want(http.StatusOK)
	b.post(other, a.formWith()).want(http.StatusSeeOther)
	a = b.post(path, b.fill(path, "roles", "-")).want(http.StatusOK).saysNot("Nobody else here").says("I know that I cannot undo this")
	b.post(path, a.formWith("lockout", "yes")).want(http.StatusSeeOther)
	if got := f.direct("fjord", astrid); got != "" {
		t.Errorf("with the tick %q is left", got)
	}
	// Another role that lets them change roles is none that locks out.
	second := f.signIn("erik.solberg@fjord.example", "fjord")
	a = second.post(other, second.fill(other, "roles", "tenant_support")).want(http.StatusOK)
	if a.doc().Find("input[name=lockout]").Length() > 0 {
		t.Error("it warns of a lock-out that is none")
	}
}

// TestSessionsOfATakenRole: a role that single sign-on gives too ends those sessions, unless they are to be left alone.
func TestSessionsOfATakenRole(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"ended": false, "left alone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			acme, id := f.organization("acme"), f.member("acme", priya)
			f.upstream(http.MethodPut, "/v1/b2b/organizations/"+acme+"/members/"+id, map[string]any{"roles": []string{"billing_viewer"}})
			b := f.visit("acme")
			path := editing(priya, "roles")(f)
			fill, says, sessions := []string{"roles", "-"}, "Sessions that came in by Acme Okta end", 1
			if keep {
				fill, says, sessions = append(fill, "preserve_existing_sessions", "yes"), "Sessions that came in by Acme Okta go on", 2
			}
			a := b.post(path, b.fill(path, fill...)).want(http.StatusOK).says(says)
			b.post(path, a.formWith()).want(http.StatusSeeOther)
			got := f.upstream(http.MethodGet, "/v1/b2b/sessions?organization_id="+acme+"&member_id="+id, struct{}{})
			if list, _ := got["member_sessions"].([]any); len(list) != sessions {
				t.Errorf("%d sessions are left, want %d", len(list), sessions)
			}
		})
	}
}

// TestMemberConflict: two change the same field, then different ones.
func TestMemberConflict(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	first, second := f.signIn(olivia, "acme"), f.visit("acme")
	path := editing(tom, "name")(f)
	home := paths.Member(f.organization("acme"), f.member("acme", tom))
	mine, theirs := second.fill(path, "name", "Tom Mine"), first.fill(path, "name", "Tom Theirs")
	first.post(path, theirs).leads(home)
	a := second.post(path, mine).want(http.StatusConflict).says("Tom Baker").says("Tom Theirs").says("Tom Mine")
	if n := a.writes(); len(n) > 0 {
		t.Fatalf("it sends %v", n)
	}
	second.clone().post(path, a.formWith("keep.name", "theirs")).leads(home)
	if got := f.upstreamMember("acme", tom)["name"]; got != "Tom Theirs" {
		t.Errorf("theirs was kept, and the name is %v", got)
	}
	second.post(path, mine).want(http.StatusConflict)
	a = second.post(path, mine).want(http.StatusConflict)
	second.post(path, a.formWith("keep.name", "mine")).leads(home)
	if got := f.upstreamMember("acme", tom)["name"]; got != "Tom Mine" {
		t.Errorf("mine was kept, and the name is %v", got)
	}

	// Different fields of one form, and different keys of different forms: both stay.
	path = editing(tom, "second-factor")(f)
	mine, theirs = second.fill(path, "mfa_enrolled", "yes"), first.fill(path, "mfa_phone_number", newPhone)
	first.post(path, theirs).leads(home)
	second.post(path, mine).leads(home)
	if m := f.upstreamMember("acme", tom); m["mfa_enrolled"] != true || m["mfa_phone_number"] != newPhone {
		t.Errorf("left are %v and %v", m["mfa_enrolled"], m["mfa_phone_number"])
	}
}

// TestMemberEditLost: the answer to a change is lost, and the page says how it stands.
func TestMemberEditLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{timeout: 5 * time.Second, unchecked: true})
	b := f.visit("acme")
	path := editing(tom, "name")(f)
	for _, c := range []struct {
		fault  sandbox.Fault
		status int
		words  string
	}{
		{sandbox.Fault{Kind: sandbox.FaultHalf}, http.StatusBadGateway, "It was saved all the same"},
		{sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500}, http.StatusBadGateway, "It is not known whether this was saved."},
	} {
		c.fault.Operation = stytch.MemberUpdate.String()
		f.fault(c.fault)
		typed := "Tom " + itoa(c.fault.Status)
		a := b.post(path, b.fill(path, "name", typed)).want(c.status).says(c.words).says(typed)
		f.sandbox.ClearFaults()
		again := b.post(path, a.formWith())
		again.want(http.StatusSeeOther)
		if got := f.upstreamMember("acme", tom)["name"]; got != typed {
			t.Errorf("sent again, the name is %v", got)
		}
	}
}
