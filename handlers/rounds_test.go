package handlers_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/sandbox"
)

// span is when a call to the upstream ran.
type span struct{ from, to time.Time }

// stopwatch is a transport that notes when each page's calls ran.
type stopwatch struct {
	mu    sync.Mutex
	pages map[string][]span
}

// RoundTrip implements http.RoundTripper.
func (s *stopwatch) RoundTrip(r *http.Request) (*http.Response, error) {
	from := time.Now()
	answer, err := http.DefaultTransport.RoundTrip(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	page := r.Header.Get("X-Request-ID")
	s.pages[page] = append(s.pages[page], span{from, time.Now()})
	return answer, err
}

// rounds is how many of a page's calls had to wait for one another: the longest chain of them.
func (s *stopwatch) rounds(page string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	spans := s.pages[page]
	slices.SortFunc(spans, func(a, b span) int { return a.to.Compare(b.to) })
	most, chains := 0, make([]int, len(spans))
	for i, one := range spans {
		chains[i] = 1
		for j := range i {
			if !spans[j].to.After(one.from) {
				chains[i] = max(chains[i], chains[j]+1)
			}
		}
		most = max(most, chains[i])
	}
	return most
}

// roundsOf counts the rounds of a visit at an upstream that takes its time over everything.
func roundsOf(t *testing.T, r handlers.Route, d drive, latency time.Duration) int {
	t.Helper()
	watch := &stopwatch{pages: map[string][]span{}}
	f := newFixture(t, setup{transport: watch})
	b := d.who(f)
	f.fault(sandbox.Fault{Kind: sandbox.FaultLatency, LatencyMS: int(latency.Milliseconds())})
	return watch.rounds(d.send(b, r.Method).want(d.status).page)
}

// chained are the forms whose calls follow from one another, and in how many rounds; every other form has two at most: what it
// does, and the end of a session that it takes the place of. Every page has one.
var chained = map[string]int{
	// What the person can prove, the proof, how the tenant stands, the permission, the membership, the exchange. Where that fails the
	// membership goes again.
	"POST /organizations/:organization_id/enter": 6,
	// Who the member is, whether the staff may, whether the tenant's session may, what the member would be asked.
	"POST /organizations/:organization_id/connected-apps/preview": 4,
	// The permission, the end of the membership, the end of one's own session by it.
	"POST /entries/:entry_id/end": 3,
	// How the tenant stands, then the permission of the staff and the change, for each field.
	"POST /organizations/:organization_id/settings/:group": 5,
	// What goes with the tenant, its end, the end of the other sessions.
	"POST /organizations/:organization_id/delete": 3,
	// How the client stands, the permission, the change.
	"POST /connected-apps/:client_id/edit/:group": 3,
	"POST /connected-apps/:client_id/secret":      3,
	"POST /connected-apps/:client_id/delete":      3,
	"POST /m2m-clients/:client_id/edit/:group":    3,
	"POST /m2m-clients/:client_id/secret":         3,
	"POST /m2m-clients/:client_id/delete":         3,
	// What the app asks of the member, the code, where nobody need be asked.
	"GET /oauth/authorize": 2,
	// Who let the app in, what they are called; then one after the other.
	"GET /organizations/:organization_id/connected-apps/:client_id":         2,
	"GET /organizations/:organization_id/connected-apps/:client_id/revoke":  2,
	"POST /organizations/:organization_id/connected-apps/:client_id/revoke": 4,
	// What one let in, then one app after the other.
	"POST /account/connected-apps/revoke": 4,
	// How good the password is, the change, the end of another's session.
	"POST /authenticate/password": 3,
	// What the person has, how good the password is, the change.
	"POST /account/password": 3,
	// What the person has, the proof of it, the new one.
	"POST /account/totp":  3,
	"POST /account/phone": 3,
	// What the person can prove, the proof, whose session it is, the secret.
	"POST /account/recovery-codes": 4,
	// What may be set, the three permissions of it, the member.
	"POST /organizations/:organization_id/members/new": 5,
	// Who they are, the permission of the staff, the change.
	"POST /organizations/:organization_id/members/:member_id/edit/trusted-metadata": 3,
	// Who they are, what the upstream refuses to the tenant's session, the permission of the staff, the change.
	"POST /organizations/:organization_id/members/:member_id/edit/external-id": 4,
	// Who they are and what the person can prove, the proof, both permissions, the secret.
	"POST /organizations/:organization_id/members/:member_id/recovery-codes": 5,
	// Who they are, then one step after the other.
	"POST /organizations/:organization_id/members/:member_id/reset-second-factor": 3,
	"POST /organizations/:organization_id/members/:member_id/lock-down":           8,
	// Who they are, the end of a membership, the end of one's own session.
	"POST /organizations/:organization_id/members/:member_id/delete": 3,
	// Both permissions, then the account at each provider.
	"GET /organizations/:organization_id/members/:member_id/providers": 3,
}

// TestRounds counts the rounds of every visit of the table.
func TestRounds(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			want := max(1, chained[key(r)])
			if r.Method == http.MethodPost {
				want = max(2, chained[key(r)])
			}
			most := 0
			for _, d := range drives[key(r)] {
				if d.meanwhile != nil {
					continue
				}
				n := roundsOf(t, r, d, 20*time.Millisecond)
				if n > want {
					n = roundsOf(t, r, d, time.Second) // a busy machine may have been late with a call
				}
				if most = max(most, n); n > want {
					t.Errorf("%s: %d rounds, want %d at most", d.name, n, want)
				}
			}
			if chained[key(r)] > most {
				t.Errorf("%d rounds at most, and %d are allowed", most, chained[key(r)])
			}
		})
	}
}
