package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

// writerPath names the database to the process that is killed, which is this test run once more.
const writerPath, writerRound = "STORE_TEST_WRITER", "STORE_TEST_ROUND"

// TestWriter is no test by itself: it signs people in and out until it is killed, and says on its output what is done.
func TestWriter(t *testing.T) {
	path := os.Getenv(writerPath)
	if path == "" {
		t.Skip("it is for TestKill")
	}
	s, err := store.Open(t.Context(), store.Options{Path: path, ProjectID: projectID, Limits: many, Now: time.Now})
	must(t, err)
	ring, blobs, ctx := s.Ring(), s.Sessions(), context.Background()
	say := func(what, id string) { _, _ = os.Stdout.WriteString(what + " " + id + "\n") }
	for g := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", os.Getenv(writerRound), g, i)
				must(t, ring.Begin(ctx, id, ringWith("home")))
				must(t, ring.Add(ctx, id, "ada@support.example", ringWith("acme").Keys[0]))
				must(t, blobs.Commit(id, []byte(id), time.Now().Add(time.Hour)))
				say("in", id)
				if i%3 == 0 {
					say("leaving", id)
					_, _, err := ring.End(ctx, id)
					must(t, err)
					must(t, blobs.Delete(id))
					say("out", id)
				}
			}
		}()
	}
	select {}
}

// many is more than the test signs in.
var many = session.Limits{Idle: 30 * time.Minute, Length: 8 * time.Hour, Rings: 1_000_000}

func ringWith(organizationID string) session.Ring {
	return session.Ring{Email: "ada@support.example", Home: organizationID, Keys: session.RingKeys{
		{OrganizationID: organizationID, Expires: time.Now().Add(time.Hour), Sealed: []byte(organizationID)},
	}}
}

// Whatever was acknowledged before kill -9 is there after it, and the file is sound.
func TestKill(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("STORE_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("STORE_TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	o := options(t)
	o.Limits = many
	state := map[string]string{}
	for round := range kills {
		writeUntilKilled(t, o.Path, round, time.Duration(random.IntN(100))*time.Millisecond, state)
		s, err := store.Open(t.Context(), o)
		must(t, err)
		check(t, s, round, state)
		must(t, s.Close())
		var sound string
		must(t, raw(t, o.Path).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound))
		if sound != "ok" {
			t.Fatalf("round %d: %s", round, sound)
		}
	}
	t.Logf("%d sign-ins in %d rounds", len(state), kills)
}

// writeUntilKilled runs a writer for so long after it said its first word, and notes what it said.
func writeUntilKilled(t *testing.T, path string, round int, after time.Duration, state map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriter$") //nolint:gosec // G702: it is this test itself
	cmd.Env = append(os.Environ(), writerPath+"="+path, writerRound+"="+strconv.Itoa(round))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines, said := bufio.NewScanner(out), 0
	for lines.Scan() {
		if said++; said == 1 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		if what, id, ok := strings.Cut(lines.Text(), " "); ok && id != "" {
			state[id] = what
		}
	}
	_ = cmd.Wait() // it was killed
	if said == 0 {
		t.Fatalf("round %d: the writer said nothing", round)
	}
}

func check(t *testing.T, s *store.Store, round int, state map[string]string) {
	t.Helper()
	for id, what := range state {
		r, ok, err := s.Ring().Use(t.Context(), id)
		must(t, err)
		_, found, err := s.Sessions().Find(id)
		must(t, err)
		switch {
		case what == "in" && (!ok || !found || len(r.Keys) != 2):
			t.Fatalf("round %d: %s signed in, and is gone: %t, %t, %d keys", round, id, ok, found, len(r.Keys))
		case what == "out" && (ok || found):
			t.Fatalf("round %d: %s signed out, and is back", round, id)
		case what == "leaving" && ok && len(r.Keys) != 2:
			t.Fatalf("round %d: %s is half gone", round, id)
		}
	}
}
