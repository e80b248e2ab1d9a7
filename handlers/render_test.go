package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

const partial = "partial"

// TestPartAndPage: htmx gets the part, and whatever else asks, or restores history, the page.
func TestPartAndPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme := f.organization("acme")
	for _, c := range []struct{ path, id string }{
		{paths.Organizations, "organizations"},
		{paths.Organizations + "?name=a", "organizations"},
		{paths.Organizations + "?name=nothing-like-it", "organizations"},
		{paths.Members(acme), "members"},
		{paths.Members(acme) + "?status=invited", "members"},
		{paths.Members(acme) + "?cursor=forged", "members"},
	} {
		page := b.get(c.path)
		part := b.get(c.path, "HX-Request", "true", "HX-Request-Type", partial)
		if strings.Contains(part.body, "<html") || strings.Contains(part.body, "<nav class=\"nav\"") || !strings.HasPrefix(strings.TrimSpace(part.body), "<section id=\""+c.id+"\"") {
			t.Errorf("%s: a partial request got %.120q", c.path, part.body)
		}
		if part.status != page.status {
			t.Errorf("%s: the part has status %d, the page %d", c.path, part.status, page.status)
		}
		shown := "#" + c.id + " form, #" + c.id + " table, #" + c.id + " .pager, #" + c.id + " .empty"
		if got, want := part.text(shown), page.text(shown); got != want || got == "" {
			t.Errorf("%s: the part differs from that of the page", c.path)
		}
		restored := b.get(c.path, "HX-Request", "true", "HX-Request-Type", partial, "HX-History-Restore-Request", "true")
		full := b.get(c.path, "HX-Request", "true", "HX-Request-Type", "full")
		for name, a := range map[string]*answer{"page": page, "history": restored, "full": full} {
			if !strings.Contains(a.body, "<html") || a.doc().Find("nav#nav").Length() != 1 {
				t.Errorf("%s: %s got no page", c.path, name)
			}
		}
		for name, a := range map[string]*answer{"page": page, "part": part, "history": restored} {
			if vary := strings.Join(a.header.Values("Vary"), ", "); !strings.Contains(vary, "HX-Request-Type") || !strings.Contains(vary, "HX-History-Restore-Request") {
				t.Errorf("%s: Vary of the %s is %q", c.path, name, vary)
			}
		}
	}
}

// TestErrorOnPart: an error page does not belong into a part of another one, so the browser is led to it.
func TestErrorOnPart(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(sam, "linden")
	members := paths.Members(f.organization("linden")) + "?status=active"
	a := b.get(members, "HX-Request", "true", "HX-Request-Type", partial).want(http.StatusOK)
	if a.header.Get("HX-Redirect") != members || a.body != "" {
		t.Errorf("led to %q with %.80q", a.header.Get("HX-Redirect"), a.body)
	}
	b.get(members).want(http.StatusForbidden).says("stytch.member : search")
	// A list that cannot be read says so in its place instead.
	staff := f.visit("")
	if err := f.sandbox.SetFault(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503}); err != nil {
		t.Fatal(err)
	}
	failed := staff.get(paths.Organizations+"?name=acme", "HX-Request", "true", "HX-Request-Type", partial)
	if failed.header.Get("HX-Redirect") != "" || !strings.Contains(failed.body, "Organizations could not be read.") || strings.Contains(failed.body, "<html") {
		t.Errorf("%d, led to %q with %.200q", failed.status, failed.header.Get("HX-Redirect"), failed.body)
	}
	f.sandbox.ClearFaults()
	// A session that ended leads the whole window to signing in.
	stranger := f.browser().get(members, "HX-Request", "true", "HX-Request-Type", partial).want(http.StatusOK)
	if stranger.header.Get("HX-Redirect") != paths.Login || stranger.body != "" {
		t.Errorf("a stranger is led to %q with %.80q", stranger.header.Get("HX-Redirect"), stranger.body)
	}
}

// TestEveryPageWorksWithoutScript: whatever htmx loads is a link or a form to the same address, and addresses on a page
// are the console's own.
func TestEveryPageWorksWithoutScript(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{sandbox: sandbox.Options{Organizations: 120}})
	b := f.visit("acme")
	acme := f.organization("acme")
	discovering := f.browser()
	discovering.discover(ada)
	visits := []struct {
		who  *browser
		path string
	}{
		{b, paths.Organizations},
		{b, paths.Organizations + "?name=acme&sso=yes"},
		{b, paths.Organizations + "?name=a"},
		{b, paths.Organizations + "?name=none-at-all"},
		{b, paths.Organizations + "?show=mine"},
		{b, paths.Organization(acme)},
		{b, paths.Organization(f.organization("globex"))},
		{b, paths.Organization(f.organization("closed"))},
		{b, paths.Members(acme)},
		{b, paths.Members(acme) + "?email_contains=acme&role=editor"},
		{b, paths.Members(acme) + "?cursor=x"},
		{b, paths.Member(acme, f.member("acme", "priya.nair@acme.example"))},
		{b, paths.Member(acme, f.member("acme", ada))},
		{b, paths.Find},
		{b, paths.Find + "?q=" + ada},
		{b, paths.Find + "?q=nobody-here"},
		{b, "/nowhere"},
		{f.browser(), paths.Login},
		{f.browser(), paths.LoginFor("acme")},
		{f.browser(), paths.Authenticate},
		{discovering, paths.LoginOrganizations},
		{discovering, paths.LoginSent},
	}
	pages, links := 0, 0
	queue := map[string]*browser{}
	for _, v := range visits {
		a := v.who.get(v.path)
		pages++
		links += a.sameAddresses(v.path)
		a.doc().Find("nav.pager a").Each(func(_ int, s *goquery.Selection) { queue[s.AttrOr("href", "")] = v.who })
	}
	for path, who := range queue {
		pages++
		links += who.get(path).want(http.StatusOK).sameAddresses(path)
	}
	if links < 20 {
		t.Errorf("%d elements with hx-get or hx-post on %d pages: the pages were not those meant", links, pages)
	}
	t.Logf("%d pages, %d elements that htmx loads", pages, links)
}

func (a *answer) sameAddresses(name string) (n int) { return a.sameAddressesIn(a.doc(), name) }

func (a *answer) sameAddressesIn(doc *goquery.Document, name string) (n int) {
	a.t.Helper()
	doc.Find("[hx-get], [hx-post]").Each(func(_ int, s *goquery.Selection) {
		n++
		address, verb := s.AttrOr("hx-get", ""), "get"
		if post, ok := s.Attr("hx-post"); ok {
			address, verb = post, "post"
		}
		own := s.AttrOr("href", "")
		if s.Is("form") {
			own = s.AttrOr("action", "")
			if method := s.AttrOr("method", "get"); method != verb {
				a.t.Errorf("%s: a form that htmx sends by %s and the browser by %s", name, verb, method)
			}
		} else if !s.Is("a") || verb != "get" {
			a.t.Errorf("%s: htmx %ss from <%s>", name, verb, goquery.NodeName(s))
		}
		if own != address {
			a.t.Errorf("%s: htmx loads %q, the browser %q", name, address, own)
		}
	})
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		if action := s.AttrOr("action", ""); !paths.Local(action) {
			a.t.Errorf("%s: a form leads to %q", name, action)
		}
	})
	if found := strangers(doc); len(found) > 0 {
		a.t.Errorf("%s: not of our making: %q", name, found[:min(5, len(found))])
	}
	return n
}
