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

const newcomer = "ned.newton@acme.example"

func newIn(slug string) func(*fixture) string { return inside(slug, paths.MemberNew) }

func TestMemberIsMade(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := newIn("acme")(f)
	mails := len(f.sandbox.Outbox())
	a := b.post(path, b.fill(path, "way", "create", "email_address", newcomer, "name", "Ned Newton", "roles", "editor", "roles", "billing_viewer",
		"is_breakglass", "yes", "mfa_enrolled", "yes", "create_member_as_pending", "yes", "mfa_phone_number", "+44 20 7946 0958", "external_id", "e|1",
		"untrusted_metadata", `{"a":{"b":1}}`))
	a.leads(paths.Member(f.organization("acme"), f.member("acme", newcomer)))
	b.get(a.header.Get("Location")).want(http.StatusOK).says(newcomer + " is a member now. Nothing was mailed.").says("Ned Newton").says("Pending")
	if n := len(f.sandbox.Outbox()); n != mails {
		t.Errorf("%d messages were sent", n-mails)
	}
	m := f.upstreamMember("acme", newcomer)
	for field, want := range map[string]string{
		"name": `"Ned Newton"`, "is_breakglass": "true", "mfa_enrolled": "true", "status": `"pending"`, "mfa_phone_number": `"+442079460958"`,
		"external_id": `"e|1"`, "untrusted_metadata": `{"a":{"b":1}}`,
	} {
		if got := asJSON(t, m[field]); got != want {
			t.Errorf("%s is %s, want %s", field, got, want)
		}
	}
	if got := f.direct("acme", newcomer); got != "billing_viewer editor" {
		t.Errorf("the roles are %q", got)
	}
}

// TestMemberIsInvited goes from the invitation to the first sign-in: the link leads back to this console.
func TestMemberIsInvited(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := newIn("acme")(f)
	a := b.post(path, b.fill(path, "way", "invite", "email_address", newcomer, "name", "Ned Newton", "roles", "billing_viewer", "locale", "fr"))
	a.leads(paths.Member(f.organization("acme"), f.member("acme", newcomer)))
	b.get(a.header.Get("Location")).want(http.StatusOK).says("The invitation to " + newcomer + " is on its way. Its link is good for a week.").says("Invited")
	link := mailedAddress(newcomer)(f)
	if !strings.HasPrefix(link, paths.Authenticate+"?") {
		t.Fatalf("the link leads to %s", link)
	}
	guest := f.browser()
	guest.get(link).want(http.StatusOK)
	guest.post(paths.Authenticate, mailedLink(newcomer)(guest)).want(http.StatusSeeOther)
	if got := f.upstreamMember("acme", newcomer)["status"]; got != "active" {
		t.Errorf("after the link the member is %v", got)
	}
	if got := f.direct("acme", newcomer); got != "billing_viewer" {
		t.Errorf("the roles are %q", got)
	}
}

func TestNewMemberTroubles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path, good := newIn("acme")(f), []string{"email_address", newcomer, "way", "create"}
	for _, c := range []struct{ field, typed, words string }{
		{"email_address", "", "Enter an e-mail address"},
		{"email_address", "ned", "Enter an e-mail address"},
		{"way", "-", "Choose how."},
		{"way", "by magic", "Choose how."},
		{"name", strings.Repeat("n", 129), "128 characters are the most"},
		{"mfa_phone_number", "020 7946 0958", "with its country code"},
		{"external_id", "e 1", "letters, digits and . _ - | only"},
		{"untrusted_metadata", "a: 1", "This is not a JSON object."},
		{"untrusted_metadata", `{"a":null}`, "is null"},
	} {
		form := b.fill(path, good...)
		if form[c.field] = []string{c.typed}; c.typed == "-" {
			form.Del(c.field)
		}
		a := b.post(path, form).want(http.StatusUnprocessableEntity)
		if c.field != "way" {
			a.wantTrouble(c.field, c.words)
		}
		if got := a.text("#" + c.field + "-e"); !strings.Contains(got, c.words) {
			t.Errorf("%s %q: it says %q, want %q", c.field, c.typed, got, c.words)
		}
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%s %q: it sends %v", c.field, c.typed, n)
		}
	}
	// Roles that are not offered, and what an invitation does not carry.
	a := b.post(path, b.fill(path, append(good, "roles", "support_admin")...)).want(http.StatusUnprocessableEntity).says("This is not one of the choices.")
	a.wroteNothing()
	for _, pair := range [][2]string{
		{"is_breakglass", "yes"}, {"mfa_enrolled", "yes"}, {"create_member_as_pending", "yes"}, {"mfa_phone_number", newPhone}, {"external_id", "e1"}, {"untrusted_metadata", `{"a":1}`},
	} {
		a := b.post(path, b.fill(path, "email_address", newcomer, "way", "invite", pair[0], pair[1])).wantTrouble(pair[0], "An invitation does not carry this.")
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%s: it sends %v", pair[0], n)
		}
	}
	// What only the upstream knows.
	for _, c := range []struct{ way, field, typed, words string }{
		{"create", "email_address", olivia, "A member here has this address."},
		{"invite", "email_address", olivia, "A member here has this address."},
		{"create", "email_address", "sofia.berg@acme.example", "A member here has this address."},
		{"create", "email_address", "somebody@quayside.example", "Another organization has claimed the domain"},
		{"create", "external_id", "employee-4711", "Another member here has this external id."},
		{"create", "mfa_phone_number", "+442079460123", "Another member here has this number."},
	} {
		form := b.fill(path, good...)
		form.Set("way", c.way)
		form.Set(c.field, c.typed)
		b.post(path, form).wantTrouble(c.field, c.words)
	}
}

// TestInvitationsAreClosed: the organization lets nobody be invited, or only its own domains.
func TestInvitationsAreClosed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := newIn("acme")(f)
	organization := "/v1/b2b/organizations/" + f.organization("acme")
	f.upstream(http.MethodPut, organization, map[string]any{"email_invites": "RESTRICTED"})
	b.get(path).want(http.StatusOK).says("Only addresses at acme.example and acme-labs.example can be invited here.")
	a := b.post(path, b.fill(path, "way", "invite", "email_address", "ned@elsewhere.example")).wantTrouble("email_address", "only addresses at the domains that it allows")
	a.wroteNothing()
	if n := a.writes(); len(n) > 0 {
		t.Errorf("it sends %v", n)
	}
	b.post(path, b.fill(path, "way", "create", "email_address", "ned@elsewhere.example")).want(http.StatusSeeOther)

	form := b.fill(path, "way", "invite", "email_address", newcomer)
	f.upstream(http.MethodPut, organization, map[string]any{"email_invites": "NOT_ALLOWED"})
	a = b.post(path, form).want(http.StatusUnprocessableEntity)
	if got := a.text("#way-e"); !strings.Contains(got, "lets nobody be invited") || len(a.writes()) > 0 {
		t.Errorf("it says %q and sends %v", got, a.writes())
	}
	if got := a.formWith().Get("email_address"); got != newcomer {
		t.Errorf("%q is left of the address", got)
	}
}

// TestWhoMakesMembersGivesNoRoles: the upstream asks for no more than create, so the console asks for the rest.
func TestWhoMakesMembersGivesNoRoles(t *testing.T) {
	t.Parallel()
	extra := map[string]string{"roles": "update.settings.roles", "is_breakglass": "update.settings.is-breakglass", "mfa_enrolled": "update.settings.mfa-enrolled"}
	values := map[string]string{"roles": "stytch_admin", "is_breakglass": "yes", "mfa_enrolled": "yes"}
	t.Run("the policy says no", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(tara, "acme")
		path := newIn("acme")(f)
		page := b.get(path).want(http.StatusOK)
		for field, action := range extra {
			page.says("stytch.member : " + action)
			if page.doc().Find("main form [name='"+field+"']").Length() > 0 {
				t.Errorf("%s can be filled in", field)
			}
			for _, way := range []string{"create", "invite"} {
				if way == "invite" && field != "roles" {
					continue // an invitation carries none of the others
				}
				form := b.fill(path, "way", way, "email_address", newcomer, field, values[field], "was."+field, "")
				a := b.post(path, form).want(http.StatusForbidden).says("stytch.member : " + action)
				if n := a.writes(); len(n) > 0 {
					t.Errorf("%s: it sends %v", field, n)
				}
			}
		}
		b.post(path, b.fill(path, "way", "create", "email_address", newcomer)).want(http.StatusSeeOther)
	})
	t.Run("the upstream says no", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.visit("acme")
		path := newIn("acme")(f)
		for field, action := range extra {
			form := b.fill(path, "way", "create", "email_address", newcomer, field, values[field])
			f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.member", Action: action})
			a := b.post(path, form).want(http.StatusForbidden)
			f.sandbox.ClearFaults()
			for _, c := range a.calls() {
				if c.Operation == stytch.MemberCreate.String() {
					t.Errorf("%s: the member was sent", field)
				}
			}
		}
	})
	t.Run("create is lacking", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(aaron, "acme")
		path := newIn("acme")(f)
		page := b.get(path).want(http.StatusOK).says("stytch.member : create")
		if page.doc().Find("main form button:not([aria-disabled])").Length() > 0 {
			t.Error("the button can be pressed")
		}
		a := b.post(path, b.fill(path, "way", "create", "email_address", newcomer)).want(http.StatusForbidden)
		a.wroteNothing()
		staff := f.visit("linden")
		staff.get(paths.Members(f.organization("linden"))).want(http.StatusOK).says("New member")
		if n := staff.get(paths.Members(f.organization("linden"))).doc().Find("main a[href='" + paths.MemberNew(f.organization("linden")) + "']").Length(); n != 1 {
			t.Errorf("%d links to the new member", n)
		}
	})
}

func TestNewMemberTakesNoOtherFields(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := newIn("acme")(f)
	form := b.fill(path, "way", "create", "email_address", newcomer)
	for name, value := range map[string]string{
		"organization_id": f.organization("globex"), "is_admin": "true", "trusted_metadata": `{"admin":true}`, "status": "deleted", "member_id": f.member("acme", olivia),
	} {
		form.Set(name, value)
		form.Set("was."+name, "")
	}
	b.post(path, form).want(http.StatusSeeOther)
	m := f.upstreamMember("acme", newcomer)
	if m["is_admin"] != false || asJSON(t, m["trusted_metadata"]) != "{}" || m["status"] != "active" {
		t.Errorf("the member is %v", m)
	}
	// A locked box that is posted without what the form showed of it is no field at all.
	bare := url.Values{"way": {"create"}, "email_address": {"x@acme.example"}}
	b.post(path, bare).want(http.StatusUnprocessableEntity)
}

// TestNewMemberLost: the answer is lost, and the page says how it stands.
func TestNewMemberLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{timeout: 5 * time.Second, unchecked: true})
	b := f.visit("acme")
	path := newIn("acme")(f)
	for _, kind := range []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 500}, {Kind: sandbox.FaultHalf}} {
		for way, op := range map[string]stytch.Operation{"create": stytch.MemberCreate, "invite": stytch.MemberInvite} {
			kind.Operation = op.String()
			f.fault(kind)
			form := b.fill(path, "way", way, "email_address", way+itoa(kind.Status)+"@acme.example")
			a := b.post(path, form).want(http.StatusBadGateway).says("it is not known whether it was done")
			f.sandbox.ClearFaults()
			if got := a.doc().Find("main form [name=email_address]").AttrOr("value", ""); got != form.Get("email_address") {
				t.Errorf("%q is left of the address", got)
			}
			if n := a.writes(); !slices.Equal(n, []string{op.String()}) {
				t.Errorf("it sends %v", n)
			}
		}
	}
}
