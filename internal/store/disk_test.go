package store_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"console.internal/internal/session"
	"console.internal/internal/store"
)

// smallDisk is a disk of a megabyte, where the test may make one.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if os.Geteuid() != 0 {
		t.Skip("only root makes a disk; TestFullDatabase stands for it")
	}
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk can be made here: %v, %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v, %s", err, out)
		}
	})
	return dir
}

// fill takes all the room that is left, and returns how to give it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	must(t, err)
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	_ = f.Close() // the last write failed
	return func() { must(t, os.Remove(path)) }
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	o := options(t)
	o.Path = filepath.Join(dir, "console.db")
	s, err := store.Open(t.Context(), o)
	must(t, err)
	ring, ctx := s.Ring(), t.Context()
	for _, id := range []string{"stays", "leaves"} {
		must(t, ring.Begin(ctx, id, ringWith("home")))
		must(t, s.Sessions().Commit(id, []byte(id), time.Now().Add(time.Hour)))
	}
	free := fill(t, dir)
	for i := range 100 {
		if err = ring.Begin(ctx, strconv.Itoa(i), ringWith(strings.Repeat("x", 10_000))); err != nil {
			break
		}
	}
	if !errors.Is(err, session.ErrNotKept) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a sign-in ends with %v", err)
	}
	for _, id := range []string{"stays", "leaves"} {
		if r, ok, err := ring.Use(ctx, id); !ok || err != nil || len(r.Keys) != 1 {
			t.Errorf("%s: %t, %v", id, ok, err)
		}
	}
	if r, ok, err := ring.End(ctx, "leaves"); !ok || err != nil || len(r.Keys) != 1 {
		t.Errorf("signing out: %t, %v", ok, err)
	}
	must(t, s.Sessions().Delete("leaves"))
	if has, err := ring.Has(ctx, "leaves"); has || err != nil {
		t.Errorf("who signed out is back: %t, %v", has, err)
	}
	other := o
	other.Path = filepath.Join(dir, "other.db")
	if why := fails(t, other); why != "the disk is full" {
		t.Errorf("a start says %q", why)
	}

	free()
	must(t, s.Sweep(ctx))
	must(t, ring.Begin(ctx, "later", ringWith("home")))
	must(t, s.Close())
	s = open(t, o)
	for id, want := range map[string]bool{"stays": true, "leaves": false, "later": true} {
		if has, err := s.Ring().Has(ctx, id); has != want || err != nil {
			t.Errorf("after a restart %s is there: %t, %v", id, has, err)
		}
	}
	var sound string
	must(t, raw(t, o.Path).QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&sound))
	if sound != "ok" {
		t.Error(sound)
	}
}
