package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// changeAccountMFA says whether a second factor is asked for at each sign-in, or which one is asked for first.
func (h *console) changeAccountMFA(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	text := "Your usual second factor is changed."
	var err error
	switch enrolled, method := field(c, "enrolled"), field(c, "default"); {
	case method == factorTOTP || method == factorSMS:
		_, err = t.SetDefaultMFA(ctx, method)
	case enrolled == "yes":
		text = "A second factor is asked for at each sign-in from now on."
		_, err = t.SetMFAEnrolment(ctx, true)
	case enrolled == "no":
		text = "No second factor is asked for at sign-in any more."
		_, err = t.SetMFAEnrolment(ctx, false)
	default:
		return echo.ErrBadRequest
	}
	if stytch.IsType(err, "default_mfa_member_missing_factor") {
		return h.toAccount(c, p, t, views.FlashWarn, "You do not have that second factor any more.")
	}
	if err != nil {
		return err
	}
	return h.toAccount(c, p, t, views.FlashOK, text)
}

// proveFirst has somebody who has a second factor prove it before another one is added beside it (rule
// mfa-existing-factor-first). Where it says no, the page that asks was rendered.
func (h *console) proveFirst(c echo.Context, t stytch.Tenant, self stytch.Self, what string) (ok bool, err error) {
	if (!hasApp(self) && !hasPhone(self)) || self.Session.HasSecond() {
		return true, nil
	}
	return h.freshEnough(c, t, self, what, true)
}

// addTroubles are refusals to begin with a second factor, beside those of factorTroubles.
var addTroubles = map[string]string{
	"insufficient_factors": "You have another second factor, and this sign-in does not know it. Sign in again with it, then add this one.",
}

func addTrouble(err error) (text string, status int, ok bool) {
	if text, status, ok = told(err, addTroubles); ok {
		return text, status, ok
	}
	return told(err, factorTroubles)
}

// showAccountTOTP sets an authenticator app up. What has begun is shown again after a reload and a wrong code.
func (h *console) showAccountTOTP(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	return h.accountTOTPPage(c, http.StatusOK, p, t, self, views.AccountTOTPPage{})
}

func (h *console) accountTOTPPage(c echo.Context, status int, p *session.Person, t stytch.Tenant, self stytch.Self, m views.AccountTOTPPage) error {
	m.In = accountIn(p, t)
	asked, _ := alwaysAsked(self)
	m.Enrol = !asked
	switch {
	case hasApp(self):
		m.Closed = "You have an authenticator app. Remove it first to set up another one."
	case !takesSecond(self, factorTOTP):
		m.Closed = m.In.Organization + " does not take authenticator apps."
	default:
		kept, _ := h.Sessions.Kept(c.Request().Context(), enrolmentNote(t.OrganizationID()))
		if e, ok := parseEnrolment(kept); ok {
			var err error
			if m.Setup, err = totpSetup(stytch.Secret(e.Key), self.Member.Email, m.In.Organization); err != nil {
				return err
			}
		}
	}
	m.Frame = h.frame(c, "Set up an authenticator app", views.AreaNone)
	plain(c.Response().Header())
	return h.render(c, status, views.AccountTOTP(m))
}

// startAccountTOTP registers an app that waits for its first code.
func (h *console) startAccountTOTP(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	if hasApp(self) || !takesSecond(self, factorTOTP) {
		return h.accountTOTPPage(c, http.StatusUnprocessableEntity, p, t, self, views.AccountTOTPPage{})
	}
	if ok, err := h.proveFirst(c, t, self, "add an authenticator app"); !ok || err != nil {
		return err
	}
	ctx := c.Request().Context()
	made, err := t.Halfway().CreateTOTP(ctx)
	if err != nil {
		text, status, ok := addTrouble(err)
		if !ok {
			return err
		}
		return h.accountTOTPPage(c, status, p, t, self, views.AccountTOTPPage{
			Discard: stytch.IsType(err, "pending_totp_exists"), Problems: []views.Problem{{Text: text}},
		})
	}
	if err := h.Sessions.Keep(ctx, enrolmentNote(t.OrganizationID()), enrolmentOf(made).text()); err != nil {
		return err
	}
	return seeOther(c, paths.Own(paths.AccountTOTP, accountOf(p, t)))
}

// confirmAccountTOTP takes the app's first code. The recovery codes are the answer to the form, this once: the page has no
// address.
func (h *console) confirmAccountTOTP(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx, note := c.Request().Context(), enrolmentNote(t.OrganizationID())
	kept, _ := h.Sessions.Kept(ctx, note)
	e, ok := parseEnrolment(kept)
	if !ok {
		h.Sessions.Flash(ctx, string(views.FlashWarn), "That took longer than ten minutes. Start again.")
		return seeOther(c, paths.Own(paths.AccountTOTP, accountOf(p, t)))
	}
	text, status, err := h.takeSecond(c, t, factorTOTP)
	if err != nil {
		return err
	}
	if text != "" {
		self, err := h.ownSelf(c, p, t)
		if err != nil {
			return err
		}
		return h.accountTOTPPage(c, status, p, t, self, views.AccountTOTPPage{Problems: []views.Problem{{Field: "code", Text: text}}})
	}
	h.Sessions.Forget(ctx, note)
	in := accountIn(p, t)
	return h.recoveryCodesPage(c, in.Organization, e.Codes, paths.Own(paths.Account, in.ID), "Back to your account")
}

// takeSecond spends the first code of a new second factor; text says why it was not taken.
func (h *console) takeSecond(c echo.Context, t stytch.Tenant, method string) (text string, status int, err error) {
	code, ok := sixDigits(field(c, "code"))
	if !ok {
		return "Enter the six digits of the code.", http.StatusUnprocessableEntity, nil
	}
	if !h.mayTry(c, t) {
		return triedTooOften, http.StatusTooManyRequests, nil
	}
	_, _, err = prove(c, t.Halfway(), method, code, stytch.SecondFactor{Enrol: field(c, "enrol") != ""})
	if err == nil {
		return "", 0, nil
	}
	if text, status, ok = codeTrouble(err); ok {
		return text, status, nil
	}
	return "", 0, err
}
