package sandbox

// oidcConfiguration is the discovery document of the project domain.
type oidcConfiguration struct {
	envelope
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	IntrospectionEndpoint string   `json:"introspection_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	Scopes                []string `json:"scopes_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	SigningAlgorithms     []string `json:"id_token_signing_alg_values_supported"`
	SubjectTypes          []string `json:"subject_types_supported"`
	ClientAuthMethods     []string `json:"token_endpoint_auth_methods_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
}

// configuration says where everything is. Where people are asked is the operator's own page; without one there is no answer (rule
// discovery-document).
func (o *oidcCall) configuration() (any, error) {
	if o.options.AuthorizationURL == "" {
		return nil, badRequest("authorization_endpoint_not_configured_for_project", "The project has no authorization URL.")
	}
	scopes := []string{"openid", "profile", "email", "phone", "offline_access"}
	for _, custom := range o.store.policy.Scopes {
		scopes = append(scopes, custom.Scope)
	}
	return oidcConfiguration{
		envelope: o.ok(), Issuer: o.base, AuthorizationEndpoint: o.options.AuthorizationURL,
		TokenEndpoint: o.base + "/v1/oauth2/token", UserinfoEndpoint: o.base + "/v1/oauth2/userinfo",
		RevocationEndpoint: o.base + "/v1/oauth2/revoke", IntrospectionEndpoint: o.base + "/v1/oauth2/introspect",
		JWKSURI: o.base + "/.well-known/jwks.json", Scopes: scopes, ResponseTypes: []string{"code"},
		GrantTypes:        []string{"authorization_code", "refresh_token", "client_credentials"},
		SigningAlgorithms: []string{"RS256"}, SubjectTypes: []string{"public"},
		ClientAuthMethods: []string{"client_secret_basic", "client_secret_post", "none"}, ChallengeMethods: []string{"S256"},
	}, nil
}
