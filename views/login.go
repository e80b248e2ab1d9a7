package views

import "strconv"

// LoginPage asks for an e-mail address.
type LoginPage struct {
	Frame        Frame
	Organization string    // name or slug of the organization signed in to; "" for discovery
	Action       string    // address of the form
	Email        string    // what was typed
	Return       string    // address wanted first; travels as the hidden field "return"; "" leaves it out
	NoLink       bool      // no link can be sent: its button is left out
	NoCode       bool      // no code can be sent: its button is left out
	Problems     []Problem // field "email", or "" for the form
	Discovery    string    // with an organization: address of the general sign-in page
	Hints        []string  // with the sandbox: addresses one may try
}

// LoginSentPage says what was sent to which address.
type LoginSentPage struct {
	Frame    Frame
	Email    string    // where it was sent to
	Code     bool      // a code was sent, else a link
	Digits   string    // number of digits in words, as "six"
	Lasts    string    // how long it works, as "10 minutes"
	Action   string    // address of the code form
	Problems []Problem // field "code", or "" for the form
	Hidden   []Hidden  // fields of the code form besides "code"
	Again    string    // address of the form that sends again; "" leaves it out
	AgainAll []Hidden  // its fields (e-mail address, method)
	Change   string    // address of the page that asks for another address
}

// LoginOrganizationsPage lists the organizations that one may enter.
type LoginOrganizationsPage struct {
	Frame    Frame
	Email    string
	Action   string    // address of the forms; each sends "organization_id"
	Hidden   []Hidden  // further fields of each form
	Yours    []Choice  // member or invited
	Join     []Choice  // may join
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

// MoreKind is what a sign-in still lacks.
type MoreKind string

// What a sign-in may still lack.
const (
	MoreMFA     MoreKind = "mfa"     // a second factor
	MorePrimary MoreKind = "primary" // another first factor
)

// LoginMorePage says that a sign-in is not finished.
type LoginMorePage struct {
	Frame        Frame
	Kind         MoreKind
	Organization string   // name of the organization; "" when not known
	Methods      []string // what would finish it, as "Authenticator app"
	Back         string   // address of the organizations one may enter; "" leaves it out
	Another      string   // address of the sign-in page
}

func (m *LoginPage) lead() string {
	switch {
	case m.NoCode:
		return "We send a link to your e-mail address. No password is kept here."
	case m.NoLink:
		return "We send a code to your e-mail address. No password is kept here."
	}
	return "We send a link or a code to your e-mail address. No password is kept here."
}

func (m *LoginPage) wrong() bool { return wrong(m.Problems, "email") }

func (m *LoginSentPage) wrong() bool { return wrong(m.Problems, "code") }

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
	what := " can sign in here, a link is on its way."
	if m.Code {
		what = " can sign in here, a code is on its way."
	}
	if m.Lasts == "" {
		what += " It works once"
	} else {
		what += " It works for " + m.Lasts + ", once"
	}
	if m.Code {
		return what + "."
	}
	return what + ", and only in this browser."
}

func (m *LoginSentPage) codeLabel() string {
	switch m.Digits {
	case "":
		return "Code"
	case "six":
		return "Six-digit code"
	}
	return "Code of " + m.Digits + " digits"
}

func (m *LoginOrganizationsPage) count() string {
	n := len(m.Yours) + len(m.Join)
	if n == 1 {
		return " may enter one organization. "
	}
	return " may enter " + strconv.Itoa(n) + " organizations. "
}

func (m *LoginMorePage) heading() string {
	if m.Kind == MoreMFA {
		return "A second factor is needed"
	}
	return "Another way to sign in is needed"
}

func (m *LoginMorePage) asks() string {
	if m.Kind == MoreMFA {
		return "asks for a second factor after the e-mail."
	}
	return "does not let people in by e-mail alone."
}

func (m *LoginMorePage) waysTitle() string {
	if m.Kind == MoreMFA {
		return "Second factors it takes"
	}
	return "Ways in that it takes"
}
