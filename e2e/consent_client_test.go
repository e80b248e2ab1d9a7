//go:build e2e

package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/playwright-community/playwright-go"
	"golang.org/x/oauth2"

	"console.internal/internal/sandbox"
)

// client is an OAuth client that speaks with the libraries of others: what it makes of the console's answers is not our reading of the
// standards. It stands where its redirect address is: on a port of this machine, or behind an https name that the browser is led to
// believe in.
type client struct {
	s        *session
	config   oauth2.Config
	provider *oidc.Provider
	// home is the origin of its pages, and elsewhere where its callback sends people on to; "" for its own page.
	home, elsewhere string

	mu    sync.Mutex
	asked map[string]asked
	// answers are the queries that came to the callback.
	answers []url.Values
	got     proof
}

// asked is an authorization request that the client has sent somebody off with.
type asked struct{ verifier, nonce string }

// proof is what the client holds of somebody at the end.
type proof struct {
	token   *oauth2.Token
	subject string
	email   string
}

// seedClient is a client of the seed as the sandbox has it.
type seedClient struct {
	ID        string   `json:"client_id"`
	Name      string   `json:"client_name"`
	Type      string   `json:"client_type"`
	Redirects []string `json:"redirect_urls"`
}

// clientCalled makes a client of the seed, by its name.
func (s *session) clientCalled(name string) *client {
	s.t.Helper()
	seed := s.seedClient(name)
	provider, err := oidc.NewProvider(context.Background(), s.app.SandboxURL())
	s.must(err)
	c := &client{s: s, provider: provider, asked: map[string]asked{}}
	c.config = oauth2.Config{ClientID: seed.ID, Endpoint: provider.Endpoint(), RedirectURL: seed.Redirects[0], Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
	if !strings.HasSuffix(seed.Type, "_public") {
		c.config.ClientSecret = sandbox.SeedClientSecret(seed.ID)
	}
	switch redirect, err := url.Parse(seed.Redirects[0]); {
	case err != nil:
		s.t.Fatal(err)
	case redirect.Scheme == "https":
		c.home = "https://" + redirect.Host
		s.pretend(c.home, c)
		// Past a redirect the browser asks the network, where there is no such name.
		c.elsewhere = s.host(c)
	case redirect.Scheme == "http":
		// The port is chosen when the program starts (RFC 8252 section 7.3).
		c.home = s.host(c)
		c.config.RedirectURL = c.home + redirect.Path
	}
	return c
}

// seedClient finds a client of the seed by its name.
func (s *session) seedClient(name string) seedClient {
	s.t.Helper()
	for _, one := range s.seedClients() {
		if one.Name == name {
			return one
		}
	}
	s.t.Fatalf("the seed has no client %q", name)
	return seedClient{}
}

// seedClients are read past the network, so that the count of what browsers call stays true.
func (s *session) seedClients() []seedClient {
	s.t.Helper()
	host := strings.TrimPrefix(s.app.SandboxURL(), "http://")
	seeded, err := sandbox.New(sandbox.Options{Host: host})
	s.must(err)
	r := httptest.NewRequest(http.MethodPost, "/v1/connected_apps/clients/search", strings.NewReader(`{"limit":100}`))
	r.Host = host
	r.SetBasicAuth(seeded.ProjectID(), seeded.Secret())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	seeded.ServeHTTP(w, r)
	var got struct {
		Apps []seedClient `json:"connected_apps"`
	}
	s.must(json.Unmarshal(w.Body.Bytes(), &got))
	return got.Apps
}

// host serves a site on a port of this machine, and lets the browser go there.
func (s *session) host(site http.Handler) string {
	s.t.Helper()
	server := httptest.NewServer(site)
	s.t.Cleanup(server.Close)
	for _, origin := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
		s.must(s.context.Route(origin+"/**", func(route playwright.Route) { _ = route.Continue() }))
	}
	return server.URL
}

// pretend answers for an https origin that there is not.
func (s *session) pretend(origin string, site http.Handler) {
	s.t.Helper()
	s.must(s.context.Route(origin+"/**", func(route playwright.Route) {
		go func() { // it calls the sandbox, which must not hold up the browser
			r := httptest.NewRequest(route.Request().Method(), route.Request().URL(), http.NoBody)
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			headers := map[string]string{}
			for name := range w.Header() {
				headers[name] = w.Header().Get(name)
			}
			if err := route.Fulfill(playwright.RouteFulfillOptions{Status: new(w.Code), Headers: headers, Body: w.Body.Bytes()}); err != nil {
				s.complaints.add("the client could not answer:", err.Error())
			}
		}()
	}))
}

// asks is a new authorization request of the client's; pairs are further parameters, and a value of "" leaves one out.
func (c *client) asks(pairs ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	state, one := rand.Text(), asked{oauth2.GenerateVerifier(), rand.Text()}
	c.asked[state] = one
	address, err := url.Parse(c.config.AuthCodeURL(state, oidc.Nonce(one.nonce), oauth2.S256ChallengeOption(one.verifier)))
	c.s.must(err)
	query := address.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if query.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			query.Del(pairs[i])
		}
	}
	address.RawQuery = query.Encode()
	return address.String()
}

// begins opens the client's own page and follows its link to the console, as everybody comes there.
func (c *client) begins(pairs ...string) {
	c.s.t.Helper()
	c.s.goTo(c.home + "/?" + url.Values{"to": {c.asks(pairs...)}}.Encode())
	c.s.click("Sign in with Stytch")
}

// ServeHTTP is the client's site.
func (c *client) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	redirect, _ := url.Parse(c.config.RedirectURL)
	switch r.URL.Path {
	case redirect.Path:
		c.calledBack(w, r)
	case "/":
		sitePage(w, "A client", `<a href="`+html.EscapeString(r.FormValue("to"))+`">Sign in with Stytch</a>`)
	case "/in":
		sitePage(w, "Hello "+r.FormValue("email"), "")
	case "/out":
		sitePage(w, "Not let in: "+r.FormValue("error"), "")
	default:
		w.WriteHeader(http.StatusNoContent) // the icon that browsers ask for
	}
}

func sitePage(w http.ResponseWriter, heading, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, `<!doctype html><html lang=en><title>Site</title><link rel=icon href="data:,"><h1>`+html.EscapeString(heading)+"</h1>"+body) //nolint:gosec // G705: what came with the request is escaped
}

// calledBack takes the answer, and gets the code out of the address bar as clients do.
func (c *client) calledBack(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.answers = append(c.answers, r.URL.Query())
	c.mu.Unlock()
	to := c.elsewhere
	if to == "" {
		to = c.home
	}
	if code := r.FormValue("error"); code != "" {
		http.Redirect(w, r, to+"/out?"+url.Values{"error": {code}}.Encode(), http.StatusFound)
		return
	}
	got, err := c.exchange(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	c.got = got
	c.mu.Unlock()
	http.Redirect(w, r, to+"/in?"+url.Values{"email": {got.email}}.Encode(), http.StatusFound)
}

var errForeign = errors.New("this answer is to no question of mine")

// exchange is what every client does with a code: nothing of it is known to the console or to the sandbox but through their documents.
func (c *client) exchange(r *http.Request) (proof, error) {
	ctx := context.Background()
	c.mu.Lock()
	one, known := c.asked[r.FormValue("state")]
	delete(c.asked, r.FormValue("state"))
	c.mu.Unlock()
	if !known {
		return proof{}, errForeign
	}
	token, err := c.config.Exchange(ctx, r.FormValue("code"), oauth2.VerifierOption(one.verifier))
	if err != nil {
		return proof{}, fmt.Errorf("exchange: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := c.provider.Verifier(&oidc.Config{ClientID: c.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return proof{}, fmt.Errorf("id_token: %w", err)
	}
	if id.Nonce != one.nonce {
		return proof{}, fmt.Errorf("id_token: %w", errForeign)
	}
	var claims struct {
		Email string `json:"email"`
	}
	if err := id.Claims(&claims); err != nil {
		return proof{}, err
	}
	return proof{token, id.Subject, claims.Email}, nil
}

// holds is what the client has got of somebody.
func (c *client) holds() proof {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got
}

// refresh gets another access token for the one that the client holds.
func (c *client) refresh() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	token, err := c.config.TokenSource(context.Background(), &oauth2.Token{RefreshToken: c.got.token.RefreshToken}).Token()
	if err == nil {
		c.got.token = token
	}
	return err
}

// lastAnswer is the query that came to the callback last; how many came in all is n.
func (c *client) lastAnswer() (answer url.Values, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.answers) == 0 {
		return nil, 0
	}
	return c.answers[len(c.answers)-1], len(c.answers)
}

// seesIn waits until the browser is at the client, past its callback, and let in.
func (c *client) seesIn(email string) {
	c.s.t.Helper()
	c.seesAt("/in", "Hello "+email)
}

// seesOut waits until the browser is at the client, past its callback, with an error.
func (c *client) seesOut(code string) {
	c.s.t.Helper()
	c.seesAt("/out", "Not let in: "+code)
}

func (c *client) seesAt(path, heading string) {
	c.s.t.Helper()
	to := c.elsewhere
	if to == "" {
		to = c.home
	}
	c.s.must(c.s.page.WaitForURL(func(at string) bool { return strings.HasPrefix(at, to+path) }))
	c.s.see("heading", heading)
}

func refreshFails(t *testing.T, c *client) {
	t.Helper()
	err := c.refresh()
	refused := &oauth2.RetrieveError{}
	if !errors.As(err, &refused) || refused.ErrorCode != "invalid_grant" {
		t.Errorf("a refresh is answered with %v, want invalid_grant", err)
	}
}
