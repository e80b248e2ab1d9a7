package handlers

import (
	"net/url"
	"testing"
)

// TestMayLeaveTo is the table of where the console leads to.
func TestMayLeaveTo(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://client.example/callback?x=1": true,
		"HTTPS://client.example":              true,
		"https://client.example:8443/":        true,
		"http://localhost:3000/":              true,
		"http://127.0.0.1/":                   true,
		"http://127.8.8.8:1/":                 true,
		"http://[::1]:3000/":                  true,
		"com.example.app:/callback":           true,
		"com.example.app://callback":          true,
		"http://client.example/":              false,
		"http://127.0.0.1.evil.example/":      false,
		"http://localhost.evil.example/":      false,
		"http://10.0.0.1/":                    false,
		"http://0.0.0.0/":                     false,
		"https://":                            false,
		"https:///path":                       false,
		"https://user@client.example/":        false,
		"http://user:password@localhost/":     false,
		"//client.example/":                   false,
		"/callback":                           false,
		"":                                    false,
		"client.example":                      false,
		"javascript:alert(1)":                 false,
		"JavaScript:alert(1)":                 false,
		"data:text/html,<script>":             false,
		"vbscript:x":                          false,
		"blob:https://client.example/1":       false,
		"file:///etc/passwd":                  false,
		"about:blank":                         false,
		"ftp://client.example/":               false,
		"intent://x#Intent;end":               false,
		"app:/callback":                       false,
		"filesystem:https://client.example/x": false,
		"view-source:https://client.example/": false,
	} {
		u, err := url.Parse(address)
		if got := err == nil && mayLeaveTo(u); got != want {
			t.Errorf("%q: %t, want %t", address, got, want)
		}
	}
}
