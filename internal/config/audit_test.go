package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"console.internal/internal/config"
)

func TestAuditCommand(t *testing.T) {
	t.Parallel()
	keys := []config.Secret{config.NewSecret(string(key('k')))}
	head := "17:" + strings.Repeat("0a", 32)
	for _, tc := range []struct {
		args   []string
		getenv func(string) string
		want   config.Config
	}{
		{[]string{"audit", "verify"}, sandboxEnv(), config.Config{Audit: config.AuditVerify, DataDir: "data", Database: "data/console.db", Keys: keys}},
		// What a console of this environment would complain of does not disturb it.
		{
			[]string{"audit", "verify", "--head", head, "--database=x.db", "-head=" + head},
			sandboxEnv("CONSOLE_LISTEN", "nonsense", "CONSOLE_SANDBOX", "true", "CONSOLE_DATA_DIR", "there"),
			config.Config{Audit: config.AuditVerify, AuditHeads: []string{head, head}, DataDir: "there", Database: "x.db", Keys: keys},
		},
		{
			[]string{"audit", "prune", "--data-dir", "there", "--before=2026-01-31"},
			env(),
			config.Config{Audit: config.AuditPrune, AuditBefore: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), DataDir: "there", Database: "there/console.db", Keys: keys},
		},
	} {
		if diff := cmp.Diff(tc.want, parse(t, tc.args, tc.getenv), cmp.AllowUnexported(config.Secret{})); diff != "" {
			t.Errorf("%v: %s", tc.args, diff)
		}
	}
}

func TestAuditCommandProblems(t *testing.T) {
	t.Parallel()
	for want, commands := range map[string][][]string{
		"console audit: it is followed by verify or prune": {{"audit"}, {"audit", "erase"}},
		"--before: missing":     {{"audit", "prune"}},
		"--before: not a date":  {{"audit", "prune", "--before", "31.1.2026"}, {"audit", "prune", "--before"}},
		"--before: given twice": {{"audit", "prune", "--before=2026-01-31", "--before=2026-01-31"}},
		"--before: it has no meaning for `console audit verify`": {{"audit", "verify", "--before=2026-01-31"}},
		"--head: it has no meaning for `console audit prune`":    {{"audit", "prune", "--before=2026-01-31", "--head=x"}},
		"--head: not of the form":                                {{"audit", "verify", "--head=17"}, {"audit", "verify", "--head"}},
		"--listen: it has no meaning for `console audit`":        {{"audit", "verify", "--listen=127.0.0.1:1"}},
		"--sandbox: it has no meaning for `console audit`":       {{"audit", "verify", "--sandbox"}},
		"--database: not a file":                                 {{"audit", "verify", "--database=postgres://x"}},
		"--heads: there is no such flag":                         {{"audit", "verify", "--heads=x"}},
		"argument 1: it is not a flag":                           {{"audit", "verify", "verify"}},
	} {
		for _, args := range commands {
			if found := problemsOf(t, args, sandboxEnv()); len(found) != 1 || !strings.HasPrefix(found[0], want) {
				t.Errorf("%v: %q", args, found)
			}
		}
	}
}

// No key is made for it: a log that another key wrote would be called broken, and the next console would use the new one.
func TestAuditCommandMakesNoKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	found := problemsOf(t, []string{"audit", "verify", "--data-dir", dir}, sandboxEnv("CONSOLE_KEY", ""))
	if len(found) != 1 || !strings.HasPrefix(found[0], "CONSOLE_KEY: missing") {
		t.Errorf("%q", found)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
	parse(t, []string{"--data-dir", dir}, env("CONSOLE_KEY", ""))
	c := parse(t, []string{"audit", "verify", "--data-dir", dir}, sandboxEnv("CONSOLE_KEY", ""))
	if len(c.Keys) != 1 || c.Database != filepath.Join(dir, "console.db") {
		t.Errorf("%+v", c)
	}
}

func TestAuditCommandHelps(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"audit", "-h"}, {"audit", "verify", "--help"}, {"audit", "prune", "-h"}} {
		if _, err := config.Parse(args, sandboxEnv()); err != config.ErrHelp { //nolint:errorlint // it is returned as it is
			t.Errorf("%v: %v", args, err)
		}
	}
}
