package handlers

import (
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// fieldKind says how a form writes a value.
type fieldKind uint8

// The kinds of fields.
const (
	// kindText is a line of text.
	kindText fieldKind = iota
	// kindChoice is one of the options.
	kindChoice
	// kindYesNo is a box: "yes" or "no".
	kindYesNo
	// kindList has a value on each line, in no order.
	kindList
	// kindWords is a kindList whose values may have commas in them: only white space is between two.
	kindWords
	// kindBoxes are boxes, any of which may be ticked.
	kindBoxes
	// kindJSON is a JSON object.
	kindJSON
	// kindAddresses has an address on each line, as it was written: they may hold what parts the values of a list.
	kindAddresses
	// kindPassage is text of several lines, as it was written.
	kindPassage
)

// formField is one field of the forms that change things. Forms, checks, permissions, previews and requests are all made from
// it, and what a request brings besides is nobody's field.
type formField struct {
	// name is the upstream's name of the field, and the form's.
	name, label, note string
	kind              fieldKind
	// action is what the session needs to change the field; "" where none is published.
	action  string
	options []views.Option
	// check says in a person's words what is wrong with what is wanted, or "".
	check func(wanted string) string
	// value makes what is sent of what is wanted.
	value func(wanted string) any
}

// change is a field that the person changed: what the form showed, what is there now, and what is wanted. All are canonical
// texts, so that equal values are equal.
type change struct {
	field            *formField
	was, now, wanted string
	// conflict says that somebody else changed the field since the form was shown.
	conflict bool
}

// wasField is the hidden field that carries what a form showed of a field.
func wasField(name string) string { return "was." + name }

// keepField is the choice between what somebody else made of a field, "theirs", and one's own.
func keepField(name string) string { return "keep." + name }

// wantedOf is what a form wants each field to be. A field that the form does not have is not in it.
func wantedOf(fields []formField, form url.Values) map[string]string {
	wanted := map[string]string{}
	for i := range fields {
		if f := &fields[i]; form.Has(wasField(f.name)) {
			wanted[f.name] = f.canonical(form[f.name])
		}
	}
	return wanted
}

// changesOf is the one change set. It has what the person changed and no more: what they left as it was shown is not theirs
// to change back, and what is there already needs no change.
func changesOf(fields []formField, form url.Values, now map[string]string) []change {
	var changes []change
	wanted := wantedOf(fields, form)
	for i := range fields {
		f := &fields[i]
		want, sent := wanted[f.name]
		was := f.canonical([]string{form.Get(wasField(f.name))})
		if !sent || want == was || want == now[f.name] || form.Get(keepField(f.name)) == "theirs" {
			continue
		}
		changes = append(changes, change{field: f, was: was, now: now[f.name], wanted: want, conflict: was != now[f.name]})
	}
	return changes
}

// canonical is the text of a value as a form sent it.
func (f *formField) canonical(sent []string) string {
	all := strings.Join(sent, "\n")
	switch f.kind {
	case kindYesNo:
		return yesNoText(slices.Contains(sent, "yes"))
	case kindList, kindBoxes:
		return listText(lines(all))
	case kindWords:
		return listText(strings.Fields(all))
	case kindJSON:
		return jsonText(jsontext.Value(strings.TrimSpace(all)))
	case kindAddresses:
		return addressText(all)
	case kindPassage:
		return strings.TrimSpace(strings.ReplaceAll(all, "\r\n", "\n"))
	case kindText, kindChoice:
	}
	if len(sent) == 0 {
		return ""
	}
	return strings.TrimSpace(sent[0])
}

// lines are the values of a list as people type them: one on each line, or with commas between.
func lines(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' || r == ' ' || r == '\t' })
}

// addressText is the canonical text of addresses, one on each line. Doubles stay, for a check to complain of.
func addressText(s string) string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// listText is the canonical text of values whose order means nothing.
func listText(values []string) string {
	out := slices.Clone(values)
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "\n")
}

func yesNoText(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// jsonText is the canonical text of a JSON value; what is none is left as it was typed, for a check to complain of. Nothing is an
// empty object.
func jsonText(v jsontext.Value) string {
	if s := strings.TrimSpace(string(v)); s == "" || s == "null" {
		return "{}"
	}
	out := v.Clone()
	// Numbers stay as they are written: one that no float can hold must not lose digits on the way.
	if err := out.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)); err != nil {
		return string(v)
	}
	if err := out.Indent(jsontext.WithIndent("  ")); err != nil {
		return string(v)
	}
	return string(out)
}

// conflicts says whether somebody else changed one of the fields meanwhile.
func conflicts(changes []change) bool {
	return slices.ContainsFunc(changes, func(c change) bool { return c.conflict })
}

// problemsOf is what is wrong with what is wanted, beside the fields.
func problemsOf(changes []change) []views.Problem {
	var problems []views.Problem
	for _, c := range changes {
		if c.field.check == nil {
			continue
		}
		if text := c.field.check(c.wanted); text != "" {
			problems = append(problems, views.Problem{Field: c.field.name, Text: text})
		}
	}
	return problems
}

// auditChanges are the changes for the record.
func auditChanges(changes []change) []stytch.Change {
	out := make([]stytch.Change, len(changes))
	for i, c := range changes {
		out[i] = stytch.Change{Field: c.field.name, Was: c.now, Now: c.wanted}
	}
	return out
}

// valuesOf are the changes as they are sent, by the upstream's names.
func valuesOf(changes []change) map[string]any {
	out := map[string]any{}
	for _, c := range changes {
		if c.field.value != nil {
			out[c.field.name] = c.field.value(c.wanted)
			continue
		}
		switch c.field.kind {
		case kindYesNo:
			out[c.field.name] = c.wanted == "yes"
		case kindList, kindWords, kindBoxes, kindAddresses:
			out[c.field.name] = splitText(c.wanted)
		case kindJSON:
			out[c.field.name] = jsontext.Value(c.wanted)
		case kindText, kindChoice, kindPassage:
			out[c.field.name] = c.wanted
		}
	}
	return out
}

// splitText are the values of a canonical list; none are an empty list and not nothing, which would change nothing upstream.
func splitText(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.Split(s, "\n")
}

// mergePatch is what has to be sent so that metadata becomes what is wanted: the upstream merges at the top level, and a null takes
// a key away (rule metadata-merge).
func mergePatch(now, wanted string) (jsontext.Value, error) {
	var was, want map[string]jsontext.Value
	if err := json.Unmarshal([]byte(now), &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(wanted), &want); err != nil {
		return nil, err
	}
	patch := map[string]jsontext.Value{}
	for key := range was {
		if _, kept := want[key]; !kept {
			patch[key] = jsontext.Value("null")
		}
	}
	for key, value := range want {
		if old, had := was[key]; !had || string(old) != string(value) {
			patch[key] = value
		}
	}
	return json.Marshal(patch, json.Deterministic(true))
}
