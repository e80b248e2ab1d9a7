package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/views"
)

// start leads to the first page of whoever comes.
func (h *console) start(c echo.Context) error {
	p := stateOf(c).person
	if p == nil {
		return seeOther(c, paths.Login)
	}
	return seeOther(c, h.landing(p.HomeID()))
}

// landing is the first page after signing in to an organization.
func (h *console) landing(organizationID string) string {
	if organizationID == h.StaffOrganizationID && organizationID != "" {
		return paths.Organizations
	}
	return paths.Organization(organizationID)
}

// notSignedIn leads a reader to the sign-in page and back later; a form is told, so that nothing typed is lost.
func (h *console) notSignedIn(c echo.Context) error {
	if c.Request().Method != http.MethodGet && c.Request().Method != http.MethodHead {
		return echo.ErrUnauthorized
	}
	return h.toLogin(c)
}

// toLogin keeps the address wanted first, for documents alone: a part of a page is no place to return to.
func (h *console) toLogin(c echo.Context) error {
	if to := here(c); paths.Local(to) && !isPartial(c) {
		f := h.Sessions.Flow(c.Request())
		f.Return = to
		if err := h.Sessions.SetFlow(c.Response(), c.Request(), f); err != nil {
			return err
		}
		// What is wanted now is wanted instead of what an app asked for before.
		h.Sessions.EndWanted(c.Response())
	}
	return seeOther(c, paths.Login)
}

// notices are what the sign-in page may say about how one came to it, by the value of its query.
var notices = map[string]views.Flash{
	"out":        {Kind: views.FlashOK, Text: "You are signed out."},
	"here":       {Kind: views.FlashWarn, Text: "You are signed out here. Stytch did not confirm that the sessions ended there too; they end by themselves when their time is up."},
	"account":    {Kind: views.FlashOK, Text: "You are signed out. Sign in with the other account to go on."},
	"everywhere": {Kind: views.FlashOK, Text: "You are signed out everywhere."},
	"expired":    {Kind: views.FlashWarn, Text: "That took longer than ten minutes. Start again."},
}

// loginForm is the sign-in page as somebody sees it: what they typed, and what was wrong with it.
type loginForm struct {
	email, slug string
	password    bool
	problems    []views.Problem
}

// showLogin asks for an e-mail address, for all organizations or for the one whose slug is in the address. It reads no
// organization: whether one exists is nobody's business here.
func (h *console) showLogin(c echo.Context) error {
	return h.loginPage(c, http.StatusOK, loginForm{email: h.Sessions.Flow(c.Request()).Email, password: param(c, "way") == methodPassword})
}

func (h *console) loginPage(c echo.Context, status int, form loginForm) error {
	slug := c.Param("slug")
	m := views.LoginPage{
		Email: form.email, Slug: form.slug, Password: form.password, Problems: form.problems,
		Action: paths.Login, AskSlug: slug == "", Providers: h.providers(slug),
	}
	title := "Sign in"
	if slug != "" {
		if !isSlug(slug) {
			return notFound("")
		}
		m.Organization, m.Action, m.Discovery = slug, paths.LoginFor(slug), paths.Login
		title = "Sign in to " + slug
	}
	m.Other = views.Way{Text: "Use a password", Href: paths.WithPassword(m.Action)}
	if form.password {
		m.Other = views.Way{Text: "Use a link or a code instead", Href: m.Action}
	}
	m.Frame = h.frame(c, title, views.AreaNone)
	m.Frame.Path = m.Action
	if notice, ok := notices[param(c, "notice")]; ok && m.Frame.Flash == nil {
		m.Frame.Flash = &notice
	}
	m.App, m.AppHost = h.signsInFor(c)
	if h.Outbox != "" && slug == "" {
		m.Hints = h.Hints
	}
	return h.render(c, status, views.Login(m))
}
