package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
)

// The heads of the pages behind a link.
const (
	linkWrongBrowser = "This link was asked for in another browser"
	linkUsed         = "This link does not work any more"
	linkUnknown      = "This link is not complete"
	linkLater        = "This console does not take this link"
	linkReady        = "Sign in"
	linkPassword     = "Choose a new password"
)

// linkKinds are both kinds of links: of discovery and of one organization.
var linkKinds = []struct{ name, email, slug, lands string }{
	{"discovery", ada, "", paths.LoginOrganizations},
	{"slug", olivia, "acme", "/organizations/"},
}

func (a *answer) landed(at string) {
	a.t.Helper()
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), at) {
		a.t.Errorf("status %d to %q, want 303 to %q; h1 %q", a.status, a.header.Get("Location"), at, a.h1())
	}
}

// proved says whether the browser has come past the mail: signed in, or at the choice of an organization.
func (b *browser) proved() bool {
	tab := b.clone()
	return tab.get(paths.LoginOrganizations).status == http.StatusOK || tab.get(paths.Organizations).status == http.StatusOK
}

func TestOpeningALinkSpendsNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range linkKinds {
		f := newFixture(t, setup{})
		b := f.browser()
		b.ask(kind.email, kind.slug, "link")
		path := mailedAddress(kind.email)(f)
		for i := range 10 {
			// A scanner opens it in a browser of its own, or asks for the head alone.
			for _, a := range []*answer{b.get(path), b.do(http.MethodHead, path, nil), f.browser().get(path)} {
				if a.status != http.StatusOK || len(a.calls()) > 0 {
					t.Fatalf("%s, %d: status %d, calls %v", kind.name, i, a.status, a.operations())
				}
			}
		}
		a := b.get(path)
		if a.h1() != "Sign in" || a.doc().Find("main form").Length() != 1 || a.doc().Find("main form button").Length() != 1 {
			t.Errorf("%s: the page has not one button", kind.name)
		}
		sent := url.Values{}
		for _, input := range a.doc().Find("main form input[type=hidden]").EachIter() {
			sent.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
		b.post(a.doc().Find("main form").AttrOr("action", ""), sent).landed(kind.lands)
		if !b.proved() {
			t.Errorf("%s: not signed in", kind.name)
		}
	}
}

func TestLinkWorksOnlyWhereItWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, kind := range linkKinds {
		for name, who := range map[string]func(*fixture) *browser{
			"another browser":                    stranger,
			"another browser with its own link":  asked(sam, "", "link"),
			"another browser with an acme link":  asked("tom.baker@acme.example", "acme", "link"),
			"another browser, signed in already": signed(sam, "support-desk"),
		} {
			f := newFixture(t, setup{})
			other := who(f)
			b := f.browser()
			b.ask(kind.email, kind.slug, "link")
			was := other.cookies["__Host-session"]
			other.get(mailedAddress(kind.email)(f)).want(http.StatusOK)
			a := other.post(paths.Authenticate, mailedLink(kind.email)(b))
			if a.status != http.StatusUnprocessableEntity || a.h1() != linkWrongBrowser {
				t.Errorf("%s, %s: status %d %q", kind.name, name, a.status, a.h1())
			}
			a.says("with a code")
			if a.doc().Find(`main a[href="`+paths.Login+`"]`).Length() != 1 {
				t.Errorf("%s, %s: no way to a code", kind.name, name)
			}
			if other.cookies["__Host-session"] != was {
				t.Errorf("%s, %s: the session changed", kind.name, name)
			}
			// Nobody has spoiled it for the one who asked.
			b.post(paths.Authenticate, mailedLink(kind.email)(b)).landed(kind.lands)
		}
	}
}

func TestLinkInAStrangersBrowserSaysSo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.browser().ask(ada, "", "link")
	a := f.browser().get(mailedAddress(ada)(f)).want(http.StatusOK)
	if a.h1() != linkWrongBrowser || a.doc().Find("main form").Length() > 0 {
		t.Errorf("the page is %q", a.h1())
	}
}

func TestLinksThatDoNotWork(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*fixture, url.Values) {
		return func(_ *fixture, v url.Values) { v.Set(name, value) }
	}
	tests := []struct {
		name  string
		spoil func(*fixture, url.Values)
		// opened is the page behind the link, and head what its button leads to; "" is a sign-in.
		opened, head string
	}{
		{"nearly expired", func(f *fixture, _ url.Values) { f.advance(59*time.Minute + 45*time.Second) }, linkReady, ""},
		{"just expired", func(f *fixture, _ url.Values) { f.sandbox.Advance(time.Hour) }, linkReady, linkUsed},
		{"truncated", func(_ *fixture, v url.Values) { v.Set("token", v.Get("token")[:20]) }, linkReady, linkUsed},
		{"cut short", func(_ *fixture, v url.Values) { v.Set("token", v.Get("token")[:5]) }, linkUnknown, linkUnknown},
		{"flipped", func(_ *fixture, v url.Values) { v.Set("token", swapped(v.Get("token"))) }, linkReady, linkUsed},
		{"longer", func(_ *fixture, v url.Values) { v.Set("token", v.Get("token")+"A") }, linkReady, linkUsed},
		{"far longer", func(_ *fixture, v url.Values) { v.Set("token", strings.Repeat(v.Get("token"), 20)) }, linkUnknown, linkUnknown},
		{"no token", set("token", ""), linkUnknown, linkUnknown},
		{"another alphabet", set("token", "<script>alert(1)</script>"), linkUnknown, linkUnknown},
		{"no type", set("stytch_token_type", ""), linkUnknown, linkUnknown},
		{"type of SSO", set("stytch_token_type", "sso"), linkLater, linkUnknown},
		{"type of OAuth", set("stytch_token_type", "discovery_oauth"), linkReady, linkUsed},
		{"type of a password", set("stytch_token_type", "multi_tenant_passwords"), linkPassword, linkUnknown},
		{"type of an impersonation", set("stytch_token_type", "multi_tenant_impersonation"), "Act as a member", linkUsed},
		{"type that is hostile", set("stytch_token_type", `"><script>alert(1)</script>`), linkLater, linkUnknown},
	}
	for _, tt := range tests {
		for _, kind := range linkKinds {
			t.Run(tt.name+", "+kind.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				b := f.browser()
				b.ask(kind.email, kind.slug, "link")
				v := mailedLink(kind.email)(b)
				tt.spoil(f, v)
				opened := b.get(paths.Authenticate + "?" + v.Encode()).want(http.StatusOK)
				if opened.h1() != tt.opened {
					t.Errorf("the page behind the link is %q, want %q", opened.h1(), tt.opened)
				}
				opened.saysNot("<script>alert")
				a := b.post(paths.Authenticate, v)
				if tt.head == "" {
					a.landed(kind.lands)
					return
				}
				if a.status != http.StatusUnprocessableEntity || a.h1() != tt.head {
					t.Errorf("status %d %q, want 422 %q", a.status, a.h1(), tt.head)
				}
				if b.proved() {
					t.Error("signed in")
				}
			})
		}
	}
}

// swapped is a token with the case of one letter changed.
func swapped(token string) string {
	at := strings.IndexFunc(token, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	return token[:at] + string(token[at]^0x20) + token[at+1:]
}

func TestLinkOfTheOtherKindIsUnknown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	b.ask(ada, "", "link")
	v := mailedLink(ada)(b)
	v.Set("stytch_token_type", "multi_tenant_magic_links")
	b.post(paths.Authenticate, v).want(http.StatusUnprocessableEntity)
	if b.proved() {
		t.Error("signed in")
	}
}

func TestLinkWorksOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range linkKinds {
		f := newFixture(t, setup{})
		b := f.browser()
		b.ask(kind.email, kind.slug, "link")
		kept := b.clone()
		v := mailedLink(kind.email)(b)
		b.post(paths.Authenticate, v).landed(kind.lands)
		a := kept.post(paths.Authenticate, v)
		if a.status != http.StatusUnprocessableEntity || a.h1() != linkUsed {
			t.Errorf("%s: the second time status %d %q", kind.name, a.status, a.h1())
		}
		if kept.proved() {
			t.Errorf("%s: signed in twice with one link", kind.name)
		}
	}
}

// TestOlderLinkWorksToo asks twice: both mails may be clicked.
func TestOlderLinkWorksToo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	b.ask(ada, "", "link")
	first := mailedLink(ada)(b)
	b.ask(ada, "", "link")
	b.post(paths.Authenticate, first).landed(paths.LoginOrganizations)
}

// TestTokenStaysOutOfAddresses looks for the token where a page leads or is compressed next to what somebody typed.
func TestTokenStaysOutOfAddresses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	b.ask(ada, "", "link")
	token := mailedLink(ada)(b).Get("token")
	a := b.get(mailedAddress(ada)(f), "Accept-Encoding", "gzip").want(http.StatusOK)
	if a.header.Get("Content-Encoding") != "" {
		t.Error("the page that holds the token is compressed")
	}
	for _, attr := range []string{"href", "src", "action"} {
		for _, s := range a.doc().Find("[" + attr + "]").EachIter() {
			if strings.Contains(s.AttrOr(attr, ""), token) {
				t.Errorf("%s holds the token", attr)
			}
		}
	}
	if n := strings.Count(a.body, token); n != 1 {
		t.Errorf("the page holds the token %d times", n)
	}
}

// Somebody who mistypes, or has two addresses, asks twice. Both mails must work in the browser that asked for both.
func TestOlderMailWorksToo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	for _, email := range []string{"ada@support.example", "sam@support.example", "ada@support.example"} {
		b.post(paths.Login, url.Values{"email": {email}, "method": {"link"}}).leads(paths.LoginSent)
	}
	var links []string
	for _, m := range f.sandbox.Outbox() {
		if m.Kind == "discovery_link" {
			links = append(links, m.Link)
		}
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		tab := b.clone()
		tab.post(paths.Authenticate, url.Values{"stytch_token_type": {u.Query().Get("stytch_token_type")}, "token": {u.Query().Get("token")}}).leads(paths.LoginOrganizations)
	}
	if len(links) != 3 {
		t.Errorf("%d links", len(links))
	}
}
