package views

import "console.internal/views/ui"

// Env tells the environments apart. The zero value is not valid; an unknown one is drawn as live, the loudest.
type Env string

// The environments.
const (
	EnvLive    Env = "live"
	EnvTest    Env = "test"
	EnvSandbox Env = "sandbox"
)

// Area names the item of the navigation that a page belongs to.
type Area string

// The areas with an item in the navigation. AreaNone marks no item.
const (
	AreaNone          Area = ""
	AreaOrganizations Area = "organizations"
	AreaOverview      Area = "overview"
	AreaMembers       Area = "members"
	AreaTenantApps    Area = "tenant-apps"
	AreaSettings      Area = "settings"
	AreaActivity      Area = "activity"
	AreaM2MClients    Area = "m2m-clients"
	AreaProject       Area = "project"
	AreaAudit         Area = "audit"
	AreaEntries       Area = "entries"
	AreaConnectedApps Area = "connected-apps"
)

// Assets are the addresses of the files that every page loads, with the hash of their content in the name.
type Assets struct {
	CSS  string // style sheet
	JS   string // the console's own script; it must run before HTMX
	HTMX string // htmx
	Icon string // favicon, SVG
	// Consent is the style sheet of the pages around consent, which load nothing else.
	Consent string
}

// Person is who is signed in.
type Person struct {
	Name     string // display name; "" when the upstream has none
	Email    string // e-mail address that all keys of this session belong to
	Initials string // one or two characters for the round mark; "" draws none
	Home     string // name of the organization they signed in to; "" leaves the line out
	Roles    string // their roles there, as "first +2"; "" leaves them out
}

// Tenant is the organization that the current page is inside of.
type Tenant struct {
	ID          string // organization id
	Name        string // organization name
	Roles       string // the roles held there, as "first +2"; "" when none beyond the default
	MinutesLeft int    // minutes until the key to it ends; negative when not known
	Held        bool   // a key to it is held; without one the tenant's pages are not linked
}

// TenantLink is one entry of the tenant switcher.
type TenantLink struct {
	Name    string // organization name
	Href    string // its overview
	Left    string // time left, as "42 min" or "ended"; "" leaves it out
	Current bool   // the page is inside this tenant
}

// Acting says that the person signed in is somebody else's view: a member of the support desk acts as them.
type Acting struct {
	As   string // whom the pages are shown as: name or e-mail address
	By   string // who is behind it: name or e-mail address
	Left string // how long it lasts, as "42 minutes"; "" leaves it out
	End  string // address of the form that ends it
}

// FlashKind is the tone of a message.
type FlashKind string

// The tones of a message. An empty kind is neutral.
const (
	FlashOK   FlashKind = "ok"
	FlashWarn FlashKind = "warn"
	FlashBad  FlashKind = "bad"
)

// Flash is a message that is shown once, on the page after the act it speaks of.
type Flash struct {
	Kind FlashKind
	Text string // a sentence
}

// Frame is what every page has around its content.
type Frame struct {
	Title   string       // name of the page, without environment and product
	Product string       // name of the installation; "" draws "Console"
	Env     Env          // environment of the upstream project
	Exposed bool         // the sandbox can be reached from the network: every page warns
	Outbox  string       // address of the sandbox's outbox; "" outside the sandbox
	Theme   string       // "" follows the system, "light", "dark"
	Path    string       // address of this page with its query; where the theme form and sign-in return to
	Person  *Person      // nil when signed out
	Staff   bool         // the person may use the pages of the whole project
	Entries bool         // the support staff can enter tenants that they do not belong to
	Area    Area         // current item of the navigation
	Tenant  *Tenant      // nil outside of a tenant
	Tenants []TenantLink // entries of the tenant switcher: every tenant with a key
	Flash   *Flash       // nil without a message
	Acting  *Acting      // somebody acts as Person: every page says so; nil else
	Visit   *Visit       // the person is in Tenant as support: its pages say so; nil else
	// Rotation says that the secret of the client which the page is about is half changed; nil else.
	Rotation *RotationNotice
	Refresh  string // address of another origin that the browser goes to at once; "" keeps it here
	Query    string // what was typed into the search box; kept there
	Assets   Assets
	// Ticket is what a form to an address carries so that it acts once; nil when signed out.
	Ticket func(action string) string
}

// What models of all areas are made of. The types live in views/ui; handlers name them through this package.
type (
	// Crumb is one step of the way to a page.
	Crumb = ui.Crumb
	// Status is a state in words with its kind.
	Status = ui.Status
	// StatusKind is the shape and colour of a state.
	StatusKind = ui.StatusKind
	// Fact is one labelled value.
	Fact = ui.Fact
	// Section is the state of one part of a page. The zero value is a part that is shown.
	Section = ui.Section
	// SectionState says which of its four faces a part of a page shows.
	SectionState = ui.SectionState
	// Permission is a right that somebody lacks.
	Permission = ui.Permission
	// Problem is what is wrong with one field of a form.
	Problem = ui.Problem
	// Hidden is a hidden field of a form.
	Hidden = ui.Hidden
	// Option is one choice of a group of boxes.
	Option = ui.Option
	// Chip is one active filter and the address of the same list without it.
	Chip = ui.Chip
	// Pager says which rows are shown and leads to the others.
	Pager = ui.Pager
	// Budget is how many searches are left.
	Budget = ui.Budget
)

// The kinds of state; see ui.StatusKind.
const (
	StatusPlain = ui.StatusPlain
	StatusDim   = ui.StatusDim
	StatusOK    = ui.StatusOK
	StatusWait  = ui.StatusWait
	StatusPart  = ui.StatusPart
	StatusWarn  = ui.StatusWarn
	StatusBad   = ui.StatusBad
	StatusOff   = ui.StatusOff
)

// The faces of a part of a page; see ui.SectionState.
const (
	SectionShown   = ui.SectionShown
	SectionEmpty   = ui.SectionEmpty
	SectionRefused = ui.SectionRefused
	SectionFailed  = ui.SectionFailed
)
