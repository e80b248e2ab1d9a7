package views

import "strings"

// ReviewPage shows what a form is about to change, before it does.
type ReviewPage struct {
	Frame    Frame
	Crumbs   []Crumb
	Title    string
	Action   string // where the form goes to
	Rows     []ReviewRow
	Warnings []string // what else happens, a sentence each
	Hidden   []Hidden // carried on besides the fields
	// Boxes must be ticked before the change is made.
	Boxes    []ReviewBox
	Problems []Problem
	Button   string // "Save" and the like
	Danger   bool   // the button does harm
	Back     string // where nothing is changed
	// Conflict says that somebody else changed a field since the form was shown: both are shown, and it is asked whose is to stay.
	Conflict bool
}

// ReviewRow is one field that is about to change.
type ReviewRow struct {
	Field    string // its name in the form
	Label    string
	Was      string // what the form showed
	Now      string // what is there now; differs from Was in a conflict
	Wanted   string
	Conflict bool
	Hidden   []Hidden // what carries the change on
}

// ReviewBox is something to be known before the button works.
type ReviewBox struct {
	Name, Text string
}

// reviewLines are the lines of a value.
func reviewLines(value string) []string { return strings.Split(value, "\n") }
