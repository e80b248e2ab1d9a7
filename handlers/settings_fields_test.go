package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// everyField is a change of each field of Update Organization, in acme: its group, and what it becomes.
var everyField = map[stytch.OrganizationField]struct {
	group string
	value []string
}{
	stytch.OrganizationName:                 {"identity", []string{"Acme Group"}},
	stytch.OrganizationSlug:                 {"identity", []string{"acme-group"}},
	stytch.OrganizationLogoURL:              {"identity", []string{"https://acme.example/new.png"}},
	stytch.OrganizationExternalID:           {"external-id", []string{"crm-9"}},
	stytch.OrganizationTrustedMetadata:      {"metadata", []string{`{"plan":"team"}`}},
	stytch.OrganizationSSOJIT:               {"joining", []string{"NOT_ALLOWED"}},
	stytch.OrganizationSSOJITConnections:    {"joining", nil}, // the first one that is offered
	stytch.OrganizationSSODefaultConnection: {"sign-in", nil}, // the last one that is offered
	stytch.OrganizationEmailDomains:         {"joining", []string{"acme.example\nnew.example"}},
	stytch.OrganizationEmailJIT:             {"joining", []string{"NOT_ALLOWED"}},
	stytch.OrganizationEmailInvites:         {"joining", []string{"NOT_ALLOWED"}},
	stytch.OrganizationClaimedDomains:       {"claimed-domains", []string{"acme.example\nnew.example"}},
	stytch.OrganizationOAuthTenantJIT:       {"joining", []string{"NOT_ALLOWED"}},
	stytch.OrganizationOAuthTenants:         {"joining", []string{"slack:T1"}},
	stytch.OrganizationAuthMethods:          {"sign-in", []string{"RESTRICTED"}},
	stytch.OrganizationAllowedAuthMethods:   {"sign-in", []string{"email_otp"}},
	stytch.OrganizationMFAPolicy:            {"mfa", []string{"REQUIRED_FOR_ALL"}},
	stytch.OrganizationMFAMethods:           {"mfa", []string{"RESTRICTED"}},
	stytch.OrganizationAllowedMFAMethods:    {"mfa", []string{"totp"}},
	stytch.OrganizationImplicitRoles:        {"roles", []string{"acme.example:billing_viewer"}},
	stytch.OrganizationFirstPartyApps:       {"apps", []string{"NOT_ALLOWED"}},
	stytch.OrganizationAllowedFirstParty:    {"apps", []string{"connected-app-test-00000000-0000-4000-8000-000000000000"}},
	stytch.OrganizationThirdPartyApps:       {"apps", []string{"ALL_ALLOWED"}},
	stytch.OrganizationAllowedThirdParty:    {"apps", []string{"connected-app-test-00000000-0000-4000-8000-000000000000"}},
}

// everyForm is the form that changes one field, as an administrator of acme sees it, confirmed.
func everyForm(b *browser, acme string, field stytch.OrganizationField) (group string, form url.Values) {
	b.f.t.Helper()
	change := everyField[field]
	path := paths.SettingsGroup(acme, change.group)
	page := b.get(path).want(http.StatusOK)
	form, name := page.formWith(), string(field)
	value := change.value
	if value == nil {
		offered := page.doc().Find("input[name=" + name + "]")
		value = []string{offered.Last().AttrOr("value", "")}
	}
	// A list that a choice is limited to comes along where the choice needs one.
	for _, with := range [][2]string{{"auth_methods", "allowed_auth_methods"}, {"mfa_methods", "allowed_mfa_methods"}} {
		if name == with[0] {
			form[with[1]] = []string{map[string]string{"auth_methods": "email_otp", "mfa_methods": "totp"}[name]}
		}
	}
	form[name] = value
	form.Set("confirm", "yes")
	form.Del("ticket")
	return change.group, form
}

// written are the writes of organizations that were carried out for a page.
func (a *answer) written() []string {
	a.t.Helper()
	var done []string
	for _, c := range a.calls() {
		if op := operation(a.t, c.Operation); op.Row().Kind == stytch.Write && c.Status == http.StatusOK && c.Operation != stytch.SessionRevoke.String() {
			done = append(done, c.Operation)
		}
	}
	return done
}

// TestEveryOrganizationField changes each field as somebody who may, somebody who may not, from another organization, and with a
// session that is over.
func TestEveryOrganizationField(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	fields := stytch.OrganizationFields()
	if len(fields) != len(everyField) {
		t.Fatalf("%d fields, and %d are changed here", len(fields), len(everyField))
	}
	for _, field := range fields {
		t.Run(string(field), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			acme := f.organization("acme")
			admin, staff := f.signIn(olivia, "acme"), signed(ada, "support-desk", "acme")(f)
			trusted := field == stytch.OrganizationTrustedMetadata
			holder := admin
			if trusted {
				holder = staff
			}
			group, form := everyForm(holder, acme, field)
			path := paths.SettingsGroup(acme, group)

			// May not: no role carries it. The hint keeps it from being sent.
			if unsent := f.signIn(aaron, "acme").post(path, form); field.Action() != "" || trusted {
				unsent.leads(paths.Settings(acme))
				if sent := unsent.operations(); len(sent) != 1 {
					t.Errorf("may not, and it calls %v", sent)
				}
			} else { // there is no hint about it: the upstream decides
				unsent.want(http.StatusForbidden).wroteNothing()
			}
			// May not, and the hints know nothing: the upstream refuses, and what was typed stays.
			cold := newFixture(t, setup{coldPolicy: true})
			someone := cold.signIn(aaron, "acme")
			if trusted {
				someone = cold.signIn(sam, "support-desk").enter("acme") // of the staff, without this permission
			}
			a := someone.post(paths.SettingsGroup(cold.organization("acme"), group), form).want(http.StatusForbidden)
			a.wroteNothing()
			if kept := a.formWith(); sorted(kept[string(field)]) != sorted(form[string(field)]) && !trusted {
				t.Errorf("refused, and %q became %q", form[string(field)], kept[string(field)])
			}
			// Another organization: no key to it is held.
			other := f.signIn(olivia, "acme").post(paths.SettingsGroup(f.organization("globex"), group), form).want(http.StatusUnauthorized)
			other.wroteNothing()

			// May.
			a = holder.post(path, form).leads(paths.Settings(acme))
			if done := a.written(); len(done) != 1 {
				t.Errorf("may, and %v was carried out", done)
			}
			_, again := everyForm(holder, acme, field)
			if now := again["was."+string(field)]; sorted(now) != sorted(form[string(field)]) && !trusted {
				t.Errorf("%q became %q", form[string(field)], now)
			}

			// Expired: the upstream no longer knows the session; the form stays.
			f.sandbox.Advance(9 * time.Hour)
			form = url.Values{"was." + string(field): {""}, string(field): {"x"}}
			gone := holder.post(path, form).want(http.StatusUnauthorized)
			gone.wroteNothing()
			if kept := gone.doc().Find("main form [name='"+string(field)+"']").AttrOr("value", ""); kept != "x" {
				t.Errorf("expired, and what was typed is %q", kept)
			}
		})
	}
}
