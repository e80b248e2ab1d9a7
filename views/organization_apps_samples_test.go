package views

import "github.com/a-h/templ"

var sampleScopes = []ScopeLine{
	{Scope: "full_access", Text: "Do everything that you can do, as you"},
	{Scope: "offline_access", Text: "Stay connected while you are away, until you take it back"},
	{Scope: hostile, Text: hostile, Foreign: true},
	{Scope: hostile},
	{Scope: "openid", Text: "Know that it is you"},
}

// sampleApps are the pages of the apps that members let in, of a tenant and of one's own.
func sampleApps(out map[string]templ.Component) {
	frame := insideFrame("Connected Apps", AreaTenantApps)
	crumbs := []Crumb{{Text: "Organizations", Href: "/organizations"}, {Text: hostile, Href: "/organizations/x"}}
	list := OrganizationAppsPage{
		Frame: frame, Organization: hostile, OrganizationHref: "/organizations/x",
		Apps: []OrganizationAppRow{
			{Name: hostile, Description: hostile, ID: sampleMember, Href: "/organizations/x/connected-apps/y", Owner: "The operator's own", Status: st(StatusOK, "Allowed")},
			{Name: long, ID: hostile, Owner: "Another company's", Status: st(StatusBad, "Not allowed")},
		},
		Policies: []AppPolicy{
			{Label: "The operator's own", Value: "All"},
			{Label: "Another company's", Value: "Only the 3 on the list", Listed: []ListedApp{{ID: hostile}, {ID: "a", Name: hostile, Href: "/organizations/x/connected-apps/y"}, {ID: "b", Name: long}}},
		},
		PolicyAct: MemberAct{Text: "Change the policy", Href: "/organizations/x/settings/apps"},
	}
	out["organization-apps"] = OrganizationApps(list)
	for name, s := range map[string]Section{"empty": {State: SectionEmpty}, "refused": {State: SectionRefused, Permission: samplePermission}, "failed": {State: SectionFailed, Retry: "/x"}} {
		list.Section, list.PolicyAct.Need = s, &samplePermission
		out["organization-apps-"+name] = OrganizationApps(list)
	}

	rows := []AppMemberRow{
		{ID: "member-a", Name: hostile, Email: hostile, Href: "/organizations/x/members/a", You: true, Scopes: sampleScopes},
		{ID: "member-b", Email: "b@acme.example", Href: "/organizations/x/members/b"},
		{ID: hostile},
	}
	members := AppMembersList{App: hostile, Rows: rows, Revoke: "/organizations/x/connected-apps/y/revoke", All: "/organizations/x/connected-apps/y/revoke?member=a", Pager: Pager{From: 1, To: 3, Total: 3, Size: 50}}
	app := OrganizationAppPage{Frame: frame, Crumbs: crumbs, Name: hostile, ID: hostile, Owner: "Another company's", Description: hostile, Members: members}
	out["organization-app"] = OrganizationApp(app)
	app.Members.Names.Failed, app.Members.Revoke, app.Members.Need = "Their names could not be read.", "", &samplePermission
	app.Members.Pager = Pager{From: 51, To: 100, Total: 180, Size: 50, First: "/a", Back: "/a", Next: "/b"}
	out["organization-app-unread"] = OrganizationApp(app)
	app.Members.Names = AppNames{Need: &samplePermission}
	out["organization-app-refused"] = OrganizationApp(app)

	revoke := OrganizationAppRevokePage{
		Frame: frame, Crumbs: crumbs, Title: "Revoke " + hostile + "?", App: hostile, Rows: rows, Gone: 1, Says: []string{"Every token stops working."}, Action: members.Revoke, Cancel: "/x",
	}
	out["organization-app-revoke"] = OrganizationAppRevoke(revoke)
	revoke.Permission, revoke.Gone, revoke.Names = &samplePermission, 2, app.Members.Names
	out["organization-app-revoke-refused"] = OrganizationAppRevoke(revoke)
	revoke.Rows, revoke.Problems = nil, []Problem{{Text: "At most 50 members at once."}}
	out["organization-app-revoke-many"] = OrganizationAppRevoke(revoke)

	in := AccountIn{Organization: hostile, ID: hostile}
	own := AccountAppsPage{Frame: insideFrame("Your Connected Apps", AreaNone), In: in, All: "/account/connected-apps/revoke", Apps: []AccountApp{
		{Name: hostile, ID: "a", Owner: "Another company's", Description: hostile, Scopes: sampleScopes, Revoke: "/account/connected-apps/revoke?app=a"}, {Name: long, ID: "b", Revoke: "/x"},
	}}
	out["account-apps"] = AccountApps(own)
	out["account-apps-revoke"] = AccountAppsRevoke(AccountAppsRevokePage{Frame: own.Frame, In: in, Title: "Revoke all 2 apps?", Apps: own.Apps, Says: []string{"They must ask you again."}, Button: "Revoke 2 apps"})
	out["account-apps-revoke-refused"] = AccountAppsRevoke(AccountAppsRevokePage{Frame: own.Frame, Title: hostile, Apps: own.Apps[:1], Button: "Revoke the app", Permission: &samplePermission})
	own.Need = &samplePermission
	out["account-apps-locked"] = AccountApps(own)
	own.Frame, own.Need = actingFrame("Your Connected Apps", AreaNone), nil
	out["account-apps-acting"] = AccountApps(own)
	own.Apps = nil
	out["account-apps-empty"] = AccountApps(own)
}
