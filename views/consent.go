package views

import "console.internal/views/ui"

// BareFrame is what the pages around consent have besides their content. They load one small style sheet, no script, and nothing of
// anybody else's.
type BareFrame struct {
	Title    string // name of the page, without hidden characters
	Language *Language
	Env      Env
	Exposed  bool   // the sandbox can be reached from the network
	Theme    string // "" follows the system, "light", "dark"
	CSS      string // address of the style sheet
	Icon     string // address of the icon
	Refresh  string // address of another origin that the browser goes to at once; "" keeps it here
}

func (f *BareFrame) env() string {
	switch f.Env {
	case EnvTest:
		return "TEST"
	case EnvSandbox:
		return "SANDBOX"
	case EnvLive:
	}
	return ""
}

// title is the name of the window, with the environment before it where that is not the real one.
func (f *BareFrame) title() string {
	if env := f.env(); env != "" {
		return env + ": " + ui.Plain(f.Title)
	}
	return ui.Plain(f.Title)
}

// Host is a host with what counts in it set apart.
type Host struct {
	// Before, Domain and After are its parts in their order; Domain is what somebody must own.
	Before, Domain, After string
}

// Registrar says how a client came into the project.
type Registrar int

// The ways in which clients are registered.
const (
	RegisteredUnknown    Registrar = iota // nobody says
	RegisteredByOperator                  // the operator did it
	RegisteredByItself                    // it did itself, and says what it likes
	RegisteredByAddress                   // it is an address where it says what it likes
)

// Consent is what a client asks of a member.
type Consent struct {
	Language     *Language
	Person       string // who is asked, by e-mail address
	Organization string
	Switch       string // address where somebody else, or another organization, is chosen; "" leaves it out

	Name         string // as the client has it; "" where it has none
	ID           string
	Monogram     string // one letter in place of a picture that others would serve
	FirstParty   bool
	Registrar    Registrar
	MetadataHost string // for RegisteredByAddress

	Imitates bool   // the name may imitate another
	Alphabet bool   // the host may imitate another
	Loopback bool   // the answer goes to a program on this computer
	Private  string // the scheme by which an app on the device is found; "" for an address of the web
	// Everything says that full access is asked for and can be given.
	Everything bool

	Resources []string // hosts that the access is for
	New       []ScopeLine
	Had       []ScopeLine
	Left      []ScopeLine // what cannot be given
	Before    bool        // something was given before
	Unread    bool        // what was given before could not be read

	Host    Host
	Address string // where the answer goes, whole
	Apps    string // address of one's own apps; "" names it without a link
}

// ConsentPage asks a member whether a client may have what it asks for.
type ConsentPage struct {
	Frame   BareFrame
	Consent Consent
	// Action is where the decision goes, and Ticket what it carries.
	Action, Ticket string
}

// Decision is the name of the buttons, and their values.
const (
	Decision      = "decision"
	DecisionAllow = "allow"
	DecisionDeny  = "deny"
)

func (m *Consent) name() string {
	if m.Name == "" {
		return m.Language.NoName
	}
	return m.Name
}

func (m *Consent) wants() ui.Words {
	if m.Before {
		return say(m.Language.WantsAgain, m.name())
	}
	return say(m.Language.Wants, m.name())
}

func (m *Consent) registered() ui.Words {
	switch m.Registrar {
	case RegisteredByOperator:
		return say(m.Language.ByOperator)
	case RegisteredByItself:
		return say(m.Language.ByItself)
	case RegisteredByAddress:
		if m.MetadataHost == "" {
			return say(m.Language.ByItself)
		}
		return say(m.Language.ByAddress, m.MetadataHost)
	case RegisteredUnknown:
	}
	return say(m.Language.ByNobodyKnows)
}

// made says who made the client.
func (m *Consent) made() string {
	if m.FirstParty {
		return m.Language.FirstParty
	}
	return m.Language.ThirdParty
}

// can is the heading over what the client gets.
func (m *Consent) can() ui.Words {
	if len(m.Resources) == 0 {
		return say(m.Language.Can)
	}
	hosts := ui.Listed("", m.Resources, ", ", "")
	around := say(m.Language.CanAt, "")
	words := ui.Words{around[0] + hosts[0]}
	words = append(words, hosts[1:len(hosts)-1]...)
	return append(words, hosts[len(hosts)-1]+around[2])
}

// unchecked says whether nobody but the client itself says what it is.
func (m *Consent) unchecked() bool {
	return m.Registrar == RegisteredByItself || m.Registrar == RegisteredByAddress
}

// ConsentTitle is the name of the page that asks.
func ConsentTitle(l *Language, name string) string {
	if name == "" {
		name = l.NoName
	}
	return inTitle(l.Title, name)
}

// ShutTitle is the name of the page where an organization does not let an app in.
func ShutTitle(l *Language, organization, name string) string {
	if name == "" {
		name = l.NoName
	}
	return inTitle(l.Shut, organization, name)
}

// ConsentShutPage tells a member that their organization does not let the app in.
type ConsentShutPage struct {
	Frame              BareFrame
	Name, Organization string
	Person, Switch     string
	// Action is where the question to the admin goes, and Ticket what it carries; Action "" offers none.
	Action, Ticket string
	Asked          bool
	// Back is where somebody says no and is led back to the client, and BackTicket what that carries; "" leaves it out.
	Back, BackTicket string
}

func (m *ConsentShutPage) name() string {
	if m.Name == "" {
		return m.Frame.Language.NoName
	}
	return m.Name
}

// ConsentWhoPage lets somebody answer as another member, or as somebody else.
type ConsentWhoPage struct {
	Frame BareFrame
	// Held can answer at once, and Others after entering; the current one is among the held.
	Held, Others []ConsentWho
	// Account is where another account is chosen, and Ticket what that carries.
	Account, Ticket string
	Back            string
	// Unread says that the memberships could not be read, so that Others is not known.
	Unread string
}

// ConsentWho is an organization that somebody may answer as a member of.
type ConsentWho struct {
	ID, Name string
	// Href leads on for one that is held; Action and Ticket enter one that is not, and Return comes back.
	Href, Action, Ticket, Return string
	Current                      bool
}
