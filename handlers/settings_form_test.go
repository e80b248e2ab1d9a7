package handlers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"console.internal/internal/paths"
)

// formWith is the form of a page as a browser would send it, with some of its fields changed: names and values in turn. A name that is
// there several times gets all its values, and "-" leaves a field out.
func (a *answer) formWith(pairs ...string) url.Values {
	a.t.Helper()
	form := url.Values{}
	a.doc().Find("main form[method=post]").First().Find("input, textarea").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		switch s.AttrOr("type", "") {
		case "radio", "checkbox":
			if _, checked := s.Attr("checked"); checked {
				form.Add(name, s.AttrOr("value", "on"))
			}
			return
		}
		value := s.AttrOr("value", "")
		if goquery.NodeName(s) == "textarea" {
			value = s.Text()
		}
		// Browsers send every line break as two characters.
		form.Add(name, strings.ReplaceAll(value, "\n", "\r\n"))
	})
	changed := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Add(pairs[i], pairs[i+1])
	}
	for name, list := range changed {
		form[name] = list
		if list[0] == "-" {
			delete(form, name)
		}
	}
	return form
}

// group is the form of a group of settings, filled in.
func (b *browser) group(slug, group string, pairs ...string) (path string, form url.Values) {
	b.f.t.Helper()
	path = paths.SettingsGroup(b.f.organization(slug), group)
	return path, b.get(path).want(http.StatusOK).formWith(pairs...)
}

// save fills a group of acme in and sends it, with the review that comes where one does.
func (b *browser) save(group string, pairs ...string) *answer {
	b.f.t.Helper()
	path, form := b.group("acme", group, pairs...)
	a := b.post(path, form)
	if a.status == http.StatusOK && strings.HasPrefix(a.h1(), "Review ") {
		a = b.post(path, a.formWith())
	}
	return a
}

// wiretap keeps what is sent to change organizations.
type wiretap struct {
	mu   sync.Mutex
	sent []map[string]any
}

// RoundTrip implements http.RoundTripper.
func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut || r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/organizations") {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil {
			return nil, err
		}
		w.mu.Lock()
		w.sent = append(w.sent, fields)
		w.mu.Unlock()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// take is what was sent since it was last asked.
func (w *wiretap) take() []map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

// tappedSettings is a fixture whose changes of organizations are seen.
func tappedSettings(t *testing.T) (*fixture, *wiretap) {
	t.Helper()
	w := &wiretap{}
	return newFixture(t, setup{transport: w}), w
}
