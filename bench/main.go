package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	role := flag.String("role", "", "what this process is, for the processes that bench starts itself")
	target := flag.String("target", "", "where the role's requests go")
	console := flag.String("console", filepath.Join("bin", "console"), "the binary to measure")
	flag.Parse()
	var err error
	switch *role {
	case "upstream":
		err = serveUpstream()
	case "proxy":
		err = serveProxy(*target)
	default:
		err = report(*console)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
