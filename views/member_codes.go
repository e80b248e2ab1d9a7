package views

import "strings"

// MemberCodesPage shows somebody else's recovery codes, once.
type MemberCodesPage struct {
	Frame        Frame
	Crumbs       []Crumb
	Name         string   // of the member
	Organization string   // name of the organization that they are for
	Codes        []string // the codes as the upstream gave them
	Download     string   // address of the form that answers with a file; it takes "codes"
	Back         string
}

// text is the codes as a file and the clipboard have them: one a line.
func (m *MemberCodesPage) text() string { return strings.Join(m.Codes, "\n") }
