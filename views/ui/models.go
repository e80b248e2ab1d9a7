package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Fact is one labelled value.
type Fact struct {
	Label  string
	Value  string // "" is drawn as a dimmed "None"
	Status Status // drawn instead of Value when its Text is not empty
	ID     bool   // Value is an identifier: monospace, with a copy button
	Note   string // said after the value, dimmed; "" leaves it out
}

// SectionState says which of its four faces a part of a page shows.
type SectionState int

// The faces of a part of a page.
const (
	SectionShown   SectionState = iota // its content
	SectionEmpty                       // it was read and there is nothing
	SectionRefused                     // the upstream refused it to this person
	SectionFailed                      // it could not be read
)

// Section is the state of one part of a page. The zero value is a part that is shown.
type Section struct {
	State      SectionState
	Permission Permission // what is missing, when refused
	Problem    string     // what happened in our words, when failed; "" says only that it could not be read
	RequestID  string     // the upstream's request id, when refused or failed; "" when no answer came
	Retry      string     // address that tries again, when failed; "" leaves the link out
}

// Permission is a right that somebody lacks.
type Permission struct {
	Resource string   // for example "stytch.member"
	Action   string   // for example "search"
	In       string   // name of the organization it is asked for in; "" when not known
	Roles    []string // roles that carry it; empty when not known
	Yours    []string // roles that the person has there
	Holders  string   // address of the list of members who have one of the roles; "" leaves it out
}

// Problem is what is wrong with one field of a form.
type Problem struct {
	Field string // name of the field; "" for the form as a whole
	Text  string // a sentence in our words
}

// Hidden is a hidden field of a form.
type Hidden struct {
	Name  string
	Value string
	Label string // what the field was called where it was typed; "" when nobody typed it
}

// Option is one choice of a select or of a group of boxes.
type Option struct {
	Value    string
	Text     string
	Selected bool
}

// Chip is one active filter and the address of the same list without it.
type Chip struct {
	Label string // what is compared, as "Name contains"
	Value string // with what
	Href  string // the list without this filter
}

// Pager says which rows are shown and leads to the others. Empty addresses are left out.
type Pager struct {
	From  int    // number of the first row, 1 for the first; 0 when there are no rows
	To    int    // number of the last row
	Total int    // number of all rows; negative when the upstream does not give it
	Size  int    // rows per page, for the words of the link
	First string // address of the first page
	Back  string // address of the page before
	Next  string // address of the page after
}

// Budget is how many searches are left.
type Budget struct {
	Text   string // "61 of 100 left this minute"; "" says nothing
	UsedUp bool   // nothing was searched: the budget is used up
	Wait   string // when used up, when it works again, as "in 23 seconds"
}

// Crumb is one step of the way to a page.
type Crumb struct {
	Text string
	Href string
}

// problem is what is wrong with the field of that name, or "".
func problem(problems []Problem, field string) string {
	for _, p := range problems {
		if p.Field == field {
			return p.Text
		}
	}
	return ""
}

// Invalid are the attributes of a field that something is wrong with; its id is its name.
func Invalid(name string, problems []Problem) templ.Attributes { return invalid("", name, problems) }

func invalid(prefix, name string, problems []Problem) templ.Attributes {
	if problem(problems, name) == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": prefix + name + "-e"}
}

// words says which rows are shown. A total is said only when the upstream gave one.
func (p Pager) words() string {
	rows := "Rows " + strconv.Itoa(p.From) + " to " + strconv.Itoa(p.To)
	if p.From == p.To {
		rows = "Row " + strconv.Itoa(p.From)
	}
	if p.From == 0 {
		rows = "No more rows"
	}
	end := ""
	if p.Next == "" && p.From > 0 {
		end = ", the end"
	}
	if p.Total < 0 {
		return rows + end + ". Stytch gives no total."
	}
	return rows + end + ". " + Thousands(p.Total) + " in all."
}

// Thousands writes n with a comma between each three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// again says when searching works again.
func (b Budget) again() string {
	if b.Wait == "" {
		return "Searching works again in a minute. Opening an id still works."
	}
	return "Searching works again " + b.Wait + ". Opening an id still works."
}
