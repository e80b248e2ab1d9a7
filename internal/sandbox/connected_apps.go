package sandbox

import "slices"

// Types of Connected Apps.
const (
	firstParty       = "first_party"
	firstPartyPublic = "first_party_public"
	thirdParty       = "third_party"
	thirdPartyPublic = "third_party_public"
)

// connectedAppFields is an OAuth client of the project on the wire, wherever it is shown.
type connectedAppFields struct {
	ClientID              string   `json:"client_id"`
	ClientName            string   `json:"client_name"`
	ClientDescription     string   `json:"client_description"`
	Status                string   `json:"status"`
	ClientType            string   `json:"client_type"`
	RedirectURLs          []string `json:"redirect_urls"`
	PostLogoutURLs        []string `json:"post_logout_redirect_urls"`
	FullAccessAllowed     bool     `json:"full_access_allowed"`
	BypassOfflineConsent  bool     `json:"bypass_consent_for_offline_access"`
	TokenExpiryMinutes    int32    `json:"access_token_expiry_minutes"`
	TokenCustomAudience   string   `json:"access_token_custom_audience"`
	TokenTemplateContent  string   `json:"access_token_template_content"`
	LogoURL               *string  `json:"logo_url"`
	ClientIDMetadataURL   *string  `json:"client_id_metadata_url"`
	ClientSecretLast4     *string  `json:"client_secret_last_four"`
	NextClientSecretLast4 *string  `json:"next_client_secret_last_four"`
}

// connectedApp is one OAuth client of the project.
type connectedApp struct {
	connectedAppFields
	creation string // creation_method
	secrets  clientSecrets
	position int
}

// public tells whether an app has no secret, and so must use PKCE.
func (a *connectedApp) public() bool {
	return a.ClientType == firstPartyPublic || a.ClientType == thirdPartyPublic
}

// firstParty tells whether an app is the project's own.
func (a *connectedApp) firstParty() bool {
	return a.ClientType == firstParty || a.ClientType == firstPartyPublic
}

// setSecrets changes the secrets of an app, and what it tells of them.
func (a *connectedApp) setSecrets(secrets clientSecrets) {
	a.secrets = secrets
	a.ClientSecretLast4, a.NextClientSecretLast4 = secrets.current.shown(), secrets.next.shown()
}

// addConnectedApp puts an app at the end of the order.
func (s *store) addConnectedApp(fields connectedAppFields, creation string) *connectedApp {
	a := &connectedApp{connectedAppFields: fields, creation: creation}
	if last := len(s.appOrder); last > 0 {
		a.position = s.appOrder[last-1].position + 1
	}
	s.apps[a.ClientID] = a
	s.appOrder = append(s.appOrder, a)
	return a
}

// connectedApp finds an app by its id. One that registered itself by the address of its metadata goes by that, too
// (rule client-id-metadata); nil when there is none.
func (s *store) connectedApp(id string) *connectedApp {
	if app := s.apps[id]; app != nil {
		return app
	}
	for _, app := range s.appOrder {
		if app.ClientIDMetadataURL != nil && *app.ClientIDMetadataURL == id {
			return app
		}
	}
	return nil
}

// removeConnectedApp ends an app and whatever members have let it do.
func (s *store) removeConnectedApp(gone *connectedApp) {
	delete(s.apps, gone.ClientID)
	s.appOrder = slices.DeleteFunc(s.appOrder, func(a *connectedApp) bool { return a == gone })
	for _, t := range s.tenants {
		for _, m := range t.live {
			m.revokeGrants(func(one *grant) bool { return one.app == gone })
		}
	}
}

func errConnectedAppNotFound() error {
	return notFound("connected_app_not_found", "The Connected App requested could not be found.")
}
