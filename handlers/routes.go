package handlers

import (
	"context"
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
			return h.once(c, p, func() error { return f(h, c, p) })
		}
	}}
}

// mayAct refuses every form of somebody who acts as another one, and the pages that are nothing but a form. The client refuses
// each write as well (stytch.ErrReadOnly); this says so before anything is read.
func mayAct(c echo.Context, p *session.Person) error {
	if m := c.Request().Method; p.Impersonator() != "" && (stateOf(c).changing || (m != http.MethodGet && m != http.MethodHead)) {
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
			return h.once(c, p, func() error { return h.within(c, p, c.Param("organization_id"), f) })
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
		row(http.MethodPost, paths.Logout, anyone((*console).logout), revoke, stytch.EntryDelete),

		row(http.MethodGet, paths.Authorize, anyone((*console).authorize), stytch.ConsentClientGet, stytch.AuthorizeStart, stytch.OwnAppsList, stytch.SessionAuthenticate, stytch.Authorize),
		row(http.MethodPost, paths.Authorize, deciding((*console).decideConsent), stytch.ConsentClientGet, stytch.Authorize),
		row(http.MethodPost, paths.AuthorizeDeny, deciding((*console).deny)),
		row(http.MethodPost, paths.AuthorizeAsk, deciding((*console).askAdmin), stytch.ConsentClientGet),
		row(http.MethodGet, paths.AuthorizeWho, anyone((*console).authorizeWho), stytch.DiscoveryOrganizations),
		row(http.MethodPost, paths.AuthorizeAccount, deciding((*console).authorizeAccount), revoke, stytch.EntryDelete),

		row(http.MethodGet, paths.Find, signedIn((*console).find), stytch.OrganizationGet, stytch.OrganizationsSearch, stytch.MemberFind, stytch.DiscoveryOrganizations),
		row(http.MethodGet, paths.Organizations, signedIn((*console).listOrganizations), stytch.OrganizationsSearch, stytch.DiscoveryOrganizations),
		row(http.MethodGet, paths.OrganizationNew, signedIn((*console).showOrganizationNew)),
		row(http.MethodPost, paths.OrganizationNew, signedIn((*console).createOrganization), stytch.OrganizationCreate),

		row(http.MethodGet, paths.Project, signedIn((*console).showProject), stytch.ProjectMetrics),

		row(http.MethodGet, paths.M2MClients, signedIn((*console).listM2MClients), stytch.M2MClientsSearch),
		row(http.MethodGet, paths.M2MClientNew, signedIn((*console).showM2MClientNew)),
		row(http.MethodPost, paths.M2MClientNew, signedIn((*console).createM2MClient), stytch.M2MClientCreate),
		row(http.MethodGet, paths.M2MClientRoute, signedIn((*console).showM2MClient), stytch.M2MClientGet),
		row(http.MethodGet, paths.M2MClientEditRoute, signedIn((*console).showM2MClientEdit), stytch.M2MClientGet),
		row(http.MethodPost, paths.M2MClientEditRoute, signedIn((*console).editM2MClient), stytch.M2MClientGet, stytch.M2MClientUpdate),
		row(http.MethodGet, paths.M2MClientSecretRoute, signedIn((*console).showM2MClientSecret), stytch.M2MClientGet),
		row(http.MethodPost, paths.M2MClientSecretRoute, signedIn((*console).turnM2MClientSecret), stytch.M2MClientGet, stytch.M2MSecretRotateStart,
			stytch.M2MSecretRotate, stytch.M2MSecretRotateCancel),
		row(http.MethodGet, paths.M2MClientDeleteRoute, signedIn((*console).showM2MClientDelete), stytch.M2MClientGet),
		row(http.MethodPost, paths.M2MClientDeleteRoute, signedIn((*console).deleteM2MClient), stytch.M2MClientGet, stytch.M2MClientDelete),

		row(http.MethodGet, paths.Audit, signedIn((*console).showAudit), stytch.AuditSearch),
		row(http.MethodGet, paths.AuditCSV, exportAudit(recordCSV), stytch.AuditExport),
		row(http.MethodGet, paths.AuditJSON, exportAudit(recordJSON), stytch.AuditExport),

		row(http.MethodGet, paths.ConnectedApps, signedIn((*console).listConnectedApps), stytch.AppClientsSearch),
		row(http.MethodGet, paths.ConnectedAppNew, signedIn((*console).showConnectedAppNew)),
		row(http.MethodPost, paths.ConnectedAppNew, signedIn((*console).createConnectedApp), stytch.AppClientCreate),
		row(http.MethodGet, paths.ConnectedAppRoute, signedIn((*console).showConnectedApp), stytch.AppClientGet, stytch.OrganizationAppGet),
		row(http.MethodGet, paths.ConnectedAppEditRoute, signedIn((*console).showConnectedAppEdit), stytch.AppClientGet),
		row(http.MethodPost, paths.ConnectedAppEditRoute, signedIn((*console).editConnectedApp), stytch.AppClientGet, stytch.AppClientUpdate),
		row(http.MethodGet, paths.ConnectedAppSecretRoute, signedIn((*console).showAppSecret), stytch.AppClientGet),
		row(http.MethodPost, paths.ConnectedAppSecretRoute, signedIn((*console).turnAppSecret), stytch.AppClientGet, stytch.AppSecretRotateStart, stytch.AppSecretRotate, stytch.AppSecretRotateCancel),
		row(http.MethodGet, paths.ConnectedAppDeleteRoute, signedIn((*console).showConnectedAppDelete), stytch.AppClientGet, stytch.OrganizationAppGet),
		row(http.MethodPost, paths.ConnectedAppDeleteRoute, signedIn((*console).deleteConnectedApp), stytch.AppClientGet, stytch.OrganizationAppGet, stytch.AppClientDelete),

		row(http.MethodGet, paths.OrganizationRoute, inTenant((*console).showOrganization), stytch.SessionAuthenticate, stytch.OrganizationMetrics,
			stytch.SSOConnectionsList, stytch.SCIMConnectionGet, stytch.ConnectedAppsList),
		row(http.MethodPost, paths.OrganizationEnter, signedIn((*console).enterOrganization), slices.Concat(stepUpCalls, []stytch.Operation{stytch.SessionExchange, revoke}, supportCalls)...),
		row(http.MethodPost, paths.OrganizationLeave, signedIn((*console).leaveOrganization), revoke, stytch.EntryDelete),
		row(http.MethodGet, paths.Entries, signedIn((*console).listEntries), stytch.EntriesList),
		row(http.MethodPost, paths.EntryEndRoute, signedIn((*console).endOne), stytch.EntriesList, stytch.EntryDelete, revoke),
		row(http.MethodGet, paths.MembersRoute, inTenant((*console).listMembers), stytch.MembersSearch),
		row(http.MethodGet, paths.MemberNewRoute, inTenant((*console).showMemberNew), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.MemberNewRoute, inTenant((*console).makeMember), stytch.SessionAuthenticate, stytch.MemberCreate, stytch.MemberInvite),
		row(http.MethodGet, paths.MemberEditRoute, inTenant((*console).showMemberEdit), stytch.SessionAuthenticate, stytch.MemberGet),
		row(http.MethodPost, paths.MemberEditRoute, inTenant((*console).editMember), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MembersSearch, stytch.MemberUpdate),
		row(http.MethodPost, paths.MemberTrustedRoute, inTenant((*console).editMember), stytch.SessionAuthenticate, stytch.MemberGet, stytch.StaffMemberTrustedUpdate),
		row(http.MethodPost, paths.MemberExternalIDRoute, inTenant((*console).editMember), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MemberUpdate,
			stytch.MemberExternalIDDelete, stytch.StaffMemberExternalIDUpdate, stytch.StaffMemberExternalIDDelete),
		row(http.MethodGet, paths.MemberEmailRoute, inTenant((*console).showMemberEmail), stytch.MemberGet),
		row(http.MethodPost, paths.MemberEmailRoute, inTenant((*console).changeMemberEmail), stytch.MemberGet, stytch.MemberUpdate, stytch.MemberEmailUpdateStart),
		row(http.MethodGet, paths.MemberRetiredEmailRoute, inTenant((*console).showRetiredEmail), stytch.SessionAuthenticate, stytch.MemberGet),
		row(http.MethodPost, paths.MemberRetiredEmailRoute, inTenant((*console).unlinkRetiredEmail), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MemberRetiredEmailUnlink),
		row(http.MethodGet, paths.MemberRoute, inTenant((*console).showMember), stytch.SessionAuthenticate, stytch.OwnSessionsList,
			stytch.MemberGet, stytch.MemberSessionsList, stytch.MemberAppsList),
		row(http.MethodGet, paths.MemberDeleteRoute, inTenant(deleteMember.page), stytch.SessionAuthenticate, stytch.OwnSessionsList, stytch.MemberGet,
			stytch.MemberSessionsList, stytch.MembersSearch),
		row(http.MethodPost, paths.MemberDeleteRoute, inTenant(deleteMember.post), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MemberDelete, revoke),
		row(http.MethodGet, paths.MemberReactivateRoute, inTenant((*console).showReactivate), stytch.MembersSearch),
		row(http.MethodPost, paths.MemberReactivateRoute, inTenant((*console).reactivateMember), stytch.MembersSearch, stytch.MemberReactivate),
		row(http.MethodGet, paths.MemberPasswordRoute, inTenant((*console).showPassword), stytch.MemberGet),
		row(http.MethodPost, paths.MemberPasswordRoute, inTenant((*console).postPassword), stytch.MemberGet, stytch.MemberPasswordDelete, stytch.MemberRequireReset),
		row(http.MethodGet, paths.MemberTOTPRoute, inTenant(deleteTOTP.page), stytch.MemberGet),
		row(http.MethodPost, paths.MemberTOTPRoute, inTenant(deleteTOTP.post), stytch.MemberGet, stytch.MemberTOTPDelete),
		row(http.MethodGet, paths.MemberPhoneRoute, inTenant(deletePhone.page), stytch.MemberGet),
		row(http.MethodPost, paths.MemberPhoneRoute, inTenant(deletePhone.post), stytch.MemberGet, stytch.MemberPhoneDelete),
		row(http.MethodGet, paths.MemberSessionsRoute, inTenant((*console).showSessionsEnd), stytch.MemberGet, stytch.MemberSessionsList),
		row(http.MethodPost, paths.MemberSessionsRoute, inTenant((*console).postSessionsEnd), stytch.MemberGet, stytch.MemberSessionsList, stytch.MemberSessionsRevoke),
		row(http.MethodGet, paths.MemberInvitationRoute, inTenant((*console).showInvitation), stytch.MemberGet),
		row(http.MethodPost, paths.MemberInvitationRoute, inTenant((*console).postInvitation), stytch.MemberGet, stytch.MemberInvite, stytch.MemberDelete),
		row(http.MethodGet, paths.MemberAppRoute, inTenant(revokeApp.page), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MemberAppsList),
		row(http.MethodPost, paths.MemberAppRoute, inTenant(revokeApp.post), stytch.SessionAuthenticate, stytch.MemberGet, stytch.MemberAppsList, stytch.MemberAppRevoke),
		row(http.MethodGet, paths.MemberSecondFactorRoute, inTenant(resetFactors.page), stytch.MemberGet),
		row(http.MethodPost, paths.MemberSecondFactorRoute, inTenant((*console).postReset), stytch.MemberGet, stytch.MemberTOTPDelete, stytch.MemberPhoneDelete),
		row(http.MethodGet, paths.MemberRecoveryCodesRoute, inTenant((*console).showCodes), stytch.MemberGet),
		row(http.MethodPost, paths.MemberRecoveryCodesRoute, proving(inTenant((*console).takeCodes)), slices.Concat(stepUpCalls, []stytch.Operation{
			stytch.MemberGet, stytch.MemberRecoveryCodesGet, stytch.MemberRecoveryCodesRotate,
		})...),
		row(http.MethodGet, paths.MemberProvidersRoute, inTenant((*console).showProviders), providerCalls()...),
		row(http.MethodGet, paths.MemberLockDownRoute, inTenant((*console).showLockDown), stytch.MemberGet, stytch.MemberSessionsList, stytch.MemberAppsList, stytch.MembersSearch),
		row(http.MethodPost, paths.MemberLockDownRoute, inTenant((*console).lockDownMember), stytch.MemberGet, stytch.MemberSessionsList, stytch.MemberAppsList, stytch.MembersSearch,
			stytch.MemberDelete, stytch.MemberSessionsRevoke, stytch.MemberAppRevoke, stytch.MemberPasswordDelete, stytch.MemberRequireReset, stytch.MemberUpdate),

		row(http.MethodGet, paths.OrganizationAppsRoute, inTenant((*console).showOrganizationApps), append([]stytch.Operation{stytch.SessionAuthenticate, stytch.ConnectedAppsList}, appRequestCalls...)...),
		row(http.MethodGet, paths.OrganizationAppsRoute, inTenant((*console).showOrganizationApps), slices.Concat([]stytch.Operation{
			stytch.SessionAuthenticate, stytch.ConnectedAppsList,
		}, appRequestCalls)...),
		row(http.MethodGet, paths.ConsentPreviewRoute, inTenant((*console).showConsentPreview)),
		row(http.MethodPost, paths.ConsentPreviewRoute, inTenant((*console).previewConsent), stytch.MembersSearch, stytch.MemberAppsList, stytch.ConsentPreview, stytch.ConsentClientGet),
		row(http.MethodPost, paths.AppRequestRoute, inTenant((*console).dismissAppRequests), appRequestCalls...),
		row(http.MethodGet, paths.OrganizationAppRoute, inTenant((*console).showOrganizationApp), stytch.OrganizationAppGet, stytch.MembersSearch),
		row(http.MethodGet, paths.OrganizationAppRevokeRoute, inTenant((*console).showAppRevoke), stytch.OrganizationAppGet, stytch.MembersSearch),
		row(http.MethodPost, paths.OrganizationAppRevokeRoute, inTenant((*console).revokeForMembers), stytch.OrganizationAppGet, stytch.MembersSearch, stytch.MemberAppRevoke),

		row(http.MethodGet, paths.SettingsRoute, inTenant((*console).showSettings), stytch.SessionAuthenticate),
		row(http.MethodGet, paths.SettingsGroupRoute, inTenant((*console).showSettingsGroup), stytch.SessionAuthenticate),
		row(http.MethodPost, paths.SettingsGroupRoute, inTenant((*console).saveSettingsGroup), stytch.SessionAuthenticate, stytch.ConnectedAppsList, stytch.OrganizationUpdate, stytch.OrganizationExternalIDDelete,
			stytch.StaffTrustedUpdate, stytch.StaffExternalIDUpdate, stytch.StaffExternalIDDelete, stytch.StaffClaimedDomainsUpdate, stytch.StaffAppPolicyUpdate),
		row(http.MethodGet, paths.OrganizationDeleteRoute, inTenant((*console).showOrganizationDelete), stytch.SessionAuthenticate, stytch.OrganizationMetrics),
		row(http.MethodPost, paths.OrganizationDeleteRoute, inTenant((*console).deleteOrganization), stytch.SessionAuthenticate, stytch.OrganizationMetrics, stytch.OrganizationDelete, revoke),
		row(http.MethodGet, paths.ActivityRoute, inTenant((*console).showActivity), stytch.ActivitySearch, stytch.MemberGet),
		row(http.MethodGet, paths.ActivityCSVRoute, exportActivity(recordCSV), stytch.ActivitySearch),
		row(http.MethodGet, paths.ActivityJSONRoute, exportActivity(recordJSON), stytch.ActivitySearch),

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
		row(http.MethodGet, paths.AccountApps, own((*console).showAccountApps), stytch.OwnAppsList),
		row(http.MethodGet, paths.AccountAppsRevoke, own((*console).showAccountAppsRevoke), stytch.OwnAppsList),
		row(http.MethodPost, paths.AccountAppsRevoke, own((*console).revokeAccountApps), stytch.OwnAppsList, stytch.OwnAppRevoke),
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
	h := &console{
		Options: o, sends: newLimiter(5, window, o.Now), attempts: newLimiter(10, window, o.Now), turns: newTurns(o.Now),
		clientReads: newLimiter(clientReads, time.Minute, o.Now), clients: newConsentClients(o.Now),
	}
	e := echo.New()
	e.HTTPErrorHandler = h.sink
	e.Use(h.begin, h.oneHost, h.withSession, h.sameOrigin)
	static := e.Group(strings.TrimSuffix(paths.Static, "/"))
	static.GET("/*", echo.WrapHandler(o.Static))
	static.HEAD("/*", echo.WrapHandler(o.Static))
	routes := table()
	forms := map[string]bool{}
	for _, r := range routes {
		forms[r.Path] = forms[r.Path] || r.Method == http.MethodPost
	}
	for _, r := range routes {
		// One's own account can be looked at without its forms; a page about an organization that has a form at its address is that form.
		handler := h.serve(r, forms[r.Path] && strings.HasPrefix(r.Path, paths.Organizations))
		e.Add(r.Method, r.Path, handler)
		if r.Method == http.MethodGet {
			e.Add(http.MethodHead, r.Path, handler)
		}
	}
	return compress(e)
}

// serve lets the request call what its row names, and nothing else.
func (h *console) serve(r Route, changing bool) echo.HandlerFunc {
	handle := r.serve(h)
	return func(c echo.Context) error {
		stateOf(c).access, stateOf(c).changing = r.Access, changing
		allow(c, r.Calls)
		return handle(c)
	}
}

// allow lets the request call these operations, and nothing else.
func allow(c echo.Context, calls []stytch.Operation) {
	s := stateOf(c)
	caller := stytch.Caller{RequestID: s.reference, Allowed: calls, Once: s.act}
	if p := s.person; p != nil {
		caller.Actor = actorOf(p)
	}
	c.SetRequest(c.Request().WithContext(stytch.WithCaller(c.Request().Context(), caller)))
}

// act is asked before each act of somebody's session. Pages of people who are signed in act only by a form with a ticket, so that
// a handler that forgets it cannot act at all.
func (s *state) act(ctx context.Context) error {
	if s.spend != nil {
		return s.spend(ctx)
	}
	if s.access != Anyone {
		return stytch.ErrOperation
	}
	return nil
}
