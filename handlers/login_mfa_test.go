package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

const (
	hank  = "hank@globex.example"          // a phone, which is the usual factor
	owen  = "owen.gallagher@acme.example"  // enrolled, and has nothing yet
	grace = "grace.adeyemi@globex.example" // an app, which is the usual factor, and a phone
	iris  = "iris.field@only-totp.example" // nothing yet, where everybody must have an app
	jonah = "jonah.reef@only-sms.example"  // nothing yet, where everybody must have a phone

	hanksPhone = "+14155550142"
)

// half is a person who has come as far as the second factor of an organization.
func (f *fixture) half(email, slug string) *visitor {
	f.t.Helper()
	w := f.visitor().open(paths.LoginFor(slug))
	byCode(w, email)
	if !strings.HasPrefix(w.at, paths.LoginMFA+"?") || w.status != http.StatusOK {
		f.t.Fatalf("%s (%d %q), want the page of the second factor", w.at, w.status, w.h1())
	}
	return w
}

// TestSecondFactorPages looks at what each kind of member is asked for.
func TestSecondFactorPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		email, slug, head string
		says, ways        []string
	}{
		{hank, "globex", "A second factor is needed", []string{"Globex", "is on its way to", "ends in 0142"}, nil},
		{nadia, "globex", "A second factor is needed", []string{"authenticator app"}, []string{"Use a recovery code"}},
		{grace, "globex", "A second factor is needed", []string{"authenticator app"}, []string{"Use a text message", "Use a recovery code"}},
		{daniel, "acme", "A second factor is needed", []string{"Acme Corporation"}, []string{"Use a text message", "Use a recovery code"}},
		{owen, "acme", "Set up a second factor", []string{"none there yet"}, []string{"Set up an authenticator app", "Get codes by text message"}},
		{ada, "globex", "Set up a second factor", []string{"none there yet"}, []string{"Set up an authenticator app", "Get codes by text message"}},
		{iris, "only-totp", "Set up an authenticator app", []string{"Lantern Works"}, []string{"Set up an authenticator app"}},
		{jonah, "only-sms", "Set up text messages", []string{"Pebble Post"}, []string{"Send a code"}},
	}
	all := []string{"Use the authenticator app", "Use a text message", "Use a recovery code", "Set up an authenticator app", "Get codes by text message"}
	for _, tt := range tests {
		t.Run(tt.email+" in "+tt.slug, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			w := f.half(tt.email, tt.slug)
			if w.h1() != tt.head {
				t.Errorf("the page is %q, want %q", w.h1(), tt.head)
			}
			for _, words := range append(tt.says, "10 minutes", "Start again") {
				w.says(words)
			}
			for _, way := range all {
				wanted := false
				for _, has := range tt.ways {
					wanted = wanted || has == way
				}
				if w.offers(way) != wanted {
					t.Errorf("offers %q: %t", way, !wanted)
				}
			}
			if phone := w.text("main"); strings.Contains(phone, hanksPhone) || strings.Contains(phone, "+44207") {
				t.Error("a whole phone number is shown to who is half signed in")
			}
			w.wayOn()
			w.b.get(paths.Organization(f.organization(tt.slug))).leads(paths.Login)
			if w.b.isSignedIn() {
				t.Error("signed in without the second factor")
			}
		})
	}
}

// TestTextThatIsSentAtOnce signs in by the text that the upstream sends by itself, and by another one.
func TestTextThatIsSentAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(hank, "globex")
	w.press("Continue", "code", f.lastMail(hanksPhone).Code)
	w.signedIn(hank, "globex")

	w = f.half(hank, "globex")
	old := f.lastMail(hanksPhone).Code
	w.press("Send another code").want(http.StatusOK).says("is on its way")
	if w.press("Continue", "code", old); w.status != http.StatusUnprocessableEntity {
		t.Errorf("the older text still works: %d", w.status)
	}
	w.press("Continue", "code", f.lastMail(hanksPhone).Code).signedIn(hank, "globex")
}

// TestSecondFactorsThatDoNotWork tries every code that is not good: the page stays, says so beside the field, and the good
// one works after it.
func TestSecondFactorsThatDoNotWork(t *testing.T) {
	t.Parallel()
	const (
		app      = "app"
		text     = "text message"
		recovery = "recovery code"
	)
	good := func(f *fixture, way string) string {
		switch way {
		case app:
			return f.app("globex", grace).Code
		case text:
			return f.lastMail("+14155550170").Code
		}
		return f.app("globex", grace).RecoveryCodes[0]
	}
	fresh := func(f *fixture, way string) string {
		if way == app {
			return f.app("globex", grace).NextCode
		}
		if way == recovery {
			return f.app("globex", grace).RecoveryCodes[0]
		}
		return f.lastMail("+14155550170").Code
	}
	reach := map[string]func(*visitor){
		app:      func(*visitor) {},
		text:     func(w *visitor) { w.click("Use a text message").press("Send a code") },
		recovery: func(w *visitor) { w.click("Use a recovery code") },
	}
	tests := []struct {
		name string
		ways []string
		code func(f *fixture, way string) string
		says string
		// silent says that the upstream is not asked.
		silent bool
	}{
		{"wrong", []string{app, text}, func(f *fixture, way string) string { return flipped(good(f, way)) }, "not right", false},
		{"wrong", []string{recovery}, func(*fixture, string) string { return "aaaa-bbbb-cccc" }, "not right", false},
		{"bit flipped", []string{recovery}, func(f *fixture, way string) string { return flippedLetter(good(f, way)) }, "not right", false},
		{"expired", []string{text}, func(f *fixture, way string) string {
			code := good(f, way)
			f.advance(2 * time.Minute)
			return code
		}, "not right", false},
		{"expired", []string{app}, func(f *fixture, way string) string {
			code := good(f, way)
			f.advance(90 * time.Second)
			return code
		}, "not right", false},
		{"used", []string{app, text, recovery}, func(f *fixture, way string) string {
			other := f.half(grace, "globex")
			reach[way](other)
			code := good(f, way)
			other.press("Continue", "code", code).signedIn(grace, "globex")
			return code
		}, "", false},
		{"another's", []string{app}, func(f *fixture, _ string) string { return f.app("globex", nadia).Code }, "not right", false},
		{"another's", []string{recovery}, func(f *fixture, _ string) string { return f.app("globex", nadia).RecoveryCodes[0] }, "not right", false},
		{"another's", []string{text}, func(f *fixture, _ string) string {
			f.half(hank, "globex")
			return f.lastMail(hanksPhone).Code
		}, "not right", false},
		{"of another organization", []string{app}, func(f *fixture, _ string) string { return f.app("acme", daniel).Code }, "not right", false},
		{"of another organization", []string{recovery}, func(f *fixture, _ string) string { return f.app("acme", daniel).RecoveryCodes[0] }, "not right", false},
		{"truncated", []string{app, text}, func(f *fixture, way string) string { return good(f, way)[:5] }, "six digits", true},
		{"truncated", []string{recovery}, func(f *fixture, way string) string { return good(f, way)[:13] }, "twelve letters", true},
		{"longer", []string{app, text}, func(f *fixture, way string) string { return good(f, way) + "0" }, "six digits", true},
		{"empty", []string{app, text}, func(*fixture, string) string { return "" }, "six digits", true},
		{"empty", []string{recovery}, func(*fixture, string) string { return "" }, "twelve letters", true},
		{"of the wrong kind", []string{app, text}, func(f *fixture, _ string) string { return good(f, recovery) }, "six digits", true},
		{"of the wrong kind", []string{recovery}, func(f *fixture, _ string) string { return good(f, app) }, "twelve letters", true},
		{"other digits", []string{app, text}, func(*fixture, string) string { return "١٢٣٤٥٦" }, "six digits", true},
		{"hostile", []string{app, text}, func(*fixture, string) string { return "<script>alert(1)</script>" }, "six digits", true},
		{"hostile", []string{recovery}, func(*fixture, string) string { return "<b>\"'&--\x00" }, "twelve letters", true},
	}
	for _, tt := range tests {
		for _, way := range tt.ways {
			t.Run(way+", "+tt.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				w := f.half(grace, "globex")
				reach[way](w)
				code := tt.code(f, way)
				w.press("Continue", "code", code)
				if w.status != http.StatusUnprocessableEntity || !strings.Contains(w.text("#code-e"), tt.says) || w.text("#code-e") == "" {
					t.Fatalf("status %d %q, beside the field %q, want 422 and %q", w.status, w.h1(), w.text("#code-e"), tt.says)
				}
				if tt.silent != (len(w.calls()) == 0) {
					t.Errorf("calls %v", w.operations())
				}
				if w.b.isSignedIn() {
					t.Error("signed in")
				}
				w.wayOn().saysNot("<script>alert")
				if got := w.doc().Find("#code").AttrOr("value", ""); got != "" {
					t.Errorf("the code is sent back: %q", got)
				}
				for _, other := range []string{"Use the authenticator app", "Use a text message", "Use a recovery code"} {
					if here := map[string]string{app: "Use the authenticator app", text: "Use a text message", recovery: "Use a recovery code"}[way]; w.offers(other) == (other == here) {
						t.Errorf("offers %q: %t", other, other == here)
					}
				}
				if way == text {
					w.press("Send another code")
				}
				w.press("Continue", "code", " "+strings.ToUpper(fresh(f, way))+" ").signedIn(grace, "globex")
			})
		}
	}
}

// flippedLetter is a recovery code with its last letter changed.
func flippedLetter(code string) string {
	last := byte('a')
	if code[len(code)-1] == 'a' {
		last = 'b'
	}
	return code[:len(code)-1] + string(last)
}

// TestManyWrongCodes runs into the console's limit and then into the upstream's lock; both say so, and neither is a dead end.
func TestManyWrongCodes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(nadia, "globex")
	id := f.organization("globex")
	wrong := func() *answer {
		return w.b.post(paths.LoginMFA, values("organization_id", id, "method", "totp", "code", flipped(f.app("globex", nadia).Code)))
	}
	for range 10 {
		wrong().want(http.StatusUnprocessableEntity)
	}
	a := wrong()
	if a.status != http.StatusTooManyRequests || !strings.Contains(a.text("#code-e"), "Ten codes") || len(a.calls()) > 0 {
		t.Errorf("the eleventh code: %d %q, calls %v", a.status, a.text("#code-e"), a.operations())
	}
	a.wayOn()
	f.advance(16 * time.Minute)
	locked := f.visitor().open(paths.LoginFor("globex"))
	byCode(locked, nadia)
	locked.want(http.StatusUnprocessableEntity).says("none works for an hour").wayOn()
	f.advance(time.Hour)
	f.half(nadia, "globex").press("Continue", "code", f.app("globex", nadia).Code).signedIn(nadia, "globex")
	// Somebody who is locked out while the page is open.
	w = f.half(grace, "globex")
	f.fault(sandbox.Fault{
		Operation: stytch.TOTPAuthenticate.String(), Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests,
		ErrorType: "user_lock_limit_reached", Count: 1,
	})
	w.press("Continue", "code", f.app("globex", grace).Code).want(http.StatusUnprocessableEntity).says("no code works for an hour").wayOn()
}

// TestSecondFactorMayBecomeTheUsualOne makes the phone the factor that is asked for first.
func TestSecondFactorMayBecomeTheUsualOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(daniel, "acme")
	if w.doc().Find("input[name=default]").Length() > 0 {
		t.Error("the usual factor is offered as the usual one")
	}
	w.click("Use a recovery code")
	if w.doc().Find("input[name=default]").Length() > 0 {
		t.Error("recovery codes are offered as the usual factor")
	}
	w.click("Use a text message").press("Send a code").press("Continue", "code", f.lastMail(danielsPhone).Code, "default", "yes")
	w.signedIn(daniel, "acme")
	f.half(daniel, "acme").says("is on its way to").says("ends in 0123")
}

// TestEnteringThatAsksForASecondFactor enters an organization beside the one signed in to.
func TestEnteringThatAsksForASecondFactor(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := &visitor{b: f.signIn(sam, "support-desk").enter("acme")}
	id := f.organization("globex")
	wanted := paths.Members(id) + "?status=active"
	w.follow("", w.b.post(paths.Enter(id), values("return", wanted)))
	if w.h1() != "A second factor is needed" {
		t.Fatalf("%s (%d %q)", w.at, w.status, w.h1())
	}
	w.says("Globex")
	if w.offers("Start again") {
		t.Error("the way out leads to signing in again")
	}
	cookie := w.b.cookies["__Host-session"]
	w.b.clone().get(paths.OwnOrganizations).want(http.StatusOK) // the session goes on meanwhile
	w.press("Continue", "code", f.lastMail(samsPhone).Code)
	if w.at != wanted {
		t.Fatalf("%s (%d %q), want %s", w.at, w.status, w.h1(), wanted)
	}
	if w.b.cookies["__Host-session"] != cookie {
		t.Error("entering changed the session")
	}
	for _, slug := range []string{"support-desk", "acme", "globex"} {
		if a := w.b.get(paths.Organization(f.organization(slug))).want(http.StatusOK); strings.HasPrefix(a.h1(), "Enter") {
			t.Errorf("the key to %s is lost", slug)
		}
	}
	// A factor that is not given leaves everything as it was.
	w.b.post(paths.Leave(id), url.Values{})
	w.b.post(paths.Enter(id), url.Values{}).leads(paths.LoginMFAFor(id, ""))
	w.open(paths.LoginMFAFor(id, "")).click("Choose another organization").want(http.StatusOK)
	w.b.get(paths.Members(id)).says("Enter Globex")
}

// TestSecondFactorEnds lets the ten minutes of a sign-in in the middle pass, and asks for sign-ins that are not there.
func TestSecondFactorEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	id := f.organization("globex")
	w := f.half(nadia, "globex")
	w.b.clone().get(paths.LoginMoreFor(id)).leads(paths.LoginNotice("expired")) // it is no first factor that is missing
	f.advance(9*time.Minute + 20*time.Second)
	w.open(w.at).want(http.StatusOK).says("less than a minute")
	f.advance(40 * time.Second)
	w.press("Continue", "code", f.app("globex", nadia).Code)
	if w.at != paths.LoginNotice("expired") {
		t.Fatalf("%s (%d)", w.at, w.status)
	}
	w.says("longer than ten minutes").wayOn()
	// The upstream's clock alone: the console finds out by asking.
	w = f.half(nadia, "globex")
	f.sandbox.Advance(10 * time.Minute)
	w.press("Continue", "code", f.app("globex", nadia).Code)
	if w.at != paths.LoginNotice("expired") {
		t.Errorf("%s (%d)", w.at, w.status)
	}
	if w.b.halfway() {
		t.Error("the page is still there")
	}
	for _, b := range []*browser{f.browser(), f.half(nadia, "globex").b} {
		for _, other := range []string{"", "../x", missingOrganization, f.organization("acme")} {
			b.get(paths.LoginMFAFor(other, "")).leads(paths.LoginNotice("expired"))
			for _, path := range []string{paths.LoginMFA, paths.LoginMFAStart} {
				if a := b.post(path, values("organization_id", other, "method", "totp", "code", "123456")).leads(paths.LoginNotice("expired")); len(a.calls()) > 0 {
					t.Errorf("%s: calls %v", path, a.operations())
				}
			}
		}
	}
	// A way that the member does not have.
	b := f.half(nadia, "globex").b
	for _, method := range []string{"", "sms_otp", "password", "<script>"} {
		for _, path := range []string{paths.LoginMFA, paths.LoginMFAStart} {
			a := b.post(path, values("organization_id", id, "method", method, "code", "123456", "phone", hanksPhone)).want(http.StatusUnprocessableEntity)
			if len(a.calls()) > 0 || a.text("[role=alert]") == "" {
				t.Errorf("%s %q: calls %v", path, method, a.operations())
			}
			a.wayOn()
		}
	}
}
