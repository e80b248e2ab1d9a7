package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// depthPages are the pages that must be answered in one round, and how many calls that round has.
func depthPages(f *fixture) []depthPage {
	acme, closed := f.organization("acme"), f.organization("closed")
	return []depthPage{
		{"directory", "", paths.Organizations, http.StatusOK, 2},
		{"directory, filtered", "", paths.Organizations + "?name=acme", http.StatusOK, 2},
		{"overview", "acme", paths.Organization(acme), http.StatusOK, 6},
		{"member", "acme", paths.Member(acme, f.member("acme", "priya.nair@acme.example")), http.StatusOK, 5},
		{"own member", "acme", paths.Member(acme, f.member("acme", ada)), http.StatusOK, 4},
		{"enter, member", "", paths.Organization(acme), http.StatusOK, 3},
		{"enter, not a member", "", paths.Members(closed), http.StatusForbidden, 3},
		{"find by slug", "", paths.Find + "?q=acme", http.StatusSeeOther, 2},
		{"find by external id", "", paths.Find + "?q=crm-000117", http.StatusSeeOther, 2},
		{"find by member id", "", paths.Find + "?q=" + f.member("acme", "tom.baker@acme.example"), http.StatusSeeOther, 2},
		{"find by e-mail", "", paths.Find + "?q=tom.baker%40acme.example", http.StatusSeeOther, 2},
	}
}

type depthPage struct {
	name, enter, path string
	status, calls     int
}

// oneRound asks for the page while every call is held until all of the round have come. It says which calls were kept in
// vain: those that were made one after the other.
func (p depthPage) oneRound(t testing.TB, f *fixture) (late []string) {
	t.Helper()
	b := f.visit(p.enter)
	if err := f.sandbox.SetFault(sandbox.Fault{Kind: sandbox.FaultHold, Hold: p.calls}); err != nil {
		t.Fatal(err)
	}
	a := b.get(p.path)
	f.sandbox.ClearFaults()
	a.want(p.status)
	for _, call := range a.calls() {
		if call.Fault != sandbox.FaultHold {
			late = append(late, call.Operation)
		}
	}
	if n := len(a.calls()); n != p.calls {
		t.Errorf("%s: %d calls, want %d: %v", p.name, n, p.calls, a.operations())
	}
	return late
}

func TestPagesCallSideBySide(t *testing.T) {
	t.Parallel()
	for _, p := range depthPages(newFixture(t, setup{})) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			if late := p.oneRound(t, newFixture(t, setup{})); len(late) > 0 {
				t.Errorf("not in one round: %v", late)
			}
		})
	}
}

// TestMembersIsOneCall stands beside the test above: a hold needs two calls to mean anything.
func TestMembersIsOneCall(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	for _, path := range []string{"", "?status=active&status=invited", "?email_contains=acme"} {
		a := b.get(paths.Members(f.organization("acme")) + path).want(http.StatusOK)
		if got, want := a.operations(), []string{stytch.MembersSearch.String()}; !slices.Equal(got, want) {
			t.Errorf("%s: calls %v, want %v", path, got, want)
		}
	}
}

// TestFindingTakesTwoRounds follows the finder to the page: one round to look the id up, one for the page.
func TestFindingTakesTwoRounds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.visit("acme")
	member := f.member("acme", "tom.baker@acme.example")
	hold := func(n int, path string) *answer {
		if err := f.sandbox.SetFault(sandbox.Fault{Kind: sandbox.FaultHold, Hold: n}); err != nil {
			t.Fatal(err)
		}
		defer f.sandbox.ClearFaults()
		a := b.get(path)
		for _, call := range a.calls() {
			if call.Fault != sandbox.FaultHold {
				t.Errorf("%s: %s was made alone", path, call.Operation)
			}
		}
		return a
	}
	hold(2, paths.Find+"?q="+member).leads(paths.Member(f.organization("acme"), member))
	hold(5, paths.Member(f.organization("acme"), member)).want(http.StatusOK).says("Tom Baker")
	hold(2, paths.Find+"?q=acme").leads(paths.Organization(f.organization("acme")))
	hold(6, paths.Organization(f.organization("acme"))).want(http.StatusOK)
}

// oneAtATime is a transport that makes a page's calls one after the other.
type oneAtATime struct {
	mu   *sync.Mutex
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (o oneAtATime) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.next.RoundTrip(r)
}

// TestHoldTellsSequentialCalls proves that the test above can fail: the same pages, with their calls made one after the
// other, are kept in vain.
func TestHoldTellsSequentialCalls(t *testing.T) {
	t.Parallel()
	serial := func(next http.RoundTripper) http.RoundTripper { return oneAtATime{new(sync.Mutex), next} }
	all := depthPages(newFixture(t, setup{}))
	var wg sync.WaitGroup
	for _, p := range all {
		if p.calls > 3 { // each call waits two seconds; the short pages prove it as well
			continue
		}
		wg.Go(func() {
			if late := p.oneRound(t, newTapped(t, setup{}, serial).fixture); len(late) == 0 {
				t.Errorf("%s: calls made one after the other were taken for one round", p.name)
			}
		})
		// With a cold policy nothing says that the check will pass, so the read waits for it.
		if !strings.HasPrefix(p.name, "directory") && !strings.HasPrefix(p.name, "find") {
			continue
		}
		wg.Go(func() {
			if late := p.oneRound(t, newFixture(t, setup{coldPolicy: true})); len(late) == 0 {
				t.Errorf("%s: with a cold policy the read did not wait for its check", p.name)
			}
		})
	}
	wg.Wait()
}

// TestRefusedReadWaits: whoever the policy does not let expect a yes makes the check alone, and the read never.
func TestRefusedReadWaits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn("kim@support.example", "support-desk")
	for _, path := range []string{paths.Organizations, paths.Find + "?" + url.Values{"q": {"acme"}}.Encode()} {
		a := b.get(path).want(http.StatusForbidden)
		if got, want := a.operations(), []string{stytch.SessionAuthenticate.String()}; !slices.Equal(got, want) {
			t.Errorf("%s: calls %v, want %v", path, got, want)
		}
	}
}
