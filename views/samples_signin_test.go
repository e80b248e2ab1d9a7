package views

import (
	"slices"

	"github.com/a-h/templ"
)

const sampleEmail = "sam@support.example"

func actingFrame(title string, area Area) Frame {
	f := insideFrame(title, area)
	f.Person = &Person{Name: "Zoë Fairweather-Okonkwo", Email: "zoe@acme.example", Initials: "ZF", Home: "Acme Industrial"}
	f.Acting = &Acting{As: "Zoë Fairweather-Okonkwo", By: "ada@support.example", Left: "42 minutes", End: "/logout"}
	return f
}

func sampleSignIn(out map[string]templ.Component) {
	providers := []Way{{Text: "Continue with Google", Href: "/login/oauth/google"}, {Text: "Continue with Microsoft", Href: "/login/oauth/microsoft"}}
	in := LoginPage{
		Frame: outsideFrame("Sign in"), Action: "/login", AskSlug: true, Providers: providers, Other: Way{Text: "Use a password", Href: "/login?with=password"},
		Hints: []string{"ada@support.example", sampleEmail},
	}
	out["signin"] = Login(in)
	in.App, in.AppHost = "Ledgerline Reports", "reports.ledgerline.example"
	out["signin-for-app"] = Login(in)
	in.App, in.AppHost = "", "reports.ledgerline.example"
	out["signin-for-nameless"] = Login(in)
	in.App, in.AppHost = hostile, hostile
	out["signin-for-hostile"] = Login(in)
	in.App, in.AppHost = "", ""
	in.Password, in.Email, in.Other = true, sampleEmail, Way{Text: "Use a link or a code instead", Method: "mail"}
	out["signin-password"] = Login(in)
	in.Slug, in.Problems = hostile, []Problem{{Field: "password", Text: "Address and password do not fit together."}, {Field: "organization", Text: "A slug has letters, digits and - . _ ~ and no spaces."}}
	out["signin-password-problems"] = Login(in)
	in = LoginPage{Frame: outsideFrame("Sign in"), Action: "/login/acme", Organization: hostile, Email: hostile, Discovery: "/login", Other: Way{Text: "Use a password", Method: "with-password"}}
	in.Frame.Exposed, in.Frame.Flash = true, &Flash{FlashOK, "You are signed out."}
	in.Problems = []Problem{{Field: "email", Text: "That is not an e-mail address."}, {Text: "Too many tries. Wait 12 minutes."}}
	out["signin-problems"] = Login(in)

	sent := LoginSentPage{Frame: outsideFrame("Check your e-mail"), Email: sampleEmail, Kind: SentLink, Lasts: "10 minutes", Change: "/login", Again: "/login", AgainAll: []Hidden{{Name: "email", Value: sampleEmail}, {Name: "method", Value: "link"}}}
	out["signin-sent"] = LoginSent(sent)
	sent.Kind, sent.Lasts, sent.Frame.Outbox = SentReset, "", ""
	out["signin-sent-reset"] = LoginSent(sent)
	sent.Kind, sent.Action, sent.Problems, sent.Email = SentCode, "/login/code", []Problem{{Field: "code", Text: "That is five digits. The code has six."}}, hostile
	sent.Hidden = []Hidden{{Name: "email", Value: hostile}}
	out["signin-code"] = LoginSent(sent)

	choose := LoginOrganizationsPage{Frame: outsideFrame("Choose an organization"), Email: sampleEmail, Action: "/login/organizations", Another: "/login", Lasts: "9 more minutes", Yours: []Choice{
		{"organization-live-1", "Northwind support desk", "Member, support_agent", "Enter", Status{}},
		{"organization-live-2", "Acme Industrial", "Member, two roles", "Enter", st(StatusPart, "Code needed")},
		{"organization-live-3", "شركة النور للصناعات الدوائية", "Member", "Enter", st(StatusPart, "Single sign-on")},
		{"organization-live-4", long, "Invited", "Accept", Status{}},
	}, Join: []Choice{
		{"organization-live-5", "🚀 Rocket & Daughters 🦄", "Because your address is at support.example", "Join", Status{}},
		{"organization-live-6", hostile, hostile, "Join", Status{}},
		{"organization-live-7", "Ac\u200bme Industrial", "Because your address is at support.example", "Join", Status{}},
	}}
	out["signin-organization"] = LoginOrganizations(choose)
	choose.Yours, choose.Join = nil, nil
	out["signin-organization-none"] = LoginOrganizations(choose)

	more := LoginMorePage{
		Frame: outsideFrame("Another way to sign in is needed"), Organization: "Acme Industrial", OrganizationID: sampleOrganization, Email: "ada@acme.example", Action: "/login/more", Lasts: "9 more minutes",
		Ways:   append([]Way{{Text: "E-mail me a link", Method: "link"}, {Text: "E-mail me a code", Method: "code"}, {Text: "Use a password", Href: "/login/acme?with=password"}}, providers...),
		Unable: []string{"Single sign-on", hostile}, Back: "/login/organizations", Another: "/login",
	}
	out["signin-more"] = LoginMore(more)
	more.Organization, more.Ways, more.Unable, more.Back, more.Lasts, more.Problems = "", nil, []string{"Single sign-on"}, "", "", []Problem{{Text: "Too many messages were sent. Wait a minute."}}
	out["signin-more-none"] = LoginMore(more)
	more.Organization, more.Email, more.Ways, more.Unable, more.OrganizationID = hostile, hostile, []Way{{Text: hostile, Href: "javascript:alert(1)"}, {Text: hostile, Method: hostile}}, nil, hostile
	out["signin-more-hostile"] = LoginMore(more)
}

func sampleLinks(out map[string]templ.Component) {
	link := AuthenticatePage{Frame: outsideFrame("Sign in"), State: AuthenticateReady, Action: "/authenticate", Type: "multi_tenant_magic_links", Token: "x", Login: "/login", Code: true}
	for _, state := range []AuthenticateState{AuthenticateWrongBrowser, AuthenticateUnknown, AuthenticateUsed, AuthenticateOther, AuthenticateLater} {
		m := link
		m.State, m.Type, m.Token = state, hostile, hostile
		out["authenticate-"+string(state)] = Authenticate(m)
	}
	for _, kind := range []AuthenticateKind{LinkKind, InvitationKind, OAuthKind, ImpersonationKind} {
		m := link
		m.Kind, m.Slug, m.Email, m.Provider, m.Go = kind, "meadow", "ada@meadow.example", "Google", kind == OAuthKind
		out["authenticate-"+string(kind)] = Authenticate(m)
		m.Slug, m.Email, m.Provider, m.Token = "", "", "", hostile
		out["authenticate-"+string(kind)+"-bare"] = Authenticate(m)
		m.Slug, m.Email, m.Provider, m.Type = hostile, hostile, hostile, hostile
		out["authenticate-"+string(kind)+"-hostile"] = Authenticate(m)
	}

	over := sampleOverview()
	over.Frame = actingFrame("Acme Industrial", AreaOverview)
	out["acting"] = Overview(over)
	who := outsideFrame("You are signed out")
	who.Acting = &Acting{As: "zoe@acme.example", By: "ada@support.example", End: "/logout"}
	out["acting-solo"] = Error(ErrorPage{Frame: who, Status: 403, Heading: "You look, and change nothing", What: "You act as somebody else."})
}

func sampleFactors(out map[string]templ.Component) {
	base := LoginMFAPage{
		Frame: outsideFrame("A second factor is needed"), Organization: "Acme Industrial", OrganizationID: sampleOrganization, Email: sampleEmail, Lasts: "9 more minutes",
		Action: "/login/mfa", Start: "/login/mfa/start", Back: "/login/organizations", Another: "/login",
	}
	texts, recovery := Way{Text: "Send a text message instead", Href: "/login/mfa?method=sms_otp"}, Way{Text: "Use a recovery code", Href: "/login/mfa?method=recovery_code"}
	for name, change := range map[string]func(*LoginMFAPage){
		"totp":     func(m *LoginMFAPage) { m.Method, m.OfferDefault, m.Ways = "totp", true, []Way{texts, recovery} },
		"recovery": func(m *LoginMFAPage) { m.Method = "recovery_code" },
		"sms": func(m *LoginMFAPage) {
			m.Method, m.Phone, m.Ways = "sms_otp", "the number that ends in 4567", []Way{recovery}
		},
		"sms-sent": func(m *LoginMFAPage) {
			m.Method, m.Phone, m.Sent, m.Problems = "sms_otp", "the number that ends in 4567", true, []Problem{{Field: "code", Text: "This code is not right, or it is too old."}}
		},
		"sms-unknown": func(m *LoginMFAPage) { m.Method, m.Sent, m.Organization = "sms_otp", true, "" },
		"choose": func(m *LoginMFAPage) {
			m.Enrolling, m.Ways = true, []Way{{Text: "An authenticator app", Method: "totp"}, {Text: "Text messages", Method: "sms_otp"}}
		},
		"totp-start": func(m *LoginMFAPage) { m.Method, m.Enrolling = "totp", true },
		"totp-setup": func(m *LoginMFAPage) {
			m.Method, m.Enrolling, m.Ways = "totp", true, []Way{{Text: "Use text messages instead", Href: "/login/mfa?method=sms_otp"}}
			m.Setup = new(sampleSetup())
		},
		"sms-setup": func(m *LoginMFAPage) {
			m.Method, m.Enrolling, m.Phone, m.Problems = "sms_otp", true, hostile, []Problem{{Field: "phone", Text: "Start with + and the country."}, {Text: "No text was sent."}}
		},
		"sms-setup-sent": func(m *LoginMFAPage) {
			m.Method, m.Enrolling, m.Phone, m.Sent = "sms_otp", true, "+44 20 7946 0412", true
		},
		"hostile": func(m *LoginMFAPage) {
			m.Organization, m.OrganizationID, m.Email, m.Phone, m.Method, m.Sent = hostile, hostile, hostile, hostile, "sms_otp", true
			m.Ways = []Way{{Text: hostile, Href: "javascript:alert(1)"}}
		},
		"hostile-setup": func(m *LoginMFAPage) {
			m.Method, m.Enrolling = "totp", true
			m.Setup = &TOTPSetup{Groups: []string{hostile}, URI: "javascript:alert(1)", Account: hostile, Issuer: hostile}
		},
	} {
		m := base
		change(&m)
		out["signin-mfa-"+name] = LoginMFA(m)
	}
	codes := RecoveryCodesPage{
		Frame: outsideFrame("Recovery codes"), Organization: "Acme Industrial", Download: "/recovery-codes", Next: "/organizations", NextText: "Go on to Acme Industrial",
		Codes: []string{"ckss-2skx-ebow", "spbc-424h-usof"},
	}
	out["recovery-codes"] = RecoveryCodes(codes)
	codes.Frame, codes.Organization, codes.Codes, codes.NextText = sampleFrame("Recovery codes", AreaNone), hostile, []string{hostile}, hostile
	out["recovery-codes-inside"] = RecoveryCodes(codes)
}

// sampleSetup is drawn as a QR code is: three finders and noise.
func sampleSetup() TOTPSetup {
	return TOTPSetup{
		Path: "M4 4h7v7h-7zM5 5v5h5v-5zM6 6h3v3h-3zM22 4h7v7h-7zM23 5v5h5v-5zM24 6h3v3h-3zM4 22h7v7h-7zM5 23v5h5v-5zM6 24h3v3h-3zM13 5h2v3h-2zM17 8h3v2h-3zM13 13h4v1h-4zM19 14h6v2h-6zM14 18h1v7h-1zM18 20h4v3h-4zM25 22h3v4h-3z",
		Size: 33, Groups: []string{"JBSW", "Y3DP", "EHPK", "3PXP", "JBSW", "Y3DP", "EHPK", "3PXP"},
		URI: "otpauth://totp/Console:sam%40support.example?secret=JBSWY3DPEHPK3PXP&issuer=Console", Account: sampleEmail, Issuer: "Acme Industrial",
	}
}

func samplePasswords(out map[string]templ.Component) {
	m := PasswordPage{Frame: outsideFrame("Choose a new password"), Email: sampleEmail, Action: "/authenticate/password", Hidden: []Hidden{{Name: "token", Value: hostile}}}
	out["password"] = Password(m)
	m.Strength, m.Problems = &Strength{Score: 1, Words: "This password is easy to guess.", Advice: []string{"Add another word or two.", "Capital letters do not help much.", hostile}}, []Problem{{Field: "password", Text: "Choose a stronger one."}}
	out["password-weak"] = Password(m)
	m.Frame, m.Current, m.Cancel, m.Organization = sampleFrame("Choose a new password", AreaNone), true, "/account", hostile
	m.Strength, m.Problems = &Strength{Score: 4, OK: true, Words: "This password is strong."}, nil
	out["password-good"] = Password(m)
	m.Strength, m.Problems = &Strength{Score: 3, Breached: true, Words: "This password is in a list of leaked ones."}, []Problem{{Field: "current", Text: "That is not your password."}, {Text: "Nothing was changed."}}
	out["password-breached"] = Password(m)
}

func sampleStepUp(out map[string]templ.Component) {
	base := StepUpPage{
		Frame: sampleFrame("Show that it is you", AreaNone), What: "show your recovery codes", Action: "/account/recovery-codes", Hidden: []Hidden{{Name: "act", Value: "show"}},
		Ways: []Way{{Text: "Use a recovery code", Method: "recovery_code"}, {Text: "Use your password", Method: "password"}}, SignIn: "/login", Cancel: "/account",
	}
	for name, change := range map[string]func(*StepUpPage){
		"totp":     func(m *StepUpPage) { m.Method = "totp" },
		"recovery": func(m *StepUpPage) { m.Method, m.Ways = "recovery_code", slices.Clone(m.Ways[1:]) },
		"sms":      func(m *StepUpPage) { m.Method, m.SentTo = "sms_otp", "the number that ends in 4567" },
		"sms-sent": func(m *StepUpPage) {
			m.Method, m.Sent, m.SentTo, m.Problems = "sms_otp", true, "the number that ends in 4567", []Problem{{Field: "proof_code", Text: "This code is not right, or it is too old."}}
		},
		"email": func(m *StepUpPage) { m.Method, m.SignIn, m.Cancel, m.Ways = "code", "", "", nil },
		"none":  func(m *StepUpPage) { m.Method, m.Ways = "", nil },
		"password": func(m *StepUpPage) {
			m.Method, m.Problems = "password", []Problem{{Field: "proof_password", Text: "That is not your password."}}
		},
		"hostile": func(m *StepUpPage) {
			m.Method, m.Sent, m.What, m.SentTo, m.Hidden = "code", true, "enter "+hostile, hostile, []Hidden{{Name: "x", Value: hostile}}
			m.Ways, m.SignIn = []Way{{Text: hostile, Method: hostile}}, "javascript:alert(1)"
		},
	} {
		m := base
		change(&m)
		out["step-up-"+name] = StepUp(m)
	}
	again := AgainPage{
		Frame: outsideFrame("You are signed out"), Heading: "You are signed out", What: "Your session ended. Nothing was done.", Action: "/account/name",
		Fields: []Hidden{{Name: "name", Value: "Ada Fenwick", Label: "Name"}, {Name: "organization", Value: sampleOrganization}, {Name: "nickname", Label: "Nickname"}},
		SignIn: "/login", SignInText: "Sign in", RequestID: sampleRequest, Reference: "01JD6Z0K7W", Status: 401,
	}
	out["again"] = Again(again)
	fault := again
	fault.Heading, fault.What, fault.Do, fault.SignIn, fault.Status = "Stytch has a fault", "It could not answer this.", "Try again in a moment. It may have been done all the same.", "", 502
	out["again-fault"] = Again(fault)
	again.Fields, again.Ask = []Hidden{{Name: "x", Value: hostile, Label: "Name"}}, []AskField{{Name: "password", Label: "New password", Type: "password"}}
	again.What, again.RequestID, again.SignIn, again.Heading = hostile, hostile, "javascript:alert(1)", hostile
	out["again-hostile"] = Again(again)
}
