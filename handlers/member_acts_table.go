package handlers

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The acts on a member that need no page of their own kind.
var (
	deleteMember = &memberAct{
		route: paths.MemberDeleteRoute, show: readAdmins | readSessions, done: "The member is deleted.",
		ask: (*console).askDelete,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.DeleteMember(ctx, a.Member.ID)
			return err
		},
		forget: (*console).withdrawRequests,
	}
	deletePassword = &memberAct{
		route: paths.MemberPasswordRoute, own: paths.AccountPassword, done: "The password is deleted.", gone: []string{"member_password_not_found"},
		ask: (*console).askPassword,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.DeleteMemberPassword(ctx, a.Member.ID, a.Member.PasswordID)
			return err
		},
	}
	requireReset = &memberAct{
		route: paths.MemberPasswordRoute, own: paths.AccountPassword, done: "A new password is required.", gone: []string{"member_password_not_found"},
		ask: (*console).askReset,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.RequireReset(ctx, a.Member.ID, a.Member.Email)
			return err
		},
		words: map[string]string{
			"cross_org_passwords_not_enabled": "Passwords of this project belong to one organization each: the password can be deleted instead.",
		},
	}
	deleteTOTP = &memberAct{
		route: paths.MemberTOTPRoute, own: paths.AccountTOTPRemove, done: "The authenticator app is removed.", gone: []string{"totp_not_found"},
		ask: (*console).askTOTP,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.DeleteMemberTOTP(ctx, a.Member.ID)
			return err
		},
	}
	deletePhone = &memberAct{
		route: paths.MemberPhoneRoute, own: paths.AccountPhoneRemove, done: "The phone number is removed.", gone: []string{"member_phone_number_not_found"},
		ask: (*console).askPhone,
		act: func(ctx context.Context, _ echo.Context, a *asked) error {
			_, err := a.t.DeleteMemberPhone(ctx, a.Member.ID)
			return err
		},
	}
	revokeInvitation = &memberAct{
		route: paths.MemberInvitationRoute, own: paths.Account, done: "The invitation is revoked.", ask: (*console).askRevokeInvitation, act: deleteMember.act,
	}
	sendInvitation = &memberAct{
		route: paths.MemberInvitationRoute, own: paths.Account, done: "The invitation was sent again.", ask: (*console).askSendInvitation,
		act: func(ctx context.Context, c echo.Context, a *asked) error {
			_, err := a.t.InviteMember(ctx, stytch.Invitation{Email: a.Member.Email, Locale: locale(c)})
			return err
		},
		words: map[string]string{
			"invalid_email_for_invites": "The organization does not let people with this address be invited any more. See who may join in its settings.",
			"duplicate_member_email":    "They have come already.", "user_already_invited": "Stytch does not send this invitation again. Revoke it, then invite them anew.",
			"inactive_email": "Stytch does not send mail to this address: earlier ones came back.",
		},
	}
)

// showInvitation and postInvitation are two acts at one address.
func (h *console) showInvitation(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return invitationAct(param(c, "act")).page(h, c, p, t)
}

func (h *console) postInvitation(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return invitationAct(field(c, "act")).post(h, c, p, t)
}

func invitationAct(name string) *memberAct {
	if name == "send" {
		return sendInvitation
	}
	return revokeInvitation
}

func (h *console) askDelete(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	m := views.ConfirmPage{
		Title: "Delete " + a.name() + "?", Button: "Delete this member", Permission: h.lacksOwn(a.t, a.Member.ID, "delete"),
		Says: []string{
			a.ends() + " Nobody can sign in here as " + a.Member.Email + " any more.", "An invitation that is under way stops working.",
			"The address is free: somebody else can be given it.", "They stay in the list of deleted members, and can be reactivated while nobody else has the address.",
		},
	}
	if a.own {
		m.Title = "Delete yourself?"
		m.Warnings = append(m.Warnings, "This is you. You are signed out of this organization at once, and only somebody else can let you in again.")
	}
	m.Warnings = append(m.Warnings, a.lastOne()...)
	return m, ""
}

// ends says how many sessions end, where that is known.
func (a *asked) ends() string {
	if a.sessions.err != nil || a.sessions.got == nil {
		return "Every session of theirs here ends at once."
	}
	switch n := len(a.sessions.got); n {
	case 0:
		return "They have no live session here."
	case 1:
		return "Their one live session here ends at once."
	default:
		return "Their " + strconv.Itoa(n) + " live sessions here end at once."
	}
}

// resets says whether a password is to be reset rather than deleted: a form says it, and the address that leads there.
func resets(c echo.Context) bool { return child(c, fieldHow) == "reset" }

func (h *console) askPassword(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if a.Member.PasswordID == "" {
		return views.ConfirmPage{}, "They have no password."
	}
	return views.ConfirmPage{
		Title: "Delete the password of " + a.name() + "?", Button: "Delete the password", Permission: h.lacksIn(a.t, onMembers, "update.info.delete.password"),
		Says:     []string{"The password stops working at once. No session ends.", "They sign in another way, or set a new password by a link that is mailed to " + a.Member.Email + "."},
		Warnings: a.mailbox(),
	}, ""
}

func (h *console) askReset(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if a.Member.PasswordID == "" {
		return views.ConfirmPage{}, "They have no password."
	}
	return views.ConfirmPage{
		Title: "Require a new password of " + a.name() + "?", Button: "Require a new password", Permission: h.lacksIn(a.t, onMembers, "update.info.delete.password"),
		Hidden: []views.Hidden{{Name: fieldHow, Value: "reset"}},
		Says: []string{
			"The password of " + a.Member.Email + " stops working until they set a new one, by a link that is mailed to them. No session ends.",
			"A password of this project is good in every organization, so it stops working in all of them.",
			"Where nobody else has the address, Stytch deletes the password.",
		},
		Warnings: a.mailbox(),
	}, ""
}

// mailbox warns that a password can be set anew by whoever reads the mail.
func (a *asked) mailbox() []string {
	return []string{"Whoever reads their mail can set a new password. Where that may be somebody else, lock the account down instead."}
}

// crossOrganization is the refusal to delete a password that is good in every organization (rule cross-org-passwords).
const crossOrganization = "cross_org_passwords_enabled"

// postPassword takes a password away. Where passwords are good in every organization it can only be required that it be reset,
// which is asked for anew, since it does more.
func (h *console) postPassword(c echo.Context, p *session.Person, t stytch.Tenant) error {
	err := passwordAct(c).post(h, c, p, t)
	if stytch.IsType(err, crossOrganization) {
		return seeOther(c, paths.With(paths.MemberAct(paths.MemberPasswordRoute, t.OrganizationID(), c.Param("member_id")), map[string][]string{"how": {"reset"}}))
	}
	return err
}

// showPassword asks before a password is taken away.
func (h *console) showPassword(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return passwordAct(c).page(h, c, p, t)
}

func passwordAct(c echo.Context) *memberAct {
	if resets(c) {
		return requireReset
	}
	return deletePassword
}

// opens is what taking a second factor away opens.
const opens = "Whoever gets past their first factor, as by reading their mail, can set up a second one of their own at the next sign-in. Be sure who asks for it."

// left says what second factors a member is asked for after one is gone.
func (a *asked) left(other string) (says, warns []string) {
	required := a.Organization.MFAPolicy == "REQUIRED_FOR_ALL" || a.Member.MFAEnrolled
	says = []string{"No session ends."}
	switch {
	case other != "":
		return append(says, other+" stays, and is asked for instead."), nil
	case required:
		return append(says, "It is their only second factor. The next sign-in sets another one up."), []string{opens}
	}
	return append(says, "It is their only second factor. The next sign-in asks for none."), []string{"Their first factor alone lets in whoever has it."}
}

func (h *console) askTOTP(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if a.Member.TOTPID == "" {
		return views.ConfirmPage{}, "They have no authenticator app."
	}
	other := ""
	if a.Member.MFAPhone != "" && a.Member.MFAPhoneOK {
		other = "The phone number " + a.Member.MFAPhone
	}
	says, warns := a.left(other)
	return views.ConfirmPage{
		Title: "Remove the authenticator app of " + a.name() + "?", Button: "Remove the app", Permission: h.lacksIn(a.t, onMembers, "update.info.delete.mfa-totp"),
		Says: append([]string{"The app's codes and all recovery codes stop working at once."}, says...), Warnings: warns,
	}, ""
}

func (h *console) askPhone(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if a.Member.MFAPhone == "" {
		return views.ConfirmPage{}, "They have no phone number."
	}
	other := ""
	if a.Member.TOTPID != "" {
		other = "The authenticator app"
	}
	says, warns := a.left(other)
	return views.ConfirmPage{
		Title: "Remove the phone number of " + a.name() + "?", Button: "Remove the number", Permission: h.lacksIn(a.t, onMembers, "update.info.delete.mfa-phone"),
		Says: append([]string{"No code is sent to " + a.Member.MFAPhone + " any more."}, says...), Warnings: warns,
	}, ""
}

func (h *console) askRevokeInvitation(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if !isInvited(&a.Member) {
		return views.ConfirmPage{}, "There is no invitation: they are here already."
	}
	return views.ConfirmPage{
		Title: "Revoke the invitation of " + a.name() + "?", Button: "Revoke the invitation", Permission: h.lacksOwn(a.t, a.Member.ID, "delete"),
		Says: []string{"The links that were mailed to " + a.Member.Email + " stop working.", "The member is deleted, and the address is free for somebody else."},
	}, ""
}

func (h *console) askSendInvitation(_ echo.Context, a *asked) (views.ConfirmPage, string) {
	if !isInvited(&a.Member) {
		return views.ConfirmPage{}, "There is no invitation to send: they are here already."
	}
	return views.ConfirmPage{
		Title: "Send the invitation to " + a.name() + " again?", Button: "Send again", Calm: true, Permission: h.lacksIn(a.t, onMembers, "create"),
		Hidden: []views.Hidden{{Name: "act", Value: "send"}},
		Says:   []string{"Another link is mailed to " + a.Member.Email + ". It is good for a week.", "Links that were mailed before stay as they are. Roles and name do not change."},
	}, ""
}
