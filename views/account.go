package views

import (
	"strings"

	"console.internal/internal/paths"
)

// AccountIn says whose account a page is about: every organization knows a person as another member.
type AccountIn struct {
	Organization string // name of the organization
	ID           string // its id, sent on as "organization"; "" is the organization signed in to
}

// at is an address of this account.
func (a AccountIn) at(path string) string { return paths.Own(path, a.ID) }

// crumbs is the way to a page of this account.
func (a AccountIn) crumbs() []Crumb {
	return []Crumb{{Text: "Your account", Href: a.at(paths.Account)}}
}

// AccountPage is one's own account. While somebody acts as the person, it offers nothing to do.
type AccountPage struct {
	Frame     Frame
	In        AccountIn
	Name      string
	Unnamable *Permission // what is missing to change the name; nil when it may be changed
	Email     string
	MemberID  string
	Parts     []AccountPart // the first one begins with the name
	Others    []AccountLink // accounts in the other organizations that are entered
	Languages []Option      // of what is sent to the person, by code
	Problems  []Problem     // field "name"
}

// AccountLink leads to the account in another organization.
type AccountLink struct {
	Organization string
	Href         string
}

// AccountPart is one part of the account.
type AccountPart struct {
	ID    string // of its heading
	Title string
	Rows  []AccountRow
}

// AccountRow says what is so, and offers what may be done about it.
type AccountRow struct {
	Label  string
	Value  string      // "" without a status draws "None"
	Status Status      // drawn instead of Value when its Text is not empty
	Note   string      // what follows from it, in sentences; "" leaves it out
	Need   *Permission // what is missing to change it; nil when nothing is
	Acts   []AccountAct
}

// AccountAct is one thing to do: a link, or a form of one button.
type AccountAct struct {
	Text   string // "Remove"
	About  string // what Text is done to, for who hears the button without its row: "the authenticator app"; may be ""
	Href   string // address of the page that goes on; "" for a form
	Action string // address of the form
	Field  string // name of its one field
	Value  string
}

func (a AccountAct) label() string { return strings.TrimSpace(a.Text + " " + a.About) }

// AccountEmailPage changes the e-mail address: it asks for the new one, then for the code that was sent there.
type AccountEmailPage struct {
	Frame    Frame
	In       AccountIn
	Email    string    // the address now
	New      string    // the one wanted, as typed
	Sent     bool      // a code was sent to it
	Leaves   []string  // names of the other organizations that the change takes the person out of, here
	Problems []Problem // fields "email", "code", or "" for the form
}

// AccountTOTPPage sets an authenticator app up.
type AccountTOTPPage struct {
	Frame    Frame
	In       AccountIn
	Closed   string     // why none can be set up here, a sentence; "" when one can
	Setup    *TOTPSetup // what to scan or type; nil before it has begun
	Enrol    bool       // offers to have a second factor asked for at each sign-in (field "enrol", value "yes")
	Discard  bool       // a set-up that was begun elsewhere is in the way, and can be thrown away
	Problems []Problem  // field "code", or "" for the form
}

// AccountPhonePage sets text messages up.
type AccountPhonePage struct {
	Frame    Frame
	In       AccountIn
	Closed   string    // why they cannot be set up here, a sentence; "" when they can
	Phone    string    // the number as typed, or as the account has it
	Fixed    bool      // the account has the number, not confirmed yet: another one needs it removed first
	Sent     bool      // a text was sent, and its code is asked for
	Enrol    bool      // as for an authenticator app
	Problems []Problem // fields "phone", "code", or "" for the form
}

// AccountRemovePage asks before a second factor is removed.
type AccountRemovePage struct {
	Frame   Frame
	In      AccountIn
	Heading string   // the question
	Follows []string // what happens, in sentences
	Warn    string   // what one may not have thought of, in sentences; "" for nothing
	Action  string   // address of the form
	Button  string
}

// AccountCodesPage leads to the recovery codes.
type AccountCodesPage struct {
	Frame    Frame
	In       AccountIn
	Problems []Problem // field ""
}

// AccountSessionsPage lists one's own live sessions.
type AccountSessionsPage struct {
	Frame     Frame
	In        AccountIn
	Sessions  []SessionRow
	Unendable *Permission // what is missing to end them; nil when they may be ended
	Entered   []string    // names of the organizations that signing out everywhere is about
}

// ends says whether the page ends sessions.
func (m *AccountSessionsPage) ends() bool { return m.Frame.Acting == nil && m.Unendable == nil }
