package views

// AuthenticateState says what came of a sign-in link.
type AuthenticateState string

// The states of the page that a sign-in link opens.
const (
	AuthenticateReady        AuthenticateState = "ready"   // one button carries on
	AuthenticateWrongBrowser AuthenticateState = "browser" // asked for in another browser
	AuthenticateUnknown      AuthenticateState = "unknown" // not a kind of link that is known, or no token
	AuthenticateUsed         AuthenticateState = "used"    // used before, or too old
)

// AuthenticatePage is what a sign-in link opens. Opening it changes nothing; its button does.
type AuthenticatePage struct {
	Frame  Frame
	State  AuthenticateState
	Action string // address of the form
	Type   string // kind of the token, sent as "stytch_token_type"
	Token  string // sent as "token"
	Login  string // address of the sign-in page, for all other states
	Code   bool   // wrong browser: the sign-in page sends codes, and the page says so
}
