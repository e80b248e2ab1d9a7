package handlers

import (
	"slices"
	"strings"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// accountPage is what the page shows of the person's own member.
func (h *console) accountPage(p *session.Person, t stytch.Tenant, self stytch.Self) views.AccountPage {
	in := accountIn(p, t)
	page := views.AccountPage{
		In: in, Name: self.Member.Name, Unnamable: h.lacks(self, "update.info.name"), Email: self.Member.Email, MemberID: self.Member.ID,
		Parts: []views.AccountPart{
			{ID: "you", Title: "You", Rows: h.youRows(in, self)},
			{ID: "sign-in", Title: "Signing in", Rows: h.signInRows(in, self)},
			{ID: "second", Title: "Second factors", Rows: h.secondRows(in, self)},
		},
	}
	for _, key := range p.Keys() {
		if key.OrganizationID == t.OrganizationID() {
			continue
		}
		id := key.OrganizationID
		if key.Home {
			id = ""
		}
		page.Others = append(page.Others, views.AccountLink{Organization: nameOf(key.Name, key.Slug), Href: paths.Own(paths.Account, id)})
	}
	return page
}

// lacks is the permission that the session's roles do not carry for a change of one's own member, or nil. It is a hint: the
// upstream decides (rule own-member-self). Before the policy was ever read, everything is offered.
func (h *console) lacks(self stytch.Self, action string) *views.Permission {
	policy, roles := h.Policy.Policy(), self.Session.Roles
	if action == "" || len(policy.Roles) == 0 || policy.May(roles, "stytch.self", action) || policy.May(roles, "stytch.member", action) {
		return nil
	}
	return &views.Permission{
		Resource: "stytch.self", Action: action, In: self.Organization.Name, Roles: policy.RolesWith("stytch.self", action), Yours: roles,
	}
}

// act is something to do, with the action on stytch.self that it needs; "" for none.
type act struct {
	views.AccountAct
	needs string
}

func link(text, about, href, needs string) act {
	return act{views.AccountAct{Text: text, About: about, Href: href}, needs}
}

// press is a form of one button, which sends one field.
func press(text, about, action, field, value, needs string) act {
	return act{views.AccountAct{Text: text, About: about, Action: action, Field: field, Value: value}, needs}
}

// offering adds what the person may do to a row, or says what is missing.
func (h *console) offering(self stytch.Self, row views.AccountRow, acts ...act) views.AccountRow {
	for _, a := range acts {
		if need := h.lacks(self, a.needs); need != nil {
			row.Need = need
			continue
		}
		row.Acts = append(row.Acts, a.AccountAct)
	}
	return row
}

func (h *console) youRows(in views.AccountIn, self stytch.Self) []views.AccountRow {
	m := &self.Member
	email := views.AccountRow{Label: "E-mail", Value: m.Email}
	if !m.EmailVerified {
		email.Note = "Not verified yet: sign in by a link or a code once."
	}
	roles := make([]string, 0, len(m.Roles))
	for _, role := range m.Roles {
		roles = append(roles, role.ID)
	}
	return []views.AccountRow{
		h.offering(self, email, link("Change", "the e-mail address", paths.Own(paths.AccountEmail, in.ID), "update.info.email")),
		{Label: "Roles", Value: strings.Join(roles, ", ")},
	}
}

// takesFirst says whether the organization lets this member in by a first factor.
func takesFirst(self stytch.Self, method string) bool {
	return self.Organization.AuthMethods != restricted || self.Member.IsBreakglass || slices.Contains(self.Organization.AllowedAuthMethods, method)
}

// takesSecond says whether the organization takes a second factor from this member.
func takesSecond(self stytch.Self, method string) bool {
	return self.Organization.MFAMethods != restricted || self.Member.IsBreakglass || slices.Contains(self.Organization.AllowedMFAMethods, method)
}

const (
	// restricted is how an organization says that it takes only the methods that it lists.
	restricted = "RESTRICTED"
	// mfaForAll is the policy of an organization that asks everybody for a second factor.
	mfaForAll = "REQUIRED_FOR_ALL"
)

func (h *console) signInRows(in views.AccountIn, self stytch.Self) []views.AccountRow {
	password := views.AccountRow{Label: "Password", Status: views.Status{Kind: views.StatusOff, Text: "Not set"}}
	address := paths.Own(paths.AccountPassword, in.ID)
	switch {
	case !takesFirst(self, "password"):
		password.Note = in.Organization + " lets nobody in by a password."
	case self.Member.PasswordID == "":
		password = h.offering(self, password, link("Set", "a password", address, ""))
	default:
		password.Status = views.Status{Kind: views.StatusOK, Text: "Set"}
		password = h.offering(self, password,
			link("Change", "the password", address, ""), link("Forgot password", "", withWay(address), ""))
	}
	return []views.AccountRow{password, h.offering(self,
		views.AccountRow{Label: "Sessions", Value: "Wherever you are signed in now"},
		link("See them", "your sessions", paths.Own(paths.AccountSessions, in.ID), "")), h.offering(self,
		views.AccountRow{Label: "Connected Apps", Value: "What you have let in"},
		link("See them", "your Connected Apps", paths.Own(paths.AccountApps, in.ID), ""))}
}

// hasApp and hasPhone say which second factors a member has; a number that was never confirmed is none.
func hasApp(self stytch.Self) bool   { return self.Member.TOTPID != "" }
func hasPhone(self stytch.Self) bool { return self.Member.MFAPhone != "" && self.Member.MFAPhoneOK }

// alwaysAsked says whether the member needs a second factor at each sign-in, and whether that is the organization's will.
func alwaysAsked(self stytch.Self) (asked, byOrganization bool) {
	byOrganization = self.Organization.MFAPolicy == mfaForAll
	return byOrganization || self.Member.MFAEnrolled, byOrganization
}

func (h *console) secondRows(in views.AccountIn, self stytch.Self) []views.AccountRow {
	rows := []views.AccountRow{h.askedRow(in, self), h.appRow(in, self), h.phoneRow(in, self)}
	if hasApp(self) {
		rows = append(rows, h.offering(self,
			views.AccountRow{Label: "Recovery codes", Value: "Each stands in for the app once"},
			link("Show or replace", "the recovery codes", paths.Own(paths.AccountRecoveryCodes, in.ID), "")))
	}
	return rows
}

func (h *console) askedRow(in views.AccountIn, self stytch.Self) views.AccountRow {
	const needs = "update.settings.mfa-enrolled"
	row := views.AccountRow{Label: "At each sign-in", Value: "A second factor is asked for"}
	asked, byOrganization := alwaysAsked(self)
	if asked && !hasApp(self) && !hasPhone(self) {
		row.Note = "You have none yet: the next sign-in sets one up."
	}
	switch {
	case byOrganization:
		row.Note = strings.TrimSpace(in.Organization + " demands it. " + row.Note)
		return row
	case asked:
		return h.offering(self, row, press("Stop asking", "for a second factor", paths.AccountMFA, "enrolled", "no", needs))
	}
	row.Value = "No second factor is asked for"
	return h.offering(self, row, press("Ask for one", "at each sign-in", paths.AccountMFA, "enrolled", "yes", needs))
}

func (h *console) appRow(in views.AccountIn, self stytch.Self) views.AccountRow {
	row := views.AccountRow{Label: "Authenticator app", Status: views.Status{Kind: views.StatusOff, Text: "Not set up"}}
	switch {
	case hasApp(self):
		row.Status = views.Status{Kind: views.StatusOK, Text: "Set up"}
		return h.removable(self, row, "the authenticator app", factorTOTP, paths.Own(paths.AccountTOTPRemove, in.ID), "update.info.delete.mfa-totp")
	case !takesSecond(self, factorTOTP):
		row.Note = in.Organization + " does not take authenticator apps."
		return row
	}
	return h.offering(self, row, link("Set up", "an authenticator app", paths.Own(paths.AccountTOTP, in.ID), ""))
}

func (h *console) phoneRow(in views.AccountIn, self stytch.Self) views.AccountRow {
	const deletes = "update.info.delete.mfa-phone"
	row := views.AccountRow{Label: "Text message", Status: views.Status{Kind: views.StatusOff, Text: "Not set up"}}
	setUp, remove := paths.Own(paths.AccountPhone, in.ID), paths.Own(paths.AccountPhoneRemove, in.ID)
	takes := takesSecond(self, factorSMS)
	switch {
	case hasPhone(self):
		row.Status = views.Status{Kind: views.StatusOK, Text: "To " + maskedPhone(self.Member.MFAPhone)}
		return h.removable(self, row, "the phone number", factorSMS, remove, deletes)
	case self.Member.MFAPhone != "" && takes:
		row.Status = views.Status{Kind: views.StatusWait, Text: "Not confirmed: " + maskedPhone(self.Member.MFAPhone)}
		return h.offering(self, row, link("Confirm", "the phone number", setUp, ""), link("Remove", "the phone number", remove, deletes))
	case !takes:
		row.Note = in.Organization + " does not take text messages."
		return row
	}
	return h.offering(self, row, link("Set up", "text messages", setUp, ""))
}

// removable offers to remove a factor, and to ask for it first where there is another one.
func (h *console) removable(self stytch.Self, row views.AccountRow, about, method, remove, deletes string) views.AccountRow {
	acts := []act{link("Remove", about, remove, deletes)}
	if hasApp(self) && hasPhone(self) {
		if self.Member.DefaultMFA == method {
			row.Note = "Asked for first."
		} else {
			acts = append([]act{press("Ask for it first", "at sign-in", paths.AccountMFA, "default", method, "update.settings.default-mfa-method")}, acts...)
		}
	}
	return h.offering(self, row, acts...)
}
