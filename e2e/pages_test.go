//go:build e2e

package e2e_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// Every page in every look: axe-core finds nothing, and nothing is wider than the window. With E2E_SCREENSHOTS set it
// also keeps a picture of each.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	for name, pages := range map[string]func(*session){
		"signing in": (*session).signedOutPages,
		"organizations": func(s *session) {
			s.signIn(ada, "Support")
			s.staffPages()
			s.tenantPages("acme")
			s.tenantPages("hostile")
			s.failedPages()
			s.forbiddenPages()
		},
		"account": func(s *session) {
			s.signIn(ada, "Support")
			for _, slug := range []string{"acme", "hostile"} {
				s.goTo(paths.Organization(s.organization(slug)))
				s.clickIn("Enter")
				s.see("status", "You entered")
			}
			s.accountPages()
			s.provingPages()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pages(open(t, options{args: []string{"--search-budget=1000", "--sandbox-organizations=40"}}))
		})
	}
}

// look checks the page that is open in every look.
func (s *session) look(name string, status int) {
	s.t.Helper()
	s.status(status)
	s.see("heading", "")
	own := s.options
	defer func() { s.options = own; s.dress() }()
	for _, width := range []int{1280, 360} {
		for _, dark := range []bool{false, true} {
			// Each width and each theme is looked at; pictures are taken of all four.
			if os.Getenv("E2E_SCREENSHOTS") == "" && dark != (width == 360) {
				continue
			}
			s.options.width, s.options.dark = width, dark
			s.dress()
			s.accessible()
			s.screenshot(name)
		}
	}
}

// dress gives the window the width and the theme of the options.
func (s *session) dress() {
	s.t.Helper()
	scheme := playwright.ColorSchemeLight
	if s.options.dark {
		scheme = playwright.ColorSchemeDark
	}
	s.must(s.page.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: scheme, ReducedMotion: playwright.ReducedMotionReduce}))
	s.must(s.page.SetViewportSize(s.options.width, 800))
}

func (s *session) signedOutPages() {
	s.t.Helper()
	s.goTo(paths.Login)
	s.look("login", 200)
	s.fill("E-mail address", "nobody@nowhere")
	s.click("E-mail me a link")
	s.look("login-problem", 422)
	s.goTo(paths.LoginFor("acme"))
	s.look("login-organization", 200)
	s.goTo(paths.Login)
	s.fill("E-mail address", ada)
	s.click("E-mail me a link")
	s.at(paths.LoginSent)
	s.look("login-sent", 200)
	s.goTo(s.mail(ada).Link)
	s.look("authenticate", 200)
	s.click("Continue")
	s.at(paths.LoginOrganizations)
	s.look("login-organizations", 200)
	s.clickIn("Globex")
	s.at(paths.LoginMFA)
	s.look("login-mfa", 200)
	s.unfinishedPages()
	s.goTo(paths.Authenticate + "?stytch_token_type=unknown&token=0123456789abcdef")
	s.look("authenticate-unknown", 200)
	s.goTo(paths.LoginSent)
	s.goTo(paths.Login)
	s.fill("E-mail address", ada)
	s.click("E-mail me a code")
	s.at(paths.LoginSent)
	s.look("login-code", 200)
	s.goTo("/nowhere")
	s.look("not-found-signed-out", 404)
}

func (s *session) staffPages() {
	s.t.Helper()
	s.goTo(paths.Organizations)
	s.look("organizations", 200)
	s.goTo(paths.Organizations + "?name=ac&sso=yes&domain=acme.example")
	s.look("organizations-problem", 422)
	s.goTo(paths.Organizations + "?name=nothing+like+this")
	s.look("organizations-empty", 200)
	s.goTo(paths.Audit)
	s.look("audit", 200)
	s.must(s.page.Locator("table.log summary").First().Click())
	s.look("audit-unfolded", 200)
	s.goTo(paths.Audit + "?person=ada&from=yesterday&target=x")
	s.look("audit-problem", 422)
	s.goTo(paths.Audit + "?result=unknown")
	s.look("audit-empty", 200)
	s.goTo(paths.Project)
	s.look("project", 200)
	s.goTo(paths.M2MClients)
	s.look("m2m-clients", 200)
	s.goTo(paths.M2MClientNew)
	s.look("m2m-client-new", 200)
	s.goTo(paths.M2MClient("legacy-sync"))
	s.look("m2m-client", 200)
	s.goTo(paths.M2MClientDelete("legacy-sync"))
	s.look("m2m-client-delete", 200)
	s.goTo(paths.Organizations + "?show=mine")
	s.look("memberships", 200)
	s.goTo(paths.Find + "?q=ada%40support.example")
	s.look("find", 200)
	s.goTo(paths.Find + "?q=nothing+like+this")
	s.look("find-name", 200)
	s.goTo(paths.Find + "?q=zz")
	s.look("find-nothing", 404)
	s.goTo(paths.Organization(s.organization("empty")))
	s.look("enter-as-support", 200)
	s.fill("Reason", "   ")
	s.click("Enter Empty Room as support")
	s.look("enter-as-support-problem", 422)
	s.fill("Reason", "SUP-4821, asked for by Rose")
	s.click("Enter Empty Room as support")
	s.see("status", "You entered")
	s.look("overview-as-support", 200)
	s.goTo(paths.Entries)
	s.look("entries", 200)
	s.goTo(paths.Members(s.organization("empty")))
	s.click("Leave")
	s.see("status", "You left")
	s.goTo(paths.Entries)
	s.look("entries-empty", 200)
	s.goTo(paths.Organization(s.organization("closed")))
	s.look("enter-closed", 403)
}

// unfinishedPages are those of a sign-in that stops half way.
func (s *session) unfinishedPages() {
	s.t.Helper()
	choose := func(organization string) {
		s.t.Helper()
		s.goTo(paths.LoginOrganizations)
		s.clickIn(organization)
	}
	choose("Initech")
	s.at(paths.LoginMore)
	s.look("login-more-sso", 200)
	choose("Keystone Archive")
	s.at(paths.LoginMore)
	s.look("login-more", 200)
	choose("Pebble Post")
	s.look("login-mfa-phone", 200)
	s.fill("Phone number", "+44 20 7946 0123")
	s.click("Send a code")
	s.see("button", "Send another code")
	s.look("login-mfa-text", 200)
	choose("Lantern Works")
	s.look("login-mfa-enrol", 200)
	s.click("Set up an authenticator app")
	s.see("img", "")
	s.look("login-mfa-totp", 200)
	s.fill("Six-digit code", "000000")
	s.click("Continue")
	s.look("login-mfa-problem", 422)
	s.fill("Six-digit code", s.authenticator("only-totp", ada).Code)
	s.click("Continue")
	s.see("heading", "Recovery codes")
	s.look("recovery-codes", 200)
	s.clickIn("Go on")
	s.signOut()
	s.byCode("only-totp", ada)
	s.click("Use a recovery code")
	s.look("login-mfa-recovery", 200)
	s.goTo(paths.WithPassword(paths.Login))
	s.look("login-password", 200)
	s.goTo(paths.LoginOAuth("google", ""))
	s.see("heading", "Google")
	s.goTo(paths.WithPassword(paths.LoginFor("only-password")))
	s.fill("E-mail address", ada)
	s.clickIn("Forgot it")
	s.at(paths.LoginSent)
	s.look("login-sent-reset", 200)
	s.goTo(s.mail(ada).Link)
	s.look("password", 200)
	s.fill("New password", "password")
	s.click("Save")
	s.look("password-problem", 422)
	for _, message := range s.app.Sandbox().Outbox() {
		if message.To == ada && message.Kind == "invite" {
			s.goTo(message.Link)
		}
	}
	s.look("authenticate-invitation", 200)
	link, err := s.app.Sandbox().Impersonate("acme", "olivia.hart@acme.example", "operator@company.example")
	s.must(err)
	s.goTo(link)
	s.look("authenticate-impersonation", 200)
	s.click("Start")
	s.at(paths.Organization(s.organization("acme")))
	s.look("impersonated", 200)
	s.must(s.context.ClearCookies(playwright.BrowserContextClearCookiesOptions{}))
}

// provingPages ask for a proof, or for a session, in the middle of an act.
func (s *session) provingPages() {
	s.t.Helper()
	s.app.Sandbox().Advance(6 * time.Minute)
	s.goTo(paths.Organization(s.organization("meadow")))
	s.clickIn("Enter")
	s.look("step-up", 401)
	s.goTo(paths.Account)
	s.must(s.context.ClearCookies(playwright.BrowserContextClearCookiesOptions{}))
	s.fill("Name", "Ada Renamed")
	s.click("Save")
	s.look("again", 401)
}

func (s *session) tenantPages(slug string) {
	s.t.Helper()
	id := s.organization(slug)
	s.goTo(paths.Organization(id))
	s.look(slug+"-enter", 200)
	s.must(s.page.GetByRole("main").GetByRole("button", playwright.LocatorGetByRoleOptions{Name: "Enter"}).First().Click())
	s.see("status", "You entered")
	s.look(slug+"-overview", 200)
	s.goTo(paths.Members(id))
	s.look(slug+"-members", 200)
	links, err := s.page.Locator("table.t a.row").All()
	s.must(err)
	var members []string
	for _, link := range links[:min(3, len(links))] {
		href, err := link.GetAttribute("href")
		s.must(err)
		members = append(members, href)
	}
	for n, href := range members {
		s.goTo(href)
		s.look(slug+"-member-"+strconv.Itoa(n+1), 200)
	}
	s.appPages(slug)
	s.goTo(paths.Activity(id))
	s.look(slug+"-activity", 200)
	s.goTo(paths.Settings(id))
	s.look(slug+"-settings", 200)
	s.goTo(paths.SettingsGroup(id, "joining"))
	s.look(slug+"-settings-joining", 200)
	s.goTo(paths.OrganizationDelete(id))
	s.look(slug+"-delete", 200)
}

func (s *session) failedPages() {
	s.t.Helper()
	box := s.app.Sandbox()
	s.must(box.SetFault(sandbox.Fault{Operation: "*", Kind: sandbox.FaultStatus, Status: 500, ErrorType: "internal_server_error"}))
	defer box.ClearFaults()
	s.goTo(paths.Organizations)
	s.look("organizations-failed", 502)
	s.goTo(paths.Organization(s.organization("acme")))
	s.look("overview-failed", 502)
	box.ClearFaults()
	s.must(box.SetFault(sandbox.Fault{Operation: "api_sso_v1_GetConnections", Kind: sandbox.FaultStatus, Status: 500, ErrorType: "internal_server_error"}))
	s.goTo(paths.Organization(s.organization("acme")))
	s.look("overview-part-failed", 200)
}

// forbiddenPages are seen by somebody who may do less.
func (s *session) forbiddenPages() {
	s.t.Helper()
	s.must(s.context.ClearCookies(playwright.BrowserContextClearCookiesOptions{}))
	s.signIn(sam, "Support")
	linden := s.organization("linden")
	s.goTo(paths.Organization(linden))
	s.click("Enter Linden Clinic")
	s.look("overview-refused", 200)
	s.goTo(paths.Members(linden))
	s.look("members-refused", 403)
}
