package app_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
)

var auditKey = bytes.Repeat([]byte{7}, 32)

// recordIn leaves a data directory with a log of two acts, done long ago and now, and returns its head.
func recordIn(t *testing.T) (dir, head string) {
	t.Helper()
	dir = t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(t.Context(), store.Options{
		Path: filepath.Join(dir, "console.db"), ProjectID: "project-test-11111111-1111-4111-8111-111111111111", Now: time.Now,
		Limits: session.Limits{Idle: time.Hour, Length: time.Hour, Rings: 1},
	})
	must(err)
	at := time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)
	l, err := audit.New(t.Context(), audit.Options{Store: s.Durable(), Keys: [][]byte{auditKey}, Now: func() time.Time { at = at.AddDate(0, 0, 1); return at }})
	must(err)
	for range 2 {
		must(l.Note(t.Context(), stytch.Act{Name: audit.SignIn}, stytch.Outcome{Result: stytch.ResultDone}))
	}
	h, err := l.Head(t.Context())
	must(err)
	must(s.Close())
	must(os.WriteFile(filepath.Join(dir, "console.key"), []byte(base64.StdEncoding.EncodeToString(auditKey)+"\n"), 0o600))
	return dir, h.String()
}

// auditing runs `console audit`, and returns what it says and its exit code.
func auditing(t *testing.T, env []string, args ...string) (said string, code int) {
	t.Helper()
	cmd := command(t, env, append([]string{"audit"}, args...)...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		exit, ok := err.(*exec.ExitError) //nolint:errorlint // Run wraps nothing
		if !ok {
			t.Fatal(err)
		}
		code = exit.ExitCode()
	}
	return out.String() + problems.String(), code
}

// The console is not needed for it, and neither are the upstream's credentials.
func TestAuditCommands(t *testing.T) {
	t.Parallel()
	dir, head := recordIn(t)
	inDir := "--data-dir=" + dir
	expect := func(want string, code int, env []string, args ...string) {
		t.Helper()
		if said, got := auditing(t, env, args...); got != code || !regexp.MustCompile(want).MatchString(said) {
			t.Errorf("%v ends with %d and says %s", args, got, said)
		}
	}
	expect(`^Rows    2\nUnknown 0, .*\nHead    `+head+`\nOK\n$`, 0, nil, "verify", inDir)
	expect(`\nOK\n$`, 0, []string{"CONSOLE_KEY=" + base64.StdEncoding.EncodeToString(auditKey)}, "verify", "--database", filepath.Join(dir, "console.db"), "--head", head)
	expect(`^BROKEN  row 1: it was written with a key`, 1, []string{"CONSOLE_KEY=" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{8}, 32))}, "verify", inDir)
	expect(`^BROKEN  row 2: .* given head`, 1, nil, "verify", inDir, "--head=2:"+strings.Repeat("0", 64))
	expect(`^BROKEN  row 3: it is missing`, 1, nil, "verify", inDir, "--head", head, "--head", "3:"+strings.Repeat("0", 64))
	expect(`CONSOLE_KEY: missing`, 2, nil, "verify", "--database", filepath.Join(dir, "console.db"))
	expect(`--database: there is no such file`, 2, nil, "verify", inDir, "--database", filepath.Join(dir, "other.db"))
	expect(`--before: missing`, 2, nil, "prune", inDir)
	expect(`up to now at most`, 1, nil, "prune", inDir, "--before=2999-01-01")
	expect(`^Deleted 1\nPruned  1:[0-9a-f]{64}, on .*\nHead    3:[0-9a-f]{64}\nOK\n$`, 0, nil, "prune", inDir, "--before", "2026-02-01")
	expect(`^Rows    2\n.*\nPruned  1:.*\nPassed  0:.*\nHead    3:`, 0, nil, "verify", inDir, "--head", head, "--head", "0:"+strings.Repeat("0", 64))
	if _, err := os.Stat(filepath.Join(dir, "other.db")); err == nil {
		t.Error("a database was made")
	}
}
