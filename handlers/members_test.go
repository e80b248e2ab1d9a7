package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
)

func TestMembersFilters(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	list := paths.Members(f.organization("acme"))
	tom := f.member("acme", "tom.baker@acme.example")
	for _, c := range []filtering{
		{"email", "tom.baker@acme.example", []string{"Tom Baker"}, "", "E-mail is"},
		{"email", "TOM.BAKER@acme.example", []string{"Tom Baker"}, "", "E-mail is"},
		{"email", "tom", nil, notEmail, ""},
		{"email", "tom@acme.example,", nil, "", "E-mail is"},
		{"email_contains", "hana", []string{"Hana Suzuki"}, "", "E-mail contains"},
		{"email_contains", "nobody-has-this", nil, "", "E-mail contains"},
		{"email_contains", "ha", nil, short, ""},
		{"id", tom, []string{"Tom Baker"}, "", "Id is"},
		{"id", "tom", nil, "A member id looks like member-live- and 36 characters.", ""},
		{"role", "invoice_approver", []string{"Priya Nair"}, "", "Has the role"},
		{"role", "no_such_role", nil, "", "Has the role"},
		{"breakglass", "yes", []string{"Emergency access"}, "", "Break-glass"},
		{"breakglass", "maybe", nil, "Choose yes, no or any.", ""},
		{"phone", "+442079460123", []string{"Daniel Okafor"}, "", "Phone is"},
		{"phone", "020 7946", nil, "Enter it with the country, as +442079460412.", ""},
		{"phone_contains", "81901", []string{"Hana Suzuki"}, "", "Phone contains"},
		{"phone_contains", "81", nil, short, ""},
	} {
		c.check(t, b, list)
	}
	if got := rows(b.get(list + "?password=yes")); !slices.Contains(got, "Marcus Webb") || slices.Contains(got, "Tom Baker") {
		t.Errorf("with a password: %q", got)
	}
	if got := rows(b.get(list + "?password=no&email_contains=baker")); !slices.Equal(got, []string{"Tom Baker"}) {
		t.Errorf("without a password: %q", got)
	}
	b.get(list).want(http.StatusOK).says("There is no filter by name: Stytch has none.")
}

func TestMemberStatusBoxes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	list := paths.Members(f.organization("acme"))
	for _, c := range []struct {
		query string
		chip  string
		words []string
		ticks []string
	}{
		{"", "", []string{"Active", "Locked", "Break-glass", "Pending", "Invited"}, nil},
		{"?status=invited", "Status is invited", []string{"Invited"}, []string{"invited"}},
		{"?status=pending", "Status is pending", []string{"Pending"}, []string{"pending"}},
		{"?status=deleted", "Status is deleted", []string{"Deleted"}, []string{"deleted"}},
		{"?status=invited&status=pending", "Status is invited or pending", []string{"Invited", "Pending"}, []string{"invited", "pending"}},
		{"?status=nonsense", "", []string{"Active", "Invited"}, nil},
	} {
		a := b.get(list + c.query).want(http.StatusOK)
		doc := a.doc()
		said := map[string]bool{}
		doc.Find("main table.t tbody tr td:nth-child(3)").Each(func(_ int, s *goquery.Selection) { said[strings.TrimSpace(s.Text())] = true })
		for _, word := range c.words {
			if !said[word] {
				t.Errorf("%q: nobody is %s: %v", c.query, word, said)
			}
		}
		if c.chip != "" && len(said) != len(c.words) {
			t.Errorf("%q: other statuses too: %v", c.query, said)
		}
		var ticks []string
		doc.Find("input[name=status][checked]").Each(func(_ int, s *goquery.Selection) { ticks = append(ticks, s.AttrOr("value", "")) })
		slices.Sort(ticks)
		if !slices.Equal(ticks, c.ticks) {
			t.Errorf("%q: ticked are %v", c.query, ticks)
		}
		if chip := strings.TrimSuffix(strings.Join(strings.Fields(doc.Find("a.chip").Text()), " "), " Remove"); chip != c.chip {
			t.Errorf("%q: the chip says %q, want %q", c.query, chip, c.chip)
		}
	}
	// The upstream tells nothing of a deleted member, so their row leads to taking them back.
	b.get(list + "?status=deleted").doc().Find("main table.t tbody a").Each(func(_ int, s *goquery.Selection) {
		href := s.AttrOr("href", "")
		if !strings.HasSuffix(href, "/reactivate") {
			t.Errorf("a deleted member has a link to %q", href)
		}
		b.get(href).want(http.StatusOK)
	})
}

func TestMemberRows(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	list := paths.Members(f.organization("acme"))
	for _, c := range []struct{ email, words string }{
		{"priya.nair@acme.example", "+"},
		{"marcus.webb@acme.example", "Locked"},
		{"emergency@acme.example", "Break-glass"},
		{"no-name@acme.example", "No name yet"},
		{"daniel.okafor@acme.example", "App"},
		{"hana.suzuki@acme.example", "Text"},
		{ada, "tenant_support"},
	} {
		a := b.get(list + "?email=" + strings.ReplaceAll(c.email, "@", "%40")).want(http.StatusOK)
		if text := a.text("main table.t tbody"); !strings.Contains(text, c.words) || !strings.Contains(text, c.email) {
			t.Errorf("%s: the row says %q, want %q", c.email, text, c.words)
		}
	}
}
