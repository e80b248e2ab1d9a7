//go:build e2e

package e2e_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/app"
	"console.internal/internal/config"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// patience is how long something that should appear may take.
const patience = 10 * time.Second

// options say how a test looks at the console. The zero value is a wide, light window that runs scripts.
type options struct {
	noScript bool
	// keyboard leaves the mouse alone: fields and buttons are reached by Tab.
	keyboard bool
	dark     bool
	// width of the window in CSS pixels; 0 means 1280.
	width int
	// args are more flags of the console.
	args []string
	// bad says that the pages are meant to give reason for complaints, which the test looks at itself.
	bad bool
	// two reserves a second context, for second to open.
	two bool
}

// session is one browser context with one page, looking at a console that belongs to the test.
type session struct {
	t          *testing.T
	app        *app.App
	context    playwright.BrowserContext
	page       playwright.Page
	options    options
	complaints complaints
	answered   atomic.Int64 // status of the last page, or of the last part of one that a script asked for
}

// open starts a console with a sandbox for this test, and a page that shows nothing yet.
func open(t *testing.T, o options) *session {
	t.Helper()
	n := int64(1)
	if o.two {
		n = 2
	}
	reserve(t, n)
	args := append([]string{"--sandbox", "--listen=127.0.0.1:0", "--sandbox-listen=127.0.0.1:0", "--data-dir=" + t.TempDir()}, o.args...)
	cfg, err := config.Parse(args, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Start(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return look(t, a, o)
}

// second is another browser at the same console: no cookies in common with the first.
func (s *session) second() *session {
	s.t.Helper()
	if !s.options.two {
		s.t.Fatal("the test has not reserved a second context")
	}
	return look(s.t, s.app, s.options)
}

// journey runs a test twice, each with a console of its own: without JavaScript by keyboard alone, and with it by mouse.
func journey(t *testing.T, body func(t *testing.T, s *session)) {
	t.Helper()
	for name, o := range map[string]options{"without script, by keyboard": {noScript: true, keyboard: true}, "with script": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t, open(t, o))
		})
	}
}

// unscripted runs a journey that meets nothing a script takes part in, without one.
func unscripted(t *testing.T, o options, body func(t *testing.T, s *session)) {
	t.Helper()
	o.noScript = true
	body(t, open(t, o))
}

func look(t *testing.T, a *app.App, o options) *session {
	t.Helper()
	if o.width == 0 {
		o.width = 1280
	}
	scheme := playwright.ColorSchemeLight
	if o.dark {
		scheme = playwright.ColorSchemeDark
	}
	browserContext, err := browser.NewContext(playwright.BrowserNewContextOptions{
		BaseURL: new(a.URL()), JavaScriptEnabled: new(!o.noScript), ColorScheme: scheme,
		Viewport: &playwright.Size{Width: o.width, Height: 800}, ReducedMotion: playwright.ReducedMotionReduce,
	})
	if err != nil {
		t.Fatal(err)
	}
	browserContext.SetDefaultTimeout(float64(patience.Milliseconds()))
	s := &session{t: t, app: a, options: o, context: browserContext}
	s.watch()
	t.Cleanup(s.settle)
	s.page, err = browserContext.NewPage()
	s.must(err)
	return s
}

// complaints are what went wrong on the pages of a session, beside what the test looks at.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) add(parts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, strings.Join(parts, " "))
}

// all are the complaints so far.
func (c *complaints) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

// watch records everything that no page of the console may do, and keeps requests from leaving the machine.
func (s *session) watch() {
	s.t.Helper()
	s.must(s.context.Route("**/*", func(route playwright.Route) {
		url := route.Request().URL()
		for _, origin := range []string{s.app.URL(), s.app.SandboxURL()} {
			if strings.HasPrefix(url, origin+"/") {
				_ = route.Continue()
				return
			}
		}
		s.complaints.add("request to another host:", url)
		_ = route.Abort("blockedbyclient")
	}))
	// Pages may be answered with an error, and the browser says so on its console; what a page is made of may not.
	var whole sync.Map
	s.context.OnRequest(func(r playwright.Request) {
		if asPage(r) {
			whole.Store(r.URL(), true)
		}
	})
	s.context.OnResponse(func(r playwright.Response) {
		if asPage(r.Request()) {
			s.answered.Store(int64(r.Status()))
		}
	})
	s.context.OnConsole(func(m playwright.ConsoleMessage) {
		if m.Type() != "error" && m.Type() != "warning" {
			return
		}
		if strings.HasPrefix(m.Text(), "Failed to load resource: the server responded") && m.Location() != nil {
			if _, page := whole.Load(m.Location().URL); page {
				return
			}
		}
		s.complaints.add("console", m.Type()+":", m.Text())
	})
	s.context.OnWebError(func(e playwright.WebError) { s.complaints.add("page error:", e.Error().Error()) })
	if s.options.noScript {
		return // Nothing could listen; refusals by the policy still come as errors on the console.
	}
	s.must(s.context.ExposeBinding("reportViolation", func(_ *playwright.BindingSource, args ...any) any {
		for _, arg := range args {
			if text, ok := arg.(string); ok {
				s.complaints.add("content security policy:", text)
			}
		}
		return nil
	}))
	s.must(s.context.AddInitScript(playwright.Script{Content: new(
		`document.addEventListener("securitypolicyviolation", e => reportViolation(e.effectiveDirective + " " + (e.blockedURI || "inline")))`,
	)}))
}

// asPage says whether a request is for a page, or for a part that a script puts in one.
func asPage(r playwright.Request) bool {
	return r.ResourceType() == "document" || r.ResourceType() == "fetch" || r.ResourceType() == "xhr"
}

// settle is the end of a session: it keeps a picture of a failure, and fails for what the pages complained of.
func (s *session) settle() {
	s.t.Helper()
	if s.page != nil && s.t.Failed() && os.Getenv("E2E_SCREENSHOTS") != "" {
		s.screenshot("failed-" + strings.NewReplacer("/", "-", " ", "-").Replace(s.t.Name()))
	}
	s.must(s.context.Close()) // No complaint comes after this.
	called.add(s)
	if s.options.bad {
		return
	}
	for _, complaint := range s.complaints.all() {
		s.t.Error(complaint)
	}
}

func (s *session) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// goTo opens a path of the console, or a whole address of the console or the sandbox.
func (s *session) goTo(path string) {
	s.t.Helper()
	answer, err := s.page.Goto(path)
	s.must(err)
	if answer != nil { // nil when only the fragment of the address changed
		s.answered.Store(int64(answer.Status()))
	}
}

// fill types into the field with this label.
func (s *session) fill(label, value string) {
	s.t.Helper()
	s.enter(s.page.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: new(true)}), value)
}

// click presses the one button or link of exactly this name.
func (s *session) click(name string) {
	s.t.Helper()
	exact := new(true)
	button := s.page.GetByRole("button", playwright.PageGetByRoleOptions{Name: name, Exact: exact})
	link := s.page.GetByRole("link", playwright.PageGetByRoleOptions{Name: name, Exact: exact})
	s.follow(button.Or(link))
}

// clickIn presses the one button or link whose name contains text, within the page's main part.
func (s *session) clickIn(text string) {
	s.t.Helper()
	main := s.page.GetByRole("main")
	button := main.GetByRole("button", playwright.LocatorGetByRoleOptions{Name: text})
	link := main.GetByRole("link", playwright.LocatorGetByRoleOptions{Name: text})
	s.follow(button.Or(link))
}

// see waits for an element of this role that holds the text.
func (s *session) see(role, text string) {
	s.t.Helper()
	found := s.page.GetByRole(playwright.AriaRole(role)).Filter(playwright.LocatorFilterOptions{HasText: text})
	s.must(expect().Locator(found.First()).ToBeVisible())
}

// miss makes sure that no element of this role holds the text. It does not wait for the page: see something on it first.
func (s *session) miss(role, text string) {
	s.t.Helper()
	found := s.page.GetByRole(playwright.AriaRole(role)).Filter(playwright.LocatorFilterOptions{HasText: text})
	s.must(expect().Locator(found).ToHaveCount(0))
}

// status waits until the last page, or part of one, was answered with this status.
func (s *session) status(want int) {
	s.t.Helper()
	if !eventually(func() bool { return s.answered.Load() == int64(want) }) {
		s.t.Fatalf("status %d, want %d, at %s", s.answered.Load(), want, s.page.URL())
	}
}

// eventually waits until something holds, and says whether it came to that.
func eventually(holds func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// at waits until the address is this path of the console; the query is ignored.
func (s *session) at(path string) {
	s.t.Helper()
	s.must(s.page.WaitForURL(func(url string) bool {
		url, _, _ = strings.Cut(url, "?")
		return url == s.app.URL()+path
	}))
}

// mail is the newest message to an address in the sandbox's outbox.
func (s *session) mail(to string) sandbox.Message {
	s.t.Helper()
	for _, message := range s.app.Sandbox().Outbox() { // newest first
		if message.To == to {
			return message
		}
	}
	s.t.Fatalf("nothing was sent to %s", to)
	return sandbox.Message{}
}

// byLink goes as far as the list of the organizations that an address may enter.
func (s *session) byLink(email string) {
	s.t.Helper()
	// Not two messages to one address in a second: the upstream refuses them.
	s.app.Sandbox().Advance(time.Second)
	s.goTo(paths.Login)
	s.fill("E-mail address", email)
	s.click("E-mail me a link")
	s.at(paths.LoginSent)
	s.goTo(s.mail(email).Link)
	s.click("Continue")
	s.at(paths.LoginOrganizations)
}

// signIn goes the whole way by link: asks for it, opens it, and enters the organization of this name.
func (s *session) signIn(email, organization string) {
	s.t.Helper()
	s.byLink(email)
	s.clickIn(organization)
	s.must(s.page.WaitForURL(func(url string) bool { return !strings.HasPrefix(url, s.app.URL()+paths.Login) }))
}

func expect() playwright.PlaywrightAssertions {
	return playwright.NewPlaywrightAssertions(float64(patience.Milliseconds()))
}

// screenshot keeps a picture of the whole page in the directory E2E_SCREENSHOTS, if that is set. The width and the theme
// become part of the name.
func (s *session) screenshot(name string) {
	s.t.Helper()
	dir := os.Getenv("E2E_SCREENSHOTS")
	if dir == "" {
		return
	}
	name += "-" + map[bool]string{false: "light", true: "dark"}[s.options.dark]
	if s.options.width < 600 {
		name += "-narrow"
	}
	_, err := s.page.Screenshot(playwright.PageScreenshotOptions{
		Path: new(filepath.Join(dir, name+".png")), FullPage: new(true),
	})
	if err != nil {
		s.t.Error(err)
	}
}
