package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// People of acme besides those of the other files.
const (
	priya    = "priya.nair@acme.example"      // a role of each source
	tara     = "tara.singh@acme.example"      // may make members, and give no roles
	marcus   = "marcus.webb@acme.example"     // a password
	sofia    = "sofia.lindqvist@acme.example" // two addresses from before
	nobodyID = "member-test-00000000-0000-4000-8000-000000000000"
)

// editing is the address of a group of a member of acme.
func editing(email, group string) func(*fixture) string {
	return func(f *fixture) string {
		return paths.MemberEdit(f.organization("acme"), f.member("acme", email), group)
	}
}

// fill opens a page and changes fields of its form.
func (b *browser) fill(path string, pairs ...string) url.Values {
	b.f.t.Helper()
	form := b.get(path).want(http.StatusOK).formWith(pairs...)
	form.Del("") // what has no name is not sent
	return form
}

// upstream calls the sandbox with the project's secret, as another program of the operator's would.
func (f *fixture) upstream(method, path string, body any) map[string]any {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, path, strings.NewReader(asJSON(f.t, body)))
	r.SetBasicAuth(f.sandbox.ProjectID(), f.sandbox.Secret())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.sandbox.ServeHTTP(w, r)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		f.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body.String())
	}
	return got
}

// upstreamMember is a member as the upstream has them.
func (f *fixture) upstreamMember(slug, email string) map[string]any {
	f.t.Helper()
	got := f.upstream(http.MethodGet, "/v1/b2b/organizations/"+f.organization(slug)+"/member?member_id="+f.member(slug, email), struct{}{})
	member, ok := got["member"].(map[string]any)
	if !ok {
		f.t.Fatalf("no member: %v", got)
	}
	return member
}

// writes are those that a page asked the upstream for.
func (a *answer) writes() []string {
	var out []string
	for _, c := range a.calls() {
		if operation(a.t, c.Operation).Row().Kind != stytch.Read && c.Operation != stytch.SessionRevoke.String() {
			out = append(out, c.Operation)
		}
	}
	return out
}

// wantTrouble fails unless the page says this beside the field, keeps what was typed, and has sent nothing.
func (a *answer) wantTrouble(field, words string) *answer {
	a.t.Helper()
	a.want(http.StatusUnprocessableEntity)
	if got := a.text("#" + field + "-e"); !strings.Contains(got, words) {
		a.t.Errorf("beside %s it says %q, want %q", field, got, words)
	}
	now := a.formWith()
	for name, sent := range a.sent {
		if strings.HasPrefix(name, "was.") || name == "ticket" || name == "confirm" || slices.Equal(now[name], sent) {
			continue
		}
		a.t.Errorf("%s was %q, and %q is left", name, sent, now[name])
	}
	return a
}

func TestMemberEditSaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, email, group string
		fill               []string
		// reviewed says that it is shown before it is made, and how.
		reviewed string
		saved    string
		field    string
		want     string
	}{
		{name: "name", email: tom, group: "name", fill: []string{"name", "Tom B."}, saved: "Saved: name.", field: "name", want: `"Tom B."`},
		{
			name: "metadata", email: tom, group: "metadata", fill: []string{"untrusted_metadata", `{"theme":"light","shortcuts":{"help":"?","search":"/"},"n":1}`},
			saved: "Saved: untrusted metadata.", field: "untrusted_metadata", want: `{"n":1,"shortcuts":{"help":"?","search":"/"},"theme":"light"}`,
		},
		{
			name: "metadata that goes", email: tom, group: "metadata", fill: []string{"untrusted_metadata", `{"theme":"dark"}`},
			reviewed: "The key shortcuts goes", saved: "Saved: untrusted metadata.", field: "untrusted_metadata", want: `{"theme":"dark"}`,
		},
		{
			name: "trusted metadata", email: tom, group: "trusted-metadata", fill: []string{"trusted_metadata", `{"plan":"pro"}`},
			reviewed: "The key cost_centre goes", saved: "Saved: trusted metadata.", field: "trusted_metadata", want: `{"plan":"pro"}`,
		},
		{name: "external id", email: marcus, group: "external-id", fill: []string{"external_id", "employee|1"}, saved: "Saved: external id.", field: "external_id", want: `"employee|1"`},
		{
			name: "external id taken away", email: tom, group: "external-id", fill: []string{"external_id", ""},
			reviewed: "do not find them by it any more", saved: "Saved: external id.", field: "external_id", want: `null`,
		},
		{
			name: "break-glass", email: tom, group: "breakglass", fill: []string{"is_breakglass", "yes"},
			reviewed: "by every method", saved: "Saved: break-glass.", field: "is_breakglass", want: `true`,
		},
		{name: "enrolment", email: tom, group: "second-factor", fill: []string{"mfa_enrolled", "yes"}, saved: "Saved: second factor at each sign-in.", field: "mfa_enrolled", want: `true`},
		{
			name: "no enrolment", email: "hana.suzuki@acme.example", group: "second-factor", fill: []string{"mfa_enrolled", "no"},
			reviewed: "first factor alone lets in", saved: "Saved: second factor at each sign-in.", field: "mfa_enrolled", want: `false`,
		},
		{name: "phone", email: tom, group: "second-factor", fill: []string{"mfa_phone_number", "+44 20 7946 0958"}, saved: "Saved: phone number.", field: "mfa_phone_number", want: `"+442079460958"`},
		{name: "default", email: daniel, group: "second-factor", fill: []string{"default_mfa_method", "sms_otp"}, saved: "Saved: second factor asked for first.", field: "default_mfa_method", want: `"sms_otp"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.visit("acme")
			path := editing(c.email, c.group)(f)
			a := b.post(path, b.fill(path, c.fill...))
			if c.reviewed != "" {
				a.want(http.StatusOK).says(c.reviewed)
				if n := a.writes(); len(n) > 0 {
					t.Fatalf("before the yes it sends %v", n)
				}
				a = b.post(path, a.formWith())
			}
			a.leads(paths.Member(f.organization("acme"), f.member("acme", c.email)))
			b.get(a.header.Get("Location")).want(http.StatusOK).says(c.saved)
			if got := asJSON(t, f.upstreamMember("acme", c.email)[c.field]); got != c.want {
				t.Errorf("%s is %s, want %s", c.field, got, c.want)
			}
		})
	}
}

func TestMemberEditTroubles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	long := `{"a":"` + strings.Repeat("x", 4096) + `"}`
	keys := "{" + manyKeys(21) + "}"
	for _, c := range []struct{ email, group, field, typed, words string }{
		{tom, "name", "name", "", "Enter a name."},
		{tom, "name", "name", strings.Repeat("n", 129), "128 characters are the most"},
		{tom, "metadata", "untrusted_metadata", "theme: dark", "This is not a JSON object."},
		{tom, "metadata", "untrusted_metadata", `["theme"]`, "This is not a JSON object."},
		{tom, "metadata", "untrusted_metadata", `{"a":1,"a":2}`, "each key once"},
		{tom, "metadata", "untrusted_metadata", `{"a":null}`, "is null"},
		{tom, "metadata", "untrusted_metadata", keys, "20 are the most"},
		{tom, "metadata", "untrusted_metadata", long, "4 KB are the most"},
		{tom, "trusted-metadata", "trusted_metadata", keys, "20 are the most"},
		{tom, "external-id", "external_id", "employee 4711", "letters, digits and . _ - | only"},
		{tom, "external-id", "external_id", strings.Repeat("x", 129), "128 characters are the most"},
		{tom, "second-factor", "mfa_phone_number", "020 7946 0958", "with its country code"},
		{daniel, "second-factor", "default_mfa_method", "email_otp", "not one of the choices"},
		{tom, "roles", "roles", "no_such_role", "not one of the choices"},
		{tom, "roles", "roles", "support_admin", "not one of the choices"},
	} {
		path := editing(c.email, c.group)(f)
		a := b.post(path, b.fill(path, c.field, c.typed))
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %.40q: status %d %q", c.field, c.typed, a.status, a.h1())
			continue
		}
		if got := a.text("#" + c.field + "-e"); !strings.Contains(got, c.words) {
			t.Errorf("%s %.40q: it says %q, want %q", c.field, c.typed, got, c.words)
		}
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%s %.40q: it sends %v", c.field, c.typed, n)
		}
		if c.field != "roles" && c.field != "default_mfa_method" {
			a.wantTrouble(c.field, c.words)
		}
	}
	b.get(editing(tom, "everything")(f)).want(http.StatusNotFound)
	b.get(paths.MemberEdit(f.organization("acme"), nobodyID, "name")).want(http.StatusNotFound).says("This member does not exist here")
}

// A member has one number: another one waits until it is removed, and a default needs a factor.
func TestSecondFactorsThatCannotBeSet(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	for _, c := range []struct{ email, field, was, typed, words string }{
		{daniel, "mfa_phone_number", "+442079460123", newPhone, "Remove this one first."},
		{tom, "default_mfa_method", "", "totp", "This member has no second factor yet."},
	} {
		path := editing(c.email, "second-factor")(f)
		page := b.get(path).want(http.StatusOK).says(c.words)
		if page.doc().Find("main form [name="+c.field+"]").Length() > 0 {
			t.Errorf("%s can be filled in", c.field)
		}
		a := b.post(path, page.formWith("was."+c.field, c.was, c.field, c.typed)).want(http.StatusForbidden).says(c.words)
		if n := a.writes(); len(n) > 0 {
			t.Errorf("%s: it sends %v", c.field, n)
		}
	}
}

// What only the upstream knows is told beside the field as well.
func TestMemberEditRefusedValues(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	for _, c := range []struct{ email, group, field, typed, words string }{
		{marcus, "external-id", "external_id", "employee-4711", "Another member here has this external id."},
		{tom, "second-factor", "mfa_phone_number", "+442079460123", "Another member here has this number."},
	} {
		path := editing(c.email, c.group)(f)
		b.post(path, b.fill(path, c.field, c.typed)).wantTrouble(c.field, c.words)
	}
	for _, refusal := range []struct{ kind, field, words string }{
		{"default_mfa_member_missing_factor", "default_mfa_method", "does not have that second factor"},
		{"invalid_phone_number", "mfa_phone_number", "does not take this for a phone number"},
	} {
		f.fault(sandbox.Fault{Operation: stytch.MemberUpdate.String(), Kind: sandbox.FaultStatus, Status: 400, ErrorType: refusal.kind})
		path := editing(tom, "second-factor")(f)
		a := b.post(path, b.fill(path, "mfa_phone_number", newPhone)).want(http.StatusUnprocessableEntity)
		if refusal.field == "mfa_phone_number" {
			a.wantTrouble(refusal.field, refusal.words)
		}
		a.says(refusal.words)
		f.sandbox.ClearFaults()
	}
}
