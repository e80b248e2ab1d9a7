package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"console.internal/internal/app"
	"console.internal/internal/config"
)

func main() { os.Exit(run()) }

// run is main with an exit code: 0 after a signal, 1 when the console fails, 2 when it cannot start as it is set up.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, err := config.Parse(os.Args[1:], os.Getenv)
	if errors.Is(err, config.ErrHelp) {
		_, _ = fmt.Fprint(os.Stdout, config.Usage())
		return 0
	}
	if err == nil {
		err = app.Run(ctx, cfg, os.Stdout, os.Stderr)
	}
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(os.Stderr, err)
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}
