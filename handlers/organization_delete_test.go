package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// adminElsewhere is signed in to the staff organization and has entered acme, where they may do everything.
func adminElsewhere(f *fixture) *browser {
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.organization("acme")+"/members/"+f.member("acme", ada), map[string]any{"roles": []string{"stytch_admin"}})
	return f.signIn(ada, "support-desk").enter("acme")
}

// The page says what goes, and asks for the name.
func TestOrganizationDeletePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	path := paths.OrganizationDelete(f.organization("acme"))
	b.get(paths.Settings(f.organization("acme"))).says("Delete this organization")
	a := b.get(path).want(http.StatusOK)
	for _, says := range []string{
		"Delete Acme Corporation?", " members are deleted", "Their sessions end at once", "Acme Okta", "Acme Okta directory", "you are signed out",
		"Type Acme Corporation to go on", "Nothing brings it back",
	} {
		a.says(says)
	}
	for _, typed := range []string{"", "acme", "Acme", "acme corporation", "Globex"} {
		b.post(path, values("typed", typed)).want(http.StatusUnprocessableEntity).wroteNothing()
	}
	// A name that nobody can type is asked for by its slug.
	hostile := signed(ada, "support-desk", "hostile")(f)
	hostile.get(paths.OrganizationDelete(f.organization("hostile"))).want(http.StatusOK).says("Type hostile to go on").says("stytch.organization : delete")
	hostile.post(paths.OrganizationDelete(f.organization("hostile")), values("typed", "hostile")).want(http.StatusForbidden).wroteNothing()
}

// The organization goes, and what was held of it: the key, or everything where one signed in to it.
func TestOrganizationDelete(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	path := paths.OrganizationDelete(f.organization("acme"))
	b, other := adminElsewhere(f), f.signIn(olivia, "acme")
	b.post(path, values("typed", "Acme Corporation")).leads(paths.Organizations)
	b.get(paths.Organizations).want(http.StatusOK).says("Acme Corporation is deleted.")
	b.get(strings.TrimSuffix(path, "/delete")).want(http.StatusNotFound)
	b.get(paths.Organizations + "?slug=acme").saysNot("Acme Corporation</bdi>")
	other.get(strings.TrimSuffix(path, "/delete")).leads(paths.Login)

	f = newFixture(t, setup{})
	b = f.signIn(olivia, "acme")
	b.post(path, values("typed", "Acme Corporation")).leads(paths.LoginNotice("out"))
	if b.isSignedIn() {
		t.Error("still signed in")
	}
}

// The staff organization stays, whoever asks.
func TestStaffOrganizationStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.upstream(http.MethodPut, "/v1/b2b/organizations/"+f.staffID+"/members/"+f.member("support-desk", ada), map[string]any{"roles": []string{"stytch_admin", "support_admin"}})
	b := f.signIn(ada, "support-desk")
	path := paths.OrganizationDelete(f.staffID)
	b.get(paths.Organization(f.staffID)).saysNot(path)
	b.get(paths.Settings(f.staffID)).saysNot(path)
	b.get(path).want(http.StatusConflict).says("The staff organization cannot be deleted here")
	b.post(path, values("typed", "Support desk")).want(http.StatusConflict).wroteNothing()
}

// An answer that was lost says how it stands now.
func TestOrganizationDeleteLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	path := paths.OrganizationDelete(f.organization("acme"))
	b := adminElsewhere(f)
	f.fault(sandbox.Fault{Operation: stytch.OrganizationDelete.String(), Kind: sandbox.FaultReset, Count: 1})
	b.post(path, values("typed", "Acme Corporation")).want(http.StatusBadGateway).says("The organization is still there now.")
	f.fault(sandbox.Fault{Operation: stytch.OrganizationDelete.String(), Kind: sandbox.FaultHalf, Count: 1})
	b.post(path, values("typed", "Acme Corporation")).leads(paths.Organizations)
	b.get(paths.Organizations).says("Stytch did not confirm it, and Acme Corporation is not there any more.")
}
