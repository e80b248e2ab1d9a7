package views

import "github.com/a-h/templ"

func bareSample(l *Language, title string) BareFrame {
	return BareFrame{Title: title, Language: l, Env: EnvSandbox, CSS: "/static/consent.css", Icon: "/static/icon.svg"}
}

func sampleConsent(l *Language) Consent {
	return Consent{
		Language: l, Person: "zoe@acme.example", Organization: "Acme Industrial", Switch: "/oauth/who?client_id=a",
		Name: "Ledgerline Reports", ID: "connected-app-live-3f6f8c06-9c1a-4b1e-8f68-0a2c5a0d2e11", Monogram: "L", Registrar: RegisteredByOperator,
		Resources: []string{"api.northwind.example"},
		New:       []ScopeLine{{Scope: "offline_access", Text: l.Scopes["offline_access"]}, {Scope: "write:invoices", Text: "Change and send invoices", Foreign: true}},
		Had:       []ScopeLine{{Scope: "email", Text: l.Scopes["email"]}}, Before: true,
		Left: []ScopeLine{{Scope: "members:manage", Text: "Add and remove people", Foreign: true}, {Scope: "mystery:scope"}},
		Host: Host{Before: "reports.", Domain: "ledgerline.example"}, Address: "https://reports.ledgerline.example/oauth/callback", Apps: "/account/connected-apps",
	}
}

// consentSamples are the pages around consent in all their states, by a name.
func consentSamples() map[string]templ.Component {
	out := map[string]templ.Component{}
	for _, l := range Languages() {
		m := sampleConsent(l)
		page := ConsentPage{Frame: bareSample(l, ConsentTitle(l, m.Name)), Consent: m, Action: "/oauth/authorize?client_id=a", Ticket: "ticket"}
		out["consent-"+l.Code] = ConsentAsk(page)
		for name, change := range map[string]func(*Consent){
			"first":    func(m *Consent) { m.Before, m.Had, m.Left, m.Resources, m.FirstParty = false, nil, nil, nil, true },
			"nothing":  func(m *Consent) { m.New, m.Had = nil, nil },
			"nameless": func(m *Consent) { m.Name, m.Monogram, m.Apps, m.Switch = "", "", "", "" },
			"itself":   func(m *Consent) { m.Registrar, m.Imitates, m.Alphabet = RegisteredByItself, true, true },
			"address": func(m *Consent) {
				m.Registrar, m.MetadataHost, m.Resources = RegisteredByAddress, "client.example", []string{"a.example", "b.example", hostile}
			},
			"loopback": func(m *Consent) {
				m.Loopback, m.Registrar, m.Host = true, RegisteredUnknown, Host{Domain: "127.0.0.1", After: ":8123"}
			},
			"private": func(m *Consent) { m.Private, m.Host = "com.example.notes:", Host{Domain: "com.example.notes:"} },
			"full":    func(m *Consent) { m.Everything = true },
			"hostile": func(m *Consent) {
				m.Person, m.Organization, m.Name, m.Monogram, m.MetadataHost, m.Registrar = hostile, hostile, hostile, "<", hostile, RegisteredByAddress
				m.New, m.Host, m.Address, m.Private = []ScopeLine{{Scope: hostile}, {Scope: hostile, Text: hostile, Foreign: true}}, Host{hostile, hostile, hostile}, hostile, hostile
			},
		} {
			m := sampleConsent(l)
			change(&m)
			out["consent-"+l.Code+"-"+name] = ConsentAsk(ConsentPage{Frame: bareSample(l, ConsentTitle(l, m.Name)), Consent: m, Action: page.Action, Ticket: "ticket"})
		}
		for _, name := range []string{"Ledgerline", "", hostile, "شركة النور"} {
			shut := ConsentShutPage{
				Frame: bareSample(l, ShutTitle(l, "Acme", name)), Name: name, Organization: "Acme", Person: "zoe@acme.example", Switch: "/oauth/who?client_id=a",
				Action: "/oauth/ask?client_id=a", Ticket: "ticket", Back: "/oauth/deny?client_id=a", BackTicket: "ticket",
			}
			out["consent-shut-"+l.Code+name] = ConsentShut(shut)
			shut.Asked, shut.Back = true, ""
			out["consent-shut-asked-"+l.Code+name] = ConsentShut(shut)
			out["consent-who-"+l.Code+name] = ConsentWhoElse(ConsentWhoPage{
				Frame: bareSample(l, l.Who), Account: "/oauth/account?client_id=a", Ticket: "ticket", Back: "/oauth/authorize?client_id=a", Unread: "Not read.",
				Held:   []ConsentWho{{ID: "a", Name: name, Current: true}, {ID: "b", Name: name, Href: "/oauth/authorize?client_id=a&organization=b"}},
				Others: []ConsentWho{{ID: "c", Name: name, Action: "/organizations/c/enter", Ticket: "ticket", Return: "/oauth/authorize?client_id=a&organization=c"}},
			})
		}
		leave := LeavePage{Frame: bareSample(l, LeaveTitle(l, "accounts.google.com")), Host: "accounts.google.com", Href: "https://accounts.google.com/o/oauth2/v2/auth?client_id=x&state=y", What: l.Allowed, Back: "/login"}
		leave.Frame.Refresh = leave.Href
		out["leave-"+l.Code] = Leave(leave)
		leave.Host, leave.Href, leave.What, leave.Back, leave.Frame.Refresh = hostile, "javascript:alert(1)", hostile, "", "data:text/html,<script>alert(1)</script>"
		out["leave-hostile-"+l.Code] = Leave(leave)
	}
	exposed := bareSample(&English, "x")
	exposed.Exposed, exposed.Theme, exposed.Env = true, "dark", EnvLive
	out["leave-exposed"] = Leave(LeavePage{Frame: exposed, Host: "a.example", Href: "https://a.example"})
	return out
}
