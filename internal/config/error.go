package config

import (
	"errors"
	"fmt"
	"strings"
)

// ErrHelp is returned by [Parse] when the command line asks for help. It is no failure: print [Usage] and leave.
var ErrHelp = errors.New("help requested")

// Error is what is wrong with the settings: all of it, not only the first problem found.
type Error struct {
	// Problems has one sentence for each wrong or missing setting, beginning with its name. It quotes no values.
	Problems []string
}

// Error is the whole message, over several lines and ready for a terminal.
func (e *Error) Error() string {
	var b strings.Builder
	if len(e.Problems) == 1 {
		b.WriteString("console cannot start, one setting is wrong or missing:\n")
	} else {
		fmt.Fprintf(&b, "console cannot start, %d settings are wrong or missing:\n", len(e.Problems))
	}
	for _, problem := range e.Problems {
		b.WriteString("  - " + problem + "\n")
	}
	b.WriteString("`console -h` lists all settings; `console --sandbox` needs none of them.")
	return b.String()
}

// ExitCode is the process's exit code for wrong settings.
func (*Error) ExitCode() int { return 2 }

// problems collects what is wrong, in the order in which it is found.
type problems []string

// add notes that the named setting breaks a rule. The rule must not contain the setting's value.
func (p *problems) add(name, rule string) { *p = append(*p, name+": "+rule) }
