package sandbox

import (
	"net/url"
)

// redirectType is what a redirect URL is registered for, with the refusals for one that is missing and one that is not registered.
type redirectType struct {
	missing, mismatch string
	invites           bool
}

// errMismatch is for every redirect that is sent by e-mail.
const errMismatch = "no_match_for_provided_magic_link_url"

var (
	loginRedirect     = redirectType{missing: "no_default_login_redirect_url_set", mismatch: errMismatch}
	signupRedirect    = redirectType{missing: "no_default_signup_redirect_url_set", mismatch: errMismatch}
	inviteRedirect    = redirectType{missing: "no_default_invite_redirect_url_set", mismatch: errMismatch, invites: true}
	discoveryRedirect = redirectType{missing: "no_default_discovery_redirect_url_set", mismatch: errMismatch}
	resetRedirect     = redirectType{missing: "no_password_reset_redirect_url", mismatch: errMismatch}
)

// byOAuth is the same type in a sign-in through a provider.
func (kind redirectType) byOAuth() redirectType {
	kind.mismatch = "no_match_for_provided_oauth_url"
	return kind
}

// bySSO is the same type in a sign-in through a connection.
func (kind redirectType) bySSO() redirectType {
	kind.mismatch = "no_match_for_provided_sso_url"
	return kind
}

// redirect is where a link leads: what the request names, else the default. Only what is registered will do: else whoever
// can start a sign-in could have the token sent to a host of their own.
func (s *Server) redirect(given string, kind redirectType) (*url.URL, error) {
	if given == "" {
		given = s.options.RedirectURL
	}
	if given == "" {
		return nil, badRequest(kind.missing, "The request names no redirect URL and the project has no default.")
	}
	target, err := url.Parse(given)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" || !s.registered(target, kind) {
		return nil, badRequest(kind.mismatch, "The redirect URL is not one of the project.")
	}
	return target, nil
}

// registered compares path and query exactly. One exception is assumed: an invitation may add the address that it goes to.
func (s *Server) registered(target *url.URL, kind redirectType) bool {
	if s.options.RedirectURL == "" {
		return true
	}
	compared := *target
	query := target.Query()
	if kind.invites && query.Has("email") {
		query.Del("email")
		compared.RawQuery = query.Encode()
	}
	return compared.String() == s.options.RedirectURL
}

// withQuery adds name, value pairs to what the URL has already.
func withQuery(target *url.URL, pairs ...string) string {
	query := target.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	full := *target
	full.RawQuery = query.Encode()
	return full.String()
}
