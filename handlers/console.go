package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"console.internal/internal/apprequest"
	"console.internal/internal/audit"
	"console.internal/internal/authz"
	"console.internal/internal/entry"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// Options are what the pages need. All fields must be set but those that say otherwise.
type Options struct {
	Client   *stytch.Client
	Sessions *session.Sessions
	Policy   *authz.Cache
	// Audit is the record of what was done.
	Audit *audit.Log
	// Desk lets the support staff into tenants that they do not belong to; nil where that is not set up.
	Desk *entry.Desk
	// AppRequests are the apps that members asked their organizations for.
	AppRequests apprequest.Store
	Log         *slog.Logger
	Now         func() time.Time
	// Public is the one origin that the console answers for.
	Public *url.URL
	Env    views.Env
	// ProjectID is the upstream's project.
	ProjectID string
	// StaffOrganizationID is the pinned staff organization; empty where there is none.
	StaffOrganizationID string
	// SessionMinutes is how long the upstream sessions last that the console asks for.
	SessionMinutes int
	// UpstreamURL is where browsers find the upstream, PublicToken what they name the project by there, and OAuthProviders are those
	// that people may sign in with. Without a token there are none.
	UpstreamURL, PublicToken string
	// Issuer is what answers to OAuth clients name as who answers (RFC 9207); "" names nobody.
	Issuer         string
	OAuthProviders []string
	// Settle is the grain of the time that an answer takes which must not tell who is known here; Wait lets time pass.
	Settle time.Duration
	Wait   func(context.Context, time.Duration)
	// TrustedProxies are those whose X-Forwarded-For is believed; none by default.
	TrustedProxies []netip.Prefix
	Assets         views.Assets
	// Static serves the files under /static/.
	Static http.Handler
	// Outbox is the address of the sandbox's outbox, Exposed says that the sandbox can be reached from the network, and
	// Hints are addresses to try there. All are empty without a sandbox.
	Outbox  string
	Exposed bool
	Hints   []string
}

// console is what all areas share.
type console struct {
	Options

	sends, attempts, clientReads *limiter
	turns                        *turns
	clients                      *consentClients
}

// pageRows is how many rows a list has. A page of 50 is faster than one of 100 and fits more screens.
const pageRows = 50

// authenticateURL is where sign-in links lead.
func (h *console) authenticateURL(path string) string {
	return h.Public.Scheme + "://" + h.Public.Host + path
}
