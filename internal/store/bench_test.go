package store_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
)

// signIn is a finished sign-in to one organization.
func signIn(n int) stytch.SignIn {
	in := stytch.SignIn{MemberID: "member-test-" + strconv.Itoa(n), SessionToken: stytch.Secret(strings.Repeat("t", 44)), Done: true}
	in.Member = stytch.Member{ID: in.MemberID, Email: "person-" + strconv.Itoa(n) + "@support.example", Name: "Person"}
	in.Organization.ID, in.Organization.Name, in.Organization.Slug = "organization-test-11111111-1111-4111-8111-111111111111", "Support desk", "support-desk"
	in.Session.Roles = []string{"stytch_member", "support_admin"}
	in.Session.ExpiresAt = stytch.Time{Time: time.Now().Add(12 * time.Hour)}
	return in
}

// sessions are those of a console, in memory or in a database.
func sessions(b *testing.B, inDatabase bool) (s *session.Sessions, path string) {
	b.Helper()
	client, err := stytch.New(stytch.Options{BaseURL: "http://127.0.0.1:1", ProjectID: projectID, Secret: "secret", Timeout: time.Second, MaxAnswer: 1})
	must(b, err)
	b.Cleanup(client.Close)
	o := session.Options{Client: client, Limits: many, Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: time.Now}
	if inDatabase {
		at := options(b)
		at.Limits, path = many, at.Path
		db := open(b, at)
		o.Ring, o.Store = db.Ring(), db.Sessions()
	}
	s, err = session.New(o)
	must(b, err)
	return s, path
}

// request runs one as the middleware does, and returns the cookie that it sets.
func request(b *testing.B, s *session.Sessions, cookie string, do func(context.Context)) string {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "https://console.example/", nil)
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: session.CookieName, Value: cookie})
	}
	ctx, err := s.Load(r)
	must(b, err)
	do(ctx)
	rec := httptest.NewRecorder()
	must(b, s.Save(ctx, rec))
	value, _, _ := strings.Cut(strings.TrimPrefix(rec.Header().Get("Set-Cookie"), session.CookieName+"="), ";")
	return value
}

func begin(b *testing.B, s *session.Sessions, n int) string {
	return request(b, s, "", func(ctx context.Context) {
		_, err := s.Begin(ctx, signIn(n))
		must(b, err)
	})
}

var kinds = map[string]bool{"memory": false, "database": true}

// BenchmarkPage is what a session costs a page that changes nothing of it.
func BenchmarkPage(b *testing.B) {
	for name, inDatabase := range kinds {
		b.Run(name, func(b *testing.B) {
			s, _ := sessions(b, inDatabase)
			cookie := begin(b, s, 0)
			b.ReportAllocs()
			for b.Loop() {
				request(b, s, cookie, func(ctx context.Context) {
					if s.Person(ctx) == nil {
						b.Fatal("signed out")
					}
				})
			}
		})
	}
}

// BenchmarkFlash is the same with a message for the next page.
func BenchmarkFlash(b *testing.B) {
	for name, inDatabase := range kinds {
		b.Run(name, func(b *testing.B) {
			s, _ := sessions(b, inDatabase)
			cookie := begin(b, s, 0)
			for b.Loop() {
				request(b, s, cookie, func(ctx context.Context) { s.Flash(ctx, "ok", "Saved.") })
			}
		})
	}
}

// BenchmarkSignIn signs ten thousand people in, and says what the last of them costs in memory and in the file.
func BenchmarkSignIn(b *testing.B) {
	const people = 10_000
	for name, inDatabase := range kinds {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, path := sessions(b, inDatabase)
				before, all := heap(), resident(b)
				for n := range people {
					begin(b, s, n)
				}
				b.ReportMetric(float64(heap()-before)/(1<<20), "heap-MB")
				b.ReportMetric(float64(resident(b)-all)/(1<<20), "resident-MB") // the driver keeps its memory beside the heap
				if info, err := os.Stat(path); err == nil {
					b.ReportMetric(float64(info.Size())/(1<<20), "file-MB")
				}
				runtime.KeepAlive(s)
			}
		})
	}
}

// resident is the memory of the process, or 0 where the system does not say.
func resident(b *testing.B) int64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	must(b, err)
	return pages * int64(os.Getpagesize())
}

// heap is what is in use, without what could be freed.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // G115: it is far from that large
}

// BenchmarkOpen is what the database adds to a start: a new one, and one that is there.
func BenchmarkOpen(b *testing.B) {
	for name, fresh := range map[string]bool{"new": true, "there": false} {
		b.Run(name, func(b *testing.B) {
			o := options(b)
			o.Fresh = fresh
			for b.Loop() {
				s, err := store.Open(b.Context(), o)
				must(b, err)
				must(b, s.Close())
			}
		})
	}
}
