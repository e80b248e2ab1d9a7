package views

import "github.com/a-h/templ"

func sampleRecord(text string) Record {
	id := RecordFact{Label: "On", ID: sampleMember, Href: "/organizations/x/members/" + sampleMember, Only: "/audit?member=" + sampleMember}
	row := RecordRow{
		Seq: 48201, Time: "2026-11-22 11:26:09", Stamp: "2026-11-22T11:26:09.123Z", Who: text, WhoHref: "/audit?person=ada%40support.example", From: "Support desk",
		What: "Changed a member", About: sampleMember, AboutHref: "/organizations/x/members/" + sampleMember, Organization: text, OrganizationID: sampleOrganization,
		OrganizationHref: "/organizations/" + sampleOrganization, Result: st(StatusOK, "Done"), RequestID: sampleRequest,
		Facts:   []RecordFact{{Label: "Result", Text: "Done."}, {Label: "Reason", Text: text}, {Label: "Organization", Text: text, ID: sampleOrganization, Href: "/organizations/x"}, id},
		Changes: []RecordChange{{Field: text, Was: "acme", Now: text}, {Field: "Phone", Now: "+44 20 7946 0412"}, {Field: "Domains", Was: "acme.example"}},
	}
	console := RecordRow{Seq: 2, Time: "2026-11-22 11:22:41", Stamp: "2026-11-22T11:22:41Z", What: "Deleted a member", About: "tail", OrganizationID: sampleOrganization, OrganizationHref: "/organizations/x", Result: st(StatusPart, "Unknown")}
	stranger := RecordRow{Seq: 1, Time: "2026-11-22 10:58:30", Stamp: "2026-11-22T10:58:30Z", Who: text, FromID: sampleOrganization, What: text, OrganizationID: text, Result: st(StatusBad, "Refused"), RequestID: text}
	return Record{
		Action: "/audit", Clear: "/audit", Size: 50, Rows: []RecordRow{row, console, stranger}, First: "/audit?person=x", Next: "/audit?person=x&before=1",
		Chips:   []Chip{{Label: "Person is", Value: text, Href: "/audit"}},
		Exports: []RecordExport{{Text: "Export CSV", Href: "/audit/export.csv"}, {Text: "Export JSON Lines", Need: &samplePermission}},
		Filters: RecordFilters{
			Person: text, From: "2026-11-22", Operation: []Option{{Value: "enter", Text: "Enter the organization", Selected: true}, {Value: text, Text: text}},
			Result: []Option{{Value: "done", Text: "Done"}},
		},
	}
}

// sampleRecords are the pages of the record.
func sampleRecords(out map[string]templ.Component) {
	frame := sampleFrame("Audit log", AreaAudit)
	out["audit"] = Audit(AuditPage{Frame: frame, Record: sampleRecord("Ada Fenwick")})
	out["audit-hostile"] = Audit(AuditPage{Frame: frame, Record: sampleRecord(hostile)})
	out["audit-long"] = Audit(AuditPage{Frame: frame, Record: sampleRecord(long)})
	empty := sampleRecord("x")
	empty.Rows, empty.Next, empty.Filters.Target = nil, "", "x"
	out["audit-no-match"] = Audit(AuditPage{Frame: frame, Record: empty})
	empty.Chips, empty.First = nil, ""
	out["audit-empty"] = Audit(AuditPage{Frame: frame, Record: empty})
	empty.Problems = []Problem{{Field: "person", Text: "Enter a whole e-mail address."}, {Field: "from", Text: "Write it as 2026-11-22."}, {Field: "result", Text: "Choose one of the list."}, {Field: "target", Text: "No."}}
	out["audit-problem"] = Audit(AuditPage{Frame: frame, Record: empty})
	empty.Problems, empty.Section = nil, sampleFailed
	out["audit-failed"] = Audit(AuditPage{Frame: frame, Record: empty})

	in := ActivityPage{Frame: insideFrame("Activity", AreaActivity), Organization: hostile, OrganizationHref: "/organizations/x", Record: sampleRecord(hostile)}
	in.Record.Tenant = true
	out["activity"] = Activity(in)
	in.Member = &ActivityMember{Name: hostile, ID: sampleMember, Href: "/organizations/x/members/" + sampleMember}
	out["activity-of-member"] = Activity(in)
}
