package app_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var binary struct {
	once sync.Once
	path string
	err  error
}

// build makes the command as it is shipped, once for all tests.
func build(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		dir, err := os.MkdirTemp("", "console-test-*") //nolint:usetesting // it is shared by tests and outlives the first
		if err != nil {
			binary.err = err
			return
		}
		binary.path = filepath.Join(dir, "console")
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary.path, "../../cmd/console")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := cmd.CombinedOutput(); err != nil {
			binary.err = errors.New(string(text))
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.path != "" {
		_ = os.RemoveAll(filepath.Dir(binary.path))
	}
	os.Exit(code)
}

// command is the binary with this environment and nothing else, in a directory of its own.
func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), build(t), args...) //nolint:gosec // G702: it is the command that this test has built
	cmd.Env, cmd.Dir = append([]string{}, env...), t.TempDir()
	return cmd
}

// fails runs a command that must not start, and returns what it says.
func fails(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 2 {
		t.Errorf("it ends with %v", err)
	}
	text := problems.String()
	for _, part := range []string{"goroutine", "panic", ".go:", secret} {
		if strings.Contains(text, part) {
			t.Errorf("it says %q: %s", part, text)
		}
	}
	if out.Len() != 0 || strings.Count(text, "console cannot start") != 1 {
		t.Errorf("it says %s%s", &out, text)
	}
	return text
}

func TestCommandNamesEveryWrongSetting(t *testing.T) {
	t.Parallel()
	text := fails(t, command(t, []string{"STYTCH_SECRET=" + secret + " with blanks", "CONSOLE_SEARCH_BUDGET=many"}, "--listen=nowhere", "--session-hours", "99", "--no-such"))
	for _, setting := range []string{"STYTCH_PROJECT_ID", "STYTCH_SECRET", "CONSOLE_SEARCH_BUDGET", "--listen", "--session-hours", "--no-such"} {
		if strings.Count(text, "  - "+setting+": ") != 1 {
			t.Errorf("%s is not named once: %s", setting, text)
		}
	}
	if !strings.Contains(text, "6 settings are wrong") {
		t.Errorf("it says %s", text)
	}
}

// serving starts a command and waits for a line on its output; stop ends it and checks that it ends well.
func serving(t *testing.T, cmd *exec.Cmd, line *regexp.Regexp) (said string, stop func()) {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	problems := &journal{}
	cmd.Stderr = problems
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(pipe)
	for !line.MatchString(said) && scanner.Scan() {
		said += scanner.Text() + "\n"
	}
	if !line.MatchString(said) {
		t.Fatalf("it says %s%s", said, problems)
	}
	return said, func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("it ends with %v: %s", err, problems)
			}
		case <-time.After(30 * time.Second):
			t.Error("it does not end")
			_ = cmd.Process.Kill()
		}
	}
}

func TestCommandServesUntilTold(t *testing.T) {
	t.Parallel()
	said, stop := serving(t, command(t, nil, "--sandbox", "--listen=127.0.0.1:0", "--sandbox-listen=127.0.0.1:0"), regexp.MustCompile(`/sandbox/outbox`))
	address := regexp.MustCompile(`Console +(http://\S+)`).FindStringSubmatch(said)
	if address == nil {
		t.Fatalf("it says %s", said)
	}
	if status, _ := get(t, address[1]+"/login"); status != 200 {
		t.Errorf("the sign-in page: %d", status)
	}
	stop()
}

// What `console sandbox` prints is what a console in front of it needs.
func TestCommandSandbox(t *testing.T) {
	t.Parallel()
	said, stop := serving(t, command(t, nil, "sandbox", "--sandbox-listen=127.0.0.1:0"), regexp.MustCompile(`STYTCH_BASE_URL=\S+\n`))
	lines := strings.Fields(said)
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "STYTCH_PROJECT_ID=project-test-") || !strings.HasPrefix(lines[1], "STYTCH_SECRET=secret-test-") {
		t.Fatalf("it says %s", said)
	}
	_, stopConsole := serving(t, command(t, lines, "--listen=127.0.0.1:0"), regexp.MustCompile(`Project +project-test-`))
	text := fails(t, command(t, []string{lines[0], "STYTCH_SECRET=" + secret, lines[3]}, "--listen=127.0.0.1:0"))
	if !strings.Contains(text, "STYTCH_SECRET") {
		t.Errorf("it says %s", text)
	}
	listen := strings.TrimPrefix(lines[3], "STYTCH_BASE_URL=http://")
	if text := fails(t, command(t, lines, "--listen="+listen)); !strings.Contains(text, "--listen: another program") {
		t.Errorf("it says %s", text)
	}
	stopConsole()
	stop()
}

func TestCommandHelps(t *testing.T) {
	t.Parallel()
	text, err := command(t, nil, "-h").Output()
	if err != nil || !strings.Contains(string(text), "console --sandbox") || !strings.Contains(string(text), "STYTCH_SECRET") {
		t.Errorf("%v: %s", err, text)
	}
}
