package handlers

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/views"
)

// offers says whether people can sign in with a provider.
func (h *console) offers(provider string) bool {
	return h.PublicToken != "" && slices.Contains(h.OAuthProviders, provider)
}

// providers are the links that sign in with a provider, to one organization (its slug) or to any ("").
func (h *console) providers(slug string) []views.Way {
	var ways []views.Way
	for _, provider := range h.OAuthProviders {
		if h.offers(provider) {
			ways = append(ways, views.Way{Text: "Continue with " + methodName(provider+"_oauth"), Href: paths.LoginOAuth(provider, slug)})
		}
	}
	return ways
}

// startOAuth leads to a provider. It changes nothing but the browser's own cookie, whose verifier makes the way back
// work in this browser alone (rule oauth-start).
func (h *console) startOAuth(c echo.Context) error {
	provider, slug := c.Param("provider"), param(c, "organization")
	if !h.offers(provider) || (slug != "" && !isSlug(slug)) {
		return notFound("")
	}
	if c.Request().Header.Get("Sec-Fetch-Site") == "cross-site" {
		// Another site must not change what this browser is about to sign in to. From our page it is one click.
		if slug != "" {
			return seeOther(c, paths.LoginFor(slug))
		}
		return seeOther(c, paths.Login)
	}
	old := h.Sessions.Flow(c.Request())
	flow := h.flowFor(c, old.Email, slug, methodOAuth)
	if err := h.Sessions.SetFlow(c.Response(), c.Request(), flow); err != nil {
		return err
	}
	back, redirect := paths.Login, h.authenticateURL(paths.Authenticate)
	query := url.Values{"public_token": {h.PublicToken}, "pkce_code_challenge": {challenge(flow.Verifier)}}
	address := h.UpstreamURL + "/v1/b2b/public/oauth/" + provider
	if slug == "" {
		address += "/discovery/start"
		query.Set("discovery_redirect_url", redirect)
	} else {
		address += "/start"
		back = paths.LoginFor(slug)
		query.Set("slug", slug)
		query.Set("login_redirect_url", redirect)
		query.Set("signup_redirect_url", redirect)
	}
	return h.leave(c, address+"?"+query.Encode(), &views.English, "Stytch leads on to "+methodName(provider+"_oauth")+", and back here when you have signed in.", back)
}
