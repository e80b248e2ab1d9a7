package views

// The two ways to another e-mail address.
const (
	WayConfirm = "confirm"
	WayNow     = "now"
)

// MemberEmailPage changes the e-mail address of another member.
type MemberEmailPage struct {
	Form     SettingsFormPage // its one field is the address
	Email    string           // the address now
	Way      string           // WayConfirm, WayNow, or "" before one is chosen
	Closed   string           // why the member cannot confirm a new address, in a sentence; "" where they can
	Password bool             // the member has a password, which a change at once takes away
	Unlink   bool             // the old address is to be given up
	Need     *Permission      // what is missing; nil when it may be tried
}
