//go:build e2e

package e2e_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/sync/semaphore"
)

// maxContexts is how many browser contexts exist at once. More of them on a small machine wait for each other.
const maxContexts = 2

var (
	browser  playwright.Browser
	contexts = semaphore.NewWeighted(maxContexts)
)

// chromiumArgs let the browser run as root, without a graphics card, and without speaking to anybody by itself.
var chromiumArgs = []string{
	"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
}

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err == nil && code == 0 && flag.Lookup("test.run").Value.String() == "" {
		err = called.missing()
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

// run starts the one browser of all tests, and stops it.
func run(m *testing.M) (code int, err error) {
	path := os.Getenv("CHROMIUM_PATH")
	if path == "" || os.Getenv("PLAYWRIGHT_DRIVER_PATH") == "" {
		return 1, errors.New("CHROMIUM_PATH or PLAYWRIGHT_DRIVER_PATH is not set; run: make e2e")
	}
	driver, err := playwright.Run(&playwright.RunOptions{SkipInstallBrowsers: true})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, driver.Stop()) }()
	browser, err = driver.Chromium.Launch(playwright.BrowserTypeLaunchOptions{
		ExecutablePath: new(path), Headless: new(true), Args: chromiumArgs,
	})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, browser.Close()) }()
	return m.Run(), nil
}

// reserve waits until a test may have n contexts, and gives them back at its end. A test takes all of its own at once:
// two tests that each hold one and want another would wait for ever.
func reserve(t *testing.T, n int64) {
	t.Helper()
	if err := contexts.Acquire(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { contexts.Release(n) })
}
