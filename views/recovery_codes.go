package views

import "strings"

// RecoveryCodesPage shows recovery codes, once.
type RecoveryCodesPage struct {
	Frame        Frame
	Organization string   // name of the organization that they are for
	Codes        []string // the codes as the upstream gave them
	Download     string   // address of the form that answers with a file; it takes "codes"
	Next         string   // address of what follows
	NextText     string   // its words, as "Go on to Acme Industrial"
}

// text is the codes as a file and the clipboard have them: one a line.
func (m *RecoveryCodesPage) text() string { return strings.Join(m.Codes, "\n") }
