package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
)

// Access says who may come to a route at all. What they may do there the upstream decides.
type Access uint8

// The kinds of access. The zero value is none of them, so a row that forgets it fails a test.
const (
	// Anyone needs no session.
	Anyone Access = iota + 1
	// SignedIn needs a session; without one a GET leads to signing in.
	SignedIn
	// InTenant needs the key of the organization in the address; without it a GET shows the page that enters.
	InTenant
)

// Route is a row of the table.
type Route struct {
	Method, Path string
	Access       Access
	// Calls are the operations that the route may call; every other is refused before it is sent. A checked operation
	// brings its check along.
	Calls []stytch.Operation

	serve func(*console) echo.HandlerFunc
}

// endpoint is a handler with the access that gives it its keys.
type endpoint struct {
	access Access
	serve  func(*console) echo.HandlerFunc
}

func anyone(f func(*console, echo.Context) error) endpoint {
	return endpoint{Anyone, func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error { return f(h, c) }
	}}
}

func signedIn(f func(*console, echo.Context, *session.Person) error) endpoint {
	return endpoint{SignedIn, func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error {
			if p := stateOf(c).person; p != nil {
				return f(h, c, p)
			}
			return h.notSignedIn(c)
		}
	}}
}

func inTenant(f func(*console, echo.Context, *session.Person, stytch.Tenant) error) endpoint {
	return endpoint{InTenant, func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error {
			p := stateOf(c).person
			if p == nil {
				return h.notSignedIn(c)
			}
			organizationID := c.Param("organization_id")
			if !stytch.IsOrganizationID(organizationID) {
				return notFound("")
			}
			t, ok := p.Tenant(organizationID)
			if !ok {
				allow(c, enterCalls)
				return h.showEnter(c, p, organizationID)
			}
			stateOf(c).tenant = t
			return f(h, c, p, t)
		}
	}}
}

// revoke is what every route needs that may end a session.
var revoke = stytch.SessionRevoke

// enterCalls are the operations behind the page that stands before a tenant without a key.
var enterCalls = []stytch.Operation{stytch.DiscoveryOrganizations, stytch.OrganizationGet}

// table is every page of the console. The order is that of a visit.
func table() []Route {
	row := func(method, path string, e endpoint, calls ...stytch.Operation) Route {
		return Route{Method: method, Path: path, Access: e.access, Calls: calls, serve: e.serve}
	}
	return []Route{
		row(http.MethodGet, paths.Root, anyone((*console).start)),
		row(http.MethodPost, paths.Theme, anyone((*console).setTheme)),

		row(http.MethodGet, paths.Login, anyone((*console).showLogin)),
		row(http.MethodPost, paths.Login, anyone((*console).sendLogin), stytch.DiscoveryLinkSend, stytch.DiscoveryCodeSend),
		row(http.MethodGet, paths.LoginSent, anyone((*console).showSent)),
		// Without it the address of a code that was wrong would be the sign-in page of an organization called "code".
		row(http.MethodGet, paths.LoginCode, anyone((*console).showSent)),
		row(http.MethodPost, paths.LoginCode, anyone((*console).takeCode), stytch.DiscoveryCodeAuthenticate, stytch.CodeAuthenticate, revoke),
		row(http.MethodGet, paths.LoginOrganizations, anyone((*console).showLoginOrganizations), stytch.DiscoveryOrganizations),
		row(http.MethodPost, paths.LoginOrganizations, anyone((*console).chooseOrganization), stytch.IntermediateExchange, revoke),
		row(http.MethodGet, paths.LoginMore, anyone((*console).showMore)),
		row(http.MethodGet, paths.LoginSlug, anyone((*console).showLogin)),
		row(http.MethodPost, paths.LoginSlug, anyone((*console).sendLogin), stytch.LinkSend, stytch.CodeSend),
		row(http.MethodGet, paths.Authenticate, anyone((*console).showAuthenticate)),
		row(http.MethodPost, paths.Authenticate, anyone((*console).authenticate), stytch.DiscoveryLinkAuthenticate, stytch.LinkAuthenticate, revoke),
		row(http.MethodPost, paths.Logout, anyone((*console).logout), revoke),

		row(http.MethodGet, paths.Find, signedIn((*console).find), stytch.OrganizationGet, stytch.OrganizationsSearch, stytch.MemberFind, stytch.DiscoveryOrganizations),
		row(http.MethodGet, paths.Organizations, signedIn((*console).listOrganizations), stytch.OrganizationsSearch, stytch.DiscoveryOrganizations),

		row(http.MethodGet, paths.OrganizationRoute, inTenant((*console).showOrganization), stytch.SessionAuthenticate, stytch.OrganizationMetrics,
			stytch.SSOConnectionsList, stytch.SCIMConnectionGet, stytch.ConnectedAppsList),
		row(http.MethodPost, paths.OrganizationEnter, signedIn((*console).enterOrganization), stytch.SessionExchange, revoke),
		row(http.MethodPost, paths.OrganizationLeave, signedIn((*console).leaveOrganization), revoke),
		row(http.MethodGet, paths.MembersRoute, inTenant((*console).listMembers), stytch.MembersSearch),
		row(http.MethodGet, paths.MemberRoute, inTenant((*console).showMember), stytch.SessionAuthenticate, stytch.OwnSessionsList,
			stytch.MemberGet, stytch.MemberSessionsList),
	}
}

// Routes returns the table, for the tests that are made from it.
func Routes() []Route { return table() }

// EnterCalls returns the operations that a tenant's page may call when the person holds no key to it.
func EnterCalls() []stytch.Operation { return slices.Clone(enterCalls) }

// New returns the console.
func New(o Options) http.Handler {
	const window = 15 * time.Minute
	h := &console{Options: o, sends: newLimiter(5, window, o.Now), attempts: newLimiter(10, window, o.Now)}
	e := echo.New()
	e.HTTPErrorHandler = h.sink
	e.Use(h.begin, h.oneHost, h.withSession, h.sameOrigin)
	static := e.Group(strings.TrimSuffix(paths.Static, "/"))
	static.GET("/*", echo.WrapHandler(o.Static))
	static.HEAD("/*", echo.WrapHandler(o.Static))
	for _, r := range table() {
		e.Add(r.Method, r.Path, h.serve(r))
		if r.Method == http.MethodGet {
			e.Add(http.MethodHead, r.Path, h.serve(r))
		}
	}
	return compress(e)
}

// serve lets the request call what its row names, and nothing else.
func (h *console) serve(r Route) echo.HandlerFunc {
	handle := r.serve(h)
	return func(c echo.Context) error {
		allow(c, r.Calls)
		return handle(c)
	}
}

// allow lets the request call these operations, and nothing else.
func allow(c echo.Context, calls []stytch.Operation) {
	c.SetRequest(c.Request().WithContext(stytch.WithCaller(c.Request().Context(), stytch.Caller{
		RequestID: stateOf(c).reference, Allowed: calls,
	})))
}
