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
	// Fresh says that the act needs a factor that was proven within the last five minutes.
	Fresh bool

	serve func(*console) echo.HandlerFunc
}

// endpoint is a handler with the access that gives it its keys.
type endpoint struct {
	access Access
	fresh  bool
	serve  func(*console) echo.HandlerFunc
}

func anyone(f func(*console, echo.Context) error) endpoint {
	return endpoint{access: Anyone, serve: func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error { return f(h, c) }
	}}
}

func signedIn(f func(*console, echo.Context, *session.Person) error) endpoint {
	return endpoint{access: SignedIn, serve: func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error {
			p := stateOf(c).person
			if p == nil {
				return h.notSignedIn(c)
			}
			if err := mayAct(c, p); err != nil {
				return err
			}
			return f(h, c, p)
		}
	}}
}

// mayAct refuses every form of somebody who acts as another one. The client refuses each write as well (stytch.ErrReadOnly);
// this says so before anything is read.
func mayAct(c echo.Context, p *session.Person) error {
	if m := c.Request().Method; p.Impersonator() != "" && m != http.MethodGet && m != http.MethodHead {
		return readOnly()
	}
	return nil
}

func inTenant(f func(*console, echo.Context, *session.Person, stytch.Tenant) error) endpoint {
	return endpoint{access: InTenant, serve: func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error {
			p := stateOf(c).person
			if p == nil {
				return h.notSignedIn(c)
			}
			if err := mayAct(c, p); err != nil {
				return err
			}
			return h.within(c, p, c.Param("organization_id"), f)
		}
	}}
}

// within runs a page with the person's key of an organization. Without one a GET shows the page that enters.
func (h *console) within(
	c echo.Context, p *session.Person, organizationID string, f func(*console, echo.Context, *session.Person, stytch.Tenant) error,
) error {
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

// revoke is what every route needs that may end a session.
var revoke = stytch.SessionRevoke

// signInCalls are the operations of the sign-in page, which takes any organization or one.
var signInCalls = []stytch.Operation{
	stytch.DiscoveryLinkSend, stytch.DiscoveryCodeSend, stytch.DiscoveryPasswordAuthenticate, stytch.DiscoveryPasswordResetStart,
	stytch.LinkSend, stytch.CodeSend, stytch.PasswordAuthenticate, stytch.PasswordResetStart, revoke,
}

// enterCalls are the operations behind the page that stands before a tenant without a key.
var enterCalls = []stytch.Operation{stytch.DiscoveryOrganizations, stytch.OrganizationGet}

// table is every page of the console. The order is that of a visit.
func table() []Route {
	row := func(method, path string, e endpoint, calls ...stytch.Operation) Route {
		return Route{Method: method, Path: path, Access: e.access, Fresh: e.fresh, Calls: calls, serve: e.serve}
	}
	return []Route{
		row(http.MethodGet, paths.Root, anyone((*console).start)),
		row(http.MethodPost, paths.Theme, anyone((*console).setTheme)),

		row(http.MethodGet, paths.Login, anyone((*console).showLogin)),
		row(http.MethodPost, paths.Login, anyone((*console).sendLogin), signInCalls...),
		row(http.MethodGet, paths.LoginSent, anyone((*console).showSent)),
		// Without it the address of a code that was wrong would be the sign-in page of an organization called "code".
		row(http.MethodGet, paths.LoginCode, anyone((*console).showSent)),
		row(http.MethodPost, paths.LoginCode, anyone((*console).takeCode), stytch.DiscoveryCodeAuthenticate, stytch.CodeAuthenticate, revoke),
		row(http.MethodGet, paths.LoginOrganizations, anyone((*console).showLoginOrganizations), stytch.DiscoveryOrganizations),
		row(http.MethodPost, paths.LoginOrganizations, anyone((*console).chooseOrganization), stytch.IntermediateExchange, revoke),
		row(http.MethodGet, paths.LoginMore, anyone((*console).showMore)),
		row(http.MethodPost, paths.LoginMore, anyone((*console).sendMore), stytch.LinkSend, stytch.CodeSend),
		row(http.MethodGet, paths.LoginMFA, anyone((*console).showMFA)),
		row(http.MethodPost, paths.LoginMFA, anyone((*console).takeMFA), stytch.TOTPAuthenticate, stytch.SMSAuthenticate, stytch.RecoveryCodeUse, revoke),
		row(http.MethodPost, paths.LoginMFAStart, anyone((*console).startMFA), stytch.TOTPCreate, stytch.SMSSend),
		row(http.MethodGet, paths.LoginOAuthRoute, anyone((*console).startOAuth)),
		row(http.MethodGet, paths.LoginSlug, anyone((*console).showLogin)),
		row(http.MethodPost, paths.LoginSlug, anyone((*console).sendLogin), stytch.LinkSend, stytch.CodeSend, stytch.PasswordAuthenticate, stytch.PasswordResetStart, revoke),
		row(http.MethodGet, paths.Authenticate, anyone((*console).showAuthenticate)),
		row(http.MethodPost, paths.Authenticate, anyone((*console).authenticate), stytch.DiscoveryLinkAuthenticate, stytch.LinkAuthenticate,
			stytch.DiscoveryOAuthAuthenticate, stytch.OAuthAuthenticate, stytch.ImpersonationAuthenticate, revoke),
		row(http.MethodPost, paths.Password, anyone((*console).resetPassword), stytch.PasswordStrength, stytch.DiscoveryPasswordReset, stytch.PasswordReset, revoke),
		row(http.MethodPost, paths.RecoveryCodesFile, anyone((*console).downloadRecoveryCodes)),
		row(http.MethodPost, paths.Logout, anyone((*console).logout), revoke),

		row(http.MethodGet, paths.Find, signedIn((*console).find), stytch.OrganizationGet, stytch.OrganizationsSearch, stytch.MemberFind, stytch.DiscoveryOrganizations),
		row(http.MethodGet, paths.Organizations, signedIn((*console).listOrganizations), stytch.OrganizationsSearch, stytch.DiscoveryOrganizations),

		row(http.MethodGet, paths.OrganizationRoute, inTenant((*console).showOrganization), stytch.SessionAuthenticate, stytch.OrganizationMetrics,
			stytch.SSOConnectionsList, stytch.SCIMConnectionGet, stytch.ConnectedAppsList),
		row(http.MethodPost, paths.OrganizationEnter, signedIn((*console).enterOrganization), slices.Concat(stepUpCalls, []stytch.Operation{stytch.SessionExchange, revoke})...),
		row(http.MethodPost, paths.OrganizationLeave, signedIn((*console).leaveOrganization), revoke),
		row(http.MethodGet, paths.MembersRoute, inTenant((*console).listMembers), stytch.MembersSearch),
		row(http.MethodGet, paths.MemberRoute, inTenant((*console).showMember), stytch.SessionAuthenticate, stytch.OwnSessionsList,
			stytch.MemberGet, stytch.MemberSessionsList),

		row(http.MethodGet, paths.Account, own((*console).showAccount), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountName, own((*console).renameAccount), stytch.OwnNameUpdate, stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountLanguage, anyone((*console).setLanguage)),
		row(http.MethodGet, paths.AccountEmail, own((*console).showAccountEmail)),
		row(http.MethodPost, paths.AccountEmail, own((*console).startAccountEmail), stytch.OwnEmailUpdateStart),
		row(http.MethodGet, paths.AccountEmailCode, own((*console).showAccountEmailCode)),
		row(http.MethodPost, paths.AccountEmailCode, own((*console).confirmAccountEmail), stytch.CodeAuthenticate, revoke),
		row(http.MethodGet, paths.AccountPassword, own((*console).showAccountPassword), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountPassword, own((*console).changeAccountPassword), slices.Concat(stepUpCalls, []stytch.Operation{
			stytch.PasswordStrength, stytch.PasswordExistingReset, stytch.PasswordSessionReset, revoke,
		})...),
		row(http.MethodPost, paths.AccountMFA, own((*console).changeAccountMFA), stytch.OwnEnrolmentUpdate, stytch.OwnDefaultMFAUpdate),
		// The one second factor that somebody has is proven before another one is added.
		row(http.MethodGet, paths.AccountTOTP, own((*console).showAccountTOTP), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountTOTP, own((*console).startAccountTOTP), stytch.SessionAuthenticate, stytch.TOTPCreate, stytch.SMSSend, stytch.SMSAuthenticate),
		row(http.MethodPost, paths.AccountTOTPCode, own((*console).confirmAccountTOTP), stytch.TOTPAuthenticate, stytch.SessionAuthenticate),
		row(http.MethodGet, paths.AccountTOTPRemove, own((*console).showAccountTOTPRemove), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountTOTPRemove, own((*console).removeAccountTOTP), stytch.OwnTOTPDelete),
		row(http.MethodGet, paths.AccountPhone, own((*console).showAccountPhone), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountPhone, own((*console).startAccountPhone), stytch.SessionAuthenticate, stytch.SMSSend, stytch.TOTPAuthenticate, stytch.RecoveryCodeUse),
		row(http.MethodPost, paths.AccountPhoneCode, own((*console).confirmAccountPhone), stytch.SMSAuthenticate, stytch.SessionAuthenticate),
		row(http.MethodGet, paths.AccountPhoneRemove, own((*console).showAccountPhoneRemove), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.AccountPhoneRemove, own((*console).removeAccountPhone), stytch.OwnPhoneDelete),
		row(http.MethodGet, paths.AccountRecoveryCodes, own((*console).showAccountCodes)),
		row(http.MethodPost, paths.AccountRecoveryCodes, fresh("see the recovery codes", (*console).takeAccountCodes), slices.Concat(stepUpCalls, []stytch.Operation{
			stytch.OwnRecoveryCodesGet, stytch.OwnRecoveryCodesRotate,
		})...),
		row(http.MethodGet, paths.AccountSessions, own((*console).showAccountSessions), stytch.SessionAuthenticate, stytch.OwnSessionsList),
		row(http.MethodPost, paths.AccountSessions, own((*console).endAccountSession), stytch.SessionAuthenticate, stytch.OwnSessionsList, stytch.OwnSessionsRevoke, revoke),
		row(http.MethodPost, paths.AccountSessionsEnd, signedIn((*console).endAccountSessions), stytch.OwnSessionsRevoke, revoke),
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
