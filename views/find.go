package views

// FindPage answers the search box when it does not lead straight to a thing.
type FindPage struct {
	Frame   Frame
	Query   string  // what was asked for
	Kind    string  // what it was taken for, as "an e-mail address"; "" when it looks like nothing known
	Results []Found // may be empty
	Section Section // refused or failed
	Budget  Budget
	Tried   []string // where was looked, as "organizations by slug"
	Hint    string   // what may be typed; "" for the usual words
}

// Found is one result.
type Found struct {
	Kind   string // "Organization", "Member"
	Name   string // "" draws "No name yet"
	Detail string // slug or e-mail address
	In     string // for a member: name of the organization; "" leaves it out
	ID     string
	Href   string
}
