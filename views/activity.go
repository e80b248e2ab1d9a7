package views

// ActivityPage is the record of what was done in one organization, or by and to one of its members.
type ActivityPage struct {
	Frame            Frame
	Organization     string // name of the tenant
	OrganizationHref string
	Member           *ActivityMember // whose activity it is; nil for the whole organization's
	Record           Record
}

// ActivityMember is the member whose activity is shown.
type ActivityMember struct {
	Name string // name, e-mail address or, where neither is known, the id
	ID   string // member id
	Href string // their page
}
