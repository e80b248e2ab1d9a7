package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// option is one setting that may be given as a flag or in the environment.
type option struct {
	flag string // without dashes
	kind kind
	def  string // the default, as it would be typed
	help string
	// alone says that the setting also belongs to `console sandbox`; the others belong to the console only.
	alone bool
	// sandbox says that the setting means nothing without a sandbox.
	sandbox bool
}

// kind says how a setting is written.
type kind int

const (
	text kind = iota
	number
	boolean
)

// options are all flags, in the order of the usage text.
var options = []option{
	{flag: "sandbox", kind: boolean, help: "run against an embedded upstream with made-up data; needs no account"},
	{flag: "listen", def: "127.0.0.1:8080", help: "address of the console"},
	{flag: "admin-listen", help: "address of /healthz and /readyz; off unless set"},
	{flag: "public-url", help: "the one origin browsers use; https, or http to loopback (default http://<listen>)"},
	{flag: "data-dir", def: "data", help: "directory for the console's own files"},
	{flag: "database", help: "SQLite file that keeps who is signed in and the audit log (default console.db in --data-dir); not with --sandbox"},
	{flag: "staff-organization", help: "organization_id of the support staff's organization; without it there are no staff pages"},
	{flag: "support-role", help: "role that the staff get in a tenant which they enter without being members; without it they cannot (tenant_support with --sandbox)"},
	{flag: "support-hours", kind: number, def: "4", help: "how long such a membership lasts at most, 1 to 24"},
	{flag: "session-hours", kind: number, def: "8", help: "how long a sign-in lasts, 1 to 24"},
	{flag: "search-budget", kind: number, def: "60", help: "upstream searches a minute; raise it with the limit of the project"},
	{flag: "oauth-providers", def: "google,microsoft,slack,hubspot,github", help: "OAuth providers that people may sign in with, comma-separated; they need STYTCH_PUBLIC_TOKEN"},
	{flag: "trusted-proxies", help: "networks (CIDR, comma-separated) whose X-Forwarded-For is believed"},
	{flag: "sandbox-listen", def: "127.0.0.1:8081", help: "address of the sandbox", alone: true, sandbox: true},
	{flag: "sandbox-organizations", kind: number, def: "0", help: "organizations made up beyond the hand-made ones", alone: true, sandbox: true},
	{flag: "sandbox-members", kind: number, def: "0", help: "members made up in the busy organization beyond the hand-made ones", alone: true, sandbox: true},
	{flag: "sandbox-exposed", kind: boolean, help: "let the sandbox listen on addresses other than loopback", alone: true, sandbox: true},
}

// variables are the settings that have no flag.
var variables = [][2]string{
	{"STYTCH_PROJECT_ID", "the project, project-(test|live)-<uuid>"},
	{"STYTCH_SECRET", "the project's secret; or STYTCH_SECRET_FILE, a file that holds it"},
	{"STYTCH_BASE_URL", "address of the upstream (default by the project: https://test.stytch.com or https://api.stytch.com)"},
	{"STYTCH_PUBLIC_TOKEN", "the project's public token, for signing in with an OAuth provider; without it that is not offered"},
	{"STYTCH_ISSUER", "who issues the project's tokens, as its discovery document names it; errors that go back to OAuth clients then name it too"},
	{"CONSOLE_KEY", "key behind the cookie of a sign-in, the tickets of forms and the chain of the audit log, 32 bytes in base64 or hexadecimal; several separated by commas,\n        the first one writes; or CONSOLE_KEY_FILE. Without either a key is made in the data directory"},
}

// env is the name of the setting's environment variable.
func (o option) env() string {
	return "CONSOLE_" + strings.ToUpper(strings.ReplaceAll(o.flag, "-", "_"))
}

// Usage is the text that `console -h` prints.
func Usage() string {
	var b strings.Builder
	b.WriteString("Usage:\n  console            run against the project that the environment names\n" +
		"  console --sandbox  run against an embedded sandbox\n" +
		"  console sandbox    run the sandbox alone\n" +
		"  console audit verify [--head SEQ:MAC]...\n" +
		"                     check the audit log, and that it still has the heads that were written down\n" +
		"  console audit prune --before 2026-01-31\n" +
		"                     delete its rows from before a date (UTC), and note that in it\n" +
		"                     (both take --data-dir, --database and CONSOLE_KEY as the console does, and nothing else)\n\n" +
		"Flags, each with the environment variable that says the same:\n")
	for _, o := range options {
		b.WriteString("  --" + o.flag + " (" + o.env() + ")\n        " + o.help)
		if o.def != "" {
			b.WriteString(" (default " + o.def + ")")
		}
		b.WriteByte('\n')
	}
	b.WriteString("\nEnvironment only:\n")
	for _, v := range variables {
		b.WriteString("  " + v[0] + "\n        " + v[1] + "\n")
	}
	return b.String()
}

// setting is the value of one option and where it came from.
type setting struct {
	value string
	name  string // what to call it in a problem: the flag, or the variable if that is where it came from
	flag  bool   // given on the command line
}

// settings are the values of all options, by flag name.
type settings map[string]setting

// plainFlag is what a mistyped flag may look like and still be named in a problem. Anything else could be a secret.
var plainFlag = regexp.MustCompile(`^[a-z]+(-[a-z]+){0,3}$`)

// secretFlags are refused with a hint, because people will try them.
var secretFlags = []string{"secret", "stytch-secret", "key", "console-key"}

// gather reads the flags and fills in the environment and the defaults. It goes on after a mistake, to find the rest.
// Package flag would stop at the first one, and quote it.
func gather(args []string, getenv func(string) string, p *problems) (settings, error) {
	out := settings{}
	for i := 0; i < len(args); i++ {
		name, value, inline := strings.Cut(args[i], "=")
		bare := strings.TrimPrefix(strings.TrimPrefix(name, "-"), "-")
		if bare == name || bare == "" {
			p.add("argument "+strconv.Itoa(i+1), "it is not a flag")
			continue
		}
		if bare == "h" || bare == "help" {
			return nil, ErrHelp
		}
		at := slices.IndexFunc(options, func(o option) bool { return o.flag == bare })
		// A flag that is not known takes its value with it, so that one mistake is one problem.
		takesNext := !inline && (at < 0 || options[at].kind != boolean) && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-")
		if takesNext {
			i++
			value, inline = args[i], true
		}
		if at < 0 {
			unknown(bare, p)
			continue
		}
		o := options[at]
		if _, twice := out[o.flag]; twice {
			p.add("--"+o.flag, "given twice")
			continue
		}
		if !inline {
			if o.kind != boolean {
				p.add("--"+o.flag, "it needs a value")
				continue
			}
			value = "true"
		}
		out[o.flag] = setting{value: value, name: "--" + o.flag, flag: true}
	}
	for _, o := range options {
		if _, given := out[o.flag]; given {
			continue
		}
		if value := strings.TrimSpace(getenv(o.env())); value != "" {
			out[o.flag] = setting{value: value, name: o.env()}
			continue
		}
		out[o.flag] = setting{value: o.def, name: "--" + o.flag}
	}
	return out, nil
}

func unknown(name string, p *problems) {
	switch {
	case slices.Contains(secretFlags, name):
		p.add("--"+name, "secrets come by STYTCH_SECRET, STYTCH_SECRET_FILE, CONSOLE_KEY or CONSOLE_KEY_FILE, never by a flag")
	case plainFlag.MatchString(name):
		p.add("--"+name, "there is no such flag")
	default:
		p.add("unknown flag", "there is a flag that is not known")
	}
}

// whole is a number from low to high.
func (s settings) whole(flag string, low, high int, p *problems) int {
	n, err := strconv.Atoi(s[flag].value)
	if err != nil || n < low || n > high {
		p.add(s[flag].name, "not a whole number from "+strconv.Itoa(low)+" to "+strconv.Itoa(high))
		return low
	}
	return n
}

// yes is a truth value; a variable may say true, false, 1 or 0.
func (s settings) yes(flag string, p *problems) bool {
	v := s[flag]
	if v.value == "" && !v.flag {
		return false
	}
	b, err := strconv.ParseBool(v.value)
	if err != nil {
		p.add(v.name, "neither true nor false")
	}
	return b
}
