package handlers_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// replay answers a call that it has seen from memory, so that only the console's own work is measured.
type replay struct {
	next http.RoundTripper

	mu   sync.Mutex
	on   bool
	seen map[string][]byte
}

// RoundTrip implements http.RoundTripper.
func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on {
		return r.next.RoundTrip(req)
	}
	key := req.Method + " " + req.URL.String()
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		key += " " + string(body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer, known := r.seen[key]
	if !known {
		resp, err := r.next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		answer, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusOK {
			r.seen[key] = answer
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), Request: req}, nil
}

func (r *replay) set(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = on
}

// The page far behind: of 100,000 rows it is page 1,000.
const (
	farTo   = listed / 2
	farFrom = farTo - 49
)

// walk goes through a search in large steps to the cursor of row farFrom. It asks the upstream itself and reads nothing of
// the answers but the cursor: decoding 50,000 rows is no part of what is tested.
func walk(t *testing.T, f *tapped, path string, body map[string]any) string {
	t.Helper()
	cursor := ""
	for done := 0; done < farFrom-1; {
		limit := min(1000, farFrom-1-done)
		body["limit"], body["cursor"] = limit, cursor
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(asJSON(t, body)))
		r.SetBasicAuth(f.sandbox.ProjectID(), f.sandbox.Secret())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		f.sandbox.ServeHTTP(w, r)
		_, rest, found := strings.Cut(w.Body.String()[max(0, w.Body.Len()-400):], `"next_cursor":"`)
		if cursor, _, _ = strings.Cut(rest, `"`); !found || cursor == "" {
			t.Fatalf("no cursor after row %d: status %d", done+limit, w.Code)
		}
		done += limit
	}
	return cursor
}

// TestHundredThousandRows: the first page of a long list and one far behind make the same calls and cost the same. It
// counts what the whole process allocates, so nothing may run beside it.
func TestHundredThousandRows(t *testing.T) {
	var memory *replay
	f := newTapped(t, setup{sandbox: sandbox.Options{Organizations: listed, Members: listed}, unchecked: true}, func(next http.RoundTripper) http.RoundTripper {
		memory = &replay{next: next, seen: map[string][]byte{}}
		return memory
	})
	b := f.visit("big")
	directory := walk(t, f, "/v1/b2b/organizations/search", map[string]any{})
	members := walk(t, f, "/v1/b2b/organizations/members/search", map[string]any{"organization_ids": []string{f.organization("big")}})
	for _, list := range []struct{ name, path, cursor string }{
		{"directory", paths.Organizations, directory},
		{"members", paths.Members(f.organization("big")), members},
	} {
		far := list.path + "?" + url.Values{"cursor": {list.cursor}, "from": {strconv.Itoa(farFrom)}}.Encode()
		t.Run(list.name, func(t *testing.T) {
			sameCost(t, f, memory, b, list.path, far)
		})
	}
}

func sameCost(t *testing.T, f *tapped, memory *replay, b *browser, near, far string) {
	memory.set(false)
	first := b.get(near).want(http.StatusOK).says("Rows 1 to 50. ")
	last := b.get(far).want(http.StatusOK).says("Rows " + itoa(farFrom) + " to " + itoa(farTo) + ". ")
	for _, a := range []*answer{first, last} {
		if n := a.doc().Find("table.t tbody tr").Length(); n != 50 {
			t.Errorf("%d rows, want 50", n)
		}
	}
	if got, want := f.tap.calls(last.page), f.tap.calls(first.page); !slices.Equal(got, want) {
		t.Errorf("the far page calls %v, page 1 %v", got, want)
	}
	next, ok := last.doc().Find("nav.pager a:contains('Next')").Attr("href")
	if !ok || !strings.Contains(next, "from="+strconv.Itoa(farTo+1)) {
		t.Errorf("the far page leads on to %q", next)
	}
	b.get(next).want(http.StatusOK).says("Rows " + itoa(farTo+1) + " to " + itoa(farTo+50) + ". ")

	memory.set(true)
	defer memory.set(false)
	measure := func(path string) (allocations, bytes float64) {
		b.get(path).want(http.StatusOK) // fills the memory and the pools
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		const runs = 50
		for range runs {
			b.get(path).want(http.StatusOK)
		}
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs-before.Mallocs) / runs, float64(after.TotalAlloc-before.TotalAlloc) / runs
	}
	nearAllocations, nearBytes := measure(near)
	farAllocations, farBytes := measure(far)
	t.Logf("allocations %.0f and %.0f, bytes %.0f and %.0f", nearAllocations, farAllocations, nearBytes, farBytes)
	if racing {
		return
	}
	for _, pair := range [][2]float64{{nearAllocations, farAllocations}, {nearBytes, farBytes}} {
		if ratio := pair[1] / pair[0]; ratio > 1.05 || ratio < 0.95 {
			t.Errorf("the far page costs %.3f of page 1", ratio)
		}
	}
}
