package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// Everything that may be in a page. What is not in these lists came from data.
var (
	knownTags = words(`html head meta title link script body a header div button i span form label input kbd details summary b br p small fieldset legend
		nav ul li main h1 h2 h3 section dl dt dd table caption thead tbody tr th td code pre bdi time select option datalist ol svg path meter del ins textarea footer`)
	knownAttributes = words(`lang data-env data-theme charset name content rel href type src defer class id role for autocomplete autocapitalize spellcheck maxlength placeholder value
		popover popovertarget tabindex action method aria-label aria-labelledby aria-hidden aria-current aria-pressed aria-invalid aria-describedby scope title open
		checked selected list required pattern inputmode data-part data-say datetime hx-get hx-post hx-target:inherited hx-swap:inherited hx-push-url:inherited hx-indicator:inherited
		hx-sync:inherited readonly hidden min max low high optimum formnovalidate translate target data-copy data-print viewBox d rows minlength aria-disabled`)
)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// fragment is a place on the page: a field, or its main part.
var fragment = regexp.MustCompile(`^#[a-z_]+$`)

// strangers are the elements, attributes and addresses of a page that are not of the console's making.
func strangers(doc *goquery.Document) []string {
	var out []string
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, n := range s.Nodes {
			if n.Type == html.ElementNode && !knownTags[n.Data] {
				out = append(out, "<"+n.Data+">")
			}
			for _, attr := range n.Attr {
				if !knownAttributes[attr.Key] {
					out = append(out, n.Data+" "+attr.Key+"=")
				}
				switch attr.Key {
				case "href", "src", "action", "hx-get", "hx-post":
					app := attr.Key == "href" && strings.HasPrefix(attr.Val, "otpauth://totp/")
					if !app && !strings.HasPrefix(attr.Val, "/") && !fragment.MatchString(attr.Val) || strings.HasPrefix(attr.Val, "//") {
						out = append(out, attr.Key+"="+attr.Val)
					}
				}
			}
			if n.Data == "script" && (n.FirstChild != nil || !slices.Contains([]string{"/static/app.js", "/static/htmx.js"}, s.AttrOr("src", ""))) {
				out = append(out, "script with text")
			}
		}
	})
	return out
}

// invisible are characters that hide or turn text; on a page they must be shown as tags.
const invisible = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff\u00ad\u2028\u2029"

func (a *answer) harmless(name string) {
	a.t.Helper()
	doc := a.doc()
	if a.isBare() {
		// What leads out to a client leads there; TestForeignRedirectsAreNeverFollowed has the rest.
		doc.Find(`meta[http-equiv=refresh], main a.go`).FilterFunction(func(_ int, s *goquery.Selection) bool {
			to := strings.TrimPrefix(s.AttrOr("href", s.AttrOr("content", "")), "0;url=")
			return slices.ContainsFunc(slices.Collect(maps.Values(redirectOf)), func(own string) bool { return strings.HasPrefix(to, own+"?") })
		}).Remove()
	}
	if found := strangers(doc); len(found) > 0 {
		a.t.Errorf("%s: not of our making: %q", name, found[:min(5, len(found))])
	}
	// A form holds what was typed as it was typed; everywhere else such characters are marked.
	doc.Find("input, textarea").Remove()
	doc.Find("button.copy").RemoveAttr("value")
	page, err := doc.Html()
	if err != nil {
		a.t.Fatal(err)
	}
	for n := range strings.SplitSeq(page, "\"") {
		if strings.HasPrefix(n, "/") { // an address, which is escaped
			continue
		}
		if i := strings.IndexAny(n, invisible); i >= 0 {
			a.t.Errorf("%s: an invisible character is left in %.60q", name, n[max(0, i-20):])
			return
		}
	}
}

func TestHostileTenant(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	id := f.organization("hostile")
	b.get(paths.Organization(id)).want(http.StatusOK).harmless("enter")
	b.get(paths.Organizations + "?slug=hostile").want(http.StatusOK).harmless("directory")
	b.get(paths.Organizations + "?show=mine").want(http.StatusOK).harmless("mine")
	b.post(paths.Enter(id), url.Values{}).leads(paths.Organization(id))
	overview := b.get(paths.Organization(id)).want(http.StatusOK).says(`You entered <script>alert("org")</script>`)
	overview.harmless("overview")
	if n := overview.doc().Find(".tag.hex").Length(); n < 6 {
		t.Errorf("%d marked characters on the overview", n)
	}
	for _, mark := range []string{"U+202E", "U+200B"} {
		overview.says(mark)
	}
	title := overview.doc().Find("title").Text()
	if !strings.Contains(title, "[U+202E]") || strings.ContainsAny(title, invisible) || overview.doc().Find("title").Children().Length() > 0 {
		t.Errorf("the title is %q", title)
	}
	if n := strings.Count(overview.body, "<title>"); n != 1 {
		t.Errorf("%d titles", n)
	}
	list := b.get(paths.Members(id)).want(http.StatusOK)
	list.harmless("members")
	var pages int
	list.doc().Find("main tbody a.row").Each(func(_ int, s *goquery.Selection) {
		pages++
		a := b.get(s.AttrOr("href", "")).want(http.StatusOK)
		a.harmless("member " + s.Text())
	})
	if pages < 15 {
		t.Errorf("%d members were opened", pages)
	}
	script := b.get(paths.Member(id, f.member("hostile", "script@hostile.example"))).want(http.StatusOK)
	script.says("</pre><script>alert(9)</script>").says("U+202E").says("javascript:alert(10)").says("../../admin?<x>")
	if strings.Contains(script.body, "<script>alert") || strings.Contains(script.body, "<img") || strings.Contains(script.body, `href="javascript`) {
		t.Error("markup from metadata is markup on the page")
	}
	b.get(paths.Find + "?q=" + url.QueryEscape("hostile")).want(http.StatusSeeOther)
}

// TestHostileTenantAsks enters the hostile tenant when it asks for more: each page on the way, and one's account there.
func TestHostileTenantAsks(t *testing.T) {
	t.Parallel()
	const slug = "hostile"
	f := newFixture(t, setup{})
	id := f.organization(slug)
	if err := f.sandbox.Configure(slug, func(s *sandbox.Settings) {
		s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"magic_link", "sso", "<b>"}
	}); err != nil {
		t.Fatal(err)
	}
	stopped(ada, slug)(f).get(paths.LoginMoreFor(id)).want(http.StatusOK).harmless("more")
	if err := f.sandbox.Configure(slug, func(s *sandbox.Settings) { s.AuthMethods, s.MFAPolicy = "ALL_ALLOWED", "REQUIRED_FOR_ALL" }); err != nil {
		t.Fatal(err)
	}
	b := settingUp(ada, slug)(f)
	setup := b.get(paths.LoginMFAFor(id, "totp")).want(http.StatusOK)
	setup.harmless("app to set up")
	if uri := setup.doc().Find("a[href^='otpauth:']").AttrOr("href", ""); !strings.Contains(uri, "%3Cscript%3E") || strings.ContainsAny(uri, "<> ") || strings.Count(uri, "?") != 1 {
		t.Errorf("the app is given %.200q", uri)
	}
	b.get(paths.LoginMFAFor(id, "sms_otp")).want(http.StatusOK).harmless("phone to set up")
	b.post(paths.LoginMFA, appCode(slug, ada)(b)).want(http.StatusOK).harmless("recovery codes")
	for _, path := range []string{paths.Account, paths.AccountEmail, paths.AccountPassword, paths.AccountTOTP, paths.AccountTOTPRemove, paths.AccountPhone, paths.AccountRecoveryCodes, paths.AccountSessions} {
		b.get(path).want(http.StatusOK).harmless(path)
	}
	if err := f.sandbox.Configure(slug, func(s *sandbox.Settings) { s.MFAMethods, s.AllowedMFAMethods = "RESTRICTED", []string{"totp"} }); err != nil {
		t.Fatal(err)
	}
	b.get(paths.AccountPhone).want(http.StatusOK).harmless("no text messages")
	f.advance(6 * time.Minute)
	b.post(paths.AccountRecoveryCodes, values("act", "show")).want(http.StatusUnauthorized).harmless("to be proven")
	impersonated(slug, "script@hostile.example")(f).get(paths.Account).want(http.StatusOK).harmless("impersonation")
}

// TestHostileTextHasThePlaceOfText: the page of the hostile member has the same elements and attributes as that of a
// member with the same things and harmless words, but for the marks on characters.
func TestHostileTextHasThePlaceOfText(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("hostile")
	id := f.organization("hostile")
	plain := skeleton(b.get(paths.Member(id, f.member("hostile", strings.Repeat("l", 64)+"@hostile.example"))))
	for _, local := range []string{"attribute", "template", "rtl", "override", "long", "emoji", "zero-width", "o'brien", "formula", "entity"} {
		got := skeleton(b.get(paths.Member(id, f.member("hostile", local+"@hostile.example"))))
		if got != plain {
			t.Errorf("%s: the page has another structure:\n%s\nwant\n%s", local, firstDifference(got, plain), firstDifference(plain, got))
		}
	}
}

// skeleton is a page without its text: elements with the names of their attributes.
func skeleton(a *answer) string {
	a.t.Helper()
	doc := a.want(http.StatusOK).doc()
	doc.Find(".tag.hex").Remove()
	var b strings.Builder
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, n := range s.Nodes {
			b.WriteString("<" + n.Data)
			for _, attr := range n.Attr {
				b.WriteString(" " + attr.Key)
			}
			b.WriteString(">\n")
		}
	})
	return b.String()
}

func firstDifference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	return got[max(0, i-80):min(len(got), i+80)]
}
