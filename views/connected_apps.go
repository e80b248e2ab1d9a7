package views

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"console.internal/views/ui"
)

// ConnectedAppsPartID is the id of the part of the page that a partial request of the list of clients gets.
const ConnectedAppsPartID = "connected-apps"

// ConnectedAppsPage lists the OAuth clients of the project, for staff.
type ConnectedAppsPage struct {
	Frame   Frame
	New     string      // address of the form of a new one
	NewNeed *Permission // what is missing to make one; nil when it may be tried
	List    ConnectedAppsList
}

// ConnectedAppsList is the part of the list that changes with its filters and pages.
type ConnectedAppsList struct {
	Action   string // address of the filter form, without a query
	Filters  ConnectedAppsFilters
	Problems []Problem
	Chips    []Chip
	Clear    string // address without any filter
	Rows     []ConnectedAppRow
	Pager    Pager
	Budget   Budget
	Section  Section
	Looked   string // how far it looked, in a sentence; "" where it did not
	More     string // where it looks at those behind; "" when there are none
	Begin    string // where it looks from the beginning; "" when it did
}

// ConnectedAppsFilters are the values of the filter form, named as its parameters.
type ConnectedAppsFilters struct {
	Text     string   // text: in the name, the id or a redirect host
	Type     []Option // type
	Made     []Option // made: who registered it
	Status   []Option // status
	Sort     []Option // sort
	Rotating string   // rotating: "yes", "no" or ""
	Full     string   // full: full access, likewise
}

// more says whether a filter that is folded away is in use.
func (f *ConnectedAppsFilters) more() bool {
	chosen := func(o Option) bool { return o.Selected }
	return f.Full != "" || f.Rotating != "" || slices.ContainsFunc(f.Status, chosen)
}

// ConnectedAppRow is one client.
type ConnectedAppRow struct {
	ID, Href string
	Name     string // "" for none
	Type     string
	Made     string // who registered it
	Host     string // the first host that it may send people to; "" for none
	Hosts    int    // how many others there are
	Full     Status // full access
	Status   Status // warns of a secret that is half changed
}

// Redirect is an address that a client may send people to, cut so that its host can be seen.
type Redirect struct {
	Before, Host, After string
	Goes                Status // where it leads, in words
}

// ConnectedAppPage is one client.
type ConnectedAppPage struct {
	Frame       Frame
	ID          string
	Name        string // "" for none
	Status      Status
	Tags        []string // what kind it is, a word each
	Description string
	May         []string // what it may do, a sentence each
	Warnings    []string // what is unusual about it, a sentence each
	Redirects   []Redirect
	PostLogout  []Redirect
	Tokens      []Fact
	Template    string // JSON; "" for none
	Rights      []Fact
	Details     []Fact
	Rotation    *Rotation // nil for a client that has no secret
	NoSecret    string    // why it has none
	Installed   Installed
	// Where each group is changed; all "" where this person may change nothing, and Need says what is missing.
	EditAbout, EditRedirects, EditPostLogout, EditTokens, EditRights string

	Need       *Permission
	Delete     string
	DeleteNeed *Permission
}

// Installed is where a client is in use, as far as can be seen.
type Installed struct {
	Rows []InstalledRow
}

// InstalledRow is one organization that somebody holds the key of.
type InstalledRow struct {
	Organization string
	Href         string
	Status       Status // installed, not installed, or not read
	Note         string // why it was not read; "" else
	RequestID    string // the upstream's, where it was not read
	Members      int    // how many let it in
	Scopes       []InstalledScope
	People       []InstalledMember // the first of them
}

// granted are the scopes of a row as the parts of a sentence.
func (r *InstalledRow) granted() []string {
	if len(r.Scopes) == 0 {
		return []string{"No scope"}
	}
	var parts []string
	before := ""
	for _, s := range r.Scopes {
		parts = append(parts, before, s.Scope)
		before = " " + strconv.Itoa(s.Members) + ", "
	}
	return append(parts, strings.TrimSuffix(before, ", "))
}

// InstalledScope is a scope and how many members granted it.
type InstalledScope struct {
	Scope   string
	Members int
}

// InstalledMember is a member who let it in.
type InstalledMember struct {
	ID, Href, Scopes string
}

// unseen is what cannot be known from here.
const unseen = "These are the organizations that you have entered. Stytch does not tell of others, so it may be in use in organizations that cannot be seen from here."

// ConnectedAppNewPage makes a client.
type ConnectedAppNewPage struct {
	Frame    Frame
	Crumbs   []Crumb
	Action   string
	Back     string
	Types    []ConnectedAppType
	Fields   []SettingsField
	Problems []Problem
	Trouble  *SettingsTrouble
	Need     *Permission // what is missing to make one; the button is then disabled
}

// ConnectedAppType is a type of clients, explained.
type ConnectedAppType struct {
	Value, Text string
	Says        string // what it is for
	May         string // what it may do
	Selected    bool
}

// ConnectedAppDeletePage asks before a client is deleted, after it has shown where it is in use.
type ConnectedAppDeletePage struct {
	ConfirmPage

	Installed Installed
}

// form is the page as the parts of other forms take it.
func (m *ConnectedAppNewPage) form() SettingsFormPage {
	f := SettingsFormPage{Problems: m.Problems, Trouble: m.Trouble, Fields: []SettingsField{{Name: "client_type", Label: "Type"}}}
	f.Fields = append(f.Fields, m.Fields...)
	return f
}

// Render implements templ.Component: the address as code, in one piece, its host in bold.
func (r Redirect) Render(ctx context.Context, w io.Writer) error {
	for _, part := range []struct {
		open, text, end string
	}{{"<code>", r.Before, ""}, {"<b>", r.Host, "</b>"}, {"", r.After, "</code>"}} {
		if _, err := io.WriteString(w, part.open); err != nil {
			return err
		}
		if err := ui.Bare(part.text).Render(ctx, w); err != nil {
			return err
		}
		if _, err := io.WriteString(w, part.end); err != nil {
			return err
		}
	}
	return nil
}
