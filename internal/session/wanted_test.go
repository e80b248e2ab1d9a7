package session

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// want keeps a request and returns the cookie.
func (w *world) want(wanted Wanted) string {
	w.t.Helper()
	rec := httptest.NewRecorder()
	must(w.t, w.SetWanted(rec, httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, "/oauth/authorize", nil), wanted))
	result := rec.Result()
	_ = result.Body.Close()
	cookie := result.Cookies()[0]
	if cookie.Name != WantedCookieName || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.MaxAge != 15*60 {
		w.t.Errorf("the cookie is %+v", cookie)
	}
	return cookie.Value
}

func (w *world) wantedBy(name, cookie string) Wanted {
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, "/login", nil)
	r.AddCookie(&http.Cookie{Name: name, Value: cookie})
	return w.Wanted(r)
}

func TestWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Unix(w.clock.read().Unix(), 0)
	for _, wanted := range []Wanted{
		{Query: "client_id=a&state=of+one%20self", At: now},
		{Query: "client_id=a b c", At: now, Arrived: true},
	} {
		cookie := w.want(wanted)
		if got := w.wantedBy(WantedCookieName, cookie); got != wanted {
			t.Errorf("%+v, want %+v", got, wanted)
		}
		decoded, err := base64.URLEncoding.DecodeString(cookie)
		must(t, err)
		if strings.Contains(cookie+string(decoded), "client_id") {
			t.Error("the request is in the clear")
		}
	}
	flow := w.carry(Flow{Email: ada})
	if got := w.wantedBy(WantedCookieName, flow); got != (Wanted{}) {
		t.Errorf("a cookie of another purpose opens as %+v", got)
	}
	if got := w.wantedBy("other", flow); got != (Wanted{}) {
		t.Errorf("without a cookie: %+v", got)
	}
	cookie := w.want(Wanted{Query: "q", At: now})
	w.clock.advance(now.Add(wantedLife - time.Second).Sub(w.clock.read()))
	if w.wantedBy(WantedCookieName, cookie).Query != "q" {
		t.Error("it ends early")
	}
	w.clock.advance(time.Second)
	if w.wantedBy(WantedCookieName, cookie) != (Wanted{}) {
		t.Error("it does not end")
	}
}

// The longest request that is taken fits into a cookie that every browser keeps.
func TestWantedIsNeverTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wanted := Wanted{Query: strings.Repeat("&", 2000), At: time.Unix(w.clock.read().Unix(), 0), Arrived: true}
	cookie := w.want(wanted)
	if got := w.wantedBy(WantedCookieName, cookie); got != wanted {
		t.Errorf("%d bytes of query come back", len(got.Query))
	}
	if n := len(WantedCookieName) + 1 + len(cookie); n > 4096 {
		t.Errorf("the cookie has %d bytes", n)
	}
}
