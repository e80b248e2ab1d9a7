package handlers_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/paths"
)

// reader keeps what was last asked of the upstream.
type reader struct {
	mu   sync.Mutex
	last string
}

// RoundTrip implements http.RoundTripper.
func (l *reader) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.mu.Lock()
	l.last = string(body)
	l.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

func (l *reader) asked() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// TestMessagesAreInTheLanguageChosen sends each kind of message with the cookie that the account page sets, and with others.
func TestMessagesAreInTheLanguageChosen(t *testing.T) {
	t.Parallel()
	upstream := &reader{}
	f := newFixture(t, setup{transport: upstream})
	for cookie, want := range map[string]string{
		"": "", "en": "en", "es": "es", "pt-br": "pt-br", "fr": "fr", "de": "", "EN": "", "fr-FR": "", "fr'}": "", strings.Repeat("f", 300): "",
	} {
		for _, path := range []string{paths.Login, paths.LoginFor("acme")} {
			for _, method := range []string{"link", "code", "reset"} {
				b := f.fresh()
				if cookie != "" {
					b.cookies["__Host-language"] = cookie
				}
				b.post(path, values("email", daniel, "method", method)).leads(paths.LoginSent)
				asked := upstream.asked()
				if want == "" && strings.Contains(asked, `locale`) || want != "" && !strings.Contains(asked, `locale":"`+want+`"`) {
					t.Errorf("%q, %s at %s: want %q in %s", cookie, method, path, want, asked)
				}
			}
		}
	}
	w := f.half(daniel, "acme")
	w.b.cookies["__Host-language"] = "es"
	if w.click("Use a text message").press("Send a code"); !strings.Contains(upstream.asked(), `"locale":"es"`) {
		t.Errorf("a text: %s", upstream.asked())
	}
}
