package views

// AccountAppsPage lists the Connected Apps that one let in.
type AccountAppsPage struct {
	Frame Frame
	In    AccountIn
	Apps  []AccountApp
	Need  *Permission // what is missing to revoke them; nil when they may be revoked
	All   string      // where all are revoked; "" leaves it out
}

// revokes says whether the page leads to revoking.
func (m *AccountAppsPage) revokes() bool { return m.Frame.Acting == nil && m.Need == nil }

// AccountApp is one app that one let in.
type AccountApp struct {
	Name        string
	ID          string
	Owner       string
	Description string // "" leaves it out
	Scopes      []ScopeLine
	Revoke      string // where it is revoked
}

// label is what its link does, for who hears it alone.
func (a *AccountApp) label() string { return "Revoke " + a.Name }

// AccountAppsRevokePage asks before apps of one's own are revoked.
type AccountAppsRevokePage struct {
	Frame      Frame
	In         AccountIn
	Title      string
	Apps       []AccountApp
	Says       []string
	Button     string
	Permission *Permission
}
