package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"time"

	"console.internal/handlers"
	"console.internal/internal/audit"
	"console.internal/internal/authz"
	"console.internal/internal/config"
	"console.internal/internal/entry"
	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
	"console.internal/internal/session"
	"console.internal/internal/store"
	"console.internal/internal/stytch"
	"console.internal/static"
	"console.internal/views"
)

const (
	// upstreamTimeout bounds a call, and with it a page: its calls run side by side.
	upstreamTimeout = 5 * time.Second
	// maxAnswer bounds an answer of the upstream. A page of 100 organizations is 160 KB.
	maxAnswer = 8 << 20
	// policyLife is how long the hints may be old.
	policyLife = 5 * time.Minute
	// settle is the grain of the time that a sign-in form takes to answer: longer than the upstream takes to look somebody up,
	// so that its haste for an address that it does not know is not seen.
	settle        = time.Second
	sandboxSettle = 100 * time.Millisecond
	// idleLimit signs out whoever does nothing for so long.
	idleLimit = 30 * time.Minute
	// searchShare is the part of the search budget that one person may spend in a minute: one in so many.
	searchShare = 6
	// maxSessions bounds the size of the keyring.
	maxSessions = 100_000
	// drain is how long a stop waits for requests in flight.
	drain = 10 * time.Second
)

// App is a running console.
type App struct {
	// base carries what the caller's context carries, but does not end with it: stopping takes a while.
	base       context.Context
	public     *url.URL
	sandbox    *sandbox.Server
	sandboxURL string
	client     *stytch.Client
	sessions   *session.Sessions
	store      *store.Store
	desk       *entry.Desk
	servers    []*http.Server
	failed     chan error
	serving    sync.WaitGroup
	ready      chan struct{}
	log        *slog.Logger
	project    stytch.Project
	adminURL   string
}

// URL is the public origin, without a slash at the end.
func (a *App) URL() string { return a.public.Scheme + "://" + a.public.Host }

// Sandbox is the embedded upstream, or nil.
func (a *App) Sandbox() *sandbox.Server { return a.sandbox }

// SandboxURL is the address of the embedded upstream, or empty.
func (a *App) SandboxURL() string { return a.sandboxURL }

// AdminURL is the address of the health pages, or empty.
func (a *App) AdminURL() string { return a.adminURL }

// Start opens the listeners and serves until Close. An error is a *config.Error where a setting is to blame. The log is
// written as JSON lines.
func Start(ctx context.Context, cfg config.Config, log io.Writer) (*App, error) {
	a := newApp(ctx, log)
	if err := a.start(ctx, cfg); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func newApp(ctx context.Context, log io.Writer) *App {
	return &App{base: context.WithoutCancel(ctx), failed: make(chan error, 3), ready: make(chan struct{}), log: slog.New(slog.NewJSONHandler(log, nil))}
}

func (a *App) start(ctx context.Context, cfg config.Config) error {
	console, err := listen(ctx, "--listen", cfg.Listen)
	if err != nil {
		return err
	}
	a.public, err = url.Parse(cfg.PublicURL)
	if err != nil || cfg.PublicURL == "" {
		a.public = &url.URL{Scheme: "http", Host: console.Addr().String()}
	}
	upstream := stytch.Options{
		BaseURL: cfg.BaseURL, ProjectID: cfg.ProjectID, Secret: stytch.Secret(cfg.Secret.Reveal()),
		Timeout: upstreamTimeout, MaxAnswer: maxAnswer, Budget: stytch.NewBudget(cfg.SearchBudget, max(1, cfg.SearchBudget/searchShare), time.Now),
	}
	if cfg.Sandbox {
		if err := a.startSandbox(ctx, cfg, a.URL()); err != nil {
			return errors.Join(err, console.Close())
		}
		upstream.BaseURL, upstream.ProjectID, upstream.Secret = a.sandboxURL, a.sandbox.ProjectID(), stytch.Secret(a.sandbox.Secret())
		cfg.PublicToken = a.sandbox.PublicToken()
		if cfg.StaffOrganization == "" {
			cfg.StaffOrganization = a.sandbox.StaffOrganizationID()
		}
	}
	handler, err := a.wire(ctx, cfg, upstream)
	if err != nil {
		return errors.Join(err, console.Close())
	}
	a.serve(console, handler)
	if cfg.AdminListen != "" {
		admin, err := listen(ctx, "--admin-listen", cfg.AdminListen)
		if err != nil {
			return err
		}
		a.adminURL = "http://" + admin.Addr().String()
		a.serve(admin, a.admin())
	}
	close(a.ready)
	return nil
}

// wire builds the client, the sessions and the pages.
func (a *App) wire(ctx context.Context, cfg config.Config, upstream stytch.Options) (http.Handler, error) {
	// The client asks the policy what to expect, and the policy is read by the client.
	var policy *authz.Cache
	upstream.Expect = func(roles []string, resource, action string) bool { return policy.May(roles, resource, action) }
	// The record lies in the database, which is opened once the project is known to be the right one.
	var record recorder
	upstream.Recorder = &record
	client, err := stytch.New(upstream)
	if err != nil {
		return nil, err
	}
	a.client = client
	policy = authz.NewCache(ctx, func(ctx context.Context) (authz.Policy, error) { return readPolicy(ctx, client) }, policyLife, time.Now)
	if err := a.probe(ctx, cfg, upstream.ProjectID, policy); err != nil {
		return nil, err
	}
	keys := keyBytes(cfg)
	limits := session.Limits{Idle: idleLimit, Length: cfg.SessionLifetime, Rings: maxSessions}
	if a.store, err = openStore(ctx, store.Options{
		Path: cfg.Database, ProjectID: upstream.ProjectID, Fresh: cfg.Sandbox, Limits: limits, Now: time.Now, Log: a.log,
	}); err != nil {
		return nil, err
	}
	if record.Log, err = audit.New(ctx, audit.Options{Store: a.store.Durable(), Keys: keys, Now: time.Now, Log: a.log}); err != nil {
		return nil, err
	}
	head, err := record.Head(ctx)
	if err != nil {
		return nil, err
	}
	// Whoever shortens or rewrites the record must rewrite the log too.
	a.log.InfoContext(ctx, "start", "record", head.String())
	a.startDesk(ctx, cfg, record.Log)
	a.sessions, err = session.New(session.Options{
		Client: client, StaffOrganizationID: cfg.StaffOrganization, Keys: keys, Now: time.Now, Limits: limits,
		Ring: a.store.Ring(), Store: a.store.Sessions(), Tickets: a.store.Tickets(), Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	o := handlers.Options{
		Client: client, Sessions: a.sessions, Policy: policy, Audit: record.Log, Desk: a.desk, AppRequests: a.store.AppRequests(), Log: a.log, Now: time.Now, Public: a.public,
		Env: views.Env(cfg.Environment()), ProjectID: upstream.ProjectID, StaffOrganizationID: cfg.StaffOrganization,
		SessionMinutes: int(cfg.SessionLifetime.Minutes()), TrustedProxies: cfg.TrustedProxies,
		UpstreamURL: upstream.BaseURL, PublicToken: cfg.PublicToken, OAuthProviders: cfg.OAuthProviders,
		Settle: settle, Wait: handlers.Wait,
		Issuer: cfg.Issuer,
		Assets: views.Assets{CSS: static.URL("app.css"), JS: static.URL("app.js"), HTMX: static.URL("htmx.min.js"), Icon: static.URL("icon.svg"), Consent: static.URL("consent.css")},
		Static: static.Handler(),
	}
	if a.sandbox != nil {
		// It answers at once for everybody.
		o.Settle = sandboxSettle
		o.Outbox, o.Exposed = a.sandboxURL+"/sandbox/outbox", cfg.SandboxExposed
		o.Hints = []string{"ada@support.example", "sam@support.example"}
	}
	return handlers.New(o), nil
}

// recorder is the record, once it is there.
type recorder struct{ *audit.Log }

// startDesk opens the desk that lets the support staff into tenants, and has it delete what an earlier process left.
func (a *App) startDesk(ctx context.Context, cfg config.Config, record *audit.Log) {
	if cfg.SupportRole == "" || cfg.StaffOrganization == "" {
		return
	}
	a.desk = entry.New(entry.Options{
		Client: a.client, Keeper: a.store.Entries(), StaffOrganizationID: cfg.StaffOrganization, Role: cfg.SupportRole, Length: cfg.SupportLength,
		Rings: a.store.Ring().Has, Note: record.Note, CameIn: audit.Enter, Went: audit.Leave, Now: time.Now, Log: a.log,
	})
	a.desk.Start(ctx)
}

// openStore opens the database, and names the setting that is to blame when it cannot.
func openStore(ctx context.Context, o store.Options) (*store.Store, error) {
	s, err := store.Open(ctx, o)
	if wrong, ok := errors.AsType[*store.OpenError](err); ok {
		return nil, &config.Error{Problems: []string{"--database: " + wrong.Why}}
	}
	return s, err
}

// readPolicy turns the upstream's policy into the hints' own.
func readPolicy(ctx context.Context, client *stytch.Client) (authz.Policy, error) {
	got, err := client.Policy(stytch.WithCaller(ctx, stytch.Caller{Allowed: []stytch.Operation{stytch.PolicyGet}}))
	if err != nil {
		return authz.Policy{}, err
	}
	policy := authz.Policy{Roles: make([]authz.Role, len(got.Roles))}
	for i, role := range got.Roles {
		policy.Roles[i].ID = role.ID
		for _, p := range role.Permissions {
			policy.Roles[i].Permissions = append(policy.Roles[i].Permissions, authz.Permission(p))
		}
	}
	for _, scope := range got.Scopes {
		one := authz.Scope{Name: scope.Scope, Description: scope.Description}
		for _, p := range scope.Permissions {
			one.Permissions = append(one.Permissions, authz.Permission(p))
		}
		policy.Scopes = append(policy.Scopes, one)
	}
	return policy, nil
}

// probe asks the upstream whether it knows the credentials, and reads the policy. A wrong secret stops the start; an
// upstream that does not answer does not: the console then comes up and says on every page what is wrong.
func (a *App) probe(ctx context.Context, cfg config.Config, projectID string, policy *authz.Cache) error {
	var wg sync.WaitGroup
	var whoami, read error
	wg.Go(func() {
		a.project, whoami = a.client.Whoami(stytch.WithCaller(ctx, stytch.Caller{Allowed: []stytch.Operation{stytch.Whoami}}))
	})
	wg.Go(func() { read = policy.Refresh(ctx) })
	wg.Wait()
	switch {
	case stytch.HTTPStatus(whoami) == http.StatusUnauthorized:
		return &config.Error{Problems: []string{"STYTCH_PROJECT_ID, STYTCH_SECRET: Stytch does not accept them together"}}
	case whoami == nil && a.project.ID != projectID:
		return &config.Error{Problems: []string{"STYTCH_PROJECT_ID: the secret belongs to another project"}}
	}
	if err := errors.Join(whoami, read); err != nil {
		a.log.WarnContext(ctx, "the upstream does not answer; starting all the same", "error", err)
	}
	if mixed := policy.Policy().Mixed(); len(mixed) > 0 && cfg.StaffOrganization != "" {
		a.log.WarnContext(ctx, "roles carry permissions of the console and of tenants alike; a tenant's admin who hands one out hands out a part of the console", "roles", mixed)
	}
	return nil
}

// listen opens a listener, and names the setting that is to blame when it cannot.
func listen(ctx context.Context, setting, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		return l, nil
	}
	why := "it cannot be listened on"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		why = "another program listens on this address already"
	case errors.Is(err, syscall.EACCES):
		why = "this user may not listen on this port"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		why = "this machine does not have this address"
	}
	return nil, &config.Error{Problems: []string{setting + ": " + why}}
}

// startSandbox serves the sandbox, for a console at a public address or, when that is empty, for none.
func (a *App) startSandbox(ctx context.Context, cfg config.Config, console string) error {
	l, err := listen(ctx, "--sandbox-listen", cfg.SandboxListen)
	if err != nil {
		return err
	}
	options := sandbox.Options{
		Organizations: cfg.SandboxOrganizations, Members: cfg.SandboxMembers, Host: l.Addr().String(), MailsPerSecond: 1,
	}
	if console != "" {
		options.RedirectURL, options.AuthorizationURL = console+paths.Authenticate, console+paths.Authorize
	}
	a.sandbox, err = sandbox.New(options)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a.sandboxURL = "http://" + l.Addr().String()
	a.serve(l, a.sandbox)
	return nil
}

// serve answers on a listener until Close. Its bounds keep slow clients from holding the process.
func (a *App) serve(l net.Listener, handler http.Handler) {
	s := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		// The library's own complaints are about what clients did; they go to the log as such.
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	a.servers = append(a.servers, s)
	a.serving.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
	})
}

// admin answers the health checks. The upstream's state is not part of them: with it down the console still tells people
// so, and taking every replica away would not bring it back.
func (a *App) admin() http.Handler {
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, status int, text string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
	mux.HandleFunc("GET "+paths.Healthz, func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET "+paths.Readyz, func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-a.ready:
			say(w, http.StatusOK, "ready\n")
		default:
			say(w, http.StatusServiceUnavailable, "starting\n")
		}
	})
	return mux
}

// Close stops taking requests, waits for those in flight, and returns when all is down.
func (a *App) Close() {
	ctx, cancel := context.WithTimeout(a.base, drain)
	defer cancel()
	// The console's own listener was opened after the sandbox's; it goes first, while its upstream still answers.
	for _, server := range slices.Backward(a.servers) {
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // what is still in flight after the wait is cut off
		}
	}
	a.serving.Wait()
	if a.sessions != nil {
		a.sessions.Close()
	}
	if a.desk != nil {
		a.desk.Close()
	}
	if a.store != nil {
		if err := a.store.Close(); err != nil {
			a.log.ErrorContext(ctx, "the database was not closed", "error", err)
		}
	}
	if a.client != nil {
		a.client.Close()
	}
}
