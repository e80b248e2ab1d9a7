package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxOIDCBody bounds what is read of a request at the project domain, in bytes.
const maxOIDCBody = 64 << 10

// oidcEndpoint is one address of the project domain. None of them takes the project's secret: clients come here (rule
// oauth-endpoints).
type oidcEndpoint struct {
	methods []string
	form    bool // it takes parameters in the body
	handle  func(*oidcCall) (any, error)
}

// oidcCall is one request to the project domain on its way through.
type oidcCall struct {
	*call
	form url.Values
}

// oidcEndpoints are those of the project domain, by path without the prefix.
func oidcEndpoints() map[string]oidcEndpoint {
	reads, posts := []string{http.MethodGet, http.MethodHead}, []string{http.MethodPost}
	return map[string]oidcEndpoint{
		".well-known/openid-configuration":       {reads, false, (*oidcCall).configuration},
		".well-known/oauth-authorization-server": {reads, false, (*oidcCall).configuration},
		".well-known/jwks.json":                  {reads, false, func(o *oidcCall) (any, error) { return o.jwks() }},
		"oauth2/token":                           {posts, true, (*oidcCall).token},
		"oauth2/userinfo":                        {append(reads, posts...), false, (*oidcCall).userinfo},
		"oauth2/revoke":                          {posts, true, (*oidcCall).revokeToken},
		"oauth2/introspect":                      {posts, true, (*oidcCall).introspect},
	}
}

// oidcEndpoint finds the endpoint of a path, under the project domain's own paths or those that name the project.
func (s *Server) oidcEndpoint(path string) (oidcEndpoint, bool) {
	name, below := strings.CutPrefix(path, "/v1/public/"+s.projectID+"/")
	switch {
	case below:
	case strings.HasPrefix(path, "/v1/oauth2/"):
		name = strings.TrimPrefix(path, "/v1/")
	case strings.HasPrefix(path, "/.well-known/"):
		name = path[1:]
	default:
		return oidcEndpoint{}, false
	}
	endpoint, known := s.oidc[name]
	return endpoint, known
}

// oauthError is a refusal in the envelope of OAuth. The kind is the upstream's own name for it (rule oauth-errors).
type oauthError struct {
	status      int
	code        string
	kind        string
	description string
	challenge   string // of WWW-Authenticate; may be empty
}

func (e *oauthError) Error() string { return fmt.Sprintf("%d %s (%s)", e.status, e.code, e.kind) }

type oauthErrorAnswer struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri"`
	StatusCode  int    `json:"status_code"`
	RequestID   string `json:"request_id"`
}

func (e *oauthError) answer(requestID string) oauthErrorAnswer {
	uri := fmt.Sprintf("https://stytch.com/docs/api/errors/%d#%s", e.status, e.kind)
	return oauthErrorAnswer{e.code, e.description, uri, e.status, requestID}
}

// The refusals of OAuth that several endpoints share.

func errOAuthRequest(description string) error {
	return &oauthError{http.StatusBadRequest, "invalid_request", "oauth_invalid_request", description, ""}
}

func errOAuthClient(challenge string) error {
	return &oauthError{http.StatusUnauthorized, "invalid_client", "oauth_invalid_client", "The client could not be authenticated.", challenge}
}

func errOAuthGrant(kind, description string) error {
	return &oauthError{http.StatusBadRequest, "invalid_grant", kind, description, ""}
}

func errConsentRevoked() *oauthError {
	return &oauthError{http.StatusUnauthorized, "invalid_grant", "connected_app_consent_revoked", "The member has taken the app's access back.", ""}
}

// oidcAnswer is a whole answer of the project domain.
type oidcAnswer struct {
	status    int
	challenge string
	body      []byte
}

func (s *Server) serveOIDC(w http.ResponseWriter, r *http.Request, endpoint oidcEndpoint) {
	answer := s.answerOIDC(r, endpoint)
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Pragma", "no-cache")
	if answer.challenge != "" {
		header.Set("WWW-Authenticate", answer.challenge)
	}
	if answer.status == http.StatusMethodNotAllowed {
		header.Set("Allow", strings.Join(endpoint.methods, ", "))
	}
	send(w, answer.status, answer.body)
}

// answerOIDC carries a request out.
func (s *Server) answerOIDC(r *http.Request, endpoint oidcEndpoint) oidcAnswer {
	requestID := "request-id-test-" + randomUUID()
	body, err := s.runOIDC(r, endpoint, requestID)
	if err == nil {
		return oidcAnswer{status: http.StatusOK, body: body}
	}
	answer := oidcAnswer{}
	var envelope any
	if refusal, isOAuth := errors.AsType[*oauthError](err); isOAuth {
		answer.status, answer.challenge, envelope = refusal.status, refusal.challenge, refusal.answer(requestID)
	} else if refusal := asRefusal(err); refusal != nil {
		answer.status, envelope = refusal.status, refusal.answer(requestID)
	} else {
		refusal := &oauthError{http.StatusInternalServerError, "server_error", "internal_server_error", "Internal error.", ""}
		answer.status, envelope = refusal.status, refusal.answer(requestID)
	}
	if answer.body, err = encode(envelope); err != nil {
		answer.body = nil
	}
	return answer
}

func (s *Server) runOIDC(r *http.Request, endpoint oidcEndpoint, requestID string) ([]byte, error) {
	if !slices.Contains(endpoint.methods, r.Method) {
		return nil, &oauthError{http.StatusMethodNotAllowed, "invalid_request", "method_not_allowed", "The method is not allowed here.", ""}
	}
	o := &oidcCall{call: &call{Server: s, request: r, requestID: requestID, log: &RequestLog{}}}
	if endpoint.form {
		if err := o.readForm(); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o.time = s.now()
	s.store.sweep(o.time)
	answer, err := endpoint.handle(o)
	if err != nil {
		return nil, err
	}
	return encode(answer)
}

// readForm reads the parameters of the body, as a form or as JSON. Those of the address do not count: addresses end up in logs.
func (o *oidcCall) readForm() error {
	body, err := io.ReadAll(io.LimitReader(o.request.Body, maxOIDCBody+1))
	if err != nil || len(body) > maxOIDCBody {
		return errOAuthRequest("The request body could not be read.")
	}
	media, _, _ := strings.Cut(o.request.Header.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(media)) {
	case "application/x-www-form-urlencoded":
		if o.form, err = url.ParseQuery(string(body)); err != nil {
			return errOAuthRequest("The request body is no form.")
		}
	case "application/json":
		var fields map[string]string
		if err := json.Unmarshal(body, &fields); err != nil {
			return errOAuthRequest("The request body is no JSON object of texts.")
		}
		o.form = url.Values{}
		for name, value := range fields {
			o.form.Set(name, value)
		}
	default:
		return errOAuthRequest("Content-Type must be application/x-www-form-urlencoded or application/json.")
	}
	for name, values := range o.form {
		if len(values) > 1 {
			return errOAuthRequest(fmt.Sprintf("The parameter %q may be sent once only.", name))
		}
	}
	return nil
}
