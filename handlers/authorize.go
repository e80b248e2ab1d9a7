package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/audit"
	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// authorization is a request on its way through the endpoint.
type authorization struct {
	authorizationRequest

	// query is the request as the client sent it.
	query string
	// language is that of the pages.
	language *views.Language
	person   *session.Person
	// elsewhere says that another organization was asked for than the one that answers.
	elsewhere bool
	// t is the member who is asked, and at its organization in addresses: "" for the one signed in to.
	t  stytch.Tenant
	at string
}

// address is an address of this request.
func (a *authorization) address(path string) string {
	return paths.Authorization(path, a.query, a.at)
}

// whole is the query of this request with the organization that answers it, as the browser keeps it during a sign-in.
func (a *authorization) whole() string { return strings.TrimPrefix(a.address(""), "?") }

// target is what a ticket is bound to, besides the person: what the form does, the browser session, the member, the organization, and every
// parameter. What was shown is what is decided, or nothing is: the ticket of a page that asked something else about the same request, maybe
// before anybody looked at its redirect address, decides nothing.
func (a *authorization) target(path string) string {
	return strings.Join([]string{path, a.person.SessionID(), a.t.OrganizationID(), a.t.MemberID(), a.query}, "\n")
}

// authorize is where OAuth clients send people to: it asks, or leads on where nothing is to be asked. It is called by a person who opens
// it, and by nothing else: what a page loads in the background must neither use up a code nor learn who is signed in.
func (h *console) authorize(c echo.Context) error {
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	if !isVisit(c.Request()) {
		return &problem{
			Status: http.StatusBadRequest, Heading: "This page opens in a tab of its own", What: "Something tried to load it in another way. Nothing was decided.",
			Do: "Go back to the app and start again.", Home: true,
		}
	}
	a, err := h.authorizationOf(c)
	if refused, ok := errors.AsType[*requestError](err); ok {
		return h.refuseRequest(c, a, refused)
	}
	if err != nil {
		return err
	}
	if a.person == nil {
		return h.authorizeLater(c, a)
	}
	if a.person.Impersonator() != "" {
		return readOnly()
	}
	return h.authorizeNow(c, a)
}

// isVisit says whether a person opened the address, as far as the browser says. Old browsers say nothing.
func isVisit(r *http.Request) bool {
	if strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose"), "prefetch") || r.Header.Get("HX-Request") != "" {
		return false
	}
	dest := r.Header.Get("Sec-Fetch-Dest")
	return dest == "" || dest == "document"
}

// authorizationOf reads the request and who is to answer it.
func (h *console) authorizationOf(c echo.Context) (*authorization, error) {
	a := &authorization{query: paths.WithoutOrganization(c.Request().URL.RawQuery), person: stateOf(c).person}
	a.language = languageOf(c, nil)
	if len(a.query) > maxAuthorization {
		return a, &problem{
			Status: http.StatusRequestURITooLong, Heading: "The app asks in too many words",
			What: "Its request is longer than 2,000 bytes, which is the limit here. Nothing was decided.", Do: "Tell whoever makes the app.",
		}
	}
	var err error
	a.authorizationRequest, err = parseAuthorization(a.query)
	a.language = languageOf(c, a.locales)
	if a.person != nil {
		a.t = a.person.Home()
		wanted := param(c, paths.AuthorizeOrganization)
		if t, ok := h.answersAs(c, a.person, wanted); ok {
			a.t, a.at = t, t.OrganizationID()
		}
		a.elsewhere = stytch.IsOrganizationID(wanted) && wanted != a.t.OrganizationID()
		stateOf(c).tenant = a.t
	}
	return a, err
}

// answersAs is the member of an organization as whom somebody may answer: never as one that was made for them to enter as support, and
// that is deleted when they leave.
func (h *console) answersAs(c echo.Context, p *session.Person, organizationID string) (stytch.Tenant, bool) {
	t, ok := p.Tenant(organizationID)
	if !ok || organizationID == p.HomeID() {
		return t, false
	}
	return t, !h.isVisitor(c, t)
}

// authorizeLater has a stranger sign in first. What may go back to the client without that goes back only to an address that the client is
// known to have.
func (h *console) authorizeLater(c echo.Context, a *authorization) error {
	client, err := h.consentClient(c.Request().Context(), c, a.clientID)
	switch {
	case errors.Is(err, stytch.ErrInput) && strings.HasPrefix(a.clientID, "https://") && !a.asks(promptNone):
		// A client that is its own address is known to the upstream alone, once there is a session to ask with (rule client-id-metadata).
	case errors.Is(err, stytch.ErrInput), stytch.IsNotFound(err):
		return unknownApp(err)
	case err != nil:
		return err
	case !isRegistered(client.RedirectURLs, a.redirectURI):
		return foreignAddress(nil)
	case a.asks(promptNone):
		return h.answerClient(c, a, oauthLoginRequired, "nobody is signed in")
	}
	return h.signInFor(c, a)
}

// signInFor keeps the request in the browser and asks for a sign-in.
func (h *console) signInFor(c echo.Context, a *authorization) error {
	if err := h.Sessions.SetWanted(c.Response(), c.Request(), session.Wanted{Query: a.whole(), At: h.Now()}); err != nil {
		return err
	}
	return seeOther(c, paths.Login)
}

// signsInFor is the app for whose sake somebody signs in, and the host where it answers, as far as it was known a moment ago: pages for
// strangers read nothing. "" where there is none.
func (h *console) signsInFor(c echo.Context) (name, host string) {
	wanted := h.Sessions.Wanted(c.Request())
	if wanted.Query == "" || wanted.Arrived {
		return "", ""
	}
	r, err := parseAuthorization(paths.WithoutOrganization(wanted.Query))
	one, known := h.clients.known(r.clientID)
	u, unread := url.Parse(r.redirectURI)
	if err != nil || unread != nil || !known || one.err != nil || !isRegistered(one.client.RedirectURLs, r.redirectURI) {
		return "", ""
	}
	return strings.TrimSpace(one.client.Name), leadsTo(u)
}

// asking is what is read for a member to decide.
type asking struct {
	consent stytch.Consent
	client  part[stytch.ConsentClient]
	apps    part[[]stytch.MemberApp]
}

// readAsking asks the upstream, side by side.
func (h *console) readAsking(ctx context.Context, c echo.Context, a *authorization) (asking, error) {
	var got asking
	var consent part[stytch.Consent]
	var self part[stytch.Self]
	var wg sync.WaitGroup
	consent.read(&wg, func() (stytch.Consent, error) { return a.t.AuthorizeStart(ctx, a.upstream()) })
	if stytch.IsAppID(a.clientID) {
		got.client.read(&wg, func() (stytch.ConsentClient, error) { return h.consentClient(ctx, c, a.clientID) })
	}
	got.apps.read(&wg, func() ([]stytch.MemberApp, error) { return a.t.OwnApps(ctx) })
	if a.wantsProof() {
		self.read(&wg, func() (stytch.Self, error) { return a.t.Self(ctx) })
	}
	wg.Wait()
	for _, err := range []error{consent.err, self.err, got.apps.err} {
		if isGone(err) {
			return got, err
		}
	}
	if consent.err != nil {
		return got, consent.err
	}
	if self.err != nil {
		return got, self.err
	}
	got.consent = consent.got
	if !stytch.IsAppID(a.clientID) {
		// Only the answer says which client the address stands for.
		got.client.got, got.client.err = h.consentClient(ctx, c, got.consent.Client.ID)
	}
	if a.wantsProof() && !a.proven(self.got, h.Sessions.Wanted(c.Request()), h.Now()) {
		return got, errStale
	}
	return got, nil
}

// errStale is a session whose newest proof is older than the request wants it.
var errStale = errors.New("handlers: the sign-in is too old for the request")

// wantsProof says whether it matters when the person signed in.
func (a *authorization) wantsProof() bool { return a.asks(promptLogin) || a.maxAge >= 0 }

// proven says whether the session has a proof that is new enough. One that was given after this very request asked for it is, so that
// nobody is asked twice.
func (a *authorization) proven(self stytch.Self, wanted session.Wanted, now time.Time) bool {
	at := self.Session.ProvenAt(false)
	if at.IsZero() {
		return false
	}
	// The upstream stamps whole seconds.
	if wanted.Query == a.whole() && !at.Before(wanted.At.Truncate(time.Second)) {
		return true
	}
	return !a.asks(promptLogin) && now.Sub(at) <= a.maxAge
}

// authorizeNow asks the person, or leads on.
func (h *console) authorizeNow(c echo.Context, a *authorization) error {
	ctx := c.Request().Context()
	got, err := h.readAsking(ctx, c, a)
	switch {
	case errors.Is(err, errStale) && a.asks(promptNone):
		return h.sendBack(c, a, oauthLoginRequired, "the sign-in is too old")
	case errors.Is(err, errStale):
		return h.signInFor(c, a)
	case isGone(err) && a.at == "":
		a.person.Drop(a.person.HomeID())
		if a.asks(promptNone) {
			return h.answerClient(c, a, oauthLoginRequired, "nobody is signed in")
		}
		return h.signInFor(c, a)
	case err != nil:
		return h.authorizeRefused(c, a, err)
	case stytch.IsPublicApp(got.consent.Client.Type) && a.challenge == "":
		return h.sendBack(c, a, oauthInvalidRequest, "code_challenge is missing")
	}
	straight := mayPass(a, &got)
	switch {
	case a.asks(promptNone) && !straight:
		return h.sendBack(c, a, oauthConsentRequired, "the person must be asked")
	case straight && !a.asks(promptSelect):
		return h.decide(c, a, false, "")
	}
	h.arrived(c, a)
	return h.bare(c, http.StatusOK, views.ConsentAsk(h.consentPage(c, a, &got)))
}

// mayPass says whether the person need not be asked: the upstream says so, and the code goes to a server that proves who it is. Whatever
// else answers at an address on a person's own machine can pass for a client without a secret (RFC 8252 section 8.6). Whoever meant to
// answer in another organization is shown in which one they would.
func mayPass(a *authorization, got *asking) bool {
	u, err := url.Parse(a.redirectURI)
	return err == nil && !*got.consent.Required && u.Scheme == "https" && !isThisMachine(u) && !stytch.IsPublicApp(got.consent.Client.Type) && !a.elsewhere
}

// arrived keeps a later sign-in from leading to this request once more.
func (h *console) arrived(c echo.Context, a *authorization) {
	wanted := h.Sessions.Wanted(c.Request())
	switch {
	case wanted.Query == "" || wanted.Arrived:
	case !a.wantsProof() || wanted.Query != a.whole():
		h.Sessions.EndWanted(c.Response())
	default:
		// It still says when the proof was asked for, for whoever reloads the page.
		wanted.Arrived = true
		if err := h.Sessions.SetWanted(c.Response(), c.Request(), wanted); err != nil {
			h.Sessions.EndWanted(c.Response())
		}
	}
}

// deciding is the endpoint of a form about a request: it acts once, for who it was shown to, within ten minutes.
func deciding(f func(*console, echo.Context, *authorization) error) endpoint {
	return endpoint{access: SignedIn, serve: func(h *console) echo.HandlerFunc {
		return func(c echo.Context) error {
			if p := stateOf(c).person; p != nil && p.Impersonator() != "" {
				return readOnly()
			}
			a, err := h.authorizationOf(c)
			if a.person == nil {
				return &problem{
					Status: http.StatusUnauthorized, Heading: "You are not signed in", What: "Your session may have ended. Nothing was decided.",
					Do: "Sign in and look at the request again.", Href: a.address(paths.Authorize), HrefText: "Sign in", Anew: true,
				}
			}
			if _, ok := errors.AsType[*requestError](err); ok {
				return notFound("") // no page has such a form
			}
			if err != nil {
				return err
			}
			if err := parseForm(c); err != nil {
				return err
			}
			// No page has a form for an organization that does not answer.
			takes := func(ticket string) bool {
				return !a.elsewhere && a.person.TakesWithin(ticket, a.target(c.Path()), decisionFor)
			}
			return anew(h, c, a, h.onceFor(c, takes, func() error { return f(h, c, a) }))
		}
	}}
}

// decisionFor is how long a question stands.
const decisionFor = 10 * time.Minute

// anew has whoever met an error look at the request again: what they decided on may not be what it asks now.
func anew(h *console, c echo.Context, a *authorization, err error) error {
	if err == nil {
		return nil
	}
	p := *h.explain(c, err)
	p.Anew, p.Retry, p.SignIn, p.Err = true, false, false, err
	p.Href, p.HrefText = a.address(paths.Authorize), "Look at the request again"
	switch {
	case errors.Is(err, errUnusable):
	case isLost(err):
		p.What, p.Do = "The answer to your decision was lost, so it is not known whether the app was let in.", "Look at the request again, or at your Connected Apps."
	case p.Status == http.StatusConflict:
		p.What, p.Do = "It was shown to somebody else, in another session, more than ten minutes ago, or it was answered already. Nothing was done.", "Look at the request again."
	}
	return &p
}

// decideConsent takes the person's word. Nothing that the form sends is believed but its ticket and the word.
func (h *console) decideConsent(c echo.Context, a *authorization) error {
	switch field(c, views.Decision) {
	case views.DecisionAllow:
		return h.decide(c, a, true, a.language.Allowed)
	case views.DecisionDeny:
		return h.deny(c, a)
	}
	return echo.ErrBadRequest
}

// deny tells the client so. The upstream is not asked: where it needs no consent, it takes a "no" for no answer and makes a code (rule
// consent-submit), and whether it needs one may have changed since the page was shown.
func (h *console) deny(c echo.Context, a *authorization) error {
	err := h.kept(c, stytch.Act{
		Name: audit.DenyApp, ActingOrganizationID: a.t.OrganizationID(), ActingMemberID: a.t.MemberID(),
		OrganizationID: a.t.OrganizationID(), MemberID: a.t.MemberID(), Target: a.clientID,
	}, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	h.Sessions.EndWanted(c.Response())
	return h.leave(c, errorAddress(a.redirectURI, oauthAccessDenied, "the person said no", a.state, h.Issuer), a.language, a.language.Denied, "")
}

// decide has the upstream make a code, and leads on to the client with it.
func (h *console) decide(c echo.Context, a *authorization, granted bool, what string) error {
	ctx := stytch.Noting(c.Request().Context(), "", stytch.Change{Field: "scopes", Now: strings.Join(a.scopes, "\n")})
	got, err := a.t.Authorize(ctx, a.upstream(), granted)
	if err != nil {
		return h.authorizeRefused(c, a, err)
	}
	to := got.RedirectURI.Reveal()
	if !sameAddress(a.redirectURI, to) {
		return unusable(got.RequestID, errLeave)
	}
	h.Sessions.EndWanted(c.Response())
	return h.leave(c, to, a.language, what, "")
}

// sameAddress says whether an answer leads to where the request was to be answered, whatever it adds to the query.
func sameAddress(asked, answered string) bool {
	a, errA := url.Parse(asked)
	b, errB := url.Parse(answered)
	return errA == nil && errB == nil && a.Scheme == b.Scheme && a.Host == b.Host && a.User == nil && b.User == nil && a.EscapedPath() == b.EscapedPath() &&
		a.Opaque == b.Opaque && b.Fragment == "" && strings.HasPrefix(b.RawQuery, a.RawQuery)
}
