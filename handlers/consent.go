package handlers

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// bareCSP is for pages that have no script at all.
const bareCSP = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// bareFrame is what a page around consent has besides its content.
func (h *console) bareFrame(c echo.Context, title string, l *views.Language) views.BareFrame {
	return views.BareFrame{
		Title: title, Language: l, Env: h.Env, Exposed: h.Exposed, Theme: theme(c), CSS: h.Assets.Consent, Icon: h.Assets.Icon,
	}
}

// bare renders a page around consent, which runs no script.
func (h *console) bare(c echo.Context, status int, page templ.Component) error {
	c.Response().Header().Set("Content-Security-Policy", bareCSP)
	return h.render(c, status, page)
}

// consentPage is the page that asks.
func (h *console) consentPage(c echo.Context, a *authorization, got *asking) views.ConsentPage {
	m := views.ConsentPage{Consent: h.consentOf(a.language, &a.authorizationRequest, got), Action: a.address(paths.Authorize), Ticket: a.person.Ticket(a.target(paths.Authorize))}
	m.Consent.Person, m.Consent.Switch, m.Consent.Apps = a.person.Email, a.address(paths.AuthorizeWho), paths.Own(paths.AccountApps, a.at)
	m.Frame = h.bareFrame(c, views.ConsentTitle(a.language, m.Consent.Name), a.language)
	return m
}

// consentOf says what a client asks of a member. What could not be read beside it is said to be not known, never left out in silence.
func (h *console) consentOf(l *views.Language, r *authorizationRequest, got *asking) views.Consent {
	asks := got.consent
	m := views.Consent{
		Language: l, Person: asks.Member.Email, Organization: asks.Organization.Name, Name: strings.TrimSpace(asks.Client.Name), ID: asks.Client.ID,
		Monogram: monogram(asks.Client.Name), FirstParty: stytch.IsFirstPartyApp(asks.Client.Type), Address: r.redirectURI,
		Imitates: imitates(asks.Client.Name),
	}
	if got.client.err == nil {
		m.Registrar, m.MetadataHost = registrarOf(got.client.got.CreationMethod, got.client.got.MetadataURL)
	}
	if u, err := url.Parse(r.redirectURI); err == nil {
		m.Host, m.Loopback, m.Alphabet = hostOf(u), isThisMachine(u), foreignHost(u.Hostname())
		if u.Scheme != "https" && u.Scheme != "http" {
			m.Private = u.Scheme
		}
	}
	for _, resource := range r.resources {
		if u, err := url.Parse(resource); err == nil && u.Host != "" {
			m.Resources = append(m.Resources, u.Host)
		} else {
			m.Resources = append(m.Resources, resource)
		}
	}
	h.sortScopes(&m, got)
	return m
}

// sortScopes tells what is new from what was given before, and from what cannot be given.
func (h *console) sortScopes(m *views.Consent, got *asking) {
	var had []string
	m.Unread = got.apps.err != nil
	for _, app := range got.apps.got {
		if app.ID == got.consent.Client.ID {
			had, m.Before = app.Scopes, true
		}
	}
	results := map[string]stytch.ScopeResult{}
	var scopes []string
	for _, result := range got.consent.Scopes {
		results[result.Scope] = result
		scopes = append(scopes, result.Scope)
	}
	for _, scope := range h.scopesInOrder(scopes) {
		result := results[scope]
		line := h.scopeLine(m.Language, scope, result.Description)
		switch {
		case !*result.Grantable:
			m.Left = append(m.Left, line)
		case slices.Contains(had, scope):
			m.Had = append(m.Had, line)
		default:
			m.New = append(m.New, line)
		}
		m.Everything = m.Everything || scope == scopeFullAccess && *result.Grantable
	}
}

// registrarOf says how a client came into the project, and the host where one that is its own address describes itself (rule
// app-creation-method).
func registrarOf(method, metadataURL string) (by views.Registrar, host string) {
	if metadataURL != "" {
		if u, err := url.Parse(metadataURL); err == nil {
			host = u.Host
		}
		return views.RegisteredByAddress, host
	}
	method = strings.ToUpper(method)
	switch {
	case strings.Contains(method, "CIMD"), strings.Contains(method, "METADATA"):
		return views.RegisteredByAddress, ""
	case strings.Contains(method, "DYNAMIC"), strings.Contains(method, "DCR"):
		return views.RegisteredByItself, ""
	case strings.Contains(method, "DASHBOARD"), strings.Contains(method, "API"):
		return views.RegisteredByOperator, ""
	}
	return views.RegisteredUnknown, ""
}
