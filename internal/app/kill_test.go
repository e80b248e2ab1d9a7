package app_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/config"
	"console.internal/internal/sandbox"
	"console.internal/internal/store"
)

// writes notes which page each write of a member came from.
type writes struct {
	http.Handler

	mu    sync.Mutex
	pages map[string]bool
}

// ServeHTTP notes, and passes on.
func (w *writes) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/members/") {
		w.mu.Lock()
		w.pages[r.Header.Get("X-Request-ID")] = true
		w.mu.Unlock()
	}
	w.Handler.ServeHTTP(rw, r)
}

var (
	nameForm   = regexp.MustCompile(`(?s)action="/account/name">\s*<input type="hidden" name="ticket" value="([^"]+)"`)
	killPeople = []string{"ada@support.example", "sam@support.example"}
)

// rename changes the person's own name until the console is gone.
func (v *visitor) rename(base, name string) (ok bool) {
	page, err := v.ask(base, "/account", nil)
	if err != nil {
		return false
	}
	ticket := nameForm.FindStringSubmatch(page.body)
	if ticket == nil {
		v.t.Errorf("no form: %d, %.300s", page.status, page.body)
		return false
	}
	page, err = v.ask(base, "/account/name", url.Values{"name": {name}, "ticket": {ticket[1]}})
	return err == nil && page.status == http.StatusSeeOther
}

// TestKillUnderWrites kills a console while people change things: nobody who was told that they are signed in is signed out, nothing was
// sent upstream that is not in the record, and the record's chain is whole.
func TestKillUnderWrites(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("STORE_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("STORE_TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	upstream, err := sandbox.New(sandbox.Options{ProjectID: projectID, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	noted := &writes{Handler: upstream, pages: map[string]bool{}}
	server := httptest.NewServer(noted)
	defer server.Close()
	env, dir := project(server.URL, projectID), t.TempDir()
	var words []string
	for name, value := range env {
		words = append(words, name+"="+value)
	}
	start := func() (string, func()) {
		return crash(t, command(t, words, "--listen=127.0.0.1:0", "--data-dir="+dir, "--staff-organization="+upstream.StaffOrganizationID()))
	}
	address, kill := start()
	people := make([]*visitor, len(killPeople))
	for i, email := range killPeople {
		people[i] = &visitor{t, map[string]string{}}
		people[i].signIn(address, server.URL, email, upstream.StaffOrganizationID())
	}
	done := 0
	for round := range kills {
		if round > 0 {
			address, kill = start()
		}
		for i, v := range people {
			if !v.in(address) {
				t.Fatalf("round %d: %s is signed out", round, killPeople[i])
			}
		}
		var wg sync.WaitGroup
		count := make([]int, len(people))
		for i, v := range people {
			wg.Go(func() {
				for n := 0; v.rename(address, fmt.Sprintf("Name %d %d %d", round, i, n)); n++ {
					count[i]++
				}
			})
		}
		// At any moment: there is nothing to wait for.
		<-time.After(time.Duration(50+random.IntN(300)) * time.Millisecond)
		kill()
		wg.Wait()
		for _, n := range count {
			done += n
		}
		checkRecord(t, dir, round, noted)
	}
	if done == 0 {
		t.Error("nothing was changed in all rounds")
	}
	t.Logf("%d changes that were told of, %d that were sent, in %d rounds", done, len(noted.pages), kills)
}

// checkRecord holds the record to what went out.
func checkRecord(t *testing.T, dir string, round int, noted *writes) {
	t.Helper()
	cfg, err := config.Parse([]string{"--data-dir=" + dir}, func(name string) string { return project("http://127.0.0.1:1", projectID)[name] })
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "console.db"), ProjectID: projectID, Now: time.Now, Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	log, err := audit.New(t.Context(), audit.Options{Store: s.Durable(), Keys: [][]byte{[]byte(cfg.Keys[0].Reveal())}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	report, err := log.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Fatalf("round %d: %+v, %v", round, report, err)
	}
	recorded := map[string]bool{}
	for e, err := range log.All(t.Context(), audit.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		recorded[e.Reference] = true
	}
	noted.mu.Lock()
	defer noted.mu.Unlock()
	for page := range noted.pages {
		if !recorded[page] {
			t.Errorf("round %d: page %s wrote, and is not in the record", round, page)
		}
	}
}
