package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// TestSettingUpAnApp keeps the key over a reload and a wrong code, and shows the recovery codes once.
func TestSettingUpAnApp(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(iris, "only-totp").press("Set up an authenticator app").want(http.StatusOK)
	secret := f.app("only-totp", iris).Secret
	shows := func(when string) {
		t.Helper()
		if key := strings.ReplaceAll(w.text("main .key code"), " ", ""); key != secret {
			t.Errorf("%s the key is %q", when, key)
		}
		if w.doc().Find("main svg.qr path").AttrOr("d", "") == "" {
			t.Errorf("%s there is no QR code", when)
		}
	}
	shows("at first")
	w.open(w.at)
	shows("after a reload")
	w.press("Continue", "code", flipped(f.app("only-totp", iris).Code)).want(http.StatusUnprocessableEntity)
	shows("after a wrong code")
	// Whoever goes back and presses the button again has begun nothing new.
	w.follow("", w.b.post(paths.LoginMFAStart, values("organization_id", f.organization("only-totp"), "method", "totp")))
	w.want(http.StatusOK)
	shows("after the button was pressed again")
	if w.text("[role=alert]") != "" {
		t.Errorf("pressed again it says %q", w.text("[role=alert]"))
	}
	if calls := f.called(stytch.TOTPCreate); calls != 1 {
		t.Errorf("%d registrations were begun", calls)
	}
	w.press("Continue", "code", f.app("only-totp", iris).Code).want(http.StatusOK)
	if w.h1() != "Recovery codes" {
		t.Fatalf("the page is %q", w.h1())
	}
	w.click("Go on to Lantern Works").signedIn(iris, "only-totp")
}

// TestSetUpBegunElsewhere meets a registration that another browser has begun.
func TestSetUpBegunElsewhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.half(iris, "only-totp").press("Set up an authenticator app").want(http.StatusOK)
	w := f.half(iris, "only-totp").press("Set up an authenticator app")
	w.want(http.StatusUnprocessableEntity).says("ends by itself after ten minutes").wayOn()
	f.advance(10 * time.Minute)
	w = f.half(iris, "only-totp").press("Set up an authenticator app").want(http.StatusOK)
	w.press("Continue", "code", f.app("only-totp", iris).Code).click("Go on to").signedIn(iris, "only-totp")
}

// TestSetUpThatIsGone meets a registration that Stytch has dropped: it is begun anew, and the old key is not shown again.
func TestSetUpThatIsGone(t *testing.T) {
	t.Parallel()
	for kind, status := range map[string]int{"expired_totp": http.StatusBadRequest, "totp_not_found": http.StatusNotFound} {
		f := newFixture(t, setup{})
		w := f.half(iris, "only-totp").press("Set up an authenticator app")
		f.fault(sandbox.Fault{Operation: stytch.TOTPAuthenticate.String(), Kind: sandbox.FaultStatus, Status: status, ErrorType: kind, Count: 1})
		w.press("Continue", "code", f.app("only-totp", iris).Code).want(http.StatusUnprocessableEntity)
		if w.text("[role=alert]") == "" || !w.offers("Set up an authenticator app") || strings.Contains(w.text("main"), f.app("only-totp", iris).Secret[:4]) {
			t.Errorf("%s: %q", kind, w.text("main"))
		}
	}
}

// TestSettingUpAPhone asks for the number, and for another one where it was wrong.
func TestSettingUpAPhone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(jonah, "only-sms")
	for _, number := range []string{"", "020 7946 0958", "+44", "+0123456789", "+44 20 7946 0958 ext 3", "+44٢٠79460958", "<script>alert(1)</script>", "+1234567890123456"} {
		w.press("Send a code", "phone", number)
		if w.status != http.StatusUnprocessableEntity || w.text("#phone-e") == "" || len(w.calls()) > 0 {
			t.Errorf("%q: %d, beside the field %q, calls %v", number, w.status, w.text("#phone-e"), w.operations())
		}
		if got := w.doc().Find("#phone").AttrOr("value", ""); got != number {
			t.Errorf("%q is lost: %q", number, got)
		}
	}
	w.press("Send a code", "phone", "+44 20.7946-0958").want(http.StatusOK)
	w.press("Continue", "code", flipped(f.lastMail("+442079460958").Code)).want(http.StatusUnprocessableEntity)
	w.press("Send another code")
	w.press("Continue", "code", f.lastMail("+442079460958").Code).signedIn(jonah, "only-sms")
	// Another member's number is refused in words.
	g := newFixture(t, setup{})
	w = g.half(ada, "globex").click("Get codes by text message").press("Send a code", "phone", hanksPhone)
	if w.status != http.StatusUnprocessableEntity || !strings.Contains(w.text("#phone-e"), "another member") {
		t.Errorf("another's number: %d %q", w.status, w.text("#phone-e"))
	}
}

// TestPhoneThatWasMistyped leaves a way in: Stytch keeps the first number that was named, and nobody has proved it.
func TestPhoneThatWasMistyped(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	mistyped := func() *visitor {
		return f.half(ada, "globex").click("Get codes by text message").press("Send a code", "phone", "+442079460000").want(http.StatusOK)
	}
	w := mistyped()
	if w.offers("Use another number") {
		w.click("Use another number").press("Send a code", "phone", "+442079460958")
		t.Errorf("another number is offered, and refused: %d %q", w.status, w.text("#phone-e"))
	}
	// The next time too there is a way past the number: nobody has proved it, so it is no factor yet.
	later := f.half(ada, "globex")
	for _, w := range []*visitor{w, later} {
		w.open(paths.LoginMFAFor(f.organization("globex"), ""))
		if !w.offers("Set up an authenticator app") {
			t.Fatalf("a number that nobody has is the only way in: %q", w.text("main"))
		}
	}
	w = later.click("Get codes by text message").says("Only an administrator")
	if w.doc().Find("input[name=phone]").Length() > 0 || !w.offers("Send a code") {
		t.Error("another number is asked for, which Stytch does not take")
	}
	w.press("Send a code").want(http.StatusOK).says("ends in 0000").says("Only an administrator")
	w.press("Set up an authenticator app").press("Continue", "code", f.app("globex", ada).Code).click("Go on to").signedIn(ada, "globex")
}

// TestFactorThatTheOrganizationDoesNotTake has the organization change its mind about the factor that the member has.
func TestFactorThatTheOrganizationDoesNotTake(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	f.configure("globex", func(s *sandbox.Settings) { s.AllowedMFAMethods = []string{"totp"} })
	w := f.half(hank, "globex")
	if w.offers("Use a text message") {
		t.Error("a text message is offered")
	}
	w.press("Set up an authenticator app").wayOn()
	if w.status != http.StatusUnprocessableEntity || strings.Contains(w.text("main"), "code is not right") || w.text("[role=alert]") == "" {
		t.Errorf("%d %q", w.status, w.text("[role=alert]"))
	}
	// Who has the other one as well uses that.
	w = f.half(grace, "globex")
	if w.offers("Use a text message") {
		t.Error("a text message is offered")
	}
	w.press("Continue", "code", f.app("globex", grace).Code).signedIn(grace, "globex")
}
