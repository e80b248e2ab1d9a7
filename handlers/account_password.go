package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// waySession is the way to a new password without the present one: a factor that was proven just now stands in for it.
const waySession = "session"

// withWay is the address of the password page for who does not know the present one.
func withWay(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // it is one of ours
	}
	q := u.Query()
	q.Set("way", waySession)
	u.RawQuery = q.Encode()
	return u.String()
}

// bySession says whether a new password is set by the session: where there is none yet, or the person asks for it.
func bySession(c echo.Context, self stytch.Self) bool {
	return self.Member.PasswordID == "" || param(c, "way") == waySession || field(c, "way") == waySession
}

// showAccountPassword asks for a new password.
func (h *console) showAccountPassword(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	if bySession(c, self) {
		if ok, err := h.freshEnough(c, t, self, "set a password", false); !ok || err != nil {
			return err
		}
	}
	return h.accountPasswordPage(c, http.StatusOK, p, t, self, views.PasswordPage{})
}

func (h *console) accountPasswordPage(c echo.Context, status int, p *session.Person, t stytch.Tenant, self stytch.Self, m views.PasswordPage) error {
	in := accountIn(p, t)
	m.Email, m.Organization, m.Action = self.Member.Email, in.Organization, paths.AccountPassword
	m.Cancel = paths.Own(paths.Account, in.ID)
	if in.ID != "" {
		m.Hidden = append(m.Hidden, views.Hidden{Name: "organization", Value: in.ID})
	}
	if m.Current = !bySession(c, self); !m.Current {
		m.Hidden = append(m.Hidden, views.Hidden{Name: "way", Value: waySession})
	}
	m.Frame = h.frame(c, "Choose a new password", views.AreaNone)
	plain(c.Response().Header())
	return h.render(c, status, views.Password(m))
}

// currentTroubles are refusals of the present password, by the upstream's name, in a person's words.
var currentTroubles = map[string]string{
	"unauthorized_credentials":  "This is not your current password.",
	"password_does_not_match":   "This is not your current password.",
	"member_password_not_found": "You have no password any more. Go back to your account and set one.",
	"member_reset_password":     "This password was found in a breach, or an administrator asked for a new one. Go back to your account and choose that you forgot it.",
}

// changeAccountPassword checks a new password, or sets it.
func (h *console) changeAccountPassword(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	password, current := stytch.Secret(form.Get("password")), stytch.Secret(form.Get("current"))
	if bySession(c, self) {
		if ok, err := h.freshEnough(c, t, self, "set a password", false); !ok || err != nil {
			return err
		}
		if !form.Has("password") {
			// The page that asks for a proof carries no secret on.
			return h.accountPasswordPage(c, http.StatusOK, p, t, self, views.PasswordPage{})
		}
	}
	strength, problems, err := h.weigh(c.Request().Context(), self.Member.Email, password)
	if err != nil {
		return err
	}
	refuse := func(status int, field, text string) error {
		return h.accountPasswordPage(c, status, p, t, self, views.PasswordPage{Strength: strength, Problems: []views.Problem{{Field: field, Text: text}}})
	}
	switch {
	case field(c, "act") == "check" && strength != nil:
		return h.accountPasswordPage(c, http.StatusOK, p, t, self, views.PasswordPage{Strength: strength})
	case problems != nil:
		return h.accountPasswordPage(c, http.StatusUnprocessableEntity, p, t, self, views.PasswordPage{Strength: strength, Problems: problems})
	case bySession(c, self):
		in, err := t.SetPassword(c.Request().Context(), password, h.SessionMinutes)
		return h.passwordSet(c, p, t, in, err, refuse)
	case current == "":
		return refuse(http.StatusUnprocessableEntity, "current", "Enter your current password.")
	case !h.mayTry(c, t):
		return refuse(http.StatusTooManyRequests, "current", triedTooOften)
	}
	in, err := t.ChangePassword(c.Request().Context(), self.Member.Email, current, password, h.SessionMinutes)
	if text, status, ok := told(err, currentTroubles); ok {
		return refuse(status, "current", text)
	}
	return h.passwordSet(c, p, t, in, err, refuse)
}

// passwordSet keeps the session that a new password leaves the person with; all their others are over (rule
// password-reset-revokes).
func (h *console) passwordSet(
	c echo.Context, p *session.Person, t stytch.Tenant, in stytch.SignIn, err error, refuse func(status int, field, text string) error,
) error {
	if text, ok := passwordTrouble(err); ok {
		return refuse(http.StatusUnprocessableEntity, "password", text)
	}
	if err != nil {
		return err
	}
	ctx, key := c.Request().Context(), accountIn(p, t)
	if !in.Done {
		// The password is set and the session over, and the sign-in that follows lacks something.
		p.Drop(t.OrganizationID())
		return h.ask(c, in, paths.Own(paths.Account, key.ID))
	}
	held, kept, err := p.Replace(in)
	if err != nil || !kept {
		// Nobody would hold the session that was just made, so it must not live on.
		h.revokeAll(ctx, []stytch.Tenant{held})
		if err == nil {
			err = session.ErrSignedOut
		}
		return err
	}
	return h.toAccount(c, p, t, views.FlashOK, "Your password is set. Every other session of yours in "+key.Organization+" has ended.")
}
