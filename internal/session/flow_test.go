package session

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// carry sets a flow and returns the cookie.
func (w *world) carry(f Flow) string {
	w.t.Helper()
	rec := httptest.NewRecorder()
	must(w.t, w.SetFlow(rec, httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/login", nil), f))
	result := rec.Result()
	_ = result.Body.Close()
	return result.Cookies()[0].Value
}

// open is the flow of a request with this cookie.
func (w *world) open(cookie string) Flow {
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, "/login/sent", nil)
	r.AddCookie(&http.Cookie{Name: FlowCookieName, Value: cookie})
	return w.Flow(r)
}

func TestFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := Flow{Email: ada, Organization: "acme", Method: "link", Verifier: "verifier", Return: "/organizations"}
	cookie := w.carry(f)
	got := w.open(cookie)
	if f.At = w.clock.read().Unix(); got != f {
		t.Errorf("%+v, want %+v", got, f)
	}
	decoded, err := base64.URLEncoding.DecodeString(cookie)
	must(t, err)
	for _, private := range []string{ada, "verifier", "acme", "/organizations"} {
		if strings.Contains(cookie+string(decoded), private) {
			t.Errorf("%q is in the clear", private)
		}
	}
	if got := w.Flow(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)); got != (Flow{}) {
		t.Errorf("without a cookie: %+v", got)
	}
}

func TestFlowThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cookie := w.carry(Flow{Email: ada})
	tried := []string{"", "x", cookie + "A", cookie[:len(cookie)/2], strings.ToLower(cookie), newWorld(t, key("b")).carry(Flow{Email: ada})}
	for i := 0; i < len(cookie); i += 7 {
		flipped := byte('A')
		if cookie[i] == 'A' {
			flipped = 'B'
		}
		tried = append(tried, cookie[:i]+string(flipped)+cookie[i+1:])
	}
	for _, other := range tried {
		if got := w.open(other); got != (Flow{}) {
			t.Errorf("%.20q opens as %+v", other, got)
		}
	}
	if w.open(cookie).Email != ada {
		t.Error("the right one does not open")
	}
	// A cookie that does not open does not keep anybody from a new one.
	broken := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/login", nil)
	broken.AddCookie(&http.Cookie{Name: FlowCookieName, Value: "x"})
	must(t, w.SetFlow(httptest.NewRecorder(), broken, Flow{Email: ada}))
}

func TestFlowLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cookie := w.carry(Flow{Email: ada})
	begin := time.Unix(w.clock.read().Unix(), 0)
	w.clock.advance(begin.Add(flowLife - 1).Sub(w.clock.read()))
	if w.open(cookie).Email != ada {
		t.Error("it ends early")
	}
	w.clock.advance(1)
	if w.open(cookie) != (Flow{}) {
		t.Error("it does not end")
	}
}

// With a new key in front, what the old one wrote still opens; without the old one it does not.
func TestFlowKeysRotate(t *testing.T) {
	t.Parallel()
	old, both, fresh := newWorld(t, key("a")), newWorld(t, key("b"), key("a")), newWorld(t, key("b"))
	before, after := old.carry(Flow{Email: ada}), both.carry(Flow{Email: ada})
	if both.open(before).Email != ada || fresh.open(after).Email != ada {
		t.Error("rotation loses who is about to sign in")
	}
	if old.open(after) != (Flow{}) || fresh.open(before) != (Flow{}) {
		t.Error("a key opens what another one wrote")
	}
	if _, err := New(Options{Limits: limits, Now: time.Now}); err == nil {
		t.Error("no key at all is taken")
	}
}

// The longest address to return to, that a request may bring, still lets a person sign in.
func TestFlowIsNeverTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := Flow{
		Email: strings.Repeat("a", 240) + "@long.example", Organization: strings.Repeat("s", 128), Method: "link", Verifier: strings.Repeat("v", 43),
		Return: "/organizations?q=" + strings.Repeat("x", 2031),
	}
	cookie := w.carry(f)
	got := w.open(cookie)
	if got.Email != f.Email || got.Verifier != f.Verifier || got.Organization != f.Organization || len(cookie) > 4000 {
		t.Errorf("%+v", got)
	}
	if got.Return != "" && got.Return != f.Return {
		t.Errorf("the address was cut to %q", got.Return)
	}
}
