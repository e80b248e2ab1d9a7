package views

// StepUpPage asks somebody who is signed in to prove anew that it is them, before an act that needs it.
type StepUpPage struct {
	Frame    Frame
	What     string   // the act, as "show the recovery codes"
	Action   string   // address that the act's form was sent to
	Hidden   []Hidden // its fields, sent again with "proof_method" and "proof_code" or "proof_password"
	Method   string   // "totp", "recovery_code", "sms_otp", "code" (by e-mail) or "password"; "" where the person has none of them
	Ways     []Way    // other methods, sent as "proof_method"
	Sent     bool     // a code was sent; else the page offers to send one ("proof_send"), where the method needs it
	SentTo   string   // where it goes, as "the number that ends in 4567" or an e-mail address; "" when not known
	Problems []Problem
	SignIn   string // address that signs in anew, for who has none of these; "" leaves it out
	Cancel   string // address of the page one came from; "" leaves it out
}

// sends says whether the method needs a code that must be sent first.
func (m *StepUpPage) sends() bool { return m.Method == methodSMS || m.Method == methodCode }

// ask says what the method needs, its second part what others wrote.
func (m *StepUpPage) ask() []string {
	switch {
	case m.Method == "":
		return []string{"You have no factor here that could."}
	case m.sends():
		return onItsWay(m.Sent, m.SentTo)
	case m.Method == methodPassword:
		return []string{"Enter your password."}
	case m.Method == methodRecovery:
		return []string{"Enter one of your recovery codes. It is used up."}
	}
	return []string{"Enter the code that your authenticator app shows."}
}
