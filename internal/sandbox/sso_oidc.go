package sandbox

import (
	"slices"
	"strings"
)

// oidcChanges is what an update of an OIDC connection may send.
type oidcChanges struct {
	DisplayName      *string        `json:"display_name"`
	ClientID         *string        `json:"client_id"`
	ClientSecret     *string        `json:"client_secret"`
	Issuer           *string        `json:"issuer"`
	AuthorizationURL *string        `json:"authorization_url"`
	TokenURL         *string        `json:"token_url"`
	UserinfoURL      *string        `json:"userinfo_url"`
	JWKSURL          *string        `json:"jwks_url"`
	IdentityProvider *string        `json:"identity_provider"`
	CustomScopes     *string        `json:"custom_scopes"`
	AttributeMapping map[string]any `json:"attribute_mapping"`
}

type oidcUpdateAnswer struct {
	ssoAnswerOf[oidcConnection]
	Warning string `json:"warning"`
}

// oidcUpdate changes what the request names, all of it or nothing. A new issuer is asked for the addresses that were not sent; when it
// does not answer, the answer warns of it (rule oidc-discovery).
func (c *call) oidcUpdate() (any, error) {
	in, err := decode[oidcChanges](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "stytch.sso", "update")
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(t.oidc, func(one oidcConnection) bool { return one.ConnectionID == c.params["connection_id"] })
	if at < 0 {
		return nil, notFound("oidc_connection_not_found", "The organization has no such OIDC connection.")
	}
	next := t.oidc[at]
	warning, err := c.applyOIDC(&in, &next)
	if err != nil {
		return nil, err
	}
	if next.Status == statusPending && next.complete() {
		next.Status = statusActive
	}
	t.oidc[at] = next
	c.showConnections(t)
	return oidcUpdateAnswer{ssoAnswerOf[oidcConnection]{c.ok(), &t.oidc[at]}, warning}, nil
}

// complete tells whether a connection has what it needs to be active (rule sso-connection-status).
func (o *oidcConnection) complete() bool {
	return !slices.Contains([]string{o.Issuer, o.ClientID, o.ClientSecret, o.AuthorizationURL, o.TokenURL, o.UserinfoURL, o.JWKSURL}, "")
}

func (c *call) applyOIDC(in *oidcChanges, next *oidcConnection) (warning string, err error) {
	if err := checkConnection(in.DisplayName, in.IdentityProvider, ssoProviders, "invalid_sso_idp"); err != nil {
		return "", err
	}
	active := next.Status == statusActive
	for _, one := range []struct {
		sent   *string
		field  *string
		name   string
		format string // the refusal for what is no address; empty where anything will do
	}{
		{in.Issuer, &next.Issuer, "issuer", "oidc_connection_issuer_url_invalid_format"},
		{in.AuthorizationURL, &next.AuthorizationURL, "authorization_url", "oidc_connection_authorization_url_invalid_format"},
		{in.TokenURL, &next.TokenURL, "token_url", "oidc_connection_token_url_invalid_format"},
		{in.UserinfoURL, &next.UserinfoURL, "userinfo_url", "oidc_connection_userinfo_url_invalid_format"},
		{in.JWKSURL, &next.JWKSURL, "jwks_url", "oidc_connection_jwks_url_invalid_format"},
		{in.ClientID, &next.ClientID, "client_id", ""},
		{in.ClientSecret, &next.ClientSecret, "client_secret", ""},
	} {
		if one.sent == nil {
			continue
		}
		_, encrypted := webAddress(*one.sent)
		switch {
		case *one.sent == "" && active:
			return "", badRequest("oidc_connection_"+one.name+"_required", "An active connection needs "+one.name+".")
		case *one.sent != "" && one.format != "" && !encrypted && !c.standIn(*one.sent):
			return "", badRequest(one.format, one.name+" must be a URL that begins with https.")
		}
		*one.field = *one.sent
	}
	if in.AttributeMapping != nil {
		if next.AttributeMapping, err = oidcMapping(in.AttributeMapping); err != nil {
			return "", err
		}
	}
	set(&next.DisplayName, in.DisplayName)
	set(&next.IdentityProvider, in.IdentityProvider)
	if in.CustomScopes != nil {
		next.CustomScopes = strings.Join(strings.Fields(*in.CustomScopes), " ")
	}
	if in.Issuer == nil || *in.Issuer == "" {
		return "", nil
	}
	return c.discoverInto(in, next), nil
}

// discoverInto takes the addresses that were not sent from the issuer's discovery document.
func (c *call) discoverInto(in *oidcChanges, next *oidcConnection) (warning string) {
	found, known := c.endpointsOf(next.Issuer)
	if !known {
		return "The metadata of the issuer at " + hostOf(next.Issuer) + " could not be read. Send the addresses of its endpoints."
	}
	for _, one := range []struct {
		sent  *string
		field *string
		found string
	}{
		{in.AuthorizationURL, &next.AuthorizationURL, found.authorization},
		{in.TokenURL, &next.TokenURL, found.token},
		{in.UserinfoURL, &next.UserinfoURL, found.userinfo},
		{in.JWKSURL, &next.JWKSURL, found.jwks},
	} {
		if one.sent == nil && one.found != "" {
			*one.field = one.found
		}
	}
	return ""
}

func oidcMapping(given map[string]any) (map[string]string, error) {
	mapping := map[string]string{}
	for key, value := range given {
		name, isText := value.(string)
		if !isText {
			return nil, badRequest("bad_request", "attribute_mapping maps names to names.")
		}
		mapping[key] = name
	}
	return mapping, nil
}
