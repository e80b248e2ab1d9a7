package sandbox

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	defaultTokenMinutes = 60
	maxTokenMinutes     = 24 * 60
	maxAudience         = 255 // bytes
)

// check looks at an app as it would be (rules app-types, token-values).
func (a *connectedAppFields) check() error {
	own := a.ClientType == firstParty || a.ClientType == firstPartyPublic
	switch {
	case a.FullAccessAllowed && !own:
		return errThirdPartyFullAccess()
	case a.BypassOfflineConsent && !own:
		return badRequest("third_party_clients_require_consent_for_offline_access", "Only a first party app may go without consent to offline_access.")
	case a.TokenExpiryMinutes < 1 || a.TokenExpiryMinutes > maxTokenMinutes:
		return badRequest("idp_invalid_access_token_expiry_minutes", "Access tokens live for 1 to 1440 minutes.")
	case len(a.TokenCustomAudience) > maxAudience || strings.ContainsFunc(a.TokenCustomAudience, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return badRequest("idp_invalid_access_token_custom_audience", "The custom audience is at most 255 bytes without spaces.")
	}
	public := a.ClientType == firstPartyPublic || a.ClientType == thirdPartyPublic
	for _, listed := range [][]string{a.RedirectURLs, a.PostLogoutURLs} {
		if err := checkRedirectURLs(listed, public); err != nil {
			return err
		}
	}
	return checkTemplate(a.TokenTemplateContent)
}

func errThirdPartyFullAccess() error {
	return badRequest("third_party_clients_cannot_use_full_access", "Only a first party app may have full access.")
}

// checkRedirectURLs accepts where an app may have people sent (rule redirect-url-registration).
func checkRedirectURLs(listed []string, public bool) error {
	seen := map[string]bool{}
	for _, one := range listed {
		if err := checkRedirectURL(one, public); err != nil {
			return err
		}
		if seen[one] {
			return badRequest("duplicate_redirect_url", "A redirect URL is listed twice.")
		}
		seen[one] = true
	}
	return nil
}

func checkRedirectURL(given string, public bool) error {
	invalid := badRequest("connected_app_invalid_redirect_url", "The redirect URL is not a valid one.")
	outside := func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' || r == '*' }
	if given == "" || strings.ContainsFunc(given, outside) || strings.Contains(given, "#") {
		return invalid
	}
	target, err := url.Parse(given)
	switch {
	case err != nil && !strings.Contains(given, ":"), err == nil && target.Scheme == "":
		return badRequest("connected_app_redirect_url_must_include_scheme", "The redirect URL has no scheme.")
	case err != nil || target.User != nil:
		return invalid
	case target.Scheme == "https" || target.Scheme == "http":
		if target.Hostname() == "" {
			return invalid
		}
		if target.Scheme == "http" && !loopback(target) && target.Hostname() != "localhost" {
			return badRequest("connected_app_redirect_url_http_scheme_must_use_loopback", "http is for loopback addresses only.")
		}
		return nil
	case public && strings.Contains(target.Scheme, "."):
		return nil // an app on a phone, by the name of its maker's domain
	}
	return badRequest("connected_app_redirect_url_must_use_http_or_https_scheme", "The scheme of the redirect URL must be http or https.")
}

// loopback tells whether a URL leads to this computer by its address.
func loopback(u *url.URL) bool {
	address, err := netip.ParseAddr(u.Hostname())
	return err == nil && address.IsLoopback()
}

// mayRedirect tells whether an app has registered a redirect URL: exactly that one, save that a program on the person's own
// computer cannot choose its port beforehand (rule redirect-url-match).
func (a *connectedApp) mayRedirect(given string) bool {
	for _, registered := range a.RedirectURLs {
		if given == registered || samePortAside(given, registered) {
			return true
		}
	}
	return false
}

func samePortAside(given, registered string) bool {
	a, err := url.Parse(given)
	if err != nil || a.Scheme != "http" || !loopback(a) {
		return false
	}
	b, err := url.Parse(registered)
	if err != nil || !loopback(b) {
		return false
	}
	a.Host, b.Host = a.Hostname(), b.Hostname()
	return a.String() == b.String()
}

var (
	templateTag  = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	templatePath = regexp.MustCompile(`^\s*(member|organization)(\.[A-Za-z0-9_-]+)+\s*$`)
)

// checkTemplate accepts a JSON object in which tags stand for values of the member or the organization (rule token-template).
func checkTemplate(content string) error {
	if content == "" {
		return nil
	}
	for _, tag := range templateTag.FindAllStringSubmatch(content, -1) {
		if !templatePath.MatchString(tag[1]) {
			return badRequest("jwt_template_invalid_tag", "The template has a tag that stands for nothing.")
		}
	}
	// A tag may stand alone or in a text: a number is right in both places.
	filled := templateTag.ReplaceAllString(content, "0")
	if strings.Contains(filled, "{{") {
		return badRequest("jwt_template_mismatched_tag", "A tag of the template is not closed.")
	}
	value := jsontext.Value(filled)
	switch {
	case !value.IsValid():
		return badRequest("jwt_template_invalid_json", "The template is not valid JSON.")
	case value.Kind() != '{':
		return badRequest("idp_invalid_access_token_jwt_template", "The template must be a JSON object.")
	}
	return nil
}
