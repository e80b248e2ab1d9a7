package views

import (
	"strconv"

	"console.internal/internal/paths"
	"console.internal/views/ui"
)

// EnterState says what the page at a tenant without a key shows.
type EnterState string

// The states of the page that stands before a tenant.
const (
	EnterReady     EnterState = "ready"   // one button enters
	EnterNotMember EnterState = "member"  // no membership there
	EnterSupport   EnterState = "support" // no membership, and one can be made for a reason
	EnterClosed    EnterState = "closed"  // the tenant wants no support staff
	EnterMethods   EnterState = "methods" // the tenant accepts no way in that support staff can have
)

// EnterPage stands before a tenant that no key is held for.
type EnterPage struct {
	Frame  Frame
	State  EnterState
	ID     string // organization id
	Name   string // "" when it may not be told
	Action string // address of the form
	Return string // address wanted first, sent as "return"
	Back   string // address of the organizations one may enter

	// With EnterSupport alone:
	Role     string // the role that the membership has
	Hours    int    // how long it lasts
	Reason   string // as it was typed
	Problems []Problem

	Methods []string    // with EnterMethods: the ways in that the tenant accepts
	Lacks   *Permission // with EnterNotMember: what is missing to be let in as support; nil where that is not to be had at all
}

func (m *EnterPage) back() string {
	if m.Back == "" {
		return paths.Organizations
	}
	return m.Back
}

// title is the heading.
func (m *EnterPage) title() ui.Words {
	switch m.State {
	case EnterNotMember:
		return ui.Words{"You are not a member here"}
	case EnterSupport:
		return m.named("Enter ", " as support")
	case EnterClosed, EnterMethods:
		return m.named("", " cannot be entered by support")
	case EnterReady:
	}
	return m.named("Enter ", "")
}

// named puts the organization's name into a sentence, or words for one that may not be named.
func (m *EnterPage) named(before, after string) ui.Words {
	if m.Name == "" {
		if before == "" {
			return ui.Words{"This organization" + after}
		}
		return ui.Words{before + "this organization" + after}
	}
	return ui.Words{before, m.Name, after}
}

func (m *EnterPage) hours() string { return hours(m.Hours) }

func hours(n int) string {
	if n == 1 {
		return "an hour"
	}
	return strconv.Itoa(n) + " hours"
}
