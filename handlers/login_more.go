package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// pendingPrimary is the sign-in in the middle that lacks a first factor which the organization takes.
func (h *console) pendingPrimary(c echo.Context, organizationID string) (session.Pending, bool) {
	if !stytch.IsOrganizationID(organizationID) {
		return session.Pending{}, false
	}
	pending, ok := h.Sessions.Pending(c.Request().Context(), organizationID)
	return pending, ok && pending.Primary
}

// showMore says which ways in the organization takes, each a way on (rule primary-required).
func (h *console) showMore(c echo.Context) error {
	p, ok := h.pendingPrimary(c, param(c, "organization"))
	if !ok {
		return h.tooLate(c)
	}
	return h.morePage(c, http.StatusOK, p, "")
}

// slugOf names an organization in the sign-in of one: by its slug, which is short enough to read, or by its id.
func slugOf(p session.Pending) string {
	if isSlug(p.Slug) {
		return p.Slug
	}
	return p.OrganizationID
}

func (h *console) morePage(c echo.Context, status int, p session.Pending, trouble string) error {
	m := views.LoginMorePage{
		Organization: p.Organization, OrganizationID: p.OrganizationID, Email: p.Email, Action: paths.LoginMore,
		Lasts: minutesLeft(h.Now(), p.Expires), Another: paths.Login,
	}
	if p.Entering {
		m.Back, m.Another = paths.OwnOrganizations, ""
	} else if _, ok := h.Sessions.Pending(c.Request().Context(), ""); ok {
		m.Back = paths.LoginOrganizations
	}
	for _, method := range p.Methods {
		switch provider, isOAuth := strings.CutSuffix(method, "_oauth"); {
		case method == "magic_link":
			m.Ways = append(m.Ways, views.Way{Text: "E-mail me a link", Method: methodLink})
		case method == "email_otp":
			m.Ways = append(m.Ways, views.Way{Text: "E-mail me a code", Method: methodCode})
		case method == "password":
			m.Ways = append(m.Ways, views.Way{Text: "Use a password", Href: paths.WithPassword(paths.LoginFor(slugOf(p)))})
		case isOAuth && h.offers(provider):
			m.Ways = append(m.Ways, views.Way{Text: "Continue with " + methodName(method), Href: paths.LoginOAuth(provider, slugOf(p))})
		default:
			m.Unable = append(m.Unable, sentence(methodName(method)))
		}
	}
	if trouble != "" {
		m.Problems = []views.Problem{{Text: trouble}}
	}
	m.Frame = h.frame(c, "Another way to sign in is needed", views.AreaNone)
	return h.render(c, status, views.LoginMore(m))
}

// sendMore sends a link or a code to the address that is half signed in.
func (h *console) sendMore(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	p, ok := h.pendingPrimary(c, field(c, "organization_id"))
	if !ok {
		return h.tooLate(c)
	}
	method := field(c, "method")
	if (method != methodLink || !slices.Contains(p.Methods, "magic_link")) && (method != methodCode || !slices.Contains(p.Methods, "email_otp")) {
		return h.morePage(c, http.StatusUnprocessableEntity, p, "Choose one of these ways.")
	}
	if !h.sends.take(h.address(c.Request()), strings.ToLower(p.Email)) {
		return h.morePage(c, http.StatusTooManyRequests, p, "Five messages were sent in the last 15 minutes. Use one of them, or wait.")
	}
	flow := h.flowFor(c, p.Email, slugOf(p), method)
	if err := h.send(c, flow); err != nil {
		if stytch.IsLimited(err) {
			return h.morePage(c, http.StatusTooManyRequests, p, "Too many messages were sent. Wait a minute, then try again.")
		}
		return err
	}
	if err := h.Sessions.SetFlow(c.Response(), c.Request(), flow); err != nil {
		return err
	}
	return seeOther(c, paths.LoginSent)
}
