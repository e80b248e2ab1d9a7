package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
	"console.internal/static"
)

// verdict is how many points an answer gets for one rule of the MDN HTTP Observatory, under the rule's name there.
type verdict struct {
	rule   string
	points int
}

// observed is the score of an answer, and what it is made of.
type observed struct {
	score    int
	verdicts []verdict
}

func (o observed) String() string {
	words := []string{strconv.Itoa(o.score) + ":"}
	for _, v := range o.verdicts {
		words = append(words, fmt.Sprintf("%s %+d", v.rule, v.points))
	}
	return strings.Join(words, " ")
}

// observe scores an answer by algorithm 4 of the Observatory, in which a whole site has one score: here each answer has to earn it. Where the
// Observatory is milder with cookies that hold no session, every cookie counts as one that does. What it learns from a second request (the way
// from http to https, the preload list) is left out, and counts for nothing. Extra points count from 90 on.
func observe(a *answer) observed {
	policy := policyOf(a.header)
	o := observed{score: 100, verdicts: []verdict{
		policyVerdict(policy), framesVerdict(policy, a.header), cookiesVerdict(a.header), sharingVerdict(a.header), resourceVerdict(a.header),
		transportVerdict(a.header), sniffingVerdict(a.header), referrerVerdict(a.header), scriptsVerdict(a),
	}}
	extra := 0
	for _, v := range o.verdicts {
		if v.points < 0 {
			o.score += v.points
		} else {
			extra += v.points
		}
	}
	if o.score >= 90 {
		o.score += extra
	}
	return o
}

// policyOf is the Content-Security-Policy by directive; nil where there is none. Of two of a name the first counts.
func policyOf(header http.Header) map[string][]string {
	if header.Get("Content-Security-Policy") == "" {
		return nil
	}
	policy := map[string][]string{}
	for directive := range strings.SplitSeq(strings.ToLower(header.Get("Content-Security-Policy")), ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		if _, twice := policy[words[0]]; !twice {
			policy[words[0]] = words[1:]
		}
	}
	return policy
}

func policyVerdict(policy map[string][]string) verdict {
	if policy == nil {
		return verdict{"csp-not-implemented", -25}
	}
	sources := func(directive string) []string {
		if own, given := policy[directive]; given {
			return own
		}
		if fallback, given := policy["default-src"]; given {
			return fallback
		}
		return []string{"*"}
	}
	script, style := sources("script-src"), sources("style-src")
	anywhere := func(source string) bool {
		return slices.Contains([]string{"*", "http:", "https:", "data:", "ftp:"}, source)
	}
	only := func(directive string, allowed ...string) bool {
		return len(policy[directive]) == 1 && slices.Contains(allowed, policy[directive][0])
	}
	switch {
	case slices.Contains(script, "'unsafe-inline'"), slices.ContainsFunc(script, anywhere), slices.ContainsFunc(sources("object-src"), anywhere):
		return verdict{"csp-implemented-with-unsafe-inline", -20}
	case slices.Contains(script, "'unsafe-eval'"):
		return verdict{"csp-implemented-with-unsafe-eval", -10}
	case slices.Contains(style, "'unsafe-inline'"), slices.ContainsFunc(style, anywhere):
		return verdict{"csp-implemented-with-unsafe-inline-in-style-src-only", 0}
	case only("default-src", "'none'") && only("form-action", "'none'", "'self'") && only("base-uri", "'none'", "'self'"):
		return verdict{"csp-implemented-with-no-unsafe-default-src-none", 10}
	}
	return verdict{"csp-implemented-with-no-unsafe", 5}
}

func framesVerdict(policy map[string][]string, header http.Header) verdict {
	if ancestors := policy["frame-ancestors"]; len(ancestors) > 0 && !slices.ContainsFunc(ancestors, func(s string) bool { return s == "*" || strings.HasSuffix(s, ":") }) {
		return verdict{"x-frame-options-implemented-via-csp", 5}
	}
	if slices.Contains([]string{"DENY", "SAMEORIGIN"}, strings.ToUpper(header.Get("X-Frame-Options"))) {
		return verdict{"x-frame-options-sameorigin-or-deny", 0}
	}
	return verdict{"x-frame-options-not-implemented", -20}
}

func cookiesVerdict(header http.Header) verdict {
	lines := header.Values("Set-Cookie")
	if len(lines) == 0 {
		return verdict{"cookies-not-found", 0}
	}
	everywhere := true
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		switch {
		case err != nil || !c.Secure:
			return verdict{"cookies-session-without-secure-flag", -40}
		case !c.HttpOnly:
			return verdict{"cookies-session-without-httponly-flag", -30}
		}
		everywhere = everywhere && (c.SameSite == http.SameSiteLaxMode || c.SameSite == http.SameSiteStrictMode)
	}
	if everywhere {
		return verdict{"cookies-secure-with-httponly-sessions-and-samesite", 5}
	}
	return verdict{"cookies-secure-with-httponly-sessions", 0}
}

func sharingVerdict(header http.Header) verdict {
	if header.Get("Access-Control-Allow-Origin") == "" {
		return verdict{"cross-origin-resource-sharing-not-implemented", 0}
	}
	return verdict{"cross-origin-resource-sharing-implemented-with-universal-access", -50}
}

func resourceVerdict(header http.Header) verdict {
	switch header.Get("Cross-Origin-Resource-Policy") {
	case "":
		return verdict{"cross-origin-resource-policy-not-implemented", 0}
	case "same-origin":
		return verdict{"cross-origin-resource-policy-implemented-with-same-origin", 10}
	}
	return verdict{"cross-origin-resource-policy-implemented-with-cross-origin", -5}
}

var maxAge = regexp.MustCompile(`(?i)(?:^|;)\s*max-age=(\d+)`)

func transportVerdict(header http.Header) verdict {
	const halfAYear = 15_768_000
	found := maxAge.FindStringSubmatch(header.Get("Strict-Transport-Security"))
	if found == nil {
		return verdict{"hsts-not-implemented", -20}
	}
	if seconds, err := strconv.Atoi(found[1]); err != nil || seconds < halfAYear {
		return verdict{"hsts-implemented-max-age-less-than-six-months", -10}
	}
	return verdict{"hsts-implemented-max-age-at-least-six-months", 0}
}

func sniffingVerdict(header http.Header) verdict {
	if header.Get("X-Content-Type-Options") == "nosniff" {
		return verdict{"x-content-type-options-nosniff", 0}
	}
	return verdict{"x-content-type-options-not-implemented", -5}
}

func referrerVerdict(header http.Header) verdict {
	switch policy := header.Get("Referrer-Policy"); policy {
	case "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin":
		return verdict{"referrer-policy-private", 5}
	case "":
		return verdict{"referrer-policy-not-implemented", 0}
	}
	return verdict{"referrer-policy-unsafe", -5}
}

// scriptsVerdict looks at where the page's scripts are from. Those of the site's own are as good as none: no integrity can be wrong.
func scriptsVerdict(a *answer) verdict {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return verdict{"sri-not-implemented-response-not-html", 0}
	}
	own, err := url.Parse(publicURL)
	if err != nil {
		a.t.Fatal(err)
	}
	scripts := a.doc().Find("script[src]")
	for i := range scripts.Length() {
		src, _ := scripts.Eq(i).Attr("src")
		_, sealed := scripts.Eq(i).Attr("integrity")
		to, err := own.Parse(src)
		switch {
		case err != nil, to.Scheme != "https":
			return verdict{"sri-not-implemented-and-external-scripts-not-loaded-securely", -50}
		case to.Host != own.Host && !sealed:
			return verdict{"sri-not-implemented-but-external-scripts-loaded-securely", -5}
		}
	}
	if scripts.Length() == 0 {
		return verdict{"sri-not-implemented-but-no-scripts-loaded", 0}
	}
	return verdict{"sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0}
}

// wantObserved fails unless an answer earns an A+ by itself, and has the three headers without which none should leave the console.
func wantObserved(t *testing.T, name string, a *answer) observed {
	t.Helper()
	o := observe(a)
	if o.score < 100 {
		t.Errorf("%s (%d) scores %v", name, a.status, o)
	}
	if policy := policyOf(a.header); len(policy["frame-ancestors"]) != 1 || policy["frame-ancestors"][0] != "'none'" {
		t.Errorf("%s: the policy lets somebody frame it: %q", name, a.header.Get("Content-Security-Policy"))
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: its type is guessed", name)
	}
	return o
}

// lowest remembers the answer with the fewest points.
type lowest struct {
	mu   sync.Mutex
	seen int
	name string
	at   observed
}

func (l *lowest) add(name string, o observed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen++; l.seen == 1 || o.score < l.at.score {
		l.name, l.at = name, o
	}
}

// Every answer of every route gets an A+ (100 points or more) from the Observatory, and so does what has no route.
func TestObservatory(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	var least lowest
	t.Cleanup(func() { t.Logf("of %d answers the lowest is %s with %v", least.seen, least.name, least.at) })
	for _, r := range handlers.Routes() {
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			for _, d := range drives[key(r)] {
				f := newFixture(t, setup{})
				name := key(r) + ", " + d.name
				least.add(name, wantObserved(t, name, d.send(d.who(f), r.Method).want(d.status)))
			}
			f := newFixture(t, setup{})
			name := key(r) + ", stranger"
			least.add(name, wantObserved(t, name, f.browser().do(r.Method, concrete(f, r.Path), nil)))
		})
	}
	t.Run("no route", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, setup{})
		f.handler = f.withStatic(static.Handler())
		for name, b := range map[string]*browser{"signed in": f.signIn(ada, "support-desk"), "stranger": f.browser()} {
			for path, status := range map[string]int{
				"/nothing": http.StatusNotFound, paths.Static + "nothing.css": http.StatusNotFound,
				static.URL("app.css"): http.StatusOK, static.URL("consent.css"): http.StatusOK, static.URL("app.js"): http.StatusOK, static.URL("icon.svg"): http.StatusOK,
			} {
				least.add(path, wantObserved(t, name+" "+path, b.get(path).want(status)))
			}
			least.add("405", wantObserved(t, name+", PUT", b.do(http.MethodPut, paths.Organizations, nil).want(http.StatusMethodNotAllowed)))
			least.add("421", wantObserved(t, name+", other host", b.get(paths.Root, "Host", "evil.example").want(http.StatusMisdirectedRequest)))
		}
	})
}

// The scorer takes points off for everything that it is there to find.
func TestObservatoryFindsWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	page := f.browser().get(paths.Login).want(http.StatusOK)
	if got := observe(page).score; got < 130 {
		t.Errorf("the sign-in page scores %d", got)
	}
	csp := page.header.Get("Content-Security-Policy")
	for _, test := range []struct {
		header, value string
		want          verdict
	}{
		{"Content-Security-Policy", "", verdict{"csp-not-implemented", -25}},
		{"Content-Security-Policy", strings.Replace(csp, "script-src 'self'", "script-src 'self' 'unsafe-inline'", 1), verdict{"csp-implemented-with-unsafe-inline", -20}},
		{"Content-Security-Policy", strings.Replace(csp, "script-src 'self'", "script-src https:", 1), verdict{"csp-implemented-with-unsafe-inline", -20}},
		{"Content-Security-Policy", strings.Replace(csp, "default-src 'none'", "default-src *", 1), verdict{"csp-implemented-with-unsafe-inline", -20}},
		{"Content-Security-Policy", strings.Replace(csp, "script-src 'self'", "script-src 'self' 'unsafe-eval'", 1), verdict{"csp-implemented-with-unsafe-eval", -10}},
		{"Content-Security-Policy", strings.Replace(csp, "form-action 'self'", "form-action *", 1), verdict{"csp-implemented-with-no-unsafe", 5}},
		{"Content-Security-Policy", strings.Replace(csp, "style-src 'self'", "style-src 'unsafe-inline'", 1), verdict{"csp-implemented-with-unsafe-inline-in-style-src-only", 0}},
		{"Content-Security-Policy", strings.Replace(csp, "frame-ancestors 'none'; ", "", 1), verdict{"x-frame-options-sameorigin-or-deny", 0}},
		{"Strict-Transport-Security", "", verdict{"hsts-not-implemented", -20}},
		{"Strict-Transport-Security", "max-age=86400", verdict{"hsts-implemented-max-age-less-than-six-months", -10}},
		{"X-Content-Type-Options", "", verdict{"x-content-type-options-not-implemented", -5}},
		{"Referrer-Policy", "unsafe-url", verdict{"referrer-policy-unsafe", -5}},
		{"Cross-Origin-Resource-Policy", "cross-origin", verdict{"cross-origin-resource-policy-implemented-with-cross-origin", -5}},
		{"Access-Control-Allow-Origin", "*", verdict{"cross-origin-resource-sharing-implemented-with-universal-access", -50}},
		{"Set-Cookie", "s=1; HttpOnly; SameSite=Lax", verdict{"cookies-session-without-secure-flag", -40}},
		{"Set-Cookie", "s=1; Secure; SameSite=Lax", verdict{"cookies-session-without-httponly-flag", -30}},
		{"Set-Cookie", "s=1; Secure; HttpOnly", verdict{"cookies-secure-with-httponly-sessions", 0}},
	} {
		spoiled := *page
		spoiled.header = maps.Clone(page.header)
		spoiled.header.Set(test.header, test.value)
		if got := observe(&spoiled); !slices.Contains(got.verdicts, test.want) {
			t.Errorf("%s %q: want %v, got %v", test.header, test.value, test.want, got)
		}
	}
	for src, want := range map[string]verdict{
		"https://cdn.example/a.js": {"sri-not-implemented-but-external-scripts-loaded-securely", -5},
		"http://cdn.example/a.js":  {"sri-not-implemented-and-external-scripts-not-loaded-securely", -50},
	} {
		spoiled := *page
		spoiled.body = strings.Replace(page.body, "</body>", `<script src="`+src+`"></script></body>`, 1)
		if got := observe(&spoiled); !slices.Contains(got.verdicts, want) {
			t.Errorf("%s: want %v, got %v", src, want, got)
		}
	}
	bare := *page
	bare.header = http.Header{"Content-Type": {"text/html"}}
	if got := observe(&bare).score; got != 30 {
		t.Errorf("an answer without headers scores %d", got)
	}
}
