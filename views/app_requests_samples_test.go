package views

import "github.com/a-h/templ"

// sampleAsks are the apps that members asked for.
func sampleAsks(text string) AppAsks {
	ask := AppAsk{Name: text, Email: "zoe@acme.example", Href: "/organizations/x/members/" + sampleMember, At: "22 Nov 2026, 14:30 UTC"}
	const client = "connected-app-live-3f6f8c06-9c1a-4b1e-8f68-0a2c5a0d2e11"
	return AppAsks{Shown: true, Apps: []AppAsked{
		{
			Name: text, ClientID: client, Owner: "Another company's", Hosts: []string{text, "notes.example"}, Asked: []AppAsk{ask, ask, ask, ask, ask},
			Allow: "/organizations/x/settings/apps?allow=a&party=third", Dismiss: "/organizations/x/connected-apps/requests/a",
		},
		{ClientID: text, Owner: "The operator's own", Hosts: []string{"unknown"}, Asked: []AppAsk{{Name: ask.Email, Email: ask.Email, Href: ask.Href, At: ask.At}}},
	}}
}

// sampleAppRequests are the pages about what members asked for and would be asked.
func sampleAppRequests(out map[string]templ.Component) {
	page := func(asks AppAsks) templ.Component {
		return OrganizationApps(OrganizationAppsPage{
			Frame: insideFrame("Connected Apps of Acme", AreaTenantApps), Organization: "Acme", OrganizationHref: "/organizations/x", Asks: asks,
			Preview: "/organizations/x/connected-apps/preview", Section: Section{State: SectionEmpty},
		})
	}
	out["asks"], out["asks-hostile"], out["asks-long"] = page(sampleAsks("Pocket Notes")), page(sampleAsks(hostile)), page(sampleAsks(long))
	out["asks-empty"] = page(AppAsks{Shown: true, Section: Section{State: SectionEmpty}})
	out["asks-refused"] = page(AppAsks{Shown: true, Section: sampleRefused})
	out["asks-failed"] = page(AppAsks{Shown: true, Section: sampleFailed})

	preview := func(m ConsentPreviewPage) templ.Component {
		m.Frame, m.Title, m.Action = insideFrame("Preview consent", AreaTenantApps), "Preview consent", "/organizations/x/connected-apps/preview"
		m.Crumbs = []Crumb{{Text: "Organizations", Href: "/organizations"}, {Text: "Connected Apps", Href: "/organizations/x/connected-apps"}}
		return ConsentPreview(m)
	}
	out["consent-preview"] = preview(ConsentPreviewPage{})
	out["consent-preview-closed"] = preview(ConsentPreviewPage{Permission: []Permission{samplePermission, samplePermission}})
	out["consent-preview-problem"] = preview(ConsentPreviewPage{
		Member: hostile, URL: hostile, Problems: []Problem{{Field: PreviewMember, Text: "Enter a whole e-mail address."}, {Field: PreviewURL, Text: "Paste it."}},
	})
	seen := sampleConsent(&English)
	seen.Switch, seen.Apps, seen.Everything, seen.Loopback = "", "", true, true
	out["consent-preview-seen"] = preview(ConsentPreviewPage{Seen: &seen, Member: "zoe@acme.example", URL: "https://a.example/?x", Notes: []string{"Zoe would see this page.", hostile}})
	strange := sampleConsent(&English)
	strange.Switch, strange.Person, strange.Organization, strange.Name, strange.Address = "", hostile, hostile, hostile, hostile
	out["consent-preview-hostile"] = preview(ConsentPreviewPage{Seen: &strange})
	refused := ConsentRefusal{
		Heading: "The redirect address is not registered", What: hostile, Back: "Nothing goes back.", Cure: "Register it. These are:", Type: hostile, RequestID: sampleRequest,
		Listed: []string{hostile, "https://a.example/callback"}, Href: "/connected-apps/x", HrefText: "To the client",
	}
	out["consent-preview-refused"] = preview(ConsentPreviewPage{Refused: &refused})
	refused.Type, refused.RequestID, refused.Back, refused.Href, refused.Listed = "", "", "", "", nil
	out["consent-preview-unreadable"] = preview(ConsentPreviewPage{Refused: &refused, Notes: []string{"It goes elsewhere."}})
}
