package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// eachForm runs a test for every form of the route table that needs a session. A route without one here is a failure.
func eachForm(t *testing.T, test func(t *testing.T, r handlers.Route, w written)) {
	t.Helper()
	n := 0
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodPost || r.Access == handlers.Anyone {
			continue
		}
		name := r.Method + " " + r.Path
		if _, never := undecided[name]; never {
			continue
		}
		n++
		w, ok := writing[name]
		if !ok {
			t.Errorf("%s: no form is written for it", name)
			continue
		}
		if w.path == nil {
			w.path = place(r.Path)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, r, w)
		})
	}
	if n != len(writing) {
		t.Errorf("%d routes, and %d forms are written", n, len(writing))
	}
}

// sendsAgain fails unless the answer keeps the form, and has a way to sign in beside it.
func (a *answer) sendsAgain(action string, typed url.Values, beside string) *goquery.Selection {
	a.t.Helper()
	form := a.want(http.StatusUnauthorized).keeps(action, typed)
	link := a.doc().Find(`main a[target=_blank]`)
	if link.Length() != 1 || link.AttrOr("href", "") != beside || !strings.Contains(link.AttrOr("rel", ""), "noopener") {
		a.t.Errorf("%d links open beside, to %q, want one to %q", link.Length(), link.AttrOr("href", ""), beside)
	}
	return form
}

// keeps fails unless the answer has a form with all that was typed and no secret of it.
func (a *answer) keeps(action string, typed url.Values) *goquery.Selection {
	a.t.Helper()
	form := a.doc().Find(`main form[method=post]`)
	if form.Length() != 1 || form.AttrOr("action", "") != action {
		a.t.Fatalf("%d forms, to %q, want one to %q; h1 %q", form.Length(), form.AttrOr("action", ""), action, a.h1())
	}
	if words := strings.TrimSpace(form.Find("button").Text()); words != "Send again" {
		a.t.Errorf("its button says %q", words)
	}
	kept := url.Values{}
	for _, in := range form.Find("input[type=hidden]").EachIter() {
		kept.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	for name, all := range typed {
		if slices.Contains(secrets, name) {
			asked := form.Find(`input[name="` + name + `"]`)
			if kept.Has(name) || asked.Length() != 1 || asked.AttrOr("value", "") != "" || asked.AttrOr("type", "") == "hidden" {
				a.t.Errorf("%s is not asked for again", name)
			}
			if label := form.Find(`label[for="` + asked.AttrOr("id", "") + `"]`).Text(); strings.TrimSpace(label) == "" {
				a.t.Errorf("%s is asked for without words", name)
			}
			for _, secret := range all {
				a.saysNot(secret)
			}
			continue
		}
		if !slices.Equal(kept[name], all) {
			a.t.Errorf("%s was %q, and %q is left", name, all, kept[name])
		}
	}
	for name := range kept {
		if !typed.Has(name) && name != "ticket" {
			a.t.Errorf("%s was never typed", name)
		}
	}
	return form
}

// resend sends the form of the page once more, with the secrets typed again.
func (b *browser) resend(form *goquery.Selection, typed url.Values) *answer {
	b.f.t.Helper()
	v := url.Values{}
	for _, in := range form.Find("input").EachIter() {
		name := in.AttrOr("name", "")
		if value, hidden := in.Attr("value"); hidden {
			v.Add(name, value)
		} else {
			v.Set(name, typed.Get(name))
		}
	}
	return b.post(form.AttrOr("action", ""), v)
}

// beside signs ada in in another tab: the cookie is then both tabs'.
func (b *browser) beside() {
	b.f.t.Helper()
	b.discover(ada)
	b.post(paths.LoginOrganizations, choose("support-desk")(b)).want(http.StatusSeeOther)
}

// Without any cookie a form is not lost: it is asked to sign in beside it, and the same form is sent again.
func TestFormWithoutSession(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	eachForm(t, func(t *testing.T, _ handlers.Route, w written) {
		f := newFixture(t, setup{})
		b, path, typed := f.browser(), w.path(f), values(w.form...)
		a := b.post(path, typed)
		form := a.sendsAgain(path, typed, paths.Login)
		if a.h1() != "You are not signed in" || len(a.calls()) > 0 {
			t.Errorf("the page is %q, after %d calls", a.h1(), len(a.calls()))
		}
		b.beside()
		if again := b.resend(form, typed); again.status == http.StatusForbidden || again.h1() == a.h1() {
			t.Errorf("sent again: status %d %q", again.status, again.h1())
		}
	})
}

// The session is over upstream while somebody types.
func TestFormWhoseSessionIsGone(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	eachForm(t, func(t *testing.T, r handlers.Route, w written) {
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk")
		if w.begun != nil {
			w.begun(b, "")
		}
		path, typed := w.path(f), values(w.form...)
		f.endElsewhere("support-desk")
		a := b.post(path, typed)
		if w.ends {
			a.want(http.StatusSeeOther)
			return
		}
		form := a.sendsAgain(path, typed, paths.Login)
		if a.h1() != "Your session has ended" {
			t.Errorf("the page is %q", a.h1())
		}
		a.wroteNothing()
		if b.isSignedIn() {
			t.Error("still signed in")
		}
		b.beside()
		// What a code belongs to went with the session, and is begun again; every other form does what it says.
		if again := b.resend(form, typed); again.status >= http.StatusInternalServerError || again.h1() == a.h1() {
			t.Errorf("sent again: status %d %q", again.status, again.h1())
		}
	})
}

// Only the session in one tenant is over, or was given back: the way on is to enter it again, beside.
func TestFormWhoseTenantIsGone(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for name, gone := range map[string]func(*browser){
		"upstream": func(b *browser) { b.f.endElsewhere("acme") },
		"left": func(b *browser) {
			b.clone().post(paths.Leave(b.f.organization("acme")), url.Values{}).want(http.StatusSeeOther)
		},
	} {
		eachForm(t, func(t *testing.T, r handlers.Route, w written) {
			if !strings.HasPrefix(r.Path, paths.Account) || w.ends {
				return // it acts with the key of the organization signed in to, or gives a key back
			}
			f := newFixture(t, setup{})
			acme := f.organization("acme")
			b := f.signIn(ada, "support-desk").enter("acme")
			if w.begun != nil {
				w.begun(b, acme)
			}
			typed := values(append([]string{"organization", acme}, w.form...)...)
			gone(b)
			a := b.post(r.Path, typed)
			form := a.sendsAgain(r.Path, typed, paths.Organization(acme))
			if text := a.text("main a[target=_blank]"); text != "Enter the organization" {
				t.Errorf("%s: the way on is called %q", name, text)
			}
			a.wroteNothing()
			beside := b.clone()
			beside.get(paths.Organization(acme)).want(http.StatusOK).says("Enter Acme Corporation")
			beside.post(paths.Enter(acme), url.Values{}).leads(paths.Organization(acme))
			again := b.resend(form, typed)
			if again.status >= http.StatusInternalServerError || again.h1() == a.h1() {
				t.Errorf("%s, sent again: status %d %q", name, again.status, again.h1())
			}
			for _, c := range again.calls() {
				if about := c.OrganizationID + c.TargetOrganizationID; about != "" && strings.ReplaceAll(about, acme, "") != "" {
					t.Errorf("%s, sent again: %s is about %s", name, c.Operation, about)
				}
			}
		})
	}
}

// What is sent again is really done, where it was meant to be done, once.
func TestFormSentAgainIsDone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	acme := f.organization("acme")
	b := f.signIn(ada, "support-desk").enter("acme")
	f.endElsewhere("acme")
	typed := values("name", "Ada Byron", "organization", acme)
	form := b.post(paths.AccountName, typed).sendsAgain(paths.AccountName, typed, paths.Organization(acme))
	b.post(paths.Enter(acme), url.Values{}).leads(paths.Organization(acme))
	a := b.resend(form, typed).leads(paths.Own(paths.Account, acme))
	if got := a.operations(); !slices.Equal(got, []string{stytch.OwnNameUpdate.String()}) {
		t.Errorf("it calls %v", got)
	}
	f.endElsewhere("support-desk")
	typed = values("name", "Augusta Ada")
	form = b.post(paths.AccountName, typed).sendsAgain(paths.AccountName, typed, paths.Login)
	b.beside()
	b.resend(form, typed).leads(paths.Account)
	for slug, want := range map[string]string{"acme": "Ada Byron", "support-desk": "Augusta Ada"} {
		if got := f.nameOf(slug); got != want {
			t.Errorf("%s: the name is %q, want %q", slug, got, want)
		}
	}
}

// Whatever is typed stays text, in the form and where it is shown.
func TestFormSentAgainIsHostile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	typed := url.Values{
		"name":          {`"><script>alert(1)</script>`, "second"},
		"email":         {"javascript:alert(1)"},
		"phone":         {"\u202e+44 20"},
		"language":      {"</form><form action=https://evil.example>"},
		`x"><img src=x`: {`' onfocus=alert(1) autofocus`},
		"action":        {"https://evil.example"},
		"empty":         {""},
		"many\nlines":   {"left out"},
	}
	path := paths.AccountName + "?x=%22%3E%3Cscript%3E&organization="
	a := f.browser().post(path, typed)
	typed.Del("many\nlines")
	a.sendsAgain(path, typed, paths.Login)
	doc := a.doc()
	if n := doc.Find("main").Find("script, img, [onfocus], [autofocus], a[href^='javascript']").Length(); n > 0 {
		t.Errorf("%d elements came from what was typed", n)
	}
	if n := doc.Find("form[action*='evil']").Length(); n > 0 {
		t.Error("the form leads away")
	}
	a.says("What you typed").says(`"><script>alert(1)</script>`)
	for _, label := range []string{"Name", "E-mail address", "Phone number"} {
		if doc.Find(`main dt:contains("`+label+`")`).Length() == 0 {
			t.Errorf("%s is not shown", label)
		}
	}
	long := values(strings.Repeat("n", 65), "x", "name", strings.Repeat("w", 10_000))
	page := f.browser().post(paths.AccountName, long)
	long.Del(strings.Repeat("n", 65))
	page.sendsAgain(paths.AccountName, long, paths.Login)
}

// The upstream fails while somebody sends a form: it is kept as well, with no word of signing in.
func TestFormWhenTheUpstreamFails(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for status, says := range map[int]string{
		http.StatusTooManyRequests: "Nothing was done.", http.StatusInternalServerError: "It may have been done all the same.", http.StatusServiceUnavailable: "It may have been done all the same.",
	} {
		eachForm(t, func(t *testing.T, r handlers.Route, w written) {
			if w.ends {
				return // the person is signed out, whatever the upstream says
			}
			f := newFixture(t, setup{})
			b := f.signIn(ada, "support-desk")
			if w.begun != nil {
				w.begun(b, "")
			}
			path, typed := w.path(f), values(w.form...)
			f.fault(sandbox.Fault{Operation: "*", Kind: sandbox.FaultStatus, Status: status, ErrorType: "upstream_error"})
			a := b.post(path, typed)
			f.sandbox.ClearFaults()
			if a.status == http.StatusTooManyRequests && a.h1() != "Stytch asks to slow down" {
				return // it is said beside the field, in the form itself
			}
			if a.doc().Find(`main a[href="`+paths.Login+`"]`).Length() > 0 {
				t.Errorf("%d: the page leads to signing in", status)
			}
			a.says(says)
			form := a.keeps(path, typed)
			again := b.resend(form, typed)
			if again.status >= http.StatusInternalServerError || again.status == http.StatusUnauthorized {
				t.Errorf("%d, sent again: status %d %q", status, again.status, again.h1())
			}
		})
	}
}

// Only a form is kept. What is no form of a page, or none at all, gets the plain page; a GET gets the sign-in page.
func TestNoFormToSendAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	for name, a := range map[string]*answer{
		"too large":  b.post(paths.AccountName, values("name", strings.Repeat("x", 65<<10))),
		"too long":   b.post(paths.AccountName+"?x="+strings.Repeat("x", 2048), values("name", "x")),
		"two slash":  b.post("//evil.example/account/name", values("name", "x")),
		"not a form": b.send(http.MethodPost, paths.AccountName, `{"name":"x"}`, "application/json"),
	} {
		if n := a.doc().Find(`main input[name=name]`).Length(); n > 0 || a.status < 400 {
			t.Errorf("%s: status %d with %d fields", name, a.status, n)
		}
	}
	b.get(paths.Account).leads(paths.Login)
	other := f.browser()
	other.post(paths.AccountName, values("name", "x"), "Sec-Fetch-Site", "cross-site").want(http.StatusForbidden).saysNot("Send again")
}
