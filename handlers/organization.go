package handlers

import (
	"errors"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// overview is what the page of a tenant reads, side by side.
type overview struct {
	self    stytch.Self
	members part[int]
	sso     part[stytch.SSOConnections]
	scim    part[*stytch.SCIMConnection]
	apps    part[[]stytch.ConnectedApp]
}

// part is one part of a page that is read on its own and may fail on its own.
type part[T any] struct {
	got T
	err error
}

func (p *part[T]) read(wg *sync.WaitGroup, f func() (T, error)) {
	wg.Go(func() { p.got, p.err = f() })
}

// showOrganization is a tenant at a glance.
func (h *console) showOrganization(c echo.Context, p *session.Person, t stytch.Tenant) error {
	ctx := c.Request().Context()
	var o overview
	var self part[stytch.Self]
	var wg sync.WaitGroup
	self.read(&wg, func() (stytch.Self, error) { return t.Self(ctx) })
	o.members.read(&wg, func() (int, error) { return t.MemberCount(ctx) })
	o.sso.read(&wg, func() (stytch.SSOConnections, error) { return t.SSOConnections(ctx) })
	o.scim.read(&wg, func() (*stytch.SCIMConnection, error) { return t.SCIMConnection(ctx) })
	o.apps.read(&wg, func() ([]stytch.ConnectedApp, error) { return t.ConnectedApps(ctx) })
	wg.Wait()
	if err := firstGone(self.err, o.members.err, o.sso.err, o.scim.err, o.apps.err); err != nil {
		return err
	}
	if self.err != nil {
		return self.err
	}
	o.self = self.got
	p.Learn(o.self)
	m := h.overviewPage(c, &o)
	m.Frame = h.frame(c, o.self.Organization.Name, views.AreaOverview)
	if m.Frame.Visit != nil {
		m.Leave = "" // the banner has it
	}
	return h.render(c, http.StatusOK, views.Overview(m))
}

// firstGone is the first error that means that a session is over: no part of a page is then worth showing.
func firstGone(errs ...error) error {
	for _, err := range errs {
		if isGone(err) {
			return err
		}
	}
	return nil
}

func isGone(err error) bool {
	_, gone := errors.AsType[*stytch.SessionGone](err)
	return gone
}

// section tells how a part of a page stands.
func (h *console) section(c echo.Context, err error, isEmpty bool) views.Section {
	switch {
	case err == nil && isEmpty:
		return views.Section{State: views.SectionEmpty}
	case err == nil:
		return views.Section{}
	}
	p := h.explain(c, err)
	if stytch.IsForbidden(err) {
		s := views.Section{State: views.SectionRefused, RequestID: p.RequestID}
		if p.Permission != nil {
			s.Permission = *p.Permission
		}
		return s
	}
	if stytch.IsNotFound(err) {
		p.Heading, p.What = "Stytch knows nothing of it", "It may have been removed a moment ago."
	}
	h.Log.WarnContext(c.Request().Context(), "part not read", "reference", stateOf(c).reference, "error", err)
	return views.Section{State: views.SectionFailed, Problem: p.Heading + ". " + p.What, RequestID: p.RequestID, Retry: here(c)}
}
