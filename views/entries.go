package views

// Visit says that the person is inside a tenant as support, by a membership that was made for it.
type Visit struct {
	In     string // name of the organization
	Until  string // when it ends, as "14:30 UTC"
	Reason string // what they gave for it
	Leave  string // address of the form that ends it
}

// EntriesPage lists who of the support staff is inside which tenant.
type EntriesPage struct {
	Frame Frame
	Hours int // how long an entry lasts
	Rows  []EntryRow
}

// EntryRow is one stay in a tenant.
type EntryRow struct {
	Email        string // who
	Organization string // name of the tenant
	Href         string // its overview
	Reason       string
	Since, Until string // "22 Nov 2026, 14:30 UTC"
	Status       Status
	End          string // address of the form that ends it
	Own          bool   // it is the reader's
}
