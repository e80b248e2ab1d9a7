package handlers_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// unmarked are the routes that call an operation which needs a fresh factor, and do not say so.
func unmarked(routes []handlers.Route) []string {
	var out []string
	for _, r := range routes {
		if !r.Fresh && slices.ContainsFunc(r.Calls, func(op stytch.Operation) bool { return op.Row().Fresh }) {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

// The table of operations says what is so sensitive, and the table of routes follows it.
func TestRoutesAskForFreshFactors(t *testing.T) {
	t.Parallel()
	routes := handlers.Routes()
	for _, name := range unmarked(routes) {
		t.Errorf("%s does not ask for a factor that was proven just now", name)
	}
	sensitive := map[stytch.Operation]bool{}
	for _, op := range stytch.Operations() {
		if op.Row().Fresh {
			sensitive[op] = true
		}
	}
	n := 0
	for i := range routes {
		r := routes[i]
		if !r.Fresh {
			continue
		}
		n++
		if !slices.Contains(r.Calls, stytch.SessionAuthenticate) {
			t.Errorf("%s %s cannot find out how old the factors are", r.Method, r.Path)
		}
		for _, op := range r.Calls {
			delete(sensitive, op)
		}
		routes[i].Fresh = false
		if got := unmarked(routes); len(got) != 1 || got[0] != r.Method+" "+r.Path {
			t.Errorf("%s %s would not be missed: %v", r.Method, r.Path, got)
		}
		routes[i].Fresh = true
	}
	if n == 0 || len(sensitive) > 0 {
		t.Errorf("%d routes, and no route for %v", n, sensitive)
	}
}

// sensitive is an act that asks for a fresh factor.
type sensitive struct {
	what string // as the page says it
	path func(*fixture) string
	form []string
	op   stytch.Operation
	done int // the status when it is done
}

var (
	seeCodes = sensitive{"To see the recovery codes,", place(paths.AccountRecoveryCodes), []string{"act", "show"}, stytch.OwnRecoveryCodesGet, http.StatusOK}
	newCodes = sensitive{"To see the recovery codes,", place(paths.AccountRecoveryCodes), []string{"act", "new"}, stytch.OwnRecoveryCodesRotate, http.StatusOK}
	// The password is typed when the proof is given, so that no page carries it on.
	setPassword = sensitive{"To set a password,", place(paths.AccountPassword), []string{"way", "session"}, stytch.PasswordSessionReset, http.StatusOK}
)

// firstFactorOnly is daniel, who has everything, signed in by the first factor alone.
func firstFactorOnly(f *fixture) *browser { return f.firstOnly(daniel) }

func bothFactors(f *fixture) *browser { return f.signInSecond(daniel) }

// proofsOf are the ways in which daniel proves himself: what is sent, and something like it that is wrong.
var proofsOf = map[string]struct {
	right func(*fixture) string
	wrong string
	sends string // where the code goes that is asked for first
}{
	"totp":          {nextCode("acme", daniel), "000000", ""},
	"sms_otp":       {mailed(danielsPhone), "000000", danielsPhone},
	"recovery_code": {firstRecoveryCode("acme", daniel), "aaaa-bbbb-cccc", ""},
	"password":      {made(sandbox.SeedPassword), "not-the-password", ""},
	"code":          {mailed(daniel), "000000", daniel},
}

// Older than five minutes, and the page asks; each way proves it, and the act goes on with what was typed.
func TestStepUp(t *testing.T) {
	t.Parallel()
	type row struct {
		name string
		who  func(*fixture) *browser
		act  sensitive
		ways []string
	}
	second, all := []string{"totp", "sms_otp", "recovery_code"}, []string{"totp", "sms_otp", "recovery_code", "password", "code"}
	n := 0
	for _, r := range []row{
		{"codes, two factors", bothFactors, seeCodes, second},
		{"codes, one factor", firstFactorOnly, seeCodes, all},
		{"new codes, two factors", bothFactors, newCodes, second},
		{"password, two factors", bothFactors, setPassword, second},
		{"password, one factor", firstFactorOnly, setPassword, all},
	} {
		for _, way := range r.ways {
			n++
			t.Run(r.name+" by "+way, func(t *testing.T) {
				t.Parallel()
				f := newTapped(t, setup{}, nil)
				b := r.who(f.fixture)
				f.sandbox.Advance(6 * time.Minute)
				stepUp(t, f, b, r.act, way, r.ways)
			})
		}
	}
	t.Logf("%d cells", n)
}

// stepUp goes through an act with one way of proving oneself.
func stepUp(t *testing.T, f *tapped, b *browser, act sensitive, way string, ways []string) {
	t.Helper()
	path, typed, proof := act.path(f.fixture), values(act.form...), proofsOf[way]
	asked := func(a *answer, status int) {
		t.Helper()
		a.want(status)
		if a.h1() != "Show that it is you" || a.hasCalled(act.op) {
			t.Fatalf("the page is %q after %v", a.h1(), a.operations())
		}
		a.says(act.what)
		for _, form := range a.doc().Find("main form").EachIter() {
			if form.AttrOr("action", "") != path || form.AttrOr("method", "") != "post" {
				t.Errorf("a form leads to %q", form.AttrOr("action", ""))
			}
			for name := range typed {
				if got := form.Find(`input[type=hidden][name="`+name+`"]`).AttrOr("value", "none"); got != typed.Get(name) {
					t.Errorf("%s was %q and is %q", name, typed.Get(name), got)
				}
			}
		}
		var offered []string
		for _, e := range a.doc().Find(`main [name=proof_method]`).EachIter() {
			if value := e.AttrOr("value", ""); !slices.Contains(offered, value) {
				offered = append(offered, value)
			}
		}
		slices.Sort(offered)
		if want := slices.Sorted(slices.Values(ways)); !slices.Equal(offered, want) {
			t.Errorf("it offers %v, want %v", offered, want)
		}
	}
	asked(b.post(path, typed), http.StatusUnauthorized)
	form := url.Values(http.Header(typed).Clone())
	form.Set("proof_method", way)
	page := b.post(path, form)
	asked(page, http.StatusUnauthorized)
	if got := page.doc().Find("main form input[type=hidden][name=proof_method]").AttrOr("value", ""); got != way {
		t.Errorf("it asks for %s", got)
	}
	field := "proof_code"
	if way == "password" {
		field = "proof_password"
	}
	if proof.sends != "" {
		before := len(f.sandbox.Outbox())
		asked(b.post(path, with(form, "proof_send", "yes")), http.StatusOK)
		if got := f.sandbox.Outbox(); len(got) != before+1 || got[0].To != proof.sends {
			t.Errorf("no code went to %s", proof.sends)
		}
	}
	wrong := b.post(path, with(form, field, proof.wrong))
	asked(wrong, http.StatusUnprocessableEntity)
	if wrong.text("#"+field+"-e") == "" {
		t.Errorf("it is not said beside the field: %s", wrong.text("main"))
	}
	wrong.saysNot(proof.wrong)
	right := proof.right(f.fixture)
	done := b.post(path, with(form, field, right)).want(act.done)
	done.saysNot(right)
	if act.op == stytch.PasswordSessionReset {
		done.says("Choose a new password")
		done = b.post(path, with(typed, "password", goodPassword)).want(http.StatusSeeOther)
	}
	if !done.hasCalled(act.op) {
		t.Errorf("it is not done: %v", done.operations())
	}
	if got := f.log.String(); strings.Contains(got, right) {
		t.Error("the proof is in the log")
	}
}

// with is a form and one field more.
func with(form url.Values, name, value string) url.Values {
	form = url.Values(http.Header(form).Clone())
	form.Set(name, value)
	return form
}

// Five minutes are five minutes, by the upstream's clock, from the newest proof of the kind that counts.
func TestStepUpLife(t *testing.T) {
	t.Parallel()
	see := func(b *browser, pairs ...string) *answer {
		return b.post(paths.AccountRecoveryCodes, values(append([]string{"act", "show"}, pairs...)...))
	}
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	const most = 5*time.Minute - 10*time.Second
	f.sandbox.Advance(most)
	see(b).want(http.StatusOK)
	f.sandbox.Advance(20 * time.Second)
	see(b).want(http.StatusUnauthorized)
	see(b, "proof_method", "totp", "proof_code", f.app("acme", daniel).Code).want(http.StatusOK)
	f.sandbox.Advance(most)
	see(b).want(http.StatusOK) // the proof counts for what comes after it, too
	f.sandbox.Advance(20 * time.Second)
	see(b).want(http.StatusUnauthorized)
	// A first factor does not count where the session has a second one.
	email := see(b, "proof_method", "code", "proof_send", "yes").want(http.StatusUnauthorized)
	if email.hasCalled(stytch.CodeSend) {
		t.Error("a code is sent for a first factor")
	}
	password := see(b, "proof_method", "password", "proof_password", sandbox.SeedPassword).want(http.StatusUnauthorized)
	if password.hasCalled(stytch.PasswordAuthenticate) || password.hasCalled(stytch.OwnRecoveryCodesGet) {
		t.Errorf("the password counts for a second factor: %v", password.operations())
	}
}

// The console's own clock may be off, and the upstream's answer may lack a time: neither makes an old proof a new one.
func TestStepUpTrustsNoClock(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{"none": `null`, "empty": `""`, "long ago": `"2001-01-01T00:00:00Z"`} {
		f := newTapped(t, setup{}, func(next http.RoundTripper) http.RoundTripper {
			return rewriting{next, regexp.MustCompile(`"last_accessed_at":"[^"]*"`), `"last_accessed_at":` + said}
		})
		b := f.signInSecond(daniel)
		f.advance(6 * time.Minute)
		a := b.post(paths.AccountRecoveryCodes, values("act", "show")).want(http.StatusUnauthorized)
		if a.hasCalled(stytch.OwnRecoveryCodesGet) {
			t.Errorf("last used %s: the codes are read", name)
		}
	}
	f := newFixture(t, setup{})
	b := f.signInSecond(daniel)
	f.ahead.Add(-int64(time.Hour)) // the console's clock alone
	f.sandbox.Advance(6 * time.Minute)
	b.post(paths.AccountRecoveryCodes, values("act", "show")).want(http.StatusUnauthorized)
}

// rewriting puts other words into the upstream's answers.
type rewriting struct {
	next http.RoundTripper
	what *regexp.Regexp
	to   string
}

// RoundTrip implements http.RoundTripper.
func (r rewriting) RoundTrip(req *http.Request) (*http.Response, error) {
	got, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	body = r.what.ReplaceAll(body, []byte(r.to))
	got.Body, got.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	got.Header.Del("Content-Length")
	return got, nil
}
