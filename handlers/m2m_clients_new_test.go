package handlers_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// A new client has what was typed and nothing else; its secret is told in the answer to the form, this once.
func TestM2MClientNew(t *testing.T) {
	t.Parallel()
	sent := &recorder{}
	f := newFixture(t, setup{transport: sent})
	b := f.signIn(ada, "support-desk")
	form := b.get(paths.M2MClientNew).want(http.StatusOK).formWith("client_name", "Report <b>writer", "client_description", "Writes reports",
		"scopes", "read:documents\r\nb,c read:documents", "trusted_metadata", `{"team":"data"}`)
	a := b.post(paths.M2MClientNew, form).want(http.StatusOK)
	if sent.bodies(`"client_secret"`)+sent.bodies(`"client_id"`) > 0 {
		t.Error("an empty field was sent")
	}
	all := machinesOf(f.sandbox)
	made := all[len(all)-1]
	want := machine{
		ID: made.ID, Name: "Report <b>writer", Description: "Writes reports", Status: "active", Scopes: []string{"b,c", "read:documents"},
		Trusted: map[string]string{"team": "data"}, LastFour: made.LastFour,
	}
	if !sameMachine(made, want) {
		t.Errorf("made %+v, want %+v", made, want)
	}
	secret := a.text("main .secret code")
	if len(secret) < 30 || !strings.HasSuffix(secret, made.LastFour) || a.doc().Find("main .secret button").AttrOr("value", "") != secret {
		t.Errorf("the secret is %q, and ends with %q", secret, made.LastFour)
	}
	a.says("This is the only time it is shown.").says(made.ID)
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Encoding") != "" {
		t.Errorf("the page with a secret may be kept: %v", a.header)
	}
	if done := a.doc().Find("main form").AttrOr("action", ""); done != paths.M2MClient(made.ID) {
		t.Errorf("it leads to %q", done)
	}
	// The form once more makes nothing more and tells nothing more.
	again := b.post(paths.M2MClientNew, a.sent).want(http.StatusConflict).saysNot(secret)
	if again.doc().Find(`main a[href="`+paths.M2MClients+`"]`).Length() == 0 {
		t.Error("no way to how it stands")
	}
	if n := len(machinesOf(f.sandbox)); n != len(all) {
		t.Errorf("%d clients, want %d", n, len(all))
	}
}

func sameMachine(a, b machine) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Description == b.Description && a.Status == b.Status && a.LastFour == b.LastFour && a.Next == b.Next &&
		slices.Equal(a.Scopes, b.Scopes) && maps.Equal(a.Trusted, b.Trusted)
}

// A client that comes from elsewhere keeps its id and its secret, which no page shows.
func TestM2MClientBroughtAlong(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	form := b.get(paths.M2MClientNew).formWith("client_id", "reporter", "client_secret", canary)
	a := b.post(paths.M2MClientNew, form).leads(paths.M2MClient("reporter"))
	b.get(a.header.Get("Location")).want(http.StatusOK).says("reporter is made, with the secret that you brought along.").saysNot(canary)
	made := f.machine("reporter")
	if !strings.HasSuffix(canary, made.LastFour) || made.LastFour == "" || len(made.Scopes) > 0 {
		t.Errorf("made %+v", made)
	}
}

// Each rule is told beside its field. Nothing typed is lost but the secret, which never comes back, and nothing is sent.
func TestM2MClientNewRules(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for _, test := range []struct{ field, value, says string }{
		{"client_name", strings.Repeat("x", 129), "128 characters are the most"},
		{"client_name", "a\x07b", "Write it in one line."},
		{"client_description", strings.Repeat("x", 513), "512 characters are the most"},
		{"scopes", `"all"`, "quotes and backslashes"},
		{"scopes", "läsa", "quotes and backslashes"},
		{"scopes", strings.Join(manyWords(101), "\n"), "These are 101 scopes"},
		{"client_id", "..", "no address could name it"},
		{"client_id", "a b", "letters, digits"},
		{"client_id", "a/b", "letters, digits"},
		{"client_id", strings.Repeat("x", 129), "128 characters are the most"},
		{"client_secret", "short-7", "8 characters are the least"},
		{"client_secret", " " + canary, "begins or ends with a space"},
		{"client_secret", canary + "\x00", "one line of text"},
		{"trusted_metadata", "[1]", "not a JSON object"},
	} {
		pairs := []string{"client_name", "Reporter", "client_secret", canary, "ticket", "-"}
		form := b.get(paths.M2MClientNew).formWith(pairs...)
		form.Set(test.field, test.value)
		a := b.post(paths.M2MClientNew, form).want(http.StatusUnprocessableEntity)
		a.wroteNothing()
		if beside := a.text("#" + test.field + "-e"); !strings.Contains(beside, test.says) {
			t.Errorf("%s=%.30q: it says %q", test.field, test.value, beside)
		}
		a.saysNot(canary).saysNot("short-7").says("Type it again")
		kept := a.formWith()
		if kept.Get("client_secret") != "" {
			t.Errorf("%s: the secret came back", test.field)
		}
		if test.field != "client_secret" && test.value != "a\x07b" && squeezed(kept.Get(test.field)) != squeezed(test.value) {
			t.Errorf("%s=%.30q: it keeps %.60q", test.field, test.value, kept.Get(test.field))
		}
	}
	b.get(paths.M2MClientNew).saysNot("Type it again")
}

// squeezed is text without its white space, which a form may write anew.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func manyWords(n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = "scope:" + strings.Repeat("i", i+1)
	}
	return words
}

// TestM2MClientRefusals has the upstream refuse a new client for each of its reasons: a person reads why, beside the field.
func TestM2MClientRefusals(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	for name, test := range map[string]struct{ field, says string }{
		"duplicate_m2m_client_id":               {"client_id", "Another client has this id."},
		"insecure_m2m_client_secret":            {"client_secret", "too easy to guess"},
		"client_secret_too_long":                {"client_secret", "too long for Stytch"},
		"m2m_client_invalid_client_secret":      {"client_secret", "does not take this secret"},
		"m2m_client_invalid_client_id":          {"client_id", "does not take this id"},
		"m2m_client_invalid_client_name":        {"client_name", "does not take this name"},
		"m2m_client_invalid_client_description": {"client_description", "does not take this description"},
		"invalid_m2m_client_scope":              {"scopes", "does not take one of these scopes"},
		"too_many_m2m_client_scopes":            {"scopes", "more scopes than Stytch takes"},
		"metadata_too_large":                    {"trusted_metadata", "4 KB"},
		"metadata_too_many_keys":                {"trusted_metadata", "20 are the most"},
		"metadata_invalid_format":               {"trusted_metadata", "does not take this for metadata"},
		"too_many_m2m_clients_for_billing_tier": {"", "as many M2M clients as its plan"},
		"m2m_client_invalid_status":             {"", "does not take this choice"},
	} {
		f.fault(sandbox.Fault{Operation: stytch.M2MClientCreate.String(), Kind: sandbox.FaultStatus, Status: http.StatusBadRequest, ErrorType: name})
		form := b.get(paths.M2MClientNew).formWith("client_name", "Kept", "client_secret", canary)
		a := b.post(paths.M2MClientNew, form).want(http.StatusUnprocessableEntity)
		f.sandbox.ClearFaults()
		said := a.text("main [role=alert]")
		if test.field != "" {
			said = a.text("#" + test.field + "-e")
			if a.doc().Find("main #"+test.field).AttrOr("aria-invalid", "") != "true" {
				t.Errorf("%s: the field is not marked", name)
			}
		}
		if !strings.Contains(said, test.says) || strings.Contains(a.body, name) {
			t.Errorf("%s: it says %q", name, said)
		}
		if kept := a.formWith(); kept.Get("client_name") != "Kept" || kept.Get("client_secret") != "" || strings.Contains(a.body, canary) {
			t.Errorf("%s: it keeps %v", name, kept)
		}
	}
	// For real: what the upstream finds easy to guess, and an id that is taken.
	a := b.post(paths.M2MClientNew, values("client_secret", "password1")).want(http.StatusUnprocessableEntity)
	if !strings.Contains(a.text("#client_secret-e"), "too easy to guess") {
		t.Errorf("it says %q", a.text("#client_secret-e"))
	}
	b.post(paths.M2MClientNew, values("client_id", legacy)).want(http.StatusUnprocessableEntity).says("Another client has this id.")
	// Refused for want of a permission nothing typed is lost either.
	f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "console-m2m-clients", Action: "create"})
	a = b.post(paths.M2MClientNew, values("client_name", "Kept", "client_secret", canary)).want(http.StatusForbidden).says("console-m2m-clients : create").saysNot(canary)
	a.wroteNothing()
	if kept := a.formWith(); kept.Get("client_name") != "Kept" {
		t.Errorf("it keeps %v", kept)
	}
}

// Nobody knows whether a client was made: the page says how to find out, and that its secret is lost.
func TestM2MClientNewIsLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{unchecked: true})
	b := f.signIn(ada, "support-desk")
	f.fault(sandbox.Fault{Operation: stytch.M2MClientCreate.String(), Kind: sandbox.FaultHalf, Count: 1})
	typed := values("client_name", "Lost one", "client_secret", canary)
	a := b.post(paths.M2MClientNew, typed).want(http.StatusBadGateway).says("Look into the list whether the client is there")
	form := a.keeps(paths.M2MClientNew, typed)
	b.resend(form, typed).leads(paths.M2MClient(machinesOf(f.sandbox)[len(machinesOf(f.sandbox))-1].ID))
}
