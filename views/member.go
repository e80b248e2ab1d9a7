package views

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

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
	Edits   []MemberAct

	RetiredEmails []RetiredEmail // addresses used before
	You           bool           // it is the signed-in person

	Roles         []RoleRow
	RolesAct      MemberAct
	RolesSection  Section
	Factors       []FactorRow // ways to sign in
	SecondFactors []FactorRow // authenticator app, text message, recovery codes

	Registrations    []Registration
	RegistrationsAct MemberAct

	Sessions        []SessionRow
	SessionsAct     MemberAct
	SessionsSection Section

	Apps        []AppGrant // apps that the member let in
	AppsSection Section

	TrustedMetadata   string // JSON as the upstream gave it; "" or "{}" for none
	TrustedAct        MemberAct
	UntrustedMetadata string // likewise
	UntrustedAct      MemberAct

	Danger   []DangerRow // what does harm
	Activity string      // what was done by and to the member; "" leaves the link out
}

// MemberAct is one thing to do, as a link to the page that does it. The zero value draws nothing.
type MemberAct struct {
	Text  string // "Remove"
	About string // what Text is done to, for who hears the link without what stands around it: "the password"; may be ""
	Href  string
	Need  *Permission // what is missing to do it, which is then disabled; nil when nothing is
}

// label is the whole of what is done.
func (a *MemberAct) label() string { return strings.TrimSpace(a.Text + " " + a.About) }

// DangerRow is one thing to do that does harm, and what it does.
type DangerRow struct {
	Title string // "Delete this member"
	Text  string // a sentence
	Act   MemberAct
}

// RetiredEmail is an address that was used before.
type RetiredEmail struct {
	Email string
	Act   MemberAct
}

// AppGrant is an app that the member let in.
type AppGrant struct {
	Name   string
	ID     string
	Kind   string      // "Third party"
	Scopes []ScopeLine // what it may do
	Act    MemberAct
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
	Holders string // address of the list of members who have it; "" leaves the link out
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
	Act    MemberAct
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
	Act      MemberAct
}

// actsOf are the acts of rows.
func actsOf[T any](rows []T, act func(*T) MemberAct) []MemberAct {
	acts := make([]MemberAct, len(rows))
	for i := range rows {
		acts[i] = act(&rows[i])
	}
	return acts
}

func factorActs(rows []FactorRow) []MemberAct {
	return actsOf(rows, func(r *FactorRow) MemberAct { return r.Act })
}

func sessionActs(rows []SessionRow) []MemberAct {
	return actsOf(rows, func(r *SessionRow) MemberAct { return r.Act })
}

func appActs(rows []AppGrant) []MemberAct {
	return actsOf(rows, func(r *AppGrant) MemberAct { return r.Act })
}

func retiredActs(rows []RetiredEmail) []MemberAct {
	return actsOf(rows, func(r *RetiredEmail) MemberAct { return r.Act })
}

// offered says whether any of the acts is one, so that a table has a column for them.
func offered(acts []MemberAct) bool {
	return slices.ContainsFunc(acts, func(a MemberAct) bool { return a.Text != "" })
}

// needs are the permissions that are missing for some of the acts, each once.
func needs(acts []MemberAct) []Permission {
	var all []Permission
	for _, a := range acts {
		if a.Need != nil && !slices.ContainsFunc(all, func(p Permission) bool { return p.Resource == a.Need.Resource && p.Action == a.Need.Action }) {
			all = append(all, *a.Need)
		}
	}
	return all
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
