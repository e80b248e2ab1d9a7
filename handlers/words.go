package handlers

import (
	"strconv"
	"strings"
	"time"
)

// methodNames are the upstream's names of ways to sign in, by a person's word (rule auth-methods).
var methodNames = map[string]string{
	"sso": "single sign-on", "magic_link": "e-mail link", "email_otp": "e-mail code", "password": "password",
	"google_oauth": "Google", "microsoft_oauth": "Microsoft", "slack_oauth": "Slack", "github_oauth": "GitHub", "hubspot_oauth": "HubSpot",
	"sms_otp": "text message", "totp": "authenticator app",
}

// methodName is a person's word for a way to sign in. What is not known is shown as the upstream has it.
func methodName(method string) string {
	if name, ok := methodNames[method]; ok {
		return name
	}
	return method
}

// providerNames are the upstream's names of identity providers.
var providerNames = map[string]string{
	"okta": "Okta", "microsoft-entra": "Entra ID", "google-workspace": "Google Workspace", "onelogin": "OneLogin",
	"jumpcloud": "JumpCloud", "cyberark": "CyberArk", "pingfederate": "PingFederate", "rippling": "Rippling",
	"salesforce": "Salesforce", "shibboleth": "Shibboleth", "keycloak": "Keycloak", "duo": "Duo", "classlink": "ClassLink",
	"miniorange": "miniOrange", "generic": "Generic",
}

func providerName(provider string) string {
	if name, ok := providerNames[provider]; ok {
		return name
	}
	return provider
}

// nameOf is a name, or what stands for one that is blank: a link must have words.
func nameOf(name, otherwise string) string {
	if strings.TrimSpace(name) == "" {
		return otherwise
	}
	return name
}

// sentence joins words and starts with a capital letter.
func sentence(words ...string) string {
	s := strings.Join(words, ", ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// date is the day of a moment as the upstream writes it, for a column; "" for one that is not set. The upstream's text is
// cut and not parsed: a list has many of them.
func date(rfc3339 string) string {
	if len(rfc3339) < 10 || rfc3339[4] != '-' || rfc3339[7] != '-' {
		return ""
	}
	return rfc3339[:10]
}

// moment is a time in a sentence.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}

// stamp is a time for machines.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// ago is how long ago something was; after a day, when.
func ago(now, t time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d.Minutes()), "min") + " ago"
	case d < 24*time.Hour:
		return count(int(d.Hours()), "h") + " ago"
	}
	return moment(t)
}

// in is how far ahead something is.
func in(now, t time.Time) string {
	switch d := t.Sub(now); {
	case t.IsZero():
		return ""
	case d < 0:
		return "ended"
	case d < time.Hour:
		return "in " + count(int(d.Minutes()), "min")
	case d < 48*time.Hour:
		return "in " + count(int(d.Hours()), "h")
	}
	return "in " + count(int(t.Sub(now).Hours()/24), "days")
}

func count(n int, unit string) string { return strconv.Itoa(n) + " " + unit }
