package sandbox

import (
	"html/template"
	"io"
	"net/http"
)

// maxOutbox is how many messages are kept.
const maxOutbox = 500

// post "sends" a message; the caller holds the server's lock.
func (c *call) post(message Message) {
	message.SentAt = c.time
	c.outbox = append(c.outbox, message)
	if len(c.outbox) > maxOutbox {
		c.outbox = append([]Message(nil), c.outbox[len(c.outbox)-maxOutbox:]...)
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
{{- range .}}
<article>
<h2>{{.Subject}}</h2>
<p>To <bdi>{{.To}}</bdi>, <time datetime="{{.SentAt.Format "2006-01-02T15:04:05Z07:00"}}">{{.SentAt.Format "2006-01-02 15:04:05"}} UTC</time></p>
{{- if .Link}}
<p><a href="{{.Link}}">Sign in with this link</a></p>
{{- end}}
{{- if .Code}}
<p>Code: <strong>{{.Code}}</strong></p>
{{- end}}
</article>
{{- else}}
<p>Nothing was sent yet. Ask the console for a sign-in link or a code.</p>
{{- end}}
</main>
</body>
</html>
`))

func (s *Server) showOutbox(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := outboxPage.Execute(w, s.Outbox()); err != nil {
		return // the client has gone in the middle of the page
	}
}

// outboxStyle is an address of its own: the page's policy allows no style in the page.
const outboxStyle = `body{margin:0 auto;max-width:40rem;padding:1.5rem 1rem;font:.9375rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.25rem}h2{font-size:1rem;margin:0}p{margin:.25rem 0}
article{margin-top:1rem;padding:.75rem 1rem;border:1px solid GrayText;border-radius:8px}
article:first-of-type{border-width:2px;border-color:currentColor}
strong{font:1.25rem ui-monospace,monospace;letter-spacing:.1em}`

func showOutboxStyle(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = io.WriteString(w, outboxStyle) // the client has gone: there is nobody to tell
}
