package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func sample() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":   {Data: []byte("")},
		"app.css":    {Data: []byte("body{}")},
		"app.css.br": {Data: []byte("B")},
		"app.css.gz": {Data: []byte("G")},
		"app.js":     {Data: []byte("1")},
		"notes.txt":  {Data: []byte("not served")},
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	b := load(sample())
	if len(b.byName) != 2 || len(b.byURL) != 2 {
		t.Fatalf("got %d names and %d addresses, want the style sheet and the script", len(b.byName), len(b.byURL))
	}
	css := b.byName["app.css"]
	if !strings.HasPrefix(css.url, Prefix+"app.") || !strings.HasSuffix(css.url, ".css") || css.url == Prefix+"app.css" {
		t.Errorf("address %q has no hash", css.url)
	}
	for accept, want := range map[string]string{
		"": "", "br": "br", "gzip, deflate, br, zstd": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "br;q=0": "", "GZIP;q=0.5": "gzip", "*": "", "brotli": "",
	} {
		if _, got := css.pick(accept); got != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accept, got, want)
		}
	}
	if _, got := b.byName["app.js"].pick("br"); got != "" {
		t.Errorf("a file without variants was sent as %q", got)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	get := func(method, target, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		return w
	}
	for _, target := range []string{"/static/", "/static/app.css", "/static/dist/", "/static/.gitkeep", "/static//evil.example", "/static/..%2f..%2fgo.mod", "/static/app.0000000000000000.css"} {
		w := get(http.MethodGet, target, "br")
		if w.Code != http.StatusNotFound || w.Body.Len() > 0 || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d, %d bytes", target, w.Code, w.Body.Len())
		}
	}
	if w := get(http.MethodPost, "/static/app.css", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
	for name := range built().byName {
		w := get(http.MethodGet, URL(name), "")
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	if got := URL("missing.css"); got != Prefix+"missing.css" {
		t.Errorf("missing file: %q", got)
	}
}
