package sandbox_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

const hana = "hana.suzuki@acme.example" // has accounts at Google, Microsoft and GitHub

// startURL is where a sign-in through a provider begins; pairs are further parameters.
func (w *world) startURL(path string, pairs ...string) string {
	query := url.Values{"public_token": {w.PublicToken()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return "/v1/b2b/public/oauth/" + path + "?" + query.Encode()
}

// provider takes somebody through a provider, and gives the query of the URL that leads back.
func (w *world) provider(start, email string) url.Values {
	w.t.Helper()
	back, err := w.FinishOAuth(start, email)
	if err != nil {
		w.t.Fatal(err)
	}
	parsed, err := url.Parse(back)
	if err != nil {
		w.t.Fatal(err)
	}
	return parsed.Query()
}

// oauth signs somebody in to an organization through a provider.
func (w *world) oauth(provider, slug, email string) answer {
	w.t.Helper()
	query := w.provider(w.startURL(provider+"/start", "slug", slug), email)
	if query.Get("stytch_token_type") != "oauth" || query.Get("slug") != slug {
		w.t.Errorf("it leads back with %v", query)
	}
	return w.post("/oauth/authenticate", fields{"oauth_token": query.Get("token")})
}

// discoverBy goes through a provider in discovery.
func (w *world) discoverBy(provider, email string) answer {
	w.t.Helper()
	query := w.provider(w.startURL(provider+"/discovery/start"), email)
	if query.Get("stytch_token_type") != "discovery_oauth" || query.Has("slug") {
		w.t.Errorf("it leads back with %v", query)
	}
	return w.post("/oauth/discovery/authenticate", fields{"discovery_oauth_token": query.Get("token")}).want("200")
}

// A provider that lets people claim any address proves nothing until the address was proved once beside it.
func TestOAuthAuthenticate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, provider, slug, email, want string
		missing                           string // the first way to sign in that is still needed
		status                            string
	}{
		{"verified provider", "google", "acme", ada, "200", "", "active"},
		{"another verified provider", "microsoft", "harbour", ada, "200", "", "active"},
		{"accepts an invitation", "google", "meadow", ada, "200", "", "active"},
		{"joins by domain", "google", "northwind", ada, "200", "", "active"},
		{"unverified provider", "github", "harbour", ada, "200", "magic_link", "active"},
		{"unverified Slack", "slack", "harbour", ada, "200", "magic_link", "active"},
		{"unverified HubSpot", "hubspot", "harbour", ada, "200", "magic_link", "active"},
		{"unverified provider, invited", "github", "meadow", ada, "200", "magic_link", "invited"},
		{"nobody", "google", "harbour", "stranger@nowhere.example", "400 email_jit_provisioning_not_allowed", "", ""},
		{"locked", "google", "acme", "marcus.webb@acme.example", "429 user_lock_limit_reached", "", ""},
		{"the only way", "google", "only-google", ada, "200", "", "active"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			in := w.oauth(tt.provider, tt.slug, tt.email).want(tt.want)
			if tt.want != "200" {
				return
			}
			methods, _ := in.at("primary_required", "allowed_auth_methods").([]any)
			first := ""
			if len(methods) > 0 {
				first = text(methods[0])
			}
			if first != tt.missing || (first == "") != (in.text("session_token") != "") || in.text("member", "status") != tt.status {
				t.Errorf("got %s", in.raw)
			}
			registrations := in.list("member", "oauth_registrations")
			if want := map[bool]int{true: 1}[first == ""]; len(registrations) != want {
				t.Errorf("the member is tied to %v", registrations)
			}
			if in.text("provider_subject") == "" || !strings.EqualFold(in.text("provider_type"), tt.provider) {
				t.Errorf("the provider is %s, %s", in.text("provider_type"), in.text("provider_subject"))
			}
		})
	}
}

// A member is found by the account, whatever the address has become, and is tied to it once.
func TestOAuthFindsTheAccount(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	before := w.oauth("google", "acme", olivia).want("200")
	w.send(w.checked, http.MethodPut, "/v1/b2b/organizations/acme/members/"+before.text("member_id"), fields{"email_address": "olivia.stone@acme.example"}).want("200")
	after := w.oauth("google", "acme", olivia).want("200")
	if after.text("member_id") != before.text("member_id") || after.text("session_token") == "" || len(after.list("member", "oauth_registrations")) != 1 {
		t.Errorf("got %s", after.raw)
	}
}

// Topped up by a mail to the address, the account is tied to the member, and is enough from then on.
func TestOAuthStepUp(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	more := w.oauth("github", "harbour", ada).want("200")
	w.post("/otps/email/login_or_signup", fields{"organization_id": "harbour", "email_address": ada}).want("200")
	in := w.post("/otps/email/authenticate", fields{
		"organization_id": "harbour", "email_address": ada, "code": w.newest().Code, "intermediate_session_token": more.text("intermediate_session_token"),
	}).want("200")
	if in.at("member_authenticated") != true || kinds(in) != "oauth email_otp" || len(in.list("member", "oauth_registrations")) != 1 {
		t.Errorf("got %s", in.raw)
	}
	again := w.oauth("github", "harbour", ada).want("200")
	if again.at("member_authenticated") != true {
		t.Errorf("the second time: %s", again.raw)
	}
	// In another organization it is named as an account that was brought along, and tied to nobody.
	there := w.post("/sessions/exchange", fields{"session_token": again.text("session_token"), "organization_id": "acme"}).want("200")
	factors := there.list("member_session", "authentication_factors")
	if len(factors) != 1 || factors[0]["delivery_method"] != "oauth_exchange_github" || factors[0]["github_oauth_exchange_factor"] == nil ||
		len(there.list("member", "oauth_registrations")) != 0 {
		t.Errorf("got %s", there.raw)
	}
	// The member who is tied to the account is found by it.
	if seeded := w.oauth("github", "acme", hana).want("200"); seeded.at("primary_required") != nil || seeded.at("mfa_required") == nil {
		t.Errorf("hana: %s", seeded.raw)
	}
}

func TestDiscoveryByOAuth(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	exchange := func(found answer, organization string) answer {
		t.Helper()
		return w.post("/discovery/intermediate_sessions/exchange", fields{
			"intermediate_session_token": found.text("intermediate_session_token"), "organization_id": organization,
		}).want("200")
	}
	google := w.discoverBy("google", ada)
	if google.text("email_address") != ada || google.text("provider_type") != "Google" || google.text("full_name") != "Ada Whitfield" || google.slugs()["meadow"] != "invited_member" {
		t.Errorf("got %s", google.raw)
	}
	in := exchange(google, "meadow")
	if in.at("member_authenticated") != true || in.text("member", "status") != "active" || len(in.list("member", "oauth_registrations")) != 1 {
		t.Errorf("meadow: %s", in.raw)
	}

	github := w.discoverBy("github", ada)
	for _, one := range github.list("discovered_organizations") {
		organization, _ := one["organization"].(fields)
		if one["member_authenticated"] == true || one["primary_required"] == nil {
			t.Errorf("%s lets an address in that nobody has proved", text(organization["organization_slug"]))
		}
	}
	more := exchange(github, "harbour")
	if more.at("primary_required") == nil || more.text("intermediate_session_token") != github.text("intermediate_session_token") {
		t.Errorf("harbour: %s", more.raw)
	}
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": "harbour", "email_address": ada}).want("200")
	topped := w.post("/magic_links/authenticate", fields{
		"magic_links_token": w.token(w.newest()), "intermediate_session_token": github.text("intermediate_session_token"),
	}).want("200")
	if topped.at("member_authenticated") != true || kinds(topped) != "oauth magic_link" {
		t.Errorf("harbour: %s", topped.raw)
	}
	// Tied there; everywhere else it still proves nothing.
	for _, one := range w.discoverBy("github", ada).list("discovered_organizations") {
		organization, _ := one["organization"].(fields)
		if slug := text(organization["organization_slug"]); (slug == "harbour") != (one["member_authenticated"] == true) {
			t.Errorf("%s: member_authenticated is %v", slug, one["member_authenticated"])
		}
	}
}

func TestOAuthTokens(t *testing.T) {
	t.Parallel()
	verifier := strings.Repeat("v", 43)
	for name, flow := range map[string]struct {
		path, field, authenticate string
		pairs                     []string
	}{
		"organization": {"google/start", "oauth_token", "/oauth/authenticate", []string{"slug", "harbour"}},
		"discovery":    {"google/discovery/start", "discovery_oauth_token", "/oauth/discovery/authenticate", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, sandbox.Options{})
			token := func(more ...string) fields {
				t.Helper()
				return fields{flow.field: w.provider(w.startURL(flow.path, append(more, flow.pairs...)...), ada).Get("token")}
			}
			const unknown = "404 oauth_token_not_found"
			body := token("pkce_code_challenge", challenge(verifier))
			w.post(flow.authenticate, body).want("400 pkce_expected_code_verifier")
			body["pkce_code_verifier"] = strings.Repeat("w", 43)
			w.post(flow.authenticate, body).want("400 pkce_mismatch")
			body["pkce_code_verifier"] = verifier
			w.post(flow.authenticate, body).want("200") // neither refusal has used it up
			w.post(flow.authenticate, body).want(unknown)
			body = token()
			body["pkce_code_verifier"] = verifier
			w.post(flow.authenticate, body).want("400 pkce_did_not_expect_code_verifier")
			w.post(flow.authenticate, fields{flow.field: unknownToken}).want(unknown)
			late := token()
			w.Advance(5 * time.Minute)
			w.post(flow.authenticate, late).want(unknown)
			// The tokens of the two flows are not the same.
			other := map[string]string{"oauth_token": "discovery_oauth_token", "discovery_oauth_token": "oauth_token"}[flow.field]
			path := map[string]string{"oauth_token": "/oauth/discovery/authenticate", "discovery_oauth_token": "/oauth/authenticate"}[flow.field]
			w.post(path, fields{other: token()[flow.field]}).want(unknown)
		})
	}
}

func TestOAuthStart(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	get := func(path string) answer {
		t.Helper()
		return w.send(w.plain, http.MethodGet, path, nil)
	}
	for name, tt := range map[string]struct{ path, want string }{
		"no provider":       {w.startURL("myspace/start", "slug", "acme"), "invalid_oauth_provider"},
		"no flow":           {w.startURL("google/begin", "slug", "acme"), "invalid_oauth_provider"},
		"no token":          {"/v1/b2b/public/oauth/google/start?slug=acme", "public_token_required"},
		"another token":     {"/v1/b2b/public/oauth/google/start?slug=acme&public_token=public-token-test-1", "public_token_not_found"},
		"no organization":   {w.startURL("google/start"), "missing_oauth_organization_locator"},
		"two organizations": {w.startURL("google/start", "slug", "acme", "organization_id", "acme"), "too_many_oauth_organization_locators"},
		"unknown one":       {w.startURL("google/start", "slug", "nobody"), "organization_not_found"},
		"restricted":        {w.startURL("github/start", "slug", "only-google"), "operation_restricted_by_organization_auth_methods"},
		"redirect":          {w.startURL("google/start", "slug", "acme", "login_redirect_url", "https://evil.example/"), "no_match_for_provided_oauth_url"},
		"signup redirect":   {w.startURL("google/start", "slug", "acme", "signup_redirect_url", "https://evil.example/"), "no_match_for_provided_oauth_url"},
		"discovery":         {w.startURL("google/discovery/start", "discovery_redirect_url", "https://evil.example/"), "no_match_for_provided_oauth_url"},
	} {
		if got := get(tt.path); got.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, got.status)
		}
		if _, err := w.FinishOAuth(tt.path, ada); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if got := get(w.startURL("google/start", "organization_id", w.id("only-google"))); got.status != http.StatusFound || !strings.HasPrefix(got.header.Get("Location"), "/sandbox/idp/oauth?state=") {
		t.Errorf("status %d to %s", got.status, got.header.Get("Location"))
	}
	if _, err := w.FinishOAuth(w.startURL("google/discovery/start"), "nonsense"); err == nil {
		t.Error("an account without an address")
	}
}

// The stand-in provider, as a browser sees it.
func TestIdentityProviderPage(t *testing.T) {
	t.Parallel()
	w := start(t, sandbox.Options{})
	get := func(path string) answer {
		t.Helper()
		return w.send(w.plain, http.MethodGet, path, nil)
	}
	at := get(w.startURL("github/start", "slug", "acme")).header.Get("Location")
	page := get(at)
	policy, html := page.header.Get("Content-Security-Policy"), string(page.raw)
	if page.status != http.StatusOK || !strings.Contains(policy, "form-action 'self' http://127.0.0.1:8080") || strings.Contains(policy, "unsafe") || strings.Contains(html, "<script") {
		t.Errorf("status %d, policy %q", page.status, policy)
	}
	for _, want := range []string{"<h1>Github</h1>", "claim an address", ">" + hana + "<", ">" + ada + "<", ">" + sam + "<", "Acme Corporation", `type="email"`, `method="post"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if style := get("/sandbox/idp.css"); style.status != http.StatusOK || !strings.Contains(string(style.raw), "button") {
		t.Errorf("the style: %d", style.status)
	}
	choose := func(state, email string) answer {
		t.Helper()
		form := url.Values{"state": {state}, "email": {email}}.Encode()
		return w.send(w.plain, http.MethodPost, "/sandbox/idp/oauth", form, "Content-Type", "application/x-www-form-urlencoded")
	}
	state := regexp.MustCompile(`name="state" value="([^"]+)"`).FindStringSubmatch(html)[1]
	for name, refused := range map[string]answer{"another state": choose(unknownToken, ada), "no address": choose(state, "nonsense")} {
		if refused.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, refused.status)
		}
	}
	back := choose(state, hana)
	if back.status != http.StatusSeeOther || !strings.HasPrefix(back.header.Get("Location"), "http://127.0.0.1:8080/authenticate?slug=acme&stytch_token_type=oauth&token=") {
		t.Errorf("status %d to %s", back.status, back.header.Get("Location"))
	}
	for _, again := range []answer{choose(state, hana), get(at)} { // good once
		if again.status != http.StatusBadRequest {
			t.Errorf("a flow that is over: status %d", again.status)
		}
	}
	late := get(w.startURL("google/discovery/start")).header.Get("Location")
	w.Advance(10 * time.Minute)
	if page := get(late); page.status != http.StatusBadRequest {
		t.Errorf("an old flow: status %d", page.status)
	}
}
