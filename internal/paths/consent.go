package paths

import (
	"net/url"
	"strings"
)

// What OAuth clients send people to, and what belongs to it. The request is in the query.
const (
	Authorize        = "/oauth/authorize"
	AuthorizeAsk     = "/oauth/ask"
	AuthorizeDeny    = "/oauth/deny"
	AuthorizeWho     = "/oauth/who"
	AuthorizeAccount = "/oauth/account"
)

// AuthorizeOrganization is the field of a request's query that says which organization's member answers it. It is the console's own: what
// clients send under this name counts as much as a click of the person's.
const AuthorizeOrganization = "organization"

// Authorization is an address for a request: its raw query as it came, asked of the member of an organization; "" is the one signed in to.
func Authorization(path, rawQuery, organizationID string) string {
	rawQuery = WithoutOrganization(rawQuery)
	if organizationID != "" {
		rawQuery += "&" + AuthorizeOrganization + "=" + url.QueryEscape(organizationID)
	}
	return path + "?" + rawQuery
}

// WithoutOrganization is the raw query of a request as the client sent it.
func WithoutOrganization(rawQuery string) string {
	var kept []string
	for part := range strings.SplitSeq(rawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(name); err == nil && name == AuthorizeOrganization {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "&")
}
