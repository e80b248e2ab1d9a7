package handlers_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"console.internal/handlers"
	"console.internal/internal/authz"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// More people of the seed, all of them acme's.
const (
	edwin = "edwin.park@acme.example"    // an app
	ines  = "ines.carvalho@acme.example" // a phone that was never confirmed
)

// signInSecond signs in somebody of acme who has an authenticator app, with a code of it.
func (f *fixture) signInSecond(email string) *browser {
	f.t.Helper()
	b := f.browser()
	b.discover(email)
	id := f.organization("acme")
	b.post(paths.LoginOrganizations, url.Values{"organization_id": {id}}).leads(paths.LoginMFAFor(id, ""))
	b.post(paths.LoginMFA, values("organization_id", id, "method", "totp", "code", f.app("acme", email).Code)).want(http.StatusSeeOther)
	return b
}

// firstOnly is signed in by the first factor alone, though they have a second one: they do not want to be asked.
func (f *fixture) firstOnly(email string) *browser {
	f.t.Helper()
	b := f.signInSecond(email)
	b.post(paths.AccountMFA, values("enrolled", "no")).leads(paths.Account)
	f.advance(16 * time.Minute) // past the limits on codes, and into the next period of the app
	return f.signIn(email, "acme")
}

// row is what the account page says beside a label.
func (a *answer) row(label string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.doc().Find(`dt:contains("`+label+`") + dd`).Text()), " ")
}

// acts are what the account page offers beside a label, by where it leads.
func (a *answer) offers(address string) bool {
	a.t.Helper()
	doc := a.doc()
	return doc.Find(`main a[href="`+address+`"]`).Length()+doc.Find(`main form[action="`+address+`"]`).Length() > 0
}

func TestAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	tests := []struct {
		name string
		b    *browser
		rows map[string]string
		does []string
		not  []string
	}{
		{"nothing set", signed(ada, "support-desk")(f), map[string]string{
			"E-mail": ada, "Roles": "stytch_member, support_admin", "Password": "Not set", "At each sign-in": "No second factor is asked for",
			"Authenticator app": "Not set up", "Text message": "Not set up",
		}, []string{
			paths.AccountName, paths.AccountEmail, paths.AccountPassword, paths.AccountTOTP, paths.AccountPhone, paths.AccountMFA, paths.AccountSessions, paths.AccountLanguage,
		}, []string{paths.AccountTOTPRemove, paths.AccountPhoneRemove, paths.AccountRecoveryCodes}},
		{"everything set", f.signInSecond(daniel), map[string]string{
			"Password": "Set", "At each sign-in": "A second factor is asked for", "Authenticator app": "Set up", "Text message": "ends in 0123", "Recovery codes": "stands in",
		}, []string{
			paths.AccountTOTPRemove, paths.AccountPhoneRemove, paths.AccountRecoveryCodes, paths.AccountPassword, paths.AccountPassword + "?way=session",
		}, []string{paths.AccountTOTP, paths.AccountPhone}},
		{"not confirmed", signed(ines, "acme")(f), map[string]string{"Text message": "Not confirmed: the number that ends in 5678"}, []string{paths.AccountPhone, paths.AccountPhoneRemove}, nil},
	}
	for _, tt := range tests {
		page := tt.b.get(paths.Account).want(http.StatusOK)
		for label, says := range tt.rows {
			if got := page.row(label); !strings.Contains(got, says) {
				t.Errorf("%s: %s is %q, want %q", tt.name, label, got, says)
			}
		}
		for _, address := range tt.does {
			if !page.offers(address) {
				t.Errorf("%s: %s is not offered", tt.name, address)
			}
		}
		for _, address := range tt.not {
			if page.offers(address) {
				t.Errorf("%s: %s is offered", tt.name, address)
			}
		}
		if got := len(page.calls()); got != 1 {
			t.Errorf("%s: %d calls, want 1", tt.name, got)
		}
		page.saysNot("+442079460123")
	}
}

// TestAccountSaysWhatTheOrganizationDemands goes through its settings.
func TestAccountSaysWhatTheOrganizationDemands(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	f.configure("acme", func(s *sandbox.Settings) { s.MFAMethods, s.AllowedMFAMethods = "RESTRICTED", []string{"totp"} })
	b.get(paths.Account).says("Acme Corporation does not take text messages.")
	b.get(paths.AccountPhone).want(http.StatusOK).says("does not take text messages")
	if a := b.post(paths.AccountPhone, values("phone", newPhone)).want(http.StatusUnprocessableEntity); len(a.calls()) != 1 {
		t.Errorf("a text is asked for all the same: %v", a.operations())
	}
	f.configure("acme", func(s *sandbox.Settings) {
		s.MFAPolicy, s.MFAMethods, s.AllowedMFAMethods = "REQUIRED_FOR_ALL", "RESTRICTED", []string{"sms_otp"}
		s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"email_otp"}
	})
	page := b.get(paths.Account).want(http.StatusOK)
	page.says("Acme Corporation demands it. You have none yet: the next sign-in sets one up.")
	page.says("Acme Corporation does not take authenticator apps.")
	page.says("Acme Corporation lets nobody in by a password.")
	for _, address := range []string{paths.AccountMFA, paths.AccountTOTP, paths.AccountPassword} {
		if page.offers(address) {
			t.Errorf("%s is offered", address)
		}
	}
	b.get(paths.AccountTOTP).want(http.StatusOK).says("does not take authenticator apps")
	if a := b.post(paths.AccountTOTP, values()).want(http.StatusUnprocessableEntity); len(a.calls()) != 1 {
		t.Errorf("an app is asked for all the same: %v", a.operations())
	}
}

func TestAccountName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	tests := []struct {
		name, typed, trouble string
	}{
		{"none", " ", "Enter a name."},
		{"long", strings.Repeat("ä", 129), "too long"},
		{"two lines", "Ada\x1bLovelace", "in one line"},
		{"good", "Ada <Lovelace> \u202e", ""},
	}
	for _, tt := range tests {
		a := b.post(paths.AccountName, values("name", tt.typed))
		if tt.trouble == "" {
			a.leads(paths.Account)
			page := b.get(paths.Account)
			page.says("Your name is changed.")
			if got := page.doc().Find("#name").AttrOr("value", ""); got != strings.TrimSpace(tt.typed) {
				t.Errorf("%s: the name is %q", tt.name, got)
			}
			if got := page.text(".me .nm"); !strings.HasPrefix(got, "Ada <Lovelace>") {
				t.Errorf("%s: the menu says %q", tt.name, got)
			}
			continue
		}
		a.want(http.StatusUnprocessableEntity)
		if got := a.text("#name-e"); !strings.Contains(got, tt.trouble) {
			t.Errorf("%s: it says %q, want %q", tt.name, got, tt.trouble)
		}
		if got := a.doc().Find("#name").AttrOr("value", ""); got != strings.TrimSpace(tt.typed) {
			t.Errorf("%s: %q was typed, and %q is left", tt.name, tt.typed, got)
		}
	}
}

// TestAccountOfEachOrganization has two tabs, one for each account.
func TestAccountOfEachOrganization(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	acme := f.organization("acme")
	there := paths.Own(paths.Account, acme)
	b.get(there).want(http.StatusOK).says("Enter Acme Corporation")
	b.post(paths.AccountName, values("name", "Nobody", "organization", acme)).want(http.StatusUnauthorized)
	b.post(paths.AccountName, values("name", "Nobody", "organization", "acme")).want(http.StatusNotFound)
	b.enter("acme")
	page := b.get(there).want(http.StatusOK)
	page.says("This is your account in Acme Corporation")
	home := b.get(paths.Account)
	if !page.offers(paths.Account) || !home.offers(there) || page.offers(there) || home.offers(paths.Account) {
		t.Error("the two accounts do not lead to each other, or lead to themselves")
	}
	forms := page.doc().Find(`main form`).Not(`[action="` + paths.AccountLanguage + `"],[action="` + paths.Theme + `"]`)
	if tied := forms.Has(`input[name=organization][value="` + acme + `"]`); forms.Length() == 0 || tied.Length() != forms.Length() {
		t.Errorf("%d of %d forms say whose account they change", tied.Length(), forms.Length())
	}
	b.post(paths.AccountName, values("name", "Ada of Acme", "organization", acme)).leads(there)
	if got := b.get(paths.Account).doc().Find("#name").AttrOr("value", ""); got != "Ada Whitfield" {
		t.Errorf("at home the name is %q", got)
	}
	if got := b.get(there).doc().Find("#name").AttrOr("value", ""); got != "Ada of Acme" {
		t.Errorf("at acme the name is %q", got)
	}
}

// TestAccountHints shows what is missing where the policy does not let members change themselves, and offers nothing there.
func TestAccountHints(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	narrow := authz.Policy{Roles: []authz.Role{
		{ID: "stytch_member", Permissions: []authz.Permission{{Resource: "stytch.self", Actions: []string{"update.info.email"}}}},
		{ID: "profile_keeper", Permissions: []authz.Permission{{Resource: "stytch.self", Actions: []string{"*"}}}},
	}}
	for _, tt := range []struct {
		name   string
		policy authz.Policy
		free   bool
	}{{"narrow", narrow, false}, {"not read yet", authz.Policy{}, true}} {
		o := f.options()
		o.Policy = authz.NewCache(t.Context(), func(context.Context) (authz.Policy, error) { return tt.policy, nil }, time.Hour, time.Now)
		if err := o.Policy.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		b := f.signInSecond(daniel)
		f.advance(time.Minute)
		f.handler = handlers.New(o)
		page, sessions := b.get(paths.Account).want(http.StatusOK), b.get(paths.AccountSessions).want(http.StatusOK)
		for _, address := range []string{paths.AccountName, paths.AccountMFA, paths.AccountTOTPRemove, paths.AccountPhoneRemove} {
			if page.offers(address) != tt.free {
				t.Errorf("%s: %s is offered: %t", tt.name, address, !tt.free)
			}
		}
		if !page.offers(paths.AccountEmail) || sessions.offers(paths.AccountSessions) != tt.free {
			t.Errorf("%s: the address cannot be changed, or sessions be ended: %t", tt.name, !tt.free)
		}
		if got := strings.Count(page.text("main"), "The role profile_keeper has it."); (got >= 4) == tt.free {
			t.Errorf("%s: it is said %d times who may do what is not offered", tt.name, got)
		}
	}
}

// TestAccountRefused has the upstream refuse what the page offered.
func TestAccountRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	_, others := b.sessionIDs("")
	for address, tt := range map[string]struct{ action, field, value string }{
		paths.AccountName:        {"update.info.name", "name", "Daniel"},
		paths.AccountEmail:       {"update.info.email", "email", "daniel@new.example"},
		paths.AccountMFA:         {"update.settings.mfa-enrolled", "enrolled", "no"},
		paths.AccountTOTPRemove:  {"update.info.delete.mfa-totp", "", ""},
		paths.AccountPhoneRemove: {"update.info.delete.mfa-phone", "", ""},
		paths.AccountSessions:    {"revoke-sessions", "session_id", others[0]},
	} {
		f.fault(sandbox.Fault{Kind: sandbox.FaultDeny, Resource: "stytch.self", Action: tt.action})
		b.post(address, values(tt.field, tt.value)).want(http.StatusForbidden).says("stytch.self : " + tt.action)
		f.sandbox.ClearFaults()
	}
}

// TestAccountOfSomebodyElse is seen by who acts as them: everything is there to read, and nothing to do.
func TestAccountOfSomebodyElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := impersonated("acme", daniel)(f)
	for _, address := range []string{paths.Account, paths.AccountSessions} {
		page := b.get(address).want(http.StatusOK)
		page.doc().Find("main form").Each(func(_ int, form *goquery.Selection) {
			if to := form.AttrOr("action", ""); strings.HasPrefix(to, paths.Account) {
				t.Errorf("%s has a form to %s", address, to)
			}
		})
		if page.offers(paths.AccountTOTPRemove) || page.offers(paths.AccountPassword) {
			t.Errorf("%s leads to pages that change something", address)
		}
	}
	if got := b.get(paths.Account).row("Authenticator app"); !strings.Contains(got, "Set up") {
		t.Errorf("the app is %q", got)
	}
}

// recorder keeps what was sent upstream.
type recorder struct {
	mu   sync.Mutex
	sent []string
}

// RoundTrip passes a request on.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		r.sent = append(r.sent, string(body))
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	return http.DefaultTransport.RoundTrip(req)
}

// bodies is how many requests held a text.
func (r *recorder) bodies(text string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(r.sent), func(body string) bool { return !strings.Contains(body, text) }))
}

func TestAccountLanguage(t *testing.T) {
	t.Parallel()
	sent := &recorder{}
	f := newFixture(t, setup{transport: sent})
	b := f.signIn(aaron, "acme")
	b.post(paths.AccountLanguage, values("language", "fr", "return", paths.Account)).leads(paths.Account)
	chosen := func() string { return b.get(paths.Account).text(`button[name=language][aria-pressed=true]`) }
	if got := chosen(); got != "Français" {
		t.Errorf("the language is %q", got)
	}
	b.post(paths.AccountEmail, values("email", "aaron@new.example")).leads(paths.AccountEmailCode)
	b.post(paths.AccountPhone, values("phone", newPhone)).leads(paths.AccountPhone)
	if got := sent.bodies(`"locale":"fr"`); got != 2 {
		t.Errorf("%d messages are asked for in French, want 2", got)
	}
	b.post(paths.AccountLanguage, values("language", "xx", "return", "//evil.example")).leads(paths.Root)
	if got := chosen(); got != "" || b.cookies["__Host-language"] != "" {
		t.Errorf("the language is %q, and %q is kept", got, b.cookies["__Host-language"])
	}
}
