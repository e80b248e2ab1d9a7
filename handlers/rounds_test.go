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
	// What the person can prove, the proof, the exchange.
	"POST /organizations/:organization_id/enter": 3,
	// How good the password is, the change, the end of another's session.
	"POST /authenticate/password": 3,
	// What the person has, how good the password is, the change.
	"POST /account/password": 3,
	// What the person has, the proof of it, the new one.
	"POST /account/totp":  3,
	"POST /account/phone": 3,
	// What the person can prove, the proof, whose session it is, the secret.
	"POST /account/recovery-codes": 4,
}

// TestRounds counts the rounds of every visit of the table.
func TestRounds(t *testing.T) {
	t.Parallel()
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			want := 1
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
