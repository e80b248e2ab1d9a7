package views

import (
	"strconv"

	"console.internal/views/ui"
)

// OrganizationAppsPage lists the Connected Apps that members of a tenant let in.
type OrganizationAppsPage struct {
	Frame            Frame
	Organization     string // name of the tenant
	OrganizationHref string
	Asks             AppAsks
	Preview          string // where a request is tried for a member; "" where that is not offered
	Apps             []OrganizationAppRow
	Section          Section
	Policies         []AppPolicy // of the operator's own apps, and of others
	PolicyAct        MemberAct   // changes them; zero where that is not offered
}

// OrganizationAppRow is one app that members let in.
type OrganizationAppRow struct {
	Name        string // what stands for it where it has none
	Description string // "" draws a dash
	ID          string // client id
	Href        string // its members; "" for an id that no page can have
	Owner       string // "The operator's own"
	Status      Status // whether the policy allows it
}

// AppPolicy says which apps of one kind members may let in.
type AppPolicy struct {
	Label  string // "The operator's own"
	Value  string // "All"
	Listed []ListedApp
}

// ListedApp is an app on the list of a policy.
type ListedApp struct {
	ID   string
	Name string // "" where nobody here let it in, so that its name is not known
	Href string // its members; "" where nobody here let it in
}

// OrganizationAppPartID is the id of the part of the page that a partial request of an app gets.
const OrganizationAppPartID = "app-members"

// OrganizationAppPage is one app of a tenant.
type OrganizationAppPage struct {
	Frame       Frame
	Crumbs      []Crumb
	Name        string
	ID          string
	Owner       string
	Description string
	Members     AppMembersList
}

// AppMembersList is the part of the page that changes with its pages: the members who let the app in.
type AppMembersList struct {
	App    string // name of the app
	Rows   []AppMemberRow
	Names  AppNames
	Revoke string // address of the page that asks; "" where nothing may be revoked
	All    string // the same for all rows
	Need   *Permission
	Pager  Pager
}

// AppNames says how the names of members were found. The zero value is that they were.
type AppNames struct {
	Need   *Permission // what is missing to see them
	Failed string      // why they could not be read, a sentence
}

// AppMemberRow is a member who let an app in.
type AppMemberRow struct {
	ID     string
	Name   string // "" where it is not known
	Email  string // likewise
	Href   string // the member's page; "" for an id that no page can have
	You    bool   // it is the signed-in person
	Scopes []ScopeLine
}

// Known is what the member is called: their name, else their address, else their id.
func (r *AppMemberRow) Known() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Email != "":
		return r.Email
	}
	return r.ID
}

// OrganizationAppRevokePage asks before an app is revoked for members.
type OrganizationAppRevokePage struct {
	Frame      Frame
	Crumbs     []Crumb
	Title      string
	App        string
	Rows       []AppMemberRow
	Names      AppNames
	Gone       int // how many of those asked about have not let it in any more
	Says       []string
	Action     string
	Cancel     string
	Problems   []Problem
	Permission *Permission
}

// button is the words of the button that does it.
func (m *OrganizationAppRevokePage) button() string { return "Revoke for " + strconv.Itoa(len(m.Rows)) }

// gone says of how many there is nothing to revoke.
func (m *OrganizationAppRevokePage) gone() ui.Words {
	if m.Gone == 1 {
		return ui.Words{"1 of those you chose has not let it in, or not any more."}
	}
	return ui.Words{strconv.Itoa(m.Gone) + " of those you chose have not let it in, or not any more."}
}
