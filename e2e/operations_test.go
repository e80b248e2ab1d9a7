//go:build e2e

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"console.internal/internal/stytch"
)

// called is which operations the browsers of all tests made the console call.
var called operations

type operations struct {
	mu    sync.Mutex
	calls map[string]int
}

// add takes the counts of a session's sandbox.
func (o *operations) add(s *session) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.app.SandboxURL()+"/sandbox/operations.json", http.NoBody)
	s.must(err)
	answer, err := http.DefaultClient.Do(request)
	s.must(err)
	defer func() { _ = answer.Body.Close() }()
	var counts map[string]struct {
		Calls int `json:"calls"`
	}
	s.must(json.NewDecoder(answer.Body).Decode(&counts))
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.calls == nil {
		o.calls = map[string]int{}
	}
	for id, count := range counts {
		o.calls[id] += count.Calls
	}
}

// missing says which operations of the client no browser has called: a page for them does not exist, or no journey uses it.
func (o *operations) missing() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var never []string
	ids := map[string]bool{}
	for _, op := range stytch.Operations() {
		// A check for what the console itself keeps is no operation of the upstream's.
		if id := op.Row().ID; !ids[id] && op.Row().Door != stytch.Local {
			ids[id] = true
			if o.calls[id] == 0 {
				never = append(never, id)
			}
		}
	}
	if len(never) > 0 {
		slices.Sort(never)
		return fmt.Errorf("no journey calls %s", strings.Join(never, ", "))
	}
	_, _ = fmt.Fprintf(os.Stdout, "operations called from a browser: all %d of the client\n", len(ids))
	return nil
}
