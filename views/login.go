package views

import (
	"strconv"

	"console.internal/views/ui"
)

// Way is one way to go on: a link when Href is set, else a button that sends Method.
type Way struct {
	Text   string
	Href   string
	Method string
}

func (w Way) sends() bool { return w.Href == "" }

// LoginPage asks for an e-mail address, and for a password when that is the way chosen.
type LoginPage struct {
	Frame        Frame
	Organization string    // slug of the organization signed in to; "" for discovery
	Action       string    // address of the form; it takes "email", "method", and "password" and "organization" where asked for
	Email        string    // what was typed
	Password     bool      // asks for a password (method "password"), or sends a link to set one (method "reset")
	Slug         string    // slug that was typed, with AskSlug
	AskSlug      bool      // the form has a second, optional field "organization"
	Providers    []Way     // OAuth providers, all links
	Other        Way       // the same page the other way (with or without a password); the zero value leaves it out
	Problems     []Problem // fields "email", "password", "organization", or "" for the form
	Discovery    string    // with an organization: address of the general sign-in page
	Hints        []string  // with the sandbox: addresses one may try
	// App is the name of the app for whose sake one signs in, and AppHost where it answers; AppHost "" says nothing of one.
	App, AppHost string
}

// onward says where one goes on to.
func (m *LoginPage) onward() ui.Words {
	if m.App == "" {
		return ui.Words{"Then you are asked about an app at ", m.AppHost, "."}
	}
	return ui.Words{"Then you are asked about ", m.App, ", an app at ", m.AppHost, "."}
}

// SentKind is what a mail that was sent holds.
type SentKind string

// What a mail may hold.
const (
	SentLink  SentKind = "link"  // a link that signs in
	SentCode  SentKind = "code"  // a code that signs in
	SentReset SentKind = "reset" // a link that sets a new password
)

// LoginSentPage says what was sent to which address.
type LoginSentPage struct {
	Frame    Frame
	Email    string   // where it was sent to
	Kind     SentKind // an unknown kind is drawn as a link
	Lasts    string   // how long it works, as "10 minutes"; "" leaves it out
	Action   string   // address of the code form
	Problems []Problem
	Hidden   []Hidden // fields of the code form besides "code"
	Again    string   // address of the form that sends again; "" leaves it out
	AgainAll []Hidden // its fields (e-mail address, method)
	Change   string   // address of the page that asks for another address
}

// LoginOrganizationsPage lists the organizations that one may enter.
type LoginOrganizationsPage struct {
	Frame    Frame
	Email    string
	Action   string    // address of the forms; each sends "organization_id"
	Hidden   []Hidden  // further fields of each form
	Yours    []Choice  // member or invited
	Join     []Choice  // may join
	Lasts    string    // how long the list works, as "9 more minutes"; "" leaves it out
	Another  string    // address that starts again with another e-mail address
	Problems []Problem // field ""
}

// Choice is one organization that may be entered.
type Choice struct {
	ID     string // organization id, sent as "organization_id"
	Name   string
	Detail string // what one is there, as "Member" or "Because your address is at support.example"
	Action string // word of the button: "Enter", "Accept", "Join"
	Needs  Status // what entering asks for besides, as "Code needed"; drawn instead of Action when not empty
}

// LoginMorePage asks for another first factor, since the organization does not take the one used.
type LoginMorePage struct {
	Frame          Frame
	Organization   string    // name of the organization; "" when not known
	OrganizationID string    // sent as "organization_id"
	Email          string    // address that the other factor must belong to
	Action         string    // address of the form that the ways with a method send
	Lasts          string    // how long this step can be taken, as "9 more minutes"; "" leaves it out
	Ways           []Way     // buttons (methods "link", "code") and links
	Unable         []string  // ways that the organization takes and this console does not have, as "Single sign-on"
	Back           string    // address of the organizations one may enter; "" leaves it out
	Another        string    // address of the sign-in page
	Problems       []Problem // field ""
}

func (m *LoginPage) lead() string {
	if m.Password {
		return "The password goes to Stytch. This console does not keep it."
	}
	return "We send a link or a code to your e-mail address."
}

func (m *LoginPage) slugOpen() bool { return m.Slug != "" || wrong(m.Problems, "organization") }

func wrong(problems []Problem, field string) bool {
	for _, p := range problems {
		if p.Field == field {
			return true
		}
	}
	return false
}

// sent says the same whether the address is known or not: a stranger must not learn who has an account.
func (m *LoginSentPage) sent() string {
	what, where := " can sign in here, a link is on its way. It works", ", and only in this browser."
	switch m.Kind {
	case SentCode:
		what, where = " can sign in here, a code is on its way. It works", "."
	case SentReset:
		what = " can sign in here, a link to set a new password is on its way. It works"
	case SentLink:
	}
	if m.Lasts != "" {
		what += " for " + m.Lasts + ","
	}
	return what + " once" + where
}

func (m *LoginOrganizationsPage) count() string {
	n := len(m.Yours) + len(m.Join)
	if n == 1 {
		return " may enter one organization. "
	}
	return " may enter " + strconv.Itoa(n) + " organizations. "
}

// wayClass is how a way to go on looks; the main one of a page is filled.
func wayClass(main bool) string {
	if main {
		return "btn pri w-full"
	}
	return "btn w-full"
}
