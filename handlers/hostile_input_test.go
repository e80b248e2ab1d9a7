package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// corpus are texts that have run as script in some page somewhere, one for each place and way of getting there.
func corpus() []string {
	tags := []string{"<script>%</script>", "<img src=x onerror=%>", "<svg/onload=%>", "<iframe srcdoc='<script>%</script>'>", "<details open ontoggle=%>", "<math><mi xlink:href=\"javascript:%\">", "<a href=javascript:%>x</a>", "<style>@import'%'</style>"}
	ways := []string{"", "\">", "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "` onfocus=", "\" autofocus onfocus=% x=\"", "&lt;", "\x00", "\u2028", "\u202e"}
	acts := []string{"alert(1)", "alert`1`", "top['al'+'ert'](1)", "&#97;lert(1)"}
	var all []string
	for _, tag := range tags {
		for _, way := range ways {
			for _, act := range acts {
				all = append(all, strings.ReplaceAll(way+tag, "%", act))
			}
		}
	}
	return append(all, "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "<%= alert(1) %>",
		"\"'><hr>", "<plaintext>", "<!--", "<![CDATA[", "+ADw-script+AD4-", "\u00bcscript\u00be", "<scr\x00ipt>", "//evil.example", "/\\evil.example", "\r\nSet-Cookie: x=1", "%0d%0aX: y", "=cmd|'/c calc'!A1")
}

// TestTypedMarkupStaysText runs the corpus through everything that takes words: the search box, filters and places.
func TestTypedMarkupStaysText(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	acme := f.organization("acme")
	places := []struct{ path, field string }{
		{paths.Find, "q"},
		{paths.Organizations, "name"},
		{paths.Organizations, "slug"},
		{paths.Organizations, "connection"},
		{paths.Organizations, "domain"},
		{paths.Organizations, "sso"},
		{paths.Organizations, "cursor"},
		{paths.Members(acme), "email_contains"},
		{paths.Members(acme), "role"},
		{paths.Members(acme), "id"},
		{paths.Members(acme), "trail"},
		{paths.Members(acme), "status"},
		{paths.Login, "notice"},
		{paths.Login, "way"},
		{paths.Login + "/oauth/google", "organization"},
		{paths.LoginMFA, "organization"},
		{paths.LoginMFA, "method"},
		{paths.LoginMore, "organization"},
		{paths.Authenticate, "token"},
		{paths.Authenticate, "stytch_token_type"},
		{paths.Authenticate + "?stytch_token_type=multi_tenant_magic_links&token=AAAAAAAAAAAAAAAAAAAA", "slug"},
		{paths.Authenticate + "?stytch_token_type=multi_tenant_passwords&token=AAAAAAAAAAAAAAAAAAAA", "email"},
		{paths.Account, "organization"},
		{paths.AccountPassword, "way"},
	}
	n := 0
	for i, text := range corpus() {
		// Each place gets its share of the texts; the race detector makes parsing slow, so each text meets fewer then.
		meets := 3
		if racing {
			meets = 1
		}
		for k := range meets {
			place := places[(i+k*5)%len(places)]
			join := "?"
			if strings.Contains(place.path, "?") {
				join = "&"
			}
			a := b.get(place.path + join + url.Values{place.field: {text}}.Encode())
			n++
			if a.status >= 500 || a.status == http.StatusBadRequest {
				t.Errorf("%s %s=%q: status %d", place.path, place.field, text, a.status)
			}
			if len(a.header.Values("Set-Cookie")) > 1 || a.header.Get("X") != "" {
				t.Errorf("%s %s=%q: headers came from the address", place.path, place.field, text)
			}
			if a.status != http.StatusSeeOther {
				a.harmless(place.path + " " + place.field + "=" + text)
			} else if to := a.header.Get("Location"); !paths.Local(to) {
				t.Errorf("%s %s=%q leads to %q", place.path, place.field, text, to)
			}
			if t.Failed() {
				return // one text shows it; the others would only repeat it
			}
		}
	}
	t.Logf("%d visits with %d texts", n, len(corpus()))
}

// TestMalformedIDs: what is no id is nothing, and the upstream never hears of it.
func TestMalformedIDs(t *testing.T) {
	t.Parallel()
	f := newTapped(t, setup{}, nil)
	b := f.visit("acme")
	acme, tom := f.organization("acme"), f.member("acme", "tom.baker@acme.example")
	wrong := []string{
		"..", ".", "%2e%2e", "%2E%2e%2F", "..%2f..%2fadmin", "%2f", "%5c", ";", "..;", acme + ";a=b", "%3f", "%23", "%00", acme + "%00", acme + "%20", "%20" + acme, acme + "%0a",
		strings.Repeat("a", 10<<10), acme + strings.Repeat("0", 10<<10), strings.ToUpper(acme), strings.Replace(acme, "organization", "Organization", 1),
		"organization-test-" + strings.ToUpper(strings.TrimPrefix(acme, "organization-test-")), acme[:len(acme)-1], acme + "0", "organization-prod-" + strings.TrimPrefix(acme, "organization-test-"),
		"acme", "crm-000117", tom, "member-test-", "organization-test-", "null", "undefined", "0", "-1", "%ff%fe", "%c0%ae%c0%ae", "%e2%80%ae", "<script>alert(1)</script>", "%3Cscript%3E", "{organization_id}", ":organization_id", "*",
	}
	n := 0
	refuse := func(method, path string) {
		t.Helper()
		n++
		var form url.Values
		if method == http.MethodPost {
			form = url.Values{"return": {"/"}}
		}
		path = strings.NewReplacer("<", "%3C", ">", "%3E", "{", "%7B", "}", "%7D").Replace(path)
		a := b.do(method, path, form)
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			t.Errorf("%s %.80s: status %d, want 404; h1 %q", method, path, a.status, a.h1())
		}
		if calls := f.tap.calls(a.page); len(calls) > 0 {
			t.Errorf("%s %.80s: the upstream heard of it: %v", method, path, calls)
		}
		a.harmless(method + " " + path)
	}
	for _, id := range wrong {
		refuse(http.MethodGet, "/organizations/"+id)
		refuse(http.MethodGet, "/organizations/"+id+"/members")
		refuse(http.MethodGet, "/organizations/"+id+"/members/"+tom)
		refuse(http.MethodPost, "/organizations/"+id+"/enter")
		refuse(http.MethodPost, "/organizations/"+id+"/leave")
		if id != tom {
			refuse(http.MethodGet, "/organizations/"+acme+"/members/"+id)
			refuse(http.MethodGet, "/organizations/"+acme+"/members/"+strings.ReplaceAll(strings.ReplaceAll(id, acme, tom), "organization", "member"))
		}
	}
	t.Logf("%d addresses", n)
}
