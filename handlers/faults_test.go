package handlers_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/stytch"
)

// spoil is one way in which an upstream call goes wrong, and what the console makes of it.
type spoil struct {
	name   string
	fault  sandbox.Fault
	status int
	words  string
	// passing says that a read may be tried once more: the fault says "not now", or nothing.
	passing bool
	// named says that the answer carries a request id.
	named bool
}

// late says that the fault is one of time, which a deadline ends.
func (s spoil) late() bool { return s.words == wordsSlow && !s.named }

// The console's words for each kind of trouble.
const (
	wordsFault  = "Stytch has a fault"
	wordsGone   = "Stytch does not answer"
	wordsSlow   = "Stytch takes too long"
	wordsNot    = "Stytch's answer cannot be read"
	wordsLimit  = "Stytch asks to slow down"
	wordsSecret = "Stytch does not know this console"
	wordsNone   = "Nothing is here"
)

func status(code int, kind string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code, ErrorType: kind}
}

var spoils = []spoil{
	{"500", status(500, ""), 502, wordsFault, false, true},
	{"502", status(502, ""), 502, wordsFault, true, true},
	{"503", status(503, ""), 502, wordsFault, true, true},
	{"504", status(504, ""), 504, wordsSlow, true, true},
	{"429", status(429, ""), 429, wordsLimit, false, true},
	{"401", status(401, "unauthorized_credentials"), 502, wordsSecret, false, true},
	{"404", status(404, ""), 404, wordsNone, false, true},
	{"reset", sandbox.Fault{Kind: sandbox.FaultReset}, 502, wordsGone, true, false},
	{"half", sandbox.Fault{Kind: sandbox.FaultHalf}, 502, wordsGone, true, false},
	{"slow", sandbox.Fault{Kind: sandbox.FaultSlow}, 504, wordsSlow, false, false},
	{"silent", sandbox.Fault{Kind: sandbox.FaultLatency, LatencyMS: 1000}, 504, wordsSlow, false, false},
	{"empty", sandbox.Fault{Kind: sandbox.FaultEmpty}, 502, wordsNot, false, false},
	{"html", sandbox.Fault{Kind: sandbox.FaultHTML}, 502, wordsNot, false, false},
	{"302", sandbox.Fault{Kind: sandbox.FaultRedirect}, 502, wordsNot, false, false},
	{"307", sandbox.Fault{Kind: sandbox.FaultRedirect, Status: 307}, 502, wordsNot, false, false},
	{"huge", sandbox.Fault{Kind: sandbox.FaultHuge}, 502, wordsNot, false, false},
	{"garbage", sandbox.Fault{Kind: sandbox.FaultGarbage}, 502, wordsNot, false, false},
	{"bare", sandbox.Fault{}, 502, wordsNot, false, false}, // JSON, and nothing in it
}

// raw is what no page may show: texts of the upstream, of Go, of the network, of a stack.
var raw = []string{
	"fault of the sandbox", "sandbox_fault", "internal_server_error", "too_many_requests", "unauthorized_credentials", "Bad gateway", "alert('html')",
	"goroutine", ".go:", "panic", "runtime error", "EOF", "connection reset", "context deadline", "deadline exceeded", "dial tcp", "127.0.0.1", "stytch:",
	"jsontext", "unmarshal", "http://", "sandbox/redirected", "upstream fault", "upstream refused", "api_b2b", "api_organization", "api_discovery",
}

// outcome is what becomes of a page when one of its calls fails.
type outcome int

const (
	// whole: the page is the error. Lists and forms keep what was typed, and say it in their place.
	whole outcome = iota
	// aPart: one part of the page says so, and the rest is there.
	aPart
	// quiet: the page does without.
	quiet
)

// cell is what a spoiled call must come to; zero fields are the rule.
type cell struct {
	status int
	words  string
}

// TestFaults drives every route with operations and spoils each call that it makes in every way there is.
func TestFaults(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	all := slices.Concat(readDrivers(), loginDrivers(), enterDrivers(), accountDrivers(), entryDrivers(), settingsDrivers(), auditDrivers(), memberEditDrivers(), memberActDrivers(), connectedAppDrivers(), m2mDrivers(), appDrivers(), appRequestDrivers(), consentDrivers())
	var cells atomic.Int64
	var mu sync.Mutex
	seen := map[string]map[string]bool{}
	// Most of the time is waiting for deadlines, so many drivers run at once, whatever -parallel says.
	var wg sync.WaitGroup
	free := make(chan struct{}, 8)
	for _, d := range all {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			t.Run(d.route+" "+d.name, func(t *testing.T) {
				happy := d.spoilAll(t, &cells)
				mu.Lock()
				defer mu.Unlock()
				if seen[d.route] == nil {
					seen[d.route] = map[string]bool{}
				}
				for _, operation := range happy {
					seen[d.route][operation] = true
				}
			})
		})
	}
	wg.Wait()
	for _, r := range handlers.Routes() {
		route := r.Method + " " + r.Path
		calls := slices.Clone(r.Calls)
		if r.Access == handlers.InTenant && r.Method == http.MethodGet {
			calls = append(calls, handlers.EnterCalls()...)
		}
		for _, operation := range calls {
			if !seen[route][operation.String()] && undrivable[route] != operation && operation.Row().Door != stytch.Local {
				t.Errorf("%s: no driver makes it call %s", route, operation)
			}
		}
	}
	t.Logf("%d cells, one of %d visited: %d ways to visit %d routes, %d faults for each call", cells.Load(), faultsEvery, len(all), len(seen), len(spoils))
}

// undrivable are calls that stand in a row as a guard only.
var undrivable = map[string]stytch.Operation{
	// Choosing an organization follows a sign-in that has already given up the keys held before.
	"POST " + paths.LoginOrganizations: stytch.SessionRevoke,
}

// faultsFrom is the first cell that is visited.
var faultsFrom = rand.Int64N(faultsEvery)

// spoilAll goes through the cells of a driver and returns the operations of its undisturbed page.
func (d *driver) spoilAll(t *testing.T, cells *atomic.Int64) []string {
	// The deadline is short only where it is waited for: a busy machine takes its time over everything else.
	f, hasty := newTapped(t, setup{timeout: 5 * time.Second, unchecked: true}, nil), newTapped(t, setup{timeout: 600 * time.Millisecond, unchecked: true}, nil)
	shared := map[*tapped]*browser{f: d.open(f), hasty: d.open(hasty)}
	a := d.act(f, shared[f].clone())
	if a.status != d.good {
		t.Fatalf("undisturbed: status %d, want %d; h1 %q", a.status, d.good, a.h1())
	}
	happy := f.tap.calls(a.page)
	if len(happy) == 0 {
		t.Fatal("undisturbed: the page makes no call")
	}
	for _, operation := range slices.Compact(slices.Clone(happy)) {
		for _, s := range spoils {
			if slices.Contains(d.skip, operation+" "+s.name) || !d.spoils(operation) {
				continue
			}
			if (cells.Add(1)+faultsFrom)%faultsEvery != 0 {
				continue
			}
			on := f
			if s.late() {
				on = hasty
			}
			b := shared[on].clone()
			if d.write {
				b = d.open(on)
			}
			d.spoil(on, b, operation, s, happy)
		}
	}
	if found := logged(f.log.String()+hasty.log.String(), d.private); len(found) > 0 {
		t.Errorf("the log holds %q", slices.Compact(found))
	}
	if _, trace, panicked := strings.Cut(f.log.String()+hasty.log.String(), "panic"); panicked {
		t.Errorf("a request panicked: %.800s", trace)
	}
	return happy
}

// spoils says whether an operation is spoiled in this visit.
func (d *driver) spoils(operation string) bool {
	return len(d.only) == 0 || slices.ContainsFunc(d.only, func(o stytch.Operation) bool { return o.String() == operation })
}

func (d *driver) spoil(f *tapped, b *browser, operation string, s spoil, happy []string) {
	t := f.t
	name := fmt.Sprintf("%s %s: %s of %s", d.route, d.name, s.name, operation)
	began := time.Now()
	a := d.visit(f, b, operation, s)
	took := time.Since(began)
	if s.late() && occurrences(f.tap.calls(a.page), operation) == 0 { // a busy machine used the short deadline up before it came to this
		if d.write {
			b = d.open(f)
		}
		a = d.visit(f, b, operation, s)
	}
	if took > 4*time.Second {
		t.Errorf("%s: took %v", name, took)
	}
	d.private = append(d.private, unlogged(a.sent)...)
	d.judge(name, a, operation, s)
	d.countCalls(f, name, a, operation, s, happy)
	if s.named && d.outcome[operation] != quiet && d.special[operation+" "+s.name] == (cell{}) {
		if !slices.ContainsFunc(f.tap.requestIDs(a.page), func(id string) bool { return strings.Contains(a.body, id) }) {
			t.Errorf("%s: the page does not show the upstream's request id", name)
		}
	}
	if next := b.get(d.next(f)); next.status >= 500 || next.h1() == "" && next.status == http.StatusOK {
		t.Errorf("%s: the request after it: %d %q", name, next.status, next.h1())
	}
}

// visit makes the visit while an operation is spoiled.
func (d *driver) visit(f *tapped, b *browser, operation string, s spoil) *answer {
	fault := s.fault
	fault.Operation = operation
	if fault.Kind == "" {
		f.tap.strip(operation)
	} else if err := f.sandbox.SetFault(fault); err != nil {
		f.t.Fatal(err)
	}
	defer f.sandbox.ClearFaults()
	defer f.tap.strip("")
	return d.act(f, b)
}

// judge compares the answer with what the kind of fault and the part that the call plays ask for.
func (d *driver) judge(name string, a *answer, operation string, s spoil) {
	t := a.t
	want := cell{s.status, s.words}
	switch d.outcome[operation] {
	case aPart:
		want.status = http.StatusOK
		if s.status == http.StatusNotFound {
			want.words = "Stytch knows nothing of it"
		}
	case quiet:
		want = cell{d.good, ""}
	case whole:
	}
	if special := d.special[operation+" "+s.name]; special != (cell{}) {
		want = special
	}
	late := s.name == "huge" && a.status == http.StatusGatewayTimeout // a busy machine may not read 4 MB in time
	if a.status != want.status && !late {
		t.Errorf("%s: status %d, want %d; h1 %q", name, a.status, want.status, a.h1())
	}
	text := strings.ReplaceAll(a.text("body"), "’", "'")
	if !strings.Contains(text, want.words) && !late && !strings.Contains(text, wordsSlow) {
		t.Errorf("%s: the page does not say %q: %.500s", name, want.words, text)
	}
	for _, word := range raw {
		if strings.Contains(text, word) { // not in the body: a token in a hidden field may spell anything
			t.Errorf("%s: the page shows %q", name, word)
		}
	}
	if a.status == http.StatusSeeOther {
		return
	}
	doc := a.doc()
	if doc.Find("h1").Length() != 1 || doc.Find("html > head > title").Length() != 1 {
		t.Errorf("%s: not a page: %.200s", name, a.body)
	}
	if d.anew {
		a.asksAnew(name)
	} else {
		a.keepsTyped(name)
	}
	if d.signedIn && doc.Find("nav#nav a[href='"+paths.Organizations+"']").Length() == 0 {
		t.Errorf("%s: the page has no navigation", name)
	}
	if rest := d.rest; d.outcome[operation] == aPart && !strings.Contains(text, rest) {
		t.Errorf("%s: the rest of the page is not there: no %q", name, rest)
	}
}

// asksAnew fails unless a form that was stopped is not there any more, and a link leads back to what it was about.
func (a *answer) asksAnew(name string) {
	a.t.Helper()
	if a.status != http.StatusTooManyRequests && a.status < http.StatusInternalServerError {
		return
	}
	if doc := a.doc(); doc.Find("main form[method=post]").Length() > 0 || doc.Find(`main a[href^="`+paths.Authorize+`?"]`).Length() != 1 {
		a.t.Errorf("%s: the form is there still, or nothing leads back to the request", name)
	}
}

// keepsTyped fails unless a form that a limit or a fault has stopped is still there, with what was typed, and without its
// secrets. What people choose by a button or a box they choose again, and a proof that is spent is gone.
func (a *answer) keepsTyped(name string) {
	a.t.Helper()
	if len(a.sent) == 0 || (a.status != http.StatusTooManyRequests && a.status < http.StatusInternalServerError) {
		return
	}
	doc := a.doc()
	if doc.Find("main form[method=post]").Length() == 0 {
		a.t.Errorf("%s: the form is gone", name)
	}
	for field, values := range a.sent {
		if slices.Contains([]string{"method", "act", "default", "enrol", "proof_send", "proof_method"}, field) {
			continue
		}
		for _, value := range values {
			if slices.Contains(secrets, field) {
				// A word of its own: six digits may stand in the middle of any id.
				shown := regexp.MustCompile(`\b` + regexp.QuoteMeta(value) + `\b`).MatchString(a.body)
				if asked := doc.Find("main form [name='" + field + "']"); shown || asked.Length() == 0 && !strings.HasPrefix(field, "proof_") {
					a.t.Errorf("%s: %s is in the page, or not asked for again", name, field)
				}
				continue
			}
			var kept []string
			for _, in := range doc.Find("main form [name='" + field + "']").EachIter() {
				kept = append(kept, in.AttrOr("value", ""))
			}
			if !slices.Contains(kept, value) {
				a.t.Errorf("%s: %s was %q, and is %q now", name, field, value, kept)
			}
		}
	}
}

// countCalls holds the page to its number of calls: a write goes out once, a read at most once more, and only where its
// row says so.
func (d *driver) countCalls(f *tapped, name string, a *answer, operation string, s spoil, happy []string) {
	calls := f.tap.calls(a.page)
	for _, o := range slices.Compact(slices.Clone(calls)) {
		most := occurrences(happy, o)
		if mayRetry(o) {
			most *= 2
		}
		if n := occurrences(calls, o); n > most {
			f.t.Errorf("%s: %s went out %d times, at most %d are right", name, o, n, most)
		}
	}
	least := 1
	if s.passing && mayRetry(operation) {
		least = 2
	}
	if n := occurrences(calls, operation); n < least {
		f.t.Errorf("%s: went out %d times, want %d", name, n, least)
	}
	if !s.passing && occurrences(happy, operation) == 1 && occurrences(calls, operation) != 1 {
		f.t.Errorf("%s: went out %d times, want 1", name, occurrences(calls, operation))
	}
}

func occurrences(list []string, one string) int {
	n := 0
	for _, s := range list {
		if s == one {
			n++
		}
	}
	return n
}

// mayRetry says whether the operation's row lets it go out again. A write never may, whatever its row says.
func mayRetry(operation string) bool {
	for _, o := range stytch.Operations() {
		if row := o.Row(); row.ID == operation {
			return row.Retry && row.Kind == stytch.Read
		}
	}
	return false
}
