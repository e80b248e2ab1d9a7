package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// Limits for strangers, in any 15 minutes.
const (
	maxSends    = 5
	maxAttempts = 10
	// fromOneAddress is how many times as much one address of the network may do.
	fromOneAddress = 12
)

// someone is the n-th address of nobody in particular.
func someone(n int) string { return fmt.Sprintf("someone-%d@elsewhere.example", n) }

func (b *browser) tryLogin(email, method string) int {
	return b.post(paths.Login, values("email", email, "method", method)).status
}

func TestSendsAreLimited(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// people is how many people one address may be.
		people int
		// send is the n-th attempt: from which browser to which address.
		send func(f *fixture, first *browser, n int) int
	}{
		{"one browser, one address", 1, func(_ *fixture, b *browser, _ int) int { return b.tryLogin(ada, "link") }},
		{"one address of the network, many of e-mail", fromOneAddress, func(_ *fixture, b *browser, n int) int { return b.tryLogin(someone(n), "code") }},
		{"one address of the network, no cookies", fromOneAddress, func(f *fixture, b *browser, n int) int {
			s := f.browser()
			s.address = b.address
			return s.tryLogin(someone(n), "link")
		}},
		{"one e-mail address, many browsers", 1, func(f *fixture, _ *browser, _ int) int { return f.browser().tryLogin(ada, "code") }},
		{"one e-mail address in other letters", 1, func(f *fixture, _ *browser, n int) int {
			return f.browser().tryLogin([]string{ada, "ADA@support.example", "Ada@Support.Example"}[n%3], "link")
		}},
		{"by discovery and by slug", 1, func(f *fixture, _ *browser, n int) int {
			if n%2 == 0 {
				return f.browser().tryLogin(olivia, "link")
			}
			return f.browser().post(paths.LoginFor("acme"), values("email", olivia, "method", "code")).status
		}},
		{"one network of IPv6", fromOneAddress, func(f *fixture, _ *browser, n int) int {
			s := f.browser()
			s.address = fmt.Sprintf("[2001:db8:1:2:%x::%x]:4000", n+1, n)
			return s.tryLogin(someone(n), "link")
		}},
		{"X-Forwarded-For of a stranger", fromOneAddress, func(_ *fixture, b *browser, n int) int {
			return b.post(paths.Login, values("email", someone(n)), "X-Forwarded-For", "203.0.113."+strconv.Itoa(n), "X-Real-Ip", "203.0.113."+strconv.Itoa(n)).status
		}},
		{"IPv4 as IPv6", fromOneAddress, func(f *fixture, _ *browser, n int) int {
			s := f.browser()
			s.address = []string{"192.0.2.7:1", "[::ffff:192.0.2.7]:2"}[n%2]
			return s.tryLogin(someone(n), "link")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, setup{})
			first := f.browser()
			invitations := len(f.sandbox.Outbox())
			most := tt.people * maxSends
			for n := range most {
				if status := tt.send(f, first, n); status != http.StatusSeeOther {
					t.Fatalf("message %d: status %d", n+1, status)
				}
			}
			for n := most; n < most+2; n++ {
				if status := tt.send(f, first, n); status != http.StatusTooManyRequests {
					t.Errorf("message %d: status %d, want 429", n+1, status)
				}
			}
			if got := len(f.sandbox.Outbox()) - invitations; got != most {
				t.Errorf("%d messages were sent", got)
			}
			f.ahead.Add(int64(15*time.Minute - 10*time.Second))
			if status := tt.send(f, first, 7); status != http.StatusTooManyRequests {
				t.Errorf("before the window ends: status %d, want 429", status)
			}
			f.ahead.Add(int64(10 * time.Second))
			if status := tt.send(f, first, 8); status != http.StatusSeeOther {
				t.Errorf("after the window: status %d", status)
			}
		})
	}
}

func TestOthersAreNotLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for n := range 3 * maxSends {
		s := f.browser()
		s.address = fmt.Sprintf("[2001:db8:1:%x::1]:4000", n)
		if status := s.tryLogin(someone(n), "link"); status != http.StatusSeeOther {
			t.Fatalf("network %d: status %d", n, status)
		}
	}
	b := f.browser()
	for range maxSends + 1 {
		b.tryLogin(ada, "link")
	}
	a := b.post(paths.Login, values("email", ada)).want(http.StatusTooManyRequests).says("15 minutes")
	if got := a.doc().Find("#email").AttrOr("value", ""); got != ada || len(a.calls()) > 0 {
		t.Errorf("what was typed is %q, calls %v", got, a.operations())
	}
}

func TestForwardedForCountsFromTrustedProxies(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{proxies: []string{"10.9.0.0/16", "2001:db8:ffff::/48"}})
	try := func(n int, peer, forwarded string) int {
		b := f.browser()
		b.address = peer
		return b.post(paths.Login, values("email", someone(n)), "X-Forwarded-For", forwarded).status
	}
	n := 0
	fill := func(name, peer string, forwarded func(i int) string, want int) {
		t.Helper()
		limited := 0
		for i := range fromOneAddress*maxSends + 1 {
			n++
			if try(n, peer, forwarded(i)) == http.StatusTooManyRequests {
				limited++
			}
		}
		if limited != want {
			t.Errorf("%s: %d of %d refused, want %d", name, limited, fromOneAddress*maxSends+1, want)
		}
	}
	ip := func(format string) func(int) string { return func(i int) string { return fmt.Sprintf(format, i) } }
	fill("each client of the proxy for itself", "10.9.0.1:1", ip("198.51.100.%d"), 0)
	fill("one client behind two proxies", "10.9.0.1:1", ip("203.0.113.%d, 198.51.100.200, 10.9.3.4"), 1)
	fill("one client that claims others", "10.9.0.2:1", ip("192.0.2.%d, 198.51.100.201"), 1)
	fill("a proxy of IPv6", "[2001:db8:ffff::1]:1", ip("198.51.101.%d"), 0)
	fill("a stranger that claims to be a proxy's client", "10.8.0.1:1", ip("198.51.102.%d, 10.9.0.1"), 1)
	fill("nothing but proxies", "10.9.0.3:1", ip("10.9.7.%[1]d"), 0)
	fill("no address at all", "10.9.0.4:1", ip("unknown-%d"), 1)
}

// TestAttemptsAreLimited guesses codes.
func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	guess := func(b *browser, n int) int {
		return b.post(paths.LoginCode, values("code", fmt.Sprintf("%06d", n))).status
	}
	t.Run("one browser", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		b := f.browser()
		b.ask(ada, "", "code")
		right := f.lastMail(ada).Code
		for n := range maxAttempts {
			if status := guess(b, wrong(right, n)); status != http.StatusUnprocessableEntity {
				t.Fatalf("guess %d: status %d", n+1, status)
			}
		}
		before := f.called(stytch.DiscoveryCodeAuthenticate)
		if a := b.post(paths.LoginCode, values("code", right)); a.status != http.StatusTooManyRequests || f.called(stytch.DiscoveryCodeAuthenticate) != before {
			t.Errorf("the eleventh: status %d", a.status)
		}
		if status := guess(b, 12345678); status != http.StatusUnprocessableEntity {
			t.Errorf("what is no code: status %d", status)
		}
	})
	t.Run("one e-mail address, many browsers", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		first := f.browser()
		first.ask(ada, "", "code")
		for n := range maxAttempts {
			// The same flow in a browser elsewhere: attempts count for the address that the code went to.
			b := f.browser()
			b.cookies = first.clone().cookies
			if status := guess(b, wrong(f.lastMail(ada).Code, n)); status != http.StatusUnprocessableEntity {
				t.Fatalf("guess %d: status %d", n+1, status)
			}
		}
		b := f.browser()
		b.cookies = first.clone().cookies
		before := f.called(stytch.DiscoveryCodeAuthenticate)
		if status := guess(b, 1); status != http.StatusTooManyRequests || f.called(stytch.DiscoveryCodeAuthenticate) != before {
			t.Errorf("the eleventh: status %d, or it was sent on", status)
		}
	})
	t.Run("one address of the network, many of e-mail", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		const here = "192.0.2.9:1"
		for n := range fromOneAddress*maxAttempts + 1 {
			b := f.browser()
			b.ask(someone(n), "", "code")
			b.address = here
			want := http.StatusUnprocessableEntity
			if n == fromOneAddress*maxAttempts {
				want = http.StatusTooManyRequests
			}
			if status := guess(b, wrong(f.lastMail(someone(n)).Code, 0)); status != want {
				t.Errorf("guess %d: status %d, want %d", n+1, status, want)
			}
		}
		f.ahead.Add(int64(15 * time.Minute))
		b := f.browser()
		b.ask(ada, "", "code")
		b.address = here
		b.post(paths.LoginCode, mailedCode(ada)(b)).leads(paths.LoginOrganizations)
	})
	t.Run("links", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		form := url.Values{"stytch_token_type": {"discovery"}, "token": {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}
		b := f.browser()
		for n := range fromOneAddress * maxAttempts {
			s := b.clone()
			if a := s.post(paths.Authenticate, form); a.status != http.StatusUnprocessableEntity {
				t.Fatalf("link %d: status %d", n+1, a.status)
			}
		}
		if a := b.post(paths.Authenticate, form).want(http.StatusTooManyRequests); len(a.calls()) > 0 {
			t.Errorf("calls %v", a.operations())
		}
	})
}

// TestEveryGuessIsLimited guesses at every secret that a form takes: after ten wrong ones in a row the next is not sent on.
func TestEveryGuessIsLimited(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	n := 0
	for _, r := range handlers.Routes() {
		// A link's token is no guess, and the password beside it is a new one.
		if r.Method != http.MethodPost || r.Path == paths.Password {
			continue
		}
		visits := fieldsOf(t, drives[key(r)])
		for _, field := range []string{"code", "password", "current", "proof_code", "proof_password"} {
			d, ok := visits[field]
			if _, guessed := visits["current"]; !ok || d.status >= http.StatusBadRequest || field == "password" && guessed {
				continue // a new password beside the one that is guessed
			}
			n++
			t.Run(key(r)+" "+field, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, setup{})
				b := d.who(f)
				form := d.form(b)
				right := form.Get(field)
				guess := func(n int) *answer {
					form.Set(field, fmt.Sprintf("wrong-words-of-%d", n))
					if strings.HasSuffix(field, "code") {
						form.Set(field, fmt.Sprintf("%06d", wrong(right, n)))
						if len(right) > 6 { // a recovery code
							form.Set(field, fmt.Sprintf("zz%02d-zz%02d-zz%02d", n, n, n))
						}
					}
					return b.clone().post(d.path(f), form)
				}
				for n := range maxAttempts {
					if a := guess(n); a.status != http.StatusUnprocessableEntity && a.status != http.StatusTooManyRequests {
						t.Fatalf("guess %d: status %d %q", n+1, a.status, a.h1())
					}
				}
				a := guess(maxAttempts)
				if a.status != http.StatusTooManyRequests {
					t.Errorf("the eleventh: status %d, want 429", a.status)
				}
				for _, op := range r.Calls {
					if op.Row().Kind == stytch.Write && a.hasCalled(op) {
						t.Errorf("the eleventh was sent on: %s", op)
					}
				}
			})
		}
	}
	if n < 10 {
		t.Errorf("%d kinds of guesses: the forms were not those meant", n)
	}
}

// wrong is the n-th code that is not this one.
func wrong(right string, n int) int {
	number, err := strconv.Atoi(right)
	if err != nil {
		return n
	}
	return (number + 1 + n) % 1_000_000
}
