package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

var connectedAppsCrumb = views.Crumb{Text: "Connected Apps", Href: paths.ConnectedApps}

// publicClient says why a public client has no secret (rule app-types).
const publicClient = "A public client has none: it runs where a secret cannot be kept, and proves each sign-in by PKCE."

// appClients are the OAuth clients of the project, as far as their secrets go.
var appClients = &clientKind{
	area: views.AreaConnectedApps, list: connectedAppsCrumb, public: publicClient, page: paths.ConnectedApp, secret: paths.ConnectedAppSecret,
	read: func(ctx context.Context, staff stytch.Staff, id string) (clientSecret, error) {
		client, err := staff.AppClient(ctx, id)
		return appSecret(&client), err
	},
	begin: func(ctx context.Context, staff stytch.Staff, id string) (stytch.Secret, clientSecret, error) {
		got, err := staff.StartAppSecretRotation(ctx, id)
		return got.Secret, appSecret(&got.Client), err
	},
	complete: func(ctx context.Context, staff stytch.Staff, id string) error {
		_, err := staff.CompleteAppSecretRotation(ctx, id)
		return err
	},
	cancel: func(ctx context.Context, staff stytch.Staff, id string) error {
		_, err := staff.CancelAppSecretRotation(ctx, id)
		return err
	},
	turns: stytch.AppSecretRotateStart,
	moved: []string{"connected_app_already_rotating_secret", "connected_app_not_rotating_secret", "public_connected_apps_do_not_have_secrets"},
}

// appSecret is where the secret of a client stands.
func appSecret(a *stytch.AppClient) clientSecret {
	return clientSecret{id: a.ID, name: clientName(a.Name), public: stytch.IsPublicApp(a.Type), lastFour: a.SecretLastFour, next: a.NextSecretLastFour}
}

func (h *console) showAppSecret(c echo.Context, p *session.Person) error {
	return appClients.show(h, c, p)
}

func (h *console) turnAppSecret(c echo.Context, p *session.Person) error {
	return appClients.turn(h, c, p)
}

// clientName is the name of a client; "" for a blank one.
func clientName(name string) string { return nameOf(name, "") }

// clientTitle is what a client is called on its pages: one without a name by its id.
func clientTitle(a *stytch.AppClient) string { return nameOf(a.Name, a.ID) }

func clientCrumbs(a *stytch.AppClient) []views.Crumb {
	return []views.Crumb{connectedAppsCrumb, {Text: clientTitle(a), Href: paths.ConnectedApp(a.ID)}}
}

// halfRotated notes on a page of a client that its secret is half changed.
func halfRotated(c echo.Context, a *stytch.AppClient) {
	half(c, a.SecretLastFour, a.NextSecretLastFour, paths.ConnectedAppSecret(a.ID, ""))
}

// Who registered a client, by the filter's word.
const (
	madeByOperator = "operator"
	madeByItself   = "itself"
	madeByURL      = "url"
	madeByNobody   = "unknown"
)

// madeBy says who registered a client (rule app-creation-method).
func madeBy(method, metadataURL string) string {
	switch by, _ := registrarOf(method, metadataURL); by {
	case views.RegisteredByOperator:
		return madeByOperator
	case views.RegisteredByItself:
		return madeByItself
	case views.RegisteredByAddress:
		return madeByURL
	case views.RegisteredUnknown:
	}
	return madeByNobody
}

// madeWords says in a few words who registered a client: one that is its own address by that address's host.
func madeWords(method, metadataURL string) string {
	switch madeBy(method, metadataURL) {
	case madeByURL:
		if r := redirectWords(metadataURL); r.Host != "" {
			return r.Host
		}
		return "Its own address"
	case madeByItself:
		return "Itself"
	case madeByOperator:
		return "The operator"
	}
	return "Not known"
}

// clientStatus is the status of a client; what is not known is shown as it comes.
func clientStatus(status string) views.Status {
	switch status {
	case "active":
		return views.Status{Kind: views.StatusOK, Text: "Active"}
	case "":
		return views.Status{Kind: views.StatusWarn, Text: "Not known"}
	}
	return views.Status{Kind: views.StatusOff, Text: sentence(status)}
}

// clientTags say what kind a client is, a word each.
func clientTags(clientType string) []string {
	switch clientType {
	case stytch.AppFirstParty:
		return []string{"First party", "Confidential"}
	case stytch.AppFirstPartyPublic:
		return []string{"First party", "Public"}
	case stytch.AppThirdParty:
		return []string{"Third party", "Confidential"}
	case stytch.AppThirdPartyPublic:
		return []string{"Third party", "Public"}
	}
	return []string{clientType}
}

// showConnectedApp is one client of the project.
func (h *console) showConnectedApp(c echo.Context, p *session.Person) error {
	staff, err := projectStaff(p)
	if err != nil {
		return err
	}
	client, in, err := h.readClient(c, p, staff)
	if err != nil {
		return err
	}
	halfRotated(c, &client)
	m := h.connectedAppPage(p, &client)
	m.Installed = in
	m.Frame = h.frame(c, clientTitle(&client), views.AreaConnectedApps)
	return h.render(c, http.StatusOK, views.ConnectedApp(m))
}

func (h *console) connectedAppPage(p *session.Person, a *stytch.AppClient) views.ConnectedAppPage {
	secret := appSecret(a)
	m := views.ConnectedAppPage{
		ID: a.ID, Name: clientName(a.Name), Status: clientStatus(a.Status), Tags: clientTags(a.Type), Description: a.Description,
		May: clientMay(a), Warnings: clientWarnings(a), Template: a.TokenTemplate, Tokens: tokenFacts(a), Rights: rightsFacts(a), Details: clientDetails(a),
		Rotation: appClients.rotation(h, p, &secret), NoSecret: publicClient,
		Delete: paths.ConnectedAppDelete(a.ID), DeleteNeed: h.lacksFor(p, stytch.AppClientDelete),
	}
	for _, address := range a.RedirectURLs {
		m.Redirects = append(m.Redirects, redirectWords(address))
	}
	for _, address := range a.PostLogoutURLs {
		m.PostLogout = append(m.PostLogout, redirectWords(address))
	}
	if m.Need = h.lacksFor(p, stytch.AppClientUpdate); m.Need == nil && p.Impersonator() == "" {
		at := func(group string) string { return paths.ConnectedAppEdit(a.ID, group) }
		m.EditAbout, m.EditRedirects, m.EditPostLogout, m.EditTokens, m.EditRights = at("about"), at("redirects"), at("post-logout"), at("tokens"), at("rights")
	}
	return m
}
