package views

import "github.com/a-h/templ"

// sampleSettings are the pages of a tenant's settings.
func sampleSettings(out map[string]templ.Component) {
	frame := insideFrame("Settings", AreaNone)
	crumbs := []Crumb{{Text: "Organizations", Href: "/organizations"}, {Text: hostile, Href: "/organizations/x"}}
	page := SettingsPage{
		Frame: frame, Organization: hostile, Href: "/organizations/x", Delete: "/organizations/x/delete",
		Groups: []SettingsGroup{
			{ID: "identity", Title: "Identity", Lead: "Who it is.", Facts: []Fact{{Label: "Name", Value: hostile}, {Label: "Logo URL"}}, Edit: "/organizations/x/settings/identity"},
			{ID: "joining", Title: "Who may join", Facts: []Fact{{Label: "Invitations", Value: "None"}}, Need: samplePermission},
			{ID: "metadata", Title: "Trusted metadata", JSON: `{"<b>": "</pre><script>alert(1)</script>"}`, Why: "Only the support staff of this project can write it."},
		},
	}
	out["settings"] = Settings(page)
	page.Delete = ""
	out["settings-staff"] = Settings(page)

	options := []Option{{Value: "ALL_ALLOWED", Text: "All"}, {Value: hostile, Text: hostile}}
	form := SettingsFormPage{
		Frame: frame, Crumbs: crumbs, Title: "Who may join", Lead: "Invitations, and joining without one.", Action: "/organizations/x/settings/joining", Back: "/organizations/x/settings",
		Button: "Review changes",
		Fields: []SettingsField{
			{Name: "organization_name", Label: "Name", Note: "Up to 128 characters.", Kind: FieldText, Value: hostile, Was: hostile},
			{Name: "email_invites", Label: "Invitations", Note: "Who.", Kind: FieldChoices, Value: hostile, Was: "ALL_ALLOWED", Options: options},
			{Name: "allowed", Label: "Connections", Kind: FieldBoxes, Value: "ALL_ALLOWED\n" + hostile, Options: options},
			{Name: "none", Label: "Connections", Kind: FieldBoxes},
			{Name: "email_allowed_domains", Label: "Domains", Kind: FieldLines, Value: "\na.example\nb.example", Was: "a.example"},
			{Name: "trusted_metadata", Label: "Metadata", Kind: FieldJSON, Value: "{</textarea><script>alert(1)</script>}"},
			{Name: "mfa_policy", Label: "Second factor", Note: "Who.", Locked: true, Shown: hostile, Need: samplePermission},
			{Name: "locked", Label: "Metadata", Locked: true, Why: "Only the support staff of this project can write it."},
		},
	}
	out["settings-form"] = SettingsForm(form)
	form.Problems = []Problem{
		{Field: "organization_name", Text: "Enter a name."},
		{Field: "email_invites", Text: "Not one."},
		{Field: "allowed", Text: "Tick one."},
		{Field: "email_allowed_domains", Text: "Not a domain."},
		{Field: "locked", Text: "It is locked."},
		{Text: "Wait."},
	}
	out["settings-form-problems"] = SettingsForm(form)
	form.Problems, form.Trouble, form.Staff = nil, &SettingsTrouble{Heading: "You may not do this", What: "Nothing was changed. ", Need: &samplePermission, RequestID: sampleRequest}, true
	out["settings-form-refused"] = SettingsForm(form)
	form.StaffNeed, form.Permission = &samplePermission, &samplePermission
	out["settings-form-needs"] = SettingsForm(form)
	form.Button, form.Staff, form.Permission, form.Trouble = "", false, nil, nil
	out["settings-form-locked"] = SettingsForm(form)

	receipt := SettingsReceiptPage{
		Frame: frame, Crumbs: crumbs, Title: "1 of 3 steps done", Action: "/organizations/x/settings/apps", Back: "/organizations/x/settings", Button: "Write what is left",
		Hidden: []Hidden{{Name: "as", Value: "staff"}, {Name: "was.x", Value: hostile}},
		Steps: []Receipt{
			{Text: "Apps: " + hostile, State: Done}, {Text: "Apps", State: Unknown, Note: hostile, RequestID: sampleRequest}, {Text: "Apps", State: Waiting},
		},
	}
	out["settings-receipt"] = SettingsReceipt(receipt)
	receipt.Button = ""
	out["settings-receipt-done"] = SettingsReceipt(receipt)
}
