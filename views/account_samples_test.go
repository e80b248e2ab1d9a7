package views

import "github.com/a-h/templ"

func sampleAccount(frame Frame, name string) AccountPage {
	in := AccountIn{Organization: name, ID: sampleOrganization}
	return AccountPage{
		Frame: frame, In: in, Name: name, Email: "zoe@acme.example", MemberID: sampleMember,
		Others: []AccountLink{{Organization: "Support desk", Href: "/account"}, {Organization: name, Href: "/account?organization=b"}, {Href: "/account?organization=c"}},
		Parts: []AccountPart{
			{ID: "you", Title: "You", Rows: []AccountRow{
				{Label: "E-mail", Value: name, Note: "Not verified yet.", Acts: []AccountAct{{Text: "Change", About: "the e-mail address", Href: "/account/email?organization=a"}}},
				{Label: "Roles", Value: "stytch_member, " + name},
				{Label: "Nothing"},
			}},
			{ID: "second", Title: "Second factors", Rows: []AccountRow{
				{Label: "At each sign-in", Value: "A second factor is asked for", Acts: []AccountAct{{Text: "Stop asking", About: "for a second factor", Action: "/account/mfa", Field: "enrolled", Value: "no"}}},
				{Label: "Authenticator app", Status: st(StatusOK, "Set up"), Note: "Asked for first.", Acts: []AccountAct{{Text: "Remove", About: "the authenticator app", Href: "/account/totp/remove"}}},
				{Label: "Text message", Status: st(StatusOff, "Not set up"), Need: &samplePermission},
			}},
		},
		Languages: []Option{{Value: "en", Text: "English", Selected: true}, {Value: "fr", Text: "Français"}},
	}
}

// sampleAccounts are the pages of one's own account.
func sampleAccounts(out map[string]templ.Component) {
	frame := insideFrame("Your account", AreaNone)
	page := sampleAccount(frame, "Zoë Fairweather-Okonkwo")
	out["account"] = Account(page)
	page = sampleAccount(frame, hostile)
	page.Problems = []Problem{{Field: "name", Text: "This name is too long."}}
	out["account-problem"] = Account(page)
	page.Problems, page.Unnamable, page.In.ID = nil, &samplePermission, ""
	out["account-unnamable"] = Account(page)
	out["account-acting"] = Account(sampleAccount(actingFrame("Your account", AreaNone), long))

	in := AccountIn{Organization: hostile, ID: hostile}
	email := AccountEmailPage{Frame: frame, In: in, Email: hostile, New: hostile, Problems: []Problem{{Field: "email", Text: "Another member here has this address."}, {Text: "Wait."}}}
	out["account-email"] = AccountEmail(email)
	email.In.ID, email.Problems, email.Leaves = "", nil, []string{"Acme", hostile}
	out["account-email-home"] = AccountEmail(email)
	email.Sent, email.Problems = true, []Problem{{Field: "code", Text: "This code is not right."}}
	out["account-email-code"] = AccountEmail(email)

	app := AccountTOTPPage{Frame: frame, In: in, Enrol: true, Discard: true, Problems: []Problem{{Text: "Another set-up was begun."}}}
	out["account-totp"] = AccountTOTP(app)
	app.Setup = &TOTPSetup{Path: "M4 4h7v1h-7z", Size: 33, Groups: []string{"ABCD", "EFGH"}, URI: "otpauth://totp/x?secret=ABCDEFGH", Account: hostile, Issuer: hostile}
	app.Problems, app.Discard = []Problem{{Field: "code", Text: "This code is not right."}}, false
	out["account-totp-setup"] = AccountTOTP(app)
	out["account-totp-closed"] = AccountTOTP(AccountTOTPPage{Frame: frame, In: in, Closed: "You have an authenticator app."})

	phone := AccountPhonePage{Frame: frame, In: in, Phone: hostile, Problems: []Problem{{Field: "phone", Text: "Enter the number with its country code."}}}
	out["account-phone"] = AccountPhone(phone)
	phone.Fixed, phone.Problems = true, []Problem{{Text: "Wait."}}
	out["account-phone-fixed"] = AccountPhone(phone)
	phone.Fixed, phone.Sent, phone.Enrol, phone.Problems = false, true, true, []Problem{{Field: "code", Text: "This code is not right."}}
	out["account-phone-code"] = AccountPhone(phone)
	out["account-phone-closed"] = AccountPhone(AccountPhonePage{Frame: frame, In: in, Closed: "Texts go to the number that ends in 0412."})

	remove := AccountRemovePage{
		Frame: frame, In: in, Heading: "Remove the authenticator app?", Follows: []string{"The app's codes stop working.", hostile}, Action: "/account/totp/remove", Button: "Remove the app",
	}
	out["account-remove"] = AccountRemove(remove)
	remove.Warn = "This is your only second factor."
	out["account-remove-last"] = AccountRemove(remove)
	out["account-codes"] = AccountCodes(AccountCodesPage{Frame: frame, In: in, Problems: []Problem{{Text: "You have none."}}})

	sessions := AccountSessionsPage{Frame: frame, In: in, Entered: []string{"Support desk", hostile}, Sessions: sampleMemberPage().Sessions}
	out["account-sessions"] = AccountSessions(sessions)
	sessions.Unendable = &samplePermission
	out["account-sessions-unendable"] = AccountSessions(sessions)
	sessions.Frame, sessions.Entered = actingFrame("Your sessions", AreaNone), []string{"Acme"}
	out["account-sessions-acting"] = AccountSessions(sessions)
}
