package views

// OverviewPage is one tenant at a glance.
type OverviewPage struct {
	Frame      Frame
	ID         string
	Name       string
	Slug       string
	ExternalID string // "" when not set
	Created    string // "12 Feb 2024"
	Changed    string // "19 Nov 2026, 16:41 UTC"

	EmailDomains   []string // allowed e-mail domains
	ClaimedDomains []string
	Facts          []Fact // further facts of the identity rail; may be empty

	Attention        []Attention // worst first
	AttentionSection Section     // empty: nothing needs attention

	Strip []Glance // four to six

	SignIn        []Fact // methods, second factor, new members, invitations, ...
	SignInSection Section

	Connections        []ConnectionRow
	ConnectionsSection Section

	SCIM        []Fact
	SCIMSection Section

	AppsPolicy  []Fact // first party, third party
	Apps        []AppRow
	AppsSection Section

	Members string // address of the members
	Leave   string // address of the form that gives the key back; "" leaves it out
}

// Attention is one thing that needs somebody.
type Attention struct {
	Kind   StatusKind // StatusBad, StatusWarn or StatusPart
	Text   string     // what is so
	Follow string     // what follows from it
	Href   string     // where to see to it; "" leaves the button out
	Button string     // its words
}

// Glance is one fact of the strip under the heading.
type Glance struct {
	Label  string
	Status Status
	Href   string // "" when it leads nowhere
	Note   string // said to it, dimmed, as "needs stytch.member : search"; "" leaves it out
}

// ConnectionRow is one SSO connection.
type ConnectionRow struct {
	ID          string
	Name        string
	Provider    string // "SAML, Okta"
	Status      Status // "Active, default"
	Certificate Status // date of the end; empty for none
}

// AppRow is one Connected App of a tenant.
type AppRow struct {
	ID     string // client id
	Name   string
	Href   string // the members who let it in; "" leaves the link out
	Kind   string // "First party, public"
	Status Status // "Allowed", "Not allowed"
}

// urgency is the word beside the mark of a thing that needs attention.
func urgency(kind StatusKind) string {
	switch kind {
	case StatusBad:
		return "Urgent"
	case StatusPart:
		return "Half done"
	case StatusPlain, StatusDim, StatusOK, StatusWait, StatusWarn, StatusOff:
	}
	return "Look at"
}
