package handlers_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// challenge is one of S256.
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

// authorization is the authorization request of a client of the seed, with parameters as names and values in turn; "-" takes one away.
func (f *fixture) authorization(client string, pairs ...string) string {
	f.t.Helper()
	got := f.upstream(http.MethodGet, "/v1/connected_apps/clients/"+f.clientID(client), struct{}{})
	app, _ := got["connected_app"].(map[string]any)
	urls, _ := app["redirect_urls"].([]any)
	redirect, _ := urls[0].(string)
	query := url.Values{
		"client_id": {f.clientID(client)}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid email"},
		"state": {"canary-state"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if query.Set(pairs[i], pairs[i+1]); pairs[i+1] == "-" {
			query.Del(pairs[i])
		}
	}
	return publicURL + paths.Authorize + "?" + query.Encode()
}

// preview tries a request for a member of acme.
func (b *browser) preview(member, address string) *answer {
	b.f.t.Helper()
	return b.post(paths.ConsentPreview(b.f.organization("acme")), values("member", member, "url", address))
}

func TestConsentPreviewShows(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	for _, c := range []struct {
		name, member, address string
		heading, note         string
		says                  []string
	}{
		{"third party, for the first time", tom, f.authorization("Ledgerly", "scope", "openid email offline_access"), "Ledgerly", "would see this page", []string{"ledgerly.example", tom, "Acme Corporation"}},
		{"by member id", f.member("acme", tom), f.authorization("Ledgerly"), "Ledgerly", "Tom Baker would see this page", nil},
		{"first party", tom, f.authorization("Warehouse Sync"), "Warehouse Sync", "would not see this page", []string{"warehouse.example"}},
		{"first party, asking for consent", tom, f.authorization("Warehouse Sync", "prompt", "consent"), "Warehouse Sync", "would see this page", nil},
		{"first party, with a choice", tom, f.authorization("Warehouse Sync", "prompt", "select_account"), "Warehouse Sync", "would see this page", nil},
		{"a public one of the operator's own", tom, f.authorization("Mobile app"), "Mobile app", "would see this page", nil},
		{"without a page", tom, f.authorization("Ledgerly", "prompt", "none"), "Ledgerly", "consent_required", nil},
		{"after a new sign-in", tom, f.authorization("Ledgerly", "prompt", "login"), "Ledgerly", "sign in anew first (prompt=login)", nil},
		{"after a while", tom, f.authorization("Ledgerly", "max_age", "600"), "Ledgerly", "more than 10 minutes ago", nil},
		{"of another address", tom, strings.Replace(f.authorization("Ledgerly"), publicURL, "https://elsewhere.example", 1), "Ledgerly", "https://elsewhere.example/oauth/authorize", nil},
		{"the query alone", tom, f.authorization("Ledgerly")[len(publicURL+paths.Authorize)+1:], "Ledgerly", "would see this page", nil},
		{"in French", tom, f.authorization("Ledgerly", "ui_locales", "fr"), "Ledgerly", "would see this page", []string{"veut utiliser votre compte"}},
	} {
		a := b.preview(c.member, c.address).want(http.StatusOK)
		if got := a.h1(); !strings.Contains(got, c.heading) || a.doc().Find("h1").Length() != 1 {
			t.Errorf("%s: the heading is %q, want %q", c.name, got, c.heading)
		}
		if got := a.text(".note[role=status]"); !strings.Contains(got, c.note) {
			t.Errorf("%s: it notes %q, want %q", c.name, got, c.note)
		}
		for _, words := range c.says {
			if got := a.text(".consent"); !strings.Contains(got, words) {
				t.Errorf("%s: the part does not say %q: %s", c.name, words, got)
			}
		}
		part := a.doc().Find(".consent")
		if part.Length() != 1 || part.Find("form, button, a, input").Length() != 0 {
			t.Errorf("%s: the part has %d things to press", c.name, part.Find("form, button, a, input").Length())
		}
		if got := a.doc().Find("textarea").Text(); strings.TrimPrefix(got, "\n") != c.address {
			t.Errorf("%s: what was pasted is lost: %q", c.name, got)
		}
		for _, op := range a.operations() {
			if op == stytch.Authorize.String() || op == stytch.MemberAppRevoke.String() {
				t.Errorf("%s: it calls %s", c.name, op)
			}
		}
	}
}

func TestConsentPreviewRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	for _, c := range []struct {
		name, address         string
		errorType, says, cure string
		href                  string
	}{
		{"no such client", f.authorization("Ledgerly", "client_id", notesApp), "connected_app_not_found", "There is no such app", "another project", paths.ConnectedApps},
		{
			"another address", f.authorization("Ledgerly", "redirect_uri", "https://evil.example/callback"), "connected_app_supplied_redirect_url_not_found_in_client",
			"https://evil.example/callback", "https://ledgerly.example/callback", paths.ConnectedApp(f.clientID("Ledgerly")),
		},
		{"not allowed", f.authorization("Payroll bridge"), "connected_app_not_allowed_for_org", "does not allow the app", "shown once more before it is saved", paths.SettingsAllow(acme, f.clientID("Payroll bridge"), false)},
		{"no PKCE", f.authorization("Mobile app", "code_challenge", "-", "code_challenge_method", "-"), "", "does not use PKCE", "code_challenge_method=S256", paths.ConnectedApp(f.clientID("Mobile app"))},
		{"unknown scope", f.authorization("Ledgerly", "scope", "openid fly:rockets"), "oauth_invalid_scope_requested", "A scope is not known", "fly:rockets", paths.ConnectedApp(f.clientID("Ledgerly"))},
		{"full access", f.authorization("Ledgerly", "scope", "openid full_access"), "third_party_clients_cannot_use_full_access", "may not have full access", "leave the scope full_access out", paths.ConnectedApp(f.clientID("Ledgerly"))},
		{"unreadable", f.authorization("Ledgerly", "redirect_uri", "-"), "", "redirect_uri is missing", "mend its request", ""},
		{"plain challenge", f.authorization("Ledgerly", "code_challenge_method", "plain"), "", "code_challenge_method must be S256", "mend its request", ""},
		{"two prompts", f.authorization("Ledgerly", "prompt", "none login"), "", "prompt none stands alone", "mend its request", ""},
		{"too long", f.authorization("Ledgerly", "state", strings.Repeat("x", 2000)), "", "takes 2,000", "fewer words", ""},
	} {
		a := b.preview(tom, c.address).want(http.StatusOK)
		if a.h1() != "Preview consent" || a.doc().Find(".consent").Length() != 0 {
			t.Errorf("%s: %q", c.name, a.h1())
		}
		if got := a.text(".note[role=alert]"); !strings.Contains(got, c.says) {
			t.Errorf("%s: it says %q, want %q", c.name, got, c.says)
		}
		cure := a.text("section[aria-labelledby=cure]")
		if !strings.Contains(cure, c.cure) || (c.errorType != "" && (!strings.Contains(cure, c.errorType) || !strings.Contains(cure, "request-id-"))) {
			t.Errorf("%s: the cure is %q, want %q and %q", c.name, cure, c.cure, c.errorType)
		}
		if got := a.doc().Find("section[aria-labelledby=cure] a").AttrOr("href", ""); got != c.href {
			t.Errorf("%s: it leads to %q, want %q", c.name, got, c.href)
		}
	}
}

func TestConsentPreviewChecksTheForm(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	good := f.authorization("Ledgerly")
	const invited = "gita.sharma@acme.example"
	for _, c := range []struct{ name, member, address, field, says string }{
		{"no member", "", good, "member", "a whole e-mail address"},
		{"half a member", "tom", good, "member", "a whole e-mail address"},
		{"nobody here", "nobody@acme.example", good, "member", "Nobody here has this address."},
		{"somebody invited", invited, good, "member", "not an active member"},
		{"nobody's id", "member-test-00000000-0000-4000-8000-000000000000", good, "member", "no such member"},
		{"another tenant's", f.member("globex", hank), good, "member", "no such member"},
		{"no address", tom, "", "url", "Paste the whole address"},
		{"no query", tom, publicURL + paths.Authorize, "url", "Paste the whole address"},
		{"a sentence", tom, "https://a.example/?client_id=x and more", "url", "Paste the whole address"},
	} {
		a := b.preview(c.member, c.address).want(http.StatusUnprocessableEntity)
		if got := a.text("#" + c.field + "-e"); !strings.Contains(got, c.says) {
			t.Errorf("%s: beside the field it says %q, want %q", c.name, got, c.says)
		}
		if got := strings.TrimPrefix(a.doc().Find("textarea").Text(), "\n"); got != c.address || a.doc().Find("#member").AttrOr("value", "") != c.member {
			t.Errorf("%s: what was typed is lost", c.name)
		}
	}
}

// Both sessions must be allowed to look, and without a staff session the page does not exist.
func TestConsentPreviewIsForStaff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	path := paths.ConsentPreview(f.organization("acme"))
	admin := f.signIn(olivia, "acme")
	admin.get(path).want(http.StatusNotFound)
	admin.preview(tom, f.authorization("Ledgerly")).want(http.StatusNotFound)
	if href := admin.get(paths.OrganizationApps(f.organization("acme"))).doc().Find("a[href='" + path + "']"); href.Length() != 0 {
		t.Error("a tenant's admin is led to it")
	}
	agent := f.signIn(sam, "support-desk").enter("acme")
	a := agent.get(path).want(http.StatusOK).says("console-connected-apps : preview-consent")
	if a.doc().Find("main button:not([type=button])").Length() != 0 {
		t.Error("it is offered to an agent without the role")
	}
	agent.preview(tom, f.authorization("Ledgerly")).want(http.StatusForbidden)
	staff := f.signIn(ada, "support-desk").enter("acme")
	staff.get(paths.OrganizationApps(f.organization("acme"))).says("Preview consent")
	staff.get(path + "?member=" + tom).want(http.StatusOK).saysNot("aria-disabled")
}

// What is pasted is nowhere but on the page that answers: not in the log, the record, or an address.
func TestConsentPreviewKeepsNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := newFixture(t, setup{log: &log})
	b := f.signIn(ada, "support-desk").enter("acme")
	address := f.authorization("Ledgerly", "nonce", "canary-nonce")
	a := b.preview(tom, address).want(http.StatusOK)
	if a.header.Get("Location") != "" || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
		t.Errorf("%v", a.header)
	}
	f.fault(sandbox.Fault{Operation: stytch.ConsentPreview.String(), Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError, Count: 4})
	b.preview(tom, address).want(http.StatusBadGateway)
	f.sandbox.ClearFaults()
	b.preview(tom, strings.Replace(address, "ledgerly.example", "evil.example", 1)).want(http.StatusOK)
	if text := log.String(); strings.Contains(text, "canary-") || strings.Contains(text, "evil.example") || !strings.Contains(text, "/connected-apps/preview") {
		t.Errorf("the log says %s", text)
	}
	for _, e := range f.recordedAs("") {
		if strings.Contains(asJSON(t, e), "canary-") {
			t.Errorf("the record says %+v", e)
		}
	}
}
