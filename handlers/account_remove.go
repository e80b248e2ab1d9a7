package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showAccountTOTPRemove asks before the authenticator app is removed, or a set-up that was not finished.
func (h *console) showAccountTOTPRemove(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	m := views.AccountRemovePage{Heading: "Remove the authenticator app?", Action: paths.AccountTOTPRemove, Button: "Remove the app"}
	m.Follows = []string{"The app's codes and all recovery codes stop working at once."}
	if hasApp(self) {
		removing(&m, self, hasPhone(self), "Text messages stay, and are asked for instead.")
	} else {
		m.Heading, m.Button = "Throw the unfinished set-up away?", "Throw it away"
		m.Follows = []string{"The key that was shown for it stops working.", "Then another app can be set up."}
	}
	return h.accountRemovePage(c, p, t, m)
}

// showAccountPhoneRemove asks before the phone number is removed.
func (h *console) showAccountPhoneRemove(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	m := views.AccountRemovePage{Heading: "Remove the phone number?", Action: paths.AccountPhoneRemove, Button: "Remove the number"}
	if self.Member.MFAPhone != "" {
		m.Follows = []string{"No code is sent to " + maskedPhone(self.Member.MFAPhone) + " any more."}
	}
	if hasPhone(self) {
		removing(&m, self, hasApp(self), "The authenticator app stays, and is asked for instead.")
	} else {
		m.Follows = append(m.Follows, "Then another number can be set up.")
	}
	return h.accountRemovePage(c, p, t, m)
}

// removing says what follows from removing a factor: sessions stay, and the next sign-in asks for what is left.
func removing(m *views.AccountRemovePage, self stytch.Self, other bool, left string) {
	asked, byOrganization := alwaysAsked(self)
	m.Follows = append(m.Follows, "Your sessions stay as they are.")
	switch {
	case other:
		m.Follows = append(m.Follows, left)
	case byOrganization:
		m.Warn = "This is your only second factor, and the organization demands one: your next sign-in sets another one up."
	case asked:
		m.Warn = "This is your only second factor, and you want to be asked for one: your next sign-in sets another one up."
	default:
		m.Warn = "This is your only second factor. Without it your first factor alone lets in whoever has it."
	}
}

func (h *console) accountRemovePage(c echo.Context, p *session.Person, t stytch.Tenant, m views.AccountRemovePage) error {
	m.In = accountIn(p, t)
	m.Frame = h.frame(c, m.Heading, views.AreaNone)
	return h.render(c, http.StatusOK, views.AccountRemove(m))
}

// removeAccountTOTP removes the authenticator app.
func (h *console) removeAccountTOTP(c echo.Context, p *session.Person, t stytch.Tenant) error {
	_, err := t.DeleteTOTP(c.Request().Context())
	h.Sessions.Forget(c.Request().Context(), enrolmentNote(t.OrganizationID()))
	return h.factorRemoved(c, p, t, "The authenticator app is removed.", err, "totp_not_found")
}

// removeAccountPhone removes the phone number.
func (h *console) removeAccountPhone(c echo.Context, p *session.Person, t stytch.Tenant) error {
	_, err := t.DeletePhone(c.Request().Context())
	h.Sessions.Forget(c.Request().Context(), phoneNote(t.OrganizationID()))
	return h.factorRemoved(c, p, t, "The phone number is removed.", err, "member_phone_number_not_found")
}

func (h *console) factorRemoved(c echo.Context, p *session.Person, t stytch.Tenant, text string, err error, none string) error {
	if stytch.IsType(err, none) {
		return h.toAccount(c, p, t, views.FlashWarn, "It was gone already.")
	}
	if err != nil {
		return err
	}
	return h.toAccount(c, p, t, views.FlashOK, text)
}
