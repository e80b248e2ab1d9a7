package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"console.internal/internal/config"
)

// Each row is settings that are right but for one thing, and the beginning of the one problem to be reported.
func TestEachProblem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty, large := file("empty", " \n"), file("large", strings.Repeat("x", 65<<10))
	console, sandbox := []string(nil), []string{"--sandbox"}
	for name, tc := range map[string]struct {
		args   []string
		getenv func(string) string
		want   string
	}{
		"no project":          {console, env("STYTCH_PROJECT_ID", ""), "STYTCH_PROJECT_ID: missing"},
		"project's shape":     {console, env("STYTCH_PROJECT_ID", "project-test-1"), "STYTCH_PROJECT_ID: not of the form"},
		"project's ending":    {console, env("STYTCH_PROJECT_ID", testProject+"0"), "STYTCH_PROJECT_ID: not of the form"},
		"no secret":           {console, env("STYTCH_SECRET", ""), "STYTCH_SECRET: missing"},
		"blank secret":        {console, env("STYTCH_SECRET", "  "), "STYTCH_SECRET: it is blank"},
		"secret of two words": {console, env("STYTCH_SECRET", "secret-test- 123456"), "STYTCH_SECRET: not a secret"},
		"live secret":         {console, env("STYTCH_SECRET", "secret-live-123456"), "STYTCH_SECRET: it is not the secret of a test"},
		"test secret":         {console, env("STYTCH_PROJECT_ID", liveProject), "STYTCH_SECRET: it is not the secret of a live"},
		"secret twice":        {console, env("STYTCH_SECRET_FILE", empty), "STYTCH_SECRET: set together with STYTCH_SECRET_FILE"},
		"secret file missing": {console, env("STYTCH_SECRET", "", "STYTCH_SECRET_FILE", filepath.Join(dir, "none")), "STYTCH_SECRET_FILE: there is no such file"},
		"secret file empty":   {console, env("STYTCH_SECRET", "", "STYTCH_SECRET_FILE", empty), "STYTCH_SECRET_FILE: the file is empty"},
		"secret file large":   {console, env("STYTCH_SECRET", "", "STYTCH_SECRET_FILE", large), "STYTCH_SECRET_FILE: the file is larger"},
		"secret file a dir":   {console, env("STYTCH_SECRET", "", "STYTCH_SECRET_FILE", dir), "STYTCH_SECRET_FILE: the file cannot be used"},
		"public token":        {console, env("STYTCH_PUBLIC_TOKEN", "public-token-test-1"), "STYTCH_PUBLIC_TOKEN: not of the form"},
		"public token's end":  {console, env("STYTCH_PUBLIC_TOKEN", testToken+"0"), "STYTCH_PUBLIC_TOKEN: not of the form"},
		"a secret for it":     {console, env("STYTCH_PUBLIC_TOKEN", "secret-test-0123456789abcdef"), "STYTCH_PUBLIC_TOKEN: not of the form"},
		"live public token":   {console, env("STYTCH_PUBLIC_TOKEN", liveToken), "STYTCH_PUBLIC_TOKEN: it is not the token of a test"},
		"test public token":   {console, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "opaque-secret", "STYTCH_PUBLIC_TOKEN", testToken), "STYTCH_PUBLIC_TOKEN: it is not the token of a live"},
		"token, no project":   {console, env("STYTCH_PROJECT_ID", "", "STYTCH_PUBLIC_TOKEN", liveToken), "STYTCH_PROJECT_ID: missing"},
		"issuer":              {console, env("STYTCH_ISSUER", "http://login.example.com"), "STYTCH_ISSUER: not an issuer"},
		"issuer, a query":     {console, env("STYTCH_ISSUER", "https://login.example.com?x"), "STYTCH_ISSUER: not an issuer"},
		"a secret as issuer":  {console, env("STYTCH_ISSUER", "secret-test-0123456789abcdef"), "STYTCH_ISSUER: not an issuer"},
		"short key":           {console, env("CONSOLE_KEY", "c2hvcnQ="), "CONSOLE_KEY: not one or more keys"},
		"second key short":    {console, env("CONSOLE_KEY", strings.Repeat("ab", 32)+",ab"), "CONSOLE_KEY: not one or more keys"},
		"no key at all":       {console, env("CONSOLE_KEY", " , "), "CONSOLE_KEY: not one or more keys"},
		"key twice":           {console, env("CONSOLE_KEY_FILE", empty), "CONSOLE_KEY: set together with"},
		"key file missing":    {console, env("CONSOLE_KEY", "", "CONSOLE_KEY_FILE", filepath.Join(dir, "none")), "CONSOLE_KEY_FILE: there is no such file"},

		"base URL plain":        {console, env("STYTCH_BASE_URL", "http://stytch.example.com"), "STYTCH_BASE_URL: it must be https"},
		"base URL no URL":       {console, env("STYTCH_BASE_URL", "test.stytch.com"), "STYTCH_BASE_URL: not an address"},
		"base URL other scheme": {console, env("STYTCH_BASE_URL", "ftp://test.stytch.com"), "STYTCH_BASE_URL: not an address"},
		"base URL with user":    {console, env("STYTCH_BASE_URL", "https://a:b@test.stytch.com"), "STYTCH_BASE_URL: it must not have a user name"},
		"base URL with path":    {console, env("STYTCH_BASE_URL", "https://stytch.example.com/v1"), "STYTCH_BASE_URL: it must end after"},
		"test on the live host": {console, env("STYTCH_BASE_URL", "https://API.stytch.com"), "STYTCH_BASE_URL: a test project is not on that host"},
		"live on the test host": {console, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "opaque-secret", "STYTCH_BASE_URL", "https://test.stytch.com:443"), "STYTCH_BASE_URL: a live project"},

		"public URL plain":         {[]string{"--public-url=http://console.example.com"}, env(), "--public-url: it must be https"},
		"public URL other scheme":  {[]string{"--public-url=ws://localhost"}, env(), "--public-url: not an address"},
		"public URL with path":     {[]string{"--public-url=https://console.example.com/x"}, env(), "--public-url: it must end after"},
		"public URL with query":    {[]string{"--public-url=https://console.example.com?"}, env(), "--public-url: it must end after"},
		"public URL with fragment": {[]string{"--public-url=https://console.example.com#"}, env(), "--public-url: it must end after"},
		"public URL with user":     {[]string{"--public-url=https://a@console.example.com"}, env(), "--public-url: it must not have"},
		"public URL with port 0":   {[]string{"--public-url=https://console.example.com:0"}, env(), "--public-url: the port"},
		"public URL by variable":   {console, env("CONSOLE_PUBLIC_URL", "nonsense"), "CONSOLE_PUBLIC_URL: not an address"},
		"public URL needed":        {[]string{"--listen=:8080"}, env(), "--public-url: missing"},

		"listen without port":   {[]string{"--listen=127.0.0.1"}, env(), "--listen: not an address"},
		"listen on a name":      {[]string{"--listen=example.com:80"}, env(), "--listen: not an address"},
		"listen on port 70000":  {[]string{"--listen=127.0.0.1:70000"}, env(), "--listen: not an address"},
		"admin-listen":          {[]string{"--admin-listen=x"}, env(), "--admin-listen: not an address"},
		"one address for two":   {[]string{"--admin-listen=127.0.0.1:8080"}, env(), "--admin-listen: the same address as --listen"},
		"the sandbox's as well": {[]string{"--sandbox", "--sandbox-listen=127.0.0.1:8080"}, sandboxEnv(), "--sandbox-listen: the same address as --listen"},
		"data directory":        {[]string{"--data-dir="}, env(), "--data-dir: it must not be empty"},
		"database elsewhere":    {[]string{"--database=postgres://localhost/console"}, env(), "--database: not a file"},
		"database in memory":    {[]string{"--database=:memory:"}, env(), "--database: not a file"},
		"database and sandbox":  {sandbox, sandboxEnv("CONSOLE_DATABASE", "console.db"), "CONSOLE_DATABASE: it has no meaning with --sandbox"},
		"staff by slug":         {[]string{"--staff-organization=support-desk"}, env(), "--staff-organization: not an organization_id"},
		"staff of live":         {[]string{"--staff-organization=" + liveStaff}, env(), "--staff-organization: it is not an organization of a test"},
		"staff of test":         {[]string{"--staff-organization=" + testStaff}, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "opaque-secret"), "--staff-organization: it is not"},
		"support as admin":      {[]string{"--support-role=stytch_admin", "--staff-organization=" + testStaff}, env(), "--support-role: not stytch_admin"},
		"sandbox as admin":      {[]string{"--sandbox", "--support-role=stytch_admin"}, sandboxEnv(), "--support-role: not stytch_admin"},
		"support of two words":  {[]string{"--support-role=a b", "--staff-organization=" + testStaff}, env(), "--support-role: not a role"},
		"support without staff": {[]string{"--support-role=support"}, env(), "--support-role: it needs --staff-organization"},
		"no support":            {[]string{"--support-hours=0"}, env(), "--support-hours: not a whole number from 1 to 24"},
		"long support":          {console, env("CONSOLE_SUPPORT_HOURS", "25"), "CONSOLE_SUPPORT_HOURS: not a whole number"},
		"no session":            {[]string{"--session-hours=0"}, env(), "--session-hours: not a whole number from 1 to 24"},
		"long session":          {console, env("CONSOLE_SESSION_HOURS", "25"), "CONSOLE_SESSION_HOURS: not a whole number"},
		"search budget":         {[]string{"--search-budget", "0"}, env(), "--search-budget: not a whole number"},
		"proxies":               {[]string{"--trusted-proxies=proxy.example.com"}, env(), "--trusted-proxies: not a list"},
		"unknown provider":      {[]string{"--oauth-providers=google,myspace"}, env(), "--oauth-providers: the providers are google, microsoft"},
		"provider's case":       {console, env("CONSOLE_OAUTH_PROVIDERS", "Google"), "CONSOLE_OAUTH_PROVIDERS: the providers are"},
		"everybody a proxy":     {[]string{"--trusted-proxies=10.0.0.0/8,::/0"}, env(), "--trusted-proxies: a network of all"},

		"sandbox and project":     {sandbox, env("STYTCH_SECRET", ""), "STYTCH_PROJECT_ID: set together with --sandbox"},
		"sandbox and secret":      {sandbox, env("STYTCH_PROJECT_ID", ""), "STYTCH_SECRET: set together with --sandbox"},
		"sandbox and secret file": {sandbox, sandboxEnv("STYTCH_SECRET_FILE", "x"), "STYTCH_SECRET_FILE: set together with --sandbox"},
		"sandbox and token":       {sandbox, sandboxEnv("STYTCH_PUBLIC_TOKEN", testToken), "STYTCH_PUBLIC_TOKEN: set together with --sandbox"},
		"sandbox and issuer":      {sandbox, sandboxEnv("STYTCH_ISSUER", "https://login.example.com"), "STYTCH_ISSUER: set together with --sandbox"},
		"sandbox by variable":     {console, sandboxEnv("CONSOLE_SANDBOX", "1", "STYTCH_BASE_URL", "x"), "STYTCH_BASE_URL: set together with CONSOLE_SANDBOX"},
		"sandbox, maybe":          {console, env("CONSOLE_SANDBOX", "maybe"), "CONSOLE_SANDBOX: neither true nor false"},
		"console exposed":         {[]string{"--sandbox", "--listen=0.0.0.0:8080", "--public-url=https://console.example.com"}, sandboxEnv(), "--listen: only loopback"},
		"admin exposed":           {[]string{"--sandbox", "--admin-listen=[::]:9000"}, sandboxEnv(), "--admin-listen: only loopback"},
		"sandbox exposed":         {[]string{"--sandbox", "--sandbox-listen=:8081"}, sandboxEnv(), "--sandbox-listen: only loopback"},
		"lone sandbox exposed":    {[]string{"sandbox", "--sandbox-listen=192.0.2.1:8081"}, sandboxEnv(), "--sandbox-listen: only loopback"},
		"sandbox flag alone":      {[]string{"--sandbox-exposed"}, env(), "--sandbox-exposed: it has no meaning without"},
		"console flag alone":      {[]string{"sandbox", "--listen=127.0.0.1:1"}, sandboxEnv(), "--listen: it has no meaning for"},
		"sandbox size":            {[]string{"sandbox", "--sandbox-members=many"}, sandboxEnv(), "--sandbox-members: not a whole number"},

		"unknown flag":           {[]string{"--nonsense"}, env(), "--nonsense: there is no such flag"},
		"unknown flag and value": {[]string{"--nonsense", "value"}, env(), "--nonsense: there is no such flag"},
		"unknown odd flag":       {[]string{"--Secret123=x"}, env(), "unknown flag: there is"},
		"a secret as a flag":     {[]string{"--stytch-secret", "secret-test-123"}, env(), "--stytch-secret: secrets come by"},
		"word":                   {[]string{"serve"}, env(), "argument 1: it is not a flag"},
		"late subcommand":        {[]string{"--session-hours=2", "sandbox"}, env(), "argument 2: it is not a flag"},
		"dashes":                 {[]string{"--"}, env(), "argument 1: it is not a flag"},
		"flag without value":     {[]string{"--listen"}, env(), "--listen: it needs a value"},
		"flag before a flag":     {[]string{"--listen", "--session-hours=2"}, env(), "--listen: it needs a value"},
		"flag twice":             {[]string{"--session-hours=2", "--session-hours=3"}, env(), "--session-hours: given twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := problemsOf(t, tc.args, tc.getenv)
			if len(got) != 1 || !strings.HasPrefix(got[0], tc.want) {
				t.Errorf("problems %q, want one that begins %q", got, tc.want)
			}
		})
	}
}

func TestAllowedBesideTheRules(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args   []string
		getenv func(string) string
	}{
		"exposed on purpose": {[]string{"--sandbox", "--sandbox-exposed", "--sandbox-listen=:8081", "--listen=0.0.0.0:8080", "--public-url=https://console.example.com"}, sandboxEnv()},
		"chosen ports":       {[]string{"--sandbox", "--listen=127.0.0.1:0", "--sandbox-listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"}, sandboxEnv()},
		"other loopbacks":    {[]string{"--sandbox", "--listen=localhost:8080", "--sandbox-listen=[::1]:8080", "--admin-listen=127.9.9.9:8080"}, sandboxEnv()},
		"behind a proxy":     {[]string{"--listen=:8080", "--public-url=https://console.example.com", "--staff-organization=" + testStaff}, env()},
	} {
		if _, err := config.Parse(tc.args, tc.getenv); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Parse(
		[]string{"--listen=x", "--nonsense", "word", "--session-hours=99", "--trusted-proxies=x", "--staff-organization=slug", "--public-url=x"},
		env("STYTCH_PROJECT_ID", "", "STYTCH_SECRET", "", "CONSOLE_KEY", "short", "CONSOLE_SEARCH_BUDGET", "many"))
	wrong, ok := errors.AsType[*config.Error](err)
	if !ok {
		t.Fatalf("%v", err)
	}
	// The word after --nonsense is taken for its value.
	for _, name := range []string{
		"--nonsense", "--listen", "--public-url", "--staff-organization", "--session-hours", "CONSOLE_SEARCH_BUDGET",
		"--trusted-proxies", "STYTCH_PROJECT_ID", "STYTCH_SECRET", "CONSOLE_KEY",
	} {
		if strings.Count(wrong.Error(), "\n  - "+name+": ") != 1 {
			t.Errorf("%s is not reported once in:\n%s", name, wrong)
		}
	}
	if len(wrong.Problems) != 10 || !strings.Contains(wrong.Error(), "10 settings") || wrong.ExitCode() != 2 {
		t.Errorf("%d problems, exit code %d:\n%s", len(wrong.Problems), wrong.ExitCode(), wrong)
	}
}

// Whatever setting a secret is pasted into, no message repeats it.
func TestProblemsQuoteNoValues(t *testing.T) {
	t.Parallel()
	const marker = "secret-test-Zm9vYmFyMTIz"
	for _, name := range []string{
		"STYTCH_PROJECT_ID", "STYTCH_SECRET", "STYTCH_SECRET_FILE", "STYTCH_BASE_URL", "CONSOLE_KEY", "CONSOLE_KEY_FILE",
		"CONSOLE_SANDBOX", "CONSOLE_LISTEN", "CONSOLE_ADMIN_LISTEN", "CONSOLE_PUBLIC_URL", "CONSOLE_STAFF_ORGANIZATION", "CONSOLE_SESSION_HOURS",
		"CONSOLE_SEARCH_BUDGET", "CONSOLE_TRUSTED_PROXIES", "CONSOLE_DATA_DIR", "CONSOLE_DATABASE", "STYTCH_PUBLIC_TOKEN", "CONSOLE_OAUTH_PROVIDERS",
		"STYTCH_ISSUER",
	} {
		for _, value := range []string{marker, " " + marker + " x", "https://" + marker + "@example.com/", "http://" + marker, marker + ":8080", "\x00" + marker} {
			// The search budget is wrong as well, so that there is always a message, and never a key file.
			getenv := env("CONSOLE_SEARCH_BUDGET", "0", "CONSOLE_KEY", "", name, value)
			if _, err := config.Parse(nil, getenv); err == nil || strings.Contains(err.Error(), marker) {
				t.Errorf("%s=%q: %v", name, value, err)
			}
		}
	}
	for _, args := range [][]string{
		{marker},
		{"--" + marker},
		{"--=" + marker},
		{"-" + marker + "=x"},
		{"--nonsense", marker},
		{"--secret=" + marker},
		{"--listen", marker},
		{"--sandbox=" + marker},
		{"--sandbox", marker},
		{"sandbox", marker},
	} {
		if _, err := config.Parse(args, env()); err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "data")
	keys := make([]string, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			c, err := config.Parse([]string{"--sandbox", "--data-dir", dir}, sandboxEnv("CONSOLE_KEY", ""))
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = c.Keys[0].Reveal()
		})
	}
	all.Wait()
	for _, key := range keys {
		if len(key) != config.KeySize || key != keys[0] {
			t.Fatal("consoles that start together on one directory have different keys")
		}
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "console.key"): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("mode %v, want %v", info.Mode().Perm(), want)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files left, %v", len(files), err)
	}
}

func TestKeyFileProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "console.key")
	args := []string{"--sandbox", "--data-dir", dir}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := problemsOf(t, args, sandboxEnv("CONSOLE_KEY", "")); len(got) != 1 || !strings.Contains(got[0], "does not hold keys") {
		t.Errorf("%q", got)
	}
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // G302: the mode that must be refused.
		t.Fatal(err)
	}
	if got := problemsOf(t, args, sandboxEnv("CONSOLE_KEY", "")); len(got) != 1 || !strings.Contains(got[0], "can be read by others") {
		t.Errorf("%q", got)
	}
	args[2] = path // a file where the directory belongs
	if got := problemsOf(t, args, sandboxEnv("CONSOLE_KEY", "")); len(got) != 1 || !strings.HasPrefix(got[0], "--data-dir: cannot keep the key") {
		t.Errorf("%q", got)
	}
}

// A start that fails leaves nothing behind.
func TestNoKeyIsMadeForWrongSettings(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	problemsOf(t, []string{"--sandbox", "--session-hours=0", "--data-dir", dir}, sandboxEnv("CONSOLE_KEY", ""))
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data directory is there: %v", err)
	}
}
