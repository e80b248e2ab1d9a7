package views

import (
	"context"
	"io"
	"strconv"

	"console.internal/views/ui"
)

// MemberPage is one member.
type MemberPage struct {
	Frame            Frame
	Organization     string // name of the tenant
	OrganizationHref string
	MembersHref      string

	ID      string // member id
	Name    string // "" draws "No name yet"
	Email   string
	Status  Status // "Active", ...
	Lock    Lock   // whether the member is locked out
	Details []Fact // rail: phone, external id, break-glass, second factor, created, changed, ...

	RetiredEmails []string // addresses used before
	You           bool     // it is the signed-in person

	Roles         []RoleRow
	RolesSection  Section
	Factors       []FactorRow // ways to sign in
	SecondFactors []FactorRow // authenticator app, text message, recovery codes
	Registrations []Registration

	Sessions        []SessionRow
	SessionsSection Section

	TrustedMetadata   string // JSON as the upstream gave it; "" or "{}" for none
	UntrustedMetadata string // likewise
}

// Lock says whether a member is locked out. The zero value is a member who is not.
type Lock struct {
	Locked bool
	Since  string // "19 Nov 2026, 16:41 UTC"; "" when not known
	Until  string // likewise
	Reason string // a sentence; "" when not known
}

// RoleRow is one role and why the member has it.
type RoleRow struct {
	Role    string
	Sources []Source
}

// Source is one reason for a role.
type Source struct {
	Text  string // "Given directly", "E-mail domain", "Group"
	Value string // what someone wrote: the domain, the group; "" without
	In    string // through which connection, as "in Okta workforce (SAML)"; "" without
}

// FactorRow is one way to sign in.
type FactorRow struct {
	Name   string // "E-mail link", "Authenticator app"
	Detail string // address, subject, phone number; "" draws a dash
	State  Status // "Linked", "Not set"
}

// Registration is one account elsewhere that is linked to the member.
type Registration struct {
	Kind       string // "SAML", "Google", "SCIM"
	Name       string // name of the connection or provider
	Subject    string // external id or subject
	ID         string // registration id; "" when there is none
	Status     Status // empty for none
	Attributes string // JSON as the upstream gave it; "" for none
	Count      int    // number of attributes
}

// SessionRow is one live session. The upstream gives no address and no browser.
type SessionRow struct {
	ID       string
	Factors  []string // "E-mail link", "Authenticator app"
	Started  string   // "Today, 08:41 UTC"
	Seen     string   // "2 min ago"
	Ends     string   // "in 7 h"
	StartedT string   // the same moments for machines, RFC 3339; "" leaves the mark out
	SeenT    string
	EndsT    string
	Current  bool // the session this page was asked for with
}

// words says what is known of a lock, in sentences.
func (l *Lock) words() string {
	var s string
	if l.Since != "" {
		s = "Since " + l.Since + ". "
	}
	if l.Until != "" {
		s += "Until " + l.Until + ". "
	}
	if l.Reason != "" {
		s += l.Reason
	}
	if s == "" {
		return "Stytch does not say since when, nor why."
	}
	return s
}

// words says what is linked, as "SAML, Okta workforce: zoe, 5 attributes".
func (r *Registration) words() ui.Words {
	s := ui.Words{"", r.Kind}
	if r.Name != "" {
		s = append(s, ", ", r.Name)
	}
	if r.Subject != "" {
		s = append(s, ": ", r.Subject)
	}
	switch {
	case r.Count == 1:
		s = append(s, ", 1 attribute")
	case r.Count > 1:
		s = append(s, ", "+strconv.Itoa(r.Count)+" attributes")
	}
	return s
}

// Render implements templ.Component: the reason in one line, what others named in bold.
func (s Source) Render(ctx context.Context, w io.Writer) error {
	if err := ui.Bare(s.Text).Render(ctx, w); err != nil {
		return err
	}
	if s.Value != "" {
		if err := (ui.Strong{" ", s.Value}).Render(ctx, w); err != nil {
			return err
		}
	}
	if s.In == "" {
		return nil
	}
	return ui.Words{" ", s.In}.Render(ctx, w)
}
