//go:build e2e

package e2e_test

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// decisions is how often the upstream was asked about an authorization, or told what somebody decided.
func (s *session) decisions() int {
	n := 0
	for _, call := range s.app.Sandbox().Requests() {
		if slices.Contains([]string{stytch.AuthorizeStart.String(), stytch.Authorize.String(), stytch.ConsentClientGet.String()}, call.Operation) {
			n++
		}
	}
	return n
}

// origins are where an attacker may stand who has this origin: on another port of the console's own host, where cookies come along, and on
// another site.
func origins(attack string) []string {
	return []string{attack, strings.Replace(attack, "127.0.0.1", "localhost", 1)}
}

// A page of somebody else's frames the endpoint, from a neighbour on the same host and from another site: it stays blank, and the upstream is
// asked nothing, so that nothing is decided, and no time tells whether somebody is signed in.
func TestConsentIsNotFramed(t *testing.T) {
	t.Parallel()
	s := open(t, options{bad: true})
	s.signIn(olive, "Acme Corporation")
	c := s.clientCalled("Ledgerly")
	passing := s.clientCalled("Warehouse Sync") // for which nobody would have to be asked
	var framed string
	attack := s.host(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		element := r.FormValue("element")
		sitePage(w, "Win a prize", strings.ReplaceAll(element, "ADDRESS", html.EscapeString(framed)))
	}))
	s.goTo(c.asks())
	s.see("button", "Allow")
	before := s.decisions()
	for _, origin := range origins(attack) {
		for _, element := range []string{`<iframe src="ADDRESS" width=600 height=700></iframe>`, `<object data="ADDRESS" width=600 height=700></object>`, `<embed src="ADDRESS">`} {
			for _, framed = range []string{c.asks(), passing.asks(), passing.asks("prompt", "none")} {
				asked := s.answersOf(framed)
				s.goTo(origin + "/?" + url.Values{"element": {element}}.Encode())
				s.see("heading", "Win a prize")
				if !eventually(func() bool { return asked() }) {
					t.Fatalf("%s: the frame asked nothing", element)
				}
				for _, frame := range s.page.Frames()[1:] {
					if n, err := frame.Locator("button, h1").Count(); err == nil && n > 0 && strings.HasPrefix(frame.URL(), s.app.URL()) {
						t.Errorf("from %s, %s shows something", origin, element)
					}
				}
			}
		}
	}
	if after := s.decisions(); after != before {
		t.Errorf("the upstream was asked %d times", after-before)
	}
	if _, n := passing.lastAnswer(); n > 0 {
		t.Errorf("the client was answered %d times", n)
	}
}

// answersOf says whether the console has answered for an address since.
func (s *session) answersOf(address string) func() bool {
	done := make(chan struct{}, 100)
	s.page.OnRequestFinished(func(r playwright.Request) {
		if r.URL() == address {
			done <- struct{}{}
		}
	})
	s.page.OnRequestFailed(func(r playwright.Request) {
		if r.URL() == address {
			done <- struct{}{}
		}
	})
	return func() bool { return len(done) > 0 }
}

// A page of somebody else's sends the form that decides, with a ticket that it cannot know and with one that it can: its own. It is
// refused before anything is asked.
func TestConsentIsNotForged(t *testing.T) {
	t.Parallel()
	s := open(t, options{bad: true})
	s.signIn(olive, "Acme Corporation")
	c := s.clientCalled("Ledgerly")
	address := c.asks()
	s.goTo(address)
	ticket, err := s.page.Locator("input[name=ticket]").First().InputValue()
	s.must(err)
	attack := s.host(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		sitePage(w, "Win a prize", `<form method=post action="`+html.EscapeString(address)+`"><input type=hidden name=ticket value="`+html.EscapeString(r.FormValue("ticket"))+
			`"><button name=decision value=allow>Play</button></form>`)
	}))
	before := s.decisions()
	for _, origin := range origins(attack) {
		for _, stolen := range []string{"", "0123456789", ticket} {
			s.goTo(origin + "/?" + url.Values{"ticket": {stolen}}.Encode())
			s.click("Play")
			s.status(http.StatusForbidden)
			s.see("heading", "This came from another page")
		}
	}
	if after := s.decisions(); after != before {
		t.Errorf("the upstream was asked %d times", after-before)
	}
	if _, n := c.lastAnswer(); n > 0 {
		t.Errorf("the client was answered %d times", n)
	}
	// The person's own page is still good.
	s.goTo(address)
	s.click("Allow")
	c.seesIn(olive)
}

// A client opens the endpoint in a window of its own and waits there for what its callback says. What becomes of window.opener under each
// Cross-Origin-Opener-Policy is printed: with the shipped one the callback cannot speak to the page that opened it, and a client must
// listen in another way, on a channel of its own origin.
func TestConsentInAPopup(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"same-origin", "same-origin-allow-popups", "unsafe-none"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			s := open(t, options{})
			s.signIn(olive, "Acme Corporation")
			c := s.clientCalled("Notebook CLI")
			address := c.asks()
			site := s.host(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/":
					sitePage(w, "Opener", `<p id=by-opener>nothing</p><p id=by-channel>nothing</p><button onclick="w = window.open(this.dataset.to)" data-to="`+html.EscapeString(address)+`">Open</button>`+
						`<script>const said = id => e => { document.getElementById(id).textContent = e.data }; onmessage = said("by-opener"); new BroadcastChannel("oauth").onmessage = said("by-channel")</script>`)
				case "/callback":
					sitePage(w, "Callback", `<script>window.opener && window.opener.postMessage("heard", "*"); new BroadcastChannel("oauth").postMessage("heard"); document.title = window.opener ? "opener" : "none"</script>`)
				default:
					w.WriteHeader(http.StatusNoContent)
				}
			}))
			c.config.RedirectURL = site + "/callback"
			address = c.asks()
			if policy != "same-origin" {
				s.opensWith(policy)
			}
			s.goTo(site + "/")
			popup, err := s.page.ExpectPopup(func() error {
				return s.page.GetByText("Open", playwright.PageGetByTextOptions{Exact: new(true)}).Click()
			})
			s.must(err)
			s.must(popup.GetByRole("button", playwright.PageGetByRoleOptions{Name: "Allow"}).Click())
			s.must(popup.GetByRole("heading", playwright.PageGetByRoleOptions{Name: "Callback"}).WaitFor())
			s.must(expect().Locator(s.page.Locator("#by-channel")).ToHaveText("heard"))
			time.Sleep(200 * time.Millisecond) //nolint:forbidigo // what must not come cannot be waited for
			heard, err := s.page.Locator("#by-opener").TextContent()
			s.must(err)
			title, err := popup.Title()
			s.must(err)
			closed, err := s.page.Evaluate("w.closed")
			s.must(err)
			t.Logf("%s: window.opener at the callback: %s; message to the opener: %s; the opener sees the window as closed: %v", policy, title, heard, closed)
			if wants := policy == "unsafe-none"; (heard == "heard") != wants {
				t.Errorf("%s: the message to the opener: %s", policy, heard)
			}
		})
	}
}

// opensWith serves the endpoint, and the page that leads on from it, with another Cross-Origin-Opener-Policy.
func (s *session) opensWith(policy string) {
	s.t.Helper()
	s.edits(func(answer *playwright.RouteFulfillOptions) { answer.Headers["cross-origin-opener-policy"] = policy })
}

// edits changes what the endpoint answers before the browser gets it.
func (s *session) edits(change func(*playwright.RouteFulfillOptions)) {
	s.t.Helper()
	s.must(s.context.Route(s.app.URL()+paths.Authorize+"**", func(route playwright.Route) {
		go func() {
			// Playwright cannot read zstd, and leaves out what the browser adds last.
			headers := route.Request().Headers()
			headers["accept-encoding"] = "gzip"
			if route.Request().Method() == http.MethodPost {
				headers["sec-fetch-site"] = "same-origin"
			}
			answer, err := route.Fetch(playwright.RouteFetchOptions{Headers: headers})
			if err != nil {
				s.complaints.add("fetch:", err.Error())
				return
			}
			text, err := answer.Text()
			if err != nil {
				s.complaints.add("fetch:", err.Error())
				return
			}
			edited := playwright.RouteFulfillOptions{Status: new(answer.Status()), Headers: answer.Headers(), Body: text}
			delete(edited.Headers, "content-encoding")
			delete(edited.Headers, "content-length")
			change(&edited)
			if err := route.Fulfill(edited); err != nil {
				s.complaints.add("fulfil:", err.Error())
			}
		}()
	}))
}
