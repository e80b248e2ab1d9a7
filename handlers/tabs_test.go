package handlers_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// tab is one tab of a browser whose session the others share: it shows one organization.
type tab struct {
	*browser

	slug, id string
	own      string // what its forms say in the field "organization"
	last     string // the name that it gave last
	enrolled bool
	posts    *atomic.Int64
}

// about fails if the page had a call that is about another organization than the tab's, or that carries the session of one.
func (b *tab) about(a *answer, what string) {
	for _, c := range a.calls() {
		if strings.ReplaceAll(c.OrganizationID+c.TargetOrganizationID, b.id, "") != "" {
			b.f.t.Errorf("%s of %s: %s is about %s with the session of %s", what, b.slug, c.Operation, c.TargetOrganizationID, c.OrganizationID)
		}
	}
}

func (b *tab) send(path string, form url.Values) *answer {
	b.posts.Add(1)
	if b.own != "" {
		form.Set("organization", b.own)
	}
	return b.post(path, form)
}

func (b *tab) rename(name string) {
	a := b.send(paths.AccountName, values("name", name))
	if a.status != http.StatusSeeOther || a.header.Get("Location") != paths.Own(paths.Account, b.own) {
		b.f.t.Errorf("rename in %s: status %d to %q", b.slug, a.status, a.header.Get("Location"))
	}
	if got := strings.Join(a.operations(), " "); got != stytch.OwnNameUpdate.String() {
		b.f.t.Errorf("rename in %s: %s", b.slug, got)
	}
	b.about(a, "rename")
	b.last = name
}

func (b *tab) enrol(yes bool) {
	value := "no"
	if yes {
		value = "yes"
	}
	a := b.send(paths.AccountMFA, values("enrolled", value))
	if a.status != http.StatusSeeOther || len(a.calls()) != 1 {
		b.f.t.Errorf("enrol in %s: status %d, %v", b.slug, a.status, a.operations())
	}
	b.about(a, "enrol")
	b.enrolled = yes
}

// looks sees that the page is the tab's own, with the name that it gave last.
func (b *tab) looks() {
	a := b.get(paths.Own(paths.Account, b.own))
	b.about(a, "page")
	if got := a.doc().Find("main input[name=name]").AttrOr("value", ""); a.status != http.StatusOK || b.last != "" && got != b.last {
		b.f.t.Errorf("page of %s: status %d, the name is %q, want %q", b.slug, a.status, got, b.last)
	}
	if got := a.doc().Find("main input[name=organization]").AttrOr("value", ""); got != b.own {
		b.f.t.Errorf("page of %s: its forms are about %q", b.slug, got)
	}
}

// act does something at random.
func (b *tab) act(r *rand.Rand, i int) {
	switch n := r.IntN(10); {
	case n < 6:
		b.rename(fmt.Sprintf("Ada of %s, %d", b.slug, i))
	case n < 8:
		b.enrol(!b.enrolled)
	default:
		b.looks()
	}
}

// A thousand forms from many tabs on one session, of which each shows another organization: none acts on the wrong one.
func TestTabsDoNotMix(t *testing.T) {
	t.Parallel()
	const want = 1000
	f := newFixture(t, setup{unchecked: true}) // for the sake of time: every other test is held to the contract
	b := f.signIn(ada, "support-desk").enter("acme").enter("umbrella")
	var posts atomic.Int64
	open := func(slug string) *tab {
		return &tab{browser: b.clone(), slug: slug, id: f.organization(slug), own: f.organization(slug), posts: &posts}
	}
	home := open("support-desk")
	home.own = ""
	tabs := []*tab{home, open("acme"), open("umbrella")}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var wg sync.WaitGroup
	for i, one := range tabs {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		wg.Go(func() {
			for n := 0; posts.Load() < want-100; n++ {
				one.act(r, n)
			}
		})
	}
	// Beside them one tenant is entered and left all the time, and two are on the way that ask for a second factor.
	wg.Go(func() {
		linden := open("linden")
		for posts.Load() < want-100 {
			a := linden.send(paths.Enter(linden.id), url.Values{})
			if a.status != http.StatusSeeOther {
				t.Errorf("enter: status %d", a.status)
			}
			a = linden.send(paths.Leave(linden.id), url.Values{})
			if got := a.revoked(); a.status != http.StatusSeeOther || len(got) != 1 || got[0] != linden.id {
				t.Errorf("leave: status %d, revoked %v", a.status, got)
			}
		}
	})
	wg.Go(func() {
		for posts.Load() < want-100 {
			for _, slug := range []string{"globex", "only-totp"} {
				middle := open(slug)
				a := middle.send(paths.Enter(middle.id), url.Values{})
				if to := a.header.Get("Location"); to != paths.LoginMFAFor(middle.id, "") {
					t.Errorf("%s: status %d to %q", slug, a.status, to)
				}
				a = middle.send(paths.LoginMFA, values("organization_id", middle.id, "method", "sms_otp", "code", "12"))
				if got := a.doc().Find("main input[name=organization_id]").AttrOr("value", ""); a.status != http.StatusUnprocessableEntity || got != middle.id || len(a.calls()) > 0 {
					t.Errorf("%s: status %d, the page is about %q", slug, a.status, got)
				}
			}
		}
	})
	wg.Wait()
	for posts.Load() < want {
		tabs[posts.Load()%3].rename(fmt.Sprintf("Ada, %d", posts.Load()))
	}
	for _, one := range tabs {
		one.enrol(false) // else signing in there to look would need a second factor
		one.looks()
	}
	t.Logf("%d forms", posts.Load())
	for _, one := range tabs {
		if got := f.nameOf(one.slug); got != one.last {
			t.Errorf("%s: the name is %q, want %q", one.slug, got, one.last)
		}
	}
	if got := f.nameOf("linden"); got != "Ada Whitfield" {
		t.Errorf("a tenant that no form was about: the name is %q", got)
	}
}

// Two tabs set an app up in two organizations: each keeps its own key, and takes only the codes of that.
func TestTabsOfTwoSetUps(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]struct {
		slugs []string
		begin func(b *browser, slug string) (page string)
		take  func(b *browser, slug, code string) *answer
	}{
		"on the way in": {[]string{"globex", "only-totp"}, func(b *browser, slug string) string {
			id := b.f.organization(slug)
			b.post(paths.Enter(id), url.Values{}).leads(paths.LoginMFAFor(id, ""))
			b.post(paths.LoginMFAStart, values("organization_id", id, "method", "totp")).leads(paths.LoginMFAFor(id, "totp"))
			return paths.LoginMFAFor(id, "totp")
		}, func(b *browser, slug, code string) *answer {
			return b.post(paths.LoginMFA, values("organization_id", b.f.organization(slug), "method", "totp", "code", code))
		}},
		"of one's own": {[]string{"acme", "umbrella"}, func(b *browser, slug string) string {
			page := paths.Own(paths.AccountTOTP, b.f.organization(slug))
			b.enter(slug).post(paths.AccountTOTP, values("organization", b.f.organization(slug))).leads(page)
			return page
		}, func(b *browser, slug, code string) *answer {
			return b.post(paths.AccountTOTPCode, values("organization", b.f.organization(slug), "code", code))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.signIn(ada, "support-desk")
			pages := map[string]string{}
			for _, slug := range steps.slugs {
				pages[slug] = steps.begin(b, slug)
			}
			first, second := steps.slugs[0], steps.slugs[1]
			shows := func(slug string) bool {
				a := b.get(pages[slug]).want(http.StatusOK)
				secret, other := f.app(slug, ada).Secret, f.app(first, ada).Secret
				if slug == first {
					other = f.app(second, ada).Secret
				}
				text := strings.ReplaceAll(a.text("main"), " ", "")
				return strings.Contains(text, secret) && !strings.Contains(a.body, other)
			}
			if !shows(first) || !shows(second) {
				t.Error("a page shows another key than its own")
			}
			steps.take(b, first, f.app(second, ada).Code).want(http.StatusUnprocessableEntity)
			steps.take(b, second, f.app(first, ada).Code).want(http.StatusUnprocessableEntity)
			if !shows(first) || !shows(second) {
				t.Error("after a wrong code a page shows another key than its own")
			}
			for _, slug := range steps.slugs {
				app := f.app(slug, ada)
				a := steps.take(b, slug, app.Code).want(http.StatusOK)
				for _, other := range steps.slugs {
					if codes := f.app(other, ada).RecoveryCodes; strings.Contains(a.body, codes[0]) != (other == slug) {
						t.Errorf("the recovery codes of %s after setting up %s", other, slug)
					}
				}
				if key := b.get(paths.Organization(f.organization(slug))).want(http.StatusOK); strings.HasPrefix(key.h1(), "Enter") {
					t.Errorf("%s is not entered", slug)
				}
			}
		})
	}
}

// The answer of one tab never sets the cookie of the others to something else while nobody signs in or out.
func TestTabsKeepTheirCookie(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	cookie := b.cookies["__Host-session"]
	acme := f.organization("acme")
	for _, a := range []*answer{
		b.post(paths.Enter(acme), url.Values{}),
		b.post(paths.AccountName, values("name", "A", "organization", acme)),
		b.post(paths.AccountEmail, values("email", "ada@new.example", "organization", acme)),
		b.post(paths.Enter(f.organization("globex")), url.Values{}),
		b.get(paths.LoginMFAFor(f.organization("globex"), "")),
		b.post(paths.Leave(acme), url.Values{}),
	} {
		for _, line := range a.header.Values("Set-Cookie") {
			if strings.HasPrefix(line, "__Host-session=") && !strings.HasPrefix(line, "__Host-session="+cookie+";") {
				t.Errorf("%q sets another cookie", a.h1())
			}
		}
	}
	if b.cookies["__Host-session"] != cookie || !b.isSignedIn() {
		t.Error("the session has changed")
	}
}
