package sandbox

import "slices"

// connectedAppWire is an app that is read. The two answers that tell a secret do not say how it was made.
type connectedAppWire struct {
	connectedAppFields
	CreationMethod string `json:"creation_method"`
}

func (a *connectedApp) wire() connectedAppWire {
	return connectedAppWire{a.connectedAppFields, a.creation}
}

type connectedAppAnswer struct {
	envelope
	ConnectedApp connectedAppWire `json:"connected_app"`
}

// connectedAppChanges is what a new app and an update of one may send. What is left out stays, or keeps its default.
type connectedAppChanges struct {
	Name           *string   `json:"client_name"`
	Description    *string   `json:"client_description"`
	RedirectURLs   *[]string `json:"redirect_urls"`
	PostLogoutURLs *[]string `json:"post_logout_redirect_urls"`
	FullAccess     *bool     `json:"full_access_allowed"`
	Bypass         *bool     `json:"bypass_consent_for_offline_access"`
	Expiry         *int32    `json:"access_token_expiry_minutes"`
	Audience       *string   `json:"access_token_custom_audience"`
	Template       *string   `json:"access_token_template_content"`
	Logo           *string   `json:"logo_url"`
}

func (in *connectedAppChanges) apply(a *connectedAppFields) {
	set(&a.ClientName, in.Name)
	set(&a.ClientDescription, in.Description)
	set(&a.RedirectURLs, in.RedirectURLs)
	set(&a.PostLogoutURLs, in.PostLogoutURLs)
	set(&a.FullAccessAllowed, in.FullAccess)
	set(&a.BypassOfflineConsent, in.Bypass)
	set(&a.TokenExpiryMinutes, in.Expiry)
	set(&a.TokenCustomAudience, in.Audience)
	set(&a.TokenTemplateContent, in.Template)
	if in.Logo != nil {
		a.LogoURL = in.Logo
		if *in.Logo == "" {
			a.LogoURL = nil
		}
	}
}

// connectedAppOf finds the app of the path.
func (c *call) connectedAppOf() (*connectedApp, error) {
	if app := c.store.apps[c.params["client_id"]]; app != nil {
		return app, nil
	}
	return nil, errConnectedAppNotFound()
}

func (c *call) connectedAppGet() (any, error) {
	app, err := c.connectedAppOf()
	if err != nil {
		return nil, err
	}
	return connectedAppAnswer{c.ok(), app.wire()}, nil
}

// connectedAppSearch has no filters (rule connected-app-search).
func (c *call) connectedAppSearch() (any, error) {
	in, err := decode[searchRequest](c)
	if err != nil {
		return nil, err
	}
	in.OrganizationIDs, in.Query = nil, nil
	cut, metadata, err := cutPage(c, &in, c.store.appOrder)
	if err != nil {
		return nil, err
	}
	apps := make([]connectedAppWire, 0, len(cut))
	for _, app := range cut {
		apps = append(apps, app.wire())
	}
	return struct {
		envelope
		ConnectedApps   []connectedAppWire `json:"connected_apps"`
		ResultsMetadata resultsMetadata    `json:"results_metadata"`
	}{c.ok(), apps, metadata}, nil
}

// connectedAppCreate makes an app. Only this answer tells its secret, and a public one has none.
func (c *call) connectedAppCreate() (any, error) {
	in, err := decode[struct {
		connectedAppChanges
		ClientType string `json:"client_type"`
	}](c)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{firstParty, firstPartyPublic, thirdParty, thirdPartyPublic}, in.ClientType) {
		return nil, badRequest("invalid_connected_app_type",
			"client_type must be one of first_party, first_party_public, third_party, third_party_public.")
	}
	fields := connectedAppFields{
		ClientID: newID("connected-app"), Status: statusActive, ClientType: in.ClientType, TokenExpiryMinutes: defaultTokenMinutes,
	}
	in.apply(&fields)
	if err := fields.check(); err != nil {
		return nil, err
	}
	app := c.store.addConnectedApp(fields, createdByAPI)
	var told *string
	if !app.public() {
		secret := newToken()
		told = &secret
		app.setSecrets(clientSecrets{current: keepSecret(secret)})
	}
	type withSecret struct {
		connectedAppFields
		ClientSecret *string `json:"client_secret"`
	}
	return struct {
		envelope
		ConnectedApp withSecret `json:"connected_app"`
	}{c.ok(), withSecret{app.connectedAppFields, told}}, nil
}

// connectedAppUpdate changes what the request names, all of it or nothing. Type and id stay what they are.
func (c *call) connectedAppUpdate() (any, error) {
	in, err := decode[connectedAppChanges](c)
	if err != nil {
		return nil, err
	}
	app, err := c.connectedAppOf()
	if err != nil {
		return nil, err
	}
	changed := app.connectedAppFields
	in.apply(&changed)
	if err := changed.check(); err != nil {
		return nil, err
	}
	app.connectedAppFields = changed
	return connectedAppAnswer{c.ok(), app.wire()}, nil
}

// connectedAppDelete ends an app in every organization (rule connected-app-deletion).
func (c *call) connectedAppDelete() (any, error) {
	app, err := c.connectedAppOf()
	if err != nil {
		return nil, err
	}
	c.store.removeConnectedApp(app)
	return struct {
		envelope
		ClientID string `json:"client_id"`
	}{c.ok(), app.ClientID}, nil
}
