package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"console.internal/internal/sandbox"
)

// BenchmarkPage is one page of 100 members of a large tenant.
func BenchmarkPage(b *testing.B) {
	server, err := sandbox.New(sandbox.Options{Members: 100_000, SearchesPerMinute: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/v1/b2b/organizations/members/search",
			strings.NewReader(`{"organization_ids":["big"],"limit":100}`))
		request.SetBasicAuth(server.ProjectID(), server.Secret())
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatalf("status %d", recorder.Code)
		}
	}
}
