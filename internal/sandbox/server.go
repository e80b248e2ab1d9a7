package sandbox

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what a sandbox holds. The zero value is the seed of hand-made organizations and nothing generated.
type Options struct {
	// Organizations is how many generated organizations exist beside the hand-made ones.
	Organizations int
	// Members is how many generated members the organization with slug "big" has; it exists only if Members > 0.
	Members int
	// ProjectID and Secret are the basic-auth credentials; drawn at random when empty.
	ProjectID string
	Secret    string
	// RedirectURL is where links lead when a request names no redirect. It is registered for every type, and the only one that
	// is; when it is empty every http and https URL counts as registered.
	RedirectURL string
	// AuthorizationURL is the page of the console that asks members on behalf of Connected Apps, the project's authorization
	// endpoint. Without one there is no discovery document.
	AuthorizationURL string
	// Host, when set, is the only Host that is answered; every other one gets 421.
	Host string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// SearchesPerMinute limits each search operation; 0 means 100, a negative number no limit.
	SearchesPerMinute int
	// MailsPerSecond limits the links to one address, and apart from them its codes and its password resets; 0 means no limit.
	MailsPerSecond int
	// OrganizationPasswords makes passwords belong to single organizations: discovery then refuses them.
	OrganizationPasswords bool
}

// Server is the sandbox. It is safe for concurrent use.
type Server struct {
	options    Options
	projectID  string
	secret     string
	public     string
	base       string
	routes     routes
	operations map[string]handler
	oidc       map[string]oidcEndpoint
	cursorKey  []byte
	faults     *faults
	requests   *requestLog

	// mu guards what follows. Every operation runs and encodes its answer under it, so that no answer is half of one state.
	mu       sync.Mutex
	store    *store
	offset   time.Duration
	outbox   []Message
	searches map[string]window
	demo     demoApp
}

// New makes a sandbox holding the seed.
func New(options Options) (*Server, error) {
	if options.Organizations < 0 || options.Members < 0 {
		return nil, errors.New("sandbox: the number of organizations and members must not be negative")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.SearchesPerMinute == 0 {
		options.SearchesPerMinute = 100
	}
	s := &Server{
		options:   options,
		projectID: options.ProjectID,
		secret:    options.Secret,
		public:    "public-token-test-" + randomUUID(),
		base:      "http://" + options.Host,
		routes:    newRoutes(Operations()),
		cursorKey: randomBytes(32),
		faults:    newFaults(),
		requests:  newRequestLog(),
		searches:  map[string]window{},
		oidc:      oidcEndpoints(),
		demo:      newDemoApp(),
	}
	if options.Host == "" {
		s.base = "http://127.0.0.1:8081"
	}
	if s.projectID == "" {
		s.projectID = "project-test-" + randomUUID()
	}
	if s.secret == "" {
		s.secret = "secret-test-" + newToken()
	}
	s.operations = handlers()
	s.store = newSeed(options, s.base, options.Now())
	s.seedInvitations()
	return s, nil
}

// ProjectID is the user name of basic auth.
func (s *Server) ProjectID() string { return s.projectID }

// Secret is the password of basic auth.
func (s *Server) Secret() string { return s.secret }

// PublicToken names the project in addresses that a browser opens. It is no secret, and new in every sandbox.
func (s *Server) PublicToken() string { return s.public }

// StaffOrganizationID is the seed's organization with slug support-desk. It is the same in every sandbox.
func (s *Server) StaffOrganizationID() string { return seedID("organization", staffSlug) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.options.Host != "" && r.Host != s.options.Host {
		// Another name for this address is how a page of another site reaches a local server.
		http.Error(w, "This address is not served here.", http.StatusMisdirectedRequest)
		return
	}
	if isControl(r.URL.Path) {
		s.control(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, oauthPrefix) {
		s.serveOAuth(w, r)
		return
	}
	if r.URL.Path == ssoStartPath {
		s.serveSSOStart(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, callbackPrefix) {
		s.serveCallback(w, r)
		return
	}
	if endpoint, known := s.oidcEndpoint(r.URL.Path); known {
		s.serveOIDC(w, r, endpoint)
		return
	}
	operation, params, known := s.routes.match(r.Method, r.URL.EscapedPath())
	if operation == nil {
		s.refuseRoute(w, r, known)
		return
	}
	s.serve(w, r, operation, params)
}

// Reset goes back to the seed: data, sessions, outbox, clock, faults and request log. The outbox then holds the seed's invitations.
func (s *Server) Reset() {
	fresh := newSeed(s.options, s.base, s.options.Now())
	s.mu.Lock()
	s.store, s.offset, s.outbox, s.searches, s.demo = fresh, 0, nil, map[string]window{}, newDemoApp()
	s.seedInvitations()
	s.mu.Unlock()
	s.ClearFaults()
	s.ClearRequests()
}

// Advance moves the sandbox's clock on by d.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

// ResetClock puts the clock back to the real time.
func (s *Server) ResetClock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset = 0
}

// now is the sandbox's time; the caller holds mu.
func (s *Server) now() time.Time { return s.options.Now().Add(s.offset).UTC() }

// SetFault adds a fault; an unknown kind or operation is an error.
func (s *Server) SetFault(fault Fault) error { return s.faults.add(fault) }

// ClearFaults removes every fault and lets go whatever a hold keeps.
func (s *Server) ClearFaults() { s.faults.clear() }

// Requests are the last requests, oldest first.
func (s *Server) Requests() []RequestLog { return s.requests.list("") }

// ClearRequests empties the request log and the call counts.
func (s *Server) ClearRequests() { s.requests.clear() }

// Outbox holds what was "sent", newest first.
func (s *Server) Outbox() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := make([]Message, len(s.outbox))
	for i, message := range s.outbox {
		newest[len(s.outbox)-1-i] = message
	}
	return newest
}

// outboxOf is the outbox of one address, or of all for an empty one.
func (s *Server) outboxOf(to string) []Message {
	messages := s.Outbox()
	if to == "" {
		return messages
	}
	return slices.DeleteFunc(messages, func(m Message) bool { return m.To != to })
}

// NewSession signs a member in without any flow, for tests: organization is an id or slug, the session lives for 60 minutes.
// It returns the session token.
func (s *Server) NewSession(organization, email string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant := s.store.organization(organization)
	if tenant == nil {
		return "", errors.New("sandbox: no such organization")
	}
	member := s.store.memberByEmail(tenant, email)
	if member == nil {
		return "", errors.New("sandbox: no such member")
	}
	now := s.now()
	session := s.store.newSession(member, []factor{emailFactor("email_otp", member, now)}, now, defaultSession)
	return session.token, nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
