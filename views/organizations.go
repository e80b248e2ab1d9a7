package views

// OrganizationsPartID is the id of the part of the page that a partial request of the directory gets.
const OrganizationsPartID = "organizations"

// DirectoryPage lists all organizations of the project, for staff.
type DirectoryPage struct {
	Frame Frame
	Mine  string // address of one's own memberships
	New   string // address of the form of a new organization; "" leaves it out
	List  DirectoryList
}

// DirectoryList is the part of the directory that changes with its filters and pages.
type DirectoryList struct {
	Action   string // address of the filter form, without a query
	Filters  DirectoryFilters
	Problems []Problem // fields named as the parameters; "" for the search as a whole
	Chips    []Chip
	Clear    string // address without any filter
	Rows     []DirectoryRow
	Pager    Pager
	Budget   Budget
	Section  Section // refused or failed when the search was
}

// DirectoryFilters are the values of the filter form, named as its parameters.
type DirectoryFilters struct {
	Name           string // name
	SlugContains   string // slug_contains
	Slug           string // slug
	ID             string // id
	Email          string // email: a member's address
	EmailContains  string // email_contains
	Domain         string // domain: an allowed e-mail domain
	DomainContains string // domain_contains
	ClaimedDomain  string // claimed_domain
	SSO            string // sso: "yes", "no" or ""
	Connection     string // connection: id of an SSO connection
}

// more says whether a filter that is folded away is in use.
func (f *DirectoryFilters) more() bool {
	return f.Slug != "" || f.ID != "" || f.Email != "" || f.EmailContains != "" || f.DomainContains != "" ||
		f.ClaimedDomain != "" || f.Connection != ""
}

// DirectoryRow is one organization.
type DirectoryRow struct {
	ID      string // organization id
	Href    string // its overview
	Name    string
	Slug    string
	SignIn  Status // "Any" (dim), "SSO only", "2 methods", "Closed" (bad)
	MFA     Status // "Required", "Optional" (dim)
	SSO     Status // "2 active"; empty for none
	SCIM    Status // provider and what is up with it; empty for none
	Created string // date, 2026-11-28
}

// MembershipsPage lists the organizations that the signed-in person belongs to or may join.
type MembershipsPage struct {
	Frame     Frame
	Directory string // address of the directory of all tenants; "" for other than staff
	Rows      []Membership
	Section   Section
}

// Membership is one organization and what one is there.
type Membership struct {
	ID     string
	Name   string
	Slug   string
	Kind   Status // "Active", "Pending", "Invited", "May join"
	Left   string // with a key: what is left of it, as "42 min"; "" without
	Href   string // its overview; a link when a key is held
	Held   bool   // a key is held
	Action string // without a key: address of the form that enters; "" where one may not
	Button string // its word: "Enter", "Accept", "Join"
}

// filters is the word of the button that removes n filters.
func filters(n int) string {
	if n == 1 {
		return "Remove the filter"
	}
	return "Remove all filters"
}

// chosen says the active filters as the parts of a sentence.
func chosen(chips []Chip) []string {
	parts := make([]string, 0, 2*len(chips)+1)
	for i, c := range chips {
		label := c.Label + " "
		if i > 0 {
			label = ", and " + label
		}
		parts = append(parts, label, c.Value)
	}
	return append(parts, ".")
}
