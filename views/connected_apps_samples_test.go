package views

import "github.com/a-h/templ"

func sampleConnectedApps(names ...string) ConnectedAppsPage {
	m := ConnectedAppsPage{Frame: sampleFrame("Connected Apps", AreaConnectedApps), New: "/connected-apps/new"}
	l := &m.List
	l.Action, l.Clear, l.Looked, l.More, l.Begin = "/connected-apps", "/connected-apps", "Looked at 1,000 clients; the project has more.", "/connected-apps?cursor=c", "/connected-apps"
	l.Filters = ConnectedAppsFilters{
		Text: hostile, Type: []Option{{Value: "third_party", Text: "Third party", Selected: true}}, Made: []Option{{Value: "itself", Text: "Itself"}},
		Status: []Option{{Value: "active", Text: "Active"}}, Sort: []Option{{Value: "name", Text: "By name"}},
	}
	l.Chips = []Chip{{Label: "Contains", Value: hostile, Href: "/connected-apps"}}
	l.Budget = Budget{Text: "5 of 10 searches left this minute"}
	for i, name := range names {
		r := ConnectedAppRow{ID: sampleClient, Href: "/connected-apps/" + sampleClient, Name: name, Type: "Third party, public", Made: "The operator", Host: "app.example", Full: st(StatusDim, "No"), Status: st(StatusOK, "Active")}
		if i%2 == 1 {
			r.Host, r.Hosts, r.Made, r.Full, r.Status = hostile, 3, hostile, st(StatusWarn, "Allowed"), st(StatusWarn, "Secret half changed")
		}
		l.Rows = append(l.Rows, r)
	}
	l.Pager = Pager{From: 1, To: len(names), Total: len(names), Size: 100}
	return m
}

func sampleInstalled() Installed {
	return Installed{Rows: []InstalledRow{
		{Organization: hostile, Href: "/organizations/x", Status: st(StatusOK, "22 members"), Members: 22, Scopes: []InstalledScope{{hostile, 22}, {"openid", 1}}, People: []InstalledMember{{sampleMember, "/organizations/x/members/y", hostile}}},
		{Organization: "Acme Industrial", Href: "/organizations/x", Status: st(StatusDim, "Not in use")},
		{Organization: long, Href: "/organizations/x", Status: st(StatusWarn, "Not read"), Note: "It may be in use here all the same. Stytch has a fault.", RequestID: sampleRequest},
	}}
}

func sampleConnectedApp() ConnectedAppPage {
	m := ConnectedAppPage{
		Frame: sampleFrame("Ledgerly", AreaConnectedApps), ID: sampleClient, Name: "Ledgerly", Status: st(StatusOK, "Active"), Tags: []string{"Third party", "Confidential"}, Description: hostile,
		May: []string{"It acts for the members who let it in."}, Warnings: []string{"This client registered itself."}, Template: `{"plan":"{{organization.name}}"}`,
		Redirects:  []Redirect{{"https://", "ledgerly.example", "/cb", Status{Text: "Web"}}, {Host: "com.example.app", After: ":/cb", Goes: st(StatusWarn, "An app on the device")}, {Before: hostile, Goes: st(StatusBad, "Not an address")}},
		PostLogout: []Redirect{{"http://", "127.0.0.1:1", "/", st(StatusWarn, "This computer")}}, Tokens: []Fact{{Label: "Good for", Value: "60 minutes"}},
		Rights: []Fact{{Label: "Full access", Value: "Not allowed"}}, Details: []Fact{{Label: "Name", Value: hostile}, {Label: "Logo URL", Value: "data:text/html," + hostile, ID: true, Note: "The console does not load it."}},
		Rotation: sampleRotation("9c07"), Installed: sampleInstalled(), Delete: "/connected-apps/x/delete",
		EditAbout: "/connected-apps/x/edit/about", EditRedirects: "/connected-apps/x/edit/redirects", EditPostLogout: "/connected-apps/x/edit/post-logout", EditTokens: "/connected-apps/x/edit/tokens", EditRights: "/connected-apps/x/edit/rights",
	}
	m.Frame.Rotation = &RotationNotice{LastFour: "a1f4", NextLastFour: "9c07", Href: "/connected-apps/x/secret"}
	return m
}

func sampleConnectedAppNew() ConnectedAppNewPage {
	return ConnectedAppNewPage{
		Frame: sampleFrame("New client", AreaConnectedApps), Crumbs: []Crumb{{Text: "Connected Apps", Href: "/connected-apps"}}, Action: "/connected-apps/new", Back: "/connected-apps",
		Types:  []ConnectedAppType{{Value: "first_party", Text: "First party, confidential", Says: "Your own app.", May: "Members are usually not asked.", Selected: true}, {Value: "third_party", Text: "Third party, confidential", Says: "Somebody else's app.", May: "Each member is asked first."}},
		Fields: []SettingsField{{Name: "client_name", Label: "Name", Kind: FieldText, Value: "A <b>name"}, {Name: "redirect_urls", Label: "Redirect URLs", Note: "One a line.", Kind: FieldLines, Value: "https://a.example/<b>"}},
	}
}

// sampleClients are the pages of the project's OAuth clients.
func sampleClients(out map[string]templ.Component) {
	list := sampleConnectedApps("Ledgerly", hostile, "", long)
	out["connected-apps"] = ConnectedApps(list)
	list.NewNeed, list.List.Rows = &samplePermission, nil
	out["connected-apps-empty"] = ConnectedApps(list)
	list.List.Section = sampleFailed
	out["connected-apps-failed"] = ConnectedApps(list)
	list.List.Section = sampleRefused
	out["connected-apps-refused"] = ConnectedApps(list)
	list.List.Budget.UsedUp = true
	out["connected-apps-budget"] = ConnectedApps(list)

	one := sampleConnectedApp()
	out["connected-app"] = ConnectedApp(one)
	one.Name, one.Rotation, one.NoSecret, one.Redirects, one.PostLogout, one.Template, one.Installed, one.Warnings = "", nil, "A public client has none.", nil, nil, "", Installed{}, nil
	one.Need, one.DeleteNeed = &samplePermission, &samplePermission
	one.EditAbout, one.EditRedirects, one.EditPostLogout, one.EditTokens, one.EditRights = "", "", "", "", ""
	out["connected-app-bare"] = ConnectedApp(one)
	one.Name, one.Frame.Title, one.Tags = hostile, hostile, []string{hostile}
	out["connected-app-hostile"] = ConnectedApp(one)

	fresh := sampleConnectedAppNew()
	out["connected-app-new"] = ConnectedAppNew(fresh)
	fresh.Problems = []Problem{{Field: "client_type", Text: "Choose a type."}, {Field: "redirect_urls", Text: "This is no address."}}
	out["connected-app-new-wrong"] = ConnectedAppNew(fresh)
	fresh.Problems, fresh.Need = nil, &samplePermission
	out["connected-app-new-denied"] = ConnectedAppNew(fresh)

	end := ConnectedAppDeletePage{Installed: sampleInstalled(), ConfirmPage: ConfirmPage{
		Frame: sampleFrame("Delete "+hostile+"?", AreaConnectedApps), Title: "Delete " + hostile + "?", Says: []string{"Nobody can sign in through it any more."}, Warnings: []string{"Nothing brings it back."},
		Facts: []Fact{{Label: "Name", Value: hostile}}, TypeName: "Ledgerly", Button: "Delete the client", Action: "/connected-apps/x/delete", Cancel: "/connected-apps/x",
		Problems: []Problem{{Field: ConfirmType, Text: "This is not what is asked for."}}, Typed: hostile,
	}}
	out["connected-app-delete"] = ConnectedAppDelete(end)
}
