package views

import "github.com/a-h/templ"

// sampleMemberActs are the pages that ask before an act on a member, and those that answer.
func sampleMemberActs(out map[string]templ.Component) {
	frame := insideFrame("Members", AreaMembers)
	crumbs := []Crumb{{Text: hostile, Href: "/organizations/x"}, {Text: "Members", Href: "/organizations/x/members"}}
	facts := []Fact{{Label: "E-mail", Value: hostile, Note: "verified"}, {Label: "Member id", Value: hostile, ID: true}}

	ask := ConfirmPage{
		Frame: frame, Crumbs: crumbs, Title: "Delete Zoë Fairweather-Okonkwo?", Facts: facts, Says: []string{"Their 3 live sessions here end at once.", hostile},
		Warnings: []string{"This is you.", hostile}, Button: "Delete this member", Action: "/organizations/x/members/y/delete", Cancel: "/organizations/x/members/y",
	}
	out["confirm"] = Confirm(ask)
	ask.Reason, ask.ReasonText, ask.TypeName, ask.Typed, ask.Hidden = true, hostile, hostile, hostile, []Hidden{{Name: "how", Value: hostile}}
	ask.Problems = []Problem{{Text: "Somebody else has the address."}, {Field: ConfirmReason, Text: "Say why."}, {Field: ConfirmType, Text: "This is not what is asked for."}}
	out["confirm-problems"] = Confirm(ask)
	ask.Problems, ask.Permission, ask.Calm, ask.Title, ask.Says = nil, &samplePermission, true, hostile, nil
	out["confirm-lacking"] = Confirm(ask)

	receipts := ReceiptsPage{
		Frame: frame, Crumbs: crumbs, Title: "Lock-down of " + hostile, Action: "/organizations/x/members/y/lock-down", Back: "/organizations/x/members/y", BackText: "To the member",
		Receipts: []Receipt{
			{Text: "End 3 sessions", State: Done, RequestID: sampleRequest},
			{Text: "Revoke " + hostile, State: Failed, Note: "Stytch refused it to you.", RequestID: sampleRequest},
			{Text: "Delete the password", State: Unknown, Note: "The answer to it was lost."},
			{Text: "Take break-glass away", State: Skipped, Note: "They are not break-glass."},
			{Text: "End the sessions that began meanwhile", State: Waiting, Note: "What came before took too long."},
		},
		Hidden: []Hidden{{Name: "reason", Value: hostile}, {Name: "step", Value: "password"}}, Again: "Try again what is not done", Says: []string{hostile},
	}
	out["receipt"] = Receipts(receipts)
	receipts.Receipts, receipts.Again, receipts.Hidden, receipts.Says = receipts.Receipts[:1], "", nil, nil
	out["receipt-done"] = Receipts(receipts)

	lock := LockDownPage{
		Frame: frame, Crumbs: crumbs, Name: hostile, Facts: facts, Other: "/organizations/x/members/y/lock-down?how=keep", Says: []string{"They can be reactivated."},
		Steps: []LockDownStep{{Text: "Deactivate " + hostile}}, Warnings: []string{hostile}, Action: "/organizations/x/members/y/lock-down", Cancel: "/organizations/x/members/y",
		Permission: &samplePermission,
	}
	out["lock-down"] = LockDown(lock)
	lock.Keep, lock.Roles, lock.Fixed, lock.ReasonText = true, []Option{{Value: hostile, Text: hostile, Selected: true}, {Value: "editor", Text: "editor"}}, []string{"billing_viewer", hostile}, hostile
	lock.Steps = []LockDownStep{{Text: "End 3 sessions"}, {Text: "Revoke their apps", Note: "They have let no app in.", None: true}, {Text: "Delete the password", Need: &samplePermission}}
	lock.Problems = []Problem{{Field: ConfirmReason, Text: "Say why."}}
	out["lock-down-keep"] = LockDown(lock)

	out["providers"] = Providers(ProvidersPage{Frame: frame, Crumbs: crumbs, Name: hostile, Facts: facts, Providers: []ProviderPart{
		{ID: "google", Name: "Google", Rows: []ProviderRow{{Subject: hostile, In: hostile, Scopes: []string{"email", hostile}, Access: st(StatusOK, "Held"), Ends: "in 40 min"}, {Access: st(StatusOff, "None")}}},
		{ID: "slack", Name: "Slack", Section: Section{State: SectionEmpty}},
		{ID: "github", Name: "GitHub", Section: sampleFailed},
	}})
	out["member-codes"] = MemberCodes(MemberCodesPage{
		Frame: frame, Crumbs: crumbs, Name: hostile, Organization: hostile, Codes: []string{"abcd-efgh-1234", hostile}, Download: "/recovery-codes", Back: "/organizations/x/members/y",
	})

	who := sampleMemberPage()
	act := func(text string) MemberAct {
		return MemberAct{Text: text, About: hostile, Href: "/organizations/x/members/y/delete"}
	}
	lacking := MemberAct{Text: "Delete", About: hostile, Need: &samplePermission}
	who.Activity, who.Edits, who.RolesAct, who.TrustedAct, who.UntrustedAct = "/organizations/x/activity?member=y", []MemberAct{act("Name"), lacking}, act("Change"), lacking, act("Change")
	who.RegistrationsAct, who.SessionsAct = act("State of provider accounts"), act("End all sessions")
	who.RetiredEmails = []RetiredEmail{{Email: hostile, Act: act("Let go")}, {Email: hostile, Act: lacking}}
	for i := range who.Roles {
		who.Roles[i].Holders = "/organizations/x/members?role=editor"
	}
	who.Factors[3].Act, who.SecondFactors[0].Act = lacking, act("Remove")
	who.Sessions[0].Act, who.Sessions[1].Act = act("End"), lacking
	who.Apps = []AppGrant{{Name: hostile, ID: hostile, Kind: "Third party", Scopes: sampleScopes, Act: act("Revoke")}, {Name: "Ledgerline", Act: lacking}}
	who.Danger = []DangerRow{{Title: "Lock down", Text: hostile, Act: act("Lock down")}, {Title: "Delete this member", Text: "Ends their sessions.", Act: lacking}}
	out["member-acts"] = Member(who)
}
