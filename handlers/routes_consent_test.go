package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// More clients of the seed.
const (
	clientNotebook = "Notebook CLI"                                // third party, public, on this machine
	clientNotes    = "Pocket Notes"                                // third party, public, an app of its own scheme; acme does not allow it
	clientAgent    = "Agent Bridge"                                // third party, public, described at an address of its own
	agentAddress   = "https://agent.example/oauth/client.json"     // which is another name of the client
	goodChallenge  = "E9Melhoa2OwvFrEMTJGuCHaoeK1t8URWbuGJSstw-cM" // of RFC 7636 appendix B
	goodState      = "state-that-only-the-client-knows-7f3a"       // not to be seen by others
	goodNonce      = "nonce-that-only-the-client-knows-91bc"       // nor this
	plainScopes    = "openid email"                                // what everybody can give
	everyParameter = "client_id redirect_uri scope state nonce code_challenge code_challenge_method resource prompt"
)

// redirectOf are the redirect addresses of the seed's clients that are not at a host of their own.
var redirectOf = map[string]string{
	clientNotebook: "http://127.0.0.1:49152/callback", clientNotes: "com.example.notes:/oauth", "Desktop app": "http://127.0.0.1/callback",
	clientWarehouse: "https://warehouse.example/callback", clientLedgerly: "https://ledgerly.example/callback", clientMobile: "https://mobile.example/callback",
	clientAgent: "https://agent.example/callback", "Terminal helper": "http://127.0.0.1:8976/callback", "Report builder": "https://reports.example/callback",
	"L\u0435dg\u0435rly": "https://ledger1y.example/callback", "": "https://nameless.example/callback", "<script>alert(7)</script> app": "https://hostile.example/callback",
}

// request is the query of a client of the seed, with names and values that differ from the ordinary; an empty value leaves one out.
func request(client string, pairs ...string) url.Values {
	q := values(
		"client_id", seedClients()[client], "redirect_uri", redirectOf[client], "response_type", "code", "scope", plainScopes, "state", goodState,
		"nonce", goodNonce, "code_challenge", goodChallenge, "code_challenge_method", "S256",
	)
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return q
}

// asks is the address that the client sends people to.
func asks(client string, pairs ...string) string {
	return paths.Authorize + "?" + request(client, pairs...).Encode()
}

func asksAt(path, slug, client string, pairs ...string) func(*fixture) string {
	return func(f *fixture) string {
		id := ""
		if slug != "" {
			id = f.organization(slug)
		}
		return paths.Authorization(path, request(client, pairs...).Encode(), id)
	}
}

// formTo is the form of a page that goes to a path.
func (a *answer) formTo(path string) *goquery.Selection {
	a.t.Helper()
	form := a.doc().Find("main form[method=post]").FilterFunction(func(_ int, s *goquery.Selection) bool {
		to, _, _ := strings.Cut(s.AttrOr("action", ""), "?")
		return to == path
	})
	if form.Length() != 1 {
		a.t.Fatalf("%d forms go to %s; status %d, h1 %q", form.Length(), path, a.status, a.h1())
	}
	return form
}

// shown is the form of the page at an address, with fields besides.
func shown(at func(*fixture) string, path string, pairs ...string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		b.f.t.Helper()
		v := formFields(b.get(at(b.f)).formTo(path))
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
}

// forgotten is a form that is sent when what was known of clients counts no more.
func forgotten(form func(*browser) url.Values, meanwhile ...func(*browser)) func(*browser) url.Values {
	return func(b *browser) url.Values {
		v := form(b)
		for _, change := range meanwhile {
			change(b)
		}
		b.f.advance(2 * time.Minute)
		return v
	}
}

// notAskedYet is a form of a page that somebody who has asked already does not get.
func notAskedYet(form func(*browser) url.Values) func(*browser) url.Values {
	return func(b *browser) url.Values {
		b.f.t.Helper()
		if _, err := b.f.store.AppRequests().Close(b.f.t.Context(), b.f.organization("acme"), seedClients()[clientNotes]); err != nil {
			b.f.t.Fatal(err)
		}
		return form(b)
	}
}

// shutOut has an organization allow no third party app.
func shutOut(slug string) func(*browser) {
	return func(b *browser) {
		b.f.thirdParties(slug, "NOT_ALLOWED")
	}
}

// thirdParties sets which apps of others an organization allows.
func (f *fixture) thirdParties(slug, allowed string) {
	f.t.Helper()
	f.elsewhere(http.MethodPut, "/v1/b2b/organizations/"+f.organization(slug), map[string]string{"third_party_connected_apps_allowed_type": allowed})
}

func goneUpstream(who func(*fixture) *browser, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		f.endElsewhere(slug)
		return b
	}
}

var (
	desk       = signed(ada, "support-desk")
	deskAcme   = signed(ada, "support-desk", "acme")
	ledgerly   = asksAt(paths.Authorize, "", clientLedgerly)
	notAllowed = asksAt(paths.Authorize, "", clientNotes)
	askForIt   = asksAt(paths.AuthorizeAsk, "", clientNotes)
	whoElse    = asksAt(paths.AuthorizeWho, "", clientLedgerly)
	anyAccount = asksAt(paths.AuthorizeAccount, "", clientLedgerly)
	decided    = asksAt(paths.Authorize, "", clientLedgerly, "prompt", "consent")
	allows     = shown(decided, paths.Authorize, views.Decision, views.DecisionAllow)
	denies     = shown(decided, paths.Authorize, views.Decision, views.DecisionDeny)
)

// consentDrives are the visits to the authorization endpoint and what belongs to it.
var consentDrives = map[string][]drive{
	"GET /oauth/authorize": {
		{name: "stranger", who: stranger, path: ledgerly, status: http.StatusSeeOther},
		{name: "stranger, not to be asked", who: stranger, path: asksAt(paths.Authorize, "", clientLedgerly, "prompt", "none"), status: http.StatusOK},
		{name: "asked", key: "support-desk", who: desk, path: ledgerly, status: http.StatusOK},
		{name: "asked, not long ago", key: "support-desk", who: desk, path: asksAt(paths.Authorize, "", clientLedgerly, "max_age", "1000000"), status: http.StatusOK},
		{name: "asked to prove it", key: "support-desk", who: desk, path: asksAt(paths.Authorize, "", clientLedgerly, "prompt", "login"), status: http.StatusSeeOther},
		{name: "straight on", key: "support-desk", who: desk, path: asksAt(paths.Authorize, "", clientWarehouse), status: http.StatusOK},
		{name: "held organization", key: "acme", who: deskAcme, path: asksAt(paths.Authorize, "acme", clientLedgerly), status: http.StatusOK},
		{name: "organization not held", key: "support-desk", who: desk, path: asksAt(paths.Authorize, "acme", clientLedgerly), status: http.StatusOK},
		{name: "as support elsewhere", key: "support-desk", who: asSupport(ada, "quayside"), path: asksAt(paths.Authorize, "quayside", clientLedgerly), status: http.StatusOK},
		{name: "not allowed", key: "acme", who: signed(olivia, "acme"), path: notAllowed, status: http.StatusForbidden},
		{name: "without self permissions", key: "support-desk", who: denied(desk, "get.connected-apps"), path: ledgerly, status: http.StatusOK},
		{name: "acts as a member", who: impersonated("acme", olivia), path: ledgerly, status: http.StatusForbidden},
		{name: "unreadable", who: desk, path: place(paths.Authorize), status: http.StatusBadRequest},
	},
	"POST /oauth/authorize": {
		{name: "allowed", key: "support-desk", who: desk, path: decided, form: allows, status: http.StatusOK},
		{name: "denied", key: "support-desk", who: desk, path: decided, form: denies, status: http.StatusOK},
		{name: "undecided", key: "support-desk", who: desk, path: decided, form: shown(decided, paths.Authorize), status: http.StatusBadRequest},
		{name: "held organization", key: "acme", who: deskAcme, path: asksAt(paths.Authorize, "acme", clientLedgerly), form: shown(
			asksAt(paths.Authorize, "acme", clientLedgerly), paths.Authorize, views.Decision, views.DecisionAllow,
		), status: http.StatusOK},
		{name: "not allowed any more", key: "support-desk", who: desk, path: decided, form: forgotten(allows, shutOut("support-desk")), status: http.StatusForbidden},
		{name: "acts as a member", who: impersonated("acme", olivia), path: ledgerly, form: form(views.Decision, views.DecisionAllow), status: http.StatusForbidden},
	},
	"POST /oauth/ask": {
		{name: "asked for", key: "acme", who: signed(olivia, "acme"), path: askForIt, form: forgotten(notAskedYet(shown(notAllowed, paths.AuthorizeAsk))), status: http.StatusOK},
		{name: "acts as a member", who: impersonated("acme", olivia), path: askForIt, form: form("x", "y"), status: http.StatusForbidden},
	},
	"POST /oauth/deny": {
		{name: "not let in", key: "acme", who: signed(olivia, "acme"), path: asksAt(paths.AuthorizeDeny, "", clientNotes), form: shown(notAllowed, paths.AuthorizeDeny), status: http.StatusOK},
		{name: "acts as a member", who: impersonated("acme", olivia), path: asksAt(paths.AuthorizeDeny, "", clientNotes), form: form("x", "y"), status: http.StatusForbidden},
	},
	"GET /oauth/who": {
		{name: "signed in", key: "support-desk", who: deskAcme, path: whoElse, status: http.StatusOK},
		{name: "session gone", key: "support-desk", who: goneUpstream(desk, "support-desk"), path: whoElse, status: http.StatusSeeOther},
		{name: "stranger", who: stranger, path: whoElse, status: http.StatusSeeOther},
		{name: "acts as a member", who: impersonated("acme", olivia), path: whoElse, status: http.StatusForbidden},
	},
	"POST /oauth/account": {
		{name: "signed in", key: "support-desk", who: deskAcme, path: anyAccount, form: shown(whoElse, paths.AuthorizeAccount), status: http.StatusSeeOther},
		{name: "as support elsewhere", key: "support-desk", who: asSupport(ada, "quayside"), path: anyAccount, form: shown(whoElse, paths.AuthorizeAccount), status: http.StatusSeeOther},
		{name: "acts as a member", who: impersonated("acme", olivia), path: anyAccount, form: form("x", "y"), status: http.StatusForbidden},
	},
}

// undecided are the forms about an app's request. They never keep themselves for a next session: who is asked, and what for, may be
// another one then. TestUndecidedFormsAreNotKept says what becomes of them.
var undecided = map[string]written{
	"POST /oauth/authorize": {path: ledgerly, form: []string{views.Decision, views.DecisionAllow}},
	"POST /oauth/ask":       {path: asksAt(paths.AuthorizeAsk, "", clientLedgerly)},
	"POST /oauth/deny":      {path: asksAt(paths.AuthorizeDeny, "", clientLedgerly)},
	"POST /oauth/account":   {path: anyAccount},
}

// bareRoutes are those that have pages without a script, which have a stricter policy.
var bareRoutes = map[string]bool{
	"GET /oauth/authorize": true, "POST /oauth/authorize": true, "POST /oauth/ask": true, "POST /oauth/deny": true, "GET /oauth/who": true, "GET /login/oauth/:provider": true,
}

// bareCSP is that policy.
const bareCSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// isBare says whether an answer is a page of these: it has their style sheet.
func (a *answer) isBare() bool {
	return strings.Contains(a.header.Get("Content-Type"), "text/html") && a.doc().Find(`link[rel=stylesheet][href="/static/consent.css"]`).Length() == 1
}

// consentTicket says whether a ticket is one for a form about an app's request, bound to the session, the member and every parameter.
func (b *browser) consentTicket(ticket, action string) bool {
	path, query, _ := strings.Cut(action, "?")
	given, err := url.ParseQuery(query)
	if err != nil {
		b.f.t.Fatal(err)
	}
	p := b.person()
	if p == nil {
		return false
	}
	t := p.Home()
	if id := given.Get(paths.AuthorizeOrganization); id != "" {
		t, _ = p.Tenant(id)
	}
	return p.Takes(ticket, strings.Join([]string{path, p.SessionID(), t.OrganizationID(), t.MemberID(), paths.WithoutOrganization(query)}, "\n"))
}

// person is who the browser's session belongs to.
func (b *browser) person() *session.Person {
	b.f.t.Helper()
	r, err := http.NewRequestWithContext(b.f.t.Context(), http.MethodGet, publicURL+paths.Root, nil)
	if err != nil {
		b.f.t.Fatal(err)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	ctx, err := b.f.sessions.Load(r)
	if err != nil {
		b.f.t.Fatal(err)
	}
	return b.f.sessions.Person(ctx)
}

// TestUndecidedFormsAreNotKept sends each form about an app's request after the session that it was shown in has ended, in every way a
// session ends: nothing is sent or decided, the page says so, keeps no form, and leads back to the same request.
func TestUndecidedFormsAreNotKept(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	n := 0
	for name, end := range map[string]func(*browser){
		"never signed in":   nil,
		"signed out":        signOut,
		"gone upstream":     func(b *browser) { b.f.endElsewhere("support-desk") },
		"signed in anew":    func(b *browser) { b.clone().post(paths.Logout, url.Values{}); b.beside() },
		"somebody else now": func(b *browser) { b.discover(sam); b.post(paths.LoginOrganizations, choose("support-desk")(b)) },
	} {
		for route, w := range undecided {
			n++
			f := newFixture(t, setup{})
			b, path := f.browser(), w.path(f)
			_, action, _ := strings.Cut(route, " ")
			typed := values(w.form...)
			if end != nil {
				b = f.signIn(ada, "support-desk")
				from := ledgerly(f)
				switch action {
				case paths.AuthorizeAccount:
					from = whoElse(f)
				case paths.AuthorizeAsk, paths.AuthorizeDeny:
					shutOut("support-desk")(b)
				}
				typed.Set("ticket", b.get(from).formTo(action).Find("[name=ticket]").AttrOr("value", ""))
				end(b)
			} else {
				typed.Set("ticket", "made-up")
			}
			a := b.post(path, typed)
			if name == "gone upstream" && action != paths.Authorize {
				continue // these ask nothing of the session upstream
			}
			want := http.StatusConflict
			if b.person() == nil {
				want = http.StatusUnauthorized
			}
			a.want(want)
			if text := a.text("main"); !strings.Contains(text, "Nothing was") {
				t.Errorf("%s, %s: the page says %q", route, name, text)
			}
			if forms := a.doc().Find("main form").Length(); forms != 0 {
				t.Errorf("%s, %s: %d forms are kept", route, name, forms)
			}
			if back := a.doc().Find(`main a[href^="/oauth/authorize?"]`).AttrOr("href", ""); back != ledgerly(f) {
				t.Errorf("%s, %s: leads back to %q", route, name, back)
			}
			for _, call := range a.operations() {
				if call != stytch.Authorize.String() || name != "gone upstream" {
					t.Errorf("%s, %s: calls %s", route, name, call)
				}
			}
			if made := f.called(stytch.Authorize); name != "gone upstream" && made != 0 {
				t.Errorf("%s, %s: %d decisions were sent", route, name, made)
			}
		}
	}
	t.Logf("%d forms about requests, sent after the end of their sessions", n)
}
