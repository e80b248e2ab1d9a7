package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
)

// fields are what a page's form to an address sends as it stands.
func (a *answer) fields(action string) url.Values {
	a.t.Helper()
	form := a.doc().Find("main form[action='" + action + "']").First()
	if form.Length() == 0 {
		a.t.Fatalf("no form to %s; h1 %q", action, a.h1())
	}
	out := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		kind := s.AttrOr("type", "")
		_, ticked := s.Attr("checked")
		switch {
		case (kind == "checkbox" || kind == "radio") && !ticked:
		case s.Is("textarea"):
			out.Add(s.AttrOr("name", ""), s.Text())
		case s.Is("select"):
			out.Add(s.AttrOr("name", ""), s.Find("option[selected]").AttrOr("value", ""))
		default:
			out.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
		}
	})
	return out
}

// Two people change the same field: the second is shown both values, and nothing is sent until they have chosen.
func TestConflict(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]string{"mine": "Acme of Sam", "theirs": "Acme of Ada"} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			acme := f.organization("acme")
			path := paths.SettingsGroup(acme, "identity")
			first, second := f.signIn(ada, "support-desk").enter("acme"), f.signIn(sam, "support-desk").enter("acme")
			mine := second.get(path).want(http.StatusOK).fields(path)
			theirs := first.get(path).fields(path)
			theirs.Set("organization_name", "Acme of Ada")
			first.post(path, theirs).want(http.StatusSeeOther)

			mine.Set("organization_name", "Acme of Sam")
			a := second.post(path, mine).want(http.StatusConflict).says("Somebody else changed this").says("Acme of Ada").says("Acme of Sam")
			if calls := strings.Join(a.operations(), " "); strings.Contains(calls, "Update") {
				t.Errorf("it was sent all the same: %s", calls)
			}
			again := a.fields(path)
			again.Set("keep.organization_name", choice)
			second.post(path, again).want(http.StatusSeeOther)
			if got := second.get(path).fields(path).Get("organization_name"); got != want {
				t.Errorf("the name is %q, want %q", got, want)
			}
		})
	}
}

// Two people change two fields from the same start: both changes are kept.
func TestChangesOfTwoFields(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	acme := f.organization("acme")
	path := paths.SettingsGroup(acme, "identity")
	first, second := f.signIn(ada, "support-desk").enter("acme"), f.signIn(sam, "support-desk").enter("acme")
	mine := second.get(path).want(http.StatusOK).fields(path)
	theirs := first.get(path).fields(path)
	theirs.Set("organization_name", "Acme of Ada")
	first.post(path, theirs).want(http.StatusSeeOther)
	mine.Set("organization_slug", "acme-of-sam")
	second.post(path, mine).want(http.StatusSeeOther)
	got := second.get(path).fields(path)
	if got.Get("organization_name") != "Acme of Ada" || got.Get("organization_slug") != "acme-of-sam" {
		t.Errorf("now %q and %q", got.Get("organization_name"), got.Get("organization_slug"))
	}
}
