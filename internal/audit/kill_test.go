package audit_test

import (
	"bufio"
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"console.internal/internal/audit"
)

// writerPath names the database to the process that is killed, which is this test run once more; writerPrunes says to prune too.
const writerPath, writerPrunes = "AUDIT_TEST_WRITER", "AUDIT_TEST_PRUNES"

// TestWriter is no test by itself: it records until it is killed, and says on its output where it was.
func TestWriter(t *testing.T) {
	path := os.Getenv(writerPath)
	if path == "" {
		t.Skip("it is for TestKill")
	}
	l, err := audit.New(t.Context(), audit.Options{Store: openFile(t, path).Durable(), Keys: [][]byte{oneKey}, Now: time.Now, Log: slog.New(slog.NewTextHandler(os.Stdout, nil))})
	must(t, err)
	ctx := context.Background()
	for range 4 {
		go func() {
			for {
				finish, err := l.Intend(ctx, update)
				must(t, err)
				head, err := l.Head(ctx)
				must(t, err)
				_, _ = os.Stdout.WriteString(head.String() + "\n")
				finish(ctx, done)
			}
		}()
	}
	for os.Getenv(writerPrunes) != "" {
		_, err := l.Prune(ctx, time.Now())
		must(t, err)
	}
	select {}
}

// Whatever was recorded before kill -9 is there after it, and the chain is whole.
func TestKill(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("AUDIT_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("AUDIT_TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	s, path := file(t)
	k := logOn(t, s, path)
	said := 0
	for round := range kills {
		heads := recordUntilKilled(t, path, round%2 == 1, time.Duration(random.IntN(200))*time.Millisecond)
		report, err := k.Verify(t.Context(), heads...)
		must(t, err)
		if !report.OK() {
			t.Fatalf("round %d: %s", round, report.Broken)
		}
		if round%2 == 0 && report.Unknown > int64(4*(round+1)) {
			t.Fatalf("round %d: %d acts of 4 at a time have no outcome", round, report.Unknown)
		}
		said += len(heads)
	}
	t.Logf("%d heads in %d rounds", said, kills)
}

// recordUntilKilled runs a writer for so long after it said its first word, and returns what it said.
func recordUntilKilled(t *testing.T, path string, prunes bool, after time.Duration) (heads []audit.Head) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriter$") //nolint:gosec // G702: it is this test itself
	cmd.Env = append(os.Environ(), writerPath+"="+path)
	if prunes {
		cmd.Env = append(cmd.Env, writerPrunes+"=1")
	}
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		head, err := audit.ParseHead(lines.Text())
		if err != nil {
			t.Errorf("the writer says %q", lines.Text())
			continue
		}
		if heads = append(heads, head); len(heads) == 1 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
	if len(heads) == 0 {
		t.Fatal("the writer said nothing")
	}
	return heads
}
