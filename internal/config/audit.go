package config

import (
	"regexp"
	"strings"
	"time"
)

// The commands on the audit log, as [Config.Audit] gives them.
const (
	AuditVerify = "verify"
	AuditPrune  = "prune"
)

// auditFlags are the flags that the two commands have of their own.
var auditFlags = map[string]string{"head": AuditVerify, "before": AuditPrune}

var headText = regexp.MustCompile(`^[0-9]{1,18}:[0-9a-f]{64}$`)

// auditCommand reads what follows `console audit`, and returns the flags that the console has too.
func (c *Config) auditCommand(args []string, p *problems) (rest []string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		c.Audit, args = args[0], args[1:]
	}
	if c.Audit != AuditVerify && c.Audit != AuditPrune {
		p.add("console audit", "it is followed by verify or prune")
		c.Audit = AuditVerify // whose flags are looked at all the same
	}
	before := len(*p)
	for i := 0; i < len(args); i++ {
		name, value, inline := strings.Cut(args[i], "=")
		flag := strings.TrimPrefix(strings.TrimPrefix(name, "-"), "-")
		of, known := auditFlags[flag]
		if !known || flag == name {
			rest = append(rest, args[i])
			continue
		}
		if !inline && i+1 < len(args) {
			i++
			value = args[i]
		}
		if of != c.Audit {
			p.add("--"+flag, "it has no meaning for `console audit "+c.Audit+"`")
			continue
		}
		c.auditFlag(flag, value, p)
	}
	if c.Audit == AuditPrune && c.AuditBefore.IsZero() && len(*p) == before {
		p.add("--before", "missing; rows from before that date are deleted")
	}
	return rest
}

func (c *Config) auditFlag(flag, value string, p *problems) {
	switch flag {
	case "head":
		if !headText.MatchString(value) {
			p.add("--head", "not of the form SEQ:MAC, as the log and the exports have it")
		}
		c.AuditHeads = append(c.AuditHeads, value)
	case "before":
		at, err := time.Parse(time.DateOnly, value)
		switch {
		case err != nil:
			p.add("--before", "not a date of the form 2026-01-31")
		case !c.AuditBefore.IsZero():
			p.add("--before", "given twice")
		}
		c.AuditBefore = at
	}
}

// readAudit reads what a command on the audit log shares with the console.
func (c *Config) readAudit(s settings, getenv func(string) string, p *problems) {
	for _, o := range options {
		if s[o.flag].flag && o.flag != "data-dir" && o.flag != "database" {
			p.add("--"+o.flag, "it has no meaning for `console audit`")
		}
	}
	c.DataDir = s["data-dir"].value
	c.Database = c.database(s["database"], p)
	c.readKeys(getenv, p)
}
