package sandbox

import (
	"html/template"
	"io"
	"net/http"
)

// maxOutbox is how many messages are kept.
const maxOutbox = 500

// post "sends" a message; the caller holds the server's lock.
func (s *Server) post(message Message) {
	message.SentAt = s.now()
	s.outbox = append(s.outbox, message)
	if len(s.outbox) > maxOutbox {
		s.outbox = append([]Message(nil), s.outbox[len(s.outbox)-maxOutbox:]...)
	}
}

// outboxPage is plain HTML with no script: the policy of the page allows a style sheet of its own and nothing else.
var outboxPage = template.Must(template.New("outbox").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sandbox outbox</title>
<link rel="stylesheet" href="/sandbox/outbox.css">
</head>
<body>
<main>
<h1>Sandbox outbox</h1>
<p>E-mails and texts that the sandbox "sent", newest first. Reload the page for new ones.</p>
<p>Seeded members who have a password have this one: <code>` + SeedPassword + `</code></p>
{{- range .Messages}}
<article>
<h2>{{.Subject}}</h2>
<p>To <bdi>{{.To}}</bdi>, <time datetime="{{.SentAt.Format "2006-01-02T15:04:05Z07:00"}}">{{.SentAt.Format "2006-01-02 15:04:05"}} UTC</time></p>
{{- if .Link}}
<p><a href="{{.Link}}">{{if eq .Kind "invite"}}Accept the invitation{{else if eq .Kind "password_reset"}}Choose a new password{{else}}Sign in with this link{{end}}</a></p>
{{- end}}
{{- if .Code}}
<p>Code: <strong>{{.Code}}</strong></p>
{{- end}}
</article>
{{- else}}
<p>Nothing was sent yet. Ask the console for a sign-in link or a code.</p>
{{- end}}
{{- with .Authenticators}}
<section>
<h2 id="apps">Authenticator apps</h2>
<p>What the members' authenticator apps show now. A code works once; the next one works already.</p>
<table aria-labelledby="apps">
<thead><tr><th scope="col">Member</th><th scope="col">Code</th><th scope="col">Next code</th><th scope="col">Secret and recovery codes</th></tr></thead>
<tbody>
{{- range .}}
<tr>
<th scope="row"><bdi>{{.Email}}</bdi> in {{.Organization}}{{if .Pending}}, waiting for its first code{{end}}</th>
<td><strong>{{.Code}}</strong></td>
<td>{{.NextCode}}</td>
<td><details><summary>Show</summary><p>{{.Secret}}</p>{{range .RecoveryCodes}}<p>{{.}}</p>{{end}}</details></td>
</tr>
{{- end}}
</tbody>
</table>
</section>
{{- end}}
</main>
</body>
</html>
`))

func (s *Server) showOutbox(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page := struct {
		Messages       []Message
		Authenticators []Authenticator
	}{s.Outbox(), s.authenticators()}
	if err := outboxPage.Execute(w, page); err != nil {
		return // the client has gone in the middle of the page
	}
}

// outboxStyle is an address of its own: the page's policy allows no style in the page.
const outboxStyle = `body{margin:0 auto;max-width:40rem;padding:1.5rem 1rem;font:.9375rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.25rem}h2{font-size:1rem;margin:0}p{margin:.25rem 0}
article{margin-top:1rem;padding:.75rem 1rem;border:1px solid GrayText;border-radius:8px}
article:first-of-type{border-width:2px;border-color:currentColor}
section{margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{padding:.375rem .5rem;text-align:start;vertical-align:top;border-top:1px solid GrayText}
tbody th{font-weight:400}
strong{font:1.25rem ui-monospace,monospace;letter-spacing:.1em}`

func showStyle(w http.ResponseWriter, style string) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = io.WriteString(w, style) // the client has gone: there is nobody to tell
}
