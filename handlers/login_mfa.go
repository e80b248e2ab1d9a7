package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// mfaForm is the page that asks for a second factor, as somebody sees it.
type mfaForm struct {
	method, phone string
	problems      []views.Problem
}

func (f mfaForm) wrong(field, text string) mfaForm {
	f.problems = []views.Problem{{Field: field, Text: text}}
	return f
}

// pendingFactor is the sign-in in the middle that lacks a second factor, in the organization that the request names: two
// tabs may be on the way into two of them.
func (h *console) pendingFactor(c echo.Context, organizationID string) (session.Pending, bool) {
	if !stytch.IsOrganizationID(organizationID) {
		return session.Pending{}, false
	}
	pending, ok := h.Sessions.Pending(c.Request().Context(), organizationID)
	return pending, ok && !pending.Primary
}

// tooLate leads on from a sign-in that ended in the middle.
func (h *console) tooLate(c echo.Context) error {
	if p := stateOf(c).person; p != nil {
		h.Sessions.Flash(c.Request().Context(), string(views.FlashWarn), "That took longer than ten minutes. Enter the organization again.")
		return seeOther(c, paths.OwnOrganizations)
	}
	return seeOther(c, paths.LoginNotice("expired"))
}

// showMFA asks for a second factor, or sets one up where the member has none.
func (h *console) showMFA(c echo.Context) error {
	pending, ok := h.pendingFactor(c, param(c, "organization"))
	if !ok {
		return h.tooLate(c)
	}
	return h.mfaPage(c, http.StatusOK, pending, mfaForm{method: param(c, "method")})
}

// factorsOf are the second factors that a sign-in in the middle may use or set up.
func factorsOf(p session.Pending) []string {
	if p.Enrolling {
		return p.Methods
	}
	return usableFactors(p.TOTP, p.Phone != "", p.Default)
}

func (h *console) mfaPage(c echo.Context, status int, p session.Pending, form mfaForm) error {
	all := factorsOf(p)
	if !slices.Contains(all, form.method) {
		form.method = ""
		if len(all) > 0 && (!p.Enrolling || len(all) == 1) {
			form.method = all[0]
		}
	}
	m := views.LoginMFAPage{
		Organization: p.Organization, OrganizationID: p.OrganizationID, Email: p.Email, Lasts: minutesLeft(h.Now(), p.Expires),
		Method: form.method, Enrolling: p.Enrolling, Problems: form.problems, Action: paths.LoginMFA, Start: paths.LoginMFAStart,
		Sent: p.Sent, Phone: form.phone, OfferDefault: !p.Enrolling && form.method != p.Default && form.method != factorRecovery,
		Another: paths.Login,
	}
	if p.Entering {
		m.Another = ""
		m.Back = paths.OwnOrganizations
	} else if _, ok := h.Sessions.Pending(c.Request().Context(), ""); ok {
		m.Back = paths.LoginOrganizations
	}
	if form.method == factorSMS && p.Phone != "" {
		// The upstream takes no other number now (rule sms-code-life), so none is asked for.
		m.Phone, m.Enrolling, m.Unproven = maskedPhone(p.Phone), false, p.Enrolling
	}
	if p.Enrolling && form.method == factorTOTP {
		kept, _ := h.Sessions.Kept(c.Request().Context(), enrolmentNote(p.OrganizationID))
		if e, ok := parseEnrolment(kept); ok {
			setup, err := totpSetup(stytch.Secret(e.Key), p.Email, p.Organization)
			if err != nil {
				return err
			}
			m.Setup = setup
		}
	}
	for _, method := range all {
		switch {
		case method == m.Method:
		case p.Enrolling && method == factorTOTP:
			m.Ways = append(m.Ways, views.Way{Text: "Set up an authenticator app", Method: method})
		case p.Enrolling:
			m.Ways = append(m.Ways, views.Way{Text: "Get codes by text message", Href: paths.LoginMFAFor(p.OrganizationID, method)})
		default:
			m.Ways = append(m.Ways, views.Way{Text: factorWays[method], Href: paths.LoginMFAFor(p.OrganizationID, method)})
		}
	}
	m.Frame = h.frame(c, "Second factor", views.AreaNone)
	plain(c.Response().Header())
	return h.render(c, status, views.LoginMFA(m))
}

// factorWays offer a second factor in place of another one.
var factorWays = map[string]string{
	factorTOTP: "Use the authenticator app", factorSMS: "Use a text message", factorRecovery: "Use a recovery code",
}

// startMFA sends a text, or sets an authenticator app up.
func (h *console) startMFA(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	p, ok := h.pendingFactor(c, field(c, "organization_id"))
	if !ok {
		return h.tooLate(c)
	}
	form := mfaForm{method: field(c, "method"), phone: field(c, "phone")}
	if !slices.Contains(factorsOf(p), form.method) || form.method == factorRecovery {
		return h.mfaPage(c, http.StatusUnprocessableEntity, p, mfaForm{}.wrong("", "Choose one of these."))
	}
	ctx := c.Request().Context()
	if _, begun := h.Sessions.Kept(ctx, enrolmentNote(p.OrganizationID)); begun && form.method == factorTOTP {
		return seeOther(c, paths.LoginMFAFor(p.OrganizationID, form.method)) // pressed twice
	}
	phone := ""
	if form.method == factorSMS && p.Phone == "" {
		if phone, ok = phoneOf(form.phone); !ok {
			return h.mfaPage(c, http.StatusUnprocessableEntity, p, form.wrong("phone", "Enter the number with its country code, such as +44 20 7946 0958."))
		}
	}
	if !h.sends.take(h.address(c.Request()), p.MemberID) {
		return h.mfaPage(c, http.StatusTooManyRequests, p, form.wrong("phone", "Five codes were sent in the last 15 minutes. Use the newest one, or wait."))
	}
	half := h.Client.Halfway(p.OrganizationID, p.MemberID, p.Token)
	var err error
	if form.method == factorTOTP {
		var made stytch.TOTP
		if made, err = half.CreateTOTP(ctx); err == nil {
			err = h.Sessions.Keep(ctx, enrolmentNote(p.OrganizationID), enrolmentOf(made).text())
		}
	} else if err = half.SendSMS(ctx, phone, locale(c)); err == nil {
		if phone == "" {
			phone = p.Phone
		}
		err = h.Sessions.Sent(ctx, p.OrganizationID, phone)
	}
	if err != nil {
		return h.mfaRefused(c, p, form, "phone", err, startTrouble)
	}
	return seeOther(c, paths.LoginMFAFor(p.OrganizationID, form.method))
}

// takeMFA proves a second factor.
func (h *console) takeMFA(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	p, ok := h.pendingFactor(c, field(c, "organization_id"))
	if !ok {
		return h.tooLate(c)
	}
	form := mfaForm{method: field(c, "method")}
	if !slices.Contains(factorsOf(p), form.method) {
		return h.mfaPage(c, http.StatusUnprocessableEntity, p, mfaForm{}.wrong("", "Choose one of these."))
	}
	code, ok := sixDigits(field(c, "code"))
	wrong := "Enter the six digits of the code."
	if form.method == factorRecovery {
		code, ok = recoveryCodeOf(field(c, "code"))
		wrong = "A recovery code has twelve letters and digits, such as ab12-cd34-ef56."
	}
	if !ok {
		return h.mfaPage(c, http.StatusUnprocessableEntity, p, form.wrong("code", wrong))
	}
	if !h.attempts.take(h.address(c.Request()), p.MemberID) {
		return h.mfaPage(c, http.StatusTooManyRequests, p, form.wrong("code", "Ten codes were tried in the last 15 minutes. Wait, then try again."))
	}
	in, left, err := prove(c, h.Client.Halfway(p.OrganizationID, p.MemberID, p.Token), form.method, code, stytch.SecondFactor{
		Minutes: h.SessionMinutes, MakeDefault: field(c, "default") != "",
	})
	if err != nil {
		return h.mfaRefused(c, p, form, "code", err, factorTrouble)
	}
	return h.proven(c, p, form.method, in, left)
}

// prove spends the code of a second factor.
func prove(c echo.Context, half stytch.Halfway, method, code string, f stytch.SecondFactor) (in stytch.SignIn, left int, err error) {
	ctx := c.Request().Context()
	switch method {
	case factorTOTP:
		in, err = half.AuthenticateTOTP(ctx, code, f)
	case factorSMS:
		in, err = half.AuthenticateSMS(ctx, code, f)
	default:
		return half.Recover(ctx, code, f)
	}
	return in, 0, err
}

// proven ends the sign-in. Who has just set an authenticator app up sees the recovery codes first, this once: the page is
// the answer to the form and has no address.
func (h *console) proven(c echo.Context, p session.Pending, method string, in stytch.SignIn, left int) error {
	ctx := c.Request().Context()
	kept, _ := h.Sessions.Kept(ctx, enrolmentNote(p.OrganizationID))
	to, err := h.complete(c, in)
	if err != nil {
		return err
	}
	if method == factorRecovery {
		h.Sessions.Flash(ctx, string(views.FlashWarn), "A recovery code is used up. "+strconv.Itoa(left)+" are left.")
	}
	e, enrolled := parseEnrolment(kept)
	if !enrolled || method != factorTOTP {
		return seeOther(c, to)
	}
	h.Sessions.Forget(ctx, enrolmentNote(p.OrganizationID))
	return h.recoveryCodesPage(c, p.Organization, e.Codes, to, "Go on to "+nameOf(p.Organization, "the console"))
}

// mfaRefused says beside the field why a factor was not taken, and leads on where the sign-in itself is over.
func (h *console) mfaRefused(c echo.Context, p session.Pending, form mfaForm, name string, err error, trouble func(error) (string, int, bool)) error {
	if isIntermediateGone(err) {
		h.Sessions.Settle(c.Request().Context(), p.OrganizationID)
		return h.tooLate(c)
	}
	if stytch.IsType(err, "expired_totp") || stytch.IsType(err, "totp_not_found") {
		h.Sessions.Forget(c.Request().Context(), enrolmentNote(p.OrganizationID)) // what is kept of it is of no more use
	}
	text, status, ok := trouble(err)
	if !ok {
		return err
	}
	return h.mfaPage(c, status, p, form.wrong(name, text))
}

// startTrouble puts the refusal to begin with a second factor into words: no code was typed yet that could be wrong.
func startTrouble(err error) (text string, status int, ok bool) { return told(err, factorTroubles) }

// factorTroubles are refusals of a second factor, by the upstream's name, in a person's words.
var factorTroubles = map[string]string{
	"totp_code_already_authenticated":                  "This code was used already. Wait for the next one, at most half a minute.",
	"recovery_code_used_as_totp_code":                  "This is a recovery code. Choose \"Use a recovery code\".",
	"totp_code_used_as_recovery_code":                  "This is a code of the app. Choose \"Use the authenticator app\".",
	"pending_totp_exists":                              "Another set-up was begun and not finished. It ends by itself after ten minutes; then this works.",
	"active_totp_exists":                               "An authenticator app is set up already. Remove it first.",
	"expired_totp":                                     "The set-up took too long. Start it again.",
	"totp_not_found":                                   "There is no authenticator app any more. Choose another factor, or set one up.",
	"insufficient_factors":                             "You have a second factor already that the organization does not take, which only an administrator of it can take away. Ask one.",
	"user_lock_limit_reached":                          "Too many wrong codes: no code works for an hour.",
	"duplicate_member_phone_number_for_member":         "Codes go to another number of yours already, which only an administrator of the organization can take away. Ask one.",
	"invalid_phone_number":                             "Stytch does not take this for a phone number.",
	"duplicate_member_phone_number":                    "This number belongs to another member. Use one of your own.",
	"operation_restricted_by_organization_mfa_methods": "The organization does not take this factor. Choose another one.",
}

// factorTrouble puts the refusal of a second factor into words. What is no refusal, it leaves to the error page.
func factorTrouble(err error) (text string, status int, ok bool) {
	if text, ok := wordsFor(err, factorTroubles); ok {
		return text, http.StatusUnprocessableEntity, true
	}
	switch {
	case errors.Is(err, errNoCode):
		return "This is not the shape of a code. Check it.", http.StatusUnprocessableEntity, true
	case stytch.IsLimited(err):
		return "Too many tries. Wait a minute, then try again.", http.StatusTooManyRequests, true
	case isRefusal(err), stytch.IsType(err, "unauthorized_credentials"):
		// The upstream says the same of a wrong code and of a wrong project secret (rule wrong-secret-or-code); the start of
		// the console has shown that the secret was right.
		return "This code is not right, or it is too old. Check it, or get a new one. After many wrong ones none works for an hour.", http.StatusUnprocessableEntity, true
	}
	return "", 0, false
}
