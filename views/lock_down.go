package views

// LockDownPage asks before an account is locked down that somebody else may be using: deactivated, or kept without what it can be
// used with.
type LockDownPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Name       string
	Facts      []Fact // who it is
	Keep       bool   // the member stays; else they are deactivated
	Other      string // address of the same page the other way
	Steps      []LockDownStep
	Roles      []Option // roles that can be taken away, field "role"
	Fixed      []string // roles that cannot, since a rule gives them
	Says       []string // what follows, in sentences
	Warnings   []string
	ReasonText string
	Action     string
	Cancel     string
	Problems   []Problem
	Permission *Permission // what is missing to deactivate; nil where nothing is
}

// LockDownStep is one thing that will be done.
type LockDownStep struct {
	Text string
	Note string      // what is known of it now, as "Ledgerline Reports"
	None bool        // there is nothing to do
	Need *Permission // what is missing for it, so that it will be refused
}

// how is what the form sends of the choice.
func (m *LockDownPage) how() string {
	if m.Keep {
		return "keep"
	}
	return "deactivate"
}
