package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// revoked are the organizations whose sessions a page has ended upstream.
func (a *answer) revoked() []string {
	var out []string
	for _, c := range a.calls() {
		if c.Operation == stytch.SessionRevoke.String() && c.Status == http.StatusOK {
			out = append(out, c.OrganizationID)
		}
	}
	slices.Sort(out)
	return out
}

// isSignedIn says whether a browser is.
func (b *browser) isSignedIn() bool {
	return b.clone().get(paths.Organizations+"?show=mine").status != http.StatusSeeOther
}

func TestCookieFromBeforeIsWorthless(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.browser()
	// One that an attacker has planted is not taken over.
	b.cookies[session.CookieName] = "planted-planted-planted-planted-planted-pla"
	b.discover(ada)
	if b.cookies[session.CookieName] == "planted-planted-planted-planted-planted-pla" {
		t.Error("a planted cookie became the session")
	}
	middle := b.clone()
	b.post(paths.LoginOrganizations, choose("support-desk")(b)).leads(paths.Organizations)
	if middle.cookies[session.CookieName] == b.cookies[session.CookieName] {
		t.Error("the cookie did not change when the sign-in ended")
	}
	if middle.isSignedIn() || middle.proved() {
		t.Error("the cookie from before the sign-in is signed in")
	}
	if !b.isSignedIn() {
		t.Error("not signed in")
	}
	good := b.cookies[session.CookieName]
	for _, bad := range []string{good[1:], good[:len(good)-1], good + "A", swapped(good), strings.ToUpper(good), "", " " + good + "x", strings.Repeat(good, 50)} {
		s := f.browser()
		s.cookies[session.CookieName] = bad
		if bad != good && s.isSignedIn() {
			t.Errorf("signed in with a cookie that was changed")
		}
	}
}

func TestSigningInAsSomebodyElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme").enter("umbrella")
	old := b.clone()
	b.ask(sam, "", "code")
	a := b.post(paths.LoginCode, mailedCode(sam)(b)).leads(paths.LoginOrganizations)
	want := []string{f.staffID, f.organization("acme"), f.organization("umbrella")}
	slices.Sort(want)
	if got := a.revoked(); !slices.Equal(got, want) {
		t.Errorf("revoked %v, want %v", got, want)
	}
	if old.isSignedIn() || b.isSignedIn() {
		t.Error("somebody is signed in between the two")
	}
	b.post(paths.LoginOrganizations, choose("support-desk")(b)).leads(paths.Organizations)
	b.get(paths.Organization(f.organization("acme"))).want(http.StatusOK).says("Enter Acme Corporation").saysNot(ada)
}

// TestSomebodyElseByEveryWay signs in as another person, by every way and without signing out first: everything of the
// first one ends, here and upstream.
func TestSomebodyElseByEveryWay(t *testing.T) {
	t.Parallel()
	for _, first := range primaries {
		for _, page := range []string{paths.Login, paths.LoginFor("acme")} {
			t.Run(first.name+" at "+page, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				w := &visitor{b: f.signIn(ada, "support-desk").enter("umbrella")}
				first.prove(w.open(page), aaron)
				if page == paths.Login {
					w.press("Acme Corporation")
				}
				if first.unproven {
					w.press("E-mail me a code").press("Continue", "code", f.lastMail(aaron).Code)
				}
				w.signedIn(aaron, "acme")
				want := []string{f.staffID, f.organization("umbrella")}
				slices.Sort(want)
				if got := f.revoked(); !slices.Equal(got, want) {
					t.Errorf("revoked %v, want %v", got, want)
				}
				w.open(paths.Organization(f.organization("umbrella"))).saysNot(ada)
			})
		}
	}
}

// revoked are the organizations whose sessions were ended upstream.
func (f *fixture) revoked() []string {
	var out []string
	for _, c := range f.sandbox.Requests() {
		if c.Operation == stytch.SessionRevoke.String() && c.Status == http.StatusOK {
			out = append(out, c.OrganizationID)
		}
	}
	slices.Sort(out)
	return out
}

func TestSignOutEndsEverything(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	b.get("/organizations?x=1")
	tab := b.clone()
	a := b.post(paths.Logout, url.Values{}).leads(paths.Login + "?notice=out")
	want := []string{f.staffID, f.organization("acme")}
	slices.Sort(want)
	if got := a.revoked(); !slices.Equal(got, want) {
		t.Errorf("revoked %v, want %v", got, want)
	}
	if got := a.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data is %s", got)
	}
	if len(b.cookies) > 0 {
		t.Errorf("cookies are left: %d", len(b.cookies))
	}
	if tab.isSignedIn() {
		t.Error("the cookie still works in another tab")
	}
	b.get(paths.Login + "?notice=out").want(http.StatusOK).says("You are signed out.")
}

func TestSignOutWithoutTheUpstream(t *testing.T) {
	t.Parallel()
	for _, fault := range []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: http.StatusInternalServerError},
		{Kind: sandbox.FaultReset},
		{Kind: sandbox.FaultHTML},
		{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests},
	} {
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		tab := b.clone()
		f.fault(fault)
		b.post(paths.Logout, url.Values{}).leads(paths.Login + "?notice=here")
		b.get(paths.Login + "?notice=here").want(http.StatusOK).says("You are signed out here. Stytch did not confirm")
		f.sandbox.ClearFaults()
		if tab.isSignedIn() || len(b.cookies) > 0 {
			t.Errorf("%s: still signed in", fault.Kind)
		}
	}
}

// TestRequestFromBeforeSignOut lets a request end after the sign-out that came in between.
func TestRequestFromBeforeSignOut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		who  func(*fixture) *browser
		slow stytch.Operation
		send func(*browser) *answer
		made string // slug of the organization whose new session must be revoked
	}{
		{"enter", signed(ada, "support-desk"), stytch.SessionExchange, func(b *browser) *answer {
			return b.post(paths.Enter(b.f.organization("acme")), url.Values{})
		}, "acme"},
		{"choose", discovered, stytch.IntermediateExchange, func(b *browser) *answer {
			return b.post(paths.LoginOrganizations, choose("support-desk")(b))
		}, "support-desk"},
		{"code", again(signed(ada, "support-desk"), olivia, "acme", "code"), stytch.CodeAuthenticate, func(b *browser) *answer {
			return b.post(paths.LoginCode, mailedCode(olivia)(b))
		}, "acme"},
		{"leave", signed(ada, "support-desk", "acme"), stytch.SessionRevoke, func(b *browser) *answer {
			return b.post(paths.Leave(b.f.organization("acme")), url.Values{})
		}, ""},
		{"page", signed(ada, "support-desk", "acme"), stytch.SSOConnectionsList, func(b *browser) *answer {
			return b.get(paths.Organization(b.f.organization("acme")))
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := tt.who(f)
			late := b.clone()
			a := f.during(tt.slow, func() *answer { return tt.send(late) }, func() { signOutUnheard(b) })
			if late.isSignedIn() || b.isSignedIn() || late.proved() {
				t.Error("signed in after signing out")
			}
			for _, line := range a.header.Values("Set-Cookie") {
				if c, err := http.ParseSetCookie(line); err == nil && c.Name == session.CookieName && c.MaxAge >= 0 && c.Value != "" {
					t.Error("the late answer sets the session cookie again")
				}
			}
			if tt.made != "" {
				a.want(http.StatusUnauthorized)
				if got := a.revoked(); !slices.Equal(got, []string{f.organization(tt.made)}) {
					t.Errorf("revoked %v, want the session that was just made", got)
				}
			}
		})
	}
}

// TestParallelEntersLoseNoKey enters many tenants at once from as many tabs.
func TestParallelEntersLoseNoKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	slugs := []string{"acme", "umbrella", "hostile", "meadow", "harbour", "linden"}
	var wg sync.WaitGroup
	for i := range 50 {
		tab := b.clone()
		wg.Go(func() {
			id := f.organization(slugs[i%len(slugs)])
			if a := tab.post(paths.Enter(id), values("return", paths.Members(id))); a.status != http.StatusSeeOther {
				t.Errorf("%s: status %d", slugs[i%len(slugs)], a.status)
			}
			tab.get(paths.Members(id))
		})
	}
	wg.Wait()
	for _, slug := range slugs {
		a := b.get(paths.Organization(f.organization(slug))).want(http.StatusOK)
		if strings.HasPrefix(a.h1(), "Enter") || a.text(`.sw a[aria-current="true"] span`) == "" {
			t.Errorf("the key to %s is lost", slug)
		}
	}
	// Every session that was made is on the ring, or was ended: none lives on that nobody can end.
	made := f.called(stytch.SessionExchange)
	a := b.post(paths.Logout, url.Values{})
	ended := len(a.revoked())
	for _, r := range f.sandbox.Requests() {
		if r.Operation == stytch.SessionRevoke.String() && r.Page != a.page && r.Status == http.StatusOK {
			ended++
		}
	}
	if ended != made+1 {
		t.Errorf("%d sessions were made and %d ended", made+1, ended)
	}
}

func TestSessionLimits(t *testing.T) {
	t.Parallel()
	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk")
		for range 3 {
			f.advance(30*time.Minute - 10*time.Second)
			b.get(paths.Organizations).want(http.StatusOK)
		}
		f.advance(30*time.Minute - 10*time.Second)
		b.get(paths.Static + "x") // reading a file is no use of a session
		f.advance(10 * time.Second)
		b.get(paths.Organizations).leads(paths.Login)
		f.advance(-time.Hour)
		b.get(paths.Organizations).leads(paths.Login)
	})
	t.Run("length", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{sessionHours: 2})
		f.sandbox.Advance(time.Hour) // the keys last longer than the session, which ends all the same
		b := f.signIn(ada, "support-desk")
		for range 5 {
			f.ahead.Add(int64(20 * time.Minute))
			b.get(paths.Organizations).want(http.StatusOK)
		}
		f.ahead.Add(int64(20*time.Minute - 10*time.Second))
		b.get(paths.Organizations).want(http.StatusOK)
		f.ahead.Add(int64(10 * time.Second))
		b.get(paths.Organizations).leads(paths.Login)
	})
}

// TestSessionsThatEndUpstream ends a key's session behind the console's back.
func TestSessionsThatEndUpstream(t *testing.T) {
	t.Parallel()
	gone := func(f *fixture, op stytch.Operation) {
		f.fault(sandbox.Fault{Operation: op.String(), Kind: sandbox.FaultStatus, Status: http.StatusNotFound, ErrorType: "session_not_found", Count: 1})
	}
	t.Run("tenant", func(t *testing.T) {
		t.Parallel()
		for _, op := range []stytch.Operation{stytch.MembersSearch} {
			f := newFixture(t, setup{})
			b := f.signIn(ada, "support-desk").enter("acme")
			path := paths.Members(f.organization("acme")) + "?email_contains=oli"
			b.get(path).want(http.StatusOK)
			gone(f, op)
			b.get(path).leads(path)
			b.get(path).want(http.StatusOK).says("Your session in Acme Corporation has ended.").says("Enter Acme Corporation")
			b.post(paths.Enter(f.organization("acme")), values("return", path)).leads(path)
			b.get(path).want(http.StatusOK).says(olivia)
		}
	})
	t.Run("overview", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		path := paths.Organization(f.organization("acme"))
		gone(f, stytch.SCIMConnectionGet)
		b.get(path).leads(path)
		b.get(path).want(http.StatusOK).says("Enter Acme Corporation")
	})
	t.Run("home", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk").enter("acme")
		wanted := paths.Organizations + "?name=acme"
		gone(f, stytch.SessionAuthenticate)
		b.get(wanted).leads(paths.Login)
		if b.isSignedIn() {
			t.Error("signed in without the home session")
		}
		b.discover(ada)
		b.post(paths.LoginOrganizations, choose("support-desk")(b)).leads(wanted)
	})
	t.Run("a form", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.signIn(ada, "support-desk")
		gone(f, stytch.SessionExchange)
		b.post(paths.Enter(f.organization("acme")), url.Values{}).want(http.StatusUnauthorized).says("Your session has ended")
	})
	t.Run("in time", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{sessionHours: 1})
		b := f.signIn(ada, "support-desk").enter("acme")
		f.sandbox.Advance(time.Hour + time.Minute) // the upstream's clock alone: the console finds out by asking
		b.get(paths.Members(f.organization("acme"))).want(http.StatusSeeOther)
		b.get(paths.Organizations).leads(paths.Login)
	})
}
