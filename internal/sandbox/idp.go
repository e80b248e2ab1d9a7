package sandbox

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
)

const (
	oauthPage    = "/sandbox/idp/oauth"
	maxAccounts  = 20
	maxFormBytes = 4 << 10
)

// idpView is what the stand-in provider shows.
type idpView struct {
	Provider, Organization, State string
	Verifies                      bool
	Accounts                      []string
}

// idpPage stands in for every provider. It is plain HTML with no script, like the outbox.
var idpPage = template.Must(template.New("idp").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Provider}} (sandbox)</title>
<link rel="stylesheet" href="/sandbox/idp.css">
</head>
<body>
<main>
<h1>{{.Provider}}</h1>
<p>The sandbox stands in for {{.Provider}}. Choose who signs in{{with .Organization}} to <bdi>{{.}}</bdi>{{end}}.</p>
{{- if not .Verifies}}
<p>{{.Provider}} lets people claim an address that is not theirs.</p>
{{- end}}
<form method="post" action="` + oauthPage + `">
<input type="hidden" name="state" value="{{.State}}">
{{- range .Accounts}}
<p><button name="email" value="{{.}}"><bdi>{{.}}</bdi></button></p>
{{- end}}
</form>
<form method="post" action="` + oauthPage + `">
<input type="hidden" name="state" value="{{.State}}">
<p><label for="email">Another e-mail address</label></p>
<p><input id="email" name="email" type="email" autocomplete="off" required> <button>Sign in</button></p>
</form>
</main>
</body>
</html>
`))

const idpStyle = `body{margin:0 auto;max-width:24rem;padding:1.5rem 1rem;font:.9375rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.25rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}p{margin:.5rem 0}
button,input{box-sizing:border-box;width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit;border:1px solid GrayText;border-radius:8px}`

// showAccounts is the provider's page. Its policy lets the form lead to where the flow's answer is sent, and nowhere else.
func (s *Server) showAccounts(w http.ResponseWriter, r *http.Request) {
	view, back, err := s.idpView(r.URL.Query().Get("state"))
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.message, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Security-Policy", controlPolicy+"; form-action 'self' "+back)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = idpPage.Execute(w, view) // fails only when the client has gone in the middle of the page
}

// idpView gathers who has an account, and the origins that the flow leads back to.
func (s *Server) idpView(state string) (view idpView, back string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flow, err := s.oauthFlow(state)
	if err != nil {
		return view, "", err
	}
	view = idpView{Provider: flow.provider.kind, State: state, Verifies: flow.provider.verifies, Accounts: []string{ada, sam}}
	tenants := s.store.tenants
	back = origin(flow.login)
	if flow.tenant != nil {
		tenants, view.Organization = []*tenant{flow.tenant}, flow.tenant.OrganizationName
		back += " " + origin(flow.signup)
	}
	for _, t := range tenants {
		for _, m := range t.live {
			has := slices.ContainsFunc(m.OAuthRegistrations, func(r oauthRegistration) bool { return r.ProviderType == flow.provider.kind })
			if has && len(view.Accounts) < maxAccounts && !slices.Contains(view.Accounts, m.EmailAddress) {
				view.Accounts = append(view.Accounts, m.EmailAddress)
			}
		}
	}
	return view, back, nil
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// choose takes the provider's form. A page of another site could post one too, but does not know the state.
func (s *Server) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	back, err := s.chooseAccount(r.PostFormValue("state"), r.PostFormValue("email"))
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.message, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // it leads to a redirect URL that was compared when the flow began
}
