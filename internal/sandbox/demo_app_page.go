package sandbox

import (
	"html/template"
	"net/http"
)

// demoHead begins a page of the demo client. They are plain HTML with no script, like the outbox.
const demoHead = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Title}} (demo app)</title>
<link rel="stylesheet" href="` + demoPage + `.css">
</head>
<body>
<main>
<h1>{{.Title}}</h1>
`

var demoIndex = template.Must(template.New("demo").Parse(demoHead + `<p>This page stands in for an application of somebody else that lets people sign in through this project: an OAuth client, a
"Connected App". Each link sends you to the authorization endpoint as such an app would, with PKCE, state and nonce. You come back here with
what you have agreed to. Nothing in it is real.</p>
{{- if .Cases}}
<ul>
{{- range .Cases}}
<li><a href="` + demoStart + `{{.Name}}">{{.Title}}</a><p>{{.Says}}</p></li>
{{- end}}
</ul>
<p>Not signed in yet? You are asked to on the way; the link or code arrives in the <a href="/sandbox/outbox">outbox</a>.</p>
{{- else}}
<p role="alert">No console is attached to this sandbox, so there is nobody to ask. Start the console with its embedded sandbox.</p>
{{- end}}
</main>
</body>
</html>
`))

var demoResultPage = template.Must(template.New("result").Parse(demoHead + `{{- with .Problem}}
<p role="alert"><strong>It did not work.</strong> {{.}}</p>
{{- end}}
{{- define "facts"}}
<dl>
{{- range .}}
<dt>{{.Name}}</dt><dd><bdi>{{.Value}}</bdi></dd>
{{- end}}
</dl>
{{- end}}
{{- with .Who}}
<section aria-labelledby="who">
<h2 id="who">Who signed in</h2>
{{- template "facts" .}}
</section>
{{- end}}
{{- if .HasTokens}}
<section aria-labelledby="may">
<h2 id="may">What the app may do</h2>
<ul>
{{- range .Scopes}}
<li><code>{{.}}</code></li>
{{- else}}
<li>Nothing</li>
{{- end}}
</ul>
</section>
<section aria-labelledby="tokens">
<h2 id="tokens">Tokens</h2>
{{- template "facts" .Tokens}}
<form method="post" action="{{.Action}}">
{{- if .CanRefresh}}
<button name="act" value="refresh">Refresh</button>
{{- end}}
<button name="act" value="userinfo">Ask userinfo</button>
<button name="act" value="revoke">Revoke</button>
</form>
</section>
{{- end}}
{{- if .Steps}}
<section aria-labelledby="steps">
<h2 id="steps">What happened, newest first</h2>
<ol>
{{- range .Steps}}
<li><p>{{if .Failed}}<strong>Refused:</strong> {{end}}{{.Says}}</p>
{{- if .Facts}}{{template "facts" .Facts}}{{end}}</li>
{{- end}}
</ol>
</section>
{{- end}}
<p><a href="{{.Back}}">Ask for something else</a></p>
</main>
</body>
</html>
`))

const demoStyle = `body{margin:0 auto;max-width:40rem;padding:1.5rem 1rem;font:.9375rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.25rem}h2{font-size:1rem;margin:1.5rem 0 .25rem}p{margin:.25rem 0}
ul,ol{padding-inline-start:1.25rem}li{margin:.5rem 0}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1rem;margin:.25rem 0}dd{margin:0}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.75rem}
button{min-height:2.75rem;padding:.5rem .75rem;font:inherit;border:1px solid GrayText;border-radius:8px}
[role=alert]{padding:.75rem 1rem;border:2px solid currentColor;border-radius:8px}`

func (s *Server) showDemoPage(w http.ResponseWriter) {
	page := struct {
		Title string
		Cases []demoCase
	}{Title: "Demo app"}
	if s.options.AuthorizationURL != "" {
		page.Cases = s.demoCases()
	}
	showPage(w, demoIndex, page)
}

// showDemoResult is the one page of the demo client with a form, which leads back to it.
func (s *Server) showDemoResult(w http.ResponseWriter, r *http.Request, id string) {
	result := s.demoResult(id)
	if result == nil {
		http.NotFound(w, r)
		return
	}
	view := result.view()
	view.Action = demoResults + id
	w.Header().Set("Content-Security-Policy", controlPolicy+"; form-action 'self'")
	showPage(w, demoResultPage, view)
}

func showPage(w http.ResponseWriter, page *template.Template, view any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, view) // fails only when the client has gone in the middle of the page
}
