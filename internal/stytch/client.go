package stytch

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options are what a client needs. All but Budget, Expect, Recorder and Transport must be set.
type Options struct {
	// BaseURL is the upstream's address, without a path.
	BaseURL   string
	ProjectID string
	// Secret is the project secret.
	Secret Secret
	// Timeout bounds a call, its second attempt included.
	Timeout time.Duration
	// MaxAnswer bounds the bytes of an answer.
	MaxAnswer int64
	// Budget bounds searches; nil leaves them to the upstream's own limit.
	Budget *Budget
	// Expect guesses, from the cached policy, whether roles would pass a check. A read starts beside its check when it
	// says yes, after it when it says no or is nil; it never decides whether the answer is used.
	Expect func(roles []string, resource, action string) bool
	// Recorder keeps what is done; nil keeps nothing.
	Recorder Recorder
	// Transport carries the requests; nil makes one with bounded, long-lived connections.
	Transport http.RoundTripper
}

// Client talks to one project of the upstream. It is safe for concurrent use.
type Client struct {
	base      string
	basic     string
	http      *http.Client
	timeout   time.Duration
	maxAnswer int64
	budget    *Budget
	expect    func(roles []string, resource, action string) bool
	recorder  Recorder
}

// New returns a client. It makes no call; an error means that an option is missing or malformed.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return nil, errors.New("stytch: the base URL must be a scheme and a host")
	}
	if o.ProjectID == "" || o.Secret == "" || o.Timeout <= 0 || o.MaxAnswer <= 0 {
		return nil, errors.New("stytch: project id, secret, timeout and answer limit are required")
	}
	transport := o.Transport
	if transport == nil {
		transport = &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			// The default of two idle connections a host makes every busy page pay for new handshakes.
			MaxIdleConns:        64,
			MaxIdleConnsPerHost: 64,
			MaxConnsPerHost:     128,
			IdleConnTimeout:     90 * time.Second,
			TLSHandshakeTimeout: 3 * time.Second,
			ForceAttemptHTTP2:   true,
		}
	}
	return &Client{
		base:      strings.TrimSuffix(o.BaseURL, "/"),
		basic:     "Basic " + base64.StdEncoding.EncodeToString([]byte(o.ProjectID+":"+o.Secret.Reveal())),
		timeout:   o.Timeout,
		maxAnswer: o.MaxAnswer,
		budget:    o.Budget,
		expect:    o.Expect,
		recorder:  o.Recorder,
		http: &http.Client{
			Transport: transport,
			// Go would carry the member's token along to the new place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close drops the idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Budget returns the search budget, which is nil where there is none.
func (c *Client) Budget() *Budget { return c.budget }

// Caller says on whose behalf a context calls the upstream.
type Caller struct {
	// RequestID names the console's own request, so that the upstream's log and ours can be laid side by side.
	RequestID string
	// Allowed are the operations that the route names. All others are refused before they are sent.
	Allowed []Operation
	// Actor is who is behind the request, for the record.
	Actor Actor
	// Once spends the form that the request sent, and is asked before each act of somebody's session: it says no (ErrSpent) where
	// another request has spent it. It may be nil.
	Once func(context.Context) error
}

type callerKey struct{}

// WithCaller returns a context that may call the operations of the caller. A context without one may call nothing.
func WithCaller(ctx context.Context, caller Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

func callerOf(ctx context.Context) Caller {
	caller, _ := ctx.Value(callerKey{}).(Caller)
	return caller
}

// admit says whether the operation may go through this door here.
func admit(ctx context.Context, op Operation, door Door) error {
	if op.Row().ID == "" || op.Row().Door != door || !slices.Contains(callerOf(ctx).Allowed, op) {
		return &Fault{Operation: op, Kind: Unreachable, Err: ErrOperation}
	}
	return nil
}
