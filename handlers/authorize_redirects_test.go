package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"console.internal/internal/paths"
)

// hostileRedirects are addresses that no answer may go to.
var hostileRedirects = []string{
	"//evil.example/callback", "///evil.example", `\\evil.example`, `/\evil.example`, `https:\\evil.example`, `https://ledgerly.example\@evil.example/callback`,
	"https:evil.example", "https:/evil.example", "https:///evil.example", "https://", "https://ledgerly.example@evil.example/callback", "https://ledgerly.example:x@evil.example/callback",
	"https://user@ledgerly.example/callback", "https://ledgerly.example/callback#", "https://ledgerly.example/callback#frag", "https://ledgerly.example/callback%23",
	"https://ledgerly.example.evil.example/callback", "https://evil.example/https://ledgerly.example/callback", "https://ledgerly.example:8443/callback",
	"https://ledg\u0435rly.example/callback", "https://xn--ldgrly-7of.example/callback", "https://LEDGERLY.example/callback", "HTTPS://ledgerly.example/callback",
	"https://ledgerly.example/callback/", "https://ledgerly.example/callback/../evil", "https://ledgerly.example/x/../callback", "https://ledgerly.example/%2e%2e/callback",
	"https://ledgerly.example/callback;x=1", "https://ledgerly.example/..;/callback", "https://ledgerly.example/callback?", "https://ledgerly.example/callback?x=1",
	"https://ledgerly.example/Callback", "https://ledgerly.example./callback", "https://ledgerly.example", "http://ledgerly.example/callback",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "javascript://ledgerly.example/%0aalert(1)",
	"data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "blob:https://ledgerly.example/1", "file:///etc/passwd", "about:blank",
	"view-source:https://ledgerly.example/callback", "filesystem:https://ledgerly.example/x", "ftp://ledgerly.example/callback", "app:/callback", "intent://x#Intent;end", "ledgerly:/callback",
	"com.example.ledgerly:/callback", "com.example.notes:/oauth", "http://127.0.0.1/callback", "http://127.0.0.1:1/callback", "http://localhost/callback", "http://[::1]/callback",
	"http://127.0.0.1.evil.example/callback", "http://localhost.evil.example/callback", "http://0.0.0.0/callback", "http://127.1/callback", "http://2130706433/callback",
	"https://ledgerly.example/callback\r\nSet-Cookie: x=1", "https://ledgerly.example/callback%0d%0aLocation:%20https://evil.example", "https://ledgerly.example/call\x00back",
	"https://ledgerly.example/callback\u2028", "https://ledgerly.example/callback\" onload=x", "https://ledgerly.example/callback'><script>", "https://[::1", "https://ledgerly.example:99999999/callback",
	"/callback", "callback", "?", "*", "https://*.example/callback", "urn:ietf:wg:oauth:2.0:oob", "null", "undefined",
}

// TestForeignRedirectsAreNeverFollowed sends requests, good ones and ones that end in an error, to every address of the corpus: signed out
// and in, nothing leads there, by itself or by a link, and the upstream is asked for no code.
func TestForeignRedirectsAreNeverFollowed(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	n := 0
	in := f.signIn(ada, "support-desk")
	for name, b := range map[string]*browser{"signed out": f.browser(), "signed in": in} {
		for _, redirect := range hostileRedirects {
			for _, client := range []string{clientLedgerly, clientWarehouse} {
				for _, trouble := range [][]string{nil, {"prompt", "none"}, {"response_type", "token"}, {"request_uri", "https://x.example/"}} {
					n++
					q := request(client, trouble...)
					q.Set("redirect_uri", redirect)
					a := b.clone().get(paths.Authorize + "?" + q.Encode())
					if a.status < 400 || a.goesTo() != "" {
						t.Errorf("%s, %s for %s %v: status %d, goes to %q", name, redirect, client, trouble, a.status, a.goesTo())
					}
					for _, link := range a.doc().Find("[href], [src], [action]").EachIter() {
						for _, attr := range []string{"href", "src", "action"} {
							if v, has := link.Attr(attr); has && !paths.Local(v) && !strings.HasPrefix(v, "#") && v != "" {
								t.Errorf("%s: the page has the address %q", redirect, v)
							}
						}
					}
					for _, c := range a.header.Values("Set-Cookie") {
						if strings.HasPrefix(c, "x=") {
							t.Errorf("%q sets a cookie", redirect)
						}
					}
				}
			}
		}
	}
	if made := len(f.decisions()); made != 0 {
		t.Errorf("%d decisions", made)
	}
	t.Logf("%d requests to %d addresses", n, len(hostileRedirects))
}

// TestLoopbackRedirects: a program on the person's machine chooses its port, and nothing else of its address.
func TestLoopbackRedirects(t *testing.T) {
	t.Parallel()
	f := newAsking(t)
	b := f.signIn(ada, "support-desk")
	for redirect, good := range map[string]bool{
		"http://127.0.0.1/callback": true, "http://127.0.0.1:1/callback": true, "http://127.0.0.1:65535/callback": true,
		"http://127.0.0.1:49152/other": false, "http://127.0.0.2:49152/callback": false, "http://[::1]:49152/callback": false, "http://localhost:49152/callback": false,
		"https://127.0.0.1:49152/callback": false, "http://127.0.0.1:49152/callback?x=1": false, "http://127.0.0.1:49152/callback/": false, "com.example.app:/callback": false,
	} {
		q := request(clientNotebook)
		q.Set("redirect_uri", redirect)
		address := paths.Authorize + "?" + q.Encode()
		a := b.get(address)
		if out := f.browser().get(address); (out.status == http.StatusSeeOther) != good {
			t.Errorf("%s signed out: status %d", redirect, out.status)
		}
		if (a.status == http.StatusOK) != good {
			t.Errorf("%s: status %d, want good %t", redirect, a.status, good)
			continue
		}
		if good {
			a.says("A program on this computer")
			q := b.allow(address, formFields(a.formTo(paths.Authorize))).tells(redirect)
			if q.Get("code") == "" {
				t.Errorf("%s: the program is told %v", redirect, q)
			}
		}
	}
}
