package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/handlers"
)

// routed says whether the table has a row for an address.
func routed() func(method, address string) bool {
	parameter := regexp.MustCompile(`:[a-z_]+`)
	patterns := map[string][]*regexp.Regexp{}
	for _, r := range handlers.Routes() {
		patterns[r.Method] = append(patterns[r.Method], regexp.MustCompile("^"+parameter.ReplaceAllString(r.Path, "[^/]+")+"$"))
	}
	return func(method, address string) bool {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		for _, p := range patterns[method] {
			if p.MatchString(u.EscapedPath()) {
				return true
			}
		}
		return false
	}
}

// TestEveryVisitLeadsOn looks at the page of every visit of the table: it is of our making, works without script, each of its
// links and forms leads to a row of the table, and there is a way on from it.
func TestEveryVisitLeadsOn(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	leads := routed()
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			for _, d := range drives[key(r)] {
				f := newFixture(t, setup{})
				a := d.send(d.who(f), r.Method).want(d.status)
				if to := a.header.Get("Location"); a.status == http.StatusSeeOther && !leads(http.MethodGet, to) {
					t.Errorf("%s: leads to %q, which is no row of the table", d.name, to)
				}
				if a.status == http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
					continue
				}
				a.leadsOn(d.name, leads)
			}
		})
	}
}

func (a *answer) leadsOn(name string, leads func(method, address string) bool) {
	t := a.t
	t.Helper()
	doc := a.doc()
	// The way out of the console is a page of its own, with the one address that is not ours.
	outward, refresh := doc.Find("main a.go").Remove(), doc.Find("meta[http-equiv=refresh]").Remove()
	if to := outward.AttrOr("href", ""); outward.Length() != refresh.Length() || outward.Length() > 0 && (!strings.HasPrefix(a.h1(), "On to ") || !strings.HasSuffix(refresh.AttrOr("content", ""), to)) {
		t.Errorf("%s: the page leads to %q", name, to)
	}
	ways := outward.Length()
	doc.Find("a[href]").Each(func(_ int, s *goquery.Selection) {
		href := s.AttrOr("href", "")
		switch {
		case strings.HasPrefix(href, "#"), strings.HasPrefix(href, "otpauth://totp/"):
		case !leads(http.MethodGet, href):
			t.Errorf("%s: the link %q leads to %q, which is no row of the table", name, strings.TrimSpace(s.Text()), href)
		default:
			ways++
		}
	})
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		method := strings.ToUpper(s.AttrOr("method", "get"))
		if action := s.AttrOr("action", ""); !leads(method, action) {
			t.Errorf("%s: a form leads to %s %q, which is no row of the table", name, method, action)
		}
		if s.Closest("main").Length() > 0 {
			ways++
		}
	})
	if ways == 0 {
		t.Errorf("%s: %d %q is a dead end", name, a.status, a.h1())
	}
	a.sameAddressesIn(doc, name)
}
