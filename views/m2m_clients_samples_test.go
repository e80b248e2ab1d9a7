package views

import "github.com/a-h/templ"

const sampleMachine = "m2m-client-live-7a1d4f0e-51c2-4c0e-9f3b-0d2c1f5b8e61"

func sampleM2MList(name, id string) M2MClientsPage {
	row := M2MClientRow{ID: id, Href: "/m2m-clients/x", Name: name, Description: name, Status: st(StatusOK, "Active"), Scopes: name, More: 2, Rotating: true}
	plain := M2MClientRow{ID: sampleMachine, Href: "/m2m-clients/y", Name: "Nightly export", Status: st(StatusOff, "Inactive")}
	nowhere := M2MClientRow{ID: "..", Name: "..", Status: st(StatusWarn, name), Scopes: "read:documents"}
	return M2MClientsPage{
		Frame: sampleFrame("M2M clients", AreaM2MClients), New: "/m2m-clients/new",
		List: M2MClientList{
			Action: "/m2m-clients", Clear: "/m2m-clients", Filters: M2MClientFilters{ID: id, Name: name, Scope: "a"}, Budget: Budget{Text: "9 of 10 left this minute"},
			Chips: []Chip{{Label: "Name is", Value: name, Href: "/m2m-clients"}}, Rows: []M2MClientRow{row, plain, nowhere},
			Pager: Pager{From: 51, To: 53, Total: -1, Size: 50, First: "/m2m-clients?name=a", Next: "/m2m-clients?name=a&cursor=c2&from=101"},
		},
	}
}

func sampleM2MClient(name, id string) M2MClientPage {
	return M2MClientPage{
		Frame: sampleFrame(name, AreaM2MClients), Crumbs: []Crumb{{Text: "M2M clients", Href: "/m2m-clients"}}, Name: name, ID: id, Status: st(StatusOK, "Active"),
		Rotation: sampleRotation("9c07"), Delete: "/m2m-clients/x/delete",
		Groups: []SettingsGroup{
			{ID: "name", Title: "Name and description", Edit: "/m2m-clients/x/edit/name", Facts: []Fact{{Label: "Name", Value: name}, {Label: "Description"}}},
			{ID: "metadata", Title: "Trusted metadata", JSON: `{"a":"` + long + `"}`, Need: samplePermission},
		},
	}
}

// sampleM2MClients are the pages of M2M clients and of the project.
func sampleM2MClients(out map[string]templ.Component) {
	out["m2m-clients"] = M2MClients(sampleM2MList("Invoice importer", sampleMachine))
	out["m2m-clients-hostile"] = M2MClients(sampleM2MList(hostile, hostile))
	out["m2m-clients-long"] = M2MClients(sampleM2MList(long, "billing.worker.of.the.northern.and.western.isles.production.europe.west"))
	list := sampleM2MList("x", sampleMachine)
	list.NewNeed = &samplePermission
	list.List.Rows = nil
	out["m2m-clients-no-match"] = M2MClients(list)
	list.List.Chips, list.List.Pager = nil, Pager{}
	out["m2m-clients-empty"] = M2MClients(list)
	list.List.Section = sampleFailed
	out["m2m-clients-failed"] = M2MClients(list)
	list.List.Section = sampleRefused
	out["m2m-clients-refused"] = M2MClients(list)
	list.List.Section, list.List.Problems = Section{}, []Problem{{Field: "scope", Text: "Give at most 100 of them."}}
	out["m2m-clients-problem"] = M2MClients(list)
	list.List.Budget.UsedUp = true
	out["m2m-clients-budget"] = M2MClients(list)

	out["m2m-client"] = M2MClient(sampleM2MClient("Invoice importer", sampleMachine))
	one := sampleM2MClient(hostile, hostile)
	one.DeleteNeed, one.Rotation.Permission = &samplePermission, &samplePermission
	out["m2m-client-hostile"] = M2MClient(one)
	out["m2m-client-new"] = SettingsForm(SettingsFormPage{
		Frame: sampleFrame("New M2M client", AreaM2MClients), Title: "New M2M client", Action: "/m2m-clients/new", Back: "/m2m-clients", Button: "Make the client",
		Problems: []Problem{{Field: "client_secret", Text: "Too short."}},
		Fields:   []SettingsField{{Name: "client_name", Label: "Name", Value: hostile}, {Name: "client_secret", Label: "Client secret", Note: "Type it again.", Kind: FieldSecret}},
	})

	project := ProjectPage{
		Frame: sampleFrame("Project", AreaProject), ID: "project-live-07971b06-ac8b-4cdb-9c15-63b17e653931", Staff: hostile, StaffID: sampleOrganization, StaffHref: "/organizations/x",
		Counts: []ProjectCount{{Label: "Organizations", Count: 1_234_567, Href: "/organizations"}, {Label: "Users", Note: "people of no organization"}, {Label: hostile, Count: 3}},
	}
	out["project"] = Project(project)
	for name, section := range map[string]Section{"project-failed": sampleFailed, "project-refused": sampleRefused, "project-empty": {State: SectionEmpty}} {
		project.CountsSection, project.Frame.Env = section, EnvTest
		out[name] = Project(project)
	}
}
