package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// All settings come from the one call that says who somebody is: no permission and no secret is needed to see them.
func TestSettingsPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	a := b.get(paths.Settings(f.organization("acme"))).want(http.StatusOK)
	if got := a.operations(); !slices.Equal(got, []string{stytch.SessionAuthenticate.String()}) {
		t.Errorf("it calls %v", got)
	}
	for heading, says := range map[string]string{
		"identity": "https://cdn.example/acme.png", "external-id": "crm-000117", "joining": "slack:T024BE7LD", "claimed-domains": "acme.example",
		"sign-in": "Every method the project offers", "mfa": "Asked of those who enrolled", "apps": "Only those on the list", "roles": "acme.example:editor",
		"metadata": "ACME-42",
	} {
		section := a.doc().Find("section[aria-labelledby=" + heading + "]")
		if text := strings.Join(strings.Fields(section.Text()), " "); !strings.Contains(text, says) {
			t.Errorf("%s does not say %q: %s", heading, says, text)
		}
		edit := section.Find("a").First().AttrOr("href", "")
		if want := paths.SettingsGroup(f.organization("acme"), heading); (edit == want) == (heading == "metadata") {
			t.Errorf("%s is edited at %q", heading, edit)
		}
	}
	b.get(paths.SettingsGroup(f.organization("acme"), "nothing")).want(http.StatusNotFound)
	// Each group is closed to somebody without a role, and says what is missing.
	b = f.signIn(aaron, "acme")
	a = b.get(paths.Settings(f.organization("acme"))).want(http.StatusOK).says("update.info.name")
	a.saysNot(paths.SettingsGroup(f.organization("acme"), "joining"))
	path := paths.SettingsGroup(f.organization("acme"), "joining")
	a = b.get(path).want(http.StatusOK).says("update.settings.email-invites")
	if n := a.doc().Find("main form :is(input:not([name=ticket]), textarea, button)").Length(); n > 0 {
		t.Errorf("%d fields and buttons for somebody who may change nothing", n)
	}
}

// Each group changes what was changed in it, sends nothing else, and says so.
func TestSettingsSave(t *testing.T) {
	t.Parallel()
	tests := []struct {
		group    string
		pairs    []string
		reviewed bool
		sent     map[string]any
	}{
		{"identity", []string{"organization_name", "Acme Group"}, false, map[string]any{"organization_name": "Acme Group"}},
		{"identity", []string{"organization_slug", "acme-group", "organization_logo_url", ""}, false, map[string]any{"organization_slug": "acme-group", "organization_logo_url": ""}},
		{"external-id", []string{"organization_external_id", "crm-7"}, false, map[string]any{"organization_external_id": "crm-7"}},
		{"joining", []string{"email_invites", "RESTRICTED", "email_allowed_domains", "acme.example\r\nnew.example"}, true, map[string]any{
			"email_invites": "RESTRICTED", "email_allowed_domains": []any{"acme.example", "new.example"},
		}},
		{"joining", []string{"allowed_oauth_tenants", "slack:T1\nslack:T2"}, true, map[string]any{"allowed_oauth_tenants": map[string]any{"slack": []any{"T1", "T2"}}}},
		{"claimed-domains", []string{"claimed_email_domains", ""}, true, map[string]any{"claimed_email_domains": []any{}}},
		{"sign-in", []string{"auth_methods", "RESTRICTED", "allowed_auth_methods", "sso", "allowed_auth_methods", "email_otp"}, true, map[string]any{
			"auth_methods": "RESTRICTED", "allowed_auth_methods": []any{"email_otp", "sso"},
		}},
		{"mfa", []string{"mfa_policy", "REQUIRED_FOR_ALL"}, true, map[string]any{"mfa_policy": "REQUIRED_FOR_ALL"}},
		{"apps", []string{"first_party_connected_apps_allowed_type", "NOT_ALLOWED"}, true, map[string]any{"first_party_connected_apps_allowed_type": "NOT_ALLOWED"}},
		{"roles", []string{"rbac_email_implicit_role_assignments", "acme.example:billing_viewer\nacme.example:editor"}, true, map[string]any{
			"rbac_email_implicit_role_assignments": []any{
				map[string]any{"domain": "acme.example", "role_id": "billing_viewer"}, map[string]any{"domain": "acme.example", "role_id": "editor"},
			},
		}},
	}
	for _, test := range tests {
		t.Run(test.group, func(t *testing.T) {
			t.Parallel()
			f, wire := tappedSettings(t)
			b := f.signIn(olivia, "acme")
			home := paths.Settings(f.organization("acme"))
			path, form := b.group("acme", test.group, test.pairs...)
			a := b.post(path, form)
			if test.reviewed {
				a.want(http.StatusOK).wroteNothing()
				if !strings.HasPrefix(a.h1(), "Review ") {
					t.Fatalf("h1 %q", a.h1())
				}
				a = b.post(path, a.formWith())
			}
			a.leads(home)
			if sent := wire.take(); len(sent) != 1 || !reflect.DeepEqual(sent[0], test.sent) {
				t.Errorf("sent %v, want %v", sent, test.sent)
			}
			b.get(home).says("Saved: ")
			// What the form shows now is what was wanted: sending it again changes nothing.
			b.post(path, b.get(path).formWith()).leads(home).wroteNothing()
		})
	}
}

// An external id is not emptied but deleted.
func TestSettingsExternalIDGoes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	a := b.save("external-id", "organization_external_id", "").leads(paths.Settings(f.organization("acme")))
	if !a.hasCalled(stytch.OrganizationExternalIDDelete) || a.hasCalled(stytch.OrganizationUpdate) {
		t.Errorf("it calls %v", a.operations())
	}
	section := b.get(paths.Settings(f.organization("acme"))).doc().Find("section[aria-labelledby=external-id]")
	if !strings.Contains(section.Text(), "None") {
		t.Errorf("it says %q", section.Text())
	}
}

// Each rule of an organization's settings is told beside the field, with nothing lost and nothing sent.
func TestSettingsRules(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 129)
	tests := []struct{ group, field, value, says string }{
		{"identity", "organization_name", "", "Enter a name."},
		{"identity", "organization_name", long, "too long"},
		{"identity", "organization_name", "two\tcolumns", "letters and spaces in one line"},
		{"identity", "organization_slug", "", "Enter a slug"},
		{"identity", "organization_slug", "acme industrial", "No spaces."},
		{"identity", "organization_slug", "a", "2 to 128"},
		{"identity", "organization_slug", "...", "at least one letter or digit"},
		{"identity", "organization_slug", "acmé", "letters, digits"},
		{"identity", "organization_slug", long, "2 to 128"},
		{"identity", "organization_logo_url", "javascript:alert(1)", "Enter a whole address"},
		{"identity", "organization_logo_url", "https://" + strings.Repeat("x", 2048) + ".example", "too long"},
		{"external-id", "organization_external_id", "crm 7", "letters, digits and . _ - |"},
		{"external-id", "organization_external_id", long, "too long"},
		{"joining", "email_invites", "EVERYBODY", "not one of the choices"},
		{"joining", "email_jit_provisioning", "ALL_ALLOWED", "not one of the choices"},
		{"joining", "email_allowed_domains", "", "name at least one"},
		{"joining", "email_allowed_domains", "acme.example\ngmail.com", "gmail.com is open to everybody"},
		{"joining", "email_allowed_domains", "yahoo.co.uk", "yahoo.co.uk is open to everybody"},
		{"joining", "email_allowed_domains", "olivia@acme.example", "after the @ only"},
		{"joining", "email_allowed_domains", "acme", "is not a domain"},
		{"joining", "email_allowed_domains", "-acme.example", "is not a domain"},
		{"joining", "sso_jit_provisioning", "RESTRICTED", "tick at least one"},
		{"joining", "sso_jit_provisioning_allowed_connections", "saml-connection-test-00000000-0000-4000-8000-000000000000", "not one of the choices"},
		{"joining", "oauth_tenant_jit_provisioning", "ALL_ALLOWED", "not one of the choices"},
		{"joining", "allowed_oauth_tenants", "", "name at least one"},
		{"joining", "allowed_oauth_tenants", "google:T1", "has no tenants here"},
		{"joining", "allowed_oauth_tenants", "slack", "a colon, and the tenant"},
		{"claimed-domains", "claimed_email_domains", "hotmail.com", "hotmail.com is open to everybody"},
		{"claimed-domains", "claimed_email_domains", "a..b", "is not a domain"},
		{"sign-in", "auth_methods", "RESTRICTED", "tick at least one"},
		{"sign-in", "allowed_auth_methods", "carrier_pigeon", "not one of the choices"},
		{"sign-in", "sso_default_connection_id", "saml-connection-test-00000000-0000-4000-8000-000000000000", "not one of the choices"},
		{"mfa", "mfa_policy", "NEVER", "not one of the choices"},
		{"mfa", "mfa_methods", "RESTRICTED", "tick at least one"},
		{"mfa", "allowed_mfa_methods", "sso", "not one of the choices"},
		{"apps", "first_party_connected_apps_allowed_type", "RESTRICTED", "name at least one, or choose None"},
		{"apps", "allowed_third_party_connected_apps", "", "name at least one, or choose None"},
		{"apps", "allowed_third_party_connected_apps", "../x", "is not a client id"},
		{"roles", "rbac_email_implicit_role_assignments", "acme.example:nobody", "There is no role"},
		{"roles", "rbac_email_implicit_role_assignments", "acme.example:support_admin", "There is no role"},
		{"roles", "rbac_email_implicit_role_assignments", "gmail.com:editor", "open to everybody"},
		{"roles", "rbac_email_implicit_role_assignments", "acme.example", "a colon and a role"},
		{"metadata", "trusted_metadata", "{", "not a JSON object"},
		{"metadata", "trusted_metadata", `["a"]`, "not a JSON object"},
		{"metadata", "trusted_metadata", `{"a":1,"a":2}`, "each key once"},
		{"metadata", "trusted_metadata", "{" + manyKeys(21) + "}", "21 keys"},
		{"metadata", "trusted_metadata", `{"a":"` + strings.Repeat("x", 4096) + `"}`, "4 KB"},
	}
	f := newFixture(t, setup{})
	admin := f.signIn(olivia, "acme")
	staff := signed(ada, "support-desk", "acme")(f)
	for _, test := range tests {
		b := admin
		if test.group == "metadata" {
			b = staff
		}
		path, form := b.group("acme", test.group, test.field, test.value)
		a := b.post(path, form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s=%.40q: status %d %q", test.field, test.value, a.status, a.h1())
			continue
		}
		a.wroteNothing()
		field := a.doc().Find("#" + test.field)
		if beside := a.text("#" + test.field + "-e"); !strings.Contains(beside, test.says) || !strings.Contains(field.AttrOr("aria-describedby", ""), test.field+"-e") {
			// A rule over several fields may complain beside the list of a choice.
			if !strings.Contains(a.text(".err"), test.says) {
				t.Errorf("%s=%.40q: it says %q, want %q", test.field, test.value, beside, test.says)
			}
		}
		// Nothing is lost: the page sends what was typed. JSON is set out anew where it is some.
		again := a.formWith()
		if test.group == "metadata" && strings.Join(strings.Fields(again.Get(test.field)), "") != test.value {
			t.Errorf("%.40q is %.60q now", test.value, again.Get(test.field))
		}
		for name, sent := range form {
			if kept := again[name]; name != "ticket" && !strings.HasSuffix(name, "trusted_metadata") && !slices.Contains([]string{"email_invites", "auth_methods", "mfa_policy"}, name) && sorted(kept) != sorted(sent) && !unoffered(test.says) {
				t.Errorf("%s=%.40q: %s was %q, and is %q now", test.field, test.value, name, sent, kept)
			}
		}
	}
}

// unoffered are values that no page has: a box for them would be made up.
func unoffered(says string) bool { return says == "not one of the choices" }

// sorted are the values of a list, whatever breaks them.
func sorted(values []string) string {
	all := strings.Fields(strings.Join(values, "\n"))
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func manyKeys(n int) string {
	var keys []string
	for i := range n {
		keys = append(keys, `"key`+string(rune('a'+i))+`":`+"1")
	}
	return strings.Join(keys, ",")
}

// At least one way in must stay open.
func TestSettingsLeaveAWayIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	path, form := b.group("acme", "joining", "email_invites", "NOT_ALLOWED", "email_jit_provisioning", "NOT_ALLOWED", "sso_jit_provisioning", "NOT_ALLOWED")
	b.post(path, form).want(http.StatusUnprocessableEntity).says("Nobody could join any more.").wroteNothing()
	form.Set("email_invites", "RESTRICTED")
	b.post(path, form).want(http.StatusOK).says("Review 3 changes")
}

// A form may hold whatever it likes: nothing but the fields of its group is ever sent.
func TestSettingsTakeNoOtherFields(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	b := f.signIn(olivia, "acme")
	extra := url.Values{
		"roles": {"stytch_admin"}, "organization_id": {f.organization("globex")}, "is_admin": {"true"}, "trusted_metadata": {`{"owned":true}`}, "was.trusted_metadata": {"{}"},
		"was.organization_name": {"x"}, "was.mfa_policy": {"x"}, "mfa_policy": {"REQUIRED_FOR_ALL"}, "was.roles": {""}, "organization_name": {"Owned"}, "as": {"staff"},
	}
	for group, pairs := range map[string][]string{
		"identity": {"organization_logo_url", ""}, "external-id": {"organization_external_id", "crm-8"}, "joining": {"email_invites", "NOT_ALLOWED"},
		"claimed-domains": {"claimed_email_domains", "acme.example\nnew.example"}, "sign-in": {"allowed_auth_methods", "password"},
		"apps": {"first_party_connected_apps_allowed_type", "NOT_ALLOWED"}, "roles": {"rbac_email_implicit_role_assignments", ""}, "mfa": {"allowed_mfa_methods", "totp"},
	} {
		path, form := b.group("acme", group, pairs...)
		for name, value := range extra {
			if !form.Has(name) && !form.Has("was."+strings.TrimPrefix(name, "was.")) {
				form[name] = value
			}
		}
		form.Del("as") // nobody but the staff have that
		form.Set("confirm", "yes")
		b.post(path, form).leads(paths.Settings(f.organization("acme")))
		sent := wire.take()
		if len(sent) != 1 || len(sent[0]) != 1 || sent[0][pairs[0]] == nil {
			t.Errorf("%s sends %v, and %s alone was changed", group, sent, pairs[0])
		}
	}
	path, form := b.group("acme", "metadata")
	maps.Copy(form, extra)
	b.post(path, form).leads(paths.Settings(f.organization("acme"))).wroteNothing()
}

// However often one rendered form arrives, it acts once.
func TestSettingsFormActsOnce(t *testing.T) {
	t.Parallel()
	f, wire := tappedSettings(t)
	b := f.signIn(olivia, "acme")
	path, form := b.group("acme", "identity", "organization_name", "Acme at once")
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() { b.clone().post(path, form).leads(paths.Settings(f.organization("acme"))) })
	}
	wg.Wait()
	if sent := wire.take(); len(sent) != 1 {
		t.Errorf("%d writes", len(sent))
	}
}

// A refusal of a value that only the upstream knows of is told beside the field.
func TestSettingsRefusals(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(olivia, "acme")
	b.save("identity", "organization_slug", "globex").want(http.StatusUnprocessableEntity)
	for _, test := range []struct{ group, field, value, refusal, says string }{
		{"identity", "organization_slug", "globex", "", "Another organization has this slug."},
		{"identity", "organization_name", "Gambling", "organization_name_includes_banned_words", "a word that is not allowed"},
		{"external-id", "organization_external_id", "crm-9", "organization_external_id_already_used", "Another organization has this external id."},
		{"claimed-domains", "claimed_email_domains", "new.example", "claimed_email_domains_not_supported", "cannot claim domains"},
		{"joining", "email_allowed_domains", "throw.example", "organization_settings_disposable_domain", "to throw away"},
	} {
		if test.refusal != "" {
			f.fault(sandbox.Fault{Operation: stytch.OrganizationUpdate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: test.refusal})
		}
		a := b.save(test.group, test.field, test.value).want(http.StatusUnprocessableEntity)
		f.sandbox.ClearFaults()
		if beside := a.text("#" + test.field + "-e"); !strings.Contains(beside, test.says) {
			t.Errorf("%s: beside it says %q", test.field, beside)
		}
		if kept := a.formWith()[test.field]; sorted(kept) != test.value {
			t.Errorf("%s is %q now", test.field, kept)
		}
	}
}
