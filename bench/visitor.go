package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// visitor is a browser without a screen. Go's own cookie jar would keep the console's cookies from plain http, which
// browsers allow on the loopback.
type visitor struct {
	base    string
	address string
	cookies map[string]string
	http    *http.Client
}

var plain = &http.Client{
	Transport:     &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func newVisitor(base, address string) *visitor {
	return &visitor{base: base, address: address, cookies: map[string]string{}, http: plain}
}

func (v *visitor) do(method, path string, form url.Values, encoding string) (int, []byte, http.Header, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, v.base+path, body) //nolint:noctx // the run as a whole is what ends
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Forwarded-For", v.address)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value}) //nolint:gosec // G124: a cookie that is sent has no attributes
	}
	resp, err := v.http.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	for _, c := range resp.Cookies() {
		v.cookies[c.Name] = c.Value
	}
	got, err := io.ReadAll(resp.Body)
	return resp.StatusCode, got, resp.Header, err
}

// signIn signs in to an organization by code.
func (v *visitor) signIn(upstream, email, organizationID string) error {
	if _, _, _, err := v.do(http.MethodPost, "/login", url.Values{"email": {email}, "method": {"code"}}, ""); err != nil {
		return err
	}
	code, err := lastCode(upstream, email)
	if err != nil {
		return err
	}
	if _, _, _, err := v.do(http.MethodPost, "/login/code", url.Values{"code": {code}}, ""); err != nil {
		return err
	}
	status, _, header, err := v.do(http.MethodPost, "/login/organizations", url.Values{"organization_id": {organizationID}}, "")
	if err != nil {
		return err
	}
	if to := header.Get("Location"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/organizations") {
		return fmt.Errorf("sign-in ended with %d to %q", status, to)
	}
	return nil
}

// lastCode reads the sandbox's outbox.
func lastCode(upstream, email string) (string, error) {
	resp, err := plain.Get(upstream + "/sandbox/outbox.json?to=" + url.QueryEscape(email)) //nolint:noctx // the run as a whole is what ends
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var messages []struct {
		Code string `json:"code"`
	}
	if err := json.UnmarshalRead(resp.Body, &messages); err != nil {
		return "", err
	}
	for _, m := range messages {
		if m.Code != "" {
			return m.Code, nil
		}
	}
	return "", errors.New("no code was sent")
}

var asset = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)

// firstVisit is the bytes of a page and all that it loads, as a browser would ask for them.
func (v *visitor) firstVisit(path string) (html, rest int, err error) {
	status, page, _, err := v.do(http.MethodGet, path, nil, "")
	if err != nil || status != http.StatusOK {
		return 0, 0, fmt.Errorf("%s: %d %w", path, status, err)
	}
	_, compressed, _, err := v.do(http.MethodGet, path, nil, "gzip, deflate, br, zstd")
	if err != nil {
		return 0, 0, err
	}
	seen := map[string]bool{}
	for _, m := range asset.FindAllSubmatch(page, -1) {
		if name := string(m[1]); !seen[name] {
			seen[name] = true
			_, file, _, err := v.do(http.MethodGet, name, nil, "gzip, deflate, br, zstd")
			if err != nil {
				return 0, 0, err
			}
			rest += len(file)
		}
	}
	return len(compressed), rest, nil
}
