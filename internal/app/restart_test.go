package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/app"
	"console.internal/internal/config"
	"console.internal/internal/sandbox"
)

// visitor is a browser without a screen, which outlives the consoles that it visits. Go's own cookie jar would keep the
// console's cookies from plain http.
type visitor struct {
	t       *testing.T
	cookies map[string]string
}

// page is what came back.
type page struct {
	status int
	header http.Header
	body   string
}

// visit asks one console for a page, or posts a form.
func (v *visitor) visit(base, path string, form url.Values) (status int, header http.Header, body string) {
	v.t.Helper()
	got, err := v.ask(base, path, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return got.status, got.header, got.body
}

// ask is visit for a console that may be gone.
func (v *visitor) ask(base, path string, form url.Values) (page, error) {
	method, sent := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, sent = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, base+path, sent) //nolint:gosec // G704: the address is a console's or sandbox's that a test started
	if err != nil {
		return page{}, err
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r) //nolint:gosec // G704: the address is a console's or sandbox's that a test started
	if err != nil {
		return page{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return page{}, err
	}
	for _, c := range resp.Cookies() {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 || c.Value == "" {
			delete(v.cookies, c.Name)
		}
	}
	return page{resp.StatusCode, resp.Header, string(text)}, nil
}

// signIn signs in by a code from the outbox, as far as to an organization if one is given.
func (v *visitor) signIn(base, upstream, email, organizationID string) {
	v.t.Helper()
	v.visit(base, "/login", url.Values{"email": {email}, "method": {"code"}})
	status, body := get(v.t, upstream+"/sandbox/outbox.json?to="+url.QueryEscape(email))
	var messages []struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal([]byte(body), &messages); err != nil || len(messages) == 0 {
		v.t.Fatalf("the outbox: %d, %v, %s", status, err, body)
	}
	v.visit(base, "/login/code", url.Values{"code": {messages[0].Code}})
	if organizationID == "" {
		return
	}
	if status, header, body := v.visit(base, "/login/organizations", url.Values{"organization_id": {organizationID}}); status != http.StatusSeeOther {
		v.t.Fatalf("sign-in ended with %d to %q: %s", status, header.Get("Location"), body)
	}
}

// in says whether the visitor is signed in.
func (v *visitor) in(base string) bool {
	v.t.Helper()
	status, header, body := v.visit(base, "/organizations", nil)
	switch {
	case status == http.StatusOK:
		return true
	case status == http.StatusSeeOther && strings.HasPrefix(header.Get("Location"), "/login"):
		return false
	}
	v.t.Fatalf("%d to %q: %.300s", status, header.Get("Location"), body)
	return false
}

// again is the same browser with the cookies that it has now.
func (v *visitor) again() *visitor { return &visitor{v.t, maps.Clone(v.cookies)} }

// lasting is an upstream that outlives the consoles in front of it, and their environment.
func lasting(t *testing.T) (env map[string]string, staff string) {
	t.Helper()
	upstream, err := sandbox.New(sandbox.Options{ProjectID: projectID, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	return project(server.URL, projectID), upstream.StaffOrganizationID()
}

// A restart signs nobody out, and brings back nobody who signed out.
func TestRestartKeepsSessions(t *testing.T) {
	t.Parallel()
	env, staff := lasting(t)
	dir := t.TempDir()
	start := func() *app.App {
		a, err := app.Start(t.Context(), settings(t, env, "--staff-organization="+staff, "--database="+filepath.Join(dir, "people.db")), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	stays, leaves := &visitor{t, map[string]string{}}, &visitor{t, map[string]string{}}
	first := start()
	stays.signIn(first.URL(), env["STYTCH_BASE_URL"], "ada@support.example", staff)
	leaves.signIn(first.URL(), env["STYTCH_BASE_URL"], "sam@support.example", staff)
	before := leaves.again()
	if !stays.in(first.URL()) || !before.in(first.URL()) {
		t.Fatal("signing in signs nobody in")
	}
	first.Close()

	second := start()
	if !stays.in(second.URL()) || !before.in(second.URL()) {
		t.Error("a restart signs people out")
	}
	if status, _, _ := leaves.visit(second.URL(), "/logout", url.Values{}); status != http.StatusSeeOther {
		t.Errorf("signing out: %d", status)
	}
	second.Close()

	third := start()
	defer third.Close()
	if !stays.in(third.URL()) {
		t.Error("a second restart signs people out")
	}
	if before.in(third.URL()) {
		t.Error("a restart brings back who signed out")
	}
}

// crash starts the command and returns how to kill it.
func crash(t *testing.T, cmd *exec.Cmd) (address string, kill func()) {
	t.Helper()
	said, _ := serving(t, cmd, regexp.MustCompile(`Project +project-test-`))
	return regexp.MustCompile(`Console +(http://\S+)`).FindStringSubmatch(said)[1], func() {
		t.Helper()
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
}

// A sign-in that a browser was told of is there after kill -9, and a sign-out too.
func TestKillKeepsSessions(t *testing.T) {
	t.Parallel()
	env, staff := lasting(t)
	dir := t.TempDir()
	var words []string
	for name, value := range env {
		words = append(words, name+"="+value)
	}
	start := func() (string, func()) {
		return crash(t, command(t, words, "--listen=127.0.0.1:0", "--data-dir="+dir, "--staff-organization="+staff))
	}
	ada := &visitor{t, map[string]string{}}
	address, kill := start()
	ada.signIn(address, env["STYTCH_BASE_URL"], "ada@support.example", staff)
	kill()
	address, kill = start()
	if !ada.in(address) {
		t.Error("a killed console forgets who signed in")
	}
	before := ada.again()
	ada.visit(address, "/logout", url.Values{})
	kill()
	address, kill = start()
	defer kill()
	if before.in(address) {
		t.Error("a killed console forgets who signed out")
	}
}

// tokens are what an upstream gave away and was sent: sessions, and sign-ins in the middle.
type tokens struct {
	http.Handler

	mu   sync.Mutex
	seen map[string]bool
}

var givenToken = regexp.MustCompile(`"(?:intermediate_)?session_(?:token|jwt)":"([^"]+)"`)

// ServeHTTP passes on, and notes the tokens of the answer.
func (k *tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	k.Handler.ServeHTTP(rec, r)
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, match := range givenToken.FindAllStringSubmatch(rec.Body.String(), -1) {
		k.seen[match[1]] = true
	}
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// Whoever steals the database, with what is not in it yet, finds no token and no cookie. Addresses and names are in it.
func TestStolenDatabaseOpensNothing(t *testing.T) {
	t.Parallel()
	upstream, err := sandbox.New(sandbox.Options{ProjectID: projectID, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	given := &tokens{Handler: upstream, seen: map[string]bool{}}
	server := httptest.NewServer(given)
	defer server.Close()
	dir := t.TempDir()
	a, err := app.Start(t.Context(), settings(t, project(server.URL, projectID), "--database="+filepath.Join(dir, "people.db")), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	done, middle := &visitor{t, map[string]string{}}, &visitor{t, map[string]string{}}
	done.signIn(a.URL(), server.URL, "ada@support.example", upstream.StaffOrganizationID())
	middle.signIn(a.URL(), server.URL, "sam@support.example", "")
	if !done.in(a.URL()) || len(given.seen) < 3 {
		t.Fatalf("%d tokens", len(given.seen))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var stolen []byte
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		stolen = append(stolen, text...)
	}
	for _, known := range []string{"ada@support.example", "sam@support.example", upstream.StaffOrganizationID()} {
		if !bytes.Contains(stolen, []byte(known)) {
			t.Errorf("%s is not in the files: they are not all there is", known)
		}
	}
	for _, v := range []*visitor{done, middle} {
		if v.cookies["__Host-session"] == "" {
			t.Error("there is no session cookie")
		}
		for _, value := range v.cookies {
			given.seen[value] = true
		}
	}
	given.seen[secret] = true
	for private := range given.seen {
		if bytes.Contains(stolen, []byte(private)) {
			t.Errorf("%.12s... is in the files", private)
		}
	}
}

// The sandbox forgets everybody when it stops, and so does a console that it is in.
func TestSandboxBeginsAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		cfg := sandboxed(t)
		cfg.Database = filepath.Join(dir, "sandbox.db")
		a, err := app.Start(t.Context(), cfg, io.Discard)
		if err != nil {
			t.Fatalf("with the database of the last time: %v", err)
		}
		a.Close()
	}
}

// One clear message, and exit code 2.
func TestDatabaseThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	env, _ := lasting(t)
	path := filepath.Join(t.TempDir(), "console.db")
	a, err := app.Start(t.Context(), settings(t, env, "--database="+path), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	const other = "project-test-22222222-2222-4222-8222-222222222222"
	upstream, err := sandbox.New(sandbox.Options{ProjectID: other, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(upstream)
	defer server.Close()
	a, err = app.Start(t.Context(), settings(t, project(server.URL, other), "--database="+path), io.Discard)
	wrongSetting(t, a, err, "--database: the database belongs to another project")
	a, err = app.Start(t.Context(), settings(t, env, "--database="+t.TempDir()), io.Discard)
	wrongSetting(t, a, err, "--database: it is a directory")
	if wrong, ok := errors.AsType[*config.Error](err); ok && strings.Contains(wrong.Error(), path) {
		t.Errorf("the message names a path: %v", wrong)
	}
}
