//go:build e2e

package e2e_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
)

const (
	grace = "grace.kelleher@harbour.example"
	olive = "olivia.hart@acme.example"
)

// wayIn signs in by a code that is sent, on the way to where an authorization request leads.
func (s *session) wayIn(email, organization string) {
	s.t.Helper()
	s.at(paths.Login)
	s.fill("E-mail address", email)
	s.click("E-mail me a code")
	s.at(paths.LoginSent)
	s.fill("Six-digit code", s.mail(email).Code)
	s.click("Continue")
	s.at(paths.LoginOrganizations)
	s.clickIn(organization)
}

// scriptless fails for a page that has a script.
func (s *session) scriptless() {
	s.t.Helper()
	n, err := s.page.Locator("script").Count()
	s.must(err)
	if n > 0 {
		s.t.Errorf("%s has %d scripts", s.page.URL(), n)
	}
}

// A client that nobody here wrote lets people in: it gets a code, proves who came, stays connected, and ends when they say so.
func TestClientOfOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ client, email, organization, slug string }{
		"public, on this machine":    {"Notebook CLI", olive, "Acme Corporation", "acme"},
		"confidential, third party":  {"Ledgerly", olive, "Acme Corporation", "acme"},
		"confidential, of the house": {"Warehouse Sync", olive, "Acme Corporation", "acme"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unscripted(t, options{}, func(t *testing.T, s *session) {
				c := s.clientCalled(test.client)
				c.config.Scopes = append(c.config.Scopes, "offline_access")
				c.begins()
				s.wayIn(test.email, test.organization)
				s.see("heading", test.client+" wants to use your account")
				s.scriptless()
				s.click("Allow")
				c.seesIn(test.email)
				if got := c.holds(); got.subject != s.memberOf(test.slug, test.email) || got.email != test.email {
					t.Errorf("the id_token is of %s, %s", got.subject, got.email)
				}
				for range 2 {
					if err := c.refresh(); err != nil {
						t.Fatalf("refresh: %v", err)
					}
				}
				s.revokes(test.client)
				refreshFails(t, c)
				c.begins()
				s.see("heading", test.client+" wants to use your account")
			})
		})
	}
}

// On the way to a client somebody signs in first. The browser arrives there whatever the request ends in, and so does the redirect with
// which the client goes on, to its own pages or to another origin.
func TestSignInOnTheWay(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		ledgerly, warehouse, notebook := s.clientCalled("Ledgerly"), s.clientCalled("Warehouse Sync"), s.clientCalled("Notebook CLI")
		for _, test := range []struct {
			name   string
			client *client
			pairs  []string
			sees   func(*client)
		}{
			{"no consent is needed", warehouse, nil, func(c *client) { c.seesIn(olive) }},
			{"it ends in an error", ledgerly, []string{"scope", "openid no:such:scope"}, func(c *client) { c.seesOut("invalid_scope") }},
			{"consent, and no", ledgerly, nil, func(c *client) { s.click("Deny"); c.seesOut("access_denied") }},
			{"consent", ledgerly, nil, func(c *client) { s.click("Allow"); c.seesIn(olive) }},
			{"consent on this machine, and on to another origin", notebook, nil, func(c *client) {
				c.elsewhere = strings.Replace(c.home, "127.0.0.1", "localhost", 1)
				s.click("Allow")
				c.seesIn(olive)
			}},
		} {
			s.signOutAnywhere()
			test.client.begins(test.pairs...)
			s.wayIn(olive, "Acme Corporation")
			test.sees(test.client)
			answer, _ := test.client.lastAnswer()
			if !answer.Has("state") || answer.Has("iss") {
				t.Errorf("%s: the answer has %v", test.name, answer)
			}
		}
	})
}

// Each type of client asks, is let in, is told no, and is told what cannot be given.
func TestEveryTypeOfClient(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(t *testing.T, s *session) {
		s.signIn(olive, "Acme Corporation")
		for _, test := range []struct{ client, made, says string }{
			{"Report builder", "One of this service’s own apps.", "reports.example"},
			{"Mobile app", "One of this service’s own apps.", "mobile.example"},
			{"Ledgerly", "Made by another company.", "ledgerly.example"},
			{"Notebook CLI", "Made by another company.", "A program on this computer"},
			{"Desktop app", "One of this service’s own apps.", "A program on this computer"},
		} {
			c := s.clientCalled(test.client)
			c.config.Scopes = []string{"openid", "email", "offline_access"}
			for _, decision := range []string{"Deny", "Allow"} {
				c.begins("prompt", "consent")
				s.see("heading", test.client+" wants to use your account")
				s.see("main", test.made)
				s.see("main", test.says)
				s.see("main", "in Acme Corporation")
				s.scriptless()
				s.click(decision)
				if decision == "Deny" {
					c.seesOut("access_denied")
				} else {
					c.seesIn(olive)
				}
			}
			// Let in before, nobody is asked again, unless the answer goes to where anything may listen.
			c.config.Scopes = []string{"openid", "email"}
			c.begins()
			if strings.HasPrefix(c.home, "https:") && c.config.ClientSecret != "" {
				c.seesIn(olive)
			} else {
				s.see("heading", test.client+" wants to use your account")
				s.click("Allow")
				c.seesIn(olive)
			}
			if _, n := c.lastAnswer(); n != 3 {
				t.Errorf("%s was answered %d times", test.client, n)
			}
		}
		full := s.clientCalled("Desktop app")
		full.config.Scopes = []string{"openid", "email", "full_access"}
		full.begins()
		s.see("main", "It can do everything that you can do in Acme Corporation")
		s.click("Allow")
		full.seesIn(olive)
	})
}

// An app on the device takes over from the page that leads on. Where none does, the page stays, with the way there.
func TestClientOnTheDevice(t *testing.T) {
	t.Parallel()
	unscripted(t, options{}, func(t *testing.T, s *session) {
		s.signIn(grace, "Harbour Logistics")
		c := s.clientCalled("Pocket Notes")
		s.goTo(strings.TrimPrefix(c.asks("prompt", "consent"), s.app.URL()))
		s.see("main", "answers to com.example.notes. Allow it only")
		s.click("Allow")
		s.see("heading", "On to com.example.notes")
		href, err := s.page.GetByRole("link", playwright.PageGetByRoleOptions{Name: "Continue to com.example.notes"}).GetAttribute("href")
		s.must(err)
		back, err := url.Parse(href)
		s.must(err)
		got, err := c.exchange(&http.Request{Form: back.Query()})
		if err != nil || got.email != grace || !strings.HasPrefix(href, "com.example.notes:/oauth?") {
			t.Errorf("the app gets %s: %v, %v", href, got.email, err)
		}
	})
}

// Somebody with several organizations, and several accounts, chooses who answers, and comes back to the same question.
func TestSwitchWhoAnswers(t *testing.T) {
	t.Parallel()
	journey(t, func(t *testing.T, s *session) {
		c := s.clientCalled("Ledgerly")
		c.begins()
		s.wayIn(ada, "Support desk")
		s.see("main", "ada@support.example in Support desk")
		s.click("Switch")
		s.at(paths.AuthorizeWho)
		s.see("heading", "Who is asked?")
		s.see("listitem", "Support desk")
		s.scriptless()
		s.click("Back to the question")
		s.at(paths.Authorize)
		s.click("Switch")
		s.click("Enter Acme Corporation first")
		s.at(paths.Authorize)
		s.see("main", "ada@support.example in Acme Corporation")
		s.click("Switch")
		s.click("Support desk")
		s.see("main", "ada@support.example in Support desk")
		s.click("Switch")
		s.click("Acme Corporation")
		s.click("Allow")
		c.seesIn(ada)
		if got := c.holds().subject; got != s.memberOf("acme", ada) {
			t.Errorf("the id_token is of %s", got)
		}
		c.begins()
		s.click("Switch")
		s.click("Use another account")
		s.wayIn(grace, "Harbour Logistics")
		s.see("main", grace+" in Harbour Logistics")
		s.click("Allow")
		c.seesIn(grace)
		if got := c.holds().subject; got != s.memberOf("harbour", grace) {
			t.Errorf("the id_token is of %s", got)
		}
	})
}

// An organization that does not let an app in: the member asks, the admin sees who asks for what, allows it, and the member goes on.
func TestAskYourAdmin(t *testing.T) {
	t.Parallel()
	unscripted(t, options{keyboard: true}, func(_ *testing.T, s *session) {
		s.signIn("sofia.lindqvist@acme.example", "Acme Corporation")
		c := s.clientCalled("Payroll bridge")
		c.begins()
		s.status(403)
		s.see("heading", "Acme Corporation does not let Payroll bridge in")
		s.scriptless()
		s.click("Back to the app")
		c.seesOut("access_denied")
		c.begins()
		s.click("Ask your admin")
		s.see("status", "Your admin can see that you asked")
		s.scriptless()

		s.signOutAnywhere()
		s.signIn(olive, "Acme Corporation")
		apps := paths.OrganizationApps(s.organization("acme"))
		s.goTo(apps)
		s.see("main", "payroll.example")
		s.see("main", "Sofia Lindqvist")
		s.click("Allow Payroll bridge, after a review")
		s.click("Review changes")
		s.see("main", c.config.ClientID)
		s.click("Save 1 change")
		s.goTo(apps)
		s.miss("main", "payroll.example")

		s.signOutAnywhere()
		c.begins()
		s.wayIn("sofia.lindqvist@acme.example", "Acme Corporation")
		s.see("heading", "Payroll bridge wants to use your account")
		s.click("Allow")
		c.seesIn("sofia.lindqvist@acme.example")
	})
}

// signOutAnywhere forgets who is signed in, and lets the next message be sent.
func (s *session) signOutAnywhere() {
	s.t.Helper()
	s.must(s.context.ClearCookies())
	s.app.Sandbox().Advance(5 * time.Second)
}

// The pages around consent in every language, width and theme: for apps of every kind, with names that mean harm.
func TestConsentPages(t *testing.T) {
	t.Parallel()
	for language, wants := range map[string]string{
		"en": "wants to use your account", "es": "quiere usar tu cuenta", "fr": "veut utiliser votre compte", "pt-BR": "quer usar sua conta",
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			s := open(t, options{})
			asks := func(app string, scopes ...string) string {
				return s.clientCalled(app).asks("ui_locales", language, "prompt", "consent", "resource", "https://api.example/documents",
					"scope", strings.Join(append(scopes, "openid", "email", "profile", "phone", "offline_access", "read:documents", "write:documents", "read:billing"), " "))
			}
			s.signIn("template@hostile.example", "alert")
			kinds := map[string]string{
				"consent": "Ledgerly", "consent-hostile": "<script>alert(7)</script> app", "consent-imitation": "L\u0435dg\u0435rly", "consent-itself": "Terminal helper",
				"consent-private": "Pocket Notes", "consent-address": "Agent Bridge", "consent-nameless": "",
			}
			if language != "en" && os.Getenv("E2E_SCREENSHOTS") == "" {
				kinds = map[string]string{"consent-itself": kinds["consent-itself"]} // the longest; what the others differ in is words
			}
			for name, app := range kinds {
				s.goTo(asks(app))
				s.see("heading", wants)
				s.lookAt(language+"-"+name, 200)
			}
			s.goTo(asks("Desktop app", "full_access"))
			s.lookAt(language+"-consent-full", 200)

			s.signOutAnywhere()
			s.signIn(ada, "Support")
			s.goTo(strings.Replace(asks("Ledgerly"), paths.Authorize, paths.AuthorizeWho, 1))
			s.lookAt(language+"-consent-who", 200)
			s.leavePage(language+"-leave", asks("Ledgerly"))

			s.signOutAnywhere()
			s.signIn(olive, "Acme")
			s.goTo(asks("Pocket Notes"))
			s.lookAt(language+"-consent-shut", 403)
			s.must(s.page.Locator("form button").First().Click())
			s.see("status", "")
			s.lookAt(language+"-consent-shut-asked", 200)
		})
	}
}

// leavePage holds the browser on the page that leads on, which it would not stay on otherwise.
func (s *session) leavePage(name, address string) {
	s.t.Helper()
	s.edits(func(answer *playwright.RouteFulfillOptions) {
		if text, ok := answer.Body.(string); ok {
			answer.Body = strings.Replace(text, ` http-equiv="refresh"`, "", 1)
		}
	})
	s.goTo(address)
	s.must(s.page.Locator("button[value=allow]").Click())
	s.see("link", "ledgerly.example")
	s.lookAt(name, 200)
}

// lookAt looks at a page around consent in every look, and in the narrowest window: at 320 pixels, as 200% zoom makes of 640, and there with
// letters of twice the size besides.
func (s *session) lookAt(name string, status int) {
	s.t.Helper()
	s.scriptless()
	s.look(name, status)
	own := s.options
	defer func() { s.options = own; s.dress() }()
	s.options.width = 320
	s.dress()
	if over := s.sideways(); over > 0 {
		s.t.Errorf("%s is %d pixels wider than the window", name, over)
	}
	s.screenshot(name + "-320")
	_, err := s.page.Evaluate(`document.documentElement.style.fontSize = "200%"`)
	s.must(err)
	if over := s.sideways(); over > 0 {
		s.t.Errorf("%s with letters of twice the size is %d pixels wider than the window", name, over)
	}
	broken, err := s.page.Evaluate(`[...document.querySelectorAll("form:not(.one) button")].filter(b => {
		const r = document.createRange()
		r.selectNodeContents(b)
		return r.getClientRects().length > 1
	}).map(b => b.textContent).join()`)
	s.must(err)
	if broken != "" {
		s.t.Errorf("%s breaks words of its buttons: %v", name, broken)
	}
	s.screenshot(name + "-320-large")
}

// revokes takes an app of one's own back in the console.
func (s *session) revokes(app string) {
	s.t.Helper()
	s.goTo(paths.AccountApps)
	s.click("Revoke " + app)
	s.click("Revoke the app")
	s.see("status", app+" is revoked.")
}
