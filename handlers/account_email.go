package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// newEmailNote names what is kept of a change of address in an organization.
func newEmailNote(organizationID string) string { return "new e-mail " + organizationID }

// showAccountEmail asks for the new address.
func (h *console) showAccountEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	return h.accountEmailPage(c, http.StatusOK, p, t, views.AccountEmailPage{})
}

func (h *console) accountEmailPage(c echo.Context, status int, p *session.Person, t stytch.Tenant, m views.AccountEmailPage) error {
	m.In, m.Email, m.Leaves = accountIn(p, t), p.Email, otherNames(p)
	m.Frame = h.frame(c, "Change your e-mail address", views.AreaNone)
	return h.render(c, status, views.AccountEmail(m))
}

// emailTroubles are refusals of a new address, by the upstream's name, in a person's words.
var emailTroubles = map[string]string{
	"invalid_email":                                   "Stytch does not take this for an e-mail address.",
	"duplicate_email":                                 "Another member here has this address.",
	"duplicate_member_email":                          "Another member here has this address.",
	"retired_member_email":                            "Another member here had this address before.",
	"desired_email_updating_for_different_member":     "Another member here is changing to this address.",
	"desired_email_deactivated_by_different_member":   "Another member here gave this address up.",
	"member_has_no_active_verified_email":             "Your present address is not verified. Sign in by a link or a code to it first.",
	"email_updates_available_only_for_active_members": "Only active members can change their address.",
}

// startAccountEmail mails a code to the new address; nothing changes before it comes back (rule email-update).
func (h *console) startAccountEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	email := field(c, "email")
	refuse := func(status int, text string) error {
		return h.accountEmailPage(c, status, p, t, views.AccountEmailPage{New: email, Problems: []views.Problem{{Field: "email", Text: text}}})
	}
	switch {
	case !isEmail(email):
		return refuse(http.StatusUnprocessableEntity, "Enter an e-mail address, such as name@company.example.")
	case strings.EqualFold(email, p.Email):
		return refuse(http.StatusUnprocessableEntity, "This is your address now.")
	case !h.sends.take(h.address(c.Request()), t.MemberID()):
		return refuse(http.StatusTooManyRequests, sentTooOften)
	}
	ctx := c.Request().Context()
	if err := t.StartEmailUpdate(ctx, email, locale(c)); err != nil {
		if text, status, ok := told(err, emailTroubles); ok {
			return refuse(status, text)
		}
		return err
	}
	if err := h.Sessions.Keep(ctx, newEmailNote(t.OrganizationID()), email); err != nil {
		return err
	}
	return seeOther(c, paths.Own(paths.AccountEmailCode, accountOf(p, t)))
}

// showAccountEmailCode asks for the code that the new address got.
func (h *console) showAccountEmailCode(c echo.Context, p *session.Person, t stytch.Tenant) error {
	email, ok := h.Sessions.Kept(c.Request().Context(), newEmailNote(t.OrganizationID()))
	if !ok {
		return h.emailForgotten(c, p, t)
	}
	return h.accountEmailPage(c, http.StatusOK, p, t, views.AccountEmailPage{New: email, Sent: true})
}

func (h *console) emailForgotten(c echo.Context, p *session.Person, t stytch.Tenant) error {
	h.Sessions.Flash(c.Request().Context(), string(views.FlashWarn), "That took longer than ten minutes. Start again.")
	return seeOther(c, paths.Own(paths.AccountEmail, accountOf(p, t)))
}

// confirmAccountEmail takes the code, and so the new address.
func (h *console) confirmAccountEmail(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	email, ok := h.Sessions.Kept(ctx, newEmailNote(t.OrganizationID()))
	if !ok {
		return h.emailForgotten(c, p, t)
	}
	refuse := func(status int, text string) error {
		return h.accountEmailPage(c, status, p, t, views.AccountEmailPage{
			New: email, Sent: true, Problems: []views.Problem{{Field: "code", Text: text}},
		})
	}
	code, ok := sixDigits(field(c, "code"))
	if !ok {
		return refuse(http.StatusUnprocessableEntity, "Enter the six digits of the code.")
	}
	if !h.mayTry(c, t) {
		return refuse(http.StatusTooManyRequests, triedTooOften)
	}
	in, err := t.ConfirmEmail(ctx, email, code)
	if err != nil {
		if text, status, ok := codeTrouble(err); ok {
			return refuse(status, text)
		}
		return err
	}
	// What the member has now counts, whatever was asked for: the keys of other organizations are those of an address.
	return h.emailChanged(c, p, t, in.Member.Email)
}

// emailChanged lets go of the keys that belong to the address that the person no longer has here.
func (h *console) emailChanged(c echo.Context, p *session.Person, t stytch.Tenant, email string) error {
	text, kind := "Your e-mail address is "+email+" now.", views.FlashOK
	held := []stytch.Tenant{t}
	if key, _ := p.Key(t.OrganizationID()); !key.Home {
		text = "Your e-mail address in " + key.Name + " is " + email + " now. You left it here: sign in with that address to go on there."
		p.Drop(t.OrganizationID())
		t = p.Home()
	} else {
		if left := otherNames(p); len(left) > 0 {
			text += " You left " + strings.Join(left, ", ") + ": enter again to go on there."
		}
		held = p.Move(email)
	}
	if !h.revokeAll(c.Request().Context(), held) {
		text, kind = text+" Stytch did not confirm that every session ended there too.", views.FlashWarn
	}
	return h.toAccount(c, p, t, kind, text)
}

// otherNames are the organizations that the person has entered besides the one they signed in to.
func otherNames(p *session.Person) []string {
	var names []string
	for _, key := range p.Keys() {
		if !key.Home {
			names = append(names, nameOf(key.Name, key.Slug))
		}
	}
	return names
}

// codeTrouble is factorTrouble for who is signed in: a session that is over is no wrong code.
func codeTrouble(err error) (text string, status int, ok bool) {
	if isGone(err) || stytch.IsForbidden(err) {
		return "", 0, false
	}
	return factorTrouble(err)
}
