package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/session"
)

// TestPrompts: none shows no page, login asks for one fresh sign-in, consent and select_account for the page.
func TestPrompts(t *testing.T) {
	t.Parallel()
	const page, login, code = "the page", "the sign-in", "a code"
	for _, one := range []struct {
		client, prompt, age string
		old                 time.Duration
		want                string
	}{
		{clientLedgerly, "", "", 0, page},
		{clientWarehouse, "", "", 0, code},
		{clientLedgerly, "none", "", 0, "consent_required"},
		{clientWarehouse, "none", "", 0, code},
		{clientMobile, "none", "", 0, "consent_required"},
		{clientAgent, "none", "", 0, "consent_required"},
		{clientWarehouse, "consent", "", 0, page},
		{clientWarehouse, "select_account", "", 0, page},
		{clientWarehouse, "create", "", 0, code},
		{clientWarehouse, "login", "", 0, login},
		{clientWarehouse, "login consent", "", 0, login},
		{clientWarehouse, "", "600", 0, code},
		{clientWarehouse, "", "600", 11 * time.Minute, login},
		{clientWarehouse, "none", "600", 11 * time.Minute, "login_required"},
		{clientWarehouse, "none", "0", time.Minute, "login_required"},
		{clientWarehouse, "", "0", time.Minute, login},
		{clientWarehouse, "", "2147483647", 11 * time.Minute, code},
		{clientLedgerly, "consent", "600", 11 * time.Minute, login},
	} {
		f := newAsking(t)
		b := f.signIn(ada, "support-desk")
		f.advance(one.old)
		address := asks(one.client, "prompt", one.prompt, "max_age", one.age)
		a := b.get(address)
		got := ""
		switch {
		case a.status == http.StatusSeeOther:
			a.leads(paths.Login)
			got = login
		case a.goesTo() != "":
			q := a.tells(redirectOf[one.client])
			if got = q.Get("error"); q.Has("code") {
				got = code
			}
		case a.status == http.StatusOK:
			a.formTo(paths.Authorize)
			got = page
		}
		if got != one.want {
			t.Errorf("%s prompt=%q max_age=%q: %s, want %s", one.client, one.prompt, one.age, got, one.want)
		}
		if got != login {
			continue
		}
		// One sign-in is enough, also where the request wants it new at every moment.
		b.get(paths.Login).want(http.StatusOK)
		f.advance(16 * time.Second)
		b.proves(ada).leads(address)
		f.advance(20 * time.Second)
		a = b.get(address).want(http.StatusOK)
		if wantsPage := strings.Contains(one.prompt, "consent"); wantsPage {
			b.allow(address, formFields(a.formTo(paths.Authorize))).tellsCode(one.client)
		} else {
			a.tellsCode(one.client)
		}
		if one.age == "600" {
			continue
		}
		// The next request of this kind asks again.
		b.get(asks(one.client, "prompt", one.prompt, "max_age", one.age, "state", "next")).leads(paths.Login)
	}
	f := newAsking(t)
	for _, client := range []string{clientLedgerly, clientWarehouse, clientNotebook} {
		f.browser().get(asks(client, "prompt", "none")).tellsError(client, "login_required")
	}
}

// TestLongRequests: 2,000 bytes are carried through a sign-in, one more is refused with the limit's name.
func TestLongRequests(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	long := func(n int) string {
		query := request(clientLedgerly).Encode() + "&x="
		return paths.Authorize + "?" + query + strings.Repeat("x", n-len(query))
	}
	in := f.signIn(ada, "support-desk")
	in.get(long(2000)).want(http.StatusOK).formTo(paths.Authorize)
	for _, b := range []*browser{in, f.browser()} {
		a := b.get(long(2001)).want(http.StatusRequestURITooLong).says("2,000 bytes")
		if a.goesTo() != "" || len(a.calls()) > 0 {
			t.Errorf("goes to %q, calls %v", a.goesTo(), a.operations())
		}
	}
	b := f.browser()
	a := b.get(long(2000)).leads(paths.Login)
	wantCookies(t, "2,000 bytes", a)
	b.proves(ada).leads(long(2000))
	b.get(long(2000)).want(http.StatusOK).formTo(paths.Authorize)
	// The organization is ours, and not counted.
	at := f.signIn(ada, "support-desk").enter("acme")
	at.get(long(2000) + "&organization=" + f.organization("acme")).want(http.StatusOK).says("Acme Corporation")
}

// TestTwoAppsInTwoTabs: each decision is for the app that its page names, and a stranger is led to what was asked last.
func TestTwoAppsInTwoTabs(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.browser()
	first, second := asks(clientLedgerly, "state", "one"), asks(clientNotebook, "state", "two")
	b.get(first).leads(paths.Login)
	b.get(second).leads(paths.Login)
	b.proves(ada).leads(second)
	pageTwo, formTwo := b.question(second)
	pageOne, formOne := b.question(first)
	if b.cookies[session.WantedCookieName] != "" {
		t.Error("a request that was arrived at waits still")
	}
	pageOne.says("Ledgerly wants to use your account")
	pageTwo.says("Notebook CLI wants to use your account")
	if q := b.allow(first, formOne).tells(redirectOf[clientLedgerly]); q.Get("state") != "one" || !q.Has("code") {
		t.Errorf("told %v", q)
	}
	if q := b.deny(second, formTwo).tells(redirectOf[clientNotebook]); q.Get("state") != "two" || q.Get("error") != "access_denied" {
		t.Errorf("told %v", q)
	}
	sent := f.decisions()
	if len(sent) != 1 || sent[0]["client_id"] != seedClients()[clientLedgerly] || sent[0]["state"] != "one" {
		t.Errorf("sent %v", sent)
	}
	if b.cookies[session.WantedCookieName] != "" {
		t.Error("the request is kept after the decision")
	}
	b.post(paths.Logout, url.Values{})
	if to := b.proves(ada).header.Get("Location"); strings.HasPrefix(to, paths.Authorize) {
		t.Error("a later sign-in leads to it again")
	}
}

// TestAnotherPageWantedLater wins over an app's request.
func TestAnotherPageWantedLater(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.browser()
	b.get(asks(clientLedgerly)).leads(paths.Login)
	later := paths.Members(f.organization("support-desk"))
	b.get(later, "Sec-Fetch-Dest", "document").want(http.StatusSeeOther)
	b.proves(ada).leads(later)
	// Too old a request is none, and neither is one that was changed.
	b = f.browser()
	b.get(asks(clientLedgerly)).leads(paths.Login)
	kept := b.cookies[session.WantedCookieName]
	f.advance(15*time.Minute + time.Second)
	if to := b.proves(ada).header.Get("Location"); strings.HasPrefix(to, paths.Authorize) {
		t.Error("after 15 minutes it is wanted still")
	}
	other := f.browser()
	other.get(asks(clientLedgerly)).leads(paths.Login)
	kept = other.cookies[session.WantedCookieName][:40] + kept[40:]
	other.cookies[session.WantedCookieName] = kept
	if to := other.proves(sam).header.Get("Location"); strings.HasPrefix(to, paths.Authorize) {
		t.Error("a changed cookie opens")
	}
}

// TestSessionGone: whose session the upstream has ended signs in again, and comes back to the request.
func TestSessionGone(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	for _, client := range []string{clientLedgerly, clientWarehouse} {
		b := f.fresh()
		b.proves(ada)
		f.endElsewhere("support-desk")
		b.get(asks(client)).leads(paths.Login)
		if b.person() != nil {
			t.Error("still signed in")
		}
		b.proves(ada).leads(asks(client))
		b.get(asks(client)).want(http.StatusOK)
		f.endElsewhere("support-desk")
		b.get(asks(client, "prompt", "none")).tellsError(client, "login_required")
	}
	// In another organization than the one signed in to it is entered again.
	b := f.signIn(ada, "support-desk").enter("acme")
	at := asksAt(paths.Authorize, "acme", clientWarehouse)(f.fixture)
	f.endElsewhere("acme")
	before := len(f.decisions())
	b.get(at).leads(at)
	b.get(at).want(http.StatusOK).says("Support").formTo(paths.Authorize)
	if len(f.decisions()) != before {
		t.Error("it went straight on from an organization that was not meant")
	}
}
