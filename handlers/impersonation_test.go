package handlers_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// acting is rita, who acts as a member.
func (f *fixture) acting(slug, email string) *browser {
	f.t.Helper()
	w := f.visitor().openLink(f.impersonation(slug, email))
	w.press("Start")
	if w.status != http.StatusOK || w.at != paths.Organization(f.organization(slug)) {
		f.t.Fatalf("%s (%d %q)", w.at, w.status, w.h1())
	}
	return w.b
}

// somewhere is an address of a route, for acme and tom.
func (f *fixture) somewhere(r handlers.Route) string {
	return strings.NewReplacer(
		":organization_id", f.organization("acme"), ":member_id", f.member("acme", tom), ":slug", "acme", ":provider", "google", ":client_id", appNamed(f.t, warehouse),
	).Replace(r.Path)
}

// TestActingShowsOnEveryPage opens every page of the table: it says who is behind the session, as whom, how long, and how
// to end it.
func TestActingShowsOnEveryPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.acting("acme", tom)
	pages := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		w := &visitor{b: b}
		w.open(f.somewhere(r))
		pages++
		if w.isBare() && w.goesTo() != "" {
			continue // it leads out at once, to sign in elsewhere
		}
		banner := w.doc().Find("form.acting")
		text := strings.Join(strings.Fields(banner.Text()), " ")
		for _, words := range []string{"Tom Baker", rita, "59 min left", "End"} {
			if !strings.Contains(text, words) {
				t.Errorf("%s (%d %q): the banner does not say %q: %q", r.Path, w.status, w.h1(), words, text)
			}
		}
		if banner.AttrOr("action", "") != paths.Logout || banner.AttrOr("method", "") != "post" {
			t.Errorf("%s: the banner ends nothing", r.Path)
		}
	}
	// Others' organizations and errors too.
	for _, path := range []string{paths.Organization(f.organization("umbrella")), paths.Organization(missingOrganization), "/nothing"} {
		w := &visitor{b: b}
		if w.open(path); w.doc().Find("form.acting").Length() != 1 {
			t.Errorf("%s (%d %q) has no banner", path, w.status, w.h1())
		}
	}
	if b.get(paths.Member(f.organization("acme"), f.member("acme", tom))).want(http.StatusOK).text("form.acting") == "" || pages < 20 {
		t.Errorf("%d pages", pages)
	}
	// Somebody who is themselves has none.
	if n := f.signIn(tom, "acme").get(paths.Organization(f.organization("acme"))).doc().Find("form.acting").Length(); n != 0 {
		t.Error("the banner is on the member's own pages")
	}
}

// TestActingIsOfferedNoChange follows every link from the first page on: no page has a form that would be refused.
func TestActingIsOfferedNoChange(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	anyones := map[string]bool{}
	for _, r := range handlers.Routes() {
		if r.Method == http.MethodPost && r.Access == handlers.Anyone {
			anyones[f.somewhere(r)] = true
		}
	}
	b := f.acting("acme", ada)
	queue, seen := []string{paths.Organization(f.organization("acme")), paths.Account, paths.OwnOrganizations}, map[string]bool{}
	for len(queue) > 0 && len(seen) < 60 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		w := &visitor{b: b}
		w.open(path)
		for _, form := range w.doc().Find("form[method=post]").EachIter() {
			if to, _, _ := strings.Cut(form.AttrOr("action", ""), "?"); !anyones[to] {
				t.Errorf("%s (%d %q) has a form to %s", path, w.status, w.h1(), to)
			}
		}
		for _, a := range w.doc().Find("main a[href], nav a[href], header a[href]").EachIter() {
			to, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			if strings.HasPrefix(to, "/") && !strings.Contains(to, "cursor=") {
				queue = append(queue, to)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d pages", len(seen))
	}
	if a := b.get(paths.Organization(f.organization("umbrella"))).want(http.StatusForbidden); a.h1() != "You may only look" || len(a.calls()) > 0 {
		t.Errorf("another organization of the member: %q, calls %v", a.h1(), a.operations())
	}
}

// TestActingChangesNothing sends every form of the table that needs a session.
func TestActingChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.acting("acme", tom)
	forms := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost || r.Access == handlers.Anyone {
			continue
		}
		forms++
		for _, path := range []string{f.somewhere(r), strings.Replace(f.somewhere(r), f.organization("acme"), f.organization("umbrella"), 1)} {
			a := b.post(path, values("name", "Somebody", "email", "else@acme.example", "organization", f.organization("acme"), "password", freshPassword, "code", "123456", "phone", "+442079460958"))
			if a.status != http.StatusForbidden || a.h1() != "You may only look" || len(a.calls()) > 0 {
				t.Errorf("%s: %d %q, calls %v", r.Path, a.status, a.h1(), a.operations())
			}
			if a.doc().Find("form.acting").Length() != 1 {
				t.Errorf("%s: the refusal has no banner", r.Path)
			}
			a.says("Nothing was done.")
		}
	}
	if forms < 10 {
		t.Errorf("%d forms", forms)
	}
	if !b.isSignedIn() {
		t.Error("the refusals end the session")
	}
	// Only looks of one's own make it: the colour of the pages, and the end.
	b.post(paths.Theme, values("theme", "dark", "return", "/")).want(http.StatusSeeOther)
	old := b.clone()
	a := b.post(paths.Logout, url.Values{}).leads(paths.LoginNotice("out"))
	if got := a.revoked(); !slices.Equal(got, []string{f.organization("acme")}) {
		t.Errorf("revoked %v", got)
	}
	if old.isSignedIn() {
		t.Error("the session goes on after its end")
	}
}

// TestActingLastsAnHour and asks for no second factor.
func TestActingLastsAnHour(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.acting("globex", nadia)
	page := paths.Organization(f.organization("globex"))
	for _, left := range []int{35, 10, 5} {
		f.advance(time.Hour - time.Duration(left)*time.Minute - time.Until(f.now()).Round(time.Minute))
		if got := b.get(page).want(http.StatusOK).text("form.acting"); !strings.Contains(got, strconv.Itoa(left-1)+" min left") {
			t.Errorf("%d minutes before the end the banner says %q", left, got)
		}
	}
	f.advance(5 * time.Minute)
	b.get(page).leads(paths.Login)
	if b.isSignedIn() {
		t.Error("signed in after an hour")
	}
}

// TestActingTakesThePlaceOfOnesOwnSession starts to act in a browser that is signed in.
func TestActingTakesThePlaceOfOnesOwnSession(t *testing.T) {
	t.Parallel()
	for _, who := range []struct{ slug, email string }{{"acme", tom}, {"umbrella", ada}} {
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		old := b.clone()
		path, form := b.behind(f.impersonation(who.slug, who.email))
		a := b.post(path, form).leads(paths.Organization(f.organization(who.slug)))
		want := []string{f.staffID, f.organization("acme")}
		slices.Sort(want)
		if got := a.revoked(); !slices.Equal(got, want) {
			t.Errorf("%s: revoked %v, want %v", who.email, got, want)
		}
		f.opensNothing(old.cookies["__Host-session"])
		// Nothing of what the browser could do before is left.
		b.get(paths.Members(f.organization("support-desk"))).saysNot(sam)
		b.post(paths.Enter(f.organization("support-desk")), url.Values{}).want(http.StatusForbidden)
	}
}

// TestActingAsksOnce shows what the button does before it does it.
func TestActingAsksOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	link := f.impersonation("acme", tom)
	w := f.visitor().openLink(link)
	w.says("Act as a member").says("read only").says("60 minutes")
	if len(w.calls()) > 0 {
		t.Errorf("opening the link calls %v", w.operations())
	}
	if w.doc().Find("main form[data-go]").Length() > 0 {
		t.Error("the form goes on by itself")
	}
}

// edited is an upstream whose answers about impersonation say something else.
type edited struct{ replace *strings.Replacer }

// RoundTrip implements http.RoundTripper.
func (e edited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.URL.Path != stytch.ImpersonationAuthenticate.Row().Path {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(strings.NewReader(e.replace.Replace(string(body))))
	return response, err
}

// TestActingThatIsNotSaid meets answers that do not say who is behind the session, or not even that it is somebody else:
// the banner and the refusal of every change hang on that.
func TestActingThatIsNotSaid(t *testing.T) {
	t.Parallel()
	start := func(pairs ...string) (*fixture, *browser, *answer) {
		f := newFixture(t, setup{transport: edited{strings.NewReplacer(pairs...)}})
		b := f.browser()
		path, form := b.behind(f.impersonation("acme", tom))
		return f, b, b.post(path, form)
	}
	for _, field := range []string{`"impersonated_factor"`, `"impersonator_email_address"`} {
		f, b, a := start(field, `"another_field"`)
		a.want(http.StatusSeeOther)
		page := b.get(paths.Organization(f.organization("acme"))).want(http.StatusOK)
		if got := page.text("form.acting"); !strings.Contains(got, "unknown") {
			t.Errorf("without %s the banner says %q", field, got)
		}
		b.post(paths.AccountName, values("name", "Somebody")).want(http.StatusForbidden)
	}
	_, b, a := start(`"impersonated_factor"`, `"another_field"`, `"impersonated"`, `"email_otp"`)
	if a.status < 400 {
		t.Errorf("a session that is not said to be somebody else's: status %d to %q", a.status, a.header.Get("Location"))
	}
	if b.proved() || strings.Contains(strings.Join(a.header.Values("Set-Cookie"), " "), "__Host-session") {
		t.Error("signed in")
	}
}
