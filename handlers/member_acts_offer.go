package handlers

import (
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// offer puts on a member's page what may be done to the member, and what is missing where it may not.
func (h *console) offer(p *session.Person, s *subject, m *views.MemberPage) {
	need := func(action string) *views.Permission { return h.lacksOwn(s.t, s.Member.ID, action) }
	organizationID, id := s.t.OrganizationID(), s.Member.ID
	edit := func(text, about, group string, lacks *views.Permission) views.MemberAct {
		return views.MemberAct{Text: text, About: about, Href: paths.MemberEdit(organizationID, id, group), Need: lacks}
	}
	m.Activity = paths.ActivityOf(organizationID, id)
	m.RolesAct = edit("Change", "the roles", "roles", h.lacksIn(s.t, onMembers, "update.settings.roles"))
	m.UntrustedAct = edit("Change", "the untrusted metadata", "metadata", need("update.info.untrusted-metadata"))
	m.TrustedAct = edit("Change", "the trusted metadata", "trusted-metadata", h.lacksStaff(p, "console-members", "update-trusted-metadata"))
	if s.own {
		m.Edits = []views.MemberAct{{Text: "Your account", Href: paths.Own(paths.Account, accountOf(p, s.t))}}
	} else {
		m.Edits = []views.MemberAct{
			edit("Name", "is changed here", "name", need("update.info.name")),
			{Text: "E-mail", About: "is changed here", Href: paths.MemberEmail(organizationID, id), Need: need("update.info.email")},
			edit("Second factor", "is changed here", "second-factor", nil),
		}
	}
	m.Edits = append(m.Edits, edit("External id", "is changed here", "external-id", nil),
		edit("Break-glass", "is changed here", "breakglass", h.lacksIn(s.t, onMembers, "update.settings.is-breakglass")))
	for i := range m.RetiredEmails {
		m.RetiredEmails[i].Act = views.MemberAct{
			Text: "Let go", About: "of " + m.RetiredEmails[i].Email, Href: paths.MemberRetiredEmail(organizationID, id, s.Member.RetiredEmails[i].ID),
			Need: need("update.info.unlink.retired-email"),
		}
	}
	if h.Policy.May(s.t.Roles(), onMembers, "search") {
		for i := range m.Roles {
			m.Roles[i].Holders = paths.MembersWithRole(organizationID, m.Roles[i].Role)
		}
	}
	h.offerFactors(p, s, m)
	h.offerSessions(p, s, m)
	m.Danger = h.dangers(p, s)
}

// offerFactors offers to take away what the member signs in with.
func (h *console) offerFactors(p *session.Person, s *subject, m *views.MemberPage) {
	act := func(text, about, route, action, own string) views.MemberAct {
		a := views.MemberAct{Text: text, About: about, Href: s.at(route), Need: h.lacksOwn(s.t, s.Member.ID, action)}
		if s.own {
			a.Href = paths.Own(own, accountOf(p, s.t))
		}
		return a
	}
	for i := range m.Factors {
		if m.Factors[i].Name == factorPassword && s.Member.PasswordID != "" {
			m.Factors[i].Act = act("Delete", "the password", paths.MemberPasswordRoute, "update.info.delete.password", paths.Account)
		}
	}
	for i := range m.SecondFactors {
		switch row := &m.SecondFactors[i]; {
		case row.Name == factorApp && s.Member.TOTPID != "":
			row.Act = act("Remove", "the authenticator app", paths.MemberTOTPRoute, "update.info.delete.mfa-totp", paths.AccountTOTPRemove)
		case row.Name == factorText && s.Member.MFAPhone != "":
			row.Act = act("Remove", "the phone number", paths.MemberPhoneRoute, "update.info.delete.mfa-phone", paths.AccountPhoneRemove)
		}
	}
	if _, staff := p.Staff(); staff && !s.own {
		m.RegistrationsAct = views.MemberAct{
			Text: "State of provider accounts", Href: s.at(paths.MemberProvidersRoute), Need: h.lacksStaff(p, "console-members", "get-provider-state"),
		}
	}
}

// offerSessions offers to end sessions, and what apps may do.
func (h *console) offerSessions(p *session.Person, s *subject, m *views.MemberPage) {
	need := h.lacksOwn(s.t, s.Member.ID, "revoke-sessions")
	all := s.at(paths.MemberSessionsRoute)
	if s.own {
		all = paths.Own(paths.AccountSessions, accountOf(p, s.t))
	}
	for i := range m.Sessions {
		row := &m.Sessions[i]
		row.Act = views.MemberAct{Text: "End", About: "the session that started " + row.Started, Href: all, Need: need}
		if !s.own {
			row.Act.Href = paths.MemberSession(s.t.OrganizationID(), s.Member.ID, row.ID)
		}
	}
	m.SessionsAct = views.MemberAct{Text: "End all sessions", Href: all, Need: need}
	revoke := h.lacksOwn(s.t, s.Member.ID, "revoke.connected-app")
	for i := range m.Apps {
		m.Apps[i].Act = views.MemberAct{
			Text: "Revoke", About: m.Apps[i].Name, Href: paths.MemberApp(s.t.OrganizationID(), s.Member.ID, m.Apps[i].ID), Need: revoke,
		}
	}
}

// dangers are the acts that do harm when they are done by mistake.
func (h *console) dangers(p *session.Person, s *subject) []views.DangerRow {
	row := func(title, text, button, route string, need *views.Permission) views.DangerRow {
		return views.DangerRow{Title: title, Text: text, Act: views.MemberAct{Text: button, About: s.name(), Href: s.at(route), Need: need}}
	}
	remove := h.lacksOwn(s.t, s.Member.ID, "delete")
	var rows []views.DangerRow
	if isInvited(&s.Member) {
		again := row("Send the invitation again", "Mails another link. Earlier ones still work until they expire.", "Send again", paths.MemberInvitationRoute, h.lacksIn(s.t, onMembers, "create"))
		again.Act.Href = paths.With(again.Act.Href, map[string][]string{"act": {"send"}})
		rows = append(rows, again, row("Revoke the invitation", "Its link stops working, and the address is free again.", "Revoke", paths.MemberInvitationRoute, remove))
	}
	if !s.own {
		rows = append(rows, row("Lock down", "For an account that somebody else may be using. Deactivates it, or ends what it can be used with, with a receipt for each step.", "Lock down", paths.MemberLockDownRoute, nil))
		if s.Member.TOTPID != "" || s.Member.MFAPhone != "" {
			rows = append(rows, row("Reset the second factors", "For somebody who lost theirs. Removes the authenticator app and the phone number.", "Reset", paths.MemberSecondFactorRoute,
				h.lacksOwn(s.t, s.Member.ID, "update.info.delete.mfa-totp")))
		}
	}
	if _, staff := p.Staff(); staff && !s.own && s.Member.TOTPID != "" {
		rotate := row("New recovery codes", "The ones they have stop working. The new ones are shown once.", "New recovery codes", paths.MemberRecoveryCodesRoute,
			h.lacksStaff(p, "console-members", "rotate-recovery-codes"))
		rotate.Act.Href = paths.With(rotate.Act.Href, map[string][]string{"act": {"new"}})
		rows = append(rows, row("Recovery codes", "Whoever has one gets past the second factor. They are shown once.", "Recovery codes", paths.MemberRecoveryCodesRoute,
			h.lacksStaff(p, "console-members", "get-recovery-codes")), rotate)
	}
	return append(rows, row("Delete this member", "Ends their sessions and frees the address. They can be reactivated.", "Delete", paths.MemberDeleteRoute, remove))
}

// isInvited says whether somebody was asked to come and has not yet.
func isInvited(m *stytch.Member) bool { return m.Status == "invited" || m.Status == "pending" }
