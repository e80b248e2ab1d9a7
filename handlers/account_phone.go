package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// phoneNote names what is kept of a number in an organization while its code is on its way.
func phoneNote(organizationID string) string { return "phone " + organizationID }

// showAccountPhone sets text messages up.
func (h *console) showAccountPhone(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	phone, sent := h.Sessions.Kept(c.Request().Context(), phoneNote(t.OrganizationID()))
	return h.accountPhonePage(c, http.StatusOK, p, t, self, views.AccountPhonePage{Phone: phone, Sent: sent})
}

func (h *console) accountPhonePage(c echo.Context, status int, p *session.Person, t stytch.Tenant, self stytch.Self, m views.AccountPhonePage) error {
	m.In = accountIn(p, t)
	asked, _ := alwaysAsked(self)
	m.Enrol = !asked
	switch number := self.Member.MFAPhone; {
	case hasPhone(self):
		m.Closed = "Texts go to " + maskedPhone(number) + ". Remove it first to use another one."
	case !takesSecond(self, factorSMS):
		m.Closed = m.In.Organization + " does not take text messages."
	case number != "" && !m.Sent:
		m.Phone, m.Fixed = number, true
	}
	m.Frame = h.frame(c, "Set up text messages", views.AreaNone)
	return h.render(c, status, views.AccountPhone(m))
}

// startAccountPhone texts a code. A member who has a number gets it there: another one is taken only when that is removed.
func (h *console) startAccountPhone(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	typed := field(c, "phone")
	refuse := func(status int, text string) error {
		m := views.AccountPhonePage{Phone: typed, Problems: []views.Problem{{Field: "phone", Text: text}}}
		if self.Member.MFAPhone != "" {
			m.Problems[0].Field = "" // there is no field to type it into
		}
		return h.accountPhonePage(c, status, p, t, self, m)
	}
	number, ok := phoneOf(typed)
	switch {
	case hasPhone(self), !takesSecond(self, factorSMS):
		return h.accountPhonePage(c, http.StatusUnprocessableEntity, p, t, self, views.AccountPhonePage{})
	case self.Member.MFAPhone != "":
		number = ""
	case !ok:
		return refuse(http.StatusUnprocessableEntity, "Enter the number with its country code, such as +44 20 7946 0958.")
	}
	if ok, err := h.proveFirst(c, t, self, "add a phone number"); !ok || err != nil {
		return err
	}
	if !h.sends.take(h.address(c.Request()), t.MemberID()) {
		return refuse(http.StatusTooManyRequests, sentTooOften)
	}
	ctx := c.Request().Context()
	if err := t.Halfway().SendSMS(ctx, number, locale(c)); err != nil {
		if text, status, ok := addTrouble(err); ok {
			return refuse(status, text)
		}
		return err
	}
	if number == "" {
		number = self.Member.MFAPhone
	}
	if err := h.Sessions.Keep(ctx, phoneNote(t.OrganizationID()), number); err != nil {
		return err
	}
	return seeOther(c, paths.Own(paths.AccountPhone, accountOf(p, t)))
}

// confirmAccountPhone takes the code that the number got.
func (h *console) confirmAccountPhone(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx, note := c.Request().Context(), phoneNote(t.OrganizationID())
	number, ok := h.Sessions.Kept(ctx, note)
	if !ok {
		h.Sessions.Flash(ctx, string(views.FlashWarn), "That took longer than ten minutes. Send another code.")
		return seeOther(c, paths.Own(paths.AccountPhone, accountOf(p, t)))
	}
	text, status, err := h.takeSecond(c, t, factorSMS)
	if err != nil {
		return err
	}
	if text != "" {
		self, err := h.ownSelf(c, p, t)
		if err != nil {
			return err
		}
		return h.accountPhonePage(c, status, p, t, self, views.AccountPhonePage{
			Phone: number, Sent: true, Problems: []views.Problem{{Field: "code", Text: text}},
		})
	}
	h.Sessions.Forget(ctx, note)
	return h.toAccount(c, p, t, views.FlashOK, "Texts go to "+maskedPhone(number)+" from now on.")
}
