package views

import "strconv"

// M2MClientsPartID is the id of the part of the page that a partial request of the M2M clients gets.
const M2MClientsPartID = "m2m-clients"

// M2MClientsPage lists the M2M clients of the project.
type M2MClientsPage struct {
	Frame   Frame
	New     string      // address of the form of a new one
	NewNeed *Permission // what is missing to make one; nil when it may be tried
	List    M2MClientList
}

// M2MClientList is the part of the page that changes with its filters and pages.
type M2MClientList struct {
	Action   string // address of the filter form, without a query
	Filters  M2MClientFilters
	Problems []Problem // fields named as the parameters; "" for the search as a whole
	Chips    []Chip
	Clear    string // address without any filter
	Rows     []M2MClientRow
	Pager    Pager
	Budget   Budget
	Section  Section
}

// M2MClientFilters are the values of the filter form, named as its parameters.
type M2MClientFilters struct {
	ID    string // id
	Name  string // name
	Scope string // scope
}

// M2MClientRow is one M2M client.
type M2MClientRow struct {
	ID          string
	Name        string // its id where it has none
	Description string
	Href        string // its page; "" for an id that no address can hold
	Status      Status
	Scopes      string // the first one; "" for none
	More        int    // how many there are besides
	Rotating    bool   // its secret is being rotated: two are good
}

// more says how many scopes there are besides the first.
func (r *M2MClientRow) more() string {
	if r.More == 0 {
		return ""
	}
	return "+" + strconv.Itoa(r.More)
}

// M2MClientPage is one M2M client.
type M2MClientPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Name       string // its id where it has none
	ID         string
	Status     Status
	Rotation   *Rotation // where its secret stands
	Groups     []SettingsGroup
	Delete     string      // address of the page that deletes it
	DeleteNeed *Permission // what is missing for that; nil when it may be tried
}
