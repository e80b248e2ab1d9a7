package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"console.internal/internal/stytch"
)

// maxAuthorization bounds a request in bytes: so much is kept in a cookie while somebody signs in.
const maxAuthorization = 2000

// The errors that go back to a client (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6).
const (
	oauthInvalidRequest  = "invalid_request"
	oauthInvalidScope    = "invalid_scope"
	oauthUnsupportedType = "unsupported_response_type"
	oauthNoRequestObject = "request_not_supported"
	oauthNoRequestURI    = "request_uri_not_supported"
	oauthAccessDenied    = "access_denied"
	oauthLoginRequired   = "login_required"
	oauthConsentRequired = "consent_required"
)

// The prompts of OpenID Connect. Others are ignored, as the standard has it.
const (
	promptNone    = "none"
	promptLogin   = "login"
	promptConsent = "consent"
	promptSelect  = "select_account"
)

// authorizationRequest is an OAuth 2.1 authorization request as it came, with the defaults filled in.
type authorizationRequest struct {
	clientID, redirectURI   string
	scopes                  []string
	state, nonce, challenge string
	resources               []string
	prompts                 []string
	// maxAge is how old the newest proof of the session may be; negative for no bound.
	maxAge time.Duration
	// locales are the languages that the client asks for, the preferred one first.
	locales []string
}

// requestError is a request that cannot be taken.
type requestError struct {
	// code is the OAuth error that goes back to the client; "" where the client or its redirect address is in doubt, so that nothing may.
	code string
	// what says to the developer of the client what is wrong, in ASCII without quotes.
	what string
}

// Error is for the log.
func (r *requestError) Error() string { return r.code + ": " + r.what }

// parseAuthorization reads an authorization request from a raw query. Parameters that are not known are ignored. The error is a
// *requestError; where its code is set, the client and the redirect address of the request are filled in all the same, so that it can be
// sent back once the address is known to be the client's.
func parseAuthorization(rawQuery string) (authorizationRequest, error) {
	r := authorizationRequest{maxAge: -1}
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return r, &requestError{what: "the query cannot be read"}
	}
	for _, name := range []string{"client_id", "redirect_uri"} {
		switch given := values[name]; {
		case len(given) == 0 || given[0] == "":
			return r, &requestError{what: name + " is missing"}
		case len(given) > 1:
			return r, &requestError{what: name + " is there twice"}
		case !utf8.ValidString(given[0]) || strings.ContainsFunc(given[0], isControl):
			return r, &requestError{what: name + " is not text"}
		}
	}
	r.clientID, r.redirectURI = values.Get("client_id"), values.Get("redirect_uri")
	if why := redirectTrouble(r.redirectURI); why != "" {
		return r, &requestError{what: why}
	}
	return r, r.read(values)
}

// read takes the parameters whose faults are the client's to hear of.
func (r *authorizationRequest) read(values url.Values) error {
	// The state goes back with any error. One that came twice is none that the client could know again.
	if given := values["state"]; len(given) == 1 && utf8.ValidString(given[0]) {
		r.state = given[0]
	}
	for _, name := range []string{
		"response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "ui_locales", "response_mode", "request", "request_uri",
	} {
		given := values[name]
		if len(given) > 1 {
			return &requestError{oauthInvalidRequest, name + " is there twice"}
		}
		if len(given) == 1 && (!utf8.ValidString(given[0]) || strings.ContainsFunc(given[0], isControl)) {
			return &requestError{oauthInvalidRequest, name + " is not text"}
		}
	}
	if values.Get("request") != "" {
		return &requestError{oauthNoRequestObject, "request objects are not taken"}
	}
	if values.Get("request_uri") != "" {
		return &requestError{oauthNoRequestURI, "request objects are not taken"}
	}
	if t := values.Get("response_type"); t != "" && t != "code" {
		return &requestError{oauthUnsupportedType, "response_type must be code"}
	}
	if m := values.Get("response_mode"); m != "" && m != "query" {
		return &requestError{oauthInvalidRequest, "response_mode must be query"}
	}
	r.nonce = values.Get("nonce")
	r.locales = strings.Fields(values.Get("ui_locales"))
	for _, take := range []func(url.Values) error{r.readScopes, r.readChallenge, r.readPrompts, r.readResources} {
		if err := take(values); err != nil {
			return err
		}
	}
	return nil
}

// scopeToken is what a scope is made of (RFC 6749 section 3.3).
var scopeToken = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

func (r *authorizationRequest) readScopes(values url.Values) error {
	r.scopes = strings.Fields(values.Get("scope"))
	for _, scope := range r.scopes {
		if !scopeToken.MatchString(scope) {
			return &requestError{oauthInvalidScope, "a scope has a character that none may have"}
		}
	}
	if len(r.scopes) == 0 {
		r.scopes = []string{scopeOpenID, scopeEmail, scopeProfile}
	}
	// The same scope twice is one, in the order of the first.
	seen := map[string]bool{}
	r.scopes = slices.DeleteFunc(r.scopes, func(scope string) bool {
		double := seen[scope]
		seen[scope] = true
		return double
	})
	return nil
}

// challengeText is the form of an S256 challenge (RFC 7636 section 4.2).
var challengeText = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// readChallenge takes S256 alone: a plain challenge is the verifier itself, for whoever reads the address to use.
func (r *authorizationRequest) readChallenge(values url.Values) error {
	r.challenge = values.Get("code_challenge")
	switch method := values.Get("code_challenge_method"); {
	case r.challenge == "" && method == "":
		return nil
	case method != "S256":
		return &requestError{oauthInvalidRequest, "code_challenge_method must be S256"}
	case !challengeText.MatchString(r.challenge):
		return &requestError{oauthInvalidRequest, "code_challenge is not one of S256"}
	}
	return nil
}

func (r *authorizationRequest) readPrompts(values url.Values) error {
	r.prompts = strings.Fields(values.Get("prompt"))
	if r.asks(promptNone) && len(r.prompts) > 1 {
		return &requestError{oauthInvalidRequest, "prompt none stands alone"}
	}
	if text := values.Get("max_age"); text != "" {
		seconds, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return &requestError{oauthInvalidRequest, "max_age must be a number of seconds"}
		}
		r.maxAge = time.Duration(seconds) * time.Second
	}
	return nil
}

// readResources takes the resources that the token is for (RFC 8707): absolute addresses without a fragment. It is the one parameter that
// may be there several times.
func (r *authorizationRequest) readResources(values url.Values) error {
	for _, one := range values["resource"] {
		u, err := url.Parse(one)
		if err != nil || !u.IsAbs() || u.Fragment != "" || strings.Contains(one, "#") || !utf8.ValidString(one) || strings.ContainsFunc(one, isControl) {
			return &requestError{"invalid_target", "a resource is not an absolute address without a fragment"}
		}
		if !slices.Contains(r.resources, one) {
			r.resources = append(r.resources, one)
		}
	}
	return nil
}

func isControl(c rune) bool { return c < 0x20 || c == 0x7f }

// asks says whether the request has the prompt.
func (r *authorizationRequest) asks(prompt string) bool { return slices.Contains(r.prompts, prompt) }

// upstream is the request as the upstream takes it. Of the prompts it gets the one that is its own to answer.
func (r *authorizationRequest) upstream() stytch.Authorization {
	a := stytch.Authorization{
		ClientID: r.clientID, RedirectURI: r.redirectURI, Scopes: r.scopes,
		State: r.state, Nonce: r.nonce, Challenge: r.challenge, Resources: r.resources,
	}
	if r.asks(promptConsent) {
		a.Prompt = promptConsent
	}
	return a
}

// redirectTrouble says why a redirect address is none that the console leads to, or "". Whether it is the client's own the upstream says.
// Browsers read a backslash as a slash and what stands before an @ as a name, so that the host is not the one that is seen.
func redirectTrouble(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil, strings.ContainsAny(address, "\\ <>\"`{}|^"):
		return "redirect_uri is not an address"
	case !u.IsAbs():
		return "redirect_uri has no scheme"
	case u.Fragment != "" || strings.Contains(address, "#"):
		return "redirect_uri has a fragment"
	case u.User != nil:
		return "redirect_uri names a user"
	case !mayLeaveTo(u):
		return "redirect_uri is neither https, nor http on this machine, nor the private scheme of an application"
	}
	return ""
}

// isLoopback says whether an address is one of those whose port may change.
func isLoopback(u *url.URL) bool { return u.Scheme == "http" && mayLeaveTo(u) }

// isThisMachine says whether an address leads to a program on the person's own machine, whatever the scheme.
func isThisMachine(u *url.URL) bool {
	return isLocalhost(u.Hostname()) || isLoopbackHost(strings.TrimSuffix(u.Hostname(), "."))
}

// isRegistered says whether a redirect address is one of a client's own: exactly, save that the port of a loopback address is chosen by
// the program that waits there (RFC 8252 section 7.3; rule redirect-url-match).
func isRegistered(registered []string, address string) bool {
	if slices.Contains(registered, address) {
		return true
	}
	u, err := url.Parse(address)
	if err != nil || !isLoopback(u) || u.Hostname() == "localhost" {
		return false
	}
	return slices.ContainsFunc(registered, func(one string) bool {
		r, err := url.Parse(one)
		return err == nil && isLoopback(r) && r.Hostname() == u.Hostname() && r.EscapedPath() == u.EscapedPath() && r.RawQuery == u.RawQuery && r.ForceQuery == u.ForceQuery
	})
}

// errorAddress is where an error goes back to: the redirect address with the error, the state, and who answers where the operator says
// so (RFC 9207). What the address had in its query stays.
func errorAddress(redirectURI, code, what, state, issuer string) string {
	query := url.Values{"error": {code}}
	for name, value := range map[string]string{"error_description": what, "state": state, "iss": issuer} {
		if value != "" {
			query.Set(name, value)
		}
	}
	glue := "?"
	if strings.Contains(redirectURI, "?") {
		glue = "&"
	}
	return redirectURI + glue + query.Encode()
}
