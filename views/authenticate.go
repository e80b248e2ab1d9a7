package views

// AuthenticateState says what came of a link.
type AuthenticateState string

// The states of the page that a link opens.
const (
	AuthenticateReady        AuthenticateState = "ready"   // one button carries on
	AuthenticateWrongBrowser AuthenticateState = "browser" // asked for in another browser
	AuthenticateUnknown      AuthenticateState = "unknown" // not complete, or no token
	AuthenticateUsed         AuthenticateState = "used"    // used before, or too old
	AuthenticateOther        AuthenticateState = "other"   // for another organization or person than it said; nothing was kept
	AuthenticateLater        AuthenticateState = "later"   // a kind that this console does not take; Type names it
)

// AuthenticateKind is what a link is for.
type AuthenticateKind string

// What a link may be for.
const (
	LinkKind          AuthenticateKind = "link"          // to sign in
	InvitationKind    AuthenticateKind = "invitation"    // to one organization: to sign in there, which accepts an invitation
	OAuthKind         AuthenticateKind = "oauth"         // back from an OAuth provider
	ImpersonationKind AuthenticateKind = "impersonation" // to act as a member
)

// AuthenticatePage is what a link opens. Opening it changes nothing; its button does.
type AuthenticatePage struct {
	Frame    Frame
	State    AuthenticateState
	Kind     AuthenticateKind // an unknown kind is drawn as a link to sign in
	Action   string           // address of the form
	Type     string           // kind of the token, sent as "stytch_token_type"
	Token    string           // sent as "token"
	Slug     string           // organization as the link says it, sent as "slug"; "" leaves it out
	Email    string           // address as the link says it, sent as "email"; "" leaves it out
	Provider string           // name of the OAuth provider, as "Google"; "" when not known
	Go       bool             // the script may send the form at once: this browser asked for it
	Login    string           // address of the sign-in page, for all other states
	Code     bool             // wrong browser: the sign-in page sends codes, and the page says so
}

func (m *AuthenticatePage) button() string {
	switch m.Kind {
	case InvitationKind:
		return "Sign in"
	case ImpersonationKind:
		return "Start"
	case LinkKind, OAuthKind:
	}
	return "Continue"
}
