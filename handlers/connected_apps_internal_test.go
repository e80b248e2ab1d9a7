package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// Each rule of addresses is said in a person's words, and beside what was typed.
func TestRedirectRules(t *testing.T) {
	t.Parallel()
	const fine = ""
	for _, tt := range []struct {
		address      string
		live, public bool
		says         string
	}{
		{"https://app.example/callback", true, false, fine},
		{"https://app.example:8443/a/b?x=1&y=,;", true, false, fine},
		{"https://[2001:db8::1]/cb", true, false, fine},
		{"http://127.0.0.1/callback", true, false, fine},
		{"http://127.0.0.1:3000/callback", true, true, fine},
		{"http://[::1]:3000/callback", true, false, fine},
		{"http://127.8.9.1/", true, false, fine},
		{"http://localhost:3000/callback", false, false, fine},
		{"http://localhost:3000/callback", true, false, "is localhost"},
		{"https://LocalHost./callback", true, false, "is localhost"},
		{"http://app.localhost/", true, false, "is localhost"},
		{"http://app.example/callback", false, false, "is not encrypted"},
		{"http://127.0.0.1.evil.example/", false, false, "is not encrypted"},
		{"http://10.0.0.1/", false, false, "is not encrypted"},
		{"app.example/callback", false, false, "does not say how to get there"},
		{"//app.example/callback", false, false, "does not say how to get there"},
		{"app.example:8443/callback", false, true, "does not say how to get there"},
		{"localhost:3000/callback", false, true, "does not say how to get there"},
		{"https://app.example/callback#here", false, false, "has a fragment"},
		{"https://app.example/callback#", false, false, "has a fragment"},
		{"https://user@app.example/", false, false, "names somebody before the host"},
		{"https://good.example:secret@evil.example/", false, false, "names somebody before the host"},
		{"https://*.app.example/", false, false, "no wildcards"},
		{"https://app.example/*", false, false, "no wildcards"},
		{"https://app.example/a b", false, false, "has a space"},
		{"https://app.example/\x00", false, false, "has a character"},
		{`https://good.example\@evil.example/`, false, false, "browsers take for another /"},
		{"https://b\u00fccher.example/", false, false, "xn--"},
		{"https://app.example/\u202ecb", false, false, "xn--"},
		{"https:///callback", false, false, "names no host"},
		{"https:app.example", false, false, "names no host"},
		{"https://app.example:port/", false, false, "is not an address"},
		{"https://app.example/%zz", false, false, "is not an address"},
		{"javascript:alert(1)", false, true, "It must be https"},
		{"JaVaScRiPt:alert(1)", false, true, "It must be https"},
		{"data:text/html,x", false, true, "It must be https"},
		{"file:///etc/passwd", false, true, "It must be https"},
		{"myapp://callback", false, true, "It must be https"},
		{"com.example.app:/callback", true, true, fine},
		{"com.example.app://callback", true, true, fine},
		{"com.example.app:/callback", true, false, "Only public clients"},
		{"https://app.example/" + strings.Repeat("a", 2048), false, false, "is too long"},
	} {
		got := addressTrouble(tt.address, tt.live, tt.public)
		if tt.says == fine && got != "" || tt.says != fine && !strings.Contains(got, tt.says) {
			t.Errorf("%.60q, live %t, public %t: %q, want %q", tt.address, tt.live, tt.public, got, tt.says)
		}
	}
}

func TestAddressesOfAClient(t *testing.T) {
	t.Parallel()
	check := clientAddresses(true, false)
	for wanted, says := range map[string]string{
		"": "", "https://a.example/\nhttps://b.example/": "", "https://a.example/\nhttps://a.example/": `"https://a.example/" is there twice.`,
		"https://a.example/\nhttp://b.example/": `"http://b.example/" is not encrypted`, "https://a.example/\u202e": `\u202e`,
	} {
		if got := check(wanted); says == "" && got != "" || !strings.Contains(got, says) {
			t.Errorf("%q: %q, want %q", wanted, got, says)
		}
	}
	f := formField{kind: kindAddresses}
	if got := f.canonical([]string{" https://a.example/?x=1,2;3 \r\n\r\nhttps://b.example/\rhttps://a.example/?x=1,2;3"}); got != "https://a.example/?x=1,2;3\nhttps://b.example/\nhttps://a.example/?x=1,2;3" {
		t.Errorf("canonical: %q", got)
	}
}

// Where an address leads is said of whatever the upstream has, and the host is found where a browser finds it.
func TestRedirectWords(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]views.Redirect{
		"https://app.example/cb?x=1":             {Before: "https://", Host: "app.example", After: "/cb?x=1", Goes: views.Status{Text: "Web"}},
		"https://app.example":                    {Before: "https://", Host: "app.example", Goes: views.Status{Text: "Web"}},
		"http://127.0.0.1:33418/callback":        {Before: "http://", Host: "127.0.0.1:33418", After: "/callback", Goes: views.Status{Kind: views.StatusWarn, Text: "This computer"}},
		"http://[::1]/cb":                        {Before: "http://", Host: "[::1]", After: "/cb", Goes: views.Status{Kind: views.StatusWarn, Text: "This computer"}},
		"http://localhost:1/":                    {Before: "http://", Host: "localhost:1", After: "/", Goes: views.Status{Kind: views.StatusWarn, Text: "This computer"}},
		"http://app.example/":                    {Before: "http://", Host: "app.example", After: "/", Goes: views.Status{Kind: views.StatusBad, Text: "Web, not encrypted"}},
		"https://good.example:x@evil.example/cb": {Before: "https://good.example:x@", Host: "evil.example", After: "/cb", Goes: views.Status{Kind: views.StatusBad, Text: "Web, with a name before the host"}},
		"com.example.app:/cb":                    {Host: "com.example.app", After: ":/cb", Goes: views.Status{Kind: views.StatusWarn, Text: "An app on the device"}},
		"JavaScript:alert(1)//https://a.example": {Before: "JavaScript:alert(1)//https://a.example", Goes: views.Status{Kind: views.StatusBad, Text: "No place to go to"}},
		"data:text/html,<script>":                {Before: "data:text/html,<script>", Goes: views.Status{Kind: views.StatusBad, Text: "No place to go to"}},
		`https://good.example\@evil.example/`:    {Before: `https://good.example\@evil.example/`, Goes: views.Status{Kind: views.StatusBad, Text: "Not an address"}},
		"app.example/cb":                         {Before: "app.example/cb", Goes: views.Status{Kind: views.StatusBad, Text: "Not an address"}},
		"":                                       {Goes: views.Status{Kind: views.StatusBad, Text: "Not an address"}},
	} {
		if got := redirectWords(address); got != want {
			t.Errorf("%q: %+v, want %+v", address, got, want)
		}
		if r := redirectWords(address); r.Before+r.Host+r.After != address {
			t.Errorf("%q is shown as %q", address, r.Before+r.Host+r.After)
		}
	}
}

func TestTokenFields(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"": "", "{}": "", `{"plan":"{{organization.trusted_metadata.plan}}","n":{{ member.untrusted_metadata.n }}}`: "",
		`{"a":`: "not JSON", `["a"]`: "no object", `"a"`: "no object", `{"a":1,"a":2}`: "not JSON",
		`{"a":"{{secret}}"}`: "stands for nothing", `{"a":"{{member}}"}`: "stands for nothing", `{"a":{{member.name}`: "not closed",
	} {
		if got := templateTrouble(text); says == "" && got != "" || !strings.Contains(got, says) {
			t.Errorf("template %q: %q, want %q", text, got, says)
		}
	}
	for text, fine := range map[string]bool{"1": true, "60": true, "1440": true, "0": false, "1441": false, "-5": false, "": false, "6.5": false, "1e3": false, "sixty": false} {
		if got := minutesTrouble(text); (got == "") != fine {
			t.Errorf("minutes %q: %q", text, got)
		}
	}
	for text, fine := range map[string]bool{"": true, "https://api.example": true, "a b": false, "a\u00a0b": false, strings.Repeat("a", 256): false} {
		if got := audienceTrouble(text); (got == "") != fine {
			t.Errorf("audience %q: %q", text, got)
		}
	}
}

func TestWhoRegisteredAClient(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, address, want, words string }{
		{"API", "", madeByOperator, "The operator"},
		{"DASHBOARD", "", madeByOperator, "The operator"},
		{"", "", madeByNobody, "Not known"},
		{"IMPORT", "", madeByNobody, "Not known"},
		{"DCR", "", madeByItself, "Itself"},
		{"DYNAMIC_REGISTRATION", "", madeByItself, "Itself"},
		{"CIMD", "", madeByURL, "Its own address"},
		{"API", "https://agent.example/client.json", madeByURL, "agent.example"},
		{"CIMD", "javascript:alert(1)", madeByURL, "Its own address"},
	} {
		if got, words := madeBy(tt.method, tt.address), madeWords(tt.method, tt.address); got != tt.want || words != tt.words {
			t.Errorf("%q %q: %s, %q", tt.method, tt.address, got, words)
		}
	}
}

// The upstream neither filters nor sorts, so this does.
func TestFindingClients(t *testing.T) {
	t.Parallel()
	all := []stytch.AppClientSummary{
		{ID: "connected-app-1", Name: "beta", Type: stytch.AppThirdParty, Status: "active", CreationMethod: "API", RedirectURLs: []string{"https://z.example/Path"}},
		{ID: "connected-app-2", Name: "", Type: stytch.AppFirstParty, Status: "active", CreationMethod: "DASHBOARD", FullAccess: true, RedirectURLs: []string{"https://m.example/"}},
		{ID: "connected-app-3", Name: "Alpha", Type: stytch.AppThirdPartyPublic, Status: "inactive", CreationMethod: "DCR", RedirectURLs: []string{"com.example.app:/cb"}},
		{ID: "connected-app-4", Name: "Gamma", Type: stytch.AppThirdParty, Status: "active", NextSecretLastFour: "abcd", MetadataURL: "https://a.example/c.json"},
	}
	for query, want := range map[string]string{
		"": "3142", "sort=-name": "2413", "sort=type": "2143", "sort=host": "4321", "sort=rotating": "4312", "sort=none": "1234", "sort=nothing": "3142",
		"text=ALPHA": "3", "text=app-2": "2", "text=z.example": "1", "text=path": "", "text=com.example": "3",
		"type=third_party": "14", "type=nothing": "3142", "made=itself": "3", "made=url": "4", "made=operator": "12", "made=unknown": "", "status=active": "142", "status=other": "3",
		"full=yes": "2", "full=no": "314", "rotating=yes": "4", "rotating=no": "312", "type=third_party&rotating=no": "1",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f := clientFiltersOf(values)
		var got strings.Builder
		for _, a := range f.found(all) {
			got.WriteString(strings.TrimPrefix(a.ID, "connected-app-"))
		}
		ordered := []byte(got.String())
		wanted := []byte(want)
		if !strings.Contains(query, "sort") && query != "" {
			slices.Sort(ordered)
			slices.Sort(wanted)
		}
		if string(ordered) != string(wanted) {
			t.Errorf("%q: %s, want %s", query, got.String(), want)
		}
	}
	if all[0].ID != "connected-app-1" {
		t.Error("what was looked at was sorted in place")
	}
}

func TestHowFarItLooked(t *testing.T) {
	t.Parallel()
	some := make([]stytch.AppClientSummary, 1000)
	for _, tt := range []struct {
		look   clientLook
		before int
		want   string
	}{
		{clientLook{clients: some[:7], total: 7}, 0, "Looked at 7 clients: all that the project has."},
		{clientLook{clients: some[:1], total: -1}, 0, "Looked at 1 client: all that the project has."},
		{clientLook{clients: some, next: "c", total: -1}, 0, "Looked at 1,000 clients; the project has more."},
		{clientLook{clients: some, next: "c", total: 12345}, 0, "Looked at 1,000 clients; the project has 12,345."},
		{clientLook{clients: some[:30], total: -1}, 1000, "Looked at clients 1,001 to 1,030, the end."},
	} {
		if got := looked(&tt.look, tt.before); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
