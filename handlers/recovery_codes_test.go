package handlers_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// TestRecoveryCodesAreShownOnce sets an app up on the way in and looks for the codes everywhere afterwards.
func TestRecoveryCodesAreShownOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(iris, "only-totp").press("Set up an authenticator app")
	app := f.app("only-totp", iris)
	w.saysNot(app.RecoveryCodes[0])
	last := values("organization_id", f.organization("only-totp"), "method", "totp", "code", app.Code)
	before := w.b.clone()
	w.b.headers = map[string]string{"Accept-Encoding": "gzip"} // compressed beside what somebody typed, they could be guessed
	w.press("Continue", "code", app.Code)
	w.b.headers = nil
	if w.h1() != "Recovery codes" || w.header.Get("Cache-Control") != "no-store" || w.doc().Find(".codes li").Length() != 10 {
		t.Fatalf("%q, %q, %d codes", w.h1(), w.header.Get("Cache-Control"), w.doc().Find(".codes li").Length())
	}
	for _, code := range app.RecoveryCodes {
		w.says(code)
	}
	w.says("only time")
	if strings.Contains(w.body, app.Secret) {
		t.Error("the key of the app is shown again")
	}
	next := w.link("Go on to")
	later := map[string]*answer{}
	for _, path := range []string{
		next, "/", paths.Account, paths.AccountTOTP, paths.AccountRecoveryCodes, paths.AccountSessions, paths.LoginMFA, w.at, paths.RecoveryCodesFile,
		paths.LoginMFAFor(f.organization("only-totp"), "totp"), paths.Login,
	} {
		later["GET "+path] = w.b.clone().get(path)
	}
	// The form sent again, as a browser does that loads the page anew: in both cookies.
	later["again"] = w.b.clone().post(paths.LoginMFA, last)
	later["again, with the old cookie"] = before.post(paths.LoginMFA, last)
	for name, a := range later {
		for _, secret := range append(app.RecoveryCodes, app.Secret) {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s (%d %q) shows a secret", name, a.status, a.h1())
			}
		}
	}
	w.click("Go on to").signedIn(iris, "only-totp")
}

// TestRecoveryCodesAreShownOnceOnEntering sets an app up on the way into one more organization, and comes back with it.
func TestRecoveryCodesAreShownOnceOnEntering(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := &visitor{b: f.signIn(ada, "support-desk")}
	id := f.organization("only-totp")
	enter := func() *visitor {
		w.follow("", w.b.post(paths.Enter(id), values()))
		return w
	}
	enter().press("Set up an authenticator app").press("Continue", "code", f.app("only-totp", ada).Code)
	if w.h1() != "Recovery codes" {
		t.Fatalf("%d %q", w.status, w.h1())
	}
	w.says("You entered Lantern Works").click("Go on to Lantern Works").want(http.StatusOK)
	w.b.post(paths.Leave(id), values()).want(http.StatusSeeOther)
	enter().press("Continue", "code", f.app("only-totp", ada).NextCode)
	if w.at != paths.Organization(id) {
		t.Errorf("%s (%d %q), want the organization", w.at, w.status, w.h1())
	}
}

// TestRecoveryCodesAsAFile gives back what the page sent, and nothing else.
func TestRecoveryCodesAsAFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	w := f.half(iris, "only-totp").press("Set up an authenticator app")
	app := f.app("only-totp", iris)
	w.press("Continue", "code", app.Code).press("Download").want(http.StatusOK)
	if want := strings.Join(app.RecoveryCodes, "\r\n") + "\r\n"; w.body != want {
		t.Errorf("the file is %q", w.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=UTF-8", "Content-Disposition": `attachment; filename="recovery-codes.txt"`,
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Encoding": "",
	} {
		if got := w.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if len(w.calls()) > 0 {
		t.Errorf("calls %v", w.operations())
	}
	good := app.RecoveryCodes[0]
	for _, codes := range []string{
		"", " ", "<script>alert(1)</script>", good + " <b>", good + "\x00", "AAAA-BBBB-CCCC", good[:13], good + "x", "=cmd|' /C calc'!A0",
		strings.Repeat(good+" ", 51),
	} {
		if a := f.browser().post(paths.RecoveryCodesFile, values("codes", codes)); a.status != http.StatusBadRequest || a.header.Get("Content-Disposition") != "" {
			t.Errorf("%.40q: status %d", codes, a.status)
		}
	}
	f.browser().post(paths.RecoveryCodesFile, values("codes", good), "Sec-Fetch-Site", "cross-site").want(http.StatusForbidden)
}

// listener writes down every secret that the upstream answers with.
type listener struct {
	mu      sync.Mutex
	secrets map[string]string
}

var secretAnswers = regexp.MustCompile(`"(session_token|session_jwt|intermediate_session_token|secret)":"([^"]{16,})"`)

// RoundTrip implements http.RoundTripper.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, found := range secretAnswers.FindAllStringSubmatch(string(body), -1) {
		l.secrets[found[2]] = found[1]
	}
	return response, err
}

var duration = regexp.MustCompile(`"microseconds":[0-9]+`)

// TestSecretsStayOutOfLogsAndAddresses signs in by every way, with right and wrong proofs and with an upstream that fails,
// and looks for each secret in the log, in the pages and in every address.
func TestSecretsStayOutOfLogsAndAddresses(t *testing.T) {
	t.Parallel()
	log, upstream := &safeBuffer{}, &listener{secrets: map[string]string{}}
	f := newFixture(t, setup{log: log, transport: upstream})
	var addresses []string
	typed := map[string]string{sandbox.SeedPassword: "password", freshPassword: "password", "not-the-password-7": "password"}
	spend := func(b *browser, path string, form url.Values, names ...string) {
		for _, name := range names {
			typed[form.Get(name)] = name
		}
		for _, fault := range []string{sandbox.FaultStatus, sandbox.FaultReset, ""} {
			if fault != "" {
				f.fault(sandbox.Fault{Kind: fault, Status: http.StatusInternalServerError})
			}
			a := b.post(path, form)
			f.sandbox.ClearFaults()
			if a.status >= http.StatusInternalServerError && a.text("main form button") != "Send again" {
				t.Errorf("%s: %d %q cannot be sent again", path, a.status, a.h1())
			}
			addresses = append(addresses, a.header.Get("Location"))
			for _, s := range a.doc().Find("[href], [action], [src]").EachIter() {
				addresses = append(addresses, s.AttrOr("href", "")+" "+s.AttrOr("action", "")+" "+s.AttrOr("src", ""))
			}
			for secret, name := range typed {
				if name != "token" && strings.Contains(a.body, secret) {
					t.Errorf("%s (%d %q) shows what was typed as %s", path, a.status, a.h1(), name)
				}
			}
		}
	}
	for _, p := range proofs {
		f.advance(16 * time.Minute)
		b := f.browser()
		slug := "acme"
		if p.discovery {
			slug = ""
		}
		path, form := p.take(b, ada, slug)
		spend(b, path, form, p.field)
	}
	for _, path := range []string{paths.Login, paths.LoginFor("acme")} {
		for _, password := range []string{sandbox.SeedPassword, "not-the-password-7"} {
			spend(f.browser(), path, values("email", daniel, "method", "password", "password", password))
		}
	}
	for method, code := range map[string]func() string{
		"totp":          func() string { return f.app("acme", daniel).Code },
		"sms_otp":       func() string { return f.lastMail(danielsPhone).Code },
		"recovery_code": func() string { return f.app("acme", daniel).RecoveryCodes[0] },
	} {
		f.advance(16 * time.Minute)
		b := f.half(daniel, "acme").b
		id := f.organization("acme")
		if method == "sms_otp" {
			b.post(paths.LoginMFAStart, values("organization_id", id, "method", method)).leads(paths.LoginMFAFor(id, method))
		}
		spend(b, paths.LoginMFA, values("organization_id", id, "method", method, "code", code()), "code")
	}
	f.advance(16 * time.Minute)
	w := f.half(iris, "only-totp").press("Set up an authenticator app")
	app := f.app("only-totp", iris)
	addresses = append(addresses, w.at)
	w.press("Continue", "code", app.Code)
	addresses = append(addresses, w.at, w.link("Go on to"))
	w.press("Download")

	all := map[string]string{app.Code: "code"}
	for _, code := range app.RecoveryCodes {
		all[code] = "recovery code"
	}
	for _, found := range []map[string]string{typed, upstream.secrets} {
		maps.Copy(all, found)
	}
	kinds := map[string]bool{}
	written, led := duration.ReplaceAllString(log.String(), ""), strings.Join(addresses, "\n")
	for secret, kind := range all {
		kinds[kind] = true
		if strings.Contains(written, secret) || strings.Contains(written, url.QueryEscape(secret)) {
			t.Errorf("the log has a %s", kind)
		}
		if strings.Contains(led, secret) || strings.Contains(led, url.QueryEscape(secret)) {
			t.Errorf("an address has a %s", kind)
		}
	}
	for _, kind := range []string{"token", "code", "password", "recovery code", "secret", "session_token", "intermediate_session_token"} {
		if !kinds[kind] {
			t.Errorf("no %s was seen", kind)
		}
	}
	if !strings.Contains(written, paths.LoginMFA) || !strings.Contains(written, "api_") && !strings.Contains(written, "stytch") {
		t.Error("nothing was logged")
	}
}
