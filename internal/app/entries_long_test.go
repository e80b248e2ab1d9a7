//go:build long

package app_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"console.internal/internal/sandbox"
)

// deadlyRounds are how often a console is killed while somebody of the support staff enters a tenant: first before and after each
// of its calls, then at moments that a seed draws.
const deadlyRounds = 50

// deadly is an upstream that kills the console at one of the calls that it gets.
type deadly struct {
	http.Handler

	mu   sync.Mutex
	kill func()
	// at is the step at which it does: each call has one before it is carried out and one after. 0 lets the console live.
	step, at int
}

// arm has the console killed at a step, counted from now.
func (d *deadly) arm(at int, kill func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.step, d.at, d.kill = 0, at, kill
}

// took says how many steps there were.
func (d *deadly) took() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.step
}

// strikes says whether the console dies here.
func (d *deadly) strikes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.step++
	if d.at == 0 || d.step != d.at {
		return false
	}
	d.kill()
	return true
}

// ServeHTTP passes on what is not struck.
func (d *deadly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.strikes() {
		return
	}
	rec := httptest.NewRecorder()
	d.Handler.ServeHTTP(rec, r)
	if d.strikes() {
		return
	}
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

var enterForm = regexp.MustCompile(`(?s)action="(/organizations/[^"]+/(?:enter|leave))"[^>]*>.*?name="ticket" value="([^"]+)"`)

// A console that is killed at any step of entering a tenant leaves no membership after its next start, save where whoever entered
// is in, and then it goes with them.
func TestKillAtEachStepOfEntering(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("APP_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("APP_TEST_SEED=%d", seed)
	w := newDeadlyWorld(t, rand.New(rand.NewPCG(seed, 0)))
	w.start()
	whole, steps := w.round("whole", 0, -1)
	if !whole || steps < 8 {
		t.Fatalf("undisturbed: inside is %t, by %d steps", whole, steps)
	}
	for n := 1; n <= steps; n++ {
		if in, _ := w.round(fmt.Sprintf("step %d", n), n, -1); in {
			t.Errorf("step %d of %d: somebody is in all the same", n, steps)
		}
	}
	inside := 0
	for n := steps; n < deadlyRounds; n++ {
		after := time.Duration(w.random.IntN(60_000)) * time.Microsecond
		if in, _ := w.round("after "+after.String(), 0, after); in {
			inside++
		}
	}
	w.kill()
	t.Logf("killed at each of %d steps, and at %d moments; in %d of these somebody was in", steps, deadlyRounds-steps, inside)
}

type deadlyWorld struct {
	t        *testing.T
	random   *rand.Rand
	box      *sandbox.Server
	upstream *deadly
	base     string
	quayside string
	sam      *visitor
	env      map[string]string
	args     []string
	address  string
	kill     func()
}

func newDeadlyWorld(t *testing.T, random *rand.Rand) *deadlyWorld {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{ProjectID: projectID, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	w := &deadlyWorld{t: t, random: random, box: box, upstream: &deadly{Handler: box}}
	server := httptest.NewServer(w.upstream)
	t.Cleanup(server.Close)
	if w.quayside, err = box.OrganizationID("quayside"); err != nil {
		t.Fatal(err)
	}
	w.base, w.env = server.URL, project(server.URL, projectID)
	w.args = []string{"--listen=127.0.0.1:0", "--data-dir=" + t.TempDir(), "--staff-organization=" + box.StaffOrganizationID(), "--support-role=tenant_support"}
	return w
}

// start starts the console, and signs sam in where that is needed.
func (w *deadlyWorld) start() {
	w.t.Helper()
	var words []string
	for name, value := range w.env {
		words = append(words, name+"="+value)
	}
	w.upstream.arm(0, nil)
	w.address, w.kill = crash(w.t, command(w.t, words, w.args...))
	w.sam = &visitor{w.t, map[string]string{}}
	w.sam.signIn(w.address, w.base, "sam@support.example", w.box.StaffOrganizationID())
}

// form is the address and the ticket of the form that enters or leaves, on the page of the tenant's members.
func (w *deadlyWorld) form() (action, ticket string) {
	w.t.Helper()
	status, _, body := w.sam.visit(w.address, "/organizations/"+w.quayside+"/members", nil)
	found := enterForm.FindStringSubmatch(body)
	if found == nil {
		w.t.Fatalf("%d, and no form: %.400s", status, body)
	}
	return found[1], found[2]
}

func (w *deadlyWorld) isMember() bool {
	_, err := w.box.MemberID("quayside", "sam@support.example")
	return err == nil
}

// round enters while the console is killed at a step of its calls, or after a while, and starts it again. It says whether sam is in,
// and of how many steps the entering was.
func (w *deadlyWorld) round(name string, at int, after time.Duration) (inside bool, steps int) {
	w.t.Helper()
	action, ticket := w.form()
	if !strings.HasSuffix(action, "/enter") || w.isMember() {
		w.t.Fatalf("%s: sam is in before it begins", name)
	}
	var once sync.Once
	kill := func() { once.Do(w.kill) }
	w.upstream.arm(at, kill)
	if after >= 0 {
		time.AfterFunc(after, kill)
	}
	_, _ = w.sam.ask(w.address, action, url.Values{"reason": {"SUP-4821"}, "ticket": {ticket}}) // it may never be answered
	if steps = w.upstream.took(); at > steps {
		w.t.Fatalf("%s: there were %d", name, steps)
	}
	before := w.sam
	if at > 0 || after >= 0 {
		kill() // where it was quicker
		w.start()
	}
	status, _, body := before.visit(w.address, "/organizations/"+w.quayside+"/members", nil)
	found := enterForm.FindStringSubmatch(body)
	if inside = status == http.StatusOK && found != nil && strings.HasSuffix(found[1], "/leave"); inside {
		if !w.isMember() {
			w.t.Fatalf("%s: a page is shown to nobody's member", name)
		}
		before.visit(w.address, found[1], url.Values{"ticket": {found[2]}})
	}
	tick, deadline := time.NewTicker(5*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for w.isMember() {
		select {
		case <-deadline:
			w.t.Fatalf("%s: there is a membership after the next start; inside was %t", name, inside)
		case <-tick.C:
		}
	}
	return inside, steps
}
