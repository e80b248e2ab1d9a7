package views

// MembersPartID is the id of the part of the page that a partial request of the members gets.
const MembersPartID = "members"

// MembersPage lists the members of one tenant.
type MembersPage struct {
	Frame            Frame
	Organization     string // name of the tenant
	OrganizationHref string
	New              string      // where a member is made
	NewNeed          *Permission // what is missing to make one; nil when it may be tried
	List             MembersList
}

// MembersList is the part of the page that changes with filters and pages.
type MembersList struct {
	Action       string // address of the filter form, without a query
	Organization string // name of the tenant, for the table's caption
	Filters      MembersFilters
	Roles        []string  // suggestions for the role filter; may be empty
	Problems     []Problem // fields named as the parameters; "" for the search as a whole
	Chips        []Chip
	Clear        string
	Rows         []MemberRow
	Pager        Pager
	Budget       Budget
	Section      Section
}

// MembersFilters are the values of the filter form, named as its parameters.
type MembersFilters struct {
	Email         string   // email
	EmailContains string   // email_contains
	ID            string   // id
	Status        []Option // status, repeatable; with the selected ones marked
	Role          string   // role
	Breakglass    string   // breakglass: "yes", "no" or ""
	Password      string   // password: "yes", "no" or ""
	Phone         string   // phone
	PhoneContains string   // phone_contains
}

// more says whether a filter that is folded away is in use.
func (f *MembersFilters) more() bool {
	return f.ID != "" || f.Email != "" || f.Breakglass != "" || f.Password != "" || f.Phone != "" || f.PhoneContains != ""
}

// MemberRow is one member.
type MemberRow struct {
	ID      string // member id
	Href    string // the member's page; "" for a deleted one, who has none
	Name    string // "" draws "No name yet"
	Email   string
	Status  Status // "Active", "Invited", "Pending", "Deleted"; "Locked" (bad) and "Break-glass" (warn) come first
	Roles   string // the first role; "" for none
	More    int    // further roles
	MFA     Status // "TOTP", "SMS", empty for none
	Created string // date, 2026-11-28
}
