package handlers

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// showAccount is one's own account in one organization, which needs no permission.
func (h *console) showAccount(c echo.Context, p *session.Person, t stytch.Tenant) error {
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	m := h.accountPage(p, t, self)
	m.Languages = languageOptions(locale(c))
	m.Frame = h.frame(c, "Your account", views.AreaNone)
	return h.render(c, http.StatusOK, views.Account(m))
}

// ownSelf reads who the person is, and keeps what it says.
func (h *console) ownSelf(c echo.Context, p *session.Person, t stytch.Tenant) (stytch.Self, error) {
	self, err := t.Self(c.Request().Context())
	if err != nil {
		return stytch.Self{}, err
	}
	p.Learn(self)
	if t.OrganizationID() == p.HomeID() {
		p.Name = self.Member.Name
	}
	return self, nil
}

// accountIn says whose account a page is about.
func accountIn(p *session.Person, t stytch.Tenant) views.AccountIn {
	key, _ := p.Key(t.OrganizationID())
	return views.AccountIn{Organization: nameOf(key.Name, key.Slug), ID: accountOf(p, t)}
}

// toAccount leads back to the account that a form was about.
func (h *console) toAccount(c echo.Context, p *session.Person, t stytch.Tenant, kind views.FlashKind, text string) error {
	h.Sessions.Flash(c.Request().Context(), string(kind), text)
	return seeOther(c, paths.Own(paths.Account, accountOf(p, t)))
}

// maxName bounds a person's name, in characters. The upstream publishes no bound.
const maxName = 128

// renameAccount changes one's own name.
func (h *console) renameAccount(c echo.Context, p *session.Person, t stytch.Tenant) error {
	name := field(c, "name")
	trouble := ""
	switch {
	case name == "":
		trouble = "Enter a name."
	case utf8.RuneCountInString(name) > maxName:
		trouble = "This name is too long: 128 characters are the most."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		trouble = "A name has letters and spaces in one line."
	default:
		if _, err := t.Rename(c.Request().Context(), name); err != nil {
			return err
		}
		return h.toAccount(c, p, t, views.FlashOK, "Your name is changed.")
	}
	self, err := h.ownSelf(c, p, t)
	if err != nil {
		return err
	}
	m := h.accountPage(p, t, self)
	m.Name, m.Problems = name, []views.Problem{{Field: "name", Text: trouble}}
	m.Languages = languageOptions(locale(c))
	m.Frame = h.frame(c, "Your account", views.AreaNone)
	return h.render(c, http.StatusUnprocessableEntity, views.Account(m))
}

// told puts a refusal into words that say what to do about it. What the words do not cover is left to the error page.
func told(err error, words map[string]string) (text string, status int, ok bool) {
	if text, ok := wordsFor(err, words); ok {
		return text, http.StatusUnprocessableEntity, true
	}
	if stytch.IsType(err, "user_lock_limit_reached") {
		return "Too many wrong ones: Stytch takes none for an hour.", http.StatusTooManyRequests, true
	}
	if stytch.IsLimited(err) {
		return "Stytch asks to slow down. Wait a minute, then try again.", http.StatusTooManyRequests, true
	}
	return "", 0, false
}

// mayTry counts a guess at something secret of the person's.
func (h *console) mayTry(c echo.Context, t stytch.Tenant) bool {
	return h.attempts.take(h.address(c.Request()), t.MemberID())
}

// The words for somebody who is over a limit of ours.
const (
	triedTooOften = "Ten tries in the last 15 minutes. Wait, then try again."
	sentTooOften  = "Five messages were sent in the last 15 minutes. Use the newest one, or wait."
)
