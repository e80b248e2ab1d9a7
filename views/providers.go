package views

// ProvidersPage is how the accounts stand that a member has at OAuth and identity providers. It never has a token.
type ProvidersPage struct {
	Frame     Frame
	Crumbs    []Crumb
	Name      string // of the member
	Facts     []Fact // who it is
	Providers []ProviderPart
}

// none are the providers where the member has no account.
func (m *ProvidersPage) none() []string {
	var names []string
	for _, p := range m.Providers {
		if p.Section.State == SectionEmpty {
			names = append(names, p.Name)
		}
	}
	return names
}

// ProviderPart is one provider and the accounts there.
type ProviderPart struct {
	ID      string // of its heading
	Name    string // "Google"
	Section Section
	Rows    []ProviderRow
}

// ProviderRow is one account at a provider.
type ProviderRow struct {
	Subject string // id of the account there
	In      string // connection or workspaces there; "" leaves it out
	Scopes  []string
	Access  Status // whether an access token is held
	Ends    string // how long it is good, as "in 40 min"; "" when not known
}
