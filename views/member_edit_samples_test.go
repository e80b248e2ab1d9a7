package views

import "github.com/a-h/templ"

// sampleMemberForms are the pages that make and change members.
func sampleMemberForms(out map[string]templ.Component) {
	frame := insideFrame("Roles", AreaMembers)
	crumbs := []Crumb{{Text: hostile, Href: "/organizations/a"}, {Text: "Members", Href: "/organizations/a/members"}}
	field := func(name string, kind FieldKind, value string) SettingsField {
		return SettingsField{Name: name, Label: "Label of " + name, Note: "What it is.", Kind: kind, Value: value, Was: value, Options: []Option{{Value: "editor", Text: "editor"}, {Value: "x", Text: hostile}}}
	}
	locked := field("is_breakglass", FieldChoices, "no")
	locked.Locked, locked.Shown, locked.Need = true, hostile, samplePermission

	edit := MemberFormPage{Email: hostile, SettingsFormPage: SettingsFormPage{
		Frame: frame, Crumbs: crumbs, Title: "Roles", Lead: "What somebody may do.", Action: "/organizations/a/members/b/edit/roles", Back: "/organizations/a/members/b", Button: "Review",
		Fields: []SettingsField{field("roles", FieldBoxes, "editor"), field("untrusted_metadata", FieldJSON, `{"a": "<b>"}`), locked},
	}}
	edit.Held = []RoleRow{{Role: hostile, Sources: []Source{{Text: "Group", Value: hostile, In: "in " + hostile}}}, {Role: "editor"}}
	edit.Keep, edit.Kept = true, true
	out["member-edit"] = MemberForm(edit)
	edit.Problems = []Problem{{Field: "roles", Text: "This is not one of the choices."}, {Text: "Another one."}}
	out["member-edit-problem"] = MemberForm(edit)
	edit.Fields, edit.Button, edit.Problems, edit.Held, edit.Keep = []SettingsField{locked}, "", nil, nil, false
	out["member-edit-closed"] = MemberForm(edit)

	made := MemberNewPage{
		Form: SettingsFormPage{
			Frame: frame, Crumbs: crumbs, Title: "New member", Action: "/organizations/a/members/new", Back: "/organizations/a/members", Button: "Add the member",
			Fields: []SettingsField{field("email_address", FieldText, hostile), field("roles", FieldBoxes, "editor")},
		},
		Way: WayInvite, Domains: []string{"acme.example", hostile}, Mailed: []SettingsField{field("locale", FieldChoices, "")}, Quiet: []SettingsField{locked},
	}
	out["member-new"] = MemberNew(made)
	made.Form.Problems = []Problem{{Field: "way", Text: "Choose how."}, {Field: "email_address", Text: "Enter an e-mail address."}}
	made.Way, made.Invites, made.Need = WayCreate, "This organization lets nobody be invited.", &samplePermission
	out["member-new-problem"] = MemberNew(made)

	email := MemberEmailPage{Email: hostile, Password: true, Way: WayNow, Unlink: true, Form: SettingsFormPage{
		Frame: frame, Crumbs: crumbs, Title: "Change the e-mail address", Action: "/organizations/a/members/b/email", Back: "/organizations/a/members/b", Button: "Go on",
		Fields: []SettingsField{field("email_address", FieldText, hostile)},
	}}
	out["member-email"] = MemberEmail(email)
	email.Closed, email.Need = "Only active members can confirm a new address.", &samplePermission
	email.Form.Problems = []Problem{{Field: "way", Text: "Choose how."}}
	out["member-email-problem"] = MemberEmail(email)

	lacking := sampleMembers("Anders Lindqvist")
	lacking.NewNeed = &samplePermission
	out["members-lacking"] = Members(lacking)
}
