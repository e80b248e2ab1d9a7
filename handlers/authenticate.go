package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// The kinds of tokens that links bring (rule redirect-token-types).
const (
	tokenDiscovery      = "discovery"
	tokenLink           = "multi_tenant_magic_links" //nolint:gosec // G101: the name of a kind of token
	tokenOAuth          = "oauth"
	tokenDiscoveryOAuth = "discovery_oauth"
	tokenPassword       = "multi_tenant_passwords"     //nolint:gosec // G101: the name of a kind of token
	tokenImpersonation  = "multi_tenant_impersonation" //nolint:gosec // G101: the name of a kind of token
)

// arrival is a link that was opened.
type arrival struct {
	kind, token string
	// slug and email are whom the link says it is for. Anybody can write them, so what comes of it must agree with them.
	slug, email string
}

// isLinkToken says whether s has the shape of a link's token. Longer things are not sent upstream.
func isLinkToken(s string) bool {
	if len(s) < 16 || len(s) > 512 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '=' {
			return false
		}
	}
	return true
}

func arrivalOf(get func(string) string) arrival {
	a := arrival{kind: get("stytch_token_type"), token: get("token"), slug: get("slug"), email: get("email")}
	if !isSlug(a.slug) {
		a.slug = ""
	}
	if !isEmail(a.email) {
		a.email = ""
	}
	return a
}

// linkKinds are the kinds that end in a sign-in by one button. Bound ones are only ever sent with a challenge, so without the
// verifier in the browser they cannot work.
var linkKinds = map[string]struct {
	kind  views.AuthenticateKind
	bound bool
}{
	tokenDiscovery:      {views.LinkKind, true},
	tokenLink:           {views.LinkKind, false},
	tokenOAuth:          {views.OAuthKind, true},
	tokenDiscoveryOAuth: {views.OAuthKind, true},
	tokenImpersonation:  {views.ImpersonationKind, false},
}

// showAuthenticate is what a link in a mail opens, or the way back from a provider. It changes nothing: mail scanners open links too.
func (h *console) showAuthenticate(c echo.Context) error {
	a := arrivalOf(func(name string) string { return param(c, name) })
	if a.kind == tokenPassword && isLinkToken(a.token) {
		return h.resetPage(c, http.StatusOK, a, nil, nil)
	}
	return h.authenticatePage(c, http.StatusOK, h.stateOfLink(c, a), a)
}

func (h *console) stateOfLink(c echo.Context, a arrival) views.AuthenticateState {
	known, ok := linkKinds[a.kind]
	switch {
	case !ok && a.kind != "" && a.kind != tokenPassword:
		return views.AuthenticateLater
	case !ok, !isLinkToken(a.token):
		return views.AuthenticateUnknown
	case known.bound && h.Sessions.Flow(c.Request()).Verifier == "":
		return views.AuthenticateWrongBrowser
	}
	return views.AuthenticateReady
}

func (h *console) authenticatePage(c echo.Context, status int, state views.AuthenticateState, a arrival) error {
	m := views.AuthenticatePage{
		Frame: h.frame(c, "Sign in", views.AreaNone), State: state, Kind: linkKinds[a.kind].kind,
		Action: paths.Authenticate, Login: paths.Login, Code: true,
	}
	switch state {
	case views.AuthenticateReady:
		m.Type, m.Token, m.Slug, m.Email = a.kind, a.token, a.slug, a.email
		flow := h.Sessions.Flow(c.Request())
		if a.kind == tokenLink && a.slug != "" && (flow.Method != methodLink || flow.Organization != a.slug || a.email != "") {
			// Not the link that this browser asked for last, so it may be an invitation, which the button accepts (rule invitation-link).
			m.Kind = views.InvitationKind
		}
		// A mail scanner has no way here: a provider led back to the browser that started it. Script may go on at once.
		m.Go = m.Kind == views.OAuthKind
		plain(c.Response().Header())
	case views.AuthenticateLater:
		m.Type = a.kind
	case views.AuthenticateOther, views.AuthenticateUnknown, views.AuthenticateUsed, views.AuthenticateWrongBrowser:
	}
	return h.render(c, status, views.Authenticate(m))
}

// authenticate spends the token.
func (h *console) authenticate(c echo.Context) error {
	if err := parseForm(c); err != nil {
		return err
	}
	a := arrivalOf(func(name string) string { return field(c, name) })
	if _, ok := linkKinds[a.kind]; !ok || !isLinkToken(a.token) {
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateUnknown, arrival{})
	}
	if !h.attempts.take(h.address(c.Request()), "") {
		return tooManyLinks()
	}
	ctx, verifier := c.Request().Context(), h.Sessions.Flow(c.Request()).Verifier
	switch a.kind {
	case tokenDiscovery:
		found, err := h.Client.AuthenticateDiscoveryLink(ctx, a.token, verifier)
		return h.discoveredBy(c, found, err)
	case tokenDiscoveryOAuth:
		found, err := h.Client.AuthenticateDiscoveryOAuth(ctx, a.token, verifier)
		return h.discoveredBy(c, found, err)
	case tokenImpersonation:
		return h.impersonate(c, a)
	case tokenOAuth:
		return h.spendHere(c, a, h.Client.AuthenticateOAuth)
	}
	return h.spendHere(c, a, h.Client.AuthenticateLink)
}

// discoveredBy goes on with what a link that is of no one organization brought.
func (h *console) discoveredBy(c echo.Context, found stytch.Discovery, err error) error {
	if err != nil {
		return h.linkRefused(c, err)
	}
	return h.discovered(c, found)
}

func tooManyLinks() error {
	return &problem{
		Status: http.StatusTooManyRequests, Heading: "Too many tries", What: "Nothing was done.",
		Do: "Wait 15 minutes, then open the link again or ask for a new one.", Home: true,
	}
}

// spendHere spends a token of one organization.
func (h *console) spendHere(c echo.Context, a arrival, spend func(ctx context.Context, token, verifier string, w stytch.With) (stytch.SignIn, error)) error {
	ctx, flow := c.Request().Context(), h.Sessions.Flow(c.Request())
	organization := a.slug
	if organization == "" {
		organization = flow.Organization
	}
	email := flow.Email
	if pending, ok := h.Sessions.Pending(ctx, organization); ok && organization != "" {
		email = pending.Email
	}
	in, err := h.carrying(c, organization, email, func(w stytch.With) (stytch.SignIn, error) {
		return unchallenged(flow.Verifier, func(verifier string) (stytch.SignIn, error) { return spend(ctx, a.token, verifier, w) })
	})
	if err != nil {
		return h.linkRefused(c, err)
	}
	return h.finishAs(c, a, in)
}

// finishAs ends a sign-in by a link, which must be to the organization and of the person that the link said: else somebody
// wrote another name on it than the one it is for, so that its button would be pressed.
func (h *console) finishAs(c echo.Context, a arrival, in stytch.SignIn) error {
	if (a.slug != "" && in.Organization.Slug != a.slug) || (a.email != "" && !strings.EqualFold(in.Member.Email, a.email)) {
		return h.refuseOther(c, a, in)
	}
	return h.finish(c, in)
}

// refuseOther keeps nothing of a sign-in that is not what its link said.
func (h *console) refuseOther(c echo.Context, a arrival, in stytch.SignIn) error {
	if in.Done {
		h.revokeAll(c.Request().Context(), []stytch.Tenant{h.Sessions.Stray(in)})
	}
	return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateOther, a)
}

// unchallenged spends a token that may have been sent without a challenge: an invitation, or a reset that an administrator asked
// for. A verifier left over from another sign-in must not spoil it (rule pkce).
func unchallenged[T any](verifier string, spend func(verifier string) (T, error)) (T, error) {
	got, err := spend(verifier)
	if verifier != "" && stytch.IsType(err, "pkce_did_not_expect_code_verifier") {
		return spend("")
	}
	return got, err
}

// impersonate starts to act as a member (rule impersonation). The client takes no session that does not say who is behind it.
func (h *console) impersonate(c echo.Context, a arrival) error {
	ctx := c.Request().Context()
	in, err := h.Client.Impersonate(ctx, a.token)
	if err != nil {
		return h.linkRefused(c, err)
	}
	return h.finishAs(c, a, in)
}

// linkRefused tells a link of another browser from one that is used or too old (rule pkce).
func (h *console) linkRefused(c echo.Context, err error) error {
	switch {
	case stytch.IsType(err, "pkce_expected_code_verifier"), stytch.IsType(err, "pkce_mismatch"):
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateWrongBrowser, arrival{})
	case isRefusal(err):
		return h.authenticatePage(c, http.StatusUnprocessableEntity, views.AuthenticateUsed, arrival{})
	}
	return err
}
