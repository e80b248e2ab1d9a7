package handlers

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestParseAuthorization is the table of what a request is read as; the refusals are in TestErrorsOfRequests.
func TestParseAuthorization(t *testing.T) {
	t.Parallel()
	const base = "client_id=c&redirect_uri=https%3A%2F%2Fa.example%2Fcb"
	for query, want := range map[string]string{
		"":                     "[openid email profile] state= nonce= challenge= resources=[] prompts=[] age=-1ns locales=[]",
		"&scope=a+b++a%20c":    "[a b c] state= nonce= challenge= resources=[] prompts=[] age=-1ns locales=[]",
		"&state=s%26x&nonce=n": "[openid email profile] state=s&x nonce=n challenge= resources=[] prompts=[] age=-1ns locales=[]",
		"&resource=urn:a&resource=https://b&resource=urn:a":                         "[openid email profile] state= nonce= challenge= resources=[urn:a https://b] prompts=[] age=-1ns locales=[]",
		"&prompt=login+consent&max_age=0":                                           "[openid email profile] state= nonce= challenge= resources=[] prompts=[login consent] age=0s locales=[]",
		"&max_age=86400&ui_locales=pt-BR+en":                                        "[openid email profile] state= nonce= challenge= resources=[] prompts=[] age=24h0m0s locales=[pt-BR en]",
		"&response_type=code&response_mode=query&request=&request_uri=&foo=1&foo=2": "[openid email profile] state= nonce= challenge= resources=[] prompts=[] age=-1ns locales=[]",
	} {
		r, err := parseAuthorization(base + query)
		got := fmt.Sprintf("%v state=%s nonce=%s challenge=%s resources=%v prompts=%v age=%v locales=%v", r.scopes, r.state, r.nonce, r.challenge, r.resources, r.prompts, r.maxAge, r.locales)
		if err != nil || got != want || r.clientID != "c" || r.redirectURI != "https://a.example/cb" {
			t.Errorf("%s: %s, %v", query, got, err)
		}
	}
}

// FuzzParseAuthorization: whatever comes is refused or read, nothing is led to that must not be, and what goes back is one address.
func FuzzParseAuthorization(f *testing.F) {
	for _, seed := range []string{"client_id=c&redirect_uri=https://a.example/cb&state=x", "client_id=c&redirect_uri=com.a:/b&prompt=none", "a;b", "%zz", "client_id=c&redirect_uri=javascript:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r, err := parseAuthorization(query)
		refused, ok := errors.AsType[*requestError](err)
		if err != nil && !ok {
			t.Fatalf("%v", err)
		}
		if ok && refused.code == "" {
			return
		}
		u, err := url.Parse(r.redirectURI)
		if err != nil || !mayLeaveTo(u) || u.Fragment != "" || r.clientID == "" {
			t.Errorf("%q may be sent back to", r.redirectURI)
		}
		to := errorAddress(r.redirectURI, "e", "w", r.state, "https://i.example/?a")
		back, err := url.Parse(to)
		if err != nil || !strings.HasPrefix(to, r.redirectURI) || back.Host != u.Host || back.Scheme != u.Scheme || back.Fragment != "" || back.Query().Get("error") == "" {
			t.Errorf("%q becomes %q", r.redirectURI, to)
		}
	})
}

func TestErrorAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://a.example/cb":       "https://a.example/cb?error=e&error_description=w&state=s",
		"https://a.example/cb?z=1&a": "https://a.example/cb?z=1&a&error=e&error_description=w&state=s",
		"https://a.example/cb?":      "https://a.example/cb?&error=e&error_description=w&state=s",
		"com.a.app:/cb":              "com.a.app:/cb?error=e&error_description=w&state=s",
		"http://[::1]:1/":            "http://[::1]:1/?error=e&error_description=w&state=s",
	} {
		if got := errorAddress(address, "e", "w", "s", ""); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
	if got := errorAddress("https://a.example/", "e", "", "", "https://i/?x&y#z"); got != "https://a.example/?error=e&iss=https%3A%2F%2Fi%2F%3Fx%26y%23z" {
		t.Error(got)
	}
}

// TestIsRegistered: letter for letter, but for the port of a loopback address by number (rule redirect-url-match).
func TestIsRegistered(t *testing.T) {
	t.Parallel()
	registered := []string{"https://a.example/cb", "http://127.0.0.1/cb", "http://[::1]:8080/cb?x=1", "http://localhost:3000/cb", "com.a.app:/cb"}
	for address, want := range map[string]bool{
		"https://a.example/cb": true, "http://127.0.0.1/cb": true, "http://127.0.0.1:9/cb": true, "http://[::1]/cb?x=1": true, "http://localhost:3000/cb": true, "com.a.app:/cb": true,
		"https://a.example/cb/": false, "https://a.example:443/cb": false, "https://A.example/cb": false, "https://a.example/cb?": false, "http://127.0.0.1/cb?": false,
		"http://127.0.0.1/Cb": false, "http://127.0.0.2/cb": false, "http://[::1]/cb": false, "http://localhost/cb": false, "https://127.0.0.1/cb": false,
		"http://127.0.0.1@evil.example/cb": false, "http://127.0.0.1:9/%63b": false, "com.a.app:/cb?x": false, "com.b.app:/cb": false, "": false,
	} {
		u, err := url.Parse(address)
		got := isRegistered(registered, address)
		if want && (err != nil || !mayLeaveTo(u)) {
			t.Errorf("%s: the table is wrong", address)
		}
		// A question mark with nothing behind is another address to the client.
		if got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	if isRegistered(nil, "https://a.example/cb") {
		t.Error("nothing is registered, and something is")
	}
}

// TestSameAddress is the guard on the upstream's answer.
func TestSameAddress(t *testing.T) {
	t.Parallel()
	for answered, want := range map[string]bool{
		"https://a.example/cb?x=1&code=c": true, "https://a.example/cb?x=1": true,
		"https://a.example/cb?code=c": false, "https://a.example/cb": false, "https://b.example/cb?x=1&code=c": false, "http://a.example/cb?x=1&code=c": false,
		"https://a.example:444/cb?x=1&code=c": false, "https://a.example@b.example/cb?x=1": false, "https://a.example/cb2?x=1&code=c": false,
		"https://a.example/cb?x=1&code=c#f": false, "//a.example/cb?x=1": false, "%": false, "": false,
	} {
		if got := sameAddress("https://a.example/cb?x=1", answered); got != want {
			t.Errorf("%s: %t", answered, got)
		}
	}
	if !sameAddress("com.a.app:/cb", "com.a.app:/cb?code=c") || sameAddress("com.a.app:cb", "com.a.app:other?code=c") {
		t.Error("the address of an application")
	}
}

// TestIsThisMachine is what goes nowhere without the person's word, whatever its scheme.
func TestIsThisMachine(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://127.0.0.1/": true, "https://127.0.0.1/": true, "https://localhost/": true, "https://LOCALHOST:1/": true, "https://app.localhost/": true, "https://[::1]/": true,
		"https://localhost./": true, "https://127.0.0.1./": true, "https://localhost.example/": false, "https://a.example/": false, "https://10.0.0.1/": false, "com.a.app:/cb": false,
	} {
		u, err := url.Parse(address)
		if err != nil || isThisMachine(u) != want {
			t.Errorf("%s: %t, %v", address, !want, err)
		}
	}
}

// TestAccepted orders the languages of a browser by their weight.
func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][]string{
		"":                                {""},
		"fr":                              {"fr"},
		"de;q=0.1, es;q=0.9,fr-CA":        {"fr-CA", "es", "de"},
		"en ; q=0.2 , pt-PT ; q=0.8":      {"pt-PT", "en"},
		"es;q=0, fr;q=x, pt;q=NaN, en":    {"en"},
		"fr;q=0.5,es;q=0.5":               {"fr", "es"},
		strings.Repeat("xx,", 100) + "fr": slices.Repeat([]string{"xx"}, maxLanguages),
	} {
		if got := accepted(header); !slices.Equal(got, want) {
			t.Errorf("%.60q: %q", header, got)
		}
	}
	for tag, want := range map[string]string{"pt-PT": "pt-BR", "pt": "pt-BR", "FR-ca": "fr", "es-419": "es", "en-GB": "en", "de": "", "": "", "*": "", "french": "", "e": ""} {
		got := ""
		if l := languageFor(tag); l != nil {
			got = l.Code
		}
		if got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
}

// TestConsentClientsAreBounded: what strangers ask about fills no memory, and is forgotten in time.
func TestConsentClientsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	k := newConsentClients(func() time.Time { return now })
	for i := range 5 * maxClients {
		k.keep(strconv.Itoa(i), knownClient{}.client, nil)
		if len(k.by) > maxClients {
			t.Fatalf("%d are kept", len(k.by))
		}
		if _, ok := k.known(strconv.Itoa(i)); !ok {
			t.Fatal("the newest is not known")
		}
	}
	last := strconv.Itoa(5*maxClients - 1)
	now = now.Add(clientFor)
	if _, ok := k.known(last); ok {
		t.Error("it counts after its time")
	}
}
