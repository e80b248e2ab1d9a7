package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// maxDemoSteps bounds what a result tells.
const maxDemoSteps = 20

// demoResult is what came of one authorization request. The tokens stay here.
type demoResult struct {
	title string

	mu      sync.Mutex
	who     []demoFact
	tokens  demoTokens
	nonce   string
	problem string
	steps   []demoStep // newest first
}

type demoTokens struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	ID        string `json:"id_token"`
	Scope     string `json:"scope"`
	ExpiresIn int64  `json:"expires_in"`
}

// demoStep is one thing that the demo client did, in plain words.
type demoStep struct {
	Says   string
	Failed bool
	Facts  []demoFact
}

type demoFact struct{ Name, Value string }

func (d *demoResult) did(step demoStep) {
	d.steps = slices.Insert(d.steps, 0, step)
	d.steps = d.steps[:min(len(d.steps), maxDemoSteps)]
}

// demoFinish does what a client does with the answer to its request.
func (s *Server) demoFinish(r *http.Request) *demoResult {
	query := r.URL.Query()
	request, known := s.takeDemoRequest(query.Get("state"))
	result := &demoResult{title: request.title, nonce: request.nonce}
	if !known {
		result.title = "Nothing was asked"
		result.problem = "The state is not one that this app is waiting for: it was used already, is older than 15 minutes, or somebody else made it up."
		return result
	}
	for name, values := range query {
		if len(values) > 1 {
			result.problem = fmt.Sprintf("The answer has %q more than once.", name)
			return result
		}
	}
	if issuer := query.Get("iss"); query.Has("iss") && issuer != s.base {
		result.problem = "The answer comes from another issuer than the one that was asked."
		return result
	}
	if refusal := query.Get("error"); refusal != "" {
		result.problem = "The request was refused."
		result.did(demoStep{Says: "The browser came back with an error", Failed: true, Facts: facts(refusal, query.Get("error_description"), "")})
		return result
	}
	tokens, failed := s.demoToken(r.Context(), url.Values{
		"grant_type": {"authorization_code"}, "code": {query.Get("code")}, "redirect_uri": {s.base + demoCallback}, "code_verifier": {request.verifier},
	})
	if failed != nil {
		result.problem = "The code could not be exchanged."
		result.did(demoStep{Says: "The token endpoint refused the code", Failed: true, Facts: failed})
		return result
	}
	result.tokens = tokens
	if result.who, result.problem = s.demoIdentity(tokens.ID, request.nonce); result.problem != "" {
		result.tokens = demoTokens{}
		return result
	}
	result.did(demoStep{Says: "The code was exchanged for tokens"})
	return result
}

// demoIdentity verifies an ID token and gives who signed in. A refreshed one has no nonce.
func (s *Server) demoIdentity(token, nonce string) ([]demoFact, string) {
	if token == "" {
		return nil, ""
	}
	var claims struct {
		Issuer       string             `json:"iss"`
		Audience     []string           `json:"aud"`
		Subject      string             `json:"sub"`
		Expires      int64              `json:"exp"`
		Nonce        string             `json:"nonce"`
		Name         string             `json:"name"`
		Email        string             `json:"email"`
		Phone        string             `json:"phone_number"`
		Organization organizationClaims `json:"https://stytch.com/organization"`
	}
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	switch err := readJWT(token, &claims); {
	case err != nil:
		return nil, "The signature of the ID token is wrong."
	case claims.Issuer != s.base || !slices.Equal(claims.Audience, []string{demoClientID()}):
		return nil, "The ID token is from another issuer or for another app."
	case now.Unix() >= claims.Expires:
		return nil, "The ID token has run out."
	case claims.Nonce != nonce:
		return nil, "The ID token does not belong to this request: its nonce is another one."
	}
	who := []demoFact{
		{"Name", claims.Name},
		{"E-mail address", claims.Email},
		{"Phone number", claims.Phone},
		{"Member", claims.Subject},
		{"Organization", claims.Organization.Slug},
	}
	return slices.DeleteFunc(who, func(f demoFact) bool { return f.Value == "" }), ""
}

func (s *Server) demoRefresh(d *demoResult, r *http.Request) {
	tokens, failed := s.demoToken(r.Context(), url.Values{"grant_type": {"refresh_token"}, "refresh_token": {d.tokens.Refresh}})
	if failed != nil {
		d.did(demoStep{Says: "The refresh was refused", Failed: true, Facts: failed})
		return
	}
	if _, problem := s.demoIdentity(tokens.ID, ""); problem != "" {
		d.did(demoStep{Says: problem, Failed: true})
		return
	}
	d.tokens = tokens
	d.did(demoStep{Says: "There are new tokens; the old refresh token is good no more"})
}

func (s *Server) demoUserinfo(d *demoResult, r *http.Request) {
	status, body := s.demoAsk(r.Context(), http.MethodGet, "userinfo", nil, d.tokens.Access)
	var claims map[string]any
	if err := json.Unmarshal(body, &claims); err != nil || status != http.StatusOK {
		d.did(demoStep{Says: "Userinfo refused the access token", Failed: true, Facts: refusalFacts(body)})
		return
	}
	told := make([]demoFact, 0, len(claims))
	for name, value := range claims {
		if text, isText := value.(string); isText && name != "request_id" && text != "" {
			told = append(told, demoFact{name, text})
		} else if yes, isBool := value.(bool); isBool {
			told = append(told, demoFact{name, map[bool]string{true: "yes", false: "no"}[yes]})
		}
	}
	slices.SortFunc(told, func(a, b demoFact) int { return strings.Compare(a.Name, b.Name) })
	d.did(demoStep{Says: "Userinfo says", Facts: told})
}

func (s *Server) demoRevoke(d *demoResult, r *http.Request) {
	token := d.tokens.Refresh
	if token == "" {
		token = d.tokens.Access
	}
	status, body := s.demoAsk(r.Context(), http.MethodPost, "revoke", url.Values{"token": {token}}, "")
	if status != http.StatusOK {
		d.did(demoStep{Says: "The tokens could not be revoked", Failed: true, Facts: refusalFacts(body)})
		return
	}
	d.did(demoStep{Says: "The tokens were revoked; the app is still let in and can ask for new ones"})
}

// demoToken asks the token endpoint. What failed comes back in plain words.
func (s *Server) demoToken(ctx context.Context, form url.Values) (tokens demoTokens, failed []demoFact) {
	status, body := s.demoAsk(ctx, http.MethodPost, "token", form, "")
	if status != http.StatusOK {
		return tokens, refusalFacts(body)
	}
	if err := json.Unmarshal(body, &tokens); err != nil {
		return tokens, facts("server_error", "The answer cannot be read.", "")
	}
	return tokens, nil
}

// demoAsk sends a request to an endpoint of the project domain, as any client would but for the network.
func (s *Server) demoAsk(ctx context.Context, method, name string, form url.Values, bearer string) (int, []byte) {
	if method == http.MethodPost {
		form.Set("client_id", demoClientID())
	}
	r, err := http.NewRequestWithContext(ctx, method, s.base+"/v1/oauth2/"+name, strings.NewReader(form.Encode()))
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	endpoint, known := s.oidcEndpoint(r.URL.Path)
	if !known {
		return http.StatusNotFound, nil
	}
	answer := s.answerOIDC(r, endpoint)
	return answer.status, answer.body
}

func refusalFacts(body []byte) []demoFact {
	var refusal oauthErrorAnswer
	if err := json.Unmarshal(body, &refusal); err != nil {
		return facts("server_error", "The answer cannot be read.", "")
	}
	_, kind, _ := strings.Cut(refusal.URI, "#")
	return facts(refusal.Code, refusal.Description, kind)
}

func facts(code, description, kind string) []demoFact {
	all := []demoFact{{"Error", code}, {"Description", description}, {"The upstream's name for it", kind}}
	return slices.DeleteFunc(all, func(f demoFact) bool { return f.Value == "" })
}

// demoView is a result as the page shows it.
type demoView struct {
	Title, Problem string
	Who            []demoFact
	Scopes         []string
	Tokens         []demoFact
	CanRefresh     bool
	HasTokens      bool
	Steps          []demoStep
	Action, Back   string
}

func (d *demoResult) view() demoView {
	d.mu.Lock()
	defer d.mu.Unlock()
	view := demoView{
		Title: d.title, Problem: d.problem, Who: d.who, Scopes: strings.Fields(d.tokens.Scope),
		CanRefresh: d.tokens.Refresh != "", HasTokens: d.tokens.Access != "", Steps: slices.Clone(d.steps), Back: demoPage,
	}
	if !view.HasTokens {
		return view
	}
	life := time.Duration(d.tokens.ExpiresIn) * time.Second
	view.Tokens = []demoFact{{"Access token", beginning(d.tokens.Access) + ", good for " + spoken(life)}}
	refresh := demoFact{"Refresh token", "none: it comes with the scope offline_access"}
	if view.CanRefresh {
		refresh.Value = beginning(d.tokens.Refresh) + ", good for " + spoken(refreshTokenLife) + " or one use"
	}
	id := demoFact{"ID token", "none: it comes with the scope openid"}
	if d.tokens.ID != "" {
		id.Value = beginning(d.tokens.ID) + ", good for " + spoken(idTokenLife) + "; signature, issuer, audience, expiry and nonce were checked"
	}
	view.Tokens = append(view.Tokens, refresh, id)
	return view
}

// beginning is as much of a token as is shown.
func beginning(token string) string { return token[:min(6, len(token))] + "…" }

func spoken(d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days > 1 {
		return fmt.Sprintf("%d days", days)
	}
	return fmt.Sprintf("%d minutes", int(d/time.Minute))
}
