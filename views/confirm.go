package views

// Fields of a confirmation besides its hidden ones.
const (
	ConfirmReason = "reason"
	ConfirmType   = "typed"
)

// ConfirmPage asks before something is done that does harm when it is done by mistake.
type ConfirmPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Title      string      // the question
	Says       []string    // what exactly will happen, in sentences
	Warnings   []string    // what one may not have thought of, in sentences
	Facts      []Fact      // what it is done to; nil leaves the list out
	Scopes     []ScopeLine // what the member agreed to with an app; nil leaves the list out
	Hidden     []Hidden    // fields of the form
	TypeName   string      // must be typed to go on; "" asks for nothing
	Typed      string      // what was typed for it
	Reason     bool        // asks for a reason, which is kept in the record
	ReasonText string      // the reason as typed
	Button     string      // words of the button that does it
	Calm       bool        // it does no harm: the button is not red
	Action     string      // address of the form
	Cancel     string      // where one goes who does not want it
	Problems   []Problem
	Permission *Permission // what is missing to do it; the button is then disabled
}

// buttonClass is how the button looks that does it.
func (m *ConfirmPage) buttonClass() string {
	if m.Calm {
		return "btn pri"
	}
	return "btn kill"
}
