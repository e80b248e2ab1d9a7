package views

// PasswordPage asks for a new password. What was typed is never sent back.
type PasswordPage struct {
	Frame        Frame
	Email        string    // "" when not known
	Organization string    // name of the organization that the password is for; "" when it is for the person everywhere
	Action       string    // address of the form; it takes "password", "act" ("save" or "check") and "current" where asked for
	Hidden       []Hidden  // further fields of the form
	Current      bool      // asks for the current password too
	Strength     *Strength // what the upstream said of what was typed; nil before it was asked
	Problems     []Problem // fields "current", "password", or "" for the form
	Cancel       string    // address of the page one came from; "" leaves it out
}

// Strength is what the upstream says of a password.
type Strength struct {
	Score    int      // 0 to 4, of zxcvbn
	OK       bool     // it would be taken
	Breached bool     // it is in a list of leaked passwords
	Words    string   // the verdict in a sentence
	Advice   []string // what would make it better, a sentence each
}

// whose says whose password it is, its even parts what others wrote.
func (m *PasswordPage) whose() []string {
	const kept = "It goes to Stytch. This console does not keep it."
	switch {
	case m.Email != "" && m.Organization != "":
		return []string{"For ", m.Email, " in ", m.Organization, ". " + kept}
	case m.Email != "":
		return []string{"For ", m.Email, ". " + kept}
	case m.Organization != "":
		return []string{"For your account in ", m.Organization, ". " + kept}
	}
	return []string{kept}
}

func (s *Strength) kind() StatusKind {
	switch {
	case s.Breached:
		return StatusBad
	case s.OK:
		return StatusOK
	}
	return StatusWarn
}

func (s *Strength) mark() string {
	switch {
	case s.Breached:
		return "Known from a leak"
	case s.OK:
		return "Good"
	}
	return "Too weak"
}
