package views

// The two ways to a new member.
const (
	WayInvite = "invite"
	WayCreate = "create"
)

// MemberNewPage makes a member, with or without a mail.
type MemberNewPage struct {
	Form    SettingsFormPage // title, address and so on; its Fields are those of both ways
	Way     string           // WayInvite, WayCreate, or "" before one is chosen
	Invites string           // why nobody can be invited, in a sentence; "" where somebody can
	Domains []string         // the only domains that can be invited; empty for any
	Mailed  []SettingsField  // fields that only a mail has
	Quiet   []SettingsField  // fields that only a member has who gets no mail
	Need    *Permission      // what is missing to make a member at all; nil when it may be tried
}

// all are the form with the fields of every part, for the list of what is wrong with them.
func (m *MemberNewPage) all() SettingsFormPage {
	form := m.Form
	form.Fields = append(append(append([]SettingsField{}, m.Form.Fields...), m.Mailed...), m.Quiet...)
	return form
}
