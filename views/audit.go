package views

import "strconv"

// RecordPartID is the id of the part of the page that a partial request of the audit log or of an activity gets.
const RecordPartID = "record"

// AuditPage is the record of what was done in all organizations.
type AuditPage struct {
	Frame  Frame
	Record Record
}

// Record is the part of the page that changes with filters and pages: of all organizations, or of one.
type Record struct {
	Action   string // address of the filter form, without a query
	Tenant   bool   // one organization's entries alone: no column and no filter for it
	Filters  RecordFilters
	Problems []Problem // fields named as the parameters
	Chips    []Chip
	Clear    string // address without any filter
	Exports  []RecordExport
	Rows     []RecordRow
	Section  Section // failed when the record could not be read
	First    string  // the newest entries; "" when these are they
	Next     string  // the entries before these; "" when there are none
	Size     int     // rows per page, for the words of the link
}

// RecordFilters are the values of the filter form, named as its parameters.
type RecordFilters struct {
	Person       string   // person: e-mail address or member id of who did it
	Organization string   // organization: id
	Member       string   // member: id of whoever did it or whom it was done to
	Target       string   // target: any id
	Request      string   // request: the console's reference or the upstream's request id
	From         string   // from: a day or a moment
	To           string   // to: likewise, and all of it
	Operation    []Option // operation; with the selected one marked
	Result       []Option // result; likewise
}

// more says whether a filter that is folded away is in use.
func (f *RecordFilters) more() bool {
	return f.Organization != "" || f.Member != "" || f.Target != "" || f.Request != ""
}

// RecordExport is one way to take all entries of the filters along.
type RecordExport struct {
	Text string      // "Export CSV"
	Href string      // "" when the person may not
	Need *Permission // what is missing then
}

// RecordRow is one entry.
type RecordRow struct {
	Seq              int64
	Time             string // "2026-11-22 11:26:09", UTC
	Stamp            string // the same moment for machines, RFC 3339
	Who              string // name or e-mail address; "" draws "The console"
	WhoHref          string // the list with nothing but theirs; "" for no link
	From             string // the organization they come from, in words; "" leaves it out
	FromID           string // its id, where it has no words; "" leaves it out
	What             string // "Changed a member"
	About            string // id of the member it was done to, or of what else; "" for neither
	AboutHref        string // its page; "" for none
	Organization     string // name of the tenant, or "" when only its id is known
	OrganizationID   string
	OrganizationHref string
	Result           Status
	RequestID        string // the upstream's; "" when it did not answer
	Facts            []RecordFact
	Changes          []RecordChange
}

// RecordFact is one thing that is known of an entry.
type RecordFact struct {
	Label string
	Text  string // in words; what others wrote is marked
	ID    string // an identifier, whole and with a copy button; after Text when there are both
	Href  string // the page of it; "" for none
	Only  string // the list with nothing but the entries that have it in common; "" for none
}

// RecordChange is one value before and after.
type RecordChange struct {
	Field    string
	Was, Now string // "" for not set
}

// name is what an entry's row is called, for those who do not see the table.
func (r *RecordRow) name() string { return "entry-" + strconv.FormatInt(r.Seq, 10) }

// shown is how many rows there are and from when.
func (m *Record) shown() string {
	if len(m.Rows) == 0 {
		return ""
	}
	n := "1 entry"
	if len(m.Rows) > 1 {
		n = strconv.Itoa(len(m.Rows)) + " entries"
	}
	end := ""
	if m.Next == "" {
		end = ", the end"
	}
	return n + " from " + m.Rows[0].Time + " UTC back" + end + "."
}
