package stytch

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"console.internal/internal/sandbox"
)

const sam = "sam@support.example" // support staff who only look

func TestAnAppClientsLife(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	made, err := staff.CreateAppClient(ctx, AppFirstParty, map[AppClientField]any{
		AppClientName: "Ledger", AppClientRedirectURLs: []string{aRedirect}, AppClientTokenMinutes: 30, AppClientFullAccess: true,
	})
	must(t, err)
	id := made.Client.ID
	if made.Secret == "" || made.RequestID == "" || made.Client.Name != "Ledger" || !made.Client.FullAccess || made.Client.TokenMinutes != 30 || !slices.Equal(made.Client.RedirectURLs, []string{aRedirect}) {
		t.Errorf("made %+v", made.Client)
	}
	got, err := staff.AppClient(ctx, id)
	must(t, err)
	if got.SecretLastFour == "" || !strings.HasSuffix(made.Secret.Reveal(), got.SecretLastFour) || got.NextSecretLastFour != "" || got.CreationMethod == "" || got.Status != "active" {
		t.Errorf("read %+v", got)
	}
	changed, err := staff.UpdateAppClient(ctx, id, map[AppClientField]any{
		AppClientName: "Ledger 2", AppClientDescription: "Keeps books.", AppClientFullAccess: false, AppClientTokenAudience: "https://api.example",
		AppClientTokenTemplate: `{"plan":"gold"}`, AppClientPostLogoutURLs: []string{"https://app.example/bye"}, AppClientBypassOffline: true, AppClientLogoURL: "https://app.example/logo.png",
	})
	must(t, err)
	if c := changed.Client; c.Name != "Ledger 2" || c.Description != "Keeps books." || c.FullAccess || !c.BypassOffline || c.TokenAudience != "https://api.example" ||
		c.TokenTemplate != `{"plan":"gold"}` || c.LogoURL != "https://app.example/logo.png" || len(c.PostLogoutURLs) != 1 || c.TokenMinutes != 30 {
		t.Errorf("changed to %+v", changed.Client)
	}
	if _, err := staff.UpdateAppClient(ctx, id, map[AppClientField]any{AppClientRedirectURLs: []string{"http://app.example/callback"}}); !IsType(err, "connected_app_redirect_url_http_scheme_must_use_loopback") {
		t.Errorf("an address without TLS: %v", err)
	}
	if _, err := staff.CreateAppClient(ctx, AppThirdParty, map[AppClientField]any{AppClientFullAccess: true}); !IsType(err, "third_party_clients_cannot_use_full_access") {
		t.Errorf("full access for a third party: %v", err)
	}
	for name, err := range map[string]error{
		"made":    second(l.staff(sam).CreateAppClient(ctx, AppFirstParty, map[AppClientField]any{AppClientName: "n"})),
		"changed": second(l.staff(sam).UpdateAppClient(ctx, id, map[AppClientField]any{AppClientName: "n"})),
		"rotated": second(l.staff(sam).StartAppSecretRotation(ctx, id)),
		"deleted": second(l.staff(sam).DeleteAppClient(ctx, id)),
		"looked":  second(l.staff("kim@support.example").AppClient(ctx, id)),
	} {
		if !IsForbidden(err) {
			t.Errorf("%s by whoever may not: %v", name, err)
		}
	}
	if _, err := l.staff(sam).AppClient(ctx, id); err != nil {
		t.Errorf("looked at by whoever may: %v", err)
	}
	done, err := staff.DeleteAppClient(ctx, id)
	must(t, err)
	if _, err := staff.AppClient(ctx, id); done.RequestID == "" || !IsNotFound(err) || !IsType(err, "connected_app_not_found") {
		t.Errorf("after its end: %v", err)
	}
}

func TestAnAppSecretIsRotated(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	made, err := staff.CreateAppClient(ctx, AppThirdParty, map[AppClientField]any{AppClientName: "n", AppClientRedirectURLs: []string{aRedirect}})
	must(t, err)
	id := made.Client.ID
	for name, end := range map[string]func() (AppClientAnswer, error){
		"complete": func() (AppClientAnswer, error) { return staff.CompleteAppSecretRotation(ctx, id) },
		"cancel":   func() (AppClientAnswer, error) { return staff.CancelAppSecretRotation(ctx, id) },
	} {
		if _, err := end(); !IsType(err, "connected_app_not_rotating_secret") {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	next, err := staff.StartAppSecretRotation(ctx, id)
	must(t, err)
	if next.Secret == "" || next.Secret == made.Secret || next.Client.NextSecretLastFour == "" || !strings.HasSuffix(next.Secret.Reveal(), next.Client.NextSecretLastFour) {
		t.Errorf("rotating %+v", next.Client)
	}
	if _, err := staff.StartAppSecretRotation(ctx, id); !IsType(err, "connected_app_already_rotating_secret") {
		t.Errorf("a second start: %v", err)
	}
	kept, err := staff.CancelAppSecretRotation(ctx, id)
	must(t, err)
	if kept.Client.NextSecretLastFour != "" || !strings.HasSuffix(made.Secret.Reveal(), kept.Client.SecretLastFour) {
		t.Errorf("cancelled %+v", kept.Client)
	}
	next, err = staff.StartAppSecretRotation(ctx, id)
	must(t, err)
	rotated, err := staff.CompleteAppSecretRotation(ctx, id)
	must(t, err)
	if rotated.Client.NextSecretLastFour != "" || !strings.HasSuffix(next.Secret.Reveal(), rotated.Client.SecretLastFour) {
		t.Errorf("completed %+v", rotated.Client)
	}
	public, err := staff.CreateAppClient(ctx, AppThirdPartyPublic, map[AppClientField]any{AppClientName: "n", AppClientRedirectURLs: []string{aRedirect}})
	must(t, err)
	if _, err := staff.StartAppSecretRotation(ctx, public.Client.ID); public.Secret != "" || !IsType(err, "public_connected_apps_do_not_have_secrets") {
		t.Errorf("a public client: %v", err)
	}
}

// appNamed is a client of the seed.
func (l *local) appNamed(name string) AppClientSummary {
	l.t.Helper()
	for app, err := range l.staff(ada).AllAppClients(everything(l.t), 5) {
		must(l.t, err)
		if app.Name == name {
			return app
		}
	}
	l.t.Fatalf("there is no %s", name)
	return AppClientSummary{}
}

func TestAppClientsAreListed(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	var all []AppClientSummary
	for app, err := range staff.AllAppClients(ctx, 3) {
		must(t, err)
		all = append(all, app)
	}
	page, err := staff.SearchAppClients(ctx, "", 4)
	must(t, err)
	if page.Total != len(all) || len(page.Items) != 4 || page.Next == "" || page.Items[3].ID != all[3].ID {
		t.Errorf("a page of %d and %d in all", page.Total, len(all))
	}
	one, err := staff.AppClient(ctx, all[0].ID)
	must(t, err)
	if s := all[0]; s.Name != one.Name || s.Type != one.Type || s.CreationMethod != one.CreationMethod || !slices.Equal(s.RedirectURLs, one.RedirectURLs) || s.SecretLastFour != one.SecretLastFour {
		t.Errorf("listed %+v, read %+v", s, one)
	}
	rotating, self := l.appNamed("Payroll bridge"), l.appNamed("Agent Bridge")
	if rotating.NextSecretLastFour == "" || self.MetadataURL == "" || self.SecretLastFour != "" || !IsPublicApp(self.Type) {
		t.Errorf("the seed has %+v and %+v", rotating, self)
	}
	consent, err := l.client.ConsentClient(ctx, self.ID)
	must(t, err)
	if consent.Name != self.Name || consent.CreationMethod != self.CreationMethod || consent.MetadataURL != self.MetadataURL || consent.Status != "active" || !slices.Equal(consent.RedirectURLs, self.RedirectURLs) {
		t.Errorf("anybody learns %+v", consent)
	}
	if _, err := l.client.ConsentClient(ctx, appID); !IsType(err, "connected_app_not_found") {
		t.Errorf("nobody's app: %v", err)
	}
	if _, err := l.staff("kim@support.example").SearchAppClients(ctx, "", 5); !IsForbidden(err) {
		t.Errorf("listed by whoever may not: %v", err)
	}
}

func TestAnM2MClientsLife(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	made, err := staff.CreateM2MClient(ctx, NewM2MClient{Name: "Nightly", Description: "d", Scopes: []string{"read:x"}, Trusted: jsontext.Value(`{"team":"data"}`)})
	must(t, err)
	id := made.Client.ID
	if made.Secret == "" || made.RequestID == "" || made.Client.Status != "active" || !strings.HasSuffix(made.Secret.Reveal(), made.Client.SecretLastFour) {
		t.Errorf("made %+v", made.Client)
	}
	name, status, scopes := "Nightly 2", "inactive", []string{"read:x", "write:x"}
	changed, err := staff.UpdateM2MClient(ctx, id, M2MClientChange{Name: &name, Status: &status, Scopes: &scopes, Trusted: jsontext.Value(`{"team":null,"plan":"gold"}`)})
	must(t, err)
	got, err := staff.M2MClient(ctx, id)
	must(t, err)
	if got.Name != name || got.Description != "d" || got.Status != status || !slices.Equal(got.Scopes, scopes) || !sameJSON(t, string(got.TrustedMetadata), `{"plan":"gold"}`) || changed.Client.Name != name {
		t.Errorf("changed to %+v", got)
	}
	next, err := staff.StartM2MSecretRotation(ctx, id)
	must(t, err)
	if next.Secret == "" || next.Secret == made.Secret || !strings.HasSuffix(next.Secret.Reveal(), next.Client.NextSecretLastFour) {
		t.Errorf("rotating %+v", next.Client)
	}
	if _, err := staff.StartM2MSecretRotation(ctx, id); !IsType(err, "m2m_client_already_rotating_secret") {
		t.Errorf("a second start: %v", err)
	}
	kept, err := staff.CancelM2MSecretRotation(ctx, id)
	must(t, err)
	if !strings.HasSuffix(made.Secret.Reveal(), kept.Client.SecretLastFour) || kept.Client.NextSecretLastFour != "" {
		t.Errorf("cancelled %+v", kept.Client)
	}
	for name, err := range map[string]error{
		"complete": second(staff.CompleteM2MSecretRotation(ctx, id)),
		"cancel":   second(staff.CancelM2MSecretRotation(ctx, id)),
	} {
		if !IsType(err, "m2m_client_not_rotating_secret") {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	next, err = staff.StartM2MSecretRotation(ctx, id)
	must(t, err)
	rotated, err := staff.CompleteM2MSecretRotation(ctx, id)
	must(t, err)
	if !strings.HasSuffix(next.Secret.Reveal(), rotated.Client.SecretLastFour) || rotated.Client.NextSecretLastFour != "" {
		t.Errorf("completed %+v", rotated.Client)
	}
	if _, err := staff.CreateM2MClient(ctx, NewM2MClient{ID: id}); !IsType(err, "duplicate_m2m_client_id") {
		t.Errorf("an id twice: %v", err)
	}
	if _, err := staff.CreateM2MClient(ctx, NewM2MClient{Secret: "password"}); !IsType(err, "insecure_m2m_client_secret") {
		t.Errorf("a secret that is none: %v", err)
	}
	chosen, err := staff.CreateM2MClient(ctx, NewM2MClient{ID: "nightly.job", Secret: "q7-Zebra_fountain-91x"})
	must(t, err)
	if chosen.Client.ID != "nightly.job" || chosen.Secret != "q7-Zebra_fountain-91x" {
		t.Errorf("chosen %+v", chosen.Client)
	}
	for name, err := range map[string]error{
		"made":    second(l.staff(sam).CreateM2MClient(ctx, NewM2MClient{Name: "n"})),
		"looked":  second(l.staff(sam).M2MClient(ctx, id)),
		"rotated": second(l.staff(sam).StartM2MSecretRotation(ctx, id)),
		"counted": second(l.staff(sam).ProjectMetrics(ctx)),
	} {
		if !IsForbidden(err) {
			t.Errorf("%s by whoever may not: %v", name, err)
		}
	}
	done, err := staff.DeleteM2MClient(ctx, id)
	must(t, err)
	if _, err := staff.M2MClient(ctx, id); done.RequestID == "" || !IsType(err, "m2m_client_not_found") {
		t.Errorf("after its end: %v", err)
	}
}

func TestM2MClientsAreSearched(t *testing.T) {
	t.Parallel()
	l := newLocal(t, sandbox.Options{}, nil)
	ctx, staff := everything(t), l.staff(ada)
	var all []M2MClientSummary
	for m, err := range staff.AllM2MClients(ctx, M2MClientSearch{Limit: 1}) {
		must(t, err)
		all = append(all, m)
	}
	metrics, err := staff.ProjectMetrics(ctx)
	must(t, err)
	counts := map[string]int{}
	for _, m := range metrics {
		counts[m.Type] = *m.Count
	}
	if len(all) < 4 || counts["M2M_CLIENT_COUNT"] != len(all) || counts["ORGANIZATION_COUNT"] == 0 || counts["MEMBER_COUNT"] <= counts["ORGANIZATION_COUNT"] {
		t.Errorf("%d clients, counted %v", len(all), counts)
	}
	for name, one := range map[string]struct {
		operand Operand
		want    func(M2MClientSummary) bool
	}{
		"by id":    {Operand{"client_id", []string{"legacy-sync"}}, func(m M2MClientSummary) bool { return m.ID == "legacy-sync" && m.Status == "inactive" }},
		"by name":  {Operand{"client_name", []string{"Invoice importer"}}, func(m M2MClientSummary) bool { return m.Name == "Invoice importer" && m.NextSecretLastFour != "" }},
		"by scope": {Operand{"scopes", []string{"read:billing"}}, func(m M2MClientSummary) bool { return slices.Contains(m.Scopes, "read:billing") }},
	} {
		page, err := staff.SearchM2MClients(ctx, M2MClientSearch{Operands: []Operand{one.operand}, Limit: 50})
		must(t, err)
		if len(page.Items) == 0 || len(page.Items) == len(all) || page.Total != len(page.Items) || slices.ContainsFunc(page.Items, func(m M2MClientSummary) bool { return !one.want(m) }) {
			t.Errorf("%s: %+v", name, page.Items)
		}
	}
}
