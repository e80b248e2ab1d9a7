package app

import (
	"context"
	"fmt"
	"io"

	"console.internal/internal/config"
)

// Run serves until ctx ends. It says on out, in a few lines, where it listens and for which project it speaks; the log
// goes to log.
func Run(ctx context.Context, cfg config.Config, out, log io.Writer) error {
	if cfg.SandboxOnly {
		return runSandbox(ctx, cfg, out, log)
	}
	if cfg.Audit != "" {
		return runAudit(ctx, cfg, out)
	}
	a, err := Start(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.Close()
	a.banner(cfg, out)
	select {
	case <-ctx.Done():
		return nil
	case err := <-a.failed:
		return err
	}
}

func (a *App) banner(cfg config.Config, out io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	say("Console   %s", a.URL())
	if a.sandbox == nil {
		say("Project   %s %s (%s)", a.project.ID, a.project.Name, cfg.Environment())
		if cfg.StaffOrganization == "" {
			say("Staff     no --staff-organization: everybody sees their own organization only")
		}
		return
	}
	say("Sandbox   %s, nothing in it is real", a.sandboxURL)
	say("Sign in   as ada@support.example (or sam@support.example); the link arrives at")
	say("          %s/sandbox/outbox", a.sandboxURL)
	say("Demo client: %s/sandbox/demo-app", a.sandboxURL)
	if cfg.SandboxExposed {
		say("WARNING   the sandbox can be reached from the network: whoever reaches it can sign in as anybody in it")
	}
}

// runSandbox serves the sandbox alone, and says how to point a console or any other client at it.
func runSandbox(ctx context.Context, cfg config.Config, out, log io.Writer) error {
	a := newApp(ctx, log)
	if err := a.startSandbox(ctx, cfg, ""); err != nil {
		return err
	}
	defer a.Close()
	_, _ = fmt.Fprintf(out, "STYTCH_PROJECT_ID=%s\nSTYTCH_SECRET=%s\nSTYTCH_PUBLIC_TOKEN=%s\nSTYTCH_BASE_URL=%s\n",
		a.sandbox.ProjectID(), a.sandbox.Secret(), a.sandbox.PublicToken(), a.sandboxURL)
	select {
	case <-ctx.Done():
		return nil
	case err := <-a.failed:
		return err
	}
}
