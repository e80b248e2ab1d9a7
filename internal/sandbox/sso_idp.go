package sandbox

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
)

const ssoPage = idpPrefix + "sso"

// ssoView is what the stand-in identity provider shows.
type ssoView struct {
	Connection, Organization, State, Action string
	Groups                                  bool // whether the connection is told of groups
	People                                  []ssoAccount
	Known                                   []string // groups that the connection gives roles to
}

type ssoAccount struct{ Email, Name, Groups string }

// ssoIdPPage stands in for every identity provider. It is plain HTML with no script, like the outbox. Its forms post what a browser
// would carry from an identity provider to the callback.
var ssoIdPPage = template.Must(template.New("sso").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Identity provider (sandbox)</title>
<link rel="stylesheet" href="/sandbox/idp.css">
</head>
<body>
<main>
<h1>Identity provider</h1>
<p>The sandbox stands in for the identity provider behind <bdi>{{or .Connection "a connection"}}</bdi>. Choose who signs in to <bdi>{{.Organization}}</bdi>.</p>
{{- if .Groups}}
<p>Groups are names with commas between them.{{with .Known}} Roles are given to {{range $i, $name := .}}{{if $i}}, {{end}}<bdi>{{$name}}</bdi>{{end}}.{{end}}</p>
{{- end}}
<h2>Somebody else</h2>
<form method="post" action="{{.Action}}">
<input type="hidden" name="RelayState" value="{{.State}}">
<p><label for="email">E-mail address</label></p>
<p><input id="email" name="email" type="email" autocomplete="off" required></p>
<p><label for="name">Name</label></p>
<p><input id="name" name="name" autocomplete="off"></p>
{{- if .Groups}}
<p><label for="groups">Groups</label></p>
<p><input id="groups" name="groups" autocomplete="off"></p>
{{- end}}
<p><button>Sign in</button></p>
</form>
{{- if .People}}
<h2>Somebody known here</h2>
{{- range $i, $one := .People}}
<form method="post" action="{{$.Action}}">
<input type="hidden" name="RelayState" value="{{$.State}}">
<input type="hidden" name="email" value="{{.Email}}">
<input type="hidden" name="name" value="{{.Name}}">
{{- if $.Groups}}
<p><label for="groups-{{$i}}">Groups of <bdi>{{.Email}}</bdi></label></p>
<p><input id="groups-{{$i}}" name="groups" value="{{.Groups}}" autocomplete="off"></p>
{{- end}}
<p><button><bdi>{{.Email}}</bdi></button></p>
</form>
{{- end}}
{{- end}}
</main>
</body>
</html>
`))

// showIdP is the identity provider's page. Its policy lets the forms lead to the callback and to where that answers, and nowhere else.
func (s *Server) showIdP(w http.ResponseWriter, r *http.Request) {
	view, back, err := s.ssoView(r.URL.Query().Get("state"))
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.message, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Security-Policy", controlPolicy+"; form-action 'self' "+back)
	showPage(w, ssoIdPPage, view)
}

// ssoView gathers who may sign in, those first who did before, and the origins that the flow leads back to.
func (s *Server) ssoView(state string) (view ssoView, back string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flow, err := s.ssoFlow(state)
	if err != nil {
		return view, "", err
	}
	found, err := s.openConnection(flow.tenant, flow.connection)
	if err != nil {
		return view, "", err
	}
	view = ssoView{
		Connection: found.name, Organization: flow.tenant.OrganizationName, State: state, Action: callbackPrefix + found.id,
		Groups: found.mapping["groups"] != "",
	}
	for _, role := range found.groups {
		if !slices.Contains(view.Known, role.Group) {
			view.Known = append(view.Known, role.Group)
		}
	}
	var others []ssoAccount
	for _, m := range flow.tenant.live {
		account := ssoAccount{Email: m.EmailAddress, Name: m.Name}
		if registration := m.connectionRegistration(found.id); registration != nil {
			account.Groups = strings.Join(registration.SSOAttributes[found.mapping["groups"]], ", ")
			view.People = append(view.People, account)
		} else {
			others = append(others, account)
		}
	}
	view.People = append(view.People, others...)
	view.People = view.People[:min(len(view.People), maxAccounts)]
	return view, origin(flow.login) + " " + origin(flow.signup), nil
}
