package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/views"
)

// themeCookie holds "light" or "dark"; without it the page follows the system.
const themeCookie = "__Host-theme"

// frame is what a page has around its content. It takes the flash, so only a page that is shown whole may ask for it.
func (h *console) frame(c echo.Context, title string, area views.Area) views.Frame {
	s := stateOf(c)
	f := views.Frame{
		Title: title, Env: h.Env, Exposed: h.Exposed, Outbox: h.Outbox, Theme: theme(c), Path: returnable(c),
		Area: area, Assets: h.Assets, Rotation: s.rotation,
	}
	if s.loaded {
		if kind, text := h.Sessions.PopFlash(c.Request().Context()); text != "" {
			f.Flash = &views.Flash{Kind: views.FlashKind(kind), Text: text}
		}
	}
	if s.person == nil {
		return f
	}
	f.Ticket = s.person.Ticket
	home, _ := s.person.Key(s.person.HomeID())
	f.Person = &views.Person{
		Name: s.person.Name, Email: s.person.Email, Initials: initials(s.person.Name, s.person.Email),
		Home: home.Name, Roles: rolesInShort(home.Roles),
	}
	if by := s.person.Impersonator(); by != "" {
		f.Acting = &views.Acting{As: nameOf(s.person.Name, s.person.Email), By: by, Left: h.left(home), End: paths.Logout}
	}
	_, f.Staff = s.person.Staff()
	f.Entries = h.Desk != nil
	current := s.tenant.OrganizationID()
	for _, key := range s.person.Keys() {
		f.Tenants = append(f.Tenants, views.TenantLink{
			Name: key.Name, Href: paths.Organization(key.OrganizationID), Left: h.left(key), Current: key.OrganizationID == current,
		})
		if key.OrganizationID == current {
			f.Tenant = &views.Tenant{
				ID: current, Name: key.Name, Roles: rolesInShort(key.Roles),
				MinutesLeft: int(key.Expires.Sub(h.Now()).Minutes()), Held: true,
			}
		}
	}
	f.Visit = h.visiting(c)
	return f
}

// returnable is where a form on this page may return to. The answer to a form has no address of its own, and that of a
// sign-in link holds its token.
func returnable(c echo.Context) string {
	if m := c.Request().Method; (m != http.MethodGet && m != http.MethodHead) || c.Request().URL.Path == paths.Authenticate {
		return paths.Root
	}
	return here(c)
}

// left is what is left of a key, in words.
func (h *console) left(key session.Key) string {
	d := key.Expires.Sub(h.Now())
	if d >= time.Hour {
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return strconv.Itoa(int(d.Minutes())) + " min"
}

// rolesInShort is the first role beyond the one that everybody has, and how many more there are.
func rolesInShort(roles []string) string {
	own := slices.DeleteFunc(slices.Clone(roles), func(r string) bool { return r == "stytch_member" })
	switch len(own) {
	case 0:
		return ""
	case 1:
		return own[0]
	}
	return own[0] + " +" + strconv.Itoa(len(own)-1)
}

func theme(c echo.Context) string {
	cookie, err := c.Cookie(themeCookie)
	if err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		return cookie.Value
	}
	return ""
}
