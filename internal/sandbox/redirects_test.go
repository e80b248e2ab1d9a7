package sandbox_test

import (
	"maps"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

func TestRedirectsAreCompared(t *testing.T) {
	t.Parallel()
	const registered = "https://console.example/authenticate?a=b"
	w := start(t, sandbox.Options{RedirectURL: registered})
	for given, ok := range map[string]bool{
		registered:                             true,
		"":                                     true,
		"https://console.example/authenticate": false,
		"https://console.example/authenticate?a=b&c=d":       false,
		"https://console.example/authenticate?a=b&email=x":   false, // for invitations only
		"https://console.example/authenticate/?a=b":          false,
		"https://console.example/Authenticate?a=b":           false,
		"http://console.example/authenticate?a=b":            false,
		"https://console.example:8443/authenticate?a=b":      false,
		"https://console.example.evil.example/authenticate":  false,
		"https://console.example@evil.example/authenticate":  false,
		"https://user@console.example/authenticate?a=b":      false,
		"javascript:alert(1)":                                false,
		"/authenticate?a=b":                                  false,
		"https://console.example/authenticate?a=b#fragment":  false,
		"https://console.example/x/../authenticate?a=b":      false,
		"//console.example/authenticate?a=b":                 false,
		"https://console.example/authenticate?a=b%26email=x": false,
	} {
		want := map[bool]string{true: "200", false: "400 no_match_for_provided_magic_link_url"}[ok]
		body := func(name string, more fields) fields {
			all := fields{"email_address": ada, name: given}
			maps.Copy(all, more)
			return all
		}
		in := fields{"organization_id": "acme"}
		w.post("/magic_links/email/discovery/send", body("discovery_redirect_url", nil)).want(want)
		w.post("/magic_links/email/login_or_signup", body("login_redirect_url", in)).want(want)
		w.post("/passwords/email/reset/start", body("reset_password_redirect_url", in)).want(want)
		w.post("/passwords/discovery/email/reset/start", body("reset_password_redirect_url", nil)).want(want)
	}
	// Where the sandbox cannot know the console's address it takes any.
	open, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.FinishOAuth("/v1/b2b/public/oauth/google/discovery/start?discovery_redirect_url=https%3A%2F%2Fanywhere.example%2F&public_token="+open.PublicToken(), ada); err != nil {
		t.Error(err)
	}
}

func TestMailLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.May, 4, 10, 0, 0, 0, time.UTC)
	w := start(t, sandbox.Options{MailsPerSecond: 1, Now: func() time.Time { return now }})
	const limited = "429 too_many_requests"
	link := func(email, want string) {
		t.Helper()
		w.post("/magic_links/email/discovery/send", fields{"email_address": email}).want(want)
	}
	link(ada, "200")
	link("ADA@support.example", limited)
	w.post("/magic_links/email/login_or_signup", fields{"organization_id": "acme", "email_address": ada}).want(limited)
	w.invite("harbour", ada+"x", nil).want("200")
	link(ada+"x", limited)
	link(sam, "200") // each address has its own
	code := func(want string) {
		t.Helper()
		w.post("/otps/email/discovery/send", fields{"email_address": ada}).want(want)
	}
	code("200") // and so have codes
	code(limited)
	w.post("/otps/email/login_or_signup", fields{"organization_id": "acme", "email_address": ada}).want(limited)
	w.resetToken("acme", aaron, nil)
	w.post("/passwords/discovery/email/reset/start", fields{"email_address": aaron}).want(limited)
	sent := len(w.sent())
	w.Advance(time.Second)
	link(ada, "200")
	code("200")
	if got := len(w.sent()); got != sent+2 {
		t.Errorf("%d messages more", got-sent)
	}
}
