package handlers_test

import (
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// A new organization names every way in, whatever the form says, and nothing that the form has no field for.
func TestOrganizationNew(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	b := f.signIn(ada, "support-desk")
	b.get(paths.Organizations).says("New organization")
	page := b.get(paths.OrganizationNew).want(http.StatusOK)
	form := page.formWith("organization_name", "Fresh & Fields, Ltd.", "organization_external_id", "crm-1", "is_admin", "true", "trusted_metadata", `{"a":1}`,
		"roles", "stytch_admin", "organization_id", f.organization("acme"), "mfa_policy", "REQUIRED_FOR_ALL")
	a := b.post(paths.OrganizationNew, form).want(http.StatusSeeOther)
	id := strings.TrimPrefix(a.header.Get("Location"), paths.Organizations+"/")
	if !stytch.IsOrganizationID(id) {
		t.Fatalf("it leads to %q", a.header.Get("Location"))
	}
	want := map[string]any{
		"organization_name": "Fresh & Fields, Ltd.", "organization_slug": "fresh-fields-ltd", "organization_external_id": "crm-1",
		"email_invites": "ALL_ALLOWED", "email_jit_provisioning": "NOT_ALLOWED", "sso_jit_provisioning": "ALL_ALLOWED",
	}
	var made map[string]any
	for _, sent := range wire.take() {
		if sent["organization_name"] != nil {
			made = sent
		}
	}
	if !reflect.DeepEqual(made, want) {
		t.Errorf("sent %v, want %v", made, want)
	}
	b.get(a.header.Get("Location")).says("Fresh & Fields, Ltd.")
	b.get(paths.Organizations + "?slug=fresh-fields-ltd").says("Fresh & Fields, Ltd.")

	// The same name once more: the slug is taken, and another one is offered.
	again := b.post(paths.OrganizationNew, page.formWith("organization_name", "Fresh Fields Ltd", "ticket", "-")).want(http.StatusUnprocessableEntity)
	if beside := again.text("#organization_slug-e"); !strings.Contains(beside, "Try fresh-fields-ltd-2.") {
		t.Errorf("it says %q", beside)
	}
	if kept := again.formWith(); kept.Get("organization_name") != "Fresh Fields Ltd" || kept.Get("organization_slug") != "fresh-fields-ltd" {
		t.Errorf("it keeps %v", kept)
	}
}

// Each rule is told beside its field, with nothing lost and nothing sent.
func TestOrganizationNewRules(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	form := b.get(paths.OrganizationNew).formWith("organization_name", "Fresh Fields", "ticket", "-")
	for _, test := range []struct{ field, value, beside, says string }{
		{"organization_name", "", "organization_name", "Enter a name."},
		{"organization_name", strings.Repeat("x", 129), "organization_name", "too long"},
		{"organization_name", "شركة النور", "organization_slug", "No slug can be made of this name."},
		{"organization_slug", "a b", "organization_slug", "No spaces."},
		{"organization_external_id", "a/b", "organization_external_id", "letters, digits"},
		{"email_allowed_domains", "gmail.com", "email_allowed_domains", "open to everybody"},
		{"email_invites", "RESTRICTED", "email_allowed_domains", "name at least one"},
		{"email_jit_provisioning", "ALL_ALLOWED", "email_jit_provisioning", "not one of the choices"},
		{"sso_jit_provisioning", "RESTRICTED", "sso_jit_provisioning", "not one of the choices"},
	} {
		typed := values()
		maps.Copy(typed, form)
		typed.Set(test.field, test.value)
		a := b.post(paths.OrganizationNew, typed).want(http.StatusUnprocessableEntity)
		a.wroteNothing()
		if beside := a.text("#" + test.beside + "-e"); !strings.Contains(beside, test.says) {
			t.Errorf("%s=%.30q: it says %q", test.field, test.value, beside)
		}
		if kept := a.formWith().Get(test.field); kept != test.value && !unoffered(test.says) {
			t.Errorf("%s=%.30q: it is %q now", test.field, test.value, kept)
		}
	}
	form["email_invites"], form["sso_jit_provisioning"] = []string{"NOT_ALLOWED"}, []string{"NOT_ALLOWED"}
	b.post(paths.OrganizationNew, form).want(http.StatusUnprocessableEntity).says("Nobody could join any more.").wroteNothing()
}

// Whoever may not make one is told why, and nothing is lost; a lost answer is said to be one.
func TestOrganizationNewRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	agent := f.signIn(sam, "support-desk")
	page := agent.get(paths.OrganizationNew).want(http.StatusOK).says("console-organizations : create")
	if page.doc().Find("main form button:not([aria-disabled])").Length() > 0 {
		t.Error("a button for somebody who may not")
	}
	a := agent.post(paths.OrganizationNew, values("organization_name", "Fresh Fields")).want(http.StatusForbidden)
	a.wroteNothing()
	if kept := a.formWith().Get("organization_name"); kept != "Fresh Fields" {
		t.Errorf("it is %q now", kept)
	}
	b := f.signIn(ada, "support-desk")
	f.fault(sandbox.Fault{Operation: stytch.OrganizationCreate.String(), Kind: sandbox.FaultReset, Count: 1})
	lost := b.post(paths.OrganizationNew, values("organization_name", "Fresh Fields")).want(http.StatusBadGateway)
	lost.says("an organization with the slug fresh-fields is there").says("It may have been done all the same.")
	f.signIn(olivia, "acme").get(paths.OrganizationNew).want(http.StatusNotFound)
}
