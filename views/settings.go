package views

import (
	"strings"

	"github.com/a-h/templ"
)

// SettingsPage shows all settings of a tenant.
type SettingsPage struct {
	Frame        Frame
	Organization string // name of the organization
	Href         string // its overview
	Groups       []SettingsGroup
	Delete       string // address of the page that deletes it; "" leaves the section out
}

// SettingsGroup is a group of settings as a person thinks of them.
type SettingsGroup struct {
	ID    string // part of its address, and of its heading
	Title string
	Lead  string // what it is about, in a sentence
	Facts []Fact
	JSON  string // drawn in place of the facts; "" for none
	Edit  string // where it is changed; "" where this person may change nothing of it
	Why   string // why not, in a sentence; "" says it with Need
	Need  Permission
}

// FieldKind is how a field of a form is drawn.
type FieldKind string

// The ways to draw a field.
const (
	FieldText    FieldKind = "text"
	FieldChoices FieldKind = "choices" // one of the options
	FieldLines   FieldKind = "lines"   // a value on each line
	FieldBoxes   FieldKind = "boxes"   // any of the options
	FieldJSON    FieldKind = "json"
	FieldSecret  FieldKind = "secret" // typed blind, and never filled in by the page
)

// SettingsField is one field of a form that changes settings.
type SettingsField struct {
	Name    string // of the form, and its id
	Label   string
	Note    string // said beside it; "" leaves it out
	Kind    FieldKind
	Value   string // what it says now, or what was typed
	Was     string // what the form showed at first
	Options []Option
	Locked  bool   // it is shown and cannot be changed
	Shown   string // a locked field's value as a person reads it
	Why     string // why it is locked, in a sentence; "" says it with Need
	Need    Permission
}

// SettingsTrouble is why what was sent was not done.
type SettingsTrouble struct {
	Heading   string // the page's while it lasts
	What      string // a sentence
	Need      *Permission
	RequestID string // the upstream's request id; "" when there is none
}

// SettingsFormPage changes one group of settings.
type SettingsFormPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Title      string
	Lead       string
	Action     string // address of the form
	Back       string
	Button     string      // words of the button; "" where nothing can be changed
	Permission *Permission // what is missing to use the button; it is then disabled
	Fields     []SettingsField
	Problems   []Problem
	Trouble    *SettingsTrouble // nil when nothing was refused
	Note       string           // what a link has filled in, in a sentence; "" for nothing
	Staff      bool             // offers to write it as support staff
	StaffNeed  *Permission      // what is missing for that; nil when it may be tried
}

// SettingsReceiptPage says what became of the steps of a change that needs several calls.
type SettingsReceiptPage struct {
	Frame  Frame
	Crumbs []Crumb
	Title  string
	Steps  []Receipt
	Action string // where the rest is sent again
	Hidden []Hidden
	Button string // its words; "" when everything is done
	Back   string
}

// closed says that there is nothing here that this person may change.
func (m *SettingsFormPage) closed() bool { return m.Button == "" && !m.Staff }

// described are the attributes that tie a field to its note and to what is wrong with it.
func (f SettingsField) described(problems []Problem) templ.Attributes {
	var ids []string
	out := templ.Attributes{}
	if f.Note != "" {
		ids = append(ids, f.Name+"-h")
	}
	for _, p := range problems {
		if p.Field == f.Name {
			ids = append(ids, f.Name+"-e")
			if f.Kind != FieldBoxes { // a group of boxes has no such state
				out["aria-invalid"] = "true"
			}
			break
		}
	}
	if len(ids) > 0 {
		out["aria-describedby"] = strings.Join(ids, " ")
	}
	return out
}

// role is what a group of boxes or choices is.
func (f SettingsField) role() string {
	if f.Kind == FieldChoices {
		return "radiogroup"
	}
	return "group"
}

// ticked says whether an option is chosen.
func (f SettingsField) ticked(value string) bool {
	if f.Kind == FieldChoices {
		return f.Value == value
	}
	for line := range strings.SplitSeq(f.Value, "\n") {
		if line == value {
			return true
		}
	}
	return false
}

// labelOf is what a person calls the field that a problem is about; "" where there is no such field to mend it in.
func (m *SettingsFormPage) labelOf(p Problem) string {
	for _, f := range m.Fields {
		if f.Name == p.Field && !f.Locked {
			return f.Label
		}
	}
	return ""
}
