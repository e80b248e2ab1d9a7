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

func TestAccountMFA(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for _, form := range []url.Values{values(), values("default", "sso"), values("enrolled", "perhaps")} {
		b.post(paths.AccountMFA, form).want(http.StatusBadRequest)
	}
	b.post(paths.AccountMFA, values("default", "totp")).leads(paths.Account)
	b.get(paths.Account).says("You do not have that second factor any more.")
	b.post(paths.AccountMFA, values("enrolled", "yes")).leads(paths.Account)
	page := b.get(paths.Account)
	page.says("A second factor is asked for at each sign-in from now on.")
	if got := page.row("At each sign-in"); !strings.Contains(got, "You have none yet: the next sign-in sets one up.") {
		t.Errorf("the page says %q", got)
	}
	b.post(paths.AccountMFA, values("enrolled", "no")).leads(paths.Account)
	if got := b.get(paths.Account).row("At each sign-in"); !strings.Contains(got, "No second factor") {
		t.Errorf("the page says %q", got)
	}
	both := f.signInSecond(daniel)
	if got := both.get(paths.Account).row("Authenticator app"); !strings.Contains(got, "Asked for first.") {
		t.Errorf("the app is %q", got)
	}
	both.post(paths.AccountMFA, values("default", "sms_otp")).leads(paths.Account)
	if got := both.get(paths.Account).row("Text message"); !strings.Contains(got, "Asked for first.") {
		t.Errorf("the phone is %q", got)
	}
}

func TestAccountTOTP(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.get(paths.AccountTOTP).want(http.StatusOK).says("Begin")
	b.post(paths.AccountTOTPCode, values("code", "123456")).leads(paths.AccountTOTP)
	b.post(paths.AccountTOTP, values()).leads(paths.AccountTOTP)
	app := f.app("acme", aaron)
	shown := func(a *answer) bool {
		return strings.ReplaceAll(a.text(".key code"), " ", "") == app.Secret && a.doc().Find("svg.qr path").Length() == 1
	}
	for range 2 {
		if !shown(b.get(paths.AccountTOTP)) {
			t.Fatal("the set-up page does not show the key, or not after a reload")
		}
	}
	// Nobody else's browser sees it.
	if a := f.signIn(olivia, "acme").get(paths.AccountTOTP); strings.Contains(a.body, app.Secret[:4]) {
		t.Error("another member sees the key")
	}
	for typed, trouble := range map[string]string{"12": "six digits", other(app.Code): "not right", app.RecoveryCodes[0]: "six digits"} {
		a := b.post(paths.AccountTOTPCode, values("code", typed)).want(http.StatusUnprocessableEntity)
		if got := a.text("#code-e"); !strings.Contains(got, trouble) {
			t.Errorf("%s: it says %q, want %q", typed, got, trouble)
		}
		if !shown(a) {
			t.Errorf("%s: the key is lost", typed)
		}
	}
	// A second set-up beside it is refused, and can be thrown away.
	second := f.signIn(aaron, "acme").post(paths.AccountTOTP, values()).want(http.StatusUnprocessableEntity)
	if second.says("begun and not finished"); !second.offers(paths.AccountTOTPRemove) {
		t.Error("there is no way on from a set-up that is not finished")
	}
	done := b.post(paths.AccountTOTPCode, values("code", app.Code, "enrol", "yes")).want(http.StatusOK)
	for _, code := range app.RecoveryCodes {
		if !strings.Contains(done.body, code) {
			t.Errorf("the recovery code %s is not shown", code)
		}
	}
	page := b.get(paths.Account)
	if got := page.row("Authenticator app"); !strings.Contains(got, "Set up") || page.offers(paths.AccountTOTP) {
		t.Errorf("the app is %q", got)
	}
	if got := page.row("At each sign-in"); !strings.Contains(got, "A second factor is asked for") {
		t.Errorf("at sign-in %q", got)
	}
	if a := b.get(paths.AccountTOTP).want(http.StatusOK); strings.Contains(a.body, app.Secret[:4]) {
		t.Error("the key is shown after it was used")
	}
	b.post(paths.AccountTOTP, values()).want(http.StatusUnprocessableEntity).says("Remove it first")
	f.advance(time.Minute)
	f.signInSecond(aaron).post(paths.AccountTOTPRemove, values()).leads(paths.Account)
	if a := b.get(paths.AccountTOTP).want(http.StatusOK); strings.Contains(a.body, app.Secret[:4]) {
		t.Error("the key is shown again after the app was removed elsewhere")
	}
}

// TestAccountTOTPIsOptional leaves the box alone.
func TestAccountTOTPIsOptional(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.post(paths.AccountTOTP, values()).leads(paths.AccountTOTP)
	b.post(paths.AccountTOTPCode, values("code", f.app("acme", aaron).Code)).want(http.StatusOK)
	if got := b.get(paths.Account).row("At each sign-in"); !strings.Contains(got, "No second factor") {
		t.Errorf("at sign-in %q", got)
	}
}

// TestAccountTOTPLate lets the set-up pass.
func TestAccountTOTPLate(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.post(paths.AccountTOTP, values()).leads(paths.AccountTOTP)
	code := f.app("acme", aaron).Code
	f.advance(11 * time.Minute)
	b.post(paths.AccountTOTPCode, values("code", code)).leads(paths.AccountTOTP)
	b.get(paths.AccountTOTP).says("That took longer than ten minutes. Start again.")
}

// TestAccountPhoneAfterApp proves the app before a phone is added beside it, by the app and by a recovery code.
func TestAccountPhoneAfterApp(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"totp", "recovery_code"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := f.firstOnly(edwin)
			form := values("phone", "+44 (20) 7946-0958")
			asked := b.post(paths.AccountPhone, form).want(http.StatusUnauthorized)
			asked.says("To add a phone number, prove it once more.")
			if asked.hasCalled(stytch.SMSSend) {
				t.Fatal("the text was sent before the app was proven")
			}
			if got := asked.doc().Find("input[name=phone]").First().AttrOr("value", ""); got != form.Get("phone") {
				t.Errorf("%q is left of what was typed", got)
			}
			form.Set("proof_method", method)
			form.Set("proof_code", "000000")
			b.post(paths.AccountPhone, form).want(http.StatusUnprocessableEntity)
			app := f.app("acme", edwin)
			form.Set("proof_code", map[string]string{"totp": app.Code, "recovery_code": app.RecoveryCodes[0]}[method])
			b.post(paths.AccountPhone, form).leads(paths.AccountPhone)
			b.get(paths.AccountPhone).says("+442079460958")
		})
	}
}

func TestAccountTOTPAfterPhone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.addPhone("+442079460958", "")
	b = f.signIn(aaron, "acme")
	asked := b.post(paths.AccountTOTP, values()).want(http.StatusUnauthorized)
	if asked.hasCalled(stytch.TOTPCreate) {
		t.Fatal("the app was begun before the phone was proven")
	}
	b.post(paths.AccountTOTP, values("proof_method", "sms_otp", "proof_send", "yes")).want(http.StatusOK)
	b.post(paths.AccountTOTP, values("proof_method", "sms_otp", "proof_code", f.lastMail("+442079460958").Code)).leads(paths.AccountTOTP)
	b.get(paths.AccountTOTP).says("Recovery codes come next.")
}

// addPhone sets text messages up.
func (b *browser) addPhone(number, enrol string) {
	b.f.t.Helper()
	b.post(paths.AccountPhone, values("phone", number)).leads(paths.AccountPhone)
	b.post(paths.AccountPhoneCode, values("code", b.f.lastMail(number).Code, "enrol", enrol)).leads(paths.Account)
}

func TestAccountPhone(t *testing.T) {
	t.Parallel()
	const number = "+442079460958"
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for typed, trouble := range map[string]string{
		"": "country code", "020 7946 0958": "country code", "+44 20 79X6": "country code", "+819012345678": "belongs to another member",
	} {
		a := b.post(paths.AccountPhone, values("phone", typed)).want(http.StatusUnprocessableEntity)
		if got := a.text("#phone-e"); !strings.Contains(got, trouble) {
			t.Errorf("%q: it says %q, want %q", typed, got, trouble)
		}
		if got := a.doc().Find("#phone").AttrOr("value", ""); got != typed {
			t.Errorf("%q was typed, and %q is left", typed, got)
		}
	}
	b.post(paths.AccountPhoneCode, values("code", "123456")).leads(paths.AccountPhone)
	b.post(paths.AccountPhone, values("phone", "+44 (20) 7946-0958")).leads(paths.AccountPhone)
	b.get(paths.AccountPhone).says("A code is on its way to " + number)
	code := f.lastMail(number).Code
	for typed, trouble := range map[string]string{"1": "six digits", other(code): "not right"} {
		a := b.post(paths.AccountPhoneCode, values("code", typed)).want(http.StatusUnprocessableEntity)
		if got := a.text("#code-e"); !strings.Contains(got, trouble) {
			t.Errorf("%q: it says %q, want %q", typed, got, trouble)
		}
		a.says(number)
	}
	f.advance(3 * time.Minute)
	b.post(paths.AccountPhoneCode, values("code", code)).want(http.StatusUnprocessableEntity)
	if got := b.get(paths.Account).row("Text message"); !strings.Contains(got, "Not confirmed") {
		t.Errorf("before its code the phone is %q", got)
	}
	b.post(paths.AccountPhone, values("phone", number)).leads(paths.AccountPhone)
	b.post(paths.AccountPhoneCode, values("code", f.lastMail(number).Code, "enrol", "yes")).leads(paths.Account)
	page := b.get(paths.Account)
	page.says("Texts go to the number that ends in 0958 from now on.")
	if got := page.row("At each sign-in"); !strings.Contains(got, "A second factor is asked for") {
		t.Errorf("at sign-in %q", got)
	}
	b.get(paths.AccountPhone).says("Remove it first")
	if a := b.post(paths.AccountPhone, values("phone", "+442079460000")).want(http.StatusUnprocessableEntity); a.hasCalled(stytch.SMSSend) {
		t.Error("a second number gets a text")
	}
}

// TestAccountPhoneIsLimited keeps somebody from texting on the project's account.
func TestAccountPhoneIsLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	for range 5 {
		b.post(paths.AccountPhone, values("phone", newPhone)).leads(paths.AccountPhone)
	}
	a := b.post(paths.AccountPhone, values("phone", newPhone)).want(http.StatusTooManyRequests)
	if a.says("Five messages were sent"); a.hasCalled(stytch.SMSSend) {
		t.Error("a sixth text is sent")
	}
}

// TestAccountCodesAreLimited tries codes until the console lets none through.
func TestAccountCodesAreLimited(t *testing.T) {
	t.Parallel()
	for address, begin := range map[string]func(*browser){
		paths.AccountEmailCode: func(b *browser) { b.post(paths.AccountEmail, values("email", newEmail)) },
		paths.AccountTOTPCode:  func(b *browser) { b.post(paths.AccountTOTP, values()) },
		paths.AccountPhoneCode: func(b *browser) { b.post(paths.AccountPhone, values("phone", newPhone)) },
	} {
		f := newFixture(t, setup{})
		b := f.signIn(aaron, "acme")
		begin(b)
		for range 10 {
			b.post(address, values("code", "000000"))
		}
		a := b.post(address, values("code", "000000")).want(http.StatusTooManyRequests)
		if got := a.text("#code-e"); !strings.Contains(got, "Ten tries") {
			t.Errorf("%s: it says %q", address, got)
		}
		for _, c := range a.calls() {
			if c.Operation != stytch.SessionAuthenticate.String() {
				t.Errorf("%s: it calls %s", address, c.Operation)
			}
		}
	}
}

// TestAccountPhoneNotConfirmed finishes with the number that the account has.
func TestAccountPhoneNotConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ines, "acme")
	page := b.get(paths.AccountPhone).want(http.StatusOK)
	page.says("Your number is +351912345678")
	if page.doc().Find("input[name=phone]:not([type=hidden])").Length() != 0 || !page.offers(paths.AccountPhoneRemove) {
		t.Error("another number can be typed, which the upstream would refuse")
	}
	b.post(paths.AccountPhone, values("phone", "+15555550100")).leads(paths.AccountPhone)
	b.post(paths.AccountPhoneCode, values("code", f.lastMail("+351912345678").Code)).leads(paths.Account)
}

func TestAccountRemove(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		who     func(*fixture) *browser
		address string
		demand  bool
		says    []string
		row     string
	}{
		{"app beside a phone", func(f *fixture) *browser { return f.signInSecond(daniel) }, paths.AccountTOTPRemove, false, []string{"all recovery codes stop working", "Text messages stay"}, "Authenticator app"},
		{"phone beside an app", func(f *fixture) *browser { return f.signInSecond(daniel) }, paths.AccountPhoneRemove, false, []string{"ends in 0123", "The authenticator app stays"}, "Text message"},
		{"only one, wanted", func(f *fixture) *browser { return f.signInSecond(edwin) }, paths.AccountTOTPRemove, false, []string{"your only second factor, and you want to be asked"}, "Authenticator app"},
		{"only one, demanded", func(f *fixture) *browser { return f.signInSecond(edwin) }, paths.AccountTOTPRemove, true, []string{"the organization demands one"}, "Authenticator app"},
		{"only one, not asked for", func(f *fixture) *browser { return f.firstOnly(edwin) }, paths.AccountTOTPRemove, false, []string{"Without it your first factor alone"}, "Authenticator app"},
		{"not confirmed", signed(ines, "acme"), paths.AccountPhoneRemove, false, []string{"another number can be set up"}, "Text message"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			b := tt.who(f)
			if tt.demand {
				f.configure("acme", func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" })
			}
			asks := b.get(tt.address).want(http.StatusOK)
			for _, words := range tt.says {
				asks.says(words)
			}
			if got := b.get(paths.Account).row(tt.row); strings.Contains(got, "Not set up") {
				t.Fatal("asking has removed it")
			}
			b.post(tt.address, values()).leads(paths.Account)
			page := b.get(paths.Account)
			if got := page.row(tt.row); !strings.Contains(got, "Not set up") {
				t.Errorf("it is %q", got)
			}
			page.says("is removed.")
			b.post(tt.address, values()).leads(paths.Account)
			b.get(paths.Account).says("It was gone already.")
		})
	}
}

// TestAccountRemoveUnfinished throws away a set-up that another browser began.
func TestAccountRemoveUnfinished(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	first, b := f.signIn(aaron, "acme"), f.signIn(aaron, "acme")
	first.post(paths.AccountTOTP, values()).leads(paths.AccountTOTP)
	b.post(paths.AccountTOTP, values()).want(http.StatusUnprocessableEntity)
	b.get(paths.AccountTOTPRemove).says("Throw the unfinished set-up away?")
	b.post(paths.AccountTOTPRemove, values()).leads(paths.Account)
	b.post(paths.AccountTOTP, values()).leads(paths.AccountTOTP)
	// One's own is thrown away as well, and not shown any more.
	b.post(paths.AccountTOTPRemove, values()).leads(paths.Account)
	b.get(paths.AccountTOTP).says("Begin")
}

// TestAccountRemoveUnconfirmed takes back a number while its code is on its way.
func TestAccountRemoveUnconfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(aaron, "acme")
	b.post(paths.AccountPhone, values("phone", newPhone)).leads(paths.AccountPhone)
	b.post(paths.AccountPhoneRemove, values()).leads(paths.Account)
	if a := b.get(paths.AccountPhone); a.doc().Find("#phone").Length() != 1 {
		t.Error("no other number is asked for")
	}
	b.addPhone(newPhone, "")
	f.signIn(aaron, "acme").post(paths.AccountPhoneRemove, values()).leads(paths.Account)
	if a := b.get(paths.AccountPhone); a.doc().Find("#phone").Length() != 1 {
		t.Error("no other number is asked for after it was removed elsewhere")
	}
}

func TestAccountRecoveryCodes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	address := paths.AccountRecoveryCodes
	old := f.app("acme", daniel).RecoveryCodes
	if a := b.get(address).want(http.StatusOK); len(a.calls()) != 0 || strings.Contains(a.body, old[0]) {
		t.Error("opening the page reads the codes")
	}
	b.post(address, values("act", "both")).want(http.StatusBadRequest)
	for _, act := range []string{"show", "new"} {
		a := b.post(address, values("act", act)).want(http.StatusOK)
		now := f.app("acme", daniel).RecoveryCodes
		for _, code := range now {
			if !strings.Contains(a.body, code) {
				t.Errorf("%s: %s is not shown", act, code)
			}
		}
		if (now[0] != old[0]) != (act == "new") {
			t.Errorf("%s: the codes are %s, they were %s", act, now[0], old[0])
		}
	}
	f.advance(6 * time.Minute)
	a := b.post(address, values("act", "show")).want(http.StatusUnauthorized)
	if a.hasCalled(stytch.OwnRecoveryCodesGet) || strings.Contains(a.body, f.app("acme", daniel).RecoveryCodes[0]) {
		t.Error("the codes are read without a fresh proof")
	}
	a = b.post(address, values("act", "show", "proof_method", "totp", "proof_code", f.app("acme", daniel).Code)).want(http.StatusOK)
	a.says(f.app("acme", daniel).RecoveryCodes[0])
	without := f.signIn(aaron, "acme")
	without.post(address, values("act", "show")).want(http.StatusUnprocessableEntity).says("You have none.")
}
