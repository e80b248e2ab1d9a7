package handlers_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// Two people open the same form: what both changed is asked about, what only one did is kept.
func TestSettingsOfTwo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	acme := f.organization("acme")
	home := paths.Settings(acme)
	one, two := f.signIn(olivia, "acme"), signed(ada, "support-desk", "acme")(f)
	path, mine := one.group("acme", "identity", "organization_name", "Acme One", "organization_logo_url", "https://one.example/a.png")
	_, theirs := two.group("acme", "identity", "organization_name", "Acme Two", "organization_slug", "acme-two")
	two.post(path, theirs).leads(home)
	a := one.post(path, mine).want(http.StatusConflict)
	a.wroteNothing()
	for _, says := range []string{"Somebody else changed this after you opened it.", "Acme Corporation", "Acme Two", "Acme One"} {
		a.says(says)
	}
	if n := a.doc().Find("input[type=radio]").Length(); n != 2 {
		t.Errorf("%d choices, and one field was changed by both", n)
	}
	// Theirs stays, and what was changed besides is saved.
	one.post(path, a.formWith("keep.organization_name", "theirs")).leads(home)
	two.get(home).says("Acme Two").says("acme-two").says("https://one.example/a.png")

	// Mine stays, where the other one did not change it yet again meanwhile.
	_, theirs = two.group("acme-two", "identity", "organization_name", "Acme Three")
	_, mine = one.group("acme-two", "identity", "organization_name", "Acme Four")
	two.post(path, theirs).leads(home)
	a = one.post(path, mine).want(http.StatusConflict)
	_, theirs = two.group("acme-two", "identity", "organization_name", "Acme Five")
	two.post(path, theirs).leads(home)
	a = one.post(path, a.formWith("keep.organization_name", "mine")).want(http.StatusConflict).says("Acme Five")
	one.post(path, a.formWith("keep.organization_name", "mine")).leads(home)
	two.get(home).says("Acme Four")

	// Both wanted the same: there is nothing left to do.
	_, theirs = two.group("acme-two", "mfa", "mfa_policy", "REQUIRED_FOR_ALL", "confirm", "yes")
	_, mine = one.group("acme-two", "mfa", "mfa_policy", "REQUIRED_FOR_ALL")
	two.post(paths.SettingsGroup(acme, "mfa"), theirs).leads(home)
	one.post(paths.SettingsGroup(acme, "mfa"), mine).leads(home).wroteNothing()
}

// The page before a save says what else a change does, and checks everything again.
func TestSettingsReview(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	for _, test := range []struct {
		group, field, value, says string
	}{
		{"joining", "email_invites", "NOT_ALLOWED", "Nobody can be invited by e-mail any more."},
		{"joining", "email_allowed_domains", "acme.example", "Members at acme-labs.example stay members."},
		{"claimed-domains", "claimed_email_domains", "", "People at acme.example may belong to other organizations again."},
		{"sign-in", "auth_methods", "RESTRICTED", "cannot sign in"},
		{"mfa", "mfa_policy", "REQUIRED_FOR_ALL", "set one up at their next sign-in"},
		{"apps", "third_party_connected_apps_allowed_type", "NOT_ALLOWED", "what members granted it ends"},
		{"roles", "rbac_email_implicit_role_assignments", "", "Members lose the role of acme.example:editor"},
	} {
		pairs := []string{test.field, test.value}
		if test.value == "RESTRICTED" {
			pairs = append(pairs, "allowed_auth_methods", "sso")
		}
		path, form := b.group("acme", test.group, pairs...)
		a := b.post(path, form).want(http.StatusOK).says(test.says)
		a.wroteNothing()
		// What comes with a yes is checked like everything else.
		wrong := a.formWith(test.field, "not a value of it")
		b.post(path, wrong).want(http.StatusUnprocessableEntity).wroteNothing()
	}
}

// What the upstream refuses to the tenant's session, the staff may write, one field a call, each with an action of its own.
func TestSettingsAsStaff(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	acme := f.organization("acme")
	home := paths.Settings(acme)
	b := signed(ada, "support-desk", "acme")(f)
	for _, test := range []struct {
		group string
		pairs []string
		op    stytch.Operation
		sent  map[string]any
	}{
		{"external-id", []string{"organization_external_id", "crm-10"}, stytch.StaffExternalIDUpdate, map[string]any{"organization_external_id": "crm-10"}},
		{"external-id", []string{"organization_external_id", ""}, stytch.StaffExternalIDDelete, nil},
		{"claimed-domains", []string{"claimed_email_domains", "new.example"}, stytch.StaffClaimedDomainsUpdate, map[string]any{"claimed_email_domains": []any{"new.example"}}},
		{"apps", []string{"third_party_connected_apps_allowed_type", "ALL_ALLOWED"}, stytch.StaffAppPolicyUpdate, map[string]any{"third_party_connected_apps_allowed_type": "ALL_ALLOWED"}},
	} {
		path := paths.SettingsGroup(acme, test.group)
		a := b.save(test.group, test.pairs...).want(http.StatusForbidden).says("Stytch refused it.")
		a.wroteNothing()
		wire.take()
		if a.doc().Find("button[name=as][value=staff]").Length() != 1 {
			t.Fatalf("%s: no button of the staff: %s", test.group, a.text("main"))
		}
		if kept := a.formWith()[test.pairs[0]]; sorted(kept) != test.pairs[1] {
			t.Errorf("%s: refused, and it is %q now", test.group, kept)
		}
		a = b.post(path, a.formWith("as", "staff"))
		if a.status == http.StatusOK {
			a = b.post(path, a.formWith()) // reviewed
		}
		a.leads(home)
		if done := a.written(); len(done) != 1 || done[0] != test.op.String() {
			t.Errorf("%s: %v was carried out", test.group, done)
		}
		if sent := wire.take(); test.sent != nil && (len(sent) != 1 || !reflect.DeepEqual(sent[0], test.sent)) {
			t.Errorf("%s: sent %v", test.group, sent)
		}
		check := test.op.Row().Check
		asked := slices.ContainsFunc(a.calls(), func(c sandbox.RequestLog) bool {
			return c.AuthorizationCheck != nil && *c.AuthorizationCheck == sandbox.Check{OrganizationID: f.staffID, ResourceID: check.Resource, Action: check.Action}
		})
		if !asked {
			t.Errorf("%s: nobody asked for %s", test.group, check.Action)
		}
	}
	// Somebody of the staff without the action is told which, and one who is not of the staff is offered nothing.
	agent := signed(sam, "support-desk", "acme")(f)
	a := agent.save("external-id", "organization_external_id", "crm-11").want(http.StatusForbidden).says("console-organizations : update-external-id")
	if a.doc().Find("button[name=as]").Length() != 0 {
		t.Error("a button for somebody who may not")
	}
	path, form := agent.group("acme", "external-id", "organization_external_id", "crm-12", "as", "staff")
	agent.post(path, form).want(http.StatusForbidden).wroteNothing()
	alone := f.signIn(ada, "acme")
	path, form = alone.group("acme", "external-id", "organization_external_id", "crm-13", "as", "staff")
	alone.post(path, form).want(http.StatusNotFound).wroteNothing()
}

// Trusted metadata is written by the staff alone: keys that changed, and null for those that went.
func TestSettingsMetadata(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	b := signed(ada, "support-desk", "acme")(f)
	path, form := b.group("acme", "metadata", "trusted_metadata", `{"plan":"team","seats":250,"trial":false,"new":{"a":[1]}}`)
	b.post(path, form).leads(paths.Settings(f.organization("acme")))
	want := map[string]any{"trusted_metadata": map[string]any{"plan": "team", "new": map[string]any{"a": []any{1.0}}, "crm": nil, "renewal": nil}}
	if sent := wire.take(); len(sent) != 1 || !reflect.DeepEqual(sent[0], want) {
		t.Errorf("sent %v, want %v", sent, want)
	}
	b.get(paths.Settings(f.organization("acme"))).says(`"plan": "team"`).saysNot("ACME-42")
	f.signIn(olivia, "acme").get(path).want(http.StatusOK).says("Only the support staff of this project can write it.").says(`"plan": "team"`)
	// Somebody of the staff without the permission sees it, and which one it is.
	b = signed(sam, "support-desk", "acme")(f)
	b.get(path).want(http.StatusOK).says("console-organizations : update-trusted-metadata")
	form.Set("was.trusted_metadata", form.Get("trusted_metadata"))
	form.Set("trusted_metadata", "{}")
	form.Del("ticket")
	b.post(path, form).leads(paths.Settings(f.organization("acme"))).wroteNothing()
}

// Several fields written by the staff are several calls, each with its receipt; what is left is sent again, and nothing else.
func TestSettingsSteps(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	acme := f.organization("acme")
	b := signed(ada, "support-desk", "acme")(f)
	path, form := b.group("acme", "apps", "as", "staff", "confirm", "yes", "first_party_connected_apps_allowed_type", "RESTRICTED",
		"allowed_first_party_connected_apps", "connected-app-test-00000000-0000-4000-8000-000000000000", "third_party_connected_apps_allowed_type", "NOT_ALLOWED")
	f.fault(sandbox.Fault{Operation: stytch.StaffAppPolicyUpdate.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError, Count: 2})
	a := b.post(path, form)
	f.sandbox.ClearFaults()
	a.want(http.StatusBadGateway).says("0 of 3 steps done").says("It may have been done all the same.").says("Not started")
	wire.take()
	b.post(path, a.formWith()).want(http.StatusOK).says("Done")
	var sent []string
	for _, one := range wire.take() {
		sent = append(sent, slices.Collect(maps.Keys(one))...)
	}
	// The list comes before the choice that makes it count.
	want := []string{"allowed_first_party_connected_apps", "first_party_connected_apps_allowed_type", "third_party_connected_apps_allowed_type"}
	if !slices.Equal(sent, want) {
		t.Errorf("sent %v, want %v", sent, want)
	}
	b.get(paths.Settings(acme)).says("connected-app-test-00000000-0000-4000-8000-000000000000")
	// A step that is done is not done again.
	path, form = b.group("acme", "apps", "as", "staff", "confirm", "yes", "first_party_connected_apps_allowed_type", "ALL_ALLOWED", "third_party_connected_apps_allowed_type", "ALL_ALLOWED")
	f.fault(sandbox.Fault{Operation: stytch.StaffAppPolicyUpdate.String(), Kind: sandbox.FaultHalf, Count: 1})
	a = b.post(path, form).want(http.StatusBadGateway).says("Unknown").says("Not started")
	f.sandbox.ClearFaults()
	wire.take()
	b.post(path, a.formWith()).leads(paths.Settings(acme))
	if sent := wire.take(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
}

// An answer that was lost says so, with how it stands now; what was typed stays.
func TestSettingsLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	home := paths.Settings(f.organization("acme"))
	for kind, says := range map[string]string{
		sandbox.FaultReset: "It is not known whether this was saved.", sandbox.FaultHalf: "It was saved all the same",
	} {
		name := "Acme after " + kind
		path, form := b.group("acme", "identity", "organization_name", name)
		f.fault(sandbox.Fault{Operation: stytch.OrganizationUpdate.String(), Kind: kind, Count: 1})
		a := b.post(path, form).want(http.StatusBadGateway).says(says).says("Stytch does not answer")
		f.sandbox.ClearFaults()
		again := b.post(path, a.formWith()).leads(home)
		if wrote := len(again.written()) > 0; wrote != strings.HasPrefix(says, "It is not") {
			t.Errorf("%s: sent again, and it wrote: %v", kind, wrote)
		}
		b.get(home).says(name)
	}
}

// Nothing at all is changed by a form that changes nothing.
func TestSettingsUnchanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := signed(ada, "support-desk", "acme", "hostile")(f)
	for _, slug := range []string{"acme", "hostile"} {
		for _, group := range []string{"identity", "external-id", "joining", "claimed-domains", "sign-in", "mfa", "apps", "roles", "metadata"} {
			path, form := b.group(slug, group)
			a := b.post(path, form)
			if a.status != http.StatusSeeOther {
				t.Errorf("%s, %s: status %d %q: %s", slug, group, a.status, a.h1(), a.text(".err"))
				continue
			}
			a.wroteNothing()
		}
	}
}

// Whoever acts as somebody else sees the settings and changes none.
func TestSettingsImpersonated(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := impersonated("acme", olivia)(f)
	a := b.get(paths.Settings(f.organization("acme"))).want(http.StatusOK).says("Acme Corporation")
	if n := a.doc().Find("main a:not(.crumb a)").Length(); n > 0 {
		t.Errorf("%d links to forms for somebody who only looks", n)
	}
	path := paths.SettingsGroup(f.organization("acme"), "identity")
	b.get(path).want(http.StatusForbidden)
	b.post(path, values("was.organization_name", "Acme Corporation", "organization_name", "Owned")).want(http.StatusForbidden).wroteNothing()
}
