package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/views"
)

// itemsUnder are the items of the list under a heading.
func (a *answer) itemsUnder(heading string) []string {
	a.t.Helper()
	var items []string
	for _, h := range a.doc().Find("main h2").EachIter() {
		if strings.Contains(h.Text(), heading) {
			for _, li := range h.NextAllFiltered("ul").First().Find("li").EachIter() {
				items = append(items, strings.Join(strings.Fields(li.Text()), " "))
			}
		}
	}
	return items
}

// warned are the headings of the warnings of a page.
func (a *answer) warned() []string {
	a.t.Helper()
	var all []string
	for _, one := range a.doc().Find("main .warn > b").EachIter() {
		all = append(all, strings.TrimSpace(one.Text()))
	}
	return all
}

// TestConsentSaysWhoAsks: who made the app, how it came, where the answer goes, and what to beware of.
func TestConsentSaysWhoAsks(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	const (
		own, other = "One of this service’s own apps.", "Made by another company."
		operator   = "The operator of this service registered it."
		itself     = "It registered itself: nobody has checked what it says about itself."
	)
	for client, want := range map[string]struct {
		name, says, registered, host string
		warned                       []string
	}{
		clientMobile:                    {clientMobile, own, operator, "mobile.example", nil},
		clientLedgerly:                  {clientLedgerly, other, operator, "ledgerly.example", nil},
		clientNotebook:                  {clientNotebook, other, operator, "127.0.0.1:49152", []string{"A program on this computer"}},
		clientNotes:                     {clientNotes, other, operator, "com.example.notes:", []string{"An app on this device"}},
		"Terminal helper":               {"Terminal helper", other, itself, "127.0.0.1:8976", []string{"A program on this computer", "Nobody has checked this app"}},
		clientAgent:                     {clientAgent, other, "It describes itself at agent.example.", "agent.example", []string{"Nobody has checked this app"}},
		"L\u0435dg\u0435rly":            {"L\u0435dg\u0435rly", other, operator, "ledger1y.example", []string{"The name may imitate another"}},
		"":                              {"An app without a name", other, operator, "nameless.example", nil},
		"<script>alert(7)</script> app": {"<script>alert(7)</script> app", other, operator, "hostile.example", nil},
	} {
		a := b.get(asks(client)).want(http.StatusOK)
		main := a.text("main")
		if want.name != "" && !strings.Contains(a.h1(), want.name+" wants to use your account") || !strings.Contains(main, want.says) || !strings.Contains(main, want.registered) {
			t.Errorf("%s: %q; %.400s", client, a.h1(), main)
		}
		if host := strings.ReplaceAll(a.text(".host"), " ", ""); host != want.host {
			t.Errorf("%s: the host is %q", client, host)
		}
		if got := a.warned(); !slices.Equal(got, want.warned) {
			t.Errorf("%s: warns of %q, want %q", client, got, want.warned)
		}
		if !strings.Contains(a.text("details code"), redirectOf[client]) {
			t.Errorf("%s: the whole address is %q", client, a.text("details code"))
		}
		a.says(ada).says("Support").says("your Connected Apps")
		doc := a.doc()
		if doc.Find("img, script, [style], [onclick], iframe, object").Length() > 0 {
			t.Errorf("%s: loads something", client)
		}
		// Both words weigh the same, and neither is chosen by the Enter key alone: there is no field to press it in.
		buttons := doc.Find("main form button")
		if buttons.Length() != 2 || buttons.Eq(0).AttrOr("class", "") != buttons.Eq(1).AttrOr("class", "") || doc.Find("[autofocus]").Length() > 0 {
			t.Errorf("%s: the buttons differ", client)
		}
	}
}

// TestConsentSaysWhatItGets: what is new, what was given before, and what is left out, the gravest first; nobody's words are made up.
func TestConsentSaysWhatItGets(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(olivia, "acme")
	a := b.get(asks(clientLedgerly, "scope", "openid email read:billing phone offline_access write:documents", "prompt", "consent")).want(http.StatusOK)
	fresh, had := a.itemsUnder("It will be able to"), a.itemsUnder("As you allowed before")
	if len(fresh) != 3 || !strings.HasSuffix(fresh[0], "write:documents") || fresh[1] != "See your phone number" || fresh[2] != "See your e-mail address" {
		t.Errorf("new are %q", fresh)
	}
	if len(had) != 3 || had[0] != "Stay connected while you are away, until you take it back" || !strings.HasSuffix(had[1], "read:billing") || had[2] != "Know that it is you" {
		t.Errorf("given before are %q", had)
	}
	if !strings.Contains(a.h1(), "again") {
		t.Errorf("the heading is %q", a.h1())
	}
	// What a member's roles do not carry is left out, and the app gets the rest.
	out := f.signIn(aaron, "acme").get(asks(clientLedgerly, "scope", "openid manage:billing", "prompt", "consent")).want(http.StatusOK)
	if left := out.itemsUnder("Left out"); len(left) != 1 || !strings.HasSuffix(left[0], "manage:billing") {
		t.Errorf("left out are %q", left)
	}
	out.says("Your roles do not carry this. The app gets the rest.")
	out = f.signIn(aaron, "acme").get(asks(clientLedgerly, "scope", "manage:billing", "prompt", "consent")).want(http.StatusOK)
	out.says("You can give it nothing of what it asks for.")
	// Full access has a box of its own.
	everything := f.signIn(ada, "support-desk").get(asks("Desktop app", "scope", "openid full_access")).want(http.StatusOK)
	if !slices.Contains(everything.warned(), "Full access") || everything.doc().Find("main button.bad").Length() != 1 {
		t.Errorf("warns of %q", everything.warned())
	}
	everything.says("It can do everything that you can do in Support")
	// A scope that the project does not know is the client's mistake, told to it.
	b.get(asks(clientLedgerly, "scope", "openid read:nothing")).tellsError(clientLedgerly, "invalid_scope")
	b.get(asks(clientLedgerly, "scope", "full_access")).tellsError(clientLedgerly, "invalid_scope")
	at := b.get(asks(clientLedgerly, "resource", "https://api.example/v1?x", "prompt", "consent")).want(http.StatusOK)
	at.says("At api.example it will be able to")
}

// TestConsentLanguages: the first language that the client asks for and there is, else the browser's, else English.
func TestConsentLanguages(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	for _, one := range []struct{ locales, accept, want string }{
		{"", "", "en"},
		{"fr", "", "fr"},
		{"de fr-CA es", "", "fr"},
		{"", "pt;q=0.5, es;q=0.9", "es"},
		{"pt", "fr", "pt-BR"},
		{"tlh", "ja, pt-PT", "pt-BR"},
		{"tlh", "ja", "en"},
		{"<script>", "\"><b>", "en"},
		{"", "es;q=0", "en"},
	} {
		address := asks(clientLedgerly, "ui_locales", one.locales)
		a := b.get(address, "Accept-Language", one.accept).want(http.StatusOK)
		if got := a.doc().Find("html").AttrOr("lang", ""); got != one.want {
			t.Errorf("%q and %q: %q, want %q", one.locales, one.accept, got, one.want)
		}
		a.harmless(one.locales + one.accept)
	}
	said := map[string]string{}
	for _, l := range views.Languages() {
		for at, a := range map[string]*answer{
			"asks": b.get(asks(clientLedgerly, "ui_locales", l.Code)), "who": b.get(strings.Replace(asks(clientLedgerly, "ui_locales", l.Code), paths.Authorize, paths.AuthorizeWho, 1)),
			"goes on": b.get(asks(clientWarehouse, "ui_locales", l.Code)), "not allowed": f.signIn(olivia, "acme").get(asks(clientNotes, "ui_locales", l.Code)),
		} {
			text := a.text("main h1") + a.text("main button") + a.text("main a")
			if other, before := said[at+text]; before || text == "" {
				t.Errorf("%s in %s says what %s says", at, l.Code, other)
			}
			said[at+text] = l.Code
			if got := a.doc().Find("html").AttrOr("lang", ""); got != l.Code {
				t.Errorf("%s in %s is in %s", at, l.Code, got)
			}
		}
	}
}

// TestConsentShut: an organization that does not let an app in says so, and its member can ask for it, once.
func TestConsentShut(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(olivia, "acme")
	address := asks(clientNotes)
	a := b.get(address).want(http.StatusForbidden).says("Acme Corporation does not let Pocket Notes in")
	form, back := formFields(a.formTo(paths.AuthorizeAsk)), formFields(a.formTo(paths.AuthorizeDeny))
	// The tickets of this page decide nothing.
	for _, ticket := range []url.Values{form, back} {
		if got := b.allow(address, ticket); got.status != http.StatusConflict || len(f.decisions()) != 0 {
			t.Errorf("status %d, %d decisions", got.status, len(f.decisions()))
		}
	}
	b.post(strings.Replace(address, paths.Authorize, paths.AuthorizeDeny, 1), back).want(http.StatusOK).tellsError(clientNotes, "access_denied")
	ask := strings.Replace(address, paths.Authorize, paths.AuthorizeAsk, 1)
	b.post(ask, form).want(http.StatusOK).says("Your admin can see that you asked").says("30 days")
	open, err := f.store.AppRequests().List(t.Context(), f.organization("acme"))
	if err != nil || len(open) != 1 || open[0].ClientID != seedClients()[clientNotes] || open[0].RedirectHost != "com.example.notes" || open[0].Email != olivia {
		t.Errorf("open are %+v, %v", open, err)
	}
	// Who has asked is told so, and need not ask again.
	again := b.get(address).says("Your admin can see that you asked")
	if again.doc().Find("main form[action^='"+paths.AuthorizeAsk+"']").Length() > 0 {
		t.Error("it can be asked for once more")
	}
	if open, err = f.store.AppRequests().List(t.Context(), f.organization("acme")); err != nil || len(open) != 1 {
		t.Errorf("%d are open, %v", len(open), err)
	}
	b.get(asks(clientNotes, "prompt", "none")).tellsError(clientNotes, "access_denied")
	if calls := f.decisions(); len(calls) != 0 {
		t.Errorf("sent %v", calls)
	}
}

// TestConsentIsLight: three calls side by side, one small page, nothing of anybody else.
func TestConsentIsLight(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	a := f.signIn(ada, "support-desk").get(asks(clientLedgerly)).want(http.StatusOK)
	if n := len(a.body); n > 8<<10 {
		t.Errorf("the page has %d bytes", n)
	}
	if got := a.operations(); len(got) != 3 {
		t.Errorf("it calls %v", got)
	}
	for _, el := range a.doc().Find("link[href], script[src], img[src]").EachIter() {
		if src := el.AttrOr("href", el.AttrOr("src", "")); !strings.HasPrefix(src, paths.Static) {
			t.Errorf("it loads %q", src)
		}
	}
}

// TestSignInSaysWhatFor: the sign-in page names the app that sent the person there, while that is known without asking, and no other.
func TestSignInSaysWhatFor(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.browser()
	b.get(asks(clientLedgerly)).want(http.StatusSeeOther)
	a := b.get(paths.Login).want(http.StatusOK).says("Then you are asked about Ledgerly, an app at ledgerly.example.")
	if len(a.calls()) != 0 {
		t.Errorf("the page calls %v", a.operations())
	}
	f.advance(2 * time.Minute)
	if text := b.get(paths.Login).text("main"); strings.Contains(text, "Ledgerly") {
		t.Errorf("what was known of an app counts for good: %q", text)
	}
	b.get(paths.Organizations).want(http.StatusSeeOther) // wanted instead
	if text := b.get(paths.Login).text("main"); strings.Contains(text, "Then you are asked") {
		t.Errorf("the page says %q", text)
	}
	if text := f.browser().get(paths.Login).text("main"); strings.Contains(text, "Then you are asked") {
		t.Errorf("somebody who came by themselves reads %q", text)
	}
}
