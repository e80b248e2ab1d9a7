package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
)

// rows are the first columns of a list.
func rows(a *answer) []string {
	var out []string
	a.doc().Find("main table.t tbody tr").Each(func(_ int, s *goquery.Selection) {
		first := s.Find("th").Clone()
		first.Find("small").Remove()
		out = append(out, strings.Join(strings.Fields(first.Text()), " "))
	})
	slices.Sort(out)
	return out
}

// filtering is one filter of a list: what it finds, and what it refuses.
type filtering struct {
	field, value string
	// found are the rows; nil means that the value is refused with these words beside the field.
	found   []string
	refused string
	// label is what the chip says.
	label string
}

func (c filtering) check(t *testing.T, b *browser, list string) {
	t.Helper()
	path := list + "?" + url.Values{c.field: {c.value}}.Encode()
	a := b.get(path)
	name := c.field + "=" + c.value
	doc := a.doc()
	control := doc.Find("main form.filt [name='" + c.field + "']")
	kept := control.AttrOr("value", "")
	if control.Is("select") {
		kept = control.Find("option[selected]").AttrOr("value", "")
	}
	if kept != c.value && c.refused != "Choose yes, no or any." {
		t.Errorf("%s: the form holds %q", name, kept)
	}
	if c.refused != "" {
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", name, a.status)
		}
		if said := strings.TrimSpace(doc.Find("#" + control.AttrOr("aria-describedby", "none")).Text()); said != c.refused && !control.Is("select") {
			t.Errorf("%s: beside the field stands %q, want %q", name, said, c.refused)
		}
		if calls := a.operations(); len(calls) > 0 {
			t.Errorf("%s: refused and yet sent: %v", name, calls)
		}
		return
	}
	if a.status != http.StatusOK {
		t.Errorf("%s: status %d; h1 %q", name, a.status, a.h1())
		return
	}
	if got := rows(a); !slices.Equal(got, c.found) {
		t.Errorf("%s: found %q, want %q", name, got, c.found)
	}
	chip := doc.Find("a.chip")
	if text := strings.Join(strings.Fields(chip.Text()), " "); chip.Length() != 1 || text != c.label+" "+c.value+" Remove" {
		t.Errorf("%s: chips %q, want %q", name, text, c.label+" "+c.value)
	}
	if href := chip.AttrOr("href", ""); href != list {
		t.Errorf("%s: removing the filter leads to %q", name, href)
	}
	if len(c.found) == 0 {
		a.says("matches").says(c.value)
		if doc.Find("main .empty a[href='"+list+"']").Length() == 0 {
			t.Errorf("%s: nothing is found, and no way out is offered", name)
		}
	}
}

const (
	short    = "Type at least three characters."
	notEmail = "Enter a whole e-mail address."
)

func TestDirectoryFilters(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	connection := b.get(paths.Organization(f.organization("acme"))).doc().Find("table.t .id code").First().Text()
	for _, c := range []filtering{
		{"name", "corpo", []string{"Acme Corporation"}, "", "Name contains"},
		{"name", "Nothing has this", nil, "", "Name contains"},
		{"name", "ac", nil, short, ""},
		{"name", "é€", nil, short, ""},
		{"slug_contains", "glob", []string{"Globex"}, "", "Slug contains"},
		{"slug_contains", "gl", nil, short, ""},
		{"slug", "acme", []string{"Acme Corporation"}, "", "Slug is"},
		{"slug", "acme, globex", []string{"Acme Corporation", "Globex"}, "", "Slug is"},
		{"slug", "no/slash", nil, "A slug has letters, digits and - . _ ~ only.", ""},
		{"id", f.organization("acme"), []string{"Acme Corporation"}, "", "Id is"},
		{"id", "acme", nil, "An organization id looks like organization-live- and 36 characters.", ""},
		{"email", "tom.baker@acme.example", []string{"Acme Corporation"}, "", "Has the member"},
		{"email", "tom.baker", nil, notEmail, ""},
		{"email_contains", "petrova", []string{"Globex"}, "", "Has a member whose e-mail contains"},
		{"email_contains", "@x", nil, short, ""},
		{"domain", "globex.example", []string{"Globex"}, "", "Allowed domain is"},
		{"domain", "globex", nil, "", "Allowed domain is"},
		{"domain_contains", "acme-labs", []string{"Acme Corporation"}, "", "Allowed domain contains"},
		{"domain_contains", ".e", nil, short, ""},
		{"claimed_domain", "initech.example", []string{"Initech"}, "", "Claimed domain is"},
		{"connection", connection, []string{"Acme Corporation"}, "", "SSO connection is"},
		{"connection", "none-such", nil, "", "SSO connection is"},
		{"sso", "perhaps", nil, "Choose yes, no or any.", ""},
	} {
		c.check(t, b, paths.Organizations)
	}
	with, without := rows(b.get(paths.Organizations+"?sso=yes")), rows(b.get(paths.Organizations+"?sso=no"))
	all := rows(b.get(paths.Organizations))
	if !slices.Contains(with, "Initech") || !slices.Contains(without, "Globex") || len(with)+len(without) != len(all) {
		t.Errorf("%d with and %d without single sign-on make not %d", len(with), len(without), len(all))
	}
}

// TestChipsTogether: filters count together, and each chip's address keeps the others.
func TestChipsTogether(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("")
	a := b.get(paths.Organizations + "?name=acme&sso=yes&domain=acme.example&unknown=1&cursor=").want(http.StatusOK)
	if got := rows(a); !slices.Equal(got, []string{"Acme Corporation"}) {
		t.Errorf("found %q", got)
	}
	var hrefs []string
	a.doc().Find("a.chip").Each(func(_ int, s *goquery.Selection) { hrefs = append(hrefs, s.AttrOr("href", "")) })
	want := []string{"/organizations?domain=acme.example&sso=yes", "/organizations?name=acme&sso=yes", "/organizations?domain=acme.example&name=acme"}
	slices.Sort(want)
	slices.Sort(hrefs)
	if !slices.Equal(hrefs, want) {
		t.Errorf("chips lead to %q, want %q", hrefs, want)
	}
	for _, href := range hrefs {
		b.get(href).want(http.StatusOK).says("Acme Corporation")
	}
	// A refused filter does not take the others with it.
	refused := b.get(paths.Organizations + "?name=a&slug_contains=acme").want(http.StatusUnprocessableEntity)
	if v := refused.doc().Find("[name=slug_contains]").AttrOr("value", ""); v != "acme" {
		t.Errorf("the other filter holds %q", v)
	}
}

// TestMemberships: what somebody belongs to, was invited to, and holds a key to.
func TestMemberships(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	a := b.get(paths.Organizations + "?show=mine").want(http.StatusOK)
	doc := a.doc()
	row := func(name string) *goquery.Selection {
		return doc.Find("tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.Contains(s.Find("th").Text(), name)
		})
	}
	for _, c := range []struct{ name, button, words string }{
		{"Acme Corporation", "", "left"}, {"Support desk", "", "left"}, {"Globex", "Enter", "Not entered"}, {"Meadow Foods", "Accept", "Invited"},
	} {
		r := row(c.name)
		if r.Length() != 1 || !strings.Contains(r.Text(), c.words) || strings.TrimSpace(r.Find("form button").Text()) != c.button {
			t.Errorf("%s: row says %q with the button %q", c.name, strings.Join(strings.Fields(r.Text()), " "), r.Find("form button").Text())
		}
		if link := r.Find("th a").Length(); (link == 1) != (c.button == "") {
			t.Errorf("%s: %d links", c.name, link)
		}
	}
	if row("Closed Circle").Length() != 0 {
		t.Error("an organization that one does not belong to is listed")
	}
	if doc.Find("main a[href='"+paths.Organizations+"']").Length() == 0 {
		t.Error("staff are not led to all organizations")
	}
	plain := f.signIn("olivia.hart@acme.example", "acme")
	for _, path := range []string{paths.Organizations, paths.Organizations + "?show=mine", paths.Organizations + "?name=globex"} {
		got := plain.get(path).want(http.StatusOK)
		if names := rows(got); !slices.Equal(names, []string{"Acme Corporation"}) {
			t.Errorf("%s: somebody who is not staff sees %q", path, names)
		}
	}
}
