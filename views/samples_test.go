package views

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

const (
	sampleOrganization = "organization-live-07971b06-ac8b-4cdb-9c15-63b17e653931"
	sampleMember       = "member-live-dfecad90-5d40-4939-99b0-34e6021598f9"
	sampleRequest      = "request-id-live-413c0861-4190-401e-9391-c26c2627de62"
	hostile            = "<script>alert('x')</script>\u202egnp.exe \"onmouseover=\"x"
	long               = "The Worshipful Company of Shipwrights, Instrument Makers, Chandlers & Allied Trades of the Northern and Western Isles (Holdings)"
)

func st(kind StatusKind, text string) Status { return Status{Kind: kind, Text: text} }

func sampleFrame(title string, area Area) Frame {
	return Frame{
		Title: title, Env: EnvSandbox, Theme: "", Path: "/organizations?name=a&x=%22", Area: area, Staff: true,
		Outbox: "http://127.0.0.1:8081/outbox",
		Person: &Person{Name: "Ada Fenwick", Email: "ada@support.example", Initials: "AF", Home: "Support desk", Roles: "support_admin"},
		Assets: Assets{CSS: "/static/app.css", JS: "/static/app.js", HTMX: "/static/htmx.min.js", Icon: "/static/icon.svg"},
		Tenants: []TenantLink{
			{Name: "Acme Industrial", Href: "/organizations/a", Left: "42 min", Current: area == AreaOverview || area == AreaMembers},
			{Name: "شركة النور", Href: "/organizations/b", Left: "ended"},
		},
	}
}

func insideFrame(title string, area Area) Frame {
	f := sampleFrame(title, area)
	f.Tenant = &Tenant{ID: sampleOrganization, Name: "Acme Industrial", Roles: "tenant_support", MinutesLeft: 42, Held: true}
	return f
}

func outsideFrame(title string) Frame {
	f := sampleFrame(title, AreaNone)
	f.Person, f.Tenants, f.Staff = nil, nil, false
	return f
}

var (
	samplePermission = Permission{Resource: "stytch.member", Action: "search", In: "Acme Industrial", Roles: []string{"stytch_admin", "tenant_support"}, Yours: []string{"stytch_member"}}
	sampleRefused    = Section{State: SectionRefused, Permission: samplePermission, RequestID: sampleRequest}
	sampleFailed     = Section{State: SectionFailed, Problem: "Stytch did not answer within 10 seconds.", RequestID: sampleRequest, Retry: "/organizations?name=a"}
)

func sampleDirectory(names ...string) DirectoryPage {
	m := DirectoryPage{Frame: sampleFrame("Organizations", AreaOrganizations), Mine: "/organizations?show=mine"}
	l := &m.List
	l.Action, l.Clear = "/organizations", "/organizations"
	l.Filters = DirectoryFilters{Name: "a"}
	l.Chips = []Chip{{Label: "Name contains", Value: "a", Href: "/organizations"}}
	l.Budget = Budget{Text: "9 of 10 left this minute"}
	for i, name := range names {
		r := DirectoryRow{
			ID: sampleOrganization[:len(sampleOrganization)-2] + strconv.Itoa(10+i%90), Href: "/organizations/" + sampleOrganization, Name: name, Slug: "slug-" + strconv.Itoa(i),
			SignIn: st(StatusDim, "Any"), MFA: st(StatusDim, "Optional"), Created: "2026-11-03",
		}
		switch i % 5 {
		case 0:
			r.SignIn, r.MFA, r.SSO, r.SCIM = Status{Text: "2 methods"}, Status{Text: "Required"}, Status{Text: "2 active"}, st(StatusPart, "Okta, rotating")
		case 2:
			r.SignIn, r.MFA, r.SSO, r.SCIM = Status{Text: "SSO only"}, Status{Text: "Required"}, Status{Text: "1 active"}, Status{Text: "Entra ID"}
		case 4:
			r.SignIn, r.SCIM = st(StatusBad, "Closed"), st(StatusWarn, "Okta, 9 days")
		}
		l.Rows = append(l.Rows, r)
	}
	l.Pager = Pager{From: 51, To: 50 + len(names), Total: -1, Size: 50, First: "/organizations?name=a", Back: "/organizations?name=a&from=1", Next: "/organizations?name=a&cursor=c2&from=101"}
	return m
}

func sampleMembers(names ...string) MembersPage {
	m := MembersPage{Frame: insideFrame("Members of Acme Industrial", AreaMembers), Organization: "Acme Industrial", OrganizationHref: "/organizations/" + sampleOrganization, New: "/organizations/x/members/new"}
	l := &m.List
	l.Action, l.Clear, l.Organization = "/organizations/x/members", "/organizations/x/members", "Acme Industrial"
	l.Roles = []string{"stytch_admin", "stytch_member", hostile}
	l.Filters.Status = []Option{{Value: "active", Text: "Active", Selected: true}, {Value: "invited", Text: "Invited"}, {Value: "pending", Text: "Pending"}, {Value: "deleted", Text: "Deleted"}}
	l.Chips = []Chip{{Label: "Status is", Value: "Active", Href: "/organizations/x/members"}}
	states := []Status{st(StatusOK, "Active"), st(StatusWait, "Invited"), st(StatusBad, "Locked"), st(StatusWarn, "Break-glass"), st(StatusOff, "Deleted")}
	for i, name := range names {
		r := MemberRow{ID: sampleMember, Href: "/organizations/x/members/" + sampleMember, Name: name, Email: "member" + strconv.Itoa(i) + "@acme.example", Status: states[i%5], Created: "2026-02-22"}
		if i%2 == 0 {
			r.Roles, r.More, r.MFA = "stytch_admin", i%3, Status{Text: "TOTP"}
		}
		l.Rows = append(l.Rows, r)
	}
	l.Pager = Pager{From: 1, To: len(names), Total: 1331, Size: 50, Next: "/organizations/x/members?cursor=c2&from=51"}
	return m
}

func sampleOverview() OverviewPage {
	return OverviewPage{
		Frame: insideFrame("Acme Industrial", AreaOverview), ID: sampleOrganization, Name: "Acme Industrial", Slug: "acme", ExternalID: "cust_00412",
		Created: "12 Feb 2024", Changed: "19 Nov 2026, 16:41 UTC", EmailDomains: []string{"acme.example", "acme.io"}, ClaimedDomains: []string{"acme.example"},
		Attention: []Attention{
			{Kind: StatusBad, Text: "SAML certificate of Okta workforce expires in 6 days", Follow: "28 Nov 2026, 09:14 UTC. It is the default connection: when it lapses, nobody signs in through it."},
			{Kind: StatusPart, Text: "SCIM token rotation is half done", Follow: "Okta still sends …k3Qd; the new token …9fWz has not been used."},
			{Kind: StatusWarn, Text: "Break-glass members can sign in without SSO", Href: "/organizations/x/members?breakglass=yes", Button: "Review"},
		},
		Strip: []Glance{
			{Label: "Members", Status: Status{Text: "1,321"}, Href: "/organizations/x/members"},
			{Label: "Single sign-on", Status: st(StatusOK, "2 active")},
			{Label: "SCIM", Status: st(StatusPart, "Rotating")},
			{Label: "MFA", Status: st(StatusOK, "Required")},
			{Label: "Apps", Status: Status{Text: "3 allowed"}},
		},
		SignIn: []Fact{
			{Label: "Methods", Value: "Single sign-on, e-mail link", Note: "(restricted to these)"},
			{Label: "Second factor", Value: "Required for everyone: authenticator app, text message"},
			{Label: "New members", Value: "Just in time from acme.example and acme.io through Okta workforce"},
			{Label: "Invitations", Value: "Only to acme.example and acme.io"},
			{Label: "Google, Microsoft tenants", Value: ""},
		},
		Connections: []ConnectionRow{
			{ID: "saml-connection-live-b13d28b4-4464-469c-9264-d709fce0e184", Name: "Okta workforce", Provider: "SAML, Okta", Status: st(StatusOK, "Active, default"), Certificate: st(StatusBad, "2026-11-28")},
			{ID: "oidc-connection-live-b273cebc-f987-4f58-9a83-767ab5b57e81", Name: "Entra for contractors", Provider: "OIDC, Entra ID", Status: st(StatusOK, "Active")},
			{ID: "saml-connection-live-ea3ba89d-9d8b-4833-9b42-56ce82c0fe4d", Name: "Warehouse scanners", Provider: "SAML, generic", Status: st(StatusWait, "Pending"), Certificate: st(StatusDim, "No certificate yet")},
		},
		SCIM:       []Fact{{Label: "Provider", Value: "Okta"}, {Label: "Token", Value: "…k3Qd until 4 Mar 2029"}, {Label: "Groups with roles", Value: "6 of 41"}},
		AppsPolicy: []Fact{{Label: "First party", Value: "All"}, {Label: "Third party", Value: "Only the 3 on the list"}},
		Apps:       []AppRow{{ID: "connected-app-live-0b2e7a50-5df4-4e73-9a8a-762eb2134cdd", Name: "Ledgerline Reports", Kind: "Third party, confidential", Status: st(StatusOK, "Allowed")}},
		Members:    "/organizations/x/members", Leave: "/organizations/x/leave",
	}
}

func sampleMemberPage() MemberPage {
	return MemberPage{
		Frame: insideFrame("Zoë Fairweather-Okonkwo", AreaMembers), Organization: "Acme Industrial", OrganizationHref: "/organizations/x", MembersHref: "/organizations/x/members",
		ID: sampleMember, Name: "Zoë Fairweather-Okonkwo", Email: "zoe@acme.example", Status: st(StatusOK, "Active"),
		Details: []Fact{
			{Label: "Name", Value: "Zoë Fairweather-Okonkwo"},
			{Label: "E-mail", Value: "zoe@acme.example", Note: "verified"},
			{Label: "Phone", Value: "+44 20 7946 0412", Note: "not verified"},
			{Label: "External id", Value: "hr-20931", ID: true},
			{Label: "Break-glass", Value: "No"},
			{Label: "Second factor", Value: "Required, authenticator app"},
			{Label: "Created", Value: "14 Feb 2024, 10:02 UTC"},
			{Label: "Changed", Value: "19 Nov 2026, 16:41 UTC"},
		},
		RetiredEmails: []RetiredEmail{{Email: "z.fairweather@acme.io"}},
		Roles: []RoleRow{
			{Role: "stytch_admin", Sources: []Source{{Text: "Given directly"}}},
			{Role: "billing_viewer", Sources: []Source{{Text: "Group", Value: "Finance", In: "in Okta workforce (SAML)"}, {Text: "E-mail domain", Value: "acme.example"}}},
			{Role: "stytch_member", Sources: []Source{{Text: "Everybody has it"}}},
		},
		Factors: []FactorRow{
			{Name: "Single sign-on", Detail: "Okta workforce, as zoe.fairweather", State: st(StatusOK, "Linked")},
			{Name: "Google", Detail: "subject 108224…9931", State: st(StatusOK, "Linked")},
			{Name: "E-mail", Detail: "zoe@acme.example", State: st(StatusOK, "Verified")},
			{Name: "Password", State: st(StatusOff, "Not set")},
		},
		SecondFactors: []FactorRow{
			{Name: "Authenticator app", Detail: "Default", State: st(StatusOK, "Enrolled")},
			{Name: "Text message", Detail: "+44 20 7946 0412", State: st(StatusWarn, "Not verified")},
		},
		Sessions: []SessionRow{
			{ID: "member-session-live-e9593261-d339-43a0-9231-f8ff57dfc260", Factors: []string{"SSO", "authenticator app"}, Started: "Today, 08:41 UTC", Seen: "2 min ago", Ends: "in 7 h", SeenT: "2026-11-22T11:26:00Z", Current: true},
			{ID: "member-session-live-d743ae6a-6bcd-4e3c-9c9b-ffba937432f6", Factors: []string{"Google"}, Started: "21 Nov, 19:12 UTC", Seen: "14 h ago", Ends: "in 2 d"},
		},
		Registrations: []Registration{
			{Kind: "SAML", Name: "Okta workforce", Subject: "zoe.fairweather", ID: "saml-registration-live-1", Count: 3, Attributes: `{"firstName":["Zoë"],"groups":["Everyone","Finance","<script>"],"costCentre":["4410"]}`},
			{Kind: "SCIM", Name: "Okta", Subject: "00u8f2k1m", Status: st(StatusOK, "Active")},
		},
		TrustedMetadata:   `{"plan":"enterprise","cost_centre":4410,"flags":["beta-reports","no-export"],"nested":{"a":[{"b":1},{"c":null}],"empty":{}}}`,
		UntrustedMetadata: `{"theme":"dark","nickname":"<script>alert(1)</script>","bidi\u202e":"x\u200by"}`,
	}
}

// samples are all pages in all their states, by a name.
func samples() map[string]templ.Component {
	names := []string{
		"Acme Industrial", "Aberdeen Marine Survey", "Abraxas Labs", "Adler & Söhne Präzisionstechnik", long, "شركة النور للصناعات الدوائية", "Albatross Freight", hostile,
		"Ac\u200bme Industrial", "🚀 Rocket & Daughters 🦄", "מעבדות צפון בע״מ", `O'Brien "& Sons" <Ltd>`, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "", "Alpenglow Robotics",
	}
	out := map[string]templ.Component{}
	out["organizations"] = Directory(sampleDirectory(names...))

	empty := sampleDirectory()
	empty.List.Pager = Pager{Total: -1}
	out["organizations-none-found"] = Directory(empty)
	first := empty
	first.List.Chips, first.List.Filters, first.List.Budget = nil, DirectoryFilters{}, Budget{}
	out["organizations-empty"] = Directory(first)
	past := first
	past.List.Pager.First = "/organizations"
	out["organizations-past-end"] = Directory(past)
	usedUp := empty
	usedUp.List.Budget = Budget{Text: "0 of 10 left this minute", UsedUp: true, Wait: "in 23 seconds"}
	out["organizations-budget"] = Directory(usedUp)
	refused := empty
	refused.List.Section = sampleRefused
	out["organizations-refused"] = Directory(refused)
	failed := empty
	failed.List.Section = sampleFailed
	failed.List.Filters.Connection = hostile
	out["organizations-failed"] = Directory(failed)
	wrong := empty
	wrong.List.Filters = DirectoryFilters{Name: "a", ID: hostile}
	wrong.List.Problems = []Problem{{Field: "", Text: "Nothing was searched."}, {Field: "name", Text: "Two characters or more."}, {Field: "id", Text: "That is not an organization id."}, {Field: "sso", Text: "Choose one of the three."}}
	wrong.List.Chips = []Chip{{Label: "Name contains", Value: "a", Href: "/organizations?id=1"}, {Label: "Id is", Value: hostile, Href: "/organizations?name=a"}}
	out["organizations-problems"] = Directory(wrong)
	bad := sampleDirectory(hostile, hostile)
	bad.Frame.Title, bad.Frame.Query, bad.Frame.Path = hostile, hostile, "/organizations?name="+hostile
	bad.Frame.Flash = &Flash{Kind: FlashOK, Text: hostile}
	bad.Frame.Exposed, bad.Frame.Refresh = true, "javascript:alert(1)"
	bad.Frame.Acting = &Acting{As: hostile, By: hostile, Left: "42 minutes", End: "/logout"}
	bad.Frame.Person = &Person{Name: hostile, Email: hostile, Initials: "\u202e<", Home: hostile, Roles: hostile}
	bad.Frame.Tenants = []TenantLink{{Name: hostile, Href: "javascript:alert(1)"}}
	bad.List.Filters.Name = hostile
	bad.List.Chips[0].Value = hostile
	bad.List.Rows[0].Slug, bad.List.Rows[0].ID, bad.List.Rows[0].Href = hostile, hostile, "javascript:alert(1)"
	bad.List.Rows[1].SCIM, bad.List.Rows[1].ID = st(StatusKind("odd"), hostile), ""
	out["organizations-hostile"] = Directory(bad)

	mine := MembershipsPage{Frame: sampleFrame("Your organizations", AreaOrganizations), Directory: "/organizations", Rows: []Membership{
		{ID: "1", Name: "Northwind support desk", Slug: "support-desk", Kind: st(StatusOK, "Active"), Held: true, Left: "7 h", Href: "/organizations/1"},
		{ID: "2", Name: "Acme Industrial", Slug: "acme", Kind: st(StatusOK, "Active"), Action: "/organizations/2/enter", Button: "Enter"},
		{ID: "3", Name: long, Slug: "worshipful", Kind: st(StatusWait, "Invited"), Action: "/organizations/3/enter", Button: "Accept"},
		{ID: "4", Name: hostile, Slug: hostile, Kind: st(StatusWait, "May join"), Action: "/organizations/4/enter", Button: "Join"},
	}}
	out["memberships"] = Memberships(mine)
	mine.Rows, mine.Frame.Staff, mine.Directory = nil, false, ""
	out["memberships-empty"] = Memberships(mine)
	mine.Section = sampleFailed
	out["memberships-failed"] = Memberships(mine)
	mine.Section = sampleRefused
	out["memberships-refused"] = Memberships(mine)

	over := sampleOverview()
	out["organization"] = Overview(over)
	live := over
	live.Frame.Env, live.Frame.Flash = EnvLive, &Flash{FlashOK, "You entered Acme Industrial."}
	out["organization-live"] = Overview(live)
	over.Frame.Env, over.Attention, over.ExternalID, over.ClaimedDomains = EnvTest, nil, "", nil
	over.Strip = slices.Clone(over.Strip)
	over.Strip[0] = Glance{Label: "Members", Status: st(StatusDim, "Hidden from you"), Note: "needs stytch.member : search"}
	over.SignInSection, over.ConnectionsSection, over.SCIMSection, over.AppsSection = Section{}, sampleRefused, sampleFailed, Section{State: SectionEmpty}
	out["organization-partial"] = Overview(over)
	over.AttentionSection, over.SignInSection, over.ConnectionsSection = sampleFailed, sampleFailed, Section{State: SectionEmpty}
	over.SCIMSection, over.AppsSection = Section{State: SectionEmpty}, sampleRefused
	out["organization-failed"] = Overview(over)
	over.AttentionSection = sampleRefused
	over.Name, over.Slug, over.ID, over.ExternalID, over.EmailDomains, over.ClaimedDomains = hostile, hostile, hostile, hostile, []string{hostile, hostile}, []string{hostile}
	over.SignInSection, over.SignIn = Section{}, []Fact{{Label: "x", Value: hostile, Note: hostile}, {Label: "y", Value: hostile, ID: true}}
	over.ConnectionsSection, over.Connections = Section{}, []ConnectionRow{{ID: hostile, Name: hostile, Provider: hostile, Status: st(StatusBad, hostile), Certificate: Status{Text: hostile}}}
	over.AppsSection, over.Apps = Section{}, []AppRow{{ID: hostile, Name: hostile, Href: "/organizations/x/connected-apps/y", Kind: hostile, Status: st(StatusOK, hostile)}}
	out["organization-hostile"] = Overview(over)

	enter := EnterPage{Frame: sampleFrame("Enter Acme Industrial", AreaNone), State: EnterReady, ID: sampleOrganization, Name: "Acme Industrial", Action: "/organizations/x/enter", Return: "/organizations/x/members?a=" + hostile, Back: "/organizations?show=mine"}
	enter.Frame.Tenant = &Tenant{ID: sampleOrganization, Name: "Acme Industrial"}
	out["enter"] = Enter(enter)
	enter.State, enter.Name, enter.Frame.Tenant = EnterNotMember, "", nil
	out["enter-not-member"] = Enter(enter)
	enter.Name, enter.Lacks = hostile, &samplePermission
	out["enter-lacks"] = Enter(enter)
	enter.State, enter.Role, enter.Hours, enter.Reason = EnterSupport, "tenant_support", 4, hostile
	enter.Problems = []Problem{{Field: "reason", Text: "Give a reason of 3 to 500 characters."}}
	out["enter-support"] = Enter(enter)
	enter.State = EnterClosed
	out["enter-closed"] = Enter(enter)
	enter.State, enter.Methods = EnterMethods, []string{"single sign-on", hostile}
	out["enter-methods"] = Enter(enter)
	entries := EntriesPage{Frame: sampleFrame("Support entries", AreaNone), Hours: 1}
	out["entries-empty"] = Entries(entries)
	entries.Frame = insideFrame("Support entries", AreaNone)
	entries.Frame.Visit = &Visit{In: hostile, Until: "14:30 UTC", Reason: hostile, Leave: "/organizations/x/leave"}
	entries.Rows = []EntryRow{
		{Email: "ada@support.example", Organization: "Acme Industrial", Href: "/organizations/a", Reason: "SUP-4821", Since: "22 Nov 2026, 14:30 UTC", Until: "22 Nov 2026, 18:30 UTC", End: "/entries/a/end", Own: true},
		{Email: hostile, Organization: hostile, Href: "/organizations/b", Reason: hostile, Since: "22 Nov 2026, 14:30 UTC", Status: st(StatusWarn, "Ending, tried 3 times"), End: "/entries/b/end"},
	}
	out["entries"] = Entries(entries)

	mems := sampleMembers(append(names, "Anders Lindqvist", "<img src=x onerror=alert(1)>")...)
	out["members"] = Members(mems)
	none := sampleMembers()
	none.List.Pager = Pager{Total: -1}
	out["members-none-found"] = Members(none)
	none.List.Chips, none.List.Roles, none.List.Filters.Status = nil, nil, nil
	out["members-empty"] = Members(none)
	none.List.Section = sampleRefused
	out["members-refused"] = Members(none)
	none.List.Section = sampleFailed
	none.List.Filters = MembersFilters{Email: hostile, ID: hostile, Role: hostile, Phone: hostile}
	none.List.Problems = []Problem{{Field: "role", Text: "No such role."}, {Field: "email", Text: "That is not an e-mail address."}}
	out["members-failed"] = Members(none)
	evil := sampleMembers(hostile, hostile)
	evil.Organization, evil.List.Organization, evil.List.Rows[0].Email, evil.List.Rows[0].Roles = hostile, hostile, hostile, hostile
	out["members-hostile"] = Members(evil)

	who := sampleMemberPage()
	out["member"] = Member(who)
	who.Name, who.Lock, who.RolesSection, who.SessionsSection, who.You = "", Lock{Locked: true, Since: "19 Nov 2026, 16:41 UTC", Until: "19 Nov 2026, 17:41 UTC", Reason: "Too many wrong passwords."}, sampleRefused, sampleFailed, true
	who.Factors, who.SecondFactors, who.Registrations, who.TrustedMetadata, who.UntrustedMetadata, who.RetiredEmails = nil, nil, nil, "", "{}", nil
	out["member-partial"] = Member(who)
	who.RolesSection, who.SessionsSection, who.Lock, who.Details = sampleFailed, Section{State: SectionEmpty}, Lock{Locked: true}, nil
	out["member-empty"] = Member(who)
	who = sampleMemberPage()
	who.Name, who.Email, who.ID, who.Organization, who.Frame.Title = hostile, hostile, hostile, hostile, hostile
	who.Status, who.RetiredEmails = st(StatusOK, hostile), []RetiredEmail{{Email: hostile}}
	who.Roles = []RoleRow{{Role: hostile, Sources: []Source{{hostile, hostile, hostile}}}, {Role: hostile}}
	who.Factors = []FactorRow{{Name: hostile, Detail: hostile, State: st(StatusBad, hostile)}}
	who.Sessions = []SessionRow{{ID: hostile, Factors: []string{hostile}, Started: "Today", Seen: "now", Ends: "in 1 h"}, {}}
	who.Registrations = []Registration{{hostile, hostile, hostile, hostile, st(StatusOK, hostile), hostile, 1}}
	who.TrustedMetadata, who.UntrustedMetadata = `{"</pre><script>alert(1)</script>":"<script>alert(1)</script>\u202e"}`, hostile
	out["member-hostile"] = Member(who)

	find := FindPage{Frame: sampleFrame("Find", AreaNone), Query: "zoe@acme.example", Kind: "an e-mail address", Results: []Found{
		{Kind: "Member", Name: "Zoë Fairweather-Okonkwo", Detail: "zoe@acme.example", In: "Acme Industrial", ID: sampleMember, Href: "/m"},
		{Kind: "Organization", Name: hostile, Detail: hostile, In: hostile, ID: hostile, Href: "/o"},
		{Kind: "Member", Detail: "a@b.example", ID: sampleMember, Href: "/m2"},
	}}
	find.Frame.Query = find.Query
	out["find"] = Find(find)
	find.Results, find.Tried, find.Query = nil, []string{"an organization with this slug", "members with this e-mail address"}, hostile
	out["find-nothing"] = Find(find)
	find.Query, find.Tried, find.Kind = "", nil, ""
	out["find-empty"] = Find(find)
	find.Section = sampleRefused
	out["find-refused"] = Find(find)
	find.Section = sampleFailed
	out["find-failed"] = Find(find)
	find.Budget = Budget{UsedUp: true}
	out["find-budget"] = Find(find)

	sampleSignIn(out)
	sampleAccounts(out)
	sampleApps(out)
	sampleApps(out)
	sampleLinks(out)
	sampleFactors(out)
	samplePasswords(out)
	sampleStepUp(out)
	sampleMemberActs(out)
	sampleErrors(out)
	sampleRecords(out)
	sampleM2MClients(out)
	sampleAppRequests(out)
	sampleSettings(out)
	sampleClientSecrets(out)
	sampleClients(out)
	sampleMemberForms(out)
	return out
}

func sampleErrors(out map[string]templ.Component) {
	crumbs := []Crumb{{Text: "Organizations", Href: "/organizations"}, {Text: "Acme Industrial", Href: "/organizations/x"}, {Text: hostile, Href: "/organizations/x/members"}}
	out["forbidden"] = Error(ErrorPage{
		Frame: insideFrame("You may not see the members here", AreaMembers), Crumbs: crumbs, Status: 403, Heading: "You may not see the members here", What: "Stytch refused it. Nothing was changed.",
		Permission: &samplePermission, Href: "/organizations/x", HrefText: "Back to the organization", RequestID: sampleRequest, Reference: "01JD6Z0K7W",
	})
	out["forbidden-unknown"] = Error(ErrorPage{Frame: sampleFrame("x", ""), Status: 403, Heading: "You may not do this", Permission: &Permission{Resource: hostile, Action: hostile}})
	out["upstream-down"] = Error(ErrorPage{
		Frame: insideFrame("Stytch does not answer", AreaMembers), Status: 504, Heading: "Stytch does not answer", What: "We waited for 10 seconds. Nothing was changed.", Do: "Try again in a moment.",
		Retry: "/organizations/x/members", Href: "/organizations", HrefText: "Organizations", Reference: "01JD6Z0K7W",
	})
	for status, heading := range map[int]string{400: "This request cannot be read", 401: "You are signed out", 404: "There is nothing here", 405: "Not that way", 413: "Too much", 422: "Not accepted", 429: "Too many requests", 500: "Something broke here", 502: "Stytch gave an answer that makes no sense"} {
		m := ErrorPage{Frame: outsideFrame(heading), Status: status, Heading: heading, What: hostile, Do: hostile, SignIn: "/login?return=%2Forganizations", Reference: "01JD6Z0K7W", RequestID: hostile}
		out["error-"+strconv.Itoa(status)] = Error(m)
	}
}
