package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/config"
	"console.internal/internal/store"
)

// errAudit ends a command that found the log changed: with exit code 1, which scripts look at.
var errAudit = errors.New("the audit log is not as it was written")

// runAudit runs the command on the audit log that the settings name, and says on out what it found. The console may be running.
func runAudit(ctx context.Context, cfg config.Config, out io.Writer) (err error) {
	s, err := openStore(ctx, store.Options{Path: cfg.Database, Existing: true, Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l, err := audit.New(ctx, audit.Options{Store: s.Durable(), Keys: keyBytes(cfg), Now: time.Now})
	if err != nil {
		return err
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	var report audit.Report
	switch cfg.Audit {
	case config.AuditPrune:
		report, err = l.Prune(ctx, cfg.AuditBefore)
	default:
		report, err = verify(ctx, l, cfg.AuditHeads)
	}
	switch {
	case report.Broken != nil:
		say("BROKEN  %s", report.Broken)
		return errAudit
	case err != nil:
		return err
	case cfg.Audit == config.AuditPrune:
		say("Deleted %d", report.Rows)
	default:
		say("Rows    %d", report.Rows)
		say("Unknown %d, acts whose outcome was not recorded", report.Unknown)
	}
	if report.Pruned.Seq > 0 {
		say("Pruned  %s, on %s", report.Pruned, report.PrunedAt.Format(time.RFC3339))
	}
	for _, h := range report.Unchecked {
		say("Passed  %s, its row was pruned", h)
	}
	say("Head    %s", report.Head)
	say("OK")
	return nil
}

func verify(ctx context.Context, l *audit.Log, texts []string) (audit.Report, error) {
	heads := make([]audit.Head, len(texts))
	for i, text := range texts {
		var err error
		if heads[i], err = audit.ParseHead(text); err != nil {
			return audit.Report{}, err
		}
	}
	return l.Verify(ctx, heads...)
}

// keyBytes are the console's keys.
func keyBytes(cfg config.Config) [][]byte {
	keys := make([][]byte, len(cfg.Keys))
	for i, key := range cfg.Keys {
		keys[i] = []byte(key.Reveal())
	}
	return keys
}
