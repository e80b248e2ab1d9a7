package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
)

// startOf is the address that a page leads to, in parts.
func (w *visitor) startOf() (*url.URL, url.Values) {
	w.b.f.t.Helper()
	u, err := url.Parse(w.link("Continue to"))
	if err != nil {
		w.b.f.t.Fatal(err)
	}
	return u, u.Query()
}

// TestProvidersAreLinks goes to each provider from both sign-in pages: a page leads there, which names the host, and no redirect.
func TestProvidersAreLinks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for text, provider := range map[string]string{"Google": "google", "Microsoft": "microsoft", "Slack": "slack", "HubSpot": "hubspot", "GitHub": "github"} {
		for _, page := range []string{paths.Login, paths.LoginFor("acme"), paths.LoginFor("no-such-slug")} {
			w := f.visitor().open(page).click("Continue with " + text).want(http.StatusOK)
			if len(w.calls()) > 0 {
				t.Errorf("%s: calls %v", provider, w.operations())
			}
			start, query := w.startOf()
			path, redirects, slug := "/v1/b2b/public/oauth/"+provider+"/start", []string{"login_redirect_url", "signup_redirect_url"}, strings.TrimPrefix(page, "/login/")
			if page == paths.Login {
				path, redirects, slug = "/v1/b2b/public/oauth/"+provider+"/discovery/start", []string{"discovery_redirect_url"}, ""
			}
			want := url.Values{"public_token": {f.sandbox.PublicToken()}, "pkce_code_challenge": query["pkce_code_challenge"]}
			for _, name := range redirects {
				want.Set(name, publicURL+paths.Authenticate)
			}
			if slug != "" {
				want.Set("slug", slug)
			}
			if start.Path != path || query.Encode() != want.Encode() || len(query.Get("pkce_code_challenge")) != 43 {
				t.Errorf("%s at %s leads to %s", provider, page, start)
			}
			w.says(start.Host).says(text)
			if refresh := w.doc().Find("meta[http-equiv=refresh]").AttrOr("content", ""); !strings.HasSuffix(refresh, start.String()) {
				t.Errorf("%s: the page goes on to %q", provider, refresh)
			}
			w.click("Back")
			if w.at != page {
				t.Errorf("%s: back leads to %s", provider, w.at)
			}
		}
	}
}

// TestProvidersThatAreNotOffered have no link and no address.
func TestProvidersThatAreNotOffered(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, provider := range []string{"apple", "GOOGLE", "google%2F..", "<script>", "-"} {
		f.browser().get(paths.Login + "/oauth/" + url.PathEscape(provider)).want(http.StatusNotFound)
	}
	for name, change := range map[string]func(*handlers.Options){
		"without a public token": func(o *handlers.Options) { o.PublicToken = "" },
		"without providers":      func(o *handlers.Options) { o.OAuthProviders = nil },
	} {
		o := f.options()
		change(&o)
		f.handler = handlers.New(o)
		for _, page := range []string{paths.Login, paths.LoginFor("acme")} {
			if w := f.visitor().open(page); w.offers("Continue with") {
				t.Errorf("%s %s offers a provider", name, page)
			}
		}
		f.browser().get(paths.LoginOAuth("google", "")).want(http.StatusNotFound)
	}
}

// TestComingBackFromAProvider presses one button, by itself where script runs, and only in the browser that went there.
func TestComingBackFromAProvider(t *testing.T) {
	t.Parallel()
	for _, page := range []string{paths.Login, paths.LoginFor("acme")} {
		f := newFixture(t, setup{})
		w := f.visitor().open(page).click("Continue with Google")
		first, err := f.sandbox.FinishOAuth(w.link("Continue to"), ada)
		if err != nil {
			t.Fatal(err)
		}
		// Another browser, one that is on its own way to a provider, and a scanner.
		for name, other := range map[string]*visitor{
			"a browser": f.visitor(), "a browser on its own way": f.visitor().open(page).click("Continue with GitHub"),
		} {
			other.openLink(first).want(http.StatusOK)
			if other.offers("Continue") {
				other.press("Continue").want(http.StatusUnprocessableEntity)
			}
			if other.h1() != linkWrongBrowser || other.b.proved() {
				t.Errorf("%s: %q", name, other.h1())
			}
			other.wayOn()
		}
		// Whoever goes there again in another tab has not spoiled it.
		tab := &visitor{b: w.b}
		tab.open(page).click("Continue with Microsoft")
		second, err := f.sandbox.FinishOAuth(tab.link("Continue to"), ada)
		if err != nil {
			t.Fatal(err)
		}
		w.openLink(first).want(http.StatusOK)
		form := w.doc().Find("main form")
		if _, goes := form.Attr("data-go"); !goes || form.Find("button").Length() != 1 || len(w.calls()) > 0 {
			t.Errorf("the page goes on by itself: %t, with %d buttons, calls %v", goes, form.Find("button").Length(), w.operations())
		}
		w.press("Continue").want(http.StatusOK)
		if !w.b.proved() {
			t.Error("not signed in")
		}
		tab.openLink(second)
		if page == paths.Login {
			tab.press("Continue").want(http.StatusOK)
		}
	}
}

// TestProviderThatBringsNothing comes back without a token, as when somebody cancels.
func TestProviderThatBringsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, query := range []string{"", "?error=access_denied", "?stytch_token_type=oauth", "?stytch_token_type=discovery_oauth&token=", "?stytch_token_type=oauth&token=%3Cscript%3E"} {
		w := f.visitor().open(paths.Login).click("Continue with Google")
		w.open(paths.Authenticate + query).want(http.StatusOK)
		if w.h1() != linkUnknown {
			t.Errorf("%q: %q", query, w.h1())
		}
		w.wayOn().saysNot("<script>")
	}
}

// TestAddressOfTheProviderIsNotTheRequests builds the way back from the configuration, whatever the request says.
func TestAddressOfTheProviderIsNotTheRequests(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	a := f.browser().get(paths.LoginOAuth("google", ""), "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "Forwarded", "host=evil.example").want(http.StatusOK)
	a.saysNot("evil.example")
	for _, query := range []string{"?discovery_redirect_url=https://evil.example/", "?login_redirect_url=//evil.example"} {
		f.browser().get(paths.LoginOAuth("google", "") + query).want(http.StatusOK).saysNot("evil.example")
	}
}
