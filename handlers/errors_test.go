package handlers_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"console.internal/handlers"
	"console.internal/internal/paths"
)

// TestMethodsThatARouteDoesNotHave asks every address in every way that the table does not name.
func TestMethodsThatARouteDoesNotHave(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	has := map[string][]string{}
	for _, r := range handlers.Routes() {
		has[r.Path] = append(has[r.Path], r.Method)
	}
	for path, methods := range has {
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, "PROPFIND"} {
			// POST /login/sent signs in to an organization of that name: the pattern with a slug takes it.
			if slices.Contains(methods, method) || (method == http.MethodPost && strings.HasPrefix(path, paths.Login+"/")) {
				continue
			}
			// Two groups have forms of their own, and the page that all of them have.
			if strings.HasPrefix(path, strings.TrimSuffix(paths.MemberEditRoute, ":group")) && path != paths.MemberEditRoute && (method == http.MethodGet || method == http.MethodHead) {
				continue
			}
			want := http.StatusMethodNotAllowed
			if strings.HasPrefix(path, paths.LoginMFA+"/") && slices.Contains([]string{http.MethodGet, http.MethodHead}, method) {
				want = http.StatusNotFound // and finds that this is no slug
			}
			a := b.do(method, concrete(f, path), nil)
			if a.status != want || len(a.calls()) > 0 {
				t.Errorf("%s %s: status %d, %d calls, want %d", method, path, a.status, len(a.calls()), want)
				continue
			}
			wantHeaders(t, method+" "+path, a)
			if method != http.MethodHead && a.doc().Find("nav a[href]").Length() == 0 {
				t.Errorf("%s %s: the error page has no navigation", method, path)
			}
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk").enter("acme")
	acme := f.organization("acme")
	for _, path := range []string{
		"/nothing", "/organizations/", "/organizations/nothing", paths.Organization(acme) + "/", paths.Organization(acme) + "/nothing",
		paths.Members(acme) + "/nothing", paths.Organization(acme) + "%2fmembers", "/organizations/%2e%2e/login", "/login/a%2Fb", "/login/acme/x",
		"/organizations/" + strings.ToUpper(acme), "/.env", "/..%2f..%2fetc%2fpasswd", "/static", "/healthz", "/%00", "/login/x", "//evil.example/organizations",
	} {
		a := b.get(path)
		if a.status != http.StatusNotFound || len(a.calls()) > 0 {
			t.Errorf("%s: status %d, %d calls, want 404", path, a.status, len(a.calls()))
			continue
		}
		if a.doc().Find("nav a[href]").Length() == 0 || a.h1() != "Nothing is here" {
			t.Errorf("%s: %q, and no navigation", path, a.h1())
		}
		part := b.get(path, "HX-Request", "true", "HX-Request-Type", "partial")
		if to := part.header.Get("HX-Redirect"); to != "" && !paths.Local(to) {
			t.Errorf("%s: a part is sent to %q", path, to)
		}
	}
}

// TestFormsThatCannotBeRead sends every form broken.
func TestFormsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	oneByOne(t)
	for _, r := range handlers.Routes() {
		if !unsafe(r.Method) {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			d := drives[key(r)][0]
			f := newFixture(t, setup{})
			b := d.who(f)
			if d.form == nil && r.Path != paths.OrganizationEnter {
				return // reads no form
			}
			path := d.path(f)
			for status, body := range map[int]string{
				http.StatusRequestEntityTooLarge: "a=" + strings.Repeat("x", 64<<10),
				http.StatusBadRequest:            "a=%zz",
			} {
				a := b.raw(path, body, "application/x-www-form-urlencoded")
				if a.status != status || len(a.calls()) > 0 || a.h1() == "" {
					t.Errorf("status %d %q, %d calls, want %d", a.status, a.h1(), len(a.calls()), status)
				}
			}
			if a := b.raw(path, "a;b", `application/x-www-form-urlencoded; charset`); a.status != http.StatusBadRequest {
				t.Errorf("status %d for a media type that cannot be read, want 400", a.status)
			}
			d.send(b, r.Method).want(d.status)
		})
	}
}

// raw posts a body as it is.
func (b *browser) raw(path, body, media string) *answer {
	b.f.t.Helper()
	return b.send(http.MethodPost, path, body, media)
}

// TestHead asks every page for its headers alone.
func TestHead(t *testing.T) {
	t.Parallel()
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		t.Run(key(r), func(t *testing.T) {
			t.Parallel()
			d := drives[key(r)][0]
			f := newFixture(t, setup{})
			b := d.who(f)
			head := d.send(b, http.MethodHead)
			if r.Path == paths.Authorize {
				// Only a person who opens it is answered.
				if head.want(http.StatusOK); len(head.calls()) > 0 || len(head.header["Set-Cookie"]) > 0 {
					t.Errorf("HEAD calls %v and sets %q", head.operations(), head.header["Set-Cookie"])
				}
				return
			}
			get := d.send(b, http.MethodGet).want(d.status)
			if head.status != get.status || head.header.Get("Content-Type") != get.header.Get("Content-Type") || head.header.Get("Location") != get.header.Get("Location") {
				t.Errorf("HEAD says %d %q, GET %d %q", head.status, head.header.Get("Content-Type"), get.status, get.header.Get("Content-Type"))
			}
			wantHeaders(t, "HEAD", head)
		})
	}
}

// lines collects a log.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestLogHoldsNothingSecret signs in, browses and fails, and reads what was written about it.
func TestLogHoldsNothingSecret(t *testing.T) {
	t.Parallel()
	var log lines
	f := newFixture(t, setup{log: &log})
	secrets := map[string]string{}
	keep := func(b *browser) {
		for name, value := range b.cookies {
			secrets[value] = "cookie " + name
		}
	}
	b := f.browser()
	b.ask(ada, "", "link")
	keep(b)
	link := f.lastMail(ada).Link
	secrets[linkForm(t, link).Get("token")] = "token"
	b.get(strings.TrimPrefix(link, publicURL))
	b.post(paths.Authenticate, linkForm(t, link)).leads(paths.LoginOrganizations)
	keep(b)
	b.post(paths.LoginOrganizations, choose("support-desk")(b)).leads(paths.Organizations)
	keep(b)
	b.get(paths.Organizations + "?name=SECRETQUERY&email=someone@private.example")
	b.get(paths.Find + "?q=SECRETQUERY")
	b.get("/nothing/SECRETPATH?q=SECRETQUERY")
	b.get("/login/SECRET%0aPATH", "User-Agent", "SECRETAGENT\r\nx", "Referer", "https://x.example/SECRETREFERER")
	b.post(paths.Authenticate, linkForm(t, link)) // used by now
	s := f.browser()
	s.ask(olivia, "acme", "code")
	code := f.lastMail(olivia).Code
	s.post(paths.LoginCode, values("code", flipped(code)))
	s.post(paths.LoginCode, values("code", code)).want(http.StatusSeeOther)
	keep(s)
	s.get(paths.Organization(f.organization("quayside")))
	for _, value := range []string{"SECRETQUERY", "SECRETPATH", "SECRETAGENT", "SECRETREFERER", "private.example", ada, olivia, url.QueryEscape(ada), f.sandbox.Secret()} {
		secrets[value] = "text"
	}
	text := log.String()
	for secret, what := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds a %s: %.20s", what, secret)
		}
	}
	// A code is six digits: as a value of its own.
	if regexp.MustCompile(`\b` + code + `\b`).MatchString(text) {
		t.Error("the log holds the code")
	}
	requests := 0
	for line := range strings.Lines(text) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("a line is no JSON object: %v", err)
			continue
		}
		if entry["msg"] == "request" {
			requests++
			for _, name := range []string{"reference", "method", "route", "status"} {
				if entry[name] == nil {
					t.Errorf("a line lacks %s: %s", name, line)
				}
			}
		}
	}
	if requests < 13 {
		t.Errorf("%d lines about requests", requests)
	}
}

// flipped is a code with its first digit changed.
func flipped(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}
