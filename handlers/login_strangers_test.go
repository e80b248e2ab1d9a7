package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// stranger's tries at signing in to one organization. The first is a good one.
var strangerTries = []struct{ name, slug, email string }{
	{"a member", "acme", olivia},
	{"unknown slug", "no-such-slug", olivia},
	{"unknown address", "acme", "nobody@elsewhere.example"},
	{"address that may join", "acme", "somebody@acme-labs.example"},
	{"refused way", "initech", "peter.gibbons@initech.example"},
	{"closed", "closed", "nobody@closed.example"},
	{"deleted", "umbrella", "william.birkin@umbrella.example"},
	{"locked", "acme", "marcus.webb@acme.example"},
	{"invited", "globex", "oscar.lund@globex.example"},
	{"with an app", "acme", daniel},
	{"an id in place of the slug", missingOrganization, olivia},
}

// slowTransport makes the upstream take as long as is set, on the fixture's clock.
type slowTransport struct {
	f     *fixture
	takes atomic.Int64
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (s *slowTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.f != nil { // the fixture is still being made
		s.f.ahead.Add(s.takes.Load())
	}
	return s.next.RoundTrip(r)
}

// held is a fixture in which answers are held back on its own clock, and the upstream takes as long as is set.
func held(t *testing.T) (*fixture, *slowTransport) {
	t.Helper()
	slow := &slowTransport{next: http.DefaultTransport}
	f := newFixture(t, setup{transport: slow})
	slow.f = f
	o := f.options()
	o.Wait = func(_ context.Context, d time.Duration) { f.ahead.Add(int64(d)) }
	f.handler = handlers.New(o)
	return f, slow
}

// sight is what a stranger sees of one try: all that comes back, and how long it takes.
type sight struct {
	answers    []string
	cookies    []string
	operations [][]string
	seconds    []int
}

// look tries to sign in, with the form of one page or the one that takes any organization.
func look(t *testing.T, f *fixture, form, method, slug, email string) sight {
	t.Helper()
	var s sight
	b := f.browser()
	see := func(send func() *answer) *answer {
		began := f.now()
		a := send()
		took := f.now().Sub(began)
		if over := took % time.Second; over > 400*time.Millisecond {
			t.Errorf("%s %s %s: takes %s, not a whole number of steps", method, slug, email, took)
		}
		s.seconds = append(s.seconds, int(took/time.Second))
		s.answers = append(s.answers, fmt.Sprint(a.status, a.same(email, slug)))
		s.operations = append(s.operations, a.operations())
		for _, line := range a.header.Values("Set-Cookie") {
			name, rest, _ := strings.Cut(line, "=")
			_, attributes, _ := strings.Cut(rest, ";")
			attributes, _, _ = strings.Cut(attributes, "Expires")
			s.cookies = append(s.cookies, name+attributes)
		}
		return a
	}
	path, fields := paths.LoginFor(slug), values("email", email, "method", method, "password", "not-the-password-7")
	if form == "any" {
		path = paths.Login
		fields.Set("organization", slug)
	}
	a := see(func() *answer { return b.post(path, fields) })
	if method == "password" {
		return s
	}
	if a.header.Get("Location") != paths.LoginSent {
		t.Errorf("%s %s %s: %d to %q", method, slug, email, a.status, a.header.Get("Location"))
	}
	sent := b.get(paths.LoginSent).want(http.StatusOK)
	s.answers = append(s.answers, sent.same(email, slug))
	if method == "code" {
		see(func() *answer { return b.post(paths.LoginCode, values("code", "000000")) })
	}
	return s
}

// TestStrangersLearnNothing compares what a stranger sees for a good address and slug with what they see for others, and how
// long each takes when the upstream is quick with one and slow with another.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"slug", "any"} {
		for _, method := range []string{"link", "code", "password", "reset"} {
			t.Run(method+" by the form of "+form, func(t *testing.T) {
				t.Parallel()
				f, slow := held(t)
				var want sight
				for i, try := range strangerTries {
					slow.takes.Store(int64(time.Duration(50+50*i) * time.Millisecond))
					got := look(t, f, form, method, try.slug, try.email)
					if i == 0 {
						want = got
						continue
					}
					if fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("%s is told from a member:\n%.1500v\n%.1500v", try.name, got, want)
					}
				}
				// One call each, of the very operation that a member's makes: nothing is read or made besides.
				for _, operations := range want.operations {
					if len(operations) != 1 {
						t.Errorf("calls %v", operations)
					}
				}
			})
		}
	}
}

// TestDiscoveryTellsNobody is the same for the form that names no organization.
func TestDiscoveryTellsNobody(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"link", "code", "password", "reset"} {
		f, slow := held(t)
		want := sight{}
		for i, email := range []string{"grace.kelleher@harbour.example", "nobody-else@elsewhere.example", "marcus.webb@acme.example"} {
			slow.takes.Store(int64(time.Duration(50+250*i) * time.Millisecond))
			got := look(t, f, "any", method, "", email)
			if i == 0 {
				want = got
			} else if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is told from a member:\n%.1500v\n%.1500v", method, email, got, want)
			}
		}
	}
}

// TestSlowAnswersWaitLonger lets the upstream take longer than one step: the answer comes at the end of the next one.
func TestSlowAnswersWaitLonger(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		takes   time.Duration
		seconds int
	}{{0, 1}, {550 * time.Millisecond, 1}, {1100 * time.Millisecond, 2}, {4200 * time.Millisecond, 5}} {
		for _, method := range []string{"link", "password"} {
			f, slow := held(t)
			slow.takes.Store(int64(tt.takes))
			if got := look(t, f, "slug", method, "acme", olivia); got.seconds[0] != tt.seconds {
				t.Errorf("%s: an upstream that takes %s makes %d seconds, want %d", method, tt.takes, got.seconds[0], tt.seconds)
			}
		}
	}
}

// TestRefusalsThatTellNothing has the upstream refuse what was sent, in every way in which it may.
func TestRefusalsThatTellNothing(t *testing.T) {
	t.Parallel()
	operations := map[string]stytch.Operation{
		"link": stytch.LinkSend, "code": stytch.CodeSend, "reset": stytch.PasswordResetStart, "password": stytch.PasswordAuthenticate,
	}
	refusals := []sandbox.Fault{
		{Status: http.StatusBadRequest, ErrorType: "invalid_email"},
		{Status: http.StatusBadRequest, ErrorType: "operation_restricted_by_organization_auth_methods"},
		{Status: http.StatusBadRequest, ErrorType: "no_match_for_provided_magic_link_url"},
		{Status: http.StatusBadRequest, ErrorType: "email_jit_provisioning_not_allowed"},
		{Status: http.StatusUnauthorized, ErrorType: "unauthorized_action"},
		{Status: http.StatusForbidden, ErrorType: "session_authorization_error"},
		{Status: http.StatusNotFound, ErrorType: "organization_not_found"},
		{Status: http.StatusNotFound, ErrorType: "member_not_found"},
		{Status: http.StatusNotFound, ErrorType: "member_password_not_found"},
		{Status: http.StatusTooManyRequests, ErrorType: "user_lock_limit_reached"},
		{Status: http.StatusTooManyRequests, ErrorType: "too_many_requests"},
	}
	for method, operation := range operations {
		f := newFixture(t, setup{})
		want := ""
		for _, fault := range append([]sandbox.Fault{{}}, refusals...) {
			if fault.Status != 0 {
				fault.Operation, fault.Kind, fault.Count = operation.String(), sandbox.FaultStatus, 1
				f.fault(fault)
			}
			f.waited = nil
			a := f.fresh().post(paths.LoginFor("acme"), values("email", olivia, "method", method, "password", "not-the-password-7"))
			got := fmt.Sprint(a.status, a.same())
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s: %s shows another page: %d %q, beside the field %q", method, fault.ErrorType, a.status, a.h1(), a.text(".err"))
			}
			if len(f.waited) != 1 {
				t.Errorf("%s: %s is held back %d times", method, fault.ErrorType, len(f.waited))
			}
		}
	}
}

// TestPagesForStrangersReadNothing opens what needs no session, for organizations that exist and that do not.
func TestPagesForStrangersReadNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	same := map[string]string{}
	for _, slug := range []string{"acme", "no-such-slug", "initech", "closed"} {
		for _, path := range []string{paths.LoginFor(slug), paths.WithPassword(paths.LoginFor(slug)), paths.LoginOAuth("google", slug)} {
			a := f.browser().get(path).want(http.StatusOK)
			if len(a.calls()) > 0 {
				t.Errorf("%s: calls %v", path, a.operations())
			}
			page, body := strings.Replace(path, slug, "SLUG", 1), challenges.ReplaceAllString(a.same(slug), "C")
			if same[page] == "" {
				same[page] = body
			} else if same[page] != body {
				t.Errorf("%s: another page than for other slugs", path)
			}
		}
	}
}

// TestNoOrganizationIsMade signs strangers in who belong nowhere.
func TestNoOrganizationIsMade(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, first := range primaries {
		if first.name == "password" {
			continue // nobody has one who belongs nowhere
		}
		email := "nobody-" + strings.ToLower(first.name) + "@elsewhere.example"
		w := f.visitor().open(paths.Login)
		first.prove(w, email)
		if w.h1() != "No organization to enter" || w.doc().Find("main form").Length() > 0 {
			t.Errorf("%s: %q", first.name, w.h1())
		}
		w.wayOn()
	}
	for _, r := range f.sandbox.Requests() {
		if strings.HasSuffix(r.Operation, "organizations_Create") || strings.HasSuffix(r.Operation, "organization_v1_Create") {
			t.Errorf("%s was called", r.Operation)
		}
	}
	if ops := stytch.Operations(); slices.ContainsFunc(ops, func(op stytch.Operation) bool {
		return op.Row().Path == "/v1/b2b/discovery/organizations/create"
	}) {
		t.Error("the client can make an organization for a stranger")
	}
}

// TestSlugsThatAreNone refuses what is no slug before anything is sent.
func TestSlugsThatAreNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	for _, slug := range []string{"a b", "../acme", "acme/x", "<script>", "acme\x00", strings.Repeat("a", 200), "ácme"} {
		a := f.browser().post(paths.Login, values("email", ada, "method", "link", "organization", slug)).want(http.StatusUnprocessableEntity)
		if a.text("#organization-e") == "" || len(a.calls()) > 0 {
			t.Errorf("%q: beside the field %q, calls %v", slug, a.text("#organization-e"), a.operations())
		}
		if got := a.doc().Find("#organization").AttrOr("value", ""); strings.TrimSpace(got) == "" {
			t.Errorf("%q is lost", slug)
		}
		if got := a.doc().Find("#email").AttrOr("value", ""); got != ada {
			t.Errorf("the address is lost: %q", got)
		}
		f.browser().get(paths.LoginOAuth("google", slug)).want(http.StatusNotFound)
		f.browser().get(paths.Login + "/" + url.PathEscape(slug)).want(http.StatusNotFound)
	}
}

// challenges are what is new in every address of a provider.
var challenges = regexp.MustCompile(`pkce_code_challenge=[A-Za-z0-9_-]+`)
