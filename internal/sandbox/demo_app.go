package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	demoPage     = "/sandbox/demo-app"
	demoCallback = demoPage + "/callback"
	demoStart    = demoPage + "/start/"
	demoResults  = demoPage + "/result/"

	demoPendingLife = 15 * time.Minute
	demoResultLife  = time.Hour
	maxDemoPending  = 200
	maxDemoResults  = 100
)

// demoApp is the memory of the demo client: what it has asked for and what came of it. The server's lock guards it.
type demoApp struct {
	pending bounded[demoRequest]
	results bounded[*demoResult]
}

func newDemoApp() demoApp {
	return demoApp{newBounded[demoRequest](maxDemoPending, demoPendingLife), newBounded[*demoResult](maxDemoResults, demoResultLife)}
}

// bounded keeps the newest values, each for a while.
type bounded[T any] struct {
	most   int
	life   time.Duration
	order  []string
	values map[string]kept[T]
}

type kept[T any] struct {
	value   T
	expires time.Time
}

func newBounded[T any](most int, life time.Duration) bounded[T] {
	return bounded[T]{most: most, life: life, values: map[string]kept[T]{}}
}

// add keeps a value under a key of its own, which nobody can guess.
func (b *bounded[T]) add(value T, now time.Time) string {
	key := newToken()
	if len(b.order) == b.most {
		b.drop(b.order[0])
	}
	b.order = append(b.order, key)
	b.values[key] = kept[T]{value, now.Add(b.life)}
	return key
}

// get gives a value that is still kept, else the zero value.
func (b *bounded[T]) get(key string, now time.Time) (value T, known bool) {
	if found := b.values[key]; now.Before(found.expires) {
		return found.value, true
	}
	return value, false
}

func (b *bounded[T]) drop(key string) {
	delete(b.values, key)
	b.order = slices.DeleteFunc(b.order, func(other string) bool { return other == key })
}

// demoCase is one way for an app to ask.
type demoCase struct {
	Name, Title, Says string
	scope             string
	further           []string // name, value pairs that replace what a plain request has
}

// demoCases are what the page offers.
func (s *Server) demoCases() []demoCase {
	return []demoCase{
		{"sign-in", "Sign in", "Asks who somebody is: name and e-mail address.", "openid email profile", nil},
		{"phone", "Sign in with a phone number", "Asks for the phone number as well.", "openid email profile phone", nil},
		{"offline", "Stay signed in", "Asks for a refresh token too, which is good while nobody is there.", "openid email offline_access", nil},
		{"custom", "Read documents", "Asks for a scope of the project's own policy.", "openid read:documents", nil},
		{"prompt-consent", "Ask again", "Wants to be agreed to once more, whatever was agreed to before.", "openid email", []string{"prompt", "consent"}},
		{"prompt-login", "Sign in afresh", "Wants a fresh sign-in first.", "openid email", []string{"prompt", "login"}},
		{"prompt-none", "Without any page", "Takes an answer only if nobody has to be asked.", "openid email", []string{"prompt", "none"}},
		{"full-access", "Full access", "Asks for what a third party never gets. It is refused.", "openid full_access", nil},
		{"other-redirect", "Another redirect", "Wants the answer sent to an address that is not registered. It is refused, and nothing is sent there.", "openid", []string{"redirect_uri", s.base + demoPage + "/elsewhere"}},
		{"unknown-client", "Unknown client", "Gives the name of a client that there is not. It is refused.", "openid", []string{"client_id", seedID("connected-app", "nobody")}},
	}
}

// demoRequest is an authorization request that the demo client has sent somebody off with.
type demoRequest struct{ title, verifier, nonce string }

func demoClientID() string { return seedID("connected-app", "demo") }

// demoAuthorization makes an authorization request, and gives the address that a browser is to go to.
func (s *Server) demoAuthorization(name string) (string, bool) {
	cases := s.demoCases()
	i := slices.IndexFunc(cases, func(c demoCase) bool { return c.Name == name })
	target, err := url.Parse(s.options.AuthorizationURL)
	if i < 0 || err != nil || target.Host == "" {
		return "", false
	}
	request := demoRequest{cases[i].Title, newToken(), newToken()}
	s.mu.Lock()
	state := s.demo.pending.add(request, s.now())
	s.mu.Unlock()
	challenge := sha256.Sum256([]byte(request.verifier))
	pairs := append([]string{
		"response_type", "code", "client_id", demoClientID(), "redirect_uri", s.base + demoCallback, "scope", cases[i].scope,
		"state", state, "nonce", request.nonce,
		"code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]), "code_challenge_method", "S256",
	}, cases[i].further...)
	return withQuery(target, pairs...), true
}

// takeDemoRequest finds the request that an answer belongs to. A state is good once.
func (s *Server) takeDemoRequest(state string) (demoRequest, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, known := s.demo.pending.get(state, s.now())
	s.demo.pending.drop(state)
	return found, known
}

// showDemo answers a GET below the demo client's page.
func (s *Server) showDemo(w http.ResponseWriter, r *http.Request) {
	name, starts := strings.CutPrefix(r.URL.Path, demoStart)
	id, shows := strings.CutPrefix(r.URL.Path, demoResults)
	switch {
	case r.URL.Path == demoPage:
		s.showDemoPage(w)
	case r.URL.Path == demoPage+".css":
		showStyle(w, demoStyle)
	case shows:
		s.showDemoResult(w, r, id)
	case r.Method != http.MethodGet:
		// What follows is good once, and asking for the headers must not use it up.
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
	case starts:
		target, found := s.demoAuthorization(name)
		if !found {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, target, http.StatusSeeOther)
	case r.URL.Path == demoCallback:
		s.demoCalledBack(w, r)
	default:
		http.NotFound(w, r)
	}
}

// demoCalledBack takes the answer to an authorization request. The code leaves the address bar at once.
func (s *Server) demoCalledBack(w http.ResponseWriter, r *http.Request) {
	result := s.demoFinish(r)
	s.mu.Lock()
	id := s.demo.results.add(result, s.now())
	s.mu.Unlock()
	http.Redirect(w, r, demoResults+id, http.StatusSeeOther) //nolint:gosec // it leads to a page of this server
}

// demoResult finds what came of a request; nil when it is gone.
func (s *Server) demoResult(id string) *demoResult {
	s.mu.Lock()
	defer s.mu.Unlock()
	result, _ := s.demo.results.get(id, s.now())
	return result
}

// demoAct does what a button of a result says. A page of another site could post this too, but does not know the id.
func (s *Server) demoAct(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, demoResults)
	result := s.demoResult(id)
	if result == nil {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	act := map[string]func(*demoResult, *http.Request){"refresh": s.demoRefresh, "userinfo": s.demoUserinfo, "revoke": s.demoRevoke}[r.PostFormValue("act")]
	if act == nil {
		http.Error(w, "There is no such button.", http.StatusBadRequest)
		return
	}
	result.mu.Lock()
	act(result, r)
	result.mu.Unlock()
	http.Redirect(w, r, demoResults+id, http.StatusSeeOther) //nolint:gosec // it leads to a page of this server that is there
}
