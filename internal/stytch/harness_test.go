package stytch

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/contract"
	"console.internal/internal/sandbox"
)

// Ids that fit their shapes and belong to nobody.
const (
	orgID       = "organization-test-11111111-1111-4111-8111-111111111111"
	otherOrg    = "organization-test-22222222-2222-4222-8222-222222222222"
	memberID    = "member-test-33333333-3333-4333-8333-333333333333"
	otherID     = "member-test-44444444-4444-4444-8444-444444444444"
	appID       = "connected-app-test-77777777-7777-4777-8777-777777777777"
	otherApp    = "connected-app-test-88888888-8888-4888-8888-888888888888"
	m2mID       = "m2m-client-test-99999999-9999-4999-8999-999999999999"
	sessionID   = "member-session-test-66666666-6666-4666-8666-666666666666"
	memberToken = "token-that-must-not-be-seen"
	projectID   = "project-test-55555555-5555-4555-8555-555555555555"
	secret      = "secret-test-that-must-not-be-seen"
)

// everything is a context that may call all there is.
func everything(t testing.TB) context.Context {
	return WithCaller(t.Context(), Caller{RequestID: "page-1", Allowed: Operations()})
}

// newClient is a client of the upstream at this address; change may be nil.
func newClient(t testing.TB, address string, change func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: address, ProjectID: projectID, Secret: secret, Timeout: 20 * time.Second, MaxAnswer: 4 << 20}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// upstream is a server that answers as the test says, and counts.
type upstream struct {
	*httptest.Server

	mu    sync.Mutex
	calls []string
	heads []http.Header
}

func newUpstream(t testing.TB, serve http.HandlerFunc) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The server notices that a client has gone only once the body is read.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		u.mu.Lock()
		u.calls = append(u.calls, r.Method+" "+r.URL.EscapedPath())
		u.heads = append(u.heads, r.Header.Clone())
		u.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		serve(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

// seen are the calls so far, as method and escaped path.
func (u *upstream) seen() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]string(nil), u.calls...)
}

func (u *upstream) count(part string) int {
	n := 0
	for _, call := range u.seen() {
		if strings.Contains(call, part) {
			n++
		}
	}
	return n
}

// tenant holds the made-up session.
func (u *upstream) tenant(t testing.TB, change func(*Options)) Tenant {
	t.Helper()
	return newClient(t, u.URL, change).Hold(Key{OrganizationID: orgID, MemberID: memberID, Token: memberToken, Roles: []string{"admin"}, Session: "s"})
}

func say(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func refuse(w http.ResponseWriter, status int, errorType string) {
	say(w, status, `{"status_code":400,"request_id":"request-id-test-1","error_type":"`+errorType+`","error_message":"A message that must not be seen.","error_url":""}`)
}

// checkAnswer is what sessions/authenticate says of a session.
func checkAnswer(organization, member, verdict string) string {
	return `{"request_id":"request-id-test-2","member_session":{"member_session_id":"ms","member_id":"` + member +
		`","organization_id":"` + organization + `"},"verdict":` + verdict + `}`
}

const (
	yes = `{"authorized":true,"granting_roles":["admin"]}`
	no  = `{"authorized":false,"granting_roles":[]}`
)

// local is the sandbox behind its contract, and a client of it.
type local struct {
	t       testing.TB
	sandbox *sandbox.Server
	client  *Client
	url     string
}

func newLocal(t testing.TB, o sandbox.Options, change func(*Options)) *local {
	t.Helper()
	o.RedirectURL, o.SearchesPerMinute = "https://console.example/authenticate", -1
	server, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(contract.Check(t, server))
	t.Cleanup(listener.Close)
	l := &local{t: t, sandbox: server, url: listener.URL}
	l.client = newClient(t, listener.URL, func(o *Options) {
		o.ProjectID, o.Secret = server.ProjectID(), Secret(server.Secret())
		o.Expect = func([]string, string, string) bool { return true }
		if change != nil {
			change(o)
		}
	})
	return l
}

// key signs somebody in without any flow.
func (l *local) key(slug, email string) Key {
	l.t.Helper()
	session, err := l.sandbox.NewSession(slug, email)
	if err != nil {
		l.t.Fatal(err)
	}
	organization, err := l.sandbox.OrganizationID(slug)
	if err != nil {
		l.t.Fatal(err)
	}
	member, err := l.sandbox.MemberID(slug, email)
	if err != nil {
		l.t.Fatal(err)
	}
	return Key{OrganizationID: organization, MemberID: member, Token: Secret(session), Session: email}
}

func (l *local) tenant(slug, email string) Tenant { return l.client.Hold(l.key(slug, email)) }

func (l *local) staff(email string) Staff { return l.client.HoldStaff(l.key("support-desk", email)) }

// mail is the newest message to ada.
func (l *local) mail() sandbox.Message { return l.sent(ada) }

// sent is the newest message to an address or a number.
func (l *local) sent(to string) sandbox.Message {
	l.t.Helper()
	for _, m := range l.sandbox.Outbox() {
		if m.To == to {
			return m
		}
	}
	l.t.Fatalf("nothing was sent to %s", to)
	return sandbox.Message{}
}

// app is what the authenticator app of a member of acme shows.
func (l *local) app(email string) sandbox.Authenticator {
	l.t.Helper()
	app, err := l.sandbox.Authenticator("acme", email)
	must(l.t, err)
	return app
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fault fails unless err is a fault of this kind.
func fault(t testing.TB, err error, kind FaultKind) {
	t.Helper()
	if f, ok := err.(*Fault); !ok || f.Kind != kind { //nolint:errorlint // the client's errors are bare
		t.Errorf("error %v (%T), want a fault of kind %d", err, err, kind)
	}
}

// edit changes a JSON document at a path of keys; a key that is a number indexes a list. A nil change removes the key.
func edit(t testing.TB, document, path string, change any, remove bool) string {
	t.Helper()
	var root any
	must(t, json.Unmarshal([]byte(document), &root))
	keys := strings.Split(path, ".")
	at := root
	for i, key := range keys {
		last := i == len(keys)-1
		switch node := at.(type) {
		case map[string]any:
			if _, ok := node[key]; !ok {
				t.Fatalf("there is no %s in %s", path, document)
			}
			switch {
			case last && remove:
				delete(node, key)
			case last:
				node[key] = change
			}
			at = node[key]
		case []any:
			at = node[int(key[0]-'0')]
		}
	}
	out, err := json.Marshal(root)
	must(t, err)
	return string(out)
}
