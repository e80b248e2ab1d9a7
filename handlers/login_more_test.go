package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// onlyWays are organizations that take one first factor alone: the name of it among the primaries, and how somebody goes
// on who came by another one.
var onlyWays = []struct {
	slug, method string
	goOn         func(w *visitor)
}{
	{"only-link", "magic_link", func(w *visitor) {
		w.press("E-mail me a link")
		w.openLink(w.b.f.lastMail(ada).Link).press("Continue")
	}},
	{"only-code", "email_otp", func(w *visitor) {
		w.press("E-mail me a code").press("Continue", "code", w.b.f.lastMail(ada).Code)
	}},
	{"only-password", "password", func(w *visitor) {
		w.click("Use a password").press("Sign in", "email", ada, "password", sandbox.SeedPassword)
	}},
	{"only-google", "google_oauth", func(w *visitor) {
		w.click("Continue with Google")
		w.back(ada).press("Continue")
	}},
}

const moreHead = "Another way to sign in is needed"

// TestOneWayOnly comes to an organization that takes one way in by each of the others. A reset password counts like a password.
func TestOneWayOnly(t *testing.T) {
	t.Parallel()
	for _, only := range onlyWays {
		for _, first := range primaries {
			t.Run(only.slug+" by "+first.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				w := f.visitor().open("/login")
				first.prove(w, ada)
				list := w.named("button", tenantNames[only.slug])
				w.press(tenantNames[only.slug])
				if first.method == only.method {
					w.signedIn(ada, only.slug)
					return
				}
				if !strings.Contains(list.Text(), moreNeeded) {
					t.Errorf("the list does not say that more is needed: %q", list.Text())
				}
				if w.status != http.StatusOK || w.h1() != moreHead {
					t.Fatalf("%d %q, want the page of the other ways", w.status, w.h1())
				}
				w.says(tenantNames[only.slug]).says(ada).says("minutes")
				if n := w.doc().Find("main form.stk button, main a.w-full").Length(); n != 1 {
					t.Errorf("%d ways on, want the one that the organization takes", n)
				}
				only.goOn(w)
				w.signedIn(ada, only.slug)
			})
		}
	}
}

const moreNeeded = "Another way to sign in needed"

// wayless are organizations that take nothing that the console has: one that asks for single sign-on, and one that takes
// Google, in a console without providers.
var wayless = []struct {
	slug, says string
	options    func(*handlers.Options)
}{
	{"initech", "Single sign-on", func(*handlers.Options) {}},
	{"only-google", "Google", func(o *handlers.Options) { o.PublicToken = "" }},
	{"only-google", "Google", func(o *handlers.Options) { o.OAuthProviders = []string{"github"} }},
}

// TestNoWayOfTheConsole says what the organization takes, and leads out again.
func TestNoWayOfTheConsole(t *testing.T) {
	t.Parallel()
	for _, tt := range wayless {
		f := newFixture(t, setup{})
		o := f.options()
		tt.options(&o)
		f.handler = handlers.New(o)
		for _, b := range []*browser{f.browser(), f.signIn(ada, "support-desk")} {
			w := &visitor{b: b}
			if b.isSignedIn() {
				w.open(paths.OwnOrganizations)
				w.follow(w.at, b.post(paths.Enter(f.organization(tt.slug)), values()))
			} else {
				w.open("/login")
				byCode(w, ada)
				w.press(tenantNames[tt.slug])
			}
			w.want(http.StatusOK).says(tt.says).says("You are not signed in there.")
			if w.h1() != moreHead || w.doc().Find("main form").Length() > 0 {
				t.Errorf("%s: %q, with a form: %t", tt.slug, w.h1(), w.doc().Find("main form").Length() > 0)
			}
			w.click("Choose another organization").want(http.StatusOK)
			if !strings.Contains(w.text("main"), "Acme Corporation") {
				t.Errorf("%s: the way back leads to %q", tt.slug, w.h1())
			}
		}
	}
}

// TestEnteringThatAsksForAnotherWay enters an organization beside the one signed in to, which takes another first factor.
func TestEnteringThatAsksForAnotherWay(t *testing.T) {
	t.Parallel()
	for _, only := range onlyWays {
		if only.method == "email_otp" {
			continue // what everybody came by here
		}
		t.Run(only.slug, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			w := &visitor{b: f.signIn(ada, "support-desk").enter("acme")}
			id := f.organization(only.slug)
			wanted := paths.Members(id)
			w.follow("", w.b.post(paths.Enter(id), values("return", wanted)))
			if w.h1() != moreHead {
				t.Fatalf("%d %q", w.status, w.h1())
			}
			cookie := w.b.cookies["__Host-session"]
			only.goOn(w)
			if w.at != wanted || w.status != http.StatusOK {
				t.Fatalf("%s (%d %q), want %s", w.at, w.status, w.h1(), wanted)
			}
			w.says("You entered " + tenantNames[only.slug])
			if w.b.cookies["__Host-session"] != cookie {
				t.Error("entering changed the session")
			}
			for _, slug := range []string{"support-desk", "acme", only.slug} {
				if a := w.b.get(paths.Organization(f.organization(slug))).want(http.StatusOK); strings.HasPrefix(a.h1(), "Enter") {
					t.Errorf("the key to %s is lost", slug)
				}
			}
		})
	}
}

// TestFactorsCountTogether comes with two factors of which neither is enough alone: the organization takes GitHub only,
// which does not show that the address is the person's own.
func TestFactorsCountTogether(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.configure("acme", func(s *sandbox.Settings) {
		s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"github_oauth"}
	})
	w := f.visitor().open(paths.Login)
	byLink(w, aaron)
	w.press("Acme Corporation").says("does not take the way you came")
	w.click("Continue with GitHub")
	w.back(aaron).press("Continue").signedIn(aaron, "acme")
}

// TestAnotherWayEnds lets the ten minutes of a sign-in in the middle pass.
func TestAnotherWayEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	id := f.organization("only-link")
	w := f.visitor().open("/login")
	byCode(w, ada)
	f.advance(4 * time.Minute)
	w.press(tenantNames["only-link"]).want(http.StatusOK).says("6 minutes")        // the token's time runs on
	w.b.clone().get(paths.LoginMFAFor(id, "")).leads(paths.LoginNotice("expired")) // it is no second factor that is missing
	f.advance(5*time.Minute + 30*time.Second)
	w.open(paths.LoginMoreFor(id)).want(http.StatusOK).says("less than a minute")
	late := w.b.clone()
	f.advance(30 * time.Second)
	w.press("E-mail me a link")
	if w.at != paths.LoginNotice("expired") || w.status != http.StatusOK {
		t.Errorf("%s (%d)", w.at, w.status)
	}
	w.says("longer than ten minutes").wayOn()
	late.get(paths.LoginMoreFor(id)).leads(paths.LoginNotice("expired"))

	s := f.signIn(ada, "support-desk")
	s.post(paths.Enter(id), values()).leads(paths.LoginMoreFor(id))
	f.advance(10 * time.Minute)
	s.get(paths.LoginMoreFor(id)).leads(paths.OwnOrganizations)
	s.get(paths.OwnOrganizations).want(http.StatusOK).says("longer than ten minutes")
	for _, other := range []string{"", "../x", missingOrganization, f.organization("acme"), f.organization("globex")} {
		s.get(paths.LoginMoreFor(other)).leads(paths.OwnOrganizations)
		s.post(paths.LoginMore, values("organization_id", other, "method", "link")).leads(paths.OwnOrganizations)
	}
}

// TestAnotherWayThatIsNotTaken asks for what the organization does not take, and too often.
func TestAnotherWayThatIsNotTaken(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, slug := range []string{"only-link", "only-code"} {
		f.advance(16 * time.Minute)
		w := f.visitor().open("/login")
		byProvider("Google")(w, ada)
		w.press(tenantNames[slug])
		id, right := f.organization(slug), map[string]string{"only-link": "link", "only-code": "code"}[slug]
		for _, method := range []string{"", "link", "code", "password", "reset", "<script>"} {
			if method == right {
				continue
			}
			a := w.b.post(paths.LoginMore, values("organization_id", id, "method", method)).want(http.StatusUnprocessableEntity)
			if a.text("[role=alert]") == "" || len(a.calls()) > 0 || a.h1() != moreHead {
				t.Errorf("%s, %q: %q, calls %v", slug, method, a.h1(), a.operations())
			}
			a.wayOn().saysNot("<script>")
		}
		for range 5 {
			w.b.post(paths.LoginMore, values("organization_id", id, "method", right)).leads(paths.LoginSent)
		}
		a := w.b.post(paths.LoginMore, values("organization_id", id, "method", right)).want(http.StatusTooManyRequests).says("Five messages")
		if len(a.calls()) > 0 {
			t.Errorf("calls %v", a.operations())
		}
	}
}

// TestAnotherPersonOnTheWay comes back from a provider as somebody else than who is half signed in: what they proved
// before does not count for them.
func TestAnotherPersonOnTheWay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.configure("acme", func(s *sandbox.Settings) {
		s.AuthMethods, s.AllowedAuthMethods = "RESTRICTED", []string{"google_oauth"}
	})
	w := f.visitor().open("/login")
	byCode(w, ada)
	w.press("Acme Corporation")
	half := w.b.clone()
	w.click("Continue with Google")
	w.back(sam).press("Continue").signedIn(sam, "acme")
	if half.halfway() || half.proved() {
		t.Error("the first person is still half signed in")
	}
}

// tenantNames are what the pages call organizations.
var tenantNames = map[string]string{
	"only-link": "Willow Books", "only-code": "Cobalt Ceramics", "only-password": "Keystone Archive", "only-google": "Marigold Press",
	"initech": "Initech",
}
