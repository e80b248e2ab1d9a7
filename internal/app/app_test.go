package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/app"
	"console.internal/internal/config"
	"console.internal/internal/sandbox"
)

// journal is a log that is written and read at the same time.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// settings reads arguments and environment as the command does; nothing of the machine is left in.
func settings(t *testing.T, env map[string]string, args ...string) config.Config {
	t.Helper()
	cfg, err := config.Parse(append([]string{"--data-dir=" + t.TempDir(), "--listen=127.0.0.1:0"}, args...), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func sandboxed(t *testing.T, args ...string) config.Config {
	t.Helper()
	return settings(t, nil, append([]string{"--sandbox", "--sandbox-listen=127.0.0.1:0"}, args...)...)
}

// project is the environment of a console in front of this upstream.
func project(address, id string) map[string]string {
	return map[string]string{"STYTCH_BASE_URL": address, "STYTCH_PROJECT_ID": id, "STYTCH_SECRET": secret}
}

const (
	projectID = "project-test-11111111-1111-4111-8111-111111111111"
	secret    = "secret-test-that-must-not-be-seen"
)

// get asks with a client of its own, so that no kept connection outlives the test.
func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil) //nolint:gosec // G704: the address is a console's or sandbox's that a test started
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r) //nolint:gosec // G704: the address is a console's or sandbox's that a test started
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// ours are the goroutines that belong to a running console or its clients.
func ours() string {
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "internal/app_test.") {
			continue // a test, waiting for its turn
		}
		for _, part := range []string{"console.internal/", "net/http.", "alexedwards/scs"} {
			if strings.Contains(stack, part) {
				found = append(found, stack)
				break
			}
		}
	}
	return strings.Join(found, "\n\n")
}

// Not parallel: it looks at all goroutines of the process.
func TestStartAndClose(t *testing.T) {
	log := &journal{}
	a, err := app.Start(t.Context(), sandboxed(t, "--admin-listen=127.0.0.1:0"), log)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, a.URL()+"/login"); status != http.StatusOK || !strings.Contains(body, "</html>") || !strings.Contains(body, `name="email"`) {
		t.Errorf("the sign-in page: %d, %.200s", status, body)
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := get(t, a.AdminURL()+path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d, %q", path, status, body)
		}
		if status, _ := get(t, a.URL()+path); status != http.StatusNotFound {
			t.Errorf("%s is served to everybody: %d", path, status)
		}
	}
	if status, _ := get(t, a.AdminURL()+"/login"); status != http.StatusNotFound {
		t.Errorf("the admin listener serves pages: %d", status)
	}
	if a.Sandbox() == nil || !strings.HasPrefix(a.SandboxURL(), "http://127.0.0.1:") {
		t.Errorf("the sandbox is at %q", a.SandboxURL())
	}
	if status, body := get(t, a.SandboxURL()+"/.well-known/openid-configuration"); status != http.StatusOK || !strings.Contains(body, `"authorization_endpoint":"`+a.URL()+`/oauth/authorize"`) {
		t.Errorf("the sandbox sends clients elsewhere: %d, %s", status, body)
	}
	addresses := []string{a.URL(), a.AdminURL(), a.SandboxURL()}
	a.Close()
	a.Close() // closing what is closed does nothing
	for _, address := range addresses {
		if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://")); err == nil {
			_ = conn.Close()
			t.Errorf("%s still answers", address)
		}
	}
	left := ours()
	for range 2000 {
		if left == "" {
			break
		}
		<-time.After(time.Millisecond)
		left = ours()
	}
	if left != "" {
		t.Errorf("goroutines are left over:\n%s", left)
	}
	if strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("the log complains: %s", log)
	}
}

// wrongSetting fails unless err is one clear message that names the setting and nothing secret, with exit code 2.
func wrongSetting(t *testing.T, a *app.App, err error, setting string) {
	t.Helper()
	if a != nil {
		a.Close()
		t.Fatal("it starts")
	}
	wrong, ok := errors.AsType[*config.Error](err)
	if !ok || wrong.ExitCode() != 2 || len(wrong.Problems) != 1 || !strings.HasPrefix(wrong.Problems[0], setting) {
		t.Errorf("the error is %v", err)
	}
	if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "goroutine")) {
		t.Errorf("the message holds more than it should: %v", err)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	address := taken.Addr().String()
	for _, flag := range []string{"--listen", "--admin-listen", "--sandbox-listen"} {
		cfg := sandboxed(t)
		switch flag {
		case "--listen":
			cfg.Listen = address
		case "--admin-listen":
			cfg.AdminListen = address
		default:
			cfg.SandboxListen = address
		}
		a, err := app.Start(t.Context(), cfg, io.Discard)
		wrongSetting(t, a, err, flag+": another program listens")
	}
	cfg, err := config.Parse([]string{"sandbox", "--sandbox-listen=" + address}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	wrongSetting(t, nil, app.Run(t.Context(), cfg, io.Discard, io.Discard), "--sandbox-listen: another program listens")
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	upstream, err := sandbox.New(sandbox.Options{ProjectID: projectID, Secret: "secret-test-another-one"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(upstream)
	defer server.Close()
	a, err := app.Start(t.Context(), settings(t, project(server.URL, projectID)), io.Discard)
	wrongSetting(t, a, err, "STYTCH_PROJECT_ID, STYTCH_SECRET: ")
}

func TestSecretOfAnotherProject(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"project_id":"project-test-22222222-2222-4222-8222-222222222222","name":"Other"}`)
	}))
	defer server.Close()
	a, err := app.Start(t.Context(), settings(t, project(server.URL, projectID)), io.Discard)
	wrongSetting(t, a, err, "STYTCH_PROJECT_ID: ")
}

// An upstream that is down is no reason not to start: the console then says so on its pages, and is there when it comes back.
func TestUpstreamThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer broken.Close()
	for _, address := range []string{gone.URL, broken.URL} {
		log := &journal{}
		a, err := app.Start(t.Context(), settings(t, project(address, projectID), "--admin-listen=127.0.0.1:0"), log)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if status, _ := get(t, a.URL()+"/login"); status != http.StatusOK {
			t.Errorf("the sign-in page: %d", status)
		}
		if status, _ := get(t, a.AdminURL()+"/readyz"); status != http.StatusOK {
			t.Errorf("it is not ready: %d", status)
		}
		if text := log.String(); !strings.Contains(text, `"level":"WARN"`) || strings.Contains(text, secret) {
			t.Errorf("the log says %s", text)
		}
	}
}

func TestRunSaysWhereItIs(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]config.Config{
		"Console   http://127.0.0.1:": sandboxed(t, "--sandbox-exposed"),
		"STYTCH_BASE_URL=http://":     {SandboxOnly: true, SandboxListen: "127.0.0.1:0"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		out, ended := &journal{}, make(chan error, 1)
		go func() { ended <- app.Run(ctx, cfg, out, io.Discard) }()
		for range 10_000 {
			if strings.Contains(out.String(), name) {
				break
			}
			<-time.After(time.Millisecond)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", name, err)
		}
		text := out.String()
		if !strings.Contains(text, name) || strings.Count(text, "\n") > 8 {
			t.Errorf("it says %s", text)
		}
		if cfg.Sandbox && (!strings.Contains(text, "/sandbox/outbox") || !strings.Contains(text, "ada@support.example") || !strings.Contains(text, "WARNING")) {
			t.Errorf("it does not say how to sign in, or that the sandbox is exposed: %s", text)
		}
		if cfg.Sandbox && !strings.Contains(text, "Demo client: http://127.0.0.1:") {
			t.Errorf("it does not say where the demo client is: %s", text)
		}
	}
}
