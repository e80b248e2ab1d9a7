package handlers_test

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/session"
)

// visitor is a person at a browser: they open addresses, follow links and press the buttons of the page before them, and
// know no address but the first. Redirects are followed.
type visitor struct {
	*answer

	b  *browser
	at string
	// held are the session cookies that this browser had, in order.
	held []string
}

func (f *fixture) visitor() *visitor { return &visitor{b: f.browser()} }

// open opens an address of the console.
func (w *visitor) open(path string) *visitor {
	w.b.f.t.Helper()
	w.follow(path, w.b.get(path))
	return w
}

func (w *visitor) follow(at string, a *answer) {
	t := w.b.f.t
	t.Helper()
	for range 5 {
		if c := w.b.cookies[session.CookieName]; c != "" && (len(w.held) == 0 || w.held[len(w.held)-1] != c) {
			w.held = append(w.held, c)
		}
		if a.status != http.StatusSeeOther {
			w.at, w.answer = at, a
			return
		}
		at = a.header.Get("Location")
		a = w.b.get(at)
	}
	t.Fatalf("the redirects do not end: %s", at)
}

// openLink opens a link of the console that came from elsewhere.
func (w *visitor) openLink(link string) *visitor {
	w.b.f.t.Helper()
	path, ok := strings.CutPrefix(link, publicURL)
	if !ok {
		w.b.f.t.Fatalf("the link leads to another place than %s", publicURL)
	}
	return w.open(path)
}

// want and says are those of the answer, to go on with.
func (w *visitor) want(status int) *visitor {
	w.b.f.t.Helper()
	w.answer.want(status)
	return w
}

func (w *visitor) says(words string) *visitor {
	w.b.f.t.Helper()
	w.answer.says(words)
	return w
}

// named are the elements of the main part that say these words.
func (w *visitor) named(selector, words string) *goquery.Selection {
	return w.doc().Find("main " + selector).FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.Contains(strings.Join(strings.Fields(s.Text()), " "), words)
	}).First()
}

// offers says whether the page has a link or a button with these words.
func (w *visitor) offers(words string) bool {
	return w.named("a[href], main button", words).Length() > 0
}

// link is where the link with these words leads.
func (w *visitor) link(words string) string {
	w.b.f.t.Helper()
	href, ok := w.named("a[href]", words).Attr("href")
	if !ok {
		w.b.f.t.Fatalf("%s has no link %q; it says: %.600s", w.at, words, w.text("main"))
	}
	return href
}

// click follows the link with these words.
func (w *visitor) click(words string) *visitor {
	w.b.f.t.Helper()
	return w.open(w.link(words))
}

// press sends the form of the button with these words, with what the form holds and what is typed besides, as names and
// values in turn.
func (w *visitor) press(words string, typed ...string) *visitor {
	t := w.b.f.t
	t.Helper()
	button := w.named("button", words)
	form := button.Closest("form")
	if form.Length() == 0 {
		t.Fatalf("%s (%d %q) has no button %q; it says: %.600s", w.at, w.status, w.h1(), words, w.text("main"))
	}
	fields := formFields(form)
	for i := 0; i+1 < len(typed); i += 2 {
		if form.Find("input[name="+typed[i]+"]").Length() == 0 {
			t.Fatalf("%s has no field %q beside %q", w.at, typed[i], words)
		}
		fields.Set(typed[i], typed[i+1])
	}
	if name, ok := button.Attr("name"); ok {
		fields.Set(name, button.AttrOr("value", ""))
	}
	action := form.AttrOr("action", "")
	w.follow(action, w.b.post(action, fields))
	return w
}

// formFields are what a form sends as it stands.
func formFields(form *goquery.Selection) url.Values {
	fields := url.Values{}
	for _, input := range form.Find("input[name]").EachIter() {
		if kind := input.AttrOr("type", "text"); kind == "checkbox" || kind == "radio" {
			if _, checked := input.Attr("checked"); !checked {
				continue
			}
		}
		fields.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	return fields
}

// primary is a way to prove the first factor, from the sign-in page on, which must be open: up to what comes of it.
type primary struct {
	name string
	// method is the upstream's name of it.
	method string
	prove  func(w *visitor, email string)
	// unproven says that it does not show that the address is the person's own.
	unproven bool
}

const freshPassword = "Quarry-lantern-otter-58"

// primaries are all first factors.
var primaries = []primary{
	{name: "link", method: "magic_link", prove: byLink},
	{name: "code", method: "email_otp", prove: byCode},
	{name: "password", method: "password", prove: func(w *visitor, email string) {
		w.click("Use a password").press("Sign in", "email", email, "password", sandbox.SeedPassword)
	}},
	{name: "reset", method: "password", prove: func(w *visitor, email string) {
		w.click("Use a password").press("send a link to set one", "email", email)
		w.openLink(w.b.f.lastMail(email).Link).press("Save", "password", freshPassword)
	}},
	{name: "Google", method: "google_oauth", prove: byProvider("Google")},
	{name: "Microsoft", method: "microsoft_oauth", prove: byProvider("Microsoft")},
	{name: "Slack", method: "slack_oauth", prove: byProvider("Slack"), unproven: true},
	{name: "HubSpot", method: "hubspot_oauth", prove: byProvider("HubSpot"), unproven: true},
	{name: "GitHub", method: "github_oauth", prove: byProvider("GitHub"), unproven: true},
}

func byLink(w *visitor, email string) {
	w.press("E-mail me a link", "email", email)
	w.openLink(w.b.f.lastMail(email).Link).press("Continue")
}

func byCode(w *visitor, email string) {
	w.press("E-mail me a code", "email", email)
	w.press("Continue", "code", w.b.f.lastMail(email).Code)
}

// byProvider goes to a provider and comes back.
func byProvider(provider string) func(*visitor, string) {
	return func(w *visitor, email string) {
		w.click("Continue with " + provider)
		w.back(email).press("Continue")
	}
}

// back chooses an account at the provider that the page leads to, and comes back with it.
func (w *visitor) back(email string) *visitor {
	w.b.f.t.Helper()
	link, err := w.b.f.sandbox.FinishOAuth(w.link("Continue to"), email)
	if err != nil {
		w.b.f.t.Fatal(err)
	}
	return w.openLink(link)
}

// signedIn fails unless the person is signed in to the organization now, and no cookie from before is worth anything.
func (w *visitor) signedIn(email, slug string) {
	t := w.b.f.t
	t.Helper()
	want := paths.Organization(w.b.f.organization(slug))
	if w.at != want || w.status != http.StatusOK {
		t.Fatalf("%s (%d %q), want %s; it says: %.300s", w.at, w.status, w.h1(), want, w.text("main"))
	}
	if got := w.text(".me .pop p"); !strings.Contains(got, email) {
		t.Errorf("signed in as %q", got)
	}
	if w.b.cookies["__Host-flow"] != "" {
		t.Error("the flow outlives the sign-in")
	}
	for _, cookie := range w.held[:len(w.held)-1] {
		w.b.f.opensNothing(cookie)
	}
}

// opensNothing fails where a session cookie is signed in or on the way there.
func (f *fixture) opensNothing(cookie string) {
	f.t.Helper()
	old := f.browser()
	old.cookies[session.CookieName] = cookie
	if old.proved() || old.halfway() {
		f.t.Error("a session cookie from before the sign-in is worth something")
	}
}

// halfway says whether the browser is asked for more on the way into an organization.
func (b *browser) halfway() bool {
	b.f.t.Helper()
	for _, slug := range []string{"acme", "globex", "initech", "only-totp", "only-sms", "only-link", "only-code", "only-password", "only-google"} {
		id := b.f.organization(slug)
		for _, path := range []string{paths.LoginMFAFor(id, ""), paths.LoginMoreFor(id)} {
			if b.clone().get(path).status == http.StatusOK {
				return true
			}
		}
	}
	return false
}

// wayOn fails unless the page leads on to signing in, by a link or a form of its own: the name of the console at its top is
// none.
func (a *answer) wayOn() *answer {
	a.t.Helper()
	found := false
	for _, s := range a.doc().Find("main a[href], main form[action]").Not(".brand a").EachIter() {
		to := s.AttrOr("href", s.AttrOr("action", ""))
		found = found || to == paths.Root || to == paths.Login || strings.HasPrefix(to, paths.Login+"/") || strings.HasPrefix(to, paths.Login+"?")
	}
	if !found {
		a.t.Errorf("a dead end: %d %q has no way to sign in; it says: %.300s", a.status, a.h1(), a.text("main"))
	}
	return a
}
