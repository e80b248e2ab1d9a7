package handlers

import (
	"context"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// askResetFactors is the page that asks before somebody who has lost their second factors gets new ones.
func (h *console) askResetFactors(c echo.Context, a *asked) (views.ConfirmPage, string) {
	if a.Member.TOTPID == "" && a.Member.MFAPhone == "" {
		return views.ConfirmPage{}, "They have no second factor."
	}
	m := views.ConfirmPage{
		Title: "Reset the second factors of " + a.name() + "?", Button: "Reset the second factors", Reason: true,
		Says:     []string{"This is for somebody who has lost their second factors, and whom you know to be who they say."},
		Warnings: []string{opens},
	}
	for _, s := range resetSteps(c, a) {
		if s.none == "" {
			m.Says = append(m.Says, s.text+".")
			if m.Permission == nil {
				m.Permission = h.lacksIn(a.t, onMembers, s.action)
			}
		}
	}
	next := "The next sign-in asks for no second factor."
	if a.Organization.MFAPolicy == "REQUIRED_FOR_ALL" || a.Member.MFAEnrolled {
		next = "The next sign-in sets a new second factor up."
	}
	m.Says = append(m.Says, next, "No session ends. To put somebody out, lock the account down instead: that leaves the second factors.")
	return m, ""
}

// resetSteps take the second factors away.
func resetSteps(c echo.Context, a *asked) []step {
	noting := func(ctx context.Context) context.Context {
		return stytch.Noting(ctx, field(c, views.ConfirmReason))
	}
	app := step{
		name: "totp", text: "Remove the authenticator app and its recovery codes", action: "update.info.delete.mfa-totp",
		do: func(ctx context.Context) (string, error) {
			got, err := a.t.DeleteMemberTOTP(noting(ctx), a.Member.ID)
			return got.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if now.Member.TOTPID == "" {
				return "They have no authenticator app now."
			}
			return "They still have an authenticator app."
		}),
	}
	if a.Member.TOTPID == "" {
		app.none = "They have no authenticator app."
	}
	phone := step{
		name: "phone", text: "Remove the phone number", action: "update.info.delete.mfa-phone",
		do: func(ctx context.Context) (string, error) {
			got, err := a.t.DeleteMemberPhone(noting(ctx), a.Member.ID)
			return got.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if now.Member.MFAPhone == "" {
				return "They have no phone number now."
			}
			return "They still have a phone number."
		}),
	}
	if a.Member.MFAPhone == "" {
		phone.none = "They have no phone number."
	}
	return []step{app, phone}
}

// resetFactors asks, and its post answers with a receipt in place of a message.
var resetFactors = &memberAct{route: paths.MemberSecondFactorRoute, own: paths.Account, ask: (*console).askResetFactors}

// postReset takes the second factors away, and says what became of each.
func (h *console) postReset(c echo.Context, p *session.Person, t stytch.Tenant) error {
	if to, ok := resetFactors.elsewhere(c, p, t); ok {
		return seeOther(c, to)
	}
	a, err := h.read(c, p, t, 0)
	if err != nil {
		return err
	}
	asks, nothing := h.askResetFactors(c, a)
	named := c.Request().PostForm[fieldStep]
	if nothing != "" && len(named) == 0 {
		return h.toSubject(c, a.subject, views.FlashWarn, nothing)
	}
	if ok, err := h.mayProceed(c, views.AreaMembers, a.dress(paths.MemberSecondFactorRoute, asks)); !ok {
		return err
	}
	steps := again(named, resetSteps(c, a))
	if len(steps) == 0 {
		return echo.ErrBadRequest
	}
	receipts, err := h.run(c, steps)
	if err != nil {
		return err
	}
	standing(steps, receipts, func() (*asked, error) { return h.readAgain(c, p, t, 0) })
	m := views.ReceiptsPage{
		Title: "Reset of the second factors of " + a.name(), Crumbs: a.crumbs(), Receipts: receipts, Action: a.at(paths.MemberSecondFactorRoute),
		Back: a.home(), BackText: "To the member",
	}
	if left := remaining(steps, receipts); len(left) > 0 {
		m.Again = "Try again what is not done"
		m.Hidden = append([]views.Hidden{{Name: views.ConfirmReason, Value: field(c, views.ConfirmReason)}}, left...)
	}
	m.Frame = h.frame(c, m.Title, views.AreaMembers)
	return h.render(c, http.StatusOK, views.Receipts(m))
}

// codesActs are what is done with recovery codes, by the form's word.
var codesActs = map[string]struct {
	action, title, button, done string
	says                        []string
	read                        func(stytch.Staff, context.Context, stytch.Tenant, string) ([]stytch.Secret, error)
}{
	"show": {
		action: "get-recovery-codes", title: "Show the recovery codes of ", button: "Show the codes",
		says: []string{"Those that are left are shown to you, once. Each gets past the second factor one time."}, read: stytch.Staff.MemberRecoveryCodes,
	},
	"new": {
		action: "rotate-recovery-codes", title: "Make new recovery codes for ", button: "Make new codes",
		says: []string{"The ones they have stop working at once.", "The new ones are shown to you, once."}, read: stytch.Staff.RotateMemberRecoveryCodes,
	},
}

// askCodes is the page that asks before recovery codes are read. It reads none.
func (h *console) askCodes(p *session.Person, a *asked, act string) views.ConfirmPage {
	of := codesActs[act]
	m := views.ConfirmPage{
		Title: of.title + a.name() + "?", Button: of.button, Reason: true, Hidden: []views.Hidden{{Name: "act", Value: act}},
		Says:     append(of.says, "You are asked to show that it is you, if you have not within the last five minutes."),
		Warnings: []string{"Whoever has a code and the first factor is let in as them. Hand it over only to somebody whom you know to be them."},
	}
	if m.Permission = h.lacksStaff(p, "console-members", of.action); m.Permission == nil {
		m.Permission = h.lacksIn(a.t, onMembers, "update.info.delete.mfa-totp")
	}
	return a.dress(paths.MemberRecoveryCodesRoute, m)
}

// codesAct is what both visits to recovery codes begin with.
func (h *console) codesAct(p *session.Person, act string) (string, error) {
	if _, staff := p.Staff(); !staff {
		return "", notFound("")
	}
	if act == "" {
		act = "show"
	}
	if _, known := codesActs[act]; !known {
		return "", echo.ErrBadRequest
	}
	return act, nil
}

// proving marks an act that asks for a fresh proof of who somebody is.
func proving(e endpoint) endpoint {
	e.fresh = true
	return e
}

// showCodes leads to somebody's recovery codes, and reads none.
func (h *console) showCodes(c echo.Context, p *session.Person, t stytch.Tenant) error {
	act, err := h.codesAct(p, param(c, "act"))
	if err != nil {
		return err
	}
	if c.Param("member_id") == t.MemberID() {
		return seeOther(c, paths.Own(paths.AccountRecoveryCodes, accountOf(p, t)))
	}
	a, err := h.read(c, p, t, 0)
	if err != nil {
		return err
	}
	return h.confirm(c, http.StatusOK, views.AreaMembers, h.askCodes(p, a, act))
}

// takeCodes shows somebody's recovery codes, or makes new ones, to support staff who have just shown who they are. The page is the
// answer to the form and has no address.
func (h *console) takeCodes(c echo.Context, p *session.Person, t stytch.Tenant) error {
	act, err := h.codesAct(p, field(c, "act"))
	if err != nil {
		return err
	}
	if c.Param("member_id") == t.MemberID() {
		return seeOther(c, paths.Own(paths.AccountRecoveryCodes, accountOf(p, t)))
	}
	staff, _ := p.Staff()
	var a part[*asked]
	var self part[stytch.Self]
	var wg sync.WaitGroup
	a.read(&wg, func() (*asked, error) { return h.read(c, p, t, 0) })
	self.read(&wg, func() (stytch.Self, error) { return staff.Tenant().Self(c.Request().Context()) })
	wg.Wait()
	if err := firstGone(a.err, self.err); err != nil {
		return err
	}
	if a.err != nil {
		return a.err
	}
	if self.err != nil {
		return self.err
	}
	asks := h.askCodes(p, a.got, act)
	if ok, err := h.mayProceed(c, views.AreaMembers, asks); !ok {
		return err
	}
	if ok, err := h.freshEnough(c, staff.Tenant(), self.got, "see somebody's recovery codes", false); !ok || err != nil {
		return err
	}
	found, err := codesActs[act].read(staff, stytch.Noting(c.Request().Context(), field(c, views.ConfirmReason)), t, a.got.Member.ID)
	if stytch.IsType(err, "recovery_codes_not_found") {
		asks.Problems = []views.Problem{{Text: "They have none. Codes come with an authenticator app."}}
		return h.confirm(c, http.StatusUnprocessableEntity, views.AreaMembers, asks)
	}
	if err != nil {
		return err
	}
	return h.memberCodesPage(c, a.got, revealed(found))
}

// memberCodesPage shows somebody's recovery codes, once.
func (h *console) memberCodesPage(c echo.Context, a *asked, codes []string) error {
	stateOf(c).secret = true
	plain(c.Response().Header())
	m := views.MemberCodesPage{
		Frame: h.frame(c, "Recovery codes", views.AreaMembers), Crumbs: a.crumbs(), Name: a.name(), Organization: a.Organization.Name, Codes: codes,
		Download: paths.RecoveryCodesFile, Back: a.home(),
	}
	return h.render(c, http.StatusOK, views.MemberCodes(m))
}
