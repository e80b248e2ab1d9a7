package handlers_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// playback asks the upstream once for each request and answers from memory from then on, so that only the console's own
// work is counted.
type playback struct {
	mu      sync.Mutex
	answers map[string][]byte
}

func (r *playback) RoundTrip(req *http.Request) (*http.Response, error) {
	key := req.Method + req.URL.Path + "?" + req.URL.RawQuery
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		key += string(body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	body, known := r.answers[key]
	if !known {
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		if body, err = io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			return &http.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
		}
		r.answers[key] = body
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: req,
	}, nil
}

// rowAllocations is the gated budget: what decoding and rendering one row of a list may allocate.
const rowAllocations = 45

// TestRowAllocations counts a full page against a short one of the same list; what both have in common falls out. It is
// exact on any machine, unlike a time.
func TestRowAllocations(t *testing.T) {
	f := newFixture(t, setup{transport: &playback{answers: map[string][]byte{}}, sandbox: sandbox.Options{Organizations: 100, Members: 80}})
	staff := f.signIn("ada@support.example", "support-desk")
	big := f.signIn("bertha.large@big.example", "big")
	for _, list := range []struct {
		name, path string
		b          *browser
	}{
		{"directory", paths.Organizations, staff},
		{"members", paths.Members(f.organization("big")), big},
	} {
		t.Run(list.name, func(t *testing.T) {
			first := list.b.get(list.path).want(http.StatusOK)
			next, ok := first.doc().Find(`nav.pager a:contains("Next")`).Attr("href")
			if !ok {
				t.Fatal("the list has no second page")
			}
			last := next
			for {
				page := list.b.get(last).want(http.StatusOK)
				following, ok := page.doc().Find(`nav.pager a:contains("Next")`).Attr("href")
				if !ok {
					break
				}
				last = following
			}
			long, short := rowsOf(first), rowsOf(list.b.get(last))
			if long != 50 || short == 0 || short > 40 {
				t.Fatalf("%d and %d rows: the pages do not differ enough to count", long, short)
			}
			a, b := allocations(list.b, list.path), allocations(list.b, last)
			perRow := (a - b) / float64(long-short)
			t.Logf("%.1f allocations for each row (%.0f for %d rows, %.0f for %d)", perRow, a, long, b, short)
			if perRow > rowAllocations {
				t.Errorf("a row allocates %.1f times, the budget is %d", perRow, rowAllocations)
			}
		})
	}
}

func rowsOf(a *answer) int { return a.doc().Find("table.t tbody tr").Length() }

// allocations is how often the whole console allocates to answer a request.
func allocations(b *browser, path string) float64 {
	r := httptest.NewRequestWithContext(b.f.t.Context(), http.MethodGet, publicURL+path, nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return testing.AllocsPerRun(50, func() { b.f.handler.ServeHTTP(discard{http.Header{}}, r) })
}

// discard is a response that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// BenchmarkDirectory is the console's own work for a list, without the way to the upstream.
func BenchmarkDirectory(b *testing.B) {
	f := newFixture(b, setup{transport: &playback{answers: map[string][]byte{}}, sandbox: sandbox.Options{Organizations: 100}})
	staff := f.signIn("ada@support.example", "support-desk")
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, publicURL+paths.Organizations, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for name, value := range staff.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	b.ReportAllocs()
	for b.Loop() {
		f.handler.ServeHTTP(discard{http.Header{}}, r)
	}
}
