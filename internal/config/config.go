package config

import (
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Names of the environments, as [Config.Environment] gives them.
const (
	Live    = "live"
	Test    = "test"
	Sandbox = "sandbox"
)

const (
	liveBaseURL = "https://api.stytch.com"
	testBaseURL = "https://test.stytch.com"
)

// Config is the checked settings of one process. It can be logged: its secrets do not print.
type Config struct {
	// SandboxOnly says to run the sandbox alone; then only the fields beginning with Sandbox are set.
	SandboxOnly bool
	// Audit is the command on the audit log to run instead of a console, [AuditVerify] or [AuditPrune]; then only DataDir,
	// Database, Keys and the next two fields are set.
	Audit string
	// AuditHeads are of the form SEQ:MAC. The log is compared with them.
	AuditHeads []string
	// AuditBefore is midnight UTC of the date up to which rows are deleted.
	AuditBefore time.Time
	// Sandbox says to run the console against an embedded sandbox; ProjectID, Secret and BaseURL are then empty, because
	// the sandbox draws its own at each start.
	Sandbox bool

	// ProjectID is the upstream's project, project-(test|live)-<uuid>.
	ProjectID string
	// Secret is the project's secret: it may do everything.
	Secret Secret
	// PublicToken names the project where browsers go to the upstream themselves, to sign in with an OAuth provider; empty
	// means that this is not offered.
	PublicToken string
	// OAuthProviders are those that people may sign in with, by the upstream's names.
	OAuthProviders []string
	// Issuer is what the project's tokens name as who issued them, for the answers to OAuth clients; empty names nobody there.
	Issuer string
	// BaseURL is the upstream's origin, without a slash at the end.
	BaseURL string

	// Listen is the console's address, host:port. Port 0 lets the system choose.
	Listen string
	// AdminListen is the address of the health pages; empty means off.
	AdminListen string
	// PublicURL is the one origin that browsers use, without a slash at the end. Empty means http and the address that
	// the console really listens on, which is then loopback.
	PublicURL string
	// DataDir is the directory of the console's own files.
	DataDir string
	// Database is the SQLite file of what outlives the process, the audit log too. With a sandbox it is made anew at each start, as the sandbox is.
	Database string
	// Keys encrypt the cookie of a sign-in, [KeySize] bytes each. The first one writes, all of them read. Never empty for a console.
	Keys []Secret

	// StaffOrganization is the pinned organization_id of the support staff; empty means that staff pages do not exist
	// (or, with the sandbox, that the seed's staff organization is meant).
	StaffOrganization string
	// SupportRole is the one role of the memberships by which the staff enter tenants that they do not belong to, and SupportLength
	// how long these last at most. Without a role there are none.
	SupportRole   string
	SupportLength time.Duration
	// SessionLifetime is how long a sign-in lasts at most.
	SessionLifetime time.Duration
	// SearchBudget is how many upstream searches the process may make in a minute.
	SearchBudget int
	// TrustedProxies are the peers whose X-Forwarded-For is believed. Empty means none.
	TrustedProxies []netip.Prefix

	// SandboxListen is the sandbox's address, host:port. Port 0 lets the system choose.
	SandboxListen string
	// SandboxOrganizations and SandboxMembers are how many are made up beyond the hand-made ones.
	SandboxOrganizations, SandboxMembers int
	// SandboxExposed says that listeners may leave loopback while the sandbox runs. Every page then says so.
	SandboxExposed bool
}

// Environment is [Live], [Test] or [Sandbox].
func (c Config) Environment() string {
	switch {
	case c.Sandbox || c.SandboxOnly:
		return Sandbox
	case strings.HasPrefix(c.ProjectID, "project-live-"):
		return Live
	default:
		return Test
	}
}

const uuid = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`

var (
	projectID      = regexp.MustCompile(`^project-(test|live)-` + uuid + `$`)
	organizationID = regexp.MustCompile(`^organization-(test|live)-` + uuid + `$`)
	publicToken    = regexp.MustCompile(`^public-token-(test|live)-` + uuid + `$`)
	roleID         = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)
	issuerText     = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]{1,256}$`)
	secretText     = regexp.MustCompile(`^[\x21-\x7e]{8,512}$`)
)

// Parse reads the arguments (without the program's name) and the environment. The error is [ErrHelp] when help is
// asked for, else an *[Error] with every problem. If there is none, and no key is given, it makes or reads the key
// in the data directory.
func Parse(args []string, getenv func(string) string) (Config, error) {
	var p problems
	var c Config
	switch {
	case len(args) == 0:
	case args[0] == "sandbox":
		c.SandboxOnly, args = true, args[1:]
	case args[0] == "audit":
		args = c.auditCommand(args[1:], &p)
	}
	s, err := gather(args, getenv, &p)
	if err != nil {
		return Config{}, err
	}
	if c.Audit != "" {
		c.readAudit(s, getenv, &p)
	} else {
		c.readSandbox(s, &p)
	}
	if !c.SandboxOnly && c.Audit == "" {
		c.readConsole(s, &p)
		c.readUpstream(s, getenv, &p)
		c.readKeys(getenv, &p)
	}
	if len(p) > 0 {
		return Config{}, &Error{Problems: p}
	}
	return c, nil
}

// readSandbox reads what belongs to the sandbox, embedded or alone.
func (c *Config) readSandbox(s settings, p *problems) {
	if !c.SandboxOnly {
		c.Sandbox = s.yes("sandbox", p)
	}
	for _, o := range options {
		switch {
		case !s[o.flag].flag:
		case c.SandboxOnly && !o.alone:
			p.add("--"+o.flag, "it has no meaning for `console sandbox`")
		case !c.SandboxOnly && !c.Sandbox && o.sandbox:
			p.add("--"+o.flag, "it has no meaning without --sandbox")
		}
	}
	if !c.Sandbox && !c.SandboxOnly {
		return
	}
	c.SandboxExposed = s.yes("sandbox-exposed", p)
	c.SandboxOrganizations = s.whole("sandbox-organizations", 0, 2_000_000, p)
	c.SandboxMembers = s.whole("sandbox-members", 0, 2_000_000, p)
	c.SandboxListen = s["sandbox-listen"].value
	c.listener(s["sandbox-listen"], p)
}

// listener checks one address, and that it does not carry a sandbox out of the machine: everybody who reaches a
// sandbox can read its outbox, and so sign in as anybody.
func (c *Config) listener(s setting, p *problems) (loopback bool) {
	loopback = listenAddress(s, p)
	if !loopback && (c.Sandbox || c.SandboxOnly) && !c.SandboxExposed {
		p.add(s.name, "only loopback while the sandbox runs, unless --sandbox-exposed is given")
	}
	return loopback
}

// readConsole reads what belongs to the console itself.
func (c *Config) readConsole(s settings, p *problems) {
	c.Listen, c.AdminListen, c.DataDir = s["listen"].value, s["admin-listen"].value, s["data-dir"].value
	loopback := c.listener(s["listen"], p)
	if c.AdminListen != "" {
		c.listener(s["admin-listen"], p)
	}
	seen := map[string]string{}
	for _, flag := range []string{"listen", "admin-listen", "sandbox-listen"} {
		v := s[flag]
		if (flag == "sandbox-listen" && !c.Sandbox) || v.value == "" || strings.HasSuffix(v.value, ":0") {
			continue
		}
		if other, taken := seen[v.value]; taken {
			p.add(v.name, "the same address as "+other)
		}
		seen[v.value] = v.name
	}
	switch {
	case s["public-url"].value != "":
		c.PublicURL = origin(s["public-url"], p)
	case !loopback:
		p.add("--public-url", "missing; it is needed because --listen is not loopback")
	}
	if c.DataDir == "" {
		p.add(s["data-dir"].name, "it must not be empty")
	}
	c.Database = c.database(s["database"], p)
	c.StaffOrganization = s["staff-organization"].value
	if c.StaffOrganization != "" && !organizationID.MatchString(c.StaffOrganization) {
		p.add(s["staff-organization"].name, "not an organization_id (organization-test-<uuid> or organization-live-<uuid>); "+
			"a slug or external id can change hands")
	}
	c.readSupport(s, p)
	c.SessionLifetime = time.Duration(s.whole("session-hours", 1, 24, p)) * time.Hour
	c.SearchBudget = s.whole("search-budget", 1, 1_000_000, p)
	c.TrustedProxies = networks(s["trusted-proxies"], p)
	c.OAuthProviders = oauthProviders(s["oauth-providers"], p)
}

// sandboxRole is the support role of the sandbox's seed, and adminRole may do everything in a tenant.
const sandboxRole, adminRole = "tenant_support", "stytch_admin"

// readSupport reads how the staff enter tenants that they do not belong to.
func (c *Config) readSupport(s settings, p *problems) {
	role := s["support-role"]
	c.SupportRole = role.value
	switch {
	case role.value == "" && c.Sandbox && !role.flag:
		c.SupportRole = sandboxRole
	case role.value == "":
	case !roleID.MatchString(role.value):
		p.add(role.name, "not a role: 1 to 128 characters without white space")
	case role.value == adminRole:
		p.add(role.name, "not "+adminRole+", which may do everything; make a role for the support staff")
	case s["staff-organization"].value == "" && !c.Sandbox:
		p.add(role.name, "it needs --staff-organization")
	}
	c.SupportLength = time.Duration(s.whole("support-hours", 1, 24, p)) * time.Hour
}

// databaseFile and sandboxFile are the names of the database in the data directory.
const databaseFile, sandboxFile = "console.db", "sandbox.db"

// database is the file to use. A sandbox knows nobody after its next start, and its sessions must not be in the way of others.
func (c *Config) database(s setting, p *problems) string {
	switch {
	case c.Sandbox && s.value != "":
		p.add(s.name, "it has no meaning with --sandbox, which forgets everything when it stops")
	case c.Sandbox:
		return filepath.Join(c.DataDir, sandboxFile)
	case s.value == "":
		return filepath.Join(c.DataDir, databaseFile)
	case strings.Contains(s.value, "://"), strings.HasPrefix(s.value, ":"), strings.ContainsRune(s.value, 0):
		p.add(s.name, "not a file; SQLite in a file is all there is")
	}
	return s.value
}

// readUpstream reads which project the console speaks for.
func (c *Config) readUpstream(s settings, getenv func(string) string, p *problems) {
	id := strings.TrimSpace(getenv("STYTCH_PROJECT_ID"))
	base := setting{value: strings.TrimSpace(getenv("STYTCH_BASE_URL")), name: "STYTCH_BASE_URL"}
	if c.Sandbox {
		for _, name := range []string{"STYTCH_PROJECT_ID", "STYTCH_SECRET", "STYTCH_SECRET_FILE", "STYTCH_PUBLIC_TOKEN", "STYTCH_ISSUER", "STYTCH_BASE_URL"} {
			if getenv(name) != "" {
				p.add(name, "set together with "+s["sandbox"].name+"; the sandbox has its own, unset one of them")
			}
		}
		return
	}
	environment := ""
	if match := projectID.FindStringSubmatch(id); match != nil {
		c.ProjectID, environment = id, match[1]
	} else if id == "" {
		p.add("STYTCH_PROJECT_ID", "missing")
	} else {
		p.add("STYTCH_PROJECT_ID", "not of the form project-test-<uuid> or project-live-<uuid>")
	}
	c.readSecret(environment, getenv, p)
	c.readPublicToken(environment, getenv, p)
	c.readIssuer(getenv, p)
	c.BaseURL = testBaseURL
	if environment == Live {
		c.BaseURL = liveBaseURL
	}
	if base.value != "" {
		c.BaseURL = origin(base, p)
		if (environment == Live && c.BaseURL == testBaseURL) || (environment == Test && c.BaseURL == liveBaseURL) {
			p.add(base.name, "a "+environment+" project is not on that host")
		}
	}
	if environment != "" && organizationID.MatchString(c.StaffOrganization) &&
		!strings.HasPrefix(c.StaffOrganization, "organization-"+environment+"-") {
		p.add(s["staff-organization"].name, "it is not an organization of a "+environment+" project")
	}
}

// readSecret reads the project's secret and checks that it is not the other environment's.
func (c *Config) readSecret(environment string, getenv func(string) string, p *problems) {
	value, given := secret("STYTCH_SECRET", getenv, p)
	switch {
	case !given:
		p.add("STYTCH_SECRET", "missing (or STYTCH_SECRET_FILE, a file that holds it)")
	case value == "": // Already said, or only white space.
		if getenv("STYTCH_SECRET") != "" && getenv("STYTCH_SECRET_FILE") == "" {
			p.add("STYTCH_SECRET", "it is blank")
		}
	case !secretText.MatchString(value):
		p.add("STYTCH_SECRET", "not a secret: 8 to 512 characters without white space")
	case (environment == Test && strings.HasPrefix(value, "secret-live-")) || (environment == Live && strings.HasPrefix(value, "secret-test-")):
		p.add("STYTCH_SECRET", "it is not the secret of a "+environment+" project")
	default:
		c.Secret = NewSecret(value)
	}
}

// readPublicToken reads the token that is no secret.
func (c *Config) readPublicToken(environment string, getenv func(string) string, p *problems) {
	value := strings.TrimSpace(getenv("STYTCH_PUBLIC_TOKEN"))
	match := publicToken.FindStringSubmatch(value)
	switch {
	case value == "":
	case match == nil:
		p.add("STYTCH_PUBLIC_TOKEN", "not of the form public-token-test-<uuid> or public-token-live-<uuid>")
	case environment != "" && match[1] != environment:
		p.add("STYTCH_PUBLIC_TOKEN", "it is not the token of a "+environment+" project")
	default:
		c.PublicToken = value
	}
}

// readIssuer reads who issues the project's tokens. Clients compare it letter for letter, so nothing is taken for an address that is only
// nearly one; an issuer without https is what projects without a domain of their own have.
func (c *Config) readIssuer(getenv func(string) string, p *problems) {
	value := strings.TrimSpace(getenv("STYTCH_ISSUER"))
	switch {
	case value == "":
	case !issuerText.MatchString(value) || strings.Contains(value, "://") && !strings.HasPrefix(value, "https://") || strings.ContainsAny(value, "?#@") || strings.HasPrefix(value, "secret-"):
		p.add("STYTCH_ISSUER", "not an issuer, such as https://login.example.com or stytch.com/project-live-<uuid>")
	default:
		c.Issuer = value
	}
}

// knownProviders are the OAuth providers that the upstream has for members.
var knownProviders = []string{"google", "microsoft", "slack", "hubspot", "github"}

func oauthProviders(s setting, p *problems) []string {
	var providers []string
	for name := range strings.SplitSeq(s.value, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "":
		case !slices.Contains(knownProviders, name):
			p.add(s.name, "the providers are "+strings.Join(knownProviders, ", "))
			return nil
		case !slices.Contains(providers, name):
			providers = append(providers, name)
		}
	}
	return providers
}

// readKeys reads the keys, or makes one, which it does only if everything else is right: a start that fails should
// leave nothing behind.
func (c *Config) readKeys(getenv func(string) string, p *problems) {
	before := len(*p)
	value, given := secret("CONSOLE_KEY", getenv, p)
	switch {
	case len(*p) > before: // The file is unusable, and that is said.
	case given:
		keys, ok := parseKeys(value)
		if !ok {
			p.add("CONSOLE_KEY", "not one or more keys of 32 bytes in base64 or hexadecimal (make one with: openssl rand -base64 32)")
		}
		c.Keys = keys
	case before == 0:
		c.Keys = ownKeys(c.DataDir, c.Audit == "", p)
	}
}
