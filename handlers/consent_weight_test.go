package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/static"
	"console.internal/views"
)

// consentWeight is the gated budget in bytes: the page that asks and all that it loads, compressed as it is served.
const consentWeight = 4 << 10

// loaded is an address that a page loads.
var loaded = regexp.MustCompile(`<(?:link|script|img|source|iframe|object|embed)\b[^>]*?(?:href|src|data)="([^"]+)"`)

// weigh is the bytes of a page as a browser with these encodings gets it, and of all that it loads.
func (b *browser) weigh(path, encodings string) (page, rest int) {
	b.f.t.Helper()
	get := []string{"Accept-Encoding", encodings, "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate"}
	page = len(b.get(path, get...).want(http.StatusOK).body)
	for _, found := range loaded.FindAllStringSubmatch(b.get(path, get[2:]...).want(http.StatusOK).body, -1) {
		rest += len(b.get(found[1], "Accept-Encoding", encodings).want(http.StatusOK).body)
	}
	return page, rest
}

// TestConsentWeight weighs the page that asks for every app of the seed, in every language, with all scopes that the app may ask for: of
// somebody who let some of them in before, and of somebody in an organization whose name is markup.
func TestConsentWeight(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	o := f.options()
	o.Static = static.Handler()
	o.Assets = views.Assets{Consent: static.URL("consent.css"), Icon: static.URL("icon.svg")}
	f.handler = handlers.New(o)
	if f.browser().get(o.Assets.Consent).status != http.StatusOK {
		t.Fatal("the style sheet is not built; run: make assets")
	}
	people := []*browser{f.signIn("tobias.falk@harbour.example", "harbour"), f.signIn("script@hostile.example", "hostile")}
	apps := f.seedApps()
	if len(apps) < 10 {
		t.Fatalf("the seed has %d apps", len(apps))
	}
	for _, encodings := range []string{"gzip, deflate, br, zstd", "gzip"} {
		for _, l := range views.Languages() {
			heaviest, name, html := 0, "", 0
			for _, app := range apps {
				scopes := "openid email profile phone offline_access read:documents write:documents read:billing"
				if strings.HasPrefix(app.Type, "first_party") {
					scopes += " full_access"
				}
				path := paths.Authorize + "?" + url.Values{
					"response_type": {"code"}, "client_id": {app.ID}, "redirect_uri": {app.Redirects[0]}, "scope": {scopes}, "prompt": {"consent"}, "ui_locales": {l.Code},
					"state": {strings.Repeat("a-state-", 8)}, "nonce": {strings.Repeat("a-nonce-", 8)}, "resource": {"https://api.example/documents"},
					"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
				}.Encode()
				for _, b := range people {
					if page, rest := b.weigh(path, encodings); page+rest > heaviest {
						heaviest, name, html = page+rest, app.Name, page
					}
				}
			}
			t.Logf("%s, %s: the heaviest is %q with %d bytes, %d of them HTML", encodings, l.Code, name, heaviest, html)
			if heaviest > consentWeight {
				t.Errorf("%s, %s: the page for %q weighs %d bytes", encodings, l.Code, name, heaviest)
			}
		}
	}
}

// seedApp is a client of the seed.
type seedApp struct {
	ID        string   `json:"client_id"`
	Name      string   `json:"client_name"`
	Type      string   `json:"client_type"`
	Redirects []string `json:"redirect_urls"`
}

// seedApps are all clients of the project, as the upstream has them.
func (f *fixture) seedApps() []seedApp {
	f.t.Helper()
	text := asJSON(f.t, f.upstream(http.MethodPost, "/v1/connected_apps/clients/search", map[string]int{"limit": 100})["connected_apps"])
	var apps []seedApp
	if err := json.Unmarshal([]byte(text), &apps); err != nil {
		f.t.Fatal(err)
	}
	return apps
}
