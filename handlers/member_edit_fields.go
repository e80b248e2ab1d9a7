package handlers

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// memberGroup is what is changed of a member on one page.
type memberGroup struct {
	// name is its place in the address.
	name, title, lead string
	fields            []memberField
	// save writes the changes.
	save func(*console, *memberForm, []change) error
	// risks says what the changes do besides what they say. Where there are any, or always is set, all are shown before they are made.
	risks  func(*console, *memberForm, []change) []string
	always bool
}

// memberField is a field of Update Member with what a form needs to know of it.
type memberField struct {
	field stytch.MemberField
	kind  fieldKind
	label string
	note  string
	check func(wanted string) string
	// offered are the values to choose from, for this member.
	offered func(*console, *memberForm) []views.Option
	// shut says why nobody can change the field of this member as they are; "" or nil where somebody can.
	shut func(*memberForm) string
	// staff says that only the support staff writes the field: the upstream takes it from no member.
	staff bool
}

// memberGroups are all of them, in the order of a member's page.
var memberGroups = []memberGroup{
	{
		name: "name", title: "Name", save: (*console).saveByTenant, risks: noRisks,
		fields: []memberField{{field: stytch.MemberFieldName, label: "Name", check: memberNameTrouble}},
	},
	{
		name: groupRoles, title: "Roles", save: (*console).saveByTenant, risks: (*console).roleRisks, always: true,
		lead: "What somebody may do here follows from their roles.",
		fields: []memberField{{
			field: stytch.MemberFieldRoles, kind: kindBoxes, label: "Roles given directly", offered: (*console).roleChoices,
		}},
	},
	{
		name: "metadata", title: "Untrusted metadata", save: (*console).saveByTenant, risks: metadataRisks,
		lead: "The member's own front end reads and writes it, so nothing may be decided by it.",
		fields: []memberField{{
			field: stytch.MemberFieldUntrusted, kind: kindJSON, label: "Untrusted metadata", note: metadataNote,
		}},
	},
	{
		name: "trusted-metadata", title: "Trusted metadata", save: (*console).saveByStaff, risks: metadataRisks,
		lead: "Your own services read it; members cannot write it.",
		fields: []memberField{{
			field: stytch.MemberFieldTrusted, kind: kindJSON, label: "Trusted metadata", note: metadataNote, staff: true,
		}},
	},
	{
		name: "external-id", title: "External id", save: (*console).saveExternalID, risks: externalIDRisks,
		lead: "Your own name for this member. It is accepted wherever the member id is.",
		fields: []memberField{{
			field: stytch.MemberFieldExternalID, label: "External id", note: "Letters, digits and . _ - | , 128 at most. Empty takes it away.", check: externalIDTrouble,
		}},
	},
	{
		name: "breakglass", title: "Break-glass access", save: (*console).saveByTenant, risks: breakglassRisks,
		lead: "For emergencies: whoever has it may sign in by every method, whatever the organization allows.",
		fields: []memberField{{
			field: stytch.MemberFieldBreakglass, kind: kindYesNo, label: "Break-glass", offered: yesOrNo,
		}},
	},
	{
		name: "second-factor", title: "Second factor", save: (*console).saveByTenant, risks: secondFactorRisks,
		fields: []memberField{
			{
				field: stytch.MemberFieldMFAEnrolled, kind: kindYesNo, label: "Second factor at each sign-in", offered: yesOrNo,
				note: "Sessions that live already stay as they are.",
			},
			{
				field: stytch.MemberFieldDefaultMFA, kind: kindChoice, label: "Second factor asked for first", offered: (*console).methodsOf,
				shut: func(f *memberForm) string {
					if len(secondsOf(&f.Member)) == 0 {
						return "This member has no second factor yet."
					}
					return ""
				},
			},
			{
				field: stytch.MemberFieldPhone, label: "Phone number", note: "With the country, as +44 20 7946 0958. It counts once a code sent there came back.", check: phoneTrouble,
				shut: func(f *memberForm) string {
					if f.Member.MFAPhone != "" {
						return "A member has one number. Remove this one first."
					}
					return ""
				},
			},
		},
	},
}

const groupRoles = "roles"

const metadataNote = "A JSON object of at most 20 keys and 4 KB."

func groupOf(name string) (*memberGroup, bool) {
	at := slices.IndexFunc(memberGroups, func(g memberGroup) bool { return g.name == name })
	if at < 0 {
		return nil, false
	}
	return &memberGroups[at], true
}

// memberNow is how each field of Update Member stands, in the canonical text of its kind.
func memberNow(m *stytch.Member) map[string]string {
	now := map[stytch.MemberField]string{
		stytch.MemberFieldName: oneLine(m.Name), stytch.MemberFieldEmail: oneLine(m.Email), stytch.MemberFieldExternalID: oneLine(m.ExternalID),
		stytch.MemberFieldRoles:     listText(directRoles(m)),
		stytch.MemberFieldUntrusted: jsonText(m.Untrusted), stytch.MemberFieldTrusted: jsonText(m.Trusted),
		stytch.MemberFieldBreakglass: yesNoText(m.IsBreakglass), stytch.MemberFieldMFAEnrolled: yesNoText(m.MFAEnrolled),
		stytch.MemberFieldDefaultMFA: m.DefaultMFA, stytch.MemberFieldPhone: m.MFAPhone,
	}
	texts := make(map[string]string, len(now))
	for field, text := range now {
		texts[string(field)] = text
	}
	return texts
}

// oneLine is a text as a field of one line shows it. What a browser makes of a line break is no change that somebody made.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func yesOrNo(*console, *memberForm) []views.Option { return choices("yes", "Yes", "no", "No") }

// secondsOf are the second factors that a member has, by the upstream's names.
func secondsOf(m *stytch.Member) []string {
	var out []string
	if m.TOTPID != "" {
		out = append(out, factorTOTP)
	}
	if m.MFAPhone != "" {
		out = append(out, factorSMS)
	}
	return out
}

func (h *console) methodsOf(f *memberForm) []views.Option {
	return methodChoices(secondsOf(&f.Member)...)
}

func memberNameTrouble(name string) string {
	switch {
	case name == "":
		return "Enter a name."
	case utf8.RuneCountInString(name) > maxName:
		return "This name is too long: 128 characters are the most."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "A name has letters and spaces in one line."
	}
	return ""
}

// memberMetadataTrouble says what is wrong with metadata that is to take the place of what is there now.
func memberMetadataTrouble(now string) func(wanted string) string {
	before, _ := membersOf(now)
	return func(wanted string) string {
		if text := metadataTrouble(wanted); text != "" {
			return text
		}
		after, _ := membersOf(wanted)
		for key, value := range after {
			if string(value) == "null" && string(before[key]) != "null" {
				return strconv.Quote(key) + " is null, which means to Stytch that it is not there. Leave the key out."
			}
		}
		return ""
	}
}

func phoneTrouble(typed string) string {
	if _, ok := phoneOf(typed); !ok {
		return "Enter the number with its country code, such as +44 20 7946 0958."
	}
	return ""
}
