package sandbox

import (
	"net/url"
	"strings"
	"time"
)

// The sandbox fetches nothing. It knows what there would be at addresses of two made-up hosts and under its own /sandbox/idp/, by name.
// Everything else is an address where nobody answers. The upstream fetches what it is told to; the names of what goes wrong are its
// own (rule saml-metadata-url).
const (
	idpPrefix    = "/sandbox/idp/"
	samlMetadata = idpPrefix + "saml/"
	oidcIssuer   = idpPrefix + "oidc/"
	samlHost     = "https://idp.example/"
	oidcHost     = "https://login.example/"
)

// metadata is what an identity provider says of itself.
type metadata struct{ entityID, ssoURL, certificate string }

func errMetadataURL() error {
	return badRequest("invalid_saml_metadata_url", "The metadata could not be read from this address.")
}

// metadataAt gives what there is at an address of the form <host>/<name>/metadata. Three names stand for what goes wrong.
func (s *Server) metadataAt(address string, now time.Time) (metadata, error) {
	if valid, encrypted := webAddress(address); !valid || !encrypted && !s.standIn(address) {
		return metadata{}, errMetadataURL()
	}
	for _, host := range []string{samlHost, s.base + samlMetadata} {
		path, ours := strings.CutPrefix(address, host)
		name, isMetadata := strings.CutSuffix(path, "/metadata")
		if !ours || !isMetadata || name == "" || strings.ContainsAny(name, "?#") {
			continue
		}
		switch name {
		case "gone":
			return metadata{}, errMetadataURL()
		case "html":
			return metadata{}, badRequest("invalid_xml_from_saml_metadata_url", "What is at this address is not XML.")
		case "half":
			return metadata{}, badRequest("saml_connection_metadata_invalid_format", "What is at this address is no metadata of an identity provider.")
		}
		today := now.Truncate(24 * time.Hour) // asked again on the same day, it has the same certificate
		return metadata{host + name, host + name + "/sso", newCertificate("metadata/"+name, name, today, today.AddDate(2, 0, 0))}, nil
	}
	return metadata{}, errMetadataURL()
}

// samlUpdateByURL takes what an identity provider says of itself at an address. The name and the mapping stay.
func (c *call) samlUpdateByURL() (any, error) {
	in, err := decode[struct {
		MetadataURL string `json:"metadata_url"`
	}](c)
	if err != nil {
		return nil, err
	}
	t, err := c.open(c.params["organization_id"], "stytch.sso", "update")
	if err != nil {
		return nil, err
	}
	connection := c.samlOf(t)
	if connection == nil {
		return nil, errNoSAML()
	}
	found, err := c.metadataAt(in.MetadataURL, c.time)
	if err != nil {
		return nil, err
	}
	next := *connection
	next.IDPEntityID, next.IDPSSOURL = found.entityID, found.ssoURL
	next.VerificationCertificates, err = withCertificate(next.VerificationCertificates, found.certificate, c.time)
	if err != nil {
		return nil, err
	}
	return c.keepSAML(t, connection, next), nil
}

// endpoints are the addresses that an issuer's discovery document names.
type endpoints struct{ authorization, token, userinfo, jwks string }

// endpointsOf gives what an issuer says of itself; the names "gone" and "half" stand for one that says nothing, or not all.
func (s *Server) endpointsOf(issuer string) (found endpoints, known bool) {
	for _, host := range []string{oidcHost, s.base + oidcIssuer} {
		name, ours := strings.CutPrefix(issuer, host)
		if !ours || name == "" || name == "gone" || strings.ContainsAny(name, "?#") {
			continue
		}
		found = endpoints{issuer + "/authorize", issuer + "/token", issuer + "/userinfo", issuer + "/jwks"}
		if name == "half" {
			found.userinfo, found.jwks = "", ""
		}
		return found, true
	}
	return endpoints{}, false
}

// hostOf is the host of an address, for messages; never the whole address.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Host
}
