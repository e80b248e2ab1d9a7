package config_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"console.internal/internal/config"
)

const (
	testProject = "project-test-11111111-1111-4111-8111-111111111111"
	liveProject = "project-live-11111111-1111-4111-8111-111111111111"
	testStaff   = "organization-test-22222222-2222-4222-8222-222222222222"
	liveStaff   = "organization-live-22222222-2222-4222-8222-222222222222"
	testToken   = "public-token-test-33333333-3333-4333-8333-333333333333"
	liveToken   = "public-token-live-33333333-3333-4333-8333-333333333333"
)

// key is a usable key with every byte the same.
func key(b byte) []byte { return bytes.Repeat([]byte{b}, config.KeySize) }

// env is an environment that is complete, with changes: pairs of name and value.
func env(changes ...string) func(string) string {
	values := map[string]string{
		"STYTCH_PROJECT_ID": testProject,
		"STYTCH_SECRET":     "secret-test-0123456789abcdef",
		"CONSOLE_KEY":       base64.StdEncoding.EncodeToString(key('k')),
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	return func(name string) string { return values[name] }
}

// sandboxEnv is an environment with a key and nothing else.
func sandboxEnv(changes ...string) func(string) string {
	return env(append([]string{"STYTCH_PROJECT_ID", "", "STYTCH_SECRET", ""}, changes...)...)
}

// parse is Parse for settings that must be right.
func parse(t *testing.T, args []string, getenv func(string) string) config.Config {
	t.Helper()
	c, err := config.Parse(args, getenv)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// problemsOf are the problems of settings that must be wrong.
func problemsOf(t *testing.T, args []string, getenv func(string) string) []string {
	t.Helper()
	c, err := config.Parse(args, getenv)
	wrong, ok := errors.AsType[*config.Error](err)
	if !ok {
		t.Fatalf("no *config.Error but %v, with %+v", err, c)
	}
	return wrong.Problems
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := config.Config{
		ProjectID: testProject, Secret: config.NewSecret("secret-test-0123456789abcdef"), BaseURL: "https://test.stytch.com",
		Listen: "127.0.0.1:8080", DataDir: "data", Database: "data/console.db", Keys: []config.Secret{config.NewSecret(string(key('k')))},
		SessionLifetime: 8 * time.Hour, SearchBudget: 60, OAuthProviders: []string{"google", "microsoft", "slack", "hubspot", "github"},
		SupportLength: 4 * time.Hour,
	}
	got := parse(t, nil, env())
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(config.Secret{})); diff != "" {
		t.Error(diff)
	}
}

func TestSandboxDefaults(t *testing.T) {
	t.Parallel()
	want := config.Config{
		Sandbox: true, Listen: "127.0.0.1:8080", DataDir: "data", Database: "data/sandbox.db", SandboxListen: "127.0.0.1:8081",
		SessionLifetime: 8 * time.Hour, SearchBudget: 60, OAuthProviders: []string{"google", "microsoft", "slack", "hubspot", "github"},
		SupportRole: "tenant_support", SupportLength: 4 * time.Hour,
	}
	got := parse(t, []string{"--sandbox"}, sandboxEnv())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(config.Config{}, "Keys"), cmpopts.EquateComparable(config.Secret{})); diff != "" {
		t.Error(diff)
	}
}

func TestSandboxAlone(t *testing.T) {
	t.Parallel()
	// The environment of a console does not disturb it: somebody may have set it from this very sandbox's output.
	want := config.Config{SandboxOnly: true, SandboxListen: "127.0.0.1:0", SandboxOrganizations: 100000, SandboxMembers: 7}
	got := parse(t, []string{"sandbox", "--sandbox-listen", "127.0.0.1:0", "--sandbox-organizations=100000", "-sandbox-members", "7"},
		env("CONSOLE_LISTEN", "nonsense", "CONSOLE_KEY", ""))
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(config.Secret{})); diff != "" {
		t.Error(diff)
	}
}

func TestFlagBeforeVariableBeforeDefault(t *testing.T) {
	t.Parallel()
	c := parse(t, []string{"--session-hours=2"}, env("CONSOLE_SESSION_HOURS", "3", "CONSOLE_SEARCH_BUDGET", "9"))
	if c.SessionLifetime != 2*time.Hour || c.SearchBudget != 9 {
		t.Errorf("session %v, budget %d", c.SessionLifetime, c.SearchBudget)
	}
	c = parse(t, []string{"--admin-listen="}, env("CONSOLE_ADMIN_LISTEN", "127.0.0.1:9000"))
	if c.AdminListen != "" {
		t.Errorf("an empty flag does not switch off: %q", c.AdminListen)
	}
	if c = parse(t, nil, sandboxEnv("CONSOLE_SANDBOX", "true")); !c.Sandbox {
		t.Error("CONSOLE_SANDBOX=true is not read")
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		want, base string
		args       []string
		getenv     func(string) string
	}{
		{"test", "https://test.stytch.com", nil, env()},
		{"live", "https://api.stytch.com", nil, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "secret-live-0123456789")},
		{"sandbox", "", []string{"--sandbox"}, sandboxEnv()},
		{"sandbox", "", []string{"sandbox"}, sandboxEnv()},
		{"test", "http://127.0.0.1:8081", nil, env("STYTCH_BASE_URL", "http://127.0.0.1:8081/")},
		{"live", "https://stytch.example.com", nil, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "opaque-secret", "STYTCH_BASE_URL", "https://Stytch.Example.com:443")},
	} {
		c := parse(t, tc.args, tc.getenv)
		if c.Environment() != tc.want || c.BaseURL != tc.base {
			t.Errorf("%s at %q, want %s at %q", c.Environment(), c.BaseURL, tc.want, tc.base)
		}
	}
}

func TestPublicURLIsAnOrigin(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://console.example.com":      "https://console.example.com",
		"https://Console.Example.com/":     "https://console.example.com",
		"https://console.example.com:443":  "https://console.example.com",
		"https://console.example.com:8443": "https://console.example.com:8443",
		"http://localhost:8080":            "http://localhost:8080",
		"http://127.0.0.1:80":              "http://127.0.0.1",
		"http://[::1]:8080":                "http://[::1]:8080",
	} {
		if c := parse(t, []string{"--public-url", given}, env()); c.PublicURL != want {
			t.Errorf("%s became %q, want %q", given, c.PublicURL, want)
		}
	}
}

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	c := parse(t, []string{"--trusted-proxies", "10.1.2.3/8, 192.0.2.7 ,2001:db8::/32"}, env())
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::/32")}
	if diff := cmp.Diff(want, c.TrustedProxies, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Error(diff)
	}
}

func TestPublicToken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		want   string
		getenv func(string) string
	}{
		{"", env()},
		{"", env("STYTCH_PUBLIC_TOKEN", "  ")},
		{testToken, env("STYTCH_PUBLIC_TOKEN", testToken)},
		{testToken, env("STYTCH_PUBLIC_TOKEN", " "+testToken+"\n")},
		{liveToken, env("STYTCH_PROJECT_ID", liveProject, "STYTCH_SECRET", "opaque-secret", "STYTCH_PUBLIC_TOKEN", liveToken)},
	} {
		if c := parse(t, nil, tc.getenv); c.PublicToken != tc.want {
			t.Errorf("%q, want %q", c.PublicToken, tc.want)
		}
	}
	// From the output of this very sandbox, perhaps; it has no meaning there.
	if c := parse(t, []string{"sandbox"}, env("STYTCH_PUBLIC_TOKEN", testToken)); c.PublicToken != "" {
		t.Errorf("the sandbox alone takes %q", c.PublicToken)
	}
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"", "https://login.example.com", "stytch.com/" + testProject} {
		if c := parse(t, nil, env("STYTCH_ISSUER", " "+want)); c.Issuer != want {
			t.Errorf("%q, want %q", c.Issuer, want)
		}
	}
}

func TestOAuthProviders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		given string
		want  []string
	}{
		{"google", []string{"google"}},
		{"github,google", []string{"github", "google"}}, // in the order in which they are to be shown
		{" slack , , hubspot,slack, ", []string{"slack", "hubspot"}},
		{",", nil},
		{"", nil},
	} {
		c := parse(t, []string{"--oauth-providers=" + tc.given}, env("CONSOLE_OAUTH_PROVIDERS", "microsoft"))
		if diff := cmp.Diff(tc.want, c.OAuthProviders); diff != "" {
			t.Errorf("%q: %s", tc.given, diff)
		}
	}
	if c := parse(t, []string{"--sandbox"}, sandboxEnv("CONSOLE_OAUTH_PROVIDERS", "microsoft")); len(c.OAuthProviders) != 1 || c.OAuthProviders[0] != "microsoft" {
		t.Errorf("by variable: %q", c.OAuthProviders)
	}
}

func TestSupport(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		role  string
		hours int
		args  []string
		env   func(string) string
	}{
		{"", 4, nil, env()},
		{"support", 4, []string{"--support-role=support", "--staff-organization=" + testStaff}, env()},
		{"support", 24, []string{"--staff-organization=" + testStaff, "--support-hours=24"}, env("CONSOLE_SUPPORT_ROLE", "support", "CONSOLE_SUPPORT_HOURS", "1")},
		{"tenant_support", 1, []string{"--sandbox"}, sandboxEnv("CONSOLE_SUPPORT_HOURS", "1")},
		{"other", 4, []string{"--sandbox", "--support-role=other"}, sandboxEnv()},
		{"", 4, []string{"--sandbox", "--support-role="}, sandboxEnv()}, // off
	} {
		c := parse(t, tc.args, tc.env)
		if c.SupportRole != tc.role || c.SupportLength != time.Duration(tc.hours)*time.Hour {
			t.Errorf("%v: %q for %v", tc.args, c.SupportRole, c.SupportLength)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	first, second := key(0xfb), key('b') // The base64 of the first has the letters in which the two alphabets differ.
	for name, text := range map[string]string{
		"base64":           base64.StdEncoding.EncodeToString(first) + "," + base64.StdEncoding.EncodeToString(second),
		"lines":            base64.StdEncoding.EncodeToString(first) + "\n" + base64.StdEncoding.EncodeToString(second) + "\n",
		"unpadded, URL":    base64.RawURLEncoding.EncodeToString(first) + " , " + base64.URLEncoding.EncodeToString(second),
		"hexadecimal":      hex.EncodeToString(first) + "," + hex.EncodeToString(second),
		"one of each kind": strings.ToUpper(hex.EncodeToString(first)) + "\r\n" + base64.StdEncoding.EncodeToString(second),
	} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, getenv := range []func(string) string{env("CONSOLE_KEY", text), env("CONSOLE_KEY", "", "CONSOLE_KEY_FILE", file)} {
			c := parse(t, nil, getenv)
			if len(c.Keys) != 2 || c.Keys[0].Reveal() != string(first) || c.Keys[1].Reveal() != string(second) {
				t.Errorf("%s: wrong keys, %d of them", name, len(c.Keys))
			}
		}
	}
}

func TestSecretsByFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("secret-test-from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := parse(t, nil, env("STYTCH_SECRET", "", "STYTCH_SECRET_FILE", file))
	if c.Secret.Reveal() != "secret-test-from-a-file" {
		t.Error("not the file's secret")
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-h"}, {"--help"}, {"--sandbox", "-h"}, {"sandbox", "--help"}, {"--nonsense", "--help"}} {
		if _, err := config.Parse(args, env()); !errors.Is(err, config.ErrHelp) {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, want := range []string{"--listen (CONSOLE_LISTEN)", "console sandbox", "STYTCH_SECRET_FILE", "default 127.0.0.1:8080", "STYTCH_PUBLIC_TOKEN", "--oauth-providers (CONSOLE_OAUTH_PROVIDERS)"} {
		if !strings.Contains(config.Usage(), want) {
			t.Errorf("usage lacks %q", want)
		}
	}
}

// A configuration that is logged or formatted as a whole gives no secret away.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	c := parse(t, nil, env())
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		text := fmt.Sprintf(format, c)
		for _, hidden := range []string{"0123456789abcdef", string(key('k')), hex.EncodeToString([]byte("0123456789abcdef")), "107 107 107"} {
			if strings.Contains(text, hidden) {
				t.Errorf("%s prints %q", format, hidden)
			}
		}
	}
	if marshalled, err := c.Secret.MarshalText(); err != nil || string(marshalled) != "[secret]" || c.Secret.LogValue().String() != "[secret]" {
		t.Errorf("marshalled as %q, %v; logged as %v", marshalled, err, c.Secret.LogValue())
	}
}
