package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

const otherEmail = "marcus@new.example"

// emailOf is the address of the page that changes the e-mail address of a member of acme.
func emailOf(email string) func(*fixture) string {
	return func(f *fixture) string { return paths.MemberEmail(f.organization("acme"), f.member("acme", email)) }
}

// TestMemberConfirmsAddress: nothing changes before the link is opened.
func TestMemberConfirmsAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path, id := emailOf(aaron)(f), f.member("acme", aaron)
	b.post(path, b.fill(path, "way", "confirm", "email_address", otherEmail)).leads(paths.Member(f.organization("acme"), id))
	b.get(paths.Member(f.organization("acme"), id)).want(http.StatusOK).says("A link is on its way to " + otherEmail).says("works for 5 minutes").says(aaron)
	if got := f.upstreamMember("acme", aaron)["email_address"]; got != aaron {
		t.Fatalf("the address is %v at once", got)
	}
	guest := f.browser()
	guest.get(mailedAddress(otherEmail)(f)).want(http.StatusOK)
	guest.post(paths.Authenticate, mailedLink(otherEmail)(guest)).want(http.StatusSeeOther)
	m := f.upstreamMember("acme", otherEmail)
	if m["email_address_verified"] != true || m["member_id"] != id || m["member_password_id"] == "" {
		t.Errorf("afterwards the member is %v", m)
	}
}

// TestAddressChangesNow says what follows before it is done, and does that.
func TestAddressChangesNow(t *testing.T) {
	t.Parallel()
	for name, unlink := range map[string]bool{"retired": false, "given up": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.visit("acme")
			path, id := emailOf(marcus)(f), f.member("acme", marcus)
			fill, says, retired := []string{"way", "now", "email_address", otherEmail}, "nobody else here can have it", true
			if unlink {
				fill, says, retired = append(fill, "unlink_email", "yes"), "somebody else here may take it", false
			}
			a := b.post(path, b.fill(path, fill...)).want(http.StatusOK).says("Their password is deleted.").says("not verified until they sign in").says(says)
			if n := a.writes(); len(n) > 0 {
				t.Fatalf("before the yes it sends %v", n)
			}
			b.post(path, a.formWith()).leads(paths.Member(f.organization("acme"), id))
			b.get(paths.Member(f.organization("acme"), id)).want(http.StatusOK).says("The address is " + otherEmail + " now.")
			m := f.upstreamMember("acme", otherEmail)
			if m["email_address_verified"] != false || m["member_password_id"] != "" || strings.Contains(asJSON(t, m["retired_email_addresses"]), marcus) != retired {
				t.Errorf("afterwards the member is %v", m)
			}
		})
	}
}

func TestMemberEmailTroubles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path := emailOf(aaron)(f)
	for _, c := range []struct{ way, typed, words string }{
		{"now", "", "Enter an e-mail address"},
		{"confirm", "aaron", "Enter an e-mail address"},
		{"now", aaron, "This is their address now."},
		{"confirm", strings.ToUpper(aaron), "This is their address now."},
	} {
		a := b.post(path, b.fill(path, "way", c.way, "email_address", c.typed)).wantTrouble("email_address", c.words)
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%q: it sends %v", c.typed, n)
		}
	}
	for _, c := range []struct{ typed, words string }{
		{olivia, "A member here has this address."},
		{"sofia.berg@acme.example", "Another member here had this address before."},
		{"somebody@quayside.example", "Another organization has claimed the domain"},
	} {
		b.post(path, b.fill(path, "way", "confirm", "email_address", c.typed)).wantTrouble("email_address", c.words)
		a := b.post(path, b.fill(path, "way", "now", "email_address", c.typed)).want(http.StatusOK)
		b.post(path, a.formWith()).wantTrouble("email_address", c.words)
	}
	// An address that is being confirmed is kept for who confirms it.
	b.post(path, b.fill(path, "way", "confirm", "email_address", "wanted@new.example")).want(http.StatusSeeOther)
	second := emailOf(tom)(f)
	b.post(second, b.fill(second, "way", "confirm", "email_address", "wanted@new.example")).wantTrouble("email_address", "Another member here is changing to this address.")
	if a := b.post(path, b.fill(path, "email_address", otherEmail)).want(http.StatusUnprocessableEntity); a.text("#way-e") != "Choose how." {
		t.Errorf("without a way it says %q", a.text("#way-e"))
	}
	// Who is not active, or has not proven the present address, cannot confirm another one.
	for email, words := range map[string]string{"farah.aziz@acme.example": "Only active members", marcus: "not verified"} {
		path := emailOf(email)(f)
		if email == marcus {
			a := b.post(path, b.fill(path, "way", "now", "email_address", otherEmail)).want(http.StatusOK)
			b.post(path, a.formWith()).want(http.StatusSeeOther)
		}
		form := b.get(path).want(http.StatusOK).says(words).formWith("way", "confirm", "email_address", "another@new.example")
		a := b.post(path, form).want(http.StatusUnprocessableEntity)
		if got := a.text("#way-e"); !strings.Contains(got, words) || len(a.writes()) > 0 {
			t.Errorf("%s: it says %q and sends %v", email, got, a.writes())
		}
	}
}

// TestMemberEmailConflict: somebody else changed the address meanwhile.
func TestMemberEmailConflict(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	path, id := emailOf(marcus)(f), f.member("acme", marcus)
	mine := b.fill(path, "way", "now", "email_address", otherEmail)
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.organization("acme")+"/members/"+id, map[string]any{"email_address": "theirs@new.example"})
	a := b.post(path, mine).want(http.StatusConflict).says("theirs@new.example")
	b.clone().post(path, a.formWith("keep.email_address", "theirs")).leads(paths.Member(f.organization("acme"), id))
	if got := f.upstreamMember("acme", "theirs@new.example")["member_id"]; got != id {
		t.Errorf("theirs is not kept: %v", got)
	}
}

func TestRetiredAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme, id := f.organization("acme"), f.member("acme", sofia)
	retired, _ := f.upstreamMember("acme", sofia)["retired_email_addresses"].([]any)
	first, _ := retired[0].(map[string]any)
	emailID, _ := first["email_id"].(string)
	a := b.get(paths.MemberRetiredEmail(acme, id, emailID)).want(http.StatusOK).says("sofia.berg@acme.example").says("Somebody else here may have this address then.")
	path := paths.MemberRetiredEmail(acme, id, "")
	form := a.formWith()
	for name, made := range map[string]string{"none": "", "made up": "email-test-00000000-0000-4000-8000-000000000000", "an address": "sofia.berg@acme.example"} {
		b.get(paths.MemberRetiredEmail(acme, id, made)).want(http.StatusNotFound).says("There is no such address")
		a := b.post(path, values("email_id", made)).want(http.StatusNotFound)
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%s: it sends %v", name, n)
		}
	}
	// An address of another member is none of this one's.
	b.post(paths.MemberRetiredEmail(acme, f.member("acme", tom), ""), values("email_id", emailID)).want(http.StatusNotFound)
	b.post(path, form).leads(paths.Member(acme, id))
	b.get(paths.Member(acme, id)).says("sofia.berg@acme.example is given up.")
	if left := asJSON(t, f.upstreamMember("acme", sofia)["retired_email_addresses"]); strings.Contains(left, "sofia.berg@") {
		t.Errorf("left are %s", left)
	}
	if a := f.signIn(tara, "acme").get(paths.MemberRetiredEmail(acme, id, emailID)); a.status != http.StatusNotFound {
		t.Errorf("gone, and the page is %d", a.status)
	}
}

// TestOwnAddressIsChangedElsewhere: the upstream lets nobody change their own (rule email-update).
func TestOwnAddressIsChangedElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	path := emailOf(ada)(f)
	b.get(path).leads(paths.Own(paths.AccountEmail, f.organization("acme")))
	a := b.post(path, values("way", "now", "email_address", otherEmail, "was.email_address", ada, "confirm", "yes")).leads(paths.Own(paths.AccountEmail, f.organization("acme")))
	if a.hasCalled(stytch.MemberUpdate) {
		t.Error("it was sent all the same")
	}
}
