package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

func TestMemberPageSays(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme := f.organization("acme")
	for _, c := range []struct {
		email string
		says  []string
	}{
		{"priya.nair@acme.example", []string{
			"Given directly", "Everybody has it", "E-mail domain acme.example", "Everybody in Acme Okta", "Group console-admins in Acme Okta", "Directory group", "in Acme Okta directory",
			"SAML, Acme Okta: priya.nair@acme.example", "SCIM, Acme Okta directory", "Single sign-on", "E-mail code", "Stytch tells no address and no browser of a session.", "1 h ago", "20 min ago",
		}},
		{"daniel.okafor@acme.example", []string{"Password, Authenticator app", "E-mail link, Recovery code", "2 h ago", "Enrolled", "Default", "+442079460123", "Verified"}},
		{"hana.suzuki@acme.example", []string{"Google, Text message", "OAuth, Microsoft", "+819012345678, default", "Required for this member"}},
		{"tom.baker@acme.example", []string{"Impersonated by rita@vendor.example", "employee-4711", `"cost_centre"`, `"R&D-7"`, `"since": "2024-02-01"`, `"theme": "dark"`, "in 49 min"}},
		{"marcus.webb@acme.example", []string{"Locked: this member cannot sign in.", "Too many sign-ins in a row failed.", "Since", "Until"}},
		{"emergency@acme.example", []string{"Yes: may sign in by any method", "No live session"}},
		{"sofia.lindqvist@acme.example", []string{"Retired e-mail addresses", "sofia.berg@acme.example"}},
		{"ines.carvalho@acme.example", []string{"Not verified", "+351912345678"}},
		{"no-name@acme.example", []string{"No name yet", "Not required", "No account elsewhere is linked", "No live session"}},
	} {
		a := b.get(paths.Member(acme, f.member("acme", c.email))).want(http.StatusOK)
		for _, words := range c.says {
			a.says(words)
		}
		a.saysNot(">You<")
	}
}

func TestOwnMemberPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	plain := f.signIn(sam, "linden") // a plain member: not even the list is open
	linden := f.organization("linden")
	own := plain.get(paths.Member(linden, f.member("linden", sam))).want(http.StatusOK).says("Sam Okoye").says("You").says("This one").says("E-mail code")
	for _, call := range own.calls() {
		if c := call.AuthorizationCheck; c != nil {
			t.Errorf("one's own page asked for %s:%s", c.ResourceID, c.Action)
		}
		if call.Operation == stytch.MemberGet.String() {
			t.Error("one's own page read the member with the secret")
		}
	}
	plain.get(paths.Members(linden)).want(http.StatusForbidden).says("stytch.member : search").says("tenant_support")
	other := plain.get(paths.Member(linden, f.member("linden", ada))).want(http.StatusForbidden).says("stytch.member : search")
	if strings.Contains(other.text("main"), "Whitfield") {
		t.Error("the refused page tells of the member")
	}
	if got := other.operations(); slices.Contains(got, stytch.MemberGet.String()) || slices.Contains(got, stytch.MemberSessionsList.String()) {
		t.Errorf("read what the policy refuses: %v", got)
	}
}

func TestMemberWhoIsNot(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("umbrella")
	umbrella := f.organization("umbrella")
	for name, id := range map[string]string{
		"deleted": deletedMember(b, umbrella), "nobody": "member-test-00000000-0000-4000-8000-000000000000", "of another organization": f.member("acme", "tom.baker@acme.example"),
	} {
		a := b.get(paths.Member(umbrella, id)).want(http.StatusNotFound).says("This member does not exist here").says("It was deleted, or never was a member of this organization.")
		if a.doc().Find("main a[href='"+paths.Members(umbrella)+"']").Length() == 0 {
			t.Errorf("%s: no way to the members", name)
		}
		a.saysNot("Baker").saysNot("Birkin")
	}
}

// TestSessionsRefused: the upstream refuses the sessions of a member and nothing else.
func TestSessionsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	if err := f.sandbox.SetFault(sandbox.Fault{Operation: stytch.MemberSessionsList.String(), Kind: sandbox.FaultStatus, Status: 403, ErrorType: "session_authorization_error"}); err != nil {
		t.Fatal(err)
	}
	path := paths.Member(f.organization("acme"), f.member("acme", "tom.baker@acme.example"))
	a := b.get(path).want(http.StatusOK).says("Sessions are hidden from you").says("stytch.member : search").says("Tom Baker").says("Everybody has it").says("employee-4711")
	a.saysNot("Impersonated")
	f.sandbox.ClearFaults()
	b.get(path).want(http.StatusOK).says("Impersonated by")
}
