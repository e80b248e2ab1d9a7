package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	rounds      = 5
	perRound    = 600
	connections = 8
	sessions    = 10_000
)

// bench is the three processes and what is known of them.
type bench struct {
	binary                     string
	upstream, proxy, console   *process
	upstreamURL, proxyURL, url string
	env                        []string
	basic, staff               string
}

func report(binary string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b := &bench{binary: binary}
	if err := b.startAll(ctx); err != nil {
		return err
	}
	defer b.upstream.stop()
	defer b.proxy.stop()
	defer func() { b.console.stop() }()
	staff := newVisitor(b.url, "10.0.0.1")
	if err := staff.signIn(b.upstreamURL, "ada@support.example", b.staff); err != nil {
		return err
	}
	for _, f := range []func(context.Context, *visitor) error{b.bytes, b.ratio, b.latency, b.memory, b.coldStart} {
		if err := f(ctx, staff); err != nil {
			return err
		}
	}
	return nil
}

func say(what, figure, budget string) {
	_, _ = fmt.Fprintf(os.Stdout, "%-62s %-34s budget %s\n", what, figure, budget)
}

func (b *bench) startAll(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if b.upstream, err = start(ctx, "", nil, self, "-role", "upstream"); err != nil {
		return err
	}
	w := b.upstream.words
	if len(w) != 4 {
		return errors.New("the sandbox did not say where it is")
	}
	b.upstreamURL, b.staff = w[0], w[3]
	b.basic = "Basic " + base64.StdEncoding.EncodeToString([]byte(w[1]+":"+w[2]))
	if b.proxy, err = start(ctx, "", nil, self, "-role", "proxy", "-target", b.upstreamURL); err != nil {
		return err
	}
	b.proxyURL = b.proxy.words[0]
	data, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	b.env = []string{
		"STYTCH_PROJECT_ID=" + w[1], "STYTCH_SECRET=" + w[2], "STYTCH_BASE_URL=" + b.upstreamURL, "CONSOLE_DATA_DIR=" + data,
	}
	b.console, err = b.startConsole(ctx)
	return err
}

func (b *bench) startConsole(ctx context.Context) (*process, error) {
	p, err := start(ctx, "Console ", b.env, b.binary, "--listen", "127.0.0.1:0", "--staff-organization", b.staff,
		"--search-budget", "1000000", "--trusted-proxies", "127.0.0.0/8")
	if err != nil {
		return nil, err
	}
	b.url = p.words[0]
	return p, nil
}

func (b *bench) bytes(_ context.Context, staff *visitor) error {
	html, rest, err := staff.firstVisit("/organizations")
	if err != nil {
		return err
	}
	say("first visit to the directory, 50 rows: HTML + all files", fmt.Sprintf("%.1f KB (HTML %.1f)", kb(html+rest), kb(html)), "24 KB, aim 18")
	html, rest, err = newVisitor(b.url, "10.0.0.2").firstVisit("/login")
	if err != nil {
		return err
	}
	say("first visit to the sign-in page: HTML + all files", fmt.Sprintf("%.1f KB (HTML %.1f)", kb(html+rest), kb(html)), "-")
	return nil
}

func kb(n int) float64 { return float64(n) / 1024 }

// list is one request for the directory's first page.
func list(staff *visitor) error {
	status, _, _, err := staff.do(http.MethodGet, "/organizations", nil, "gzip, deflate, br, zstd")
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("directory: %d %w", status, err)
	}
	return nil
}

// pass makes the console's two upstream calls through the proxy, side by side as the console does. The check is made
// with no session, which costs the upstream and the proxy the same.
func (b *bench) pass() error {
	search := `{"limit":50}`
	var wg sync.WaitGroup
	var first, second error
	wg.Go(func() { first = b.through("/v1/b2b/organizations/search", search, http.StatusOK) })
	wg.Go(func() {
		second = b.through("/v1/b2b/sessions/authenticate", `{"session_token":"`+strings.Repeat("a", 44)+`"}`, http.StatusNotFound)
	})
	wg.Wait()
	return errors.Join(first, second)
}

func (b *bench) through(path, body string, want int) error {
	resp, err := b.send(http.MethodPost, b.proxyURL+path, body)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if n, err := io.Copy(io.Discard, resp.Body); err != nil {
		return fmt.Errorf("%s through the proxy: %d after %d bytes: %w", path, resp.StatusCode, n, err)
	}
	if resp.StatusCode != want {
		return fmt.Errorf("%s through the proxy: %d", path, resp.StatusCode)
	}
	return nil
}

// load makes n calls over c connections and returns how long each took.
func load(n, c int, f func() error) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	failed := make([]error, c)
	for w := range c {
		wg.Go(func() {
			for i := range next {
				began := time.Now()
				if err := f(); err != nil {
					failed[w] = err
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	return took, errors.Join(failed...)
}

// ratio is the console's processor time for a list over the proxy's, in turns.
func (b *bench) ratio(_ context.Context, staff *visitor) error {
	var console, proxy time.Duration
	if _, err := load(perRound, connections, func() error { return list(staff) }); err != nil {
		return err
	}
	for range rounds {
		for _, side := range []struct {
			p   *process
			sum *time.Duration
			f   func() error
		}{{b.console, &console, func() error { return list(staff) }}, {b.proxy, &proxy, b.pass}} {
			before, err := side.p.cpu()
			if err != nil {
				return err
			}
			if _, err := load(perRound, connections, side.f); err != nil {
				return err
			}
			after, err := side.p.cpu()
			if err != nil {
				return err
			}
			*side.sum += after - before
		}
	}
	n := time.Duration(rounds * perRound)
	say("processor time of a 50-row list over a proxy making its calls",
		fmt.Sprintf("%.2fx (%d us over %d us)", float64(console)/float64(proxy), (console/n).Microseconds(), (proxy/n).Microseconds()), "4x, aim 2.4")
	return nil
}

// latency is what the console adds where the upstream takes 20 ms.
func (b *bench) latency(_ context.Context, staff *visitor) error {
	fault := `{"operation":"*","kind":"latency","latency_ms":20}`
	if err := b.control(http.MethodPost, "/sandbox/faults", fault); err != nil {
		return err
	}
	var console, proxy []time.Duration
	for range 3 {
		took, err := load(200, 4, func() error { return list(staff) })
		if err != nil {
			return err
		}
		console = append(console, took...)
		if took, err = load(200, 4, b.pass); err != nil {
			return err
		}
		proxy = append(proxy, took...)
	}
	slices.Sort(console)
	slices.Sort(proxy)
	added := console[len(console)/2] - proxy[len(proxy)/2]
	say("added latency, median, upstream at 20 ms, 4 connections",
		fmt.Sprintf("%+.2f ms (%.2f over %.2f)", ms(added), ms(console[len(console)/2]), ms(proxy[len(proxy)/2])), "1 ms, aim 0.5")
	return b.control(http.MethodDelete, "/sandbox/faults", "{}")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// send asks the upstream, or the proxy before it, with the project's secret.
func (b *bench) send(method, address, body string) (*http.Response, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body)) //nolint:noctx // the run as a whole is what ends
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", b.basic)
	r.Header.Set("Content-Type", "application/json")
	return plain.Do(r)
}

func (b *bench) control(method, path, body string) error {
	resp, err := b.send(method, b.upstreamURL+path, body)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d", method, path, resp.StatusCode)
	}
	return nil
}

// memory is what the console holds with many people signed in.
func (b *bench) memory(ctx context.Context, _ *visitor) error {
	b.console.stop()
	var err error
	if b.console, err = b.startConsole(ctx); err != nil {
		return err
	}
	idle, err := b.console.rss()
	if err != nil {
		return err
	}
	big, emails, err := b.everybody()
	if err != nil {
		return err
	}
	var mu sync.Mutex
	i := 0
	if _, err = load(sessions, connections, func() error {
		mu.Lock()
		n := i
		i++
		mu.Unlock()
		address := fmt.Sprintf("10.%d.%d.%d", 1+n/65536, n/256%256, n%256)
		return newVisitor(b.url, address).signIn(b.upstreamURL, emails[n%len(emails)], big)
	}); err != nil {
		return err
	}
	full, err := b.console.rss()
	if err != nil {
		return err
	}
	say("memory with "+strconv.Itoa(sessions)+" people signed in", fmt.Sprintf("%.1f MB (%.1f at start)", mb(full), mb(idle)), "40 MB")
	return nil
}

func mb(n int64) float64 { return float64(n) / (1 << 20) }

// coldStart is the time from starting the binary to its first page, and its size.
func (b *bench) coldStart(ctx context.Context, _ *visitor) error {
	var took []time.Duration
	for range 10 {
		b.console.stop()
		began := time.Now()
		var err error
		if b.console, err = b.startConsole(ctx); err != nil {
			return err
		}
		if status, _, _, err := newVisitor(b.url, "10.0.0.3").do(http.MethodGet, "/login", nil, ""); err != nil || status != http.StatusOK {
			return fmt.Errorf("first page: %d %w", status, err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	say("from starting to the first page, median of 10", fmt.Sprintf("%.0f ms (fastest %.0f)", ms(took[len(took)/2]), ms(took[0])), "60 ms")
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	say("size of the binary, all files inside", fmt.Sprintf("%.1f MB", mb(info.Size())), "22 MB")
	return nil
}
