package handlers

import (
	"maps"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// recordFilter is one field of the filter form of the record.
type recordFilter struct {
	name, label string
	// take puts the value into the filter; a non-empty problem is said beside the field.
	take func(f *audit.Filter, v string) (problem string)
	// shown is the value in words; nil shows it as it is.
	shown func(string) string
}

// organizationFilter is the field that the record of one organization does not have.
const organizationFilter = "organization"

// recordFilters are all filters of the record. Those of the tenant's own activity are the same but for the organization.
var recordFilters = []recordFilter{
	{"person", "Person is", takePerson, nil},
	{"operation", "What is", takeOperation, actName},
	{"result", "Result is", takeResult, func(v string) string { return resultStatus(stytch.Result(v)).Text }},
	{"from", "From", takeFrom, nil},
	{"to", "To", takeTo, nil},
	{organizationFilter, "Organization is", takeOrganization, nil},
	{"member", "By or about", takeMember, nil},
	{"target", "Id is", takeTarget, nil},
	{"request", "Request is", takeRequest, nil},
}

// recordQuery is what an address asks of the record.
type recordQuery struct {
	filter   audit.Filter
	values   url.Values
	problems []views.Problem
	// before is the entry before which the page begins; 0 for the newest.
	before int64
}

// readRecordQuery reads the filters and the place from the address. In a tenant the entries are that tenant's, whatever the address says.
func readRecordQuery(c echo.Context, tenantID string) recordQuery {
	q := recordQuery{values: url.Values{}}
	for _, f := range recordFilters {
		v := param(c, f.name)
		if v == "" || (f.name == organizationFilter && tenantID != "") {
			continue
		}
		q.values.Set(f.name, v)
		if problem := f.take(&q.filter, v); problem != "" {
			q.problems = append(q.problems, views.Problem{Field: f.name, Text: problem})
		}
	}
	if !q.filter.From.IsZero() && !q.filter.To.IsZero() && !q.filter.From.Before(q.filter.To) {
		q.problems = append(q.problems, views.Problem{Field: "to", Text: "This is before the other one."})
	}
	if tenantID != "" {
		q.filter.OrganizationID = tenantID
	}
	if n, err := strconv.ParseInt(param(c, "before"), 10, 64); err == nil && n > 0 {
		q.before = n
	}
	return q
}

// chips are the filters in use, each with the address of the same list without it.
func (q *recordQuery) chips(path string) []views.Chip {
	var out []views.Chip
	for _, f := range recordFilters {
		v := q.values.Get(f.name)
		if v == "" {
			continue
		}
		chip := views.Chip{Label: f.label, Value: v, Href: paths.With(path, without(q.values, f.name))}
		if f.shown != nil {
			chip.Value = f.shown(v)
		}
		out = append(out, chip)
	}
	return out
}

// form is the filter form with what was typed.
func (q *recordQuery) form() views.RecordFilters {
	get := q.values.Get
	return views.RecordFilters{
		Person: get("person"), Organization: get(organizationFilter), Member: get("member"), Target: get("target"), Request: get("request"),
		From: get("from"), To: get("to"), Operation: optionsWith(recordedActs(), get("operation"), actName),
		Result: optionsWith(results, get("result"), func(v string) string { return v }),
	}
}

func takePerson(f *audit.Filter, v string) string {
	if !isEmail(v) && !stytch.IsMemberID(v) {
		return "Enter a whole e-mail address or a member id."
	}
	f.Person = v
	return ""
}

func takeOperation(f *audit.Filter, v string) string {
	if !isActName(v) {
		return "Choose one of the list."
	}
	f.Operation = v
	return ""
}

func takeResult(f *audit.Filter, v string) string {
	for _, option := range results {
		if option.Value == v {
			f.Result = stytch.Result(v)
			return ""
		}
	}
	return "Choose one of the list."
}

func takeOrganization(f *audit.Filter, v string) string {
	if !stytch.IsOrganizationID(v) {
		return "An organization id looks like organization-live- and 36 characters."
	}
	f.OrganizationID = v
	return ""
}

func takeMember(f *audit.Filter, v string) string {
	if !stytch.IsMemberID(v) {
		return "A member id looks like member-live- and 36 characters."
	}
	f.MemberID = v
	return ""
}

func takeTarget(f *audit.Filter, v string) string {
	f.Target = v
	return ""
}

func takeRequest(f *audit.Filter, v string) string {
	f.RequestID = v
	return ""
}

func takeFrom(f *audit.Filter, v string) string {
	var problem string
	f.From, _, problem = span(v)
	return problem
}

func takeTo(f *audit.Filter, v string) string {
	var problem string
	_, f.To, problem = span(v)
	return problem
}

// spans are how a time may be written, and how long what is written lasts.
var spans = []struct {
	layout string
	grain  time.Duration
}{
	{time.DateOnly, 24 * time.Hour},
	{"2006-01-02 15:04", time.Minute},
	{"2006-01-02T15:04", time.Minute},
	{time.DateTime, time.Second},
	{"2006-01-02T15:04:05", time.Second},
	{"2006-01-02T15:04Z07:00", time.Minute},
	{time.RFC3339, time.Second},
}

// span is the day, minute or second that somebody wrote, in UTC unless they said otherwise: its beginning, and the beginning of the
// next one. Who asks for entries to the 22nd wants that day too.
func span(v string) (begin, end time.Time, problem string) {
	for _, s := range spans {
		if t, err := time.Parse(s.layout, v); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return t.UTC(), t.Add(s.grain).UTC(), ""
		}
	}
	return begin, end, "Write it as 2026-11-22 or as 2026-11-22 11:26, in UTC."
}

// at is the address of the page that begins before an entry.
func (q *recordQuery) at(before int64) url.Values {
	values := maps.Clone(q.values)
	values.Set("before", strconv.FormatInt(before, 10))
	return values
}
