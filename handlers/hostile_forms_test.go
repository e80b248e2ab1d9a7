package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
)

// fieldsOf are the fields that the visits to a route fill in, each with the first visit that does, and those that a form may have
// besides.
func fieldsOf(t *testing.T, visits []drive) map[string]drive {
	t.Helper()
	known := map[string]drive{}
	for _, d := range visits {
		if d.form == nil || d.meanwhile != nil {
			continue
		}
		form := d.form(d.who(newFixture(t, setup{})))
		form["organization"], form["return"] = nil, nil
		for field := range form {
			if _, ok := known[field]; !ok {
				known[field] = d
			}
		}
	}
	return known
}

// TestFormsTakeMarkupAsText puts the corpus, some of it each time, into every field of every form. What comes is a page of ours
// with the text in it as text, and what it leads to is too.
func TestFormsTakeMarkupAsText(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	texts := corpus()
	meets := 4
	if racing || testing.Short() {
		meets = 1
	}
	at := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		at += 17
		from := at
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			visits := fieldsOf(t, drives[key(r)])
			for i, field := range slices.Sorted(maps.Keys(visits)) {
				f, d := newFixture(t, setup{}), visits[field]
				b := d.who(f)
				good := d.form(b)
				for k := range meets {
					text := texts[(from+i*meets+k*31)%len(texts)]
					form := maps.Clone(good)
					form[field] = []string{text}
					hostile(b.clone(), d.path(f), form, field, text)
				}
			}
		})
	}
}

// hostile sends a form with a hostile text in one of its fields.
func hostile(b *browser, path string, form url.Values, field, text string) {
	t := b.f.t
	t.Helper()
	a := b.post(path, form)
	if a.status >= http.StatusInternalServerError {
		t.Errorf("%s %s=%q: status %d %q", path, field, text, a.status, a.h1())
		return
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
		return
	}
	if a.status != http.StatusSeeOther {
		a.harmless(path + " " + field + "=" + text)
		return
	}
	to := a.header.Get("Location")
	if !paths.Local(to) {
		t.Errorf("%s %s=%q leads to %q", path, field, text, to)
		return
	}
	next := b.get(to)
	if next.status >= http.StatusInternalServerError {
		t.Errorf("%s after %s=%q: status %d %q", to, field, text, next.status, next.h1())
	}
	if next.status != http.StatusSeeOther {
		next.harmless(to + " after " + field + "=" + text)
	}
}

// TestFormsWithMalformedIDs: what is no id is nothing, and no more of the upstream hears of it than of no id at all.
func TestFormsWithMalformedIDs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	acme, tom := f.organization("acme"), f.member("acme", "tom.baker@acme.example")
	wrong := []string{
		"..", "../../admin", acme + "/members", acme + "?x", acme + "\x00", acme + " x", strings.ToUpper(acme), acme[:len(acme)-1], acme + "0",
		"acme", tom, "organization-test-", "null", "0", "*", "<script>", strings.Repeat("a", 200), missingOrganization, "member-session-test-", "\u202e",
	}
	b := f.signIn(ada, "support-desk").enter("acme")
	half := stopped(nadia, "globex")(f)
	forms := []struct {
		b           *browser
		path, field string
		form        url.Values
		statuses    []int
		// calls are what the page reads of the person's own, whatever the id.
		calls []string
	}{
		{b, paths.AccountName, "organization", values("name", "Ada"), []int{404, 401}, nil},
		{b, paths.AccountSessions, "organization", values("session_id", "x"), []int{404, 401}, nil},
		{half, paths.LoginMFA, "organization_id", values("method", "totp", "code", "123456"), []int{303}, nil},
		{half, paths.LoginMFAStart, "organization_id", values("method", "totp"), []int{303}, nil},
		{half, paths.LoginMore, "organization_id", values("method", "link"), []int{303}, nil},
		{half, paths.LoginOrganizations, "organization_id", values(), []int{404, 303, 403}, nil},
	}
	n := 0
	for _, one := range forms {
		for _, id := range wrong {
			n++
			one.form.Set(one.field, id)
			a := one.b.clone().post(one.path, one.form)
			if !slices.Contains(one.statuses, a.status) {
				t.Errorf("%s %s=%.60q: status %d, want %v; h1 %q", one.path, one.field, id, a.status, one.statuses, a.h1())
			}
			if calls := a.operations(); len(calls) > 0 && id != missingOrganization {
				t.Errorf("%s %s=%.60q: the upstream heard of it: %v", one.path, one.field, id, calls)
			}
			if a.status != http.StatusSeeOther {
				a.harmless(one.path + " " + id)
			}
		}
	}
	for _, id := range wrong {
		if a := b.clone().post(paths.AccountSessions, values("session_id", id)); a.status >= 500 || slices.Contains(a.operations(), "api_b2b_session_v1_Revoke") {
			t.Errorf("session_id=%.60q: status %d, calls %v", id, a.status, a.operations())
		}
		for _, path := range []string{paths.Account, paths.AccountSessions, paths.AccountTOTP, paths.LoginMFA, paths.LoginMore} {
			a := b.clone().get(paths.With(path, url.Values{"organization": {id}}))
			if a.status != http.StatusNotFound && a.status != http.StatusSeeOther || (len(a.operations()) > 0 && id != missingOrganization) {
				t.Errorf("%s organization=%.60q: status %d, calls %v", path, id, a.status, a.operations())
			}
		}
	}
	t.Logf("%d forms", n)
}
