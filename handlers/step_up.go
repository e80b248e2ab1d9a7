package handlers

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// freshFor is how old the proof of a factor may be for the most sensitive acts.
const freshFor = 5 * time.Minute

// proofCode is an e-mailed code; the other ways to prove oneself anew have the names of factors.
const proofCode = "code"

// stepUpCalls are what a route may call besides to have the person prove themselves anew.
var stepUpCalls = []stytch.Operation{
	stytch.SessionAuthenticate, stytch.TOTPAuthenticate, stytch.SMSSend, stytch.SMSAuthenticate, stytch.RecoveryCodeUse,
	stytch.CodeSend, stytch.CodeAuthenticate, stytch.PasswordAuthenticate,
}

// fresh lets an act of one's own through only to who has proven a factor within the last five minutes.
func fresh(what string, f func(*console, echo.Context, *session.Person, stytch.Tenant) error) endpoint {
	e := own(func(h *console, c echo.Context, p *session.Person, t stytch.Tenant) error {
		self, err := t.Self(c.Request().Context())
		if err != nil {
			return err
		}
		if ok, err := h.freshEnough(c, t, self, what, false); !ok || err != nil {
			return err
		}
		return f(h, c, p, t)
	})
	e.fresh = true
	return e
}

// freshEnough says whether the session of t, which self has just told of, has a factor that was proven within the last five
// minutes, as its factors show it: a second one where second says so or the session has one, else any. Where it has none it takes
// the proof that the form brings, or asks for it in place: then the page is rendered, and there is nothing more to do.
func (h *console) freshEnough(c echo.Context, t stytch.Tenant, self stytch.Self, what string, second bool) (ok bool, err error) {
	second = second || self.Session.HasSecond()
	// The upstream's own clock, as it has just stamped the session, or ours where that is ahead: a stamp that is old or not
	// there must not make an old proof a new one.
	now := self.Session.LastAccessedAt.Time
	if ours := h.Now(); ours.After(now) {
		now = ours
	}
	if at := self.Session.ProvenAt(second); !at.IsZero() && now.Sub(at) <= freshFor {
		return true, nil
	}
	ways := stepUpWays(self, second)
	form := stepUpForm{what: what, method: field(c, "proof_method"), ways: ways, self: self}
	if !slices.Contains(ways, form.method) {
		form.method = ""
		if len(ways) > 0 {
			form.method = ways[0]
		}
		return false, h.stepUpPage(c, http.StatusUnauthorized, form)
	}
	switch {
	case field(c, "proof_send") != "":
		return false, h.sendProof(c, t, form)
	case field(c, "proof_code") == "" && c.Request().PostForm.Get("proof_password") == "":
		return false, h.stepUpPage(c, http.StatusUnauthorized, form)
	}
	return h.takeProof(c, t, form)
}

// stepUpForm is the page that asks for a proof, as somebody sees it.
type stepUpForm struct {
	what, method string
	ways         []string
	sent         bool
	self         stytch.Self
	problem      string
}

// stepUpWays are the ways in which a member can prove themselves anew, the usual one first.
func stepUpWays(self stytch.Self, second bool) []string {
	m, o := self.Member, self.Organization
	ways := usableFactors(hasApp(self), hasPhone(self), m.DefaultMFA)
	if second {
		return ways
	}
	takes := func(method string) bool {
		return o.AuthMethods != "RESTRICTED" || m.IsBreakglass || slices.Contains(o.AllowedAuthMethods, method)
	}
	if m.PasswordID != "" && takes("password") {
		ways = append(ways, methodPassword)
	}
	if takes("email_otp") {
		ways = append(ways, proofCode)
	}
	return ways
}

// proofWays offer one way to prove oneself in place of another.
var proofWays = map[string]string{
	factorTOTP: "Use the authenticator app", factorSMS: "Use a text message", factorRecovery: "Use a recovery code",
	methodPassword: "Use the password", proofCode: "Use a code by e-mail",
}

func (h *console) stepUpPage(c echo.Context, status int, form stepUpForm) error {
	m := views.StepUpPage{
		What: form.what, Action: here(c), Method: form.method, Sent: form.sent, SignIn: paths.Login, Cancel: h.landing(form.self.Organization.ID),
	}
	for _, name := range slices.Sorted(maps.Keys(c.Request().PostForm)) {
		if _, secret := secretFields[name]; !secret && name != ticketField && !strings.HasPrefix(name, "proof_") {
			for _, value := range c.Request().PostForm[name] {
				m.Hidden = append(m.Hidden, views.Hidden{Name: name, Value: value})
			}
		}
	}
	for _, way := range form.ways {
		if way != form.method {
			m.Ways = append(m.Ways, views.Way{Text: proofWays[way], Method: way})
		}
	}
	switch form.method {
	case factorSMS:
		m.SentTo = maskedPhone(form.self.Member.MFAPhone)
	case proofCode:
		m.SentTo = form.self.Member.Email
	}
	if form.problem != "" {
		name := "proof_code"
		switch {
		case form.method == methodPassword:
			name = "proof_password"
		case !form.sent && (form.method == factorSMS || form.method == proofCode):
			name = "" // the page has a button in place of the field
		}
		m.Problems = []views.Problem{{Field: name, Text: form.problem}}
	}
	m.Frame = h.frame(c, "Prove that it is you", views.AreaNone)
	return h.render(c, status, views.StepUp(m))
}

// sendProof sends the code that proves the person.
func (h *console) sendProof(c echo.Context, t stytch.Tenant, form stepUpForm) error {
	ctx := c.Request().Context()
	if !h.sends.take(h.address(c.Request()), t.MemberID()) {
		form.problem = "Five codes were sent in the last 15 minutes. Use the newest one, or wait."
		form.sent = true
		return h.stepUpPage(c, http.StatusTooManyRequests, form)
	}
	var err error
	switch form.method {
	case factorSMS:
		err = t.Halfway().SendSMS(ctx, "", locale(c))
	case proofCode:
		err = t.SendProofCode(ctx, form.self.Member.Email, locale(c))
	}
	if err == nil {
		form.sent = true
		return h.stepUpPage(c, http.StatusOK, form)
	}
	text, status, ok := told(err, factorTroubles)
	if !ok {
		return err
	}
	form.problem = text
	return h.stepUpPage(c, status, form)
}

// takeProof adds the factor to the session (rule step-up-adds-factor). On a yes the act goes on.
func (h *console) takeProof(c echo.Context, t stytch.Tenant, form stepUpForm) (ok bool, err error) {
	form.sent = true
	if !h.mayTry(c, t) {
		form.problem = triedTooOften
		return false, h.stepUpPage(c, http.StatusTooManyRequests, form)
	}
	if err := proveAnew(c, t, form); err != nil {
		return false, h.proofRefused(c, form, err)
	}
	return true, nil
}

func proveAnew(c echo.Context, t stytch.Tenant, form stepUpForm) error {
	ctx := c.Request().Context()
	if form.method == methodPassword {
		return t.ProvePassword(ctx, form.self.Member.Email, stytch.Secret(c.Request().PostForm.Get("proof_password")))
	}
	code, ok := sixDigits(field(c, "proof_code"))
	if form.method == factorRecovery {
		code, ok = recoveryCodeOf(field(c, "proof_code"))
	}
	switch {
	case !ok:
		return errNoCode
	case form.method == proofCode:
		return t.ProveCode(ctx, form.self.Member.Email, code)
	}
	_, _, err := prove(c, t.Halfway(), form.method, code, stytch.SecondFactor{})
	return err
}

// proofRefused says beside the field why a proof was not taken.
func (h *console) proofRefused(c echo.Context, form stepUpForm, err error) error {
	if isGone(err) {
		return err
	}
	text, status, ok := factorTrouble(err)
	if !ok {
		return err
	}
	form.problem = text
	return h.stepUpPage(c, status, form)
}
